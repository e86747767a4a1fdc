"""Disqualifying convictions: before and ever, certain and open."""

import datetime as dt

import pytest
from msgspec.structs import replace

from clearslate.model import (
    Answer,
    Count,
    Cycle,
    Disposition,
    Event,
    Grade,
    PartialDate,
    Person,
    Place,
    Registration,
    Relief,
)
from clearslate.policy.facts import Finding
from clearslate.policy.matter import History, Matter
from clearslate_california.predicates import CALIFORNIA_PREDICATES, RegistrableConviction, SuperstrikeConviction
from clearslate_california.statutes import read_statute

AS_OF = dt.date(2019, 7, 1)
BEFORE, EVER = SuperstrikeConviction(when="before"), SuperstrikeConviction(when="ever")
ARREST_OF_2015 = PartialDate.from_iso("2015-06-01")
REG_BEFORE, REG_EVER = RegistrableConviction(when="before"), RegistrableConviction(when="ever")


def _count(
    statute: str,
    disposed: str | None,
    case: str,
    disposition: Disposition = Disposition.CONVICTED,
    relieved: tuple[Relief, ...] = (),
    grade: Grade | None = Grade.FELONY,
) -> Count:
    row = sum(map(ord, case + statute))
    return Count(
        key=f"{case}-{statute}",
        event=Event(key=case, cycle=Cycle(key=case, arrested=None), kind="COURT ACTION", county="OZ"),
        place=Place(0, row, row),
        statute=read_statute(statute),
        offense=statute,
        grade=grade,
        disposition=disposition,
        disposed=None if disposed is None else PartialDate.from_iso(disposed),
        relieved=relieved,
    )


def _ask(
    predicate: SuperstrikeConviction | RegistrableConviction,
    *others: Count,
    disposed: str | None = "2012-05-01",
    missing: tuple[Place, ...] = (),
    registered: tuple[str, ...] = (),
    on: str | None = None,
) -> Finding:
    mine = _count("11359 HS", disposed, "mine")
    when = None if on is None else PartialDate.from_iso(on)
    events = tuple(
        Registration(place=Place(0, 900 + i, 900 + i), statute=read_statute(text), registered=when)
        for i, text in enumerate(registered)
    )
    person = Person(person_id="1", counts=(mine, *others), missing_rows=missing, registrations=events)
    return predicate.ask(Matter(History(person), mine, AS_OF))


def test_an_attempted_murder_of_an_earlier_year_is_a_superstrike_before() -> None:
    finding = _ask(BEFORE, _count("664/187(A) PC", "2008-01-01", "old"))
    assert finding.answer is Answer.YES
    assert [str(fact.value) for fact in finding.used] == ["attempt: PC 187(a)"]


@pytest.mark.parametrize(
    ("disposed", "expected"),
    [("2012-04-30", Answer.YES), ("2012-05-01", Answer.NO), ("2012-05-02", Answer.NO), ("2012", Answer.UNKNOWN)],
)
def test_before_means_an_earlier_day(disposed: str, expected: Answer) -> None:
    assert _ask(BEFORE, _count("187(A) PC", disposed, "other")).answer is expected
    assert _ask(EVER, _count("187(A) PC", disposed, "other")).answer is Answer.YES


@pytest.mark.parametrize("disposed", ["2012-05-01", "2010-01-01", None])
def test_a_superstrike_of_the_same_case_is_not_before(disposed: str | None) -> None:
    assert _ask(BEFORE, _count("187(A) PC", disposed, "mine")).answer is Answer.NO
    assert _ask(EVER, _count("187(A) PC", disposed, "mine")).answer is Answer.YES


def test_an_unknown_date_of_either_conviction_is_unknown() -> None:
    assert _ask(BEFORE, _count("187(A) PC", None, "other")).answer is Answer.UNKNOWN
    assert _ask(BEFORE, _count("187(A) PC", "2008-01-01", "other"), disposed=None).answer is Answer.UNKNOWN


def test_no_listed_conviction_is_no() -> None:
    assert _ask(EVER, _count("459 PC", "2008-01-01", "other")).answer is Answer.NO


@pytest.mark.parametrize("predicate", [BEFORE, EVER, REG_BEFORE, REG_EVER])
def test_what_may_be_a_listed_conviction_is_unknown(predicate: SuperstrikeConviction) -> None:
    unreadable = _count("MAYHEM OR SO", "2008-01-01", "other")
    undecided = _count("288(A) PC", "2008-01-01", "other", Disposition.UNKNOWN)
    vacated = _count("288(A) PC", "2008-01-01", "other", relieved=(Relief.VACATED,))
    for other in (unreadable, undecided, vacated):
        finding = _ask(predicate, other)
        assert finding.answer is Answer.UNKNOWN
        assert [fact.place for fact in finding.lacked if fact.name == "other_convictions"] == [other.place]
    assert _ask(predicate, missing=(Place(0, 7, 8),)).answer is Answer.UNKNOWN


def test_an_acquittal_is_no_conviction() -> None:
    assert _ask(EVER, _count("187(A) PC", "2008-01-01", "other", Disposition.NOT_CONVICTED)).answer is Answer.NO


def test_a_certain_superstrike_decides_whatever_else_is_missing() -> None:
    finding = _ask(EVER, _count("187(A) PC", "2008-01-01", "a"), _count("?", None, "b"), missing=(Place(0, 7, 8),))
    assert finding.answer is Answer.YES


def test_a_gang_term_is_found_in_the_case_of_the_listed_conviction_only() -> None:
    listed = _count("136.1(A)(1) PC", "2008-01-01", "old")
    assert _ask(BEFORE, listed).answer is Answer.NO
    assert _ask(BEFORE, listed, _count("186.22(B)(4) PC", "2008-01-01", "old")).answer is Answer.YES
    assert _ask(BEFORE, listed, _count("186.22(B)(4) PC", "2008-01-01", "another")).answer is Answer.NO
    open_companion = _count("186.22(B)(4) PC", None, "old", Disposition.UNKNOWN)
    assert _ask(BEFORE, listed, open_companion).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    "text", ["290 PC-REGISTRATION OF SEX OFFENDER", " 290(B) PC", "290", "290.006 PC", "290.010 PC", "SEX OFFENDER"]
)
def test_a_registration_that_nothing_on_file_explains_is_unknown(text: str) -> None:
    for predicate in (REG_BEFORE, REG_EVER):
        finding = _ask(predicate, registered=(text,))
        assert finding.answer is Answer.UNKNOWN
        assert [fact.name for fact in finding.lacked] == ["registration"]


def test_a_registration_for_something_else_says_nothing() -> None:
    assert _ask(REG_EVER, registered=("11590 HS-REGISTRATION OF NARCOTIC OFFENDER", "290 VC")).answer is Answer.NO


@pytest.mark.parametrize("on", ["2015-06-01", "2015-06-02", "2016"])
def test_a_registration_on_or_after_a_listed_conviction_adds_nothing(on: str) -> None:
    later = _count("288(A) PC", "2015-06-01", "later")
    assert _ask(REG_BEFORE, later, registered=("290 PC",), on=on).answer is Answer.NO
    assert _ask(REG_EVER, later, registered=("290 PC",), on=on).answer is Answer.YES


@pytest.mark.parametrize("on", ["2015-05-31", "2015", "2000-01-01", None])
def test_a_registration_that_may_be_older_than_every_listed_conviction_stays_open(on: str | None) -> None:
    later = _count("288(A) PC", "2015-06-01", "later")
    finding = _ask(REG_BEFORE, later, registered=("290 PC",), on=on)
    assert finding.answer is Answer.UNKNOWN
    assert [fact.name for fact in finding.lacked] == ["registration"]


def test_a_listed_conviction_without_a_date_explains_no_registration() -> None:
    same_case = _count("288(A) PC", None, "mine")
    assert _ask(REG_BEFORE, same_case, registered=("290 PC",), on="2016-01-01").answer is Answer.UNKNOWN


def test_the_earliest_listed_conviction_explains_every_later_registration() -> None:
    first, second = _count("288(A) PC", "2013-01-01", "a"), _count("243.4(A) PC", "2018-01-01", "b")
    assert _ask(REG_BEFORE, first, second, registered=("290 PC",), on="2014-01-01").answer is Answer.NO


def test_a_registration_that_a_conviction_may_explain_stays_open() -> None:
    perhaps = _count("207(A) PC", "2015-01-01", "later")
    assert _ask(REG_BEFORE, perhaps, registered=("290 PC",), on="2016-01-01").answer is Answer.UNKNOWN


def test_a_conviction_of_not_registering_leaves_the_question_open() -> None:
    assert _ask(REG_EVER, _count("290.018(A) PC", "2008-01-01", "other")).answer is Answer.UNKNOWN


def test_a_conviction_of_not_registering_is_explained_by_a_listed_one_from_before_its_arrest() -> None:
    not_registering = _count("290.018(A) PC", "2016-01-01", "other")
    explained = replace(not_registering, event=replace(not_registering.event, cycle=Cycle("other", ARREST_OF_2015)))
    listed = _count("288(A) PC", "2014-01-01", "later")
    assert _ask(REG_BEFORE, listed, explained).answer is Answer.NO
    assert _ask(REG_BEFORE, listed, not_registering).answer is Answer.UNKNOWN


def test_a_registration_does_not_concern_superstrikes() -> None:
    assert _ask(EVER, registered=("290 PC",)).answer is Answer.NO


def test_a_misdemeanor_of_harmful_matter_is_not_registrable() -> None:
    assert _ask(REG_EVER, _count("288.2 PC", "2008-01-01", "other", grade=Grade.MISDEMEANOR)).answer is Answer.NO


def test_the_predicates_say_what_they_ask() -> None:
    assert [predicate.name for predicate in CALIFORNIA_PREDICATES] == [
        "superstrike_conviction",
        "registrable_conviction",
    ]
    assert BEFORE.words() == "the person has a superstrike conviction from before this conviction"
    assert REG_EVER.denial() == "the person has no conviction that requires registration under PC 290(c)"
