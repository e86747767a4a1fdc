"""What is kept beside decisions, under the same person's key: what became of one, or what an attorney said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from clearslate.vault import runs
from clearslate.vault.sealing import Kind, altered
from clearslate.vault.store import Step, Store

Key = tuple[str, int]
"""By which a decision is found among those of a run: its source file and row."""


class Beside(NamedTuple):
    """Lists of entries beside the decisions of a run: messages of a kind, in which a list goes by a name."""

    kind: Kind
    name: str

    def read(self, store: Store, run: int, person: int) -> dict[Key, list[dict[str, Any]]]:
        """The entries beside a run's decisions of a person, by decision, in the order in which they were made.

        Raises VaultError.
        """
        found: dict[Key, list[dict[str, Any]]] = {}
        for one in runs.read_list(store, self.kind, runs.number_of(run, person)):
            try:
                file, row = one["cells"]
                found.setdefault((file, int(row)), []).extend(one[self.name])
            except (KeyError, TypeError, ValueError) as error:
                raise altered() from error
        return found

    def write(self, step: Step, run: int, made: Iterable[tuple[int, Mapping[Key, Sequence[Mapping[str, Any]]]]]) -> int:
        """Keep the entries of each person in place of those that are kept; give of how many persons."""
        return step.put_many(
            self.kind,
            (
                (
                    runs.number_of(run, person),
                    msgspec.json.encode(
                        [
                            {"cells": [file, str(row)], self.name: list(entries)}
                            for (file, row), entries in sorted(each.items())
                        ]
                    ),
                )
                for person, each in made
            ),
        )

    def persons(self, store: Store, run: int) -> list[int]:
        """The persons of whom there is an entry beside a run, in order."""
        return runs.persons_of(store, self.kind, run)

    def runs(self, store: Store) -> list[int]:
        """The runs beside which there is an entry, in order."""
        return [run for run in runs.runs(store) if self.persons(store, run)]


TRACKED = Beside(Kind.TRACKING, "steps")
"""What became of decisions."""

SPOKEN = Beside(Kind.WORDS, "words")
"""What attorneys said of decisions."""

EVERY = (TRACKED, SPOKEN)
