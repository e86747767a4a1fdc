"""Law cases from the rows of a sheet, and what is wrong with those that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import ValidationError

from clearslate.errors import PolicyError, did_you_mean
from clearslate.testing.cases import CaseEntry, LawCase
from clearslate.testing.sheets import layout
from clearslate.testing.sheets.cells import BLANK, Cell
from clearslate.testing.sheets.kinds import Choice
from clearslate.testing.sheets.layout import CASE, FILE, ID, ROW_IS, WORDS, Column, Field, RowKind
from clearslate.testing.sheets.names import file_name
from clearslate.testing.sheets.rows import Row, Sheet, at

_PATTERNS = {
    "^[a-z]": "takes lower case, digits and underscores, and begins with a letter",
    "^[A-Z]": "takes capitals, digits and underscores, and begins with a letter",
}
_COLON = re.compile(r" ?: ?")
_MOST_PLACES = 10

Path = tuple[str | int, ...]


class Fault(NamedTuple):
    """What is wrong, and where: the column is None where it is of the whole row."""

    row: int
    column: str | None
    message: str

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"row [{self.row}]" if self.column is None else f"row [{self.row}] column [{self.column}]"


@dataclass(slots=True)
class _Draft:
    """One case as its rows are read: its values, and the row and column that each stands in."""

    file: str
    id: str
    row: int
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, tuple[int, str | None]] = field(default_factory=dict)
    broken: bool = False

    def put(self, path: Path, value: Any, row: int, column: str | None) -> None:
        """Put a value in its place, making the tables and lists that lead to it."""
        self.places[path] = (row, column)
        here: Any = self.data
        for key, following in pairwise(path):
            if isinstance(here, list):
                here = here[int(key)]
            else:
                here = here.setdefault(key, [] if isinstance(following, int) else {})
        if isinstance(here, list):
            here.append(value)
        else:
            here[path[-1]] = value


def from_sheet(sheet: Sheet) -> list[LawCase]:
    """The cases of a sheet in its order; raise PolicyError naming row, column and what is expected."""
    reader = _Reader(_columns(sheet))
    for row in sheet.rows:
        reader.read(row)
    cases = reader.cases()
    if reader.faults:
        first, *others = sorted(reader.faults, key=lambda fault: fault.row)
        places = ", ".join(dict.fromkeys(fault.place for fault in others[:_MOST_PLACES]))
        more = f"; further faults in {places}{' and more' * (len(others) > _MOST_PLACES)}" if others else ""
        raise PolicyError(f"sheet [{sheet.name}]: {first.place}: {first.message}{more}")
    if not cases:
        raise PolicyError(f"sheet [{sheet.name}] has no law case; write one in a row that is [{CASE}]")
    return cases


def _columns(sheet: Sheet) -> list[Column | None]:
    """The column under each heading, None under a blank one."""
    known = {column.label: column for column in layout.columns({})}
    found: list[Column | None] = []
    for heading in sheet.header:
        label = _COLON.sub(": ", " ".join(heading.lower().split()))
        family = next((one for one in layout.families() if label.startswith(one)), None)
        if family is not None:
            made = layout.columns({family: [label.removeprefix(family)]})
            found.append(next(column for column in made if column.label == label))
        elif label and label not in known:
            raise PolicyError(f"sheet [{sheet.name}]: no column [{heading}]{did_you_mean(label, known)}")
        else:
            found.append(known.get(label))
    labels = [column.label for column in found if column is not None]
    for label in (ROW_IS, ID):
        if label not in labels:
            raise PolicyError(f"sheet [{sheet.name}] has no column [{label}] in its first row; add it")
    for label in labels:
        if labels.count(label) > 1:
            raise PolicyError(f"sheet [{sheet.name}]: column [{label}] stands twice; remove one")
    return found


class _Reader:
    """Reads rows one after the other; what is wrong with them it gathers in ``faults``."""

    def __init__(self, columns: Sequence[Column | None]) -> None:
        self.columns = columns
        self.layout = layout.layout()
        self.head = {FILE: WORDS, ROW_IS: Choice(list(self.layout.rows)), ID: WORDS}
        self.drafts: list[_Draft] = []
        self.faults: list[Fault] = []
        self.fields = {
            name: {c.label: c.fields[name] for c in columns if c is not None and name in c.fields}
            for name in self.layout.rows
        }

    def read(self, row: Row) -> None:
        """Take a row into its case; one without any value is nothing."""
        cells = self._said(row)
        if not cells:
            return
        head = {label: self._head(row.number, label, cells.pop(label, BLANK)) for label in self.head}
        name = head[ROW_IS]
        if not name:
            if name is not None:
                self._fault(row.number, ROW_IS, f"says what the row is: {', '.join(self.layout.rows)}")
            return
        kind = self.layout.rows[name]
        draft = self._opened(row.number, head) if not kind.path else self._continued(row.number, name, head)
        if draft is None:
            return
        base = self._base(draft, kind, row.number, cells)
        for label, cell in cells.items():
            one = self.fields[name].get(label)
            if one is None:
                takes = ", ".join(self.fields[name])
                self._fault(row.number, label, f"is not for a row that is [{name}], which takes: {takes}", draft)
            elif kind is self.layout.case and one in self.layout.first.fields:
                self._value(draft, (*self.layout.first.path, 0), one, row.number, label, cell)
            else:
                self._value(draft, base, one, row.number, label, cell)

    def cases(self) -> list[LawCase]:
        """The cases of all rows read; of those that are wrong there are faults."""
        made = []
        rows: dict[str, int] = {}
        for draft in self.drafts:
            first = rows.setdefault(draft.id, draft.row)
            if draft.id and first != draft.row:
                self._fault(draft.row, ID, f"[{draft.id}] is the id of row [{first}] too; give one another")
            entry = None if draft.broken else self._checked(draft)
            if entry is not None:
                made.append(LawCase(draft.file, entry))
        return made

    def _fault(self, row: int, column: str | None, message: str, draft: _Draft | None = None) -> None:
        self.faults.append(Fault(row, column, message))
        if draft is not None:
            draft.broken = True

    def _said(self, row: Row) -> dict[str, Cell]:
        """The cells that are not blank, by column."""
        cells: dict[str, Cell] = {}
        for place, cell in enumerate(row.cells):
            column = self.columns[place] if place < len(self.columns) else None
            if cell == BLANK:
                continue
            if column is None:
                self._fault(row.number, None, f"cell [{place + 1}] stands under no heading; give its column one")
            else:
                cells[column.label] = cell
        return cells

    def _head(self, row: int, label: str, cell: Cell) -> str | None:
        """What the row says of itself, empty where it says nothing; None for a fault."""
        if cell == BLANK:
            return ""
        try:
            return str(self.head[label].value(cell))
        except ValueError as error:
            self._fault(row, label, str(error))
            return None

    def _opened(self, row: int, head: Mapping[str, str | None]) -> _Draft:
        """A case of its own; a blank file is that of the case above."""
        file = head[FILE]
        if file == "" and self.drafts:
            file = self.drafts[-1].file
        draft = _Draft(file or "", head[ID] or "", row)
        self.drafts.append(draft)
        draft.places[()] = (row, None)
        draft.put((ID,), draft.id, row, ID)
        # A case has a count even where its row says nothing of it, so that what is missing is named.
        draft.put((*self.layout.first.path, 0), {}, row, None)
        try:
            if file is not None:
                file_name(file)
        except ValueError as error:
            self._fault(row, FILE, str(error))
        if head[ID] == "":
            self._fault(row, ID, "is missing; a case has an id that no other case has", draft)
        return draft

    def _continued(self, row: int, name: str, head: Mapping[str, str | None]) -> _Draft | None:
        """The case above, whose id and file a further row repeats or leaves blank; None where it does neither."""
        if not self.drafts:
            self._fault(row, ROW_IS, f"a row that is [{name}] stands below the row of its case")
            return None
        draft = self.drafts[-1]
        for label, own in ((ID, draft.id), (FILE, draft.file)):
            said = head[label]
            if said not in ("", None, own):
                message = f"stands below case [{draft.id}] and says [{said}]; keep the rows of a case together"
                self._fault(row, label, message, draft)
                return None
        return draft

    def _base(self, draft: _Draft, kind: RowKind, row: int, cells: dict[str, Cell]) -> Path:
        """Where the row's values go: into the case itself, or into a new entry of a list or table of it."""
        if not kind.path:
            return ()
        there = at(draft.data, kind.path) or ()
        key: str | int = len(there)
        if kind.key is not None:
            try:
                key = str(WORDS.value(cells.pop(kind.key, BLANK)))
            except ValueError as error:
                self._fault(row, kind.key, str(error), draft)
                return (*kind.path, "")
            if not key or key in there:
                self._fault(row, kind.key, f"names a {kind.name}, each once; [{key}] was given", draft)
        where = (*kind.path, key)
        draft.put(where, {}, row, None)
        return where

    def _value(self, draft: _Draft, base: Path, one: Field, row: int, label: str, cell: Cell) -> None:
        key = (label.removeprefix(one.label),) if one.family else ()
        try:
            draft.put((*base, *one.path, *key), one.kind.value(cell), row, label)
        except ValueError as error:
            self._fault(row, label, str(error), draft)

    def _checked(self, draft: _Draft) -> CaseEntry | None:
        """The case by its schema; None where it breaks it."""
        try:
            return CaseEntry.model_validate(draft.data)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                loc = tuple(part for part in one["loc"] if not str(part).startswith("function-"))
                row, column = self._nearest(draft, loc)
                message = one["msg"].removeprefix("Value error, ")
                if one["type"] == "missing":
                    column = next((label for label, path in self._paths(loc) if path == loc), None)
                    message = "is missing; fill it in"
                elif one["type"] == "string_pattern_mismatch":
                    wanted = next((words for begin, words in _PATTERNS.items() if begin in one["msg"]), message)
                    message = f"{wanted}; [{one['input']}] was given"
                self._fault(row, column, message, draft)
            return None

    @staticmethod
    def _nearest(draft: _Draft, loc: Path) -> tuple[int, str | None]:
        """The cell that a value stands in, or the row that it is of."""
        while loc not in draft.places:
            loc = loc[:-1]
        return draft.places[loc]

    def _paths(self, loc: Path) -> Iterator[tuple[str, Path]]:
        """The columns of the entry that a place is in, each with its own place."""
        for one in self.layout.case.fields:
            yield one.label, one.path
        for kind in (self.layout.first, *self.layout.others):
            depth = len(kind.path)
            if loc[:depth] == kind.path:
                for one in kind.fields:
                    yield one.label, (*loc[: depth + 1], *one.path)
