"""Every notation that California's records are known to use, and what it is read as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import Section, Statute
from clearslate_california.statutes import (
    CALIFORNIA,
    COMMENT_OTHER_STATUTE,
    OFFENSE_BLANK,
    OFFENSE_FROM_COMMENT,
    offense_of,
    read_statute,
    statute_in_comment,
)


def _sections(statute: Statute | None) -> list[str]:
    assert statute is not None
    return [str(section) for section in statute.sections]


# The rows of the table of variants -----------------------------------------------------------


def test_a_section_with_its_code_and_text_is_read() -> None:
    assert read_statute("11360(A) HS-SELL/FURNISH MARIJUANA") == Statute(Section("HS", "11360", ("A",)))


def test_a_space_before_the_hyphen_changes_nothing() -> None:
    assert read_statute("4149 BP - UNLICENSED NEEDLE") == read_statute("4149 BP-UNLICENSED NEEDLE")
    assert _sections(read_statute("4149 BP - UNLICENSED NEEDLE")) == ["BP 4149"]


@pytest.mark.parametrize(("printed", "section"), [("11359HS", "HS 11359"), ("11357(C)HS", "HS 11357(c)")])
def test_the_code_may_touch_the_section(printed: str, section: str) -> None:
    assert read_statute(printed) == Statute(Section.from_citation(section))


def test_a_missing_code_in_the_range_of_the_drug_sections_is_guessed_and_no_word_is_taken_for_one() -> None:
    statute = read_statute("11360(B) SELL/FURNISH/ETC MARIJUANA/HASH")
    assert statute == Statute(Section("HS", "11360", ("B",)), marks=("CODE_GUESSED",))


def test_a_missing_code_elsewhere_is_unknown() -> None:
    assert read_statute("459 BURGLARY") == Statute(Section(None, "459"))


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("11357A HS-POSSESSION OF MARIJUANA", "HS 11357(a)"),
        ("11357B2 HS-X", "HS 11357(b)(2)"),
        ("11360A2 HS-X", "HS 11360(a)(2)"),
        ("11358D HS", "HS 11358(d)"),
        ("11359CHS", "HS 11359(c)"),
        ("11357 B HS", "HS 11357(b)"),
    ],
)
def test_letters_behind_a_cannabis_section_are_its_subdivisions(printed: str, section: str) -> None:
    assert read_statute(printed) == Statute(Section.from_citation(section))


@pytest.mark.parametrize("number", ["288A", "273AB", "647A", "476A", "484E", "266J", "653F", "288a"])
def test_letters_behind_a_penal_code_number_belong_to_it(number: str) -> None:
    assert read_statute(f"{number} PC") == Statute(Section("PC", number.upper()))


def test_a_lettered_number_has_subdivisions_of_its_own() -> None:
    assert _sections(read_statute("288A(C)(2)(A) PC")) == ["PC 288a(c)(2)(a)"]
    assert read_statute("288A(C)(2)(A) PC") != read_statute("288(A) PC")


@pytest.mark.parametrize("printed", ["11357(A)PC", "11357(A) PC", "11357A PC"])
def test_a_wrong_code_is_kept_as_printed(printed: str) -> None:
    assert read_statute(printed) == Statute(Section("PC", "11357", ("A",)))


def test_code_letters_that_nobody_listed_are_not_taken_for_missing() -> None:
    assert read_statute("11357 QX-POSS") == Statute(Section("QX", "11357"))


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("664/187(A) PC-ATT MURDER", Section("PC", "187", ("A",))),
        ("664-187(A) PC", Section("PC", "187", ("A",))),
        ("187-664 PC", Section("PC", "187")),
        ("187(A) PC/664", Section("PC", "187", ("A",))),
        ("664-187", Section(None, "187")),
        ("664/11357(A) HS", Section("HS", "11357", ("A",))),
        ("66411357(C) HS", Section("HS", "11357", ("C",))),
        ("664.11357 HS", Section("HS", "11357")),
        ("11359 HS/664", Section("HS", "11359")),
        ("11359 HS/664 PC", Section("HS", "11359")),
        ("11359/664 HS", Section("HS", "11359")),
        ("11359 HS-664 PC", Section("HS", "11359")),
        ("11359 HS-ATTEMPTED", Section("HS", "11359")),
        ("11359 HS-POSS FOR SALE-ATTEMPTED", Section("HS", "11359")),
        ("11359 HS-ATTEMPTED POSS FOR SALE", Section("HS", "11359")),
        ("ATT 11359 HS", Section("HS", "11359")),
    ],
)
def test_every_notation_of_an_attempt_names_the_offense_attempted(printed: str, section: Section) -> None:
    assert read_statute(printed) == Statute(section, attempt=True, marks=("ATTEMPT",))


@pytest.mark.parametrize("printed", ["664.11357", "66411357", "664/11357"])
def test_an_attempt_of_a_cannabis_section_without_letters_of_its_own_is_guessed(printed: str) -> None:
    assert read_statute(printed) == Statute(Section("HS", "11357"), attempt=True, marks=("ATTEMPT", "CODE_GUESSED"))


def test_the_letters_of_the_attempt_section_do_not_speak_for_a_cannabis_section() -> None:
    attempt = Statute(Section("HS", "11357"), attempt=True, marks=("ATTEMPT", "CODE_UNCLEAR"))
    assert read_statute("664/11357 PC") == attempt


def test_a_hyphen_between_two_numbers_stacks_them() -> None:
    statute = read_statute("519-186.22(B)(4) PC-EXTORTION/GANG")
    assert _sections(statute) == ["PC 519", "PC 186.22(b)(4)"]


@pytest.mark.parametrize(
    ("printed", "sections"),
    [
        ("484(A)/490.5 PC-PETTY THEFT:MERCHANDISE", ["PC 484(a)", "PC 490.5"]),
        ("488/666 PC", ["PC 488", "PC 666"]),
        ("484(A)/666 PC-PETTY THEFT W/PRIOR", ["PC 484(a)", "PC 666"]),
        ("32 PC/11359 HS", ["PC 32", "HS 11359"]),
    ],
)
def test_the_first_of_stacked_sections_is_the_offense(printed: str, sections: list[str]) -> None:
    statute = read_statute(printed)
    assert _sections(statute) == sections
    assert statute is not None
    assert statute.marks == ("STACKED",)


@pytest.mark.parametrize("printed", ["290 PC-REGISTRATION OF SEX OFFENDER", " 290 PC-REGISTRATION OF SEX OFFENDER"])
def test_a_leading_space_changes_nothing(printed: str) -> None:
    assert read_statute(printed) == Statute(Section("PC", "290"))


@pytest.mark.parametrize("number", ["11530", "11530.1", "11530.5", "11531", "11532"])
def test_a_number_from_before_the_recodification_is_marked(number: str) -> None:
    assert read_statute(f"{number} HS-MARIJUANA") == Statute(Section("HS", number), marks=("OLD_NUMBER",))


@pytest.mark.parametrize(("printed", "subdivision"), [("314.1 PC-INDECENT EXPOSURE", "1"), ("314.2 PC", "2")])
def test_a_paragraph_printed_behind_a_point_is_a_subdivision(printed: str, subdivision: str) -> None:
    assert read_statute(printed) == Statute(Section("PC", "314", (subdivision,)))


def test_lower_case_reads_as_upper_case() -> None:
    assert read_statute("11357(b)(2) hs") == read_statute("11357(B)(2) HS")


# Conspiracies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("printed", ["182/11360 HS", "11360/182 HS", "182(A)(1) PC/11360 HS", "11360 HS/182 PC"])
def test_a_conspiracy_names_the_offense_agreed_upon(printed: str) -> None:
    assert read_statute(printed) == Statute(Section("HS", "11360"), conspiracy=True, marks=("CONSPIRACY",))


@pytest.mark.parametrize("printed", ["182(A)(1)/11360 PC", "11360/182 PC"])
def test_the_letters_of_the_conspiracy_section_do_not_speak_for_a_cannabis_section(printed: str) -> None:
    assert read_statute(printed) == Statute(
        Section("HS", "11360"), conspiracy=True, marks=("CODE_UNCLEAR", "CONSPIRACY")
    )


def test_a_conspiracy_without_a_target_is_the_conspiracy_section() -> None:
    statute = read_statute("182(A)(1) PC-CONSPIRACY:COMMIT CRIME")
    assert statute == Statute(Section("PC", "182", ("A", "1")), conspiracy=True, marks=("CONSPIRACY",))


# Near misses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("11357.5(A) HS-SYNTHETIC CANNABINOID", "HS 11357.5(a)"),
        ("11357.5(B) HS", "HS 11357.5(b)"),
        ("211360.5 VC", "VC 211360.5"),
        ("11361(A) HS-EMPLOY MINOR", "HS 11361(a)"),
        ("12220 PC", "PC 12220"),
        ("664 VC", "VC 664"),
    ],
)
def test_a_near_number_is_its_own_section(printed: str, section: str) -> None:
    assert read_statute(printed) == Statute(Section.from_citation(section))


@pytest.mark.parametrize(
    "printed",
    ["11357(B) HS-28.5 GRAMS/1 OZ-2ND TIME", "11357(B) HS - 28.5 GRAMS OR LESS", "11357(B) HS-POSS/11359-TYPE"],
)
def test_digits_slashes_and_dashes_of_the_description_add_no_section(printed: str) -> None:
    assert read_statute(printed) == Statute(Section("HS", "11357", ("B",)))


@pytest.mark.parametrize(
    "code",
    [
        "PC",
        "BP",
        "CC",
        "CI",
        "EC",
        "FA",
        "FC",
        "FG",
        "GC",
        "HN",
        "HS",
        "IC",
        "LC",
        "MV",
        "PR",
        "RT",
        "SH",
        "UI",
        "VC",
        "WI",
        "WC",
        "US",
    ],
)
def test_every_code_that_records_print_is_known(code: str) -> None:
    assert read_statute(f"1000{code}-TEXT") == Statute(Section(code, "1000"))


@pytest.mark.parametrize(
    ("text", "section"),
    [
        (f"{number}({letter}) HS", f"HS {number}({letter.lower()})")
        for number, letters in {"11357": "ABCDE", "11358": "ABCD", "11359": "ABCD", "11360": "AB"}.items()
        for letter in letters
    ],
)
def test_the_states_own_offense_strings_are_read(text: str, section: str) -> None:
    assert read_statute(text) == Statute(Section.from_citation(section))


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "  ",
        "NULL",
        "SEE COMMENT FOR CHARGE",
        "MURDER",
        "1ST DEGREE MURDER",
        "2 CTS POSS MARIJUANA",
        "11357(A HS",
        "011357 HS",
        "11,357 HS",
        "1.1357E+4",
        "#####",
        "11357(POSSESSION) HS",
        "20150101123456 HS",
    ],
)
def test_what_cannot_be_read_is_none(printed: str) -> None:
    assert read_statute(printed) is None


@given(st.text(max_size=60))
def test_reading_never_raises(text: str) -> None:
    assert CALIFORNIA.parse(text) == read_statute(text)
    offense_of(text, text)


# Comments --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "offense", ["SEE COMMENT FOR CHARGE", "", "   ", "NULL", "SEE COMMENTS", "see comment for charge"]
)
@pytest.mark.parametrize(
    "comment",
    [
        "11359 HS-POSS FOR SALE",
        "CHRG-11359 HS",
        ":CHRG 11359 HS-POSS",
        "COM: 11359 HS",
        "CNT 1 11359 HS",
        "COM: CNT 1-CHRG:11359 HS-POSS FOR SALE",
    ],
)
def test_the_charge_is_read_from_the_comment_where_the_offense_refers_to_it(offense: str, comment: str) -> None:
    found = offense_of(offense, comment)
    assert found.statute == Statute(Section("HS", "11359"))
    refers = offense.upper().startswith("SEE")
    assert found.flags == ((OFFENSE_FROM_COMMENT,) if refers else (OFFENSE_BLANK, OFFENSE_FROM_COMMENT))
    assert found.raw == comment


def test_a_blank_offense_without_a_comment_cannot_be_read() -> None:
    assert offense_of("", "  ").statute is None
    assert offense_of("", "  ").flags == ()


def test_a_comment_that_names_another_section_is_a_flag_and_never_a_count() -> None:
    found = offense_of("459 PC-BURGLARY", "11359 HS-POSS FOR SALE")
    assert found.statute == Statute(Section("PC", "459"))
    assert found.flags == (COMMENT_OTHER_STATUTE,)


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "11359(A) HS-SAME",
        "NO STATUTE HERE",
        "11359",
        "1203.4 PC DISMISSED",
        "POSS WITH 11357 HS",
        "17(B) PC REDUCED",
    ],
)
def test_a_comment_that_names_no_other_charge_is_no_flag(comment: str) -> None:
    assert offense_of("11359 HS", comment).flags == ()


def test_a_comments_statute_is_read_from_its_front_only() -> None:
    assert statute_in_comment("ALSO HELD FOR 11359 HS") is None
