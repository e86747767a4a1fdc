"""The grammar, on the invented codes of Oz: emerald code EM, road code YB, harm code HC."""

import sys
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import Section, Statute
from clearslate.model.grammar import Grammar, NumberRange

OZ = Grammar(
    codes=MappingProxyType({"EM": "EM", "YB": "YB", "HC": "HC", "E&M": "EM", "EMC": "EM"}),
    attempts=frozenset({Section("HC", "900")}),
    attempt_words=frozenset({"ATTEMPTED", "ATTEMPT"}),
    attempt_openings=frozenset({"ATTEMPTED"}),
    conspiracies=frozenset({Section("HC", "77")}),
    conspiracy_words=frozenset({"CONSPIRACY"}),
    conspiracy_openings=frozenset({"CONSPIRACY"}),
    default_codes=(NumberRange("EM", 40000, 40999),),
    lettered=frozenset({"40100"}),
    renumbered=MappingProxyType({Section("HC", "50.1"): Section("HC", "50", ("1",))}),
    old_numbers=frozenset({Section("EM", "40001")}),
    lead_ins=frozenset({"CHRG", "COM"}),
    numbered_lead_ins=frozenset({"CNT"}),
    grade_letters=frozenset({"F"}),
    unlisted_code_length=2,
    longest_number=6,
    least_uncoded=20,
)


def _section(text: str) -> Section:
    return Section.from_citation(text)


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("40100(A) EM-POSSESSING POPPIES", "EM 40100(a)"),
        ("40100(A)EM", "EM 40100(a)"),
        ("40100EM", "EM 40100"),
        ("40100 em", "EM 40100"),
        ("  40100 EM  ", "EM 40100"),
        ("40100 ( A ) ( 2 ) EM", "EM 40100(a)(2)"),
        ("40100(A2) EM", "EM 40100(a)(2)"),
        ("EM 40100(a)", "EM 40100(a)"),
        ("E&M 40100", "EM 40100"),
        ("40100E&M", "EM 40100"),
        ("40100 EMC-POPPIES", "EM 40100"),
        ("40100.5(A) EM", "EM 40100.5(a)"),
        ("140100.5 YB", "YB 140100.5"),
        ("40100 YB", "YB 40100"),
        ("40100 EM POSSESSING POPPIES", "EM 40100"),
        ("40100 EM (A)", "EM 40100(a)"),
        ("40100 EM (F)", "EM 40100"),
        ("40100(A) EM-UP TO 28.5 G/1 OZ - 2ND TIME", "EM 40100(a)"),
        ("40100 EM-28.5 GRAMS", "EM 40100"),
        ("50.1 HC", "HC 50(1)"),
        ("50.1(B) HC", "HC 50(1)(b)"),
        ("300.25(A)(10)(III) HC", "HC 300.25(a)(10)(iii)"),
    ],
)
def test_one_section_is_read_as_printed(printed: str, section: str) -> None:
    assert OZ.parse(printed) == Statute(_section(section))


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("40100A EM", "EM 40100(a)"),
        ("40100B2 EM", "EM 40100(b)(2)"),
        ("40100AEM", "EM 40100(a)"),
        ("40100 B EM", "EM 40100(b)"),
        ("40100 B 2 EM", "EM 40100(b)(2)"),
        ("300A EM", "EM 300A"),
        ("300AB HC", "HC 300AB"),
        ("300A(C)(2) HC", "HC 300A(c)(2)"),
    ],
)
def test_letters_behind_a_number_are_subdivisions_only_where_the_grammar_says_so(printed: str, section: str) -> None:
    assert OZ.parse(printed) == Statute(_section(section))


@pytest.mark.parametrize(
    "printed", ["40100(B) SELL/FURNISH POPPIES", "40100(B)", "40100(B)-SELLING", "40100(B)-2 POTS"]
)
def test_a_missing_code_is_guessed_only_in_its_range(printed: str) -> None:
    assert OZ.parse(printed) == Statute(_section("EM 40100(b)"), marks=("CODE_GUESSED",))


def test_a_missing_code_outside_every_range_stays_unknown() -> None:
    assert OZ.parse("300 BURGLING") == Statute(Section(None, "300"))


def test_letters_shaped_like_a_code_that_nobody_listed_are_kept_as_a_code() -> None:
    assert OZ.parse("40100 ZZ-POPPIES") == Statute(Section("ZZ", "40100"))


@pytest.mark.parametrize(
    ("printed", "sections"),
    [
        ("300(A)/310.5 HC", ("HC 300(a)", "HC 310.5")),
        ("300-310.22(B)(4) HC-EXTORTING", ("HC 300", "HC 310.22(b)(4)")),
        ("300 HC/40100 EM", ("HC 300", "EM 40100")),
        ("HC 300/EM 40100", ("HC 300", "EM 40100")),
        ("300, 310 HC", ("HC 300", "HC 310")),
        ("300(A)/(B) HC", ("HC 300(a)", "HC 300(b)")),
        ("30/31/32 HC", ("HC 30", "HC 31", "HC 32")),
    ],
)
def test_stacked_sections_share_the_code_printed_once_and_keep_their_own(printed: str, sections: tuple[str]) -> None:
    first, *rest = map(_section, sections)
    assert OZ.parse(printed) == Statute(first, tuple(rest), marks=("STACKED",))


@pytest.mark.parametrize(
    "printed",
    [
        "900/40100(A) EM",
        "900(A)/40100(A) EM",
        "900-40100(A) EM",
        "900.40100(A) EM",
        "90040100(A) EM",
        "40100(A)/900 EM",
        "40100(A) EM/900",
        "40100(A) EM-900 HC",
        "40100(A) EM/900 HC",
        "900 HC/40100(A) EM",
        "HC 900/EM 40100(A)",
        "ATTEMPTED 40100(A) EM",
        "40100(A) EM-ATTEMPTED",
        "40100(A) EM-POPPIES-ATTEMPT",
        "40100(A) EM-ATTEMPTED POSSESSION",
        "40100(A) EM (ATTEMPT)",
    ],
)
def test_every_notation_of_an_attempt_is_an_attempt_of_the_target(printed: str) -> None:
    assert OZ.parse(printed) == Statute(_section("EM 40100(a)"), attempt=True, marks=("ATTEMPT",))


def test_a_description_that_only_mentions_an_attempt_is_the_completed_offense() -> None:
    assert OZ.parse("300 HC-ATTEMPT TO DETER A GUARD") == Statute(_section("HC 300"))


@pytest.mark.parametrize("printed", ["77/40100 EM", "40100/77 EM", "77(A)(1) HC/40100 EM", "40100 EM-CONSPIRACY"])
def test_every_notation_of_a_conspiracy_is_a_conspiracy_of_the_target(printed: str) -> None:
    assert OZ.parse(printed) == Statute(_section("EM 40100"), conspiracy=True, marks=("CONSPIRACY",))


@pytest.mark.parametrize("printed", ["77(A)(1)/40100 HC", "40100/77 HC", "7740100 HC"])
def test_letters_that_may_be_the_conspiracys_own_do_not_speak_for_a_number_of_another_range(printed: str) -> None:
    assert OZ.parse(printed) == Statute(_section("EM 40100"), conspiracy=True, marks=("CODE_UNCLEAR", "CONSPIRACY"))


def test_letters_printed_for_the_target_alone_are_kept_even_when_wrong() -> None:
    assert OZ.parse("77 HC/40100 HC") == Statute(_section("HC 40100"), conspiracy=True, marks=("CONSPIRACY",))


def test_the_number_of_the_attempt_section_under_another_code_is_no_attempt() -> None:
    assert OZ.parse("900 YB") == Statute(_section("YB 900"))
    assert OZ.parse("40100 EM/900 YB") == Statute(_section("EM 40100"), (_section("YB 900"),), marks=("STACKED",))


def test_an_attempt_that_names_no_target_is_the_attempt_section() -> None:
    assert OZ.parse("900 HC-ATTEMPT") == Statute(_section("HC 900"), attempt=True, marks=("ATTEMPT",))


def test_an_old_number_is_marked() -> None:
    assert OZ.parse("40001 EM") == Statute(_section("EM 40001"), marks=("OLD_NUMBER",))


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "   ",
        "POPPIES",
        "SEE COMMENT",
        "POSSESSING 40100 EM",
        "040100 EM",
        "40,100 EM",
        "40100(A EM",
        "40100() EM",
        "40100(POPPIES) EM",
        "40100.A EM",
        "40100(A)B EM",
        "1ST DEGREE",
        "2 COUNTS",
        "12345678 EM",
        "4.01002E+11",
        "35429 40100(A) EM",
        "#####",
        "(A) EM",
    ],
)
def test_what_cannot_be_read_is_none(printed: str) -> None:
    assert OZ.parse(printed) is None


@pytest.mark.parametrize(
    "comment",
    ["40100 EM-POPPIES", "CHRG-40100 EM", ":CHRG 40100 EM", "COM: CNT 1 40100 EM", "CNT1-40100 EM", "CNT 01: 40100 EM"],
)
def test_words_that_lead_in_to_a_charge_are_passed_in_a_comment(comment: str) -> None:
    assert OZ.parse_comment(comment) == Statute(_section("EM 40100"))


def test_a_section_number_behind_count_is_not_taken_for_the_counts_number() -> None:
    assert OZ.parse_comment("CNT 40100 EM") == Statute(_section("EM 40100"))


def test_the_text_as_printed_is_kept() -> None:
    statute = OZ.parse("  40100A EM-POPPIES ")
    assert statute is not None
    assert statute.raw == "  40100A EM-POPPIES "


_PIECES = st.sampled_from(
    ["900", "77", "40100", "300", ".", "5", "(", ")", "A", "B2", "EM", "HC", "XX", "/", "-", ",", "&", " ", "ATTEMPTED"]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=20).map("".join)))
def test_reading_never_raises_and_gives_one_section_of_upper_case(text: str) -> None:
    for statute in (OZ.parse(text), OZ.parse_comment(text)):
        if statute is not None:
            assert statute.raw == text
            assert all(s.number[0].isdigit() and s.number == s.number.upper() for s in statute.sections)
            assert statute.attempt == ("ATTEMPT" in statute.marks)


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_case_and_outer_spaces_change_nothing(text: str) -> None:
    assert OZ.parse(text) == OZ.parse(f" {text.lower()}  ")


@pytest.mark.parametrize(
    "piece", ["(A)", "A1", "300/", "300-", "300 HC/", "900/", "/(B)", "ATTEMPTED ", "-ATTEMPT", "9", "1.", "CNT 1 "]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def work(times: int) -> int:
        counter = 0

        def trace(*_: object) -> object:
            nonlocal counter
            counter += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)  # type: ignore[arg-type]
        try:
            OZ.parse("300(A)" + piece * times)
            OZ.parse_comment(piece * times)
        finally:
            sys.settrace(before)
        return counter

    assert work(800) < 3 * work(400) + 1000
