"""What the record of a run gives an account of: what was left out of it, and what was put to it beside the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from clearslate.filing.filing import Packet


class Answers(NamedTuple):
    """A table of answers that a run was given to what no record says."""

    name: str
    sha256: str
    given: int
    used: int


class Account(NamedTuple):
    """The account; ``county`` is the one that the run was asked for, None where it decided every county.

    ``by_hand`` says that the run was given decisions of attorneys; ``mapping`` is the name and the SHA-256 of the file
    by which the columns were read.
    """

    answers: Answers | None
    by_hand: bool
    county: str | None
    mapping: tuple[str, str] | None
    rejected: int
    repeated: int
    undisposed: int
    other_county: int
    other_statute: int

    @property
    def rests_on(self) -> str:
        """All that the result follows from, in words."""
        parts = ["files", "policy", "version"]
        parts += ["mapping"] if self.mapping is not None else []
        parts += ["day", "county"] if self.county is not None else ["day"]
        parts += ["table of answers"] if self.answers is not None else []
        parts += ["decisions of attorneys"] if self.by_hand else []
        return f"{', '.join(parts[:-1])} and {parts[-1]}"


def account_of(packet: Packet) -> Account:
    """The account that the record of a packet's run gives."""
    manifest = packet.manifest
    ledger, noun = manifest.get("ledger", {}), packet.reform.decides
    mapping = manifest.get("mapping")
    return Account(
        answers=_answers(manifest, ledger),
        by_hand=bool(manifest.get("words")) or any(entry.word is not None for entry in packet.entries),
        county=manifest.get("county"),
        mapping=None if mapping is None else (mapping["name"], mapping["sha256"]),
        rejected=ledger.get("rows_rejected", 0),
        repeated=ledger.get("rows_repeated", 0),
        undisposed=ledger.get("counts_without_disposition", 0),
        other_county=ledger.get(f"{noun}_other_county", 0),
        other_statute=ledger.get(f"{noun}_out_of_scope_statute", 0),
    )


def _answers(manifest: Mapping[str, Any], ledger: Mapping[str, Any]) -> Answers | None:
    table = manifest.get("facts")
    if table is None:
        return None
    counted = ledger.get("facts", {})
    return Answers(table["name"], table["sha256"], counted.get("given", 0), counted.get("used", 0))
