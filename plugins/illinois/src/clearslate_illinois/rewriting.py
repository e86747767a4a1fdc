"""The State's Attorney's exports as the text of one layout: columns put in order, damaged rows told apart."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from clearslate.errors import InputError
from clearslate.ingest.cells import as_row
from clearslate_illinois.columns import (
    ALIASES,
    COLUMNS,
    DISPOSITION_COLUMNS,
    DISPOSITIONS,
    EXPORT,
    OWN_ALIASES,
    ROW_PROBLEM,
    SENTENCING,
    TELLING,
    WANTED,
)

PIECE = 1 << 18
_BOM = b"\xef\xbb\xbf"
_PLACE = {name: place for place, name in enumerate(COLUMNS)}
_LONGEST = 64 * 1024
"""Bytes of a line above which it is no row."""
_UNTIL_JUDGED = 4

DAMAGED_QUOTES = "a quote in it is not closed, or not doubled"
TOO_LONG = "the line is too long to be a row"
UNDECODABLE = "it holds a NUL byte"


def rewrite(name: str, handle: BinaryIO) -> Iterator[bytes] | None:
    """The text of a Dispositions or Sentencing export in the layout's columns; None where it is in them already.

    Which export a file is, and where its columns stand, its header says; a column that the layout has not is left out.
    Every line that is not blank is a row. One that has more or fewer cells than the header, or a damaged quote, becomes
    a row whose ROW_PROBLEM says so. Raises InputError for a file whose header is of neither export, or lacks a column
    that is needed.
    """
    first = _first_line(handle)
    header = [_plain(cell) for cell in _cells(first) or [first]]
    if header[:2] == [ROW_PROBLEM, EXPORT]:
        handle.seek(0)
        return None
    export = _export(name, header)
    return _rows(handle, export, _places(name, export, header), len(header))


def _first_line(handle: BinaryIO) -> str:
    line = handle.readline(_LONGEST).removeprefix(_BOM)
    for _ in range(_UNTIL_JUDGED):
        if line.strip():
            break
        line = handle.readline(_LONGEST)
    return _text(line)


def _text(line: bytes) -> str:
    body = line.rstrip(b"\r\n")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _cells(line: str) -> list[str] | None:
    """The cells of a line; None where its quotes are damaged."""
    if '"' not in line:
        return line.split(",")
    try:
        rows = list(csv.reader([line], strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _plain(name: str) -> str:
    return "_".join(name.strip().upper().replace("_", " ").replace("-", " ").split())


def _export(name: str, header: Sequence[str]) -> str:
    present = {ALIASES.get(column, column) for column in header}
    export = next((export for column, export in TELLING.items() if column in present), None)
    if export is None:
        raise InputError(
            f"[{name}] does not begin with the header of the Dispositions or Sentencing export; "
            "check the file and --format, or download it again with its header"
        )
    if export not in (DISPOSITIONS, SENTENCING):
        raise InputError(f"[{name}] is the {export} export; give the Dispositions and the Sentencing export")
    return export


def _places(name: str, export: str, header: Sequence[str]) -> list[int | None]:
    """For each column of the file, its place in the layout; None where it has none there."""
    own = OWN_ALIASES[export]
    places: list[int | None] = []
    for column in header:
        known = own.get(column) or ALIASES.get(column, column)
        place = _PLACE.get(known) if known not in (ROW_PROBLEM, EXPORT) else None
        if place is not None and place in places:
            raise InputError(f"[{name}] has two columns for [{known}]; take one of them out")
        places.append(place)
    missing = [column for column in WANTED[export] if _PLACE[column] not in places]
    if missing:
        raise InputError(
            f"[{name}] is the {export.title()} export without column [{missing[0]}]; download it with all columns"
        )
    return places


def _rows(handle: BinaryIO, export: str, places: Sequence[int | None], width: int) -> Iterator[bytes]:
    waiting = [f"{as_row(list(COLUMNS))}\n"]
    size = 0
    order = _Order(export, places)
    for line in handle:
        if not line.strip():
            continue
        row = _row(line, order, width)
        waiting.append(row)
        size += len(row)
        if size >= PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


class _Order:
    """How a row's cells are put in the layout's order."""

    def __init__(self, export: str, places: Sequence[int | None]) -> None:
        self.export = export
        first = len((ROW_PROBLEM, EXPORT))
        as_is = list(range(first, first + len(places)))
        # The Dispositions export as it comes: its lines need nothing but what stands around them.
        self.before = f",{export}," if list(places) == as_is and len(places) == len(DISPOSITION_COLUMNS) else ""
        self.after = "," * (len(COLUMNS) - first - len(places)) + "\n"
        source = {place: at for at, place in enumerate(places) if place is not None}
        self.source = [source.get(place) for place in range(first, len(COLUMNS))]
        self.person = source[_PLACE["CASE_PARTICIPANT_ID"]]
        self.case = source[_PLACE["CASE_ID"]]

    def row(self, cells: Sequence[str]) -> str:
        ordered = ["" if at is None else cells[at] for at in self.source]
        return f"{as_row(['', self.export, *ordered])}\n"

    def broken(self, problem: str, line: str) -> str:
        """A row that will be rejected, with the person where the cell for it is in its place as far as one can tell."""
        written = [""] * len(COLUMNS)
        written[0], written[1], written[-1] = problem, self.export, line
        cells = line.partition('"')[0].split(",")
        if max(self.person, self.case) < len(cells) - 1 and all(
            cells[at].strip().isdigit() for at in (self.person, self.case)
        ):
            written[_PLACE["CASE_PARTICIPANT_ID"]] = cells[self.person].strip()
        return f"{as_row(written)}\n"


def _row(line: bytes, order: _Order, width: int) -> str:
    if len(line) > _LONGEST:
        return order.broken(TOO_LONG, _text(line[:1024]))
    text = _text(line)
    if "\0" in text or "\r" in text:
        return order.broken(UNDECODABLE, text.replace("\0", " ").replace("\r", " "))
    cells = _cells(text)
    if cells is None:
        return order.broken(DAMAGED_QUOTES, text)
    if len(cells) != width:
        return order.broken(f"it has {len(cells)} cells where the header has {width}", text)
    return f"{order.before}{text}{order.after}" if order.before else order.row(cells)
