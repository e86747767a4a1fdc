"""Questions about the sections that one count names together."""

from __future__ import annotations

from pydantic import PrivateAttr

from clearslate.model import Answer, Statute, all_of, any_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding
from clearslate.policy.predicates.arguments import Citations, OfStatutes, listed
from clearslate.policy.predicates.statutes import StatuteIn


class NamesAnotherSection(OfStatutes):
    """Whether the count names a section that is none of those listed, alone or beside one of them."""

    name = "names_another_section"
    of_plain_count = True

    def _holds(self, statute: Statute | None) -> Answer:
        return Answer.UNKNOWN if statute is None else any_of(~self.covers(section) for section in statute.sections)

    def ask(self, matter: Matter) -> Finding:
        """Answer from all sections as printed."""
        return finding(self._holds(matter.count.statute), Fact("statute", matter.count.statute, matter.count.place))

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return self._holds(statute) is not Answer.NO

    def words(self) -> str:
        """The condition in plain English."""
        return f"the count names a section other than {listed(self.statutes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the count names no section other than {listed(self.statutes)}"


class PrintedTogether(OfStatutes):
    """Whether the count names one of the sections together with one of the ``companions``."""

    name = "printed_together"
    of_plain_count = True
    companions: Citations
    _beside: StatuteIn = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the lists once."""
        super().model_post_init(_context)
        object.__setattr__(self, "_beside", StatuteIn(statutes=self.companions, stacked=True))

    def ask(self, matter: Matter) -> Finding:
        """Answer from all sections as printed."""
        statute = matter.count.statute
        fact = Fact("statute", statute, matter.count.place)
        if statute is None:
            return finding(Answer.UNKNOWN, fact)
        return finding(all_of((any_of(map(self.covers, statute.sections)), self._beside.answer(matter))), fact)

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be answered other than no."""
        return statute is None or (
            any_of(map(self.covers, statute.sections)) is not Answer.NO and self._beside.may_concern(statute)
        )

    def words(self) -> str:
        """The condition in plain English."""
        return f"the count names {listed(self.statutes)} together with {listed(self.companions)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the count does not name {listed(self.statutes)} together with {listed(self.companions)}"


SECTION_PREDICATES: tuple[type[Predicate], ...] = (NamesAnotherSection, PrintedTogether)
