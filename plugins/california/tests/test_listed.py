"""The tables of disqualifying offenses, on the strings that records print."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.errors import PolicyError
from clearslate.model import Answer, Grade, Statute
from clearslate_california import listed
from clearslate_california.listed import REGISTRABLE, SUPERSTRIKES, ListedRow, Listing
from clearslate_california.statutes import read_statute

_STRINGS = list(
    csv.DictReader(Path(__file__).with_name("printed_strings.csv").read_text(encoding="utf-8").splitlines())
)


def _read(text: str) -> Statute:
    statute = read_statute(text)
    assert statute is not None
    return statute


@pytest.mark.parametrize("row", _STRINGS, ids=lambda row: row["printed"])
def test_a_printed_string_is_classified_as_the_tables_say(row: dict[str, str]) -> None:
    statute = _read(row["printed"])
    assert SUPERSTRIKES.classify(statute).value == row["superstrike"]
    assert REGISTRABLE.classify(statute).value == row["registrable"]


@pytest.mark.parametrize("table", [SUPERSTRIKES, REGISTRABLE], ids=lambda table: table.name)
def test_every_row_is_reached_by_the_string_that_it_lists(table: Listing) -> None:
    for row in table.rows:
        answers = {"D": Answer.YES, "R": Answer.UNKNOWN, "N": Answer.NO}
        patterns = [word if word.startswith("(") else "" for word in row.subdivisions.split()]
        for pattern in patterns:
            lead = "664/" if row.attempt == "only" and row.number != "664" else ""
            stacked = "/186.22(B)(4)" if row.companion else ""
            statute = _read(f"{lead}{row.number}{pattern}{stacked} {row.code}")
            answer = table.classify(statute)
            assert answer is answers[row.strength] or (answer is Answer.UNKNOWN and not pattern), row


def test_the_tables_hold_every_row_and_each_is_cited() -> None:
    assert len(SUPERSTRIKES.rows) >= 84
    assert len(REGISTRABLE.rows) >= 45
    assert all("667(e)(2)(C)(iv)" in row.citation for row in SUPERSTRIKES.rows)
    assert all("290(c)" in row.citation for row in REGISTRABLE.rows)


def test_a_gang_life_term_needs_its_section_in_the_same_case() -> None:
    statute = _read("136.1(A)(1) PC")
    assert SUPERSTRIKES.needs_companion(statute)
    assert SUPERSTRIKES.classify(statute) is Answer.NO
    assert SUPERSTRIKES.classify(statute, companions=[_read("186.22(B)(4) PC")]) is Answer.YES
    assert SUPERSTRIKES.classify(statute, companions=[_read("186.22(B)(4)(C) PC")]) is Answer.YES
    assert SUPERSTRIKES.classify(statute, companions=[_read("186.22(B) PC")]) is Answer.UNKNOWN
    assert SUPERSTRIKES.classify(statute, companions=[_read("186.22(B)(1) PC")]) is Answer.NO
    assert SUPERSTRIKES.classify(statute, companions=[_read("459 PC")]) is Answer.NO
    assert SUPERSTRIKES.classify(statute, companions=[None]) is Answer.UNKNOWN
    assert SUPERSTRIKES.classify(_read("664/136.1 PC"), companions=[_read("186.22(B)(4) PC")]) is Answer.UNKNOWN


def test_harmful_matter_is_registrable_only_as_a_felony() -> None:
    statute = _read("288.2(A)(1) PC")
    assert REGISTRABLE.classify(statute, grade=Grade.MISDEMEANOR) is Answer.NO
    assert REGISTRABLE.classify(statute, grade=Grade.FELONY) is Answer.UNKNOWN
    assert REGISTRABLE.classify(statute, grade=None) is Answer.UNKNOWN


def test_an_attempt_of_what_is_not_listed_is_not_listed() -> None:
    assert SUPERSTRIKES.classify(_read("664/459 PC")) is Answer.NO


def test_a_code_that_had_to_be_guessed_never_denies_a_listed_number() -> None:
    assert _read("11418(A)(1)").section.code == "HS"
    assert SUPERSTRIKES.classify(_read("11418(A)(1)")) is Answer.UNKNOWN
    assert SUPERSTRIKES.classify(_read("11418(A)(1) HS")) is Answer.NO


@given(st.sampled_from([row["printed"] for row in _STRINGS]), st.sampled_from([row["printed"] for row in _STRINGS]))
def test_the_strongest_of_stacked_sections_counts(first: str, second: str) -> None:
    one, two = _read(first), _read(second)
    if one.attempt or one.conspiracy or two.attempt or two.conspiracy or one.marks or two.marks:
        return
    both = Statute(one.section, two.sections, marks=("STACKED",))
    answers = {REGISTRABLE.classify(one), REGISTRABLE.classify(two)}
    strongest = next(answer for answer in (Answer.YES, Answer.UNKNOWN, Answer.NO) if answer in answers)
    assert REGISTRABLE.classify(both) is strongest


def test_a_table_that_breaks_the_schema_is_refused_by_name_and_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    header = ",".join(ListedRow.model_fields)
    (tmp_path / "data" / "odd.csv").write_text(f"{header}\nPC,187,any,D,X,,,murder,PC 667\n", encoding="utf-8")
    monkeypatch.setattr(listed.resources, "files", lambda _: tmp_path)
    with pytest.raises(PolicyError, match=r"\[odd.csv\], row \[1\], column \[strength\]"):
        Listing.load("odd")
