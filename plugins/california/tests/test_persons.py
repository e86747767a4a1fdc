"""What the reader makes of rows, rule by rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clearslate.model import Disposition, Grade, PartialDate

# --- what is a conviction


@pytest.mark.parametrize("text", ["CONVICTED", "CONVICTED-PRISON", "CONVICTED PROB/JAIL", "  convicted-jail "])
def test_a_disposition_that_begins_with_convicted_is_a_conviction(oz: Any, text: str) -> None:
    assert oz.count(oz.court(DISP_DESCR=text)).disposition is Disposition.CONVICTED


@pytest.mark.parametrize(
    "text",
    ["DISMISSED/CHARGE DROPPED", "ACQUITTED", "REL/TOT OTHER JURIS/AUTH", "DIVERTED", "PROS REJ-NO CASE", "NOT GUILTY"],
)
def test_another_disposition_is_no_conviction(oz: Any, text: str) -> None:
    other = oz.court(CNT_ORDER="102002001000", DISP_DESCR=text)
    assert len(oz.person(oz.court(), other).counts) == 1


@pytest.mark.parametrize("text", ["CONVICTEDX", "GUILTY PLEA", "NOLO CONTENDERE", "CONV-JAIL", "UNKNOWN"])
def test_a_conviction_in_other_words_may_be_one(oz: Any, text: str) -> None:
    person = oz.person(oz.court(), oz.court(CNT_ORDER="102002001000", DISP_DESCR=text))
    assert [count.disposition for count in person.counts] == [Disposition.CONVICTED, Disposition.UNKNOWN]


@pytest.mark.parametrize("kind", ["COURT ACTION", "", "   ", "COURT  ACTON"])
@pytest.mark.parametrize("text", ["", "   ", "NULL", "-", "x"])
def test_a_blank_disposition_of_a_court_or_of_nobody_named_may_be_a_conviction(oz: Any, kind: str, text: str) -> None:
    blank = oz.court(CNT_ORDER="102002001000", DISP_DESCR=text, STP_TYPE_DESCR=kind, OFFENSE_DESCR="187(A) PC-MURDER")
    first, second = oz.person(oz.court(), blank).counts
    assert first.is_conviction
    assert second.disposition is Disposition.UNKNOWN
    assert str(second.statute) == "PC 187(a)"


@pytest.mark.parametrize("kind", ["ARREST/DETAINED/CITED", "CUSTODY", "PROBATION", "APPLICANT", "SUPPLEMENTAL ARREST"])
def test_a_blank_disposition_of_another_kind_of_step_is_no_conviction(oz: Any, kind: str) -> None:
    blank = oz.court(CNT_ORDER="102001001000", DISP_DESCR="", STP_TYPE_DESCR=kind, CONV_STAT_DESCR="")
    assert len(oz.person(oz.court(), blank).counts) == 1


def test_a_blank_disposition_beside_a_grade_of_conviction_may_be_one_whatever_the_step(oz: Any) -> None:
    blank = oz.court(CNT_ORDER="102001001000", DISP_DESCR="", STP_TYPE_DESCR="ARREST/DETAINED/CITED")
    assert oz.person(oz.court(), blank).counts[1].disposition is Disposition.UNKNOWN


def test_a_blank_disposition_under_the_key_of_a_conviction_is_more_of_its_sentence(oz: Any) -> None:
    more = oz.court(DISP_DESCR="", SENT_ORDER="2", SENT_LENGTH="3", SENT_TIME_CODE="Y")
    count = oz.count(oz.court(), more)
    assert [part.length for part in count.sentence] == [180, 3]
    assert count.relieved == ()


def test_a_person_whose_only_count_that_concerns_has_no_disposition_is_not_lost(oz: Any) -> None:
    (person,) = oz.people(oz.court(DISP_DESCR=""))
    assert [count.disposition for count in person.counts] == [Disposition.UNKNOWN]


def test_a_person_without_a_conviction_that_concerns_is_left_out(oz: Any) -> None:
    assert oz.people(oz.court(OFFENSE_DESCR="459 PC-BURGLARY"), oz.arrest(CNT_ORDER="102001001000")) == []


def test_every_conviction_of_a_chosen_person_is_kept_in_record_order(oz: Any) -> None:
    rows = [
        oz.court(CNT_ORDER="103002001000", OFFENSE_DESCR="459 PC-BURGLARY"),
        oz.court(CNT_ORDER="101002001000"),
        oz.court(CNT_ORDER="102002001000", OFFENSE_DESCR="187(A) PC-MURDER"),
    ]
    assert [count.key for count in oz.person(*rows).counts] == ["103002001000", "101002001000", "102002001000"]


# --- counts and sentences


def test_a44_rows_of_one_key_are_parts_of_one_sentence_added_on_the_calendar(oz: Any) -> None:
    dates = {"STP_EVENT_DATE": "20150110", "CYC_DATE": "20141201"}
    count = oz.count(oz.court(**dates), oz.court(**dates, SENT_ORDER="2", SENT_LENGTH="3", SENT_TIME_CODE="Y"))
    assert count.sentence_ends.latest == dt.date(2018, 7, 9)
    assert [place.row for place in count.rows] == [1, 2]
    assert "SENTENCE_ESTIMATED" in count.flags


def test_interleaved_sentence_parts_stay_with_their_own_count(oz: Any) -> None:
    other = {"CNT_ORDER": "101002002000", "OFFENSE_DESCR": "459 PC-BURGLARY"}
    person = oz.person(
        oz.court(),
        oz.court(**other, SENT_LENGTH="10"),
        oz.court(SENT_ORDER="2", SENT_LENGTH="3", SENT_TIME_CODE="Y"),
        oz.court(**other, SENT_ORDER="2", SENT_LENGTH="1", SENT_TIME_CODE="Y"),
    )
    assert [[part.length for part in count.sentence] for count in person.counts] == [[180, 3], [10, 1]]


def test_sentence_parts_stand_in_their_own_order(oz: Any) -> None:
    count = oz.count(oz.court(SENT_ORDER="2", SENT_LENGTH="3"), oz.court(SENT_ORDER="1"))
    assert [part.length for part in count.sentence] == [180, 3]
    assert count.place.row == 1


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        ({"SENT_LENGTH": "0", "SENT_TIME_CODE": ""}, True),
        ({"SENT_LENGTH": "", "SENT_TIME_CODE": "D"}, False),
        ({"SENT_LENGTH": "x", "SENT_TIME_CODE": "D"}, False),
        ({"SENT_LENGTH": "12", "SENT_TIME_CODE": "N"}, False),
        ({"SENT_LENGTH": "12", "SENT_TIME_CODE": ""}, False),
        ({"SENT_LOC_DESCR": "FINE", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}, True),
        ({"SENT_LOC_DESCR": "FINES AND FEES", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}, False),
        ({"SENT_LOC_DESCR": "", "SENT_LENGTH": "", "SENT_TIME_CODE": ""}, False),
        ({"SENT_LOC_DESCR": "", "SENT_LENGTH": "012", "SENT_TIME_CODE": "m"}, True),
    ],
)
def test_the_end_of_a_sentence_is_known_only_where_every_part_says_it(oz: Any, cells: Any, known: bool) -> None:
    assert (oz.count(oz.court(**cells)).sentence_ends.latest is not None) is known


# --- dates


def test_the_disposition_is_dated_by_the_event_and_else_by_disp_date(oz: Any) -> None:
    assert oz.count(oz.court(DISP_DATE="20110101")).disposed == PartialDate(2010, 4, 1)
    assert oz.count(oz.court(STP_EVENT_DATE="00000000", DISP_DATE="20110101")).disposed == PartialDate(2011, 1, 1)


def test_an_unreadable_event_date_is_not_replaced_by_disp_date(oz: Any) -> None:
    count = oz.count(oz.court(STP_EVENT_DATE="1/1/2015", DISP_DATE="20150101"))
    assert count.disposed is None
    assert "DATE_UNREADABLE" in count.flags


def test_a45_a_date_of_which_the_year_is_known_is_that_year(oz: Any) -> None:
    count = oz.count(oz.court(CYC_DATE="19810000", STP_EVENT_DATE="19810000"))
    assert count.disposed == PartialDate(1981)
    assert count.disposed_span.earliest == dt.date(1981, 1, 1)
    assert "DATE_PARTIAL" in count.flags


def test_rows_of_a_count_that_differ_on_the_date_leave_it_unknown(oz: Any) -> None:
    count = oz.count(oz.court(), oz.court(SENT_ORDER="2", STP_EVENT_DATE="20100402"))
    assert count.disposed is None
    assert "DATE_CONFLICT" in count.flags


def test_a_blanked_date_beside_a_stated_one_leaves_it_unknown(oz: Any) -> None:
    assert oz.count(oz.court(), oz.court(SENT_ORDER="2", STP_EVENT_DATE="")).disposed is None


def test_a_disposition_before_its_arrest_is_unknown(oz: Any) -> None:
    count = oz.count(oz.court(CYC_DATE="20100402"))
    assert count.disposed is None
    assert "DATE_CONFLICT" in count.flags


@pytest.mark.parametrize(
    ("arrest", "disposed"), [("20100401", "20100401"), ("20100000", "20100101"), ("20100500", "20100500")]
)
def test_a_disposition_that_may_be_after_its_arrest_is_kept(oz: Any, arrest: str, disposed: str) -> None:
    assert oz.count(oz.court(CYC_DATE=arrest, STP_EVENT_DATE=disposed)).disposed is not None


def test_rows_of_a_cycle_that_differ_on_the_arrest_leave_it_unknown(oz: Any) -> None:
    count = oz.count(oz.arrest(CYC_DATE="20100228"), oz.court())
    assert count.cycle.arrested is None
    assert "DATE_CONFLICT" in count.flags


# --- grades


@pytest.mark.parametrize(
    ("stated", "charged", "grade"),
    [
        ("MISDEMEANOR", "F", Grade.MISDEMEANOR),
        (" FELONY  ", "M", Grade.FELONY),
        ("INFRACTION", "", Grade.INFRACTION),
        ("FELONIOUS", "F", None),
        ("      ", "", None),
        ("      ", "X", None),
    ],
)
def test_the_grade_is_that_of_conviction(oz: Any, stated: str, charged: str, grade: Grade | None) -> None:
    assert oz.count(oz.court(CONV_STAT_DESCR=stated, OFFENSE_TOC=charged)).grade is grade


def test_a43_a_grade_of_spaces_is_that_of_the_charge_and_flagged(oz: Any) -> None:
    count = oz.count(oz.court(CONV_STAT_DESCR="      ", OFFENSE_TOC="F"))
    assert count.grade is Grade.FELONY
    assert "GRADE_GUESSED" in count.flags


def test_rows_of_a_count_that_differ_on_the_grade_leave_it_unknown(oz: Any) -> None:
    count = oz.count(oz.court(), oz.court(SENT_ORDER="2", CONV_STAT_DESCR="MISDEMEANOR"))
    assert count.grade is None
    assert "GRADE_CONFLICT" in count.flags


# --- statutes, counties, cases


def test_a39_a_charge_in_the_comment_is_read_and_flagged(oz: Any) -> None:
    count = oz.count(oz.court(OFFENSE_DESCR="SEE COMMENT FOR CHARGE", COMMENT_TEXT="11359 HS-POSS FOR SALE"))
    assert str(count.statute) == "HS 11359"
    assert "OFFENSE_FROM_COMMENT" in count.flags


def test_a40_an_attempt_is_read_as_an_attempt(oz: Any) -> None:
    statute = oz.count(oz.court(OFFENSE_DESCR="66411357(C) HS")).statute
    assert statute.attempt
    assert str(statute.section) == "HS 11357(c)"


def test_a_comment_with_another_statute_is_flagged(oz: Any) -> None:
    assert "COMMENT_OTHER_STATUTE" in oz.count(oz.court(COMMENT_TEXT="11358 HS-CULTIVATE")).flags


def test_an_unreadable_statute_concerns(oz: Any) -> None:
    assert oz.count(oz.court(OFFENSE_DESCR="ILLEGIBLE")).statute is None


def test_rows_of_a_count_that_differ_on_the_statute_leave_it_unknown(oz: Any) -> None:
    count = oz.count(oz.court(), oz.court(SENT_ORDER="2", OFFENSE_DESCR="11358 HS-CULTIVATE"))
    assert count.statute is None
    assert "STATUTE_CONFLICT" in count.flags


def test_rows_of_a_count_may_print_one_statute_in_two_ways(oz: Any) -> None:
    count = oz.count(oz.court(), oz.court(SENT_ORDER="2", OFFENSE_DESCR="11359HS"))
    assert str(count.statute) == "HS 11359"
    assert count.offense == "11359 HS-POSSESS MARIJUANA FOR SALE"


@pytest.mark.parametrize(
    ("cell", "county"), [("  san  joaquin ", "SAN JOAQUIN"), ("   ", None), ("NULL", None), ("-", None)]
)
def test_a_county_is_upper_case_with_single_spaces(oz: Any, cell: str, county: str | None) -> None:
    assert oz.count(oz.court(STP_ORI_CNTY_NAME=cell)).event.county == county


def test_case_numbers_are_those_of_the_court_rows_of_the_event(oz: Any) -> None:
    count = oz.count(
        oz.arrest(OFN="ARREST-9"),
        oz.court(OFN="1236 12345678-00"),
        oz.court(CNT_ORDER="101002002000", OFFENSE_DESCR="459 PC-BURGLARY", DISP_DESCR="DISMISSED", OFN="OZ-2"),
        oz.court(SENT_ORDER="2", OFN="NULL  "),
        oz.court(SENT_ORDER="3", OFN="1236 12345678-00"),
    )
    assert count.event.case_numbers == ("1236 12345678-00", "OZ-2")
    assert (count.event.key, count.cycle.key) == ("101002", "101")


def test_a_cycle_is_charged_with_what_every_row_of_it_names(oz: Any) -> None:
    count = oz.count(
        oz.arrest(OFFENSE_DESCR="187(A) PC-MURDER"),
        oz.arrest(CNT_ORDER="101001002000"),
        oz.court(),
        oz.court(CNT_ORDER="101002002000", OFFENSE_DESCR="459 PC-BURGLARY", DISP_DESCR="DISMISSED"),
        oz.arrest(CNT_ORDER="102001001000", OFFENSE_DESCR="211 PC-ROBBERY"),
    )
    assert sorted(str(statute) for statute in count.cycle.charged) == ["HS 11359", "PC 187(a)", "PC 459"]


@pytest.mark.parametrize(
    ("kind", "silent"), [("ARREST/DETAINED/CITED", False), ("COURT ACTION", False), ("CUSTODY", True)]
)
def test_a_row_that_names_no_charge_is_an_unreadable_one_of_an_arrest_or_a_court(
    oz: Any, kind: str, silent: bool
) -> None:
    blank = oz.arrest(STP_TYPE_DESCR=kind, OFFENSE_DESCR="", DISP_DESCR="DISMISSED")
    assert (None not in oz.count(oz.court(), blank).cycle.charged) is silent


@pytest.mark.parametrize("text", ["WARRANT", "HOLD FOR OTHER AGENCY", "BENCH WARRANT-", "PROBATION VIOLATION"])
@pytest.mark.parametrize(
    ("kind", "silent"),
    [("ARREST/DETAINED/CITED", True), ("CUSTODY", True), ("COURT ACTION", False), ("", False), ("OZ STEP", False)],
)
def test_an_arrest_for_something_without_a_number_charges_nothing(oz: Any, text: str, kind: str, silent: bool) -> None:
    row = oz.arrest(STP_TYPE_DESCR=kind, OFFENSE_DESCR=text, DISP_DESCR="DISMISSED")
    assert (None not in oz.count(oz.court(), row).cycle.charged) is silent


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("", ""),
        ("NULL", ""),
        ("SEE COMMENT FOR CHARGE", ""),
        ("SEE COMMENT FOR CHARGE", "WARRANT"),
        ("SEE REMARKS", ""),
        ("UNKNOWN", ""),
        ("HS-POSSESS MARIJUANA", ""),
        ("WARRANT 2", ""),
        ("SALE OF MARIJUANA TO MINOR", ""),
        ("WARRANT", "CHRG 11361(A) HS-MINOR"),
    ],
)
def test_an_arrest_whose_charge_is_not_said_may_charge_anything(oz: Any, text: str, comment: str) -> None:
    row = oz.arrest(OFFENSE_DESCR=text, COMMENT_TEXT=comment)
    assert None in oz.count(oz.court(), row).cycle.charged


# --- the person


def test_two_birth_dates_are_none(oz: Any) -> None:
    person = oz.person(oz.court(), oz.arrest(PRI_DOB="19700513"))
    assert person.birth_date is None
    assert person.flags == ("BIRTH_DATE_CONFLICT",)


def test_an_unreadable_birth_date_beside_a_good_one_is_a_conflict(oz: Any) -> None:
    assert oz.person(oz.court(), oz.arrest(PRI_DOB="5/12/1970")).flags == ("BIRTH_DATE_CONFLICT",)


def test_a_birth_date_that_a_row_does_not_state_is_unknown_but_no_conflict(oz: Any) -> None:
    person = oz.person(oz.court(), oz.arrest(PRI_DOB="        "))
    assert person.birth_date is None
    assert person.flags == ()


def test_a_birth_date_may_be_a_year(oz: Any) -> None:
    assert oz.person(oz.court(PRI_DOB="19700000")).birth_date == PartialDate(1970)


def test_differing_names_are_reported(oz: Any) -> None:
    person = oz.person(oz.court(), oz.arrest(PRI_NAME="VORBMIX,ZOOTIE"))
    assert person.names == ("ZYXQUELL,ORLA", "VORBMIX,ZOOTIE")
    assert person.flags == ("NAMES_DIFFER",)


def test_one_identifier_under_two_persons_is_shared(oz: Any) -> None:
    people = oz.people(oz.court(), oz.court(SUBJECT_ID="70000002"))
    assert [person.shares_identifier for person in people] == [True, True]
    assert all("IDENTIFIER_SHARED" in person.flags for person in people)


@pytest.mark.parametrize("filler", ["", "NULL", "-", "x"])
def test_a_filler_is_no_identifier(oz: Any, filler: str) -> None:
    people = oz.people(oz.court(CII_NUMBER=filler), oz.court(SUBJECT_ID="70000002", CII_NUMBER=filler))
    assert [(person.shares_identifier, person.identifiers) for person in people] == [(False, ())] * 2


def test_a_registration_row_registers(oz: Any) -> None:
    row = oz.step(
        CNT_ORDER="102001001000",
        STP_TYPE_DESCR="REGISTRATION",
        OFFENSE_DESCR=" 290 PC-REGISTRATION OF SEX OFFENDER",
        DISP_DESCR="",
    )
    (registration,) = oz.person(oz.court(), row).registrations
    assert str(registration.statute) == "PC 290"
    assert registration.registered == PartialDate(2014, 4, 1)
    assert registration.place.row == 2


@pytest.mark.parametrize(("offense", "registers"), [("290 PC-REGISTRATION", 1), ("", 1), ("459 PC-BURGLARY", 0)])
def test_a_row_of_a_blank_kind_may_be_a_registration(oz: Any, offense: str, registers: int) -> None:
    row = oz.step(CNT_ORDER="102001001000", STP_TYPE_DESCR="", OFFENSE_DESCR=offense, DISP_DESCR="")
    assert len(oz.person(oz.court(), row).registrations) == registers


def test_a_deceased_row_says_so(oz: Any) -> None:
    row = oz.step(CNT_ORDER="102001001000", STP_TYPE_DESCR="DECEASED", OFFENSE_DESCR="", DISP_DESCR="")
    assert oz.person(oz.court(), row).deceased
    assert not oz.person(oz.court()).deceased


def test_sex_and_race_are_the_first_stated(oz: Any) -> None:
    person = oz.person(oz.arrest(GENDER="", RACE_DESCR="-"), oz.court())
    assert (person.sex, person.race) == ("F", "OTHER")


# --- files


def test_a41_a_header_with_a_comma_at_its_end_is_a_header(oz: Any) -> None:
    path = oz.write(oz.folder / "comma.dat", [oz.court()])
    path.write_bytes(path.read_bytes().replace(b"END_OF_REC\n", b"END_OF_REC,\n", 1))
    (person,) = oz.read_files(path)
    assert person.counts[0].place.row == 1


def test_a42_a_short_row_is_missing_from_its_person(oz: Any) -> None:
    path = oz.write(oz.folder / "short.dat", [oz.court(), oz.court(CNT_ORDER="102002001000")])
    path.write_bytes(path.read_bytes().removesuffix(b",#\n") + b"\n")
    (person,) = oz.read_files(path)
    assert [place.row for place in person.missing_rows] == [2]
    assert len(person.counts) == 1


def test_a_person_of_whom_no_row_is_left_is_left_out(oz: Any) -> None:
    broken = oz.court(SUBJECT_ID="70000002", CII_NUMBER="A7000002", CNT_ORDER="1")
    assert [person.person_id for person in oz.people(oz.court(), broken)] == ["70000001"]


def test_a_short_count_order_is_rejected(oz: Any) -> None:
    person = oz.person(oz.court(), oz.court(CNT_ORDER="10200200100"))
    assert [place.row for place in person.missing_rows] == [2]


def test_a_person_in_two_files_is_one_person(oz: Any) -> None:
    one = oz.write(oz.folder / "one.dat", [oz.court(SENT_ORDER="1")])
    two = oz.write(oz.folder / "two.dat", [oz.court(SENT_ORDER="2", SENT_LENGTH="3", SENT_TIME_CODE="Y")], header=False)
    (person,) = oz.read_files(one, two)
    assert [(place.file, place.row) for place in person.counts[0].rows] == [(0, 1), (1, 1)]


def test_nothing_of_a_person_shows_in_a_repr(oz: Any) -> None:
    person = oz.person(oz.court())
    assert repr((person, person.counts)) == "(<Person>, (<Count>,))"
