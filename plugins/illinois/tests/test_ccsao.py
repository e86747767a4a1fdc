"""Persons of the State's Attorney's exports: joined by charge, the last version controlling, nothing mended."""

from __future__ import annotations

from typing import Any

import pytest

from clearslate.model import Disposition, Grade, PartialDate
from clearslate_illinois.ccsao import IL_CCSAO

SECOND = {"CHARGE_ID": "3900000000002", "CHARGE_VERSION_ID": "4100000000002", "CHARGE_COUNT": "2"}


def test_a_charge_and_its_sentence_are_joined(cook: Any) -> None:
    (person,) = cook.persons([cook.charge()], [cook.sentence()])
    (count,) = person.counts
    assert person.person_id == "175000000001"
    assert (person.sex, person.race, person.names, person.birth_date) == ("Female", "White", (), None)
    assert not person.shares_identifier
    assert str(count.statute) == "720 ILCS 550/4(d)"
    assert (count.ended, count.disposition) == ("probation", Disposition.CONVICTED)
    assert (count.grade, count.offense_class) == (Grade.FELONY, "4")
    assert str(count.committed) == "2012-03-01"
    assert str(count.cycle.arrested) == "2012-03-01"
    assert str(count.disposed) == "2012-06-05"
    assert (count.event.county, count.event.case_numbers) == ("COOK", ("149000000001",))
    assert count.event.agency == "EMERALD CITY PD"
    assert count.cycle.agency == "EMERALD CITY PD"
    assert [(place.file, place.row) for place in count.rows] == [(0, 1), (1, 1)]
    assert (count.place.file, count.place.row) == (0, 1)
    assert str(count.sentence_ends.latest) == "2014-06-05"
    assert count.flags == ()
    assert count.offense == "720 550 4(d) POSS CANNABIS/30-500 GRAMS"


def test_all_charges_of_a_participant_are_of_one_arrest(cook: Any) -> None:
    dropped = cook.charge(**SECOND, CHAPTER="720-5\\18-2", ACT="", SECTION="", CLASS="X", CHARGE_DISPOSITION="FNG",
                     OFFENSE_TITLE="ARMED ROBBERY")  # fmt: skip
    (person,) = cook.persons([cook.charge(), dropped], [cook.sentence()])
    assert [count.ended for count in person.counts] == ["probation", "acquitted"]
    assert {str(statute) for statute in person.counts[0].cycle.charged} == {"720 ILCS 550/4(d)", "720 ILCS 5/18-2"}
    assert person.counts[0].cycle.key == person.counts[1].cycle.key
    assert person.counts[0].event.key == person.counts[1].event.key


def test_co_defendants_who_share_a_charge_stay_two_persons(cook: Any) -> None:
    other = cook.charge(CASE_PARTICIPANT_ID="175000000002", CHARGE_DISPOSITION="Nolle Prosecution")
    first, second = cook.persons([cook.charge(), other], [cook.sentence()])
    assert [count.ended for count in (*first.counts, *second.counts)] == ["probation", "dismissed"]
    assert not first.shares_identifier
    assert first.counts[0].rows != second.counts[0].rows


def test_only_persons_whom_a_reform_may_concern_are_made(cook: Any) -> None:
    theft = cook.charge(CASE_PARTICIPANT_ID="175000000002", SECTION="16-1(a)(1)", ACT="5", OFFENSE_TITLE="THEFT")
    reading = IL_CCSAO.open([cook.dispositions(cook.charge(), theft)])
    (block,) = reading.blocks()
    made = block.persons(lambda statute: statute is not None and statute.section.number == "4")
    assert [person.person_id for person in made] == ["175000000001"]
    assert (block.people, block.charges) == (2, 2)


@pytest.mark.parametrize(
    ("cells", "section"),
    [
        ({"CHAPTER": "720-550\\4(D)", "ACT": "", "SECTION": ""}, "720 ILCS 550/4(d)"),
        ({"CHAPTER": "56.5-704-D", "ACT": "", "SECTION": ""}, "720 ILCS 550/4(d)"),
        ({"CHAPTER": "38", "ACT": "-", "SECTION": "9-1(a)(2)"}, "720 ILCS 5/9-1(a)(2)"),
        ({"CHAPTER": "AGG KID", "ACT": "", "SECTION": ""}, None),
        ({"CHAPTER": "UUW", "ACT": "", "OFFENSE_TITLE": "ATT(MURDER)=720-5\\8-4(9-1)"}, "720 ILCS 5/9-1"),
        ({"SECTION": ""}, None),
    ],
)
def test_the_statute_is_read_in_each_encoding(cook: Any, cells: dict[str, str], section: str | None) -> None:
    statute = cook.count([cook.charge(**{"OFFENSE_TITLE": "POSS", **cells})]).statute
    assert (None if statute is None else str(statute.section)) == section


@pytest.mark.parametrize(
    ("printed", "grade", "offense_class"),
    [
        ("X", Grade.FELONY, "X"),
        ("M", Grade.FELONY, "M"),
        ("2", Grade.FELONY, "2"),
        ("a", Grade.MISDEMEANOR, "A"),
        ("C", Grade.MISDEMEANOR, "C"),
        ("P", Grade.INFRACTION, "P"),
        ("Z", None, None),
        ("U", None, None),
        ("", None, None),
    ],
)
def test_the_class_gives_the_grade(cook: Any, printed: str, grade: Grade | None, offense_class: str | None) -> None:
    count = cook.count([cook.charge(CLASS=printed)])
    assert (count.grade, count.offense_class) == (grade, offense_class)
    assert ("CLASS_UNCLEAR" in count.flags) is (printed in ("Z", "U"))


# Versions and rows that disagree -----------------------------------------------------------------


def test_the_last_version_of_a_charge_controls(cook: Any) -> None:
    first = cook.charge(SECTION="5(d)", CLASS="3", CHARGE_DISPOSITION="Nolle Prosecution",
                   OFFENSE_TITLE="MFG/DEL CANNABIS/30-500 GRAMS")  # fmt: skip
    final = cook.charge(CHARGE_VERSION_ID="4100000000009", CHARGE_DISPOSITION="Plea of Guilty - Amended Charge")
    given = cook.sentence(CHARGE_VERSION_ID="4100000000009", CHARGE_DISPOSITION="Plea of Guilty - Amended Charge")
    for rows in ([first, final], [final, first]):
        count = cook.count(rows, [given])
        assert (str(count.statute), count.offense_class, count.ended) == ("720 ILCS 550/4(d)", "4", "probation")
        assert "CHARGE_AMENDED" in count.flags
        assert {str(statute) for statute in count.cycle.charged} == {"720 ILCS 550/4(d)", "720 ILCS 550/5(d)"}


def test_a_lesser_included_offense_is_noticed(cook: Any) -> None:
    said = "Finding Guilty - Lesser Included"
    count = cook.count([cook.charge(CHARGE_DISPOSITION=said)], [cook.sentence(CHARGE_DISPOSITION=said)])
    assert count.ended == "probation"
    assert count.flags == ("CHARGE_AMENDED",)


@pytest.mark.parametrize(
    "later",
    [
        {"CHARGE_VERSION_ID": "", "SECTION": "5(d)"},
        {"CHARGE_VERSION_ID": "4100000000000", "SECTION": "5(d)", "DISPOSITION_DATE": "07/05/2012"},
    ],
)
def test_where_the_last_version_is_not_clear_nothing_is_taken_from_one(cook: Any, later: dict[str, str]) -> None:
    count = cook.count([cook.charge(), cook.charge(**later)], [cook.sentence()])
    assert count.statute is None
    assert count.ended == "inconsistent"
    assert {"VERSION_CONFLICT", "STATUTE_CONFLICT"} <= set(count.flags)


@pytest.mark.parametrize(
    ("cells", "flag"),
    [
        ({"SECTION": "4(c)"}, "STATUTE_CONFLICT"),
        ({"CLASS": "3"}, "CLASS_CONFLICT"),
        ({"CLASS": ""}, "CLASS_CONFLICT"),
        ({"CHARGE_DISPOSITION": "Nolle Prosecution"}, "DISPOSITION_CONFLICT"),
        ({"DISPOSITION_DATE": "06/06/2012"}, "DATE_CONFLICT"),
        ({"DISPOSITION_DATE": ""}, "DATE_CONFLICT"),
        ({"INCIDENT_BEGIN_DATE": "02/01/2012"}, "DATE_CONFLICT"),
        ({"ARREST_DATE": "03/02/2012"}, "DATE_CONFLICT"),
    ],
)
def test_rows_of_one_version_that_disagree_leave_the_fact_unknown(cook: Any, cells: dict[str, str], flag: str) -> None:
    count = cook.count([cook.charge()], [cook.sentence(**cells)])
    assert flag in count.flags
    (fact,) = {
        "STATUTE_CONFLICT": [count.statute],
        "CLASS_CONFLICT": [count.grade],
        "DISPOSITION_CONFLICT": [None if count.ended == "inconsistent" else count.ended],
        "DATE_CONFLICT": [
            count.disposed if "DISPOSITION_DATE" in cells
            else count.committed if "INCIDENT_BEGIN_DATE" in cells
            else count.cycle.arrested
        ],
    }[flag]  # fmt: skip
    assert fact is None


def test_persons_with_a_charge_whose_statute_its_rows_contradict_are_made_too(cook: Any) -> None:
    rows = [cook.charge(SECTION="402(c)", ACT="570"), cook.charge(SECTION="401(c)", ACT="570")]
    (block,) = IL_CCSAO.open([cook.dispositions(*rows)]).blocks()
    assert len(block.persons(lambda statute: statute is None)) == 1


# Endings -----------------------------------------------------------------------------------------


def test_qualified_probation_without_a_later_row_is_not_known_to_be_a_conviction(cook: Any) -> None:
    given = cook.sentence(
        COMMITMENT_TYPE="710/410 Probation", SECTION="5(c)", OFFENSE_TITLE="MFG/DEL CANNABIS/10-30 GRAMS"
    )
    count = cook.count([cook.charge(SECTION="5(c)", OFFENSE_TITLE="MFG/DEL CANNABIS/10-30 GRAMS")], [given])
    assert (count.ended, count.disposition) == ("qualified_probation", Disposition.UNKNOWN)


def test_a_violation_makes_a_conviction_of_it(cook: Any) -> None:
    given = cook.sentence(COMMITMENT_TYPE="710/410 Probation", CURRENT_SENTENCE_FLAG="false")
    violation = cook.sentence(SENTENCE_PHASE="Probation Violation Sentencing", SENTENCE_TYPE="Prison",
                         COMMITMENT_TYPE="Illinois Department of Corrections", SENTENCE_DATE="03/05/2013",
                         COMMITMENT_TERM="2", COMMITMENT_UNIT="Year(s)")  # fmt: skip
    count = cook.count([cook.charge()], [given, violation])
    assert (count.ended, count.disposition) == ("qualified_probation_failed", Disposition.CONVICTED)
    # Only what is in force is served, from the day it was given.
    assert str(count.sentence_ends.latest) == "2015-03-05"


def test_guilty_without_a_sentence_is_not_known_to_be_a_conviction(cook: Any) -> None:
    count = cook.count([cook.charge()])
    assert (count.ended, count.disposition) == ("unsentenced", Disposition.UNKNOWN)
    assert count.sentence == ()


def test_a_sentence_without_a_disposition_row_says_its_own(cook: Any) -> None:
    count = cook.count([], [cook.sentence()])
    assert (count.ended, str(count.statute)) == ("probation", "720 ILCS 550/4(d)")


@pytest.mark.parametrize(
    ("cells", "ended", "flag"),
    [
        ({"CHARGE_DISPOSITION": "Nolle Prosecution", "CHARGE_DISPOSITION_REASON": "Re-Indictment"}, "not_final",
         "REASON_CONFLICT"),
        ({"CHARGE_DISPOSITION": "A New Word"}, "unclear", "DISPOSITION_UNKNOWN"),
        ({"CHARGE_DISPOSITION": "SOL"}, "stricken", None),
    ],
)  # fmt: skip
def test_a_charge_that_was_dropped_ends_as_its_cells_say(
    cook: Any, cells: dict[str, str], ended: str, flag: str | None
) -> None:
    count = cook.count([cook.charge(**cells)])
    assert count.ended == ended
    assert count.flags == (() if flag is None else (flag,))


def test_a_sentence_of_a_dropped_charge_contradicts_it(cook: Any) -> None:
    nolle = {"CHARGE_DISPOSITION": "Nolle Prosecution"}
    count = cook.count([cook.charge(**nolle)], [cook.sentence(**nolle)])
    assert (count.ended, count.flags) == ("inconsistent", ("DISPOSITION_CONFLICT",))


def test_a_sentence_that_is_two_things_is_flagged(cook: Any) -> None:
    count = cook.count([cook.charge()], [cook.sentence(SENTENCE_TYPE="Prison", COMMITMENT_TYPE="710/410 Probation")])
    assert (count.ended, count.flags) == ("unclear", ("SENTENCE_CONFLICT",))
    count = cook.count([cook.charge()], [cook.sentence(COMMITMENT_TYPE="A New Probation")])
    assert (count.ended, count.flags) == ("unclear", ("SENTENCE_UNKNOWN",))


# Dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        ({"DISPOSITION_DATE": "07/22/2924"}, {"arrested", "committed"}),
        ({"ARREST_DATE": "03/01/2912"}, {"committed", "disposed"}),
        ({"ARREST_DATE": "04/04/1915"}, {"committed", "disposed"}),
        ({"INCIDENT_BEGIN_DATE": "02/02/1883"}, {"arrested", "disposed"}),
        ({"DISPOSITION_DATE": "06/05/2082"}, set()),
        ({"DISPOSITION_DATE": "02/05/2012"}, set()),
        ({"DISPOSITION_DATE": "02/05/2012", "INCIDENT_BEGIN_DATE": "01/05/2012"}, {"committed"}),
        ({"INCIDENT_BEGIN_DATE": "03/02/2012"}, {"disposed"}),
    ],
)
def test_a_date_that_cannot_be_is_unknown_and_flagged(cook: Any, cells: dict[str, str], known: set[str]) -> None:
    count = cook.count([cook.charge(CHARGE_DISPOSITION="FNG", **cells)])
    assert "DATE_IMPLAUSIBLE" in count.flags
    dates = {"arrested": count.cycle.arrested, "committed": count.committed, "disposed": count.disposed}
    assert {name for name, when in dates.items() if when is not None} == known


def test_a_date_that_no_calendar_has_is_unreadable(cook: Any) -> None:
    count = cook.count([cook.charge(DISPOSITION_DATE="02/30/2012")])
    assert count.disposed is None
    assert count.flags == ("DATE_UNREADABLE",)


def test_a_bad_date_of_one_charge_leaves_the_arrest_of_the_others(cook: Any) -> None:
    late = cook.charge(**SECOND, DISPOSITION_DATE="02/01/2012", CHARGE_DISPOSITION="FNG")
    (person,) = cook.persons([cook.charge(CHARGE_DISPOSITION="FNG"), late])
    first, second = person.counts
    assert first.cycle.arrested == PartialDate(2012, 3, 1)
    assert second.cycle.arrested is None
    assert first.cycle.key == second.cycle.key


@pytest.mark.parametrize("day", ["03/05/2011", "09/20/2921", ""])
def test_a_sentence_whose_day_is_not_known_ends_nobody_knows_when(cook: Any, day: str) -> None:
    count = cook.count([cook.charge()], [cook.sentence(SENTENCE_DATE=day)])
    assert (count.sentence_ends.latest is None) is (day != "03/05/2011")
    assert ("DATE_IMPLAUSIBLE" in count.flags) is (day.endswith("2921"))


@pytest.mark.parametrize(
    ("term", "unit", "known"),
    [
        ("2", "Year(s)", True),
        ("24.00", "Months", True),
        ("18", "Weeks", True),
        ("90", "Days", True),
        ("18 months", "Months", False),
        ("1,154.00", "Days", False),
        ("2`", "Year(s)", False),
        ("7122023", "Days", False),
        ("030", "Days", False),
        ("2.5", "Year(s)", False),
        ("30", "Grams", False),
        ("500", "Dollars", False),
        ("100", "Hours", False),
        ("", "Natural Life", False),
        ("500", "Year(s)", False),
        ("", "", False),
    ],
)
def test_a_term_that_cannot_be_relied_upon_is_unknown(cook: Any, term: str, unit: str, known: bool) -> None:
    count = cook.count([cook.charge()], [cook.sentence(COMMITMENT_TERM=term, COMMITMENT_UNIT=unit)])
    assert (count.sentence_ends.latest is not None) is known


# Titles and cells that have moved ------------------------------------------------------------------


def test_a_title_that_says_other_than_the_statute_is_flagged(cook: Any) -> None:
    dropped = {"CHARGE_DISPOSITION": "FNG"}
    assert cook.count([cook.charge(OFFENSE_TITLE="MFG/DEL CANNABIS", **dropped)]).flags == ("OFFENSE_TEXT_DISAGREES",)
    # From 29 July 2016 on, subsection (c) is another amount.
    later = {"INCIDENT_BEGIN_DATE": "03/10/2017", "ARREST_DATE": "03/10/2017", "DISPOSITION_DATE": "06/05/2017"}
    thirty = {"SECTION": "4(c)", "OFFENSE_TITLE": "POSS CANNABIS/10-30 GRAMS", **dropped}
    assert cook.count([cook.charge(**thirty)]).flags == ()
    assert cook.count([cook.charge(**thirty, **later)]).flags == ("OFFENSE_TEXT_DISAGREES",)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"CLASS": "Plea Of Guilty"}, "DISPOSITION_CHARGED_CLASS"),
        ({"GENDER": "White"}, "GENDER"),
        ({"PRIMARY_CHARGE_FLAG": "3900000000001"}, "PRIMARY_CHARGE_FLAG"),
        ({"AGE_AT_INCIDENT": "26TH Street"}, "AGE_AT_INCIDENT"),
        ({"DISPOSITION_DATE": "POSS CANNABIS"}, "DISPOSITION_DATE"),
        ({"ARREST_DATE": "EMERALD CITY PD"}, "ARREST_DATE"),
        ({"CHARGE_COUNT": 'F"'}, "CHARGE_COUNT"),
        ({"CHARGE_ID": "3.9E+12"}, "CHARGE_ID"),
        ({"CHARGE_ID": ""}, "CHARGE_ID"),
        ({"CASE_ID": "Narcotics"}, "CASE_ID"),
    ],
)
def test_a_cell_that_cannot_stand_where_it_does_rejects_its_row(cook: Any, cells: dict[str, str], column: str) -> None:
    reading = IL_CCSAO.open([cook.dispositions(cook.charge(), cook.charge(**{**SECOND, **cells}))])
    (reject,) = reading.rejects
    assert reject.problem == "unusable cell"
    assert reject.detail.startswith(f"{column}: ")
    (person,) = [person for block in reading.blocks() for person in block.persons(lambda _: True)]
    assert [place.row for place in person.missing_rows] == [2]


def test_values_that_the_file_is_known_to_have_reject_nothing(cook: Any) -> None:
    rows = [
        cook.charge(GENDER="Male name, no gender given", AGE_AT_INCIDENT="156", CLASS="O"),
        cook.charge(**SECOND, GENDER="Unknown Gender", AGE_AT_INCIDENT="", PRIMARY_CHARGE_FLAG="false"),
    ]
    assert not IL_CCSAO.open([cook.dispositions(*rows)]).rejects


def test_a_repeated_file_is_read_once(cook: Any, tmp_path: object) -> None:
    path = cook.dispositions(cook.charge())
    copy = cook.folder / "copy.csv"
    copy.write_bytes(path.read_bytes())
    reading = IL_CCSAO.open([path, copy])
    assert (reading.rows_read, reading.rows_repeated, reading.people) == (2, 1, 1)
