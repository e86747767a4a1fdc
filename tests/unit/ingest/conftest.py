"""An invented format of ten columns, and files in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clearslate.ingest.delimited import DelimitedReader, DelimitedReading
from clearslate.ingest.layout import Layout

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
