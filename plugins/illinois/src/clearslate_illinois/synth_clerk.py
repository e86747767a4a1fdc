"""Invented extracts of the clerk of court: realistic, the same for the same seed."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clearslate.ingest.cells import as_row
from clearslate_illinois.clerk_cells import COLUMNS
from clearslate_illinois.synth_people import Chance

_OFFENSES = (
    (("720-550/4(D)", "POSS CANNABIS 30-500 GRAMS", "F", "4"), 20),
    (("720 ILCS 550.0/4-A", "POSS CANNABIS", "M", "C"), 14),
    (("720-550/4-C", "POSS.CANNABIS", "M", "A"), 10),
    (("720-550/5(C)", "POSS.CANN.W/INTENT", "F", "4"), 10),
    (("720-570/402(C)", "POSS CONT SUB", "F", "4"), 30),
    (("720-5/16A-3(A)", "RETAIL THEFT", "F", "4"), 20),
    (("720-5/19-1(A)", "BURGLARY", "F", "2"), 10),
    (("625-5/11-501(A)(2)", "DUI", "M", "A"), 10),
    (("720-5/12-3.2(A)(1)", "DOMESTIC BATTERY", "M", "A"), 6),
)
_ODD = (
    ("old_number", "56.5-704-D", "POSS CANNABIS", "F", "4"),
    ("act_typed_wrongly", "720-570/4(D)", "POSS CANNABIS", "F", "4"),
    ("school_grounds", "720-550/5.2(D)", "DEL CANNABIS SCHOOL", "F", "3"),
    ("attempt", "720-5/8-4(720-550/5(D))", "ATT POSS.CANN.W/INTENT", "M", "A"),
    ("no_subsection", "720-550/4.", "POSS OF CANABIS", "M", "A"),
    ("text_disagrees", "720-550/5(C)", "POSS.CANNABIS", "F", "4"),
    ("unreadable_statute", "UUW", "UNL USE WEAPON", "F", "3"),
)
_DISPOSITIONS = (
    (("DEF SENTENCED TO PROBATION", "00200000"), 30),
    (("DEF SENTENCED ILLINOIS DOC", "00302003"), 25),
    (("DEF SENTENCED TO COOK CNTY DOC", "00000090"), 10),
    (("DEF SENT CONDITIONAL DISCHARGE", "00100000"), 10),
    (("SENT/CRT SUPV/SPEC CONDS", "00006000"), 15),
    (("SUPERVISION - SOCIAL SERV DEPT", "00100000"), 5),
    (("CREDIT DEFENDANT FOR TIME SERV", "00000030"), 5),
)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_FIRST_DAY = dt.date(2005, 1, 3)


class ClerkPlanted(NamedTuple):
    """A line of the answer key: whose record, the first data row it shows in, and what it is."""

    statepoliceid: str
    source_row: int
    planted: str
    detail: str


class ClerkSynthesis(NamedTuple):
    """What was written: persons, data rows, and the answer key."""

    people: int
    rows: int
    planted: tuple[ClerkPlanted, ...]


def write_il_clerk(target: Path, *, people: int, seed: int, damage: bool = True) -> ClerkSynthesis:
    """Write an invented extract of ``people`` persons, and beside it the answer key ``NAME.key.csv``."""
    writing = _Writing(Chance(seed), damage=damage)
    lines = [line for number in range(people) for line in writing.person(number)]
    with target.open("w", encoding="utf-8") as stream:
        stream.write("".join(f"{line}\n" for line in [",".join(COLUMNS), *lines]))
    with target.with_name(f"{target.name}.key.csv").open("w", encoding="utf-8", newline="") as keys:
        table = csv.writer(keys, lineterminator="\n")
        table.writerow(ClerkPlanted._fields)
        table.writerows(writing.planted)
    return ClerkSynthesis(people, len(lines), tuple(writing.planted))


class _Writing:
    def __init__(self, chance: Chance, *, damage: bool) -> None:
        self.chance = chance
        self.damage = damage
        self.row = 0
        self.planted: list[ClerkPlanted] = []

    def person(self, number: int) -> Iterator[str]:
        """The rows of one person: one or two cases, each of one charge with a row for each part of its disposition."""
        chance = self.chance
        who = {
            "st_address": f"{1 + chance.below(999)} YELLOW BRICK RD",
            "city_state": "EMERALD CITY OZ",
            "zipcode": "00000",
            "ctlbkngno": str(10_000_000 + number),
            "fgrprntno": str(1_000_000 + number),
            "statepoliceid": str(30_000_000 + number * 7),
            "fbiidno": f"{100_000 + number}OZ1",
            "DOB": _printed(dt.date(1950 + chance.below(38), 1 + chance.below(12), 1 + chance.below(28))),
            "sex": "M" if chance.draw() < 0.8 else "F",
        }
        for place in range(1 + (chance.draw() < 0.3)):
            yield from self._case(number, place, who)

    def _case(self, number: int, place: int, who: dict[str, str]) -> Iterator[str]:
        chance = self.chance
        arrested = _FIRST_DAY + dt.timedelta(days=chance.below(1500))
        disposed = arrested + dt.timedelta(days=30 + chance.below(200))
        statute, title, type_, offense_class = chance.weighted(_OFFENSES)
        literal, sentence = chance.weighted(_DISPOSITIONS)
        cells = who | {
            "case_number": f"{arrested.year}CR{(number * 2 + place) % 100_000:05d}01",
            "sequence_number": "001",
            "arrest_date": _printed(arrested),
            "initial_date": _printed(arrested + dt.timedelta(days=20)),
            "statute": statute,
            "chrgdesc": title,
            "chrgtype": type_,
            "chrgclass": offense_class,
            "chrgdisp": literal,
            "chrgdispdate": _printed(disposed),
            "minsent": sentence,
            "maxsent": sentence,
            "amtoffine": "0",
        }
        odd = number // 2 if self.damage and number % 2 and not place else -1
        if 0 <= odd < len(_ODD):
            name, *charged = _ODD[odd]
            cells |= dict(zip(("statute", "chrgdesc", "chrgtype", "chrgclass"), charged, strict=True))
            self._plant(cells, name, charged[0])
        elif odd == len(_ODD):
            cells |= {"ammndchargstatute": "720-550/4(C)", "ammndchrgdescr": "POSS.CANNABIS", "ammndchrgtype": "M",
                      "ammndchrgclass": "A"}  # fmt: skip
            self._plant(cells, "amended", "to 550/4(c)")
        elif odd == len(_ODD) + 1:
            cells["sex"], cells["chrgclass"] = "720-5/19-1(a)", cells["chrgdisp"]
            self._plant(cells, "shifted_cells", "the statute as the sex")
        elif odd == len(_ODD) + 2:
            cells["DOB"] = "03-MAY-61"
            self._plant(cells, "birth_in_the_future", "1961")
        yield self._printed(cells)
        if chance.draw() < 0.2:
            yield self._printed(cells | {"chrgdisp": "DEF SENT TO PAY RESTITUTION", "minsent": "", "maxsent": ""})

    def _plant(self, cells: dict[str, str], name: str, detail: str) -> None:
        self.planted.append(ClerkPlanted(cells["statepoliceid"], self.row + 1, name, detail))

    def _printed(self, cells: dict[str, str]) -> str:
        self.row += 1
        return as_row([cells.get(name, "") for name in COLUMNS])


def _printed(day: dt.date) -> str:
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year % 100:02d}"
