"""The reader of delimited formats: a survey of all files, then blocks of whole persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clearslate.ingest.blocks import SourceBlock, load
from clearslate.ingest.extents import Extents, extents
from clearslate.ingest.frame import Frame
from clearslate.ingest.index import Runs, Survey
from clearslate.ingest.layout import Layout
from clearslate.ingest.reader import InputFile, Reject
from clearslate.ingest.repeats import OpenFiles, repeats
from clearslate.ingest.rows import Bools, Ints, RowParser, row_ids
from clearslate.ingest.source import LONGEST_LINE, Source, sources
from clearslate.ingest.survey import Surveyor
from clearslate.ingest.units import Unit, units

CHUNK = 4 << 20
"""Bytes of source text that are parsed at once."""

_GATHERED_CHUNKS = 4
"""How many times a chunk's bytes a block may gather from elsewhere before it is cut."""


class DelimitedReader:
    """Reads files of one delimited layout; ``chunk`` is how many bytes are parsed at once."""

    def __init__(self, *, id: str, title: str, layout: Layout, cells: Mapping[str, str], chunk: int = CHUNK) -> None:
        self._id = id
        self._title = title
        self._layout = layout
        self._cells = dict(cells)
        self._chunk = chunk

    @property
    def id(self) -> str:
        """The name in ``--format``."""
        return self._id

    @property
    def title(self) -> str:
        """What the format is, in a line."""
        return self._title

    @property
    def layout(self) -> Layout:
        """What the format says of itself."""
        return self._layout

    @property
    def columns(self) -> Sequence[str]:
        """The columns of a source row in order."""
        return self._layout.columns

    @property
    def condensed(self) -> Sequence[str]:
        """The columns that reviewers use."""
        return self._layout.condensed

    @property
    def cells(self) -> Mapping[str, str]:
        """For each fact name, the source columns that it comes from, in words."""
        return self._cells

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> DelimitedReading:
        """Survey the files; each call of ``progress`` gives the bytes read since the last. Raises InputError."""
        layout = self._layout
        found = sources(files)
        parser = RowParser(layout.columns, layout.person, layout.identifier)
        surveyor = Surveyor(layout, parser, self._chunk, progress)
        for source in found:
            surveyor.read(source)
        survey = surveyor.finish()
        people = len(survey.people.labels)
        with OpenFiles(found) as opened:
            repeated = repeats(
                survey.runs,
                people,
                opened,
                parser,
                (layout.disposition, layout.county),
                lambda rows, which: surveyor.count(rows, which, -1),
            )
        cut = units(survey.chunks, survey.runs, people, _wholly(repeated, survey.runs), self._chunk * _GATHERED_CHUNKS)
        return DelimitedReading(layout, found, parser, survey, repeated, cut)


def _wholly(repeated: Ints, runs: Runs) -> Bools:
    """Which runs have repeated rows only."""
    run = np.searchsorted(row_ids(runs.file, runs.row), repeated, side="right") - 1
    whole: Bools = np.bincount(run, minlength=len(runs)) == runs.rows
    return whole


@dataclass(frozen=True, slots=True, repr=False)
class DelimitedReading:
    """Files after their survey. Reading them again raises InputError if they have changed since."""

    layout: Layout
    sources: Sequence[Source]
    parser: RowParser
    survey: Survey
    repeated: Ints
    units: Sequence[Unit]

    @property
    def inputs(self) -> Sequence[InputFile]:
        """The files in the order given."""
        return self.survey.inputs

    @property
    def rejects(self) -> Sequence[Reject]:
        """The rejected rows in source order."""
        return self.survey.rejects

    @property
    def rows_read(self) -> int:
        """All data rows, rejected ones included and those that are gone left out."""
        return sum(file.rows - file.gone for file in self.survey.inputs)

    @property
    def rows_repeated(self) -> int:
        """Rows that repeat a row of an earlier file and are not used again."""
        return len(self.repeated)

    @property
    def people(self) -> int:
        """How many persons the files hold."""
        return len(self.survey.people.labels)

    @property
    def counties(self) -> Mapping[str, int]:
        """Conviction rows by county, by name."""
        return {name: rows for name, rows in sorted(self.survey.counties.items()) if rows}

    def on(self, sources: Sequence[Source]) -> DelimitedReading:
        """The same reading from other sources, which give the same bytes at the same offsets."""
        assert [source.size for source in sources] == [source.size for source in self.sources], "the same files"
        return replace(self, sources=tuple(sources))

    def extents(self, *, count_lines: bool = True) -> Extents:
        """Whose each byte is, in source order. Raises InputError where a file has changed."""
        with OpenFiles(self.sources) as files:
            return extents(self.sources, self.survey, files, count_lines=count_lines)

    def rejected(self) -> Iterator[tuple[Reject, bytes]]:
        """The rejected rows with their bytes; of an over-long line, its start."""
        with OpenFiles(self.sources) as files:
            for reject, cut in zip(self.survey.rejects, self.survey.broken, strict=True):
                yield reject, files.read(cut.file, cut.offset, min(cut.length, LONGEST_LINE))

    def blocks(self, progress: Callable[[int], None] | None = None) -> Iterator[SourceBlock]:
        """The blocks in source order; each call of ``progress`` gives the bytes read since the last."""
        columns = tuple(dict.fromkeys((*self.layout.needed, *self._judged, *self.layout.condensed)))
        return self._load(columns, progress, to_write=True)

    def frames(self, columns: Sequence[str], progress: Callable[[int], None] | None = None) -> Iterator[Frame]:
        """All persons with these columns, some thousands of rows at a time."""
        for block in self._load(tuple(dict.fromkeys(columns)), progress, to_write=False):
            yield block.frame

    @property
    def _judged(self) -> tuple[str, str]:
        return self.layout.disposition, self.layout.count

    def _load(
        self, columns: Sequence[str], progress: Callable[[int], None] | None, *, to_write: bool
    ) -> Iterator[SourceBlock]:
        with OpenFiles(self.sources) as files, ThreadPoolExecutor(1) as ahead:

            def begin(unit: Unit) -> SourceBlock:
                block = load(unit, self.survey, self.repeated, self.layout, self.parser, columns, self.sources, files)
                if to_write:
                    block.neutralized()
                return block

            # The next block is parsed while the caller works on this one.
            waiting = ahead.submit(begin, self.units[0]) if self.units else None
            for number, unit in enumerate(self.units, start=1):
                assert waiting is not None
                block = waiting.result()
                waiting = ahead.submit(begin, self.units[number]) if number < len(self.units) else None
                if progress is not None:
                    progress(unit.length)
                yield block
