from __future__ import annotations

from typing import Any

import pytest

from clearslate.ingest.examine import Examination, Severity
from clearslate.ingest.table.reader import TableReader

CLEAN: dict[str, str] = {}


def found(roll: Any, *rows: Any, mapping: Any = None) -> Examination:
    examination: Examination = roll.reader(mapping).examine([roll.file(*rows)])
    return examination


def rows_of(examination: Examination) -> dict[str, list[int]]:
    return {check.id: [place.row for place in check.rows] for check in examination.checks}


def test_a_table_of_which_everything_is_understood_has_no_finding(roll: Any) -> None:
    examination = found(roll, roll.row(), roll.row("P2", grade="M"), roll.row("P3", disposition="NOT GUILTY"))
    assert rows_of(examination) == {}
    assert (examination.rows_read, examination.people, examination.has_problems) == (3, 3, False)
    tables = {table.id: table.counts for table in examination.tables}
    assert tables == {
        "dispositions": (("convicted", 2), ("not convicted", 1)),
        "counties": (("OZ", 2),),
        "statutes": (("ZZ 100", 3),),
    }


@pytest.mark.parametrize(
    ("cells", "check", "column"),
    [
        ({"grade": "Q"}, "unlisted_grade", "GRADE"),
        ({"grade": ""}, "blank_grade", "GRADE"),
        ({"disposition": "DEFERRED"}, "unlisted_disposition", "DISPOSITION"),
        ({"disposition": ""}, "blank_disposition", "DISPOSITION"),
        ({"dob": "1961/02/13"}, "unreadable_date_born", "DOB"),
        ({"dob": "1961"}, "partial_date_born", "DOB"),
        ({"dob": ""}, "blank_born", "DOB"),
        ({"arrested": "13/13/2010"}, "unreadable_date_arrested", "ARRESTED"),
        ({"disposed": ""}, "blank_disposed", "DISPOSED"),
        ({"statute": "no such thing"}, "unreadable_statute", "STATUTE"),
        ({"statute": ""}, "blank_statute", "STATUTE"),
        ({"county": ""}, "blank_county", "COUNTY"),
        ({"days": "a fortnight"}, "unreadable_sentence_DAYS", "DAYS"),
        ({"jars": "many"}, "unreadable_fact_jars", "JARS"),
        ({"market": "perhaps"}, "unreadable_fact_in_market", "MARKET"),
    ],
)
def test_what_the_mapping_does_not_say_of_a_cell_is_told_by_column_and_row(
    roll: Any, cells: dict[str, str], check: str, column: str
) -> None:
    examination = found(roll, roll.row(), roll.row("P2", **cells), roll.row("P3"))
    assert rows_of(examination)[check] == [2]
    (one,) = [found for found in examination.checks if found.id == check]
    assert column in one.says
    for cell in cells.values():
        assert not cell or cell.lower() not in one.says.lower()


def test_rows_and_persons_that_contradict_themselves_are_told(roll: Any) -> None:
    examination = found(
        roll,
        roll.row(),
        roll.row(grade="M", dob="03/03/1963"),
        roll.row("P2", sid="S-P1"),
        roll.row("P3", charge=""),
        roll.row("P3", case="", charge="2"),
    )
    rows = rows_of(examination)
    assert rows["differing_grade"] == [1, 2]
    assert rows["two_birth_dates"] == [1]
    assert rows["shared_identifier"] == [1, 3]
    assert rows["blank_key"] == [4, 5]
    assert rows["unknown_case"] == [5]


def test_rejected_rows_are_problems_and_come_first(roll: Any) -> None:
    mapping = roll.mapping(instead={"[values.grade]": '[values]\nunlisted = "reject"\n[values.grade]'})
    examination = found(
        roll, roll.row(grade="Q"), roll.row("P2"), roll.row("", sid=""), roll.row("P4", dob="x"), mapping=mapping
    )
    assert [(check.id, check.severity, [place.row for place in check.rows]) for check in examination.checks] == [
        ("rejected_no_person", Severity.PROBLEM, [3]),
        ("rejected_unusable_cell_1", Severity.PROBLEM, [1]),
        ("unreadable_date_born", Severity.WARNING, [4]),
    ]
    assert "GRADE: a word that the mapping does not list" in examination.checks[1].says
    assert examination.has_problems


def test_without_a_reform_statutes_are_not_judged_and_it_is_said(roll: Any) -> None:
    reader = TableReader(roll.mapping())
    examination = reader.examine([roll.file(roll.row(statute="no such thing"))])
    assert list(rows_of(examination)) == ["no_reform"]
    assert [table.id for table in examination.tables] == ["dispositions", "counties"]


def test_a_repeated_row_is_told(roll: Any) -> None:
    one, two = roll.file(roll.row(), name="a.csv"), roll.file(roll.row(), roll.row("P2"), name="b.csv")
    (check,) = roll.reader().examine([one, two]).checks
    assert (check.id, check.count) == ("repeated_rows", 1)


def test_no_cell_of_a_table_is_in_what_is_found(roll: Any) -> None:
    examination = found(roll, roll.row(grade="ZYXQUELL", dob="ZYXQUELL", statute="ZYXQUELL", jars="ZYXQUELL"))
    assert "ZYXQUELL" not in repr(examination)
