from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from clearslate.errors import UsageError
from clearslate.filing.layouts import ColumnEntry, Layout, LayoutFile, parse_layout, read_layout
from clearslate.filing.meanings import MEANINGS, Subject
from clearslate.filing.updates import DOJ_CELLS, DOJ_MEANINGS, court_update, court_update_test, doj_update
from clearslate.ingest.cells import unneutral
from clearslate.model import PartialDate
from clearslate.policy.determination import Decision, Outcome, RouteRuling
from clearslate.testing.factories import make_statute
from clearslate_california.columns import COLUMNS

ROOT = Path(__file__).parents[3]

CSV = """
title = "Oz: updates"
file = "court_update.csv"
format = "csv"
date_format = "MM/DD/YYYY"

[[columns]]
name = "CASE"
from = "case_number"
width = 20
required = true

[[columns]]
name = "NAME"
from = "name"

[[columns]]
name = "BORN"
from = "birth_date"

[[columns]]
name = "RELIEF"
from = "relief"
values = { dismiss_and_seal = "DS", redesignate_misdemeanor = "RM" }

[[columns]]
name = "GRADE"
from = "new_grade"
values = { misdemeanor = "M", infraction = "I" }

[[columns]]
name = "ORI"
cell = "STP_ORI_CODE"

[[columns]]
name = "SENT_BY"
text = "CLEARSLATE"
"""
FIXED = (
    CSV.replace('format = "csv"', 'format = "fixed_width"\nencoding = "ascii"')
    .replace('from = "name"', 'from = "name"\nwidth = 30')
    .replace('from = "birth_date"', 'from = "birth_date"\nwidth = 10')
    .replace('from = "relief"', 'from = "relief"\nwidth = 2')
    .replace('from = "new_grade"', 'from = "new_grade"\nwidth = 1')
    .replace('cell = "STP_ORI_CODE"', 'cell = "STP_ORI_CODE"\nwidth = 9\nalign = "right"\npad = "0"')
    .replace('text = "CLEARSLATE"', 'text = "CLEARSLATE"\nwidth = 10')
)
JSON = CSV.replace('format = "csv"', 'format = "json"').replace("court_update.csv", "court_update.json")
ORI = {"STP_ORI_CODE": "A12345678"}


def _layout(text: str) -> Layout:
    return parse_layout(text, "oz.toml")


def _entries(desk: Any) -> list[Any]:
    return [
        desk.entry(cells=ORI, names=("NUNEZ,TIP",), case=("OZ-1", "OZ-2")),
        desk.entry(cells=ORI, relief="redesignate_misdemeanor"),
        desk.entry(cells=ORI, outcome="ineligible"),
        desk.objected(cells=ORI),
        desk.entry(cells=ORI, outcome="review"),
    ]


def _written(desk: Any, layout: str, entries: list[Any] | None = None, **setting: Any) -> bytes:
    parsed = _layout(layout)
    given = _entries(desk) if entries is None else entries
    rows, out = desk.written(lambda folder: court_update(given, desk.setting(**setting), parsed, folder))
    data: bytes = (out / parsed.file.file).read_bytes()
    assert rows == len(parsed.read_back(data))
    return data


def _refused(desk: Any, layout: str, *entries: Any) -> str:
    with pytest.raises(UsageError) as caught:
        _written(desk, layout, list(entries) or None)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_only_what_is_granted_is_in_the_update_as_csv(desk: Any) -> None:
    assert _written(desk, CSV).decode().splitlines() == [
        "CASE,NAME,BORN,RELIEF,GRADE,ORI,SENT_BY",
        'OZ-1; OZ-2,"NUNEZ,TIP",01/01/1980,DS,,A12345678,CLEARSLATE',
        'OZ-0002,"GALE,DOROTHY",01/01/1980,RM,M,A12345678,CLEARSLATE',
    ]


def test_the_same_in_fixed_width(desk: Any) -> None:
    lines = _written(desk, FIXED).decode().splitlines()
    assert lines[0] == "OZ-1; OZ-2          NUNEZ,TIP                     01/01/1980DS A12345678CLEARSLATE"
    assert {len(line) for line in lines} == {82}


def test_the_same_in_json(desk: Any) -> None:
    read = json.loads(_written(desk, JSON))
    assert read[1] == {
        "CASE": "OZ-0002",
        "NAME": "GALE,DOROTHY",
        "BORN": "01/01/1980",
        "RELIEF": "RM",
        "GRADE": "M",
        "ORI": "A12345678",
        "SENT_BY": "CLEARSLATE",
    }


def test_a_run_without_a_grant_makes_an_empty_update(desk: Any) -> None:
    assert _written(desk, CSV, []) == b"CASE,NAME,BORN,RELIEF,GRADE,ORI,SENT_BY\n"
    assert _written(desk, FIXED, []) == b""
    assert json.loads(_written(desk, JSON, [])) == []


@pytest.mark.parametrize("layout", [CSV, FIXED, JSON])
def test_the_same_bytes_twice(desk: Any, layout: str) -> None:
    entries = _entries(desk)
    assert _written(desk, layout, entries) == _written(desk, layout, entries)


def test_more_than_a_piece_is_written_whole(desk: Any) -> None:
    entries = [desk.entry(cells=ORI) for _ in range(1203)]
    assert len(json.loads(_written(desk, JSON, entries))) == 1203
    assert _written(desk, FIXED, entries).count(b"\n") == 1203


SEPARATORS = [("lf", b"\n"), ("crlf", b"\r\n")]


@pytest.mark.parametrize(("name", "ends"), SEPARATORS)
def test_records_end_as_the_layout_says(desk: Any, name: str, ends: bytes) -> None:
    layout = CSV.replace('format = "csv"', f'format = "csv"\nrecord_separator = "{name}"')
    assert _written(desk, layout).count(ends) == 3


def test_records_of_fixed_width_may_have_nothing_between_them(desk: Any) -> None:
    layout = FIXED.replace('format = "fixed_width"', 'format = "fixed_width"\nrecord_separator = "none"')
    assert len(_written(desk, layout)) == 2 * 82


def test_a_mainframe_gets_ebcdic(desk: Any) -> None:
    data = _written(desk, FIXED.replace('encoding = "ascii"', 'encoding = "ebcdic"'))
    assert data[:4] == b"\xd6\xe9\x60\xf1"
    assert data.decode("cp037").startswith("OZ-1; OZ-2 ")


def test_another_delimiter_quotes_what_holds_it(desk: Any) -> None:
    layout = CSV.replace('format = "csv"', 'format = "csv"\ndelimiter = "semicolon"\nheader = false')
    line = _written(desk, layout).decode().splitlines()[0]
    assert line == '"OZ-1; OZ-2";NUNEZ,TIP;01/01/1980;DS;;A12345678;CLEARSLATE'


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless_in_csv(desk: Any) -> None:
    entry = desk.entry(cells=ORI, case="=1+1", names=("@SUM(A1)",))
    row = next(csv.reader(io.StringIO(_written(desk, CSV, [entry]).decode().split("\n", 1)[1])))
    assert row[:2] == ["'=1+1", "'@SUM(A1)"]
    assert [unneutral(cell) for cell in row[:2]] == ["=1+1", "@SUM(A1)"]


def test_what_is_too_long_is_an_error_that_names_row_and_column(desk: Any) -> None:
    fits, long = desk.entry(cells=ORI, case="X" * 20), desk.entry(cells=ORI, case="X" * 21)
    for layout in (CSV, FIXED, JSON):
        assert b"X" * 20 in _written(desk, layout, [fits])
        message = _refused(desk, layout, fits, long)
        assert message.startswith("layout file [oz.toml], row [2], column [CASE]: has 21 characters where 20 fit")
        assert "XX" not in message


def test_a_character_outside_the_encoding_is_an_error(desk: Any) -> None:
    entry = desk.entry(cells=ORI, names=("ÑANDU,ZOÉ",))
    assert "row [1], column [NAME]: holds a character that [ascii] does not have" in _refused(desk, FIXED, entry)
    assert "ÑANDU".encode("latin-1") in _written(desk, FIXED.replace('"ascii"', '"windows-1252"'), [entry])
    ascii_json = JSON.replace('format = "json"', 'format = "json"\nencoding = "ascii"')
    assert json.loads(_written(desk, ascii_json, [entry]))[0]["NAME"] == "ÑANDU,ZOÉ"


def test_half_of_a_character_is_an_error(desk: Any) -> None:
    entry = desk.entry(cells=ORI, names=("A\ud800",))
    for layout in (CSV, JSON):
        assert "column [NAME]: holds a character" in _refused(desk, layout, entry)


def test_what_the_court_requires_may_not_be_blank(desk: Any) -> None:
    assert "row [1], column [CASE]: is blank" in _refused(desk, CSV, desk.entry(cells=ORI, case=(" ",)))


def test_a_value_that_touches_its_padding_is_an_error(desk: Any) -> None:
    message = _refused(desk, FIXED, desk.entry(cells={"STP_ORI_CODE": "0012345"}))
    assert "row [1], column [ORI]: touches the pad sign [0]" in message
    assert "0012345" not in message


def test_a_sign_that_does_not_print_has_no_place_in_fixed_width(desk: Any) -> None:
    assert "column [ORI]: holds a line break" in _refused(desk, FIXED, desk.entry(cells={"STP_ORI_CODE": "A\nB"}))


def test_a_value_without_a_code_is_an_error(desk: Any) -> None:
    layout = CSV.replace(', redesignate_misdemeanor = "RM"', "")
    assert "column [RELIEF]: no code for the relief [redesignate_misdemeanor]" in _refused(desk, layout)
    layout = CSV.replace('misdemeanor = "M", ', "")
    assert "row [2], column [GRADE]: has a value [misdemeanor] that its table" in _refused(desk, layout)
    layout = CSV.replace('from = "name"', 'from = "name"\nvalues = { X = "Y" }')
    assert "row [1], column [NAME]: has a value that its table" in _refused(desk, layout)


def test_a_partial_date_is_refused_or_written_with_zeros(desk: Any) -> None:
    entry = desk.entry(cells=ORI, person={"birth_date": "1980"})
    assert "row [1], column [BORN]: is a date of which only a part is known" in _refused(desk, CSV, entry)
    zeros = CSV.replace("MM/DD/YYYY", "YYYYMMDD").replace('format = "csv"', 'format = "csv"\npartial_dates = "zeros"')
    data = _written(desk, zeros, [entry, desk.entry(cells=ORI, person={"birth_date": None})])
    assert [row.split(",")[3] for row in data.decode().splitlines()[1:]] == ["19800000", ""]
    assert _layout(zeros).read_back(data)[0][2] == PartialDate(1980)


def test_a_column_that_the_source_lacks_is_named(desk: Any) -> None:
    assert "column [ORI]: the source has no column [STP_ORI_CODE]" in _refused(desk, CSV, desk.entry())


def test_a_case_number_with_a_path_in_it_stays_a_cell(desk: Any) -> None:
    entries = [desk.entry(cells=ORI, case=case) for case in ("../../x", "C:\\con", "a/b\0c")]
    for layout in (CSV, JSON):
        _, out = desk.written(lambda f, of=layout: court_update(entries, desk.setting(), _layout(of), f))
        assert len(list(out.iterdir())) == 1


def test_of_several_reliefs_one_is_chosen_or_the_row_is_named(desk: Any) -> None:
    reliefs = ("redesignate_misdemeanor", "dismiss_and_seal")
    entry = desk.entry(cells=ORI)
    routes = tuple(
        RouteRuling(relief, Decision(Outcome.ELIGIBLE, relief), "a_rule", "So.", (), (), (), ()) for relief in reliefs
    )
    decided = replace(entry.decided, determination=replace(entry.decided.determination, routes=routes))
    entry = replace(entry, decided=decided)
    assert entry.reliefs == reliefs
    assert "row [1] of [rolls.csv] has the reliefs [redesignate_misdemeanor, dismiss_and_seal]" in _refused(
        desk, CSV, entry
    )
    assert b",RM,M," in _written(desk, CSV, [entry], relief="redesignate_misdemeanor")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('from = "birth_date"', 'from = "birthdate"', "key [columns.3]: from: no meaning [birthdate]; did you mean"),
        ('name = "BORN"', 'nme = "BORN"', "unknown key [columns.3.nme]; did you mean [name]?"),
        ('text = "CLEARSLATE"', 'text = "X"\ncell = "Y"', "takes one of from (a meaning), cell"),
        ('name = "NAME"', 'name = "CASE"', "columns: [CASE] stands twice"),
        ('"RM"', '"DS"', "values: [DS] stands for two values"),
        ("MM/DD/YYYY", "MM/DD/YY", "date format [MM/DD/YY] takes YYYY, MM and DD once each"),
        ('from = "name"', 'from = "name"\ndate_format = "YYYYMMDD"', "date_format belongs to a meaning that is a date"),
        ('from = "birth_date"', 'from = "birth_date"\nvalues = { A = "B" }', "a date has no table of values"),
        ("court_update.csv", "../court.csv", "key [file]: String should match pattern"),
        ('format = "csv"', 'format = "csv"\nrecord_separator = "none"', "none only in a file of fixed width"),
        ('format = "csv"', 'format = "fixed_width"', "a file of fixed width takes one of one byte a character"),
        ('format = "csv"', 'format = "fixed_width"\nencoding = "ascii"', "columns.NAME needs a width"),
        ('format = "csv"', 'format = "json"\nencoding = "ebcdic"', "JSON is written in utf-8, or in ascii"),
        ('title = "Oz: updates"', "", "key [title] is missing"),
        (
            "[[columns]]",
            '[new_sections.x]\n"nonsense" = "y"\n[[columns]]',
            "new_sections.x: [nonsense] is not a section",
        ),
    ],
)
def test_a_layout_is_refused_with_file_and_key(old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        _layout(CSV.replace(old, new, 1))
    assert str(caught.value).startswith("layout file [oz.toml]: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT, st.none() | st.dates(dt.date(1900, 1, 1))), max_size=5), st.sampled_from("cj"))
def test_whatever_is_written_reads_back_the_same(desk: Any, rows: list[Any], kind: str) -> None:
    layout = _layout({"c": CSV.replace("required = true\n", ""), "j": JSON.replace("required = true\n", "")}[kind])
    records = [
        [case, name, "" if born is None else PartialDate.of(born), "", "", "", "CLEARSLATE"]
        for case, name, born in rows
    ]
    data = layout.between.join(layout.record(record, row) for row, record in enumerate(records, 1))
    assert layout.read_back(layout.opening + data + layout.closing) == records


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(max_codepoint=300), max_size=22), st.text(st.sampled_from("0A "), max_size=9))
def test_fixed_width_reads_back_the_same_or_is_refused(case: str, ori: str) -> None:
    layout = _layout(FIXED)
    record = [case, "X", "", "DS", "", ori, "CLEARSLATE"]
    with contextlib.suppress(UsageError):
        data = layout.record(record, 1)
        assert len(data) == 83
        assert layout.read_back(data) == [record]


def test_a_file_of_another_layout_is_refused() -> None:
    for layout, data in ((CSV, b"A,B\n1,2\n"), (FIXED, b"short"), (JSON, b'[{"A": "1"}]'), (JSON, b"[")):
        with pytest.raises(UsageError, match="is not as layout file"):
            _layout(layout).read_back(data)


@pytest.mark.parametrize("layout", [CSV, FIXED, JSON])
def test_the_test_file_holds_each_code_and_what_must_be_read(desk: Any, layout: str) -> None:
    parsed = _layout(layout)
    records, out = desk.written(lambda folder: court_update_test(desk.reform, parsed, folder))
    stem, suffix = parsed.file.file.split(".")
    read = parsed.read_back((out / f"{stem}_test.{suffix}").read_bytes())
    assert len(read) == records
    assert {record[3] for record in read} == {"dismiss_and_seal", "redesignate_misdemeanor", ""}
    assert any(record[0] == "X" * 20 for record in read)
    assert any(record[1] == record[2] == "" for record in read)
    expected = desk.table(out / f"{stem}_test_expected.csv")
    assert len(expected) == records * 7
    assert expected[2] == {"record": "1", "column": "BORN", "value": "2001-02-03"}


def test_the_test_file_needs_a_code_for_every_relief_of_the_reform(desk: Any) -> None:
    layout = _layout(CSV.replace(', redesignate_misdemeanor = "RM"', ""))
    with pytest.raises(UsageError, match=r"no code for the relief \[redesignate_misdemeanor\]"):
        desk.written(lambda folder: court_update_test(desk.reform, layout, folder))


def test_the_example_of_a_layout_writes_and_reads_back(desk: Any) -> None:
    layout = read_layout(ROOT / "examples/court_update.toml")
    entry = desk.entry(cells={"CNT_ORDER": "001002001000"})
    rows, out = desk.written(lambda folder: court_update([entry], desk.setting(), layout, folder))
    assert rows == 1
    assert len(layout.read_back((out / layout.file.file).read_bytes())) == 1


# The repository's update ---------------------------------------------------------------------------

CELLS = {column: f"{column} " for column in DOJ_CELLS}


def _doj(desk: Any, *entries: Any, only: bool = False, **setting: Any) -> list[dict[str, str]]:
    given = desk.setting(**setting)
    rows, out = desk.written(lambda folder: doj_update(entries, given, folder, ordered_only=only))
    table: list[dict[str, str]] = desk.table(out / "doj_update.csv")
    assert len(table) == rows
    return table


def test_every_identifying_column_of_the_source_is_kept_as_it_is(desk: Any) -> None:
    (row,) = _doj(desk, desk.entry(cells=CELLS, identifiers=("A1",)))
    assert {column: row[column] for column in DOJ_CELLS} == CELLS
    assert (row["cii"], row["docket"], row["count"]) == ("A1", "OZ-0001", "000000000001")
    assert {"STP_ORI_CODE", "CNT_ORDER", "FE_NUM_DOCKET", "FE_NUM_WARRANT", "CII_NUMBER"} <= set(DOJ_CELLS)


def test_the_identifying_columns_are_columns_of_the_doj_file() -> None:
    assert set(DOJ_CELLS) <= set(COLUMNS)
    assert {column for column in COLUMNS if column.startswith("FE_NUM_")} <= set(DOJ_CELLS)


def test_the_order_is_blank_until_the_court_has_answered(desk: Any) -> None:
    waits, ordered = desk.entry(cells=CELLS), desk.entry(cells=CELLS)
    rows = _doj(desk, waits, ordered, orders=desk.orders(ordered))
    assert [(row["order_date"], row["judge"], row["report_by"]) for row in rows] == [
        ("", "", ""),
        ("2026-01-20", "Oscar Diggs", "2026-02-19"),
    ]
    (only,) = _doj(desk, waits, ordered, only=True, orders=desk.orders(ordered))
    assert only["source_row"] == str(ordered.decided.count.place.row)


def test_the_new_grade_is_what_the_relief_leaves(desk: Any) -> None:
    gone, lesser = (
        desk.entry(cells=CELLS, relief=relief, statute="ZZ 100(a)")
        for relief in ("dismiss_and_seal", "redesignate_misdemeanor")
    )
    rows = _doj(desk, gone, lesser)
    assert [(r["old_section"], r["old_grade"], r["new_section"], r["new_grade"]) for r in rows] == [
        ("ZZ 100(a)", "felony", "", ""),
        ("ZZ 100(a)", "felony", "", "misdemeanor"),
    ]


def test_a_relief_that_leaves_the_conviction_unchanged_keeps_the_grade(desk: Any) -> None:
    reliefs = [relief.model_copy(update={"leaves": "unchanged"}) for relief in desk.reform.reliefs]
    reform = desk.reform.model_copy(update={"reliefs": reliefs})
    (row,) = _doj(desk, desk.entry(cells=CELLS, grade="infraction"), reform=reform)
    assert (row["new_section"], row["new_grade"]) == ("ZZ 100", "infraction")


def test_the_new_section_is_blank_unless_the_office_says_it(desk: Any) -> None:
    said = {"redesignate_misdemeanor": {"ZZ 100(a)": "ZZ 100(b)"}}
    plain, attempt, other = (
        desk.entry(cells=CELLS, relief="redesignate_misdemeanor", statute=statute)
        for statute in ("ZZ 100(a)", make_statute("ZZ 100(a)", attempt=True), "ZZ 101")
    )
    rows = _doj(desk, plain, attempt, other, new_sections=said)
    assert [row["new_section"] for row in rows] == ["ZZ 100(b)", "", ""]


def test_only_what_is_granted_goes_to_the_repository(desk: Any) -> None:
    entries = [desk.entry(cells=CELLS, outcome=outcome) for outcome in ("eligible", "ineligible", "review", "refer")]
    assert len(_doj(desk, *entries, desk.objected(cells=CELLS))) == 1


def test_a_source_without_the_columns_is_refused(desk: Any) -> None:
    with pytest.raises(UsageError, match=r"needs the column \[RECORD_ID\], which \[rolls.csv\] does not have"):
        _doj(desk, desk.entry())


def test_no_cell_of_the_repository_s_update_is_a_formula(desk: Any) -> None:
    (row,) = _doj(desk, desk.entry(cells={**CELLS, "OFN": "=cmd|x"}, names=("=cmd|x",)))
    assert (row["OFN"], row["name"]) == ("'=cmd|x", "'=cmd|x")


def test_the_repository_s_update_is_the_same_twice(desk: Any) -> None:
    entries = [desk.entry(cells=CELLS) for _ in range(3)]
    assert _doj(desk, *entries) == _doj(desk, *entries)


def test_every_meaning_has_a_value_and_no_name_of_a_column_stands_twice(desk: Any) -> None:
    subject = Subject(desk.entry(), 1, desk.setting())
    for name, meaning in MEANINGS.items():
        value = meaning.of(subject)
        assert isinstance(value, str | PartialDate), name
        assert isinstance(value, PartialDate) <= isinstance(meaning.sample, PartialDate), name
    columns = [column for column, _ in DOJ_MEANINGS] + list(DOJ_CELLS)
    assert len(columns) == len(set(columns))


def test_every_key_and_column_is_documented() -> None:
    page = (ROOT / "docs/filing-updates.md").read_text("utf-8")
    keys = [field.alias or name for model in (LayoutFile, ColumnEntry) for name, field in model.model_fields.items()]
    assert [key for key in (*keys, *(column for column, _ in DOJ_MEANINGS)) if f"`{key}`" not in page] == []
