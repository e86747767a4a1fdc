"""Questions about facts that a source or a person supplies."""

from __future__ import annotations

from clearslate.model import Answer
from clearslate.policy.facts import Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known, supplied


class FactAtMost(Predicate):
    """Whether a number that the reform names (grams, plants, dollars …) is at most so much."""

    name = "fact_at_most"
    of_plain_count = True
    fact: str
    most: float

    def ask(self, matter: Matter) -> Finding:
        """Answer from the fact's value; a value that is no number, NaN too, is unknown."""
        fact = supplied(matter, self.fact)
        value = fact.value
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return finding(Answer.UNKNOWN, fact)
        return known(value <= self.most, fact)

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (self.fact,)

    def words(self) -> str:
        """The condition in plain English."""
        return f"{self.fact.replace('_', ' ')} is at most {self.most:g}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"{self.fact.replace('_', ' ')} is more than {self.most:g}"


class FactIs(Predicate):
    """Whether a yes-or-no fact that the reform names is so."""

    name = "fact_is_so"
    of_plain_count = True
    fact: str

    def ask(self, matter: Matter) -> Finding:
        """Answer from the fact's value; anything but true and false is unknown."""
        fact = supplied(matter, self.fact)
        value = fact.value
        return finding(Answer.of(value) if isinstance(value, bool) else Answer.UNKNOWN, fact)

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (self.fact,)

    def words(self) -> str:
        """The condition in plain English."""
        return self.fact.replace("_", " ")
