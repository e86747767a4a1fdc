"""Tables that are text: cells between commas, semicolons or tabs, made into the commas and UTF-8 that are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from clearslate.errors import InputError
from clearslate.ingest.lines import (
    BLANK,
    BROKEN_QUOTE,
    LINE_TOO_LONG,
    UNDECODABLE,
    Shape,
    cells_of,
    read_lines,
)
from clearslate.ingest.opening import refuse_other_formats, refuse_other_text
from clearslate.ingest.rewritten import broken_text, row_text
from clearslate.ingest.source import BOM, HEAD, LONGEST_LINE
from clearslate.ingest.table.heading import check_heading
from clearslate.ingest.table.mapping import TableMapping
from clearslate.ingest.table.words import plain_column

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}

_PIECE = 1 << 20
_ASIDE = "\x1f"
"""Stands for a comma in a cell while the delimiter stands as one."""

_UNDEFINED = bytes(0 if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else byte for byte in range(256))
"""Makes the bytes that windows-1252 does not have into ones that no text has."""

_NO_TEXT = dict.fromkeys((0, *range(128, 160)), "\x00")


def rewrite_text(name: str, handle: BinaryIO, mapping: TableMapping) -> Iterator[bytes] | None:
    """The text of a table as the mapping's layout has it; None where the file is such text. Raises InputError."""
    table = mapping.table
    head = handle.read(HEAD)
    refuse_other_formats(name, head)
    delimiter = DELIMITERS[table.delimiter]
    start, before, line = _header(head, table.header_row)
    refuse_other_text(name, line, len(table.columns))
    cells = cells_of(_decoded(line, table.encoding).translate(_swapped(delimiter)))
    cells = [cell.translate(_back(delimiter)) for cell in cells]
    _check_delimiter(name, line, cells, table.delimiter, len(table.columns))
    check_heading(name, cells, table.columns, table.header_row)
    same = [plain_column(cell) for cell in cells] == [plain_column(column) for column in table.columns]
    handle.seek(0)
    if delimiter == "," and table.encoding == "utf-8" and table.header_row == 1 and same:
        return None
    return _Text(mapping, delimiter).rows(handle, start, before)


def _header(head: bytes, row: int) -> tuple[int, int, bytes]:
    """Where the rows begin, how many lines stand before the header, and the header.

    It is the line of its number, or the first that is not blank where that is the first.
    """
    at, before = len(BOM) if head.startswith(BOM) else 0, 0
    while True:
        end = head.find(b"\n", at) + 1 or len(head)
        line = head[at:end].removesuffix(b"\n").removesuffix(b"\r")
        if end >= len(head) or (before + 1 >= row and line.strip(BLANK)):
            return end, before, line
        at, before = end, before + 1


def _check_delimiter(name: str, line: bytes, cells: Sequence[str], delimiter: str, width: int) -> None:
    """Raise InputError where the header has its columns by another delimiter."""
    if len(cells) > 1:
        return
    for other, sign in DELIMITERS.items():
        if other != delimiter and 2 * (line.count(sign.encode()) + 1) >= width:
            raise InputError(
                f"[{name}] has a [{other}] between its columns, and the mapping says [{delimiter}]; "
                f'write delimiter = "{other}" in the mapping'
            )


def _decoded(data: bytes, encoding: str) -> bytes:
    """The bytes in UTF-8; what the encoding does not have becomes a NUL, which no row may hold."""
    if encoding == "utf-8" or data.isascii():
        return data
    return data.translate(_UNDEFINED).decode("cp1252").encode()


def _swapped(delimiter: str) -> bytes:
    """Makes bytes in which the delimiter is a comma, and commas stand aside."""
    there = f",{delimiter}{_ASIDE}" if delimiter != "," else ""
    here = f"{_ASIDE},{delimiter}" if delimiter != "," else ""
    return bytes.maketrans(there.encode(), here.encode())


def _back(delimiter: str) -> dict[int, str]:
    """Makes the characters of a cell what they were."""
    return {} if delimiter == "," else {ord(_ASIDE): ",", ord(","): delimiter, ord(delimiter): _ASIDE}


class _Text:
    """Rewrites one file, some lines at a time."""

    def __init__(self, mapping: TableMapping, delimiter: str) -> None:
        columns = mapping.table.columns
        self._header = row_text(columns)
        self._encoding = mapping.table.encoding
        self._delimiter = delimiter
        self._sign = delimiter.encode()
        self._swap = _swapped(delimiter)
        self._back = _back(delimiter)
        identifier = mapping.table.person.identifier or mapping.table.person.id
        self._shape = Shape(len(columns), columns.index(mapping.table.person.id), columns.index(identifier))
        self._made = 0

    def rows(self, handle: BinaryIO, start: int, before: int) -> Iterator[bytes]:
        """The header and the rows, each in the line that it has in the file."""
        yield b"\n" * before + self._header
        handle.seek(start)
        rest, overlong = b"", False
        while piece := handle.read(_PIECE):
            data = rest + _decoded(piece, self._encoding)
            cut = data.rfind(b"\n") + 1
            if overlong:
                end = data.find(b"\n") + 1
                yield data[: end or len(data)]
                data, overlong = data[end:] if end else b"", not end
                cut = data.rfind(b"\n") + 1
            made, used = self._made_of(data[:cut], final=False)
            yield made
            rest = data[used:]
            if not overlong and len(rest) > LONGEST_LINE and b"\n" not in rest:
                # It will be no row, however long it grows, and is never held whole.
                yield self._plainly(rest)
                rest, overlong = b"", True
        if rest:
            yield self._made_of(rest, final=True)[0]

    def _made_of(self, data: bytes, *, final: bool) -> tuple[bytes, int]:
        """The rows of some lines, and how many of their bytes are done with."""
        if self._delimiter == ",":
            return data, len(data)
        if b'"' not in data:
            return self._plainly(data), len(data)
        return self._quoted(data, final=final)

    def _plainly(self, data: bytes) -> bytes:
        """Lines without quotes."""
        if b"," not in data:
            return data.replace(self._sign, b",")
        lines = data.split(b"\n")
        for at, line in enumerate(lines):
            if b"," in line:
                body = line.removesuffix(b"\r")
                cells = [b'"%s"' % cell if b"," in cell else cell for cell in body.split(self._sign)]
                lines[at] = b",".join(cells) + line[len(body) :]
            else:
                lines[at] = line.replace(self._sign, b",")
        return b"\n".join(lines)

    def _quoted(self, data: bytes, *, final: bool) -> tuple[bytes, int]:
        """Lines with quotes, of which several may be a row."""
        found = read_lines(data.translate(self._swap), self._shape, final=final)
        made = [
            (ordinal, line, row_text([*self._cells(text), *([""] if wide else [])]))
            for ordinal, line, text, wide in zip(found.ordinals, found.lines, found.texts, found.wide, strict=True)
        ]
        for broken in found.broken:
            body = data[broken.begin : broken.begin + broken.length].translate(self._swap)
            made.append((broken.ordinal, broken.line, self._broken(body.rstrip(b"\r\n"), broken.problem)))
        parts: list[bytes] = []
        line = 0
        for _, at, text in sorted(made):
            parts += (b"\n" * (at - line), text)
            line = at + text.count(b"\n")
        parts.append(b"\n" * max(0, found.physical - line))
        return b"".join(parts), found.used

    def _cells(self, body: bytes) -> list[str]:
        return [cell.translate(self._back) for cell in cells_of(body)]

    def _broken(self, body: bytes, problem: str) -> bytes:
        """A row that is rejected for the same reason."""
        cells = self._cells(body[:HEAD] if problem == LINE_TOO_LONG else body)
        if problem == BROKEN_QUOTE:
            return broken_text([cell.replace("\n", " ") for cell in cells], self._shape.width)
        if problem == UNDECODABLE:
            cells = [cell.translate(_NO_TEXT) for cell in cells]
        text = row_text(cells)
        if problem == LINE_TOO_LONG:
            text = text.removesuffix(b"\n") + b"," * (LONGEST_LINE + 1) + b"\n"
        return text
