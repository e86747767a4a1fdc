from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearslate.errors import VaultError
from clearslate.track.history import Entered, Origin, Standing, Step, entered, standing
from clearslate.track.state import State

S = State


def march(day: int) -> dt.date:
    return dt.date(2026, 3, day)


def after(*steps: Step) -> Standing:
    return standing(steps)


def test_nothing_noted_is_decided() -> None:
    assert after() == Standing()
    assert after().is_open


def test_the_whole_way_is_gone_with_the_day_of_each_state(step: Any) -> None:
    way = [S.FILED, S.GRANTED, S.SIGNED, S.SEALED, S.POSTED, S.REPORTED, S.SEEN_CLEARED]
    now = after(*(step(state, day) for day, state in enumerate(way, 1)))
    assert (now.state, now.since, now.contradictions) == (S.SEEN_CLEARED, march(7), ())
    assert dict(now.days) == {state: march(day) for day, state in enumerate(way, 1)}
    assert not now.is_open


@pytest.mark.parametrize(
    ("first", "then", "state", "contradicts"),
    [
        ((S.SIGNED, 3), (S.DENIED, 5), S.SIGNED, True),
        ((S.DENIED, 3), (S.SIGNED, 5), S.DENIED, True),
        ((S.DENIED, 3), (S.FILED, 5), S.FILED, False),
        ((S.CASE_NOT_FOUND, 3), (S.SIGNED, 5), S.SIGNED, False),
        ((S.CASE_NOT_FOUND, 3), (S.SIGNED, 3), S.CASE_NOT_FOUND, True),
        ((S.DENIED, 3), (S.GRANTED, 3), S.DENIED, True),
        ((S.SIGNED, 3), (S.SIGNED, 4), S.SIGNED, True),
        ((S.SIGNED, 3), (S.GRANTED, None), S.SIGNED, False),
        ((S.SEALED, 3), (S.SIGNED, 5), S.SEALED, False),
        ((S.FILED, 3), (S.REPORTED, 5), S.FILED, True),
        ((S.SIGNED, 3), (S.FILED, 5), S.SIGNED, True),
        ((S.GRANTED, 3), (S.COUNT_MISMATCH, 5), S.GRANTED, True),
        ((S.SIGNED, 3), (S.SEEN_CLEARED, 3), S.SEEN_CLEARED, False),
    ],
)
def test_one_thing_after_another(
    step: Any, first: tuple[S, int], then: tuple[S, int | None], state: S, contradicts: bool
) -> None:
    for steps in ((first, then), (then, first)):
        now = after(*(step(*one) for one in steps))
        assert (now.state, bool(now.contradictions)) == (state, contradicts)


def test_what_a_state_says_already_leaves_it_as_it_is(step: Any) -> None:
    now = after(step(S.SIGNED, 1), step(S.REPORTED, 3), step(S.POSTED, 5), step(S.GRANTED, None))
    assert (now.state, now.since, now.contradictions) == (S.REPORTED, march(3), ())
    assert now.days[S.POSTED] == march(5)


def test_a_contradiction_leaves_a_case_open_however_far_it_came(step: Any) -> None:
    now = after(step(S.SIGNED, 2), step(S.SEEN_CLEARED, 9), step(S.DENIED, 5))
    assert (now.state, now.contradictions, now.is_open) == (S.SEEN_CLEARED, (2,), True)


def test_a_case_that_is_seen_again_is_open_until_it_is_seen_cleared_again(step: Any) -> None:
    steps = [step(S.SIGNED, 2), step(S.SEEN_CLEARED, 4), step(S.VISIBLE_AGAIN, 6)]
    assert after(*steps).is_open
    assert after(*steps, step(S.SEEN_CLEARED, 8)).state is S.SEEN_CLEARED


def test_what_is_dated_after_the_day_asked_for_is_not_counted(step: Any) -> None:
    steps = [step(S.FILED, 2), step(S.SIGNED, 10), step(S.DENIED, None, noted=15)]
    found = [
        (standing(steps, march(day)).state, len(standing(steps, march(day)).contradictions)) for day in (1, 9, 14, 15)
    ]
    assert found == [(S.DECIDED, 0), (S.FILED, 0), (S.SIGNED, 0), (S.SIGNED, 1)]


# Answers without a day


def test_an_answer_without_a_day_counts_from_the_day_on_which_it_came(step: Any) -> None:
    now = after(step(S.GRANTED, None, noted=9))
    assert (now.state, now.since) == (S.GRANTED, None)
    assert after(step(S.GRANTED, None, noted=9), step(S.REPORTED, 8)).contradictions == (1,)


def test_a_case_may_be_filed_again_on_the_day_on_which_a_refusal_came(step: Any) -> None:
    refused = step(S.CASE_NOT_FOUND, None, noted=9, at=1)
    filed = step(S.FILED, 9, noted=9, at=2)
    assert after(step(S.FILED, 1), refused, filed).state is S.FILED
    # A filing of that day that was known before it came is the one that was answered.
    assert after(step(S.FILED, 9, noted=9, at=0), refused).state is S.CASE_NOT_FOUND
    # An answer that names its day stands against a filing of the same day, whenever that was noted.
    assert after(step(S.DENIED, 9, noted=9, at=1), filed).state is S.DENIED


def test_the_same_answer_without_a_day_after_a_new_filing_may_be_the_older_one(step: Any, origin: Any) -> None:
    steps = [step(S.DENIED, None, noted=3, source=origin(1, "a.csv")), step(S.FILED, 5)]
    again = step(S.DENIED, None, noted=9, source=origin(1, "b.csv"))
    result, longer = entered(steps, again)
    assert (result, len(longer)) == (Entered.CONTRADICTORY, 3)
    assert (standing(longer).state, standing(longer).contradictions) == (S.FILED, (2,))
    # The very same row of the very same file says nothing new.
    same = step(S.DENIED, None, noted=9, source=origin(1, "a.csv"))
    assert entered(steps, same) == (Entered.REPEATED, steps)


# Entering


def test_what_is_known_already_changes_nothing(step: Any, origin: Any) -> None:
    steps = [step(S.SIGNED, 3, judge="J. Oz", source=origin())]
    for again in (step(S.SIGNED, 3, judge="J. Oz", noted=25), step(S.SIGNED, 3, judge="J. Oz", source=origin(9))):
        assert entered(steps, again) == (Entered.REPEATED, steps)
    result, longer = entered(steps, step(S.SIGNED, 3, judge="Another"))
    assert (result, len(longer), standing(longer).contradictions) == (Entered.APPLIED, 2, ())


def test_a_contradiction_is_kept_and_says_so_each_time(step: Any) -> None:
    steps = [step(S.SIGNED, 3)]
    result, longer = entered(steps, step(S.DENIED, 5))
    assert (result, len(longer)) == (Entered.CONTRADICTORY, 2)
    assert entered(longer, step(S.DENIED, 5)) == (Entered.CONTRADICTORY, longer)


def test_a_person_settles_what_holds_and_the_history_stays(step: Any) -> None:
    steps = [step(S.SIGNED, 3), step(S.DENIED, 5)]
    settling = step(S.DENIED, 5, settles=True, note="seen in the minutes")
    result, longer = entered(steps, settling)
    now = standing(longer)
    assert (result, now.state, now.contradictions, now.is_open) == (Entered.APPLIED, S.DENIED, (), False)
    assert list(longer)[:2] == steps
    assert S.SIGNED not in now.days
    # What was settled may come again; what is new may contradict again.
    assert entered(longer, step(S.SIGNED, 3))[0] is Entered.REPEATED
    assert entered(longer, settling)[0] is Entered.REPEATED
    result, worse = entered(longer, step(S.SIGNED, 8))
    assert (result, standing(worse).contradictions) == (Entered.CONTRADICTORY, (3,))
    assert entered(worse, settling)[0] is Entered.APPLIED


def test_days_that_a_settlement_leaves_as_they_are_stay_known(step: Any) -> None:
    steps = [step(S.SIGNED, 3), step(S.DENIED, 5), step(S.REPORTED, 6, settles=True, note="seen")]
    assert dict(standing(steps).days) == {S.SIGNED: march(3), S.REPORTED: march(6)}


# Keeping


def test_a_step_is_kept_as_it_was(step: Any, origin: Any) -> None:
    whole = step(
        S.SIGNED, 3, source=origin(7), packet="first", judge="J. Oz", count="2", note="see the minutes", settles=True
    )
    bare = step(S.DENIED)
    for one in (whole, bare):
        assert Step.read(one.told()) == one
    assert set(bare.told()) == {"state", "noted", "at", "who"}
    assert "Oz" not in repr(whole)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"state": "cleared", "noted": "2026-03-01", "at": "", "who": ""},
        {"state": "filed", "noted": "soon", "at": "", "who": ""},
        {"state": "filed", "noted": "2026-03-01", "at": "", "who": "", "source": ["a"]},
        {"state": "filed", "noted": "2026-03-01", "at": "", "who": "", "on": 3},
    ],
)
def test_what_is_no_step_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(VaultError):
        Step.read(told)


# Properties

_ANSWERS = st.tuples(
    st.sampled_from([S.GRANTED, S.SIGNED, S.SEALED, S.DENIED, S.CASE_NOT_FOUND, S.COUNT_MISMATCH]),
    st.none() | st.integers(1, 6),
)
_MARKS = st.tuples(st.sampled_from([S.FILED, S.POSTED, S.REPORTED]), st.integers(1, 6))


def _answers(told: Sequence[tuple[S, int | None]]) -> list[Step]:
    """Answers as a file has them: what has a day of an order is signed and not just granted."""
    made = []
    for row, (state, day) in enumerate(told, 1):
        if state is S.GRANTED and day is not None:
            state = S.SIGNED
        if state is S.SIGNED and day is None:
            state = S.GRANTED
        on = None if day is None else march(day)
        made.append(Step(state, on, march(20), f"2026-03-20T00:00:{row:02d}", "tester", Origin("a.csv", row, "a" * 64)))
    return made


def _taken_in(steps: Sequence[Step], answers: Sequence[Step]) -> tuple[Sequence[Step], list[Entered]]:
    results = []
    for answer in answers:
        result, steps = entered(steps, answer)
        results.append(result)
    return steps, results


@given(st.lists(_MARKS, max_size=3), st.lists(_ANSWERS, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_answers_in_any_order_and_again_give_the_same_state(
    marks: list[tuple[S, int]], told: list[tuple[S, int | None]], random: Any
) -> None:
    before = [Step(state, march(day), march(10), "2026-03-10T00:00:00", "tester") for state, day in marks]
    answers = _answers(told)
    steps, results = _taken_in(before, answers)
    now = standing(steps)
    assert len(results) == len(answers)
    mixed = answers[:]
    random.shuffle(mixed)
    other, _ = _taken_in(before, mixed)
    then = standing(other)
    assert (now.state, now.since, dict(now.days)) == (then.state, then.since, dict(then.days))
    assert len(now.contradictions) == len(then.contradictions)
    again, repeated = _taken_in(steps, answers)
    assert again == steps
    assert all((result is Entered.CONTRADICTORY) == bool(now.contradictions) for result in repeated)


@given(st.lists(_ANSWERS | _MARKS, max_size=6))
@settings(max_examples=200, deadline=None)
def test_no_step_is_lost_and_every_one_either_fits_or_contradicts(told: list[tuple[S, int | None]]) -> None:
    steps: Sequence[Step] = []
    for one in _answers(told):
        result, longer = entered(steps, one)
        assert list(longer[: len(steps)]) == list(steps)
        assert len(longer) - len(steps) in ((1,) if result is Entered.APPLIED else (0, 1))
        steps = longer
    now = standing(steps)
    assert all(0 <= number < len(steps) for number in now.contradictions)
    assert now.is_open or now.state in (S.DENIED, S.SEEN_CLEARED)


@given(st.lists(_ANSWERS, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_order_of_a_court_that_also_refuses_is_closed(told: list[tuple[S, int | None]]) -> None:
    steps, _ = _taken_in([], _answers(told))
    now = standing(steps)
    states = {step.state for step in steps}
    if states & {S.GRANTED, S.SIGNED, S.SEALED} and S.DENIED in states:
        assert now.is_open


def test_every_pair_of_answers_is_alike_in_both_orders() -> None:
    states = (S.GRANTED, S.SEALED, S.DENIED, S.CASE_NOT_FOUND)
    answers = _answers([(state, day) for state in states for day in (None, 1, 2)])
    for one, other in itertools.combinations(answers, 2):
        first, second = (standing(_taken_in([], pair)[0]) for pair in ([one, other], [other, one]))
        assert (first.state, len(first.contradictions)) == (second.state, len(second.contradictions))
