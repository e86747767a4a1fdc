"""The columns of the clerk's extract, and what single cells of it mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from clearslate.model import Grade, SentencePart
from clearslate.model.sentence import Unit
from clearslate_illinois.cells import is_filler
from clearslate_illinois.dates import UNREADABLE, clerk_birth, clerk_day
from clearslate_illinois.outcomes import plain

COLUMNS: tuple[str, ...] = (
    "case_number",
    "sequence_number",
    "st_address",
    "city_state",
    "zipcode",
    "ctlbkngno",
    "fgrprntno",
    "statepoliceid",
    "fbiidno",
    "DOB",
    "arrest_date",
    "initial_date",
    "sex",
    "statute",
    "chrgdesc",
    "chrgtype",
    "chrgtype2",
    "chrgclass",
    "chrgdisp",
    "chrgdispdate",
    "ammndchargstatute",
    "ammndchrgdescr",
    "ammndchrgtype",
    "ammndchrgclass",
    "minsent",
    "maxsent",
    "amtoffine",
)
"""The 27 columns, the ``ammnd`` ones blank where the charge was not amended."""

NEEDED: tuple[str, ...] = (
    "case_number",
    "sequence_number",
    "ctlbkngno",
    "fgrprntno",
    "statepoliceid",
    "fbiidno",
    "DOB",
    "arrest_date",
    "sex",
    "statute",
    "chrgdesc",
    "chrgtype",
    "chrgclass",
    "chrgdisp",
    "chrgdispdate",
    "ammndchargstatute",
    "ammndchrgdescr",
    "ammndchrgtype",
    "ammndchrgclass",
    "minsent",
    "maxsent",
    "amtoffine",
)
"""What a person is made from; the rest is carried through unread."""

CONDENSED: tuple[str, ...] = (
    "case_number",
    "statepoliceid",
    "DOB",
    "arrest_date",
    "statute",
    "chrgdesc",
    "chrgclass",
    "chrgdisp",
    "chrgdispdate",
    "ammndchargstatute",
    "ammndchrgdescr",
    "ammndchrgclass",
    "minsent",
    "maxsent",
    "amtoffine",
)
"""What a reviewer at a prosecutor's office looks at."""

LOOKUP = MappingProxyType(
    {"born": ("DOB",), "identifier": ("statepoliceid", "fbiidno", "fgrprntno"), "case": ("case_number",)}
)
"""What a person is looked up by."""

_TYPES = frozenset("ACFMRTVY")
_CLASSES = frozenset("1234ABCXDFGMNOPTUZ")
_SEXES = frozenset({"M", "F", "U", "X", "MALE", "FEMALE", "UNKNOWN"})
_TYPE_GRADES = MappingProxyType({"F": Grade.FELONY, "M": Grade.MISDEMEANOR})
_CLASS_GRADES: Mapping[str, Grade] = MappingProxyType(
    dict.fromkeys("X1234", Grade.FELONY) | dict.fromkeys("ABC", Grade.MISDEMEANOR)
)

LIFE, DEATH = "88888888", "99999999"
_MOVED = "it holds what belongs in another column"


def is_nobody(text: str) -> bool:
    """Whether an identifier says nothing: blank, a filler, or zeros."""
    return is_filler(text) or not text.strip("0 ")


def grade_of(type_: str, class_: str) -> tuple[str | None, Grade | None, bool]:
    """The class and the grade of an offense, and whether its type and class contradict each other.

    Here M is a misdemeanor among types; as a class it is of a first degree murder, and known only as a felony's.
    """
    kind, graded = type_.strip().upper(), class_.strip().upper()
    by_type = _TYPE_GRADES.get(kind)
    if graded == "M":
        return ("M", Grade.FELONY, False) if by_type is Grade.FELONY else (None, None, False)
    by_class = _CLASS_GRADES.get(graded)
    if by_class is None:
        return None, by_type if not graded else None, False
    if by_type is not None and by_type is not by_class:
        return None, None, True
    return graded, by_class, False


@lru_cache(maxsize=1 << 12)
def packed(text: str) -> tuple[tuple[int, Unit], ...] | None:
    """The parts of a sentence packed as YYYMMDDD: ``00302003`` is three years, two months and three days.

    None where it is blank, no such number, or has no end (life, death); zeros are no part at all.
    """
    cell = text.strip().removesuffix(".0")
    if not (cell.isascii() and cell.isdigit()) or len(cell) > 8 or cell in (LIFE, DEATH):
        return None
    digits = cell.zfill(8)
    years, months, days = int(digits[:3]), int(digits[3:5]), int(digits[5:])
    parts: list[tuple[int, Unit]] = [(years, "year"), (months, "month"), (days, "day")]
    return tuple(part for part in parts if part[0])


def sentence_parts(literal: str, least: str, most: str, fine: str, row: int) -> list[SentencePart]:
    """The parts of the sentence of one row: the longest stated term, and a fine, which takes no time."""
    kind = " ".join(literal.upper().split()) or None
    stated = [text for text in (least, most) if not is_filler(text)]
    terms = [packed(text) for text in stated]
    parts: list[SentencePart] = []
    if not stated and _is_money(literal):
        parts.append(SentencePart(kind, None, None, row, takes_no_time=True))
    elif None in terms or not any(terms):
        # Probation and supervision have a length too, which a row of zeros does not tell.
        parts.append(SentencePart(kind, None, None, row))
    else:
        longest = max((term for term in terms if term), key=_days)
        parts += [SentencePart(kind, length, unit, row) for length, unit in longest]
    if fine.strip("0. ") and not is_filler(fine):
        parts.append(SentencePart("FINE", None, None, row, takes_no_time=True))
    return parts


def _is_money(literal: str) -> bool:
    return plain(literal) == "def sent to pay restitution"


def _days(term: tuple[tuple[int, Unit], ...]) -> int:
    return sum(length * {"year": 365, "month": 30, "day": 1}[unit] for length, unit in term)


# What cannot stand where it does ------------------------------------------------------------------


def _one_of(values: frozenset[str]) -> Callable[[str], str | None]:
    return lambda text: None if is_filler(text) or text.strip().upper() in values else _MOVED


def _date(meaning: Callable[[str], int]) -> Callable[[str], str | None]:
    def problem(text: str) -> str | None:
        if meaning(text) != UNREADABLE or any(letter.isdigit() for letter in text):
            return None
        return _MOVED

    return problem


def _sentence(text: str) -> str | None:
    cell = text.strip().removesuffix(".0")
    return None if is_filler(cell) or (cell.isascii() and cell.isdigit()) else _MOVED


CHECKS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "case_number": lambda text: "it is blank" if is_filler(text) else None,
        "statepoliceid": lambda text: None if is_filler(text) or text.replace("-", "").isalnum() else _MOVED,
        "DOB": _date(clerk_birth),
        "arrest_date": _date(clerk_day),
        "sex": _one_of(_SEXES),
        "chrgtype": _one_of(_TYPES),
        "chrgclass": _one_of(_CLASSES),
        "chrgdispdate": _date(clerk_day),
        "ammndchrgtype": _one_of(_TYPES),
        "ammndchrgclass": _one_of(_CLASSES),
        "minsent": _sentence,
        "maxsent": _sentence,
    }
)
"""What is wrong with a cell of a column whose values are few, or of one shape.

Titles with quotes that nobody doubled have moved the cells of some rows: a statute stands as the sex, a disposition as
the class. Nothing in such a row can be believed.
"""
