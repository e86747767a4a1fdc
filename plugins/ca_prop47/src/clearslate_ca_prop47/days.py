"""Questions about the day of the offense, which few sources state."""

from __future__ import annotations

import datetime as dt

from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, known


class OffenseSaidBefore(Predicate):
    """Whether the record states a day of the offense that is, or may be, before the day; always known."""

    name = "offense_said_before"
    day: dt.date

    def ask(self, matter: Matter) -> Finding:
        """Answer from the offense's own date, where there is one."""
        count = matter.count
        committed = count.committed
        said = committed is not None and committed.earliest < self.day
        return known(said, Fact("committed", committed, count.place))

    def words(self) -> str:
        """The condition in plain English."""
        return f"the record states a day of the offense that is or may be before {self.day}"

    def denial(self) -> str:
        """The opposite in plain English."""
        return f"the record states no day of the offense that may be before {self.day}"


DAY_PREDICATES: tuple[type[Predicate], ...] = (OffenseSaidBefore,)
