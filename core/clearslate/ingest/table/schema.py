"""The closed schema of a mapping file: what an analyst may say of a table, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from clearslate.policy.schema import Entry, Identifier, Text

Column = Annotated[str, StringConstraints(min_length=1)]


class Cells(Entry):
    """Where a fact stands: in one column, in several that are joined, or nowhere because it is the same everywhere.

    ``may_be_blank`` are those of several columns that often have nothing in them; where another is blank, the fact is
    unknown.
    """

    columns: list[Column] = Field(default_factory=list)
    joined_by: str = " "
    may_be_blank: list[Column] = Field(default_factory=list)
    value: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Cells:
        if bool(self.columns) == (self.value is not None):
            raise ValueError("takes columns, or a value that holds for every row, and one of the two")
        for name in self.may_be_blank:
            if name not in self.columns:
                raise ValueError(f"may_be_blank names [{name}], which is not among its columns")
        return self


def _as_cells(said: Any) -> Any:
    if isinstance(said, str):
        return {"columns": [said]}
    return {"columns": said} if isinstance(said, list) else said


def _in_columns(cells: Cells) -> Cells:
    if cells.value is not None:
        raise ValueError("takes columns of the file, and no value that holds for every row")
    return cells


def _in_one_column(cells: Cells) -> Cells:
    if len(cells.columns) > 1:
        raise ValueError("takes one column, or a value that holds for every row")
    return cells


InColumns = Annotated[Cells, BeforeValidator(_as_cells), AfterValidator(_in_columns)]
"""A column, or a list of columns."""

InOneColumn = Annotated[Cells, BeforeValidator(_as_cells), AfterValidator(_in_one_column)]
"""A column, or ``{ value = … }``."""


class PersonTable(Entry):
    """Which columns say whose row it is."""

    id: Column
    name: InColumns | None = None
    born: Column | None = None
    sex: Column | None = None
    race: Column | None = None
    identifier: Column | None = None
    deceased: Column | None = None


class SentenceTable(Entry):
    """One part of a sentence: its length, in a unit of its own or said behind the number, and its kind."""

    length: Column
    unit: InOneColumn | None = None
    kind: InOneColumn | None = None


def _as_parts(said: Any) -> Any:
    parts = said if isinstance(said, list) else [said]
    return [{"length": part} if isinstance(part, str) else part for part in parts]


class ChargeTable(Entry):
    """Which columns say what was charged and how it ended.

    ``key`` tells the charges of one person apart; where there is none, each row is a charge of its own.
    """

    key: InColumns | None = None
    case_number: InColumns | None = None
    statute: InColumns
    offense: InColumns | None = None
    grade: InOneColumn | None = None
    offense_class: InOneColumn | None = Field(default=None, alias="class")
    committed: Column | None = None
    arrested: Column | None = None
    disposed: Column | None = None
    disposition: InOneColumn
    ended: InOneColumn | None = None
    county: InOneColumn | None = None
    agency: InOneColumn | None = None
    relieved: Column | None = None
    sentence: Annotated[list[SentenceTable], BeforeValidator(_as_parts)] = Field(default_factory=list)


class DatesTable(Entry):
    """The forms that dates have; ``columns`` has those of columns that differ from the rest."""

    formats: list[Text] = Field(min_length=1)
    pivot: Annotated[int, Field(ge=0, le=100)] | None = None
    columns: dict[Column, list[Text]] = Field(default_factory=dict)


class ValuesTable(Entry):
    """What the words of a column mean. A cell with any other word is unknown, or its row is rejected."""

    blank: list[str] = Field(default_factory=list)
    unlisted: Literal["unknown", "reject"] = "unknown"
    grade: dict[Text, Literal["felony", "misdemeanor", "infraction"]] = Field(default_factory=dict)
    offense_class: dict[Text, Text] = Field(default_factory=dict, alias="class")
    disposition: dict[Text, Literal["convicted", "not convicted", "pending", "unknown"]] = Field(default_factory=dict)
    ended: dict[Text, Text] = Field(default_factory=dict)
    county: dict[Text, Text] = Field(default_factory=dict)
    relieved: dict[Text, Literal["none", "same_law", "vacated", "dismissed_after_probation", "reduced", "unclear"]] = (
        Field(default_factory=dict)
    )
    deceased: dict[Text, Literal["yes", "no"]] = Field(default_factory=dict)
    unit: dict[Text, Literal["day", "month", "year"]] = Field(default_factory=dict)
    yes_no: dict[Text, Literal["yes", "no"]] = Field(default_factory=dict)
    takes_no_time: list[Text] = Field(default_factory=list)


class FactColumn(Entry):
    """A column with a fact that the reform asks for."""

    column: Column
    kind: Literal["number", "yes_no"]


class MappingTable(Entry):
    """The whole mapping file; ``columns`` are all columns of the table, in their order."""

    id: Identifier
    title: Text
    sheet: Text | None = None
    delimiter: Literal["comma", "semicolon", "tab"] = "comma"
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    header_row: Annotated[int, Field(ge=1, le=100)] = 1
    columns: list[Column] = Field(min_length=2)
    person: PersonTable
    charge: ChargeTable
    dates: DatesTable | None = None
    values: ValuesTable = Field(default_factory=ValuesTable)
    facts: dict[Identifier, FactColumn] = Field(default_factory=dict)

    def named(self) -> Iterator[tuple[str, str]]:
        """Each column that is named anywhere, with the key that names it."""
        for table, entry in (("person", self.person), ("charge", self.charge)):
            for name, field in type(entry).model_fields.items():
                for key, column in _columns_of(f"{table}.{field.alias or name}", getattr(entry, name)):
                    yield key, column
        for fact, one in self.facts.items():
            yield f"facts.{fact}.column", one.column
        if self.dates is not None:
            for column in self.dates.columns:
                yield "dates.columns", column

    def dated(self) -> Mapping[str, str]:
        """The columns that hold dates, by the key that names them."""
        keys = {
            "person.born": self.person.born,
            "charge.committed": self.charge.committed,
            "charge.arrested": self.charge.arrested,
            "charge.disposed": self.charge.disposed,
        }
        return {key: column for key, column in keys.items() if column is not None}


def _columns_of(key: str, said: Any) -> Iterator[tuple[str, str]]:
    if isinstance(said, str):
        yield key, said
    elif isinstance(said, Cells):
        yield from ((key, column) for column in said.columns)
    elif isinstance(said, SentenceTable):
        for name in ("length", "unit", "kind"):
            yield from _columns_of(f"{key}.{name}", getattr(said, name))
    elif isinstance(said, list):
        for one in said:
            yield from _columns_of(key, one)
