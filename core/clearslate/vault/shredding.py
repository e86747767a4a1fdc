"""Crypto-shredding: a person's key is removed, and with it all that was sealed under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from clearslate.vault import lookup, runs
from clearslate.vault.ledger import Ledger
from clearslate.vault.lookup import Told
from clearslate.vault.records import GONE, Record, packed_source, read_source
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store


class Shredded(NamedTuple):
    """What is gone: rows of source files, and decisions; ``rows_left`` are rejected rows that name nobody."""

    rows: int
    decisions: int
    rows_left: int


def shred_person(store: Store, person: int, runs_told: Mapping[int, dict[str, Any]] | None = None) -> Shredded:
    """Remove a person: record, key, decisions and all that leads to them. In the files a hole keeps their place.

    ``runs_told`` are the runs that are to be kept otherwise from now on, because what they tell is about the person.
    """
    rows = left = 0
    known = Record.read(store.get(Kind.PERSON, person)).known
    with store.step() as step:
        decided = list(runs.of_person(store, person))
        step.drop(Kind.DECISIONS, decided)
        for run, told in (runs_told or {}).items():
            runs.write_run(step, run, told)
        for kind in (Kind.TRACKING, Kind.WORDS):
            step.drop(kind, list(runs.of_person(store, person, kind)))
        step.drop(Kind.PERSON, [person])
        for number in store.numbers(Kind.SOURCE):
            told, places = read_source(store.get(Kind.SOURCE, number))
            rows += sum(place.rows for place in places if place.owner == person)
            left += sum(place.rows for place in places if place.owner == 0)
            if any(place.owner == person for place in places):
                holed = [place._replace(owner=GONE) if place.owner == person else place for place in places]
                step.put(Kind.SOURCE, number, packed_source(told, holed))
        ledger = Ledger.read(store)
        shared = {*ledger.shared, *(lookup.digest(lookup.key(store), told).hex() for told in _shared(store, known))}
        buckets = [row for n in store.numbers(Kind.BUCKET) for row in lookup.rows(store.get(Kind.BUCKET, n))]
        lookup.write_rows(store, step, [row for row in buckets if lookup.person_of(row) != person])
        kept = {name: [number for number in numbers if number != person] for name, numbers in ledger.conflicts.items()}
        replace(ledger, conflicts=kept, shared=sorted(shared)).write(step)
    return Shredded(rows, len(decided), left)


def _shared(store: Store, known: Mapping[str, Any]) -> list[Told]:
    """The identifiers of a person that others have too."""
    found = [Told(lookup.IDENTIFIER, number) for number in known.get("identifiers", ())]
    return [told for told in found if len(lookup.find(store, told)) > 1]
