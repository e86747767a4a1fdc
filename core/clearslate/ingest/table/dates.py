"""Dates in the forms that a mapping names, read without a guess: what two forms read differently is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import numpy as np

from clearslate.ingest.rows import Bools, Ints
from clearslate.model import PartialDate

BLANK = 0
"""The day number of a cell that states no date."""
UNREADABLE = -1
"""The day number of a cell that states something that is no date of these forms."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside are a slip of the pen, and no date."""

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_DIRECTIVES = {
    "%Y": "(?P<year>[0-9]{4})",
    "%y": "(?P<short>[0-9]{2})",
    "%m": "(?P<month>[0-9]{1,2})",
    "%d": "(?P<day>[0-9]{1,2})",
    "%b": f"(?P<name>{'|'.join(sorted({month[:3] for month in MONTHS} | {'sept'}, reverse=True))})\\.?",
    "%B": f"(?P<name>{'|'.join(MONTHS)})",
    "%H": "[0-9]{1,2}",
    "%M": "[0-9]{2}",
    "%S": "[0-9]{2}(?:\\.[0-9]+)?",
    "%p": "[ap]\\.?m\\.?",
}
_PARTS = re.compile(r"%.?|[^%]")
_LITERALS = frozenset(" /-.,:T")
_SAMPLES = tuple(
    dt.date(year, month, day) for year, month, day in product((1931, 2001, 2002, 2012), (1, 2, 12), (1, 2, 12, 13, 28))
)
"""Days in which year, month and day can be taken for one another, and days in which they cannot."""


@dataclass(frozen=True, slots=True)
class DateForm:
    """One form, such as ``%m/%d/%Y``; ``states`` are the parts of a date that it has."""

    text: str
    pattern: re.Pattern[str]
    states: frozenset[str]

    @classmethod
    def of(cls, text: str) -> DateForm:
        """Read a form; raise ValueError for one with other signs than those known, or without a year."""
        parts = _PARTS.findall(text)
        for part in parts:
            if part not in _DIRECTIVES and part not in _LITERALS:
                raise ValueError(
                    f"[{text}] holds [{part}]; a date is made of {' '.join(_DIRECTIVES)} and of spaces, / - . , : T"
                )
        for one in ("%m", "%b", "%B", "%Y", "%y", "%d"):
            if parts.count(one) > 1:
                raise ValueError(f"[{text}] has [{one}] twice; have each part of a date once")
        if sum(parts.count(year) for year in ("%Y", "%y")) != 1:
            raise ValueError(f"[{text}] has no year, or two; it takes one of %Y (2001) and %y (01)")
        months = sum(parts.count(month) for month in ("%m", "%b", "%B"))
        if months > 1 or (parts.count("%d") and not months):
            raise ValueError(f"[{text}] has a day without a month, or two months; it takes one of %m, %b and %B")
        # Numbers that run together are told apart only where each has all its digits.
        touching = {at + side for at, (a, b) in enumerate(pairwise(parts)) if a[0] == b[0] == "%" for side in (0, 1)}
        pattern = "".join(
            _DIRECTIVES[part].replace("{1,2}", "{2}" if at in touching else "{1,2}")
            if part in _DIRECTIVES
            else re.escape(part)
            for at, part in enumerate(parts)
        )
        return cls(text, re.compile(pattern, re.IGNORECASE), frozenset(parts) & {"%Y", "%y", "%m", "%b", "%B", "%d"})

    @property
    def has_short_year(self) -> bool:
        """Whether its year has two digits only."""
        return "%y" in self.states

    @property
    def is_whole(self) -> bool:
        """Whether it states a day."""
        return "%d" in self.states

    def number(self, text: str, pivot: int | None) -> int | None:
        """The date as the number YYYYMMDD, zeros for what is not stated; UNREADABLE, or None where it does not fit."""
        match = self.pattern.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        if "short" in found:
            short = int(found["short"])
            year = short + (2000 if short < (pivot or 0) else 1900)
        else:
            year = int(found["year"])
        month = int(found["month"]) if "month" in found else _month(found.get("name"))
        return _checked(year, month, int(found.get("day") or 0))

    def spelled(self, day: dt.date) -> str:
        """The day in this form, whatever the system's language."""
        month = MONTHS[day.month - 1]
        spelled = {
            "%Y": f"{day.year:04d}", "%y": f"{day.year % 100:02d}", "%m": f"{day.month:02d}", "%d": f"{day.day:02d}",
            "%b": month[:3], "%B": month, "%H": "00", "%M": "00", "%S": "00", "%p": "am",
        }  # fmt: skip
        return "".join(spelled.get(part, part) for part in _PARTS.findall(self.text))


def _month(name: str | None) -> int:
    if name is None:
        return 0
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _checked(year: int, month: int, day: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR or (day and not month):
        return UNREADABLE
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return UNREADABLE
    return year * 10000 + month * 100 + day


class DateForms:
    """The forms of one column; ``pivot`` is the first two-digit year that belongs to the 1900s."""

    def __init__(self, forms: Sequence[str], pivot: int | None, is_blank: Callable[[str], bool]) -> None:
        """Raise ValueError for forms that are none, or that read one text as different days."""
        self.forms = tuple(DateForm.of(form) for form in forms)
        self._pivot = pivot
        self._is_blank = is_blank
        if pivot is None and any(form.has_short_year for form in self.forms):
            raise ValueError("a form with %y needs pivot: years below it are of 2000, others of 1900")
        self._check_apart()
        self.number = lru_cache(1 << 16)(self._number)

    def _check_apart(self) -> None:
        for one in self.forms:
            others = [form for form in self.forms if form is not one]
            for day in _SAMPLES if others else ():
                text = one.spelled(day)
                for other in others:
                    read = other.number(text, self._pivot)
                    if read not in (None, UNREADABLE, one.number(text, self._pivot)):
                        raise ValueError(
                            f"[{one.text}] and [{other.text}] read one text as different days; keep the one that "
                            "the file has, or say forms for single columns in [dates.columns]"
                        )

    def _number(self, text: str) -> int:
        """The date as the number YYYYMMDD, zeros where a part is not known; BLANK or UNREADABLE otherwise."""
        cell = text.strip()
        if self._is_blank(cell) or not cell.strip("0/- :."):
            return BLANK
        found = {form.number(cell, self._pivot) for form in self.forms} - {None}
        read = found - {UNREADABLE}
        number = read.pop() if len(read) == 1 else None
        return UNREADABLE if number is None else number

    def whole(self, text: str) -> str | None:
        """The date as YYYY-MM-DD; None where the cell states no whole one."""
        number = self.number(text)
        if number <= 0 or not number % 100:
            return None
        return f"{number // 10000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"


@lru_cache(maxsize=1 << 17)
def date_of(number: int) -> PartialDate | None:
    """The date of a day number; None for BLANK and UNREADABLE."""
    if number <= 0:
        return None
    return PartialDate(number // 10000, number // 100 % 100 or None, number % 100 or None)


def surely_before(one: Ints, other: Ints) -> Bools:
    """Where both dates are known and one is certainly earlier than the other; zeros stand for any month or day."""
    last = one + np.where(one % 10000 == 0, 1231, np.where(one % 100 == 0, 31, 0))
    first = other + np.where(other % 10000 == 0, 101, np.where(other % 100 == 0, 1, 0))
    before: Bools = (one > 0) & (other > 0) & (last < first)
    return before
