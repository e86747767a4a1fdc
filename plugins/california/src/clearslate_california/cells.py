"""What single cells of the DOJ file mean: counties, grades, counts, sentence parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from clearslate.ingest.frame import Column
from clearslate.model import Grade
from clearslate.model.sentence import Unit
from clearslate_california.wording import is_filler, words_of

T = TypeVar("T")
Ints = npt.NDArray[np.int64]

COUNT_DIGITS = 12
"""CNT_ORDER is three digits of cycle, three of step, three of count, and three more."""

UNKNOWN_GRADE = -1
NO_GRADE = 0
FELONY = 1
GRADES: tuple[Grade | None, ...] = (None, Grade.FELONY, Grade.MISDEMEANOR, Grade.INFRACTION)
"""The grades by the numbers that ``stated_grade`` and ``charged_grade`` give."""

_STATED = {"FELONY": FELONY, "MISDEMEANOR": 2, "INFRACTION": 3}
_CHARGED = {"F": FELONY, "M": 2, "I": 3}
_UNITS: dict[str, Unit] = {"D": "day", "M": "month", "Y": "year"}


def county_name(text: str) -> str | None:
    """The county, upper case with single spaces; None where blank or filler."""
    return None if is_filler(text) else " ".join(text.upper().split())


def count_problem(text: str) -> str | None:
    """What is wrong with a CNT_ORDER, or None: it must begin with twelve digits."""
    key = text.strip()[:COUNT_DIGITS]
    if len(key) == COUNT_DIGITS and key.isascii() and key.isdigit():
        return None
    return f"it must begin with {COUNT_DIGITS} digits"


def count_number(text: str) -> int:
    """The twelve digits of a CNT_ORDER as a number."""
    return int(text.strip()[:COUNT_DIGITS]) if count_problem(text) is None else 0


def stated_grade(text: str) -> int:
    """The number of the grade in CONV_STAT_DESCR: NO_GRADE where blank, UNKNOWN_GRADE for another word."""
    return NO_GRADE if is_filler(text) else _STATED.get(text.strip().upper(), UNKNOWN_GRADE)


def charged_grade(text: str) -> int:
    """The number of the grade in OFFENSE_TOC, NO_GRADE where it has none of its letters."""
    return _CHARGED.get(text.strip().upper(), NO_GRADE)


def sentence_kind(text: str) -> str | None:
    """Where or how a sentence is served, as printed; None where blank."""
    return None if is_filler(text) else text.strip()


@lru_cache(maxsize=4096)
def is_fine(text: str) -> bool:
    """Whether a sentence part is a fine, which takes no time."""
    return "FINE" in words_of(text)


def sentence_length(text: str) -> int | None:
    """The length of a sentence part; None where blank, unreadable or longer than any life."""
    cell = text.strip()
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 6 else None


def sentence_unit(text: str) -> Unit | None:
    """The unit of a sentence part; None where blank or not one of D, M and Y."""
    return _UNITS.get(text.strip().upper())


def sentence_order(text: str) -> int:
    """The place of a part in its sentence, 0 where it is not said."""
    return sentence_length(text) or 0


def each(column: Column, meaning: Callable[[str], T]) -> list[T]:
    """What each distinct cell of a column means, parallel to its values."""
    return [meaning(value) for value in column.values]


def numbers(column: Column, meaning: Callable[[str], int]) -> Ints:
    """For each row, the number that its cell means."""
    return spread(each(column, meaning), column)


def spread(meanings: Sequence[int], column: Column) -> Ints:
    """For each row, the number given for its distinct cell."""
    if not len(meanings):
        return np.zeros(len(column.codes), np.int64)
    return np.asarray(meanings, dtype=np.int64)[column.codes]
