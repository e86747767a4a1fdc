"""An invented format of ten columns, and files in it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from clearslate.ingest.delimited import DelimitedReader, DelimitedReading
from clearslate.ingest.layout import Layout
from clearslate.ingest.source import Source, Stretch

COLUMNS = ("REC", "SUBJ", "NAME", "STATE_NO", "COUNTY", "COUNT_KEY", "OUTCOME", "OFFENSE", "NOTE", "END")

LAYOUT = Layout(
    columns=COLUMNS,
    header="REC",
    person="SUBJ",
    identifier="STATE_NO",
    disposition="OUTCOME",
    county="COUNTY",
    count="COUNT_KEY",
    needed=("SUBJ", "NAME", "COUNT_KEY", "OUTCOME", "OFFENSE"),
    condensed=("STATE_NO", "NAME", "NOTE"),
    is_conviction=lambda cell: cell.startswith("CONVICTED"),
    county_name=lambda cell: " ".join(cell.upper().split()) or None,
    is_filler=lambda cell: cell in ("", "-", "NULL"),
    persons=lambda frame, concerns: (),
    checks={"COUNT_KEY": lambda cell: None if len(cell) >= 4 else f"{len(cell)} characters, 4 expected"},
)


class Handle(io.BytesIO):
    """What is open of a held source: whoever reads in a hole is caught."""

    def __init__(self, content: bytes, holes: Sequence[Stretch]) -> None:
        super().__init__(content)
        self._holes = holes

    def read(self, size: int | None = -1, /) -> bytes:
        begin = self.tell()
        data = super().read(size)
        for hole in self._holes:
            assert begin + len(data) <= hole.offset or begin >= hole.offset + hole.length
        return data


@dataclass(frozen=True)
class Held(Source):
    """A source in memory, cut into stretches."""

    name: str
    content: bytes
    cuts: tuple[Stretch, ...]
    sha256: str | None = None
    closes_as: str = "what it was"

    @property
    def size(self) -> int:  # type: ignore[override]
        return len(self.content)

    def open(self) -> BinaryIO:
        return Handle(self.content, [cut for cut in self.cuts if cut.gone])

    def unchanged(self, handle: BinaryIO) -> None:
        if self.closes_as != "what it was":
            raise self.changed()

    def stretches(self) -> Sequence[Stretch]:
        return self.cuts

    def renamed(self, name: str) -> Held:
        return replace(self, name=name)


@dataclass
class Oz:
    """Writes files of the invented format into a folder and opens them."""

    folder: Path
    layout: Layout = LAYOUT
    header = ",".join(COLUMNS).encode()
    width = len(COLUMNS)

    def row(self, person: str = "P1", **cells: str) -> bytes:
        """A row without line ending; ``cells`` are by lower-case column name."""
        given = {
            "rec": "R", "subj": person, "name": '"ZYXQUELL,ORLA"', "state_no": "", "county": "EMERALD CITY",
            "count_key": "0101", "outcome": "CONVICTED", "offense": "1 ZZ-HOLDING A POPPY", "note": "", "end": "#",
        } | cells  # fmt: skip
        return ",".join(given.values()).encode()

    def file(self, *lines: bytes, ending: bytes = b"\n", header: bool = True) -> bytes:
        """A file of lines."""
        return b"".join(line + ending for line in ([self.header] if header else []) + list(lines))

    def paths(self, files: Mapping[str, bytes]) -> list[Path]:
        """Write files and give their paths."""
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        return [self.folder / name for name in files]

    def reader(self, chunk: int = 1 << 20) -> DelimitedReader:
        """The reader of the format."""
        return DelimitedReader(id="zz_oz", title="Oz: an invented file", layout=self.layout, cells={}, chunk=chunk)

    def open(self, *files: bytes, chunk: int = 1 << 20) -> DelimitedReading:
        """Open files of this content, called a.dat, b.dat and so on."""
        named = {f"{'abcdefgh'[number]}.dat": content for number, content in enumerate(files)}
        return self.reader(chunk).open(self.paths(named))

    def held(self, content: bytes, name: str = "a.dat", **given: Any) -> Held:
        """A source in memory that has all its bytes."""
        return Held(name, content, (Stretch(0, len(content)),), **given)

    def shredded(self, reading: DelimitedReading, contents: Sequence[bytes], persons: Collection[str]) -> list[Held]:
        """The files of a reading in memory, cut where the vault will cut them, without some persons."""
        found = reading.extents()
        sources = []
        for number, content in enumerate(contents):
            left, cuts = bytearray(content), []
            for at in (found.file == number).nonzero()[0].tolist():
                person, offset, length = int(found.person[at]), int(found.offset[at]), int(found.length[at])
                gone = person >= 0 and reading.survey.people.labels[person] in persons
                if gone:
                    left[offset : offset + length] = b"?" * length
                cuts.append(
                    Stretch(offset, length, int(found.rows[at]), int(found.lines[at]), True, not found.used[at])
                    if gone
                    else Stretch(offset, length)
                )
            name = reading.inputs[number].name
            sources.append(Held(name, bytes(left), tuple(cuts), hashlib.sha256(content).hexdigest()))
        return sources

    def rows(self, reading: DelimitedReading, *columns: str) -> dict[str, list[tuple[Any, ...]]]:
        """For each person its rows in order: file, row, line, then the cells asked for."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for frame in reading.frames(columns or ("OFFENSE",)):
            for person, label in enumerate(frame.person_ids):
                assert label not in found
                found[label] = [
                    (*frame.place(at), *(c.values[c.codes[at]] for c in (frame.columns[n] for n in frame.columns)))
                    for at in range(frame.starts[person], frame.starts[person + 1])
                ]
        return found

    def missing(self, reading: DelimitedReading) -> dict[str, list[tuple[int, int, int]]]:
        """For each person with rejected rows their places."""
        return {
            frame.person_ids[person]: [tuple(place) for place in places]
            for frame in reading.frames(("SUBJ",))
            for person, places in frame.missing.items()
        }

    def shared(self, reading: DelimitedReading) -> set[str]:
        """The persons whose identifier stands under another too."""
        return {frame.person_ids[person] for frame in reading.frames(("SUBJ",)) for person in frame.shared}

    def rejects(self, reading: DelimitedReading) -> list[tuple[int, int, int, str, str | None]]:
        """The rejected rows: file, row, line, problem, person."""
        return [(*reject.place, reject.problem, reject.person) for reject in reading.rejects]

    def annotated(self, reading: DelimitedReading, blank: bytes = b"-", **_: Any) -> bytes:
        """The annotated output with nothing decided."""
        return b"".join(block.annotated({}, blank) for block in reading.blocks())


@pytest.fixture
def oz(tmp_path: Path) -> Oz:
    return Oz(tmp_path)
