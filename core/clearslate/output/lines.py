"""CSV text as this project writes it: UTF-8, ``\\n``, quotes only where needed, no cell a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

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
    """How many CSV rows the bytes hold: line ends outside quotes, counted without any reader's help."""
    if b'"' not in data:
        return data.count(b"\n")
    characters = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(characters == _LINE_END)
    quotes = np.flatnonzero(characters == _QUOTE)
    # A line end after an even number of quotes is outside them.
    return int((np.searchsorted(quotes, ends) % 2 == 0).sum())


def rows_of_file(path: Path) -> int:
    """How many rows a CSV file has below its header, as the standard csv module reads it."""
    with path.open(encoding="utf-8", newline="") as file:
        limit = csv.field_size_limit(2**31 - 1)
        try:
            return sum(1 for _ in csv.reader(file)) - 1
        finally:
            csv.field_size_limit(limit)
