"""Every predicate of Proposition 47 answers yes, no and unknown, each for the reason that it should."""

import datetime as dt
from typing import Any, NamedTuple

import msgspec
import pytest
from pydantic import ValidationError

from clearslate.model import Answer, Relief, Section, Statute
from clearslate.policy.matter import History, Matter
from clearslate.policy.predicate import Predicate
from clearslate.testing.blanks import blankings, is_consistent
from clearslate.testing.factories import (
    make_count,
    make_cycle,
    make_event,
    make_matter,
    make_registration,
    make_statute,
)
from clearslate_ca_prop47.predicates import PROP47_PREDICATES
from clearslate_california.statutes import read_statute

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BY_NAME = {predicate.name: predicate for predicate in PROP47_PREDICATES}


class Row(NamedTuple):
    answer: Answer
    name: str
    why: str
    matter: Matter
    arguments: dict[str, Any]

    def predicate(self) -> Predicate:
        return BY_NAME[self.name](**self.arguments)


ROWS: list[Row] = []


def row(answer: Answer, name: str, why: str, matter: Matter, **arguments: Any) -> None:
    ROWS.append(Row(answer, name, why, matter, arguments))


def of(statute: Statute | str | None = "HS 11350(a)", *others: Any, as_of: str = "2020-01-01", **how: Any) -> Matter:
    """The matter of one count; ``missing_rows`` and ``registrations`` go to the person."""
    person = {key: how.pop(key) for key in ("missing_rows", "registrations") if key in how}
    return make_matter(make_count(statute, **how), *others, as_of=as_of, **person)


def printed(text: str, **how: Any) -> Matter:
    """The matter of one count whose offense is printed so."""
    count = make_count(read_statute(text), **how)
    return make_matter(msgspec.structs.replace(count, offense=text))


def no_code(number: str, *subdivisions: str) -> Statute:
    return Statute(Section(None, number, subdivisions))


# convicted_of_felony ----------------------------------------------------------------------------
NAME = "convicted_of_felony"
GUESSED: dict[str, Any] = {"flags": ["GRADE_GUESSED"]}
row(YES, NAME, "a felony", of())
row(NO, NAME, "a misdemeanor", of(grade="misdemeanor"))
row(NO, NAME, "an infraction", of(grade="infraction"))
row(UNKNOWN, NAME, "no grade", of(grade=None))
row(UNKNOWN, NAME, "a grade guessed from the charge", of(**GUESSED))
row(YES, NAME, "no grade, and an answer", of(grade=None, facts={"felony_conviction": True}))
row(NO, NAME, "no grade, and an answer of no", of(grade=None, facts={"felony_conviction": False}))
row(YES, NAME, "a guess, and an answer", of(**GUESSED, facts={"felony_conviction": True}))
row(NO, NAME, "a guess, and an answer of no", of(**GUESSED, facts={"felony_conviction": False}))
row(YES, NAME, "a felony, and the same answer", of(facts={"felony_conviction": True}))
row(UNKNOWN, NAME, "a felony, and the opposite answer", of(facts={"felony_conviction": False}))
row(UNKNOWN, NAME, "no grade, and an answer that is none", of(grade=None, facts={"felony_conviction": "yes"}))

# first_degree_burglary --------------------------------------------------------------------------
NAME = "first_degree_burglary"
row(YES, NAME, "by its words", printed("459 PC-BURGLARY:FIRST DEGREE"))
row(YES, NAME, "by its figure", printed("459 PC-BURGLARY 1ST DEG"))
row(YES, NAME, "by PC 460(a)", printed("460(A) PC-BURGLARY"))
row(YES, NAME, "by PC 460(a) behind it", printed("459/460(A) PC-BURGLARY"))
row(NO, NAME, "the second by its words", printed("459 PC-BURGLARY:SECOND DEGREE"))
row(NO, NAME, "the second by small letters", printed("459 pc-burglary: second degree"))
row(NO, NAME, "the second by its figure", printed("459 PC-BURGLARY-2ND DEGREE"))
row(NO, NAME, "the second by PC 460(b)", printed("460(B) PC-BURGLARY"))
row(UNKNOWN, NAME, "no degree", printed("459 PC-BURGLARY"))
row(UNKNOWN, NAME, "a degree without its number", printed("459 PC-BURGLARY:DEGREE"))
row(UNKNOWN, NAME, "a number of something else", printed("459 PC-BURGLARY:FIRST OFFENSE"))
row(UNKNOWN, NAME, "letters inside a longer word", printed("459 PC-BURGLARY:FIRSTDEGREES"))
row(UNKNOWN, NAME, "both degrees", printed("459/460(A) PC-BURGLARY:SECOND DEGREE"))
row(UNKNOWN, NAME, "PC 460 alone", printed("460 PC-BURGLARY"))
row(UNKNOWN, NAME, "another offense of the second degree", printed("187 PC-MURDER:SECOND DEGREE"))
row(UNKNOWN, NAME, "an unreadable statute", of(None))
row(YES, NAME, "no degree, and an answer", printed("459 PC-BURGLARY", facts={"second_degree": False}))
row(NO, NAME, "no degree, and an answer of the second", printed("459 PC-BURGLARY", facts={"second_degree": True}))
ANSWERED = printed("459 PC-BURGLARY:SECOND DEGREE", facts={"second_degree": False})
row(UNKNOWN, NAME, "the second degree, and the opposite answer", ANSWERED)

# sentence_over ----------------------------------------------------------------------------------
NAME = "sentence_over"
FIVE: dict[str, Any] = {"margin_years": 5}
row(YES, NAME, "long past", of(), **FIVE)
row(NO, NAME, "still running", of(sentence=["12 year PRISON"]), **FIVE)
row(NO, NAME, "on its last day", of(disposed="2015-01-01", sentence=["5 year JAIL"]), **FIVE)
row(UNKNOWN, NAME, "the day after its last", of(disposed="2014-12-31", sentence=["5 year JAIL"]), **FIVE)
row(
    UNKNOWN, NAME, "five years past", of(arrested="2009-01-01", disposed="2010-01-01", sentence=["5 year JAIL"]), **FIVE
)
PAST = of(arrested="2009-01-01", disposed="2009-12-31", sentence=["5 year JAIL"])
row(YES, NAME, "five years and a day past", PAST, **FIVE)
row(UNKNOWN, NAME, "no sentence stated", of(sentence=[]), **FIVE)
row(UNKNOWN, NAME, "a rejected row", of(missing_rows=1), **FIVE)
row(YES, NAME, "a fine", of(disposed="2019-12-31", sentence=["FINE"]), **FIVE)
row(YES, NAME, "no sentence, and an answer", of(sentence=[], facts={"sentence_completed": True}), **FIVE)
row(NO, NAME, "no sentence, and an answer of no", of(sentence=[], facts={"sentence_completed": False}), **FIVE)
row(UNKNOWN, NAME, "long past, and the opposite answer", of(facts={"sentence_completed": False}), **FIVE)

# answer_contradicts_record: always known --------------------------------------------------------
NAME = CONTRADICTION = "answer_contradicts_record"
SIDES: dict[str, Any] = {**FIVE, "no_firearm": ["PC 484e", "PC 666"]}
ARMED = {"firearm_taken": True}
row(YES, NAME, "the grade", of(facts={"felony_conviction": False}), **SIDES)
row(YES, NAME, "the degree", ANSWERED, **SIDES)
row(YES, NAME, "the sentence", of(facts={"sentence_completed": False}), **SIDES)
row(YES, NAME, "a firearm under a section of cards", of("PC 484e(d)", facts=ARMED), **SIDES)
row(YES, NAME, "a firearm as petty theft", of(make_statute("PC 484(a)", stacked=["PC 666"]), facts=ARMED), **SIDES)
row(NO, NAME, "no firearm under a section of cards", of("PC 484e(d)", facts={"firearm_taken": False}), **SIDES)
row(NO, NAME, "a firearm under a section of anything", of("PC 487(a)", facts=ARMED), **SIDES)
row(NO, NAME, "a firearm under no code letters", of(no_code("484E"), facts=ARMED), **SIDES)
row(NO, NAME, "no answer", of(), **SIDES)
row(NO, NAME, "the same", of(facts={"felony_conviction": True, "sentence_completed": True}), **SIDES)
row(NO, NAME, "a guess contradicted", of(**GUESSED, facts={"felony_conviction": False}), **SIDES)
row(NO, NAME, "another answer", of(facts={"value_dollars": 3}), **SIDES)
row(NO, NAME, "nothing that can be read", of(None, facts={"second_degree": False, **ARMED}), **SIDES)

# theft_of_firearm -------------------------------------------------------------------------------
NAME = "theft_of_firearm"
GUN: dict[str, Any] = {"statutes": ["PC 487(d)(2)"], "perhaps": ["PC 489"], "fact": "firearm_taken"}
row(YES, NAME, "the section of it", of("PC 487(d)(2)"), **GUN)
row(YES, NAME, "the section of it, whatever is answered", of("PC 487(d)(2)", facts={"firearm_taken": False}), **GUN)
row(YES, NAME, "behind another", of(make_statute("PC 484(a)", stacked=["PC 487(d)(2)"])), **GUN)
row(NO, NAME, "another subdivision", of("PC 487(d)(1)"), **GUN)
row(NO, NAME, "another section, whatever is answered", of("PC 484(a)", facts={"firearm_taken": True}), **GUN)
row(UNKNOWN, NAME, "no subdivision", of("PC 487"), **GUN)
row(UNKNOWN, NAME, "half a subdivision", of("PC 487(d)"), **GUN)
row(UNKNOWN, NAME, "a section that may be", of("PC 489"), **GUN)
row(YES, NAME, "a section that may be, and an answer", of("PC 489", facts={"firearm_taken": True}), **GUN)
row(NO, NAME, "no subdivision, and an answer of no", of("PC 487", facts={"firearm_taken": False}), **GUN)
row(UNKNOWN, NAME, "an unreadable statute", of(None, facts={"firearm_taken": False}), **GUN)

# good_cause_shown -------------------------------------------------------------------------------
NAME = "good_cause_shown"
CLAIMED: dict[str, Any] = {"claimed": True, "fact": "good_cause"}
SHOWN: dict[str, Any] = {"claimed": False, "fact": "good_cause"}
row(YES, NAME, "claimed in every case", of(), **CLAIMED)
row(YES, NAME, "claimed in every case, whatever is answered", of(facts={"good_cause": False}), **CLAIMED)
row(YES, NAME, "shown in this one", of(facts={"good_cause": True}), **SHOWN)
row(NO, NAME, "not shown", of(facts={"good_cause": False}), **SHOWN)
row(UNKNOWN, NAME, "no answer", of(), **SHOWN)
row(UNKNOWN, NAME, "an answer that is none", of(facts={"good_cause": 1}), **SHOWN)

# superstrike_before_decision --------------------------------------------------------------------
NAME = "superstrike_before_decision"


def other(statute: Statute | str | None = "PC 187(a)", disposed: str | None = "2012-01-01", **how: Any) -> Any:
    return make_count(statute, arrested=how.pop("arrested", None), disposed=disposed, **how)


row(YES, NAME, "after this conviction", of("HS 11350(a)", other()))
row(YES, NAME, "before this conviction", of("HS 11350(a)", other(disposed="1990-01-01")))
row(YES, NAME, "on the day of decision", of("HS 11350(a)", other(disposed="2020-01-01")))
row(NO, NAME, "the day after the decision", of("HS 11350(a)", other(disposed="2020-01-02")))
row(UNKNOWN, NAME, "in the year of decision", of("HS 11350(a)", other(disposed="2020")))
row(UNKNOWN, NAME, "on no known day", of("HS 11350(a)", other(disposed=None)))
row(UNKNOWN, NAME, "perhaps no conviction", of("HS 11350(a)", other(disposition="unknown")))
row(UNKNOWN, NAME, "vacated since", of("HS 11350(a)", other(relieved=[Relief.VACATED])))
row(UNKNOWN, NAME, "an unreadable conviction", of("HS 11350(a)", other(None)))
row(UNKNOWN, NAME, "a rejected row", of(missing_rows=1))
row(NO, NAME, "not convicted", of("HS 11350(a)", other(disposition="not convicted")))
row(NO, NAME, "another offense", of("HS 11350(a)", other("PC 12220")))
row(NO, NAME, "this conviction itself", of("PC 187(a)"))
SAME_CASE = make_event(make_cycle(charged=("HS 11350(a)", "PC 187(a)")))
BESIDE = make_matter(make_count("HS 11350(a)", event=SAME_CASE), make_count("PC 187(a)", event=SAME_CASE))
row(YES, NAME, "in the same case", BESIDE)

# registrable_before_decision --------------------------------------------------------------------
NAME = "registrable_before_decision"
SEX = {"fact": "registered_under_290_006"}
ORDERED, LISTED = {"registered_under_290_006": True}, {"registered_under_290_006": False}


def registered(*statutes: Statute | str | None, facts: Any = None, **how: Any) -> Matter:
    events = [make_registration(statute, "2001-01-01", 900 + n) for n, statute in enumerate(statutes)]
    return of("HS 11350(a)", *how.pop("others", ()), registrations=events, facts=facts, **how)


row(YES, NAME, "after this conviction", of("HS 11350(a)", other("PC 288(a)")), **SEX)
row(YES, NAME, "on the day of decision", of("HS 11350(a)", other("PC 288(a)", "2020-01-01")), **SEX)
row(NO, NAME, "the day after the decision", of("HS 11350(a)", other("PC 288(a)", "2020-01-02")), **SEX)
row(UNKNOWN, NAME, "on no known day", of("HS 11350(a)", other("PC 288(a)", None)), **SEX)
row(NO, NAME, "another offense", of("HS 11350(a)", other("PC 261.5(c)")), **SEX)
row(NO, NAME, "another offense, and an answer that nobody asked for", of(facts=LISTED), **SEX)
row(UNKNOWN, NAME, "registered", registered("PC 290"), **SEX)
row(UNKNOWN, NAME, "registered at discretion", registered("PC 290.006"), **SEX)
row(NO, NAME, "registered, and ordered at discretion", registered("PC 290.006", facts=ORDERED), **SEX)
row(YES, NAME, "registered, and for a listed offense", registered("PC 290", facts=LISTED), **SEX)
row(NO, NAME, "registered for drugs, and an answer", registered("HS 11590", facts=LISTED), **SEX)
row(UNKNOWN, NAME, "an unreadable registration", registered(None), **SEX)
row(UNKNOWN, NAME, "an unreadable registration, and for a listed offense", registered(None, facts=LISTED), **SEX)
row(UNKNOWN, NAME, "an unreadable registration, and ordered at discretion", registered(None, facts=ORDERED), **SEX)
row(UNKNOWN, NAME, "PC 290 printed, and ordered at discretion", registered("PC 290", facts=ORDERED), **SEX)
row(UNKNOWN, NAME, "PC 290(c) printed, and ordered at discretion", registered("PC 290(c)", facts=ORDERED), **SEX)
row(UNKNOWN, NAME, "one of two ordered at discretion", registered("PC 290.006", "PC 290", facts=ORDERED), **SEX)
row(NO, NAME, "one for drugs, one ordered", registered("HS 11590", "PC 290.006", facts=ORDERED), **SEX)
row(UNKNOWN, NAME, "a rejected row, whatever is answered", registered("PC 290", facts=ORDERED, missing_rows=1), **SEX)
NOT_REGISTERING = [other("PC 290(b)", "2012-01-01", arrested="2011-01-01")]
row(UNKNOWN, NAME, "not registering", registered(others=NOT_REGISTERING), **SEX)
row(YES, NAME, "not registering for a listed offense", registered(others=NOT_REGISTERING, facts=LISTED), **SEX)
row(NO, NAME, "not registering as ordered at discretion", registered(others=NOT_REGISTERING, facts=ORDERED), **SEX)
EXPLAINED = [other("PC 288(a)", "2000-01-01")]
row(YES, NAME, "a conviction, whatever is answered", registered("PC 290", others=EXPLAINED, facts=ORDERED), **SEX)

# convicted_before_decision ----------------------------------------------------------------------
NAME = "convicted_before_decision"
THEFT = {"statutes": ["PC 530.5"]}
row(YES, NAME, "before", of("PC 470(d)", other("PC 530.5(a)", "1999-01-01")), **THEFT)
row(YES, NAME, "after", of("PC 470(d)", other("PC 530.5(a)")), **THEFT)
row(YES, NAME, "on the day of decision", of("PC 470(d)", other("PC 530.5(a)", "2020-01-01")), **THEFT)
row(NO, NAME, "the day after the decision", of("PC 470(d)", other("PC 530.5(a)", "2020-01-02")), **THEFT)
row(NO, NAME, "another section", of("PC 470(d)", other("PC 530(a)")), **THEFT)
row(NO, NAME, "this conviction itself", of("PC 530.5(a)"), **THEFT)
row(NO, NAME, "not convicted", of("PC 470(d)", other("PC 530.5(a)", disposition="not convicted")), **THEFT)
row(UNKNOWN, NAME, "an attempt", of("PC 470(d)", other(make_statute("PC 530.5(a)", attempt=True))), **THEFT)
row(UNKNOWN, NAME, "a conspiracy", of("PC 470(d)", other(make_statute("PC 530.5", conspiracy=True))), **THEFT)
row(UNKNOWN, NAME, "stacked", of("PC 470(d)", other(make_statute("PC 484", stacked=["PC 530.5"]))), **THEFT)
row(UNKNOWN, NAME, "no code letters", of("PC 470(d)", other(no_code("530.5"))), **THEFT)
row(UNKNOWN, NAME, "an unreadable conviction", of("PC 470(d)", other(None)), **THEFT)
row(UNKNOWN, NAME, "a rejected row", of("PC 470(d)", missing_rows=1), **THEFT)

# earlier_convictions_among ----------------------------------------------------------------------
NAME = "earlier_convictions_among"
TWO: dict[str, Any] = {"statutes": ["PC 470", "PC 476a"], "perhaps": ["PC 484"], "at_least": 2}


def after(*others: Any, **how: Any) -> Matter:
    return of("PC 476a(a)", other("PC 476a(a)", "1999-01-01"), *others, **how)


row(YES, NAME, "two of the sections", after(other("PC 470(d)", "2001-01-01")), **TWO)
row(YES, NAME, "the second on the day before the arrest", after(other("PC 470", "2010-04-30")), **TWO)
row(UNKNOWN, NAME, "the second on the day of the arrest", after(other("PC 470", "2010-05-01")), **TWO)
row(UNKNOWN, NAME, "the second on the day before this conviction", after(other("PC 470", "2010-05-31")), **TWO)
row(NO, NAME, "the second on the day of this conviction", after(other("PC 470", "2010-06-01")), **TWO)
row(NO, NAME, "the second after it", after(other("PC 470", "2011-06-01")), **TWO)
row(NO, NAME, "one", after(), **TWO)
row(NO, NAME, "none", of("PC 476a(a)"), **TWO)
row(NO, NAME, "the second of another section", after(other("PC 459", "2001-01-01")), **TWO)
row(UNKNOWN, NAME, "the second perhaps by such means", after(other("PC 484(a)", "2001-01-01")), **TWO)
row(UNKNOWN, NAME, "the second an attempt", after(other(make_statute("PC 470", attempt=True), "2001-01-01")), **TWO)
row(UNKNOWN, NAME, "the second on no known day", after(other("PC 470", None)), **TWO)
row(UNKNOWN, NAME, "the second unreadable", after(other(None, "2001-01-01")), **TWO)
row(
    UNKNOWN,
    NAME,
    "the second perhaps no conviction",
    after(other("PC 470", "2001-01-01", disposition="unknown")),
    **TWO,
)
row(UNKNOWN, NAME, "a rejected row", after(missing_rows=1), **TWO)
ONE_CASE = make_event(make_cycle())
THREE_COUNTS = make_matter(*(make_count("PC 476a(a)", event=ONE_CASE) for _ in range(3)))
row(NO, NAME, "two of this case", THREE_COUNTS, **TWO)

# names_another_section --------------------------------------------------------------------------
NAME = "names_another_section"
DRUGS = {"statutes": ["HS 11350", "HS 11377"]}
row(NO, NAME, "a section listed", of("HS 11350(a)"), **DRUGS)
row(NO, NAME, "two sections listed", of(make_statute("HS 11350(a)", stacked=["HS 11377"])), **DRUGS)
row(YES, NAME, "another behind it", of(make_statute("HS 11350(a)", stacked=["HS 11351"])), **DRUGS)
row(YES, NAME, "another before it", of(make_statute("PC 211", stacked=["HS 11350"])), **DRUGS)
row(YES, NAME, "another alone", of("HS 11351"), **DRUGS)
row(UNKNOWN, NAME, "no code letters", of(no_code("11350")), **DRUGS)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **DRUGS)

# printed_together -------------------------------------------------------------------------------
NAME = "printed_together"
PRIOR = {"statutes": ["PC 666"], "companions": ["PC 459", "PC 496"]}
row(YES, NAME, "the companion behind it", of(make_statute("PC 666", stacked=["PC 459"])), **PRIOR)
row(YES, NAME, "the companion before it", of(make_statute("PC 496(a)", stacked=["PC 666"])), **PRIOR)
row(NO, NAME, "alone", of("PC 666"), **PRIOR)
row(NO, NAME, "the companion alone", of("PC 459"), **PRIOR)
row(NO, NAME, "with something else", of(make_statute("PC 666", stacked=["PC 484"])), **PRIOR)
row(
    UNKNOWN,
    NAME,
    "a companion without code letters",
    of(Statute(Section("PC", "666"), (Section(None, "459"),))),
    **PRIOR,
)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **PRIOR)

ALWAYS_KNOWN = {CONTRADICTION, "offense_said_before"}

# offense_said_before -------------------------------------------------------------------------------
NAME = "offense_said_before"
ACT: dict[str, Any] = {"day": dt.date(2014, 11, 5)}
row(YES, NAME, "the day before", of(committed="2014-11-04", arrested="2014-12-01", disposed="2015-01-01"), **ACT)
row(NO, NAME, "the day itself", of(committed="2014-11-05", arrested="2014-12-01", disposed="2015-01-01"), **ACT)
row(NO, NAME, "no date of the offense", of(), **ACT)
row(YES, NAME, "a vague date", of(committed="2014", arrested="2014-12-01", disposed="2015-01-01"), **ACT)


@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one.name}: {one.why}")
def test_a_predicate_answers_as_the_record_says(one: Row) -> None:
    predicate = one.predicate()
    found = predicate.ask(one.matter)
    assert found.answer is one.answer
    assert predicate.answer(one.matter) is one.answer
    assert found.lacked if one.answer is UNKNOWN else found.used
    assert not (found.used if one.answer is UNKNOWN else found.lacked)


@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one.name}: {one.why}")
def test_a_reader_skips_no_statute_that_could_be_answered_other_than_no(one: Row) -> None:
    if one.answer is not NO:
        assert one.predicate().may_concern(one.matter.count.statute)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_predicate_has_every_answer_that_it_can_give(name: str) -> None:
    expected = {YES, NO} if name in ALWAYS_KNOWN else {YES, NO, UNKNOWN}
    assert {one.answer for one in ROWS if one.name == name} == expected


@pytest.mark.parametrize(
    "one",
    [one for one in ROWS if one.name not in ALWAYS_KNOWN and one.answer is not UNKNOWN],
    ids=lambda one: f"{one.name}: {one.why}",
)
def test_saying_less_never_turns_yes_into_no_or_no_into_yes(one: Row) -> None:
    assert is_consistent(one.matter.person)
    predicate, tried = one.predicate(), 0
    for words, person, decided in blankings(one.matter.person, one.matter.count):
        answer = predicate.ask(Matter(History(person), decided, one.matter.as_of)).answer
        assert answer in (one.answer, UNKNOWN), words
        tried += 1
    assert tried > 5


@pytest.mark.parametrize(
    ("name", "arguments", "lacking", "matter"),
    [
        ("convicted_of_felony", {}, ["felony_conviction", "grade"], of(grade=None)),
        ("convicted_of_felony", {}, ["felony_conviction"], of(**GUESSED)),
        ("first_degree_burglary", {}, ["second_degree"], printed("459 PC-BURGLARY")),
        ("sentence_over", FIVE, ["sentence_completed", "sentence"], of(sentence=[])),
        ("sentence_over", FIVE, ["sentence_completed"], of(disposed="2014-12-31", sentence=["5 year JAIL"])),
        ("theft_of_firearm", GUN, ["firearm_taken"], of("PC 487")),
        ("good_cause_shown", SHOWN, ["good_cause"], of()),
        ("registrable_before_decision", SEX, ["registration", "registered_under_290_006"], registered("PC 290")),
    ],
)
def test_what_is_lacking_is_named_with_the_question_that_would_supply_it(
    name: str, arguments: dict[str, Any], lacking: list[str], matter: Matter
) -> None:
    predicate = BY_NAME[name](**arguments)
    assert [fact.name for fact in predicate.ask(matter).lacked] == lacking
    assert set(predicate.fact_names()) <= set(lacking)


def test_who_answered_stands_beside_the_fact_that_was_used() -> None:
    matter = of(grade=None, facts={"felony_conviction": True})
    count = msgspec.structs.replace(matter.count, said_by={"felony_conviction": "Attorney 1"})
    (used,) = BY_NAME["convicted_of_felony"]().ask(make_matter(count)).used
    assert (used.name, used.value, used.said_by) == ("felony_conviction", True, "Attorney 1")


def test_a_record_and_the_same_answer_are_both_used() -> None:
    used = BY_NAME["convicted_of_felony"]().ask(of(facts={"felony_conviction": True})).used
    assert [fact.name for fact in used] == ["grade", "felony_conviction"]


@pytest.mark.parametrize(
    ("text", "facts", "sides"),
    [
        ("HS 11350(a)", {"felony_conviction": False}, ["grade", "felony_conviction"]),
        ("PC 484e(d)", ARMED, ["statute", "firearm_taken"]),
    ],
)
def test_a_contradiction_names_both_sides(text: str, facts: dict[str, bool], sides: list[str]) -> None:
    used = BY_NAME[CONTRADICTION](**SIDES).ask(of(text, facts=facts)).used
    assert [fact.name for fact in used] == sides


@pytest.mark.parametrize(
    ("name", "arguments", "words", "denial"),
    [
        ("convicted_of_felony", {}, "the conviction is of a felony", "the conviction is of no felony"),
        (
            "first_degree_burglary",
            {},
            "the burglary is of the first degree",
            "the burglary is of the second degree",
        ),
        ("sentence_over", FIVE, "the sentence is completed", "the sentence is still being served"),
        (
            CONTRADICTION,
            SIDES,
            "an answer that was given is the opposite of what the record states",
            "no answer that was given is the opposite of what the record states",
        ),
        (
            "theft_of_firearm",
            GUN,
            "a firearm was taken, by PC 487(d)(2) or by what is known of the case",
            "no firearm was taken, by the section printed or by what is known of the case (PC 487(d)(2))",
        ),
        ("good_cause_shown", SHOWN, "there is good cause for the delay", "there is no good cause for the delay"),
        (
            "superstrike_before_decision",
            {},
            "the person has a superstrike conviction by the day of decision",
            "the person has no superstrike conviction by the day of decision",
        ),
        (
            "registrable_before_decision",
            SEX,
            "the person has a conviction that requires registration under PC 290(c) by the day of decision",
            "the person has no conviction that requires registration under PC 290(c) by the day of decision",
        ),
        (
            "convicted_before_decision",
            THEFT,
            "the person is also convicted of PC 530.5",
            "the person is not also convicted of PC 530.5",
        ),
        (
            "earlier_convictions_among",
            TWO,
            "the person had been convicted 2 times or more of PC 470 or PC 476a",
            "the person had been convicted fewer than 2 times of PC 470 or PC 476a",
        ),
        (
            "names_another_section",
            DRUGS,
            "the count names a section other than HS 11350 or HS 11377",
            "the count names no section other than HS 11350 or HS 11377",
        ),
        (
            "printed_together",
            PRIOR,
            "the count names PC 666 together with PC 459 or PC 496",
            "the count does not name PC 666 together with PC 459 or PC 496",
        ),
    ],
)
def test_a_predicate_says_what_it_asks_in_plain_english(
    name: str, arguments: dict[str, Any], words: str, denial: str
) -> None:
    predicate = BY_NAME[name](**arguments)
    assert (predicate.words(), predicate.denial()) == (words, denial)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("superstrike_before_decision", {"when": "before"}),
        ("registrable_before_decision", {}),
        ("convicted_before_decision", {"statutes": []}),
        ("earlier_convictions_among", {**TWO, "at_least": 0}),
        ("earlier_convictions_among", {**TWO, "perhaps": ["484"]}),
        ("names_another_section", {"statutes": ["11350"]}),
        ("printed_together", {"statutes": ["PC 666"]}),
        ("good_cause_shown", {"claimed": "yes", "fact": "good_cause"}),
        ("theft_of_firearm", {**GUN, "also": 1}),
        ("sentence_over", {"margin_years": -1}),
    ],
)
def test_arguments_that_make_no_sense_are_refused(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BY_NAME[name](**arguments)
