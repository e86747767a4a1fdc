"""The statute policy as a whole: its words on firearms, its scope, its parameter, the questions that it asks."""

import datetime as dt
from itertools import combinations
from pathlib import Path

import pytest

from clearslate.errors import UsageError
from clearslate.model import Answer
from clearslate.policy.determination import Determination, Outcome
from clearslate.policy.policy import Policy, Rule
from clearslate.policy.predicate import Predicate
from clearslate.testing.cases import LawCase, check_case, load_cases
from clearslate.testing.factories import make_count, make_matter
from clearslate_ca_prop47.plugin import CA_PROP47, clearslate_reforms
from clearslate_california.listed import REGISTRABLE, SUPERSTRIKES

CASES = load_cases(Path(__file__).parent / "cases")
GRANTED = [case for case in CASES if case.entry.expect.outcome == "eligible"]


def bound(**settings: str) -> Policy:
    return CA_PROP47.bind(CA_PROP47.find("statute"), settings)


STATUTE = bound()
GRANTING = [rule for rule in STATUTE.rules if rule.decision.outcome is Outcome.ELIGIBLE]


def decided(text: str, as_of: str = "2019-07-01", policy: Policy = STATUTE, **how: object) -> Determination | None:
    count = make_count(CA_PROP47.read_statute(text), **how)  # type: ignore[arg-type]
    return policy.decide(make_matter(count, as_of=as_of))


def test_the_plugin_gives_one_reform() -> None:
    assert list(clearslate_reforms()) == [CA_PROP47]


def test_the_statute_is_the_default_and_was_reviewed_after_it_came_into_force() -> None:
    assert CA_PROP47.about.default_policy == "statute"
    file = CA_PROP47.read_policy(CA_PROP47.find("statute"))
    assert dt.date(2014, 11, 5) == file.in_force <= file.reviewed_on


def test_reliefs_stand_from_the_least_to_the_most_and_both_leave_a_misdemeanor() -> None:
    assert [relief.id for relief in CA_PROP47.about.reliefs] == ["redesignate_misdemeanor", "resentence"]
    assert {relief.leaves for relief in CA_PROP47.about.reliefs} == {"misdemeanor"}


# A33: firearms stay prohibited (PC 1170.18(k)) --------------------------------------------------


@pytest.mark.parametrize("rule", GRANTING, ids=lambda rule: rule.id)
def test_a33_every_rule_that_grants_says_that_firearms_stay_prohibited(rule: Rule) -> None:
    assert rule.because.endswith("Firearms stay prohibited.")
    assert any("(k)" in cite for cite in rule.citations)


def test_a33_every_relief_says_in_title_and_effect_that_firearms_stay_prohibited() -> None:
    for relief in CA_PROP47.about.reliefs:
        assert "(firearms stay prohibited)" in relief.title
        assert "firearms stay prohibited (PC 1170.18(k))" in relief.effect


@pytest.mark.parametrize("case", GRANTED, ids=str)
def test_a33_every_granted_case_says_that_firearms_stay_prohibited(case: LawCase) -> None:
    got = check_case(CA_PROP47, case)
    assert got is not None
    assert "firearms stay prohibited" in got.reason.lower()


def test_both_reliefs_are_granted_by_a_case() -> None:
    assert {case.entry.expect.relief for case in GRANTED} == {"redesignate_misdemeanor", "resentence"}


# Scope ------------------------------------------------------------------------------------------

IN_SCOPE = """
11350(A) HS-|11350(B) HS-|11350 HS-|11377(A) HS-|11377 HS-|11357(A) HS-|11357A HS-|664/11377(A) HS-|11350A HS-
11377A HS-|459 PC-BURGLARY:SECOND DEGREE|459 PC-BURGLARY:FIRST DEGREE|459 PC-BURGLARY|460(A) PC-|460(B) PC-
470(A) PC-|470(D) PC-|471 PC-|472 PC-|473 PC-|473(B) PC-|475(A) PC-|475(C) PC-|476 PC-|476A(A) PC-|476A(B) PC-
487 PC-|487(A) PC-|487(B)(1)(A) PC-|487(B)(2) PC-|487(C) PC-|487(D)(1) PC-|487(D)(2) PC-|487A PC-|487J PC-|489 PC-
484 PC-|484(A) PC-|484E(A) PC-|484E(D) PC-|484G PC-|484G(A) PC-|503 PC-|10851(A) VC-|10851 PC-|496(A) PC-|496 PC-
496D(A) PC-|530.5(A) PC-|530.5(C)(1) PC-|182(A)(1) PC-|182/484 PC-|666 PC-|484(A)/666 PC-|488/666 PC-|666(B) PC-
459/460(B) PC-|459/666 PC-|11379(A) HS-|11351 HS-|11352(A) HS-|11378 HS-|459.5 PC-|490.2 PC-|664/459 PC-|664 PC-
211/459 PC-|11350 PC-|459 VC-|487.1 PC-|496.1 PC-|460.2 PC-|484I(B) PC-|504 PC-|
"""
OUT_OF_SCOPE = """
11350.5(A) HS-|11351.5 HS-|11357.5(A) HS-|11359 HS-|11364 HS-|11379.6(A) HS-|1459 PC-|4590 PC-|470A PC-|484B PC-
487.5 PC-|10852 VC-|530 PC-|530.55 PC-|602(L) PC-|666.5(A) PC-|182.5 PC-|187(A) PC-|496C PC-|182/187 PC-
"""


def texts(block: str) -> list[str]:
    return [text for line in block.strip("\n").split("\n") for text in line.split("|")]


@pytest.mark.parametrize("text", texts(IN_SCOPE))
def test_every_row_of_the_offense_table_is_decided(text: str) -> None:
    assert STATUTE.may_concern(CA_PROP47.read_statute(text))
    assert decided(text) is not None


@pytest.mark.parametrize("text", texts(OUT_OF_SCOPE))
def test_other_sections_are_in_no_scope(text: str) -> None:
    statute = CA_PROP47.read_statute(text)
    assert statute is not None
    assert not STATUTE.may_concern(statute)
    assert decided(text) is None


FAVORABLE = {
    name: 1 if fact.answer == "number" else name not in ("interior_room", "firearm_taken", "unreasonable_risk")
    for name, fact in CA_PROP47.about.facts.items()
}


@pytest.mark.parametrize(
    "text",
    [
        "11351 HS-",
        "11352(A) HS-",
        "11378 HS-",
        "11379(A) HS-",
        "664/11379(A) HS-",
        "496D(A) PC-",
        "530.5(A) PC-",
        "530.5 PC-",
        "182(A)(1) PC-",
        "182/484 PC-",
        "460(A) PC-",
    ],
)
def test_what_the_law_never_reaches_is_ineligible_whatever_anybody_answers(text: str) -> None:
    for facts in ({}, {**FAVORABLE, "second_degree": None}):
        got = decided(text, facts=facts)
        assert got is not None
        assert got.decision.outcome is Outcome.INELIGIBLE
        assert got.citations


def test_no_offense_of_this_law_is_itself_a_superstrike_or_listed_in_290c() -> None:
    for text in texts(IN_SCOPE):
        statute = CA_PROP47.read_statute(text)
        if statute is not None and statute.section.number not in ("182", "664") and not statute.stacked:
            assert SUPERSTRIKES.classify(statute) is Answer.NO, text
            assert REGISTRABLE.classify(statute) is Answer.NO, text


# Answers ----------------------------------------------------------------------------------------


def _predicates() -> list[Predicate]:
    return [ground.predicate for rule in STATUTE.rules for ground in rule.grounds]


def test_every_question_is_asked_by_some_rule_and_ends_as_a_question_or_its_remark() -> None:
    asked = {name for predicate in _predicates() for name in predicate.fact_names()}
    assert asked == set(CA_PROP47.about.facts)
    assert all("?" in fact.question for fact in CA_PROP47.about.facts.values())


ASKED = {
    "459 PC-BURGLARY": (
        "second_degree",
        "commercial_open_business_hours",
        "entered_to_commit_larceny",
        "interior_room",
        "value_dollars",
    ),
    "470(D) PC-FORGERY": ("instrument_listed", "value_dollars"),
    "476A(A) PC-NSF CHECKS": ("value_dollars",),
    "487 PC-GRAND THEFT": ("value_dollars", "firearm_taken"),
    "484E(D) PC-THEFT:ACCESS CARD": ("value_dollars",),
    "10851(A) VC-TAKE VEHICLE": ("vehicle_taken_as_theft", "value_dollars"),
    "496(A) PC-RECEIVE STOLEN PROPERTY": ("value_dollars",),
}


@pytest.mark.parametrize("text", ASKED)
def test_a_case_is_reviewed_until_the_last_of_its_questions_is_answered(text: str) -> None:
    names = ASKED[text]
    for number in range(len(names)):
        for some in combinations(names, number):
            got = decided(text, facts={name: FAVORABLE[name] for name in some})
            assert got is not None
            assert got.decision.outcome is Outcome.REVIEW
            assert {fact.name for fact in got.missing} == set(names) - set(some)
    got = decided(text, facts={name: FAVORABLE[name] for name in names})
    assert got is not None
    assert got.decision.relief == "redesignate_misdemeanor"


@pytest.mark.parametrize("value", ["20", "", None, True, float("nan")])
def test_a_value_that_is_no_number_answers_nothing(value: object) -> None:
    got = decided("496(A) PC-", facts={"value_dollars": value})
    assert got is not None
    assert got.decision.outcome is Outcome.REVIEW


# The parameter ----------------------------------------------------------------------------------


def test_good_cause_is_not_claimed_unless_the_office_says_so() -> None:
    assert STATUTE.parameters == {"good_cause": False}
    assert bound(good_cause="true").parameters == {"good_cause": True}


@pytest.mark.parametrize("value", ["yes", "1", ""])
def test_good_cause_takes_true_or_false(value: str) -> None:
    with pytest.raises(UsageError, match=r"\[good_cause\] takes true or false"):
        bound(good_cause=value)


@pytest.mark.parametrize(
    ("as_of", "plain", "claimed"),
    [
        ("2022-11-03", Outcome.ELIGIBLE, Outcome.ELIGIBLE),
        ("2022-11-04", Outcome.ELIGIBLE, Outcome.ELIGIBLE),
        ("2022-11-05", Outcome.REVIEW, Outcome.ELIGIBLE),
    ],
)
def test_the_last_day_to_apply_is_in_time(as_of: str, plain: Outcome, claimed: Outcome) -> None:
    for policy, outcome in ((STATUTE, plain), (bound(good_cause="true"), claimed)):
        got = decided("11350(A) HS-", as_of=as_of, policy=policy)
        assert got is not None
        assert got.decision.outcome is outcome
        assert ("AFTER_LAST_DAY" in got.flags) is (as_of > "2022-11-04")
