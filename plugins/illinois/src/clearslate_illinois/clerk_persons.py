"""Persons from the rows of the clerk's extract: several rows a charge, the amended charge the final one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Concerns
from clearslate.model import Count, Cycle, Disposition, Event, Grade, PartialDate, Person, SentencePart, Span, Statute
from clearslate_illinois.cells import is_filler
from clearslate_illinois.charges import (
    CHARGE_AMENDED,
    CLASS_CONFLICT,
    DATE_CONFLICT,
    DATE_IMPLAUSIBLE,
    DATE_UNREADABLE,
    DISPOSITION_CONFLICT,
    OFFENSE_TEXT_DISAGREES,
    SENTENCE_ESTIMATED,
    STATUTE_CONFLICT,
    agreed,
)
from clearslate_illinois.clerk_cells import grade_of, is_nobody, sentence_parts
from clearslate_illinois.dates import IMPLAUSIBLE, UNREADABLE, clerk_birth, clerk_day, date_of, too_far_apart
from clearslate_illinois.descriptions import disagrees
from clearslate_illinois.endings import Ending, clerk_ending, is_clerk_contradiction
from clearslate_illinois.persons import COUNTY
from clearslate_illinois.statutes import read_statute

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_FILED = ("statute", "chrgdesc", "chrgtype", "chrgclass")
_AMENDED = ("ammndchargstatute", "ammndchrgdescr", "ammndchrgtype", "ammndchrgclass")

GRADE_CONFLICT = "GRADE_CONFLICT"
BIRTH_DATE_CONFLICT = "BIRTH_DATE_CONFLICT"
IDENTIFIER_SHARED = "IDENTIFIER_SHARED"


class Row(NamedTuple):
    """One row: its place in the frame, and what its cells say of the charge in its final form."""

    at: int
    case: str
    booking: str
    charged: str
    statute: str
    title: str
    type: str
    offense_class: str
    is_amended: bool
    literal: str
    disposed: int
    arrested: int
    least: str
    most: str
    fine: str


def persons(frame: Frame, concerns: Concerns) -> Sequence[Person]:
    """The persons of a frame who have a charge that could concern a reform, in order, each with all charges."""
    if not len(frame):
        return []
    people = len(frame.starts) - 1
    person = np.repeat(np.arange(people), np.diff(frame.starts))
    chosen: Bools = np.zeros(people, np.bool_)
    for name in ("statute", "ammndchargstatute"):
        column = frame.columns[name]
        asked = [not (name != "statute" and is_filler(text)) and concerns(read_statute(text)) for text in column.values]
        chosen[person[column.where(asked)]] = True
    if concerns(None):
        # An amended charge without a statute, and rows of one charge that were amended differently, leave it unknown.
        charge = _charge_of(frame)
        amended = _keyed(frame, np.zeros(len(frame), np.int64), _AMENDED)
        pairs = np.unique(np.stack((charge, amended)), axis=1)[0]
        differing = np.bincount(pairs, minlength=int(charge.max()) + 1) > 1
        chosen[person[differing[charge]]] = True
        said = np.zeros(len(frame), np.bool_)
        for name in _AMENDED[1:]:
            column = frame.columns[name]
            said |= column.where([not is_filler(text) for text in column.values])
        column = frame.columns["ammndchargstatute"]
        chosen[person[said & column.where([is_filler(text) for text in column.values])]] = True
    return [_person(frame, number) for number in np.flatnonzero(chosen).tolist()]


def convictions(frame: Frame) -> int:
    """How many charges of a frame ended in a conviction."""
    if not len(frame):
        return 0
    column = frame.columns["chrgdisp"]
    charge = _charge_of(frame)
    order = np.argsort(charge, kind="stable")
    cuts = np.flatnonzero(np.diff(charge[order])) + 1
    sets = [tuple(sorted(set(codes.tolist()))) for codes in np.split(column.codes[order], cuts)]
    return sum(
        times
        for codes, times in Counter(sets).items()
        if clerk_ending(column.values[code] for code in codes).disposition is Disposition.CONVICTED
    )


def charge_count(frame: Frame) -> int:
    """How many charges a frame holds."""
    return int(_charge_of(frame).max()) + 1 if len(frame) else 0


def _charge_of(frame: Frame) -> Ints:
    """For each row, the number of its charge, counted from 0 over the frame."""
    person = np.repeat(np.arange(len(frame.starts) - 1, dtype=np.int64), np.diff(frame.starts))
    return _keyed(frame, person, ("case_number", "statute", "chrgdesc"))


def _keyed(frame: Frame, key: Ints, names: Sequence[str]) -> Ints:
    """Numbers that are alike where the key and the cells of the columns are."""
    for name in names:
        column = frame.columns[name]
        key = np.unique(key * max(1, len(column.values)) + column.codes, return_inverse=True)[1].reshape(-1)
    return key


def charges(frame: Frame, number: int) -> list[list[Row]]:
    """The rows of each charge of a person: those of one case with the same statute and title.

    A charge has a row for each part of its disposition. Where two charges are alike in all of these they are one here,
    so that no service beside a supervision is ever taken for a sentence of its own.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    for at in range(int(frame.starts[number]), int(frame.starts[number + 1])):
        row = _row(frame, at)
        found.setdefault((row.case, row.charged), []).append(row)
    return list(found.values())


def _row(frame: Frame, at: int) -> Row:
    def cell(name: str) -> str:
        column = frame.columns[name]
        return column.values[int(column.codes[at])]

    is_amended = not all(is_filler(cell(name)) for name in _AMENDED)
    final = _AMENDED if is_amended else _FILED
    statute, title, type_, offense_class = (cell(name) for name in final)
    return Row(
        at,
        cell("case_number"),
        cell("ctlbkngno"),
        f"{cell('statute')}\n{cell('chrgdesc')}",
        statute,
        title,
        type_,
        offense_class,
        is_amended,
        cell("chrgdisp"),
        clerk_day(cell("chrgdispdate")),
        clerk_day(cell("arrest_date")),
        cell("minsent"),
        cell("maxsent"),
        cell("amtoffine"),
    )


def _person(frame: Frame, number: int) -> Person:
    start, stop = int(frame.starts[number]), int(frame.starts[number + 1])

    def cells(name: str) -> list[str]:
        column = frame.columns[name]
        found = dict.fromkeys(column.codes[start:stop].tolist())
        return [column.values[code] for code in found]

    births = {clerk_birth(text) for text in cells("DOB")}
    birth = date_of(next(iter(births))) if len(births) == 1 else None
    shared = number in frame.shared
    flags = [BIRTH_DATE_CONFLICT] * (len({day for day in births if day > 0}) > 1) + [IDENTIFIER_SHARED] * shared
    sexes = [text for text in cells("sex") if not is_filler(text)]
    return Person(
        frame.person_ids[number],
        tuple(_counts(frame, number)),
        (),
        tuple(text for text in cells("statepoliceid") if not is_nobody(text)),
        birth,
        sexes[0] if sexes else None,
        missing_rows=frame.missing.get(number, ()),
        shares_identifier=shared,
        flags=tuple(flags),
    )


def _counts(frame: Frame, number: int) -> Iterator[Count]:
    settled = [_Charge(rows) for rows in charges(frame, number)]
    arrests = _arrests(settled)
    charged: dict[str, dict[Statute | None, None]] = {}
    for charge, arrest in zip(settled, arrests, strict=True):
        charged.setdefault(arrest, {}).update(dict.fromkeys(charge.charged))
    cycles: dict[tuple[str, int], Cycle] = {}
    events: dict[tuple[str, str, int], Event] = {}
    seen: dict[str, int] = {}
    for charge, arrest in zip(settled, arrests, strict=True):
        day = charge.arrested
        cycle = cycles.setdefault((arrest, day), Cycle(arrest, date_of(day), tuple(charged[arrest])))
        event = events.setdefault(
            (charge.case, arrest, day), Event(charge.case, cycle, "COURT ACTION", COUNTY, None, (charge.case,))
        )
        seen[charge.case] = seen.get(charge.case, 0) + 1
        first = charge.rows[0]
        sentence = charge.sentence(frame)
        yield Count(
            f"{charge.case}:{seen[charge.case]}",
            event,
            frame.place(first.at),
            charge.statute,
            f"{first.statute} {first.title}".strip(),
            charge.grade,
            charge.ending.disposition,
            charge.disposed,
            sentence,
            (),
            tuple(charge.flags),
            tuple(frame.place(row.at) for row in charge.rows),
            offense_class=charge.offense_class,
            ended=charge.ending.value,
        )


def _arrests(settled: Sequence[_Charge]) -> list[str]:
    """For each charge, a name of its arrest: charges of one booking number or case are of one arrest.

    So are those of one day, unless both have a booking number and these differ: where the number is blank, nothing but
    the day tells.
    """
    names: list[str] = []
    for place, charge in enumerate(settled):
        name = charge.case
        for before, other in zip(names, settled[:place], strict=True):
            one, another = charge.booking, other.booking
            together = charge.case == other.case or (one is not None and one == another)
            if together or (0 < charge.arrested == other.arrested and None in (one, another)):
                name = before
                break
        # A charge that belongs to two arrests so far makes them one.
        joined = {
            before
            for before, other in zip(names, settled[:place], strict=True)
            if other.case == charge.case or (charge.booking is not None and other.booking == charge.booking)
        }
        names = [name if before in joined else before for before in names]
        names.append(name)
    return names


class _Charge:
    """What the rows of one charge come to. Rows that must agree and do not leave the fact unknown."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.case = rows[0].case
        self.flags: dict[str, None] = {}
        texts, differ = agreed(row.statute for row in rows)
        if differ:
            self.flags[STATUTE_CONFLICT] = None
        self.statute = None if texts is None else read_statute(texts)
        bookings, _ = agreed(row.booking for row in rows)
        self.booking = None if bookings is None or is_nobody(bookings) else bookings
        as_filed = read_statute(rows[0].charged.partition("\n")[0])
        finals = [read_statute(row.statute) for row in rows]
        self.charged = tuple(dict.fromkeys((as_filed, *finals)))
        if any(row.is_amended for row in rows):
            self.flags[CHARGE_AMENDED] = None
        self.offense_class, self.grade = self._graded()
        self.ending = self._ended()
        self.arrested, disposed = self._dates()
        self.disposed: PartialDate | None = date_of(disposed)
        when = Span(None, None) if self.arrested <= 0 else Span(None, _day(self.arrested).latest)
        if self.statute is not None and any(disagrees(row.title, self.statute, when) for row in rows):
            self.flags[OFFENSE_TEXT_DISAGREES] = None

    def _graded(self) -> tuple[str | None, Grade | None]:
        cells, differ = agreed((row.type.strip().upper(), row.offense_class.strip().upper()) for row in self.rows)
        if cells is None or differ:
            self.flags[CLASS_CONFLICT] = None
            return None, None
        offense_class, grade, contradict = grade_of(*cells)
        if contradict:
            self.flags[GRADE_CONFLICT] = None
        return offense_class, grade

    def _ended(self) -> Ending:
        if is_clerk_contradiction(row.literal for row in self.rows):
            self.flags[DISPOSITION_CONFLICT] = None
        return clerk_ending(row.literal for row in self.rows)

    def _dates(self) -> tuple[int, int]:
        arrested, arrests_differ = agreed(row.arrested for row in self.rows)
        disposed, disposals_differ = agreed(row.disposed for row in self.rows)
        if arrests_differ or disposals_differ:
            self.flags[DATE_CONFLICT] = None
        seen = {day for row in self.rows for day in (row.arrested, row.disposed)}
        if IMPLAUSIBLE in seen:
            self.flags[DATE_IMPLAUSIBLE] = None
        if UNREADABLE in seen:
            self.flags[DATE_UNREADABLE] = None
        arrest, disposal = max(arrested or 0, 0), max(disposed or 0, 0)
        if arrest and disposal and (arrest > disposal or too_far_apart(arrest, disposal)):
            self.flags[DATE_IMPLAUSIBLE] = self.flags[DATE_CONFLICT] = None
            return 0, 0
        return arrest, disposal

    def sentence(self, frame: Frame) -> tuple[SentencePart, ...]:
        """The parts of the sentence, of all rows."""
        parts = [
            part
            for row in self.rows
            for part in sentence_parts(row.literal, row.least, row.most, row.fine, int(frame.row[row.at]))
        ]
        if sum(not part.takes_no_time for part in parts) > 1:
            self.flags[SENTENCE_ESTIMATED] = None
        return tuple(parts)


def _day(number: int) -> PartialDate:
    day = date_of(number)
    assert day is not None, "a day number of a date"
    return day
