"""What the rows of a table say of one fact, understood once for each distinct cell and compared as numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from clearslate.ingest.frame import Frame
from clearslate.ingest.rows import Bools, Ints
from clearslate.ingest.table import words
from clearslate.ingest.table.schema import Cells

T = TypeVar("T", bound=Hashable)

Meaning = Callable[[str], tuple[T | None, bool]]
"""What a cell means, None where it says nothing or nobody knows; and whether it says something that nobody knows."""


@dataclass(frozen=True, slots=True, repr=False)
class Said(Generic[T]):
    """For each row, ``values[codes[row]]`` is what it says, of which the first is None.

    Equal values have one number, so that rows agree where their numbers do. ``odd`` rows say what nobody knows.
    """

    codes: Ints
    values: Sequence[T | None]
    odd: Bools

    def of(self, code: int) -> T | None:
        """What a number stands for."""
        return self.values[code]


def texts(frame: Frame, cells: Cells, is_blank: Callable[[str], bool]) -> tuple[Ints, list[str]]:
    """For each row the number of its text, and the distinct texts; a text is blank where a part that it needs is."""
    if cells.value is not None:
        return np.zeros(len(frame), np.int64), [cells.value]
    first = frame.columns[cells.columns[0]]
    if len(cells.columns) == 1:
        return first.codes.astype(np.int64), list(first.values)
    combined = first.codes.astype(np.int64)
    for name in cells.columns[1:]:
        column = frame.columns[name]
        # Made small again at each step, so that no number of columns overflows.
        combined = np.unique(combined * max(len(column.values), 1) + column.codes, return_inverse=True)[1].reshape(-1)
    _, at, codes = np.unique(combined, return_index=True, return_inverse=True)
    joined = []
    for row in at.tolist():
        parts = [frame.columns[name].values[int(frame.columns[name].codes[row])] for name in cells.columns]
        lacks = any(
            is_blank(part) and name not in cells.may_be_blank for part, name in zip(parts, cells.columns, strict=True)
        )
        joined.append("" if lacks else cells.joined_by.join(part for part in parts if not is_blank(part)))
    return codes.reshape(-1).astype(np.int64), joined


def said(frame: Frame, cells: Cells, is_blank: Callable[[str], bool], meaning: Meaning[T]) -> Said[T]:
    """What each row says of a fact."""
    codes, found = texts(frame, cells, is_blank)
    numbers: dict[T, int] = {}
    meant: list[int] = []
    odd: list[bool] = []
    for text in found:
        value, unknown = meaning(text)
        meant.append(0 if value is None else numbers.setdefault(value, len(numbers) + 1))
        odd.append(unknown)
    if not found:
        return Said(codes, [None], np.zeros(len(codes), np.bool_))
    return Said(np.asarray(meant, np.int64)[codes], [None, *numbers], np.asarray(odd, np.bool_)[codes])


def unsaid(frame: Frame) -> Said[T]:
    """No row says anything, because the table has no such column."""
    return Said(np.zeros(len(frame), np.int64), [None], np.zeros(len(frame), np.bool_))


def listed(table: Mapping[str, T], is_blank: Callable[[str], bool], known: Mapping[str, T] | None = None) -> Meaning[T]:
    """The meaning of a word by a mapping's table, or else by the words that are ``known`` without one."""
    meanings: dict[str, T] = {**(known or {}), **{words.plain(word): value for word, value in table.items()}}

    def meaning(text: str) -> tuple[T | None, bool]:
        value = meanings.get(words.plain(text))
        # A table may speak of a word that is a filler elsewhere, such as NONE.
        return value, value is None and not is_blank(text)

    return meaning
