"""Dates as the DOJ file prints them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import PartialDate
from clearslate_california.dates import BLANK, UNREADABLE, day_number, read_date


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("20150110", PartialDate(2015, 1, 10)),
        (" 20150110 ", PartialDate(2015, 1, 10)),
        ("20150100", PartialDate(2015, 1)),
        ("20150000", PartialDate(2015)),
        ("20160229", PartialDate(2016, 2, 29)),
        ("19000000", PartialDate(1900)),
        ("21001231", PartialDate(2100, 12, 31)),
    ],
)
def test_a_date_is_known_as_far_as_it_is_printed(cell: str, date: PartialDate) -> None:
    assert read_date(cell) == date


@pytest.mark.parametrize("cell", ["", "   ", "0", "00000000", "NULL", "null  ", "-", " - ", "x"])
def test_a_filler_states_no_date(cell: str) -> None:
    assert day_number(cell) == BLANK
    assert read_date(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "1/1/2015", "2015-01-10", "20150230", "20151301", "20150015", "00000115", "18991231", "21010101", "2015011",
        "201501100", "2.0150110", "٢٠١٥٠١١٠", "20150110X", "+2015011",
    ],
)  # fmt: skip
def test_what_is_no_date_is_unreadable_and_never_a_date(cell: str) -> None:
    assert day_number(cell) == UNREADABLE
    assert read_date(cell) is None


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_every_day_is_read_as_itself(day: dt.date) -> None:
    assert str(read_date(str(day).replace("-", ""))) == str(day)


@given(st.text(max_size=10))
def test_any_text_is_a_date_or_none(text: str) -> None:
    date = read_date(text)
    assert date is None or 1900 <= date.year <= 2100
