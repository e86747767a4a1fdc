"""Questions that the record may answer, a person may, or neither: grade, degree, firearm, sentence, good cause."""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise

from pydantic import PrivateAttr

from clearslate.model import Answer, Grade, Section, Statute, any_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known, supplied
from clearslate.policy.predicates.arguments import Citations, OfStatutes, Years, listed
from clearslate.policy.predicates.sentences import SentenceEnded
from clearslate.policy.predicates.statutes import StatuteIn
from clearslate_california.wording import words_of

_BURGLARY = (Section("PC", "459"), Section("PC", "460"))
_FIRST_DEGREE = Section("PC", "460", ("A",))
_SECOND_DEGREE = Section("PC", "460", ("B",))
_FIRST_WORDS = frozenset({"FIRST", "1ST"})
_SECOND_WORDS = frozenset({"SECOND", "2ND"})
_DEGREE_WORDS = frozenset({"DEGREE", "DEG"})
_FIREARM = "firearm_taken"


def told(matter: Matter, name: str) -> Answer:
    """What the source or a person answers to a yes-or-no question; anything but true and false is no answer."""
    value = matter.count.facts.get(name)
    return Answer.of(value) if isinstance(value, bool) else Answer.UNKNOWN


class Answered(Predicate):
    """What the predicates share that the record answers, or a person where it does not.

    Where both answer and differ it is unknown; ``answer_contradicts_record`` tells of that.
    """

    fact: str

    @abstractmethod
    def recorded(self, matter: Matter) -> Answer:
        """What the record itself answers."""

    @abstractmethod
    def record(self, matter: Matter) -> Fact:
        """Where the record answers, or would."""

    def told(self, matter: Matter) -> Answer:
        """What the source or a person answers."""
        return told(matter, self.fact)

    def is_contradicted(self, matter: Matter) -> bool:
        """Whether the record answers and a person answers otherwise."""
        if self.fact not in matter.count.facts:
            return False
        return {self.recorded(matter), self.told(matter)} == {Answer.YES, Answer.NO}

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        recorded = self.recorded(matter)
        answered = self.told(matter)
        if answered is Answer.UNKNOWN or answered is recorded:
            return recorded
        return answered if recorded is Answer.UNKNOWN else Answer.UNKNOWN

    def ask(self, matter: Matter) -> Finding:
        """Answer from the record, else from the fact that was supplied."""
        answer = self.answer(matter)
        fact = supplied(matter, self.fact)
        if answer is Answer.UNKNOWN:
            # What the record states and leaves open all the same is not what is missing.
            return Finding(answer, (), (fact, self.record(matter))[: 1 + (self.record(matter).value is None)])
        from_record, from_person = self.recorded(matter) is answer, self.told(matter) is answer
        return Finding(answer, (self.record(matter),) * from_record + (fact,) * from_person)

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (self.fact,)


class ConvictedOfFelony(Answered):
    """Whether the conviction is one of a felony.

    A grade taken from the charge (flag GRADE_GUESSED) is no answer: many of these offenses could be either.
    """

    name = "convicted_of_felony"
    of_plain_count = True
    fact: str = "felony_conviction"

    def recorded(self, matter: Matter) -> Answer:
        """Whether the record states the grade of conviction and it is a felony."""
        grade = matter.count.grade
        if grade is None or "GRADE_GUESSED" in matter.count.flags:
            return Answer.UNKNOWN
        return Answer.of(grade is Grade.FELONY)

    def record(self, matter: Matter) -> Fact:
        """The grade."""
        return Fact("grade", matter.count.grade, matter.count.place)

    def words(self) -> str:
        """The condition in plain English."""
        return "the conviction is of a felony"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the conviction is of no felony"


class FirstDegreeBurglary(Answered):
    """Whether the burglary is one of the first degree.

    The record says so by PC 460(a) or (b), or by the words FIRST DEGREE or SECOND DEGREE in the offense as printed;
    one that says both says nothing. The fact that a person supplies is whether it is of the second degree.
    """

    name = "first_degree_burglary"
    fact: str = "second_degree"

    def told(self, matter: Matter) -> Answer:
        """Whether it is of the first degree by what a person says of the second."""
        return ~told(matter, self.fact)

    def recorded(self, matter: Matter) -> Answer:
        """The degree by the sections and words as printed."""
        statute = matter.count.statute
        if statute is None or not _is_burglary(statute):
            return Answer.UNKNOWN
        pairs = set(pairwise(words_of(matter.count.offense)))
        first = _has(statute, _FIRST_DEGREE) or any(a in _FIRST_WORDS and b in _DEGREE_WORDS for a, b in pairs)
        second = _has(statute, _SECOND_DEGREE) or any(a in _SECOND_WORDS and b in _DEGREE_WORDS for a, b in pairs)
        return Answer.UNKNOWN if first == second else Answer.of(first)

    def record(self, matter: Matter) -> Fact:
        """The offense as read; its words may be long, and the statute stands for them."""
        return Fact("statute", matter.count.statute, matter.count.place)

    def words(self) -> str:
        """The condition in plain English."""
        return "the burglary is of the first degree"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the burglary is of the second degree"


def _is_burglary(statute: Statute) -> bool:
    return any(
        section.could_be_within(burglary) is not Answer.NO for section in statute.sections for burglary in _BURGLARY
    )


def _has(statute: Statute, wanted: Section) -> bool:
    return any(section.within(wanted) for section in statute.sections)


class SentenceOver(Answered):
    """Whether the sentence is completed, supervision included.

    By the record it is once its stated end is past by more than ``margin_years``, for supervision after custody does
    not stand there; until the stated end it is not; between the two it is unknown.
    """

    name = "sentence_over"
    fact: str = "sentence_completed"
    margin_years: Years = 0
    _ended: SentenceEnded = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Make the question of the record once."""
        object.__setattr__(self, "_ended", SentenceEnded(margin_years=self.margin_years))

    def recorded(self, matter: Matter) -> Answer:
        """Whether the stated sentence has ended."""
        return self._ended.answer(matter)

    def record(self, matter: Matter) -> Fact:
        """The end of the stated sentence."""
        return Fact("sentence", matter.count.sentence_ends.latest, matter.count.place)

    def words(self) -> str:
        """The condition in plain English."""
        return "the sentence is completed"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the sentence is still being served"


class AnswerContradictsRecord(Predicate):
    """Whether a person's answer on grade, degree, sentence or firearm is the opposite of what the record states.

    The sections ``no_firearm`` say what was taken, and it is none. Always known. Only for a rule about a contradiction:
    without either side there is none.
    """

    name = "answer_contradicts_record"
    margin_years: Years = 0
    no_firearm: Citations
    _asked: tuple[Answered, ...] = PrivateAttr()
    _taken: StatuteIn = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Make the questions once."""
        asked = (ConvictedOfFelony(), FirstDegreeBurglary(), SentenceOver(margin_years=self.margin_years))
        object.__setattr__(self, "_asked", asked)
        object.__setattr__(self, "_taken", StatuteIn(statutes=self.no_firearm, stacked=True))

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        if not matter.count.facts:
            return Answer.NO
        return Answer.of(self._is_of_firearm(matter) or any(one.is_contradicted(matter) for one in self._asked))

    def _is_of_firearm(self, matter: Matter) -> bool:
        """Whether a person says that a firearm was taken, and a section that something else was."""
        return told(matter, _FIREARM) is Answer.YES and self._taken.answer(matter) is Answer.YES

    def ask(self, matter: Matter) -> Finding:
        """Answer from the facts that were supplied and what the record states of the same."""
        facts: list[Fact] = []
        for one in self._asked:
            if one.is_contradicted(matter):
                facts += [one.record(matter), supplied(matter, one.fact)]
        if self._is_of_firearm(matter):
            facts += [Fact("statute", matter.count.statute, matter.count.place), supplied(matter, _FIREARM)]
        return finding(self.answer(matter), *facts or [Fact("flags", (), matter.count.place)])

    def fact_names(self) -> tuple[str, ...]:
        """The facts that it compares."""
        return (*(one.fact for one in self._asked), _FIREARM)

    def asks_of_contradiction(self) -> bool:
        """Yes."""
        return True

    def words(self) -> str:
        """The condition in plain English."""
        return "an answer that was given is the opposite of what the record states"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "no answer that was given is the opposite of what the record states"


class TheftOfFirearm(OfStatutes):
    """Whether a firearm was taken: by one of the ``statutes``, or by a person's answer where it may have been one.

    It may where the record stops short of the subdivision, or prints one of ``perhaps`` or a subdivision of one; any
    other section says no.
    """

    name = "theft_of_firearm"
    of_plain_count = True
    perhaps: Citations
    fact: str
    _open: StatuteIn = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the lists once."""
        super().model_post_init(_context)
        object.__setattr__(self, "_open", StatuteIn(statutes=self.perhaps, stacked=True))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the sections as printed, else from the fact that was supplied."""
        statute = matter.count.statute
        printed = Fact("statute", statute, matter.count.place)
        if statute is None:
            return finding(Answer.UNKNOWN, printed)
        surely = any_of(map(self.covers, statute.sections))
        if surely is Answer.YES or (surely is Answer.NO and self._open.answer(matter) is Answer.NO):
            return known(surely is Answer.YES, printed)
        return finding(told(matter, self.fact), supplied(matter, self.fact))

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (self.fact,)

    def words(self) -> str:
        """The condition in plain English."""
        return f"a firearm was taken, by {listed(self.statutes)} or by what is known of the case"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"no firearm was taken, by the section printed or by what is known of the case ({listed(self.statutes)})"


class GoodCauseShown(Predicate):
    """Whether good cause is claimed for every late application, or shown in this case."""

    name = "good_cause_shown"
    of_plain_count = True
    claimed: bool
    fact: str

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parameter, else from the fact that was supplied."""
        fact = supplied(matter, self.fact)
        if self.claimed:
            return known(True, fact._replace(value=True))
        return finding(told(matter, self.fact), fact)

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (self.fact,)

    def words(self) -> str:
        """The condition in plain English."""
        return "there is good cause for the delay"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "there is no good cause for the delay"


ANSWER_PREDICATES: tuple[type[Predicate], ...] = (
    AnswerContradictsRecord,
    ConvictedOfFelony,
    FirstDegreeBurglary,
    GoodCauseShown,
    SentenceOver,
    TheftOfFirearm,
)
