"""Runs as a vault keeps them: what was run, and what it decided of each person, under that person's own key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from clearslate.vault import spelling
from clearslate.vault.sealing import Kind, altered
from clearslate.vault.store import Step, Store

_PERSON_BITS = 32
_PERSON = (1 << _PERSON_BITS) - 1
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
    return read_list(store, Kind.DECISIONS, number_of(run, person))


def read_list(store: Store, kind: Kind, number: int) -> list[dict[str, Any]]:
    """A message that is a list of objects; nothing where it is not there. Raises VaultError."""
    return laid_open(store.get(kind, number)) if store.has(kind, number) else []


def laid_open(data: bytes) -> list[dict[str, Any]]:
    """A list of objects as it is sealed. Raises VaultError."""
    try:
        return msgspec.json.decode(data, type=list[dict[str, Any]])
    except msgspec.MsgspecError as error:
        raise altered() from error


def every_decision(store: Store, run: int) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """What a run decided, person by person. Raises VaultError."""
    numbers = [number_of(run, person) for person in decided_persons(store, run)]
    return ((number & _PERSON, laid_open(data)) for number, data in store.get_many(Kind.DECISIONS, numbers))


def decided_persons(store: Store, run: int) -> list[int]:
    """The persons of whom a run decided something, in order."""
    return persons_of(store, Kind.DECISIONS, run)


def persons_of(store: Store, kind: Kind, run: int) -> list[int]:
    """The persons of whom there is a message of a run, in order."""
    return [number & _PERSON for number in store.numbers(kind) if number >> _PERSON_BITS == run]


def of_person(store: Store, person: int, kind: Kind = Kind.DECISIONS) -> Iterator[int]:
    """The numbers of all that was decided of a person, or that is kept beside it."""
    return (number for run in runs(store) if store.has(kind, number := number_of(run, person)))


def redistribute(
    store: Store, step: Step, persons: Sequence[int], owner_of: Callable[[Mapping[str, Any]], int]
) -> None:
    """Let every decision that was made of some persons stand with the record that ``owner_of`` names now.

    What became of a decision, and what was said of it, begins with the decision's first cells and goes where it goes.
    """
    for run in runs(store):
        for kind in (Kind.DECISIONS, Kind.TRACKING, Kind.WORDS):
            found: dict[int, list[dict[str, Any]]] = {}
            moved = [person for person in persons if store.has(kind, number_of(run, person))]
            for person in moved:
                for one in read_list(store, kind, number_of(run, person)):
                    found.setdefault(owner_of(one), []).append(one)
            step.drop(kind, [number_of(run, person) for person in moved if person not in found])
            step.put_many(kind, ((number_of(run, person), msgspec.json.encode(each)) for person, each in found.items()))
