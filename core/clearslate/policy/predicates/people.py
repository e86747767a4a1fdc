"""Questions about the person."""

from __future__ import annotations

from typing import Literal

from clearslate.model import Answer, Span, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.predicates.arguments import (
    Years,
    disposed,
)


class AgeReached(Predicate):
    """Whether the person has reached an age: on the day of decision, of the arrest or of the disposition."""

    name = "age_reached"
    years: Years
    on: Literal["decision", "arrest", "disposition"]

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return ~_when(matter, self.on).precedes(span_of(matter.person.birth_date).plus_years(self.years))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the birth date; a birthday counts as reached on that day."""
        return _of_age(matter, self.on, self.answer(matter))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person was {self.years} or older at the {self.on}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person was under {self.years} at the {self.on}"


class AgePast(Predicate):
    """Whether the person's birthday of that age has passed; on the birthday itself it has not."""

    name = "age_past"
    years: Years
    on: Literal["decision", "arrest", "disposition"]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the birth date."""
        reached = span_of(matter.person.birth_date).plus_years(self.years)
        return _of_age(matter, self.on, reached.precedes(_when(matter, self.on)))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person's birthday of {self.years} had passed at the {self.on}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person was {self.years} or younger at the {self.on}, the birthday itself included"


def _when(matter: Matter, on: str) -> Span:
    if on == "arrest":
        return matter.count.arrest_span
    return Span(matter.as_of, matter.as_of) if on == "decision" else matter.count.disposed_span


def _of_age(matter: Matter, on: str, answer: Answer) -> Finding:
    count = matter.count
    facts = [Fact("birth_date", matter.person.birth_date, count.place)]
    if on == "arrest":
        facts.append(Fact("arrested", count.cycle.arrested, count.place))
    elif on == "disposition":
        facts.append(disposed(count))
    if answer is not Answer.UNKNOWN:
        return Finding(answer, tuple(facts))
    return Finding(answer, (), tuple(fact for fact in facts if fact.value is None or not fact.value.exact))


class Deceased(Predicate):
    """Whether the record says that the person has died; unknown where a rejected row could say so."""

    name = "deceased"

    def ask(self, matter: Matter) -> Finding:
        """Answer from a death notice on the record."""
        if matter.person.missing_rows and not matter.person.deceased:
            return finding(Answer.UNKNOWN, *(Fact("deceased", None, place) for place in matter.person.missing_rows))
        return known(matter.person.deceased, Fact("deceased", matter.person.deceased))

    def words(self) -> str:
        """The condition in plain English."""
        return "the record says that the person has died"
