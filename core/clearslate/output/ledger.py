"""The counts of a run, which must add up before any output is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clearslate.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where every row and every conviction of a run went.

    ``rows_read`` and ``rows_repeated`` are the reader's counts, the ``*_written`` are counted from
    what was written. ``convictions`` are all that the file's persons have; each is decided, outside
    the law's scope, or in another county than the one asked for. ``undisposed`` are counts beside
    them that the law may concern and whose disposition nobody can read: convictions, perhaps.
    """

    rows_read: int
    rows_repeated: int
    rows_rejected: int
    people: int
    people_in_blocks: int
    convictions: int
    decided: int
    out_of_scope_statute: int
    other_county: int
    undisposed: int
    by_outcome: Mapping[str, int]
    annotated_written: int
    condensed_written: int
    rejected_written: int
    determinations_written: int

    @property
    def rows_used(self) -> int:
        """The rows that went into persons: those written with a place of their own, without the repeated."""
        return self.annotated_written - self.rows_repeated

    def check(self) -> None:
        """Raise LedgerError, naming the sum that fails, unless everything adds up."""
        for what, total, parts in (
            (
                "rows read = used + repeated + rejected",
                self.rows_read,
                self.rows_used + self.rows_repeated + self.rows_rejected,
            ),
            ("rows in annotated_condensed.csv = rows in annotated.csv", self.condensed_written, self.annotated_written),
            ("rows in rejected.csv = rejected", self.rejected_written, self.rows_rejected),
            ("people in blocks = people", self.people_in_blocks, self.people),
            (
                "convictions = decided + out of scope by statute + other county",
                self.convictions,
                self.decided + self.out_of_scope_statute + self.other_county,
            ),
            ("decided = sum over outcomes", self.decided, sum(self.by_outcome.values())),
            ("decided = rows in determinations.csv", self.decided, self.determinations_written),
        ):
            if total != parts:
                raise _broken(f"{what}: [{total}] is not [{parts}]")
        for what, number in self.figures().items():
            if isinstance(number, int) and number < 0:
                raise _broken(f"{what} is [{number}], below nothing")

    def figures(self) -> dict[str, int | dict[str, int]]:
        """The counts as the manifest shows them."""
        return {
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "rows_repeated": self.rows_repeated,
            "rows_rejected": self.rows_rejected,
            "people": self.people,
            "convictions": self.convictions,
            "convictions_decided": self.decided,
            "convictions_out_of_scope_statute": self.out_of_scope_statute,
            "convictions_other_county": self.other_county,
            "counts_without_disposition": self.undisposed,
            "decided_by_outcome": dict(self.by_outcome),
        }


def _broken(what: str) -> LedgerError:
    return LedgerError(f"the counts do not add up: {what}; nothing was released; report this with the counts")
