"""Law cases as the rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from clearslate.errors import PolicyError
from clearslate.testing.cases import LawCase
from clearslate.testing.sheets import layout
from clearslate.testing.sheets.cells import BLANK, LONGEST, Cell
from clearslate.testing.sheets.layout import CASE, FILE, ID, ROW_IS, Field
from clearslate.testing.sheets.plain import plain


class Row(NamedTuple):
    """A row and its number as the spreadsheet counts, from 1 with the header."""

    number: int
    cells: Sequence[Cell]


class Sheet(NamedTuple):
    """A sheet: what it is called in messages, its header, and its rows."""

    name: str
    header: Sequence[str]
    rows: Sequence[Row]


def to_sheet(cases: Sequence[LawCase]) -> Sheet:
    """The cases as a sheet: a row for each case, and one for each further count, registration, and so on."""
    made = layout.layout()
    keys: dict[str, dict[str, None]] = {label: {} for label in layout.families()}
    tables: list[dict[str, Cell]] = []
    for case in cases:
        for cells in _rows_of(case, made):
            for label in cells:
                family = next((one for one in keys if label.startswith(one)), None)
                if family is not None:
                    keys[family][label.removeprefix(family)] = None
            tables.append(cells)
    header = [column.label for column in layout.columns(keys)]
    rows = [Row(n, [cells.get(label, BLANK) for label in header]) for n, cells in enumerate(tables, 2)]
    return Sheet("", header, rows)


def _rows_of(case: LawCase, made: layout.Layout) -> Iterator[dict[str, Cell]]:
    data = plain(case.entry)
    firsts = at(data, made.first.path)
    yield _row(case, CASE, None, _cells(made.case.fields, data) | _cells(made.first.fields, firsts[0]))
    for one in firsts[1:]:
        yield _row(case, made.first.name, None, _cells(made.first.fields, one))
    for kind in made.others:
        entries = at(data, kind.path) or ()
        for one in entries:
            if kind.key is None:
                yield _row(case, kind.name, None, _cells(kind.fields, one))
            else:
                yield _row(case, kind.name, (kind.key, one), _cells(kind.fields, entries[one]))


def _row(case: LawCase, name: str, key: tuple[str, str] | None, cells: dict[str, Cell]) -> dict[str, Cell]:
    head = {FILE: layout.WORDS.cell(case.file), ROW_IS: Cell(name), ID: layout.WORDS.cell(case.id)}
    made = {**cells, **head, **({} if key is None else {key[0]: layout.WORDS.cell(key[1])})}
    for label, cell in made.items():
        if len(cell.text) > LONGEST:
            raise PolicyError(
                f"case file [{case.file}]: case [{case.id}]: [{label}] is longer than the {LONGEST:,} characters that "
                "a spreadsheet's cell holds; shorten it"
            )
    return made


def _cells(fields: Sequence[Field], data: Mapping[str, Any]) -> dict[str, Cell]:
    cells = {}
    for one in fields:
        value = at(data, one.path)
        if value is None:
            continue
        if one.family:
            cells.update({one.label + key: one.kind.cell(inner) for key, inner in value.items()})
        else:
            cells[one.label] = one.kind.cell(value)
    return cells


def at(data: Any, path: Sequence[str]) -> Any:
    """What the keys lead to; None where they lead nowhere."""
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data
