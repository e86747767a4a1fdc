"""The counts of a run, which must add up before any output is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clearslate.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where every row and every conviction of a run went, or every charge where the reform decides those.

    ``rows_read`` and ``rows_repeated`` are the reader's counts, the ``*_written`` are counted from
    what was written. ``charges`` are all that the file's persons have, and ``noun`` what they are called:
    ``convictions``, or ``charges`` whatever came of them. Each is decided, outside the law's scope, or in another
    county than the one asked for. ``undisposed`` are counts beside them that the law may concern and whose
    disposition nobody can read: convictions, perhaps. ``by_route`` counts what was decided on each route by relief and
    outcome. ``facts_given`` are the rows of a table of answers, each of them used or not.
    """

    rows_read: int
    rows_repeated: int
    rows_rejected: int
    people: int
    people_in_blocks: int
    charges: int
    decided: int
    out_of_scope_statute: int
    other_county: int
    undisposed: int
    by_outcome: Mapping[str, int]
    annotated_written: int
    condensed_written: int
    rejected_written: int
    determinations_written: int
    noun: str = "convictions"
    by_route: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    routes_written: int = 0
    facts_given: int | None = None
    facts_used: int = 0
    facts_unused: int = 0
    facts_written: int = 0

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
                f"{self.noun} = decided + out of scope by statute + other county",
                self.charges,
                self.decided + self.out_of_scope_statute + self.other_county,
            ),
            ("decided = sum over outcomes", self.decided, sum(self.by_outcome.values())),
            ("decided = rows in determinations.csv", self.decided, self.determinations_written),
            *(
                (f"decided = sum over outcomes of route {relief}", self.decided, sum(outcomes.values()))
                for relief, outcomes in self.by_route.items()
            ),
            (
                "decided for each route = rows in routes.csv",
                self.decided * len(self.by_route),
                self.routes_written,
            ),
            ("facts given = used + unused", self.facts_given or 0, self.facts_used + self.facts_unused),
            ("facts given = rows in facts.csv", self.facts_given or 0, self.facts_written),
        ):
            if total != parts:
                raise _broken(f"{what}: [{total}] is not [{parts}]")
        for what, number in self.figures().items():
            if isinstance(number, int) and number < 0:
                raise _broken(f"{what} is [{number}], below nothing")

    def figures(self) -> dict[str, Any]:
        """The counts as the manifest shows them."""
        found: dict[str, Any] = {
            "rows_read": self.rows_read,
            "rows_used": self.rows_used,
            "rows_repeated": self.rows_repeated,
            "rows_rejected": self.rows_rejected,
            "people": self.people,
            self.noun: self.charges,
            f"{self.noun}_decided": self.decided,
            f"{self.noun}_out_of_scope_statute": self.out_of_scope_statute,
            f"{self.noun}_other_county": self.other_county,
            "counts_without_disposition": self.undisposed,
            "decided_by_outcome": dict(self.by_outcome),
        }
        if self.by_route:
            found["decided_by_route"] = {relief: dict(outcomes) for relief, outcomes in self.by_route.items()}
        if self.facts_given is not None:
            found["facts"] = {"given": self.facts_given, "used": self.facts_used, "unused": self.facts_unused}
        return found


def _broken(what: str) -> LedgerError:
    return LedgerError(f"the counts do not add up: {what}; nothing was released; report this with the counts")
