"""Whose record has a gap: the persons of whom a rejected row may be."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple

import numpy as np

from clearslate.ingest.lines import cells_of, parts_of
from clearslate.ingest.people import NOBODY, Identities, Resolved
from clearslate.ingest.rows import Ints, row_ids
from clearslate.ingest.source import HEAD, Source
from clearslate.model import Place

SHORTEST_KEY = 5
"""Characters that a field needs before it is taken for a person's key wherever it stands."""


class Found(NamedTuple):
    """A rejected row, before it is known which persons there are.

    ``offset`` and ``length`` are its bytes. ``intact``: its fields are where they belong, so the key is what it says.
    """

    place: Place
    problem: str
    detail: str
    key: str | None
    identifier: str | None
    offset: int
    length: int
    intact: bool

    def __repr__(self) -> str:
        return f"<Found {self.place}: {self.problem}>"


class Gaps:
    """Finds the persons of rejected rows, once all persons are known. Close it when done.

    ``file`` and ``row`` are of the runs of usable rows in source order, ``person`` whose they are.
    ``gone`` are the ids of the first rows of holes that held usable rows, in source order.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        identities: Identities,
        people: Resolved,
        file: Ints,
        row: Ints,
        person: Ints,
        gone: Ints,
    ) -> None:
        self._sources = sources
        self._identities = identities
        self._people = people
        self._file = file
        self._ids = row_ids(file, row)
        self._person = person
        self._gone = gone
        self._stack = ExitStack()
        self._handles: dict[int, BinaryIO] = {}

    def __enter__(self) -> Gaps:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def persons(self, found: Found) -> tuple[tuple[int, ...], bool]:
        """The persons of whom the row may be, and whether it names them. Raises InputError.

        The one whom its key, or else its identifier, names where these belong; else those whose key
        or identifier stands anywhere in the row; else those of the rows before and after it.
        """
        named = self._of(found.key, found.identifier)
        if named != NOBODY:
            return (named,), True
        if found.intact and any(
            words.means(cell)
            for words, cell in (
                (self._identities.keys, found.key),
                (self._identities.identifiers, found.identifier),
            )
        ):
            # A person of whom no row can be used.
            return (), True
        named_anywhere = self._anywhere(found)
        return (named_anywhere, True) if named_anywhere else (self._beside(found.place), False)

    def _of(self, key: str | None, identifier: str | None) -> int:
        number = self._identities.keys.known(key)
        person = int(self._people.of_key[number]) if number != NOBODY else NOBODY
        if person == NOBODY:
            number = self._identities.identifiers.known(identifier)
            person = int(self._people.of_identifier[number]) if number != NOBODY else NOBODY
        return person

    def _anywhere(self, found: Found) -> tuple[int, ...]:
        file = found.place.file
        if file not in self._handles:
            self._handles[file] = self._stack.enter_context(self._sources[file].open())
        body = self._sources[file].read(self._handles[file], found.offset, min(found.length, HEAD))
        cells = {cell.strip() for cell in (*cells_of(body), *parts_of(body))}
        persons: set[int] = set()
        for cell in cells:
            if len(cell) >= SHORTEST_KEY:
                persons |= {self._of(cell, None), self._of(None, cell)}
        return tuple(sorted(persons - {NOBODY}))

    def _beside(self, place: Place) -> tuple[int, ...]:
        this = row_ids(np.array([place.file]), np.array([place.row]))
        after = int(np.searchsorted(self._ids, this)[0])
        near = [at for at in (after - 1, after) if 0 <= at < len(self._ids) and self._file[at] == place.file]
        hole = np.searchsorted(self._gone, this)[0]
        # Whoever stands behind a hole never stood beside the row.
        near = [at for at in near if np.searchsorted(self._gone, self._ids[at]) == hole]
        return tuple(sorted({int(self._person[at]) for at in near}))
