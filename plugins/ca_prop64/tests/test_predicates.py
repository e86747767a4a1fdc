"""Every predicate of Proposition 64 answers yes, no and unknown, each for the reason that it should."""

import datetime as dt
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from clearslate.model import Answer, Section, Statute
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
from clearslate_ca_prop64.predicates import PROP64_PREDICATES

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BY_NAME = {predicate.name: predicate for predicate in PROP64_PREDICATES}


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


def of(statute: Statute | str | None, *, as_of: str = "2020-01-01", **how: Any) -> Matter:
    """The matter of one count; ``birth_date``, ``missing_rows`` and ``registrations`` go to the person."""
    person = {key: how.pop(key) for key in ("birth_date", "missing_rows", "registrations") if key in how}
    return make_matter(make_count(statute, **how), as_of=as_of, **person)


def charged(statute: Statute | str | None, *beside: Statute | str | None, **person: Any) -> Matter:
    """The matter of a count whose arrest has other rows too, none of them convictions."""
    event = make_event(make_cycle(charged=(statute, *beside)))
    return make_matter(make_count(statute, event=event), **person)


def no_code(number: str, *subdivisions: str) -> Statute:
    return Statute(Section(None, number, subdivisions))


# subdivision_not_of_its_date -----------------------------------------------------------------
NAME = "subdivision_not_of_its_date"
DATED = {
    "statutes": ["HS 11357", "HS 11360"],
    "law": ["HS 11357(a)", "HS 11357(b)", "HS 11360(a)"],
    "until": dt.date(2016, 11, 9),
}
row(YES, NAME, "a letter that is newer than the arrest", of("HS 11357(f)"), **DATED)
row(YES, NAME, "a numbered paragraph of a letter that had none", of("HS 11357(b)(2)"), **DATED)
row(YES, NAME, "a letter of another listed section only", of("HS 11360(b)"), **DATED)
row(NO, NAME, "a letter of its day", of("HS 11357(b)"), **DATED)
row(NO, NAME, "no letter", of("HS 11357"), **DATED)
row(NO, NAME, "a section that is not asked about", of("HS 11358(f)"), **DATED)
row(NO, NAME, "the number in another code", of("PC 11357(f)"), **DATED)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **DATED)
row(UNKNOWN, NAME, "a newer letter without code letters", of(no_code("11357", "F")), **DATED)
row(NO, NAME, "a letter of its day without code letters", of(no_code("11357", "B")), **DATED)
row(YES, NAME, "the day before", of("HS 11357(f)", arrested="2016-11-08", disposed="2017-02-01"), **DATED)
row(NO, NAME, "on the day", of("HS 11357(f)", arrested="2016-11-09", disposed="2017-02-01"), **DATED)
row(NO, NAME, "the day after", of("HS 11357(f)", arrested="2016-11-10", disposed="2017-02-01"), **DATED)
row(UNKNOWN, NAME, "some day of the month", of("HS 11357(f)", arrested="2016-11", disposed="2017-02-01"), **DATED)
row(UNKNOWN, NAME, "no date of arrest", of("HS 11357(f)", arrested=None, disposed="2017-02-01"), **DATED)
row(YES, NAME, "no date of arrest, disposed before", of("HS 11357(f)", arrested=None, disposed="2016-11-08"), **DATED)
row(NO, NAME, "a letter of its day, whatever the date", of("HS 11357(a)", arrested=None, disposed=None), **DATED)

# subdivision_not_stated ----------------------------------------------------------------------
NAME = "under_old_number"
OLD: dict[str, Any] = {"statutes": ["HS 11530", "HS 11532"], "until": dt.date(1973, 1, 1)}
row(YES, NAME, "the day before", of("HS 11530", arrested="1972-12-31", disposed="1973-02-01"), **OLD)
row(NO, NAME, "on the day", of("HS 11530", arrested="1973-01-01", disposed="1973-02-01"), **OLD)
row(NO, NAME, "today's section of that number", of("HS 11532(a)"), **OLD)
row(YES, NAME, "no date of arrest, disposed before", of("HS 11530", arrested=None, disposed="1972-12-31"), **OLD)
row(UNKNOWN, NAME, "no date", of("HS 11530", arrested=None, disposed=None), **OLD)
row(NO, NAME, "another section, whatever the date", of("HS 11357", arrested=None, disposed=None), **OLD)
row(NO, NAME, "the number in another code", of("PC 11530", arrested="1970-01-01", disposed="1970-02-01"), **OLD)
STACKED_OLD = make_statute("HS 11500", stacked=["HS 11532"])
row(YES, NAME, "stacked on another", of(STACKED_OLD, arrested="1970-01-01", disposed="1970-02-01"), **OLD)
row(UNKNOWN, NAME, "an unreadable statute", of(None, arrested="1970-01-01", disposed="1970-02-01"), **OLD)
row(NO, NAME, "an unreadable statute of a later day", of(None), **OLD)
row(UNKNOWN, NAME, "no code letters", of(no_code("11530"), arrested="1970-01-01", disposed="1970-02-01"), **OLD)

NAME = "subdivision_not_stated"
STATED = {"statutes": ["HS 11357", "HS 11360"]}
row(YES, NAME, "no letter", of("HS 11360"), **STATED)
row(YES, NAME, "an attempt without a letter", of(make_statute("HS 11357", attempt=True)), **STATED)
row(NO, NAME, "a letter", of("HS 11357(c)"), **STATED)
row(NO, NAME, "another section", of("HS 11358"), **STATED)
row(NO, NAME, "a longer number", of("HS 11357.5"), **STATED)
row(NO, NAME, "the number in another code", of("PC 11357"), **STATED)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **STATED)
row(UNKNOWN, NAME, "no code letters", of(no_code("11357")), **STATED)
row(NO, NAME, "a letter without code letters", of(no_code("11357", "A")), **STATED)

# registered ----------------------------------------------------------------------------------
NAME = "registered"
SEX = {"statutes": ["PC 290"]}


def registrations(*statutes: Statute | str | None, registered: str | None = "2001-01-01", **how: Any) -> Matter:
    events = [make_registration(statute, registered, 900 + n) for n, statute in enumerate(statutes)]
    return of("HS 11357(c)", registrations=events, **how)


row(YES, NAME, "registered", registrations("PC 290"), **SEX)
row(YES, NAME, "under a subdivision", registrations("PC 290(b)"), **SEX)
row(YES, NAME, "stacked behind another", registrations(make_statute("HS 11590", stacked=["PC 290"])), **SEX)
row(YES, NAME, "the second of two", registrations("HS 11590", "PC 290"), **SEX)
row(YES, NAME, "found, whatever is missing", registrations("PC 290", None, missing_rows=1), **SEX)
row(YES, NAME, "after the conviction", registrations("PC 290", registered="2019-12-31"), **SEX)
row(YES, NAME, "on no known day", registrations("PC 290", registered=None), **SEX)
row(NO, NAME, "no registration", registrations(), **SEX)
row(NO, NAME, "under another section", registrations("HS 11590", "PC 290.5"), **SEX)
row(UNKNOWN, NAME, "an unreadable registration", registrations("HS 11590", None), **SEX)
row(UNKNOWN, NAME, "a registration without code letters", registrations(no_code("290")), **SEX)
row(UNKNOWN, NAME, "a rejected row", registrations(missing_rows=1), **SEX)

# section_chosen ------------------------------------------------------------------------------
NAME = "section_chosen"
CHOSEN = {"sections": ["11357", "11359"]}
row(YES, NAME, "a chosen section", of("HS 11359"), **CHOSEN)
row(YES, NAME, "a subdivision of one", of("HS 11357(b)(2)"), **CHOSEN)
row(YES, NAME, "an attempt of one", of(make_statute("HS 11359", attempt=True)), **CHOSEN)
row(NO, NAME, "a section not chosen", of("HS 11358"), **CHOSEN)
row(NO, NAME, "a longer number", of("HS 11357.5"), **CHOSEN)
row(NO, NAME, "the number in another code", of("PC 11357"), **CHOSEN)
row(NO, NAME, "nothing chosen", of("HS 11357"), sections=[])
row(UNKNOWN, NAME, "an unreadable statute", of(None), **CHOSEN)
row(UNKNOWN, NAME, "no code letters", of(no_code("11357")), **CHOSEN)
row(NO, NAME, "no code letters under a number not chosen", of(no_code("11358")), **CHOSEN)

# fact_unknown: always known ------------------------------------------------------------------
NAME = "fact_unknown"
GRAMS = {"statutes": ["HS 11360", "HS 11357(a)"], "facts": ["grams", "grams_concentrated"]}
row(YES, NAME, "neither given", of("HS 11360(a)"), **GRAMS)
row(YES, NAME, "one of two given", of("HS 11360(a)", facts={"grams": 3.5}), **GRAMS)
row(YES, NAME, "one given as unknown", of("HS 11360(a)", facts={"grams": 3.5, "grams_concentrated": None}), **GRAMS)
row(YES, NAME, "a section that may be asked about", of("HS 11357"), **GRAMS)
row(NO, NAME, "both given, one of them none", of("HS 11360(a)", facts={"grams": 0, "grams_concentrated": 1}), **GRAMS)
row(NO, NAME, "another section", of("HS 11358"), **GRAMS)
row(NO, NAME, "another subdivision", of("HS 11357(b)"), **GRAMS)
row(NO, NAME, "an unreadable statute", of(None), **GRAMS)

# stands_with ---------------------------------------------------------------------------------
NAME = "stands_with"
ACCESSORY = {"statutes": ["PC 32"], "companions": ["HS 11358", "HS 11359"]}
row(YES, NAME, "beside a charge that was dropped", charged("PC 32", "PC 459", "HS 11359"), **ACCESSORY)
row(YES, NAME, "beside a subdivision", charged("PC 32", "HS 11358(c)"), **ACCESSORY)
row(YES, NAME, "stacked on its own row", charged(make_statute("PC 32", stacked=["HS 11358"])), **ACCESSORY)
row(YES, NAME, "found, whatever is missing", charged("PC 32", "HS 11358", None, missing_rows=1), **ACCESSORY)
row(NO, NAME, "beside something else", charged("PC 32", "PC 459", "HS 11357"), **ACCESSORY)
row(NO, NAME, "another offense", charged("PC 33", "HS 11358"), **ACCESSORY)
row(NO, NAME, "another offense, whatever is missing", charged("PC 33", None, missing_rows=1), **ACCESSORY)
row(UNKNOWN, NAME, "beside an unreadable row", charged("PC 32", None), **ACCESSORY)
row(UNKNOWN, NAME, "beside a row without code letters", charged("PC 32", no_code("11358")), **ACCESSORY)
row(UNKNOWN, NAME, "a rejected row", charged("PC 32", missing_rows=1), **ACCESSORY)
row(UNKNOWN, NAME, "an unreadable offense", charged(None, "HS 11358"), **ACCESSORY)
row(UNKNOWN, NAME, "an offense without code letters", charged(no_code("32"), "HS 11358"), **ACCESSORY)

# charged_together_with_code ------------------------------------------------------------------
NAME = "charged_together_with_code"
WATER = {"codes": ["FG", "WA"]}
row(YES, NAME, "a row of the code", charged("HS 11358", "FG 1602"), **WATER)
row(YES, NAME, "stacked on its own row", charged(make_statute("HS 11358", stacked=["WA 13387"])), **WATER)
row(YES, NAME, "found, whatever is missing", charged("HS 11358", "WA 13387", None, missing_rows=1), **WATER)
row(NO, NAME, "alone", charged("HS 11358"), **WATER)
row(NO, NAME, "the number in another code", charged("HS 11358", "PC 1602"), **WATER)
row(NO, NAME, "a code that begins alike", charged("HS 11358", "WAX 13387"), **WATER)
row(UNKNOWN, NAME, "an unreadable row", charged("HS 11358", None), **WATER)
row(UNKNOWN, NAME, "a row without code letters", charged("HS 11358", no_code("1602")), **WATER)
row(UNKNOWN, NAME, "a rejected row", charged("HS 11358", missing_rows=1), **WATER)

# due_for_destruction -------------------------------------------------------------------------
NAME = "due_for_destruction"
DUE = {
    "statutes": ["HS 11357", "HS 11360(b)"],
    "statutes_under_18": ["HS 11357", "HS 11358"],
    "since": dt.date(1976, 1, 1),
    "years": 2,
}
row(YES, NAME, "long ago", of("HS 11357(b)"), **DUE)
row(YES, NAME, "the day after the second anniversary", of("HS 11360(b)", as_of="2012-06-02"), **DUE)
row(NO, NAME, "on the second anniversary", of("HS 11360(b)", as_of="2012-06-01"), **DUE)
row(NO, NAME, "the day before the second anniversary", of("HS 11360(b)", as_of="2012-05-31"), **DUE)
LEAP = {"arrested": "2012-01-01", "disposed": "2012-02-29"}
row(NO, NAME, "on 1 March for a leap day", of("HS 11357(b)", as_of="2014-03-01", **LEAP), **DUE)
row(YES, NAME, "on 2 March for a leap day", of("HS 11357(b)", as_of="2014-03-02", **LEAP), **DUE)
row(NO, NAME, "the day before the law began", of("HS 11357(b)", arrested="1975-05-01", disposed="1975-12-31"), **DUE)
row(YES, NAME, "the day on which it began", of("HS 11357(b)", arrested="1975-05-01", disposed="1976-01-01"), **DUE)
row(YES, NAME, "the day after it began", of("HS 11357(b)", arrested="1975-05-01", disposed="1976-01-02"), **DUE)
row(NO, NAME, "another section", of("HS 11359"), **DUE)
row(NO, NAME, "another subdivision", of("HS 11360(a)"), **DUE)
row(NO, NAME, "a section for minors, of an adult", of("HS 11358"), **DUE)
row(YES, NAME, "the day before 18", of("HS 11358", birth_date="1992-05-02"), **DUE)
row(NO, NAME, "on the 18th birthday", of("HS 11358", birth_date="1992-05-01"), **DUE)
row(NO, NAME, "the day after 18", of("HS 11358", birth_date="1992-04-30"), **DUE)
row(YES, NAME, "a minor of that year", of("HS 11358", birth_date="1993"), **DUE)
row(UNKNOWN, NAME, "perhaps a minor", of("HS 11358", birth_date="1992"), **DUE)
row(UNKNOWN, NAME, "no birth date", of("HS 11358", birth_date=None), **DUE)
row(UNKNOWN, NAME, "no arrest date near 18", of("HS 11358", arrested=None, birth_date="1992-05-02"), **DUE)
row(YES, NAME, "any age where the section is for all", of("HS 11357(b)", birth_date=None), **DUE)
row(NO, NAME, "too recent, whatever the age", of("HS 11358", birth_date=None, as_of="2012-06-01"), **DUE)
row(UNKNOWN, NAME, "no date at all", of("HS 11357(b)", arrested=None, disposed=None), **DUE)
row(UNKNOWN, NAME, "the year alone", of("HS 11357(b)", arrested=None, disposed="2010", as_of="2012-06-01"), **DUE)
row(UNKNOWN, NAME, "an unreadable statute", of(None), **DUE)
row(UNKNOWN, NAME, "a section without its subdivision", of("HS 11360"), **DUE)


@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one.name}: {one.why}")
def test_a_predicate_answers_as_the_record_says(one: Row) -> None:
    found = one.predicate().ask(one.matter)
    assert found.answer is one.answer
    assert found.lacked if one.answer is UNKNOWN else found.used
    assert not (found.used if one.answer is UNKNOWN else found.lacked)


@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one.name}: {one.why}")
def test_a_reader_skips_no_statute_that_could_be_answered_other_than_no(one: Row) -> None:
    if one.answer is not NO:
        assert one.predicate().may_concern(one.matter.count.statute)


@pytest.mark.parametrize(
    ("name", "arguments", "statute"),
    [
        ("section_chosen", CHOSEN, "HS 11358"),
        ("subdivision_not_stated", STATED, "HS 11357(c)"),
        ("subdivision_not_of_its_date", DATED, "HS 11357(b)"),
        ("stands_with", ACCESSORY, "HS 11358"),
        ("fact_unknown", GRAMS, "HS 11358"),
        ("due_for_destruction", DUE, "HS 11359"),
    ],
)
def test_a_reader_may_skip_a_statute_that_is_always_answered_no(
    name: str, arguments: dict[str, Any], statute: str
) -> None:
    assert not BY_NAME[name](**arguments).may_concern(make_statute(statute))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_predicate_has_every_answer_that_it_can_give(name: str) -> None:
    expected = {YES, NO} if name == "fact_unknown" else {YES, NO, UNKNOWN}
    assert {one.answer for one in ROWS if one.name == name} == expected


@pytest.mark.parametrize(
    "one",
    [one for one in ROWS if one.name != "fact_unknown" and one.answer is not UNKNOWN],
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
    ("name", "arguments", "coded"),
    [
        ("section_chosen", CHOSEN, of("HS 11357(c)")),
        ("subdivision_not_stated", STATED, of("HS 11357")),
        ("subdivision_not_of_its_date", DATED, of("HS 11357(f)")),
        ("due_for_destruction", DUE, of("HS 11357(b)")),
    ],
)
def test_code_letters_that_are_missing_turn_yes_into_unknown(name: str, arguments: Any, coded: Matter) -> None:
    predicate = BY_NAME[name](**arguments)
    statute = coded.count.statute
    assert statute is not None
    bare = of(no_code(statute.section.number, *statute.section.subdivisions))
    assert (predicate.ask(coded).answer, predicate.ask(bare).answer) == (YES, UNKNOWN)


def test_a_fact_that_is_blanked_makes_fact_unknown_yes_and_nothing_else_does() -> None:
    predicate = BY_NAME["fact_unknown"](**GRAMS)
    matter = of("HS 11360(a)", facts={"grams": 1, "grams_concentrated": 1})
    turned = {
        words
        for words, person, decided in blankings(matter.person, matter.count)
        if predicate.ask(Matter(History(person), decided, matter.as_of)).answer is YES
    }
    assert turned == {"fact [grams] blank of count 1", "fact [grams_concentrated] blank of count 1"}


def test_fact_unknown_names_what_it_asks_for_and_what_is_not_given() -> None:
    predicate = BY_NAME["fact_unknown"](**GRAMS)
    assert predicate.fact_names() == ("grams", "grams_concentrated")
    used = predicate.ask(of("HS 11360(a)", facts={"grams": 1})).used
    assert [fact.name for fact in used] == ["statute", "grams_concentrated"]


def test_a_registration_is_named_by_its_row() -> None:
    predicate = BY_NAME["registered"](**SEX)
    (used,) = predicate.ask(registrations("HS 11590", "PC 290")).used
    assert used.place is not None
    assert used.place.row == 901
    lacked = predicate.ask(registrations(None, missing_rows=2)).lacked
    assert [fact.place.row for fact in lacked if fact.place is not None] == [900, 1000, 1001]


def test_the_age_is_named_where_the_destruction_hangs_on_it() -> None:
    predicate = BY_NAME["due_for_destruction"](**DUE)
    lacked = predicate.ask(of("HS 11358", birth_date=None)).lacked
    assert "birth_date" in [fact.name for fact in lacked if fact.value is None]
    assert [fact.name for fact in predicate.ask(of("HS 11357(b)")).used] == ["statute", "disposed"]


@pytest.mark.parametrize(
    ("name", "arguments", "words", "denial"),
    [
        (
            "subdivision_not_of_its_date",
            DATED,
            "the record prints a subdivision of HS 11357 or HS 11360 that the law before 2016-11-09 did not have",
            "the record prints no subdivision of HS 11357 or HS 11360 but those of the law before 2016-11-09",
        ),
        (
            "under_old_number",
            OLD,
            "the offense is HS 11530 or HS 11532 of the law before 1973-01-01",
            "the offense is not HS 11530 or HS 11532 of the law before 1973-01-01",
        ),
        (
            "subdivision_not_stated",
            STATED,
            "the record prints HS 11357 or HS 11360 without a subdivision",
            "the record does not print HS 11357 or HS 11360 without a subdivision",
        ),
        (
            "registered",
            SEX,
            "the person is registered under PC 290",
            "the person is not registered under PC 290",
        ),
        (
            "section_chosen",
            CHOSEN,
            "the offense is of a section that the office chose (11357, 11359)",
            "the offense is of no section that the office chose (11357, 11359)",
        ),
        (
            "section_chosen",
            {"sections": []},
            "the offense is of a section that the office chose (none)",
            "the offense is of no section that the office chose (none)",
        ),
        (
            "fact_unknown",
            GRAMS,
            "for HS 11360 or HS 11357(a) the record does not give grams or grams concentrated",
            "the offense is not HS 11360 or HS 11357(a), or the record gives grams and grams concentrated",
        ),
        (
            "stands_with",
            ACCESSORY,
            "the offense is PC 32 and the same arrest also has HS 11358 or HS 11359",
            "the offense is not PC 32, or the same arrest does not have HS 11358 or HS 11359",
        ),
        (
            "charged_together_with_code",
            WATER,
            "the same arrest also has an offense of the FG or WA code",
            "the same arrest has no offense of the FG or WA code",
        ),
        (
            "due_for_destruction",
            DUE,
            "the record of this conviction was due for destruction 2 years after it",
            "the record of this conviction was not due for destruction 2 years after it",
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
        ("section_chosen", {"sections": ["11361"]}),
        ("registered", {"statutes": []}),
        ("registered", {"statutes": ["290"]}),
        ("fact_unknown", {**GRAMS, "facts": []}),
        ("charged_together_with_code", {"codes": []}),
        ("due_for_destruction", {**DUE, "years": 0}),
        ("subdivision_not_of_its_date", {**DATED, "until": "2016"}),
        ("stands_with", {"statutes": ["PC 32"]}),
        ("subdivision_not_stated", {**STATED, "also": 1}),
    ],
)
def test_arguments_that_make_no_sense_are_refused(name: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BY_NAME[name](**arguments)
