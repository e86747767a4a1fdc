"""The rows of one sheet of a workbook, as a table has them: text, whatever a cell is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from openpyxl.utils.datetime import from_excel

from clearslate.ingest.table.parts import Names, NotReadError, stream

SheetRow = tuple[int, dict[int, str]]
"""The number of a row, from 1, and what its cells hold by the number of the column, from 1, blank ones left out."""

MOST_ROWS = 1 << 20
"""Rows of a sheet, of which no program makes more."""

MOST_COLUMNS = 1 << 14
_LONGEST_CELL = 1 << 20
_MOST_STRINGS = 8 << 20
_COLUMN = re.compile(r"[A-Z]{1,3}")
_DIGITS = "0123456789"
_EXACT = 10**15
_PIECE = 1 << 20


def strings_of(part: IO[bytes]) -> list[str]:
    """The texts that cells refer to by number, without what is only there to be spoken. Raises NotReadError."""
    found: list[str] = []
    held: list[str] = []
    names = Names()
    size = depth = spoken = 0

    def begin(name: str, _: Mapping[str, str]) -> None:
        nonlocal size, depth, spoken
        name = names[name]
        if name == "si":
            held.clear()
            size = 0
        elif name == "rPh":
            spoken += 1
        elif name == "t":
            depth += 1

    def end(name: str) -> None:
        nonlocal depth, spoken
        name = names[name]
        if name == "si":
            found.append("".join(held))
            if len(found) > _MOST_STRINGS:
                raise NotReadError("has more texts than can be read; ask for it as CSV")
        elif name == "rPh":
            spoken -= 1
        elif name == "t":
            depth -= 1

    def text(data: str) -> None:
        nonlocal size
        if depth and not spoken:
            size += len(data)
            if size > _LONGEST_CELL:
                raise NotReadError("has a cell that is too long; ask for it as CSV")
            held.append(data)

    for _ in stream(part, begin, end, text):
        pass
    return found


class Styles:
    """How the cells of each style are shown, as far as it changes what they say.

    ``dates`` and ``spans`` are the numbers of the styles of dates and of lengths of time, ``zeros`` how many digits a
    style has at least; ``epoch`` is the first day.
    """

    def __init__(self, dates: frozenset[int], spans: frozenset[int], zeros: Mapping[int, int], epoch: Any) -> None:
        self.dates = dates
        self.spans = spans
        self.zeros = zeros
        self.epoch = epoch

    def shown(self, value: str, style: int) -> str:
        """A number as text: a date as ISO writes it, whole numbers without a point, with the zeros that are shown."""
        try:
            number = int(value) if value.lstrip("-").isdigit() else float(value)
        except ValueError:
            return value
        if style in self.dates:
            try:
                return _day(from_excel(number, self.epoch, timedelta=style in self.spans))
            except (ArithmeticError, ValueError, TypeError):
                # Out of the calendar: it stays a number, and so no date that can be read.
                pass
        if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT:
            number = int(number)
        text = str(number)
        return text.zfill(self.zeros[style]) if style in self.zeros and isinstance(number, int) else text


def _day(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return str(value)


class _Letters(dict[str, int]):
    """The numbers of columns by their letters, found once for each; 0 for what is no column."""

    def __missing__(self, letters: str) -> int:
        number = 0
        if _COLUMN.fullmatch(letters):
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            self[letters] = number
        return number


class Sheet:
    """Reads the rows of a sheet one after the other."""

    def __init__(self, part: IO[bytes], strings: Sequence[str], styles: Styles) -> None:
        self._part = part
        self._strings = strings
        self._styles = styles
        self._ready: list[SheetRow] = []
        self._row = 0
        self._column = 0
        self._cells: dict[int, str] = {}
        self._kind = self._style = ""
        self._text: list[str] = []
        self._size = 0
        self._collects = self._spoken = False
        self._in_rows = False
        self._ended = False
        self._names = Names()
        self._letters = _Letters()

    def rows(self) -> Iterator[SheetRow]:
        """Each row that holds anything. Raises NotReadError."""
        for _ in stream(self._part, self._begin, self._end, self._data):
            yield from self._ready
            self._ready.clear()
            if self._ended:
                break
        # What stands behind the rows is how they look; whether all arrived whole is known at its end.
        while self._part.read(_PIECE):
            pass

    def _begin(self, name: str, found: Mapping[str, str]) -> None:
        name = self._names[name]
        if not self._in_rows:
            self._in_rows = name == "sheetData" and not self._ended
        elif name == "c":
            place = found.get("r")
            column = self._column + 1 if place is None else self._letters[place.rstrip(_DIGITS)]
            if not 0 < column <= MOST_COLUMNS:
                raise NotReadError("has a cell in no column of a sheet; ask for it as CSV")
            self._column = column
            self._kind, self._style = found.get("t", "n"), found.get("s", "")
            self._text.clear()
            self._size = 0
        elif name in ("v", "t"):
            self._collects = not self._spoken
        elif name == "row":
            row = int(found.get("r", self._row + 1))
            if row <= self._row:
                raise NotReadError("has rows that are not in order; open it in a spreadsheet program and save it again")
            if row > MOST_ROWS:
                raise NotReadError("has more rows than a sheet has; ask for it as CSV")
            self._row, self._column = row, 0
            self._cells.clear()
        elif name == "rPh":
            self._spoken = True

    def _data(self, data: str) -> None:
        if self._collects:
            self._size += len(data)
            if self._size > _LONGEST_CELL:
                raise NotReadError("has a cell that is too long; ask for it as CSV")
            self._text.append(data)

    def _end(self, name: str) -> None:
        name = self._names[name]
        if not self._in_rows:
            return
        if name == "c":
            if self._text:
                self._cells[self._column] = self._said("".join(self._text))
        elif name in ("v", "t"):
            self._collects = False
        elif name == "row":
            said = {column: cell for column, cell in self._cells.items() if cell.strip()}
            if said:
                self._ready.append((self._row, said))
        elif name == "rPh":
            self._spoken = False
        elif name == "sheetData":
            self._in_rows, self._ended = False, True

    def _said(self, value: str) -> str:
        kind = self._kind
        if kind == "s":
            return self._strings[int(value)]
        if kind == "n":
            return self._styles.shown(value, int(self._style or 0))
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind == "d":
            return value.removesuffix("Z").removesuffix("T00:00:00").removesuffix("T00:00:00.000")
        return value
