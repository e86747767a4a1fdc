from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from clearslate.assess.remaining import GONE_WITH, remaining
from clearslate.errors import LedgerError
from clearslate.ingest.kept import KeptSource, Records, SourceMap
from clearslate.vault import runs
from clearslate.vault.records import GONE, Place
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

MANIFEST: dict[str, Any] = {
    "ledger": {
        "charges_decided": 4,
        "decided_by_outcome": {"eligible": 2, "review": 1, "ineligible": 1, "refer": 0},
        "decided_by_route": {"vacate": {"eligible": 2, "ineligible": 2}},
    }
}


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store.temporary()
    yield made
    made.close()


def keep(store: Store, *outcomes: str) -> None:
    """Keep a run that decided so of one person each."""
    with store.step() as step:
        step.put_many(Kind.PERSON, [(number, b"") for number, _ in enumerate(outcomes, 1)])
        runs.write_run(step, 1, {"columns": ["source_row", "outcome"]})
        decided = []
        for number, one in enumerate(outcomes, 1):
            route = ["vacate", one if one == "eligible" else "ineligible"]
            decided.append((number, [{"cells": [str(number), one], "routes": [route]}]))
        runs.write_decisions(step, 1, decided)


def sources(store: Store, *rows: tuple[int, int]) -> Sequence[KeptSource]:
    """A source with so many rows of each owner."""
    places = [Place(0, 0, number, number, number, owner) for owner, number in rows]
    return [KeptSource(1, "rolls.csv", 0, None, {}, SourceMap.of(places), Records(store))]


def test_where_nobody_was_shredded_the_manifest_is_what_it_was(store: Store) -> None:
    left = remaining(store, 1, MANIFEST, sources(store, (1, 4)))
    assert left.manifest is MANIFEST
    assert left.gone == {}


def test_what_is_gone_with_persons_is_taken_off_the_ledger(store: Store) -> None:
    keep(store, "eligible", "ineligible")
    left = remaining(store, 1, MANIFEST, sources(store, (1, 2), (GONE, 3)))
    assert left.gone == {"eligible": 1, "review": 1}
    assert left.manifest["ledger"] == {
        "charges_decided": 2,
        "decided_by_outcome": {"eligible": 1, "review": 0, "ineligible": 1, "refer": 0},
        "decided_by_route": {"vacate": {"eligible": 1, "ineligible": 1}},
        GONE_WITH: left.gone,
    }
    assert MANIFEST["ledger"]["charges_decided"] == 4


def test_more_gone_than_was_shredded_stops_the_packet(store: Store) -> None:
    keep(store, "eligible", "ineligible")
    with pytest.raises(LedgerError, match=r"run \[1\] lacks \[2\] decisions and \[1\] rows were shredded"):
        remaining(store, 1, MANIFEST, sources(store, (1, 2), (GONE, 1)))


@pytest.mark.parametrize("outcomes", [("eligible",) * 3, ("eligible", "refer"), ("eligible", "invented")])
def test_more_kept_than_was_decided_stops_the_packet(store: Store, outcomes: Sequence[str]) -> None:
    keep(store, *outcomes)
    with pytest.raises(LedgerError, match="keeps more decisions of an outcome"):
        remaining(store, 1, MANIFEST, sources(store, (1, 2), (GONE, 3)))
