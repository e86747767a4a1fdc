"""Rows with a cell that a spreadsheet would run, found without looking at every cell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clearslate.ingest.cells import as_row, neutral
from clearslate.ingest.lines import cells_of
from clearslate.ingest.rows import Bools, Ints, Rows

_SKIPPED = np.zeros(256, np.bool_)
_SKIPPED[list(b" \"'")] = True
_DASHES = _SKIPPED.copy()
_DASHES[ord("-")] = True
_CELL_BEFORE = np.zeros(256, np.bool_)
_CELL_BEFORE[list(b",\r\n")] = True
_FULL_WIDTH = tuple(sign.encode() for sign in "\uff1d\uff0b\uff0d\uff20")


def neutral_row(text: bytes) -> bytes | None:
    """The row with its formula-like cells neutralized, or None if it has none."""
    cells = cells_of(text)
    safe = [neutral(cell) for cell in cells]
    return None if safe == cells else as_row(safe).encode()


def suspects(rows: Rows, count: int) -> list[int]:
    """Those of the first ``count`` rows that may have a formula-like cell.

    None that has one is left out. Some that have none may be named: ask :func:`neutral_row`.
    """
    if not count:
        return []
    starts, ends = rows.starts[:count], rows.ends[:count]
    first, end = int(starts[0]), int(ends[-1])
    view = np.frombuffer(rows.data, np.uint8)[first:end]
    found = [_opening(view, sign) for sign in b"=+@\t-" if rows.data.find(sign, first, end) >= 0]
    if rows.data.find(_FULL_WIDTH[0][0], first, end) >= 0:
        found += [_full_width(rows.data, view, first, end, sign) for sign in _FULL_WIDTH]
    positions = np.concatenate(found) if found else np.zeros(0, np.int64)
    named = np.searchsorted(starts, positions + first, side="right") - 1
    if rows.tail is None or (b"\r" not in rows.tail and rows.data.find(b"\r", first, end) >= 0):
        # A line break within a row may begin a cell.
        breaks = np.flatnonzero((view == ord("\n")) | (view == ord("\r"))) + first
        broken = np.searchsorted(starts, breaks, side="right") - 1
        named = np.concatenate((named, broken[breaks < ends[broken]]))
    return [int(row) for row in np.unique(named)]


def _opens(view: npt.NDArray[np.uint8], at: Ints) -> Bools:
    """Whether a cell begins at each position, or before the spaces and quotes that lead to it."""
    left = _skip(view, at, -1, _SKIPPED)
    return (left < 0) | _CELL_BEFORE[view[np.maximum(left, 0)]]


def _is_filler(view: npt.NDArray[np.uint8], at: Ints) -> Bools:
    """Whether dashes are all that the cell holds after each position."""
    right = _skip(view, at, 1, _DASHES)
    last = len(view) - 1
    return (right > last) | _CELL_BEFORE[view[np.minimum(right, last)]]


def _skip(view: npt.NDArray[np.uint8], at: Ints, step: int, skipped: Bools) -> Ints:
    """The first position beyond each, in steps, that holds no byte to be skipped, or one outside the view."""
    reached = at + step
    moving = np.arange(len(at))
    while len(moving):
        now = reached[moving]
        inside = (now >= 0) & (now < len(view))
        moving = moving[inside & skipped[view[np.clip(now, 0, len(view) - 1)]]]
        reached[moving] += step
    return reached


def _opening(view: npt.NDArray[np.uint8], sign: int) -> Ints:
    at = np.flatnonzero(view == sign)
    at = at[_opens(view, at)]
    return at[~_is_filler(view, at)] if sign == ord("-") else at


def _full_width(data: bytes, view: npt.NDArray[np.uint8], first: int, end: int, sign: bytes) -> Ints:
    at: list[int] = []
    position = data.find(sign, first, end)
    while position >= 0:
        at.append(position - first)
        position = data.find(sign, position + 1, end)
    found = np.array(at, np.int64)
    return found[_opens(view, found)]
