"""Persons of the clerk's extract: several rows a charge, the amended one final, supervision no conviction."""

from __future__ import annotations

from typing import Any

import pytest

from clearslate.model import Disposition, Grade
from clearslate_illinois.clerk import IL_CLERK
from clearslate_illinois.clerk_cells import grade_of, packed


def _count(cook: Any, *rows: dict[str, str]) -> Any:
    (person,) = cook.of_clerk(*rows)
    (count,) = person.counts
    return count


def test_a_row_is_a_charge(cook: Any) -> None:
    (person,) = cook.of_clerk(cook.clerk())
    (count,) = person.counts
    assert (person.person_id, person.identifiers, person.sex) == ("30000001", ("30000001",), "M")
    assert str(person.birth_date) == "1961-05-03"
    assert str(count.statute) == "720 ILCS 550/4(d)"
    assert (count.ended, count.disposition) == ("probation", Disposition.CONVICTED)
    assert (count.grade, count.offense_class) == (Grade.FELONY, "4")
    assert (str(count.cycle.arrested), str(count.disposed), count.committed) == ("2006-01-10", "2006-04-12", None)
    assert (count.event.county, count.event.case_numbers) == ("COOK", ("2006CR1475501",))
    assert str(count.sentence_ends.latest) == "2008-04-12"
    assert count.flags == ()


def test_several_rows_of_a_charge_are_one_count(cook: Any) -> None:
    restitution = cook.clerk(chrgdisp="DEF SENT TO PAY RESTITUTION", minsent="", maxsent="", amtoffine="250")
    count = _count(cook, cook.clerk(), restitution)
    assert count.ended == "probation"
    assert len(count.rows) == 2
    assert str(count.sentence_ends.latest) == "2008-04-12"


def test_supervision_is_not_known_to_be_a_conviction_whatever_stands_beside_it(cook: Any) -> None:
    supervision = cook.clerk(chrgdisp="SENT/CRT SUPV/SPEC CONDS")
    service = cook.clerk(chrgdisp="SENTENCED TO COMMUNITY SERVICE")
    count = _count(cook, supervision, service)
    assert (count.ended, count.disposition) == ("supervision", Disposition.UNKNOWN)
    count = _count(cook, supervision, cook.clerk())
    assert (count.ended, count.flags) == ("unclear", ("DISPOSITION_CONFLICT", "SENTENCE_ESTIMATED"))


def test_the_amended_charge_is_the_final_one(cook: Any) -> None:
    amended = {"ammndchargstatute": "720-550/4(C)", "ammndchrgdescr": "POSS.CANNABIS", "ammndchrgtype": "M",
               "ammndchrgclass": "A"}  # fmt: skip
    count = _count(cook, cook.clerk(statute="720-550/5(D)", chrgdesc="DEL CANNABIS", chrgclass="3", **amended))
    assert (str(count.statute), count.offense_class) == ("720 ILCS 550/4(c)", "A")
    assert count.flags == ("CHARGE_AMENDED",)
    assert {str(statute) for statute in count.cycle.charged} == {"720 ILCS 550/5(d)", "720 ILCS 550/4(c)"}


def test_an_amended_charge_without_its_class_or_statute_takes_none_from_the_first(cook: Any) -> None:
    count = _count(cook, cook.clerk(ammndchargstatute="720-550/4(C)"))
    assert (str(count.statute), count.offense_class, count.grade) == ("720 ILCS 550/4(c)", None, None)
    count = _count(cook, cook.clerk(ammndchrgdescr="SOMETHING ELSE"))
    assert count.statute is None
    (block,) = IL_CLERK.open([cook.folder / "clerk.csv"]).blocks()
    assert len(block.persons(lambda statute: statute is None)) == 1


def test_rows_of_a_charge_that_were_amended_differently_leave_its_statute_unknown(cook: Any) -> None:
    rows = [cook.clerk(ammndchargstatute="720-550/4(C)"), cook.clerk(ammndchargstatute="720-550/4(B)")]
    count = _count(cook, *rows)
    assert count.statute is None
    assert "STATUTE_CONFLICT" in count.flags
    (block,) = IL_CLERK.open([cook.folder / "clerk.csv"]).blocks()
    assert len(block.persons(lambda statute: statute is None)) == 1
    assert block.charges == 1


@pytest.mark.parametrize(
    ("type_", "class_", "expected"),
    [
        ("F", "4", ("4", Grade.FELONY, False)),
        ("M", "A", ("A", Grade.MISDEMEANOR, False)),
        ("", "X", ("X", Grade.FELONY, False)),
        ("F", "", (None, Grade.FELONY, False)),
        ("F", "M", ("M", Grade.FELONY, False)),
        ("M", "M", (None, None, False)),
        ("F", "Z", (None, None, False)),
        ("F", "A", (None, None, True)),
        ("M", "4", (None, None, True)),
        ("V", "", (None, None, False)),
    ],
)
def test_type_and_class_give_the_grade(type_: str, class_: str, expected: tuple[object, ...]) -> None:
    assert grade_of(type_, class_) == expected


def test_a_type_and_a_class_that_contradict_are_flagged(cook: Any) -> None:
    count = _count(cook, cook.clerk(chrgtype="M"))
    assert (count.grade, count.offense_class) == (None, None)
    assert count.flags == ("GRADE_CONFLICT",)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("00302003", ((3, "year"), (2, "month"), (3, "day"))),
        ("00000090", ((90, "day"),)),
        ("302003", ((3, "year"), (2, "month"), (3, "day"))),
        ("00000000", ()),
        ("88888888", None),
        ("99999999", None),
        ("", None),
        ("003020030", None),
        ("2 YEARS", None),
    ],
)
def test_a_packed_sentence(text: str, parts: object) -> None:
    assert packed(text) == parts


@pytest.mark.parametrize(
    ("cells", "latest"),
    [
        ({"minsent": "00100000", "maxsent": "00300000"}, "2009-04-12"),
        ({"minsent": "00100000", "maxsent": ""}, "2007-04-12"),
        ({"minsent": "00000000", "maxsent": "00000000"}, None),
        ({"minsent": "", "maxsent": ""}, None),
        ({"minsent": "88888888", "maxsent": "88888888"}, None),
        ({"minsent": "00100000", "maxsent": "88888888"}, None),
    ],
)
def test_the_longest_stated_term_ends_the_sentence(cook: Any, cells: dict[str, str], latest: str | None) -> None:
    ends = _count(cook, cook.clerk(**cells)).sentence_ends.latest
    assert (None if ends is None else str(ends)) == latest


def test_cases_of_one_booking_are_one_arrest(cook: Any) -> None:
    other = {"case_number": "2006CR1475601", "statute": "720-5/12-3.2(A)(1)", "chrgdesc": "DOMESTIC BATTERY"}
    (person,) = cook.of_clerk(cook.clerk(), cook.clerk(**other))
    first, second = person.counts
    assert first.cycle.key == second.cycle.key
    assert first.event.key != second.event.key
    assert len(first.cycle.charged) == 2


@pytest.mark.parametrize(
    ("booking", "day", "together"),
    [("16000002", "10-JAN-06", False), ("", "10-JAN-06", True), ("", "11-JAN-06", False), ("16000001", "", True)],
)
def test_without_a_booking_number_the_day_tells_the_arrest(cook: Any, booking: str, day: str, together: bool) -> None:
    other = cook.clerk(case_number="2006CR1475601", ctlbkngno=booking, arrest_date=day)
    (person,) = cook.of_clerk(cook.clerk(), other)
    first, second = person.counts
    assert (first.cycle.key == second.cycle.key) is together


def test_an_arrest_that_two_have_in_common_is_one(cook: Any) -> None:
    rows = [
        cook.clerk(case_number="2006CR0000101", ctlbkngno="1"),
        cook.clerk(case_number="2006CR0000201", ctlbkngno="2", arrest_date="12-JAN-06"),
        cook.clerk(case_number="2006CR0000201", ctlbkngno="1", chrgdesc="POSS.CANNABIS"),
    ]
    (person,) = cook.of_clerk(*rows)
    assert len({count.cycle.key for count in person.counts}) == 1


def test_a_blank_state_identifier_goes_by_the_case(cook: Any) -> None:
    rows = [cook.clerk(), cook.clerk(statepoliceid="0", chrgdesc="POSS.CANNABIS")]
    (person,) = cook.of_clerk(*rows)
    assert len(person.counts) == 2
    (alone,) = cook.of_clerk(cook.clerk(statepoliceid=""))
    assert alone.person_id == "case_number:2006CR1475501"
    assert alone.identifiers == ()


def test_a_case_under_two_identifiers_is_a_question_for_a_person(cook: Any) -> None:
    persons = cook.of_clerk(cook.clerk(), cook.clerk(statepoliceid="30000002"))
    assert [person.shares_identifier for person in persons] == [True, True]
    assert persons[0].flags == ("IDENTIFIER_SHARED",)


def test_two_birth_dates_are_none(cook: Any) -> None:
    (person,) = cook.of_clerk(cook.clerk(), cook.clerk(DOB="04-MAY-61"))
    assert (person.birth_date, person.flags) == (None, ("BIRTH_DATE_CONFLICT",))


@pytest.mark.parametrize(
    ("cells", "flags"),
    [
        ({"arrest_date": "10-JAN-29"}, ("DATE_IMPLAUSIBLE",)),
        ({"arrest_date": "32-JAN-06"}, ("DATE_UNREADABLE",)),
        ({"arrest_date": "10-MAY-06"}, ("DATE_IMPLAUSIBLE", "DATE_CONFLICT")),
    ],
)
def test_a_date_that_cannot_be_is_unknown(cook: Any, cells: dict[str, str], flags: tuple[str, ...]) -> None:
    count = _count(cook, cook.clerk(**cells))
    assert set(count.flags) == set(flags)
    assert count.cycle.arrested is None


def test_rows_of_a_charge_with_two_days_have_none(cook: Any) -> None:
    count = _count(cook, cook.clerk(), cook.clerk(chrgdispdate="13-APR-06", chrgdisp="DEF SENT TO PAY RESTITUTION"))
    assert count.disposed is None
    assert "DATE_CONFLICT" in count.flags


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"sex": "720-5/19-1(a)"}, "sex"),
        ({"chrgclass": "DEF SENTENCED TO PROBATION"}, "chrgclass"),
        ({"chrgtype": "POSS"}, "chrgtype"),
        ({"arrest_date": "M"}, "arrest_date"),
        ({"maxsent": "POSS"}, "maxsent"),
        ({"case_number": ""}, "case_number"),
    ],
)
def test_a_cell_that_has_moved_rejects_its_row(cook: Any, cells: dict[str, str], column: str) -> None:
    path = cook.folder / "moved.csv"
    path.write_text(cook.clerk_file(cook.clerk(), cook.clerk(**cells)), encoding="utf-8")
    reading = IL_CLERK.open([path])
    (reject,) = reading.rejects
    assert reject.detail.startswith(f"{column}: ")
    (person,) = [person for block in reading.blocks() for person in block.persons(lambda _: True)]
    assert [place.row for place in person.missing_rows] == [2]


def test_a_title_that_says_other_than_the_statute_is_flagged(cook: Any) -> None:
    assert _count(cook, cook.clerk(statute="720-550/5(C)", chrgdesc="POSS.CANNABIS")).flags == (
        "OFFENSE_TEXT_DISAGREES",
    )


def test_only_persons_whom_a_reform_may_concern_are_made(cook: Any) -> None:
    cook.of_clerk(cook.clerk(), cook.clerk(statepoliceid="30000002", case_number="2006CR1475601", statute="720-5/19-1"))
    (block,) = IL_CLERK.open([cook.folder / "clerk.csv"]).blocks()
    made = block.persons(lambda statute: statute is not None and statute.section.number == "4")
    assert [person.person_id for person in made] == ["30000001"]
    assert (block.people, block.charges, block.convictions) == (2, 2, 2)
