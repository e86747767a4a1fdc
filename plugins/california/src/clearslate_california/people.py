"""What the rows of a person say of the person, and of each arrest cycle: all but the counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clearslate.ingest.frame import Frame
from clearslate.model import Count, Cycle, PartialDate, Person, Registration, Statute
from clearslate_california.cells import Ints, spread
from clearslate_california.dates import BLANK, date_of, day_number
from clearslate_california.rows import CYCLE, Bools, Rows
from clearslate_california.wording import Kind, Said, is_filler

BIRTH_DATE_CONFLICT = "BIRTH_DATE_CONFLICT"
NAMES_DIFFER = "NAMES_DIFFER"
IDENTIFIER_SHARED = "IDENTIFIER_SHARED"


class Cycles:
    """The wanted cycles of a frame, by their numbers among the sorted rows."""

    def __init__(self, rows: Rows, wanted: Ints, arrested: Ints) -> None:
        offenses = rows.offenses
        # A row that is neither an arrest nor a court's, and names no offense, charges nothing; nor does
        # an arrest for a warrant.
        silent = offenses.blank[rows.offense] & (rows.kind >= Kind.REGISTRATION)
        silent |= offenses.uncharged[rows.offense] & (rows.kind >= Kind.ARREST)
        is_wanted = np.zeros(len(rows.cycle_starts), np.bool_)
        is_wanted[wanted] = True
        kept = ~silent & is_wanted[rows.cycle]
        width = len(offenses.statutes)
        pairs = np.unique(rows.cycle[kept] * width + rows.statute[kept])
        cycles, codes = pairs // width, (pairs % width).tolist()
        bounds = np.searchsorted(cycles, np.stack((wanted, wanted + 1)))
        keys = (rows.key[rows.cycle_starts[wanted]] // CYCLE % 1000).tolist()
        agencies = _arresting(rows, is_wanted)
        memo: dict[tuple[int, ...], tuple[Statute | None, ...]] = {}
        self._cycles: dict[int, Cycle] = {}
        for number, key, day, low, high in zip(
            wanted.tolist(), keys, arrested[wanted].tolist(), *bounds.tolist(), strict=True
        ):
            charged_codes = tuple(codes[low:high])
            charged = memo.get(charged_codes)
            if charged is None:
                charged = memo[charged_codes] = tuple(offenses.statutes[code] for code in charged_codes)
            self._cycles[number] = Cycle(f"{key:03d}", date_of(day), charged, agencies.get(number))

    def __getitem__(self, number: int) -> Cycle:
        return self._cycles[number]


def _arresting(rows: Rows, wanted: Bools) -> dict[int, str]:
    """The agency that the arrest rows of each wanted cycle name, where they name one and no other."""
    column = rows.frame.columns["STP_ORI_DESCR"]
    stated = (rows.kind == Kind.ARREST) & wanted[rows.cycle] & ~rows.blank("STP_ORI_DESCR")
    cycles, codes = rows.cycle[stated], column.codes[rows.order[stated]]
    if not len(cycles):
        return {}
    starts = np.flatnonzero(np.diff(cycles, prepend=-1))
    low, high = np.minimum.reduceat(codes, starts), np.maximum.reduceat(codes, starts)
    same = low == high
    return {
        number: column.values[code]
        for number, code in zip(cycles[starts][same].tolist(), low[same].tolist(), strict=True)
    }


class People:
    """The persons of a frame, described from all their rows."""

    def __init__(self, frame: Frame, rows: Rows, chosen: Bools) -> None:
        self._frame = frame
        self._rows = rows
        # A person without a row left is never described, but has a start, which may be behind the last row.
        self._starts = np.minimum(frame.starts[:-1], len(frame) - 1)
        self._person_ids = frame.person_ids
        self._names = self._distinct("PRI_NAME")
        self._identifiers = self._distinct("CII_NUMBER")
        self._sexes = self._distinct("GENDER")
        self._races = self._distinct("RACE_DESCR")
        column = frame.columns["PRI_DOB"]
        births = spread([day_number(value) for value in column.values], column)
        self._births = births
        self._birth_low = np.minimum.reduceat(births, self._starts).tolist()
        self._birth_high = np.maximum.reduceat(births, self._starts).tolist()
        self._deceased = set(rows.person[rows.kind == Kind.DECEASED].tolist())
        self._registrations = self._registered(chosen)

    def person(self, number: int, counts: tuple[Count, ...]) -> Person:
        """One person with the given counts."""
        names = self._names(number)
        birth, conflict = self._birth(number)
        shared = number in self._frame.shared
        flags = (
            ((BIRTH_DATE_CONFLICT,) if conflict else ())
            + ((NAMES_DIFFER,) if len(names) > 1 else ())
            + ((IDENTIFIER_SHARED,) if shared else ())
        )
        sexes, races = self._sexes(number), self._races(number)
        return Person(
            self._person_ids[number],
            counts,
            names,
            self._identifiers(number),
            birth,
            sexes[0] if sexes else None,
            races[0] if races else None,
            number in self._deceased,
            tuple(self._registrations.get(number, ())),
            self._frame.missing.get(number, ()),
            shared,
            flags,
        )

    def _birth(self, number: int) -> tuple[PartialDate | None, bool]:
        low, high = self._birth_low[number], self._birth_high[number]
        if low == high:
            return date_of(low), False
        start, stop = self._frame.starts[number : number + 2]
        # A date beside blanks is one that a row fails to confirm: unknown, though no contradiction.
        stated = set(self._births[start:stop].tolist()) - {BLANK}
        return None, len(stated) > 1

    def _distinct(self, name: str) -> Callable[[int], tuple[str, ...]]:
        """A function that gives the distinct cells of a person that mean something, in file order."""
        column = self._frame.columns[name]
        codes, values = column.codes, column.values
        means = [not is_filler(value) for value in values]
        low = np.minimum.reduceat(codes, self._starts).tolist()
        high = np.maximum.reduceat(codes, self._starts).tolist()
        starts = self._frame.starts.tolist()

        def of(number: int) -> tuple[str, ...]:
            if low[number] == high[number]:
                return (values[low[number]],) if means[low[number]] else ()
            found = dict.fromkeys(codes[starts[number] : starts[number + 1]].tolist())
            return tuple(values[code] for code in found if means[code])

        return of

    def _registered(self, chosen: Bools) -> dict[int, list[Registration]]:
        rows, offenses = self._rows, self._rows.offenses
        registration = rows.kind == Kind.REGISTRATION
        # A row whose kind is blank may be a registration where its offense does not rule that out.
        registers = np.asarray([offenses.registers(number) for number in range(len(offenses.offenses))], np.bool_)
        unsaid = (rows.kind == Kind.UNKNOWN) | (rows.kind == Kind.OTHER)
        registration |= unsaid & (rows.said != Said.CONVICTED) & registers[rows.offense]
        found: dict[int, list[tuple[int, Registration]]] = {}
        for index in np.flatnonzero(registration & chosen[rows.person]).tolist():
            row = int(rows.order[index])
            stepped = day_number(rows.cell("STP_EVENT_DATE", index)) or day_number(rows.cell("DISP_DATE", index))
            statute = offenses.offenses[int(rows.offense[index])].statute
            one = Registration(self._frame.place(row), statute, date_of(stepped))
            found.setdefault(int(rows.person[index]), []).append((row, one))
        return {person: [one for _, one in sorted(rowed, key=lambda pair: pair[0])] for person, rowed in found.items()}
