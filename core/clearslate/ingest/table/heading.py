"""The names over the columns of a file, held against those of the mapping."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.errors import InputError, did_you_mean
from clearslate.ingest.table.words import plain_column

_NAMED = 5
"""How many columns a message names."""


def named(cells: Sequence[str]) -> list[str]:
    """The names of columns, each once: a blank one is called by its place, and a second of one name gets a number."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(cells, 1):
        own = " ".join(cell.split()) or f"column {place}"
        name, times = own, 1
        while plain_column(name) in taken:
            times += 1
            name = f"{own} {times}"
        names.append(name)
        taken.add(plain_column(name))
    return names


def trimmed(cells: Sequence[str], least: int = 0) -> list[str]:
    """The cells without blank ones at the end, down to ``least`` of them."""
    kept = len(cells)
    while kept > least and not cells[kept - 1].strip():
        kept -= 1
    return list(cells[:kept])


def check_heading(name: str, cells: Sequence[str], columns: Sequence[str], row: int) -> None:
    """Raise InputError unless the cells of a header name the mapping's columns, all of them and in their order.

    Where most of them do not, they may be no header, and a message shows none of them.
    """
    found = named(trimmed(cells, len(columns)))
    place = {plain_column(column): at for at, column in enumerate(columns)}
    known = [one for one in found if plain_column(one) in place]
    if 2 * len(known) < len(columns):
        raise InputError(
            f"[{name}] has {len(known)} of the {len(columns)} columns of the mapping in the header of row {row}; "
            "check the file, and header_row, sheet and delimiter of the mapping, or propose a new one: "
            "clearslate doctor --format table"
        )
    names = {plain_column(one) for one in found}
    lacking = [column for column in columns if plain_column(column) not in names]
    unlisted = [one for one in found if plain_column(one) not in place]
    if lacking:
        raise InputError(
            f"[{name}] lacks {_columns(lacking)} of the mapping{did_you_mean(lacking[0], unlisted or found)}"
            "; correct columns in the mapping, or ask for the whole file"
        )
    if unlisted:
        raise InputError(
            f"[{name}] has {_columns(unlisted)}, which the mapping does not list"
            f"{did_you_mean(unlisted[0], columns)}; add it to columns in its place"
        )
    for at, one in enumerate(found):
        if place[plain_column(one)] != at:
            raise InputError(
                f"[{name}] has column [{one}] in place {at + 1}, where the mapping has it in place "
                f"{place[plain_column(one)] + 1}; list columns in the order of the file"
            )


def _columns(names: Sequence[str]) -> str:
    shown = ", ".join(f"[{one[:60]}]" for one in names[:_NAMED])
    more = len(names) - _NAMED
    what = "column" if len(names) == 1 else "columns"
    return f"{what} {shown}" + (f" and {more} more" if more > 0 else "")
