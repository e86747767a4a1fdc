from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from clearslate.assess.ordered import CONTRADICTED, DENIED, NO_DAY, NO_RELIEF, Orders, Wanted, orders_of
from clearslate.filing.meanings import NO_ORDER, CourtOrder
from clearslate.track.history import Step
from clearslate.track.state import State
from clearslate.vault import runs
from clearslate.vault.beside import TRACKED
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

DAY = dt.date(2026, 2, 5)
KEY = ("rolls.csv", 1)


PACKETS = {"motion": ("vacate",), "own_motions": ("seal", "expunge")}


def step(state: State, day: int | None = 5, judge: str = "", month: int = 2, packet: str = "") -> Step:
    on = None if day is None else dt.date(2026, month, day)
    return Step(state, on, dt.date(2026, 3, 1), "2026-03-01T00:00:00.00Z", "oz", judge=judge, packet=packet)


class Book:
    """A vault with runs that decided one charge of one person, and what was noted of it."""

    def __init__(self) -> None:
        self.store = Store.temporary()
        with self.store.step() as writing:
            writing.put(Kind.PERSON, 1, b"")

    def keep(self, run: int, steps: Sequence[Step], outcome: str = "eligible", law: str = "oz") -> None:
        with self.store.step() as writing:
            columns = ["source_file", "source_row", "outcome"]
            runs.write_run(writing, run, {"manifest": {"reform": {"id": law}}, "columns": columns})
            runs.write_decisions(writing, run, [(1, [{"cells": ["rolls.csv", "1", outcome]}])])
            if steps:
                TRACKED.write(writing, run, [(1, {KEY: [one.told() for one in steps]})])


@pytest.fixture
def book() -> Iterator[Book]:
    made = Book()
    yield made
    made.store.close()


@pytest.fixture
def orders(book: Book) -> Any:
    """What the steps of one granted charge come to."""

    def of(*steps: Step, outcome: str = "eligible", relief: str | None = None) -> Orders:
        book.keep(1, steps, outcome)
        return orders_of(book.store, 1, None if relief is None else Wanted((relief,), PACKETS))

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


def test_what_was_noted_of_an_older_run_of_the_same_law_is_known_in_a_newer_one(book: Book) -> None:
    book.keep(1, [step(State.FILED, 1), step(State.SIGNED, judge="Hon. G. North"), step(State.REPORTED, 9)])
    book.keep(2, [step(State.DENIED)], law="another")
    book.keep(3, [])
    found = orders_of(book.store, 3)
    assert found.by_charge == {KEY: CourtOrder(DAY, "Hon. G. North")}
    assert found.reported == found.answered == {KEY}
    book.keep(4, [step(State.DENIED)])
    assert orders_of(book.store, 3).denied == {KEY}
    assert orders_of(book.store, 3).by_charge == {}
    # What was noted of the run itself comes before whatever was noted of others.
    book.keep(3, [step(State.FILED)])
    assert orders_of(book.store, 3).without == {KEY: NO_ORDER}


def test_an_order_is_of_the_relief_that_its_packet_asked_for(orders: Any) -> None:
    steps = (step(State.FILED, 1, packet="motion"), step(State.SIGNED))
    assert set(orders(*steps, relief="vacate").by_charge) == {KEY}
    assert orders(*steps, relief="seal").without == {KEY: NO_ORDER}
    assert orders(*steps, relief="seal").answered == set()
    named = (step(State.FILED, 1), step(State.SIGNED, packet="own_motions"))
    assert set(orders(*named, relief="expunge").by_charge) == {KEY}
    assert orders(*named, relief="vacate").without == {KEY: NO_ORDER}


def test_two_reliefs_have_each_an_order_of_its_own(orders: Any) -> None:
    steps = (
        step(State.FILED, 1, packet="motion"), step(State.SIGNED, 5),
        step(State.FILED, 10, packet="own_motions"), step(State.DENIED, 12),
    )  # fmt: skip
    assert orders(*steps, relief="vacate").by_charge == {KEY: CourtOrder(DAY, "")}
    assert orders(*steps, relief="seal").denied == {KEY}


@pytest.mark.parametrize(
    "steps",
    [
        (step(State.SIGNED),),
        (step(State.GRANTED),),
        (step(State.FILED, 1), step(State.SIGNED)),
        (step(State.FILED, 1, packet="forms"), step(State.SIGNED)),
        (step(State.FILED, 1, packet="motion"), step(State.SIGNED, packet="forms")),
        (step(State.SIGNED, 5), step(State.SEALED, 6), step(State.REPORTED, 7, packet="doj_update")),
    ],
)
def test_an_order_of_which_no_packet_is_known_is_of_no_relief(orders: Any, steps: tuple[Step, ...]) -> None:
    found = orders(*steps, relief="vacate")
    assert (found.by_charge, found.without, found.answered) == ({}, {KEY: NO_RELIEF}, {KEY})


def test_a_denial_of_which_no_packet_is_known_is_of_every_relief(orders: Any) -> None:
    assert orders(step(State.DENIED), relief="vacate").denied == {KEY}
