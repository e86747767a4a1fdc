"""Case numbers of the Illinois circuit courts: read, and printed in one form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Form = Literal["cook_felony", "cook_district_felony", "cook_misdemeanor", "cook_district", "cook_traffic", "county"]

_RUN = re.compile(r"[A-Z]+|[0-9]+")
_BETWEEN = re.compile(r"[A-Z0-9 ()/.\-]*")
_LONGEST = 40

KINDS = frozenset({"CF", "CM", "DT", "DV", "MT", "OV", "TR"})
"""What other counties' numbers say of a case: felony, misdemeanor, DUI, domestic, major traffic, ordinance, traffic.

The kind is that of the filing: a case filed as a felony may end as a misdemeanor.
"""

_FIRST_YEAR_OF_THIS_CENTURY = 50
"""Two-digit years from this one on are of the twentieth century."""


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number: ``str`` gives it in its one form, ``printed`` as it stood.

    ``form`` is the way in which a county numbers its cases; ``kind`` the letters (CR, C, MC, CF …), None where the form
    has none; ``district`` a municipal district of Cook County; ``defendant`` one of several in a case. ``year`` is None
    for traffic tickets.
    """

    form: Form
    year: int | None
    kind: str | None
    sequence: str
    district: int | None = None
    defendant: int | None = None
    printed: str = field(default="", compare=False)

    @property
    def county(self) -> str | None:
        """COOK where only that county numbers so, else None."""
        return None if self.form == "county" else "COOK"

    @property
    def of_all_defendants(self) -> CaseNumber:
        """The number without the defendant, which co-defendants share."""
        return CaseNumber(self.form, self.year, self.kind, self.sequence, self.district, None, self.printed)

    def __str__(self) -> str:
        defendant = "" if self.defendant is None else f"{self.defendant:02d}"
        short = "" if self.year is None else f"{self.year % 100:02d}"
        match self.form:
            case "cook_felony":
                return f"{self.year}CR{self.sequence}{defendant}"
            case "cook_district_felony":
                return f"{self.year}C{self.district}{self.sequence}{defendant}"
            case "cook_misdemeanor":
                return f"{short}{self.district}{self.sequence}{defendant}"
            case "cook_district":
                return f"{short}-MC{self.district}-{self.sequence}{defendant}"
            case "cook_traffic":
                return f"{self.kind}{self.sequence}"
        return f"{self.year}-{self.kind}-{self.sequence}"


@lru_cache(maxsize=1 << 14)
def read_case_number(text: str) -> CaseNumber | None:
    """Read a case number in any of the forms in use; None where it is in none of them."""
    printed = text.strip().upper()
    if len(printed) > _LONGEST or _BETWEEN.fullmatch(printed) is None:
        return None
    return _read(_RUN.findall(printed), text)


def _read(runs: list[str], printed: str) -> CaseNumber | None:
    match runs:
        case [year, "CR", *digits] if _year(year) and digits:
            return _felony(year, "".join(digits), printed)
        case [year, "C", *digits] if _year(year) and digits:
            return _district_felony(year, "".join(digits), printed)
        case [year, "MC", *digits] if _year(year) and digits:
            return _district(year, "".join(digits), printed)
        case [year, kind, sequence] if _year(year) and kind in KINDS and len(sequence) <= 7 and sequence.strip("0"):
            return CaseNumber("county", _year(year), kind, sequence.lstrip("0"), printed=printed)
        case [letters, number] if len(letters) == 2 and letters.isalpha() and number.isdigit() and len(number) == 6:
            return CaseNumber("cook_traffic", None, letters, number, printed=printed)
        case [*digits] if digits and all(run.isdigit() for run in digits):
            return _misdemeanor("".join(digits), printed)
    return None


def _felony(year: str, digits: str, printed: str) -> CaseNumber | None:
    """``2007CR1475501``: five digits and two of the defendant; ``15-CR-123456`` has six and says no defendant."""
    if not digits.isdigit() or len(digits) not in (5, 6, 7):
        return None
    if len(digits) == 7:
        return CaseNumber("cook_felony", _year(year), "CR", digits[:5], None, int(digits[5:]), printed)
    return CaseNumber("cook_felony", _year(year), "CR", digits, printed=printed)


def _district_felony(year: str, digits: str, printed: str) -> CaseNumber | None:
    """``2005C22059201``: the district, five digits that begin with it too, and two of the defendant."""
    if not digits.isdigit() or len(digits) not in (6, 8) or digits[0] not in "123456" or digits[1] != digits[0]:
        return None
    defendant = int(digits[6:]) if len(digits) == 8 else None
    return CaseNumber("cook_district_felony", _year(year), "C", digits[1:6], int(digits[0]), defendant, printed)


def _district(year: str, digits: str, printed: str) -> CaseNumber | None:
    """``20-MC6-00174701``: the district, six digits and two of the defendant."""
    if not digits.isdigit() or len(digits) not in (7, 9) or digits[0] not in "123456":
        return None
    defendant = int(digits[7:]) if len(digits) == 9 else None
    return CaseNumber("cook_district", _year(year), "MC", digits[1:7], int(digits[0]), defendant, printed)


def _misdemeanor(digits: str, printed: str) -> CaseNumber | None:
    """``05121978901``: two digits of the year, the district, six digits and two of the defendant."""
    if len(digits) not in (9, 11) or digits[2] not in "123456":
        return None
    defendant = int(digits[9:]) if len(digits) == 11 else None
    return CaseNumber("cook_misdemeanor", _year(digits[:2]), None, digits[3:9], int(digits[2]), defendant, printed)


def _year(text: str) -> int | None:
    if not text.isdigit() or len(text) not in (2, 4):
        return None
    year = int(text)
    if len(text) == 2:
        return year + (1900 if year >= _FIRST_YEAR_OF_THIS_CENTURY else 2000)
    return year if 1900 <= year < 2100 else None
