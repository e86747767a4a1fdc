"""Whose each byte of the source files is, so that a file can be cut into one record a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from clearslate.ingest.index import Survey
from clearslate.ingest.people import NOBODY
from clearslate.ingest.repeats import OpenFiles
from clearslate.ingest.rows import Ints
from clearslate.ingest.source import BOM, Source, spans

_HOLE = -2
_BLOCK = 4 << 20
_NEWLINE = 10


@dataclass(frozen=True, slots=True, repr=False)
class Extents:
    """Bytes of one person, or of nobody, that follow each other: parallel arrays in source order.

    ``person`` is a person's number, or ``NOBODY`` for the byte-order mark, the header, lines
    without a row and rejected rows that name no person or several. ``offset`` and ``length`` are
    bytes of the file; ``rows`` are data rows, rejected ones included, and ``lines`` physical lines;
    ``used`` are the rows without the rejected ones.
    """

    person: Ints
    file: Ints
    offset: Ints
    length: Ints
    rows: Ints
    lines: Ints
    used: Ints

    def __len__(self) -> int:
        return len(self.person)


def extents(sources: Sequence[Source], survey: Survey, files: OpenFiles, *, count_lines: bool = True) -> Extents:
    """The extents of surveyed files, holes left out; ``lines`` are 0 unless they are counted, which reads the files.

    Raises InputError where a file cannot be read.
    """
    runs = survey.runs
    broken = np.array(survey.broken, np.int64).reshape(-1, 4)
    file = np.concatenate((runs.file, broken[:, 0]))
    columns = (
        np.concatenate((runs.person, broken[:, 3])),
        np.concatenate((runs.offset, broken[:, 1])),
        np.concatenate((runs.length, broken[:, 2])),
        np.concatenate((runs.rows, np.ones(len(broken), np.int64))),
        np.concatenate((runs.rows, np.zeros(len(broken), np.int64))),
    )
    found: list[tuple[Ints, ...]] = [(np.zeros(0, np.int64),) * 7]
    for number, source in enumerate(sources):
        of_file = file == number
        person, offset, length, rows, used = _tiled(source, *(column[of_file] for column in columns))
        lines = _lines(number, source, files, offset, length) if count_lines else np.zeros(len(offset), np.int64)
        found.append((person, np.full(len(person), number, np.int64), offset, length, rows, lines, used))
    return Extents(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _tiled(source: Source, person: Ints, offset: Ints, length: Ints, rows: Ints, used: Ints) -> Iterator[Ints]:
    """What is known to be somebody's, and all the rest: the whole of a file without its holes."""
    holes = [(_HOLE, span.offset, span.length, 0, 0) for span in spans(source) if span.gone]
    tiles = np.stack((person, offset, length, rows, used), axis=1)
    tiles = np.concatenate((tiles, np.array(holes, np.int64).reshape(-1, 5)))
    person, offset, length, rows, used = tiles[np.argsort(tiles[:, 1], kind="stable")].T
    stops = np.append(0, offset + length)
    between = np.append(offset, source.size) - stops
    assert bool((between >= 0).all()), "no byte is in two rows"
    at = np.flatnonzero(between)
    person = np.insert(person, at, NOBODY)
    rows, used = np.insert(rows, at, 0), np.insert(used, at, 0)
    offset = np.insert(offset, at, stops[at])
    length = np.insert(length, at, between[at])
    first = np.flatnonzero(np.diff(person, prepend=_HOLE - 1))
    length, rows, used = (np.add.reduceat(column, first) for column in (length, rows, used))
    person, offset = person[first], offset[first]
    assert int(offset[0]) == 0
    assert bool((offset[1:] == (offset + length)[:-1]).all()), "the extents follow each other"
    assert int(offset[-1] + length[-1]) == source.size
    left = person != _HOLE
    return (column[left] for column in (person, offset, length, rows, used))


def _lines(number: int, source: Source, files: OpenFiles, offset: Ints, length: Ints) -> Ints:
    """How many physical lines each extent of a file has; the last line needs no line end."""
    lines = np.zeros(len(offset), np.int64)
    last = b""
    for span in spans(source):
        if span.gone:
            last = b"\n"
            continue
        for at in range(span.offset, span.offset + span.length, _BLOCK):
            data = files.read(number, at, min(_BLOCK, span.offset + span.length - at))
            breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE) + at
            np.add.at(lines, np.searchsorted(offset, breaks, side="right") - 1, 1)
            last = data[-len(BOM) :]
    if not last.endswith(b"\n") and not (last == BOM and source.size == len(BOM)):
        lines[-1] += 1
    return lines
