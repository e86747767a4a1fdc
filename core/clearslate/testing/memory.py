"""A source held in memory: a reader for the tests of writers and of whole runs, with no file to parse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clearslate.ingest.cells import as_row, neutral
from clearslate.ingest.reader import Concerns, InputFile, Reject, Suffixes
from clearslate.ingest.source import Source
from clearslate.model import Count, Person, Place

COLUMNS = ("PERSON", "OFFENSE", "COUNTY")
CONDENSED = ("OFFENSE",)


def rows_of(count: Count) -> tuple[Place, ...]:
    """The rows of a count, its place where it has no others."""
    return count.rows or (count.place,)


@dataclass(frozen=True, slots=True, repr=False)
class MemoryBlock:
    """Persons, and rows that stand here; by default those of the persons."""

    everyone: tuple[Person, ...]
    rows: tuple[tuple[Place, tuple[str, ...]], ...]

    @classmethod
    def of(cls, *people: Person) -> MemoryBlock:
        """Make the block of persons with a row for each row of their counts."""
        rows = {
            place: (person.person_id, count.offense, count.event.county or "")
            for person in people
            for count in person.counts
            for place in rows_of(count)
        }
        return cls(people, tuple(sorted(rows.items())))

    @property
    def people(self) -> int:
        """How many persons are decided in this block."""
        return len(self.everyone)

    @property
    def convictions(self) -> int:
        """How many conviction counts those persons have."""
        return sum(len(person.convictions) for person in self.everyone)

    @property
    def charges(self) -> int:
        """How many counts those persons have, whatever came of them."""
        return sum(len(person.counts) for person in self.everyone)

    def persons(self, concerns: Concerns) -> Sequence[Person]:
        """The persons with a count that could be in scope."""
        return [person for person in self.everyone if any(concerns(count.statute) for count in person.counts)]

    def annotated(self, suffixes: Suffixes, blank: bytes) -> bytes:
        """The rows, each with its suffix, or ``blank``."""
        return b"".join(_row(cells, suffixes.get(place[:2], blank)) for place, cells in self.rows)

    def condensed(self, suffixes: Suffixes, blank: bytes) -> bytes:
        """The same with the offense only."""
        return b"".join(_row(cells[1:2], suffixes.get(place[:2], blank)) for place, cells in self.rows)

    def chosen(self, suffixes: Suffixes) -> bytes:
        """The rows that have a suffix, with it."""
        found = ((cells, suffixes.get(place[:2])) for place, cells in self.rows)
        return b"".join(_row(cells, suffix) for cells, suffix in found if suffix is not None)


def _row(cells: Sequence[str], suffix: bytes) -> bytes:
    return as_row([neutral(cell) for cell in cells]).encode() + b"," + suffix + b"\n"


@dataclass(frozen=True, slots=True, repr=False)
class MemoryReader:
    """Reads nothing: whatever files it is given, it holds these blocks."""

    held: tuple[MemoryBlock, ...]
    rejects: tuple[Reject, ...] = ()
    rows_repeated: int = 0
    names: tuple[str, ...] = ("rolls.csv",)
    id: str = "oz_rolls"
    title: str = "Rolls of Oz, held in memory"
    columns: Sequence[str] = COLUMNS
    condensed: Sequence[str] = CONDENSED
    cells: Mapping[str, str] = field(default_factory=lambda: {"disposed": "DAY", "jars": "JARS, else BOTTLES"})

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> MemoryReader:
        """Give itself; it is its own reading."""
        return self

    @property
    def inputs(self) -> Sequence[InputFile]:
        """An invented file for each name; the first has all rows that are not rejected."""
        rejected = [sum(reject.place.file == n for reject in self.rejects) for n in range(len(self.names))]
        used = [sum(len(block.rows) for block in self.held) if n == 0 else 0 for n in range(len(self.names))]
        return [
            InputFile(name, hashlib.sha256(name.encode()).hexdigest(), 1000, used[n] + rejected[n], True, "utf-8")
            for n, name in enumerate(self.names)
        ]

    @property
    def rows_read(self) -> int:
        """All rows, rejected ones included; repeated ones stand in the blocks."""
        return sum(len(block.rows) for block in self.held) + len(self.rejects)

    @property
    def people(self) -> int:
        """How many persons the blocks hold."""
        return sum(block.people for block in self.held)

    @property
    def counties(self) -> Mapping[str, int]:
        """Convictions by county."""
        found: dict[str, int] = {}
        for block in self.held:
            for person in block.everyone:
                for count in person.convictions:
                    if count.event.county is not None:
                        found[count.event.county] = found.get(count.event.county, 0) + 1
        return found

    def blocks(self) -> Iterator[MemoryBlock]:
        """The blocks in order."""
        return iter(self.held)
