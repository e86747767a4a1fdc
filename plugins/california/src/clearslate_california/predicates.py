"""Questions that several California reforms ask: the disqualifying convictions of the person."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Literal

from clearslate.model import Answer, Statute, all_of, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import History, Matter, Other
from clearslate.policy.predicate import Predicate
from clearslate.policy.predicates.arguments import over_others
from clearslate_california.listed import REGISTRABLE, SUPERSTRIKES, Listing


def _classified(history: History, listing: Listing) -> tuple[tuple[Other, Answer], ...]:
    """The counts that are or may be convictions of a listed offense."""
    found: list[tuple[Other, Answer]] = []
    for other in history.others:
        count = other.conviction
        statute = count.statute
        if statute is None:
            found.append((other, Answer.UNKNOWN))
            continue
        if listing.needs_companion(statute):
            answer = _with_companions(history, other, statute, listing)
        else:
            answer = listing.classify(statute, grade=count.grade)
        if answer is not Answer.NO:
            found.append((other, answer))
    return tuple(found)


def _with_companions(history: History, listed: Other, statute: Statute, listing: Listing) -> Answer:
    """Classify with the counts of the same case, those that may be convictions leaving it open."""
    count = listed.conviction
    beside = [
        (other.conviction.statute, all_of((other.exists, other.conviction.event.same_case(count.event))))
        for other in history.others
        if other.conviction is not count
    ]
    surely = [statute for statute, is_beside in beside if is_beside is Answer.YES]
    perhaps = [statute for statute, is_beside in beside if is_beside is not Answer.NO]
    answer = listing.classify(statute, grade=count.grade, companions=surely)
    if answer is Answer.NO and listing.classify(statute, grade=count.grade, companions=perhaps) is not Answer.NO:
        return Answer.UNKNOWN
    return answer


_FROM = {"before_arrest": " from before this arrest", "before": " from before this conviction", "ever": ""}


class _ListedConviction(Predicate):
    """What the predicates share that ask for a conviction of a listed offense.

    ``when`` is ``before`` for one disposed of on an earlier day than this count, in another case,
    ``before_arrest`` for one disposed of before the arrest that led to this count, or ``ever`` for
    one of any date. The count itself is never among them.
    """

    listing: ClassVar[Listing]
    noun: ClassVar[str]
    when: Literal["before_arrest", "before", "ever"]

    def _everyone(self, history: History) -> tuple[tuple[Other, Answer], ...]:
        return history.once((self.name, "listed"), lambda: _classified(history, self.listing))

    def _listed(self, matter: Matter) -> tuple[tuple[Other, Answer], ...]:
        found = self._everyone(matter.history)
        return tuple((other, answer) for other, answer in found if other.conviction is not matter.count)

    def _is_clear(self, history: History) -> bool:
        """Whether nothing on the record can be of a listed offense, as it is for most persons."""
        return not history.has_gaps and not self._everyone(history)

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return Answer.NO if self._is_clear(matter.history) else self.ask(matter).answer

    def _is_in_time(self, matter: Matter, other: Other) -> Answer:
        if self.when == "ever":
            return Answer.YES
        if other.conviction.event.key == matter.count.event.key:
            return Answer.NO
        mine = matter.count.arrest_span if self.when == "before_arrest" else matter.count.disposed_span
        return other.conviction.disposed_span.precedes(mine)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the section, grade and date of every other conviction on record."""
        return over_others(
            matter,
            ((other, all_of((answer, self._is_in_time(matter, other)))) for other, answer in self._listed(matter)),
            "other_convictions",
        )

    def words(self) -> str:
        """The condition in plain English."""
        return f"the person has {self.noun}{_FROM[self.when]}"

    def denial(self) -> str:
        """The opposite in plain English."""
        noun = self.noun.partition(" ")[2]
        return f"the person has no {noun}{_FROM[self.when]}"


class SuperstrikeConviction(_ListedConviction):
    """Whether the person has another conviction of an offense in PC 667(e)(2)(C)(iv).

    One of the same case is not before this conviction (People v. Smit (2018) 24 Cal.App.5th 596).
    """

    name = "superstrike_conviction"
    listing = SUPERSTRIKES
    noun = "a superstrike conviction"


class RegistrableConviction(_ListedConviction):
    """Whether the person has another conviction of an offense that PC 290(c) lists.

    A registration leaves it open unless a listed conviction, certain itself, certainly came on or
    before the registration's day: it may be for one that the files do not hold, or a court may
    have ordered it under PC 290.006. A conviction of not registering says that there was a duty to
    before its arrest, and leaves it open the same way.
    """

    name = "registrable_conviction"
    listing = REGISTRABLE
    noun = "a conviction that requires registration under PC 290(c)"

    def _is_clear(self, history: History) -> bool:
        """Whether nothing on the record speaks of a listed offense or of registration."""
        return (
            super()._is_clear(history)
            and not history.person.registrations
            and not history.once(
                (self.name, "registers"),
                lambda: any(
                    other.conviction.statute is not None and _is_of_registration(other.conviction.statute)
                    for other in history.others
                ),
            )
        )

    def ask(self, matter: Matter) -> Finding:
        """Answer from every other conviction, and from registrations that none of them explains."""
        found = super().ask(matter)
        if found.answer is Answer.YES:
            return found
        registered = [
            (event.place, span_of(event.registered))
            for event in matter.person.registrations
            if _is_of_registration(event.statute)
        ]
        registered += [
            (other.conviction.place, other.conviction.arrest_span)
            for other in matter.other_convictions()
            if other.conviction.statute is not None and _is_of_registration(other.conviction.statute)
        ]
        if not registered:
            return found
        certain = [
            other.conviction.disposed_span.latest
            for other, answer in self._listed(matter)
            if all_of((other.exists, answer)) is Answer.YES
        ]
        first = min((day for day in certain if day is not None), default=None)
        unexplained = [
            place for place, span in registered if first is None or span.earliest is None or span.earliest < first
        ]
        if not unexplained:
            return found
        open_facts = tuple(Fact("registration", None, place) for place in unexplained)
        return Finding(Answer.UNKNOWN, (), found.lacked + open_facts)


@lru_cache(maxsize=1 << 14)
def _is_of_registration(statute: Statute | None) -> bool:
    """Whether it is or may be PC 290 or a section of its act, PC 290.006 among them."""
    return statute is None or any(
        section.code in ("PC", None) and section.number.partition(".")[0] == "290" for section in statute.sections
    )


CALIFORNIA_PREDICATES: tuple[type[Predicate], ...] = (SuperstrikeConviction, RegistrableConviction)
