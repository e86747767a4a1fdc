"""Crypto-shredding: a person's key is removed, and with it all that was sealed under it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from clearslate.vault import lookup, runs
from clearslate.vault.ledger import Ledger
from clearslate.vault.records import GONE, packed_source, read_source
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store


class Shredded(NamedTuple):
    """What is gone: rows of source files, and decisions; ``rows_left`` are rejected rows that name nobody."""

    rows: int
    decisions: int
    rows_left: int


def shred_person(store: Store, person: int) -> Shredded:
    """Remove a person: record, key, decisions and all that leads to them. In the files a hole keeps their place."""
    rows = left = 0
    with store.step() as step:
        decided = list(runs.of_person(store, person))
        step.drop(Kind.DECISIONS, decided)
        step.drop(Kind.PERSON, [person])
        for number in store.numbers(Kind.SOURCE):
            told, places = read_source(store.get(Kind.SOURCE, number))
            rows += sum(place.rows for place in places if place.owner == person)
            left += sum(place.rows for place in places if place.owner == 0)
            if any(place.owner == person for place in places):
                holed = [place._replace(owner=GONE) if place.owner == person else place for place in places]
                step.put(Kind.SOURCE, number, packed_source(told, holed))
        buckets = [row for n in store.numbers(Kind.BUCKET) for row in lookup.rows(store.get(Kind.BUCKET, n))]
        lookup.write_rows(store, step, [row for row in buckets if lookup.person_of(row) != person])
        ledger = Ledger.read(store)
        conflicts = dict(ledger.conflicts)
        # Whoever shared an identifier with this person goes on as if: nothing is granted for want of the other.
        shared = {*conflicts.get("shared_before", ()), *conflicts.get("shared_identifier", ())}
        conflicts["shared_before"] = sorted(shared)
        kept = {name: [number for number in numbers if number != person] for name, numbers in conflicts.items()}
        replace(ledger, conflicts=kept).write(step)
    return Shredded(rows, len(decided), left)
