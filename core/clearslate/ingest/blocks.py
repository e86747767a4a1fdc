"""The second pass: blocks of source rows with the persons decided in them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clearslate.ingest.cells import neutral, quoted
from clearslate.ingest.formulas import neutral_row, suspects
from clearslate.ingest.frame import Frame
from clearslate.ingest.index import Survey
from clearslate.ingest.layout import Layout
from clearslate.ingest.reader import Concerns, Suffixes
from clearslate.ingest.repeats import OpenFiles, is_in, within
from clearslate.ingest.rows import Cells, Columns, Ints, RowParser, Rows, row_ids
from clearslate.ingest.source import Source
from clearslate.ingest.units import Unit
from clearslate.model import Person

_ODD_CELL = r"""^[ "']*[=+@\-\t\r\n＝＋－＠]|[,"\r\n]"""
"""What a cell holds that has to be quoted, or may have to be neutralized."""


def load(
    unit: Unit,
    survey: Survey,
    repeated: Ints,
    layout: Layout,
    parser: RowParser,
    columns: Sequence[str],
    sources: Sequence[Source],
    files: OpenFiles,
) -> SourceBlock:
    """The block of a unit with these columns parsed. Raises InputError where the file is not what was surveyed."""
    runs = survey.runs
    text = files.read(unit.file, unit.offset, unit.length)
    if unit.checksum is not None and zlib.crc32(text) != unit.checksum:
        raise sources[unit.file].changed()
    rows = parser.read([text, *files.read_runs(runs, unit.away)], columns)
    gathered = int(runs.rows[unit.away].sum())
    own = _own(unit, survey, rows, gathered)
    counts = runs.rows[unit.run : unit.run_end]
    if own is None or len(own) != int(counts.sum()):
        raise sources[unit.file].changed()
    taken = np.concatenate((own, np.arange(len(rows) - gathered, len(rows), dtype=np.int64)))
    which = np.concatenate((np.arange(unit.run, unit.run_end), unit.away))
    counts = runs.rows[which]
    inside = within(counts)
    file = np.repeat(runs.file[which], counts)
    row = np.repeat(runs.row[which], counts) + inside
    lines = rows.lines[taken]
    # The lines of a run are counted on from its first, wherever its bytes were read.
    line = np.repeat(runs.line[which], counts) + lines - lines[np.repeat(np.cumsum(counts) - counts, counts)]
    person = np.repeat(runs.person[which], counts)
    used = (person >= unit.person) & (person < unit.person_end) & ~is_in(row_ids(file, row), repeated)
    at = np.flatnonzero(used)
    at = at[np.argsort(person[at], kind="stable")]
    people = unit.person_end - unit.person
    starts = np.zeros(people + 1, np.int64)
    np.cumsum(np.bincount(person[at] - unit.person, minlength=people), out=starts[1:])
    shared = survey.people.shared
    frame = Frame(
        survey.people.labels[unit.person : unit.person_end],
        starts,
        file[at].astype(np.int32),
        row[at],
        line[at],
        Columns(rows.cells, columns, taken[at]),
        {
            number: tuple(survey.missing[unit.person + number])
            for number in range(people)
            if unit.person + number in survey.missing
        },
        frozenset((shared[(shared >= unit.person) & (shared < unit.person_end)] - unit.person).tolist()),
    )
    return SourceBlock(layout, frame, rows, own, unit.file, row[: len(own)])


def _own(unit: Unit, survey: Survey, rows: Rows, gathered: int) -> Ints | None:
    """Which of the parsed rows are the unit's own usable rows; None if they are not those of the survey."""
    runs = survey.runs
    here = len(rows) - gathered
    if here < 0:
        return None
    numbers = rows.ordinals[:here] + unit.row
    run = np.searchsorted(runs.row[unit.run : unit.run_end], numbers, side="right") - 1 + unit.run
    # What stands in no run was rejected for what it says.
    known = run >= unit.run
    run = np.maximum(run, unit.run)
    return np.flatnonzero(known & (numbers < runs.row[run] + runs.rows[run]))


@dataclass(slots=True, repr=False)
class SourceBlock:
    """Source rows of one unit, and the frame of the persons who begin there.

    ``own`` are the usable rows among the parsed ones, in source order; ``numbers`` their row numbers.
    """

    layout: Layout
    frame: Frame
    rows: Rows
    own: Ints
    file: int
    numbers: Ints
    _neutral: dict[int, bytes] | None = field(default=None, init=False)
    _found: tuple[Suffixes, int, list[tuple[int, bytes]]] | None = field(default=None, init=False)

    @property
    def people(self) -> int:
        """How many persons are decided in this block."""
        return len(self.frame.person_ids)

    @property
    def convictions(self) -> int:
        """How many conviction counts those persons have."""
        if self.layout.convictions is not None:
            return self.layout.convictions(self.frame)
        disposition = self.frame.columns[self.layout.disposition]
        return self._counts(disposition.where([self.layout.is_conviction(value) for value in disposition.values]))

    @property
    def charges(self) -> int:
        """How many counts those persons have, whatever came of them."""
        if self.layout.charges is not None:
            return self.layout.charges(self.frame)
        return self._counts(np.ones(len(self.frame), np.bool_))

    def _counts(self, rows: npt.NDArray[np.bool_]) -> int:
        """How many counts the rows are of."""
        count = self.frame.columns[self.layout.count]
        person = np.repeat(np.arange(self.people), np.diff(self.frame.starts))
        return len(np.unique(person[rows] * len(count.values) + count.codes[rows]))

    def persons(self, concerns: Concerns) -> Sequence[Person]:
        """The persons who have a count with which the reform could be concerned."""
        return self.layout.persons(self.frame, concerns)

    def annotated(self, suffixes: Suffixes, blank: bytes) -> bytes:
        """The block's usable source rows in UTF-8, each with its suffix, or ``blank``."""
        rows, neutralized = self.rows, self.neutralized()
        decided = dict(self._decided(suffixes))
        parts: list[bytes] = []
        if rows.tail is None:
            for at in range(len(self.own)):
                parts += (self._text(at, neutralized), b",", decided.get(at, blank), b"\n")
            return b"".join(parts)
        # Everything between two rows that need attention is copied at once, its line ends replaced.
        tail, ending = rows.tail, b"," + blank + b"\n"
        row_of, starts = self.own, rows.starts
        gaps = np.flatnonzero(np.diff(row_of) != 1).tolist()
        attention = sorted({*decided, *neutralized, *gaps, len(row_of) - 1} if len(row_of) else ())
        done = 0
        for at in attention:
            if at > done:
                span = rows.data[starts[row_of[done]] : starts[row_of[at]]]
                parts.append(span.replace(tail, ending))
            parts += (self._text(at, neutralized), b",", decided.get(at, blank), b"\n")
            done = at + 1
        return b"".join(parts)

    def condensed(self, suffixes: Suffixes, blank: bytes) -> bytes:
        """The same with the condensed columns only."""
        if not len(self.own):
            return b""
        cells = [_written(self.rows.cells[name], self.own) for name in self.layout.condensed]
        endings = [blank + b"\n"]
        codes = np.zeros(len(self.own), np.int32)
        for at, suffix in self._decided(suffixes):
            codes[at] = len(endings)
            endings.append(suffix + b"\n")
        cells.append(pa.array(endings, pa.binary()).take(_taken(codes)))
        return _joined(cells)

    def chosen(self, suffixes: Suffixes) -> bytes:
        """The source rows that have a suffix, with it."""
        neutralized = self.neutralized()
        parts: list[bytes] = []
        for at, suffix in self._decided(suffixes):
            parts += (self._text(at, neutralized), b",", suffix, b"\n")
        return b"".join(parts)

    def _decided(self, suffixes: Suffixes) -> list[tuple[int, bytes]]:
        """The suffixes of this block's own rows, by their index among them; found once for the same ones."""
        if self._found is None or self._found[0] is not suffixes or self._found[1] != len(suffixes):
            self._found = (suffixes, len(suffixes), self._find(suffixes))
        return self._found[2]

    def _find(self, suffixes: Suffixes) -> list[tuple[int, bytes]]:
        numbers = self.numbers
        if not len(numbers):
            return []
        if len(suffixes) > len(numbers):
            found = [(at, suffixes.get((self.file, row))) for at, row in enumerate(numbers.tolist())]
            return [(at, suffix) for at, suffix in found if suffix is not None]
        low, high = int(numbers[0]), int(numbers[-1])
        here = sorted(
            (row, suffix) for (file, row), suffix in suffixes.items() if file == self.file and low <= row <= high
        )
        wanted = np.array([row for row, _ in here], np.int64)
        at = np.searchsorted(numbers, wanted)
        present = numbers[at] == wanted
        return [(index, suffix) for index, (_, suffix), known in zip(at.tolist(), here, present, strict=True) if known]

    def neutralized(self) -> dict[int, bytes]:
        """The own rows with a formula-like cell, by index, written so that no spreadsheet runs it."""
        if self._neutral is None:
            self._neutral = {}
            if len(self.own):
                for row in suspects(self.rows, int(self.own[-1]) + 1):
                    at = int(np.searchsorted(self.own, row))
                    if self.own[at] == row:
                        text = neutral_row(self.rows.text(row))
                        if text is not None:
                            self._neutral[at] = text
        return self._neutral

    def _text(self, at: int, neutralized: dict[int, bytes]) -> bytes:
        text = neutralized.get(at)
        return self.rows.text(int(self.own[at])) if text is None else text


def _written(cells: Cells, rows: Ints) -> Any:
    """The cells of some rows as they stand in a CSV row."""
    values: Any = cells.distinct
    odd = np.flatnonzero(pc.match_substring_regex(values, _ODD_CELL).to_numpy(zero_copy_only=False))
    if len(odd):
        texts = values.to_pylist()
        for index in odd.tolist():
            texts[index] = quoted(neutral(texts[index]))
        values = pa.array(texts, pa.string())
    return values.cast(pa.binary()).take(_taken(cells.codes[rows]))


def _taken(codes: npt.NDArray[np.int32]) -> Any:
    return pa.array(codes)


def _joined(columns: list[Any]) -> bytes:
    """Columns joined with commas; the rows of the last end with a line end, so the result is their text."""
    joined: Any = pc.binary_join_element_wise(*columns, pa.scalar(b",", pa.binary()))
    offsets = np.frombuffer(joined.buffers()[1], np.int32)[joined.offset : joined.offset + len(joined) + 1]
    return memoryview(joined.buffers()[2])[int(offsets[0]) : int(offsets[-1])].tobytes()
