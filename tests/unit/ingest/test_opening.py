"""What the first line of a file tells, and files of which nothing can be used."""

from __future__ import annotations

import os
from typing import Any

import pytest

from clearslate.errors import InputError

SIZES = [64, 1 << 20]


def refused(oz: Any, content: bytes, size: int = 1 << 20) -> str:
    with pytest.raises(InputError) as error:
        oz.open(content, chunk=size)
    said = str(error.value)
    assert said.startswith("[a.dat] ")
    assert "\n" not in said
    assert "ZYXQUELL" not in said
    return said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("change", [bytes.lower, bytes.title, lambda line: line.lower() + b","])
def test_a_header_is_known_in_any_letter_case(oz: Any, change: Any, size: int) -> None:
    reading = oz.open(change(oz.header) + b"\n" + oz.row("P1") + b"\n", chunk=size)
    assert reading.inputs[0].has_header
    assert (reading.rows_read, list(reading.rejects)) == (1, [])


def test_a_misspelt_name_in_a_header_is_named_with_the_one_meant(oz: Any) -> None:
    said = refused(oz, oz.header.replace(b"COUNT_KEY", b"COUNTKEE") + b"\n" + oz.row("P1") + b"\n")
    assert "[COUNTKEE] in place 6" in said
    assert "did you mean [COUNT_KEY]?" in said


def test_a_header_whose_first_name_is_misspelt_is_still_a_header(oz: Any) -> None:
    assert "[RECC] in place 1" in refused(oz, b"RECC" + oz.header[3:] + b"\n" + oz.row("P1") + b"\n")


def test_a_header_without_its_first_column_is_still_a_header(oz: Any) -> None:
    assert "[SUBJ] in place 1" in refused(oz, oz.header[4:] + b"\n" + oz.row("P1") + b"\n")


def test_a_comment_before_the_header_is_a_rejected_row(oz: Any) -> None:
    reading = oz.open(b"# made for a test\n" + oz.row("P1") + b"\n")
    assert [reject.problem for reject in reading.rejects] == ["field count"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ("utf-16-le", "UTF-16 text without a byte-order mark"),
        ("utf-16-be", "UTF-16 text without a byte-order mark"),
        ("utf-32-le", "UTF-32 text without a byte-order mark"),
        ("utf-16", "UTF-16 text;"),
        ("utf-32", "UTF-32 text;"),
    ],
)
def test_text_in_another_encoding_is_called_by_its_name(oz: Any, encoding: str, says: str, size: int) -> None:
    assert says in refused(oz, oz.file(oz.row("P1")).decode().encode(encoding), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rows", [2, 2000])
@pytest.mark.parametrize("header", [True, False])
def test_lines_that_end_in_a_carriage_return_only_are_refused(oz: Any, header: bool, rows: int, size: int) -> None:
    said = refused(oz, oz.file(*[oz.row("P1")] * rows, ending=b"\r", header=header), size)
    assert "carriage return only" in said
    assert "save it with line ends" in said


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_which_no_row_can_be_used_says_what_was_found(oz: Any, size: int) -> None:
    bad = [oz.row("P1", count_key="1")] * 3 + [oz.row("", state_no="")]
    said = refused(oz, oz.file(*bad), size)
    assert "has 4 rows and none that can be used" in said
    assert "3 unusable cell (COUNT_KEY: 1 characters, 4 expected)" in said
    assert "1 no person" in said


def test_one_file_of_several_of_which_no_row_can_be_used_is_refused(oz: Any) -> None:
    with pytest.raises(InputError, match=r"\[b.dat\] has 1 rows and none"):
        oz.open(oz.file(oz.row("P1")), oz.file(oz.row("P1", count_key="1")))


def test_what_is_no_regular_file_is_refused_without_waiting_for_it(oz: Any) -> None:
    pipe = oz.folder / "pipe.dat"
    if hasattr(os, "mkfifo"):
        os.mkfifo(pipe)
    else:
        pipe = oz.folder / "NUL"
    with pytest.raises(InputError, match=r"is not a regular file|cannot be opened|does not exist"):
        oz.reader().open([pipe])
