"""Rows of one file that repeat a row of an earlier file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import BinaryIO

import numpy as np

from clearslate.ingest.index import Runs
from clearslate.ingest.rows import Bools, Ints, RowParser, Rows, row_ids
from clearslate.ingest.source import Source

_BATCH = 8 << 20


class OpenFiles:
    """Source files opened when first read from; each must still be what it was, first and last."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._handles: dict[int, BinaryIO] = {}

    def __enter__(self) -> OpenFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for file, handle in self._handles.items():
                    self._sources[file].unchanged(handle)
        finally:
            for handle in self._handles.values():
                handle.close()
            self._handles.clear()

    def read(self, file: int, offset: int, length: int) -> bytes:
        """The bytes of a file at an offset. Raises InputError where they are gone."""
        handle = self._handles.get(file)
        if handle is None:
            handle = self._handles[file] = self._sources[file].open()
        return self._sources[file].read(handle, offset, length)

    def read_runs(self, runs: Runs, which: Ints) -> list[bytes]:
        """The bytes of runs, in the order asked for."""
        places = zip(runs.file[which].tolist(), runs.offset[which].tolist(), runs.length[which].tolist(), strict=True)
        return [self.read(file, offset, length) for file, offset, length in places]


def within(counts: Ints) -> Ints:
    """For groups of so many: 0, 1, 2 … in each group, one after the other."""
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)


def is_in(ids: Ints, among: Ints) -> Bools:
    """Which ids are among sorted ids."""
    if not len(among):
        return np.zeros(len(ids), np.bool_)
    found: Bools = among[np.minimum(np.searchsorted(among, ids), len(among) - 1)] == ids
    return found


def repeats(
    runs: Runs,
    people: int,
    files: OpenFiles,
    parser: RowParser,
    columns: Sequence[str],
    uncount: Callable[[Rows, Bools], None],
) -> Ints:
    """The sorted ids of rows that repeat a row of the same person in an earlier file.

    A file repeats a text as often as an earlier file has it at most; within one file nothing
    repeats. ``uncount`` is told of the rows that do.
    """
    found: list[Ints] = []
    for which in _batches(runs, people):
        rows = parser.read(files.read_runs(runs, which), columns)
        counts = runs.rows[which]
        person = np.repeat(runs.person[which], counts).tolist()
        file = np.repeat(runs.file[which], counts)
        row = np.repeat(runs.row[which], counts) + within(counts)
        repeated = np.zeros(len(row), np.bool_)
        earlier: dict[bytes, int] = {}
        here: Counter[bytes] = Counter()
        at = (-1, -1)
        for index, now in enumerate(zip(person, file.tolist(), strict=True)):
            if now != at:
                for text, times in here.items():
                    earlier[text] = max(earlier.get(text, 0), times)
                here.clear()
                if now[0] != at[0]:
                    earlier.clear()
                at = now
            text = rows.text(index)
            here[text] += 1
            repeated[index] = here[text] <= earlier.get(text, 0)
        uncount(rows, repeated)
        found.append(row_ids(file, row)[repeated])
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _batches(runs: Runs, people: int) -> Iterator[Ints]:
    """The runs of persons who are in several files, person by person, some megabytes at a time."""
    if not len(runs):
        return
    first = np.zeros(people, np.int64)
    first[runs.person[::-1]] = runs.file[::-1]
    last = np.zeros(people, np.int64)
    last[runs.person] = runs.file
    which = np.flatnonzero((first != last)[runs.person])
    which = which[np.argsort(runs.person[which], kind="stable")]
    if not len(which):
        return
    # A person begins a batch when the bytes before reach a further multiple of the batch size.
    begins = np.flatnonzero(np.diff(runs.person[which], prepend=-1))
    before = (np.cumsum(runs.length[which]) - runs.length[which])[begins] // _BATCH
    cuts = begins[np.flatnonzero(np.diff(before, prepend=-1))]
    for begin, end in zip(cuts.tolist(), [*cuts[1:].tolist(), len(which)], strict=True):
        yield which[begin:end]
