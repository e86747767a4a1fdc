"""The history of a case: steps that are only ever added to, and the state that follows from them."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clearslate.track.state import COURTS, ON_ONE_DAY, TRANSITIONS, Move, State
from clearslate.vault.sealing import altered

_RANK = {state: rank for rank, state in enumerate(ON_ONE_DAY)}
_TEXTS = ("packet", "judge", "count", "note")


class Origin(NamedTuple):
    """Where in a file a step was read: base name, row from 1 (0 where it is of the whole file), and its digest."""

    name: str
    row: int
    sha256: str


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One thing that was noted of a case.

    ``on`` is the day on which it was so, None where nobody says; ``noted`` the day on which the office learned of it,
    ``at`` when it was written, and ``who`` wrote it. ``settles``: a person says with it what holds of all before it.
    """

    state: State
    on: dt.date | None
    noted: dt.date
    at: str
    who: str
    source: Origin | None = None
    packet: str = ""
    judge: str = ""
    count: str = ""
    note: str = ""
    settles: bool = False

    @property
    def day(self) -> dt.date:
        """The day it counts from: its own, else that on which the office learned of it."""
        return self.on or self.noted

    @property
    def said(self) -> tuple[object, ...]:
        """What it says, whoever says it and wherever it stands."""
        return (self.state, self.on, self.packet, self.judge, self.count, self.note, self.settles)

    def told(self) -> dict[str, Any]:
        """As a vault keeps it."""
        told: dict[str, Any] = {"state": self.state.value}
        if self.on is not None:
            told["on"] = self.on.isoformat()
        told |= {"noted": self.noted.isoformat(), "at": self.at, "who": self.who}
        if self.source is not None:
            told["source"] = list(self.source)
        told |= {name: text for name in _TEXTS if (text := getattr(self, name))}
        return {**told, "settles": True} if self.settles else told

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Step:
        """A step as a vault keeps it. Raises VaultError."""
        try:
            source = told.get("source")
            return cls(
                state=State(told["state"]),
                on=dt.date.fromisoformat(told["on"]) if "on" in told else None,
                noted=dt.date.fromisoformat(told["noted"]),
                at=str(told["at"]),
                who=str(told["who"]),
                source=None if source is None else Origin(str(source[0]), int(source[1]), str(source[2])),
                settles=bool(told.get("settles", False)),
                **{name: str(told.get(name, "")) for name in _TEXTS},
            )
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise altered() from error


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: its state, and since when.

    ``days`` are those on which it came to each state, None where the step names no day. ``contradictions`` are the
    numbers, from 0, of the steps that contradict what else is known, and that nobody has settled.
    """

    state: State = State.DECIDED
    since: dt.date | None = None
    days: Mapping[State, dt.date | None] = field(default_factory=dict)
    contradictions: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is something left to be done, or to be looked at."""
        return self.state.is_open or bool(self.contradictions)


class _Walk:
    """Goes through steps in the order of their days."""

    def __init__(self) -> None:
        self.state = State.DECIDED
        self.since: dt.date | None = None
        self.days: dict[State, dt.date | None] = {}
        self.contradictions: list[int] = []
        self._moved: tuple[dt.date, int] | None = None
        self._unnamed: set[State] = set()
        """Answers without a day that came before the case was last filed."""

    def take(self, number: int, step: Step, phase: int) -> None:
        when = (step.day, phase)
        move = TRANSITIONS[self.state].get(step.state)
        if move is Move.GOES_LATER and self._moved is not None and when <= self._moved:
            move = None
        if move is None or self._is_another_order(step) or self._may_be_of_before(step):
            self.contradictions.append(number)
            return
        if step.state is State.FILED:
            self._unnamed |= {state for state, day in self.days.items() if day is None and state in COURTS}
        if move is not Move.STAYS:
            self._go(step.state, step.on, when)
        elif self.days.get(step.state) is None:
            self.days[step.state] = step.on

    def _go(self, state: State, on: dt.date | None, when: tuple[dt.date, int]) -> None:
        self.state, self.since, self._moved = state, on, when
        if on is not None or state not in self.days:
            self.days[state] = on

    def _is_another_order(self, step: Step) -> bool:
        """Whether it names another day for an order than the one that is known."""
        known = self.days.get(State.SIGNED)
        return step.state is State.SIGNED and None not in (known, step.on) and step.on != known

    def _may_be_of_before(self, step: Step) -> bool:
        """Whether an answer without a day may be one from before the case was filed again."""
        return step.on is None and self.state is State.FILED and step.state in self._unnamed

    def settle(self, step: Step) -> None:
        """Take a person's word for what holds; days that it leaves as they are stay known."""
        rank = _RANK[step.state]
        self.days = {state: day for state, day in self.days.items() if _RANK[state] < rank}
        self.contradictions.clear()
        self._unnamed.clear()
        self._go(step.state, step.on, (step.day, 0))


def standing(steps: Sequence[Step], as_of: dt.date | None = None) -> Standing:
    """Where a case with these steps stands, at the end of the day ``as_of`` or by all that is known.

    It depends on what the steps say and not on the order in which they were noted; but a step that settles does so for
    those noted before it.
    """
    numbered = [(number, step) for number, step in enumerate(steps) if as_of is None or step.day <= as_of]
    walk = _Walk()
    waiting: list[tuple[int, Step]] = []
    for number, step in numbered:
        if step.settles:
            _go_through(walk, waiting)
            waiting = []
            walk.settle(step)
        else:
            waiting.append((number, step))
    _go_through(walk, waiting)
    return Standing(walk.state, walk.since, walk.days, tuple(sorted(walk.contradictions)))


def _go_through(walk: _Walk, steps: Sequence[tuple[int, Step]]) -> None:
    phases = _phases([step for _, step in steps])
    ordered = sorted(
        zip(steps, phases, strict=True),
        key=lambda one: (one[0][1].day, one[1], _RANK[one[0][1].state], one[0][1].on is None, one[0][0]),
    )
    for (number, step), phase in ordered:
        walk.take(number, step, phase)


def _phases(steps: Sequence[Step]) -> list[int]:
    """Where on its day each step belongs.

    A day begins with what was filed. But a filing that was noted after an answer which names no day, on the day of that
    answer, is a new one: it begins another phase of the day.
    """
    late: dict[dt.date, list[str]] = {}
    for step in steps:
        answers = [other for other in steps if other.day == step.day and other.state in COURTS]
        new = any(other.at < step.at for other in answers) and all(other.on is None for other in answers)
        if step.state is State.FILED and new:
            late.setdefault(step.day, []).append(step.at)
    return [
        sum(at < step.at or (step.state is State.FILED and at == step.at) for at in late.get(step.day, ()))
        if step.on is None or step.state is State.FILED
        else 0
        for step in steps
    ]


class Entered(enum.Enum):
    """What became of a step that was to be noted."""

    APPLIED = "applied"
    REPEATED = "repeated"
    CONTRADICTORY = "contradictory"


def entered(steps: Sequence[Step], step: Step) -> tuple[Entered, Sequence[Step]]:
    """The history with one more step, unless it says nothing new; a contradiction is noted like everything else."""
    before = standing(steps)
    if _is_known(steps, step, before):
        return (Entered.CONTRADICTORY if before.contradictions else Entered.REPEATED), steps
    longer = [*steps, step]
    after = standing(longer)
    worse = len(after.contradictions) > len(before.contradictions)
    return (Entered.CONTRADICTORY if worse else Entered.APPLIED), longer


def _is_known(steps: Sequence[Step], step: Step, now: Standing) -> bool:
    if step.settles:
        return not now.contradictions and bool(steps) and steps[-1].said == step.said
    for known in steps:
        if known.said != step.said:
            continue
        if step.on is not None or (step.source is not None and known.source is not None and _one(step, known)):
            return True
        filed = [other.day for other in steps if other.state is State.FILED]
        # The same words after a new filing may be a new answer.
        if known.noted <= step.noted and not any(known.noted < day <= step.noted for day in filed):
            return True
    return False


def _one(step: Step, other: Step) -> bool:
    assert step.source is not None
    assert other.source is not None
    return step.source[1:] == other.source[1:]
