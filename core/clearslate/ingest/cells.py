"""Cells as text: which of them a spreadsheet would run as a formula, and how a cell is written."""

from __future__ import annotations

import re

_OPENERS = frozenset("=+@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What a formula begins with, full-width forms included; the hyphen is judged apart."""

_NEGATIVE_NUMBER = re.compile(r"-(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')


def _is_formula(cell: str) -> bool:
    body = cell.lstrip(' "')
    if not body:
        return False
    if body[0] != "-":
        return body[0] in _OPENERS
    body = body.rstrip(' "')
    # A row of dashes is a filler, and a plain negative number computes to itself.
    return bool(body.strip("- ")) and _NEGATIVE_NUMBER.fullmatch(body) is None


def neutral(cell: str) -> str:
    """The cell as a spreadsheet may see it: an apostrophe before whatever it would run.

    A cell that already has apostrophes before a formula gets one more, so that
    :func:`unneutral` always gives the cell back.
    """
    return f"'{cell}" if _is_formula(cell.lstrip("'")) else cell


def unneutral(cell: str) -> str:
    """The cell that :func:`neutral` was given."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell.lstrip("'")) else cell


def quoted(cell: str) -> str:
    """The cell as it stands in a CSV row, in quotes where it needs them."""
    if _NEEDS_QUOTES.search(cell) is None:
        return cell
    return '"' + cell.replace('"', '""') + '"'


def as_row(cells: list[str]) -> str:
    """A CSV row of the cells, without a line ending."""
    return ",".join([quoted(cell) for cell in cells])
