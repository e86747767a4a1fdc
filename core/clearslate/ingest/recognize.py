"""Which source format a file is in, told from the names or the number of its columns."""

from __future__ import annotations

from collections.abc import Iterable

from clearslate.ingest.delimited import DelimitedReader
from clearslate.ingest.lines import BLANK, cells_of
from clearslate.ingest.opening import plain_name
from clearslate.ingest.source import BOM, HEAD

_FEWEST = 20
"""Columns below which their number alone says nothing of a file without a header."""


def recognized(readers: Iterable[object], head: bytes) -> list[str]:
    """The ids of the formats that a file could be in, given its start: one, none, or several that are alike.

    A header that has half of a format's column names tells it. A file without a header is told by the number of its
    columns, where a format has many. Only delimited formats are recognized.
    """
    cells = _first_row(head)
    names = {plain_name(cell) for cell in cells}
    formats = [reader for reader in readers if isinstance(reader, DelimitedReader) and reader.columns]
    by_name = [r.id for r in formats if 2 * len(names & {plain_name(c) for c in r.columns}) >= len(r.columns)]
    if by_name:
        return by_name
    # A row may end with a comma more.
    wide = [reader for reader in formats if len(reader.columns) >= _FEWEST]
    return [r.id for r in wide if len(cells) - len(r.columns) in (0, 1)]


def _first_row(head: bytes) -> list[str]:
    for line in head[:HEAD].removeprefix(BOM).splitlines():
        if line.strip(BLANK):
            return cells_of(line)
    return []
