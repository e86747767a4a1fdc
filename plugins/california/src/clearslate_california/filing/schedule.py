"""A schedule: convictions in the order of an exhibit, numbered, by courthouse, with their totals."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clearslate.errors import InputError
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import Setting, squeezed
from clearslate.filing.office import by_courthouse, court_of
from clearslate.model import Answer
from clearslate.policy.schema import ReliefEntry
from clearslate.policy.word import OBJECTED, OVERRULED, REOPENED, REOPENED_RULE, RULES, SETTLED
from clearslate_california.filing.dates import short_date, short_day

NOT_STATED = "not stated"
"""What stands where the record says nothing."""

SUPERVISION = 5
"""The years of supervision that may follow the stated end of a sentence."""

_SPOKEN = frozenset({*RULES.values(), REOPENED_RULE})
_FLAGGED = frozenset({SETTLED, OVERRULED, OBJECTED, REOPENED})


class Line(NamedTuple):
    """One conviction on its line of the exhibit, from 1."""

    number: int
    entry: Entry


class House(NamedTuple):
    """The lines of one courthouse; ``known`` says whether the office's table names it."""

    heading: str
    known: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, repr=False)
class Schedule:
    """The lines of an exhibit by courthouse, numbered through."""

    houses: tuple[House, ...]

    @property
    def lines(self) -> Iterator[Line]:
        """Every line in order."""
        for house in self.houses:
            yield from house.lines

    @property
    def size(self) -> int:
        """How many lines there are."""
        return sum(len(house.lines) for house in self.houses)

    @property
    def people(self) -> int:
        """How many people they are of."""
        return len({line.entry.decided.person.person_id for line in self.lines})

    @property
    def strangers(self) -> Mapping[str, int]:
        """How many lines stand at each courthouse that the office's table does not name."""
        return {house.heading: len(house.lines) for house in self.houses if not house.known}

    def counted(self, what: Callable[[Entry], str]) -> dict[str, int]:
        """How many lines there are of each answer."""
        return dict(Counter(what(line.entry) for line in self.lines))


def schedule(packet: Packet, standing: Standing, first: int = 1) -> Schedule:
    """The entries of one standing; courthouses in the office's order, those that it does not name last, by name."""
    houses = []
    for group in by_courthouse([one for one in packet.entries if one.standing is standing], packet.office):
        if group.courthouse is not None:
            houses.append((group.heading, True, group.entries))
            continue
        strangers: dict[str, list[Entry]] = {}
        for entry in group.entries:
            strangers.setdefault(squeezed(court_of(entry)) or "court not stated in the record", []).append(entry)
        houses += [(name, False, tuple(entries)) for name, entries in sorted(strangers.items())]
    numbered, number = [], first
    for heading, known, entries in houses:
        numbered.append(House(heading, known, [Line(number + place, entry) for place, entry in enumerate(entries)]))
        number += len(entries)
    return Schedule(tuple(numbered))


def standings(entries: Iterable[Entry]) -> dict[str, int]:
    """How many entries there are of each standing, none left out."""
    counted = Counter(entry.standing for entry in entries)
    return {standing.value: counted[standing] for standing in Standing}


def relief_of(entry: Entry, setting: Setting) -> ReliefEntry:
    """The one relief of a granted entry. Raises InputError where none is named, UsageError where several are."""
    relief = setting.relief_of(entry)
    if relief is None:
        raise InputError(
            f"row [{entry.decided.count.place.row}] of [{entry.source_file}] is granted and names no relief; "
            "say which in the table of decisions"
        )
    return relief


def names(entry: Entry) -> str:
    """The names as printed, the first before the others."""
    return "; ".join(squeezed(name) for name in entry.decided.person.names) or NOT_STATED


def identifiers(entry: Entry) -> str:
    """The state identification numbers."""
    return "; ".join(squeezed(one) for one in entry.decided.person.identifiers) or NOT_STATED


def born(entry: Entry) -> str:
    """The birth date."""
    return short_date(entry.decided.person.birth_date, NOT_STATED)


def case_number(entry: Entry) -> str:
    """The case numbers as printed."""
    return "; ".join(squeezed(one) for one in entry.decided.count.event.case_numbers) or NOT_STATED


def section(entry: Entry) -> str:
    """The statute, or the offense as printed where that cannot be read."""
    count = entry.decided.count
    return squeezed(count.offense) or NOT_STATED if count.statute is None else str(count.statute)


def convicted(entry: Entry) -> str:
    """The day of the conviction as far as it is known."""
    return short_date(entry.decided.count.disposed, NOT_STATED)


def is_spoken(entry: Entry) -> bool:
    """Whether what an attorney wrote may be in the reason: free text, in which a person may be named."""
    got = entry.decided.determination
    return bool(got.words) or got.own is not None or got.rule in _SPOKEN or not _FLAGGED.isdisjoint(got.flags)


def is_reopened(entry: Entry) -> bool:
    """Whether an attorney's word does not hold any more, because the facts behind it changed."""
    return REOPENED in entry.decided.determination.flags


def is_over(entry: Entry, day: dt.date) -> bool:
    """Whether the record shows that the sentence ended before ``day``, with supervision after its stated end."""
    return entry.decided.count.sentence_ends.plus_years(SUPERVISION).before(day) is Answer.YES


def ground(entry: Entry) -> str:
    """Why the entry is objected to, or is for a hearing; of an attorney's word who said it, and when."""
    if entry.word is None:
        return entry.decided.determination.reason
    said = squeezed(entry.word.ground).rstrip(". ")
    return f"{said} ({squeezed(entry.word.said_by)}, {short_day(entry.word.said_on)})."
