"""Rows that lost or gained a cell and still have as many fields as a row may have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

SIZES = [64, 200, 1 << 20]


@pytest.fixture
def anchored(oz: Any) -> Any:
    """The invented format with a mark in its last column, and none beside it."""
    oz.layout = replace(oz.layout, anchors={"END": frozenset({"#"})}, beside={"NOTE": "END"})
    return oz


def problems(reading: Any) -> list[tuple[int, str]]:
    return [(reject.place.row, reject.problem) for reject in reading.rejects]


@pytest.mark.parametrize("size", SIZES)
def test_a_row_whose_marked_column_holds_something_else_is_rejected_as_shifted(anchored: Any, size: int) -> None:
    reading = anchored.open(anchored.file(anchored.row("P1"), anchored.row("P1", end="FELONY")), chunk=size)
    assert problems(reading) == [(2, "columns shifted")]
    assert "END" in reading.rejects[0].detail
    assert "FELONY" not in reading.rejects[0].detail
    assert anchored.missing(reading) == {"P1": [(0, 2, 3)]}


def test_a_mark_that_stands_beside_its_column_shows_a_shift(anchored: Any) -> None:
    short = anchored.row("P1", note="#").removesuffix(b"#")
    reading = anchored.open(anchored.file(anchored.row("P1", note="#"), short))
    assert problems(reading) == [(2, "columns shifted")]


def test_a_marked_column_may_be_blank_or_filler(anchored: Any) -> None:
    rows = [anchored.row("P1", end=end) for end in ("#", "", "-", "NULL", " # ")]
    assert problems(anchored.open(anchored.file(*rows))) == []


def test_what_stands_in_place_of_the_keys_of_a_shifted_row_ties_nobody_together(anchored: Any) -> None:
    rows = [anchored.row(f"P{n}", state_no="S1", end="x") for n in (1, 2)] + [anchored.row("P1"), anchored.row("P2")]
    assert anchored.shared(anchored.open(anchored.file(*rows))) == set()


@pytest.mark.parametrize("size", SIZES)
def test_a_row_that_lost_a_cell_does_not_hide_behind_its_trailing_comma(oz: Any, size: int) -> None:
    whole = oz.row("P1") + b","
    lost = oz.row("P1").replace(b"EMERALD CITY,", b"") + b","
    reading = oz.open(oz.file(whole, whole, lost, whole), chunk=size)
    assert problems(reading) == [(3, "field count")]
    assert "trailing comma" in reading.rejects[0].detail
    assert oz.missing(reading) == {"P1": [(0, 3, 4)]}
    assert reading.counties == {"EMERALD CITY": 3}
    assert sum(block.convictions for block in reading.blocks()) == 1


@pytest.mark.parametrize("size", SIZES)
def test_a_row_that_gained_a_cell_does_not_hide_behind_a_blank_last_column(oz: Any, size: int) -> None:
    plain = oz.row("P1", end="")
    reading = oz.open(oz.file(plain, plain, oz.row("P1", end="", county="EMERALD,CITY"), plain), chunk=size)
    assert problems(reading) == [(3, "field count")]
    assert reading.rows_read == 4


def test_where_as_many_rows_speak_for_either_width_none_of_them_is_used(oz: Any) -> None:
    marked = oz.row("P1") + b","
    reading = oz.open(oz.file(oz.row("P1"), marked, oz.row("P1", end=""), oz.row("P1", end="") + b","))
    assert problems(reading) == [(3, "field count"), (4, "field count")]


def test_a_row_with_its_mark_is_used_whatever_the_width_of_the_others(oz: Any) -> None:
    rows = [oz.row("P1", end="") + b","] * 3 + [oz.row("P1"), oz.row("P1", end="")]
    assert problems(oz.open(oz.file(*rows))) == [(5, "field count")]


def test_a_trailing_comma_on_the_header_alone_says_nothing_of_the_rows(oz: Any) -> None:
    reading = oz.open(oz.header + b",\n" + oz.row("P1", end="") + b"\n")
    assert problems(reading) == []


def test_the_names_of_the_columns_further_down_are_a_row_of_nobody(anchored: Any) -> None:
    reading = anchored.open(anchored.file(anchored.row("P1"), anchored.header.lower(), anchored.row("P2")))
    assert problems(reading) == [(2, "header again")]
    assert anchored.missing(reading) == {}
