from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.ingest.cells import as_row, neutral, unneutral

TEXT = st.text(alphabet=st.sampled_from("=+-@\t\r\n'\" ,;a1.\uff1d\uff0b\uff0d\uff20"), max_size=8)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "@SUM(A1)", "\tx", "\rx", "\nx", "-1+1", "-a", "--a", ' "=1', "  +1",
     "\uff1d1", "\uff0b", "\uff0d1", "\uff20A"],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "-", "  -  ", "---", "-5", "-5.25", "-.5", "a=b", "1-2", "'tis", "O'ZYX", " a"])
def test_a_plain_cell_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) == cell


@given(TEXT)
def test_neutralising_can_be_undone(cell: str) -> None:
    assert unneutral(neutral(cell)) == cell


@given(st.lists(TEXT, min_size=2, max_size=5))
def test_a_row_reads_back_as_its_cells(cells: list[str]) -> None:
    assert list(csv.reader([as_row(cells)])) == [cells] or any("\n" in cell or "\r" in cell for cell in cells)
