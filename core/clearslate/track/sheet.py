"""A CSV file for the office's eyes: it appears whole or not at all, for its owner alone, and nothing in it runs."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from clearslate.errors import OutputError
from clearslate.output.disk import Disk, as_output_error
from clearslate.output.lines import encoded, header_line, line
from clearslate.track.case import Case
from clearslate.track.clocks import Clock, Pace
from clearslate.track.history import standing
from clearslate.track.state import State
from clearslate.track.summary import readings

CASES = (
    "run",
    "source_file",
    "source_row",
    "person_id",
    "county",
    "case_number",
    "statute",
    "offense",
    "grade",
    "convicted_on",
    "relief",
    "state",
    "since",
    "packet",
    "signed_on",
    "clock",
    "due_on",
    "contradiction",
)
"""The columns of a list of cases."""

TO_FILL = ("answer", "order_date", "judge", "note")
"""Columns that stand empty for the court to fill, after which the file can be taken in."""

REPORT = ("row", "outcome", "problem", "what_to_do")
"""The columns of a report on rows that were left over."""


class Sheet:
    """A file being written, under another name until it is whole."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.rows = 0

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows. Raises OutputError."""
        for cells in rows:
            with as_output_error(self._name):
                self._file.write(encoded(line(cells)))
            self.rows += 1


@contextlib.contextmanager
def sheet(path: Path, columns: Sequence[str], *, replaces: bool = False) -> Iterator[Sheet]:
    """A new file with these columns, which gets its name when the block ends without an error.

    Raises OutputError where something has the name, unless the file ``replaces`` one that has the same columns.
    """
    name, header = path.name, header_line(columns)
    _check_free(path, header if replaces else None)
    with as_output_error(name):
        partial = path.with_name(f".{name}.partial-{os.getpid()}")
        disk = Disk()
        folder = disk.open_folder(path.parent)
    try:
        with as_output_error(name):
            file = os.fdopen(disk.create(folder, partial.name), "wb")
        try:
            with file:
                writing = Sheet(file, name)
                with as_output_error(name):
                    file.write(header)
                yield writing
                with as_output_error(name):
                    file.flush()
                    os.fsync(file.fileno())
            _check_free(path, header if replaces else None)
            with as_output_error(name):
                partial.replace(path)
                disk.sync_folder(folder)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise
    finally:
        disk.close_folder(folder)


def _check_free(path: Path, header: bytes | None) -> None:
    if not os.path.lexists(path):
        return
    if header is not None and path.is_file() and not path.is_symlink():
        with as_output_error(path.name), path.open("rb") as file:
            if file.read(len(header)) == header:
                return
    raise OutputError(f"file [{path.name}] is there already; remove it or name another")


def case_rows(
    found: Iterable[Case], clocks: Sequence[Clock], as_of: dt.date, states: Iterable[State], *, only_open: bool
) -> Iterator[tuple[str, ...]]:
    """The rows of cases in these states (any where there is none), sorted by county, case number, person and row."""
    wanted = frozenset(states)
    for case in sorted(found, key=_order):
        now = standing(case.steps, as_of)
        if (only_open and not now.is_open) or (wanted and now.state not in wanted):
            continue
        shown = readings(clocks, case, now, as_of)
        due = min(((r.due, id) for id, r in shown.items() if r.due is not None), default=None)
        out = [id for id, reading in shown.items() if reading.pace is Pace.RUN_OUT]
        packet = next((step.packet for step in reversed(case.steps) if step.packet), "")
        cells = case.cells
        signed = now.days.get(State.SIGNED)
        yield (
            str(case.run),
            *(cells[column] for column in CASES[1:11]),
            now.state.value,
            "" if now.since is None else now.since.isoformat(),
            packet,
            "" if signed is None else signed.isoformat(),
            "" if due is None else f"{due[1]}: {'run out' if due[1] in out else 'running'}",
            "" if due is None else due[0].isoformat(),
            "; ".join(case.steps[number].state.value for number in now.contradictions),
        )


def _order(case: Case) -> tuple[str, str, str, str, int]:
    cells = case.cells
    return cells["county"], cells["case_number"], cells["person_id"], *case.key
