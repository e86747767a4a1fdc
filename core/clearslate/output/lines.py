"""CSV text as this project writes it: UTF-8, ``\\n``, quotes only where needed, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from clearslate.ingest.cells import neutral, quoted

_LINE_END, _QUOTE = b'\n"'


@lru_cache(maxsize=4096)
def text_cell(cell: str) -> str:
    """A cell of text, which no spreadsheet takes for a formula, as CSV prints it."""
    return quoted(neutral(cell))


def line(cells: Iterable[str]) -> str:
    """One CSV line of text cells, with its end."""
    return ",".join([text_cell(cell) for cell in cells]) + "\n"


def encoded(text: str) -> bytes:
    """UTF-8; what a file name held that is no character is spelled out."""
    return text.encode("utf-8", "backslashreplace")


def header_line(columns: Sequence[str]) -> bytes:
    """The header of a file with these columns."""
    return encoded(",".join(quoted(column) for column in columns) + "\n")


def rows_in(data: bytes) -> int:
    """How many CSV rows the bytes hold, which begin and end with a row: line ends outside quotes."""
    lines = data.count(b"\n")
    if b'"' not in data:
        return lines
    characters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(characters == _LINE_END)
    quotes = np.flatnonzero(characters == _QUOTE)
    # A line end after an even number of quotes is outside them.
    if bool((np.searchsorted(quotes, ends) % 2 == 0).all()):
        return lines
    # A line break in a cell, or a quote inside an unquoted cell: only reading the rows tells them apart.
    limit = csv.field_size_limit(2**31 - 1)
    try:
        return sum(1 for _ in csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    finally:
        csv.field_size_limit(limit)
