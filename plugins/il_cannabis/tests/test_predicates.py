"""Every predicate of the Illinois cannabis clearance answers yes, no and unknown, each for its reason."""

import datetime as dt
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from clearslate.model import Answer, Statute
from clearslate.policy.matter import History, Matter
from clearslate.policy.predicate import Predicate
from clearslate.testing.blanks import blankings, is_consistent
from clearslate.testing.factories import make_count, make_cycle, make_event, make_matter
from clearslate_il_cannabis.outcome import RESULT_WORDS, RESULTS
from clearslate_il_cannabis.predicates import IL_CANNABIS_PREDICATES
from clearslate_illinois.endings import DISPOSITIONS, Ending
from clearslate_illinois.statutes import read_statute

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BY_NAME = {predicate.name: predicate for predicate in IL_CANNABIS_PREDICATES}
POSSESSION = "720 ILCS 550/4(b)"
BATTERY = "720 ILCS 5/12-3.2(a)(1)"


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


def read(text: str | None) -> Statute | None:
    return None if text is None else read_statute(text)


def of(text: str | None = POSSESSION, day: str | None = "2010-03-01", **how: Any) -> Matter:
    """The matter of one charge that was committed, and led to an arrest, on a day."""
    person = {key: how.pop(key) for key in ("as_of", "birth_date", "missing_rows") if key in how}
    ended = how.pop("ended", "probation")
    if ended is not None:
        how.setdefault("disposition", DISPOSITIONS[Ending(ended)].value)
    how = {"grade": None, "committed": day, "arrested": day, "disposed": "2010-06-01", **how}
    person.setdefault("as_of", "2016-01-01")
    return make_matter(make_count(read(text), ended=ended, **how), **person)


def beside(text: str, other: str, *, ended: str) -> Matter:
    """The matter of a conviction whose case has another count."""
    event = make_event(make_cycle(charged=(read(text), read(other))))
    mine = make_count(read(text), event=event, ended="probation", grade=None)
    its = make_count(
        read(other),
        event=event,
        ended=ended,
        grade=None,
        offense_class="A",
        disposition=DISPOSITIONS[Ending(ended)].value,
    )
    return make_matter(mine, its)


# minor_amount ----------------------------------------------------------------------------------
NAME = "minor_amount"
THIRTY = {"most": 30.0}
row(YES, NAME, "a subsection of at most 30 grams", of("720 ILCS 550/4(c)"), **THIRTY)
row(NO, NAME, "the same subsection since 29 July 2016", of("720 ILCS 550/4(c)", "2016-07-29", disposed=None), **THIRTY)
row(UNKNOWN, NAME, "it, with no day at all", of("720 ILCS 550/4(c)", None, disposed=None), **THIRTY)
row(YES, NAME, "a subsection that is minor by both texts", of("720 ILCS 550/4(b)", None, disposed=None), **THIRTY)
row(YES, NAME, "thirty grams", of("720 ILCS 550/4", facts={"grams": 30}), **THIRTY)
row(NO, NAME, "a hundredth of a gram more", of("720 ILCS 550/4", facts={"grams": 30.01}), **THIRTY)
row(YES, NAME, "a class alone", of("720 ILCS 550/4", offense_class="B"), **THIRTY)
row(UNKNOWN, NAME, "a class of two amounts", of("720 ILCS 550/4", offense_class="4"), **THIRTY)
row(UNKNOWN, NAME, "neither subsection nor class", of("720 ILCS 550/5"), **THIRTY)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **THIRTY)
row(UNKNOWN, NAME, "an amount that no row limits", of("720 ILCS 600/3.5(a)"), **THIRTY)

# offense_class_in --------------------------------------------------------------------------------
NAME = "offense_class_in"
LESSER = {"classes": ["4", "A", "B", "C"]}
row(YES, NAME, "a first or subsequent 4(c)", of("720 ILCS 550/4(c)"), **LESSER)
row(UNKNOWN, NAME, "4(d), first or not", of("720 ILCS 550/4(d)"), **LESSER)
row(YES, NAME, "4(d) of Class 4", of("720 ILCS 550/4(d)", offense_class="4"), **LESSER)
row(NO, NAME, "4(d) of Class 3", of("720 ILCS 550/4(d)", offense_class="3"), **LESSER)
row(YES, NAME, "4(d) that a person knows", of("720 ILCS 550/4(d)", facts={"class_4_or_misdemeanor": True}), **LESSER)
row(YES, NAME, "an attempt of 5(d)", of("720-5/8-4(720-550/5(D))"), **LESSER)
row(NO, NAME, "an attempt of 5(e)", of("720-5/8-4(720-550/5(E))"), **LESSER)
row(UNKNOWN, NAME, "an attempt of Class 3", of("720-5/8-4(720-550/4)", offense_class="3"), **LESSER)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **LESSER)

# civil_violation -----------------------------------------------------------------------------------
NAME = "civil_violation"
row(NO, NAME, "4(a) the day before", of("720 ILCS 550/4(a)", "2016-07-28", disposed=None))
row(YES, NAME, "4(a) on the day", of("720 ILCS 550/4(a)", "2016-07-29", disposed=None, ended="pending"))
row(YES, NAME, "paraphernalia (c)", of("720 ILCS 600/3.5(c)", "2016-07-29", disposed=None, ended="pending"))
row(UNKNOWN, NAME, "4(a) without a day", of("720 ILCS 550/4(a)", None, disposed=None))
row(NO, NAME, "another subsection", of("720 ILCS 550/4(b)"))
row(NO, NAME, "another section", of("720 ILCS 550/5.2(a)"))
row(UNKNOWN, NAME, "an unreadable statute", of(None))

# came_to ---------------------------------------------------------------------------------------------
NAME = "came_to"
CONVICTED = {"results": ["conviction"]}
row(YES, NAME, "probation", of(), **CONVICTED)
row(YES, NAME, "supervision that failed", of(ended="supervision_failed"), **CONVICTED)
row(NO, NAME, "an acquittal", of(ended="acquitted"), **CONVICTED)
row(NO, NAME, "supervision completed", of(ended="supervision_completed"), **CONVICTED)
row(UNKNOWN, NAME, "supervision left open", of(ended="supervision"), **CONVICTED)
row(YES, NAME, "it, answered no", of(ended="supervision", facts={"supervision_completed": False}), **CONVICTED)
row(NO, NAME, "it, answered yes", of(ended="supervision", facts={"supervision_completed": True}), **CONVICTED)
row(UNKNOWN, NAME, "a conviction of no known sentence", of(ended=None), **CONVICTED)
row(YES, NAME, "it, without a pardon", of(ended=None, facts={"pardoned": False}), **CONVICTED)
row(NO, NAME, "it, with a pardon", of(ended=None, facts={"pardoned": True}), **CONVICTED)
row(UNKNOWN, NAME, "nothing known", of(ended=None, disposition="unknown"), **CONVICTED)
row(UNKNOWN, NAME, "words that disagree", of(ended="acquitted", disposition="convicted"), **CONVICTED)
row(UNKNOWN, NAME, "another vocabulary's word", of(ended=None, disposition="unknown"), **CONVICTED)
row(YES, NAME, "supervision, asked for itself", of(ended="supervision"), results=["supervision"])
row(YES, NAME, "one of several results", of(ended="vacated"), results=["dropped", "pending"])

# act_mistyped ------------------------------------------------------------------------------------------
NAME = "act_mistyped"
MEANT = {"act": "720 ILCS 550"}
row(YES, NAME, "4(d) of the Controlled Substances Act", of("720-570/4(D)"), **MEANT)
row(NO, NAME, "402 of it", of("720-570/402(C)"), **MEANT)
row(NO, NAME, "the act itself", of(), **MEANT)
row(NO, NAME, "401 of the act, which is another slip", of("720-550/401(C)"), **MEANT)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **MEANT)

# stacked_beyond -------------------------------------------------------------------------------------------
NAME = "stacked_beyond"
SEVEN = {"statutes": ["720 ILCS 550/7"]}
row(NO, NAME, "nothing stacked", of(), **SEVEN)
row(NO, NAME, "the section named", of("720 ILCS 550/5(c) / 720 ILCS 550/7"), **SEVEN)
row(YES, NAME, "another section", of("720 ILCS 550/4(b) / 720 ILCS 570/402(c)"), **SEVEN)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **SEVEN)

# minor_conviction_of_class, violence_readings_differ ---------------------------------------------------
NAME = "minor_conviction_of_class"
FOUR = {"most": 30.0, "classes": ["4"]}
row(YES, NAME, "5(c)", of("720 ILCS 550/5(c)"), **FOUR)
row(NO, NAME, "4(d)", of("720 ILCS 550/4(d)", offense_class="4"), **FOUR)
row(NO, NAME, "5(c) that was dismissed", of("720 ILCS 550/5(c)", ended="dismissed"), **FOUR)
row(UNKNOWN, NAME, "4(c) without a class", of("720 ILCS 550/4(c)"), **FOUR)
NAME = "violence_readings_differ"
row(YES, NAME, "battery that was dismissed", beside(POSSESSION, BATTERY, ended="dismissed"), **THIRTY)
row(NO, NAME, "battery with a conviction", beside(POSSESSION, BATTERY, ended="probation"), **THIRTY)
row(NO, NAME, "no other count", of(), **THIRTY)
row(UNKNOWN, NAME, "battery that was left open", beside(POSSESSION, BATTERY, ended="unclear"), **THIRTY)
row(UNKNOWN, NAME, "a rejected row", of(missing_rows=1), **THIRTY)

# times --------------------------------------------------------------------------------------------------
NAME = "arrested_years_ago"
ONE = {"years": 1}
row(NO, NAME, "the day before", of(as_of="2011-02-28"), **ONE)
row(YES, NAME, "on the anniversary", of(as_of="2011-03-01"), **ONE)
row(YES, NAME, "an arrest bounded by the disposition", of(day=None, as_of="2011-06-01"), **ONE)
row(UNKNOWN, NAME, "no date", of(day=None, disposed=None), **ONE)
NAME = "offense_stated_before"
CUT = {"day": dt.date(2010, 3, 1)}
row(YES, NAME, "the day before", of(day="2010-02-28"), **CUT)
row(NO, NAME, "on the day", of(), **CUT)
row(UNKNOWN, NAME, "the month alone", of(committed="2010", arrested="2010-12-01", disposed="2011-01-01"), **CUT)
row(UNKNOWN, NAME, "an arrest alone", of(committed=None), **CUT)
NAME = "disposed_days_ago"
WAIT = {"days": 160}
row(NO, NAME, "the 160th day", of(as_of="2010-11-08"), **WAIT)
row(YES, NAME, "the day after", of(as_of="2010-11-09"), **WAIT)
row(UNKNOWN, NAME, "no date", of(disposed=None), **WAIT)
NAME = "sentence_complete"
row(YES, NAME, "a term that has run", of(sentence=["2 year PROBATION"]), margin_years=3)
row(UNKNOWN, NAME, "a term within the margin", of(sentence=["3 year PROBATION"]), margin_years=3)
row(UNKNOWN, NAME, "a term that runs", of(sentence=["9 year PROBATION"]))
row(YES, NAME, "a person who says so", of(sentence=["? PROBATION"], facts={"sentence_complete": True}))
row(NO, NAME, "a person who denies it", of(sentence=["? PROBATION"], facts={"sentence_complete": False}))
row(UNKNOWN, NAME, "a rejected row", of(missing_rows=1))
NAME = "years_since_sentence"
for who in ("this", "every"):
    since = {"years": 2, "of": who}
    row(NO, NAME, f"the day before, {who}", of(sentence=["1 year PROBATION"], as_of="2013-05-31"), **since)
    row(YES, NAME, f"on the anniversary, {who}", of(sentence=["1 year PROBATION"], as_of="2013-06-01"), **since)
    row(UNKNOWN, NAME, f"a part of unknown length, {who}", of(sentence=["? PROBATION"]), **since)
    row(UNKNOWN, NAME, f"a rejected row, {who}", of(missing_rows=1), **since)

# record_contradicts -----------------------------------------------------------------------------------------
NAME = "record_contradicts"
row(YES, NAME, "an offense after its arrest", of(committed="2010-03-02"), about="dates")
row(YES, NAME, "an arrest after its disposition", of(disposed="2010-02-28"), about="dates")
row(YES, NAME, "an offense after the disposition", of(arrested=None, disposed="2010-02"), about="dates")
row(YES, NAME, "a day that is to come", of(disposed="2914-10-31"), about="dates")
row(NO, NAME, "all on one day", of(disposed="2010-03-01"), about="dates")
row(NO, NAME, "a vague day that may be right", of(committed="2010", disposed="2010"), about="dates")
row(YES, NAME, "a juvenile court", of(facts={"tried_as_adult": False}), about="court")
row(NO, NAME, "an adult court", of(facts={"tried_as_adult": True}), about="court")
row(NO, NAME, "a court that nobody speaks of", of(birth_date="2009"), about="court")
row(YES, NAME, "a conviction that ended in acquittal", of(ended="acquitted", disposition="convicted"), about="ending")
row(YES, NAME, "an acquittal after supervision", of(ended="acquitted", facts={"pardoned": True}), about="ending")
row(NO, NAME, "nothing known", of(ended=None, disposition="unknown"), about="ending")
row(
    NO, NAME, "an ending and its answer", of(ended="supervision", facts={"supervision_completed": True}), about="ending"
)
row(YES, NAME, "4(b) of Class A", of(offense_class="A"), about="amount")
row(NO, NAME, "4(b) of Class B", of(offense_class="B"), about="amount")
row(NO, NAME, "another section", of("720 ILCS 550/8(a)", offense_class="A"), about="amount")
row(NO, NAME, "an unreadable statute", of(None, offense_class="A"), about="amount")
row(YES, NAME, "a long past term", of(facts={"sentence_complete": False}), about="sentence", margin_years=3)
row(NO, NAME, "a running term", of(facts={"sentence_complete": False}, sentence=["9 year JAIL"]), about="sentence")
row(YES, NAME, "an enhancement not charged", of(facts={"section_7_enhancement": True}), about="section_7")
row(NO, NAME, "none, and none charged", of(facts={"section_7_enhancement": False}), about="section_7")
row(NO, NAME, "one that is charged", of("720 ILCS 550/5(c) / 720 ILCS 550/7"), about="section_7")

ALWAYS_KNOWN = {"record_contradicts"}


def why(one: Row) -> str:
    return f"{one.name}: {one.why}"


@pytest.mark.parametrize("one", ROWS, ids=why)
def test_a_predicate_answers_as_the_record_says(one: Row) -> None:
    found = one.predicate().ask(one.matter)
    assert found.answer is one.answer
    assert bool(found.lacked) is (one.answer is UNKNOWN)
    assert one.predicate().answer(one.matter) is one.answer


@pytest.mark.parametrize("name", BY_NAME)
def test_a_predicate_has_every_answer_that_it_can_give(name: str) -> None:
    wanted = {YES, NO} if name in ALWAYS_KNOWN else {YES, NO, UNKNOWN}
    assert {one.answer for one in ROWS if one.name == name} == wanted


@pytest.mark.parametrize("one", [one for one in ROWS if one.answer is not UNKNOWN], ids=why)
def test_saying_less_never_turns_yes_into_no_or_no_into_yes(one: Row) -> None:
    if one.name in ALWAYS_KNOWN and (one.answer is YES or not is_consistent(one.matter.person)):
        # A contradiction is gone once one side of it is; the rules that ask for it are marked.
        return
    for words, person, decided in blankings(one.matter.person, one.matter.count, charges=True):
        if one.name in ALWAYS_KNOWN and words.startswith("fact ["):
            # A person's answer may be what settles the contradiction.
            continue
        answer = one.predicate().ask(Matter(History(person), decided, one.matter.as_of)).answer
        assert answer in (one.answer, UNKNOWN), words


@pytest.mark.parametrize("one", ROWS, ids=why)
def test_a_reader_skips_no_statute_that_could_be_answered_other_than_no(one: Row) -> None:
    if one.answer is not NO:
        assert one.predicate().may_concern(one.matter.count.statute)


@pytest.mark.parametrize("one", ROWS, ids=why)
def test_a_predicate_says_what_it_asks_in_plain_english(one: Row) -> None:
    words, denial = one.predicate().words(), one.predicate().denial()
    assert words != denial
    for said in (words, denial):
        assert len(said.split()) > 3
        assert "_" not in said


def test_every_ending_has_a_result_and_every_result_its_words() -> None:
    assert frozenset().union(*RESULTS.values()) == frozenset(Ending)
    assert RESULTS.keys() == RESULT_WORDS.keys()


def test_a_result_holds_endings_of_one_disposition() -> None:
    for result, endings in RESULTS.items():
        assert len({DISPOSITIONS[ending] for ending in endings}) == 1, result


def test_what_would_settle_an_amount_is_named() -> None:
    ask = BY_NAME["minor_amount"](**THIRTY).ask
    assert {fact.name for fact in ask(of("720 ILCS 550/4")).lacked} == {"statute", "class", "grams"}
    late = ask(of("720 ILCS 550/4(c)", "2017-01-01", committed=None, disposed="2017-06-01"))
    assert {fact.name for fact in late.lacked} == {"committed", "arrested", "class", "grams"}


def test_what_would_settle_an_ending_is_named() -> None:
    ask = BY_NAME["came_to"](**CONVICTED).ask
    assert [fact.name for fact in ask(of(ended="supervision")).lacked] == ["supervision_completed"]
    assert [fact.name for fact in ask(of(ended=None)).lacked] == ["ended", "pardoned"]


def test_a_word_of_another_vocabulary_says_nothing_of_the_ending() -> None:
    count = make_count(read(POSSESSION), ended="hung_jury", disposition="unknown")
    assert BY_NAME["came_to"](**CONVICTED).ask(make_matter(count)).answer is UNKNOWN


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("minor_amount", {"most": 0}),
        ("minor_amount", {}),
        ("offense_class_in", {"classes": []}),
        ("offense_class_in", {"classes": ["D"]}),
        ("came_to", {"results": ["hung_jury"]}),
        ("came_to", {"results": []}),
        ("record_contradicts", {"about": "mood"}),
        ("act_mistyped", {"act": "HS"}),
        ("disposed_days_ago", {"days": 0}),
        ("years_since_sentence", {"years": 2, "of": "some"}),
        ("stacked_beyond", {"statutes": ["7"]}),
    ],
)
def test_arguments_that_make_no_sense_are_refused(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BY_NAME[name](**arguments)
