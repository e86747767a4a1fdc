from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clearslate.assess import ordered
from clearslate.assess.ordered import CONTRADICTED, DENIED, NO_DAY, NO_ORDER, Orders, orders_of
from clearslate.filing.meanings import CourtOrder
from clearslate.track.case import Case
from clearslate.track.history import Step
from clearslate.track.state import State

DAY = dt.date(2026, 2, 5)
KEY = ("rolls.csv", 1)


def step(state: State, day: int | None = 5, judge: str = "", month: int = 2) -> Step:
    on = None if day is None else dt.date(2026, month, day)
    return Step(state, on, dt.date(2026, 3, 1), "2026-03-01T00:00:00.00Z", "oz", judge=judge)


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the steps of one granted charge come to."""

    def of(*steps: Step, outcome: str = "eligible") -> Orders:
        cells = {"source_file": "rolls.csv", "source_row": "1", "outcome": outcome}
        case = Case(1, 1, cells, steps)
        monkeypatch.setattr(ordered, "cases", lambda store, run: iter([[case]]))
        store: Any = None
        return orders_of(store, 1)

    return of


@pytest.mark.parametrize(
    "later",
    [(), (State.SEALED,), (State.POSTED,), (State.REPORTED,), (State.POSTED, State.SEEN_CLEARED)],
)
def test_an_order_has_the_day_and_the_judge_of_what_was_signed(orders: Any, later: tuple[State, ...]) -> None:
    steps = [step(state, 10 + place) for place, state in enumerate(later)]
    found = orders(step(State.FILED, 1), step(State.SIGNED, judge="Hon. G. North"), *steps)
    assert found.by_charge == {KEY: CourtOrder(DAY, "Hon. G. North")}
    assert found.without == {}
    assert found.reported == ({KEY} if later[-1:] in ((State.REPORTED,), (State.SEEN_CLEARED,)) else set())


def test_an_order_that_became_visible_again_is_to_be_reported_again(orders: Any) -> None:
    seen = step(State.SEEN_CLEARED, 11), step(State.VISIBLE_AGAIN, 20)
    found = orders(step(State.SIGNED), step(State.REPORTED, 10), *seen)
    assert (set(found.by_charge), found.reported) == ({KEY}, frozenset())


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((), NO_ORDER),
        ((step(State.FILED),), NO_ORDER),
        ((step(State.GRANTED, None),), NO_DAY),
        ((step(State.GRANTED),), NO_DAY),
        ((step(State.SEALED),), NO_DAY),
        ((step(State.DENIED),), DENIED),
        ((step(State.CASE_NOT_FOUND),), "a case that the court does not find"),
        ((step(State.COUNT_MISMATCH),), "a case in which the court finds other counts"),
        ((step(State.SIGNED), step(State.DENIED, 9)), CONTRADICTED),
        ((step(State.SIGNED), step(State.SIGNED, 9)), CONTRADICTED),
    ],
)
def test_what_is_no_order_with_a_day_is_none_and_says_why(orders: Any, steps: tuple[Step, ...], why: str) -> None:
    found = orders(*steps)
    assert found.by_charge == {}
    assert found.without == {KEY: why}
    assert found.denied == ({KEY} if why == DENIED else set())


def test_what_the_run_did_not_grant_has_no_order(orders: Any) -> None:
    assert orders(step(State.SIGNED), outcome="review") == Orders()
