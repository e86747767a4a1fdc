"""The layout of an update as a court's system takes it, how its records are spelled, and how they are read back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from clearslate.errors import UsageError, did_you_mean
from clearslate.filing.meanings import MEANINGS, Subject, Value, is_date
from clearslate.filing.tomlfile import Line, parse, read_text
from clearslate.ingest.cells import neutral, unneutral
from clearslate.model import PartialDate, Section
from clearslate.policy.load import base_name
from clearslate.policy.schema import Entry, Identifier

KIND = "layout file"

_CODECS = {
    "utf-8": "utf-8",
    "ascii": "ascii",
    "windows-1252": "cp1252",
    "iso-8859-1": "iso8859-1",
    "ebcdic": "cp037",
}
_SEPARATORS = {"lf": "\n", "crlf": "\r\n", "none": ""}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_DATE_PARTS = re.compile(r"YYYY|MM|DD")

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}(\.[A-Za-z0-9]{1,8})?$")]


class ColumnEntry(Entry):
    """One column: where its value comes from, and how it is spelled.

    Exactly one of ``source`` (a meaning, written ``from``), ``cell`` (a column of the source) and ``text`` says what
    stands in it. ``width`` is exact in a file of fixed width, and the most anywhere else. ``values`` gives a code for
    each value; one that it lacks is an error.
    """

    name: Line
    source: str | None = Field(default=None, alias="from")
    cell: Line | None = None
    text: Line | None = None
    width: Annotated[int, Field(ge=1, le=10_000)] | None = None
    align: Literal["left", "right"] = "left"
    pad: Annotated[str, StringConstraints(min_length=1, max_length=1)] = " "
    required: bool = False
    date_format: Line | None = None
    values: dict[Line, Line] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> ColumnEntry:
        if sum(said is not None for said in (self.source, self.cell, self.text)) != 1:
            raise ValueError("takes one of from (a meaning), cell (a column of the source) and text")
        if self.source is not None and self.source not in MEANINGS:
            raise ValueError(f"from: no meaning [{self.source}]{did_you_mean(self.source, MEANINGS)}")
        if self.date_format is not None:
            if not self.is_date:
                raise ValueError("date_format belongs to a meaning that is a date")
            check_date_format(self.date_format)
        if self.values and self.is_date:
            raise ValueError("a date has no table of values")
        codes = list(self.values.values())
        for code in codes:
            if codes.count(code) > 1:
                raise ValueError(f"values: [{code}] stands for two values, so that it could not be read back")
        if not self.pad.isprintable():
            raise ValueError("pad is one sign that prints")
        return self

    @property
    def is_date(self) -> bool:
        """Whether its values are dates."""
        return self.source is not None and is_date(self.source)


class LayoutFile(Entry):
    """A whole layout: the format, its signs, and the columns in order."""

    title: Line
    file: FileName
    format: Literal["csv", "fixed_width", "json"]
    encoding: Literal["utf-8", "ascii", "windows-1252", "iso-8859-1", "ebcdic"] = "utf-8"
    record_separator: Literal["lf", "crlf", "none"] = "lf"
    header: bool = True
    delimiter: Literal["comma", "semicolon", "tab", "pipe"] = "comma"
    date_format: Line = "YYYY-MM-DD"
    partial_dates: Literal["refuse", "zeros"] = "refuse"
    columns: list[ColumnEntry] = Field(min_length=1)
    new_sections: dict[Identifier, dict[Line, Line]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _agree(self) -> LayoutFile:
        check_date_format(self.date_format)
        names = [column.name for column in self.columns]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"columns: [{name}] stands twice; name each once")
        if self.format == "fixed_width":
            self._fixed()
        elif self.record_separator == "none":
            raise ValueError("record_separator is none only in a file of fixed width")
        if self.format == "json" and self.encoding not in ("utf-8", "ascii"):
            raise ValueError("encoding: JSON is written in utf-8, or in ascii")
        for relief, table in self.new_sections.items():
            for old in table:
                try:
                    Section.from_citation(old)
                except ValueError as error:
                    raise ValueError(f"new_sections.{relief}: {error}") from error
        return self

    def _fixed(self) -> None:
        if self.encoding == "utf-8":
            raise ValueError("encoding: a file of fixed width takes one of one byte a character, such as ascii")
        for column in self.columns:
            if column.width is None:
                raise ValueError(f"columns.{column.name} needs a width, because the file is of fixed width")

    def format_of(self, column: ColumnEntry) -> str:
        """How the column writes dates."""
        return column.date_format or self.date_format


def check_date_format(text: str) -> None:
    """Raise ValueError for a form of dates that does not say year, month and day once each."""
    signs = _DATE_PARTS.sub("", text)
    if sorted(_DATE_PARTS.findall(text)) != ["DD", "MM", "YYYY"] or any(sign.isalnum() for sign in signs):
        raise ValueError(f"date format [{text}] takes YYYY, MM and DD once each, and signs, such as MM/DD/YYYY")


def date_in(form: str, when: PartialDate) -> str:
    """A date in a form such as MM/DD/YYYY, with zeros for what is not known."""
    parts = {"YYYY": f"{when.year:04d}", "MM": f"{when.month or 0:02d}", "DD": f"{when.day or 0:02d}"}
    return _DATE_PARTS.sub(lambda match: parts[match[0]], form)


def read_layout(path: Path) -> Layout:
    """Read and check a layout file. Raises UsageError naming file and key."""
    return parse_layout(read_text(path, KIND), base_name(str(path)))


def parse_layout(text: str, name: str = "layout.toml") -> Layout:
    """Check the text of a layout file. Raises UsageError naming file and key."""
    return Layout(name, parse(LayoutFile, text, name, KIND))


def example_layout() -> str:
    """A layout of fixed width for the invented state of Oz, with comments; it passes its own check."""
    return resources.files("clearslate.filing").joinpath("data/court_update.toml").read_text("utf-8")


class UnfitError(Exception):
    """Why one value cannot be written; it holds nothing of the value."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as it was read; ``name`` is its file's."""

    name: str
    file: LayoutFile

    def values(self, subject: Subject) -> list[Value]:
        """What an entry has for each column. Raises UsageError for a column of the source that is not there."""
        found: list[Value] = []
        for column in self.file.columns:
            if column.source is not None:
                found.append(MEANINGS[column.source].of(subject))
            elif column.cell is not None:
                if column.cell not in subject.entry.cells:
                    hint = did_you_mean(column.cell, subject.entry.cells)
                    raise self.wrong(column, f"the source has no column [{column.cell}]{hint}")
                found.append(subject.entry.cells[column.cell].strip())
            else:
                found.append(column.text or "")
        return found

    def wrong(self, column: ColumnEntry, what: str, row: int | None = None) -> UsageError:
        """An error of this layout at a column, and a row of the file where there is one."""
        where = "" if row is None else f", row [{row}]"
        return UsageError(f"{KIND} [{self.name}]{where}, column [{column.name}]: {what}")

    def record(self, values: Sequence[Value], row: int) -> bytes:
        """One record as it is written. Raises UsageError naming row and column; nothing is ever cut."""
        texts = []
        for column, value in zip(self.file.columns, values, strict=True):
            try:
                texts.append(self._text(column, value))
            except UnfitError as error:
                raise self.wrong(column, str(error), row) from None
        return self._joined(texts)

    def _text(self, column: ColumnEntry, value: Value) -> str:
        """The value as the column spells it."""
        if column.required and value == "":
            raise UnfitError("is blank, and the layout requires it")
        text = self._spelled(column, value)
        if self.file.format == "csv":
            text = neutral(text)
        elif self.file.format == "fixed_width" and any(ord(sign) < 32 or ord(sign) == 127 for sign in text):
            raise UnfitError("holds a line break or another sign that does not print; the record must be looked at")
        try:
            # JSON in ASCII spells any character, but for half of a pair.
            text.encode("utf-8" if self.file.format == "json" else _CODECS[self.file.encoding])
        except UnicodeEncodeError:
            raise UnfitError(
                f"holds a character that [{self.file.encoding}] does not have; choose another encoding"
            ) from None
        width = column.width
        if width is not None and len(text) > width:
            raise UnfitError(f"has {len(text)} characters where {width} fit; widen it, or see what the court takes")
        if self.file.format == "fixed_width" and width is not None:
            padded = text.ljust(width, column.pad) if column.align == "left" else text.rjust(width, column.pad)
            if _unpadded(column, padded) != text:
                raise UnfitError(
                    f"touches the pad sign [{column.pad}], so that it could not be read back; choose another pad"
                )
            return padded
        return text

    def _spelled(self, column: ColumnEntry, value: Value) -> str:
        if isinstance(value, PartialDate):
            if not value.exact and self.file.partial_dates == "refuse":
                raise UnfitError(
                    'is a date of which only a part is known; look it up, or allow partial_dates = "zeros"'
                )
            return date_in(self.file.format_of(column), value)
        if column.values and value != "":
            if value not in column.values:
                # A value of a closed vocabulary may be named; text of a record may not.
                named = f" [{value}]" if column.source in _NAMED else ""
                raise UnfitError(f"has a value{named} that its table of values lacks; add it")
            return column.values[value]
        return value

    def _joined(self, texts: Sequence[str]) -> bytes:
        file = self.file
        if file.format == "json":
            record = dict(zip([column.name for column in file.columns], texts, strict=True))
            return json.dumps(record, ensure_ascii=file.encoding == "ascii").encode(_CODECS[file.encoding])
        if file.format == "csv":
            body = _DELIMITERS[file.delimiter].join([_quoted(text, _DELIMITERS[file.delimiter]) for text in texts])
        else:
            body = "".join(texts)
        return (body + _SEPARATORS[file.record_separator]).encode(_CODECS[file.encoding])

    @property
    def opening(self) -> bytes:
        """What stands before the first record."""
        if self.file.format == "json":
            return b"["
        if self.file.format == "csv" and self.file.header:
            try:
                return self._joined([column.name for column in self.file.columns])
            except UnicodeEncodeError:
                raise UsageError(
                    f"{KIND} [{self.name}]: the name of a column has a character that [{self.file.encoding}] lacks"
                ) from None
        return b""

    @property
    def between(self) -> bytes:
        """What stands between two records."""
        return b"," + _SEPARATORS[self.file.record_separator].encode() if self.file.format == "json" else b""

    @property
    def closing(self) -> bytes:
        """What stands behind the last record."""
        return b"]" + _SEPARATORS[self.file.record_separator].encode() if self.file.format == "json" else b""

    def read_back(self, data: bytes) -> list[list[Value]]:
        """The values of each record of a file written by this layout. Raises UsageError where it is another."""
        try:
            return [self._values_of(cells) for cells in self._cells(data.decode(_CODECS[self.file.encoding]))]
        except (ValueError, csv.Error) as error:
            raise UsageError(f"a file is not as {KIND} [{self.name}] says; look at it with its layout") from error

    def _cells(self, text: str) -> Iterable[list[str]]:
        file = self.file
        names = [column.name for column in file.columns]
        if file.format == "json":
            for record in json.loads(text):
                if list(record) != names:
                    raise ValueError
                yield list(record.values())
        elif file.format == "csv":
            delimiter = _DELIMITERS[file.delimiter]
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            if file.header and next(rows, None) != names:
                raise ValueError
            for row in rows:
                # A row of one blank cell is a blank line, which a reader takes for no cell at all.
                yield [unneutral(cell) for cell in row] or [""]
        else:
            yield from self._fixed(text)

    def _fixed(self, text: str) -> Iterable[list[str]]:
        separator = _SEPARATORS[self.file.record_separator]
        widths = [column.width or 0 for column in self.file.columns]
        size = sum(widths) + len(separator)
        if len(text) % size:
            raise ValueError
        for start in range(0, len(text), size):
            record = text[start : start + size]
            if not record.endswith(separator):
                raise ValueError
            cells, at = [], 0
            for column, width in zip(self.file.columns, widths, strict=True):
                cells.append(_unpadded(column, record[at : at + width]))
                at += width
            yield cells

    def _values_of(self, cells: Sequence[str]) -> list[Value]:
        values: list[Value] = []
        for column, cell in zip(self.file.columns, cells, strict=True):
            meant = {code: value for value, code in column.values.items()}
            if column.is_date and cell:
                values.append(_read_date(cell, self.file.format_of(column)))
            else:
                values.append(meant[cell] if meant and cell else cell)
        return values


_NAMED = frozenset({"relief", "relief_title", "leaves", "grade", "new_grade", "class", "section", "statute"})


def _quoted(cell: str, delimiter: str) -> str:
    if delimiter in cell or any(sign in cell for sign in '"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _unpadded(column: ColumnEntry, padded: str) -> str:
    return padded.rstrip(column.pad) if column.align == "left" else padded.lstrip(column.pad)


def _read_date(text: str, form: str) -> PartialDate:
    """The date that a text in this form states; raises ValueError for any other."""
    pattern = _DATE_PARTS.sub(lambda match: f"(?P<{match[0]}>[0-9]{{{len(match[0])}}})", re.escape(form))
    match = re.fullmatch(pattern, text)
    if match is None:
        raise ValueError("is no date of that form")
    return PartialDate(int(match["YYYY"]), int(match["MM"]) or None, int(match["DD"]) or None)


def codes_for(reliefs: Iterable[str], layout: Layout) -> Mapping[str, tuple[str, ...]]:
    """For each column that gives codes to reliefs, the reliefs that it has none for."""
    wanted = list(reliefs)
    return {
        column.name: tuple(relief for relief in wanted if relief not in column.values)
        for column in layout.file.columns
        if column.source == "relief" and column.values
    }
