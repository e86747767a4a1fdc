"""Lists as CSV: a row for each entry, written in pieces, and tied to how many were to be in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from clearslate.errors import LedgerError
from clearslate.filing.entry import Entry
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder

_PIECE = 500


class Numbered(NamedTuple):
    """An entry with its line in a list, from 1."""

    number: int
    entry: Entry


def numbered(entries: Iterable[Entry], first: int = 1) -> list[Numbered]:
    """The entries with their lines."""
    return [Numbered(number, entry) for number, entry in enumerate(entries, first)]


class Field(NamedTuple):
    """A column of a list, and what it says of an entry."""

    name: str
    of: Callable[[Numbered], str]


def write_list(folder: Folder, name: str, fields: Sequence[Field], lines: Sequence[Numbered]) -> None:
    """Write a list of entries. Raises OutputError, LedgerError."""
    write_rows(folder, name, [one.name for one in fields], ([one.of(line) for one in fields] for line in lines))
    if folder.files[name].rows != len(lines):
        raise LedgerError(f"[{name}] has {folder.files[name].rows} rows where {len(lines)} go; report it")


def write_rows(folder: Folder, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write any rows under their columns. Raises OutputError."""
    file = folder.create(name)
    file.write(header_line(columns))
    piece: list[str] = []
    for row in rows:
        piece.append(line(row))
        if len(piece) == _PIECE:
            file.write(encoded("".join(piece)), len(piece))
            piece = []
    file.write(encoded("".join(piece)), len(piece))
    file.close()
