"""What the court ordered on the charges of a run, as the vault knows it from tracking."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clearslate.filing.meanings import NO_ORDER, CourtOrder, EntryKey
from clearslate.track.case import Case, cases, last_noted
from clearslate.track.history import Standing, Step, standing
from clearslate.track.state import COURTS, State
from clearslate.vault import runs
from clearslate.vault.beside import TRACKED
from clearslate.vault.store import Store

_ORDERED = frozenset(
    {State.GRANTED, State.SIGNED, State.SEALED, State.POSTED, State.REPORTED, State.SEEN_CLEARED, State.VISIBLE_AGAIN}
)
"""The states of a charge on which the court said yes."""

_REPORTED = frozenset({State.REPORTED, State.SEEN_CLEARED})

NO_DAY = "an order of which no day is known"
NO_RELIEF = "which relief was ordered is not known; note it with --packet"
CONTRADICTED = "answers that contradict one another"
DENIED = "denied by the court"
NOT_FOUND = "a case that the court does not find"
MISMATCH = "a case in which the court finds other counts"
_WHY = {
    State.DECIDED: NO_ORDER,
    State.FILED: NO_ORDER,
    State.DENIED: DENIED,
    State.CASE_NOT_FOUND: NOT_FOUND,
    State.COUNT_MISMATCH: MISMATCH,
}
"""Why a granted charge has no order that can be used, in a few words."""


@dataclass(frozen=True, slots=True, repr=False)
class Orders:
    """The orders by charge; ``reported`` are those that the repository was told of, ``denied`` those denied.

    ``without`` says of every other granted charge of the run why it has no order. ``answered`` are those on which the
    court said yes, whether or not anybody knows the day.
    """

    by_charge: Mapping[EntryKey, CourtOrder] = field(default_factory=dict)
    reported: frozenset[EntryKey] = frozenset()
    denied: frozenset[EntryKey] = frozenset()
    without: Mapping[EntryKey, str] = field(default_factory=dict)
    answered: frozenset[EntryKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which reliefs an order counts, where a law gives several to one charge.

    ``packets`` are the reliefs that each packet asks for, by its id.
    """

    reliefs: Collection[str]
    packets: Mapping[str, Collection[str]]


def orders_of(store: Store, run: int, wanted: Wanted | None = None) -> Orders:
    """The orders on what a run granted. Raises VaultError.

    What was noted of the run counts, and of a charge of which nothing was, what was last noted of another run of its
    law. An order whose day nobody knows is none, nor is one that another answer contradicts. With ``wanted`` only what
    is known to be of those reliefs is an order.
    """
    found: dict[EntryKey, CourtOrder] = {}
    without: dict[EntryKey, str] = {}
    states: dict[State, set[EntryKey]] = {}
    for case, noted in _noted(store, run):
        steps, unknown = _about(noted, wanted)
        now = standing(steps)
        states.setdefault(now.state, set()).add(case.key)
        why = _lacking(now)
        if wanted is not None and why in (None, NO_DAY) and not _is_known(steps, unknown):
            why = NO_RELIEF
        if why is not None:
            without[case.key] = why
            continue
        day = now.days[State.SIGNED]
        assert day is not None
        found[case.key] = CourtOrder(day, _judge(steps))
    return Orders(
        found,
        _of(states, _REPORTED),
        _of(states, {State.DENIED}),
        without,
        _of(states, _ORDERED),
    )


def _of(states: Mapping[State, set[EntryKey]], wanted: Collection[State]) -> frozenset[EntryKey]:
    return frozenset[EntryKey]().union(*(states.get(state, ()) for state in wanted))


def _noted(store: Store, run: int) -> Iterator[tuple[Case, Sequence[Step]]]:
    """What a run granted, with what was noted of it, or else last of it in another run of the same law."""
    others = [one for one in TRACKED.runs(store) if one != run and _law(store, one) == _law(store, run)]
    elsewhere = {person for one in others for person in TRACKED.persons(store, one)}
    for of_person in cases(store, run):
        known: Mapping[EntryKey, Sequence[Step]] = {}
        if of_person and of_person[0].person in elsewhere:
            known = last_noted(store, of_person[0].person, run, others)
        for case in of_person:
            if case.is_granted:
                yield case, case.steps or known.get(case.key, ())


def _law(store: Store, run: int) -> object:
    return runs.read_run(store, run)["manifest"]["reform"]["id"]


def _about(steps: Sequence[Step], wanted: Wanted | None) -> tuple[Sequence[Step], Sequence[Step]]:
    """The steps that are or may be of the wanted reliefs, and those of which it is not known."""
    if wanted is None:
        return steps, ()
    kept, unknown = [], []
    for step in steps:
        reliefs = _reliefs(step, steps, wanted)
        if not reliefs:
            unknown.append(step)
        if not reliefs or not set(reliefs).isdisjoint(wanted.reliefs):
            kept.append(step)
    return kept, unknown


def _is_known(steps: Sequence[Step], unknown: Sequence[Step]) -> bool:
    """Whether it is known of the order, or where none has a day of a yes of the court, which reliefs it is of."""
    signed = [step for step in steps if step.state is State.SIGNED]
    said = signed or [step for step in steps if step.state in _ORDERED & COURTS]
    return any(step not in unknown for step in said)


def _reliefs(step: Step, steps: Sequence[Step], wanted: Wanted) -> Collection[str]:
    """The reliefs that a step is about, by its packet or the one that was filed last before it; none for unknown."""
    # What is told to the repository goes with another packet than what was asked.
    if step.state is State.FILED or (step.packet and step.state in COURTS):
        return wanted.packets.get(step.packet, ())
    if step.packet in wanted.packets:
        return wanted.packets[step.packet]
    filed = [(one.day, place) for place, one in enumerate(steps) if one.state is State.FILED and one.day <= step.day]
    return wanted.packets.get(steps[max(filed)[1]].packet, ()) if filed else ()


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
