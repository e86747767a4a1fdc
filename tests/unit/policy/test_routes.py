"""A policy with routes: several reliefs for one charge, each decided apart."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from clearslate.errors import PolicyError
from clearslate.policy.determination import Outcome
from clearslate.policy.load import PolicySource
from clearslate.policy.matter import History, Matter
from clearslate.testing.factories import make_count, make_matter, make_person
from clearslate.testing.promises import grants_more

REFORM = """
id = "zz_salt"
title = "Salt"
jurisdiction = "Oz"
statute = "ZZ 5"
summary = "s"
default_policy = "statute"
decides = "charges"
readers = ["oz_rolls"]
[[reliefs]]
id = "paper"
title = "By paper"
effect = "An application is open."
leaves = "unchanged"
[[reliefs]]
id = "court"
title = "By the court"
effect = "Gone."
leaves = "nothing"
[[reliefs]]
id = "queen"
title = "By the queen"
effect = "Gone."
leaves = "nothing"
[facts.grains]
words = "how many grains"
question = "How many grains?"
answer = "number"
[[rules]]
id = "identity"
then = "review"
because = "Whose it is must be settled."
when = [{ cite = "ZZ Acts 1", test = { is = "shares_identifier" } }]
"""
POLICY = """
reform = "zz_salt"
id = "statute"
title = "t"
summary = "s"
in_force = 2016-01-01
reviewed_on = 2026-01-01
source = "ZZ Acts"
scope = [{ cite = "ZZ 5", test = { is = "statute_in", statutes = ["ZZ 5"] } }]
[[rules]]
id = "pending"
then = "review"
because = "Not decided yet."
when = [{ cite = "ZZ Acts 2", test = { is = "disposition_in", dispositions = ["pending"] } }]
[[routes]]
relief = "queen"
[[routes.rules]]
id = "few_grains"
then = "eligible"
because = "Few grains."
when = [{ cite = "ZZ Acts 3", test = { is = "fact_at_most", fact = "grains", most = 30 } }]
[[routes.rules]]
id = "many_grains"
then = "ineligible"
because = "Many grains."
cite = "ZZ Acts 3"
[[routes]]
relief = "court"
[[routes.rules]]
id = "by_class"
then = "eligible"
because = "Of class 4."
when = [{ cite = "ZZ Acts 4", test = { is = "class_in", classes = ["4"] } }]
[[routes.rules]]
id = "other_class"
then = "ineligible"
because = "Of another class."
cite = "ZZ Acts 4"
"""


@pytest.fixture
def salt(make_reform):
    return lambda policy=POLICY: make_reform(head=policy, scope="", last="", reform=REFORM)


def decide(reform, *, person=None, **count):
    policy = reform.bind(reform.find("statute"))
    return policy, policy.decide(make_matter(make_count("ZZ 5", **count), **(person or {})))


def test_every_route_is_decided_apart_and_the_whole_names_those_that_grant(salt) -> None:
    _, got = decide(salt(), offense_class="4", facts={"grains": 12})
    assert got.granted == ("queen", "court")
    assert str(got.decision) == "eligible: queen"
    assert got.rule == "queen: few_grains; court: by_class"
    assert got.reason == "By the queen: Few grains. By the court: Of class 4."
    assert got.citations == ("ZZ Acts 3", "ZZ Acts 4")
    assert [(route.relief, route.rule) for route in got.routes] == [("queen", "few_grains"), ("court", "by_class")]


def test_the_whole_is_led_by_the_greatest_relief_that_is_granted_whatever_the_order_of_routes(salt) -> None:
    _, got = decide(salt(), offense_class="4", facts={"grains": 31})
    assert (str(got.decision), got.granted) == ("eligible: court", ("court",))


def test_a_route_that_is_open_beside_a_grant_is_said_with_what_it_lacks(salt) -> None:
    _, got = decide(salt(), offense_class="4")
    assert (str(got.decision), got.rule) == ("eligible: court", "court: by_class")
    assert "Open: By the queen: Missing facts could lead to" in got.reason
    assert [fact.name for fact in got.missing] == ["grains"]


def test_where_no_route_grants_the_whole_is_review_before_it_is_ineligible(salt) -> None:
    _, got = decide(salt(), offense_class="3")
    assert (got.decision.outcome, got.rule) == (Outcome.REVIEW, "queen: few_grains")
    _, got = decide(salt(), offense_class="3", facts={"grains": 31})
    assert (got.decision.outcome, got.granted) == (Outcome.INELIGIBLE, ())
    assert got.rule == "queen: many_grains; court: other_class"


def test_what_stands_before_every_route_is_said_once(salt) -> None:
    for more, rule in (({"disposition": "pending"}, "pending"), ({"person": {"shares_identifier": True}}, "identity")):
        _, got = decide(salt(), **more)
        assert (got.decision.outcome, got.rule) == (Outcome.REVIEW, rule)
        assert got.reason.count(".") == 1


def test_an_unknown_scope_leaves_every_route_to_review(salt) -> None:
    policy = salt().bind(salt().find("statute"))
    got = policy.decide(make_matter(make_count(None)))
    assert [(route.rule, route.decision.outcome) for route in got.routes] == [("scope", Outcome.REVIEW)] * 2


@pytest.mark.parametrize("disposition", ["convicted", "not convicted", "pending", "unknown"])
def test_every_charge_is_decided_whatever_came_of_it(salt, disposition: str) -> None:
    policy, got = decide(salt(), disposition=disposition, offense_class="4")
    assert policy.decides_charges
    assert got is not None


def test_more_on_one_route_is_more_even_if_another_grants_less(salt) -> None:
    policy, court = decide(salt(), offense_class="4", facts={"grains": 31})
    _, queen = decide(salt(), offense_class="3", facts={"grains": 1})
    assert grants_more(policy, queen, court)
    assert grants_more(policy, court, queen)
    assert not grants_more(policy, court, court)


MARKED = """id = "strange"
then = "review"
contradiction = true
because = "Strange."
when = [{ cite = "ZZ Acts 9", test = { is = "flagged", flags = ["CLASS_CONFLICT"] } }]
[[routes.rules]]
id = "other_class\""""


def test_a_contradiction_is_left_out_of_the_comparison_on_its_route_alone(salt) -> None:
    text = POLICY.replace('id = "by_class"', MARKED.replace("other_class", "by_class"))
    policy, strange = decide(salt(text), offense_class="9", flags=["CLASS_CONFLICT"], facts={"grains": 31})
    assert [route.rule for route in strange.routes] == ["many_grains", "strange"]
    _, granted = decide(salt(text), offense_class="4", facts={"grains": 1})
    court_only = replace(granted, routes=tuple(r for r in granted.routes if r.relief == "court"))
    assert not grants_more(policy, court_only, strange)
    assert grants_more(policy, granted, strange)


def test_a_rule_of_the_same_id_in_another_route_hides_nothing(salt) -> None:
    text = POLICY.replace('id = "many_grains"', 'id = "strange"')
    text = text.replace('id = "by_class"', MARKED.replace("other_class", "by_class"))
    policy, many = decide(salt(text), offense_class="3", facts={"grains": 31})
    _, few = decide(salt(text), offense_class="3", facts={"grains": 1})
    assert many.routes[0].rule == "strange"
    assert grants_more(policy, few, many)


def test_a_rule_may_not_be_marked_as_of_a_contradiction_where_it_asks_for_none(salt) -> None:
    reform = salt()
    marked = POLICY.replace('id = "pending"', 'id = "pending"\ncontradiction = true')
    with pytest.raises(PolicyError, match=r"no ground asks whether the record contradicts itself"):
        reform.bind(PolicySource("statute.toml", marked))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('relief = "queen"\n', 'relief = "quen"\n', "no relief [quen]; did you mean [queen]"),
        ('relief = "court"\n', 'relief = "queen"\n', "route [queen] stands twice"),
        ('because = "Many', 'relief = "queen"\nbecause = "Many', "names no relief"),
        ('"pending"\nthen = "review"', '"pending"\nthen = "eligible"\nrelief = "court"', "before every route"),
        ('because = "Many grains."\ncite = "ZZ Acts 3"', 'because = "Many grains."\n'
         'when = [{ cite = "ZZ 1", test = { is = "shares_identifier" } }]', "the last rule must have no grounds"),
        ('because = "Of another', 'contradiction = true\nbecause = "Of another', "a contradiction leads to review"),
        ('id = "by_class"', 'id = "pending"', "rule id [pending] stands twice"),
    ],
    ids=["unknown", "twice", "relief", "shared", "last", "contradiction", "doubled"],
)  # fmt: skip
def test_a_route_that_does_not_hold_together_is_refused(salt, old: str, new: str, says: str) -> None:
    text = POLICY.replace(old, new, 1)
    assert text != POLICY
    reform = salt()
    with pytest.raises(PolicyError) as refused:
        reform.bind(PolicySource("statute.toml", text))
    assert says in str(refused.value)


def test_the_same_rule_id_may_stand_in_two_routes(salt) -> None:
    text = POLICY.replace('id = "other_class"', 'id = "many_grains"')
    _, got = decide(salt(text), offense_class="3", facts={"grains": 31})
    assert got.rule == "many_grains"
    assert got.reason == "By the queen: Many grains. By the court: Of another class."


def test_charges_alike_in_statute_and_grade_alone_are_not_taken_for_one_another(salt) -> None:
    policy = salt().bind(salt().find("statute"))
    person = make_person(
        make_count("ZZ 5", offense_class="4"),
        make_count("ZZ 5", offense_class="3"),
        make_count("ZZ 5", offense_class="4", disposition="pending"),
    )
    history = History(person)
    found = [policy.decide(Matter(history, count, dt.date(2020, 1, 1)), trace=False).granted for count in person.counts]
    assert found == [("court",), (), ()]
