"""An attorney's word on a determination: what it changes, what it leaves, and what stays written of the policy."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.unit.policy.test_routes import POLICY, REFORM, decide

from clearslate.policy.determination import Decision, Outcome, Prospect
from clearslate.policy.word import OBJECTED, REOPENED, REOPENED_RULE, SETTLED, Word, reopened, with_word

DAY = dt.date(2026, 1, 5)


def word(kind, outcome=None, relief=None, route=None):
    return Word(kind, outcome, relief, "It is in\nthe file.", "G. Quadling", DAY, route)


@pytest.fixture
def salt(make_reform):
    return make_reform(head=POLICY, scope="", last="", reform=REFORM)


@pytest.fixture
def open_beside_a_grant(salt):
    """The court's route grants, the queen's lacks the number of grains."""
    return decide(salt, offense_class="4")


def test_a_word_on_one_route_changes_that_route_alone_and_makes_the_whole_anew(open_beside_a_grant) -> None:
    policy, before = open_beside_a_grant
    got = with_word(policy, before, word("settle", Outcome.ELIGIBLE, "queen", "queen"))
    assert got.granted == ("queen", "court")
    assert got.routes[1] == before.routes[1]
    assert got.routes[0].rule == "attorney_settled"
    assert got.routes[0].reason.startswith("Settled by G. Quadling on 2026-01-05: It is in the file. The policy had ")
    assert SETTLED in got.flags
    assert (got.own, got.words[0].route) == (before, "queen")
    assert (got.word_on("queen"), got.word_on("court")) == (got.words[0], None)


def test_an_objection_to_the_whole_takes_every_grant_to_the_court_and_nothing_else(open_beside_a_grant) -> None:
    policy, before = open_beside_a_grant
    got = with_word(policy, before, word("object"))
    assert got.granted == ()
    assert got.decision == Decision(Outcome.REVIEW)
    assert got.routes[0] == before.routes[0]
    assert got.routes[1].prospects == (Prospect("by_class", Decision(Outcome.ELIGIBLE, "court")),)
    assert OBJECTED in got.flags


def test_a_later_word_on_the_same_route_takes_the_place_of_the_first(open_beside_a_grant) -> None:
    policy, before = open_beside_a_grant
    first = with_word(policy, before, word("object", route="court"))
    got = with_word(policy, first, word("overrule", Outcome.INELIGIBLE, None, "court"))
    assert got.routes[1].decision == Decision(Outcome.INELIGIBLE)
    assert got.word_on("court") == got.words[-1]
    assert got.own == before


@pytest.mark.parametrize("kind", ["settle", "overrule", "object"])
@pytest.mark.parametrize("route", ["queen", "court"])
def test_a_word_that_does_not_hold_opens_its_route_and_never_grants(open_beside_a_grant, kind, route) -> None:
    policy, before = open_beside_a_grant
    got = reopened(policy, before, word(kind, Outcome.ELIGIBLE, route, route))
    assert set(got.granted) <= set(before.granted)
    (ruling,) = [one for one in got.routes if one.relief == route]
    assert (ruling.decision, ruling.rule) == (Decision(Outcome.REVIEW), REOPENED_RULE)
    assert "The policy now decides" in ruling.reason
    assert REOPENED in got.flags
    assert got.words == ()
