"""What a look at DOJ files before a run finds, on files of a few invented rows."""

import csv
from pathlib import Path

import pytest

from clearslate.errors import InputError
from clearslate.ingest.examine import Check, Examination, Examiner, Severity
from clearslate_california.columns import COLUMNS
from clearslate_california.doj import CA_DOJ

_SOUND = {
    "SUBJECT_ID": "10000001",
    "CII_NUMBER": "9900000001",
    "PRI_NAME": "ZYXQUELL,ORLA",
    "PRI_DOB": "19700203",
    "CYC_DATE": "20100101",
    "STP_EVENT_DATE": "20100201",
    "DISP_DATE": "20100201",
    "STP_TYPE_DESCR": "COURT ACTION",
    "STP_ORI_CNTY_NAME": "ALPINE",
    "CNT_ORDER": "101002001000",
    "OFFENSE_DESCR": "11358 HS-CULTIVATE MARIJUANA",
    "OFFENSE_TOC": "F",
    "DISP_DESCR": "CONVICTED",
    "CONV_STAT_DESCR": "FELONY",
    "SENT_LOC_DESCR": "JAIL",
    "SENT_LENGTH": "30",
    "SENT_TIME_CODE": "D",
    "END_OF_REC": "#",
}


def _write(path: Path, *rows: dict[str, str], header: bool = True, extra: str = "") -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        if header:
            writer.writerow(COLUMNS)
        writer.writerows([(_SOUND | row).get(name, "") for name in COLUMNS] for row in rows)
        handle.write(extra)
    return path


def _examine(tmp_path: Path, *rows: dict[str, str], extra: str = "") -> dict[str, Check]:
    found = CA_DOJ.examine([_write(tmp_path / "oz.dat", *rows, extra=extra)])
    return {check.id: check for check in found.checks}


def _counts(found: Examination, table: str) -> dict[str, int]:
    return dict(next(entry.counts for entry in found.tables if entry.id == table))


def test_the_doj_reader_is_an_examiner() -> None:
    assert isinstance(CA_DOJ, Examiner)


def test_a_sound_file_has_nothing_to_say(tmp_path: Path) -> None:
    path = _write(tmp_path / "oz.dat", {}, {"SUBJECT_ID": "10000002", "CII_NUMBER": "9900000002"})
    before = path.read_bytes()
    found = CA_DOJ.examine([path])
    assert found.checks == ()
    assert not found.has_problems
    assert (found.rows_read, found.people) == (2, 2)
    assert [(file.name, file.has_header, file.encoding) for file in found.inputs] == [("oz.dat", True, "ASCII")]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("check", "row", "severity"),
    [
        ("unreadable_statute", {"OFFENSE_DESCR": "MARIJUANA"}, Severity.WARNING),
        ("code_guessed", {"OFFENSE_DESCR": "11360(B) SELL"}, Severity.INFO),
        ("offense_from_comment", {"OFFENSE_DESCR": "", "COMMENT_TEXT": "11359 HS"}, Severity.INFO),
        ("comment_other_statute", {"COMMENT_TEXT": "459 PC"}, Severity.INFO),
        ("missing_disposition", {"DISP_DESCR": ""}, Severity.WARNING),
        ("doubtful_disposition", {"DISP_DESCR": "PLED NOLO"}, Severity.WARNING),
        ("unknown_kind", {"STP_TYPE_DESCR": "WIZARDRY"}, Severity.INFO),
        ("blank_county", {"STP_ORI_CNTY_NAME": "NULL"}, Severity.WARNING),
        ("blank_grade", {"CONV_STAT_DESCR": "", "OFFENSE_TOC": ""}, Severity.WARNING),
        ("unknown_grade", {"CONV_STAT_DESCR": "GRAVE"}, Severity.WARNING),
        ("unknown_sentence_unit", {"SENT_TIME_CODE": "N"}, Severity.WARNING),
        ("unreadable_sentence_length", {"SENT_LENGTH": "SOME"}, Severity.WARNING),
        ("no_sentence", {"SENT_LOC_DESCR": "", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}, Severity.INFO),
        ("disposed_before_arrest", {"CYC_DATE": "20100202"}, Severity.WARNING),
        ("arrested_before_birth", {"PRI_DOB": "20100102"}, Severity.WARNING),
        ("no_disposition_date", {"STP_EVENT_DATE": "", "DISP_DATE": "00000000"}, Severity.WARNING),
        ("no_arrest_date", {"CYC_DATE": ""}, Severity.WARNING),
        ("no_birth_date", {"PRI_DOB": ""}, Severity.WARNING),
        ("partial_date_STP_EVENT_DATE", {"STP_EVENT_DATE": "20100000"}, Severity.INFO),
        ("unreadable_date_PRI_DOB", {"PRI_DOB": "19701301"}, Severity.WARNING),
        ("slashed_date_CYC_DATE", {"CYC_DATE": "1/1/2010"}, Severity.WARNING),
        ("scientific_CII_NUMBER", {"CII_NUMBER": "9.9E+09"}, Severity.PROBLEM),
        ("decimal_SUBJECT_ID", {"SUBJECT_ID": "10000001.0"}, Severity.PROBLEM),
        ("decimal_SENT_LENGTH", {"SENT_LENGTH": "30.0"}, Severity.WARNING),
        ("hashes_DISP_DATE", {"DISP_DATE": "########"}, Severity.WARNING),
        ("lost_zeros", {"CNT_ORDER": "1002001000"}, Severity.PROBLEM),
        ("scientific_CNT_ORDER", {"CNT_ORDER": "1.01002E+11"}, Severity.PROBLEM),
        ("rejected_unusable_cell", {"CNT_ORDER": "101"}, Severity.PROBLEM),
        ("rejected_no_person", {"SUBJECT_ID": "", "CII_NUMBER": ""}, Severity.PROBLEM),
    ],
)
def test_each_oddity_is_counted_where_it_stands(
    tmp_path: Path, check: str, row: dict[str, str], severity: Severity
) -> None:
    other = {"SUBJECT_ID": "10000002", "CII_NUMBER": "9900000002"}
    found = _examine(tmp_path, other, other, {"CNT_ORDER": "102002001000"} | row)
    assert check in found
    assert (found[check].severity, found[check].count) == (severity, 1)
    assert [(place.row, place.line) for place in found[check].rows] == [(3, 4)]


def test_a_fine_needs_no_unit(tmp_path: Path) -> None:
    assert _examine(tmp_path, {"SENT_LOC_DESCR": "FINE", "SENT_LENGTH": "100", "SENT_TIME_CODE": ""}) == {}


def test_a_short_row_is_a_rejected_row(tmp_path: Path) -> None:
    found = _examine(tmp_path, {}, extra="too,short\r\n")
    assert found["rejected_field_count"].rows[0].row == 2


def test_a_shorter_number_than_most_may_have_lost_its_zeros(tmp_path: Path) -> None:
    ciis = ["9900000001", "9900000002", "900003", "A1"]
    rows = [{"SUBJECT_ID": str(100 + place), "CII_NUMBER": cii} for place, cii in enumerate(ciis)]
    found = _examine(tmp_path, *rows)
    assert [place.row for place in found["short_cii"].rows] == [3]


def test_persons_that_cannot_be_told_apart_are_counted(tmp_path: Path) -> None:
    found = _examine(
        tmp_path,
        {},
        {"PRI_DOB": "19700204"},
        {"SUBJECT_ID": "10000002"},
    )
    assert [place.row for place in found["two_birth_dates"].rows] == [1]
    assert [place.row for place in found["shared_identifier"].rows] == [1, 3]
    assert found["shared_identifier"].count == 2


def test_persons_spread_over_rows_and_files_are_counted_and_repeated_rows_too(tmp_path: Path) -> None:
    other = {"SUBJECT_ID": "10000002", "CII_NUMBER": "9900000002"}
    first = _write(tmp_path / "a.dat", {}, other, {"CNT_ORDER": "102002001000"})
    second = _write(tmp_path / "b.dat", other, {"SUBJECT_ID": "10000001", "CNT_ORDER": "103002001000"}, header=False)
    found = {check.id: check for check in CA_DOJ.examine([first, second]).checks}
    assert [place.row for place in found["not_together"].rows] == [1]
    assert [place[:2] for place in found["several_files"].rows] == [(0, 1)]
    assert found["repeated_rows"].count == 1


def test_a_rejected_row_between_two_rows_of_a_person_does_not_part_them(tmp_path: Path) -> None:
    found = _examine(tmp_path, {}, {"CNT_ORDER": "X"}, {"CNT_ORDER": "102002001000"})
    assert set(found) == {"rejected_unusable_cell"}


def test_counties_and_sections_are_counted_over_convictions(tmp_path: Path) -> None:
    rows = [
        {"OFFENSE_DESCR": text, "CNT_ORDER": f"{101 + place}002001000"}
        for place, text in enumerate(["11358 HS", "11357.5(A) HS", "664/11359 HS", "211360.5 VC", "459 PC", "459 PC"])
    ]
    found = CA_DOJ.examine(
        [_write(tmp_path / "oz.dat", *rows, {"CNT_ORDER": "999001001000", "DISP_DESCR": "DISMISSED"})]
    )
    assert _counts(found, "counties") == {"ALPINE": 6}
    assert _counts(found, "cannabis_sections") == {"HS 11358": 1, "HS 11357.5(a)": 1, "attempt of HS 11359": 1}
    assert _counts(found, "other_sections") == {"PC 459": 2, "VC 211360.5": 1}


def test_nothing_personal_is_said(tmp_path: Path) -> None:
    row = {"PRI_DOB": "2/3/1970", "CII_NUMBER": "9.9E+09", "SUBJECT_ID": "10000001.0", "PRI_NAME": "##########"}
    found = CA_DOJ.examine([_write(tmp_path / "oz.dat", row)])
    assert len(found.checks) >= 4
    assert not [cell for cell in row.values() for check in found.checks if cell in check.says.split()]


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("name,colour\nORLA,green\n", encoding="utf-8")
    with pytest.raises(InputError):
        CA_DOJ.examine([path])
