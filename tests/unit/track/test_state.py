from __future__ import annotations

import re
from pathlib import Path

import pytest

from clearslate.track.state import COURTS, MEANINGS, ON_ONE_DAY, TRANSITIONS, WAY, Move, State

PAGE = (Path(__file__).parents[3] / "docs" / "tracking.md").read_text("utf-8")
WORDS = {Move.GOES: "yes", Move.GOES_LATER: "later", Move.STAYS: "stays", None: "no"}


def test_every_state_has_a_meaning_a_place_in_a_day_and_a_row_of_the_table() -> None:
    assert set(MEANINGS) == set(ON_ONE_DAY) == set(TRANSITIONS) == set(State)


def test_nothing_leads_back_to_a_decision_alone() -> None:
    assert all(State.DECIDED not in allowed for allowed in TRANSITIONS.values())


def test_a_grant_never_follows_a_denial_without_a_new_filing() -> None:
    assert set(TRANSITIONS[State.DENIED]) == {State.FILED, State.DENIED}


@pytest.mark.parametrize("state", WAY[2:])
def test_what_refuses_never_follows_what_grants(state: State) -> None:
    refusals = {State.DENIED, State.CASE_NOT_FOUND, State.COUNT_MISMATCH}
    assert not refusals & set(TRANSITIONS[state])
    assert State.FILED not in TRANSITIONS[state]


def test_nothing_is_reported_and_nothing_seen_cleared_that_the_court_has_not_granted() -> None:
    before = {state for state, allowed in TRANSITIONS.items() if {State.REPORTED, State.SEEN_CLEARED} & set(allowed)}
    assert before == {*WAY[2:], State.VISIBLE_AGAIN}


def test_on_one_day_what_refuses_comes_before_what_grants() -> None:
    ranks = {state: rank for rank, state in enumerate(ON_ONE_DAY)}
    assert max(ranks[state] for state in COURTS - set(WAY)) < min(ranks[state] for state in WAY[2:])


def test_only_a_denial_and_what_was_seen_cleared_are_closed() -> None:
    assert {state for state in State if not state.is_open} == {State.DENIED, State.SEEN_CLEARED}


def test_the_page_has_the_table_of_transitions_as_it_is() -> None:
    header, _, *rows = re.findall(r"^\| .* \|$", PAGE.partition("<!-- transitions -->")[2], re.MULTILINE)[
        : len(State) + 2
    ]
    columns = [cell.strip(" `") for cell in header.strip("|").split("|")][1:]
    shown = {}
    for row in rows:
        name, *cells = [cell.strip(" `") for cell in row.strip("|").split("|")]
        shown[name] = dict(zip(columns, cells, strict=True))
    wanted = {
        state.value: {
            other.value: WORDS[TRANSITIONS[state].get(other)] for other in State if other is not State.DECIDED
        }
        for state in State
    }
    assert shown == wanted


@pytest.mark.parametrize("state", State)
def test_the_page_says_what_a_state_means(state: State) -> None:
    assert f"| `{state.value}` | {MEANINGS[state]} |" in PAGE
