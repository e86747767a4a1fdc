from __future__ import annotations

from typing import Any

import msgspec
import pytest

from clearslate.filing.entry import Entry
from clearslate.model import PartialDate, SentencePart
from clearslate.output.decided import Decided
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.testing.factories import make_count, make_person
from clearslate_illinois.filing import record
from clearslate_illinois.filing.record import NAME_MISSING, NOT_IN_RECORD

NOTHING = Determination(Decision(Outcome.REVIEW), "a_rule", "So.", (), (), (), (), ())


def entry_of(
    cells: dict[str, str] | None = None,
    *,
    names: tuple[str, ...] = ("GALE,DOROTHY",),
    identifiers: tuple[str, ...] = (),
    cases: tuple[str, ...] = ("2007CR1475501",),
    agency: str | None = "EMERALD CITY PD",
    county: str | None = "COOK",
    **count: Any,
) -> Entry:
    made = make_count(**{"statute": "720 ILCS 550/4(c)", "county": county, **count})
    event = msgspec.structs.replace(made.event, agency=agency, case_numbers=cases)
    person = make_person(msgspec.structs.replace(made, event=event), names=names, identifiers=identifiers)
    return Entry(Decided(person, person.counts[0], NOTHING), "rolls.csv", cells or {})


def test_a_name_is_the_first_that_says_something() -> None:
    assert record.name(entry_of(names=("  ", "GALE,  DOROTHY", "GALE,D"))) == "GALE, DOROTHY"
    assert record.other_names(entry_of(names=("GALE,DOROTHY", " ", "GALE,D"))) == ("GALE,D",)
    assert record.name(entry_of(names=(" ",))) == NAME_MISSING
    assert not record.has_name(entry_of(names=(" ",)))


@pytest.mark.parametrize(
    ("cases", "text"),
    [
        (("2007 CR 1475501",), "2007CR1475501"),
        (("05121978901",), "05121978901"),
        (("20-MC6-00174701",), "20-MC6-00174701"),
        (("09CF117", "2009-CF-000117"), "2009-CF-117"),
        (("LOLLIPOP 7",), "LOLLIPOP 7"),
        (("2007CR1475501", "X"), "2007CR1475501; X"),
        ((), NOT_IN_RECORD),
        ((" ",), NOT_IN_RECORD),
    ],
)
def test_a_case_number_is_printed_in_its_one_form(cases: tuple[str, ...], text: str) -> None:
    assert record.case_text(entry_of(cases=cases)) == text


def test_a_number_of_the_state_s_attorney_s_export_is_no_number_of_the_court() -> None:
    entry = entry_of({"CASE_PARTICIPANT_ID": "175"}, cases=("149000000001",), identifiers=("175",))
    assert record.cases(entry) == ()
    assert record.case_text(entry) == "not in the record (export's own number 149000000001)"
    assert [str(one) for one in record.person_numbers(entry)] == ["Participant 175"]


def test_a_number_that_only_another_county_uses_is_noticed() -> None:
    assert not record.is_of_another_county(entry_of())
    assert record.is_of_another_county(entry_of(county="DUPAGE"))
    assert not record.is_of_another_county(entry_of(cases=("2009-CF-117",), county="DUPAGE"))


def test_numbers_of_person_and_arrest_are_told_apart_and_zeros_are_none() -> None:
    cells = {"statepoliceid": "30000001", "FBI_NUMBER": "OZ1", "fgrprntno": "0000", "DCN": " P1 ", "ctlbkngno": "16"}
    entry = entry_of(cells, identifiers=("30000001",))
    assert [str(one) for one in record.person_numbers(entry)] == ["SID 30000001", "FBI OZ1"]
    assert [str(one) for one in record.arrest_numbers(entry)] == ["DCN P1", "CB 16"]


def test_the_last_known_address_is_in_the_order_in_which_it_is_written() -> None:
    cells = {"zipcode": "00001", "st_address": "1 Yellow  Brick Road", "city_state": "EMERALD CITY OZ"}
    assert record.address(entry_of(cells)) == ("1 Yellow Brick Road", "EMERALD CITY OZ", "00001")
    assert record.address(entry_of({"zipcode": "00000"})) == ()


CCSAO = {
    "DISPOSITION_CHARGED_CHAPTER": "720",
    "DISPOSITION_CHARGED_ACT": "550",
    "DISPOSITION_CHARGED_SECTION": "5(d)",
    "DISPOSITION_CHARGED_OFFENSE_TITLE": "",
}


@pytest.mark.parametrize(
    ("cells", "flags", "text"),
    [
        ({"statute": "720-550/5(D)"}, (), "720 ILCS 550/4(c)"),
        ({"statute": "720-550/5(D)"}, ("CHARGE_AMENDED",), "720 ILCS 550/5(d)"),
        ({"statute": "720-550/4(C)"}, ("CHARGE_AMENDED",), "not in the record (amended)"),
        ({"statute": "AR"}, ("CHARGE_AMENDED",), "not in the record (amended)"),
        (CCSAO, ("CHARGE_AMENDED",), "720 ILCS 550/5(d)"),
        ({}, ("CHARGE_AMENDED",), "not in the record (amended)"),
    ],
)
def test_the_charge_as_filed_is_not_the_final_one_where_it_was_amended(
    cells: dict[str, str], flags: tuple[str, ...], text: str
) -> None:
    assert record.charged(entry_of(cells, flags=flags)) == text


def test_a_statute_that_cannot_be_read_stands_as_it_is_printed() -> None:
    entry = entry_of(statute=None)
    assert record.statute(entry) == NOT_IN_RECORD
    count = msgspec.structs.replace(entry.decided.count, offense="POSS  CANNABIS")
    printed = msgspec.structs.replace(entry, decided=msgspec.structs.replace(entry.decided, count=count))
    assert record.statute(printed) == "POSS CANNABIS"


def test_the_lengths_of_one_kind_of_sentence_stand_together() -> None:
    part = SentencePart
    parts = (part("PRISON", 3, "year"), part("PRISON", 1, "day"), part("FINE", None, None, takes_no_time=True))
    assert record.sentence(parts) == "PRISON, 3 years 1 day; FINE"
    assert record.sentence((part(None, None, None),)) == "sentence, length not in the record"
    assert record.sentence(()) == NOT_IN_RECORD


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (PartialDate(2009, 3, 1), "03/01/2009"),
        (PartialDate(2009, 3), "03/2009"),
        (PartialDate(2009), "2009"),
        (None, NOT_IN_RECORD),
    ],
)
def test_a_date_is_printed_as_far_as_it_is_known(when: PartialDate | None, text: str) -> None:
    assert record.short_date(when) == text
