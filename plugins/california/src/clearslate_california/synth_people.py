"""Invented persons: drawn with a seeded chance, as cases and charges.

Chance is drawn with ``Random.random`` alone, whose sequence for a seed Python guarantees.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from random import Random
from typing import TypeVar

from clearslate_california import synth_words as words
from clearslate_california.columns import COLUMNS

T = TypeVar("T")

OLDEST = dt.date(1970, 1, 1).toordinal()
NEWEST = dt.date(2020, 12, 31).toordinal()
REFORMED = dt.date(2016, 11, 9).toordinal()
"""Marijuana convictions are drawn before this day, on which the new law took force."""


class Chance:
    """Draws from a seed, the same on every Python."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed).random

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` - 1."""
        return int(self.draw() * limit)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[int(self.draw() * len(choices))]

    def often(self, mean: float) -> int:
        """A number of times with this mean: many draw few, few draw many."""
        going_on = mean / (1 + mean)
        times = 0
        while times < 60 and self.draw() < going_on:
            times += 1
        return times


class Weighted:
    """Choices of which some are likelier; the first item of each is its weight."""

    def __init__(self, choices: Sequence[tuple[int, ...] | tuple[int, str] | words.Offense]) -> None:
        self._choices = choices
        self._sums = list(accumulate(int(choice[0]) for choice in choices))

    def pick(self, chance: Chance) -> tuple[str, ...]:
        """The rest of one choice."""
        place = bisect_right(self._sums, int(chance.draw() * self._sums[-1]))
        return tuple(str(item) for item in self._choices[place][1:])


PROP64 = Weighted(words.PROP64)
OTHERS = Weighted(words.OTHERS)
CONVICTED = Weighted(words.CONVICTED)
NOT_CONVICTED = Weighted(words.NOT_CONVICTED)


@dataclass(slots=True)
class Charge:
    """One count; ``parts`` are (place, length, unit) as printed, ``cells`` replace those of its court rows."""

    offense: str
    toc: str
    disposition: str
    grade: str = ""
    parts: list[tuple[str, str, str]] = field(default_factory=list)
    comment: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    fields: int = len(COLUMNS)


@dataclass(slots=True)
class Step:
    """A later court action on one charge of a case."""

    disposition: str
    charge: int
    day: int


@dataclass(slots=True)
class Case:
    """One arrest and what came of it; ``disposed`` is None where no court acted."""

    county: str
    arrested: int
    disposed: int | None
    charges: list[Charge]
    number: str = ""
    later: list[Step] = field(default_factory=list)
    interleaved: bool = False


@dataclass(slots=True)
class Individual:
    """One invented person; ``marijuana`` is the case that plants are put in."""

    subject: str
    cii: str
    name: str
    sex: str
    race: tuple[str, str]
    birth: int
    body: tuple[str, str, str, str]
    cases: list[Case]
    marijuana: Case
    died: int | None = None
    registered: list[tuple[int, str]] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    last_cells: dict[str, str] = field(default_factory=dict)


@cache
def stamp(day: int) -> str:
    """The day as the file prints it."""
    date = dt.date.fromordinal(day)
    return f"{date.year:04d}{date.month:02d}{date.day:02d}"


def convicted(chance: Chance, offense: str, grades: str) -> Charge:
    """A charge that ended in a conviction, with a sentence that suits it."""
    toc = grades[0]
    grade = grades[-1] if chance.draw() < 0.3 else toc
    disposition = CONVICTED.pick(chance)[0]
    parts: list[tuple[str, str, str]] = []
    if grade == "I" or disposition.endswith("FINE"):
        parts.append(("FINE", "", ""))
    elif disposition.endswith("PRISON") and grade == "F":
        parts.append(("PRISON", str(1 + chance.below(4)), "Y"))
    else:
        parts.append(("PROBATION", str(1 + chance.below(3)), "Y") if chance.draw() < 0.8 else _jail(chance))
    while len(parts) < 3 and chance.draw() < 0.27:
        parts.append(_jail(chance) if len(parts) == 1 else ("FINE", "", ""))
    return Charge(offense, toc, disposition, {"F": "FELONY", "M": "MISDEMEANOR", "I": "INFRACTION"}[grade], parts)


def _jail(chance: Chance) -> tuple[str, str, str]:
    if chance.draw() < 0.7:
        return ("JAIL", f"{1 + chance.below(100):03d}", "D")
    return ("JAIL", str(1 + chance.below(12)), "M")


def open_case(chance: Chance, county: str, since: int, until: int) -> Case:
    """A case without charges on days between the two."""
    arrested = since + chance.below(max(1, until - since))
    return Case(
        county,
        arrested,
        arrested + 3 + chance.below(90),
        [],
        f"{chr(65 + chance.below(26))}{chance.below(900000) + 100000}",
    )


def draw(chance: Chance, number: int, county: str) -> Individual:
    """One person: a marijuana conviction or more in ``county``, and other cases there and elsewhere."""
    birth = OLDEST - 365 * 28 + chance.below(365 * 56)
    since = max(OLDEST, birth + 365 * 18)
    until = min(NEWEST, birth + 365 * 70)
    before = max(since + 30, min(until, REFORMED - 120))
    luck = chance.draw()
    marijuana: list[Case] = []
    for _ in range(1 if luck < 0.8 else 2 if luck < 0.95 else 3):
        case = open_case(chance, county, since, before)
        case.charges.append(convicted(chance, *PROP64.pick(chance)))
        marijuana.append(case)
    cases = list(marijuana)
    left = chance.often(5.4)
    while left > 0:
        case = open_case(chance, county if chance.draw() < 0.75 else chance.pick(words.COUNTIES), since, until)
        size = min(left, 1 + chance.below(3))
        left -= size
        case.charges.extend(convicted(chance, *OTHERS.pick(chance)) for _ in range(size))
        if chance.draw() < 0.3:
            offense, grades = OTHERS.pick(chance)
            case.charges.append(Charge(offense, grades[0], NOT_CONVICTED.pick(chance)[0]))
        cases.append(case)
    for _ in range(chance.often(1.6)):
        case = open_case(chance, county if chance.draw() < 0.75 else chance.pick(words.COUNTIES), since, until)
        offense, grades = (PROP64 if chance.draw() < 0.1 else OTHERS).pick(chance)
        case.charges.append(Charge(offense, grades[0], NOT_CONVICTED.pick(chance)[0]))
        if chance.draw() < 0.5:
            case.disposed = None
        cases.append(case)
    for case in cases:
        if case.disposed is not None and chance.draw() < 0.04 and case.charges[0].grade:
            case.later.append(Step("CONV SET ASIDE & DISM PER 1203.4 PC", 0, case.disposed + 1000 + chance.below(700)))
        elif chance.draw() < 0.02 and case.disposed is not None and case.charges[0].parts:
            case.later.append(Step("PROBATION REVOKED", 0, case.disposed + 60 + chance.below(300)))
    surname = chance.pick(words.SYLLABLES) + chance.pick(words.SYLLABLES)
    if chance.draw() < 0.4:
        surname += chance.pick(words.SYLLABLES)
    body = (
        chance.pick(words.EYES),
        chance.pick(words.HAIR),
        f"{5 + chance.below(2)}{chance.below(12):02d}",
        f"{110 + chance.below(150)}",
    )
    return Individual(
        subject=str(10000001 + number),
        cii=f"A{20000001 + number}",
        name=f"{surname},{chance.pick(words.GIVEN)}",
        sex="F" if chance.draw() < 0.22 else "M",
        race=chance.pick(words.RACES),
        birth=birth,
        body=body,
        cases=cases,
        marijuana=marijuana[0],
        died=min(NEWEST, until) if chance.draw() < 0.02 else None,
    )
