from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from clearslate.errors import InputError
from clearslate.ingest.table import parts, sheet, workbook
from clearslate.ingest.table.sheet import Styles
from clearslate.ingest.table.workbook import dense, rows_of

EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 (a workbook knows no time zone)


def cells(path: Path, name: str | None = None) -> list[tuple[int, list[str]]]:
    with path.open("rb") as handle:
        return [(number, dense(found, max(found))) for number, found in rows_of(path.name, handle, name).rows]


def book(path: Path, *rows: Any, **sheets: Any) -> Path:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "Roll"
    for row in rows:
        page.append(row)
    for title, state in sheets.items():
        made.create_sheet(title).sheet_state = state
    made.save(path)
    return path


def patched(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part changed."""
    with zipfile.ZipFile(path) as old:
        held = {info.filename: old.read(info) for info in old.infolist()}
    held[name] = change(held[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, data in held.items():
            new.writestr(part, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def with_rows(path: Path, rows: bytes) -> Path:
    """A workbook whose sheet holds these rows, as XML."""
    made = b"<sheetData>" + rows + b"</sheetData>"
    return patched(book(path, ["A"]), SHEET, lambda xml: re.sub(rb"<sheetData>.*</sheetData>", made, xml))


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def with_texts(path: Path, texts: str, rows: str) -> Path:
    """A workbook written by hand, whose cells refer to texts by number, as those of spreadsheet programs do."""
    held = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
        "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:workbookPr date1904="1"/><x:sheets>'
        '<x:sheet name="Roll" sheetId="1" r:id="r1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, xml in held.items():
            made.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + xml)
    return path


# What cells say


def test_cells_are_the_text_that_a_table_has(tmp_path: Path) -> None:
    moment = dt.datetime(1961, 2, 13, 14, 5)  # noqa: DTZ001 (a workbook knows no time zone)
    row = [
        "text", "007", 7, 7.0, 12.5, 10**14, True, None, dt.date(1961, 2, 13), moment, dt.time(9, 30),
        "  spaced ", 'a "b", c\nd', "=1+1", 0.1, -3,
    ]  # fmt: skip
    assert cells(book(tmp_path / "a.xlsx", row)) == [
        (
            1,
            [
                "text", "007", "7", "7", "12.5", "100000000000000", "TRUE", "", "1961-02-13", "1961-02-13 14:05:00",
                "09:30:00", "  spaced ", 'a "b", c\nd', "", "0.1", "-3",
            ],
        )
    ]  # fmt: skip


def test_zeros_that_a_style_shows_are_kept(tmp_path: Path) -> None:
    made = Workbook(write_only=True)
    page = made.create_sheet("Roll")
    row = []
    for value, shown in ((17, "00000"), (17, "0"), (1234567, "00000"), (1.5, "00000"), (17, "0000")):
        cell = WriteOnlyCell(page, value=value)
        cell.number_format = shown
        row.append(cell)
    page.append(row)
    made.save(tmp_path / "a.xlsx")
    assert cells(tmp_path / "a.xlsx") == [(1, ["00017", "17", "1234567", "1.5", "0017"])]


def test_formulas_are_the_values_that_they_last_had(tmp_path: Path) -> None:
    path = with_rows(
        tmp_path / "a.xlsx",
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>UPPER("f")</f><v>F</v></c>'
        b'<c r="C1"><f>NOW()</f></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1" t="b"><v>0</v></c>'
        b'<c r="F1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>said</t></rPh></is></c>'
        b'<c r="G1" t="d"><v>1961-02-13T00:00:00</v></c><c r="I1"><v>9</v></c></row>',
    )
    assert cells(path) == [(1, ["2", "F", "", "#DIV/0!", "FALSE", "inline", "1961-02-13", "", "9"])]


def test_a_date_out_of_the_calendar_stays_a_number() -> None:
    styles = Styles(frozenset({1}), frozenset(), {}, EPOCH)
    assert styles.shown("22325", 1) == "1961-02-13"
    assert styles.shown("999999999999", 1) == "999999999999"
    assert styles.shown("-5e300", 1) == "-5e+300"
    assert styles.shown("not a number", 1) == "not a number"
    assert styles.shown("1e15", 0) == "1000000000000000.0"


def test_dates_are_counted_from_the_day_that_the_workbook_says(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [dt.date(1961, 2, 13)])
    patched(path, "xl/workbook.xml", lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1))
    assert cells(path) == [(1, ["1965-02-14"])]


def test_texts_that_cells_refer_to_are_what_is_written_in_them(tmp_path: Path) -> None:
    texts = (
        "<si><t>plain</t></si><si><r><t>rich </t></r><r><rPr/><t xml:space='preserve'>text </t></r></si>"
        "<si><t>read</t><rPh sb='0' eb='1'><t>aloud</t></rPh></si><si/><si><t>Zyx &amp; Co &#233;</t></si>"
    )
    row = "".join(f'<x:c t="s"><x:v>{n}</x:v></x:c>' for n in (4, 0, 1, 2, 3, 0))
    path = with_texts(tmp_path / "a.xlsx", texts, f"<x:row>{row}</x:row>")
    assert cells(path) == [(1, ["Zyx & Co \u00e9", "plain", "rich text ", "read", "", "plain"])]


def test_rows_keep_their_numbers_and_blank_ones_hold_nothing(tmp_path: Path) -> None:
    path = with_rows(
        tmp_path / "a.xlsx",
        b'<row r="3"><c><v>1</v></c><c><v>2</v></c></row><row><c r="B4"><v>3</v></c></row>'
        b'<row r="9"><c t="inlineStr"><is><t> </t></is></c></row><row r="12"><c><v>4</v></c></row>',
    )
    assert cells(path) == [(3, ["1", "2"]), (4, ["", "3"]), (12, ["4"])]


# Which sheet


def test_the_only_sheet_that_is_shown_is_read_and_any_other_by_its_name(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["one"], Hidden="hidden")
    assert cells(path) == cells(path, "Roll") == [(1, ["one"])]
    assert cells(path, "Hidden") == []
    several = book(tmp_path / "b.xlsx", ["one"], Second="visible")
    with pytest.raises(InputError, match=r"\[b.xlsx\] has 2 sheets; say which: sheet = .*known: Roll, Second"):
        cells(several)
    with pytest.raises(InputError, match=r"\[b.xlsx\] has no sheet \[Rol\]; did you mean \[Roll\]\?"):
        cells(several, "Rol")


# The same as text


def test_a_workbook_and_text_of_the_same_content_are_decided_alike(roll: Any) -> None:
    rows = [
        roll.row(case="007", charge="01"),
        roll.row("P2", grade="M", dob="", days="0"),
        roll.row("P3", statute="101(A) ZZ", jars="9.5", market="TRUE", committed="1999", arrested="", disposed="2010"),
        roll.row("P4", name='O"NEIL, "MARY ANN"', offense="two\nlines"),
        roll.row("P5", disposition="NOT GUILTY"),
    ]
    iso = [{name: re.sub("^(..)/(..)/(....)$", r"\3-\1-\2", cell) for name, cell in row.items()} for row in rows]

    def typed(column: str, cell: str) -> Any:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            return dt.date.fromisoformat(cell)
        if column in ("DAYS", "JARS") and cell:
            return float(cell)
        return True if cell == "TRUE" else cell or None

    made = roll.book([[typed(column, row[column]) for column in roll.columns] for row in iso])
    told, reading = roll.open(roll.file(*iso)), roll.open(made)
    # A cell of two lines moves the lines below it, in a workbook only for what is counted as a line.
    assert roll.decided(reading) == roll.decided(told)
    assert [b.annotated({}, b"-") for b in reading.blocks()] == [b.annotated({}, b"-") for b in told.blocks()]
    assert reading.inputs[0].sha256 == told.inputs[0].sha256
    assert (reading.inputs[0].file_sha256 != "", told.inputs[0].file_sha256) == (True, "")
    assert roll.decided(roll.open(roll.file(*rows, name="other.csv"))) == roll.decided(told)


def test_a_row_stands_in_the_line_of_its_number_and_cells_behind_the_last_column_reject_it(roll: Any) -> None:
    rows = roll.cells([roll.row(), roll.row("P2"), roll.row("P3"), roll.row("P4")])
    rows[1] = [*rows[1], None, None, "stray"]
    rows[2] = [*rows[2], None, " "]
    path = roll.book([[], rows[0], rows[1], [], [], rows[2], rows[3][:-4]])
    reading = roll.open(path)
    assert [(one.place, one.problem, one.detail) for one in reading.rejects] == [
        ((0, 2, 4), "field count", "20 fields, 19 expected")
    ]
    places = {
        person.person_id: person.counts[0].place
        for block in reading.blocks()
        for person in block.persons(lambda _: True)
    }
    assert places == {"P1": (0, 1, 3), "P3": (0, 3, 7), "P4": (0, 4, 8)}


def test_a_header_further_down_is_found_by_its_row(roll: Any) -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    for row in (["Roll of Oz"], [], list(roll.columns), *roll.cells([roll.row()])):
        page.append(row)
    made.save(roll.folder / "roll.xlsx")
    reading = roll.open(roll.folder / "roll.xlsx", mapping=roll.mapping(header_row="3"))
    assert reading.rows_read == 1
    with pytest.raises(InputError, match=r"has 0 of the 19 columns of the mapping in the header of row 1"):
        roll.open(roll.folder / "roll.xlsx")
    with pytest.raises(InputError, match=r"has nothing in row 50 or below it"):
        roll.open(roll.folder / "roll.xlsx", mapping=roll.mapping(header_row="50"))


# What is no workbook


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 100, "a workbook with a password, or an old .xls"),
        (b"PK\x03\x04" + b"x" * 100, "is a damaged workbook"),
    ],
    ids=["encrypted", "damaged"],
)
def test_what_cannot_be_read_is_told_in_a_line(roll: Any, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        roll.open(roll.raw(content, "roll.xlsx"))
    assert str(caught.value).startswith("[roll.xlsx] ")
    assert "\n" not in str(caught.value)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("letter.txt", "to Orla Zyxquell")
    with pytest.raises(InputError, match=r"\[a.xlsx\] is no workbook that can be read"):
        cells(path)


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9, 0.99])
def test_a_workbook_that_was_cut_off_is_damaged(tmp_path: Path, at: float) -> None:
    path = book(tmp_path / "a.xlsx", *([f"row {n}", n] for n in range(500)))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * at)])
    with pytest.raises(InputError, match="damaged workbook"):
        cells(path)


def test_a_bit_that_flipped_in_the_rows_is_noticed(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", *([n, n] for n in range(2000)))
    with zipfile.ZipFile(path) as made:
        info = made.getinfo(SHEET)
    content = bytearray(path.read_bytes())
    content[info.header_offset + 60 + info.compress_size // 2] ^= 4
    path.write_bytes(content)
    # What the bit makes of the rest depends on where it lies in the packed rows; that something is wrong does not.
    with pytest.raises(InputError, match=r"^\[a\.xlsx\] "):
        cells(path)


# Bombs


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (b'<row r="1"><c r="ZZZZ1"><v>1</v></c></row>', "in no column of a sheet"),
        (b'<row r="1"><c r="XFE1"><v>1</v></c></row>', "in no column of a sheet"),
        (b'<row r="99999999"><c><v>1</v></c></row>', "more rows than a sheet has"),
        (b'<row r="5"/><row r="4"/>', "not in order"),
        (b"<row><c t='inlineStr'><is><t>" + b"x" * ((1 << 20) + 1) + b"</t></is></c></row>", "cell that is too long"),
        (b"<row r='1'>" + b"<c/>" * 17000 + b"</row>", "in no column of a sheet"),
        (b"<row r='x'><c><v>1</v></c></row>", "no workbook that can be read"),
        (b"<row r='1'><c t='s'><v>99</v></c></row>", "no workbook that can be read"),
        (b"<row r='1'><c>", "damaged workbook"),
    ],
    ids=["column", "column XFE", "row", "order", "cell", "cells", "no number", "no text", "cut"],
)  # fmt: skip
def test_a_sheet_beyond_what_a_sheet_has_is_refused(tmp_path: Path, rows: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        cells(with_rows(tmp_path / "a.xlsx", rows))


@pytest.mark.parametrize("name", [SHEET, "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_a_part_that_defines_entities_is_refused(tmp_path: Path, name: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"z" * 100 + b'"><!ENTITY b "&a;&a;&a;">]>'
    path = patched(
        book(tmp_path / "a.xlsx", ["A"]), name, lambda xml: b'<?xml version="1.0"?>' + bomb + xml.partition(b"?>")[2]
    )
    with pytest.raises(InputError, match="holds what no workbook holds"):
        cells(path)


def test_a_sheet_that_is_packed_too_tightly_is_not_unpacked(tmp_path: Path) -> None:
    path = patched(book(tmp_path / "a.xlsx", ["A"]), SHEET, lambda xml: xml + b" " * (64 << 20))
    assert path.stat().st_size < 1 << 20
    start = time.process_time()
    with pytest.raises(InputError, match="unpacks to more than a workbook would"):
        cells(path)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "name", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_part_with_too_many_tags_or_bytes_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(parts, "_MOST_TAGS", 1000)
    path = patched(book(tmp_path / "a.xlsx", ["A"]), name, lambda xml: xml + b"<a/>" * 1001)
    with pytest.raises(InputError, match="holds what no workbook holds"):
        cells(path)
    monkeypatch.setattr(parts, "LARGEST_OTHER", 4000)
    with pytest.raises(InputError, match="unpacks to more than a workbook would"):
        cells(path)


def test_more_texts_than_a_workbook_has_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_texts(tmp_path / "a.xlsx", "<si/>" * 50, '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>')
    monkeypatch.setattr(sheet, "_MOST_STRINGS", 49)
    with pytest.raises(InputError, match="more texts than can be read"):
        cells(path)
    long = with_texts(tmp_path / "a.xlsx", "<si>" + "<r><t>xxxxxxxx</t></r>" * 50 + "</si>", "")
    monkeypatch.setattr(sheet, "_LONGEST_CELL", 300)
    with pytest.raises(InputError, match="a cell that is too long"):
        cells(long)
    monkeypatch.setattr(workbook, "LARGEST_STRINGS", 300)
    with pytest.raises(InputError, match="unpacks to more than a workbook would"):
        cells(long)


def test_an_archive_of_very_many_parts_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_PARTS", 3)
    with pytest.raises(InputError, match="has more parts than a workbook has"):
        cells(book(tmp_path / "a.xlsx", ["A"]))


def test_wide_and_sparse_rows_cost_no_more_than_their_cells(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(1, 20001))
    path = with_rows(tmp_path / "a.xlsx", rows)
    start = time.process_time()
    with path.open("rb") as handle:
        assert sum(1 for _ in rows_of("a.xlsx", handle, None).rows) == 20000
    assert time.process_time() - start < 3


def test_no_name_in_an_archive_leads_anywhere(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["A"])
    patched(
        path, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")
    )
    with pytest.raises(InputError, match=r"has 0 sheets|no workbook that can be read"):
        cells(path)


def test_nothing_of_a_workbook_is_in_a_message_or_a_warning(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    path = with_rows(tmp_path / "a.xlsx", b"<row r='1'><c r='A1' t='s'><v>ZYXQUELL</v></c></row>")
    with pytest.raises(InputError) as caught:
        cells(path)
    assert "ZYXQUELL" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert not recwarn.list


@given(st.binary(max_size=300), st.integers(0, 4000))
def test_any_damage_is_an_error_of_one_line_or_rows(damage: bytes, at: int) -> None:
    content = bytearray(_whole())
    content[at : at + len(damage)] = damage
    try:
        for _, found in rows_of("a.xlsx", io.BytesIO(bytes(content)), None).rows:
            assert found
    except InputError as error:
        told = str(error)
    else:
        told = ""
    assert "\n" not in told


_MADE: list[bytes] = []


def _whole() -> bytes:
    if not _MADE:
        made = Workbook()
        page = made.active
        assert page is not None
        page.append(["one", 2, dt.date(2001, 2, 3)])
        sink = io.BytesIO()
        made.save(sink)
        _MADE.append(sink.getvalue())
    return _MADE[0]


def test_the_text_of_a_workbook_is_csv(roll: Any) -> None:
    path = roll.book([roll.cells([roll.row(name='a "b", c')])[0]])
    with path.open("rb") as handle:
        text = b"".join(workbook.rewrite_workbook("roll.xlsx", handle, roll.mapping())).decode()
    assert list(csv.reader(io.StringIO(text)))[1] == roll.cells([roll.row(name='a "b", c')])[0]
