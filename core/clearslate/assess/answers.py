"""Answers that a person gives to what no record says: read from a table, put to their charges, accounted for."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from clearslate.errors import InputError, did_you_mean
from clearslate.ingest.cells import unneutral
from clearslate.ingest.reader import InputFile, Reading
from clearslate.model import Answer, Count, Person
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import Policy
from clearslate.policy.schema import FactEntry

FILE = "facts.csv"
COLUMNS = ("source_file", "source_row", "case_number", "fact", "answer", "said_by", "said_on", "note")
"""The columns of the table, in any order; ``fact``, ``answer``, ``said_by`` and a row or a case number are needed."""

WRITTEN = ("row", "used", *COLUMNS, "why_not")
"""The columns of ``facts.csv`` in an output."""

FROM_A_PERSON = "FACTS_FROM_A_PERSON"
"""The flag of a charge that an answer was put to."""

CONFLICT = "FACT_CONFLICT"
"""The flag of a charge of which a person and the record say different things: the fact is then unknown."""

_NEEDED = ("fact", "answer", "said_by")
_LARGEST = 64 << 20
_NUMBER = re.compile(r"\$?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,9})?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")
_YES_NO: Mapping[str, bool] = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


class Given(NamedTuple):
    """One row of the table: about which charge, which fact, and who says what."""

    row: int
    file: str | None
    source_row: int | None
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
    """A table of answers as it was given: its base name, its text and digest, and its rows."""

    name: str
    text: str
    given: tuple[Given, ...]

    @property
    def sha256(self) -> str:
        """The digest of its text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_answers(path: Path, facts: Mapping[str, FactEntry]) -> Answers:
    """Read a table of answers from a CSV file; raise InputError naming file, row and column.

    ``facts`` are the reform's own.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"facts file [{path.name}] is too large; split it")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"facts file [{path.name}] is not UTF-8; save it as CSV UTF-8") from error
    except OSError as error:
        raise InputError(f"facts file [{path.name}] cannot be read; check the path") from error
    return answers_of(path.name, text, facts)


def answers_of(name: str, text: str, facts: Mapping[str, FactEntry]) -> Answers:
    """Make the answers of a table's text; raise InputError naming file, row and column."""
    return Answers(name, text, tuple(_Table(name, facts).rows(text)))


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
        for column in columns:
            if column not in COLUMNS:
                raise InputError(
                    f"facts file [{self._name}] has an unknown column [{_word(column)}]{did_you_mean(column, COLUMNS)}"
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
            raise self.fail(row, f"no fact [{_word(fact)}]{did_you_mean(fact, self._facts)}")
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
            case_number=_case(case) or None,
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


def _word(cell: str) -> str:
    """A cell for a message where it is a plain word; what else stands there may be personal."""
    return cell if _WORD.fullmatch(cell) else "…"


def _case(number: str) -> str:
    return " ".join(number.upper().split())


class Unused(NamedTuple):
    """A row of the table that no decision used, and why not."""

    given: Given
    why: str


@dataclass(slots=True, repr=False)
class Put:
    """Answers put to the charges of a reading, by the row of each; ``used`` are the rows of the table that were."""

    answers: Answers
    by_row: Mapping[tuple[int, int], Sequence[Given]]
    set_aside: Mapping[int, str]
    used: dict[int, tuple[int, int]]

    def of(self, person: Person) -> Person:
        """The person with the answers to their charges, those that a record contradicts made unknown."""
        if not self.by_row:
            return person
        counts = tuple([self._answered(count) for count in person.counts])
        same = all(new is old for new, old in zip(counts, person.counts, strict=True))
        return person if same else replace(person, counts=counts)

    def _answered(self, count: Count) -> Count:
        given = self._to(count)
        if not given:
            return count
        _check_agree(self.answers, given)
        facts, said_by = dict(count.facts), dict(count.said_by)
        flags = dict.fromkeys((*count.flags, FROM_A_PERSON))
        for one in given:
            stated = count.facts.get(one.fact)
            if stated is not None and stated != one.value:
                flags[CONFLICT] = None
                facts[one.fact] = None
            elif stated is None:
                facts[one.fact] = one.value
                said_by[one.fact] = one.who
        return replace(count, facts=facts, said_by=said_by, flags=tuple(flags))

    def _to(self, count: Count) -> list[Given]:
        places = dict.fromkeys((count.place, *count.rows))
        found = {one.row: one for place in places for one in self.by_row.get((place.file, place.row), ())}
        return list(found.values())

    def decided(self, count: Count) -> None:
        """Note that a charge was decided with its answers."""
        for one in self._to(count):
            self.used.setdefault(one.row, (count.place.file, count.place.row))

    def unused(self) -> list[Unused]:
        """The rows of the table that no decision used, in order."""
        why = "no charge that was decided stands at that row"
        return [Unused(one, self.set_aside.get(one.row, why)) for one in self.answers.given if one.row not in self.used]


def put(answers: Answers, reading: Reading, policy: Policy, as_of: dt.date) -> Put:
    """Put answers to the charges that they are about; raise InputError where two contradict one another.

    An answer by case number is used where exactly one charge that the policy may cover has that number, because an
    amount is one charge's; finding that out takes a pass over the records.
    """
    names = [file.name for file in reading.inputs]
    aside: dict[int, str] = {}
    placed: dict[int, tuple[int, int]] = {}
    by_case: dict[str, list[Given]] = {}
    for one in answers.given:
        if one.source_row is None:
            by_case.setdefault(one.case_number or "", []).append(one)
            continue
        file = _file(answers, one, names, reading.inputs)
        placed[one.row] = (file, one.source_row)
    if by_case:
        found = _charges(reading, policy, as_of, by_case.keys())
        for number, rows in by_case.items():
            charges = found.get(number, [])
            for one in rows:
                if len(charges) == 1 and one.file in (None, names[charges[0][0]]):
                    placed[one.row] = charges[0]
                elif len(charges) > 1:
                    aside[one.row] = f"{len(charges)} charges have that case number; say source_row"
                else:
                    aside[one.row] = "no charge that this policy may cover has that case number"
    by_row: dict[tuple[int, int], list[Given]] = {}
    for one in answers.given:
        if one.row in placed:
            by_row.setdefault(placed[one.row], []).append(one)
    for rows in by_row.values():
        _check_agree(answers, rows)
    return Put(answers, by_row, aside, {})


def _file(answers: Answers, one: Given, names: Sequence[str], inputs: Sequence[InputFile]) -> int:
    where = f"facts file [{answers.name}], row [{one.row}]"
    if one.file is None:
        if len(names) > 1:
            raise InputError(f"{where}: several files are read; say source_file; known: {', '.join(names)}")
        return 0
    if one.file not in names:
        raise InputError(f"{where}: no such source_file; known: {', '.join(names)}")
    return names.index(one.file)


def _charges(
    reading: Reading, policy: Policy, as_of: dt.date, wanted: Iterable[str]
) -> dict[str, list[tuple[int, int]]]:
    """The charges that the policy may cover by case number, those asked for, each as its file and row."""
    asked = frozenset(wanted)
    found: dict[str, list[tuple[int, int]]] = {}
    for block in reading.blocks():
        for person in block.persons(policy.may_concern):
            history = History(person)
            for count in person.counts:
                numbers = asked.intersection(_case(number) for number in count.event.case_numbers)
                if not numbers or not (policy.decides_charges or count.is_conviction):
                    continue
                if policy.covers(Matter(history, count, as_of)) is Answer.NO:
                    continue
                for number in numbers:
                    found.setdefault(number, []).append((count.place.file, count.place.row))
    return found


def _check_agree(answers: Answers, rows: Sequence[Given]) -> None:
    said: dict[str, Given] = {}
    for one in rows:
        first = said.setdefault(one.fact, one)
        if first.value != one.value:
            raise InputError(
                f"facts file [{answers.name}], rows [{first.row}] and [{one.row}] answer [{one.fact}] of one charge "
                "differently; settle which holds"
            )


def write_facts(folder: Folder, put: Put, inputs: Sequence[InputFile]) -> None:
    """Write ``facts.csv``: each row of the table, whether a decision used it, at which charge, and why not."""
    why = {one.given.row: one.why for one in put.unused()}
    lines = []
    for one in put.answers.given:
        file, row = put.used.get(one.row, (None, None))
        place = ("", "") if file is None else (inputs[file].name, str(row))
        cells = (one.case_number or "", one.fact, one.answer, one.said_by, one.said_on, one.note)
        lines.append(line((str(one.row), "no" if one.row in why else "yes", *place, *cells, why.get(one.row, ""))))
    file_made = folder.create(FILE)
    file_made.write(header_line(WRITTEN))
    file_made.write(encoded("".join(lines)), len(lines))
    file_made.close()
