"""Dates as the DOJ file prints them: YYYYMMDD, with zeros for a month or day that nobody knew."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from clearslate.model import PartialDate

BLANK = 0
"""The day number of a cell that states no date."""
UNREADABLE = -1
"""The day number of a cell that states something that is no date."""

_FILLERS = frozenset({"", "NULL", "-", "X", "#"})
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@lru_cache(maxsize=1 << 17)
def day_number(text: str) -> int:
    """The date as the number YYYYMMDD, zeros where a part is not known; BLANK or UNREADABLE otherwise.

    Nothing but eight digits is read: ``1/1/2015`` is what a spreadsheet made of a date, and which
    of its numbers is the month cannot be known. A year before 1900 or after 2100 is unreadable.
    """
    cell = text.strip()
    if cell.upper() in _FILLERS or not cell.strip("0"):
        return BLANK
    if len(cell) != 8 or not (cell.isascii() and cell.isdigit()):
        return UNREADABLE
    year, month, day = int(cell[:4]), int(cell[4:6]), int(cell[6:])
    if not _FIRST_YEAR <= year <= _LAST_YEAR or (day and not month):
        return UNREADABLE
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return UNREADABLE
    return int(cell)


@lru_cache(maxsize=1 << 17)
def date_of(number: int) -> PartialDate | None:
    """The date of a day number; None for BLANK and UNREADABLE."""
    if number <= 0:
        return None
    return PartialDate(number // 10000, number // 100 % 100 or None, number % 100 or None)


def read_date(text: str) -> PartialDate | None:
    """The date that a cell states, as far as it does; None where blank, filler or unreadable."""
    return date_of(day_number(text))


def whole_date(text: str) -> str | None:
    """The date that a cell states as YYYY-MM-DD; None where it states no whole one."""
    number = day_number(text)
    if number <= 0 or not number % 100:
        return None
    return f"{number // 10000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"
