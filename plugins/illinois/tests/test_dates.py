"""Dates of both formats: what is read, what is none, and what cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate_illinois.dates import (
    BLANK,
    IMPLAUSIBLE,
    UNREADABLE,
    clerk_birth,
    clerk_day,
    date_of,
    day_number,
    days_between,
    iso,
    too_far_apart,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("03/01/2012 12:00:00 AM", 20120301),
        ("03/01/2012", 20120301),
        ("3/1/2012 4:05 PM", 20120301),
        ("2012-03-01T00:00:00.000", 20120301),
        ("2012-03-01", 20120301),
        (" 12/31/1950 ", 19501231),
        ("", BLANK),
        ("NULL", BLANK),
        ("-", BLANK),
        ("02/30/2012", UNREADABLE),
        ("13/01/2012", UNREADABLE),
        ("03/01/12", UNREADABLE),
        ("20120301", UNREADABLE),
        ("March 1, 2012", UNREADABLE),
        ("07/22/2924 12:00:00 AM", IMPLAUSIBLE),
        ("04/20/2117", IMPLAUSIBLE),
        ("01/01/1900", IMPLAUSIBLE),
        ("04/04/1915", IMPLAUSIBLE),
        ("12/31/1949", IMPLAUSIBLE),
    ],
)
def test_a_date_of_the_exports(text: str, number: int) -> None:
    assert day_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10-JAN-06", 20060110),
        ("1-dec-09", 20091201),
        ("10-JAN-99", 19990110),
        ("10-JAN-50", 19500110),
        ("10-JAN-29", IMPLAUSIBLE),
        ("31-FEB-06", UNREADABLE),
        ("10-JNA-06", UNREADABLE),
        ("01/10/2006", UNREADABLE),
        ("", BLANK),
    ],
)
def test_a_date_of_the_clerk(text: str, number: int) -> None:
    assert clerk_day(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("03-MAY-61", 19610503),
        ("03-MAY-29", 19290503),
        ("03-MAY-10", 19100503),
        ("03-MAY-05", IMPLAUSIBLE),
        ("31-APR-61", UNREADABLE),
        ("x", UNREADABLE),
        ("", BLANK),
    ],
)
def test_a_birth_date_of_the_clerk_is_of_the_last_century(text: str, number: int) -> None:
    assert clerk_birth(text) == number


def test_day_numbers_are_dates_again() -> None:
    assert str(date_of(20120301)) == "2012-03-01"
    assert date_of(IMPLAUSIBLE) is None
    assert iso(20120301) == "2012-03-01"
    assert iso(BLANK) is None
    assert days_between(20120228, 20120301) == 2
    assert not too_far_apart(19520301, 20120301)
    assert too_far_apart(19520229, 20120301)


@given(st.text(alphabet="0123456789/-: APM", max_size=25) | st.text(max_size=25))
def test_reading_never_raises_and_gives_days_that_exist(text: str) -> None:
    for number in (day_number(text), clerk_day(text), clerk_birth(text)):
        assert (date_of(number) is not None) is (number > 0)
