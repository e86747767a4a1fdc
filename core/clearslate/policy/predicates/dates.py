"""Questions about the dates of the count."""

from __future__ import annotations

import datetime as dt

from clearslate.model import Answer, span_of
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding, known
from clearslate.policy.predicates.arguments import (
    OnTheDay,
    Years,
    disposed,
    years_ago,
)


class ArrestedOnOrAfter(Predicate):
    """Whether the arrest was on the day or later; an arrest is never later than its disposition."""

    name = "arrested_on_or_after"
    day: dt.date

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return ~matter.count.arrest_span.before(self.day)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the cycle's date, bounded by the disposition."""
        count = matter.count
        return finding(self.answer(matter), Fact("arrested", count.cycle.arrested, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the arrest was on or after {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the arrest was before {self.day}"


class CommittedBefore(Predicate):
    """Whether the offense was before the day, for law whose meaning turns on the day of the offense.

    Every date narrows the answer and none is taken for another: yes only if the arrest is certainly before the day,
    because the offense is never later; no only if the stated offense is certainly on or after it. An offense before
    the day with an arrest on or after it is unknown, and so is a blank offense with such an arrest.
    """

    name = "committed_before"
    day: dt.date

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        count = matter.count
        if count.arrest_span.before(self.day) is Answer.YES:
            return Answer.YES
        return Answer.NO if span_of(count.committed).before(self.day) is Answer.NO else Answer.UNKNOWN

    def ask(self, matter: Matter) -> Finding:
        """Answer from the offense's date, and the arrest's, bounded by the disposition."""
        count = matter.count
        facts = (
            Fact("committed", count.committed, count.place),
            Fact("arrested", count.cycle.arrested, count.place),
        )
        return finding(self.answer(matter), *facts)

    def words(self) -> str:
        """The condition in plain English."""
        return f"the offense and the arrest were before {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the offense was on or after {self.day}"


class DecidedAfter(Predicate):
    """Whether the day of decision is later than the day; always known."""

    name = "decided_after"
    day: dt.date

    def ask(self, matter: Matter) -> Finding:
        """Answer from the day that was decided as of."""
        return known(matter.as_of > self.day, Fact("as_of", matter.as_of))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the day of decision is after {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the day of decision is {self.day} or before"


class DisposedBefore(Predicate):
    """Whether the disposition was before the day; a disposition is never earlier than its arrest."""

    name = "disposed_before"
    day: dt.date

    def answer(self, matter: Matter) -> Answer:
        """The answer alone."""
        return matter.count.disposed_span.before(self.day)

    def ask(self, matter: Matter) -> Finding:
        """Answer from the disposition's date, bounded by the arrest."""
        return finding(self.answer(matter), disposed(matter.count))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the disposition was before {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the disposition was on or after {self.day}"


class DisposedYearsAgo(Predicate):
    """Whether this conviction is that many calendar years old.

    ``on_the_day`` says whether the anniversary itself is still ``within`` the years or ``outside``.
    """

    name = "disposed_years_ago"
    years: Years
    on_the_day: OnTheDay

    def ask(self, matter: Matter) -> Finding:
        """Answer from the disposition's date."""
        count = matter.count
        return finding(years_ago(count.disposed_span, self.years, matter.as_of, self.on_the_day), disposed(count))

    def words(self) -> str:
        """The condition in plain English."""
        return f"this conviction is {'more than ' * (self.on_the_day == 'within')}{self.years} years old" + (
            " or more" if self.on_the_day == "outside" else ""
        )
