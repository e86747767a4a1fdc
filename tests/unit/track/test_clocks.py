from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from clearslate.registry import load
from clearslate.track.clocks import CLOCKS, Clock, Pace, Reading, clocks_of, read
from clearslate.track.history import standing
from clearslate.track.state import State

S = State

REPORT = Clock("report", "Report", S.SIGNED, S.REPORTED, 30, "ZZ 1")
SEEN = Clock("seen", "Seen", S.SIGNED, S.SEEN_CLEARED, 60, "ZZ 2")
SIGNED = dt.date(2026, 3, 2)


def shown(clock: Clock, steps: list[Any], days: int) -> Reading:
    return read(clock, standing(steps), SIGNED + dt.timedelta(days=days))


def test_a_clock_runs_out_on_the_day_after_its_last(step: Any) -> None:
    due = SIGNED + dt.timedelta(days=30)
    assert shown(REPORT, [step(S.SIGNED, 2)], 29) == Reading(Pace.RUNNING, due)
    assert shown(REPORT, [step(S.SIGNED, 2)], 30) == Reading(Pace.RUNNING, due)
    assert shown(REPORT, [step(S.SIGNED, 2)], 31) == Reading(Pace.RUN_OUT, due)


@pytest.mark.parametrize(
    ("steps", "pace"),
    [
        ([], Pace.NOT_BEGUN),
        ([(S.FILED, 1)], Pace.NOT_BEGUN),
        ([(S.DENIED, 1)], Pace.NOT_BEGUN),
        ([(S.SEALED, 1)], Pace.NOT_BEGUN),
        ([(S.GRANTED, None)], Pace.NOT_BEGUN),
        ([(S.POSTED, 3)], Pace.NO_DAY),
        ([(S.SIGNED, 2), (S.SEALED, 3)], Pace.RUNNING),
        ([(S.SIGNED, 2), (S.REPORTED, 9)], Pace.DONE),
        ([(S.SIGNED, 2), (S.SEEN_CLEARED, 9)], Pace.DONE),
        ([(S.SIGNED, 2), (S.POSTED, 9)], Pace.RUNNING),
    ],
)
def test_a_clock_begins_with_its_first_state_and_ends_with_its_last(step: Any, steps: Any, pace: Pace) -> None:
    assert shown(REPORT, [step(*one) for one in steps], 20).pace is pace


def test_what_can_be_seen_again_is_not_done(step: Any) -> None:
    steps = [step(S.SIGNED, 2), step(S.SEEN_CLEARED, 9)]
    assert shown(SEEN, steps, 20).pace is Pace.DONE
    assert shown(SEEN, [*steps, step(S.VISIBLE_AGAIN, 15)], 20).pace is Pace.RUNNING
    assert shown(REPORT, [*steps, step(S.VISIBLE_AGAIN, 15)], 20).pace is Pace.DONE


def test_a_clock_of_some_reliefs_runs_for_these_alone(step: Any) -> None:
    clock = Clock("notice", "Notice", S.SIGNED, S.REPORTED, 30, "ZZ 3", ("motion",))
    now = standing([step(S.SIGNED, 2)])
    paces = [read(clock, now, SIGNED, reliefs).pace for reliefs in ((), ("ordinary",), ("ordinary", "motion"))]
    assert paces == [Pace.NOT_BEGUN, Pace.NOT_BEGUN, Pace.RUNNING]


def test_a_contradiction_does_not_stop_a_clock(step: Any) -> None:
    assert shown(REPORT, [step(S.SIGNED, 2), step(S.DENIED, 5)], 40).pace is Pace.RUN_OUT


def test_a_reform_brings_its_own_clocks_or_has_those_of_its_jurisdiction() -> None:
    about = SimpleNamespace(jurisdiction="California")
    assert clocks_of(SimpleNamespace(about=about)) == CLOCKS["California"]  # type: ignore[arg-type]
    assert clocks_of(SimpleNamespace(about=about, clocks=[REPORT])) == (REPORT,)  # type: ignore[arg-type]
    assert clocks_of(SimpleNamespace(about=SimpleNamespace(jurisdiction="Oz"))) == ()  # type: ignore[arg-type]


def test_every_reform_that_comes_with_the_program_has_clocks() -> None:
    for reform in load().reforms.values():
        ids = [clock.id for clock in clocks_of(reform)]
        assert ids
        assert len(set(ids)) == len(ids)
        known = {relief.id for relief in reform.about.reliefs}
        assert all(set(clock.reliefs) <= known for clock in clocks_of(reform))


@pytest.mark.parametrize(("jurisdiction", "days"), [("California", [30]), ("Illinois", [30, 60])])
def test_the_days_of_the_law(jurisdiction: str, days: list[int]) -> None:
    assert [clock.days for clock in CLOCKS[jurisdiction]] == days
    assert all(clock.cite and clock.start is S.SIGNED for clock in CLOCKS[jurisdiction])
