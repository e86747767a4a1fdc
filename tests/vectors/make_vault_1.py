"""Makes ``tests/vectors/vault-1``, a vault of format 1 that every later release must open.

``python tests/vectors/make_vault_1.py`` writes it anew, into an empty folder or over the old one; only a change of the
format before its first release is a reason to. All that is random is pinned, so the same release and the same SQLite
write the same bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clearslate.vault import lookup, runs
from clearslate.vault.audit import Actor, Event
from clearslate.vault.ledger import Ledger
from clearslate.vault.records import Extent, Place, Record, packed_source
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile, Passphrase
from clearslate.vault.shredding import shred_person
from clearslate.vault.store import Step, Store
from clearslate.vault.vault import LOCK, Vault

FOLDER = Path(__file__).with_name("vault-1")
FIRST_KEY = KeyFile("0f" * 8, hashlib.sha256(b"first").digest())
KEY = KeyFile("1f" * 8, hashlib.sha256(b"second").digest())
WORDS = "seven invented otters in a row"
PERSONS = (7, 8, 9, 300, 70_000)
LINES = (
    (b"REC|SUBJ|NAME\n", 0),
    (b"1|7|Zyxquell, A\n", 7),
    (b"2|8|Vornwick, B\n", 8),
    (b"3|7|Zyxquell, A\n", 7),
    (b"no row at all\n", 0),
    (b"4|9|Quandle, C\n", 9),
    (b"5|300|Gone, D\n", 300),
)


def pinned() -> Iterator[bytes]:
    """Bytes that look random and are the same every time."""
    count = 0
    while True:
        yield hashlib.sha256(b"vault-1 %d" % count).digest()
        count += 1


def pin() -> None:
    stream = pinned()

    def urandom(size: int) -> bytes:
        return b"".join(next(stream) for _ in range(0, size, 32))[:size]

    os.urandom = urandom


def clock() -> dt.datetime:
    return dt.datetime(2024, 3, 1, 9, 30, 15, 250_000, tzinfo=dt.UTC)


ACTOR = Actor("tester", "bench", "clearslate 0", clock)


def extents() -> Iterator[tuple[Extent, bytes, int]]:
    """The lines: where each begins, what it is, and whose."""
    offset = 0
    for line, whose in LINES:
        yield Extent(1, offset, len(line)), line, whose
        offset += len(line)


def known(person: int) -> dict[str, Any]:
    return {
        "subject": str(person),
        "names": [f"zyxquell {person}"],
        "births": ["1970-05-12"],
        "identifiers": [f"a{person}"],
        "cases": [f"oz{person}"],
    }


def record(owner: int) -> bytes:
    own = [(extent, line) for extent, line, whose in extents() if whose == owner]
    told = known(owner) if owner else {}
    return Record([extent for extent, _ in own], b"".join(line for _, line in own), told).packed()


def source_map() -> bytes:
    whole = b"".join(line for line, _ in LINES)
    told = {
        "name": "invented.csv",
        "sha256": hashlib.sha256(whole).hexdigest(),
        "size": len(whole),
        "format": "invented",
        "at": "2024-03-01T09:30:15.25Z",
        "reader": "0",
    }
    return packed_source(told, [Place(at.offset, at.length, 1, int(whose > 0), 1, whose) for at, _, whose in extents()])


def ingest(store: Store, step: Step) -> None:
    for person in PERSONS:
        step.put(Kind.PERSON, person, record(person))
    step.put(Kind.REMAINDER, 1, record(0))
    step.put(Kind.SOURCE, 1, source_map())
    lookup.write(store, step, [(told, person) for person in PERSONS for told in lookup.findable(known(person))])
    Ledger(next_person=70_001, next_source=2, conflicts={"two_births": [7]}).write(step)


def run(store: Store, step: Step) -> None:
    runs.write_run(step, 1, {"at": "2024-03-01T09:30:15.25Z", "manifest": {"reform": {"id": "oz"}}, "sources": [1]})
    decided = {"cells": ["invented.csv", "1"], "facts": [["grade", "felony", 0, 1]], "rules": [["r", "yes", []]]}
    runs.write_decisions(step, 1, [(person, [decided]) for person in (7, 8, 70_000)])


def fill(folder: Path) -> None:
    """Ingest, run, drop a person, rotate, and let a passphrase in as well."""
    with Vault.create(folder, FIRST_KEY, ACTOR, label="office") as vault:
        with vault.operation(Event.INGEST) as operation, vault.store.step() as step:
            ingest(vault.store, step)
            operation.counts["persons"] = 5
        with vault.operation(Event.PERSON_SHREDDED):
            shred_person(vault.store, 300)
        with vault.operation(Event.KEYS_ROTATED):
            vault.rotate(KEY, "office")
    with Vault.open(folder, KEY, ACTOR) as vault:
        with vault.operation(Event.RUN), vault.store.step() as step:
            run(vault.store, step)
        with vault.operation(Event.KEY_ADDED):
            vault.add_key(Passphrase(WORDS), "by heart")


def main() -> int:
    pin()
    shutil.rmtree(FOLDER, ignore_errors=True)
    fill(FOLDER)
    with Vault.open(FOLDER, KEY, ACTOR) as vault:
        store = vault.store
        messages = [
            {"kind": int(kind), "number": number, "content": data.hex()}
            for kind in Kind
            for number, data in store.get_many(kind, store.numbers(kind))
        ]
        expected = {"passphrase": WORDS, "anchor": str(vault.anchor()), "messages": messages}
    (FOLDER / LOCK).unlink(missing_ok=True)
    KEY.write(FOLDER / "frozen.key")
    text = json.dumps(expected, indent=1, sort_keys=True) + "\n"
    (FOLDER / "expected.json").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
