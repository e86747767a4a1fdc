"""What a reader makes of a file with one cell blank, and whether a reform then grants more."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from clearslate.errors import ClearslateError
from clearslate.ingest.cells import as_row
from clearslate.ingest.reader import Reading, RecordReader
from clearslate.ingest.source import Source, Stretch
from clearslate.model import Disposition, Person, Place
from clearslate.policy.determination import Determination
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import Policy
from clearslate.policy.reform import Reform
from clearslate.testing.blanks import is_consistent
from clearslate.testing.promises import grants_more, said_of

SAMPLE_LINES = 200
"""In how many lines of a file cells are blanked: the first."""

CONFLICT = ("CONFLICT", "DISAGREES")
"""What ends the flags of a record that contradicts itself: DATE_CONFLICT, OFFENSE_TEXT_DISAGREES …"""


def people_of(reading: Reading) -> list[Person]:
    """Every person that the reader makes of the files."""
    return [person for block in reading.blocks() for person in block.persons(lambda _: True)]


class _Text(Source):
    """A text in memory, as a file of its name would give it: no row of a person rests in a temporary file."""

    def __init__(self, name: str, data: bytes) -> None:
        self._data = data
        self.name = name
        self.size = len(data)
        self.sha256 = None

    def open(self) -> BinaryIO:
        return io.BytesIO(self._data)

    def unchanged(self, handle: BinaryIO) -> None:
        return None

    def stretches(self) -> Sequence[Stretch]:
        return (Stretch(0, self.size),)

    def renamed(self, name: str) -> _Text:
        return _Text(name, self._data)


class _Read(NamedTuple):
    """What was made of some rows: the persons, and the rows that are nobody's."""

    people: list[Person]
    nobodys: frozenset[int]


_Decisions = Mapping[tuple[int, int], Sequence[Determination | None]]
"""By policy and row, what is decided of each charge that stands in the row."""


@dataclass(slots=True)
class Blanking:
    """The first lines of one file, and what they decide when one cell of them is blank."""

    reader: RecordReader
    name: str
    lines: Sequence[bytes]
    policies: Sequence[Policy]
    as_of: dt.date
    tried: int = 0

    def raised(self, tries: int) -> Iterator[str]:
        """Blank every cell, or one in so many where there are more than ``tries``, and tell which grants more."""
        cells = list(self.cells())
        full = self.read(self.lines)
        decided = self.decided([person for person in full.people if not _contradicts(person)])
        outside = {place.row for person in full.people if _contradicts(person) for place in _places(person)}
        for line, column in cells[:: max(1, -(-len(cells) // max(1, tries)))]:
            self.tried += 1
            where = f"{self.reader.columns[column]} of line [{line + 1}] blank"
            less = [_without(text, column) if number == line else text for number, text in enumerate(self.lines)]
            try:
                found = self.read(less)
            except ClearslateError:
                # No row is left that can be used.
                continue
            except Exception as error:
                yield f"reading raises {type(error).__name__} with {where}; no cell may do that"
                continue
            # A row that says nothing of whose it is leaves a record without it: the one exception.
            if found.nobodys <= full.nobodys:
                yield from self._richer(decided, self.decided(found.people), outside, where)

    def cells(self) -> Iterator[tuple[int, int]]:
        """Line and column of every cell that says something, in the lines that have one for each column."""
        columns = [name.casefold() for name in self.reader.columns]
        for line, text in enumerate(self.lines):
            cells = _cells(text)
            if len(cells) == len(columns) and [cell.casefold() for cell in cells] != columns:
                yield from ((line, column) for column, cell in enumerate(cells) if cell.strip())

    def _richer(self, full: _Decisions, less: _Decisions, outside: Set[int], blank: str) -> Iterator[str]:
        for (number, row), decisions in less.items():
            policy = self.policies[number]
            before = full.get((number, row), (None,))
            for got in () if row in outside else decisions:
                if all(grants_more(policy, got, was) for was in before):
                    yield (
                        f"[{self.name}] row [{row}]: {said_of(before[0])} becomes {said_of(got)} under policy"
                        f" [{policy.id}] of reform [{policy.reform}] with {blank}; a blank cell is unknown"
                    )

    def read(self, lines: Sequence[bytes]) -> _Read:
        """What the reader makes of the lines."""
        reading = self.reader.open([_Text(self.name, b"".join(lines))])
        nobodys = frozenset(reject.place.row for reject in reading.rejects if reject.person is None)
        return _Read(people_of(reading), nobodys)

    def decided(self, people: Sequence[Person]) -> _Decisions:
        """What each policy decides of the charges that stand in each row."""
        found: dict[tuple[int, int], list[Determination | None]] = {}
        for person in people:
            history = History(person)
            for count in person.counts:
                for number, policy in enumerate(self.policies):
                    got = None
                    if policy.decides_charges or count.disposition is Disposition.CONVICTED:
                        got = policy.decide(Matter(history, count, self.as_of))
                    for place in {count.place, *count.rows}:
                        found.setdefault((number, place.row), []).append(got)
        return found


def blanking(
    reader: RecordReader,
    files: Sequence[Path | Source],
    reading: Reading,
    reforms: Sequence[Reform],
    as_of: dt.date,
) -> Blanking | str:
    """The first file's first lines, or in a clause why its cells cannot be blanked."""
    first = files[0]
    with first.open("rb") if isinstance(first, Path) else first.open() as handle:
        lines = list(islice(handle, SAMPLE_LINES))
    policies = [reform.bind(reform.find(reform.about.default_policy, as_of)) for reform in reforms]
    found = Blanking(reader, reading.inputs[0].name, lines, policies, as_of)
    if next(found.cells(), None) is None:
        return "no line of the file has a cell for each column"
    try:
        found.read(lines)
    except Exception:
        return "the reader takes no text that is not a file, or not the first lines of one"
    return found


def _cells(line: bytes) -> list[str]:
    """The cells of a line; none where they cannot be told apart."""
    try:
        rows = list(csv.reader([_text(line)[0]], strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def _without(line: bytes, column: int) -> bytes:
    """The line with one cell blank, in its own encoding and with its own end."""
    text, encoding = _text(line)
    cells = _cells(line)
    cells[column] = ""
    return (as_row(cells) + text[len(text.rstrip("\r\n")) :]).encode(encoding)


def _text(line: bytes) -> tuple[str, str]:
    try:
        return line.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return line.decode("latin-1"), "latin-1"


def _contradicts(person: Person) -> bool:
    """Whether the record contradicts itself, so that blanking one side of the contradiction may settle it."""
    flags = [*person.flags, *(flag for count in person.counts for flag in count.flags)]
    return not is_consistent(person) or any(flag.endswith(CONFLICT) for flag in flags)


def _places(person: Person) -> Iterator[Place]:
    for count in person.counts:
        yield from (count.place, *count.rows)
