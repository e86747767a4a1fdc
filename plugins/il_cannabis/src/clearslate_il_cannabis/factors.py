"""What a court weighs on a motion and a record can say: ages and the time since; and the days by which things are due.

20 ILCS 2630/5.2(i)(3), (4): the reasons of law enforcement to keep the records, the person's age now, the age at the
offense, the time since the conviction, and what a refusal would do. The first and the last are for people to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import in_words, key_of
from clearslate.model import PartialDate, Span, add_months, span_of

NOT_KNOWN = "not known"
"""What is printed where the record does not say enough."""

_AGE_CELL = "AGE_AT_INCIDENT"
_AGES = range(10, 111)
_YEAR = 12


class Elapsed(NamedTuple):
    """Whole months between two days that may be known in part: between ``least`` and ``most``, both included."""

    least: int
    most: int

    @property
    def years(self) -> tuple[int, int]:
        """The same in whole years."""
        return self.least // _YEAR, self.most // _YEAR

    @property
    def is_certain(self) -> bool:
        """Whether the whole years are one number."""
        least, most = self.years
        return least == most


def elapsed(since: Span, until: Span) -> Elapsed | None:
    """The time between two days; None where a side is open, or where the second can be before the first."""
    if since.earliest is None or since.latest is None or until.earliest is None or until.latest is None:
        return None
    if until.earliest < since.latest:
        return None
    return Elapsed(_months(since.latest, until.earliest), _months(since.earliest, until.latest))


def _months(since: dt.date, until: dt.date) -> int:
    months = (until.year - since.year) * _YEAR + until.month - since.month
    return months if add_months(since, months) <= until else months - 1


class Factors(NamedTuple):
    """The factors that are computed for one conviction; None is not known.

    ``stated_age`` is the age at the offense as the source itself prints it, where no birth date gives it.
    """

    age_now: Elapsed | None
    age_at_offense: Elapsed | None
    since_conviction: Elapsed | None
    age_at_arrest: Elapsed | None
    stated_age: int | None


def factors_of(entry: Entry, day: dt.date) -> Factors:
    """The factors of an entry on a day, such as the day on the motion."""
    person, count = entry.decided.person, entry.decided.count
    born, today = span_of(person.birth_date), Span(day, day)
    return Factors(
        elapsed(born, today),
        elapsed(born, span_of(count.committed)),
        elapsed(span_of(count.disposed), today),
        elapsed(born, span_of(count.cycle.arrested)),
        _stated_age(entry),
    )


def _stated_age(entry: Entry) -> int | None:
    text = entry.cells.get(_AGE_CELL, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) in _AGES else None


def age(found: Elapsed | None) -> str:
    """``34``, ``34 or 35``, ``30 to 42``; not known where it is not."""
    return NOT_KNOWN if found is None else _between(*found.years)


def age_at_offense(factors: Factors) -> str:
    """The age at the offense; where its day is not known, that on the arrest or that which the source prints."""
    if factors.age_at_offense is not None:
        return age(factors.age_at_offense)
    if factors.stated_age is not None:
        return f"{factors.stated_age}, as the source prints it"
    if factors.age_at_arrest is not None:
        return f"{NOT_KNOWN}; {age(factors.age_at_arrest)} at the arrest"
    return NOT_KNOWN


def time_since(found: Elapsed | None) -> str:
    """``12 years``, ``12 or 13 years``, and months where it may be less than a year; not known where it is not."""
    if found is None:
        return NOT_KNOWN
    unit, pair = ("month", found) if found.least < _YEAR else ("year", found.years)
    words = _between(*pair)
    return f"{words} {unit}{'' if words == '1' else 's'}"


def _between(least: int, most: int) -> str:
    if least == most:
        return str(least)
    return f"{least} or {most}" if most == least + 1 else f"{least} to {most}"


def latest(days: Iterable[PartialDate | None]) -> Span:
    """The days that the last of these can be; open where one is not known, for it may be the last."""
    spans = [span_of(day) for day in days]
    sides = [(span.earliest, span.latest) for span in spans]
    found = [(low, high) for low, high in sides if low is not None and high is not None]
    if not found or len(found) < len(sides):
        return Span()
    return Span(max(low for low, _ in found), max(high for _, high in found))


# What is due -------------------------------------------------------------------------------------------


class Term(NamedTuple):
    """Something due so many days after an event; ``cite`` says by what."""

    what: str
    days: int
    after: str
    cite: str

    def by(self, event: dt.date | None) -> dt.date | None:
        """The last day; None while the event is not known."""
        return None if event is None else event + dt.timedelta(days=self.days)

    def said(self, event: dt.date | None) -> str:
        """``by March 2, 2026 (60 days after the order)``, or the second half alone while the event is not known."""
        words = f"{self.days} days after {self.after}"
        day = self.by(event)
        return words if day is None else f"by {in_words(day)} ({words})"


def ordered_on(packet: Packet, entries: Iterable[Entry]) -> dt.date | None:
    """The day of the order on these entries, where the court made one and the same day on all of them."""
    orders = [packet.orders.get(key_of(entry)) for entry in entries]
    days = {None if order is None else order.ordered_on for order in orders}
    return days.pop() if len(days) == 1 else None


OBJECTION = Term("the State's Attorney's objection, with evidence", 60, "the filing", "20 ILCS 2630/5.2(i)(3)")
EXPUNGEMENT = Term("expungement by the agencies and impounding by the clerk", 60, "the order", "EXC-O 4704.2")
BOARD_NOTICE = Term(
    "the State's Attorney's notice to the Prisoner Review Board", 30, "the order", "20 ILCS 2630/5.2(i)(4)"
)
PARDON_OBJECTION = Term(
    "the State's Attorney's objection to the Board", 60, "the Board's notice", "20 ILCS 2630/5.2(i)(2)"
)
