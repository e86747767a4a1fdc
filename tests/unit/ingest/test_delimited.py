from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import InputError
from clearslate.ingest.reader import RecordReader

SIZES = [64, 200, 1 << 20]


def test_it_is_a_record_reader(oz: Any) -> None:
    assert isinstance(oz.reader(), RecordReader)
    assert oz.reader().condensed == ("STATE_NO", "NAME", "NOTE")


def test_rows_are_counted_from_one_and_lines_with_the_header(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("P2"), oz.row("P2")))
    assert oz.rows(reading, "SUBJ") == {"P1": [(0, 1, 2, "P1")], "P2": [(0, 2, 3, "P2"), (0, 3, 4, "P2")]}
    assert (reading.rows_read, reading.people, reading.rows_repeated) == (3, 2, 0)


def test_a_file_without_header_is_read_from_its_first_line(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1"), header=False))
    assert oz.rows(reading, "SUBJ") == {"P1": [(0, 1, 1, "P1")]}
    assert not reading.inputs[0].has_header


def test_inputs_say_what_was_read(oz: Any) -> None:
    content = oz.file(oz.row("P1"))
    (found,) = oz.open(content).inputs
    assert found == ("a.dat", hashlib.sha256(content).hexdigest(), len(content), 1, True, "ASCII", 0, "")


@pytest.mark.parametrize("size", SIZES)
def test_a_byte_order_mark_is_not_part_of_the_header(oz: Any, size: int) -> None:
    content = b"\xef\xbb\xbf" + oz.file(oz.row("P1"))
    reading = oz.open(content, chunk=size)
    assert list(oz.rows(reading)) == ["P1"]
    assert reading.inputs[0].has_header
    assert oz.annotated(reading) == oz.row("P1") + b",-\n"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("comma", [b"", b","])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_line_endings_and_trailing_commas_do_not_reach_the_output(
    oz: Any, ending: bytes, comma: bytes, size: int
) -> None:
    rows = [oz.row(f"P{number}") for number in range(9)]
    reading = oz.open(oz.file(*(row + comma for row in rows), ending=ending), chunk=size)
    suffixes = {(0, 2): b"two", (0, 9): b"nine"}
    expected = [row + b"," + suffixes.get((0, number), b"-") + b"\n" for number, row in enumerate(rows, start=1)]
    assert b"".join(block.annotated(suffixes, b"-") for block in reading.blocks()) == b"".join(expected)
    assert b"".join(block.chosen(suffixes) for block in reading.blocks()) == expected[1] + expected[8]
    assert reading.rejects == []


def test_trailing_commas_may_differ_from_row_to_row(oz: Any) -> None:
    content = oz.file(oz.row("P1") + b",", oz.row("P2"), oz.row("P3") + b',""')
    reading = oz.open(content)
    assert oz.annotated(reading) == b"".join(oz.row(f"P{number}") + b",-\n" for number in (1, 2, 3))


def test_a_header_may_have_a_trailing_comma(oz: Any) -> None:
    reading = oz.open(oz.header + b",\n" + oz.row("P1") + b"\n")
    assert list(oz.rows(reading)) == ["P1"]


def test_a_header_with_columns_in_another_order_is_refused(oz: Any) -> None:
    header = oz.header.replace(b"SUBJ,NAME", b"NAME,SUBJ")
    with pytest.raises(InputError, match=r"\[a.dat\] has column \[NAME\] in place 2 .* in place 3"):
        oz.open(header + b"\n" + oz.row("P1") + b"\n")


@pytest.mark.parametrize("size", SIZES)
def test_the_last_line_needs_no_line_end(oz: Any, size: int) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("P2")).rstrip(b"\n"), chunk=size)
    assert list(oz.rows(reading)) == ["P1", "P2"]
    assert oz.annotated(reading).endswith(b",#,-\n")


@pytest.mark.parametrize("size", SIZES)
def test_quoted_commas_and_line_breaks_are_part_of_the_cell(oz: Any, size: int) -> None:
    rows = [oz.row(f"P{number}", note='"one, two\nthree ""four"""') for number in range(5)]
    reading = oz.open(oz.file(*rows), chunk=size)
    assert {cells[0][3] for cells in oz.rows(reading, "NOTE").values()} == {'one, two\nthree "four"'}
    assert oz.rows(reading, "SUBJ")["P2"] == [(0, 3, 6, "P2")]
    assert oz.annotated(reading) == b"".join(row + b",-\n" for row in rows)


def test_a_carriage_return_within_a_cell_stays_in_it(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1", note="one\rtwo"), oz.row("P2", note='"one\rtwo"')))
    assert {rows[0][3] for rows in oz.rows(reading, "NOTE").values()} == {"one\rtwo"}
    assert oz.annotated(reading).count(b'"one\rtwo"') == 2


@pytest.mark.parametrize("size", SIZES)
def test_rows_with_too_few_or_too_many_fields_are_rejected_in_their_place(oz: Any, size: int) -> None:
    short, long = oz.row("P1").rpartition(b",")[0], oz.row("P2") + b",,"
    reading = oz.open(oz.file(oz.row("P1"), short, oz.row("P2"), long), chunk=size)
    assert oz.rejects(reading) == [(0, 2, 3, "field count", "P1"), (0, 4, 5, "field count", "P2")]
    assert [reject.detail for reject in reading.rejects] == ["9 fields, 10 expected", "12 fields, 10 expected"]
    assert oz.missing(reading) == {"P1": [(0, 2, 3)], "P2": [(0, 4, 5)]}
    assert oz.annotated(reading) == oz.row("P1") + b",-\n" + oz.row("P2") + b",-\n"


@pytest.mark.parametrize("size", SIZES)
def test_a_latin_1_row_is_read_and_written_in_utf_8(oz: Any, size: int) -> None:
    name = "ZYXQU\u00c9LL"
    row = oz.row("P2", name=name)
    reading = oz.open(oz.file(oz.row("P1"), row.decode().encode("latin-1"), oz.row("P3", name=name)), chunk=size)
    found = oz.rows(reading, "NAME")
    assert found["P2"] == [(0, 2, 3, name)]
    assert found["P3"] == [(0, 3, 4, name)]
    assert row + b",-\n" in oz.annotated(reading)
    assert name.encode() in b"".join(block.condensed({}, b"-") for block in reading.blocks())
    assert reading.inputs[0].encoding == "UTF-8 and Latin-1"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("byte", [b"\x00", b"\x85"])
def test_a_row_with_a_byte_of_no_text_is_rejected(oz: Any, byte: bytes, size: int) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("P1", note="x").replace(b"x", byte), oz.row("P2")), chunk=size)
    assert oz.rejects(reading) == [(0, 2, 3, "undecodable byte", "P1")]
    assert "at offset " in reading.rejects[0].detail


@pytest.mark.parametrize("size", SIZES)
def test_an_unclosed_quote_in_the_middle_costs_one_row(oz: Any, size: int) -> None:
    broken = oz.row("P2", note='"never closed')
    reading = oz.open(oz.file(oz.row("P1"), broken, oz.row("P2"), oz.row("P3")), chunk=size)
    assert oz.rejects(reading) == [(0, 2, 3, "broken quote", "P2")]
    assert reading.rows_read == 4
    assert sorted(oz.rows(reading)) == ["P1", "P2", "P3"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cell", ["note", "end"])
def test_an_unclosed_quote_at_the_end_costs_the_last_row(oz: Any, cell: str, size: int) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("P1", **{cell: '"never closed'})), chunk=size)
    assert oz.rejects(reading) == [(0, 2, 3, "broken quote", "P1")]
    assert oz.missing(reading) == {"P1": [(0, 2, 3)]}


def test_a_truncated_last_row_is_rejected_and_missing_from_its_person(oz: Any) -> None:
    content = oz.file(oz.row("P1"), oz.row("P2"), oz.row("P2"))
    reading = oz.open(content[:-20])
    assert oz.rejects(reading) == [(0, 3, 4, "field count", "P2")]
    assert oz.missing(reading) == {"P2": [(0, 3, 4)]}


def test_blank_lines_are_no_rows_but_are_lines(oz: Any) -> None:
    reading = oz.open(b"\n" + oz.file(oz.row("P1"), b"", b"  ", oz.row("P2")) + b"\n\x1a")
    assert oz.rows(reading, "SUBJ") == {"P1": [(0, 1, 3, "P1")], "P2": [(0, 2, 6, "P2")]}
    assert reading.rows_read == 2


def test_a_cell_that_fails_its_check_rejects_the_row(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("P1", count_key="01")))
    assert oz.rejects(reading) == [(0, 2, 3, "unusable cell", "P1")]
    assert reading.rejects[0].detail == "COUNT_KEY: 2 characters, 4 expected"
    assert oz.missing(reading) == {"P1": [(0, 2, 3)]}
    assert oz.annotated(reading) == oz.row("P1") + b",-\n"


def test_a_row_without_person_and_identifier_is_nobodys(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1"), oz.row("-", state_no="NULL"), oz.row("  ")))
    assert oz.rejects(reading) == [(0, 2, 3, "no person", None), (0, 3, 4, "no person", None)]


@pytest.mark.parametrize("size", SIZES)
def test_a_persons_rows_are_gathered_from_both_files(oz: Any, size: int) -> None:
    first = oz.file(*(oz.row(f"P{number % 3}", offense=f"{number} ZZ") for number in range(9)))
    second = oz.file(*(oz.row(f"P{number % 4}", offense=f"{number} YY") for number in range(8)), header=False)
    reading = oz.open(first, second, chunk=size)
    found = oz.rows(reading, "OFFENSE")
    assert list(found) == ["P0", "P1", "P2", "P3"]
    assert found["P1"] == [
        (0, 2, 3, "1 ZZ"),
        (0, 5, 6, "4 ZZ"),
        (0, 8, 9, "7 ZZ"),
        (1, 2, 2, "1 YY"),
        (1, 6, 6, "5 YY"),
    ]
    assert sum(block.people for block in reading.blocks()) == reading.people == 4


@pytest.mark.parametrize("size", SIZES)
def test_a_row_repeats_one_of_an_earlier_file_as_often_as_it_is_there(oz: Any, size: int) -> None:
    twice, other = oz.row("P1"), oz.row("P1", offense="2 ZZ")
    reading = oz.open(
        oz.file(twice, twice, oz.row("P2")),
        oz.file(twice, twice, twice, other, ending=b"\r\n"),
        oz.file(twice),
        chunk=size,
    )
    assert reading.rows_repeated == 3
    assert [place[:2] for place in oz.rows(reading)["P1"]] == [(0, 1), (0, 2), (1, 3), (1, 4)]
    assert oz.annotated(reading).count(twice + b",-\n") == 6
    assert reading.counties == {"EMERALD CITY": 5}


def test_the_same_file_twice_is_read_once(oz: Any) -> None:
    (path,) = oz.paths({"a.dat": oz.file(oz.row("P1"), oz.row("P1"), oz.row("P2"))})
    reading = oz.reader().open([path, path])
    assert [file.name for file in reading.inputs] == ["a.dat", "a (2).dat"]
    assert (reading.rows_read, reading.rows_repeated, reading.people) == (6, 3, 2)


def test_two_files_of_one_name_never_take_the_name_of_a_third(oz: Any, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    content = oz.file(oz.row("P1"))
    paths = oz.paths({"a.dat": content, "x/a.dat": content, "a (2).dat": content})
    assert [file.name for file in oz.reader().open(paths).inputs] == ["a.dat", "a (3).dat", "a (2).dat"]


def test_a_row_without_person_belongs_to_the_one_who_has_its_identifier(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("", state_no="S1"), oz.row("P2"), oz.row("P1", state_no="S1")))
    assert [place[:2] for place in oz.rows(reading)["P1"]] == [(0, 1), (0, 3)]
    assert oz.shared(reading) == set()


def test_a_row_with_an_identifier_that_nobody_has_is_a_person_of_its_own(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("", state_no="S1"), oz.row("P2"), oz.row("NULL", state_no=" S1 ")))
    assert [place[:2] for place in oz.rows(reading)["STATE_NO:S1"]] == [(0, 1), (0, 3)]
    assert oz.shared(reading) == set()


def test_an_identifier_under_two_persons_is_shared_and_never_merged(oz: Any) -> None:
    reading = oz.open(
        oz.file(oz.row("P1", state_no="S1"), oz.row("P2", state_no="S1"), oz.row("P3"), oz.row("", state_no="S1"))
    )
    assert list(oz.rows(reading)) == ["P1", "P2", "P3", "STATE_NO:S1"]
    assert oz.shared(reading) == {"P1", "P2", "STATE_NO:S1"}


def test_fillers_never_match(oz: Any) -> None:
    reading = oz.open(
        oz.file(*(oz.row(f"P{number}", state_no=filler) for number, filler in enumerate(["-", "-", "NULL", ""])))
    )
    assert oz.shared(reading) == set()
    assert reading.people == 4


def test_counties_are_counted_over_conviction_rows(oz: Any) -> None:
    reading = oz.open(
        oz.file(
            oz.row("P1", county=" emerald   city "), oz.row("P1"), oz.row("P1", county="WINKIE", outcome="DISMISSED"),
            oz.row("P1", county=""),
        )
    )  # fmt: skip
    assert reading.counties == {"EMERALD CITY": 2}


def test_convictions_are_distinct_counts(oz: Any) -> None:
    rows = [oz.row("P1"), oz.row("P1"), oz.row("P1", count_key="0102"), oz.row("P2"), oz.row("P2", outcome="")]
    assert [block.convictions for block in oz.open(oz.file(*rows)).blocks()] == [3]


@pytest.mark.parametrize("size", SIZES)
def test_formula_like_cells_are_neutralised_wherever_they_are_written(oz: Any, size: int) -> None:
    notes = [
        "=1+1",
        '"=HYPERLINK(""x"",""y"")"',
        "-2+3",
        "  @x",
        '" ""=1"',
        "\uff1d1",
        '"\n=1"',
        "'=1",
        "-",
        "-5",
        "\t1",
    ]
    reading = oz.open(oz.file(*(oz.row(f"P{number}", note=note) for number, note in enumerate(notes))), chunk=size)
    expected = [
        "'=1+1", '"\'=HYPERLINK(""x"",""y"")"', "'-2+3", "'  @x", '"\' ""=1"', "'\uff1d1",
        '"\'\n=1"', "''=1", "-", "-5", "'\t1",
    ]  # fmt: skip
    suffixes = {(0, row): b"!" for row in range(1, len(notes) + 1)}
    for written in (
        b"".join(block.annotated({}, b"!") for block in reading.blocks()),
        b"".join(block.chosen(suffixes) for block in reading.blocks()),
    ):
        assert written.decode() == "".join(
            oz.row(f"P{number}", note=note).decode() + ",!\n" for number, note in enumerate(expected)
        )
    condensed = b"".join(block.condensed({}, b"!") for block in reading.blocks())
    assert condensed.decode() == "".join(f',"ZYXQUELL,ORLA",{note},!\n' for note in expected)


def test_condensed_rows_carry_their_own_suffix(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1", note=" a "), oz.row("P2", note='"b ""c"""'), oz.row("P3")))
    (block,) = reading.blocks()
    assert block.condensed({(0, 2): b"x,y"}, b",").decode().splitlines() == [
        ',"ZYXQUELL,ORLA", a ,,', ',"ZYXQUELL,ORLA","b ""c""",x,y', ',"ZYXQUELL,ORLA",,,',
    ]  # fmt: skip


def test_progress_is_told_of_every_byte_in_both_passes(oz: Any) -> None:
    content = oz.file(*(oz.row(f"P{number}") for number in range(50)))
    first: list[int] = []
    second: list[int] = []
    reading = oz.reader(200).open(oz.paths({"a.dat": content}), first.append)
    for _ in reading.blocks(second.append):
        pass
    assert sum(first) == len(content)
    assert sum(second) == len(content) - len(oz.header) - 1


def test_a_file_that_changed_between_the_passes_is_refused(oz: Any, tmp_path: Path) -> None:
    content = oz.file(oz.row("P1"), oz.row("P2"))
    reading = oz.open(content)
    path = tmp_path / "a.dat"
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    with pytest.raises(InputError, match=r"\[a.dat\] changed while it was being read"):
        list(reading.blocks())


def test_a_file_with_other_bytes_of_the_same_size_and_time_is_refused(oz: Any, tmp_path: Path) -> None:
    content = oz.file(oz.row("P1"), oz.row("P2"))
    reading = oz.open(content)
    path = tmp_path / "a.dat"
    status = path.stat()
    path.write_bytes(content.replace(b"POPPY", b"PUPPY"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(InputError, match=r"\[a.dat\] changed while it was being read"):
        list(reading.blocks())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n \n", "holds no row"),
        (b"REC,SUBJ\n", "holds a header but no row"),
        (b"a,b,c\n1,2,3\n", "3 columns found, 10 expected, and no row is readable"),
        (b"a;b;c\n" * 3000, "1 columns found, 10 expected, and no row is readable"),
        (b"PK\x03\x04rest", "is an Excel workbook or a zip archive"),
        (b"\xff\xfea\x00,\x00", "is UTF-16 text"),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_another_kind_is_refused_in_one_line(oz: Any, content: bytes, says: str, size: int) -> None:
    with pytest.raises(InputError) as error:
        oz.open(content, chunk=size)
    assert str(error.value).startswith("[a.dat] ")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_files_and_folders_are_refused(oz: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[none.dat\] does not exist"):
        oz.reader().open([tmp_path / "none.dat"])
    with pytest.raises(InputError, match="is a folder"):
        oz.reader().open([tmp_path])
    with pytest.raises(InputError, match="no input file is named"):
        oz.reader().open([])


def test_a_file_that_may_not_be_read_is_refused(oz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = oz.paths({"a.dat": oz.file(oz.row("P1"))})

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"\[a.dat\] may not be read"):
        oz.reader().open(paths)


def test_a_line_that_never_ends_is_rejected_without_being_held(oz: Any) -> None:
    endless = b"R,P1," + b"x" * 300_000
    for size in (1000, 1 << 20):
        reading = oz.open(oz.file(oz.row("P1"), endless, oz.row("P2")), chunk=size)
        assert oz.rejects(reading) == [(0, 2, 3, "line too long", "P1")]
        assert oz.rows(reading, "SUBJ")["P2"] == [(0, 3, 4, "P2")]


def test_nothing_personal_is_in_a_repr(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("PZYX", state_no="S1"), oz.row("PZYX", count_key="1")))
    (block,) = reading.blocks()
    seen = "".join(map(repr, (reading, block, block.frame, block.frame.columns["NAME"], reading.rejects[0])))
    assert "PZYX" not in seen
    assert "ORLA" not in seen


def test_a_broken_last_row_needs_no_line_end(oz: Any) -> None:
    reading = oz.open(oz.file(oz.row("P1"), b"x,y").rstrip(b"\n"))
    assert oz.rejects(reading) == [(0, 2, 3, "field count", None)]
    assert [body for _, body in reading.rejected()] == [b"x,y"]
