from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clearslate.output.figures import Figures, Sum
from clearslate.output.suppression import hidden

LEAST = 3
ROWS, COLUMNS = ("a", "b"), ("x", "y")


def table(values: list[int]) -> Figures:
    """Two rows and two columns with both margins and the total."""
    cells = dict(zip(itertools.product(ROWS, COLUMNS), values, strict=True))
    counts = {("cell", row, column): number for (row, column), number in cells.items()}
    counts |= {("row", row): sum(cells[row, column] for column in COLUMNS) for row in ROWS}
    counts |= {("column", column): sum(cells[row, column] for row in ROWS) for column in COLUMNS}
    counts["all",] = sum(values)
    sums = [Sum(("row", row), tuple(("cell", row, column) for column in COLUMNS)) for row in ROWS]
    sums += [Sum(("column", column), tuple(("cell", row, column) for row in ROWS)) for column in COLUMNS]
    sums += [Sum(("all",), tuple(("row", row) for row in ROWS)), Sum(("all",), tuple(("column", c) for c in COLUMNS))]
    return Figures(counts, sums)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_no_small_count_of_a_table_can_be_worked_out_by_trying_every_table(values: list[int]) -> None:
    figures = table(values)
    gone = hidden(figures, LEAST)
    a, b, c, d = np.meshgrid(*[np.arange(25)] * 4, indexing="ij")
    possible = {
        ("cell", "a", "x"): a,
        ("cell", "a", "y"): b,
        ("cell", "b", "x"): c,
        ("cell", "b", "y"): d,
        ("row", "a"): a + b,
        ("row", "b"): c + d,
        ("column", "x"): a + c,
        ("column", "y"): b + d,
        ("all",): a + b + c + d,
    }
    fits = np.ones_like(a, dtype=bool)
    for path, count in figures.counts.items():
        if path not in gone:
            fits &= possible[path] == count
    for path, count in figures.counts.items():
        if count < LEAST:
            assert path in gone
            found = np.unique(possible[path][fits])
            assert len(found) > 1
            assert found.max() >= LEAST


def test_a_single_small_part_takes_the_next_smallest_with_it() -> None:
    counts = {("all",): 100, ("a",): 4, ("b",): 30, ("c",): 66}
    assert hidden(Figures(counts, [Sum(("all",), (("a",), ("b",), ("c",)))])) == {("a",), ("b",)}


def test_small_parts_that_add_up_to_little_take_another_with_them() -> None:
    counts = {("all",): 100, ("a",): 1, ("b",): 2, ("c",): 97}
    assert hidden(Figures(counts, [Sum(("all",), (("a",), ("b",), ("c",)))])) == {("a",), ("b",), ("c",)}


def test_nothing_small_hides_nothing() -> None:
    counts = {("all",): 100, ("a",): 40, ("b",): 60}
    assert hidden(Figures(counts, [Sum(("all",), (("a",), ("b",)))])) == frozenset()


def test_a_small_rest_that_nobody_prints_is_not_left_to_subtraction() -> None:
    counts = {("all",): 100, ("freed",): 97, ("rest",): 3}
    figures = Figures(counts, [Sum(("all",), (("freed",), ("rest",)))], frozenset({("rest",)}))
    assert ("freed",) in hidden(figures)


def test_a_count_that_two_sums_give_away_together_is_hidden_with_others() -> None:
    # all = a + b, part = a + c: with all, part and b, c shown, a would follow from either.
    counts = {("all",): 50, ("a",): 5, ("b",): 45, ("part",): 30, ("c",): 25}
    sums = [Sum(("all",), (("a",), ("b",))), Sum(("part",), (("a",), ("c",)))]
    gone = hidden(Figures(counts, sums))
    assert {("a",), ("b",), ("c",)} <= gone
