"""What a charge of the Cannabis Control Act can have been: how many grams, and of which class.

A record seldom says how much there was. It says a section, a subsection, a class, a date or a few of these, and each
narrows what the charge can have been. All that it can have been are its *readings*; a question about the amount or the
class is answered where every reading gives the same answer. A blank cell leaves more readings, so it never settles
anything, and evidence that disagrees leaves none.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from clearslate.errors import PolicyError
from clearslate.model import Count, Grade, Section, Statute, span_of
from clearslate_illinois.endings import Ending

ACT = "720 ILCS 550"
CASUAL_DELIVERY = Section(ACT, "6")
POSSESSION = "4"
CIVIL = "civil"
"""The class that the table gives to a civil law violation, which is no crime and has none."""

Class = Literal["X", "1", "2", "3", "4", "A", "B", "C"]
FELONIES = frozenset({"X", "1", "2", "3", "4"})
CLASSES = frozenset({*FELONIES, "A", "B", "C"})
LESSER = frozenset({"4", "A", "B", "C"})
"""Class 4 felonies and misdemeanors."""

GRAMS = "grams"
LESSER_FACT = "class_4_or_misdemeanor"

# 720 ILCS 5/8-4(c): an attempt of a felony is punished a step lower; of Class 3 and 4 as a Class A misdemeanor.
_STEP_DOWN = MappingProxyType({"X": "1", "1": "2", "2": "3", "3": "A", "4": "A"})


class Tier(BaseModel):
    """One row of the table: a subsection while one text of it was in force.

    It is of more than ``over`` grams and of ``most`` at the most; a first offense is of class ``first``, a further one
    of class ``subsequent``. ``authority`` says whether the text was read (``statute``), an agency or a court quotes it
    (``secondary``), or nobody has confirmed it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: str
    section: str
    subdivision: str = Field(pattern="^[A-Z]$")
    since: dt.date
    until: dt.date | None
    over: float
    most: float | None
    first: Class | Literal["civil"]
    subsequent: Class | Literal["civil"]
    authority: Literal["statute", "secondary", "unconfirmed"]
    citation: str = Field(min_length=1)

    @field_validator("until", "most", mode="before")
    @classmethod
    def _blank_is_open(cls, value: Any) -> Any:
        return None if value == "" else value


class Reading(NamedTuple):
    """One thing that the charge can have been; ``offense_class`` is what it is punished as, an attempt a step lower."""

    tier: Tier
    offense_class: str
    over: float
    most: float | None

    @property
    def is_civil(self) -> bool:
        """Whether it is a civil law violation."""
        return self.offense_class == CIVIL


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the record says of the amount and the class; None where it says nothing.

    ``earliest`` and ``latest`` bound the day of the offense: it is no earlier than its own date and no later than the
    arrest. An offense and an arrest on two sides of a change in the law leave both texts possible.
    """

    statute: Statute
    earliest: dt.date | None
    latest: dt.date | None
    offense_class: str | None
    grade: Grade | None
    grams: float | None
    is_lesser: bool | None
    is_civil: bool


def read_tiers(name: str, text: str) -> tuple[Tier, ...]:
    """Read the table; raise PolicyError naming the row."""
    tiers = []
    for number, row in enumerate(csv.DictReader(text.splitlines()), 1):
        try:
            tiers.append(Tier.model_validate(row))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PolicyError(f"table [{name}] row {number}: [{where}] {first['msg']}; correct that cell") from error
    return tuple(tiers)


TIERS = read_tiers("tiers.csv", resources.files(__package__).joinpath("data/tiers.csv").read_text("utf-8"))
"""Every text of every subsection."""
_GRADED = frozenset((tier.act, tier.section) for tier in TIERS)


def number_of(value: object) -> float | None:
    """The number that a fact states; None for anything else, NaN too."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return float(value)


def is_graded(statute: Statute) -> bool:
    """Whether the table has the offense's section; casual delivery is punished as possession."""
    section = statute.section
    return section.bare == CASUAL_DELIVERY or (section.code, section.number) in _GRADED


def evidence_of(count: Count) -> Evidence | None:
    """What the record says; None where the statute cannot be read or is of another section."""
    statute = count.statute
    if statute is None or not is_graded(statute):
        return None
    lesser = count.facts.get(LESSER_FACT)
    return Evidence(
        statute=statute,
        earliest=span_of(count.committed).earliest,
        latest=count.arrest_span.latest,
        # What stands in the column and is no class (P, M, O, U, Z) says nothing of it.
        offense_class=count.offense_class if count.offense_class in CLASSES else None,
        grade=count.grade,
        grams=number_of(count.facts.get(GRAMS)),
        is_lesser=lesser if isinstance(lesser, bool) else None,
        is_civil=count.ended == Ending.CIVIL_VIOLATION,
    )


@lru_cache(maxsize=1 << 16)
def readings(evidence: Evidence) -> tuple[Reading, ...]:
    """All that the charge can have been; nothing where the evidence disagrees."""
    return tuple(reading for tier in TIERS if _fits(tier, evidence) for reading in _of_tier(tier, evidence))


def readings_of(count: Count) -> tuple[Reading, ...] | None:
    """All that the charge can have been; None where the statute cannot be read or is of another section."""
    evidence = evidence_of(count)
    return None if evidence is None else readings(evidence)


def _fits(tier: Tier, evidence: Evidence) -> bool:
    if not _is_of(tier, evidence.statute.section):
        return False
    if evidence.latest is not None and evidence.latest < tier.since:
        return False
    if evidence.earliest is not None and tier.until is not None and evidence.earliest >= tier.until:
        return False
    grams = evidence.grams
    return grams is None or (tier.over < grams and (tier.most is None or grams <= tier.most))


def _is_of(tier: Tier, section: Section) -> bool:
    """Whether the section, which may be printed without its subsection, is the tier's."""
    if section.bare == CASUAL_DELIVERY:
        return (tier.act, tier.section) == (ACT, POSSESSION)
    same = (tier.act, tier.section) == (section.code, section.number)
    return same and (not section.subdivisions or section.subdivisions[0] == tier.subdivision)


def _of_tier(tier: Tier, evidence: Evidence) -> Iterator[Reading]:
    over, most = tier.over, tier.most
    if evidence.grams is not None:
        over = most = evidence.grams
    for stated in dict.fromkeys((tier.first, tier.subsequent)):
        final = _STEP_DOWN.get(stated, stated) if evidence.statute.attempt else stated
        # The class column of an attempt may be that of the offense attempted.
        if any(_agrees(one, evidence) for one in {stated, final}) and _is_so(final, evidence):
            yield Reading(tier, final, over, most)


def _agrees(stated: str, evidence: Evidence) -> bool:
    """Whether class and grade, where the record states them, can be those of the class."""
    if stated == CIVIL:
        return evidence.offense_class is None and evidence.grade in (None, Grade.INFRACTION)
    grade = Grade.FELONY if stated in FELONIES else Grade.MISDEMEANOR
    return evidence.offense_class in (None, stated) and evidence.grade in (None, grade)


def _is_so(final: str, evidence: Evidence) -> bool:
    """Whether it is what a person says of the class, and a civil law violation where it ended as one."""
    if evidence.is_civil and final != CIVIL:
        return False
    return evidence.is_lesser is None or evidence.is_lesser is (final in LESSER)
