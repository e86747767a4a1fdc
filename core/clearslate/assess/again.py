"""A run that a vault keeps, decided again for its files: what comes out is what was decided, or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from clearslate.assess.keeping import Owners, described
from clearslate.errors import VaultError
from clearslate.ingest.kept import KeptSource
from clearslate.ingest.reader import Block
from clearslate.output.decided import Decided
from clearslate.output.staging import Folder
from clearslate.output.writer import RunContext
from clearslate.vault import runs, spelling
from clearslate.vault.store import Store


class SameAsKept:
    """A writer that writes nothing, and stops the run unless it decides what the kept run decided, of everybody."""

    id = "same_as_kept"
    title = "Compares every decision with the one that is kept"

    def __init__(self, store: Store, run: int, sources: Sequence[KeptSource]) -> None:
        self._store = store
        self._number = run
        self._sources = sources

    def open(self, run: RunContext, folder: Folder) -> SameAsKept:
        """Begin to compare."""
        self._run = run
        self._owners = Owners([source.map for source in self._sources])
        self._found: dict[int, Counter[bytes]] = {}
        return self

    def block(self, _block: Block, decided: Sequence[Decided]) -> None:
        """Remember what was decided, as a digest."""
        for one in decided:
            number = self._owners.of_decided(one)
            self._found.setdefault(number, Counter())[_digest(described(one, self._run))] += 1

    def close(self) -> None:
        """Raise VaultError where anything differs."""
        kept = runs.decided_persons(self._store, self._number)
        if set(kept) != set(self._found):
            raise self._other()
        for person in kept:
            decisions = runs.read_decisions(self._store, self._number, person)
            if Counter(_digest(decision) for decision in decisions) != self._found[person]:
                raise self._other()

    def _other(self) -> VaultError:
        return VaultError(
            f"run [{self._number}] cannot be made again as it was decided: the records or the program have changed "
            "since; decide again: clearslate run"
        )


def _digest(decision: Mapping[str, Any]) -> bytes:
    """What was decided, on each route too; the facts and the rules walked are not part of it."""
    routes = [list(route[:4]) for route in decision.get("routes", ())]
    return hashlib.sha256(spelling.spelled([list(decision["cells"]), routes])).digest()
