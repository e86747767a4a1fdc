"""How a charge ended: every value of every vocabulary, and what sentencing rows make of a guilty one."""

from __future__ import annotations

import pytest

from clearslate.model import Disposition
from clearslate_illinois.endings import (
    DISPOSITIONS,
    Ending,
    Kind,
    Sentencing,
    clerk_ending,
    ending_of,
    is_clerk_contradiction,
    is_contradiction,
    kind_of,
)
from clearslate_illinois.outcomes import (
    CLERK,
    COMMITMENT_VALUES,
    COMMITMENTS,
    DISPOSITION_VALUES,
    GUILTY,
    NOT_GUILTY,
    TYPE_VALUES,
    TYPES,
)

PROBATION = Sentencing("Original Sentencing", "Probation", "Probation", True, 20120605)
QUALIFIED = Sentencing("Original Sentencing", "Probation", "710/410 Probation", True, 20120605)
SUPERVISION = Sentencing("Original Sentencing", "Supervision", "Court Supervision", True, 20120605)


def later(
    type_: str, commitment: str = "", phase: str = "Amended/Corrected Sentencing", *, current: bool | None = True
) -> Sentencing:
    """A row of a later day."""
    return Sentencing(phase, type_, commitment, current, 20130701)


def past(row: Sentencing) -> Sentencing:
    """The row no longer in force."""
    return row._replace(current=False)


def test_every_ending_has_its_disposition() -> None:
    assert set(DISPOSITIONS) == set(Ending)
    assert Ending.PENDING.disposition is Disposition.PENDING
    assert Ending.SUPERVISION.disposition is Disposition.UNKNOWN
    assert Ending.SUPERVISION_COMPLETED.disposition is Disposition.NOT_CONVICTED
    assert Ending.SUPERVISION_FAILED.disposition is Disposition.CONVICTED


@pytest.mark.parametrize("value", sorted(GUILTY))
def test_a_guilty_disposition_is_a_conviction_with_a_sentence_that_is_one(value: str) -> None:
    assert ending_of(value, "", [PROBATION]) is Ending.PROBATION
    assert ending_of(value) is Ending.UNSENTENCED
    assert ending_of(f"  {value.upper()} ", "", [PROBATION]) is Ending.PROBATION


@pytest.mark.parametrize(
    ("value", "ending"),
    [
        ("Nolle Prosecution", "dismissed"),
        ("Nolle On Remand", "dismissed"),
        ("Nolle Pros - Aonic", "dismissed"),
        ("Case Dismissed", "dismissed"),
        ("Charge Rejected", "not_charged"),
        ("Charge Vacated", "vacated"),
        ("Charge Reversed", "vacated"),
        ("FNG", "acquitted"),
        ("Verdict-Not Guilty", "acquitted"),
        ("FNG Reason Insanity", "insanity"),
        ("FNPC", "no_probable_cause"),
        ("SOL", "stricken"),
        ("Death Suggested-Cause Abated", "abated"),
        ("Superseded by Indictment", "not_final"),
        ("BFW", "not_final"),
        ("Mistrial Declared", "not_final"),
        ("Transferred - Misd Crt", "not_final"),
        ("WOWI", "not_final"),
        ("Finding Not Not Guilty", "unclear"),
        ("Withdrawn", "unclear"),
        ("Sexually Dangerous Person", "unclear"),
        ("Hold Pending Interlocutory", "unclear"),
        ("SOLW", "unclear"),
        ("TRAN-FAI", "unclear"),
        ("", "unclear"),
        ("Some New Word", "unclear"),
    ],
)
def test_a_disposition_that_is_not_guilty_ends_the_charge_as_its_words_say(value: str, ending: str) -> None:
    assert ending_of(value).value == ending
    assert ending_of(value.upper()).value == ending


def test_the_vocabulary_of_dispositions_is_whole() -> None:
    assert len(DISPOSITION_VALUES) == 36
    assert not GUILTY & set(NOT_GUILTY)


def test_a_sentence_of_a_charge_that_is_not_guilty_is_inconsistent() -> None:
    assert ending_of("Nolle Prosecution", "", [PROBATION]) is Ending.INCONSISTENT
    assert ending_of("FNG", "", [PROBATION]) is Ending.INCONSISTENT
    assert ending_of("Charge Vacated", "", [PROBATION]) is Ending.INCONSISTENT


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("PG to Other Count/s", "dismissed"),
        ("No Lab", "dismissed"),
        ("Some Program Completed", "dismissed"),
        ("Re-Indictment", "not_final"),
        ("INDICTMENT", "not_final"),
        ("Sent to GJ", "not_final"),
        ("Bond Forfeiture", "not_final"),
        ("Transfered to Misdemeanor Court", "not_final"),
        ("Misdemeanor Amount", "not_final"),
        ("PG to Misdemeanor", "not_final"),
        ("Adjudicated Minor", "unclear"),
        ("Warrant Quashed/Recalled", "unclear"),
        ("Judgement & Conviction Vacated", "vacated"),
        ("Held for the Grand Jury", "unclear"),
    ],
)
def test_a_reason_may_say_that_a_dropped_charge_lives_on(reason: str, ending: str) -> None:
    assert ending_of("Nolle Prosecution", reason).value == ending


def test_a_conviction_that_its_reason_says_was_vacated_is_none() -> None:
    assert ending_of("Plea Of Guilty", "Judgement & Conviction Vacated", [PROBATION]) is Ending.VACATED
    assert ending_of("Plea Of Guilty", "Adjudicated Minor", [PROBATION]) is Ending.UNCLEAR
    assert ending_of("Plea Of Guilty", "Re-Indictment", [PROBATION]) is Ending.INCONSISTENT
    assert ending_of("Plea Of Guilty", "PG to Misdemeanor", [PROBATION]) is Ending.PROBATION


_ORDINARY = {
    Kind.IMPRISONMENT: Ending.IMPRISONMENT,
    Kind.PROBATION: Ending.PROBATION,
    Kind.CONDITIONAL_DISCHARGE: Ending.CONDITIONAL_DISCHARGE,
    Kind.OTHER: Ending.OTHER_SENTENCE,
    Kind.SUPERVISION: Ending.SUPERVISION,
    Kind.QUALIFIED: Ending.QUALIFIED_PROBATION,
    Kind.UNSATISFACTORILY: Ending.PROBATION,
    Kind.SATISFACTORILY: Ending.UNCLEAR,
    Kind.INSTANTER: Ending.UNCLEAR,
}


@pytest.mark.parametrize("value", sorted(TYPE_VALUES))
def test_every_type_of_sentence_has_its_ending(value: str) -> None:
    # Beside a commitment that takes no conviction away.
    found = ending_of("Plea Of Guilty", "", [Sentencing("Original Sentencing", value, "Conditional Release", True, 1)])
    assert found is _ORDINARY[TYPES[value]]


@pytest.mark.parametrize("value", sorted(COMMITMENT_VALUES))
def test_every_commitment_has_its_ending(value: str) -> None:
    found = ending_of("Plea Of Guilty", "", [Sentencing("Original Sentencing", "Probation", value, True, 1)])
    kind = COMMITMENTS[value]
    ordinary = kind in (Kind.IMPRISONMENT, Kind.PROBATION, Kind.CONDITIONAL_DISCHARGE, Kind.OTHER)
    assert found is (Ending.PROBATION if ordinary else _ORDINARY[kind])


@pytest.mark.parametrize(
    ("type_", "commitment", "kind"),
    [
        ("2nd Chance Probation", "Probation", Kind.QUALIFIED),
        ("Probation", "2nd Chance Probation", Kind.QUALIFIED),
        ("Probation", "710/410 Probation", Kind.QUALIFIED),
        ("", "710/410 Probation", Kind.QUALIFIED),
        ("Supervision", "", Kind.SUPERVISION),
        ("Prison", "", Kind.IMPRISONMENT),
        ("Prison", "A New Prison", Kind.IMPRISONMENT),
        ("", "Illinois Department of Corrections", Kind.IMPRISONMENT),
        ("Probation", "", Kind.UNKNOWN),
        ("", "Probation", Kind.UNKNOWN),
        ("Probation", "A New Probation", Kind.UNKNOWN),
        ("A New Type", "Probation", Kind.UNKNOWN),
        ("", "", Kind.UNKNOWN),
        ("Prison", "710/410 Probation", Kind.UNKNOWN),
        ("Supervision", "2nd Chance Probation", Kind.UNKNOWN),
        ("Probation", "Probation Terminated Unsatisfactorily", Kind.UNSATISFACTORILY),
    ],
)
def test_both_columns_say_what_a_sentence_is(type_: str, commitment: str, kind: Kind) -> None:
    assert kind_of(type_, commitment) is kind


def test_two_columns_that_cannot_both_be_contradict() -> None:
    assert is_contradiction("Prison", "710/410 Probation")
    assert is_contradiction("Supervision", "710/410 Probation")
    assert not is_contradiction("Probation", "710/410 Probation")
    assert not is_contradiction("Prison", "")


@pytest.mark.parametrize(
    ("rows", "ending"),
    [
        ([QUALIFIED], "qualified_probation"),
        ([SUPERVISION], "supervision"),
        (
            [past(QUALIFIED), later("Prison", "Illinois Department of Corrections", "Probation Violation Sentencing")],
            "qualified_probation_failed",
        ),
        ([past(QUALIFIED), later("Probation Terminated Unsatisfactorily")], "qualified_probation_failed"),
        ([past(QUALIFIED), later("Probation Terminated Satisfactorily")], "qualified_probation_completed"),
        ([past(QUALIFIED), later("Probation Terminated Instanter")], "unclear"),
        ([past(SUPERVISION), later("Probation Terminated Unsatisfactorily")], "supervision_failed"),
        (
            [
                past(SUPERVISION),
                later("Jail", "Cook County Department of Corrections", "Probation Violation Sentencing"),
            ],
            "supervision_failed",
        ),
        ([past(SUPERVISION), later("Probation Terminated Satisfactorily")], "unclear"),
        (
            [past(QUALIFIED), later("Probation", "710/410 Probation", "Probation Violation Sentencing")],
            "qualified_probation",
        ),
        ([past(PROBATION), later("Probation Terminated Instanter")], "probation"),
        ([past(PROBATION), later("Probation Terminated Satisfactorily")], "probation"),
        (
            [past(PROBATION), later("Prison", "Illinois Department of Corrections", "Probation Violation Sentencing")],
            "imprisonment",
        ),
        ([later("Probation Terminated Unsatisfactorily")], "probation"),
        ([later("Probation Terminated Satisfactorily")], "unclear"),
        ([past(PROBATION), later("Probation", "710/410 Probation")], "qualified_probation"),
        ([past(QUALIFIED), later("Prison", "Illinois Department of Corrections")], "imprisonment"),
        ([QUALIFIED, later("Jail", "Cook County Department of Corrections")], "unclear"),
        ([PROBATION, later("Jail", "Cook County Department of Corrections")], "imprisonment"),
        ([QUALIFIED, SUPERVISION], "unclear"),
        ([QUALIFIED._replace(phase="A New Phase")], "unclear"),
        (
            [
                past(QUALIFIED),
                later("Probation Terminated Satisfactorily"),
                later("Probation Terminated Unsatisfactorily"),
            ],
            "inconsistent",
        ),
    ],
)
def test_sentencing_rows_tell_what_became_of_a_guilty_charge(rows: list[Sentencing], ending: str) -> None:
    assert ending_of("Plea Of Guilty", "", rows).value == ending
    assert ending_of("Plea Of Guilty", "", rows[::-1]).value == ending


def test_without_flags_the_rows_of_the_latest_day_are_in_force() -> None:
    rows = [past(QUALIFIED)._replace(current=None), later("Prison", "Cook County Boot Camp", current=None)]
    assert ending_of("Plea Of Guilty", "", rows) is Ending.IMPRISONMENT


def test_where_a_flag_or_a_day_is_missing_all_rows_are_in_force() -> None:
    half = [past(QUALIFIED), later("Prison", "Cook County Boot Camp", current=None)]
    assert ending_of("Plea Of Guilty", "", half) is Ending.UNCLEAR
    undated = [QUALIFIED._replace(current=None, day=0), later("Prison", "Cook County Boot Camp", current=None)]
    assert ending_of("Plea Of Guilty", "", undated) is Ending.UNCLEAR


@pytest.mark.parametrize("value", sorted(CLERK))
def test_every_literal_of_the_clerk_has_its_ending(value: str) -> None:
    expected = Ending.UNCLEAR if CLERK[value] is Kind.OTHER else _ORDINARY[CLERK[value]]
    assert clerk_ending([value.upper()]) is expected


def test_the_literals_of_one_charge_are_taken_together() -> None:
    supervision, restitution = "SENT/CRT SUPV/SPEC CONDS", "DEF SENT TO PAY RESTITUTION"
    assert clerk_ending([supervision, restitution]) is Ending.SUPERVISION
    assert clerk_ending(["DEF SENTENCED TO PROBATION", restitution]) is Ending.PROBATION
    assert clerk_ending(["DEF SENTENCED TO PROBATION", "DEF SENTENCED ILLINOIS DOC"]) is Ending.IMPRISONMENT
    assert clerk_ending([supervision, "DEF SENTENCED TO PROBATION"]) is Ending.UNCLEAR
    assert is_clerk_contradiction([supervision, "DEF SENTENCED TO PROBATION"])
    assert not is_clerk_contradiction([supervision, restitution])
    assert clerk_ending(["DEF SENTENCED TO PROBATION", ""]) is Ending.UNCLEAR
    assert clerk_ending(["DEF SENTENCED TO PROBATION", "A NEW LITERAL"]) is Ending.UNCLEAR
    assert clerk_ending([]) is Ending.UNCLEAR
