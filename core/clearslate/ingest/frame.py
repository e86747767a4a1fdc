"""Columns of rows that hold whole persons: what a delimited format's reader makes persons from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clearslate.model import Place


@dataclass(frozen=True, slots=True, repr=False)
class Column:
    """One column, dictionary-encoded: ``values[codes[i]]`` is the cell of row i, outer spaces stripped."""

    codes: npt.NDArray[np.int32]
    values: Sequence[str]

    def where(self, wanted: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """The rows whose distinct value is wanted; ``wanted`` is parallel to ``values``."""
        return np.asarray(wanted, dtype=np.bool_)[self.codes] if len(wanted) else np.zeros(len(self.codes), np.bool_)


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """Rows grouped by person: person p has rows ``starts[p]`` to ``starts[p + 1]``, in file and row order.

    Rejected and repeated rows are not in it. ``file``, ``row`` and ``line`` are parallel to the
    rows. ``missing`` gives the rejected rows of a person by its index here; ``shared`` the indexes
    of persons whose second identifier stands under another person too.
    """

    person_ids: Sequence[str]
    starts: npt.NDArray[np.int64]
    file: npt.NDArray[np.int32]
    row: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]
    columns: Mapping[str, Column]
    missing: Mapping[int, tuple[Place, ...]]
    shared: frozenset[int]

    def __len__(self) -> int:
        return len(self.row)

    def place(self, index: int) -> Place:
        """Where a row stands in the source."""
        return Place(int(self.file[index]), int(self.row[index]), int(self.line[index]))
