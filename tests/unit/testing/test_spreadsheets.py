"""What a spreadsheet does to a file of law cases: it comes back right, or is refused with the cell named."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from tests.unit.testing.test_sheets import ANY, CASE, OTHER, cases_of, changed, csv_of, refusal, table

from clearslate.errors import InputError
from clearslate.ingest.cells import neutral
from clearslate.model import PartialDate
from clearslate.testing import sheets
from clearslate.testing.sheets.cells import MOST_BYTES, Cell, protected, read_text, unprotected, written

MAY_1 = dt.datetime(2010, 5, 1)  # noqa: DTZ001 - a workbook's dates have no zone


@pytest.mark.parametrize(
    "text",
    ["007", "1E5", "2001-05-31", "2001-05", "1/2", "12 A", "MAR 5", "5 May", "true", "12:30", "50%", "=1", "-x", "@a"],
)
def test_csv_keeps_from_a_spreadsheet_what_it_would_change(text: str) -> None:
    assert protected(Cell(text)) == f"'{text}"
    assert unprotected(f"'{text}") == text


@pytest.mark.parametrize(
    "text", ["A53", "100 ZZ", "11357 HS", "180 day JAIL", "May", "ZZ Acts 2016 c. 1 s 4(b)", "-", ""]
)
def test_csv_leaves_other_text_alone(text: str) -> None:
    assert protected(Cell(text)) == text


@given(
    st.one_of(
        ANY, st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", " =", "\uff1d"]), ANY)
    )
)
def test_any_text_is_safe_in_a_csv_and_comes_back(text: str) -> None:
    cell = protected(Cell(written(text)))
    assert cell.startswith("'") or neutral(cell) == cell
    assert read_text(unprotected(cell.strip())) == text


def test_no_cell_of_a_csv_is_a_formula_and_none_of_a_workbook_is_anything_but_text() -> None:
    cases = cases_of(CASE.replace('"A sentence of law"', '"=cmd|calc"').replace('"ZZ Acts 2016 c. 1 s 4"', '"+1"'))
    (row,) = table(sheets.to_bytes(cases, ".csv"))
    assert (row["name"], row["source"], row["as_of"]) == ("'=cmd|calc", "'+1", "'2019-07-01")
    book = load_workbook(io.BytesIO(sheets.to_bytes(cases, ".xlsx")))
    for page in book:
        for cells in page.iter_rows():
            for cell in cells:
                assert cell.value is None or (cell.data_type, cell.number_format) == ("s", "@")
    assert book["cases"]["D2"].value == "=cmd|calc"
    assert book["cases"].column_dimensions["D"].number_format == "@"


def resaved(change: Callable[[Any], None]) -> bytes:
    """The workbook of one case as a spreadsheet saves it after a change to the page of cases."""
    book = load_workbook(io.BytesIO(sheets.to_bytes(cases_of(CASE), ".xlsx")))
    change(book["cases"])
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def put(label: str, value: Any, shown: str = "General") -> bytes:
    def change(page: Any) -> None:
        cell = next(cell for cell in page[1] if cell.value == label).offset(row=1)
        cell.number_format = shown
        cell.value = value

    return resaved(change)


@pytest.mark.parametrize(
    ("label", "value", "shown", "said"),
    [
        ("as_of", MAY_1, "mm-dd-yy", dt.date(2010, 5, 1)),
        ("arrested", MAY_1, '[$-409]d" of "mmmm yyyy', PartialDate(2010, 5, 1)),
        ("arrested", 2011, "General", PartialDate(2011)),
        ("arrested", 2011.0, "0", PartialDate(2011)),
        ("decide", True, "General", True),
        ("cycle", 7, "General", "7"),
        ("cycle", 7.0, "@", "7"),
        ("name", "  A sentence\r\n", "@", "A sentence"),
        ("fact: jars", 28.5, "General", 28.5),
        ("fact: jars", False, "General", False),
        ("fact: jars", "40", "@", 40),
        ("person: missing_rows", 2.0, "General", 2),
        ("grade", "Felony ", "@", "felony"),
    ],
)
def test_a_cell_that_a_spreadsheet_typed_anew_comes_back_right(label: str, value: Any, shown: str, said: Any) -> None:
    (case,) = sheets.from_bytes("sheet.xlsx", put(label, value, shown))
    person = case.entry.person
    count = person.counts[0]
    found = {
        "as_of": case.entry.as_of,
        "name": case.entry.name,
        "fact: jars": count.facts.get("jars"),
        "person: missing_rows": person.missing_rows,
    }
    assert found.get(label, getattr(count, label, None)) == said
    assert type(found.get(label, said)) is type(said)


@pytest.mark.parametrize(
    ("label", "value", "shown", "words"),
    [
        ("arrested", MAY_1, "mmm-yy", "made a date of it"),
        ("arrested", MAY_1.replace(hour=8), "dd/mm/yyyy hh:mm", "made a date of it"),
        ("arrested", 40299, "General", "takes a date as 2001-05-31, 2001-05 or 2001; [40299] was given"),
        ("arrested", dt.time(8), "h:mm", "holds a time"),
        ("statute", MAY_1, "mm-dd-yy", "the spreadsheet made a date of it"),
        ("statute", True, "General", "the spreadsheet made true or false of it"),
        ("statute", 7, "000", "the spreadsheet made a number of it"),
        ("statute", 1e20, "General", "the spreadsheet made a number of it"),
        ("fact: jars", 28.5, "0", "a number that it rounds"),
        ("fact: jars", "=6*2", "General", "holds a formula"),
        ("statute", "#N/A", "General", "holds the error [#N/A]"),
        ("statute", "a_x0007_b", "@", "holds a character that cannot be shown"),
    ],
)
def test_a_cell_that_a_spreadsheet_altered_is_refused_by_name(label: str, value: Any, shown: str, words: str) -> None:
    said = refusal(put(label, value, shown), "sheet.xlsx")
    assert said.startswith(f"sheet [sheet.xlsx, cases]: row [2] column [{label}]: ")
    assert words in said


def test_empty_rows_and_columns_and_a_renamed_only_page_do_no_harm() -> None:
    def change(page: Any) -> None:
        page.title = "Sheet1"
        page.insert_rows(2)
        page.cell(40, 70).number_format = "@"
        page.cell(41, 71).value = "  "

    assert sheets.from_bytes("sheet.xlsx", resaved(change)) == cases_of(CASE)


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp1252"), (";", "mac_roman"), (",", "utf-8")],
)
def test_a_csv_is_read_as_spreadsheets_save_it(delimiter: str, encoding: str) -> None:
    cases = cases_of(CASE.replace("A sentence", "Café, “§ 4” and"), OTHER)
    rows = table(sheets.to_bytes(cases, ".csv"))
    data = csv_of([*rows, dict.fromkeys(rows[0], "")], delimiter=delimiter, encoding=encoding)
    if encoding == "utf-8":
        data = data.replace(b"\r\n", b"\r")
    assert sheets.from_bytes("sheet.csv", data) == cases


def test_a_csv_whose_characters_were_lost_is_refused() -> None:
    cases = cases_of(CASE.replace("A sentence", "At most ≤ 28.5"))
    data = sheets.to_bytes(cases, ".csv").decode("utf-8-sig")
    assert "save it as [CSV UTF-8]" in refusal(data.encode("cp1252", "replace"), kind=InputError)
    assert "not UTF-8: line [1]" in refusal(data.replace("≤", "ā").encode("iso8859-2", "replace"), kind=InputError)
    plain_one = csv_of([{k: v for k, v in table(changed())[0].items() if not k.startswith("characters")}])
    assert sheets.from_bytes("sheet.csv", plain_one) == cases_of(CASE)
    assert "line [2] has a character" in refusal(plain_one.replace(b"A sentence", b"caf\xe9"), kind=InputError)


def test_a_csv_that_is_none_is_refused() -> None:
    assert "row [2] is not CSV" in refusal(b'row is,id\r\n"case,A1\r\n', kind=InputError)
    assert "is empty" in refusal(b"", kind=InputError)


def bomb(**parts: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", data)
    return sink.getvalue()


def test_a_workbook_that_unpacks_without_end_is_refused_early() -> None:
    assert "too large" in refusal(bomb(xl__workbook=b" " * (MOST_BYTES + 1)), "sheet.xlsx", InputError)
    assert "declares" in refusal(bomb(xl__workbook=b'<!DOCTYPE x [<!ENTITY a "a">]>'), "sheet.xlsx", InputError)
    many = bomb(**{f"part{n}": b"" for n in range(1001)})
    assert "too large" in refusal(many, "sheet.xlsx", InputError)
    assert "no workbook that can be read" in refusal(b"PK\x03\x04", "sheet.xlsx", InputError)
    assert "no workbook that can be read" in refusal(bomb(xl__workbook=b"<a>"), "sheet.xlsx", InputError)


def test_a_workbook_with_cells_without_end_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearslate.testing.sheets.xlsx_file.MOST_CELLS", 30_000)

    def change(page: Any) -> None:
        for row in (3, 4):
            page.cell(row, 16_384).value = "x"

    assert "too many cells" in refusal(resaved(change), "sheet.xlsx", InputError)


def test_a_workbook_needs_a_page_of_cases() -> None:
    book = Workbook()
    book.create_sheet("more")
    sink = io.BytesIO()
    book.save(sink)
    assert "has no sheet [cases]" in refusal(sink.getvalue(), "sheet.xlsx", InputError)
