"""Dates as Cook County's records print them. None is ever mended: what cannot be is not known."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from clearslate.model import PartialDate

BLANK = 0
"""The day number of a cell that states no date."""
UNREADABLE = -1
"""The day number of a cell that states something that is no date."""
IMPLAUSIBLE = -2
"""The day number of a cell that states a day on which nothing in such a record can have happened."""

FIRST_YEAR = 1950
"""Files kept by computer hold no arrest, charge or sentence from before; what is dated so is mistyped."""
LAST_YEAR = 2099
"""Nothing is dated later but by a slip, such as 2914 for 2014. What is later than the day of a run, a policy sees."""
LONGEST_CASE = 60
"""Years between an arrest and what followed from it, above which one of the two is mistyped."""

_FILLERS = frozenset({"", "NULL", "-", "N/A", "NA", "NONE"})
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: +[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: *[AP]M)?)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]{5,15}Z?)?")
_CLERK = re.compile(r"([0-9]{1,2})-([A-Z]{3})-([0-9]{2})")
_MONTHS = {"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6}
_MONTHS |= {"JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12}

_CLERK_LAST = 10
"""The clerk's extract ends in 2009: a two-digit year up to this one is of this century."""
_CLERK_FIRST = 50


def is_blank(text: str) -> bool:
    """Whether a date cell says nothing."""
    return text.strip().upper() in _FILLERS


@lru_cache(maxsize=1 << 17)
def day_number(text: str) -> int:
    """The date of ``MM/DD/YYYY``, with or without a time of day, or of ``YYYY-MM-DD``, as the number YYYYMMDD.

    BLANK, UNREADABLE or IMPLAUSIBLE where it states none.
    """
    if is_blank(text):
        return BLANK
    cell = text.strip().upper()
    american = _AMERICAN.fullmatch(cell)
    if american is not None:
        month, day, year = (int(part) for part in american.groups())
        return _number(year, month, day)
    iso = _ISO.fullmatch(cell)
    return UNREADABLE if iso is None else _number(*(int(part) for part in iso.groups()))


@lru_cache(maxsize=1 << 16)
def clerk_day(text: str) -> int:
    """The date of ``DD-MON-YY`` in the clerk's extract of 2005 to 2009, as ``day_number`` gives it."""
    if is_blank(text):
        return BLANK
    match = _CLERK.fullmatch(text.strip().upper())
    if match is None or match[2] not in _MONTHS:
        return UNREADABLE
    year = int(match[3])
    if _CLERK_LAST < year < _CLERK_FIRST:
        return IMPLAUSIBLE
    return _number(year + (2000 if year <= _CLERK_LAST else 1900), _MONTHS[match[2]], int(match[1]))


@lru_cache(maxsize=1 << 16)
def clerk_birth(text: str) -> int:
    """The birth date of ``DD-MON-YY``, which is in the last century: nobody in the extract was born in this one.

    A year up to 09 would be a child of the extract's own years, or a person of a hundred, and is IMPLAUSIBLE.
    """
    match = _CLERK.fullmatch(text.strip().upper())
    if match is None or match[2] not in _MONTHS:
        return BLANK if is_blank(text) else UNREADABLE
    year = int(match[3])
    if year < _CLERK_LAST:
        return IMPLAUSIBLE
    return _number(1900 + year, _MONTHS[match[2]], int(match[1]), first=1900)


def _number(year: int, month: int, day: int, first: int = FIRST_YEAR) -> int:
    try:
        dt.date(year, month, day)
    except ValueError:
        return UNREADABLE
    return year * 10000 + month * 100 + day if first <= year <= LAST_YEAR else IMPLAUSIBLE


@lru_cache(maxsize=1 << 17)
def date_of(number: int) -> PartialDate | None:
    """The date of a day number; None where it is none."""
    return PartialDate(number // 10000, number // 100 % 100, number % 100) if number > 0 else None


def days_between(first: int, second: int) -> int:
    """The days from one day number to another, both of dates."""
    return (_date(second) - _date(first)).days


def _date(number: int) -> dt.date:
    return dt.date(number // 10000, number // 100 % 100, number % 100)


def too_far_apart(first: int, second: int) -> bool:
    """Whether so many years lie between two days that one of them is mistyped."""
    return abs(second - first) > LONGEST_CASE * 10000


def iso(number: int) -> str | None:
    """A day number as YYYY-MM-DD; None where it is no date."""
    return f"{number // 10000:04d}-{number // 100 % 100:02d}-{number % 100:02d}" if number > 0 else None
