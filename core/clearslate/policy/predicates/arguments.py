"""Argument types and small pieces that the predicates share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from clearslate.model import Answer, Count, Section, Span, Statute, all_of, any_of
from clearslate.model.grammar import CODE_UNCLEAR
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter, Other
from clearslate.policy.predicate import Predicate

Years = Annotated[int, Field(ge=0, le=150)]
Citation = Annotated[str, AfterValidator(lambda text: str(Section.from_citation(text)) and text)]
Citations = Annotated[list[Citation], Field(min_length=1)]
OnTheDay = Literal["within", "outside"]


def listed(items: Iterable[str]) -> str:
    """Join words as ``a, b or c``."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def disposed(count: Count) -> Fact:
    """The fact that the disposition's date is."""
    return Fact("disposed", count.disposed, count.place)


def leaves_open(statute: Statute) -> bool:
    """Whether the statute may be of its sections and may not: a conspiracy, or a code that may not be theirs."""
    return statute.conspiracy or CODE_UNCLEAR in statute.marks


class OfStatutes(Predicate):
    """What the predicates share that take a list of sections."""

    statutes: Citations
    _sections: tuple[Section, ...] = PrivateAttr(default=())
    _any: dict[Statute, Answer] = PrivateAttr(default_factory=dict)
    _all: dict[Statute, Answer] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _context: object) -> None:
        """Parse the citations once, and remember what was answered for each statute."""
        object.__setattr__(self, "_sections", tuple(Section.from_citation(text) for text in self.statutes))
        object.__setattr__(self, "_any", {})
        object.__setattr__(self, "_all", {})

    def covers(self, section: Section) -> Answer:
        """Whether the section is one of those listed, unknown where the record stops short."""
        return any_of(section.could_be_within(listed) for listed in self._sections)

    def is_any(self, statute: Statute | None) -> Answer:
        """Whether the statute or one stacked on it is one of those listed; unknown where it leaves that open."""
        if statute is None:
            return Answer.UNKNOWN
        answer = self._any.get(statute)
        if answer is None:
            answer = any_of(map(self.covers, statute.sections))
            if answer is Answer.YES and leaves_open(statute):
                answer = Answer.UNKNOWN
            self._any[statute] = answer
        return answer

    def is_wholly(self, statute: Statute | None) -> Answer:
        """Whether the statute and all stacked on it are of those listed; unknown where it leaves that open.

        The number of one of them under another code's letters leaves it open too.
        """
        if statute is None:
            return Answer.UNKNOWN
        answer = self._all.get(statute)
        if answer is None:
            answer = all_of(map(self._covers_number, statute.sections))
            if answer is Answer.YES and leaves_open(statute):
                answer = Answer.UNKNOWN
            self._all[statute] = answer
        return answer

    def _covers_number(self, section: Section) -> Answer:
        other_code = any(section.number == listed.number and section.code != listed.code for listed in self._sections)
        answer = self.covers(section)
        return Answer.UNKNOWN if other_code and answer is Answer.NO else answer


def years_ago(span: Span, years: int, as_of: dt.date, on_the_day: OnTheDay) -> Answer:
    """Whether ``years`` calendar years have passed; on the anniversary itself only if ``outside``."""
    end = span.plus_years(years)
    return end.on_or_before(as_of) if on_the_day == "outside" else end.before(as_of)


def gaps(matter: Matter) -> tuple[Fact, ...]:
    """The rejected rows of the person, any of which may be a conviction."""
    return tuple(Fact("other_convictions", None, place) for place in matter.person.missing_rows)


def over_others(matter: Matter, answers: Iterable[tuple[Other, Answer]], lacking: str) -> Finding:
    """Whether any other conviction holds, naming those that do or could.

    ``lacking`` is the fact that is missing where a conviction is certain and the answer is not.
    """
    yes: list[Fact] = []
    unknown: list[Fact] = []
    for other, answer in answers:
        held = all_of((other.exists, answer))
        if held is Answer.YES:
            yes.append(Fact("other_convictions", other.conviction.statute, other.conviction.place))
        elif held is Answer.UNKNOWN:
            lacked = lacking if other.exists is Answer.YES else "other_convictions"
            unknown.append(Fact(lacked, None, other.conviction.place))
    if yes:
        return Finding(Answer.YES, tuple(yes))
    unknown += gaps(matter)
    if unknown:
        return Finding(Answer.UNKNOWN, (), tuple(unknown))
    return Finding(Answer.NO, (Fact("other_convictions", 0),))
