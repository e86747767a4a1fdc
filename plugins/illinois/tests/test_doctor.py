"""What a look at the files finds: each check by a row that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from clearslate.ingest.examine import Examination, Severity
from clearslate_illinois.ccsao import IL_CCSAO
from clearslate_illinois.clerk import IL_CLERK

SECOND = {"CHARGE_ID": "3900000000002", "CASE_PARTICIPANT_ID": "175000000002"}


def _found(examination: Examination) -> dict[str, int]:
    return {check.id: check.count for check in examination.checks}


def test_whole_exports_have_nothing_to_tell(cook: Any) -> None:
    examination = IL_CCSAO.examine([cook.dispositions(cook.charge()), cook.sentencing(cook.sentence())])
    assert _found(examination) == {}
    assert not examination.has_problems
    tables = {table.id: table.counts for table in examination.tables}
    assert tables["exports"] == (("DISPOSITIONS", 1), ("SENTENCING", 1))
    assert tables["dispositions"] == (("plea of guilty", 1),)
    assert tables["cannabis_sections"] == (("720 ILCS 550/4(d)", 1),)


@pytest.mark.parametrize(
    ("cells", "checks"),
    [
        ({"CHAPTER": "AR", "ACT": "", "SECTION": ""}, {"unreadable_statute"}),
        ({"CHAPTER": "AR", "ACT": "", "SECTION": "", "OFFENSE_TITLE": "X=720-5\\9-1"}, {"statute_from_title"}),
        ({"ACT": "570"}, {"act_unclear"}),
        ({"ACT": "5", "SECTION": "8-4"}, {"offense_missing"}),
        ({"CLASS": "Z"}, {"unclear_class"}),
        ({"CLASS": ""}, {"no_class"}),
        ({"CHARGE_DISPOSITION": ""}, {"no_disposition"}),
        ({"CHARGE_DISPOSITION": "A New Word"}, {"unknown_word_CHARGE_DISPOSITION"}),
        ({"ARREST_DATE": ""}, {"no_arrest_date"}),
        ({"ARREST_DATE": "04/04/1915"}, {"implausible_date_ARREST_DATE"}),
        ({"DISPOSITION_DATE": "06/05/2912"}, {"implausible_date_DISPOSITION_DATE"}),
        ({"DISPOSITION_DATE": "02/30/2012"}, {"unreadable_date_DISPOSITION_DATE"}),
        ({"DISPOSITION_DATE": "01/30/2012"}, {"backwards_dates"}),
        ({"INCIDENT_BEGIN_DATE": "04/30/2012"}, {"backwards_dates"}),
        ({"CLASS": "White"}, {"rejected_unusable_cell_DISPOSITION_CHARGED_CLASS"}),
        ({"CASE_PARTICIPANT_ID": ""}, {"rejected_no_person"}),
        ({"CASE_PARTICIPANT_ID": "175000000002", "CHARGE_ID": "3900000000001"}, {"shared_charge"}),
    ],
)
def test_a_row_of_a_charge_shows_what_is_odd(cook: Any, cells: dict[str, str], checks: set[str]) -> None:
    dropped = cook.charge(**{**SECOND, "CHARGE_DISPOSITION": "FNG", **cells})
    files = [cook.dispositions(cook.charge(), dropped), cook.sentencing(cook.sentence())]
    examination = IL_CCSAO.examine(files)
    assert set(_found(examination)) == checks
    for check in examination.checks:
        assert check.count == 1
        assert len(check.rows) == 1
        assert (check.severity is Severity.PROBLEM) is check.id.startswith("rejected")


@pytest.mark.parametrize(
    ("cells", "checks"),
    [
        ({"COMMITMENT_TERM": "24 wrap"}, {"unreliable_term"}),
        ({"COMMITMENT_UNIT": "Grams"}, {"unreliable_term"}),
        ({"SENTENCE_PHASE": "A New Phase"}, {"unknown_word_SENTENCE_PHASE"}),
        ({"SENTENCE_TYPE": "A New Type"}, {"unknown_word_SENTENCE_TYPE"}),
        ({"COMMITMENT_TYPE": "A New One"}, {"unknown_word_COMMITMENT_TYPE"}),
        ({"SENTENCE_DATE": "09/20/2921"}, {"implausible_date_SENTENCE_DATE"}),
        ({"SENTENCE_DATE": "03/05/2011"}, {"backwards_dates"}),
        ({"CHARGE_ID": "3900000000009"}, {"sentence_without_disposition", "guilty_without_sentence"}),
        ({"CHARGE_DISPOSITION": "FNG"}, {"sentence_not_guilty"}),
        ({"CHARGE_VERSION_ID": "4100000000009"}, {"several_versions"}),
    ],
)
def test_a_row_of_a_sentence_shows_what_is_odd(cook: Any, cells: dict[str, str], checks: set[str]) -> None:
    examination = IL_CCSAO.examine([cook.dispositions(cook.charge()), cook.sentencing(cook.sentence(**cells))])
    assert set(_found(examination)) == checks


def test_an_export_that_is_missing_is_told(cook: Any) -> None:
    examination = IL_CCSAO.examine([cook.dispositions(cook.charge())])
    assert set(_found(examination)) == {"one_export_only", "guilty_without_sentence"}
    (says,) = [check.says for check in examination.checks if check.id == "one_export_only"]
    assert "no row is of the Sentencing export" in says


def test_rows_that_repeat_a_file_are_told(cook: Any) -> None:
    files = [cook.dispositions(cook.charge()), cook.sentencing(cook.sentence())]
    copy = cook.folder / "copy.csv"
    copy.write_bytes(files[0].read_bytes())
    assert _found(IL_CCSAO.examine([*files, copy])) == {"repeated_rows": 1}


@pytest.mark.parametrize(
    ("cells", "checks"),
    [
        ({}, set()),
        ({"statute": "UUW"}, {"unreadable_statute"}),
        ({"ammndchargstatute": "UUW"}, {"unreadable_statute", "amended"}),
        ({"statute": "720-570/4(D)"}, {"act_unclear"}),
        ({"chrgdisp": "A NEW LITERAL"}, {"unknown_word_chrgdisp"}),
        ({"statepoliceid": ""}, {"no_state_identifier"}),
        ({"case_number": "X1"}, {"unread_case_number"}),
        ({"minsent": "", "maxsent": "00000000"}, {"no_sentence_length"}),
        ({"arrest_date": "10-MAY-06"}, {"backwards_dates"}),
        ({"arrest_date": ""}, {"no_date_arrest_date"}),
        ({"DOB": "03-MAY-05"}, {"implausible_date_DOB"}),
        ({"chrgdispdate": "31-APR-06"}, {"unreadable_date_chrgdispdate"}),
    ],
)
def test_a_row_of_the_clerk_shows_what_is_odd(cook: Any, cells: dict[str, str], checks: set[str]) -> None:
    path = cook.folder / "clerk.csv"
    path.write_text(cook.clerk_file(cook.clerk(**cells)), encoding="utf-8")
    examination = IL_CLERK.examine([path])
    assert set(_found(examination)) == checks
    (table,) = examination.tables
    assert table.counts == ((cells.get("chrgdisp", "DEF SENTENCED TO PROBATION").lower(), 1),)
