"""Questions that Illinois reforms ask: violent crimes of the same arrest, other convictions of the same case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from clearslate.model import Answer, Count, any_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding
from clearslate.policy.predicates.arguments import OfStatutes, listed, over_others
from clearslate_illinois.outcomes import Ending
from clearslate_illinois.violent import is_violent


def _goes_with(count: Count, other: Count) -> bool:
    """Whether two counts of a person are of one arrest or of one court case."""
    return other.cycle.key == count.cycle.key or other.event.key == count.event.key


class ViolentAssociation(Predicate):
    """Whether the same arrest or the same court case has a violent crime under 725 ILCS 120/3(c).

    ``what`` is ``conviction`` for convictions alone, or ``any`` for every charge whatever came of it. Unknown where a
    charge cannot be read, where it depends on force or injury, and where a row of the person was rejected.
    """

    name = "violent_association"
    what: Literal["conviction", "any"]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the other charges of the arrest and of the case."""
        if self.what == "conviction":
            mine = matter.count
            return over_others(
                matter,
                (
                    (other, is_violent(other.conviction.statute, other.conviction.offense_class))
                    for other in matter.other_convictions()
                    if _goes_with(mine, other.conviction)
                ),
                "statute",
            )
        found = [(answer, fact) for answer, fact in self._charges(matter) if answer is not Answer.NO]
        answers = [answer for answer, _ in found]
        if matter.history.has_gaps:
            answers.append(Answer.UNKNOWN)
        answer = any_of(answers)
        facts = tuple(fact for held, fact in found if held is answer)
        return finding(answer, *(facts or (Fact("cycle", None, matter.count.place),)))

    def _charges(self, matter: Matter) -> Iterator[tuple[Answer, Fact]]:
        count = matter.count
        beside = [other for other in matter.person.counts if other is not count and _goes_with(count, other)]
        for other in beside:
            yield is_violent(other.statute, other.offense_class), Fact("cycle", other.statute, other.place)
        # Rows of the arrest that are no count of their own; those that are have said their class.
        said = {other.statute for other in (count, *beside) if other.statute is not None}
        for statute in count.cycle.charged:
            if statute is None or statute not in said:
                yield is_violent(statute, None), Fact("cycle", statute, count.place)
        if count.statute is not None:
            yield is_violent(count.statute, count.offense_class), Fact("statute", count.statute, count.place)

    def words(self) -> str:
        """The condition in plain English."""
        kind = "conviction of" if self.what == "conviction" else "charge of"
        return f"the same arrest or case also has a {kind} a violent crime"

    def denial(self) -> str:
        """The opposite in plain English."""
        kind = "conviction of" if self.what == "conviction" else "charge of"
        return f"the same arrest or case has no {kind} a violent crime"


class OtherConvictionInCase(OfStatutes):
    """Whether the same case has a conviction, or supervision, on a count that is not of the sections.

    A count that was dismissed is none. Unknown where a count may be a conviction and may not, where its statute cannot
    be read, and where a row of the person was rejected.
    """

    name = "other_conviction_in_case"

    def ask(self, matter: Matter) -> Finding:
        """Answer from the other counts of the case."""
        count = matter.count
        supervised = [
            other
            for other in matter.person.counts
            if other is not count and other.event.key == count.event.key and other.ended in _SUPERVISED
        ]
        for other in supervised:
            if self.is_wholly(other.statute) is Answer.NO:
                return finding(Answer.YES, Fact("case", other.statute, other.place))
        found = over_others(
            matter,
            (
                (other, ~self.is_wholly(other.conviction.statute))
                for other in matter.other_convictions()
                if other.conviction.event.key == count.event.key
            ),
            "statute",
        )
        unread = [other for other in supervised if self.is_wholly(other.statute) is Answer.UNKNOWN]
        if found.answer is Answer.NO and unread:
            return finding(Answer.UNKNOWN, *(Fact("statute", None, other.place) for other in unread))
        return found

    def words(self) -> str:
        """The condition in plain English."""
        return f"the same case has a conviction or supervision for something other than {listed(self.statutes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the same case has no conviction or supervision for anything other than {listed(self.statutes)}"


_SUPERVISED = frozenset({Ending.SUPERVISION, Ending.SUPERVISION_COMPLETED, Ending.SUPERVISION_FAILED})

ILLINOIS_PREDICATES: tuple[type[Predicate], ...] = (ViolentAssociation, OtherConvictionInCase)
