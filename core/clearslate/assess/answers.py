"""Answers that a person gives to what no record says, as a table has them."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from clearslate.errors import InputError
from clearslate.ingest.cells import unneutral
from clearslate.policy.schema import FactEntry

COLUMNS = ("source_file", "source_row", "person_id", "case_number", "fact", "answer", "said_by", "said_on", "note")
"""The columns of the table, in any order; ``fact``, ``answer``, ``said_by`` and a row or a case number are needed."""

_NEEDED = ("fact", "answer", "said_by")
_LARGEST = 64 << 20
_NUMBER = re.compile(r"\$?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,9})?")
_YES_NO: Mapping[str, bool] = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


class Given(NamedTuple):
    """One row of the table: about which charge, which fact, and who says what."""

    row: int
    file: str | None
    source_row: int | None
    person_id: str | None
    case_number: str | None
    fact: str
    value: bool | float
    answer: str
    said_by: str
    said_on: str
    note: str

    def __repr__(self) -> str:
        return f"<Given row {self.row}>"

    @property
    def who(self) -> str:
        """Who says so, and when where that is told."""
        return f"{self.said_by}, {self.said_on}" if self.said_on else self.said_by


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """A table of answers as it was given: its base name, its text, its rows, and the digest of the file."""

    name: str
    text: str
    given: tuple[Given, ...]
    sha256: str


def read_answers(path: Path, facts: Mapping[str, FactEntry]) -> Answers:
    """Read a table of answers from a CSV file; raise InputError naming file, row and column.

    ``facts`` are the reform's own.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"facts file [{path.name}] is too large; split it")
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"facts file [{path.name}] is not UTF-8; save it as CSV UTF-8") from error
    except OSError as error:
        raise InputError(f"facts file [{path.name}] cannot be read; check the path") from error
    return answers_of(path.name, text, facts, hashlib.sha256(data).hexdigest())


def answers_of(name: str, text: str, facts: Mapping[str, FactEntry], sha256: str | None = None) -> Answers:
    """Make the answers of a table's text; raise InputError naming file, row and column.

    ``sha256`` is the file's digest, without which it is the text's in UTF-8.
    """
    digest = hashlib.sha256(text.encode()).hexdigest() if sha256 is None else sha256
    return Answers(name, text, tuple(_Table(name, facts).rows(text)), digest)


class _Table:
    def __init__(self, name: str, facts: Mapping[str, FactEntry]) -> None:
        self._name = name
        self._facts = facts

    def fail(self, row: int, what: str) -> InputError:
        return InputError(f"facts file [{self._name}], row [{row}]: {what}")

    def rows(self, text: str) -> Iterable[Given]:
        try:
            table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise InputError(f"facts file [{self._name}] is not CSV ({error}); save it as CSV again") from error
        if not table:
            raise InputError(f"facts file [{self._name}] is empty; it needs the columns {', '.join(COLUMNS)}")
        columns = [cell.strip().lower() for cell in table[0]]
        for place, column in enumerate(columns, 1):
            if column not in COLUMNS:
                raise InputError(
                    f"facts file [{self._name}] has an unknown column in place [{place}]{_meant(column, COLUMNS)}"
                )
        lacking = [column for column in _NEEDED if column not in columns]
        if "source_row" not in columns and "case_number" not in columns:
            lacking.append("source_row or case_number")
        if lacking or len(set(columns)) != len(columns):
            what = f"lacks the column [{lacking[0]}]" if lacking else "names a column twice"
            raise InputError(f"facts file [{self._name}] {what}; its columns are {', '.join(COLUMNS)}")
        for number, cells in enumerate(table[1:], 1):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                raise self.fail(number, f"has {len(cells)} cells where the header has {len(columns)}")
            yield self.given(number, {c: unneutral(cell).strip() for c, cell in zip(columns, cells, strict=True)})

    def given(self, row: int, cells: Mapping[str, str]) -> Given:
        fact = cells["fact"]
        entry = self._facts.get(fact)
        if entry is None:
            raise self.fail(row, f"column [fact] names no fact of the reform{_meant(fact, self._facts)}")
        if not cells["said_by"]:
            raise self.fail(row, "column [said_by] is blank; say who gives the answer")
        source_row, case = cells.get("source_row", ""), cells.get("case_number", "")
        if not source_row and not case:
            raise self.fail(row, "names neither source_row nor case_number; say which charge it is about")
        if source_row and not (source_row.isascii() and source_row.isdigit() and 0 < int(source_row) < 10**12):
            raise self.fail(row, "column [source_row] takes a row number of determinations.csv, from 1")
        said_on = cells.get("said_on", "")
        try:
            if said_on and dt.date.fromisoformat(said_on).isoformat() != said_on:
                raise ValueError
        except ValueError as error:
            raise self.fail(row, "column [said_on] takes a day such as 2026-01-31, or nothing") from error
        return Given(
            row=row,
            file=cells.get("source_file") or None,
            source_row=int(source_row) if source_row else None,
            person_id=cells.get("person_id") or None,
            case_number=plain_case(case) or None,
            fact=fact,
            value=self.value(row, cells["answer"], entry),
            answer=cells["answer"],
            said_by=cells["said_by"],
            said_on=said_on,
            note=cells.get("note", ""),
        )

    def value(self, row: int, answer: str, entry: FactEntry) -> bool | float:
        if entry.answer == "yes_no":
            if answer.lower() not in _YES_NO:
                raise self.fail(row, "column [answer] takes yes or no; leave the row out where that is not known")
            return _YES_NO[answer.lower()]
        if not _NUMBER.fullmatch(answer):
            raise self.fail(row, "column [answer] takes a number such as 12.5; leave the row out where it is not known")
        number = float(answer.lstrip("$").replace(",", ""))
        return int(number) if number.is_integer() else number


def _meant(cell: str, known: Iterable[str]) -> str:
    """What was probably meant, or what there is; the cell itself may be somebody's name and is not repeated."""
    near = difflib.get_close_matches(cell.lower(), list(known), n=1, cutoff=0.75)
    return f"; did you mean [{near[0]}]?" if near else f"; known: {', '.join(sorted(known))}"


def plain_case(number: str) -> str:
    """A case number without what makes no difference: letter case and spacing."""
    return " ".join(number.upper().split())
