from __future__ import annotations

from clearslate.ingest.lines import LONGEST_LINE, LONGEST_ROW, Lines, Shape, read_lines

SHAPE = Shape(width=3, person=0, identifier=1)


def read(data: bytes, final: bool = True) -> Lines:
    return read_lines(data, SHAPE, final=final)


def problems(found: Lines) -> list[tuple[int, int, str]]:
    return [(broken.ordinal, broken.line, broken.problem) for broken in found.broken]


def test_a_quoted_cell_may_run_over_lines() -> None:
    found = read(b'a,b,"c\nd"\ne,f,g\n')
    assert found.texts == [b'a,b,"c\nd"', b"e,f,g"]
    assert found.lines == [0, 2]
    assert not found.broken


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    found = read(b'a,b,c\nd,"e,f\ng,h,i\n')
    assert found.texts == [b"a,b,c", b"g,h,i"]
    assert problems(found) == [(1, 1, "broken quote")]


def test_an_unclosed_quote_that_a_later_row_would_close_is_not_joined_with_it() -> None:
    found = read(b'a,"b,c\nd,"e",f\ng,h,i\n')
    assert found.texts == [b'd,"e",f', b"g,h,i"]
    assert problems(found) == [(0, 0, "broken quote")]


def test_an_unclosed_quote_at_the_end_is_rejected_when_no_more_follows() -> None:
    found = read(b'a,b,"c\n')
    assert problems(found) == [(0, 0, "broken quote")]
    waiting = read(b'x,y,z\na,b,"c\n', final=False)
    assert waiting.used == len(b"x,y,z\n")
    assert waiting.rows == waiting.physical == 1


def test_a_row_runs_over_so_many_lines_and_no_more() -> None:
    longest = b'a,b,"c' + b"\n-" * (LONGEST_ROW - 1) + b'"\n'
    assert len(read(longest).texts) == 1
    longer = b'a,b,"c' + b"\n-" * LONGEST_ROW + b'"\n'
    assert read(longer).texts == []
    assert problems(read(longer))[0] == (0, 0, "broken quote")


def test_a_line_beyond_the_limit_is_rejected() -> None:
    found = read(b"a,b," + b"c" * (LONGEST_LINE - 4) + b"\na,b," + b"c" * (LONGEST_LINE - 3) + b"\n")
    assert len(found.texts) == 1
    assert problems(found) == [(1, 1, "line too long")]


def test_a_trailing_comma_is_no_field() -> None:
    assert read(b'a,b,c,\na,b,c,""\na,b,c,d\n').texts == [b"a,b,c", b"a,b,c"]


def test_a_carriage_return_within_a_line_is_part_of_its_cell() -> None:
    found = read(b"a,b\rx,c\r\n")
    assert found.texts == [b'a,"b\rx",c']
    assert (found.begins, found.ends) == ([0], [9])


def test_latin_1_becomes_utf_8() -> None:
    found = read("a,NU\u00d1EZ,c\n".encode("latin-1"))
    assert found.texts == ["a,NU\u00d1EZ,c".encode()]
    assert found.latin


def test_a_byte_of_no_text_is_named_with_its_offset() -> None:
    found = read(b"a,b\x85,c\na,\x00,c\n")
    assert [broken.detail for broken in found.broken] == [
        "byte 0x85 at offset 3 of the row",
        "byte 0x00 at offset 2 of the row",
    ]


def test_the_last_field_of_a_cut_row_names_nobody() -> None:
    cut, longer = read(b"P1\nP1,S\n").broken
    assert (cut.key, cut.identifier) == (None, None)
    assert (longer.key, longer.identifier) == ("P1", None)


def test_a_field_after_an_open_quote_names_nobody() -> None:
    (broken,) = read(b'"P1,S1,c\n').broken
    assert (broken.key, broken.identifier) == (None, None)


def test_blank_lines_are_no_rows() -> None:
    found = read(b"\n\r\n  \na,b,c\n\x1a")
    assert found.ordinals == [0]
    assert found.lines == [3]
    assert found.rows == 1
