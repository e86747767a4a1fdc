"""Persons from the rows of a table: one charge a row, or the rows that have one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

import numpy as np

from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Concerns
from clearslate.ingest.rows import Bools, Ints
from clearslate.ingest.table.charges import Agreed, Charges
from clearslate.ingest.table.dates import date_of, surely_before
from clearslate.ingest.table.fields import texts
from clearslate.ingest.table.people import People
from clearslate.ingest.table.plan import NO_RELIEF, Plan
from clearslate.model import Count, Cycle, Disposition, Event, Person, Relief, SentencePart, Statute

T = TypeVar("T")

DATE_CONFLICT = "DATE_CONFLICT"
DATE_PARTIAL = "DATE_PARTIAL"
DATE_UNREADABLE = "DATE_UNREADABLE"
VALUE_UNLISTED = "VALUE_UNLISTED"
CASE_UNKNOWN = "CASE_UNKNOWN"
CHARGE_KEY_BLANK = "CHARGE_KEY_BLANK"
SENTENCE_ESTIMATED = "SENTENCE_ESTIMATED"


def persons(frame: Frame, concerns: Concerns, plan: Plan) -> Sequence[Person]:
    """The persons of a frame who have a charge that could concern a reform, in order, each with all charges.

    Cells that must agree over the rows of a charge or a person and do not, a blank among them included, are
    unknown: no blanked cell makes a fact of what was a contradiction.
    """
    if not len(frame):
        return []
    return list(_Making(frame, plan).persons(concerns))


class _Making:
    def __init__(self, frame: Frame, plan: Plan) -> None:
        self.frame = frame
        self.plan = plan
        self.charges = charges = Charges(frame, plan)
        self.flags: list[tuple[str, Bools]] = []
        self.statute: Agreed[Statute] = charges.agreed(charges.read(plan.charge.statute, plan.statute))
        self._flag("STATUTE_CONFLICT", self.statute.differ)

    def _flag(self, name: str, where: Bools) -> None:
        if where.any():
            self.flags.append((name, where))

    def persons(self, concerns: Concerns) -> Iterator[Person]:
        """The persons with a charge that is asked for."""
        asked = np.asarray([concerns(value) for value in self.statute.said.values], np.bool_)
        chosen = np.zeros(len(self.frame.starts) - 1, np.bool_)
        chosen[self.charges.person[asked[self.statute.codes]]] = True
        if not chosen.any():
            return
        people = People(self.frame, self.charges, self.plan)
        for person, counts in groupby(self._counts(chosen), key=lambda pair: pair[0]):
            yield people.person(person, tuple([count for _, count in counts]))

    # The charges

    def _counts(self, chosen: Bools) -> Iterator[tuple[int, Count]]:
        charges, charge, plan = self.charges, self.plan.charge, self.plan
        grade = self._listed("GRADE_CONFLICT", charges.agreed(charges.read(charge.grade, plan.grade)))
        disposition = self._listed("DISPOSITION_CONFLICT", charges.disposition)
        ended = self._listed("ENDING_CONFLICT", charges.agreed(charges.read(charge.ended, plan.ended)))
        kind = charges.agreed(charges.read(charge.offense_class, plan.offense_class))
        offense_class = self._listed("CLASS_CONFLICT", kind)
        county = self._listed("COUNTY_CONFLICT", charges.agreed(charges.read(charge.county, plan.county)))
        relief: Agreed[Relief | str] = charges.agreed(charges.read(charge.relieved, plan.relieved))
        relieved = self._listed("RELIEF_CONFLICT", relief)
        committed, arrested, disposed = self._dates()
        facts = {
            name: self._listed("FACT_CONFLICT", charges.agreed(charges.read(one.column, plan.fact(one.kind))))
            for name, one in plan.mapping.table.facts.items()
        }
        agency = charges.read(charge.agency, plan.printed)
        self._cases()
        parts = self._parts()
        offense = self._offenses()
        keys = self._keys()
        first = self._firsts()
        events: dict[tuple[int, int, int, int, int], Event] = {}
        flagged = self._flagged()
        self._charged: dict[tuple[int, int], tuple[Statute | None, ...]] = {}
        for at in np.flatnonzero(chosen[charges.person]).tolist():
            person, row = int(charges.person[at]), int(first[at])
            case = int(self.case.codes[at])
            # Nobody knows which charges stand with one whose case is unknown.
            group = case if case else -1 - at
            day, office = int(arrested[at]), int(agency.codes[row])
            key = (person, group, day, int(county.codes[at]), office)
            event = events.get(key)
            if event is None:
                event = self._event(keys[at], group, at, day, county.of(at), agency.of(office))
                events[key] = event
            ending = disposition.of(at)
            known = {name: one.of(at) for name, one in facts.items()}
            yield (
                person,
                Count(
                    keys[at],
                    event,
                    self.frame.place(row),
                    self.statute.of(at),
                    offense(row),
                    grade.of(at),
                    Disposition.UNKNOWN if ending is None else ending,
                    date_of(int(disposed[at])),
                    parts(at),
                    () if charge.relieved is None else _reliefs(relieved.of(at)),
                    tuple([flag for flag, where in flagged if where[at]]),
                    tuple([self.frame.place(member) for member in self._rows(at)]),
                    {name: value for name, value in known.items() if value is not None},
                    committed=date_of(int(committed[at])),
                    offense_class=offense_class.of(at),
                    ended=ended.of(at),
                ),
            )

    def _rows(self, charge: int) -> list[int]:
        rows: list[int] = self.charges.members[self.charges.start[charge] : self.charges.stop[charge]].tolist()
        return rows

    def _listed(self, conflict: str, found: Agreed[T]) -> Agreed[T]:
        self._flag(conflict, found.differ)
        self._flag(VALUE_UNLISTED, found.odd)
        return found

    def _flagged(self) -> list[tuple[str, Bools]]:
        """The flags with the charges that have each, every flag once."""
        found: dict[str, Bools] = {}
        for name, where in self.flags:
            found[name] = found[name] | where if name in found else where
        return list(found.items())

    def _event(self, charge: str, group: int, at: int, day: int, county: str | None, agency: str | None) -> Event:
        number = self.case.of(at)
        key = f"charge {charge}" if number is None else f"case {number}"
        charged = self._charged_with(int(self.charges.person[at]), group, at)
        cycle = Cycle(key if day <= 0 else f"{key} of {day}", date_of(day), charged)
        numbers = () if number is None else (number,)
        return Event(key, cycle, None, county, agency, numbers, not self.unplaced[at])

    def _charged_with(self, person: int, group: int, at: int) -> tuple[Statute | None, ...]:
        """The statute of every row of a case; of a charge whose case is unknown, its own.

        None among them stands for the rows of which nobody knows whether they are of it.
        """
        found = self._charged.get((person, group))
        if found is None:
            start, stop = self.frame.starts[person : person + 2].tolist()
            own = self._rows(at)
            if group > 0:
                own = [row for row in range(start, stop) if self.case_of_row[row] == group]
                others = any(self.case_of_row[row] == 0 for row in range(start, stop))
            else:
                others = len(own) < stop - start
            said = self.statute.said
            found = tuple(dict.fromkeys([*(said.of(int(said.codes[row])) for row in own), *([None] if others else [])]))
            self._charged[person, group] = found
        return found

    def _dates(self) -> tuple[Ints, Ints, Ints]:
        """The day numbers of each charge's offense, arrest and disposition."""
        charges, charge = self.charges, self.plan.charge
        days: list[Ints] = []
        differ = np.zeros(len(charges), np.bool_)
        partial = differ.copy()
        for column in (charge.committed, charge.arrested, charge.disposed):
            if column is None:
                days.append(np.zeros(len(charges), np.int64))
                continue
            found = charges.agreed(charges.read(column, self.plan.day(column)))
            self._flag(DATE_UNREADABLE, found.odd)
            differ |= found.differ
            day = np.asarray([value or 0 for value in found.said.values], np.int64)[found.codes]
            partial |= (day > 0) & (day % 100 == 0)
            days.append(day)
        committed, arrested, disposed = days
        late = surely_before(arrested, committed) | (surely_before(disposed, committed) & (arrested == 0))
        backwards = surely_before(disposed, arrested)
        self._flag(DATE_CONFLICT, differ | late | backwards)
        self._flag(DATE_PARTIAL, partial)
        return np.where(late, 0, committed), arrested, np.where(backwards, 0, disposed)

    def _cases(self) -> None:
        """The case of each charge; where it is unknown and the person has others, what stands with it is too."""
        charges, cells = self.charges, self.plan.charge.case_number
        self.case: Agreed[str] = charges.agreed(charges.read(cells, self.plan.printed))
        self.case_of_row: list[int] = self.case.said.codes.tolist()
        several = np.bincount(charges.person, minlength=len(self.frame.starts) - 1) > 1
        self.unplaced: Bools = (self.case.codes == 0) & several[charges.person]
        self._flag("CASE_CONFLICT", self.case.differ)
        self._flag(CASE_UNKNOWN, self.unplaced)
        self._flag(CHARGE_KEY_BLANK, charges.unkeyed[charges.person])

    def _parts(self) -> Callable[[int], tuple[SentencePart, ...]]:
        """A function that gives the parts of a charge's sentence in the order of its rows."""
        plan, frame, charges = self.plan, self.frame, self.charges
        columns = [
            (
                frame.columns[part.length],
                None if part.unit is None else texts(frame, part.unit, plan.is_blank),
                None if part.kind is None else texts(frame, part.kind, plan.is_blank),
            )
            for part in plan.parts
        ]

        def part(length: str, unit: str | None, kind: str | None, row: int) -> SentencePart:
            number, unit_of = plan.time(length, unit)
            named = None if kind is None or plan.is_blank(kind) else kind
            return SentencePart(
                named, number, unit_of, int(frame.row[row]), named is not None and plan.takes_no_time(named)
            )

        def of(charge: int) -> tuple[SentencePart, ...]:
            rows = self._rows(charge)
            if plan.parts and charges.unkeyed[charges.person[charge]]:
                return (SentencePart(None, None, None, int(frame.row[rows[0]])),)
            return tuple(
                part(
                    length.values[int(length.codes[row])],
                    None if unit is None else unit[1][int(unit[0][row])],
                    None if kind is None else kind[1][int(kind[0][row])],
                    row,
                )
                for row in rows
                for length, unit, kind in columns
            )

        if plan.parts:
            self._flag(SENTENCE_ESTIMATED, (charges.stop - charges.start) * len(plan.parts) > 1)
        return of

    def _offenses(self) -> Callable[[int], str]:
        """A function that gives the offense of a row as it is printed: the statute, and the words for it."""
        charge = self.plan.charge
        cells = [charge.statute] if charge.offense is None else [charge.statute, charge.offense]
        # As printed, whatever is missing.
        columns = [self.frame.columns[name] for one in cells for name in one.columns]

        def of(row: int) -> str:
            printed = (column.values[int(column.codes[row])] for column in columns)
            return " ".join(text for text in dict.fromkeys(printed) if text)

        return of

    def _keys(self) -> list[str]:
        """What each charge is called among those of its person: unique, and the same whatever block it is in."""
        first = self.charges.members[self.charges.start].tolist()
        return [f"{self.frame.file[row] + 1}/{self.frame.row[row]}" for row in first]

    def _firsts(self) -> Ints:
        """The first row of each charge that says what the charge came to, or else its first."""
        charges = self.charges
        codes, agreed = charges.disposition.said.codes, charges.disposition.codes
        members = charges.members
        says = (codes[members] == agreed[charges.row_charge[members]]) & (codes[members] > 0)
        weighed = members + np.where(says, 0, len(self.frame))
        return np.minimum.reduceat(weighed, charges.start) % max(1, len(self.frame))


def _reliefs(said: Relief | str | None) -> tuple[Relief, ...]:
    """What a record says of earlier relief; a cell that does not say leaves it open."""
    if said == NO_RELIEF:
        return ()
    return (said,) if isinstance(said, Relief) else (Relief.UNCLEAR,)
