"""Questions about the grade, the county and what the record says of itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from clearslate.model import Answer, Disposition, Relief
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.predicates.arguments import (
    listed,
)


class GradeIn(Predicate):
    """Whether the conviction is of one of the grades; unknown where the record does not say."""

    name = "grade_in"
    of_plain_count = True
    grades: Annotated[list[Literal["felony", "misdemeanor", "infraction"]], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the grade of conviction."""
        grade = matter.count.grade
        fact = Fact("grade", grade, matter.count.place)
        return finding(Answer.UNKNOWN if grade is None else Answer.of(grade.value in self.grades), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the conviction is {listed(f'an {g}' if g == 'infraction' else f'a {g}' for g in self.grades)}"


class ClassIn(Predicate):
    """Whether the charge is of one of the classes within its grade; unknown where the record states none."""

    name = "class_in"
    of_plain_count = True
    classes: Annotated[list[str], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the class of the final charge."""
        stated = matter.count.offense_class
        fact = Fact("class", stated, matter.count.place)
        return finding(Answer.of(None if stated is None else stated in self.classes), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the charge is of class {listed(self.classes)}"


class DispositionIn(Predicate):
    """Whether the charge came to one of the dispositions.

    Unknown where it is not known, unless ``unknown`` itself is asked for. A rule that asks for it should grant nothing:
    blanking a disposition makes it so.
    """

    name = "disposition_in"
    of_plain_count = True
    dispositions: Annotated[list[Literal["convicted", "not convicted", "pending", "unknown"]], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from how the charge came out."""
        disposition = matter.count.disposition
        unknown = disposition is Disposition.UNKNOWN
        fact = Fact("disposition", None if unknown else disposition, matter.count.place)
        if disposition.value in self.dispositions:
            return known(True, fact)
        return finding(Answer.UNKNOWN, fact) if unknown else known(False, fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the charge is {listed(self.dispositions)}"


class EndedAs(Predicate):
    """Whether the charge ended in one of the ways that the jurisdiction's reader tells apart."""

    name = "ended_as"
    of_plain_count = True
    endings: Annotated[list[str], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the reader's word for it; unknown where there is none."""
        ended = matter.count.ended
        fact = Fact("ended", ended, matter.count.place)
        return finding(Answer.of(None if ended is None else ended in self.endings), fact)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the charge ended as {listed(self.endings).replace('_', ' ')}"


class CountyStated(Predicate):
    """Whether the record names the county; always known."""

    name = "county_stated"
    of_plain_count = True

    def ask(self, matter: Matter) -> Finding:
        """Answer from the event's county."""
        county = matter.count.event.county
        return known(county is not None, Fact("county", county, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return "the record names the county"

    def denial(self) -> str:
        """The opposite in plain English."""
        return "the record does not name the county"


class StatuteReadable(Predicate):
    """Whether the statute could be read; always known."""

    name = "statute_readable"
    of_plain_count = True

    def ask(self, matter: Matter) -> Finding:
        """Answer from whether there is a parsed statute."""
        statute = matter.count.statute
        return known(statute is not None, Fact("statute", statute, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return "the statute can be read"


class SharesIdentifier(Predicate):
    """Whether the person's state identifier also stands under another person; always known."""

    name = "shares_identifier"
    of_plain_count = True

    def ask(self, matter: Matter) -> Finding:
        """Answer from what the reader found over all files."""
        shared = matter.person.shares_identifier
        return known(shared, Fact("identity", "two persons'" if shared else "one person's"))

    def asks_of_contradiction(self) -> bool:
        """Yes: one identifier is one person's."""
        return True

    def words(self) -> str:
        """The condition in plain English."""
        return "the person's state identifier also stands under another person"


class Flagged(Predicate):
    """Whether the reader put one of the flags on the count or the person; always known."""

    name = "flagged"
    of_plain_count = True
    flags: Annotated[list[str], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from the flags."""
        flags = {*matter.count.flags, *matter.person.flags}
        return known(not flags.isdisjoint(self.flags), Fact("flags", tuple(sorted(flags)), matter.count.place))

    def asks_of_contradiction(self) -> bool:
        """Whether each of the flags tells of one: readers name those for a conflict, or for what disagrees."""
        return all("CONFLICT" in flag or "DISAGREES" in flag for flag in self.flags)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record is flagged {listed(self.flags)}"


class AlreadyRelieved(Predicate):
    """Whether the record says that the conviction already had one of the kinds of relief.

    Unknown where a row of the person was rejected, because it could be the one that says so, and
    where a later step does not say what it did.
    """

    name = "already_relieved"
    of_plain_count = True
    kinds: Annotated[list[Literal["same_law", "vacated", "dismissed_after_probation", "reduced"]], Field(min_length=1)]

    def ask(self, matter: Matter) -> Finding:
        """Answer from later events on the same count."""
        found = tuple(relief.name.lower() for relief in matter.count.relieved)
        holds = not set(self.kinds).isdisjoint(found)
        if "unclear" in found and not holds:
            return finding(Answer.UNKNOWN, Fact("relieved", None, matter.count.place))
        if matter.person.missing_rows and not holds:
            return finding(Answer.UNKNOWN, *(Fact("relieved", None, place) for place in matter.person.missing_rows))
        return known(holds, Fact("relieved", found, matter.count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the conviction was already {listed(Relief[kind.upper()].value for kind in self.kinds)}"
