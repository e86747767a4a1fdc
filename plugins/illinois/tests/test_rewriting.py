"""The two exports as one text: headers of every vintage, damaged rows, and rows that keep their numbers."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import InputError
from clearslate_illinois.ccsao import IL_CCSAO
from clearslate_illinois.columns import COLUMNS, DISPOSITION_COLUMNS, SENTENCING_COLUMNS
from clearslate_illinois.rewriting import DAMAGED_QUOTES, rewrite


def _rewritten(text: str | bytes, name: str = "made.csv") -> list[dict[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    found = rewrite(name, io.BytesIO(data))
    assert found is not None
    return list(csv.DictReader(io.StringIO(b"".join(found).decode())))


def test_the_dispositions_export_keeps_its_cells(cook: Any) -> None:
    (row,) = _rewritten(cook.lines(DISPOSITION_COLUMNS, [cook.charge()]))
    assert list(row) == list(COLUMNS)
    assert (row["ROW_PROBLEM"], row["EXPORT"], row["ROW_TEXT"]) == ("", "DISPOSITIONS", "")
    assert {name: row[name] for name in cook.charge()} == cook.charge()
    assert row["SENTENCE_TYPE"] == ""


def test_the_sentencing_export_is_put_in_the_same_columns(cook: Any) -> None:
    (row,) = _rewritten(cook.lines(SENTENCING_COLUMNS, [cook.sentence()]))
    assert row["EXPORT"] == "SENTENCING"
    assert {name: row[name] for name in cook.sentence()} == cook.sentence()


def test_columns_may_stand_in_any_order_and_under_the_names_of_the_interface(cook: Any) -> None:
    names = {"PRIMARY_CHARGE_FLAG": "primary_charge", "DISPOSITION_COURT_NAME": "court_name"}
    backwards = DISPOSITION_COLUMNS[::-1]
    text = cook.lines(
        backwards, [cook.charge(DISPOSITION_COURT_NAME="Oz")], [names.get(n, n.lower()) for n in backwards]
    )
    (row,) = _rewritten(text)
    assert row["CHARGE_ID"] == cook.charge()["CHARGE_ID"]
    assert row["PRIMARY_CHARGE_FLAG"] == "true"
    assert row["DISPOSITION_COURT_NAME"] == "Oz"


def test_columns_may_have_the_names_of_earlier_vintages(cook: Any) -> None:
    older = {
        "DISPOSITION_DATE": "DISPO_DATE",
        "FELONY_REVIEW_RESULT": "FR_RESULT",
        "FELONY_REVIEW_DATE": "FR_Date",
        "OFFENSE_CATEGORY": "Offense_Category",
        "PRIMARY_CHARGE_FLAG": "PRIMARY_CHARGE",
        "UPDATED_OFFENSE_CATEGORY": "UPDATE_OFFENSE_CATEGORY",
        "DISPOSITION_CHARGED_CHAPTER": "Chapter",
    }
    text = cook.lines(DISPOSITION_COLUMNS, [cook.charge()], [older.get(name, name) for name in DISPOSITION_COLUMNS])
    (row,) = _rewritten(text)
    assert {name: row[name] for name in cook.charge()} == cook.charge()


def test_the_length_of_the_case_is_named_as_the_portal_spells_it(cook: Any) -> None:
    header = [name.replace("_IN_DAYS", "_in_Days") for name in SENTENCING_COLUMNS]
    (row,) = _rewritten(cook.lines(SENTENCING_COLUMNS, [cook.sentence(LENGTH_OF_CASE_IN_DAYS="95")], header))
    assert row["LENGTH_OF_CASE_IN_DAYS"] == "95"


def test_a_column_that_nobody_knows_is_left_out(cook: Any) -> None:
    columns = (*DISPOSITION_COLUMNS, "FAVORITE_COLOR")
    (row,) = _rewritten(cook.lines(columns, [{**cook.charge(), "FAVORITE_COLOR": "green"}]))
    assert "green" not in row.values()
    assert row["ROW_PROBLEM"] == ""


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{row},", "it has 34 cells where the header has 33"),
        ("{short}", "it has 32 cells where the header has 33"),
        ("just words", "it has 1 cells where the header has 33"),
        ('{quoted}"x', DAMAGED_QUOTES),
        ('{quoted}"POSS RIFLE <16\'\'/SHOTGUN <18",F"', "it has 9 cells where the header has 33"),
    ],
)
def test_a_row_that_is_no_row_says_why_and_keeps_its_text(cook: Any, body: str, problem: str) -> None:
    header, row = cook.lines(DISPOSITION_COLUMNS, [cook.charge()]).splitlines()
    quoted = ",".join(row.split(",")[:7]) + ","
    bad = body.format(row=row, short=row.rpartition(",")[0], quoted=quoted)
    found = _rewritten("\n".join([header, row, bad, row, ""]))
    assert [bool(one["ROW_PROBLEM"]) for one in found] == [False, True, False]
    assert (found[1]["ROW_PROBLEM"], found[1]["ROW_TEXT"]) == (problem, bad)
    named = bad.startswith(row[:20])
    assert found[1]["CASE_PARTICIPANT_ID"] == (cook.charge()["CASE_PARTICIPANT_ID"] if named else "")


def test_a_row_that_lost_its_first_cell_names_nobody(cook: Any) -> None:
    header, row = cook.lines(DISPOSITION_COLUMNS, [cook.charge()]).splitlines()
    (found,) = _rewritten(f"{header}\n{row.partition(',')[2]}\n")
    assert found["ROW_PROBLEM"]
    assert found["CASE_PARTICIPANT_ID"] == ""


def test_a_line_that_cannot_be_a_row_is_told_and_not_kept_whole(cook: Any) -> None:
    header, row = cook.lines(DISPOSITION_COLUMNS, [cook.charge()]).splitlines()
    found = _rewritten(f"{header}\n{'x' * 70_000}\n{row}\n")
    assert found[0]["ROW_PROBLEM"] == "the line is too long to be a row"
    assert len(found[0]["ROW_TEXT"]) == 1024
    assert found[1]["ROW_PROBLEM"] == ""


def test_blank_lines_are_no_rows_and_a_mark_and_line_ends_of_windows_are_read(cook: Any) -> None:
    text = cook.lines(DISPOSITION_COLUMNS, [cook.charge(), cook.charge()]).replace("\n", "\r\n")
    found = _rewritten(b"\xef\xbb\xbf\r\n" + text.encode() + b"\r\n  \r\n")
    assert len(found) == 2
    assert not any(row["ROW_PROBLEM"] for row in found)


def test_a_row_may_be_latin_1(cook: Any) -> None:
    data = cook.lines(DISPOSITION_COLUMNS, [cook.charge(RACE="Espa\u00f1ol")]).encode("latin-1")
    (row,) = _rewritten(data)
    assert row["RACE"] == "Espa\u00f1ol"


def test_a_nul_byte_spoils_its_row_only(cook: Any) -> None:
    text = cook.lines(DISPOSITION_COLUMNS, [cook.charge(RACE="\0"), cook.charge()])
    assert [bool(row["ROW_PROBLEM"]) for row in _rewritten(text)] == [True, False]


def test_text_of_the_layout_is_read_as_it_is(cook: Any) -> None:
    assert rewrite("made.csv", io.BytesIO(cook.lines(COLUMNS, []).encode())) is None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("A,B,C", "does not begin with the header"),
        ("", "does not begin with the header"),
        ("CASE_ID,CASE_PARTICIPANT_ID,PARTICIPANT_STATUS", "is the Intake export"),
        ("CASE_ID,EVENT_DATE,BOND_TYPE_INITIAL", "is the Initiation export"),
        ("CASE_ID,DIVERSION_PROGRAM", "is the Diversion export"),
        ("CASE_ID,CASE_PARTICIPANT_ID,CHARGE_DISPOSITION", "without column [CHARGE_ID]"),
        ("CASE_ID,Case ID,CHARGE_DISPOSITION", "two columns for [CASE_ID]"),
    ],
)
def test_a_file_of_something_else_is_refused(header: str, words: str) -> None:
    with pytest.raises(InputError) as error:
        rewrite("made.csv", io.BytesIO(f"{header}\n".encode()))
    assert words in str(error.value)
    assert str(error.value).startswith("[made.csv] ")


def test_row_n_of_the_file_is_row_n_of_what_is_read(cook: Any, tmp_path: Path) -> None:
    header, row = cook.lines(DISPOSITION_COLUMNS, [cook.charge()]).splitlines()
    path = tmp_path / "damaged.csv"
    path.write_text("\n".join([header, f"{row},", "", row, "junk", ""]), encoding="utf-8")
    reading = IL_CCSAO.open([path])
    assert [(reject.place.row, reject.problem) for reject in reading.rejects] == [
        (1, "unusable cell"),
        (3, "no person"),
    ]
    assert reading.rejects[0].detail == "ROW_PROBLEM: it has 34 cells where the header has 33"
    (person,) = [person for block in reading.blocks() for person in block.persons(lambda _: True)]
    assert [place.row for place in person.missing_rows] == [1, 3]
    assert person.counts[0].place.row == 2
