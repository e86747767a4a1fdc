from __future__ import annotations

from typing import Any

import pytest

from clearslate.model import Answer, Disposition, Grade, PartialDate, Relief


def test_a_row_is_a_charge_with_all_that_it_says(roll: Any) -> None:
    person = roll.person(roll.row())
    assert (person.person_id, person.names, person.identifiers) == ("P1", ("ZYXQUELL, ORLA",), ("S-P1",))
    assert (person.birth_date, person.sex, person.race) == (PartialDate(1961, 2, 13), "F", "GREEN")
    (count,) = person.counts
    assert str(count.statute) == "ZZ 100"
    assert count.offense == "100 ZZ MAKING MOONSHINE"
    assert (count.grade, count.disposition) == (Grade.FELONY, Disposition.CONVICTED)
    assert (count.committed, count.cycle.arrested, count.disposed) == (
        PartialDate(2010, 4, 30),
        PartialDate(2010, 5, 1),
        PartialDate(2010, 6, 1),
    )
    assert (count.event.county, count.event.case_numbers) == ("OZ", ("C-1",))
    assert count.sentence_ends.latest.isoformat() == "2010-07-01"
    assert count.facts == {"jars": 4, "in_market": False}
    assert (count.flags, person.flags, person.missing_rows) == ((), (), ())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("4", 4), ("4.5", 4.5), ("0", 0), ("-1", None), ("four", None), ("1e3", None), ("", None), ("1,000", None),
        ("9" * 20, None), ("\u0664", None),
    ],
)  # fmt: skip
def test_a_number_is_digits_and_anything_else_is_unknown(roll: Any, cell: str, value: float | None) -> None:
    (count,) = roll.person(roll.row(jars=cell)).counts
    assert count.facts.get("jars") == value
    assert ("VALUE_UNLISTED" in count.flags) == (value is None and cell != "")


@pytest.mark.parametrize(
    ("cell", "value"), [("Yes", True), ("n", False), ("FALSE", False), ("1", True), ("perhaps", None), ("", None)]
)
def test_yes_and_no_are_words_for_it_and_anything_else_is_unknown(roll: Any, cell: str, value: bool | None) -> None:
    (count,) = roll.person(roll.row(market=cell)).counts
    assert count.facts.get("in_market") is value


@pytest.mark.parametrize(
    ("column", "cell", "field", "flag"),
    [
        ("grade", "", "grade", None),
        ("grade", "X", "grade", "VALUE_UNLISTED"),
        ("disposed", "", "disposed", None),
        ("disposed", "13/13/2010", "disposed", "DATE_UNREADABLE"),
        ("committed", "soon", "committed", "DATE_UNREADABLE"),
        ("statute", "", "statute", None),
        ("statute", "somewhere in the code", "statute", None),
    ],
)
def test_what_a_cell_does_not_say_is_unknown(roll: Any, column: str, cell: str, field: str, flag: str | None) -> None:
    (count,) = roll.person(roll.row(**{column: cell})).counts
    assert getattr(count, field) is None
    assert count.flags == (() if flag is None else (flag,))


@pytest.mark.parametrize(
    ("cell", "disposition", "flags"),
    [
        ("GUILTY", Disposition.CONVICTED, ()),
        ("guilty ", Disposition.CONVICTED, ()),
        ("NOT  GUILTY", Disposition.NOT_CONVICTED, ()),
        ("open", Disposition.PENDING, ()),
        ("convicted", Disposition.CONVICTED, ()),
        ("", Disposition.UNKNOWN, ()),
        ("DEFERRED", Disposition.UNKNOWN, ("VALUE_UNLISTED",)),
    ],
)
def test_how_a_charge_ended_is_what_the_table_of_words_says(
    roll: Any, cell: str, disposition: Disposition, flags: tuple[str, ...]
) -> None:
    (count,) = roll.person(roll.row(disposition=cell)).counts
    assert (count.disposition, count.flags) == (disposition, flags)


def test_rows_with_one_key_are_one_charge_with_a_part_of_its_sentence_each(roll: Any) -> None:
    person = roll.person(roll.row(days="30"), roll.row(days="60"), roll.row(charge="2", days="0"))
    first, second = person.counts
    assert [part.length for part in first.sentence] == [30, 60]
    assert "SENTENCE_ESTIMATED" in first.flags
    assert [place.row for place in first.rows] == [1, 2]
    assert (second.flags, second.event.key) == ((), first.event.key)
    assert [str(statute) for statute in first.cycle.charged] == ["ZZ 100"]


@pytest.mark.parametrize(
    ("column", "cell", "field", "flag"),
    [
        ("grade", "M", "grade", "GRADE_CONFLICT"),
        ("grade", "", "grade", "GRADE_CONFLICT"),
        ("statute", "101 ZZ", "statute", "STATUTE_CONFLICT"),
        ("disposed", "06/02/2010", "disposed", "DATE_CONFLICT"),
        ("disposed", "", "disposed", "DATE_CONFLICT"),
        ("committed", "04/29/2010", "committed", "DATE_CONFLICT"),
    ],
)
def test_rows_of_one_charge_that_differ_leave_unknown_what_they_differ_on(
    roll: Any, column: str, cell: str, field: str, flag: str
) -> None:
    (count,) = roll.person(roll.row(), roll.row(**{column: cell})).counts
    assert getattr(count, field) is None
    assert flag in count.flags


@pytest.mark.parametrize("cell", ["NOT GUILTY", ""])
def test_rows_that_differ_on_how_the_charge_ended_leave_it_open(roll: Any, cell: str) -> None:
    reading = roll.open(roll.file(roll.row(), roll.row(disposition=cell), roll.row("P2")))
    (block,) = reading.blocks()
    one, other = block.persons(lambda _: True)
    assert [count.disposition for count in one.counts] == [Disposition.UNKNOWN]
    assert "DISPOSITION_CONFLICT" in one.counts[0].flags
    assert (block.convictions, block.charges, len(other.convictions)) == (1, 2, 1)


def test_a_row_without_its_key_may_be_of_any_charge_of_the_person(roll: Any) -> None:
    person = roll.person(roll.row(), roll.row(charge="", grade="M", disposed="06/02/2010"))
    assert len(person.counts) == 2
    for count in person.counts:
        assert (count.grade, count.disposed, count.disposition) == (None, None, Disposition.CONVICTED)
        assert "CHARGE_KEY_BLANK" in count.flags
        assert not count.sentence[0].known
    # Another person's rows are not touched by it.
    other = roll.people(roll.row(), roll.row("P2", charge=""))[0]
    assert other.counts[0].grade is Grade.FELONY


def test_charges_of_which_the_case_is_unknown_may_stand_with_any_other(roll: Any) -> None:
    instead = {'key = ["CASE", "CHARGE"]\n': ""}
    mapping = roll.mapping(instead=instead)
    person = roll.person(roll.row(), roll.row(case="", statute="101 ZZ"), mapping=mapping)
    first, second = person.counts
    assert first.event.same_case(second.event) is Answer.UNKNOWN
    assert ("CASE_UNKNOWN" in first.flags, "CASE_UNKNOWN" in second.flags) == (False, True)
    assert [str(statute) for statute in first.cycle.charged] == ["ZZ 100", "None"]
    assert [str(statute) for statute in second.cycle.charged] == ["ZZ 101", "None"]
    # Alone it stands with nothing.
    (alone,) = roll.person(roll.row(case=""), mapping=mapping).counts
    assert (len(alone.cycle.charged), alone.event.case_known) == (1, True)
    unplaced = roll.mapping(instead={**instead, 'case_number = "CASE"\n': ""})
    first, second = roll.person(roll.row(), roll.row(case="C-2"), mapping=unplaced).counts
    assert first.event.same_case(second.event) is Answer.UNKNOWN


def test_every_row_of_a_case_is_charged_with_it(roll: Any) -> None:
    person = roll.person(
        roll.row(),
        roll.row(charge="2", statute="7 ZZ", disposition="NOT GUILTY"),
        roll.row(charge="3", statute="unreadable"),
        roll.row(case="C-2", statute="101 ZZ"),
    )
    charged = person.counts[0].cycle.charged
    assert [None if statute is None else str(statute) for statute in charged] == ["ZZ 100", "ZZ 7", None]
    assert [str(statute) for statute in person.counts[3].cycle.charged] == ["ZZ 101"]


@pytest.mark.parametrize(
    ("cells", "unknown"),
    [
        ({"arrested": "06/02/2010"}, "disposed"),
        ({"committed": "05/02/2010"}, "committed"),
        ({"committed": "2011"}, "committed"),
        ({"arrested": "2011", "committed": ""}, "disposed"),
        ({"arrested": "", "committed": "06/02/2010"}, "committed"),
    ],
)
def test_dates_that_cannot_follow_each_other_are_unknown(roll: Any, cells: dict[str, str], unknown: str) -> None:
    (count,) = roll.person(roll.row(**cells)).counts
    assert getattr(count, unknown) is None
    assert "DATE_CONFLICT" in count.flags


def test_a_partial_date_is_as_much_as_it_says(roll: Any) -> None:
    (count,) = roll.person(roll.row(committed="2010", arrested="05/2010")).counts
    assert (count.committed, count.cycle.arrested) == (PartialDate(2010), PartialDate(2010, 5))
    assert count.flags == ("DATE_PARTIAL",)


def test_what_rows_of_a_person_differ_on_is_noted_and_never_chosen(roll: Any) -> None:
    person = roll.person(roll.row(), roll.row(charge="2", dob="02/14/1961", name="ZYXQUELL, ORLA B"))
    assert person.birth_date is None
    assert person.flags == ("BIRTH_DATE_CONFLICT", "NAMES_DIFFER")
    person = roll.person(roll.row(), roll.row(charge="2", dob=""))
    assert (person.birth_date, person.flags) == (None, ())


def test_one_identifier_under_two_persons_is_told_of_both(roll: Any) -> None:
    people = roll.people(roll.row(), roll.row("P2", sid="S-P1"))
    assert [person.shares_identifier for person in people] == [True, True]
    assert {person.flags for person in people} == {("IDENTIFIER_SHARED",)}


@pytest.mark.parametrize("filler", ["", "N/A", "0000", "XXX", "-"])
def test_a_row_whose_person_is_a_filler_is_the_identifiers_or_nobodys(roll: Any, filler: str) -> None:
    (person,) = roll.people(roll.row(), roll.row(filler, sid="S-P1", charge="2"))
    assert (person.person_id, len(person.counts)) == ("P1", 2)
    reading = roll.open(roll.file(roll.row(), roll.row(filler, sid=filler)))
    assert [(reject.place.row, reject.problem) for reject in reading.rejects] == [(2, "no person")]


@pytest.mark.parametrize(
    ("cell", "relieved"),
    [
        ("SEALED", (Relief.SAME_LAW,)),
        ("AFTER PROBATION", (Relief.DISMISSED_AFTER_PROBATION,)),
        ("NONE", ()),
        ("", (Relief.UNCLEAR,)),
        ("something else", (Relief.UNCLEAR,)),
    ],
)
def test_relief_that_a_cell_does_not_deny_may_have_been_given(
    roll: Any, cell: str, relieved: tuple[Relief, ...]
) -> None:
    mapping = roll.mapping(
        instead={'county = "COUNTY"': 'county = { value = "Oz" }\nrelieved = "COUNTY"'},
        more='[values.relieved]\nSEALED = "same_law"\n"AFTER PROBATION" = "dismissed_after_probation"\nNONE = "none"\n',
    )
    (count,) = roll.person(roll.row(county=cell), mapping=mapping).counts
    assert (count.relieved, count.event.county) == (relieved, "OZ")


@pytest.mark.parametrize(
    ("sentence", "cells", "parts"),
    [
        ('"DAYS"', {"days": "18 MO"}, [(18, "month", None)]),
        ('"DAYS"', {"days": "5 years"}, [(5, "year", None)]),
        ('"DAYS"', {"days": "30"}, [(30, None, None)]),
        ('"DAYS"', {"days": "0"}, [(0, None, None)]),
        ('"DAYS"', {"days": "life"}, [(None, None, None)]),
        ('"DAYS"', {"days": ""}, [(None, None, None)]),
        ('{ length = "DAYS", unit = "SEX" }', {"days": "30", "sex": "D"}, [(30, "day", None)]),
        ('{ length = "DAYS", unit = "SEX" }', {"days": "30", "sex": "W"}, [(30, None, None)]),
        ('{ length = "DAYS", unit = "SEX" }', {"days": "30 months", "sex": "D"}, [(None, None, None)]),
        ('{ length = "DAYS", unit = "SEX" }', {"days": "30 months", "sex": ""}, [(None, None, None)]),
        ('{ length = "DAYS", kind = "SEX" }', {"days": "500", "sex": "FINE"}, [(500, None, "FINE")]),
        ('["DAYS", "JARS"]', {"days": "5 d", "jars": "2 y"}, [(5, "day", None), (2, "year", None)]),
    ],
    ids=range(12),
)
def test_a_sentence_is_read_in_whole_numbers_and_units_or_is_unknown(
    roll: Any, sentence: str, cells: dict[str, str], parts: list[Any]
) -> None:
    old = '{ length = "DAYS", unit = { value = "day" }, kind = { value = "JAIL" } }'
    instead = {old: sentence, 'sex = "SEX"\n': ""}
    (count,) = roll.person(roll.row(**cells), mapping=roll.mapping(instead=instead)).counts
    assert [(part.length, part.unit, part.kind) for part in count.sentence] == parts
    assert [part.takes_no_time for part in count.sentence] == [kind == "FINE" for *_, kind in parts]


def test_a_statute_is_joined_of_columns_and_unreadable_where_one_that_it_needs_is_blank(roll: Any) -> None:
    told = 'statute = { columns = ["CHARGE", "SEX", "STATUTE"], joined_by = "", may_be_blank = ["SEX"] }'
    instead = {
        'statute = "STATUTE"': told,
        'key = ["CASE", "CHARGE"]\n': "",
        'sex = "SEX"\n': "",
    }
    mapping = roll.mapping(instead=instead)

    def read(charge: str, sex: str, statute: str) -> Any:
        (count,) = roll.person(roll.row(charge=charge, sex=sex, statute=statute), mapping=mapping).counts
        return count

    assert str(read("100", "(A)", " ZZ").statute) == "None"
    told = told.replace('joined_by = ""', 'joined_by = " "')
    mapping = roll.mapping(instead={**instead, 'statute = "STATUTE"': told})
    assert str(read("ATT", "", "100 ZZ").statute) == "attempt: ZZ 100"
    assert read("", "ATT", "100 ZZ").statute is None
    assert read("", "", "100 ZZ").offense == "100 ZZ MAKING MOONSHINE"


def test_a_word_that_no_table_lists_rejects_its_row_where_the_mapping_says_so(roll: Any) -> None:
    mapping = roll.mapping(instead={"[values.grade]": '[values]\nunlisted = "reject"\n[values.grade]'})
    path = roll.file(roll.row(), roll.row(charge="2", grade="X"), roll.row(charge="3", grade=""))
    reading = roll.open(path, mapping=mapping)
    assert [(reject.place.row, reject.problem, reject.detail) for reject in reading.rejects] == [
        (2, "unusable cell", "GRADE: a word that the mapping does not list")
    ]
    ((person,),) = [block.persons(lambda _: True) for block in reading.blocks()]
    assert (len(person.counts), [place.row for place in person.missing_rows]) == (2, [2])


def test_values_of_the_mapping_hold_for_every_row(roll: Any) -> None:
    instead = {
        'disposition = "DISPOSITION"': 'disposition = { value = "GUILTY" }',
        'county = "COUNTY"': 'county = { value = "emerald  city" }',
        'grade = "GRADE"': 'grade = { value = "felony" }',
    }
    reading = roll.open(
        roll.file(roll.row(disposition="x", county="y", grade="z")), mapping=roll.mapping(instead=instead)
    )
    assert reading.counties == {"EMERALD CITY": 1}
    ((person,),) = [block.persons(lambda _: True) for block in reading.blocks()]
    (count,) = person.counts
    assert (count.disposition, count.grade, count.event.county) == (
        Disposition.CONVICTED,
        Grade.FELONY,
        "EMERALD CITY",
    )
    assert count.flags == ()


def test_classes_endings_and_death_are_read_as_the_mapping_says(roll: Any) -> None:
    roll.columns = (*roll.columns, "CLASS", "HOW", "DEAD")
    mapping = roll.mapping(
        instead={
            'grade = "GRADE"': 'grade = "GRADE"\nclass = "CLASS"\nended = "HOW"',
            'sex = "SEX"': 'sex = "SEX"\ndeceased = "DEAD"',
        },
        more='[values.ended]\nACQ = "acquitted"\n[values.deceased]\nDOA = "yes"\n',
    )
    row = roll.row(charge="1", **{"class": "4", "how": "acq", "dead": "DOA"})
    person = roll.person(row, roll.row(charge="2", **{"class": "", "how": "xx", "dead": ""}), mapping=mapping)
    assert person.deceased
    assert [(count.offense_class, count.ended, count.flags) for count in person.counts] == [
        ("4", "acquitted", ()),
        (None, None, ("VALUE_UNLISTED",)),
    ]
