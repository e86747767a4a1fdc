"""What a look at source files before a run found: counts and row numbers, and nothing personal."""

from __future__ import annotations

import enum
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import InputFile
from clearslate.ingest.source import Source
from clearslate.model import Place

ROWS_SHOWN = 10
"""How many places a check names."""


class Severity(enum.Enum):
    """How much a check matters: it informs, it sends convictions to review, or rows are lost to it."""

    INFO = "info"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was found: ``count`` rows (or persons), the first of them in ``rows``, and what it means.

    ``says`` names columns and numbers, never a person's cell.
    """

    id: str
    severity: Severity
    count: int
    rows: tuple[Place, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by a word that is not personal, such as the county or the section; the most first."""

    id: str
    title: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """All that was found in the files, which stay as they were. Checks that found nothing are left out."""

    inputs: tuple[InputFile, ...]
    rows_read: int
    people: int
    checks: tuple[Check, ...]
    tables: tuple[Table, ...] = ()

    @property
    def has_problems(self) -> bool:
        """Whether a row is lost to what was found."""
        return any(check.severity is Severity.PROBLEM for check in self.checks)


@runtime_checkable
class Examiner(Protocol):
    """A reader that can also examine its source files before a run."""

    def examine(self, files: Sequence[Path | Source]) -> Examination:
        """Look at the files and change nothing. Raises InputError as ``open`` does."""


@dataclass(slots=True)
class Tally:
    """Counts places and keeps the first few in source order, whatever order they come in."""

    count: int = 0
    _first: list[Place] = field(default_factory=list)

    def add(self, places: Iterable[Place]) -> None:
        """Count each place once."""
        found = list(places)
        self.count += len(found)
        self._keep(found)

    def add_rows(self, frame: Frame, rows: npt.NDArray[np.bool_]) -> None:
        """Count the rows of a frame for which ``rows`` is true."""
        indexes = np.flatnonzero(rows)
        self.count += len(indexes)
        if not len(indexes):
            return
        order = np.lexsort((frame.row[indexes], frame.file[indexes]))[:ROWS_SHOWN]
        self._keep([frame.place(int(index)) for index in indexes[order]])

    def add_tally(self, other: Tally) -> None:
        """Count what another tally counted."""
        self.count += other.count
        self._keep(list(other.rows))

    def _keep(self, places: list[Place]) -> None:
        self._first = heapq.nsmallest(ROWS_SHOWN, [*self._first, *places])

    @property
    def rows(self) -> tuple[Place, ...]:
        """The first places in source order."""
        return tuple(self._first)
