"""The vault's own ledger: the next numbers, an ingest under way, and what the files say that cannot all be so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from clearslate.vault import spelling
from clearslate.vault.sealing import Kind, altered
from clearslate.vault.store import Step, Store


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An ingest that has begun: by what it is known again, its first source file, and how many persons are sealed."""

    digest: str
    first_source: int
    done: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """Numbers are given once and never again.

    ``conflicts`` are the numbers of persons, by what is wrong. ``shared`` are the look-up digests, in hex, of the
    identifiers that a person who was shredded had with others: nothing is granted because that person is gone.
    """

    next_person: int = 1
    next_source: int = 1
    next_run: int = 1
    under_way: UnderWay | None = None
    conflicts: Mapping[str, list[int]] = field(default_factory=dict)
    shared: Sequence[str] = ()

    @classmethod
    def read(cls, store: Store) -> Ledger:
        """The ledger of a vault. Raises VaultError."""
        if not store.has(Kind.LEDGER, 1):
            return cls()
        try:
            told: dict[str, Any] = spelling.read(store.get(Kind.LEDGER, 1))
            under_way = told.pop("under_way", None)
            return cls(**told, under_way=None if under_way is None else UnderWay(**under_way))
        except (TypeError, ValueError) as error:
            raise altered() from error

    def write(self, step: Step) -> None:
        """Seal it in place of the one before."""
        step.put(Kind.LEDGER, 1, spelling.spelled(asdict(self)))

    def sealed(self, done: int) -> Ledger:
        """With so many persons of the ingest under way sealed."""
        assert self.under_way is not None
        return replace(self, under_way=replace(self.under_way, done=done))
