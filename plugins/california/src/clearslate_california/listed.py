"""The offenses that disqualify: superstrikes, and those that PC 290(c) makes a person register for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from clearslate.errors import PolicyError
from clearslate.model import Answer, Grade, Section, Statute, all_of, any_of
from clearslate.model.grammar import CODE_GUESSED, CODE_UNCLEAR
from clearslate_california.statutes import CALIFORNIA

_PATTERN = re.compile(r"(?:\([0-9A-Za-z]{1,4}\))+")
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)([A-Z]+)([0-9]*)")
_STRENGTHS = {"D": Answer.YES, "R": Answer.UNKNOWN, "N": Answer.NO}
_MOST_REMEMBERED = 1 << 16


class ListedRow(BaseModel):
    """One row of a table of listed offenses.

    ``subdivisions`` are patterns such as ``(a)(2)``, each with all below it; ``any`` is the
    section printed with or without them, ``bare`` without, ``other`` with or without but none of
    the patterns of another row. ``strength``: the section decides (D), leaves the question to
    facts that no record holds (R), or is not listed though it looks so (N). ``attempt``: an attempt
    is as the completed offense (D), leaves it open (R), is what the row is for (``only``), or counts,
    and a conspiracy too (``counts``). ``companion`` must stand in the same case; ``grade`` is one
    that the conviction must have.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    code: str = Field(pattern="^[A-Z]{2}$")
    number: str = Field(pattern=r"^[0-9]+(\.[0-9]+)?[A-Z]*$")
    subdivisions: str
    attempt: Literal["D", "R", "only", "counts"]
    strength: Literal["D", "R", "N"]
    companion: str
    grade: Literal["", "felony"]
    condition: str = Field(min_length=1)
    citation: str = Field(min_length=1)

    @field_validator("subdivisions")
    @classmethod
    def _are_patterns(cls, text: str) -> str:
        words = text.split()
        if not words or not all(word in ("any", "bare", "other") or _PATTERN.fullmatch(word) for word in words):
            raise ValueError("subdivisions are patterns such as (a)(2), or any, bare, other")
        return text

    @field_validator("companion")
    @classmethod
    def _is_section(cls, text: str) -> str:
        if text:
            Section.from_citation(text)
        return text


@dataclass(frozen=True, slots=True)
class _Entry:
    """One pattern of a row; ``depth`` says how specific it is."""

    row: ListedRow
    word: str
    subdivisions: tuple[str, ...]
    companion: Section | None

    @property
    def depth(self) -> int:
        if self.word == "bare":
            return 1
        return 2 + len(self.subdivisions) if self.subdivisions else 0

    def covers(self, section: Section) -> bool:
        if self.word == "bare":
            return not section.subdivisions
        return section.subdivisions[: len(self.subdivisions)] == self.subdivisions

    def is_within(self, section: Section) -> bool:
        """Whether the record printed less than the pattern, so that it may mean it."""
        depth = len(section.subdivisions)
        return depth < len(self.subdivisions) and self.subdivisions[:depth] == section.subdivisions

    def answer(self, statute: Statute, grade: Grade | None, companions: Sequence[Statute | None]) -> Answer:
        row = self.row
        if row.grade and grade is not None and grade.value != row.grade:
            return Answer.NO
        answer = _STRENGTHS[row.strength]
        if self.companion is not None:
            answer = all_of((answer, _stands_in(companions, statute, self.companion)))
        as_completed = not statute.conspiracy or row.attempt == "counts"
        as_completed = as_completed and not (statute.attempt and row.attempt == "R")
        return answer if as_completed or answer is Answer.NO else Answer.UNKNOWN


def _entries(row: ListedRow) -> Iterable[_Entry]:
    companion = Section.from_citation(row.companion) if row.companion else None
    for word in row.subdivisions.split():
        parts = () if word.isalpha() else tuple(word.upper().strip("()").split(")("))
        yield _Entry(row, word, parts, companion)


def _stands_in(companions: Sequence[Statute | None], statute: Statute, wanted: Section) -> Answer:
    """Whether the section stands in the case: stacked on the offense, or charged beside it."""

    answers = [section.could_be_within(wanted) for section in statute.sections]
    for companion in companions:
        answers += (
            [Answer.UNKNOWN]
            if companion is None
            else [section.could_be_within(wanted) for section in companion.sections]
        )
    return any_of(answers)


@dataclass(frozen=True)
class Listing:
    """A table of listed offenses, asked by parsed statute.

    The most specific row decides; a section printed with fewer subdivisions than every row that
    has some leaves it open. Of stacked sections the strongest answer counts. A conspiracy leaves
    open what the completed offense would not deny, unless the row counts it.
    """

    name: str
    rows: tuple[ListedRow, ...]
    _index: Mapping[tuple[str, str], tuple[_Entry, ...]] = field(init=False, repr=False, compare=False)
    _codes: frozenset[str] = field(init=False, repr=False, compare=False)
    _known: dict[tuple[Statute, str | None], Answer] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _needing: dict[Statute, bool] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        index: dict[tuple[str, str], tuple[_Entry, ...]] = {}
        for row in self.rows:
            key = (row.code, row.number)
            index[key] = index.get(key, ()) + tuple(_entries(row))
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_codes", frozenset(row.code for row in self.rows))

    @classmethod
    def load(cls, name: str) -> Listing:
        """Read the package's table ``data/<name>.csv``; raise PolicyError where a row breaks the schema."""
        text = resources.files(__package__ or __name__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
        rows: list[ListedRow] = []
        for number, cells in enumerate(csv.DictReader(text.splitlines()), start=1):
            try:
                rows.append(ListedRow.model_validate(cells))
            except ValidationError as error:
                place = ".".join(str(part) for part in error.errors()[0]["loc"])
                raise PolicyError(
                    f"table [{name}.csv], row [{number}], column [{place}]: {error.errors()[0]['msg']}; "
                    "install clearslate anew or mend the row"
                ) from error
        return cls(name, tuple(rows))

    def classify(
        self,
        statute: Statute,
        *,
        grade: Grade | None = None,
        companions: Sequence[Statute | None] = (),
    ) -> Answer:
        """Whether a conviction under ``statute`` is of a listed offense.

        ``companions`` are the statutes of the other counts of its case, None for an unreadable one;
        they matter only to rows that need one.
        """
        if companions and self.needs_companion(statute):
            return self._strongest(statute, grade, companions)
        key = (statute, None if grade is None else grade.value)
        answer = self._known.get(key)
        if answer is None:
            answer = self._strongest(statute, grade, ())
            if len(self._known) < _MOST_REMEMBERED:
                self._known[key] = answer
        return answer

    def needs_companion(self, statute: Statute) -> bool:
        """Whether a row for the statute asks for another section in the same case."""
        needs = self._needing.get(statute)
        if needs is None:
            needs = any(
                entry.companion is not None
                for section in statute.sections
                for code in self._possible_codes(section, statute)
                for entry in self._index.get((code, section.number), ())
            )
            if len(self._needing) < _MOST_REMEMBERED:
                self._needing[statute] = needs
        return needs

    def _strongest(self, statute: Statute, grade: Grade | None, companions: Sequence[Statute | None]) -> Answer:
        return any_of(self._section(section, statute, grade, companions) for section in statute.sections)

    def _section(
        self, section: Section, statute: Statute, grade: Grade | None, companions: Sequence[Statute | None]
    ) -> Answer:
        answers: list[Answer] = []
        for code in self._possible_codes(section, statute):
            coded = CALIFORNIA.settled(Section(code, section.number, section.subdivisions))
            answer = self._coded(coded, statute, grade, companions)
            surely = code == section.code
            answers.append(answer if surely or answer is Answer.NO else Answer.UNKNOWN)
        return any_of(answers)

    def _possible_codes(self, section: Section, statute: Statute) -> tuple[str, ...]:
        """The code as printed; where none was printed, also each that the table has for such a number."""
        printed = () if section.code is None else (section.code,)
        if section.code is not None and not {CODE_GUESSED, CODE_UNCLEAR} & set(statute.marks):
            return printed
        return printed + tuple(sorted(self._codes.difference(printed)))

    def _coded(
        self, section: Section, statute: Statute, grade: Grade | None, companions: Sequence[Statute | None]
    ) -> Answer:
        entries = self._index.get((section.code or "", section.number))
        if entries is not None:
            return _decide(entries, section, statute, grade, companions)
        respelled = self._respelled(section)
        if respelled is None:
            return Answer.NO
        entries = self._index[respelled.code or "", respelled.number]
        answer = _decide(entries, respelled, statute, grade, companions)
        return Answer.NO if answer is Answer.NO else Answer.UNKNOWN

    def _respelled(self, section: Section) -> Section | None:
        """A listed section that the record may mean by its letters: 261A2 for 261(a)(2), 653(F) for 653F."""
        match = _NUMBER.fullmatch(section.number)
        if match is not None:
            letters = tuple(part for part in match.groups()[1:] if part)
            other = Section(section.code, match[1], letters + section.subdivisions)
        elif section.subdivisions and section.subdivisions[0].isalpha():
            other = Section(section.code, section.number + section.subdivisions[0], section.subdivisions[1:])
        else:
            return None
        return other if (other.code, other.number) in self._index else None


def _decide(
    entries: Sequence[_Entry],
    section: Section,
    statute: Statute,
    grade: Grade | None,
    companions: Sequence[Statute | None],
) -> Answer:
    meant = [entry for entry in entries if statute.attempt or entry.row.attempt != "only"]
    covering = [entry for entry in meant if entry.covers(section)]
    if covering:
        deepest = max(entry.depth for entry in covering)
        return any_of(entry.answer(statute, grade, companions) for entry in covering if entry.depth == deepest)
    subdivided = [entry for entry in meant if entry.subdivisions]
    hidden = [entry for entry in subdivided if entry.is_within(section)]
    if not hidden and not any(_alike(entry.subdivisions[0], section.subdivisions[0]) for entry in subdivided):
        # Numbers where the table has letters: the record follows another version of the section.
        hidden = subdivided
    answers = [entry.answer(statute, grade, companions) for entry in hidden]
    return Answer.NO if all(answer is Answer.NO for answer in answers) else Answer.UNKNOWN


def _alike(listed: str, printed: str) -> bool:
    return listed.isdigit() == printed.isdigit()


SUPERSTRIKES = Listing.load("superstrikes")
"""PC 667(e)(2)(C)(iv). The table rests on secondary sources; what it leaves open goes to review."""

REGISTRABLE = Listing.load("registrable")
"""PC 290(c). Registration ordered under PC 290.006 is not among them."""
