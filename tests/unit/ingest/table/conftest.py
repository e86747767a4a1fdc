"""An invented roll of Oz, with a mapping that can be changed for a test."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from clearslate.assess.decide import decisions
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.reader import MappingFile
from clearslate.ingest.table.mapping import TableMapping, parse_mapping
from clearslate.ingest.table.reader import TableReader
from clearslate.model import Person
from clearslate.testing.oz import OZ

AS_OF = dt.date(2020, 1, 1)

COLUMNS = (
    "ID", "SID", "NAME", "DOB", "SEX", "RACE", "CASE", "CHARGE", "STATUTE", "OFFENSE", "GRADE", "COMMITTED", "ARRESTED",
    "DISPOSED", "DISPOSITION", "COUNTY", "DAYS", "JARS", "MARKET",
)  # fmt: skip

MAPPING = """
[person]
id = "ID"
identifier = "SID"
name = "NAME"
born = "DOB"
sex = "SEX"
race = "RACE"

[charge]
key = ["CASE", "CHARGE"]
case_number = "CASE"
statute = "STATUTE"
offense = "OFFENSE"
grade = "GRADE"
committed = "COMMITTED"
arrested = "ARRESTED"
disposed = "DISPOSED"
disposition = "DISPOSITION"
county = "COUNTY"
sentence = { length = "DAYS", unit = { value = "day" }, kind = { value = "JAIL" } }

[dates]
formats = ["%m/%d/%Y", "%Y-%m-%d", "%m/%Y", "%Y"]

[values.grade]
F = "felony"
M = "misdemeanor"

[values.disposition]
GUILTY = "convicted"
"NOT GUILTY" = "not convicted"
OPEN = "pending"

[facts.jars]
column = "JARS"
kind = "number"

[facts.in_market]
column = "MARKET"
kind = "yes_no"
"""


@dataclass
class Roll:
    """Writes rolls into a folder and reads them."""

    folder: Path
    columns: tuple[str, ...] = COLUMNS
    body: str = MAPPING
    top: Mapping[str, str] = field(default_factory=dict)

    def toml(self, **top: str) -> str:
        """The text of the mapping; ``top`` are keys before its tables, as TOML writes them."""
        keys = {"id": '"oz_roll"', "title": '"Roll of Oz, invented"', "columns": repr(list(self.columns))} | top
        return "".join(f"{key} = {value}\n" for key, value in keys.items()) + self.body

    def mapping(self, *, instead: Mapping[str, str] | None = None, more: str = "", **top: str) -> TableMapping:
        """The mapping, with texts of it replaced by others."""
        text = self.toml(**top) + more
        for old, new in (instead or {}).items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        return parse_mapping(MappingFile("oz.toml", text))

    def reader(self, mapping: TableMapping | None = None, chunk: int = 1 << 20) -> TableReader:
        return TableReader(self.mapping() if mapping is None else mapping, OZ, chunk=chunk)

    def row(self, person: str = "P1", **cells: str) -> dict[str, str]:
        """A row with everything said; ``cells`` are by lower-case column name."""
        said = {
            "ID": person, "SID": f"S-{person}", "NAME": "ZYXQUELL, ORLA", "DOB": "02/13/1961", "SEX": "F",
            "RACE": "GREEN", "CASE": "C-1", "CHARGE": "1", "STATUTE": "100 ZZ", "OFFENSE": "MAKING MOONSHINE",
            "GRADE": "F", "COMMITTED": "04/30/2010", "ARRESTED": "05/01/2010", "DISPOSED": "06/01/2010",
            "DISPOSITION": "GUILTY", "COUNTY": "Oz", "DAYS": "30", "JARS": "4", "MARKET": "no",
        }  # fmt: skip
        return said | {name.upper(): cell for name, cell in cells.items()}

    def cells(self, rows: Iterable[Mapping[str, str]]) -> list[list[str]]:
        return [[row[column] for column in self.columns] for row in rows]

    def text(self, *rows: Mapping[str, str], delimiter: str = ",", ending: str = "\n") -> str:
        sink = io.StringIO()
        writer = csv.writer(sink, delimiter=delimiter, lineterminator=ending)
        writer.writerow(self.columns)
        writer.writerows(self.cells(rows))
        return sink.getvalue()

    def file(self, *rows: Mapping[str, str], name: str = "roll.csv", delimiter: str = ",") -> Path:
        return self.raw(self.text(*rows, delimiter=delimiter).encode(), name)

    def raw(self, content: bytes, name: str = "roll.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def book(self, rows: Sequence[Sequence[Any]], name: str = "roll.xlsx", sheet: str = "Roll") -> Path:
        """A workbook of one sheet, with the header above the rows."""
        made = Workbook(write_only=True)
        page = made.create_sheet(sheet)
        page.append(list(self.columns))
        for row in rows:
            page.append(list(row))
        made.save(self.folder / name)
        return self.folder / name

    def open(self, *paths: Path, mapping: TableMapping | None = None, chunk: int = 1 << 20) -> DelimitedReading:
        return self.reader(mapping, chunk).open(paths)

    def people(self, *rows: Mapping[str, str], mapping: TableMapping | None = None) -> list[Person]:
        """The persons of a roll with these rows."""
        reading = self.open(self.file(*rows), mapping=mapping)
        assert not reading.rejects
        return [person for block in reading.blocks() for person in block.persons(lambda _: True)]

    def person(self, *rows: Mapping[str, str], mapping: TableMapping | None = None) -> Person:
        (person,) = self.people(*rows, mapping=mapping)
        return person

    def decided(self, reading: DelimitedReading) -> list[tuple[Any, ...]]:
        """What the law of Oz decides, charge by charge."""
        policy = OZ.bind(OZ.find("statute"))
        return [
            (one.person.person_id, one.count.place, str(one.count.statute), one.count.grade, one.count.disposed,
             tuple(sorted(one.count.facts.items())), one.count.sentence, one.person.birth_date, one.count.flags,
             one.determination.decision, one.determination.rule)
            for _, found in decisions(reading, policy, AS_OF, None)
            for one in found
        ]  # fmt: skip


@pytest.fixture
def roll(tmp_path: Path) -> Roll:
    return Roll(tmp_path)
