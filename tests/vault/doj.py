"""Rows of invented persons in the format of the California DOJ, for what a vault is given."""

from __future__ import annotations

import csv
from pathlib import Path

from clearslate_california.columns import COLUMNS

_COURT = {
    "GENDER": "F",
    "PRI_DOB": "19700512",
    "RACE_DESCR": "OTHER",
    "CYC_DATE": "20100301",
    "STP_EVENT_DATE": "20100401",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_DESCR": "CASC OZ",
    "STP_ORI_CNTY_NAME": "SACRAMENTO",
    "CNT_ORDER": "101002001000",
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


def row(subject: str, cii: str = "", **cells: str) -> dict[str, str]:
    """A court row that convicts a person, with cells changed."""
    number = subject or cii
    named = {"SUBJECT_ID": subject, "CII_NUMBER": cii, "PRI_NAME": f"ZYXQUELL,{number}", "OFN": f"OZ-{number}"}
    return {**_COURT, **named, **cells}


def write(path: Path, *rows: dict[str, str] | str) -> Path:
    """Write rows, or lines as they are, as a file with a header."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        for one in rows:
            if isinstance(one, str):
                stream.write(one + "\n")
            else:
                table.writerow([one.get(column, "") for column in COLUMNS])
    return path
