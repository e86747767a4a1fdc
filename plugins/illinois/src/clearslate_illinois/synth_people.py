"""Invented participants of invented cases, drawn from a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

from clearslate_illinois import synth_words as words
from clearslate_illinois.synth_words import Offense

T = TypeVar("T")

_FIRST_CASE = 149_000_000_001
_FIRST_PARTICIPANT = 175_000_000_001
_FIRST_CHARGE = 3_900_000_000_001
_FIRST_VERSION = 4_100_000_000_001
_STEP = 101
MOST_CHARGES = 6


class Chance:
    """Random choices that a seed settles for good."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._sums: dict[int, list[int]] = {}

    def draw(self) -> float:
        """A number from 0 to 1."""
        return self._random.random()

    def below(self, limit: int) -> int:
        """A whole number below the limit."""
        return int(self._random.random() * limit)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def weighted(self, pairs: Sequence[tuple[T, int]]) -> T:
        """One of the items, by their weights."""
        sums = self._sums.get(id(pairs))
        if sums is None:
            sums = self._sums[id(pairs)] = list(accumulate(weight for _, weight in pairs))
        luck = self._random.random() * sums[-1]
        return next(item for (item, _), limit in zip(pairs, sums, strict=True) if luck < limit)


@dataclass(slots=True)
class Sentence:
    """One sentencing row; ``date`` is printed as it is."""

    phase: str
    type: str
    commitment: str
    term: str
    unit: str
    date: str
    current: str = "true"


@dataclass(slots=True)
class Charge:
    """One charge; ``disposed`` is printed as it is. ``earlier`` are rows of its earlier versions."""

    charge_id: str
    version: str
    title: str
    chapter: str
    act: str
    section: str
    offense_class: str
    aoic: str
    disposition: str
    reason: str
    disposed: str
    sentences: list[Sentence] = field(default_factory=list)
    earlier: list[Charge] = field(default_factory=list)
    is_disposed: bool = True


@dataclass(slots=True)
class Participant:
    """One participant of a case; dates are printed as they are."""

    case: str
    participant: str
    received: str
    incident: str
    arrested: str
    arrest: dt.date
    disposed: dt.date
    category: str
    age: str
    race: str
    gender: str
    city: str
    agency: str
    judge: str
    court: int
    charges: list[Charge]


def stamp(day: dt.date, *, timed: bool = True) -> str:
    """A date as the exports print it."""
    return f"{day.month:02d}/{day.day:02d}/{day.year:04d}{' 12:00:00 AM' if timed else ''}"


_CANNABIS_SHARE = 0.2
_FIRST_DAY = dt.date(1999, 1, 4)
_DAYS = (dt.date(2023, 6, 30) - _FIRST_DAY).days
_OTHERS = tuple((offense, offense.weight) for offense in words.OTHERS)
_ERAS: dict[bool, tuple[tuple[Offense, int], ...]] = {
    late: tuple(
        (offense, offense.weight)
        for offense in words.CANNABIS
        if (offense.until == dt.date.max if late else offense.since < dt.date(2016, 7, 29))
    )
    for late in (False, True)
}


def draw(chance: Chance, number: int) -> Participant:
    """An invented participant, with one to six charges."""
    arrest = _FIRST_DAY + dt.timedelta(days=chance.below(_DAYS))
    incident = arrest - dt.timedelta(days=chance.below(3))
    disposed = arrest + dt.timedelta(days=40 + chance.below(500))
    person = Participant(
        str(_FIRST_CASE + number * _STEP),
        str(_FIRST_PARTICIPANT + number * _STEP),
        stamp(arrest + dt.timedelta(days=1)),
        stamp(incident, timed=False),
        stamp(arrest),
        arrest,
        disposed,
        chance.pick(words.CATEGORIES),
        str(17 + chance.below(45)),
        chance.pick(words.RACES),
        chance.weighted(words.GENDERS),
        chance.pick(words.CITIES),
        chance.pick(words.AGENCIES),
        chance.pick(words.JUDGES),
        chance.below(len(words.COURTS)),
        [],
    )
    late = incident >= dt.date(2016, 7, 29)
    cannabis = chance.draw() < _CANNABIS_SHARE
    count = 1 + min(chance.below(4), chance.below(MOST_CHARGES))
    guilty = chance.draw() < 0.6
    for place in range(count):
        of_cannabis = cannabis and (place == 0 or chance.draw() < 0.3)
        offense = chance.weighted(_ERAS[late] if of_cannabis else _OTHERS)
        person.charges.append(charge_of(chance, number, place, offense, disposed, guilty=guilty and place == 0))
    return person


def charge_of(chance: Chance, number: int, place: int, offense: Offense, disposed: dt.date, *, guilty: bool) -> Charge:
    """A charge of an offense, with a sentence where it was found guilty."""
    key = number * 16 + place
    charge = Charge(
        str(_FIRST_CHARGE + key),
        str(_FIRST_VERSION + key * 4),
        offense.title,
        offense.chapter,
        offense.act,
        offense.section,
        offense.offense_class,
        offense.aoic,
        *chance.weighted(words.DROPPED),
        stamp(disposed),
    )
    if guilty:
        charge.disposition, charge.reason = chance.weighted(words.GUILTY), ""
        withheld = offense.offense_class in "4ABC" and offense.act in ("550", "570") and chance.draw() < 0.3
        type_, commitment, most, unit = chance.weighted(words.WITHHELD if withheld else words.SENTENCES)
        charge.sentences.append(
            Sentence("Original Sentencing", type_, commitment, str(1 + chance.below(most)), unit, stamp(disposed))
        )
    return charge
