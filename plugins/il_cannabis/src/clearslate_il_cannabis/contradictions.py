"""Whether a record contradicts itself, or what a person says of it.

The answer is always known. A contradiction is one only where no day, no amount and no ending would do; where a blank
leaves room there is none. Blanking one side of a contradiction takes it away, so that the rules that ask this only ever
lead to review, and are marked as what they are.
"""

from __future__ import annotations

from typing import Literal

from pydantic import PrivateAttr

from clearslate.model import Answer, Section, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, known, supplied
from clearslate.policy.predicates.arguments import Years
from clearslate_il_cannabis import outcome
from clearslate_il_cannabis.amount import ACT, GRAMS, LESSER_FACT, readings_of
from clearslate_il_cannabis.times import SENTENCE_FACT, SentenceComplete

ADULT_FACT = "tried_as_adult"
SECTION_7_FACT = "section_7_enhancement"
SECTION_7 = Section(ACT, "7")

About = Literal["dates", "court", "ending", "amount", "sentence", "section_7"]

_WORDS = {
    "dates": "its dates cannot all be right",
    "court": "it is of an adult court, and a person says that the charge was not tried there",
    "ending": "its words on how the charge ended do not agree, or a person says otherwise",
    "amount": "its section, class, grade, date and grams do not agree",
    "sentence": "its terms have run, and a person says that the sentence is not complete",
    "section_7": "it and a person do not agree on an enhancement under Section 7",
}
_SUBJECTS = {
    "dates": "its dates",
    "court": "which court it was",
    "ending": "how the charge ended",
    "amount": "the amount and the class",
    "sentence": "whether the sentence is complete",
    "section_7": "Section 7",
}
_FACTS: dict[str, tuple[str, ...]] = {
    "dates": (),
    "court": (ADULT_FACT,),
    "ending": outcome.FACTS,
    "amount": (GRAMS, LESSER_FACT),
    "sentence": (SENTENCE_FACT,),
    "section_7": (SECTION_7_FACT,),
}


class RecordContradicts(Predicate):
    """Whether the record contradicts itself or a person's answer; always known.

    ``about`` is the dates (an offense after its arrest, either after the disposition, any after the day of decision),
    the court, the ending, the amount, whether the sentence is complete (its terms and ``margin_years`` more have run),
    or the enhancement of Section 7.
    """

    name = "record_contradicts"
    about: About
    margin_years: Years = 0
    _complete: SentenceComplete = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Make what answers of the sentence once."""
        object.__setattr__(self, "_complete", SentenceComplete(margin_years=self.margin_years))

    def ask(self, matter: Matter) -> Finding:
        """Answer from both sides."""
        holds = getattr(self, f"_{self.about}")(matter)
        count = matter.count
        facts = [supplied(matter, name) for name in self.fact_names()]
        said = tuple(fact for fact in facts if fact.value is not None)
        of_record = {
            "dates": Fact("disposed", count.disposed, count.place),
            "court": Fact("statute", count.statute, count.place),
            "ending": Fact("ended", count.ended, count.place),
            "sentence": Fact("sentence", count.sentence_ends.latest, count.place),
        }.get(self.about, Fact("statute", count.statute, count.place))
        return known(holds, of_record, *said)

    def _dates(self, matter: Matter) -> bool:
        count = matter.count
        committed, arrested, disposed = (
            span_of(day) for day in (count.committed, count.cycle.arrested, count.disposed)
        )
        pairs = ((committed, arrested), (committed, disposed), (arrested, disposed))
        return any(
            first.earliest is not None and then.latest is not None and first.earliest > then.latest
            for first, then in pairs
        ) or any(day.earliest is not None and day.earliest > matter.as_of for day in (committed, arrested, disposed))

    def _court(self, matter: Matter) -> bool:
        return matter.count.facts.get(ADULT_FACT) is False

    def _ending(self, matter: Matter) -> bool:
        return not outcome.possible_endings(outcome.told_of(matter.count))

    def _amount(self, matter: Matter) -> bool:
        return readings_of(matter.count) == ()

    def _sentence(self, matter: Matter) -> bool:
        return matter.count.facts.get(SENTENCE_FACT) is False and self._complete.by_record(matter) is Answer.YES

    def _section_7(self, matter: Matter) -> bool:
        said, statute = matter.count.facts.get(SECTION_7_FACT), matter.count.statute
        shown = statute is not None and any(section.within(SECTION_7) for section in statute.sections)
        return isinstance(said, bool) and said is not shown

    def fact_names(self) -> tuple[str, ...]:
        """The facts that it compares the record with."""
        return _FACTS[self.about]

    def asks_of_contradiction(self) -> bool:
        """Yes."""
        return True

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record contradicts itself: {_WORDS[self.about]}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the record does not contradict itself on {_SUBJECTS[self.about]}"
