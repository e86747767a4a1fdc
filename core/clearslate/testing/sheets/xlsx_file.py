"""Sheets of law cases as a workbook: every cell is text, so that no spreadsheet makes anything else of it."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from clearslate.errors import InputError
from clearslate.testing.sheets import layout
from clearslate.testing.sheets.cells import BLANK, MOST_BYTES, Cell, unprotected
from clearslate.testing.sheets.csv_file import without_check
from clearslate.testing.sheets.explained import column_rows, preface
from clearslate.testing.sheets.layout import CASE, FILE, ID, ROW_IS
from clearslate.testing.sheets.rows import Row, Sheet

CASES, READ_ME = "cases", "read me"
_TEXT = "@"
_PLAIN_FORMATS = frozenset(["General", _TEXT, "0"])
_WIDTHS = {FILE: 18, ROW_IS: 12, ID: 8, "name": 48, "source": 32, "story": 32, "statute": 34, "sentence": 28}
_USUAL_WIDTH = 16
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_DAY = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
_MOST_ROWS = 1_048_576
_SPELLED = re.compile(r"_x([0-9A-Fa-f]{4})_")

MOST_CELLS = 4_000_000
"""The most cells that are looked at, blank ones included."""


# Written ------------------------------------------------------------------------------------------------


def as_xlsx(sheet: Sheet) -> bytes:
    """The sheet as a workbook with a page that explains it; the same sheet gives the same bytes."""
    book = Workbook()
    book.properties.creator = "clearslate"
    book.properties.created = book.properties.modified = _DAY
    page: Any = book.active
    page.title = CASES
    at = sheet.header.index(ROW_IS)
    rows = [(row.cells[at].text == CASE, [cell.text for cell in row.cells]) for row in sheet.rows]
    _write(page, [(False, sheet.header), *rows], heading=1)
    _laid_out(page, sheet)
    about = book.create_sheet(READ_ME)
    lines = preface()
    _write(
        about,
        [*((False, [line]) for line in lines), *((False, row) for row in column_rows(sheet.header))],
        heading=len(lines) + 1,
    )
    for letter, width in zip("ABCD", (28, 34, 70, 50), strict=True):
        about.column_dimensions[letter].width = width
    return _same_every_day(book)


def _write(page: Worksheet, rows: Sequence[tuple[bool, Sequence[str]]], *, heading: int) -> None:
    """Fill a page with text; a row may be shaded, and the heading's is bold."""
    styles: dict[tuple[bool, bool, bool], Any] = {}
    for number, (shaded, row) in enumerate(rows, 1):
        look = (shaded, number == heading, number >= heading)
        for place, text in enumerate(row, 1):
            cell: Any = page.cell(number, place)
            if look not in styles:
                styles[look] = _styled(cell, *look)
            # Asking the library for the same style anew takes longer than all the rest.
            cell._style = styles[look]
            if text:
                cell.value = text
                # What begins with an equals sign is text too.
                cell.data_type = "s"


def _styled(cell: Any, shaded: bool, bold: bool, folded: bool) -> Any:
    cell.number_format = _TEXT
    if shaded:
        cell.fill = PatternFill("solid", fgColor="EEF3F8")
    if bold:
        cell.font = Font(bold=True)
    if folded:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell._style


def _laid_out(page: Worksheet, sheet: Sheet) -> None:
    """Widths, what stays in view, and the choices of columns that have a few."""
    page.freeze_panes = f"{get_column_letter(sheet.header.index(ID) + 2)}2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.header))}{len(sheet.rows) + 1}"
    kinds = {column.label: column for column in layout.columns({})}
    for place, label in enumerate(sheet.header, 1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = _WIDTHS.get(label, _USUAL_WIDTH)
        # A cell that somebody fills in below is text as well.
        page.column_dimensions[letter].number_format = _TEXT
        words = list(layout.layout().rows) if label == ROW_IS else []
        for field in kinds[label].fields.values() if label in kinds else ():
            words += [word for word in field.kind.words if word not in words]
        if words:
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=False)
            choice.add(f"{letter}2:{letter}{_MOST_ROWS}")
            page.add_data_validation(choice)


def _same_every_day(book: Workbook) -> bytes:
    """The workbook's bytes without the clock that the library puts into them."""
    made, again = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{_DAY.isoformat()}Z".encode(), data)
            new.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return again.getvalue()


# Read ---------------------------------------------------------------------------------------------------


def read_xlsx(name: str, data: bytes) -> Sheet:
    """The sheet of cases of a workbook; raise InputError for one that is none, or that would unpack without end."""
    try:
        _check_size(name, data)
        with warnings.catch_warnings():
            # The library warns of what it does not keep, such as a picture; nothing but cells is wanted.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True)
            title = _title(name, book.sheetnames)
            page: Any = book[title]
            page.reset_dimensions()
            rows = list(_rows(name, page))
    except InputError:
        raise
    except Exception as error:
        # The library answers a damaged workbook with exceptions of every kind.
        raise InputError(
            f"[{name}] is no workbook that can be read; save it anew as [Excel workbook (.xlsx)]"
        ) from error
    where = f"{name}, {title}"
    if not rows:
        raise InputError(f"sheet [{where}] is empty; write the columns' names in its first row")
    return without_check(Sheet(where, [cell.text for cell in rows[0].cells], rows[1:]))


def _check_size(name: str, data: bytes) -> None:
    too_large = InputError(f"[{name}] is too large for a sheet of law cases; keep to {MOST_BYTES >> 20} MB unpacked")
    if len(data) > MOST_BYTES:
        raise too_large
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > 1000 or sum(part.file_size for part in parts) > MOST_BYTES:
            raise too_large
        for part in parts:
            # No spreadsheet declares entities, with which a small text can stand for a huge one.
            if part.filename.endswith((".xml", ".rels")) and _declares(archive.read(part)):
                raise InputError(f"[{name}] declares what no workbook does; save it anew")


def _declares(data: bytes) -> bool:
    plain = data.replace(b"\0", b"")
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _title(name: str, titles: Sequence[str]) -> str:
    for title in titles:
        if title.strip().lower() == CASES:
            return title
    others = [title for title in titles if title.strip().lower() != READ_ME]
    if len(others) != 1:
        raise InputError(f"[{name}] has no sheet [{CASES}]; give the sheet with the cases that name")
    return others[0]


def _rows(name: str, page: Any) -> Iterator[Row]:
    seen = 0
    for number, cells in enumerate(page.iter_rows(), 1):
        seen += len(cells) + 1
        if seen > MOST_CELLS:
            raise InputError(f"[{name}] has too many cells for a sheet of law cases; delete what is not one")
        row = [_cell(cell) for cell in cells]
        while row and row[-1] == BLANK:
            row.pop()
        if row or number == 1:
            yield Row(number, row)


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return BLANK
    if cell.data_type == "f":
        return Cell("", problem="holds a formula; write what it comes to, as text")
    if cell.data_type == "e":
        return Cell("", problem=f"holds the error [{value}]; write it anew, as text")
    if isinstance(value, bool):
        return Cell("true" if value else "false", "truth")
    if isinstance(value, dt.datetime | dt.date):
        return _date(value, str(cell.number_format))
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if not isinstance(value, str):
        return Cell("", problem="holds a time; write it as text")
    text = value.replace("_x000D_\n", "\n").replace("\r\n", "\n").strip()
    if _SPELLED.search(text):
        return Cell("", problem="holds a character that cannot be shown; write it anew")
    text = unprotected(text)
    return Cell(text) if text else BLANK


def _date(value: dt.date, shown: str) -> Cell:
    """A day, where the cell shows a whole one: what is shown as a month was not written as its first day."""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown.lower())
    whole = all(letter in shown for letter in "dmy")
    if isinstance(value, dt.datetime):
        whole = whole and value.time() == dt.time()
        value = value.date()
    if not whole:
        return Cell("", problem="the spreadsheet made a date of it; format the cell as text and write it anew")
    return Cell(value.isoformat(), "date")


def _number(value: int | float, shown: str) -> Cell:
    """A number as its cell shows it; where that cannot be told, the cell is refused."""
    text = f"{value:.15g}"
    if shown not in _PLAIN_FORMATS or (isinstance(value, float) and float(text) != value) or "e" in text:
        return Cell("", problem="the spreadsheet made a number of it; format the cell as text and write it anew")
    if isinstance(value, float) and not value.is_integer() and shown == "0":
        return Cell(
            "", problem="the spreadsheet shows a number that it rounds; format the cell as text and write it anew"
        )
    return Cell(text, "number")
