"""Questions about the person's other convictions, each asked as of the day of decision."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from clearslate.model import Answer, Section, Statute, all_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter, Other
from clearslate.policy.predicate import Predicate, supplied
from clearslate.policy.predicates.arguments import Citations, OfStatutes, gaps, leaves_open, listed, over_others
from clearslate_ca_prop47.answers import told
from clearslate_california.predicates import RegistrableConviction, SuperstrikeConviction

_REGISTRATION = "290"
"""The number of the registration act's first section; the others are 290 and a decimal."""
_DISCRETIONARY = Section("PC", "290.006")


def _by_decision(matter: Matter, other: Other) -> Answer:
    """Whether the other conviction came on the day of decision or before; one of the same case does too."""
    return other.conviction.disposed_span.on_or_before(matter.as_of)


class SuperstrikeBeforeDecision(SuperstrikeConviction):
    """Whether the person has another conviction of an offense in PC 667(e)(2)(C)(iv) by the day of decision.

    It may be later than this one, or of the same case (People v. Casillas (2017) 13 Cal.App.5th 745).
    """

    name = "superstrike_before_decision"
    when: Literal["ever"] = "ever"

    def _is_in_time(self, matter: Matter, other: Other) -> Answer:
        return _by_decision(matter, other)

    def words(self) -> str:
        """The condition in plain English."""
        return "the person has a superstrike conviction by the day of decision"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the person has no superstrike conviction by the day of decision"


class RegistrableBeforeDecision(RegistrableConviction):
    """Whether the person has another conviction of an offense that PC 290(c) lists by the day of decision.

    A registration that no such conviction explains leaves it open, for a court may have ordered it under PC 290.006;
    ``fact`` names the question whether that is so. A yes counts only where the record prints PC 290.006: it does not
    stand against PC 290, and an unreadable section may be that.
    """

    name = "registrable_before_decision"
    when: Literal["ever"] = "ever"
    fact: str

    def _is_in_time(self, matter: Matter, other: Other) -> Answer:
        return _by_decision(matter, other)

    def ask(self, matter: Matter) -> Finding:
        """Answer from every other conviction, and from registrations as a person explains them."""
        found = super().ask(matter)
        if found.answer is not Answer.UNKNOWN or not self._speaks_of_registration(found):
            return found
        ordered = told(matter, self.fact)
        if ordered is Answer.YES and not self._prints_290_006(matter):
            # Nobody's word is taken over a record that does not print that section: a person looks at both.
            return found._replace(lacked=(*found.lacked, supplied(matter, self.fact)))
        if ordered is Answer.YES:
            # Past the registrations: what the convictions alone say.
            rest = super(RegistrableConviction, self).ask(matter)
            return rest._replace(used=(*rest.used, supplied(matter, self.fact)) if rest.used else rest.used)
        if ordered is Answer.NO and self._is_registered(matter):
            return Finding(Answer.YES, (supplied(matter, self.fact),))
        return found._replace(lacked=(*found.lacked, supplied(matter, self.fact)))

    @staticmethod
    def _prints_290_006(matter: Matter) -> bool:
        """Whether every registration under the act is printed as one under PC 290.006; unreadable is not printed."""
        statutes = [event.statute for event in matter.person.registrations]
        return all(
            statute is not None
            and all(
                section.bare == _DISCRETIONARY
                for section in statute.sections
                if section.number.partition(".")[0] == _REGISTRATION
            )
            for statute in statutes
        )

    @staticmethod
    def _speaks_of_registration(found: Finding) -> bool:
        return any(fact.name == "registration" for fact in found.lacked)

    def _is_registered(self, matter: Matter) -> bool:
        """Whether the person surely registered, or did not though bound to, under PC 290 or a section of its act."""
        registered = [event.statute for event in matter.person.registrations]
        bound = [other.conviction.statute for other in matter.other_convictions() if other.exists is Answer.YES]
        return any(
            section.code == "PC" and section.number.partition(".")[0] == _REGISTRATION
            for statute in (*registered, *bound)
            if statute is not None
            for section in statute.sections
        )

    def fact_names(self) -> tuple[str, ...]:
        """The fact that it asks for."""
        return (self.fact,)

    def words(self) -> str:
        """The condition in plain English."""
        return "the person has a conviction that requires registration under PC 290(c) by the day of decision"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the person has no conviction that requires registration under PC 290(c) by the day of decision"


class _OfConvictions(OfStatutes):
    """What the predicates share that ask for convictions of sections, attempts and stacked ones leaving it open."""

    def _is_of(self, statute: Statute | None) -> Answer:
        answer = self.is_any(statute)
        if answer is not Answer.YES or statute is None:
            return answer
        plain = self.covers(statute.section) is Answer.YES and not statute.attempt and not leaves_open(statute)
        return Answer.YES if plain else Answer.UNKNOWN


class ConvictedBeforeDecision(_OfConvictions):
    """Whether the person has another conviction of one of the sections by the day of decision."""

    name = "convicted_before_decision"

    def ask(self, matter: Matter) -> Finding:
        """Answer from the section and date of every other conviction."""
        return over_others(
            matter,
            (
                (other, all_of((self._is_of(other.conviction.statute), _by_decision(matter, other))))
                for other in matter.other_convictions()
            ),
            "other_convictions",
        )

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person is also convicted of {listed(self.statutes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person is not also convicted of {listed(self.statutes)}"


class EarlierConvictionsAmong(_OfConvictions):
    """Whether the person had been convicted at least so many times of the sections before this arrest.

    One between this arrest and this conviction may count, and so may one of the sections ``perhaps``; one of the same
    case does not.
    """

    name = "earlier_convictions_among"
    perhaps: Citations
    at_least: Annotated[int, Field(ge=1)]
    _maybe: ConvictedBeforeDecision = PrivateAttr()

    def model_post_init(self, _context: object) -> None:
        """Read the lists once."""
        super().model_post_init(_context)
        object.__setattr__(self, "_maybe", ConvictedBeforeDecision(statutes=self.perhaps))

    def ask(self, matter: Matter) -> Finding:
        """Answer from the section and date of every other conviction."""
        yes: list[Fact] = []
        unknown: list[Fact] = []
        for other in matter.other_convictions():
            held = all_of((other.exists, self._among(other), self._is_earlier(matter, other)))
            place = other.conviction.place
            if held is Answer.YES:
                yes.append(Fact("other_convictions", other.conviction.statute, place))
            elif held is Answer.UNKNOWN:
                unknown.append(Fact("other_convictions", None, place))
        if len(yes) >= self.at_least:
            return Finding(Answer.YES, tuple(yes))
        if matter.history.has_gaps or len(yes) + len(unknown) >= self.at_least:
            return Finding(Answer.UNKNOWN, (), tuple(unknown) + gaps(matter))
        return Finding(Answer.NO, tuple(yes) or (Fact("other_convictions", 0),))

    def _among(self, other: Other) -> Answer:
        statute = other.conviction.statute
        surely = self._is_of(statute)
        if surely is not Answer.NO:
            return surely
        return Answer.NO if self._maybe.is_any(statute) is Answer.NO else Answer.UNKNOWN

    @staticmethod
    def _is_earlier(matter: Matter, other: Other) -> Answer:
        count, theirs = matter.count, other.conviction
        if theirs.event.key == count.event.key:
            return Answer.NO
        before_arrest = theirs.disposed_span.precedes(count.arrest_span)
        before_conviction = theirs.disposed_span.precedes(count.disposed_span)
        # Between the two it is not settled whether it came before.
        return before_arrest if before_arrest is not Answer.NO else all_of((before_conviction, Answer.UNKNOWN))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person had been convicted {self.at_least} times or more of {listed(self.statutes)}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the person had been convicted fewer than {self.at_least} times of {listed(self.statutes)}"


PRIOR_PREDICATES: tuple[type[Predicate], ...] = (
    ConvictedBeforeDecision,
    EarlierConvictionsAmong,
    RegistrableBeforeDecision,
    SuperstrikeBeforeDecision,
)
