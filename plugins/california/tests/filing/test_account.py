"""What is declared under penalty of perjury is true of the run: answers, what was left out, and the county."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LEDGER: Mapping[str, Any] = {
    "convictions_decided": 1,
    "rows_rejected": 1,
    "rows_repeated": 2,
    "counts_without_disposition": 3,
    "convictions_other_county": 4,
    "convictions_out_of_scope_statute": 5,
}
ANSWERED: Mapping[str, Any] = {
    "versions": {"clearslate": "9.9.9"},
    "facts": {"name": "answers.csv", "sha256": "fa" * 32},
    "ledger": {**LEDGER, "facts": {"given": 6, "used": 5, "unused": 1}},
}
ABSOLUTE = "A fact that the record does not state is not known to the program"


def papers(desk: Any, manifest: Mapping[str, Any]) -> dict[str, str]:
    _, files = desk.file(desk.bulk, desk.packet([desk.entry()], manifest=manifest))
    return {name[:2]: desk.text(data) for name, data in files.items() if name.endswith(".pdf")}


def test_answers_of_persons_are_declared_and_no_sentence_says_that_there_are_none(desk: Any) -> None:
    said = papers(desk, ANSWERED)
    declared = said["02"]
    assert "a table of answers, answers.csv (SHA-256" in declared
    assert "fa" * 32 in declared.replace(" ", "")
    assert "It has 6 answers; 5 were used in deciding." in declared
    assert ABSOLUTE not in declared
    assert "A fact that neither the record nor an answer states is not known to the program" in declared
    assert "was changed by hand" not in declared
    assert "The answers named above were put in by hand" in declared
    assert "The same files, policy, version, day and table of answers give the same result again." in declared
    assert "5 answers of a table given to the office were used" in said["01"]
    assert "A fact that the record does not state was not taken" not in said["01"]
    assert "answers.csv, given 6, used 5, SHA-256" in said["05"]
    assert "upon answers that persons gave" in said["05"]


def test_without_answers_the_sentences_are_unconditioned(desk: Any) -> None:
    said = papers(desk, {"ledger": LEDGER})
    assert ABSOLUTE in said["02"]
    assert "No decision of the policy was changed by hand." in said["02"]
    assert "The same files, policy, version and day give the same result again." in said["02"]
    assert "answer" not in said["01"] + said["02"] + said["05"]


def test_what_the_files_hold_and_was_not_decided_is_declared(desk: Any) -> None:
    said = papers(desk, {"ledger": LEDGER})
    for words in (
        "The run was asked for convictions of every county.",
        "5 convictions of sections that the law is not about, and 3 counts for which the files have no disposition",
        "1 row could not be read and was left out; 2 rows repeated another.",
    ):
        assert words in said["02"]
    for row in ("County asked for every county", "Rows not read 1", "Counts without disposition 3"):
        assert row in said["05"]


def test_the_county_that_was_asked_for_is_declared_with_what_it_left_out(desk: Any) -> None:
    said = papers(desk, {"ledger": LEDGER, "county": "OZ", "words": {"sha256": "ef"}})
    assert "the county that the record calls OZ; 4 convictions of other counties, or of none" in said["02"]
    assert "version, day, county and decisions of attorneys give the same result again" in said["02"]
    assert "Convictions of other counties 4, not decided" in said["05"]


def test_a_mapping_of_columns_is_named_because_the_result_rests_on_it(desk: Any) -> None:
    said = papers(desk, {"ledger": LEDGER, "mapping": {"name": "rolls.toml", "sha256": "aa"}})
    assert "The same files, policy, version, mapping and day give" in said["02"]
    assert "Mapping of the columns rolls.toml, SHA-256 aa" in said["05"]


def test_no_exhibit_is_said_or_ordered_to_be_sealed_before_the_court_has_found_so(desk: Any) -> None:
    said = papers(desk, {"ledger": LEDGER})
    assert "records are to be sealed" not in said["01"]
    assert "Exhibits A and B are sealed" not in said["08"]
    assert (
        "upon express findings (Cal. Rules of Court, rule 2.550(d), (e)). Findings, and what is ordered" in said["08"]
    )
