"""What is left of a kept run where persons were shredded since: its ledger without what is gone with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from clearslate.errors import LedgerError
from clearslate.ingest.kept import KeptSource
from clearslate.vault import runs
from clearslate.vault.records import GONE
from clearslate.vault.store import Store

GONE_WITH = "gone_with_shredded_persons"
"""The key under which a ledger, and ``packet.json``, say by outcome what is gone."""


class Remaining(NamedTuple):
    """A run's manifest, its ledger without what is gone; ``gone`` counts that by outcome, empty for nothing."""

    manifest: Mapping[str, Any]
    gone: Mapping[str, int]


def remaining(store: Store, run: int, manifest: Mapping[str, Any], sources: Iterable[KeptSource]) -> Remaining:
    """What a run decided of persons who are still in the vault, by the decisions that it keeps.

    Raises LedgerError where it keeps more than was decided, or lacks more than was shredded, and VaultError.
    """
    holes = sum(int(source.map.rows[source.map.owner == GONE].sum()) for source in sources)
    if not holes:
        return Remaining(manifest, {})
    ledger = manifest["ledger"]
    by_outcome, by_route = _kept(store, run)
    gone = _less(ledger["decided_by_outcome"], by_outcome)
    # Every decision has a row of its own, which went with it.
    if sum(gone.values()) > holes:
        raise LedgerError(
            f"run [{run}] lacks [{sum(gone.values())}] decisions and [{holes}] rows were shredded; nothing was "
            "released; report this with the counts"
        )
    left = {**ledger, "decided_by_outcome": _without(ledger["decided_by_outcome"], gone), GONE_WITH: gone}
    for key in ("convictions_decided", "charges_decided"):
        if key in ledger:
            left[key] = ledger[key] - sum(gone.values())
    if "decided_by_route" in ledger:
        left["decided_by_route"] = {
            route: _without(outcomes, _less(outcomes, by_route.get(route, Counter())))
            for route, outcomes in ledger["decided_by_route"].items()
        }
    return Remaining({**manifest, "ledger": left}, gone)


def _kept(store: Store, run: int) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """The decisions that a run keeps, by outcome, and by outcome on each route."""
    at = list(runs.read_run(store, run)["columns"]).index("outcome")
    by_outcome: Counter[str] = Counter()
    by_route: dict[str, Counter[str]] = {}
    for _, decided in runs.every_decision(store, run):
        for one in decided:
            by_outcome[one["cells"][at]] += 1
            routes: Sequence[Sequence[Any]] = one.get("routes", ())
            for relief, outcome, *_ in routes:
                by_route.setdefault(relief, Counter())[outcome] += 1
    return by_outcome, by_route


def _less(decided: Mapping[str, int], kept: Mapping[str, int]) -> dict[str, int]:
    """What is decided and not kept, by outcome; raises LedgerError where more is kept."""
    found = {outcome: number - kept.get(outcome, 0) for outcome, number in decided.items()}
    if min(found.values(), default=0) < 0 or any(outcome not in decided for outcome in kept):
        raise LedgerError(
            "the vault keeps more decisions of an outcome than the run counted; nothing was released; report this"
        )
    return {outcome: number for outcome, number in found.items() if number}


def _without(decided: Mapping[str, int], gone: Mapping[str, int]) -> dict[str, int]:
    return {outcome: number - gone.get(outcome, 0) for outcome, number in decided.items()}
