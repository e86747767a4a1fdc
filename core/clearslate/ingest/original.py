"""The row of an earlier file that a row repeats."""

from __future__ import annotations

import numpy as np

from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.reader import Reading
from clearslate.ingest.repeats import OpenFiles, is_in, within
from clearslate.ingest.rows import row_ids
from clearslate.model import Place


def is_repeat(reading: Reading, file: int, row: int) -> bool:
    """Whether a row, by file index and number, repeats one of an earlier file; False where a reading cannot tell."""
    if not isinstance(reading, DelimitedReading):
        return False
    return bool(is_in(row_ids(np.array([file]), np.array([row])), reading.repeated)[0])


def original(reading: Reading, file: int, row: int) -> Place | None:
    """Where the row stands that a row repeats: in the first file that has it as often; None where it repeats none.

    Raises InputError where the files have changed since their survey.
    """
    if not isinstance(reading, DelimitedReading) or not is_repeat(reading, file, row):
        return None
    runs = reading.survey.runs
    this = row_ids(np.array([file]), np.array([row]))
    own = int(np.searchsorted(row_ids(runs.file, runs.row), this, side="right")[0]) - 1
    which = np.flatnonzero((runs.person == runs.person[own]) & (runs.file <= file))
    with OpenFiles(reading.sources) as files:
        rows = reading.parser.read(files.read_runs(runs, which), (reading.layout.person,))
    counts = runs.rows[which]
    at_file = np.repeat(runs.file[which], counts).tolist()
    inside = within(counts)
    at_row = (np.repeat(runs.row[which], counts) + inside).tolist()
    texts = [rows.text(index) for index in range(len(rows))]
    places = list(zip(at_file, at_row, strict=True))
    text = texts[places.index((file, row))]
    same = [index for index, other in enumerate(texts) if other == text]
    nth = sum(places[index][0] == file and places[index][1] <= row for index in same)
    for earlier in range(file):
        there = [index for index in same if places[index][0] == earlier]
        if len(there) >= nth:
            found = there[nth - 1]
            # The lines of a run are counted on from its first.
            run_start = found - int(inside[found])
            line = int(np.repeat(runs.line[which], counts)[found] + rows.lines[found] - rows.lines[run_start])
            return Place(earlier, places[found][1], line)
    return None
