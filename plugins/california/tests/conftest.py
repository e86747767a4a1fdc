"""Small DOJ files of invented people, read through the real reader."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from clearslate.model import Count, Person, Statute
from clearslate_california.columns import COLUMNS
from clearslate_california.doj import CA_DOJ

Row = Mapping[str, str]

COURT = {
    "SUBJECT_ID": "70000001",
    "CII_NUMBER": "A7000001",
    "PRI_NAME": "ZYXQUELL,ORLA",
    "GENDER": "F",
    "PRI_DOB": "19700512",
    "RACE_DESCR": "OTHER",
    "CYC_DATE": "20100301",
    "STP_EVENT_DATE": "20100401",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_DESCR": "CASC OZ",
    "STP_ORI_CNTY_NAME": "SACRAMENTO",
    "CNT_ORDER": "101002001000",
    "OFN": "OZ-1",
    "OFFENSE_DESCR": "11359 HS-POSSESS MARIJUANA FOR SALE",
    "OFFENSE_TOC": "F",
    "DISP_DESCR": "CONVICTED-JAIL",
    "CONV_STAT_DESCR": "FELONY",
    "SENT_ORDER": "1",
    "SENT_LOC_DESCR": "JAIL",
    "SENT_LENGTH": "180",
    "SENT_TIME_CODE": "D",
    "END_OF_REC": "#",
}


def court(**cells: str) -> dict[str, str]:
    """A court row that convicts, with cells changed."""
    return {**COURT, **cells}


def step(**cells: str) -> dict[str, str]:
    """A later court row on the same charge, without grade or sentence, with cells changed."""
    bare = dict.fromkeys(
        ("CONV_STAT_DESCR", "SENT_ORDER", "SENT_LOC_DESCR", "SENT_LENGTH", "SENT_TIME_CODE", "OFN"), ""
    )
    return {**COURT, **bare, "CNT_ORDER": "101003001000", "STP_EVENT_DATE": "20140401", **cells}


def arrest(**cells: str) -> dict[str, str]:
    """An arrest row of the same cycle, with cells changed."""
    kind = {"STP_TYPE_DESCR": "ARREST/DETAINED/CITED", "CNT_ORDER": "101001001000", "STP_EVENT_DATE": "20100301"}
    return step(**{"DISP_DESCR": "", **kind, **cells})


def concerns(statute: Statute | None) -> bool:
    """Whether a statute is one of the marijuana sections, or unreadable."""
    return statute is None or any(
        section.number in ("11357", "11358", "11359", "11360") for section in statute.sections
    )


def write(path: Path, rows: Sequence[Row], header: bool = True) -> Path:
    """Write rows as a DOJ file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        if header:
            table.writerow(COLUMNS)
        table.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    return path


def read_files(*paths: Path) -> list[Person]:
    """The persons of files, through the reader."""
    return [person for block in CA_DOJ.open(paths).blocks() for person in block.persons(concerns)]


class Oz:
    """Rows of one invented person, files of them, and what the reader makes of those."""

    court = staticmethod(court)
    step = staticmethod(step)
    arrest = staticmethod(arrest)
    write = staticmethod(write)
    read_files = staticmethod(read_files)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def people(self, *rows: Row) -> list[Person]:
        """The persons of the rows that have a marijuana conviction or one that cannot be read."""
        return read_files(write(self.folder / "oz.dat", rows))

    def person(self, *rows: Row) -> Person:
        """The one person of the rows."""
        (person,) = self.people(*rows)
        return person

    def count(self, *rows: Row) -> Count:
        """The one conviction of the one person of the rows."""
        (count,) = self.person(*rows).convictions
        return count


@pytest.fixture
def oz(tmp_path: Path) -> Oz:
    """Rows, files and persons in a folder of the test's own."""
    return Oz(tmp_path)


@pytest.fixture(scope="session")
def oz_class() -> type[Oz]:
    """For tests that make a folder for each example."""
    return Oz
