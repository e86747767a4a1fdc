"""Persons from the rows of both exports: objects for those whom a reform may concern, nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Concerns
from clearslate.model import Count, Cycle, Disposition, Event, Person, Statute
from clearslate_illinois.cells import current, is_filler, version
from clearslate_illinois.charges import (
    DATE_CONFLICT,
    DATE_IMPLAUSIBLE,
    DATE_UNREADABLE,
    Row,
    Settled,
    agreed,
    controlling,
    ending,
    settle,
)
from clearslate_illinois.columns import SENTENCING
from clearslate_illinois.dates import IMPLAUSIBLE, UNREADABLE, date_of, day_number
from clearslate_illinois.statutes import read_cells

T = TypeVar("T")
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_CHARGED = "DISPOSITION_CHARGED_"
COUNTY = "COOK"


def persons(frame: Frame, concerns: Concerns) -> Sequence[Person]:
    """The persons of a frame who have a charge that could concern a reform, in order, each with all charges."""
    if not len(frame):
        return []
    statutes = Statutes(frame)
    return list(_Making(frame, statutes, statutes.chosen(concerns)).persons())


def convictions(frame: Frame) -> int:
    """How many charges of a frame ended in a conviction, which only the rows of both exports together tell."""
    if not len(frame):
        return 0
    everyone = np.ones(len(frame.starts) - 1, np.bool_)
    return _Making(frame, Statutes(frame), everyone).convictions()


class Statutes:
    """The statute of each row: ``found[code[row]]``, the first of them None for one that cannot be read."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        columns = [frame.columns[f"{_CHARGED}{name}"] for name in ("CHAPTER", "ACT", "SECTION")]
        texts = [column.values for column in columns]
        keys = np.zeros(len(frame), np.int64)
        for column in columns:
            keys = keys * len(column.values) + column.codes
        distinct, inverse = np.unique(keys, return_inverse=True)
        self.found: list[Statute | None] = [None]
        self._number: dict[Statute, int] = {}
        numbers = [self._numbered(read_cells(*_split(int(key), texts))) for key in distinct]
        self.code: Ints = np.asarray(numbers or [0], np.int64)[inverse.reshape(-1)]
        self._from_titles()

    def _from_titles(self) -> None:
        """Read the titles of the rows whose cells cannot be read."""
        unread = np.flatnonzero(self.code == 0)
        titles = self.frame.columns[f"{_CHARGED}OFFENSE_TITLE"]
        codes = titles.codes[unread]
        for code in np.unique(codes).tolist():
            number = self._numbered(read_cells("", "", "", titles.values[code]))
            self.code[unread[codes == code]] = number

    def _numbered(self, statute: Statute | None) -> int:
        if statute is None:
            return 0
        number = self._number.get(statute)
        if number is None:
            number = self._number[statute] = len(self.found)
            self.found.append(dataclasses.replace(statute, raw=str(statute)))
        return number

    def chosen(self, concerns: Concerns) -> Bools:
        """Which persons have a row whose statute concerns, or a charge whose rows differ in it."""
        frame = self.frame
        asked = np.asarray([concerns(statute) for statute in self.found], np.bool_)
        people = len(frame.starts) - 1
        person = np.repeat(np.arange(people, dtype=np.int64), np.diff(frame.starts))
        wanted = np.zeros(people, np.bool_)
        wanted[person[asked[self.code]]] = True
        if asked[0]:
            charges = frame.columns["CHARGE_ID"]
            keys = person * len(charges.values) + charges.codes
            pairs = np.unique(np.stack((keys, self.code)), axis=1)[0]
            differing = np.unique(pairs[1:][pairs[1:] == pairs[:-1]])
            wanted[differing // len(charges.values)] = True
        return wanted


def _split(key: int, texts: Sequence[Sequence[str]]) -> tuple[str, str, str]:
    key, section = divmod(key, len(texts[2]))
    chapter, act = divmod(key, len(texts[1]))
    return texts[0][chapter], texts[1][act], texts[2][section]


class _Making:
    def __init__(self, frame: Frame, statutes: Statutes, chosen: Bools) -> None:
        self.frame = frame
        self.statutes = statutes
        self.people = np.flatnonzero(chosen).tolist()
        self._rows_of: dict[int, tuple[int, int]] = {}
        starts = frame.starts.tolist()
        spans = [np.arange(starts[number], starts[number + 1]) for number in self.people]
        self.at: Ints = np.concatenate(spans) if spans else np.zeros(0, np.int64)
        low = 0
        for number, span in zip(self.people, spans, strict=True):
            self._rows_of[number] = (low, low + len(span))
            low += len(span)
        self.charge = self.each("CHARGE_ID", str)
        self.case = self.each("CASE_ID", str)
        self.arrests = self.each("ARREST_DATE", day_number)
        self.rows = self._rows()

    def each(self, name: str, meaning: Callable[[str], T]) -> list[T]:
        """What the cell of each chosen row means."""
        column = self.frame.columns[name]
        codes = column.codes[self.at].tolist()
        meanings: dict[int, T] = {}
        for code in dict.fromkeys(codes):
            meanings[code] = meaning(column.values[code])
        return [meanings[code] for code in codes]

    def _rows(self) -> list[Row]:
        found, statute = self.statutes.found, self.statutes.code[self.at].tolist()
        texts = [self.each(f"{_CHARGED}{name}", str) for name in ("CHAPTER", "ACT", "SECTION", "OFFENSE_TITLE")]
        offenses = [" ".join(filter(None, cells)) for cells in zip(*texts, strict=True)]
        return list(
            map(
                Row._make,
                zip(
                    self.at.tolist(),
                    self.frame.row[self.at].tolist(),
                    self.each("EXPORT", lambda text: text == SENTENCING),
                    self.each("CHARGE_VERSION_ID", version),
                    [found[code] for code in statute],
                    offenses,
                    texts[3],
                    self.each(f"{_CHARGED}CLASS", str),
                    self.each("DISPOSITION_DATE", day_number),
                    self.each("INCIDENT_BEGIN_DATE", day_number),
                    self.each("CHARGE_DISPOSITION", str),
                    self.each("CHARGE_DISPOSITION_REASON", lambda text: "" if is_filler(text) else text),
                    self.each("SENTENCE_PHASE", str),
                    self.each("SENTENCE_TYPE", lambda text: "" if is_filler(text) else text),
                    self.each("COMMITMENT_TYPE", lambda text: "" if is_filler(text) else text),
                    self.each("CURRENT_SENTENCE_FLAG", current),
                    self.each("SENTENCE_DATE", day_number),
                    self.each("COMMITMENT_TERM", str),
                    self.each("COMMITMENT_UNIT", str),
                    strict=True,
                ),
            )
        )

    def charges(self, number: int) -> dict[str, list[Row]]:
        """The rows of each charge of a person, in file order."""
        low, high = self._rows_of[number]
        found: dict[str, list[Row]] = {}
        for place in range(low, high):
            found.setdefault(self.charge[place], []).append(self.rows[place])
        return found

    def convictions(self) -> int:
        """How many charges ended in a conviction."""
        total = 0
        for number in self.people:
            for rows in self.charges(number).values():
                final, clear = controlling(rows)
                total += clear and ending(rows, final, {}).disposition is Disposition.CONVICTED
        return total

    def persons(self) -> Iterator[Person]:
        """Each chosen person in order."""
        frame = self.frame
        races, sexes = self.each("RACE", str), self.each("GENDER", str)
        agencies = self.each("LAW_ENFORCEMENT_AGENCY", str)
        for number in self.people:
            low, high = self._rows_of[number]
            yield Person(
                frame.person_ids[number],
                tuple(self._counts(number, agencies[low])),
                (),
                (frame.person_ids[number],),
                None,
                _first(sexes[low:high]),
                _first(races[low:high]),
                missing_rows=frame.missing.get(number, ()),
                shares_identifier=number in frame.shared,
            )

    def _counts(self, number: int, agency: str) -> Iterator[Count]:
        low, high = self._rows_of[number]
        arrested, differ = agreed(self.arrests[low:high])
        noticed = _noticed(self.arrests[low:high], differ=differ)
        charged = tuple(dict.fromkeys(row.statute for row in self.rows[low:high]))
        case_of = {row.at: case for row, case in zip(self.rows[low:high], self.case[low:high], strict=True)}
        cycles: dict[int, Cycle] = {}
        events: dict[tuple[str, int], Event] = {}
        for key, rows in self.charges(number).items():
            settled = settle(rows, max(arrested or 0, 0))
            cycle = cycles.setdefault(settled.arrested, Cycle("1", date_of(settled.arrested), charged, agency or None))
            case = case_of[settled.decisive]
            event = events.setdefault(
                (case, settled.arrested),
                Event(case, cycle, "COURT ACTION", COUNTY, agency or None, (case,)),
            )
            yield self._count(key, event, rows, settled, noticed)

    def _count(self, key: str, event: Event, rows: Sequence[Row], settled: Settled, noticed: tuple[str, ...]) -> Count:
        place = self.frame.place
        return Count(
            key,
            event,
            place(settled.decisive),
            settled.statute,
            settled.offense,
            settled.grade,
            settled.ending.disposition,
            settled.disposed,
            settled.sentence,
            (),
            tuple(dict.fromkeys((*settled.flags, *noticed))),
            tuple(place(row.at) for row in rows),
            committed=settled.committed,
            offense_class=settled.offense_class,
            ended=settled.ending.value,
        )


def _noticed(arrests: Sequence[int], *, differ: bool) -> tuple[str, ...]:
    """The flags that the arrest dates of a person's rows give to every charge."""
    found = (
        (DATE_IMPLAUSIBLE, IMPLAUSIBLE in arrests),
        (DATE_UNREADABLE, UNREADABLE in arrests),
        (DATE_CONFLICT, differ),
    )
    return tuple(flag for flag, is_so in found if is_so)


def _first(cells: Sequence[str]) -> str | None:
    return next((cell for cell in cells if not is_filler(cell)), None)
