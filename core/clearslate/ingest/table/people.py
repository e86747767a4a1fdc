"""What every row of a person in a table says of the person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clearslate.ingest.frame import Frame
from clearslate.ingest.table.charges import Charges
from clearslate.ingest.table.dates import date_of
from clearslate.ingest.table.fields import Said
from clearslate.ingest.table.plan import Plan
from clearslate.ingest.table.schema import Cells
from clearslate.model import Count, PartialDate, Person

BIRTH_DATE_CONFLICT = "BIRTH_DATE_CONFLICT"
NAMES_DIFFER = "NAMES_DIFFER"
IDENTIFIER_SHARED = "IDENTIFIER_SHARED"


class People:
    """The persons of a frame, without their charges."""

    def __init__(self, frame: Frame, charges: Charges, plan: Plan) -> None:
        self._frame = frame
        self._charges = charges
        self._plan = plan
        person = plan.person
        self._names = self._distinct(person.name)
        self._identifiers = self._distinct(person.id if person.identifier is None else person.identifier)
        self._sexes = self._distinct(person.sex)
        self._races = self._distinct(person.race)
        self._born: Said[int] | None = None
        if person.born is not None:
            self._born = charges.read(person.born, plan.day(person.born))
            self._low, self._high = charges.people_over(self._born.codes)
        self._dead = np.zeros(len(frame.starts) - 1, np.bool_)
        if person.deceased is not None:
            said = charges.read(person.deceased, plan.deceased)
            dead = np.asarray([value == "yes" for value in said.values], np.bool_)[said.codes]
            self._dead[charges.row_person[dead]] = True

    def person(self, number: int, counts: tuple[Count, ...]) -> Person:
        """One person with the given charges."""
        frame = self._frame
        names = self._names(number)
        sexes, races = self._sexes(number), self._races(number)
        shared = number in frame.shared
        birth, conflict = self._birth(number)
        flags = (
            ((BIRTH_DATE_CONFLICT,) if conflict else ())
            + ((NAMES_DIFFER,) if len(names) > 1 else ())
            + ((IDENTIFIER_SHARED,) if shared else ())
        )
        return Person(
            frame.person_ids[number],
            counts,
            names,
            self._identifiers(number),
            birth,
            sexes[0] if sexes else None,
            races[0] if races else None,
            bool(self._dead[number]),
            (),
            frame.missing.get(number, ()),
            shared,
            flags,
        )

    def _birth(self, number: int) -> tuple[PartialDate | None, bool]:
        """The birth date that all rows state, and whether they state two."""
        if self._born is None:
            return None, False
        low, high = int(self._low[number]), int(self._high[number])
        if low == high:
            return date_of(self._born.of(low) or 0), False
        start, stop = self._frame.starts[number : number + 2]
        # A date beside blanks is one that a row fails to confirm: unknown, though no contradiction.
        return None, len(set(self._born.codes[start:stop].tolist()) - {0}) > 1

    def _distinct(self, cells: Cells | str | None) -> Callable[[int], tuple[str, ...]]:
        """A function that gives the distinct things that the rows of a person say, in file order."""
        said = self._charges.read(cells, self._plan.printed)
        starts = self._frame.starts

        def of(number: int) -> tuple[str, ...]:
            codes = said.codes[starts[number] : starts[number + 1]].tolist()
            return tuple([str(said.of(code)) for code in dict.fromkeys(codes) if code])

        return of
