"""Violent crimes: 725 ILCS 120/3(c), asked of a parsed statute and the class of the offense.

The act names few sections. It names kinds: a felony in which force or its threat was used against the victim (group
1), sexual exploitation, conduct or penetration (2), child pornography (3), domestic battery and stalking (4), violation
of an order of protection (5), a misdemeanor that results in death or great bodily harm (6), and manslaughter, reckless
homicide and driving under the influence where somebody was hurt (7). The table says for each section which of these it
is, and on what that rests; ``strength`` is ``statute`` where the text names the offense, ``inference`` where it follows
from the offense's elements, ``memory`` where those were not looked up.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from clearslate.errors import PolicyError
from clearslate.model import Answer, Section, Statute, any_of
from clearslate_illinois.statutes import ACT_UNCLEAR, OFFENSE_MISSING

FELONY_CLASSES = frozenset("MX1234")
"""M is first degree murder."""
MISDEMEANOR_CLASSES = frozenset("ABCP")
"""P is a petty offense, which is less."""

_ANSWERS = {"yes": Answer.YES, "no": Answer.NO, "unknown": Answer.UNKNOWN}


class ViolentRow(BaseModel):
    """One row of the table: ``section`` is a citation, ``…/16-*`` for a whole article or ``…/*`` for a whole act.

    A row with ``grade`` is of the offense as a felony: as a misdemeanor one that says yes leaves it open, and one that
    leaves it open says no.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    section: str
    grade: Literal["", "felony"]
    answer: Literal["yes", "no", "unknown"]
    group: Literal["1", "2", "3", "4", "5", "6", "7"]
    strength: Literal["statute", "inference", "memory"]
    note: str = Field(min_length=1)

    @field_validator("section")
    @classmethod
    def _is_section(cls, text: str) -> str:
        Section.from_citation(text.replace("-*", "-1").replace("*", "1"))
        return text


class _Table(NamedTuple):
    sections: Mapping[tuple[str | None, str], tuple[tuple[Section, ViolentRow], ...]]
    articles: Mapping[tuple[str | None, str], ViolentRow]
    acts: Mapping[str | None, ViolentRow]


def load() -> tuple[ViolentRow, ...]:
    """Read the package's table; raise PolicyError where a row breaks the schema."""
    text = resources.files(__package__ or __name__).joinpath("data", "violent.csv").read_text(encoding="utf-8")
    rows: list[ViolentRow] = []
    for number, cells in enumerate(csv.DictReader(text.splitlines()), start=1):
        try:
            rows.append(ViolentRow.model_validate(cells))
        except ValidationError as error:
            place = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise PolicyError(
                f"table [violent.csv], row [{number}], column [{place}]: {error.errors()[0]['msg']}; "
                "install clearslate anew or mend the row"
            ) from error
    return tuple(rows)


def _indexed(rows: tuple[ViolentRow, ...]) -> _Table:
    sections: dict[tuple[str | None, str], tuple[tuple[Section, ViolentRow], ...]] = {}
    articles: dict[tuple[str | None, str], ViolentRow] = {}
    acts: dict[str | None, ViolentRow] = {}
    for row in rows:
        if row.section.endswith("*"):
            act, _, article = row.section.removesuffix("*").replace("/", " / ").rpartition(" ")
            if article:
                articles[act.removesuffix(" /").strip(), article.removesuffix("-")] = row
            else:
                acts[act.removesuffix("/").strip()] = row
        else:
            section = Section.from_citation(row.section)
            key = (section.code, section.number)
            sections[key] = (*sections.get(key, ()), (section, row))
    return _Table(sections, articles, acts)


ROWS = load()
_TABLE = _indexed(ROWS)


@lru_cache(maxsize=1 << 14)
def is_violent(statute: Statute | None, offense_class: str | None) -> Answer:
    """Whether a charge under ``statute`` is of a violent crime.

    ``offense_class`` is M, X, 1 to 4 for a felony and A, B, C or P for less, None where it is not known. An attempt is
    as the completed offense. A felony that no row names may have been one with force; a lesser offense that none names
    is taken for one without death or great bodily harm. What depends on an injury or on force is unknown.
    """
    if statute is None or OFFENSE_MISSING in statute.marks:
        return Answer.UNKNOWN
    answer = any_of(_of_section(section, statute, offense_class) for section in statute.sections)
    return Answer.UNKNOWN if statute.conspiracy and answer is Answer.YES else answer


def _of_section(section: Section, statute: Statute, offense_class: str | None) -> Answer:
    rows = _TABLE.sections.get((section.code, section.number), ())
    covering = [(listed, row) for listed, row in rows if section.within(listed)]
    hidden = [row for listed, row in rows if section.could_be_within(listed) is Answer.UNKNOWN]
    row = max(covering, key=lambda pair: len(pair[0].subdivisions))[1] if covering else None
    if row is None:
        article = section.number.partition("-")[0] if "-" in section.number else ""
        row = _TABLE.articles.get((section.code, article)) or _TABLE.acts.get(section.code)
    answer = _general(statute, offense_class) if row is None else _of_row(row, statute, offense_class)
    others = set() if covering else {_of_row(other, statute, offense_class) for other in hidden}
    return answer if others <= {answer} else Answer.UNKNOWN


def _of_row(row: ViolentRow, statute: Statute, offense_class: str | None) -> Answer:
    answer = _ANSWERS[row.answer]
    if not row.grade:
        return answer
    if offense_class in MISDEMEANOR_CLASSES:
        return Answer.UNKNOWN if answer is Answer.YES else Answer.NO
    # An attempt of a felony may be a misdemeanor.
    return Answer.UNKNOWN if statute.attempt and offense_class not in FELONY_CLASSES else answer


def _general(statute: Statute, offense_class: str | None) -> Answer:
    lesser = offense_class in MISDEMEANOR_CLASSES and ACT_UNCLEAR not in statute.marks
    return Answer.NO if lesser else Answer.UNKNOWN
