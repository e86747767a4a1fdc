"""The second pass cut into units: a stretch of source, and the rows elsewhere of persons who begin in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from clearslate.ingest.index import Chunk, Runs
from clearslate.ingest.rows import Bools, Ints


class Unit(NamedTuple):
    """Bytes of a file with runs ``run`` to ``run_end``; persons ``person`` to ``person_end`` begin in it.

    ``away`` are the runs of those persons that stand elsewhere. ``checksum`` is None where the
    bytes are not a whole chunk of the survey.
    """

    file: int
    offset: int
    length: int
    row: int
    line: int
    run: int
    run_end: int
    person: int
    person_end: int
    away: Ints
    checksum: int | None


def units(chunks: Sequence[Chunk], runs: Runs, people: int, unused: Bools, most: int) -> list[Unit]:
    """The chunks of the survey as units, cut further where one would gather more than ``most`` bytes.

    Runs that are ``unused`` are not gathered.
    """
    if not len(runs):
        return []
    first_run = np.zeros(people, np.int64)
    first_run[runs.person[::-1]] = np.arange(len(runs) - 1, -1, -1)
    begins = np.array([chunk.runs for chunk in chunks], np.int64)
    away = _away(begins, runs, first_run, unused)
    # What a person brings from elsewhere weighs on the run in which the person begins.
    weight = np.zeros(len(runs), np.int64)
    np.add.at(weight, first_run[runs.person[away]], runs.length[away])
    ends = [*begins[1:].tolist(), len(runs)]
    cuts = [_cuts(weight, chunk.runs, end, most) for chunk, end in zip(chunks, ends, strict=True)]
    if any(cuts):
        begins = np.unique(np.concatenate([begins, *(np.array(cut, np.int64) for cut in cuts)]))
        away = _away(begins, runs, first_run, unused)
    home = np.searchsorted(begins, first_run[runs.person[away]], side="right")
    away = away[np.argsort(home, kind="stable")]
    home = np.sort(home)
    made: list[Unit] = []
    for chunk, cut, end in zip(chunks, cuts, ends, strict=True):
        if chunk.runs == end:
            continue
        starts = [chunk.runs, *cut]
        for run, run_end in zip(starts, [*cut, end], strict=True):
            whole = not cut
            offset = chunk.offset if run == chunk.runs else int(runs.offset[run])
            stop = chunk.offset + chunk.length if run_end == end else int(runs.offset[run_end])
            number = np.searchsorted(begins, run, side="right")
            gathered = away[np.searchsorted(home, number) : np.searchsorted(home, number, side="right")]
            made.append(
                Unit(
                    chunk.file,
                    offset,
                    stop - offset,
                    chunk.row if run == chunk.runs else int(runs.row[run]),
                    chunk.line if run == chunk.runs else int(runs.line[run]),
                    run,
                    run_end,
                    int(np.searchsorted(first_run, run)),
                    int(np.searchsorted(first_run, run_end)),
                    gathered,
                    chunk.checksum.result() if whole else None,
                )
            )
    return made


def _away(begins: Ints, runs: Runs, first_run: Ints, unused: Bools) -> Ints:
    """The runs that do not stand in the same stretch as the first run of their person."""
    stretch = np.searchsorted(begins, np.arange(len(runs)), side="right")
    return np.flatnonzero((stretch != stretch[first_run[runs.person]]) & ~unused)


def _cuts(weight: Ints, run: int, end: int, most: int) -> list[int]:
    """The runs at which a chunk is cut, so that its parts gather about ``most`` bytes each."""
    total = np.cumsum(weight[run:end])
    if not len(total) or int(total[-1]) <= most:
        return []
    parts = (total - weight[run:end]) // most
    return [run + at for at in (np.flatnonzero(np.diff(parts)) + 1).tolist()]
