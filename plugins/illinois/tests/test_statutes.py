"""How Illinois prints statutes: every form that was seen, by name, and what cannot be read."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import Section
from clearslate_illinois.printed import Printed, Token, Unreadable, tokens_of
from clearslate_illinois.statutes import MARKS, read_cells, read_statute, suggested

with (Path(__file__).parent / "printed_strings.csv").open(encoding="utf-8", newline="") as stream:
    PRINTED = [(row["printed"], row["section"], row["marks"]) for row in csv.DictReader(stream)]


@pytest.mark.parametrize(("printed", "section", "marks"), PRINTED, ids=[row[0] for row in PRINTED])
def test_a_printed_citation_is_read_as_the_section_that_it_means(printed: str, section: str, marks: str) -> None:
    statute = read_statute(printed)
    assert statute is not None
    assert str(statute.section) == section
    assert statute.section == Section.from_citation(section)
    assert statute.marks == tuple(marks.split())
    assert statute.attempt is ("ATTEMPT" in marks)
    assert statute.raw == printed
    assert MARKS.issuperset(statute.marks)


@pytest.mark.parametrize(
    "printed",
    [
        "", "AR", "AGG KID", "UUW", "SAME AS DEFN #1", "56-1/2-440(D)", "8-4", "4(d)", "550/4(d)", "720 ILCS 550",
        "720-550/5-2(D)", "720-550/4DX", "720-550/4(D)123", "720-550/4.D", "720-0550/4(D)", "999 ILCS 550/4",
        "30-500 GRAMS", "720", "56.5", "38-9", "38-77-1", "POSS CANNABIS 720-550/4(D)",
    ],
)  # fmt: skip
def test_what_is_no_citation_is_unreadable(printed: str) -> None:
    assert read_statute(printed) is None


def test_section_5_2_is_never_section_5() -> None:
    statute = read_statute("720-550/5.2(D)")
    assert statute is not None
    assert statute.section.number == "5.2"
    assert not statute.section.within(Section("720 ILCS 550", "5"))


def test_a_range_of_subdivisions_names_none_of_them() -> None:
    statute = read_statute("720-5\\8-4(9-1(A)(1-3))")
    assert statute is not None
    assert (str(statute.section), statute.attempt) == ("720 ILCS 5/9-1(a)", True)


def test_the_number_of_one_act_under_another_suggests_that_one() -> None:
    found = read_statute("720-570/4(D)")
    assert found is not None
    assert suggested(found.section) == Section("720 ILCS 550", "4", ("D",))
    assert suggested(Section("720 ILCS 550", "402", ("C",))) == Section("720 ILCS 570", "402", ("C",))
    assert suggested(Section("720 ILCS 5", "4", ("D",))) == Section("720 ILCS 550", "4", ("D",))
    assert suggested(Section("720 ILCS 505", "4")) == Section("720 ILCS 550", "4")
    assert suggested(Section("720 ILCS 600", "4")) is None
    assert suggested(Section("720 ILCS 5500", "4")) == Section("720 ILCS 550", "4")
    assert suggested(Section("720 ILCS 5", "19-1")) is None
    assert suggested(Section("625 ILCS 5", "4")) is None
    assert suggested(Section(None, "4")) is None


@pytest.mark.parametrize(
    ("cells", "section"),
    [
        (("720", "550", "4(d)"), "720 ILCS 550/4(d)"),
        (("720", "550", "5(f)"), "720 ILCS 550/5(f)"),
        (("720.0", "550.0", "4(d)"), "720 ILCS 550/4(d)"),
        (("720", "", "550/4(d)"), "720 ILCS 550/4(d)"),
        (("720-570\\402(C)", "", ""), "720 ILCS 570/402(c)"),
        (("720-550\\4(D)", "", ""), "720 ILCS 550/4(d)"),
        (("720-550\\4(D)", "550", "4(d)"), "720 ILCS 550/4(d)"),
        (("38-19-1-A", "", ""), "720 ILCS 5/19-1(a)"),
        (("38", "-", "9-1(a)(2)"), "720 ILCS 5/9-1(a)(2)"),
        (("56.5", "-", "704-D"), "720 ILCS 550/4(d)"),
        (("56.5-704-D", "", ""), "720 ILCS 550/4(d)"),
        (("720", "5", "8-4(720-550/5(D))"), "720 ILCS 550/5(d)"),
    ],
)
def test_the_cells_of_a_charge_are_read_in_each_of_their_forms(cells: tuple[str, str, str], section: str) -> None:
    statute = read_cells(*cells)
    assert statute is not None
    assert str(statute.section) == section


@pytest.mark.parametrize(
    "cells",
    [
        ("", "", ""), ("720", "550", ""), ("720", "", ""), ("38", "-", ""), ("", "550", "4(d)"), ("AR", "", ""),
        ("720-550\\4(D)", "550", "5(d)"), ("720-550\\4(D)", "", "x"),
    ],
)  # fmt: skip
def test_cells_that_say_too_little_or_two_things_are_unreadable(cells: tuple[str, str, str]) -> None:
    assert read_cells(*cells) is None


def test_a_statute_in_the_title_serves_where_no_cell_has_one() -> None:
    statute = read_cells("UUW", "", "", "[ATT(MURDER)=720-5\\8-4(9-1(A)(1-3))]")
    assert statute is not None
    assert statute.marks == ("ATTEMPT", "STATUTE_FROM_TITLE")
    assert read_cells("720", "550", "4(d)", "ATT(MURDER)=720-5\\8-4(9-1)") == read_statute("720-550/4(d)")
    assert read_cells("AR", "", "", "ARSON") is None


_TEXTS = st.text(alphabet="720 ILCS5/\\-4.8()dDAT[{,", max_size=60) | st.text(max_size=60)


@given(_TEXTS)
def test_reading_never_raises(text: str) -> None:
    statute = read_statute(text)
    if statute is not None:
        assert Section.from_citation(str(statute.section)) == statute.section


@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
def test_reading_cells_never_raises(chapter: str, act: str, section: str, title: str) -> None:
    read_cells(chapter, act, section, title)


class _Counting(Printed):
    """A reading that counts how often it looks at a token."""

    looked = 0

    def peek(self, ahead: int = 0) -> Token:
        self.looked += 1
        return super().peek(ahead)


@pytest.mark.parametrize("piece", ["(", "720-", "8-4(", "(A)", "-1", "9", ".", "[", "A ", "720-550/4(D) "])
@pytest.mark.parametrize("before", ["", "720-550/4", "8-4/"])
def test_reading_takes_time_in_proportion_to_the_text(before: str, piece: str) -> None:
    tokens = tokens_of(before + piece * 5_000)
    reading = _Counting(tokens)
    with contextlib.suppress(Unreadable):
        reading.charges()
    assert reading.looked < 40 * len(tokens) + 400
