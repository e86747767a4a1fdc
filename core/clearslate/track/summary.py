"""What is open: the granted charges of a run by state, by clock and by county, in numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clearslate.errors import LedgerError
from clearslate.track.case import Case
from clearslate.track.clocks import Clock, Pace, Reading, read
from clearslate.track.history import Standing, standing
from clearslate.track.state import State

UNNAMED = ""
"""Stands for the county of a charge whose record names none."""


@dataclass(slots=True)
class Place:
    """The charges of one county."""

    charges: int = 0
    open: int = 0
    contradictory: int = 0
    run_out: int = 0


@dataclass(slots=True)
class Summary:
    """The granted charges of a run at the end of a day.

    ``states`` counts those that no contradiction hangs over, ``people`` whose they are. ``clocks`` counts by clock and
    pace. Nothing in it is personal.
    """

    run: int
    as_of: dt.date
    charges: int = 0
    people: int = 0
    open: int = 0
    contradictory: int = 0
    states: Counter[State] = field(default_factory=Counter)
    people_in: Counter[State] = field(default_factory=Counter)
    clocks: dict[str, Counter[Pace]] = field(default_factory=dict)
    counties: dict[str, Place] = field(default_factory=dict)

    @property
    def closed(self) -> int:
        """The charges of which nothing is left to be done."""
        return self.charges - self.open

    def check(self) -> None:
        """Raise LedgerError unless everything adds up."""
        parts = self.states.total() + self.contradictory
        by_county = sum(place.charges for place in self.counties.values())
        if not self.charges == parts == by_county:
            raise LedgerError(
                f"the charges do not add up: [{self.charges}] is not [{parts}] by state or [{by_county}] by county; "
                "report this with the counts"
            )


def readings(clocks: Sequence[Clock], case: Case, now: Standing, as_of: dt.date) -> dict[str, Reading]:
    """What every clock shows for a case, by the clock's id."""
    return {clock.id: read(clock, now, as_of, case.reliefs) for clock in clocks}


def summary(run: int, people: Iterable[Sequence[Case]], clocks: Sequence[Clock], as_of: dt.date) -> Summary:
    """Count the granted charges of a run, given person by person. Raises LedgerError."""
    found = Summary(run, as_of, clocks={clock.id: Counter() for clock in clocks})
    for of_person in people:
        granted = [case for case in of_person if case.is_granted]
        found.people += bool(granted)
        states: set[State] = set()
        for case in granted:
            now = standing(case.steps, as_of)
            shown = readings(clocks, case, now, as_of)
            place = found.counties.setdefault(case.cells["county"] or UNNAMED, Place())
            found.charges += 1
            found.open += now.is_open
            place.charges += 1
            place.open += now.is_open
            place.run_out += any(reading.pace is Pace.RUN_OUT for reading in shown.values())
            for id, reading in shown.items():
                found.clocks[id][reading.pace] += 1
            if now.contradictions:
                found.contradictory += 1
                place.contradictory += 1
            else:
                found.states[now.state] += 1
                states.add(now.state)
        found.people_in.update(states)
    found.counties = dict(sorted(found.counties.items()))
    found.check()
    return found
