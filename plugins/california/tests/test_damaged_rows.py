"""A superstrike in a damaged row is not lost: the person has a gap, or a count that may be a conviction."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from clearslate.model import Disposition, Person
from clearslate_california.columns import ANCHORS, COLUMNS
from clearslate_california.doj import CA_DOJ

Cells = list[str]
OFFENSE = COLUMNS.index("OFFENSE_DESCR")
MURDER = {"OFFENSE_DESCR": "187(A) PC-MURDER", "CYC_DATE": "20000305", "STP_EVENT_DATE": "20000414"}


def laid_out(oz: Any, marked: bool = True, last: str = "#") -> list[Cells]:
    """A murder, its arrest, and a later marijuana conviction, with the file's separators."""
    marks = dict.fromkeys(ANCHORS, "#" if marked else "") | {"END_OF_REC": last}
    rows = [
        oz.arrest(**MURDER | marks),
        oz.court(**MURDER | marks),
        oz.court(CNT_ORDER="102002001000", **marks),
        oz.court(CNT_ORDER="103002001000", OFFENSE_DESCR="484(A) PC-THEFT", **marks),
    ]
    return [[row.get(column, "") for column in COLUMNS] for row in rows]


def read(oz: Any, rows: Sequence[Cells], trailing: bool) -> tuple[Person, list[str]]:
    path = Path(oz.folder) / "oz.dat"
    text = io.StringIO()
    csv.writer(text, lineterminator=",\n" if trailing else "\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    (person,) = oz.read_files(path)
    return person, [reject.problem for reject in CA_DOJ.open([path]).rejects]


def lose(column: str) -> Callable[[Cells], Cells]:
    at = COLUMNS.index(column)
    return lambda row: row[:at] + row[at + 1 :]


def split(row: Cells) -> Cells:
    return [*row[:OFFENSE], row[OFFENSE][:8], row[OFFENSE][8:], *row[OFFENSE + 1 :]]


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("last", ["#", ""])
@pytest.mark.parametrize("column", ["DISP_DATE", "OFN", "OFFENSE_TOC", "DISP_DESCR", "SENT_LOC_CODE"])
def test_rows_that_lost_a_cell_before_a_trailing_comma_are_a_gap(oz: Any, column: str, last: str, marked: bool) -> None:
    rows = laid_out(oz, marked, last)
    rows[:1] = [lose(column)(row) for row in rows[:1]]
    person, problems = read(oz, rows, trailing=True)
    assert len(problems) == len(person.missing_rows) == 1


@pytest.mark.parametrize("marked", [True, False])
def test_rows_with_an_unquoted_comma_and_a_blank_end_are_a_gap(oz: Any, marked: bool) -> None:
    rows = laid_out(oz, marked, last="")
    rows[1] = split(rows[1])
    person, problems = read(oz, rows, trailing=False)
    assert len(problems) == len(person.missing_rows) == 1


@pytest.mark.parametrize("trailing", [True, False])
@pytest.mark.parametrize("last", ["#", ""])
@pytest.mark.parametrize("marked", [True, False])
def test_sound_rows_of_every_kind_of_file_are_used(oz: Any, marked: bool, last: str, trailing: bool) -> None:
    person, problems = read(oz, laid_out(oz, marked, last), trailing)
    assert (problems, person.missing_rows) == ([], ())
    assert len(person.convictions) == 3


@pytest.mark.parametrize("text", ["FOO", "C0NVICTED-PRISON", "ONVICTED", "CONVCTED-PRISON", "20000414"])
def test_a_court_row_whose_disposition_is_in_no_table_may_be_a_conviction(oz: Any, text: str) -> None:
    person = oz.person(oz.court(**MURDER, DISP_DESCR=text), oz.court(CNT_ORDER="102002001000"))
    assert [count.disposition for count in person.counts] == [Disposition.UNKNOWN, Disposition.CONVICTED]


def test_an_arrest_whose_disposition_is_in_no_table_is_none_unless_it_has_a_grade(oz: Any) -> None:
    arrested = oz.arrest(**MURDER, DISP_DESCR="FOO")
    later = oz.court(CNT_ORDER="102002001000")
    assert len(oz.person(arrested, later).counts) == 1
    assert len(oz.person({**arrested, "CONV_STAT_DESCR": "FELONY"}, later).counts) == 2


def test_a_later_step_in_no_table_leaves_its_conviction_in_doubt(oz: Any) -> None:
    person = oz.person(oz.court(), oz.step(DISP_DESCR="EXPUNGD"))
    (conviction,) = person.convictions
    assert "LATER_ACTION_UNCLEAR" in conviction.flags


def test_a_dismissal_or_diversion_convicts_nobody(oz: Any) -> None:
    texts = ["DISMISSED", "ACQUITTED", "DIVERTED-PC 1000", "PROS REJ-INSUFFICIENT EVIDENCE", "REL/TOT OTHER JURIS/AUTH"]
    rows = [oz.court(**MURDER, DISP_DESCR=text, CNT_ORDER=f"{201 + n}002001000") for n, text in enumerate(texts)]
    assert len(oz.person(*rows, oz.court()).counts) == 1


def test_doctor_names_the_rows_whose_disposition_is_not_understood(oz: Any) -> None:
    path = oz.write(
        Path(oz.folder) / "oz.dat",
        [oz.court(), oz.court(DISP_DESCR="FOO"), oz.arrest(DISP_DESCR="FOO"), oz.court(DISP_DESCR="DISMISSED")],
    )
    (check,) = [one for one in CA_DOJ.examine([path]).checks if one.id == "disposition_not_understood"]
    assert (check.count, [place.row for place in check.rows]) == (1, [2])
