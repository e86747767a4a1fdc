from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.errors import InputError
from clearslate.ingest.reader import MappingFile
from clearslate.ingest.source import LONGEST_LINE
from clearslate.ingest.table import text as text_module
from clearslate.ingest.table.mapping import parse_mapping
from clearslate.ingest.table.text import DELIMITERS, rewrite_text

SEMICOLON = {"delimiter": '"semicolon"'}


def rejects(reading: Any) -> list[tuple[int, int, str, str]]:
    return [(one.place.row, one.place.line, one.problem, one.detail) for one in reading.rejects]


def annotated(reading: Any) -> bytes:
    return b"".join(block.annotated({}, b"-") for block in reading.blocks())


def test_commas_in_utf8_are_read_where_they_are(roll: Any) -> None:
    reading = roll.open(roll.file(roll.row(), roll.row("P2")))
    assert reading.inputs[0].file_sha256 == ""
    assert (reading.rows_read, reading.people) == (2, 2)


@pytest.mark.parametrize("delimiter", ["semicolon", "tab"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CR LF"])
def test_other_delimiters_give_the_same_rows_and_decisions(roll: Any, delimiter: str, ending: str) -> None:
    rows = [
        roll.row(),
        roll.row("P2", name='O"NEIL, "MARY ANN"', offense="a;b\tc,d"),
        roll.row("P3", offense="first\nsecond; third", grade="M"),
        roll.row("P4", name="plain", grade="M"),
    ]
    told = roll.open(roll.file(*rows))
    content = roll.text(*rows, delimiter=DELIMITERS[delimiter], ending=ending).encode()
    reading = roll.open(roll.raw(content, "other.csv"), mapping=roll.mapping(delimiter=f'"{delimiter}"'))
    assert reading.inputs[0].file_sha256
    assert roll.decided(reading) == roll.decided(told)
    assert list(csv.reader(io.StringIO(annotated(reading).decode()))) == list(
        csv.reader(io.StringIO(annotated(told).decode()))
    )


def test_windows_text_is_read_with_its_signs(roll: Any) -> None:
    content = roll.text(roll.row(offense="IT\u2019S \u201cMOONSHINE\u201d \u2013 \u0160\u00e9")).encode("cp1252")
    mapping = roll.mapping(encoding='"windows-1252"')
    ((person,),) = [b.persons(lambda _: True) for b in roll.open(roll.raw(content), mapping=mapping).blocks()]
    assert person.counts[0].offense == "100 ZZ IT\u2019S \u201cMOONSHINE\u201d \u2013 \u0160\u00e9"
    # Read as what it is not, the row is rejected and nothing is guessed.
    reading = roll.open(roll.raw(content + roll.text(roll.row("P2")).encode().partition(b"\n")[2]))
    assert rejects(reading)[0][:3] == (1, 2, "undecodable byte")


def test_a_byte_that_the_encoding_has_not_rejects_its_row(roll: Any) -> None:
    rows = roll.text(roll.row(), roll.row("P2", offense="@"), roll.row("P3")).encode().replace(b"@", b"\xc3\x81")
    reading = roll.open(roll.raw(rows), mapping=roll.mapping(encoding='"windows-1252"'))
    assert [(row, line, problem) for row, line, problem, _ in rejects(reading)] == [(2, 3, "undecodable byte")]
    assert reading.people == 2


@pytest.mark.parametrize("delimiter", ["comma", "semicolon", "tab"])
def test_damaged_rows_are_rejected_in_their_place_and_the_others_read(roll: Any, delimiter: str) -> None:
    sign = DELIMITERS[delimiter]
    lines = roll.text(*(roll.row(f"PERSON{n}") for n in range(8)), delimiter=sign).replace('"', "").splitlines()
    if sign == ",":
        lines = [line.replace("ZYXQUELL, ORLA", "ZYXQUELL") for line in lines]
    lines[2] += f"{sign}more{sign}cells"
    lines[3] = sign.join(lines[3].split(sign)[:-4])
    lines[4] = lines[4].replace("MAKING MOONSHINE", '"MAKING')
    lines[5] = lines[5].replace("MAKING MOONSHINE", '"MAKING ""IT"""')
    lines[6] = lines[6].replace("MAKING MOONSHINE", "MAKING\0MOONSHINE")
    lines.insert(8, "")
    mapping = roll.mapping(delimiter=f'"{delimiter}"')
    reading = roll.open(roll.raw("\n".join(lines).encode()), mapping=mapping)
    assert [(row, line, problem) for row, line, problem, _ in rejects(reading)] == [
        (2, 3, "field count"),
        (3, 4, "field count"),
        (4, 5, "broken quote"),
        (6, 7, "undecodable byte"),
    ]
    assert rejects(reading)[0][3] == "21 fields, 19 expected"
    assert (reading.rows_read, reading.people) == (8, 4)
    places = {
        person.person_id: person.counts[0].place
        for block in reading.blocks()
        for person in block.persons(lambda _: True)
    }
    assert places["PERSON7"][1:] == (8, 10)


@pytest.mark.parametrize("quotes", ["", '"'], ids=["plain", "quoted"])
def test_a_line_that_is_too_long_is_rejected_whatever_its_size(
    roll: Any, monkeypatch: pytest.MonkeyPatch, quotes: str
) -> None:
    monkeypatch.setattr(text_module, "_PIECE", 1 << 14)
    for size in (LONGEST_LINE + 10, 3 * LONGEST_LINE):
        lines = roll.text(roll.row(), roll.row("P2", offense=f"{quotes}@"), roll.row("P3"), delimiter=";")
        content = lines.replace("@", "x;" * (size // 2)).encode()
        reading = roll.open(roll.raw(content), mapping=roll.mapping(**SEMICOLON))
        assert [(row, line, problem) for row, line, problem, _ in rejects(reading)] == [(2, 3, "line too long")]
        assert reading.people == 2


def test_lines_above_the_header_are_passed_over_and_counted(roll: Any) -> None:
    content = ("Roll of Oz;;\nprinted 2020;;\n" + roll.text(roll.row(), delimiter=";")).encode("utf-8-sig")
    reading = roll.open(roll.raw(content), mapping=roll.mapping(header_row="3", **SEMICOLON))
    ((person,),) = [block.persons(lambda _: True) for block in reading.blocks()]
    assert person.counts[0].place == (0, 1, 4)
    commas = ("Roll of Oz,,\n" + roll.text(roll.row())).encode()
    assert roll.open(roll.raw(commas), mapping=roll.mapping(header_row="2")).rows_read == 1


def test_blank_and_doubled_names_of_columns_are_told_apart(roll: Any) -> None:
    content = roll.text(roll.row()).replace("RACE", "SEX").replace("MARKET", "").encode()
    roll.columns = tuple({"RACE": "SEX 2", "MARKET": "column 19"}.get(name, name) for name in roll.columns)
    mapping = roll.mapping(instead={'race = "RACE"': 'race = "SEX 2"', 'column = "MARKET"': 'column = "column 19"'})
    ((person,),) = [b.persons(lambda _: True) for b in roll.open(roll.raw(content), mapping=mapping).blocks()]
    assert (person.sex, person.race) == ("F", "GREEN")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("GRADE,", "", ["lacks column [GRADE]"]),
        ("GRADE", "GRAD", ["lacks column [GRADE]", "did you mean [GRAD]?"]),
        ("GRADE", "GRADE,LEVEL", ["has column [LEVEL]", "which the mapping does not list"]),
        ("NAME,DOB", "DOB,NAME", ["has column [DOB] in place 3", "place 4"]),
        ("ID,SID,NAME,DOB,SEX,RACE,CASE,CHARGE,STATUTE,OFFENSE,", "", ["has 9 of the 19 columns"]),
        ("ID,", "NO,KEY,", ["lacks column [ID]"]),
    ],
    ids=["one less", "misspelled", "one more", "exchanged", "few", "more in front"],
)
def test_a_header_that_is_not_the_mappings_is_refused_with_its_columns(
    roll: Any, old: str, new: str, words: list[str]
) -> None:
    content = roll.text(roll.row()).replace(old, new, 1).encode()
    with pytest.raises(InputError) as caught:
        roll.open(roll.raw(content))
    assert str(caught.value).startswith("[roll.csv] ")
    for word in words:
        assert word in str(caught.value)


def test_a_file_without_a_header_is_refused_and_nothing_of_it_is_shown(roll: Any) -> None:
    content = roll.text(roll.row(), roll.row("P2")).partition("\n")[2].encode()
    with pytest.raises(InputError) as caught:
        roll.open(roll.raw(content))
    assert "has 0 of the 19 columns of the mapping in the header of row 1" in str(caught.value)
    assert "ZYXQUELL" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "has 0 of the 19 columns"),
        ("ID;SID".encode("utf-16"), "is UTF-16 text"),
        (b"ID,SID\rP1,S1\r", "has 1 of the 19 columns"),
    ],
    ids=["empty", "blank", "UTF-16", "CR"],
)
def test_a_file_that_is_no_table_is_refused(roll: Any, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        roll.open(roll.raw(content))


def test_a_file_with_another_delimiter_is_told_by_its_header(roll: Any) -> None:
    with pytest.raises(InputError, match=r"has a \[semicolon\] between its columns, and the mapping says \[comma\]"):
        roll.open(roll.file(roll.row(), delimiter=";"))


def test_a_header_without_a_row_is_refused(roll: Any) -> None:
    with pytest.raises(InputError, match="holds a header but no row"):
        roll.open(roll.file(delimiter=";"), mapping=roll.mapping(**SEMICOLON))


CELL = st.text(st.sampled_from('ab;,\t"\r \x1f\u00e9'), max_size=6)
SMALL = parse_mapping(
    MappingFile(
        "s.toml",
        'id = "s"\ntitle = "s"\ndelimiter = "semicolon"\ncolumns = ["A", "B", "C"]\n[person]\nid = "A"\n'
        '[charge]\nstatute = "B"\ndisposition = "C"\n',
    )
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6))
def test_whatever_stands_in_quoted_cells_is_what_is_read(rows: list[tuple[str, str, str]]) -> None:
    sink = io.StringIO()
    csv.writer(sink, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("A", "B", "C"), *rows])
    found = rewrite_text("s", io.BytesIO(sink.getvalue().encode()), SMALL)
    assert found is not None
    made = b"".join(found).decode()
    assert list(csv.reader(io.StringIO(made, newline=""))) == [["A", "B", "C"], *map(list, rows)]


@given(st.binary(max_size=200), st.sampled_from(["semicolon", "tab", "comma"]))
def test_any_bytes_below_a_header_give_a_row_for_each_row_or_an_error(data: bytes, delimiter: str) -> None:
    sign = DELIMITERS[delimiter].encode()
    mapping = parse_mapping(MappingFile("s.toml", SMALL.file.text.replace('"semicolon"', f'"{delimiter}"')))
    found = rewrite_text("s", io.BytesIO(sign.join((b"A", b"B", b"C")) + b"\n" + data), mapping)
    if found is not None:
        made = b"".join(found)
        assert made.startswith(b"A,B,C\n")


def test_the_path_is_never_in_a_message(roll: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        roll.open(roll.raw(b"x,y\n1,2\n"))
    assert str(tmp_path) not in str(caught.value)
