"""The walk over the rules: what certain, possible and impossible rules make of a count."""

import datetime as dt

import pytest
from msgspec.structs import replace

from clearslate.model import Answer, Section, Statute
from clearslate.policy.determination import Decision, Determination, Outcome, Prospect
from clearslate.testing.factories import make_count, make_matter, make_statute
from clearslate.testing.oz import OZ

DECISIONS = {
    "ineligible": Decision(Outcome.INELIGIBLE),
    "review": Decision(Outcome.REVIEW),
    "reduce": Decision(Outcome.ELIGIBLE, "reduce"),
    "dismiss": Decision(Outcome.ELIGIBLE, "dismiss"),
    "city": Decision(Outcome.REFER, None, "city"),
    "county": Decision(Outcome.REFER, None, "county"),
}
SAID = {
    "reduce": "reduced",
    "dismiss": "dismissed",
    "ineligible": "not eligible",
    "review": "review",
    "city": "refer to the city",
    "county": "refer to the county",
}
GIVES = {
    "ineligible": 'then = "ineligible"',
    "review": 'then = "review"',
    "reduce": 'then = "eligible"\nrelief = "reduce"',
    "dismiss": 'then = "eligible"\nrelief = "dismiss"',
    "city": 'then = "refer"\nrefer_to = "city"',
    "county": 'then = "refer"\nrefer_to = "county"',
}


def rule(gives: str, number: int, *tests: str) -> str:
    grounds = "".join(f'[[rules.when]]\ncite = "s {number}({n})"\n{test}\n' for n, test in enumerate(tests, 1))
    cite = "" if tests else f'cite = "s {number}"\n'
    return f'\n[[rules]]\nid = "r{number}"\n{GIVES[gives]}\nbecause = "Because of {number}."\n{cite}{grounds}'


HOLDS = 'test = { is = "grade_in", grades = ["felony"] }'
FAILS = 'test = { is = "grade_in", grades = ["infraction"] }'
OPEN = 'test = { is = "fact_is_so", fact = "sold" }'
JARS = 'test = { is = "fact_at_most", fact = "jars", most = 6 }'
ANSWERED = {Answer.YES: HOLDS, Answer.NO: FAILS, Answer.UNKNOWN: OPEN}


@pytest.fixture
def walk(make_reform):
    """Decide a felony of ZZ 100 by rules given as (gives, ground …); the last has no ground."""

    def decide(*rules: tuple[str, ...], statute: Statute | str | None = "ZZ 100", **count) -> Determination | None:
        texts = [rule(gives, number, *tests) for number, (gives, *tests) in enumerate(rules, 1)]
        reform = make_reform("".join(texts[:-1]), last=texts[-1])
        policy = reform.bind(reform.find("statute"))
        return policy.decide(make_matter(make_count(statute, **count)))

    return decide


# The three ways to end ---------------------------------------------------------------------------


def test_the_first_rule_whose_grounds_all_hold_decides(walk) -> None:
    got = walk(("reduce", FAILS), ("dismiss", HOLDS, HOLDS), ("ineligible",))
    assert (got.rule, got.decision, got.reason) == ("r2", DECISIONS["dismiss"], "Because of 2.")
    assert got.citations == ("s 2(1)", "s 2(2)")
    assert got.missing == got.prospects == ()


def test_the_last_rule_decides_what_no_other_does(walk) -> None:
    got = walk(("reduce", FAILS), ("dismiss", HOLDS, FAILS), ("ineligible",))
    assert (got.rule, got.decision, got.citations) == ("r3", DECISIONS["ineligible"], ("s 3",))


def test_one_failing_ground_puts_a_rule_out_whatever_else_is_unknown(walk) -> None:
    for grounds in ((OPEN, FAILS), (FAILS, OPEN)):
        got = walk(("dismiss", *grounds), ("ineligible",))
        assert (got.rule, got.decision, got.missing) == ("r2", DECISIONS["ineligible"], ())


def test_nothing_after_the_rule_that_ends_the_walk_is_asked(walk) -> None:
    got = walk(("reduce", HOLDS), ("dismiss", OPEN), ("ineligible",))
    assert [trace.rule for trace in got.trace] == ["r1"]
    assert got.decision == DECISIONS["reduce"]


@pytest.mark.parametrize("gives", DECISIONS)
def test_where_every_rule_that_could_apply_decides_the_same_that_is_the_decision(walk, gives: str) -> None:
    got = walk((gives, OPEN), (gives, JARS), (gives,))
    assert got.decision == DECISIONS[gives]
    assert got.rule == "r3", "the rule that certainly applies is the one named"
    assert (got.reason, got.citations) == ("Because of 3.", ("s 3",))
    assert got.missing == got.prospects == ()


@pytest.mark.parametrize(("first", "last"), [("dismiss", "reduce"), ("reduce", "dismiss")])
def test_where_every_way_grants_some_relief_the_least_is_granted_and_what_would_raise_it_is_missing(
    walk, first: str, last: str
) -> None:
    got = walk((first, OPEN), (last,))
    assert got.decision == DECISIONS["reduce"]
    assert got.rule == ("r1" if first == "reduce" else "r2")
    certain = got.rule == "r2"
    assert got.reason == ("Because of 2." if certain else "Whatever the missing facts are: at least reduced.")
    assert [fact.name for fact in got.missing] == ["sold"]
    assert set(got.prospects) == {Prospect("r1", DECISIONS[first]), Prospect("r2", DECISIONS[last])}


def test_the_least_relief_is_named_by_the_rule_that_certainly_applies_where_two_grant_it(walk) -> None:
    got = walk(("reduce", OPEN), ("dismiss", JARS), ("reduce",))
    assert (got.rule, got.decision) == ("r3", DECISIONS["reduce"])
    assert [fact.name for fact in got.missing] == ["jars"], "knowing [sold] would raise nothing"


def test_a_rule_of_the_least_relief_that_could_be_ruled_out_is_missing_its_facts(walk) -> None:
    got = walk(("reduce", OPEN), ("dismiss", JARS), ("dismiss",))
    assert (got.rule, got.decision) == ("r1", DECISIONS["reduce"])
    assert "sold" in {fact.name for fact in got.missing}


@pytest.mark.parametrize(
    ("first", "last"),
    [("dismiss", "ineligible"), ("ineligible", "dismiss"), ("city", "dismiss"), ("review", "dismiss"),
     ("dismiss", "review"), ("ineligible", "review"), ("city", "county"), ("ineligible", "city")],
)  # fmt: skip
def test_anything_else_is_reviewed_with_the_missing_facts_and_where_they_lead(walk, first: str, last: str) -> None:
    got = walk((first, OPEN), (last,))
    assert got.decision == DECISIONS["review"]
    assert got.rule == "r1", "the first rule that could apply"
    assert [fact.name for fact in got.missing] == ["sold"]
    assert got.prospects == (Prospect("r1", DECISIONS[first]), Prospect("r2", DECISIONS[last]))
    assert got.reason == f"Missing facts could lead to: {SAID[first]}. Otherwise {SAID[last]}: Because of 2."
    assert got.citations == ("s 2", "s 1(1)")


def test_one_possible_bar_among_reliefs_is_enough_for_review(walk) -> None:
    got = walk(("dismiss", OPEN), ("ineligible", JARS), ("reduce",))
    assert got.decision == DECISIONS["review"]
    assert [fact.name for fact in got.missing] == ["sold", "jars"]
    assert [prospect.rule for prospect in got.prospects] == ["r1", "r2", "r3"]


def test_a_certain_rule_after_a_possible_one_hides_everything_below_it(walk) -> None:
    got = walk(("dismiss", OPEN), ("reduce", HOLDS), ("ineligible",))
    assert got.decision == DECISIONS["reduce"]


def test_a_ground_that_wants_no_turns_the_answer_round_but_not_the_unknown(walk) -> None:
    got = walk(("dismiss", FAILS + '\nwant = "no"'), ("ineligible",))
    assert got.rule == "r1"
    assert got.trace[0].grounds[0].wanted is Answer.NO
    assert got.trace[0].grounds[0].words == "not: the conviction is an infraction"
    assert walk(("dismiss", HOLDS + '\nwant = "no"'), ("ineligible",)).rule == "r2"
    assert walk(("dismiss", OPEN + '\nwant = "no"'), ("ineligible",)).decision == DECISIONS["review"]


def test_a_fact_missing_in_two_rules_is_named_once(walk) -> None:
    got = walk(("dismiss", OPEN), ("reduce", OPEN, JARS), ("ineligible",))
    assert [fact.name for fact in got.missing] == ["sold", "jars"]


def test_the_trace_holds_every_rule_walked_with_its_answers(walk) -> None:
    got = walk(("dismiss", FAILS, OPEN), ("reduce", OPEN, HOLDS), ("ineligible",))
    assert [(trace.rule, trace.applies) for trace in got.trace] == [
        ("r1", Answer.NO),
        ("r2", Answer.UNKNOWN),
        ("r3", Answer.YES),
    ]
    assert [len(trace.grounds) for trace in got.trace] == [1, 2, 0]


# Scope ---------------------------------------------------------------------------------------------


def test_a_count_outside_the_scope_has_no_determination(walk) -> None:
    assert walk(("dismiss",), statute="ZZ 101") is None


def test_unknown_scope_is_review_with_the_citation_of_the_way_in(walk) -> None:
    for statute in (None, Statute(Section(None, "100"))):
        got = walk(("dismiss",), statute=statute)
        assert (got.rule, got.decision) == ("scope", DECISIONS["review"])
        assert got.citations == ("ZZ Acts 2016 c. 1 s 2",)
        assert [fact.name for fact in got.missing] == ["statute"]
        assert got.trace[0].applies is Answer.UNKNOWN


def test_a_second_way_in_is_enough(make_reform) -> None:
    scope = """
[[scope]]
cite = "s 2"
test = { is = "statute_in", statutes = ["ZZ 100"] }
[[scope]]
cite = "s 3"
test = { is = "statute_readable" }
want = "no"
"""
    reform = make_reform(scope=scope)
    policy = reform.bind(reform.find("statute"))
    assert policy.decide(make_matter(make_count(None))).rule == "otherwise"
    assert policy.decide(make_matter(make_count("ZZ 7"))) is None
    assert policy.may_concern(None)
    assert policy.may_concern(make_statute("ZZ 7")), "a ground that wants no tells a reader nothing"


def test_a_reader_may_skip_only_what_the_scope_could_not_concern(make_reform) -> None:
    reform = make_reform()
    policy = reform.bind(reform.find("statute"))
    assert policy.may_concern(make_statute("ZZ 100(a)"))
    assert policy.may_concern(None)
    assert policy.may_concern(Statute(Section(None, "100")))
    assert not policy.may_concern(make_statute("YY 100"))


# Flags and opening rules -----------------------------------------------------------------------------


def test_a_flag_is_carried_only_where_its_ground_certainly_holds_and_never_decides(make_reform) -> None:
    flags = "".join(f'\n[[flags]]\nid = "{answer.name}"\ncite = "s 1"\n{test}\n' for answer, test in ANSWERED.items())
    reform = make_reform(flags)
    matter = make_matter(make_count(make_statute("ZZ 100", marks=("M",)), flags=["C"]), flags=("P",))
    got = reform.bind(reform.find("statute")).decide(matter)
    assert got.flags == ("C", "M", "P", "YES")
    assert got.rule == "otherwise"


def test_the_reforms_rules_come_before_every_policys_own() -> None:
    for name in OZ.policies():
        policy = OZ.bind(OZ.find(name))
        opening = [rule.id for rule in policy.rules if rule.opening]
        assert [rule.id for rule in policy.rules][: len(opening)] == opening
        assert opening == [rule.id for rule in OZ.about.rules]


def test_the_day_of_decision_is_the_one_given() -> None:
    policy = OZ.bind(OZ.find("emerald_city"))
    count = make_count("ZZ 100", disposed="2010-06-01")
    early, late = (policy.decide(make_matter(count, as_of=day)) for day in ("2020-06-01", "2020-06-02"))
    assert (early.rule, late.rule) == ("city_decides", "crime_free")
    assert isinstance(make_matter(count).as_of, dt.date)


def test_a_determination_shows_nothing_personal_in_its_repr(walk) -> None:
    assert repr(walk(("dismiss",))) == "<Determination>"


def test_without_its_trace_a_determination_is_the_same(walk) -> None:
    policy = OZ.bind(OZ.find("statute"))
    for grade in ("felony", "misdemeanor", None):
        matter = make_matter(make_count("ZZ 100", grade=grade))
        traced, plain = policy.decide(matter), policy.decide(matter, trace=False)
        assert plain.trace == ()
        assert replace(traced, trace=()) == plain


def test_what_is_remembered_of_a_count_does_not_hide_a_rejected_row_of_the_next_person() -> None:
    policy = OZ.bind(OZ.find("emerald_city"))
    whole, lost = (make_matter(make_count("ZZ 100", disposed="2001"), missing_rows=gaps) for gaps in (0, 1))
    assert policy.decide(whole, trace=False).decision == Decision(Outcome.ELIGIBLE, "dismiss_and_seal")
    assert policy.decide(lost, trace=False).decision == Decision(Outcome.REVIEW)
