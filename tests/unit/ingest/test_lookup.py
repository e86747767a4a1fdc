"""What a person is looked up by has one plain form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clearslate.ingest.lookup import Known, known
from clearslate.ingest.plain import plain_name, plain_number


@pytest.mark.parametrize(
    "name",
    ["O'NEIL,MARY ANN", "Oneil, Mary Ann", " O\u2019Neil  MARY-ANN ", "O\u00b4N\u00e9il.Mary_Ann", "o`neil mary\tann"],
)
def test_a_name_has_one_form_however_it_is_printed(name: str) -> None:
    assert plain_name(name) == "oneil mary ann"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u00d1EZ", "nez"), ("N\u0303EZ", "nez"), ("STRASSE", "strasse"), ("Stra\u00dfe", "strasse"),
        ("\uff21\uff22", "ab"), ("\u0130", "i"), ("---", ""), ("", ""),
    ],
)  # fmt: skip
def test_accents_and_forms_of_a_letter_do_not_make_another_name(text: str, plain: str) -> None:
    assert plain_name(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [("A-0012 34", "a001234"), ("000123", "123"), ("0-0", ""), ("12 x", "12x"), ("", ""), ("CR-99/1", "cr991")],
)
def test_a_number_has_one_form_however_it_is_printed(text: str, plain: str) -> None:
    assert plain_number(text) == plain


@given(st.text())
@example("\u0149")
@example("\u00b4")
@example("\u2121")
def test_a_plain_form_is_its_own_plain_form(text: str) -> None:
    assert plain_name(plain_name(text)) == plain_name(text)
    assert plain_number(plain_number(text)) == plain_number(text)
    assert plain_name(text) == plain_name(f" {text}, ")


def looked_up(oz: Any) -> Any:
    """Oz with the lookup columns named; birth dates stand in NOTE."""
    oz.layout = replace(
        oz.layout,
        lookup={"name": ("NAME",), "born": ("NOTE",), "identifier": ("STATE_NO", "REC"), "case": ("OFFENSE",)},
        born=lambda cell: cell if len(cell) == 10 else None,
    )
    return oz


@pytest.mark.parametrize("size", [64, 400, 1 << 20])
def test_each_person_is_known_by_all_rows_in_every_file(oz: Any, size: int) -> None:
    oz = looked_up(oz)
    first = oz.file(
        oz.row("P1", name="b b", note="1970-01-01", state_no="S-1", offense="0077"),
        oz.row("P2", name='"A,A"', note="1970", state_no="NULL", offense="-"),
        oz.row("P1", name="B-B", note="1960-01-01", state_no="s1", rec="-", offense="77"),
        oz.row("P1", name="A c", note="x", rec=""),
        oz.row("P2", name="NULL"),
    )
    second = oz.file(oz.row("P3", name=""), oz.row("P2", name="C", note="1980-02-03"))
    reading = oz.open(first, second, chunk=size)
    offense = "1zzholdingapoppy"
    assert list(known(reading)) == [
        (0, Known(("a c", "b b"), ("1960-01-01", "1970-01-01"), ("r", "s1"), (offense, "77"))),
        (1, Known(("a a", "c"), ("1980-02-03",), ("r",), (offense,))),
        (2, Known((), (), ("r",), (offense,))),
    ]


def test_a_layout_that_names_no_columns_still_has_its_persons(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("P2")))
    assert list(known(reading)) == [(0, Known((), (), (), ())), (1, Known((), (), (), ()))]
    assert oz.layout.born("1970-01-01") is None


def test_what_is_known_of_a_person_is_not_printed() -> None:
    assert repr(Known(("zyxquell",), (), (), ())) == "<Known>"
