"""Questions about the dates of the count."""

from __future__ import annotations

import datetime as dt

from clearslate.model import Answer
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, finding
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
