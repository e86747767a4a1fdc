"""What runs keep beside the decisions that may be about a person who is to be shredded: answers of the case file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from clearslate.assess.keeping import Owners
from clearslate.ingest.kept import Records, kept_sources
from clearslate.ingest.plain import plain_number
from clearslate.vault import runs
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store


def runs_without(store: Store, person: int) -> dict[int, dict[str, Any]]:
    """The runs that were given answers about a person, each as it is to be kept without them. Raises VaultError.

    An answer is about the person where it names a row of theirs, their person id, or one of their case numbers.
    """
    known = Record.read(store.get(Kind.PERSON, person)).known
    found: dict[int, dict[str, Any]] = {}
    for number in runs.runs(store):
        told = runs.read_run(store, number)
        facts = told.get("facts")
        if facts is None:
            continue
        text = _without(store, told, facts["text"], person, known)
        if text != facts["text"]:
            found[number] = {**told, "facts": {**facts, "text": text}}
    return found


def _without(store: Store, told: Mapping[str, Any], text: str, person: int, known: Mapping[str, Any]) -> str:
    """A table of answers without the rows about a person."""
    sources = [source for source in kept_sources(Records(store)) if source.number in told["sources"]]
    owners = Owners([source.map for source in sources])
    names = [one["name"] for one in told["manifest"]["inputs"]]
    cases = set(known.get("cases", ()))
    table = list(csv.reader(io.StringIO(text, newline="")))
    columns = [cell.strip().lower() for cell in table[0]]

    def is_about(cells: list[str]) -> bool:
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if plain_number(row.get("case_number", "")) in cases - {""}:
            return True
        if row.get("person_id") and row["person_id"] == known.get("subject"):
            return True
        number, file = row.get("source_row", ""), row.get("source_file") or (names[0] if len(names) == 1 else "")
        if not number.isdigit() or file not in names:
            return False
        at = names.index(file)
        return 0 < int(number) <= int(sources[at].map.rows.sum()) and owners.of(at, int(number)) == person

    kept = [table[0], *(cells for cells in table[1:] if not is_about(cells))]
    if len(kept) == len(table):
        return text
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator="\n").writerows(kept)
    return sink.getvalue()
