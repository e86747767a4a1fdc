"""What a predicate is: a named question about a matter, with typed arguments."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from clearslate.model import Answer, Statute
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter


class Predicate(BaseModel):
    """A question with three answers, used in policies as ``{ is = "name", argument = … }``.

    A subclass sets ``name`` and its arguments as fields, and answers in :meth:`ask`. It must
    never raise, never read a clock or a file, and answer the same for the same matter. Blanking
    a fact may turn its yes or no into unknown, and must never turn one into the other.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    name: ClassVar[str]
    """The name in policies; a question in lower case with underscores."""

    of_plain_count: ClassVar[bool] = False
    """Whether the answer depends on nothing but the count's statute, grade, class, disposition, ending, relief, flags
    and facts, on whether its county is stated, on the person's flags, and on whether a row of the person was rejected
    or the person shares an identifier.

    Counts alike in those are many, so such a predicate is asked once for all of them.
    """

    @abstractmethod
    def ask(self, matter: Matter) -> Finding:
        """Answer, naming the facts used and those lacked."""

    def answer(self, matter: Matter) -> Answer:
        """The answer alone, for the many counts that nobody asks to have explained.

        One that overrides it for speed has ``ask`` call it, so that the two cannot differ.
        """
        return self.ask(matter).answer

    @abstractmethod
    def words(self) -> str:
        """The condition in plain English, such as ``the disposition is before 2016-11-09``."""

    def denial(self) -> str:
        """The condition's opposite in plain English, where the policy wants ``no``."""
        return f"not: {self.words()}"

    def fact_names(self) -> tuple[str, ...]:
        """The facts of the reform's own that it asks for; each must stand in the reform file."""
        return ()

    def asks_of_contradiction(self) -> bool:
        """Whether it asks if the record contradicts itself: only such a one lets a rule be marked ``contradiction``."""
        return False

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no.

        Readers skip persons none of whose counts could be in a policy's scope; a predicate that
        looks at more than the statute says True, the default.
        """
        return True


def known(answer: bool, *used: Fact) -> Finding:
    """A finding whose answer is known."""
    return Finding(Answer.YES if answer else Answer.NO, used)


def finding(answer: Answer, *facts: Fact) -> Finding:
    """A finding on facts that are used where the answer is known, and lacked where it is not."""
    return Finding(answer, (), facts) if answer is Answer.UNKNOWN else Finding(answer, facts)


def supplied(matter: Matter, name: str) -> Fact:
    """A fact of the reform's own as the source or a person gives it; its value is None where neither does."""
    count = matter.count
    return Fact(name, count.facts.get(name), count.place, count.said_by.get(name))
