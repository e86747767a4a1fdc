"""The matter to decide: one count of one person on one day, and what the rest of the record says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple, TypeVar

from clearslate.model import Answer, Count, Disposition, Person, Relief

T = TypeVar("T")

_OPEN_RELIEF = frozenset({Relief.SAME_LAW, Relief.VACATED, Relief.UNCLEAR})


class Other(NamedTuple):
    """A count that is, or may be, another conviction of the person.

    A charge that is pending is none. ``exists`` is UNKNOWN where the record does not say how the count ended, and where
    the conviction was vacated or relieved since: whether it still counts is then a question of law.
    """

    conviction: Count
    exists: Answer


class History:
    """A person's record as predicates read it; made once per person, with a memo for what they derive."""

    __slots__ = ("_memo", "others", "person")

    def __init__(self, person: Person) -> None:
        self.person = person
        self.others: tuple[Other, ...] = tuple(
            [
                Other(count, _exists(count))
                for count in person.counts
                if count.disposition in (Disposition.CONVICTED, Disposition.UNKNOWN)
            ]
        )
        self._memo: dict[Hashable, Any] = {}

    @property
    def has_gaps(self) -> bool:
        """Whether a row of this person was rejected, so that any conviction may be missing."""
        return bool(self.person.missing_rows)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what ``make`` gave the first time that ``key`` was asked for this person."""
        try:
            value: T = self._memo[key]
        except KeyError:
            value = self._memo[key] = make()
        return value


def _exists(count: Count) -> Answer:
    if count.disposition is Disposition.UNKNOWN:
        return Answer.UNKNOWN
    return Answer.UNKNOWN if count.relieved and not _OPEN_RELIEF.isdisjoint(count.relieved) else Answer.YES


class Matter:
    """One count to decide as of one day."""

    __slots__ = ("as_of", "count", "history")

    def __init__(self, history: History, count: Count, as_of: dt.date) -> None:
        self.history = history
        self.count = count
        self.as_of = as_of

    @property
    def person(self) -> Person:
        """Whose count it is."""
        return self.history.person

    def other_convictions(self) -> Iterator[Other]:
        """The counts, without this one, that are or may be convictions."""
        return (other for other in self.history.others if other.conviction is not self.count)
