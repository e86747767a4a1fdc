"""The columns and the rows of a sheet of law cases, made from the schema of a case so that they hold all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, get_origin

from clearslate.testing.cases import CaseEntry
from clearslate.testing.sheets.kinds import Kind, kind_of
from clearslate.testing.sheets.plain import bare, inside, is_model, key_of

FILE, ROW_IS, ID = "file", "row is", "id"
CASE, EXPECT = "case", "expect"
WORDS = Kind()
_FAMILIES = {"facts": "fact"}


class Field(NamedTuple):
    """A value of a row: its column, the keys that lead to it from the row's own table, and its kind.

    Of a ``family`` the column is only the beginning, and each key of the table has a column: ``fact: grams``.
    """

    label: str
    path: tuple[str, ...]
    kind: Kind
    family: bool = False


class RowKind(NamedTuple):
    """What one row is of a case: the case with the first of its counts, or one entry of a list or table of it.

    ``path`` leads from the case to the list or table; ``key`` is the column of the entry's key in a table.
    """

    name: str
    path: tuple[str, ...]
    model: Any
    fields: tuple[Field, ...]
    key: str | None = None


class Layout(NamedTuple):
    """The kinds of rows: the case's own, the one whose first entry stands in the case's row, and the others."""

    case: RowKind
    first: RowKind
    others: tuple[RowKind, ...]

    @property
    def rows(self) -> dict[str, RowKind]:
        """Every kind of row by its name."""
        return {kind.name: kind for kind in (self.case, self.first, *self.others)}

    def fields(self, name: str) -> tuple[Field, ...]:
        """What a row of this kind holds."""
        kind = self.rows[name]
        return kind.fields + (self.first.fields if kind is self.case else ())


class Column(NamedTuple):
    """A column: its name, and for each kind of row that has a value in it the field."""

    label: str
    fields: Mapping[str, Field]


@cache
def layout() -> Layout:
    """The layout of the schema of a case."""
    found: list[RowKind] = []
    own = tuple(_walk(CaseEntry, (), "", found))
    (first,) = (kind for kind in found if _is_required(kind.path))
    others = [_relabelled(kind, own, first) for kind in found if kind is not first]
    return Layout(RowKind(CASE, (), CaseEntry, own), first, tuple(others))


def _walk(model: Any, path: tuple[str, ...], group: str, found: list[RowKind]) -> Iterable[Field]:
    """The fields of a table and of the tables in it; lists of tables, and tables of them, go to ``found``."""
    for name, field in model.model_fields.items():
        key = key_of(name, field)
        kind, here = bare(field.annotation), (*path, key)
        label = f"{group}: {key}" if group else key
        if is_model(kind):
            yield from _walk(kind, here, key, found)
        elif is_model(inside(kind)):
            one = key.removesuffix("s")
            fields = tuple(_walk(inside(kind), (), "", []))
            found.append(RowKind(one, here, inside(kind), fields, one if get_origin(kind) is dict else None))
        elif get_origin(kind) is dict:
            yield Field(f"{_FAMILIES.get(key, key)}: ", here, kind_of(inside(kind)), family=True)
        else:
            yield Field(label, here, kind_of(field.annotation))


def _is_required(path: tuple[str, ...]) -> bool:
    model: Any = CaseEntry
    for key in path[:-1]:
        model = bare(model.model_fields[key].annotation)
    return bool(model.model_fields[path[-1]].is_required())


def _relabelled(kind: RowKind, own: tuple[Field, ...], first: RowKind) -> RowKind:
    """The kind with its values in columns that there are, where one means the same, else in columns of its own."""
    group = kind.path[0]
    there = {field.label for field in (first.fields if first.path[:1] == kind.path[:1] else own)}
    fields = []
    for field in kind.fields:
        shared = [label for label in (field.label, f"{group}: {field.label}") if label in there]
        fields.append(field._replace(label=shared[0] if shared else f"{kind.name}: {field.label}"))
    return kind._replace(fields=tuple(fields))


def columns(families: Mapping[str, Iterable[str]]) -> list[Column]:
    """Every column in order; ``families`` gives, for each family's beginning, the keys that the cases have."""
    made = layout()
    known = [field for field in made.case.fields if field.path[0] != EXPECT]
    wanted = [field for field in made.case.fields if field.path[0] == EXPECT]
    groups: list[tuple[str, Iterable[Field]]] = [(CASE, known), (CASE, made.first.fields)]
    groups.append((made.first.name, made.first.fields))
    groups += [(kind.name, kind.fields) for kind in made.others if kind.path[0] != EXPECT]
    groups += [(kind.name, (Field(kind.key, (), Kind()),)) for kind in made.others if kind.key is not None]
    groups.append((CASE, wanted))
    groups += [(kind.name, kind.fields) for kind in made.others if kind.path[0] == EXPECT]
    ordered: dict[str, dict[str, Field]] = {FILE: {}, ROW_IS: {}}
    for name, fields in groups:
        for field in fields:
            labels = [field.label + key for key in families.get(field.label, ())] if field.family else [field.label]
            for label in labels:
                ordered.setdefault(label, {})[name] = field
    return [Column(label, found) for label, found in ordered.items()]


def families() -> tuple[str, ...]:
    """The beginnings of the columns of which there is one for each key."""
    made = layout()
    return tuple(field.label for field in (*made.case.fields, *made.first.fields) if field.family)
