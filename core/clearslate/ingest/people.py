"""Whose a row is: persons by their key, by their identifier where they have no key, and who shares one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from clearslate.ingest.rows import Ints

NOBODY = -1
_SHIFT = 32
_TIDY_AT = 1 << 20


def _plain(cell: str) -> str:
    return "".join(cell.casefold().split())


class Words:
    """Cells that mean something, numbered in the order in which they were first seen.

    Letter case and spacing do not tell two cells apart; ``words`` has, of the forms seen, the first in order of text.
    """

    def __init__(self, is_filler: Callable[[str], bool]) -> None:
        self._is_filler = is_filler
        self._numbers: dict[str, int] = {}
        self._same: dict[str, int] = {}
        self.words: list[str] = []

    def number(self, cell: str) -> int:
        """The number of a cell, or ``NOBODY`` for one that means nothing."""
        number = self._numbers.get(cell)
        if number is None:
            number = NOBODY
            if cell and not self._is_filler(cell):
                number = self._same.setdefault(_plain(cell), len(self.words))
                if number == len(self.words):
                    self.words.append(cell)
                # Which form a person is named by does not depend on the order of the rows.
                self.words[number] = min(self.words[number], cell)
            self._numbers[cell] = number
        return number

    def numbers(self, cells: Iterable[str]) -> Ints:
        """The numbers of cells; see :meth:`number`."""
        return np.fromiter((self.number(cell) for cell in cells), np.int64)

    def known(self, cell: str | None) -> int:
        """The number that a cell has already, else ``NOBODY``."""
        if cell is None:
            return NOBODY
        number = self._numbers.get(cell)
        return self._same.get(_plain(cell), NOBODY) if number is None else number

    def means(self, cell: str | None) -> bool:
        """Whether a cell says anything."""
        return bool(cell) and not self._is_filler(cell or "")


@dataclass(frozen=True, slots=True, repr=False)
class Resolved:
    """Entities as persons, numbered in the order of their first run.

    ``labels`` are the person ids and ``of_run`` the person of each run. ``of_key`` and
    ``of_identifier`` give the person of a key, and of a row that has only an identifier;
    ``NOBODY`` where no row of theirs could be used.
    """

    labels: Sequence[str]
    of_run: Ints
    shared: Ints
    of_key: Ints
    of_identifier: Ints


class Identities:
    """Collects keys, identifiers and which stood together, and makes persons of them.

    An entity is a key's number, or ``-2 - n`` for identifier number n where the key is blank.
    """

    def __init__(self, identifier: str, is_filler: Callable[[str], bool]) -> None:
        self._column = identifier
        self.keys = Words(is_filler)
        self.identifiers = Words(is_filler)
        self._pairs: list[Ints] = []
        self._held = 0

    def entities(self, keys: Ints, identifiers: Ints) -> Ints:
        """The entity of each row, ``NOBODY`` where it has neither key nor identifier."""
        both = (keys != NOBODY) & (identifiers != NOBODY)
        if bool(both.any()):
            self._add(np.unique((keys[both] << _SHIFT) | identifiers[both]))
        return np.where(keys == NOBODY, -2 - identifiers, keys)

    def _add(self, pairs: Ints) -> None:
        self._pairs.append(pairs)
        self._held += len(pairs)
        if self._held > _TIDY_AT:
            self._pairs = [np.unique(np.concatenate(self._pairs))]
            # Pairs that are really distinct are no reason to tidy at every step.
            self._held = 0

    def resolve(self, entities: Ints, counts_as_shared: Callable[[str], bool] | None = None) -> Resolved:
        """The persons of runs, given the entity of each run in source order.

        ``counts_as_shared`` tells the identifiers that count as several persons' whatever these files say.
        """
        keys, identifiers = len(self.keys.words), len(self.identifiers.words)
        pairs = np.unique(np.concatenate(self._pairs)) if self._pairs else np.zeros(0, np.int64)
        pair_key, pair_identifier = pairs >> _SHIFT, pairs & ((1 << _SHIFT) - 1)
        holders = np.bincount(pair_identifier, minlength=identifiers)
        if counts_as_shared is not None:
            shared_before = [number for number, word in enumerate(self.identifiers.words) if counts_as_shared(word)]
            holders[shared_before] = np.maximum(holders[shared_before], 2)
        holder = np.full(identifiers, NOBODY, np.int64)
        holder[pair_identifier] = pair_key
        holder[holders != 1] = NOBODY
        # One number line: the keys, then the identifiers that stand for a person of their own.
        group_of_identifier = np.where(holder == NOBODY, keys + np.arange(identifiers), holder)
        groups = np.where(entities >= 0, entities, 0)
        alone = entities < 0
        groups[alone] = group_of_identifier[-2 - entities[alone]]
        present, first = np.unique(groups, return_index=True)
        present = present[np.argsort(first, kind="stable")]
        person_of_group = np.full(keys + identifiers, NOBODY, np.int64)
        person_of_group[present] = np.arange(len(present))
        is_shared = np.zeros(keys + identifiers, np.bool_)
        several = holders > 1
        is_shared[pair_key[several[pair_identifier]]] = True
        is_shared[keys + np.flatnonzero(several)] = True
        labels = [
            self.keys.words[group] if group < keys else f"{self._column}:{self.identifiers.words[group - keys]}"
            for group in present.tolist()
        ]
        return Resolved(
            labels,
            person_of_group[groups],
            np.flatnonzero(is_shared[present]),
            person_of_group[:keys],
            person_of_group[group_of_identifier],
        )
