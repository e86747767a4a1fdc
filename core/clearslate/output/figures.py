"""Counts by name, and the sums that tie them: the base of a report that must not contradict itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clearslate.errors import LedgerError

Path = tuple[str, ...]
"""Where a count stands in the report, outermost key first."""


class Sum(NamedTuple):
    """A count that is the sum of others.

    A part that is no count of the report stands for people or convictions that a reader can work
    out from the rest, such as those in scope who got no relief.
    """

    total: Path
    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by path and their sums; ``unprinted`` are counts that a report leaves to arithmetic."""

    counts: Mapping[Path, int]
    sums: Sequence[Sum]
    unprinted: frozenset[Path] = field(default_factory=frozenset)

    def check(self) -> None:
        """Raise LedgerError, naming it, where a total is not the sum of its parts or a count is below nothing."""
        for path, count in self.counts.items():
            if count < 0:
                raise LedgerError(
                    f"impact figures contradict one another: [{'.'.join(path)}] is [{count}]; "
                    "nothing was released; report this"
                )
        for total, parts in self.sums:
            found = sum(self.counts[part] for part in parts)
            if found != self.counts[total]:
                raise LedgerError(
                    f"impact figures do not add up: [{'.'.join(total)}] is [{self.counts[total]}], "
                    f"its parts sum to [{found}]; nothing was released; report this"
                )

    def nested(self, hidden: Iterable[Path] = ()) -> dict[str, Any]:
        """The counts as nested objects, with None for the hidden ones."""
        out: dict[str, Any] = {}
        gone = frozenset(hidden)
        for path, count in self.counts.items():
            if path in self.unprinted:
                continue
            here = out
            for key in path[:-1]:
                here = here.setdefault(key, {})
            here[path[-1]] = None if path in gone else count
        return out
