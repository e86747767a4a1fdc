"""Questions about the statute of a count, and of what was charged with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from clearslate.model import Answer, Statute, all_of, any_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.predicates.arguments import (
    OfStatutes,
    listed,
)


class StatuteIn(OfStatutes):
    """Whether the offense is one of the sections, or a subdivision of one.

    ``attempts`` says whether an attempt is the completed offense (``included``), is not
    (``excluded``) or is all that is asked for (``only``); ``conspiracies`` the same. ``stacked``
    looks at the sections stacked on the offense too. A record that prints HS 11357 alone may be
    of any subdivision, so it is unknown whether it is HS 11357(c); ``bare = "no"`` says that it
    is not, for subdivisions that the law of the record's day did not have. Unknown, too, where
    the statute cannot be read or a missing code leaves it open.
    """

    name = "statute_in"
    of_plain_count = True
    attempts: Literal["included", "excluded", "only"] = "included"
    conspiracies: Literal["included", "excluded", "only"] = "included"
    stacked: bool = False
    bare: Literal["unknown", "no"] = "unknown"
    _known: dict[Statute, Answer] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _context: object) -> None:
        """Parse the citations once, and remember what was answered for each statute."""
        super().model_post_init(_context)
        object.__setattr__(self, "_known", {})

    def _holds(self, statute: Statute) -> Answer:
        known_answer = self._known.get(statute)
        if known_answer is None:
            known_answer = self._known[statute] = self._find(statute)
        return known_answer

    def _find(self, statute: Statute) -> Answer:
        for mode, is_so in ((self.attempts, statute.attempt), (self.conspiracies, statute.conspiracy)):
            if mode == ("excluded" if is_so else "only"):
                return Answer.NO
        sections = statute.sections if self.stacked else (statute.section,)
        if self.bare == "no":
            return any_of(
                section.could_be_within(wanted)
                for section in sections
                for wanted in self._sections
                if len(section.subdivisions) >= len(wanted.subdivisions)
            )
        return any_of(self.covers(section) for section in sections)

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        statute = matter.count.statute
        return Answer.UNKNOWN if statute is None else self._holds(statute)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute."""
        return finding(self.answer(matter), Fact("statute", matter.count.statute, matter.count.place))

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or self._holds(statute) is not Answer.NO

    def words(self) -> str:
        """The condition in plain English."""
        return f"the offense is {self._described()}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the offense is not {self._described()}"

    def _described(self) -> str:
        how = {
            ("only", "included"): "an attempt of ",
            ("included", "only"): "a conspiracy to commit ",
        }.get((self.attempts, self.conspiracies), "")
        also = ", also where stacked on another section" if self.stacked else ""
        return f"{how}{listed(self.statutes)}{also}"


class NumberUnderOtherCode(OfStatutes):
    """Whether the record prints the number of one of the sections under another code's letters."""

    name = "number_under_other_code"
    of_plain_count = True

    def _holds(self, statute: Statute) -> bool:
        return any(
            section.number == listed.number and section.code is not None and section.code != listed.code
            for section in statute.sections
            for listed in self._sections
        )

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute."""
        statute, fact = matter.count.statute, Fact("statute", matter.count.statute, matter.count.place)
        return finding(Answer.UNKNOWN, fact) if statute is None else known(self._holds(statute), fact)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or self._holds(statute)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the number of {listed(self.statutes)} stands under another code"


class StatuteMarked(Predicate):
    """Whether the grammar put one of the marks on the statute (such as an old number)."""

    name = "statute_marked"
    of_plain_count = True
    marks: Annotated[list[str], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the parsed statute's marks."""
        statute, fact = matter.count.statute, Fact("statute", matter.count.statute, matter.count.place)
        if statute is None:
            return finding(Answer.UNKNOWN, fact)
        return known(not set(self.marks).isdisjoint(statute.marks), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the statute as printed is marked {listed(self.marks)}"


class SameCaseHas(OfStatutes):
    """Whether another row of the same arrest cycle, or another count of the same case, is one of the sections.

    ``where`` is ``cycle`` (any row of the arrest, dismissed ones included) or ``case``
    (convictions of the same court event). Unknown where a row could be one and cannot be read, or is
    of a conspiracy or of a section whose code letters may not be its own.
    """

    name = "charged_together_with"
    where: Literal["cycle", "case"] = "cycle"

    def _answer(self, matter: Matter) -> Answer:
        count = matter.count
        if self.where == "cycle":
            answers = [self.is_any(statute) for statute in count.cycle.charged]
        else:
            answers = [
                all_of(
                    (other.exists, other.conviction.event.same_case(count.event), self.is_any(other.conviction.statute))
                )
                for other in matter.other_convictions()
            ]
        if matter.history.has_gaps:
            answers.append(Answer.UNKNOWN)
        return any_of(answers)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the other rows of the cycle or the case."""
        return finding(self._answer(matter), Fact(self.where, self.statutes, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the same {'arrest' if self.where == 'cycle' else 'case'} also has {listed(self.statutes)}"
