"""Whose record has a gap where a row is rejected before its keys could be read."""

from __future__ import annotations

from typing import Any

import pytest

SIZES = [64, 200, 1 << 20]
A, B, C = "PERSON-1", "PERSON-2", "PERSON-3"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "damage",
    [
        lambda row: row.partition(b",")[2],
        lambda row: b"x," + row,
        lambda row: b'"' + row,
        lambda row: row.replace(b'"', b"").replace(b"PERSON-1", b'"PERSON-1'),
        lambda row: row.replace(b"R,", b"R,,", 1),
    ],
    ids=["first cell lost", "cell gained", "quote before", "quote at the key", "comma before the key"],
)
def test_a_key_that_stands_anywhere_in_a_broken_row_names_its_person(oz: Any, damage: Any, size: int) -> None:
    rows = [oz.row(B), damage(oz.row(A)), oz.row(C), oz.row(A)]
    reading = oz.open(oz.file(*rows), chunk=size)
    assert oz.missing(reading) == {A: [(0, 2, 3)]}
    assert [reject.person for reject in reading.rejects] == [A]


def test_an_identifier_that_stands_anywhere_in_a_broken_row_names_its_person(oz: Any) -> None:
    broken = oz.row("", state_no="STATE-1").partition(b",")[2]
    reading = oz.open(oz.file(oz.row(A, state_no="STATE-1"), oz.row(B), broken, oz.row(C)))
    assert oz.missing(reading) == {A: [(0, 3, 4)]}


def test_a_broken_row_may_be_of_a_person_who_comes_later_or_in_another_file(oz: Any) -> None:
    broken = oz.row(A).partition(b",")[2]
    reading = oz.open(oz.file(broken, oz.row(B)), oz.file(oz.row(A)))
    assert oz.missing(reading) == {A: [(0, 1, 2)]}


@pytest.mark.parametrize("size", SIZES)
def test_a_broken_row_that_names_nobody_may_be_of_the_person_before_and_after(oz: Any, size: int) -> None:
    rows = [oz.row(A), oz.row(B), b"x,y", b"z", oz.row(C), oz.row(A)]
    reading = oz.open(oz.file(*rows), chunk=size)
    assert oz.missing(reading) == {B: [(0, 3, 4), (0, 4, 5)], C: [(0, 3, 4), (0, 4, 5)]}
    assert [reject.person for reject in reading.rejects] == [None, None]


def test_the_neighbors_of_a_row_are_those_of_its_own_file(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row(A)), oz.file(b"x,y", oz.row(B)), oz.file(oz.row(C)))
    assert oz.missing(reading) == {B: [(1, 1, 2)]}


def test_a_row_without_keys_may_be_of_the_person_around_it(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row(A), oz.row("", state_no=""), oz.row(A), oz.row(B)))
    assert oz.missing(reading) == {A: [(0, 2, 3)]}


def test_short_cells_are_taken_for_no_key(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("0101"), oz.row(B), b"x,0101", oz.row(B)))
    assert oz.missing(reading) == {B: [(0, 3, 4)]}


def test_a_row_of_a_person_of_whom_no_row_is_usable_leaves_others_whole(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row(A), oz.row(B, count_key="1"), oz.row(C)))
    assert oz.missing(reading) == {}
    assert [reject.person for reject in reading.rejects] == [B]


@pytest.mark.parametrize(
    ("first", "second"), [("state-1x", "STATE-1X"), ("STATE 1X", "STATE1X"), (" STATE-1X", "State-1x  ")]
)
def test_letter_case_and_spacing_do_not_make_another_identifier(oz: Any, first: str, second: str) -> None:
    reading = oz.open(oz.file(oz.row(A, state_no=first), oz.row(B, state_no=second), oz.row("", state_no="")))
    assert oz.shared(reading) == {A, B}


def test_letter_case_and_spacing_do_not_make_another_person(oz: Any) -> None:
    rows = [oz.row("person 1"), oz.row("PERSON 1"), oz.row("Person1", count_key="1"), oz.row("", state_no="s 1")]
    rows += [oz.row(B, state_no="S1")]
    for ordered in (rows, rows[::-1]):
        reading = oz.open(oz.file(*ordered))
        found = oz.rows(reading, "SUBJ")
        assert {label: len(places) for label, places in found.items()} == {"PERSON 1": 2, B: 2}
        assert {cells[3] for cells in found["PERSON 1"]} == {"person 1", "PERSON 1"}
        assert list(oz.missing(reading)) == ["PERSON 1"]
