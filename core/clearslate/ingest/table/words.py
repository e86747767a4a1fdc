"""What single cells of a table mean, whatever column they stand in."""

from __future__ import annotations

import re
from typing import Literal

from clearslate.model.sentence import Unit

FILLERS = frozenset(
    {
        "null", "none", "nil", "n/a", "na", "unknown", "unk", "#", "?", "nan", "nat", "<na>",
        "#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!",
    }
)  # fmt: skip
"""Cells that mean nothing, beside blank ones and rows of dashes."""

UNITS: dict[str, Unit] = {
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("m", "mo", "mos", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
NO_TIME = frozenset({"fine", "fines", "fee", "fees", "restitution", "costs", "court costs"})
"""Kinds of sentence that take no time."""

YES_NO: dict[str, Literal["yes", "no"]] = {
    **dict.fromkeys(("yes", "y", "true", "t", "1"), "yes"),
    **dict.fromkeys(("no", "n", "false", "f", "0"), "no"),
}

_SEPARATORS = re.compile(r"[\s_-]+")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
_LENGTH = re.compile(r"([0-9]{1,6})(?:\.0+)? *([a-z]*)\.?")


def plain(text: str) -> str:
    """A word without letter case and with single spaces, by which words of a mapping and cells are compared."""
    return " ".join(text.casefold().split())


def plain_column(name: str) -> str:
    """A column's name without letter case, and with one sign for whatever stands between its words."""
    return _SEPARATORS.sub("_", name.strip().upper())


def is_filler(text: str) -> bool:
    """Whether a cell means nothing."""
    cell = text.strip()
    return not cell.strip("-. ") or cell.casefold() in FILLERS


def number(text: str) -> int | float | None:
    """A number that is not below nothing, in digits with at most a decimal point; None for any other text."""
    cell = text.strip()
    if _NUMBER.fullmatch(cell) is None:
        return None
    value = float(cell)
    return int(value) if value.is_integer() else value


def length(text: str) -> tuple[int, str | None] | None:
    """A length of time in whole numbers, and the word behind it if there is one; None for any other text."""
    match = _LENGTH.fullmatch(text.strip().lower())
    return None if match is None else (int(match[1]), match[2] or None)
