from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.ingest.table.dates import BLANK, UNREADABLE, DateForms, date_of, surely_before
from clearslate.ingest.table.words import is_filler


def forms(*texts: str, pivot: int | None = None) -> DateForms:
    return DateForms(texts, pivot, is_filler)


@pytest.mark.parametrize(
    ("form", "text", "number"),
    [
        ("%m/%d/%Y", "2/13/1961", 19610213),
        ("%m/%d/%Y", "02/13/1961", 19610213),
        ("%m/%d/%Y", "13/02/1961", UNREADABLE),
        ("%d/%m/%Y", "13/02/1961", 19610213),
        ("%Y%m%d", "19610213", 19610213),
        ("%Y%m%d", "1961213", UNREADABLE),
        ("%Y%m%d", "19610200", 19610200),
        ("%Y%m%d", "19610000", 19610000),
        ("%Y%m%d", "19610013", UNREADABLE),
        ("%Y-%m", "1961-02", 19610200),
        ("%Y", "1961", 19610000),
        ("%d %b %Y", "13 FEB 1961", 19610213),
        ("%b %d, %Y", "Sept. 3, 1961", 19610903),
        ("%B %d, %Y", "february 13, 1961", 19610213),
        ("%B %d, %Y", "Feb 13, 1961", UNREADABLE),
        ("%Y-%m-%d %H:%M:%S", "1961-02-13 00:00:00", 19610213),
        ("%m/%d/%Y %H:%M %p", "2/13/1961 3:05 pm", 19610213),
        ("%m/%d/%Y", "02/30/1961", UNREADABLE),
        ("%m/%d/%Y", "02/13/1861", UNREADABLE),
        ("%m/%d/%Y", "02/13/9999", UNREADABLE),
        ("%m/%d/%Y", "02/13/1961 ", 19610213),
        ("%m/%d/%Y", "x02/13/1961", UNREADABLE),
        ("%m/%d/%Y", "", BLANK),
        ("%m/%d/%Y", "N/A", BLANK),
        ("%m/%d/%Y", "00/00/0000", BLANK),
        ("%m/%d/%Y", "--/--/----", BLANK),
        ("%m/%d/%Y", "\u0662/13/1961", UNREADABLE),
    ],
)
def test_a_cell_is_read_by_the_form_that_the_mapping_names(form: str, text: str, number: int) -> None:
    assert forms(form).number(text) == number


@pytest.mark.parametrize(("pivot", "year"), [(30, 1961), (62, 2061), (61, 1961), (0, 1961), (100, 2061)])
def test_two_digit_years_belong_to_the_century_that_the_pivot_says(pivot: int, year: int) -> None:
    assert forms("%m/%d/%y", pivot=pivot).number("02/13/61") == year * 10000 + 213


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["%m/%d/%Y", "%d/%m/%Y"], "as different days"),
        (["%Y%m", "%d%m%y"], "as different days"),
        (["%y/%m/%d", "%m/%d/%y"], "as different days"),
        (["%m/%d"], "has no year"),
        (["%Y/%d"], "a day without a month"),
        (["%m/%b/%Y"], "two months"),
        (["%Y/%m/%m"], "twice"),
        (["%Y/%m/%d %Z"], r"holds \[%Z\]"),
        (["MM/DD/YYYY"], r"holds \[M\]"),
        (["%Y%"], r"holds \[%\]"),
    ],
    ids=lambda value: " and ".join(value).replace("/", " ") if isinstance(value, list) else None,
)
def test_forms_that_leave_a_choice_or_are_none_are_refused(texts: Sequence[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        forms(*texts, pivot=30)


def test_two_digit_years_without_a_pivot_are_refused() -> None:
    with pytest.raises(ValueError, match="pivot"):
        forms("%m/%d/%y")


@pytest.mark.parametrize(
    "texts",
    [
        ["%m/%d/%Y", "%Y-%m-%d", "%Y", "%m/%Y", "%Y-%m"],
        ["%m/%d/%Y", "%m/%d/%y"],
        ["%d %b %Y", "%d %B %Y"],
        ["%m%d%Y", "%Y%m%d"],
    ],
    ids=" and ".join,
)
def test_forms_that_no_text_fits_both_of_stand_together(texts: Sequence[str]) -> None:
    assert forms(*texts, pivot=30).number("no date") == UNREADABLE


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none_and_nothing_is_raised(text: str) -> None:
    found = forms("%m/%d/%Y", "%d %b %Y", "%Y", "%Y-%m-%d %H:%M:%S")
    number = found.number(text)
    assert number in (BLANK, UNREADABLE) or date_of(number) is not None
    whole = found.whole(text)
    assert whole is None or len(whole) == 10


def test_a_date_is_surely_before_another_only_where_no_day_of_it_is_later() -> None:
    one = np.array([20000000, 20000000, 19991231, 0, 20000500], np.int64)
    other = np.array([20010101, 20000601, 20000000, 20000101, 20000531], np.int64)
    assert surely_before(one, other).tolist() == [True, False, True, False, False]
