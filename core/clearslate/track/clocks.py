"""The days that the law gives from one state of a case to another."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol, runtime_checkable

from clearslate.policy.reform import Reform
from clearslate.track.history import Standing
from clearslate.track.state import WAY, State


@dataclass(frozen=True, slots=True)
class Clock:
    """From ``start`` to ``stop`` the law gives so many ``days``; the day on which it starts is not counted.

    It runs for charges that were granted one of ``reliefs``, or for all where none is named.
    """

    id: str
    title: str
    start: State
    stop: State
    days: int
    cite: str
    reliefs: tuple[str, ...] = ()


CLOCKS: Mapping[str, tuple[Clock, ...]] = MappingProxyType(
    {
        "California": (
            Clock(
                "report_to_doj",
                "Report to the Department of Justice",
                State.SIGNED,
                State.REPORTED,
                30,
                "PC 13151",
            ),
        ),
        "Illinois": (
            Clock(
                "notice_to_prb",
                "Notice to the Prisoner Review Board",
                State.SIGNED,
                State.REPORTED,
                30,
                "20 ILCS 2630/5.2(i)(4)",
                ("sa_motion",),
            ),
            Clock(
                "expungement",
                "Expungement by the agencies and the State Police",
                State.SIGNED,
                State.SEEN_CLEARED,
                60,
                "20 ILCS 2630/5.2(d)(9)(A); form EXC-O 4704.2",
            ),
        ),
    }
)
"""The clocks of a jurisdiction, for reforms that bring none of their own."""


@runtime_checkable
class Timed(Protocol):
    """A reform that brings its own clocks, as its attribute ``clocks``."""

    @property
    def clocks(self) -> Sequence[Clock]:
        """The days that its law gives."""


def clocks_of(reform: Reform) -> Sequence[Clock]:
    """The clocks of a reform: its own, else those of its jurisdiction; none where nobody has told any."""
    if isinstance(reform, Timed):
        return tuple(reform.clocks)
    return CLOCKS.get(reform.about.jurisdiction, ())


class Pace(enum.Enum):
    """How a clock stands for a case."""

    NOT_BEGUN = "not begun"
    RUNNING = "running"
    RUN_OUT = "run out"
    NO_DAY = "no day"
    DONE = "done"


class Reading(NamedTuple):
    """What a clock shows; ``due`` is its last day, where that is known."""

    pace: Pace
    due: dt.date | None = None


def read(clock: Clock, now: Standing, as_of: dt.date, reliefs: Collection[str] = ()) -> Reading:
    """What a clock shows at the end of the day ``as_of`` for a case that was granted some reliefs."""
    if (clock.reliefs and not set(clock.reliefs) & set(reliefs)) or not _has_come_to(clock.start, now):
        return Reading(Pace.NOT_BEGUN)
    again = now.state is State.VISIBLE_AGAIN and clock.stop is State.SEEN_CLEARED
    if _has_come_to(clock.stop, now) and not again:
        return Reading(Pace.DONE)
    begun = now.days.get(clock.start)
    if begun is None:
        return Reading(Pace.NO_DAY)
    due = begun + dt.timedelta(days=clock.days)
    return Reading(Pace.RUN_OUT if as_of > due else Pace.RUNNING, due)


def _has_come_to(state: State, now: Standing) -> bool:
    """Whether the case came to a state, or to one that stands for it too."""
    if state in now.days:
        return True
    come = [WAY.index(one) for one in now.days if one in WAY and one is not State.SEALED]
    return state in WAY and state is not State.SEALED and WAY.index(state) <= max(come, default=0)
