"""Sections and statutes compare as parsed things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import Answer, Section, Statute

SECTIONS = st.builds(
    Section,
    st.from_regex(r"[A-Z]{2,3}( [A-Z]{1,3})?", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{0,4}([.][0-9]{1,2})?[A-Z]?", fullmatch=True),
    st.lists(st.from_regex(r"[A-Z]|[1-9]", fullmatch=True), max_size=3).map(tuple),
)


@given(SECTIONS)
def test_a_section_reads_back_from_its_own_words(section: Section) -> None:
    assert Section.from_citation(str(section)) == section


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("ZZ 11357", Section("ZZ", "11357")),
        ("ZZ 11357(b)(2)", Section("ZZ", "11357", ("B", "2"))),
        ("ZZ 11357.5", Section("ZZ", "11357.5")),
        ("ZZ 288a", Section("ZZ", "288A")),
        ("UN CODE 12(A)", Section("UN CODE", "12", ("A",))),
    ],
)
def test_a_citation_is_read(text: str, section: Section) -> None:
    assert Section.from_citation(text) == section


@pytest.mark.parametrize(
    "text",
    ["", "11357", "ZZ", "ZZ 11357(", "ZZ 11357()", "ZZ 11357 (b)", "zz 11357", "11357 ZZ", "ZZ 11357(b) x", " ZZ 1"],
)
def test_what_is_no_citation_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="is not a section such as"):
        Section.from_citation(text)


@pytest.mark.parametrize(
    ("one", "other", "within"),
    [
        ("ZZ 11357", "ZZ 11357", True),
        ("ZZ 11357(b)(2)", "ZZ 11357(b)", True),
        ("ZZ 11357(b)(2)", "ZZ 11357", True),
        ("ZZ 11357", "ZZ 11357(b)", False),
        ("ZZ 11357(c)", "ZZ 11357(b)", False),
        ("ZZ 11357(2)(b)", "ZZ 11357(b)", False),
        ("ZZ 11357.5", "ZZ 11357", False),
        ("ZZ 113570", "ZZ 11357", False),
        ("YY 11357", "ZZ 11357", False),
    ],
)
def test_a_section_is_within_itself_and_what_it_is_a_subdivision_of(one: str, other: str, within: bool) -> None:
    assert Section.from_citation(one).within(Section.from_citation(other)) is within


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (Section("ZZ", "100"), "ZZ 100(c)", "unknown"),
        (Section("ZZ", "100", ("C",)), "ZZ 100(c)", "yes"),
        (Section("ZZ", "100", ("C",)), "ZZ 100(c)(1)", "unknown"),
        (Section("ZZ", "100", ("B",)), "ZZ 100(c)(1)", "no"),
        (Section(None, "100"), "ZZ 100", "unknown"),
        (Section(None, "101"), "ZZ 100", "no"),
        (Section("YY", "100"), "ZZ 100", "no"),
    ],
)
def test_a_short_section_may_be_of_any_subdivision_and_one_without_code_of_any_code(
    one: Section, other: str, answer: str
) -> None:
    assert one.could_be_within(Section.from_citation(other)).value == answer


@given(SECTIONS, SECTIONS, st.integers(0, 3), st.booleans())
def test_a_shortened_section_never_answers_otherwise_than_the_whole(one, other, keep, coded) -> None:
    short = Section(one.code if coded else None, one.number, one.subdivisions[:keep])
    for listed in (other, Section(other.code, one.number, one.subdivisions[:1]), one):
        assert short.could_be_within(listed) in (one.could_be_within(listed), Answer.UNKNOWN)


def test_a_section_without_code_says_so() -> None:
    assert str(Section(None, "100A", ("B",))) == "? 100a(b)"
    assert Section("ZZ", "100", ("B",)).bare == Section("ZZ", "100")


def test_two_statutes_are_equal_whatever_the_record_printed() -> None:
    section = Section("ZZ", "100")
    assert Statute(section, raw="100 ZZ-X") == Statute(section, raw="ZZ100")
    assert Statute(section, attempt=True) != Statute(section)


def test_a_statute_says_how_it_was_charged_and_what_is_stacked() -> None:
    statute = Statute(Section("ZZ", "100"), (Section("ZZ", "7"),), attempt=True, conspiracy=True)
    assert str(statute) == "attempt: conspiracy: ZZ 100 / ZZ 7"
    assert statute.sections == (Section("ZZ", "100"), Section("ZZ", "7"))
