"""A table of cases: the court's answers as they come, or a list of what the office names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_args

from clearslate.errors import InputError
from clearslate.ingest.plain import plain_name
from clearslate.ingest.sheet import Sheet, day_typed, read_sheet
from clearslate.track.state import State
from clearslate.track.words import STATES, Column, Words

COLUMNS: tuple[str, ...] = get_args(Column)
_ROW = re.compile(r"[1-9][0-9]{0,11}")
_LONGEST = 500
"""Characters of a cell that are kept."""


class Problem(NamedTuple):
    """Why a row of a table is left over: what it is called, and what to do about it. Nothing in it is personal."""

    name: str
    advice: str


class Asked(NamedTuple):
    """Which charge a row is about; a blank says nothing."""

    case_number: str = ""
    person_id: str = ""
    name: str = ""
    born: str = ""
    statute: str = ""
    county: str = ""
    source_file: str = ""
    source_row: int = 0

    def __repr__(self) -> str:
        return "<Asked>"


class Answered(NamedTuple):
    """One row of a court's file. ``on`` is the day of its order, ``charge`` what the court calls the count."""

    row: int
    asked: Asked
    state: State
    on: dt.date | None = None
    judge: str = ""
    charge: str = ""
    note: str = ""

    def __repr__(self) -> str:
        return f"<Answered row {self.row}>"


Row = tuple[int, Answered | Problem]
"""A row's number, from 1, and what it says, or why that cannot be read."""


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """A table as it was read: base name, digest, the headings that mean nothing to us, and every row."""

    name: str
    sha256: str
    ignored: tuple[str, ...]
    rows: Sequence[Row]


def read_answers(path: Path, words: Words, today: dt.date) -> Table:
    """Read a court's answers; an order that is dated after ``today`` cannot be. Raises InputError for the file."""
    return _Reader(path, words, today, answers=True).table()


def read_list(path: Path, today: dt.date) -> Table:
    """Read a list of cases, without answers: each row has the state ``DECIDED``. Raises InputError for the file."""
    return _Reader(path, Words(), today, answers=False).table()


class _Reader:
    def __init__(self, path: Path, words: Words, today: dt.date, *, answers: bool) -> None:
        self._path = path
        self._today = today
        self._answers = answers
        self._words = words.known()
        self._headings = words.headings()

    def table(self) -> Table:
        sheet = read_sheet(self._path)
        name = sheet.name
        columns = [self._column(heading) for heading in sheet.header]
        self._check(name, columns)
        ignored = tuple(heading.strip() for heading, known in zip(sheet.header, columns, strict=True) if known is None)
        return Table(name, sheet.sha256, ignored, list(self._rows(columns, sheet)))

    def _column(self, heading: str) -> str | None:
        plain = plain_name(heading)
        named = self._headings.get(plain, plain.replace(" ", "_"))
        return named if named in COLUMNS else None

    def _check(self, name: str, columns: Sequence[str | None]) -> None:
        known = [column for column in columns if column is not None]
        lacking = "answer" if self._answers and "answer" not in known else ""
        if "case_number" not in known and (self._answers or "source_row" not in known):
            lacking = "case_number"
        if lacking:
            raise InputError(
                f"table [{name}] lacks the column [{lacking}]; it takes {', '.join(COLUMNS)}, and --words names others"
            )
        for column in known:
            if known.count(column) > 1:
                raise InputError(f"table [{name}] has the column [{column}] twice; take one out")

    def _rows(self, columns: Sequence[str | None], sheet: Sheet) -> Iterator[Row]:
        for row, cells in sheet.rows():
            if cells is None:
                said = f"the row has not the {len(columns)} cells that the header has; correct it"
                yield row, Problem("cells", said)
                continue
            told = {column: cell for column, cell in zip(columns, cells, strict=True) if column is not None}
            yield row, self._row(row, told)

    def _row(self, row: int, told: Mapping[str, str]) -> Answered | Problem:
        def cell(name: str) -> str:
            return " ".join(told.get(name, "").split())[:_LONGEST]

        number = cell("source_row")
        if number and not _ROW.fullmatch(number):
            return Problem("source row", "source_row takes a row number from 1, or nothing")
        if not number and not plain_name(cell("case_number")):
            return Problem("case number", "the case number is blank; say which case it is")
        born = cell("born")
        birth = day_typed(born) if born else None
        if born and birth is None:
            return Problem("birth date", "born takes a day such as 1961-03-17, or nothing")
        count = cell("count")
        asked = Asked(
            case_number=cell("case_number"),
            person_id=cell("person_id"),
            name=cell("name"),
            born="" if birth is None else birth.isoformat(),
            # A bare number is the court's own and not a statute.
            statute=cell("statute") or ("" if count.isdigit() else count),
            county=cell("county"),
            source_file=cell("source_file"),
            source_row=int(number) if number else 0,
        )
        return self._answered(row, asked, count, cell) if self._answers else Answered(row, asked, State.DECIDED)

    def _answered(self, row: int, asked: Asked, count: str, cell: Callable[[str], str]) -> Answered | Problem:
        answer = self._words.get(plain_name(cell("answer")))
        if answer is None:
            return Problem("answer", "the answer is none of the known words; add it to the file of --words")
        ordered = cell("order_date")
        on = day_typed(ordered) if ordered else None
        if ordered and on is None:
            return Problem("order date", "order_date takes a day such as 2026-01-31 or 1/31/2026, or nothing")
        if on is not None and on > self._today:
            return Problem("order date", "the order's day is yet to come; correct it")
        state = STATES[answer]
        if state is State.GRANTED and on is not None:
            state = State.SIGNED
        return Answered(row, asked, state, on, cell("judge"), count, cell("note"))
