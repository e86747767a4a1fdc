"""Small exports of invented participants, read through the real readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from clearslate.ingest.cells import as_row
from clearslate.model import Count, Person
from clearslate_illinois.ccsao import IL_CCSAO
from clearslate_illinois.clerk import IL_CLERK
from clearslate_illinois.clerk_cells import COLUMNS as CLERK_COLUMNS
from clearslate_illinois.columns import DISPOSITION_COLUMNS, SENTENCING_COLUMNS

Row = Mapping[str, str]

_CHARGED = {
    "CASE_ID": "149000000001",
    "CASE_PARTICIPANT_ID": "175000000001",
    "RECEIVED_DATE": "03/02/2012 12:00:00 AM",
    "OFFENSE_CATEGORY": "Narcotics",
    "PRIMARY_CHARGE_FLAG": "true",
    "CHARGE_ID": "3900000000001",
    "CHARGE_VERSION_ID": "4100000000001",
    "DISPOSITION_CHARGED_OFFENSE_TITLE": "POSS CANNABIS/30-500 GRAMS",
    "CHARGE_COUNT": "1",
    "DISPOSITION_DATE": "06/05/2012 12:00:00 AM",
    "DISPOSITION_CHARGED_CHAPTER": "720",
    "DISPOSITION_CHARGED_ACT": "550",
    "DISPOSITION_CHARGED_SECTION": "4(d)",
    "DISPOSITION_CHARGED_CLASS": "4",
    "DISPOSITION_CHARGED_AOIC": "5010400",
    "CHARGE_DISPOSITION": "Plea Of Guilty",
    "AGE_AT_INCIDENT": "31",
    "RACE": "White",
    "GENDER": "Female",
    "INCIDENT_BEGIN_DATE": "03/01/2012",
    "LAW_ENFORCEMENT_AGENCY": "EMERALD CITY PD",
    "ARREST_DATE": "03/01/2012 12:00:00 AM",
}
_SENTENCED = {
    "SENTENCE_PHASE": "Original Sentencing",
    "SENTENCE_DATE": "06/05/2012 12:00:00 AM",
    "SENTENCE_TYPE": "Probation",
    "CURRENT_SENTENCE_FLAG": "true",
    "COMMITMENT_TYPE": "Probation",
    "COMMITMENT_TERM": "24",
    "COMMITMENT_UNIT": "Months",
}
_CLERK = {
    "case_number": "2006CR1475501",
    "sequence_number": "001",
    "ctlbkngno": "16000001",
    "statepoliceid": "30000001",
    "DOB": "03-MAY-61",
    "arrest_date": "10-JAN-06",
    "sex": "M",
    "statute": "720-550/4(D)",
    "chrgdesc": "POSS CANNABIS 30-500 GRAMS",
    "chrgtype": "F",
    "chrgclass": "4",
    "chrgdisp": "DEF SENTENCED TO PROBATION",
    "chrgdispdate": "12-APR-06",
    "minsent": "00200000",
    "maxsent": "00200000",
    "amtoffine": "0",
}


def charge(**cells: str) -> Row:
    """A row of the Dispositions export, with cells changed; the long names may go without their beginning."""
    return _named(_CHARGED, cells)


def sentence(**cells: str) -> Row:
    """A row of the Sentencing export of the same charge, with cells changed."""
    return _named({**_CHARGED, **_SENTENCED}, cells)


def clerk(**cells: str) -> Row:
    """A row of the clerk's extract, with cells changed."""
    return {**_CLERK, **cells}


def _named(base: Row, cells: Row) -> Row:
    short = ("CHAPTER", "ACT", "SECTION", "CLASS", "OFFENSE_TITLE")
    return {**base, **{f"DISPOSITION_CHARGED_{name}" if name in short else name: text for name, text in cells.items()}}


def lines(columns: Sequence[str], rows: Sequence[Row], header: Sequence[str] | None = None) -> str:
    """A file of the rows in columns."""
    texts = [as_row(list(header or columns)), *(as_row([row.get(name, "") for name in columns]) for row in rows)]
    return "".join(f"{text}\n" for text in texts)


class Cook:
    """Rows of invented participants, files of them, and what the readers make of those."""

    charge = staticmethod(charge)
    sentence = staticmethod(sentence)
    clerk = staticmethod(clerk)
    lines = staticmethod(lines)

    @staticmethod
    def clerk_file(*rows: Row) -> str:
        """A clerk's extract."""
        return lines(CLERK_COLUMNS, rows)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def dispositions(self, *rows: Row) -> Path:
        """A Dispositions export."""
        path = self.folder / "dispositions.csv"
        path.write_text(lines(DISPOSITION_COLUMNS, rows), encoding="utf-8")
        return path

    def sentencing(self, *rows: Row) -> Path:
        """A Sentencing export."""
        path = self.folder / "sentencing.csv"
        path.write_text(lines(SENTENCING_COLUMNS, rows), encoding="utf-8")
        return path

    def persons(self, charges: Sequence[Row], sentences: Sequence[Row] = ()) -> list[Person]:
        """The persons of the two exports."""
        paths = [self.dispositions(*charges)] if charges else []
        if sentences:
            paths.append(self.sentencing(*sentences))
        return [person for block in IL_CCSAO.open(paths).blocks() for person in block.persons(lambda _: True)]

    def count(self, charges: Sequence[Row], sentences: Sequence[Row] = ()) -> Count:
        """The only count of the only person of the two exports."""
        (person,) = self.persons(charges, sentences)
        (count,) = person.counts
        return count

    def of_clerk(self, *rows: Row) -> list[Person]:
        """The persons of a clerk's extract."""
        path = self.folder / "clerk.csv"
        path.write_text(lines(CLERK_COLUMNS, rows), encoding="utf-8")
        return [person for block in IL_CLERK.open([path]).blocks() for person in block.persons(lambda _: True)]


@pytest.fixture
def cook(tmp_path: Path) -> Cook:
    """Rows, files and persons in a folder of the test's own."""
    return Cook(tmp_path)
