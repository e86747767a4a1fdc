"""A first look at a table of which nothing is known: how it is written, its header, and the cells of its columns."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO

from clearslate.errors import InputError
from clearslate.ingest.lines import fields_of
from clearslate.ingest.opening import refuse_other_formats
from clearslate.ingest.source import BOM, HEAD
from clearslate.ingest.table.guesses import guessed
from clearslate.ingest.table.heading import named, trimmed
from clearslate.ingest.table.reader import WORKBOOKS
from clearslate.ingest.table.text import DELIMITERS
from clearslate.ingest.table.words import is_filler

ROWS_LOOKED_AT = 200_000
"""Rows after which enough was seen."""

_DISTINCT = 5_000
_HEADER_AMONG = 20
_SOMETHING_PERSONAL = re.compile(r"[0-9]{4,}|[0-9]+[/.-][0-9]+|,|@")


@dataclass(slots=True, repr=False)
class SeenColumn:
    """The distinct cells of a column, each with its first row and how often it stands; ``full`` if there are more."""

    name: str
    rows: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    full: bool = False

    def add(self, cell: str, row: int) -> None:
        """See a cell."""
        if is_filler(cell):
            return
        if cell not in self.rows:
            if len(self.rows) >= _DISTINCT:
                self.full = True
                return
            self.rows[cell] = row
        self.counts[cell] += 1


@dataclass(frozen=True, slots=True, repr=False)
class Sample:
    """What was seen of a table; ``header_row`` counts from 1, and ``sheet`` is None where it is text."""

    name: str
    header_row: int
    columns: tuple[SeenColumn, ...]
    sheet: str | None = None
    delimiter: str = "comma"
    encoding: str = "utf-8"


def look(name: str, handle: BinaryIO, sheet: str | None = None) -> Sample:
    """Look at a table. Raises InputError where it cannot be read, or has no header."""
    start = handle.read(HEAD)
    handle.seek(0)
    if start.startswith(WORKBOOKS):
        from clearslate.ingest.table.workbook import dense, rows_of

        found = rows_of(name, handle, sheet)
        first = list(islice(found.rows, _HEADER_AMONG))
        width = max((max(cells) for _, cells in first), default=0)
        header_row, columns = _seen(name, ((number, dense(cells, width)) for number, cells in chain(first, found.rows)))
        return Sample(name, header_row, columns, sheet=found.sheet)
    refuse_other_formats(name, start)
    encoding, delimiter = _encoding(handle), _delimiter(start)
    handle.seek(0)
    header_row, columns = _seen(name, _text_rows(handle, encoding, DELIMITERS[delimiter]))
    return Sample(name, header_row, columns, delimiter=delimiter, encoding=encoding)


def _seen(name: str, rows: Iterable[tuple[int, list[str]]]) -> tuple[int, tuple[SeenColumn, ...]]:
    """The row of the header, and the columns below it."""
    ahead = iter(rows)
    first = list(islice(ahead, _HEADER_AMONG))
    at = _header(first)
    if at is None:
        raise InputError(
            f"[{name}] has no row of column names that can be made out among its first; put one above the rows"
        )
    header_row, cells = first[at]
    columns = tuple(SeenColumn(column) for column in named(trimmed(cells, 2)))
    row = 0
    for row, (_, found) in enumerate(chain(first[at + 1 :], islice(ahead, ROWS_LOOKED_AT)), 1):
        for column, cell in zip(columns, found, strict=False):
            column.add(cell.strip(), row)
    if not row:
        raise InputError(f"[{name}] has column names and no row below them; ask for the file again")
    return header_row, columns


def _encoding(handle: BinaryIO) -> str:
    """What a file is written in: windows-1252 where it has bytes that UTF-8 and Latin-1 do not."""
    high = False
    text = True
    rest = b""
    while piece := handle.read(1 << 20):
        data = rest + piece
        cut = data.rfind(b"\n") + 1 or len(data)
        data, rest = data[:cut], data[cut:]
        text = text and _is_utf8(data)
        high = high or (any(byte in data for byte in range(0x80, 0xA0)) and not _is_utf8(data))
    text = text and _is_utf8(rest)
    return "windows-1252" if high and not text else "utf-8"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(start: bytes) -> str:
    """The sign that most of the first lines have most often, and equally often."""
    lines = [line for line in start.removeprefix(BOM).split(b"\n")[:_HEADER_AMONG] if line.strip()]
    best, most = "comma", 0
    for name, sign in DELIMITERS.items():
        swap = bytes.maketrans(f",{sign}".encode(), f"{sign},".encode())
        widths = Counter(fields_of(line.translate(swap)) for line in lines)
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = (width - 1) * times
        if score > most:
            best, most = name, score
    return best


def _text_rows(handle: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(handle, "cp1252" if encoding == "windows-1252" else "utf-8-sig", "replace", newline="")
    try:
        reader = csv.reader((line.replace("\0", "") for line in text), delimiter=delimiter)
        while True:
            at = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                continue
            if any(cell.strip() for cell in cells):
                yield at, cells
    finally:
        text.detach()


def _header(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """Which of the first rows has the names of the columns: the first that has most cells, and looks like names."""
    widths = [len(trimmed(cells)) for _, cells in rows]
    for at, (_, cells) in enumerate(rows):
        kept = trimmed(cells)
        if widths[at] < 2 or 5 * widths[at] < 4 * max(widths):
            continue
        said = [cell.strip() for cell in kept if cell.strip()]
        # A row of data would be shown as names. Two names that columns have leave no doubt.
        if any(_SOMETHING_PERSONAL.search(cell) for cell in said) or len(guessed(named(kept))) < 2:
            return None
        return at
    return None
