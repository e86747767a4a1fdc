"""Statutes as parsed things: compared by code, section and subdivision, never by substring."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from clearslate.model.answer import Answer

_CITATION = re.compile(
    r"(?:(?P<act>[0-9]+ [A-Z]{2,} [0-9][0-9.]*)/|(?P<code>(?:[0-9]+ )?[A-Z]{2,}(?: [A-Z]+)*) )"
    r"(?P<number>[0-9][0-9A-Za-z./-]*)(?P<subs>(?:\([0-9A-Za-z.-]+\))*)"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of one code, such as HS 11357(b)(2), or of one act, such as 720 ILCS 550/4(d).

    An act is a ``code`` that ends in its number (720 ILCS 550). ``code`` is None where the record printed none and
    none could be supplied; ``number`` keeps a letter that belongs to it (PC 288A, PC 273AB); ``subdivisions`` are upper
    case, outermost first.
    """

    code: str | None
    number: str
    subdivisions: tuple[str, ...] = ()

    @classmethod
    def from_citation(cls, text: str) -> Section:
        """Read the form that policies and tables use; raise ValueError for another.

        It is ``HS 11357(b)(2)``, ``21 USC 844``, or ``720 ILCS 550/4(d)`` where a code is cut into numbered acts.
        """
        match = _CITATION.fullmatch(text)
        if match is None:
            raise ValueError(f"[{text}] is not a section such as HS 11357(b)")
        subdivisions = tuple(part.upper() for part in match["subs"].strip("()").split(")(") if part)
        return cls(match["code"] or match["act"], match["number"].upper(), subdivisions)

    def within(self, other: Section) -> bool:
        """Whether this is ``other`` or one of its subdivisions: HS 11357(b)(2) is within HS 11357."""
        return (
            self.code == other.code
            and self.number == other.number
            and self.subdivisions[: len(other.subdivisions)] == other.subdivisions
        )

    def could_be_within(self, other: Section) -> Answer:
        """Whether this is within ``other``, where the record may say less than it should.

        Unknown where the record prints no code, or stops short of the subdivision asked for:
        a record of HS 11357 may be one of HS 11357(c).
        """
        if self.number != other.number or self.code not in (other.code, None):
            return Answer.NO
        shared = min(len(self.subdivisions), len(other.subdivisions))
        if self.subdivisions[:shared] != other.subdivisions[:shared]:
            return Answer.NO
        complete = self.code is not None and len(self.subdivisions) >= len(other.subdivisions)
        return Answer.YES if complete else Answer.UNKNOWN

    @property
    def bare(self) -> Section:
        """The section without subdivisions."""
        return Section(self.code, self.number)

    def __str__(self) -> str:
        subdivisions = "".join(f"({part.lower()})" for part in self.subdivisions)
        if self.code is not None and self.code[-1].isdigit():
            # Acts number their sections with letters in capitals: 720 ILCS 5/33A-2.
            return f"{self.code}/{self.number}{subdivisions}"
        return f"{self.code or '?'} {self.number.lower()}{subdivisions}"


@dataclass(frozen=True, slots=True)
class Statute:
    """What a count charges: the offense's section, those stacked on it, and how it was charged.

    ``marks`` name what the grammar had to guess or noticed (upper case, a closed set per grammar);
    ``raw`` is the text as the record printed it, and equality ignores it.
    """

    section: Section
    stacked: tuple[Section, ...] = ()
    attempt: bool = False
    conspiracy: bool = False
    marks: tuple[str, ...] = ()
    raw: str = field(default="", compare=False)
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        same = (self.section, self.stacked, self.attempt, self.conspiracy, self.marks)
        object.__setattr__(self, "_hash", hash(same))

    def __hash__(self) -> int:
        # Statutes are the key of every memo on the hot path.
        return self._hash

    def __reduce__(self) -> tuple[type[Statute], tuple[object, ...]]:
        # Made anew in another process, where strings hash otherwise.
        return Statute, (self.section, self.stacked, self.attempt, self.conspiracy, self.marks, self.raw)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The offense's section, then the stacked ones."""
        return (self.section, *self.stacked)

    def __str__(self) -> str:
        text = " / ".join(str(section) for section in self.sections)
        if self.conspiracy:
            text = f"conspiracy: {text}"
        return f"attempt: {text}" if self.attempt else text
