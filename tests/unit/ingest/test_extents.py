"""Every byte of a file is one person's or nobody's."""

from __future__ import annotations

from typing import Any

import pytest

from clearslate.ingest.delimited import DelimitedReading

A, B, C = "PERSON-1", "PERSON-2", "PERSON-3"
SIZES = [64, 200, 1 << 20]


def cut(reading: DelimitedReading, *contents: bytes) -> list[tuple[str | None, int, bytes, int, int]]:
    """For each extent whose it is, its file, bytes, rows and lines."""
    labels = reading.survey.people.labels
    found = reading.extents()
    columns = (found.person, found.file, found.offset, found.length, found.rows, found.lines)
    return [
        (None if person < 0 else labels[person], file, contents[file][offset : offset + length], rows, lines)
        for person, file, offset, length, rows, lines in zip(*(column.tolist() for column in columns), strict=True)
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_extents_are_the_stretches_of_a_person(oz: Any, mark: bytes, ending: bytes, size: int) -> None:
    quoted = oz.row(A, note='"one\ntwo"')
    rows = [oz.row(A), quoted, oz.row(B), oz.row(A), b"", b"", oz.row(A)]
    content = mark + oz.file(*rows, ending=ending)
    header, first, second, third, fourth = oz.header, *(row + ending for row in (rows[0], quoted, rows[2], rows[3]))
    assert cut(oz.open(content, chunk=size), content) == [
        (None, 0, mark + header + ending, 0, 1),
        (A, 0, first + second, 2, 3),
        (B, 0, third, 1, 1),
        (A, 0, fourth, 1, 1),
        (None, 0, 2 * ending, 0, 2),
        (A, 0, rows[6] + ending, 1, 1),
    ]


def test_without_a_header_and_a_last_line_end_every_byte_is_a_persons(oz: Any) -> None:
    content = oz.file(oz.row(A), oz.row(B), header=False)[:-1]
    assert cut(oz.open(content), content) == [(A, 0, oz.row(A) + b"\n", 1, 1), (B, 0, oz.row(B), 1, 1)]


def test_a_rejected_row_that_names_one_person_is_that_persons(oz: Any) -> None:
    broken = oz.row(A).rpartition(b",")[0]
    content = oz.file(oz.row(A), broken, oz.row(B), oz.row(A, count_key="1"), oz.row(C))
    assert cut(oz.open(content), content)[1:] == [
        (A, 0, oz.row(A) + b"\n" + broken + b"\n", 2, 2),
        (B, 0, oz.row(B) + b"\n", 1, 1),
        (A, 0, oz.row(A, count_key="1") + b"\n", 1, 1),
        (C, 0, oz.row(C) + b"\n", 1, 1),
    ]


def test_a_rejected_row_that_names_nobody_or_several_is_nobodys(oz: Any) -> None:
    several = f"{A},{B}".encode()
    unknown = oz.row("PERSON-9", count_key="1")
    content = oz.file(b"x,y", oz.row(A), b"x,y", b"", several, oz.row(B), unknown)
    assert cut(oz.open(content), content) == [
        (None, 0, oz.header + b"\nx,y\n", 1, 2),
        (A, 0, oz.row(A) + b"\n", 1, 1),
        (None, 0, b"x,y\n\n" + several + b"\n", 2, 3),
        (B, 0, oz.row(B) + b"\n", 1, 1),
        (None, 0, unknown + b"\n", 1, 1),
    ]


@pytest.mark.parametrize("size", SIZES)
def test_an_over_long_line_is_wholly_its_persons(oz: Any, size: int) -> None:
    long = oz.row(A, note="n" * 300_000)
    content = oz.file(oz.row(B), long, oz.row(A))
    assert cut(oz.open(content, chunk=size), content)[1:] == [
        (B, 0, oz.row(B) + b"\n", 1, 1),
        (A, 0, long + b"\n" + oz.row(A) + b"\n", 2, 2),
    ]


def test_a_person_has_extents_in_every_file_repeated_rows_included(oz: Any) -> None:
    contents = (oz.file(oz.row(A), oz.row(B), header=False), oz.file(oz.row(B), oz.row(A), oz.row(C), header=False))
    reading = oz.open(*contents)
    assert reading.rows_repeated == 2
    assert [(label, file) for label, file, *_ in cut(reading, *contents)] == [(A, 0), (B, 0), (B, 1), (A, 1), (C, 1)]


def test_extents_name_nobody_when_printed(oz: Any) -> None:
    assert "PERSON" not in repr(oz.open(oz.file(oz.row(A))).extents())


def test_text_longer_than_what_is_counted_at_once_has_all_its_lines(oz: Any) -> None:
    content = oz.file(*[oz.row(A, note="n" * 900)] * 5000, oz.row(B))
    reading = oz.open(content)
    assert [(rows, lines) for *_, rows, lines in cut(reading, content)] == [(0, 1), (5000, 5000), (1, 1)]
