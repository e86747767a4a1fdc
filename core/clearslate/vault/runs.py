"""Runs as a vault keeps them: what was run, and what it decided of each person, under that person's own key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from clearslate.vault import spelling
from clearslate.vault.sealing import Kind, altered
from clearslate.vault.store import Step, Store

_PERSON_BITS = 32
MOST_RUNS = (1 << 16) - 1


def number_of(run: int, person: int) -> int:
    """The number of what a run decided of a person."""
    return (run << _PERSON_BITS) | person


def runs(store: Store) -> list[int]:
    """The numbers of the runs, in order."""
    return store.numbers(Kind.RUN)


def read_run(store: Store, run: int) -> dict[str, Any]:
    """What was run. Raises VaultError."""
    try:
        return spelling.read(store.get(Kind.RUN, run))
    except ValueError as error:
        raise altered() from error


def write_run(step: Step, run: int, told: dict[str, Any]) -> None:
    """Keep what was run."""
    step.put(Kind.RUN, run, spelling.spelled(told))


def write_decisions(step: Step, run: int, decided: Iterable[tuple[int, list[dict[str, Any]]]]) -> int:
    """Keep what a run decided of each person; give of how many."""
    return step.put_many(
        Kind.DECISIONS, ((number_of(run, person), msgspec.json.encode(each)) for person, each in decided)
    )


def read_decisions(store: Store, run: int, person: int) -> list[dict[str, Any]]:
    """What a run decided of a person; nothing where it decided nothing. Raises VaultError."""
    number = number_of(run, person)
    if not store.has(Kind.DECISIONS, number):
        return []
    try:
        return msgspec.json.decode(store.get(Kind.DECISIONS, number), type=list[dict[str, Any]])
    except msgspec.MsgspecError as error:
        raise altered() from error


def decided_persons(store: Store, run: int) -> list[int]:
    """The persons of whom a run decided something, in order."""
    mask = (1 << _PERSON_BITS) - 1
    return [number & mask for number in store.numbers(Kind.DECISIONS) if number >> _PERSON_BITS == run]


def of_person(store: Store, person: int) -> Iterator[int]:
    """The numbers of all that was decided of a person."""
    return (number for run in runs(store) if store.has(Kind.DECISIONS, number := number_of(run, person)))


def redistribute(
    store: Store, step: Step, persons: Sequence[int], owner_of: Callable[[Mapping[str, Any]], int]
) -> None:
    """Let every decision that was made of some persons stand with the record that ``owner_of`` names now."""
    for run in runs(store):
        found: dict[int, list[dict[str, Any]]] = {}
        moved = [person for person in persons if store.has(Kind.DECISIONS, number_of(run, person))]
        for person in moved:
            for decision in read_decisions(store, run, person):
                found.setdefault(owner_of(decision), []).append(decision)
        step.drop(Kind.DECISIONS, [number_of(run, person) for person in moved if person not in found])
        write_decisions(step, run, found.items())
