"""Questions about the person's other convictions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clearslate.model import Answer, Disposition, Statute, all_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import History, Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.predicates.arguments import (
    OfStatutes,
    OnTheDay,
    Years,
    gaps,
    leaves_open,
    listed,
    over_others,
    years_ago,
)


class ConvictionWithin(Predicate):
    """Whether the person has a conviction, this one included, in the last so many calendar years.

    ``on_the_day`` says whether a conviction exactly that many years ago is ``within`` or ``outside``.
    """

    name = "conviction_within"
    years: Years
    on_the_day: OnTheDay

    def ask(self, matter: Matter) -> Finding:
        """Answer from every conviction on record, any county; made once per person."""
        key = (self.name, self.years, self.on_the_day, matter.as_of)
        return matter.history.once(
            key,
            lambda: over_others(
                matter,
                (
                    (other, ~years_ago(other.conviction.disposed_span, self.years, matter.as_of, self.on_the_day))
                    for other in matter.history.others
                ),
                "disposed",
            ),
        )

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has a conviction in the past {self.years} years"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person has no conviction in the past {self.years} years"


class LaterConviction(Predicate):
    """Whether the person has a conviction on a later day than this one."""

    name = "has_later_conviction"

    def ask(self, matter: Matter) -> Finding:
        """Answer from every other conviction on record."""
        mine = matter.count.disposed_span
        later = ((other, mine.precedes(other.conviction.disposed_span)) for other in matter.other_convictions())
        return over_others(matter, later, "disposed")

    def words(self) -> str:
        """The condition in plain English."""
        return "the person has a later conviction"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the person has no later conviction"


class ConvictionsAtLeast(Predicate):
    """Whether the person has at least so many convictions on record, every county and offense counted."""

    name = "convictions_at_least"
    number: Annotated[int, Field(ge=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the number of conviction counts; rows that cannot be read leave it open."""
        return matter.history.once((self.name, self.number), lambda: self._count(matter))

    def _count(self, matter: Matter) -> Finding:
        others = matter.history.others
        certain = sum(other.exists is Answer.YES for other in others)
        if certain >= self.number:
            return known(True, Fact("other_convictions", certain))
        open_facts = tuple(
            Fact("other_convictions", None, other.conviction.place)
            for other in others
            if other.exists is Answer.UNKNOWN
        )
        if matter.history.has_gaps or certain + len(open_facts) >= self.number:
            return Finding(Answer.UNKNOWN, (), open_facts + gaps(matter))
        return known(False, Fact("other_convictions", certain))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has {self.number} or more convictions on record"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person has fewer than {self.number} convictions on record"


class OnlyConvictionsOf(OfStatutes):
    """Whether every conviction of the person is of the sections alone, with nothing else stacked on it.

    Unknown for a conspiracy, and where the code letters may not be the section's own.
    """

    name = "only_convictions_of"

    def ask(self, matter: Matter) -> Finding:
        """Answer from every conviction on record."""
        return matter.history.once((self.name, *self.statutes), lambda: self._ask_all(matter))

    def _ask_all(self, matter: Matter) -> Finding:
        others = over_others(
            matter, ((other, ~self.is_wholly(other.conviction.statute)) for other in matter.history.others), "statute"
        )
        return Finding(~others.answer, others.used, others.lacked)

    def words(self) -> str:
        """The condition in plain English."""
        return f"every conviction on record is of {listed(self.statutes)}"


def _same_section(one: Statute, other: Statute) -> Answer:
    """Whether two statutes are of one bare section.

    Unknown where the number is the same and a code is missing or another, where it is only stacked
    on another section, and for a conspiracy or a code that may not be the section's own.
    """
    number = other.section.number
    if one.section.number != number:
        stacked = one.stacked and any(section.number == number for section in one.stacked)
        return Answer.UNKNOWN if stacked else Answer.NO
    same_code = one.section.code is not None and one.section.code == other.section.code
    return Answer.YES if same_code and not leaves_open(one) and not leaves_open(other) else Answer.UNKNOWN


def _sharing(history: History, number: str) -> int:
    """How many counts on record print a section of that number, or one that cannot be read."""
    return sum(
        other.conviction.statute is None or any(s.number == number for s in other.conviction.statute.sections)
        for other in history.others
    )


class EarlierOfSameSection(Predicate):
    """Whether the person has at least so many convictions of the same section dated earlier.

    Subdivisions, attempts and counties are not told apart; two counts of one case are two. A
    conspiracy, or the number under another code's letters, may be one of the section.
    """

    name = "earlier_convictions_of_same_section"
    at_least: Annotated[int, Field(ge=1)]

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        statute, history = matter.count.statute, matter.history
        if statute is not None and not history.has_gaps:
            number = statute.section.number
            sharing = history.once((self.name, number), lambda: _sharing(history, number))
            # A count that is or may be a conviction is one of them itself.
            own = matter.count.disposition is not Disposition.NOT_CONVICTED
            if sharing - own < self.at_least:
                return Answer.NO
        return self.ask(matter).answer

    def ask(self, matter: Matter) -> Finding:
        """Answer from the section and date of every other conviction."""
        count = matter.count
        if count.statute is None:
            return finding(Answer.UNKNOWN, Fact("statute", None, count.place))
        mine = count.disposed_span
        yes: list[Fact] = []
        unknown: list[Fact] = []
        for other in matter.other_convictions():
            statute = other.conviction.statute
            same = Answer.UNKNOWN if statute is None else _same_section(statute, count.statute)
            if same is Answer.NO:
                continue
            held = all_of((other.exists, same, other.conviction.disposed_span.precedes(mine)))
            if held is Answer.YES:
                yes.append(Fact("other_convictions", statute, other.conviction.place))
            elif held is Answer.UNKNOWN:
                unknown.append(Fact("other_convictions", None, other.conviction.place))
        if len(yes) >= self.at_least:
            return Finding(Answer.YES, tuple(yes))
        if matter.history.has_gaps or len(yes) + len(unknown) >= self.at_least:
            return Finding(Answer.UNKNOWN, (), tuple(unknown) + gaps(matter))
        return Finding(Answer.NO, tuple(yes) or (Fact("other_convictions", 0),))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has {self.at_least} or more earlier convictions of the same section"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person has fewer than {self.at_least} earlier convictions of the same section"
