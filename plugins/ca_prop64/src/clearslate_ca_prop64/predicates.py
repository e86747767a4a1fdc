"""Questions that only Proposition 64 asks: its letters, its amounts, its records due for destruction."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from clearslate.model import Answer, Section, Statute, all_of, any_of, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.predicates.arguments import Citations, OfStatutes, listed
from clearslate.policy.predicates.statutes import SameCaseHas, StatuteIn

Names = Annotated[list[str], Field(min_length=1)]
Prop64Section = Literal["11357", "11358", "11359", "11360"]
ADULT = 18


def _statute(matter: Matter) -> Fact:
    return Fact("statute", matter.count.statute, matter.count.place)


class SubdivisionNotOfItsDate(Predicate):
    """Whether the record prints a subdivision that the law of the offense's date did not have.

    ``statutes`` are the sections asked about, ``law`` every subdivision that they had before ``until``.
    """

    name = "subdivision_not_of_its_date"
    statutes: Citations
    law: Citations
    until: dt.date
    _asked: StatuteIn = PrivateAttr()
    _had: frozenset[Section] = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the lists once."""
        object.__setattr__(self, "_asked", StatuteIn(statutes=self.statutes))
        object.__setattr__(self, "_had", frozenset(Section.from_citation(text) for text in self.law))

    def _holds(self, statute: Statute) -> bool:
        section = statute.section
        return bool(section.subdivisions) and not self._was_had(section) and self._asked.may_concern(statute)

    def _was_had(self, section: Section) -> bool:
        # A section without its code is that of the list: what lacks letters is never taken for newer law.
        return any(
            section.number == had.number and section.subdivisions == had.subdivisions
            for had in self._had
            if section.code in (had.code, None)
        )

    def ask(self, matter: Matter) -> Finding:
        """Answer from the subdivision as printed and the arrest, which stands for the offense."""
        count = matter.count
        if count.statute is None:
            return finding(Answer.UNKNOWN, _statute(matter))
        if not self._holds(count.statute):
            return known(False, _statute(matter))
        facts = (_statute(matter), Fact("arrested", count.cycle.arrested, count.place))
        asked = self._asked.ask(matter).answer
        return finding(all_of((asked, count.arrest_span.before(self.until))), *facts)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or self._holds(statute)

    def words(self) -> str:
        """The condition in plain English."""
        sections = listed(self.statutes)
        return f"the record prints a subdivision of {sections} that the law before {self.until} did not have"

    def denial(self) -> str:
        """The opposite in plain English."""
        sections = listed(self.statutes)
        return f"the record prints no subdivision of {sections} but those of the law before {self.until}"


class UnderOldNumber(OfStatutes):
    """Whether the record prints one of the sections, stacked ones too, for an arrest before ``until``.

    Since then the numbers are of another law, or of none.
    """

    name = "under_old_number"
    until: dt.date

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sections as printed and the arrest, which stands for the offense."""
        count = matter.count
        printed = self._printed(count.statute)
        if printed is Answer.NO:
            return known(False, _statute(matter))
        facts = (_statute(matter), Fact("arrested", count.cycle.arrested, count.place))
        return finding(all_of((printed, count.arrest_span.before(self.until))), *facts)

    def _printed(self, statute: Statute | None) -> Answer:
        return Answer.UNKNOWN if statute is None else any_of(map(self.covers, statute.sections))

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return self._printed(statute) is not Answer.NO

    def words(self) -> str:
        """The condition in plain English."""
        return f"the offense is {listed(self.statutes)} of the law before {self.until}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the offense is not {listed(self.statutes)} of the law before {self.until}"


class SubdivisionNotStated(OfStatutes):
    """Whether the record prints one of the sections without any subdivision."""

    name = "subdivision_not_stated"
    of_plain_count = True

    def _holds(self, statute: Statute | None) -> Answer:
        if statute is None:
            return Answer.UNKNOWN
        return Answer.NO if statute.section.subdivisions else self.covers(statute.section)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the statute as printed; unknown where it lacks its code."""
        return finding(self._holds(matter.count.statute), _statute(matter))

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return self._holds(statute) is not Answer.NO

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record prints {listed(self.statutes)} without a subdivision"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the record does not print {listed(self.statutes)} without a subdivision"


class Registered(OfStatutes):
    """Whether the record holds a registration under one of the sections, of any date."""

    name = "registered"

    def ask(self, matter: Matter) -> Finding:
        """Answer from the registration events; a row that cannot be read may be one."""
        person = matter.person
        answers = [
            Answer.UNKNOWN if event.statute is None else any_of(map(self.covers, event.statute.sections))
            for event in person.registrations
        ]
        if Answer.YES in answers:
            place = person.registrations[answers.index(Answer.YES)].place
            return known(True, Fact("registration", self.statutes, place))
        open_facts = [
            Fact("registration", None, event.place)
            for event, answer in zip(person.registrations, answers, strict=True)
            if answer is Answer.UNKNOWN
        ]
        open_facts += [Fact("registration", None, place) for place in person.missing_rows]
        return Finding(Answer.UNKNOWN, (), tuple(open_facts)) if open_facts else known(False, Fact("registration", 0))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person is registered under {listed(self.statutes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person is not registered under {listed(self.statutes)}"


class SectionChosen(Predicate):
    """Whether the offense is of one of the four sections that the office chose; none may be chosen."""

    name = "section_chosen"
    of_plain_count = True
    sections: list[Prop64Section]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute; attempts and subdivisions follow their section."""
        statute = matter.count.statute
        if statute is None:
            return finding(Answer.UNKNOWN, _statute(matter))
        chosen = any_of(statute.section.could_be_within(Section("HS", number)) for number in self.sections)
        return finding(chosen, _statute(matter))

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or statute.section.number in self.sections

    def words(self) -> str:
        """The condition in plain English."""
        return f"the offense is of a section that the office chose ({', '.join(self.sections) or 'none'})"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the offense is of no section that the office chose ({', '.join(self.sections) or 'none'})"


class FactUnknown(Predicate):
    """Whether a fact that matters for one of the sections is not known; always known itself."""

    name = "fact_unknown"
    of_plain_count = True
    statutes: Citations
    facts: Names
    _asked: StatuteIn = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the list once."""
        object.__setattr__(self, "_asked", StatuteIn(statutes=self.statutes))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the facts that the source supplied."""
        statute = matter.count.statute
        if statute is None or not self._asked.may_concern(statute):
            return known(False, _statute(matter))
        lacking = [name for name in self.facts if matter.count.facts.get(name) is None]
        return known(bool(lacking), _statute(matter), *(Fact(name, None, matter.count.place) for name in lacking))

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is not None and self._asked.may_concern(statute)

    def fact_names(self) -> tuple[str, ...]:
        """The facts that it asks for."""
        return tuple(self.facts)

    def words(self) -> str:
        """The condition in plain English."""
        what = listed(fact.replace("_", " ") for fact in self.facts)
        return f"for {listed(self.statutes)} the record does not give {what}"

    def denial(self) -> str:
        """The opposite in plain English."""
        what = " and ".join(fact.replace("_", " ") for fact in self.facts)
        return f"the offense is not {listed(self.statutes)}, or the record gives {what}"


class StandsWith(Predicate):
    """Whether the offense is one of the sections and its arrest also has one of the companions.

    Every row of the arrest counts, so that a charge dropped in a plea is seen.
    """

    name = "stands_with"
    statutes: Citations
    companions: Citations
    _asked: StatuteIn = PrivateAttr()
    _beside: SameCaseHas = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the lists once."""
        object.__setattr__(self, "_asked", StatuteIn(statutes=self.statutes))
        object.__setattr__(self, "_beside", SameCaseHas(statutes=self.companions, where="cycle"))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the offense and the other rows of its arrest."""
        offense = self._asked.ask(matter)
        return offense if offense.answer is not Answer.YES else self._beside.ask(matter)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return self._asked.may_concern(statute)

    def words(self) -> str:
        """The condition in plain English."""
        return f"{self._asked.words()} and {self._beside.words()}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"{self._asked.denial()}, or the same arrest does not have {listed(self.companions)}"


class ChargedTogetherWithCode(Predicate):
    """Whether another row of the same arrest is of one of the codes, whatever its section."""

    name = "charged_together_with_code"
    codes: Names

    def _is_one(self, section: Section) -> Answer:
        return Answer.of(None if section.code is None else section.code in self.codes)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the rows of the arrest, dismissed ones included; a section without its code may be one."""
        count = matter.count
        answers = [
            Answer.UNKNOWN if statute is None else any_of(map(self._is_one, statute.sections))
            for statute in count.cycle.charged
        ]
        if matter.history.has_gaps:
            answers.append(Answer.UNKNOWN)
        return finding(any_of(answers), Fact("cycle", tuple(self.codes), count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the same arrest also has an offense of the {listed(self.codes)} code"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the same arrest has no offense of the {listed(self.codes)} code"


class DueForDestruction(Predicate):
    """Whether the law had the record of this conviction destroyed before the day of decision.

    Convictions of ``statutes`` on or after ``since`` are due once more than ``years`` have passed;
    so are those of ``statutes_under_18`` where the person was under 18 at the arrest.
    """

    name = "due_for_destruction"
    statutes: Citations
    statutes_under_18: Citations
    since: dt.date
    years: Annotated[int, Field(ge=1)]
    _anyone: StatuteIn = PrivateAttr()
    _minors: StatuteIn = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the lists once."""
        object.__setattr__(self, "_anyone", StatuteIn(statutes=self.statutes))
        object.__setattr__(self, "_minors", StatuteIn(statutes=self.statutes_under_18))

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        count = matter.count
        anyone, of_minors = self._anyone.answer(matter), self._minors.answer(matter)
        minor = count.arrest_span.precedes(span_of(matter.person.birth_date).plus_years(ADULT))
        covered = any_of((anyone, all_of((of_minors, minor))))
        if covered is Answer.NO:
            return covered
        disposed = count.disposed_span
        return all_of((covered, ~disposed.before(self.since), disposed.plus_years(self.years).before(matter.as_of)))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the section, the age at the arrest and the disposition's date."""
        count = matter.count
        facts = [_statute(matter), Fact("disposed", count.disposed, count.place)]
        if self._anyone.answer(matter) is not Answer.YES and self._minors.answer(matter) is not Answer.NO:
            facts += [
                Fact("arrested", count.cycle.arrested, count.place),
                Fact("birth_date", matter.person.birth_date),
            ]
        return finding(self.answer(matter), *facts)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return self._anyone.may_concern(statute) or self._minors.may_concern(statute)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record of this conviction was due for destruction {self.years} years after it"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the record of this conviction was not due for destruction {self.years} years after it"


PROP64_PREDICATES: tuple[type[Predicate], ...] = (
    ChargedTogetherWithCode,
    DueForDestruction,
    FactUnknown,
    Registered,
    SectionChosen,
    StandsWith,
    SubdivisionNotOfItsDate,
    SubdivisionNotStated,
    UnderOldNumber,
)
"""The predicates that this plugin adds to the core's and California's."""
