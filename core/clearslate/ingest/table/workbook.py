"""Tables in workbooks: one sheet made into text, with the values that its formulas last had."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from clearslate.errors import InputError, did_you_mean
from clearslate.ingest.rewritten import row_text
from clearslate.ingest.table.heading import check_heading
from clearslate.ingest.table.mapping import TableMapping
from clearslate.ingest.table.parts import LARGEST_SHEET, LARGEST_STRINGS, NotReadError, Parts, refused
from clearslate.ingest.table.sheet import Sheet, SheetRow, Styles, strings_of

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""Begins an encrypted workbook, and one of the format before .xlsx."""

_ZEROS = re.compile(r"0{2,18}")
_PIECE = 1 << 18
_SAVE = "open it in a spreadsheet program and save it as .xlsx, or as CSV"


class Rows(NamedTuple):
    """The rows of a sheet that hold anything, and the name of the sheet."""

    sheet: str
    rows: Iterator[SheetRow]


def rewrite_workbook(name: str, handle: BinaryIO, mapping: TableMapping) -> Iterator[bytes]:
    """The text of a sheet as the mapping's layout has it. Raises InputError."""
    table = mapping.table
    found = rows_of(name, handle, table.sheet)
    return _text(name, found.rows, table.columns, table.header_row)


def _text(name: str, rows: Iterator[SheetRow], columns: list[str], header: int) -> Iterator[bytes]:
    width = len(columns)
    line = size = 0
    parts: list[bytes] = []
    headed = False
    for number, cells in rows:
        if not headed:
            if number < header:
                continue
            check_heading(name, dense(cells, max(cells)), columns, number)
            text, headed = row_text(columns), True
        else:
            # What stands behind the last column makes the row one that is rejected, however far behind.
            text = row_text([*dense(cells, width), *(cells[column] for column in sorted(cells) if column > width)])
        # A blank line for each blank row, so that a row stands in the line of its number.
        parts += (b"\n" * (number - 1 - line), text)
        line = number
        size += len(text)
        if size >= _PIECE:
            yield b"".join(parts)
            parts, size = [], 0
    if not headed:
        raise InputError(f"[{name}] has nothing in row {header} or below it; check sheet and header_row of the mapping")
    yield b"".join(parts)


def dense(cells: Mapping[int, str], width: int) -> list[str]:
    """The first so many cells of a row, blank ones among them."""
    return [cells.get(column, "") for column in range(1, width + 1)]


def rows_of(name: str, handle: BinaryIO, sheet: str | None) -> Rows:
    """The rows of a sheet that hold anything, of the only one where ``sheet`` is None. Raises InputError."""
    start = handle.read(len(_COMPOUND))
    handle.seek(0)
    if start == _COMPOUND:
        raise InputError(f"[{name}] is a workbook with a password, or an old .xls; {_SAVE}, without a password")
    try:
        book = _Book(handle)
    except Exception as error:
        raise _explained(name, error) from None
    return Rows(*_chosen(name, book, sheet))


def _chosen(name: str, book: _Book, sheet: str | None) -> tuple[str, Iterator[SheetRow]]:
    if sheet is None:
        visible = [one for one, hidden in book.sheets.items() if not hidden]
        if len(visible) != 1:
            raise InputError(
                f"[{name}] has {len(visible)} sheets; say which: sheet = in the mapping, or --sheet of "
                f"[clearslate doctor]; known: {', '.join(visible)}"
            )
        (sheet,) = visible
    if sheet not in book.sheets:
        raise InputError(f"[{name}] has no sheet [{sheet}]{did_you_mean(sheet, book.sheets)}")
    return sheet, _named(name, book, sheet)


def _named(name: str, book: _Book, sheet: str) -> Iterator[SheetRow]:
    try:
        yield from book.rows(sheet)
    except InputError:
        raise
    except Exception as error:
        raise _explained(name, error) from None


def _explained(name: str, error: Exception) -> InputError:
    """The error in a line, without what stands in the workbook."""
    if isinstance(error, NotReadError):
        return refused(name, error)
    if isinstance(error, zipfile.BadZipFile | zlib.error | expat.ExpatError | EOFError):
        return refused(name, "is a damaged workbook; ask for the file again")
    if isinstance(error, OSError) and error.errno is not None:
        return refused(name, f"cannot be read ({error.strerror}); check the disk")
    return refused(name, f"is no workbook that can be read; {_SAVE}")


class _Book:
    """A workbook as far as its rows need it: the sheets by name, whether each is hidden, the texts and the styles."""

    def __init__(self, handle: BinaryIO) -> None:
        self._parts = Parts(handle)
        with warnings.catch_warnings():
            # They quote the workbook.
            warnings.simplefilter("ignore")
            reader: Any = ExcelReader(handle, read_only=True, data_only=True, keep_links=False)
            reader.archive = self._parts
            reader.read_manifest()
            reader.read_workbook()
            apply_stylesheet(self._parts, reader.wb)
            sheets = [(sheet, relation) for sheet, relation in reader.parser.find_sheets()]
        found = {
            sheet.name: (relation.target, sheet.state != "visible")
            for sheet, relation in sheets
            if "chartsheet" not in relation.Type and relation.target in reader.valid_files
        }
        self.sheets: Mapping[str, bool] = {name: hidden for name, (_, hidden) in found.items()}
        self._targets = {name: target for name, (target, _) in found.items()}
        texts = reader.package.find(SHARED_STRINGS)
        self._strings = None if texts is None else texts.PartName[1:]
        self._styles = _styles(reader.wb)

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold anything, each with its number."""
        strings: list[str] = []
        if self._strings is not None:
            with self._parts.large(self._strings, LARGEST_STRINGS) as part:
                strings = strings_of(part)
        with self._parts.large(self._targets[sheet], LARGEST_SHEET) as part:
            yield from Sheet(part, strings, self._styles).rows()


def _styles(book: Any) -> Styles:
    zeros = {}
    for number, style in enumerate(book._cell_styles):
        custom = style.numFmtId - 164
        shown = book._number_formats[custom] if 0 <= custom < len(book._number_formats) else ""
        if _ZEROS.fullmatch(shown):
            zeros[number] = len(shown)
    return Styles(frozenset(book._date_formats), frozenset(book._timedelta_formats), zeros, book.epoch)
