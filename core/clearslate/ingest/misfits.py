"""Rows that have as many fields as a row may have, and are no row of the file's own columns."""

from __future__ import annotations

import numpy as np

from clearslate.ingest.layout import Layout
from clearslate.ingest.lines import FIELD_COUNT
from clearslate.ingest.rows import Bools, Ints, Rows

SHIFTED = "columns shifted"
SECOND_HEADER = "header again"

_NARROW, _NARROW_BLANK, _WIDE, _WIDE_BLANK = range(4)
"""Rows without and with a trailing comma, and of each those whose last column is blank."""


def ambiguous(widths: Ints) -> frozenset[int]:
    """The kinds of width that rows of this file cannot have, going by its other rows.

    A row that lost a cell fits by a trailing comma, and one that gained a cell by a blank last
    column. The file's own width is that of most rows; where some surely have a trailing comma,
    a row that may have lost a cell is never used.
    """
    narrow, narrow_blank, wide, wide_blank = widths.tolist()
    found = set()
    if narrow_blank and (wide or (wide_blank and wide_blank >= narrow + narrow_blank)):
        found.add(_NARROW_BLANK)
    if wide_blank and narrow + narrow_blank >= wide + wide_blank:
        found.add(_WIDE_BLANK)
    return frozenset(found)


def misfits(layout: Layout, rows: Rows, widths: Ints, refused_kinds: frozenset[int]) -> dict[int, tuple[str, str]]:
    """The rows that are no row of the file's own columns, and why; counts the widths of the others."""
    width = len(layout.columns)
    wrong: dict[int, tuple[str, str]] = {}
    key = rows.cells[layout.person].column()
    names_columns = [value.upper() == layout.person.upper() for value in key.values]
    if any(names_columns):
        named = key.where(names_columns)
        wrong.update((row, (SECOND_HEADER, "the row names the columns")) for row in np.flatnonzero(named).tolist())
    marked: dict[str, Bools] = {}
    for name, values in layout.anchors.items():
        column = rows.cells[name].column()
        marked[name] = column.where([value in values for value in column.values])
        foreign = [value not in values and not layout.is_filler(value) for value in column.values]
        if any(foreign):
            for row in np.flatnonzero(column.where(foreign)).tolist():
                wrong.setdefault(row, (SHIFTED, f"{name} holds what belongs in another column"))
    for name, anchor in layout.beside.items():
        column = rows.cells[name].column()
        held = [value in layout.anchors[anchor] for value in column.values]
        if any(held):
            for row in np.flatnonzero(column.where(held) & ~marked[anchor]).tolist():
                wrong.setdefault(row, (SHIFTED, f"{name} holds what belongs in {anchor}"))
    last = rows.cells[layout.columns[-1]].column()
    kind = rows.wide * 2 + last.where([not value for value in last.values])
    fits = np.ones(len(rows), np.bool_)
    fits[list(wrong)] = False
    widths += np.bincount(kind[fits], minlength=4)
    for refused, detail in (
        (_NARROW_BLANK, f"{width} fields and no trailing comma, the last one blank, which other rows have not"),
        (_WIDE_BLANK, f"{width + 1} fields, the last two blank, where other rows have {width}"),
    ):
        if refused in refused_kinds:
            wrong.update((row, (FIELD_COUNT, detail)) for row in np.flatnonzero(fits & (kind == refused)).tolist())
    return wrong
