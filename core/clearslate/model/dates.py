"""Dates as far as a record states them, and order between dates that may be partial.

A date that is not known at all is ``None``. A date of which only the year, or the year and
month, is known is a :class:`PartialDate`: some day between ``earliest`` and ``latest``. What
other facts add (an arrest is never later than its disposition) makes a :class:`Span`.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from clearslate.model.answer import Answer


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month of a year, or a year.

    ``day`` is None when unknown, and ``month`` too when only the year is known. ``span`` holds
    the days that it can be.

    Raises ValueError for a day without a month and for a day that no calendar has.
    """

    year: int
    month: int | None = None
    day: int | None = None
    earliest: dt.date = field(init=False, repr=False, compare=False)
    latest: dt.date = field(init=False, repr=False, compare=False)
    span: Span = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs its month")
        if 0 in (self.month, self.day):
            raise ValueError("a month or day that is not known is None, not 0")
        first_month = self.month or 1
        last_month = self.month or 12
        first = dt.date(self.year, first_month, self.day or 1)
        last_day = self.day or calendar.monthrange(self.year, last_month)[1]
        object.__setattr__(self, "earliest", first)
        last = dt.date(self.year, last_month, last_day)
        object.__setattr__(self, "latest", last)
        object.__setattr__(self, "span", Span(first, last))

    @classmethod
    def of(cls, day: dt.date) -> PartialDate:
        """Give the wholly known date."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def from_iso(cls, text: str) -> PartialDate:
        """Read ``1999``, ``1999-05`` or ``1999-05-31``; raise ValueError for anything else."""
        parts = text.split("-")
        widths = [len(part) for part in parts]
        if widths not in ([4], [4, 2], [4, 2, 2]) or not all(p.isascii() and p.isdigit() for p in parts):
            raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
        return cls(*(int(part) for part in parts))

    @property
    def exact(self) -> bool:
        """Whether the day itself is known."""
        return self.day is not None

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


class Span(msgspec.Struct, frozen=True, gc=False):
    """The days on which something can have happened; an open side is None."""

    earliest: dt.date | None = None
    latest: dt.date | None = None

    def before(self, day: dt.date) -> Answer:
        """Whether it happened before ``day``."""
        if self.latest is not None and self.latest < day:
            return Answer.YES
        if self.earliest is not None and self.earliest >= day:
            return Answer.NO
        return Answer.UNKNOWN

    def on_or_before(self, day: dt.date) -> Answer:
        """Whether it happened on ``day`` or earlier."""
        if self.latest is not None and self.latest <= day:
            return Answer.YES
        if self.earliest is not None and self.earliest > day:
            return Answer.NO
        return Answer.UNKNOWN

    def precedes(self, other: Span) -> Answer:
        """Whether it happened on an earlier day than ``other``."""
        if self.latest is not None and other.earliest is not None and self.latest < other.earliest:
            return Answer.YES
        if self.earliest is not None and other.latest is not None and self.earliest >= other.latest:
            return Answer.NO
        return Answer.UNKNOWN

    def within(self, other: Span) -> Span | None:
        """The days that both allow, or None where they share none."""
        lows = [d for d in (self.earliest, other.earliest) if d is not None]
        highs = [d for d in (self.latest, other.latest) if d is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        if low is not None and high is not None and low > high:
            return None
        return Span(low, high)

    def plus_years(self, years: int) -> Span:
        """The span of its calendar anniversaries; a side that leaves the calendar (year 9999) is open."""
        return _moved(self.earliest, self.latest, years)


@lru_cache(maxsize=1 << 16)
def _moved(earliest: dt.date | None, latest: dt.date | None, years: int) -> Span:
    def side(day: dt.date | None) -> dt.date | None:
        try:
            return None if day is None else anniversary(day, years)
        except (OverflowError, ValueError):
            return None

    return Span(side(earliest), side(latest))


UNKNOWN_SPAN = Span()


def span_of(when: PartialDate | None) -> Span:
    """The days that a possibly unknown date can be."""
    return UNKNOWN_SPAN if when is None else when.span


@lru_cache(maxsize=1 << 16)
def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month, ``months`` later (or earlier, when negative).

    Where that month has no such day, it is the first of the month after: a term of a month
    from 31 January has certainly run on 1 March, and a person born on 29 February has
    certainly reached an age on 1 March.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= calendar.monthrange(year, month0 + 1)[1]:
        return dt.date(year, month0 + 1, day.day)
    year, month0 = divmod(year * 12 + month0 + 1, 12)
    return dt.date(year, month0 + 1, 1)


def anniversary(day: dt.date, years: int) -> dt.date:
    """The calendar anniversary, 1 March for 29 February in a common year."""
    return add_months(day, 12 * years)
