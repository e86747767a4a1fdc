"""A mapping proposed for a table: what its columns may be, and what to check before it is believed.

Nothing personal is shown: the names of columns, forms of dates, and such words of coded columns as are words of the
law. Whatever else stands in a cell is named by its row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

from clearslate.ingest.table.dates import UNREADABLE, DateForm
from clearslate.ingest.table.guesses import DISPOSITIONS, GRADES, guessed, may_be_shown, plain_name
from clearslate.ingest.table.sample import Sample, SeenColumn, look
from clearslate.ingest.table.words import plain

_SHOWN_ROWS = 5
_CODED = 60
"""Distinct words above which a column holds no codes."""

_FORMS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%m-%d-%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%m%d%Y",
    "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
    "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S %p", "%d/%m/%Y %H:%M", "%m/%d/%y", "%d/%m/%y", "%d-%b-%y",
    "%Y-%m", "%m/%Y", "%Y",
)  # fmt: skip
"""Forms that are tried, in the order of their number of dates among the proposed where several fit."""


def propose(name: str, handle: BinaryIO, sheet: str | None = None) -> str:
    """The text of a mapping file for a table. Raises InputError where the table cannot be read, or has no header."""
    return _Proposal(look(name, handle, sheet)).text()


class _Proposal:
    """Writes the mapping of one table."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._guessed = guessed([column.name for column in sample.columns])
        for column in sample.columns:
            # A column that is called CHARGE and holds small numbers counts them.
            if plain_name(column.name) == "charge" and column.rows and all(map(_is_ordinal, column.rows)):
                if self._guessed.get("charge.offense") == column.name:
                    del self._guessed["charge.offense"]
                self._guessed.setdefault("charge.key", column.name)

    def text(self) -> str:
        """The mapping file."""
        return "\n".join([*self._top(), *self._person(), *self._charge(), *self._dates(), *self._values(), ""])

    def _top(self) -> Iterator[str]:
        stem = re.sub(r"[^a-z0-9]+", "_", PurePath(self._sample.name).stem.lower()).strip("_")
        # A file may be called by somebody's name, and the id is written everywhere.
        yield "# A mapping proposed from the names of the columns and the form of the cells. It is a guess: check every"
        yield "# line, ask whoever made the file, and have it looked at again:"
        yield "#   clearslate doctor --format table --mapping THIS.toml FILE"
        yield ""
        yield f'id = "{"table" if not may_be_shown(stem.replace("_", " ")) else _id(stem)}"'
        yield 'title = "…"  # what the table is, and who made it'
        if self._sample.sheet is not None:
            yield f"sheet = {_quoted(self._sample.sheet)}"
        if self._sample.delimiter != "comma":
            yield f'delimiter = "{self._sample.delimiter}"'
        if self._sample.encoding != "utf-8":
            yield f'encoding = "{self._sample.encoding}"'
        if self._sample.header_row != 1:
            yield f"header_row = {self._sample.header_row}"
        yield "columns = ["
        for column in self._sample.columns:
            yield f"  {_quoted(column.name)},"
        yield "]"

    def _key(self, key: str, hint: str, *, needed: bool = False) -> str:
        name = key.rpartition(".")[2]
        column = self._guessed.get(key)
        if column is not None:
            return f"{name} = {_quoted(column)}"
        return f'{"" if needed else "# "}{name} = "…"  # {hint}'

    def _person(self) -> Iterator[str]:
        yield "\n[person]"
        yield self._key("person.id", "needed: which column tells persons apart", needed=True)
        parts = [self._guessed.get(f"person.name.{part}") for part in ("last", "first", "middle")]
        split = [part for part in parts if part is not None]
        if "person.name" not in self._guessed and split:
            yield f"name = [{', '.join(map(_quoted, split))}]"
        else:
            yield self._key("person.name", "the name, for the output only")
        yield self._key("person.born", "the birth date")
        yield self._key("person.identifier", "a second identifier, such as the state's number")
        yield self._key("person.sex", "for the statistics only")
        yield self._key("person.race", "for the statistics only")
        yield self._key("person.deceased", "yes where the person has died")

    def _charge(self) -> Iterator[str]:
        yield "\n[charge]"
        yield "# Without a key each row is a charge of its own; with one, rows of the same key are one charge."
        case, key = self._guessed.get("charge.case_number"), self._guessed.get("charge.key")
        if key is not None:
            both = [case, key] if case is not None else [key]
            yield f"key = [{', '.join(map(_quoted, both))}]  # check that together they tell a person's charges apart"
        else:
            yield '# key = ["…"]'
        yield self._key("charge.case_number", "the court's case number")
        yield self._key("charge.statute", "needed: the section of law, or a list of columns to join", needed=True)
        yield self._key("charge.offense", "the offense in words")
        yield self._key("charge.grade", "felony, misdemeanor or infraction: of the conviction, not of the arrest")
        yield self._key("charge.class", "the class within the grade, where the law has classes")
        yield self._key("charge.committed", "the day of the offense")
        yield self._key("charge.arrested", "the day of the arrest")
        yield self._key("charge.disposed", "the day of the conviction, or whatever ended the charge")
        if "charge.disposition" in self._guessed:
            yield self._key("charge.disposition", "")
        else:
            yield 'disposition = "…"  # needed: how it ended; { value = "convicted" } if all rows are convictions'
        yield self._key("charge.county", 'the county, or { value = "NAME" } if all rows are of one')
        yield self._key("charge.agency", "the court")
        sentence = self._guessed.get("charge.sentence")
        if sentence is None:
            yield '# sentence = { length = "…", unit = { value = "day" }, kind = { value = "JAIL" } }'
        else:
            unit = next((unit for unit in ("day", "month", "year") if unit in sentence.lower()), None)
            said = "" if unit is None else f', unit = {{ value = "{unit}" }}'
            yield f"sentence = {{ length = {_quoted(sentence)}{said} }}  # check the unit; a blank cell is unknown"

    def _column(self, key: str) -> SeenColumn | None:
        name = self._guessed.get(key)
        return next((column for column in self._sample.columns if column.name == name), None)

    def _dates(self) -> Iterator[str]:
        keys = ("person.born", "charge.committed", "charge.arrested", "charge.disposed")
        columns = [column for key in keys if (column := self._column(key)) is not None]
        if not columns:
            return
        looks = {column.name: _forms_of(column) for column in columns}
        forms = dict.fromkeys(form for look in looks.values() for form in look.forms)
        yield "\n[dates]"
        yield from (f"# CHECK {name}: {note}" for name, look in looks.items() for note in look.notes)
        settled = {form for look in looks.values() for form in look.forms if form not in look.open}
        turned = {form for form in forms if form not in settled and _turned(form) not in settled}
        # What one column settles is not settled for another: whoever made the file may have mixed two.
        apart = {name: look for name, look in looks.items() if any(_turned(form) in forms for form in look.forms)}
        shared = [form for form in forms if not any(form in look.forms for look in apart.values())] or list(forms)
        if turned:
            yield "# Which of the two is meant? Take the sign away from one of them."
            yield f"# formats = {_list(shared)}"
            yield f"# formats = {_list([str(_turned(form)) if form in turned else form for form in shared])}"
        else:
            yield f"formats = {_list(shared)}"
        if any("%y" in form for form in forms):
            yield "pivot = 30  # check: two-digit years below it are of 2000, others of 1900"
        if apart:
            yield "[dates.columns]"
            for name, look in apart.items():
                yield f"{_quoted(name)} = {_list(look.forms)}"

    def _values(self) -> Iterator[str]:
        yield "\n[values]"
        yield 'unlisted = "unknown"  # or "reject": a row with a word that no table lists decides nothing'
        for key, meanings in (("charge.grade", GRADES), ("charge.disposition", DISPOSITIONS)):
            column = self._column(key)
            if column is not None:
                yield from _table_of(key.rpartition(".")[2], column, meanings)


class _Look(NamedTuple):
    """The forms that a column's dates have, those of which day and month cannot be told apart, and what to check."""

    forms: list[str]
    open: set[str]
    notes: list[str]


def _forms_of(column: SeenColumn) -> _Look:
    """The fewest forms that read most of a column's dates."""
    forms = [DateForm.of(form) for form in _FORMS]
    left = dict(column.rows)
    look = _Look([], set(), [])
    while left:
        reads = [(sum(_reads(form, cell) for cell in left), -place, form) for place, form in enumerate(forms)]
        most, _, best = max(reads, key=lambda one: one[:2])
        if not most:
            break
        look.forms.append(best.text)
        other = _turned(best.text)
        if other is not None and all(_reads(DateForm.of(other), cell) for cell in left if _reads(best, cell)):
            look.open.add(best.text)
            look.notes.append(f"no date tells whether {best.text} or {other} is meant, for no day is above 12")
        left = {cell: row for cell, row in left.items() if not _reads(best, cell)}
        forms = [form for form in forms if form.text not in (best.text, other)]
    if left:
        rows = ", ".join(str(row) for row in sorted(left.values())[:_SHOWN_ROWS])
        look.notes.append(f"what is not understood as a date stands in {len(left):,} forms, first in rows {rows}")
    return look


def _turned(form: str) -> str | None:
    """The form with day and month in each other's place; None where the day cannot be taken for the month."""
    if "%m" not in form or "%d" not in form or form.startswith("%Y"):
        return None
    return form.replace("%m", "%_").replace("%d", "%m").replace("%_", "%d")


def _reads(form: DateForm, cell: str) -> bool:
    return form.number(cell, 30) not in (None, UNREADABLE)


def _table_of(name: str, column: SeenColumn, meanings: Mapping[str, str]) -> Iterator[str]:
    """The table for a coded column: words that mean one thing, and where the others stand."""
    yield f"\n[values.{name}]"
    if column.full or len(column.rows) > _CODED:
        yield f"# CHECK {column.name}: it has too many different words to be a column of codes"
        return
    hidden: list[int] = []
    seen: set[str] = set()
    for word, count in column.counts.most_common():
        if plain(word) in seen:
            continue
        seen.add(plain(word))
        meaning = meanings.get(" ".join(re.findall(r"[a-z]+", plain(word))))
        if meaning is not None and (plain(word) in meanings or may_be_shown(word)):
            yield f"{_quoted(word)} = {_quoted(meaning)}  # {_count(count, 'row')}"
        elif may_be_shown(word):
            yield f'# {_quoted(word)} = "…"  # {_count(count, "row")}: a lawyer says what it means'
        else:
            hidden.append(column.rows[word])
    if hidden:
        rows = ", ".join(str(row) for row in sorted(hidden)[:_SHOWN_ROWS])
        yield f"# CHECK {column.name}: not shown, as they may be somebody's: {_count(len(hidden), 'word')}"
        yield f"# {column.name} has them first in rows {rows}"


def _is_ordinal(cell: str) -> bool:
    return cell.isdigit() and len(cell) < 4


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _id(stem: str) -> str:
    return stem if stem[:1].isalpha() else f"table_{stem}"


def _quoted(text: str) -> str:
    # A basic string of TOML is one of JSON, but for the character 7F.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
