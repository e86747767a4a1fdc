"""Questions of this law alone: the amount, the class, how the charge ended, and what goes with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import Field, PrivateAttr

from clearslate.model import Answer, Statute, all_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known, supplied
from clearslate.policy.predicates.arguments import OfStatutes, listed
from clearslate_il_cannabis import amount, outcome
from clearslate_il_cannabis.amount import Class, Reading, readings_of
from clearslate_il_cannabis.contradictions import RecordContradicts
from clearslate_il_cannabis.outcome import RESULT_WORDS, Result
from clearslate_il_cannabis.times import (
    ArrestedYearsAgo,
    DisposedDaysAgo,
    OffenseStatedBefore,
    SentenceComplete,
    YearsSinceSentence,
)
from clearslate_illinois.predicates import ViolentAssociation
from clearslate_illinois.statutes import suggested

MostGrams = Annotated[float, Field(gt=0)]
Classes = Annotated[list[Class], Field(min_length=1)]


def _in_every(found: tuple[Reading, ...] | None, holds: Callable[[Reading], Answer]) -> Answer:
    """Whether it holds whatever the charge was; unknown where nothing is left that it can have been."""
    answers = {holds(reading) for reading in found or ()}
    return answers.pop() if len(answers) == 1 else Answer.UNKNOWN


def _of_readings(matter: Matter, answer: Answer, *asked: str) -> Finding:
    """The finding on what the record says; ``asked`` are the reform's facts that would settle it."""
    count = matter.count
    facts = [
        Fact("statute", count.statute, count.place),
        Fact("class", count.offense_class, count.place),
        Fact("grade", count.grade, count.place),
        Fact("committed", count.committed, count.place),
        Fact("arrested", count.cycle.arrested, count.place),
        *(supplied(matter, name) for name in asked),
    ]
    if answer is not Answer.UNKNOWN:
        return Finding(answer, tuple(fact for fact in facts if fact.value is not None))
    found = readings_of(count)
    lacking = {"class", *asked}
    if found is None or (count.statute is not None and not count.statute.section.subdivisions):
        lacking.add("statute")
    texts = {(reading.tier.subdivision, reading.tier.since) for reading in found or ()}
    if len(texts) > len({subdivision for subdivision, _ in texts}):
        lacking |= {"committed", "arrested"}
    # A date may be stated and still leave two texts of the law possible.
    open_facts = [fact._replace(value=None) for fact in facts if fact.name in lacking and not _settles(fact)]
    return Finding(answer, (), tuple(open_facts))


def _settles(fact: Fact) -> bool:
    return fact.value is not None and fact.name not in ("statute", "committed", "arrested")


class MinorAmount(Predicate):
    """Whether the charge was of at most so many grams, by the grams, the subsection of its day, or the class.

    Each narrows what it can have been, and so do a date and a grade; it is unknown where that leaves amounts on both
    sides. A subsection has another amount on each side of 29 July 2016.
    """

    name = "minor_amount"
    most: MostGrams

    def _of(self, reading: Reading) -> Answer:
        if reading.most is not None and reading.most <= self.most:
            return Answer.YES
        # A known amount is its own bound; a tier begins above its lower one.
        exact = reading.over == reading.most
        above = reading.over > self.most if exact else reading.over >= self.most
        return Answer.NO if above else Answer.UNKNOWN

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return _in_every(readings_of(matter.count), self._of)

    def ask(self, matter: Matter) -> Finding:
        """Answer from all that the charge can have been."""
        return _of_readings(matter, self.answer(matter), amount.GRAMS)

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (amount.GRAMS,)

    def words(self) -> str:
        """The condition in plain English."""
        return f"there were at most {self.most:g} grams"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"there were more than {self.most:g} grams"


class OffenseClassIn(Predicate):
    """Whether the charge is of one of the classes, as stated, or as its subsection and date leave no other.

    A subsequent offense under 4(c) or 4(d) is a class higher than a first one, so that 4(d) alone leaves it open. An
    attempt is a class lower, and of a Class 3 or 4 felony a Class A misdemeanor.
    """

    name = "offense_class_in"
    classes: Classes

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return _in_every(readings_of(matter.count), lambda reading: Answer.of(reading.offense_class in self.classes))

    def ask(self, matter: Matter) -> Finding:
        """Answer from all that the charge can have been."""
        return _of_readings(matter, self.answer(matter), amount.GRAMS, amount.LESSER_FACT)

    def fact_names(self) -> tuple[str, ...]:
        """The facts that it asks for."""
        return (amount.GRAMS, amount.LESSER_FACT)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the offense is of Class {listed(self.classes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the offense is not of Class {listed(self.classes)}"


class CivilViolation(Predicate):
    """Whether the charge is of a civil law violation, which is no crime."""

    name = "civil_violation"

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        statute = matter.count.statute
        if statute is not None and not amount.is_graded(statute):
            return Answer.NO
        return _in_every(readings_of(matter.count), lambda reading: Answer.of(reading.is_civil))

    def ask(self, matter: Matter) -> Finding:
        """Answer from all that the charge can have been."""
        return _of_readings(matter, self.answer(matter))

    def words(self) -> str:
        """The condition in plain English."""
        return "the charge is a civil law violation"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the charge is no civil law violation"


class CameTo(Predicate):
    """Whether the charge came to one of the results, by the record or by what a person answered.

    Supervision and qualified probation are a conviction only where they ended unsatisfactorily, so that without a word
    on it they may be one. Unknown where a blank leaves endings of several kinds.
    """

    name = "came_to"
    of_plain_count = True
    results: Annotated[list[Result], Field(min_length=1)]
    _results: tuple[Result, ...] = PrivateAttr(default=())

    def model_post_init(self, _context: object) -> None:
        """Keep the results in a form that can be a key."""
        object.__setattr__(self, "_results", tuple(self.results))

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return outcome.came_to(outcome.told_of(matter.count), self._results)

    def ask(self, matter: Matter) -> Finding:
        """Answer from how the charge can have ended."""
        count, answer = matter.count, self.answer(matter)
        ended = Fact("ended", count.ended, count.place)
        told = [supplied(matter, name) for name in outcome.asked_of(outcome.told_of(count))]
        if answer is not Answer.UNKNOWN:
            return Finding(answer, (ended, *(fact for fact in told if fact.value is not None)))
        lacking = [fact for fact in told if fact.value is None]
        return Finding(answer, (), (*([ended] if ended.value is None else ()), *lacking) or (ended,))

    def fact_names(self) -> tuple[str, ...]:
        """The facts that it asks for."""
        return outcome.FACTS

    def words(self) -> str:
        """The condition in plain English."""
        return f"the charge came to {listed(RESULT_WORDS[result] for result in self.results)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the charge did not come to {listed(RESULT_WORDS[result] for result in self.results)}"


class ActMistyped(Predicate):
    """Whether the record prints a section's number under an act that has none, and may mean the act named."""

    name = "act_mistyped"
    of_plain_count = True
    act: Annotated[str, Field(pattern="^[0-9]+ ILCS [0-9]+$")]

    def _holds(self, statute: Statute) -> bool:
        meant = (suggested(section) for section in statute.sections)
        return any(section is not None and section.code == self.act for section in meant)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sections as printed."""
        count = matter.count
        fact = Fact("statute", count.statute, count.place)
        return finding(Answer.UNKNOWN, fact) if count.statute is None else known(self._holds(count.statute), fact)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or self._holds(statute)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the act as printed has no such section, and {self.act} may be meant"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the section as printed is not a slip for one of {self.act}"


class StackedBeyond(OfStatutes):
    """Whether something other than the sections named stands stacked with the offense."""

    name = "stacked_beyond"
    of_plain_count = True

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sections behind the first."""
        count = matter.count
        fact = Fact("statute", count.statute, count.place)
        if count.statute is None:
            return finding(Answer.UNKNOWN, fact)
        return known(any(self.covers(section) is not Answer.YES for section in count.statute.stacked), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"another section than {listed(self.statutes)} stands stacked with the offense"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"nothing but {listed(self.statutes)} stands stacked with the offense"


class MinorConvictionOfClass(Predicate):
    """Whether the charge came to a conviction of a minor amount that is of one of the classes."""

    name = "minor_conviction_of_class"
    most: MostGrams
    classes: Classes
    _parts: tuple[Predicate, ...] = PrivateAttr(default=())

    def model_post_init(self, _context: object) -> None:
        """Make its parts once."""
        parts = (CameTo(results=["conviction"]), MinorAmount(most=self.most), OffenseClassIn(classes=self.classes))
        object.__setattr__(self, "_parts", parts)

    def ask(self, matter: Matter) -> Finding:
        """Answer from its three parts."""
        return _all(self._parts, matter)

    def fact_names(self) -> tuple[str, ...]:
        """The facts that its parts ask for."""
        return tuple(dict.fromkeys(name for part in self._parts for name in part.fact_names()))

    def words(self) -> str:
        """The condition in plain English."""
        return f"it is a conviction of at most {self.most:g} grams, of Class {listed(self.classes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"it is no conviction of at most {self.most:g} grams, of Class {listed(self.classes)}"


class ViolenceReadingsDiffer(Predicate):
    """Whether a conviction of a minor amount goes with a charge of a violent crime, and with no conviction of one."""

    name = "violence_readings_differ"
    most: MostGrams
    _parts: tuple[Predicate, ...] = PrivateAttr(default=())
    _convicted: ViolentAssociation = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Make its parts once."""
        parts = (CameTo(results=["conviction"]), MinorAmount(most=self.most), ViolentAssociation(what="any"))
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_convicted", ViolentAssociation(what="conviction"))

    def ask(self, matter: Matter) -> Finding:
        """Answer from its parts."""
        found = _all(self._parts, matter)
        if found.answer is Answer.NO:
            return found
        convicted = self._convicted.ask(matter)
        if convicted.answer is Answer.NO:
            return found
        return convicted._replace(answer=~convicted.answer)

    def fact_names(self) -> tuple[str, ...]:
        """The facts that its parts ask for."""
        return tuple(dict.fromkeys(name for part in self._parts for name in part.fact_names()))

    def words(self) -> str:
        """The condition in plain English."""
        return "a minor conviction goes with a charge of a violent crime, and with no conviction of one"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "no minor conviction goes with a mere charge of a violent crime"


def _all(parts: tuple[Predicate, ...], matter: Matter) -> Finding:
    """Whether all hold; the first that does not says why."""
    found = [part.ask(matter) for part in parts]
    answer = all_of(one.answer for one in found)
    if answer is Answer.NO:
        return next(one for one in found if one.answer is Answer.NO)
    return Finding(
        answer,
        () if answer is Answer.UNKNOWN else tuple(fact for one in found for fact in one.used),
        tuple(fact for one in found for fact in one.lacked),
    )


IL_CANNABIS_PREDICATES: tuple[type[Predicate], ...] = (
    ActMistyped,
    ArrestedYearsAgo,
    CameTo,
    CivilViolation,
    DisposedDaysAgo,
    MinorAmount,
    MinorConvictionOfClass,
    OffenseClassIn,
    OffenseStatedBefore,
    RecordContradicts,
    SentenceComplete,
    StackedBeyond,
    ViolenceReadingsDiffer,
    YearsSinceSentence,
)
"""The predicates that this plugin adds to the core's and to those of Illinois."""
