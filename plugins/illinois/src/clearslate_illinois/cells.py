"""What single cells of the State's Attorney's exports mean, and which of them cannot stand where they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from clearslate.model import Grade
from clearslate.model.sentence import Unit
from clearslate_illinois.dates import UNREADABLE, day_number
from clearslate_illinois.outcomes import plain

_FILLERS = frozenset({"", "NULL", "-", "N/A", "NA", "NONE"})

GRADES: Mapping[str, Grade] = MappingProxyType(
    dict.fromkeys("MX1234", Grade.FELONY) | dict.fromkeys("ABC", Grade.MISDEMEANOR) | {"P": Grade.INFRACTION}
)
"""The grade of each class: M is first degree murder, and P a petty offense, which only a fine can follow."""
UNCLEAR_CLASSES = frozenset({"Z", "O", "U"})
"""Classes that the exports use and nobody has explained."""

_CLASSES = frozenset(GRADES) | UNCLEAR_CLASSES
_GENDERS = frozenset({"female", "male", "male name, no gender given", "female name, no gender given", "unknown",
                      "unknown gender"})  # fmt: skip
_FLAGS = frozenset({"true", "false", "1", "0", "yes", "no"})

_UNITS: Mapping[str, tuple[Unit, int]] = MappingProxyType(
    {"year": ("year", 1), "month": ("month", 1), "week": ("day", 7), "day": ("day", 1)}
)
_LONGEST = {"year": 120, "month": 1440, "week": 6240, "day": 43800}
"""Above this a term is mistyped."""


def is_filler(text: str) -> bool:
    """Whether a cell means nothing."""
    if text[:1].isdigit():
        return False
    return text.strip().upper() in _FILLERS


def offense_class(text: str) -> str | None:
    """The class of an offense; None where blank or one of which nobody knows the meaning."""
    cell = text.strip().upper()
    return cell if cell in GRADES else None


def term(length: str, unit: str) -> tuple[int | None, Unit | None]:
    """The length of a commitment and its unit; both None where either cannot be relied upon.

    Weights, dollars and hours are no length of time, nor is ``18 months`` in the cell for a number.
    """
    found = _UNITS.get(plain(unit).removesuffix("(s)").removesuffix("s"))
    number = length.strip()
    whole, _, rest = number.partition(".")
    if found is None or not (whole.isascii() and whole.isdigit()) or rest.strip("0") or whole.startswith("0"):
        return None, None
    if len(whole) > 6 or int(whole) > _LONGEST[plain(unit).removesuffix("(s)").removesuffix("s")]:
        return None, None
    return int(whole) * found[1], found[0]


@lru_cache(maxsize=1 << 8)
def current(text: str) -> bool | None:
    """Whether a sentence is in force; None where its flag says nothing."""
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(plain(text))


def version(text: str) -> int:
    """The number of a charge's version, -1 where it states none."""
    cell = text.strip()
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 18 else -1


# What cannot stand where it does ------------------------------------------------------------------


def _row_problem(text: str) -> str | None:
    return text.strip() or None


def _number(text: str) -> str | None:
    cell = text.strip()
    if (cell.isascii() and cell.isdigit()) or is_filler(cell):
        return None
    return "it must be a number in digits; the row's cells are not in their places, or a spreadsheet has changed it"


def _key(text: str) -> str | None:
    return "it is blank" if is_filler(text) else _number(text)


def _age(text: str) -> str | None:
    cell = text.strip().removesuffix(".0")
    if is_filler(cell) or (cell.lstrip("-").isdigit() and len(cell) <= 5):
        return None
    return _MOVED


def _date(text: str) -> str | None:
    if day_number(text) != UNREADABLE:
        return None
    # A date that no calendar has is unknown; words in its place are of another column.
    letters = {letter for letter in text.upper() if letter.isalpha()}
    return None if letters <= set("APMTZ") and any(letter.isdigit() for letter in text) else _MOVED


_MOVED = "it holds what belongs in another column"


def _one_of(values: frozenset[str]) -> Callable[[str], str | None]:
    return lambda text: None if is_filler(text) or plain(text) in values else _MOVED


CHECKS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "ROW_PROBLEM": _row_problem,
        "EXPORT": lambda text: None if text.strip() in ("DISPOSITIONS", "SENTENCING") else _MOVED,
        "CASE_PARTICIPANT_ID": _number,
        "CASE_ID": _key,
        "CHARGE_ID": _key,
        "CHARGE_VERSION_ID": _number,
        "CHARGE_COUNT": _number,
        "PRIMARY_CHARGE_FLAG": _one_of(_FLAGS),
        "DISPOSITION_CHARGED_CLASS": lambda text: (
            None if is_filler(text) or text.strip().upper() in _CLASSES else _MOVED
        ),
        "DISPOSITION_DATE": _date,
        "AGE_AT_INCIDENT": _age,
        "GENDER": _one_of(_GENDERS),
        "INCIDENT_BEGIN_DATE": _date,
        "ARREST_DATE": _date,
        "SENTENCE_DATE": _date,
        "CURRENT_SENTENCE_FLAG": _one_of(_FLAGS),
    }
)
"""What is wrong with a cell of a column whose values are few, or of one shape.

A value of none of these shows that cells have moved, and nothing in the row can be believed. Columns whose vocabulary
is long or grows (dispositions, sentences, reasons) are not among them: a word that nobody knows leaves their fact
unknown.
"""
