"""What the court ordered on the charges of a run, as the vault knows it from tracking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clearslate.filing.meanings import CourtOrder, EntryKey
from clearslate.track.case import cases
from clearslate.track.history import Standing, Step, standing
from clearslate.track.state import State
from clearslate.vault.store import Store

_ORDERED = frozenset(
    {State.GRANTED, State.SIGNED, State.SEALED, State.POSTED, State.REPORTED, State.SEEN_CLEARED, State.VISIBLE_AGAIN}
)
"""The states of a charge on which the court said yes."""

_REPORTED = frozenset({State.REPORTED, State.SEEN_CLEARED})

NO_ORDER = "no order of the court yet"
NO_DAY = "an order of which no day is known"
CONTRADICTED = "answers that contradict one another"
DENIED = "denied by the court"
_WHY = {
    State.DECIDED: NO_ORDER,
    State.FILED: NO_ORDER,
    State.DENIED: DENIED,
    State.CASE_NOT_FOUND: "a case that the court does not find",
    State.COUNT_MISMATCH: "a case in which the court finds other counts",
}
"""Why a granted charge has no order that can be used, in a few words."""


@dataclass(frozen=True, slots=True, repr=False)
class Orders:
    """The orders by charge; ``reported`` are those that the repository was told of, ``denied`` those denied.

    ``without`` says of every other granted charge of the run why it has no order.
    """

    by_charge: Mapping[EntryKey, CourtOrder] = field(default_factory=dict)
    reported: frozenset[EntryKey] = frozenset()
    denied: frozenset[EntryKey] = frozenset()
    without: Mapping[EntryKey, str] = field(default_factory=dict)


def orders_of(store: Store, run: int) -> Orders:
    """The orders on what a run granted. Raises VaultError.

    An order whose day nobody knows is none, nor is one that another answer contradicts.
    """
    found: dict[EntryKey, CourtOrder] = {}
    without: dict[EntryKey, str] = {}
    states: dict[State, set[EntryKey]] = {}
    for of_person in cases(store, run):
        for case in of_person:
            if not case.is_granted:
                continue
            now = standing(case.steps)
            states.setdefault(now.state, set()).add(case.key)
            why = _lacking(now)
            if why is not None:
                without[case.key] = why
                continue
            day = now.days[State.SIGNED]
            assert day is not None
            found[case.key] = CourtOrder(day, _judge(case.steps))
    reported = frozenset().union(*(states.get(state, set()) for state in _REPORTED))
    return Orders(found, reported, frozenset(states.get(State.DENIED, set())), without)


def _lacking(now: Standing) -> str | None:
    """Why there is no order to be used; None where there is one."""
    if now.contradictions:
        return CONTRADICTED
    if now.state in _ORDERED:
        return None if now.days.get(State.SIGNED) is not None else NO_DAY
    return _WHY[now.state]


def _judge(steps: Sequence[Step]) -> str:
    """Who signed, as last noted; blank where nobody says."""
    return next((step.judge for step in reversed(steps) if step.state is State.SIGNED and step.judge), "")
