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

    def ask(self, matter: Matter) -> Finding:
        """Answer from the birth date; a birthday counts as reached on that day."""
        return _age(matter, self.years, self.on, exactly_counts=True)

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
        return _age(matter, self.years, self.on, exactly_counts=False)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person's birthday of {self.years} had passed at the {self.on}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person was {self.years} or younger at the {self.on}, the birthday itself included"


def _age(matter: Matter, years: int, on: str, *, exactly_counts: bool) -> Finding:
    count, birth = matter.count, span_of(matter.person.birth_date)
    facts = [Fact("birth_date", matter.person.birth_date, count.place)]
    if on == "decision":
        when = Span(matter.as_of, matter.as_of)
    elif on == "arrest":
        when = count.arrest_span
        facts.append(Fact("arrested", count.cycle.arrested, count.place))
    else:
        when = count.disposed_span
        facts.append(disposed(count))
    reached = birth.plus_years(years)
    answer = ~when.precedes(reached) if exactly_counts else reached.precedes(when)
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
