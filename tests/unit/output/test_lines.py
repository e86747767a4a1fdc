from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.ingest.cells import unneutral
from clearslate.output.lines import encoded, line, rows_in

cells = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=4)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.lists(cells, max_size=5))
def test_every_row_is_read_back_and_counted(rows: list[list[str]]) -> None:
    rows = [[*row, "end"] for row in rows]
    text = "".join(line(row) for row in rows)
    assert [[unneutral(cell) for cell in row] for row in read(text)] == rows
    assert rows_in(encoded(text)) == len(rows)


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@A1", "\t=1", "\r=1", "  =1", "＝1", "=HYPERLINK(1)"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert read(line([cell, "x"]))[0][0] == "'" + cell


def test_a_stray_quote_and_a_line_break_in_a_cell_mislead_no_count() -> None:
    assert rows_in(b'a,b\n5\'10",x\n6,"y\nz"\n7,w\n') == 4
    assert rows_in(b"5'10\",x\n7,w\n") == 2
    assert rows_in(b'6,"y\nz\nz"\n') == 1


def test_a_file_name_that_is_no_text_is_spelled_out() -> None:
    assert encoded("\udcff.csv") == b"\\udcff.csv"
