"""Which records an ingest makes anew: the persons of all files, the kept and the new, against the records there are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clearslate.ingest.extents import Extents
from clearslate.ingest.kept import KeptSource
from clearslate.ingest.people import NOBODY
from clearslate.ingest.rows import Ints
from clearslate.vault.records import REMAINDER_OWNER

_NEW, _ANOTHERS = -1, -2


@dataclass(frozen=True, slots=True)
class Remade:
    """One person whose record is sealed anew: the person's number in the reading, and in the vault.

    ``extents`` are indexes. ``before`` are the numbers of the records that the person had, ``number`` among them
    where one goes on under it.
    """

    person: int
    number: int
    extents: Ints
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What to seal. ``simple`` only gain rows or are new; ``moved`` persons have rows that were another's before.

    ``owner`` is the number in the vault of each extent's person and ``numbers`` that of each person of the reading;
    ``dropped`` are records that nobody has any more.
    """

    simple: Sequence[Remade]
    moved: Sequence[Remade]
    dropped: Sequence[int]
    owner: Ints
    numbers: Ints
    next_person: int
    digest: str


def plan(extents: Extents, kept: Sequence[KeptSource], next_person: int) -> Plan:
    """The plan for a reading whose first files are the ``kept`` ones; new persons are numbered from ``next_person``."""
    before, cut_otherwise = _owners_before(extents, kept)
    had = _extents_of_owners(kept)
    order, starts, people = _by_person(extents)
    number_of = np.full(int(extents.person.max(initial=NOBODY)) + 1, 0, np.int64)
    simple: list[Remade] = []
    moved: list[Remade] = []
    taken: set[int] = set()
    released: set[int] = set()
    for person, own in zip(people, _groups(order, starts), strict=True):
        olds = before[own]
        if not kept or bool((olds == _NEW).all()):
            simple.append(Remade(person, next_person, own, ()))
            number_of[person] = next_person
            next_person += 1
            continue
        known = np.unique(olds[olds > 0])
        old = int(known[0]) if len(known) else 0
        stays = len(known) == 1 and not bool((olds == _ANOTHERS).any()) and int((olds == old).sum()) == had.get(old, 0)
        if stays:
            number_of[person] = old
            if bool((olds == _NEW).any()):
                simple.append(Remade(person, old, own, (old,)))
            continue
        owners = set(known.tolist()).union(*(cut_otherwise[at] for at in own[olds == _ANOTHERS].tolist()))
        moved.append(Remade(person, 0, own, tuple(sorted(owners))))
        released |= owners
    for index, one in enumerate(moved):
        number = next((old for old in one.before if old not in taken), 0)
        if not number:
            number, next_person = next_person, next_person + 1
        taken.add(number)
        moved[index] = Remade(one.person, number, one.extents, one.before)
        number_of[one.person] = number
    owner = np.where(extents.person == NOBODY, REMAINDER_OWNER, number_of[extents.person])
    return Plan(simple, moved, sorted(released - taken), owner, number_of, next_person, _digest(extents, before, owner))


def _by_person(extents: Extents) -> tuple[Ints, Ints, list[int]]:
    """The extents of persons grouped by person, in the order of the persons."""
    order = np.argsort(extents.person, kind="stable")
    order = order[extents.person[order] != NOBODY]
    people, starts = np.unique(extents.person[order], return_index=True)
    return order, starts, people.tolist()


def _groups(order: Ints, starts: Ints) -> Iterator[Ints]:
    for begin, end in pairwise([*starts.tolist(), len(order)]):
        yield order[begin:end]


def _owners_before(extents: Extents, kept: Sequence[KeptSource]) -> tuple[Ints, dict[int, set[int]]]:
    """For each extent the record that it is of now: -1 for a new file's, -2 where it is cut otherwise, or nobody's.

    For those that are cut otherwise, also the records that have a part of it.
    """
    before = np.full(len(extents), _NEW, np.int64)
    parts: dict[int, set[int]] = {}
    for file, source in enumerate(kept):
        own = np.flatnonzero(extents.file == file)
        map = source.map
        first = np.searchsorted(map.offset, extents.offset[own], side="right") - 1
        same = (map.offset[first] == extents.offset[own]) & (map.length[first] == extents.length[own])
        owners = map.owner[first]
        before[own] = np.where(same & (owners > 0), owners, _ANOTHERS)
        stops = np.searchsorted(map.offset, extents.offset[own] + extents.length[own])
        for at, begin, end in zip(own.tolist(), first.tolist(), stops.tolist(), strict=True):
            if before[at] == _ANOTHERS:
                parts[at] = {owner for owner in map.owner[begin:end].tolist() if owner > 0}
    return before, parts


def _extents_of_owners(kept: Sequence[KeptSource]) -> dict[int, int]:
    """How many extents each record has."""
    owners = [source.map.owner for source in kept]
    if not owners:
        return {}
    number, count = np.unique(np.concatenate(owners), return_counts=True)
    return dict(zip(number.tolist(), count.tolist(), strict=True))


def _digest(extents: Extents, before: Ints, owner: Ints) -> str:
    """By which a plan is known again, so that an ingest that was cut off goes on where it was."""
    hash = hashlib.sha256()
    for column in (extents.person, extents.file, extents.offset, extents.length, before, owner):
        hash.update(np.ascontiguousarray(column).data)
    return hash.hexdigest()
