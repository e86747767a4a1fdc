"""A mapping file as it was read and checked, and what its tables mean."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from clearslate.errors import UsageError, did_you_mean
from clearslate.ingest.reader import MappingFile
from clearslate.ingest.table import words
from clearslate.ingest.table.dates import DateForms
from clearslate.ingest.table.schema import MappingTable
from clearslate.policy.load import base_name, explain
from clearslate.policy.schema import ReformFile

LARGEST = 1 << 20
"""Bytes above which a file is no mapping."""


@dataclass(frozen=True, slots=True, repr=False)
class TableMapping:
    """A mapping with its date forms ready; ``file`` is what it was read from."""

    table: MappingTable
    file: MappingFile
    dates: Mapping[str, DateForms] = field(default_factory=dict)
    blanks: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Its id, which tells the tables in a vault apart."""
        return self.table.id

    def is_blank(self, cell: str) -> bool:
        """Whether a cell says nothing."""
        return words.is_filler(cell) or (bool(self.blanks) and words.plain(cell) in self.blanks)

    def is_nobody(self, cell: str) -> bool:
        """Whether a cell that should name somebody names nobody."""
        return self.is_blank(cell) or not cell.strip(" 0xX-")


def read_mapping(path: Path) -> TableMapping:
    """Read and check a mapping file. Raises UsageError naming file and key."""
    name = base_name(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"mapping file [{name}] cannot be read; check the path, and that it is text") from error
    if len(data) > LARGEST:
        raise UsageError(f"mapping file [{name}] is too large to be one; name a file in TOML")
    return parse_mapping(MappingFile(name, text.replace("\r\n", "\n")))


def parse_mapping(file: MappingFile) -> TableMapping:
    """Check the text of a mapping file. Raises UsageError naming file and key."""
    try:
        data = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"mapping file [{file.name}] is not TOML: {error}; correct that line") from error
    try:
        table = MappingTable.model_validate(data)
    except ValidationError as error:
        raise UsageError(f"mapping file [{file.name}]: {explain(error, MappingTable, data)}") from error
    return _Check(table, file).checked()


class _Check:
    """What no schema says: the columns are there, the dates can be told apart, the words mean one thing each."""

    def __init__(self, table: MappingTable, file: MappingFile) -> None:
        self._table = table
        self._file = file

    def checked(self) -> TableMapping:
        """The mapping. Raises UsageError."""
        table = self._table
        self._columns()
        self._values()
        blanks = frozenset(words.plain(word) for word in table.values.blank)
        bare = TableMapping(table, self._file, {}, blanks)
        return TableMapping(table, self._file, self._dates(bare.is_blank), blanks)

    def _wrong(self, key: str, message: str) -> UsageError:
        return UsageError(f"mapping file [{self._file.name}]: key [{key}]: {message}")

    def _columns(self) -> None:
        columns = self._table.columns
        same = [words.plain_column(column) for column in columns]
        for at, name in enumerate(same):
            if not name or name in same[:at]:
                raise self._wrong("columns", f"column [{columns[at]}] is blank or stands twice; name each once")
        for key, column in self._table.named():
            if column not in columns:
                raise self._wrong(key, f"no column [{column}] among columns{did_you_mean(column, columns)}")
        person = self._table.person
        if person.identifier == person.id:
            raise self._wrong("person.identifier", "is the column of person.id; leave it out where there is no other")

    def _dates(self, is_blank: Callable[[str], bool]) -> dict[str, DateForms]:
        dated, dates = self._table.dated(), self._table.dates
        for key, column in dated.items():
            if dates is None:
                raise self._wrong(key, f"[{column}] holds dates; say how they are written: [dates] formats = […]")
        if dates is None:
            return {}
        for column in dates.columns:
            if column not in dated.values():
                raise self._wrong("dates.columns", f"[{column}] is the column of no date{did_you_mean(column, dated)}")
        forms: dict[str, DateForms] = {}
        made: dict[tuple[str, ...], DateForms] = {}
        for column in dict.fromkeys(dated.values()):
            own = dates.columns.get(column)
            texts = tuple(own or dates.formats)
            try:
                if texts not in made:
                    made[texts] = DateForms(texts, dates.pivot, is_blank)
                forms[column] = made[texts]
            except ValueError as error:
                key = "dates.formats" if own is None else f"dates.columns.{column}"
                raise self._wrong(key, str(error)) from None
        return forms

    def _values(self) -> None:
        table, values = self._table, self._table.values
        charge, person = table.charge, table.person
        mapped = {
            "grade": charge.grade,
            "class": charge.offense_class,
            "disposition": charge.disposition,
            "ended": charge.ended,
            "county": charge.county,
            "relieved": charge.relieved,
            "deceased": person.deceased,
        }
        tables: dict[str, dict[str, Any]] = {
            name: getattr(values, "offense_class" if name == "class" else name) for name in (*mapped, "unit", "yes_no")
        }
        for name, found in tables.items():
            if found and name in mapped and mapped[name] is None:
                where = "person" if name == "deceased" else "charge"
                raise self._wrong(f"values.{name}", f"speaks of nothing, because [{where}] names no {name} column")
            seen: dict[str, str] = {}
            for word, meaning in found.items():
                if seen.setdefault(words.plain(word), meaning) != meaning:
                    raise self._wrong(f"values.{name}", f"[{word}] stands twice and means two things; keep one")
        if charge.relieved is not None and not values.relieved:
            raise self._wrong("charge.relieved", "its words need a table: [values.relieved] WORD = meaning")


def check_facts(mapping: TableMapping, reform: ReformFile, others: Mapping[str, ReformFile]) -> None:
    """Raise UsageError where the mapping gives a fact that no reform asks for, or asks for in another kind."""
    for name, one in mapping.table.facts.items():
        entry = reform.facts.get(name)
        if entry is None and not any(name in other.facts for other in others.values()):
            hint = did_you_mean(name, reform.facts) or "; the reform asks for none"
            raise UsageError(
                f"mapping file [{mapping.file.name}]: key [facts.{name}]: reform [{reform.id}] asks for no such "
                f"fact{hint}"
            )
        if entry is not None and entry.answer != one.kind:
            raise UsageError(
                f"mapping file [{mapping.file.name}]: key [facts.{name}.kind]: reform [{reform.id}] takes "
                f"[{entry.answer}]; write that, if the column holds it"
            )
