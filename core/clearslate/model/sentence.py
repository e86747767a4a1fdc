"""Sentence parts and the day on which they end, by the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from clearslate.model.dates import PartialDate, Span, add_months
from clearslate.model.source import Record

Unit = Literal["day", "month", "year"]


class SentencePart(Record, frozen=True):
    """One part of the sentence of one count.

    ``kind`` is the record's word (JAIL, PROBATION, FINE …) or None where blank; ``length`` and
    ``unit`` are None where blank or unreadable. A fine takes no time whatever its cells say.
    ``row`` is the data row it stands in.
    """

    kind: str | None
    length: int | None
    unit: Unit | None
    row: int = 0
    takes_no_time: bool = False

    @property
    def known(self) -> bool:
        """Whether its duration is known."""
        return self.takes_no_time or self.length == 0 or (self.length is not None and self.unit is not None)


def _after(day: dt.date, part: SentencePart) -> dt.date | None:
    if part.takes_no_time or part.length == 0:
        return day
    if part.length is None or part.unit is None:
        return None
    try:
        if part.unit == "day":
            return day + dt.timedelta(days=part.length)
        return add_months(day, part.length * (12 if part.unit == "year" else 1))
    except (OverflowError, ValueError):
        # A term beyond the calendar (9,999 years) ends on no day that can be named.
        return None


def sentence_end(start: PartialDate | None, parts: Sequence[SentencePart]) -> Span:
    """The days on which a sentence can end, its parts added one after the other from ``start``.

    Parts of one sentence often run together, so this is the latest stated end: whoever has
    passed it has served every part. Both sides of the span are open where the start or a part
    is unknown, or where no part is stated at all.
    """
    if start is None or not parts:
        return Span()
    earliest = _after_all(start.earliest, parts)
    latest = earliest if start.exact else _after_all(start.latest, parts)
    return Span() if earliest is None or latest is None else Span(earliest, latest)


def _after_all(day: dt.date, parts: Sequence[SentencePart]) -> dt.date | None:
    end: dt.date | None = day
    for part in parts:
        if end is None:
            break
        end = _after(end, part)
    return end
