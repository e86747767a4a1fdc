"""Sheets of law cases as CSV, as this project writes it and as spreadsheets write it back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from clearslate.errors import InputError
from clearslate.output.lines import encoded
from clearslate.testing.sheets.cells import BLANK, Cell, protected, unprotected
from clearslate.testing.sheets.layout import ROW_IS
from clearslate.testing.sheets.rows import Row, Sheet

CHECK = "characters"
"""How the heading of the last column begins, which tells whether the characters are still what they were."""

_SAMPLE = "\u00e9"
_CHECKED = re.compile(rf"{CHECK} (?P<shown>\S+) \((?P<named>[0-9a-f ]+)\)")
_ENCODINGS = ("utf-8-sig", "cp1252", "mac_roman")
_DELIMITERS = ",;\t"
_BROKEN = "[{name}]: the characters are not what they were; save it as [CSV UTF-8], or as a workbook (.xlsx)"


def as_csv(sheet: Sheet) -> bytes:
    """The sheet as CSV: UTF-8 with a mark, so that spreadsheets read it as that, and no cell that one would change."""
    check = check_heading(cell.text for row in sheet.rows for cell in row.cells)
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow([*sheet.header, check])
    writer.writerows([[protected(cell) for cell in row.cells] + [""] for row in sheet.rows])
    return b"\xef\xbb\xbf" + encoded(sink.getvalue())


def check_heading(texts: Iterable[str]) -> str:
    """A heading with each character beyond the plain ones that stands in the texts, as itself and as its number."""
    found = sorted({c for text in texts for c in text if not c.isascii() and c.isprintable()} | {_SAMPLE})
    return f"{CHECK} {''.join(found)} ({' '.join(f'{ord(c):04x}' for c in found)})"


def checked(heading: str) -> bool:
    """Whether the characters of the heading are those that it numbers."""
    match = _CHECKED.fullmatch(heading)
    return match is not None and match["shown"] == "".join(chr(int(one, 16)) for one in match["named"].split())


def read_csv(name: str, data: bytes) -> Sheet:
    """A sheet from CSV with commas, semicolons or tabs; raise InputError where its text cannot be told for sure."""
    text = _decoded(name, data)
    rows = list(_rows(name, text))
    if not rows:
        raise InputError(f"[{name}] is empty; write the columns' names in its first row")
    return without_check(Sheet(name, [cell.text for cell in rows[0].cells], rows[1:]))


def without_check(sheet: Sheet) -> Sheet:
    """The sheet without the column that tells of its characters; raise InputError where they are broken."""
    for place, heading in enumerate(sheet.header):
        if heading.split(" ")[0] != CHECK:
            continue
        if not checked(heading):
            raise InputError(_BROKEN.format(name=sheet.name))
        header = [one for n, one in enumerate(sheet.header) if n != place]
        rows = [Row(row.number, [c for n, c in enumerate(row.cells) if n != place]) for row in sheet.rows]
        return Sheet(sheet.name, header, rows)
    return sheet


def _decoded(name: str, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(_BROKEN.format(name=name)) from error
    unmarked = data.removeprefix(b"\xef\xbb\xbf")
    for encoding in _ENCODINGS:
        try:
            text = unmarked.decode(encoding)
        except UnicodeDecodeError:
            continue
        heading = re.search(rf"\b{CHECK} \S+ \([0-9a-f ]+\)", text.split("\n", 1)[0])
        # UTF-8 proves itself; of the others one is only believed where the heading says so.
        if encoding == _ENCODINGS[0] or (heading is not None and checked(heading[0])):
            return text
    place = _first_bad(unmarked)
    raise InputError(
        f"[{name}] is not UTF-8: line [{place}] has a character of another encoding; save it as [CSV UTF-8], or as a "
        "workbook (.xlsx)"
    )


def _first_bad(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _rows(name: str, text: str) -> Iterator[Row]:
    first = text.split("\n", 1)[0]
    delimiter = next((d for d in _DELIMITERS if ROW_IS in [h.strip(' "\r').lower() for h in first.split(d)]), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield Row(number, [_cell(cell) for cell in cells])
    except csv.Error as error:
        raise InputError(
            f"[{name}]: row [{number + 1}] is not CSV: {error}; save it anew from the spreadsheet"
        ) from error


def _cell(text: str) -> Cell:
    text = unprotected(text.strip()).replace("\r\n", "\n")
    return Cell(text) if text else BLANK
