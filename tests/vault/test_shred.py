"""One person made unreadable, in a vault where everybody else stays as they were."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import ClearslateError, VaultError
from clearslate.vault import lookup, runs
from clearslate.vault.audit import Event
from clearslate.vault.ledger import Ledger
from clearslate.vault.lookup import Told
from clearslate.vault.records import GONE, Extent, Place, Record, packed_source, read_source
from clearslate.vault.sealing import Kind
from clearslate.vault.shredding import shred_person

PERSONS = (1, 2, 3)
TEXT = {person: f"{person},ZYXQUELL-{person}\n".encode() for person in PERSONS}


@pytest.fixture
def folder(bench: Any) -> Path:
    """A vault with three persons, who were decided twice."""
    with bench.create("office") as vault:
        with vault.operation(Event.INGEST), vault.store.step() as step:
            places, offset = [], 0
            for person, text in TEXT.items():
                extent = Extent(1, offset, len(text))
                step.put(Kind.PERSON, person, Record([extent], text, {"subject": str(person)}).packed())
                places.append(Place(offset, len(text), 1, 1, 1, person))
                offset += len(text)
            step.put(Kind.REMAINDER, 1, Record([], b"").packed())
            step.put(Kind.SOURCE, 1, packed_source({"name": "a", "sha256": "", "size": offset}, places))
            lookup.write(vault.store, step, [(Told("subject", str(person)), person) for person in PERSONS])
            Ledger(next_person=4, conflicts={"two_births": [1, 2]}).write(step)
        for run in (1, 2):
            with vault.operation(Event.RUN), vault.store.step() as step:
                runs.write_run(step, run, {"manifest": {}})
                runs.write_decisions(step, run, [(person, [{"cells": [str(person)]}]) for person in PERSONS])
        folder: Path = vault.folder
    return folder


def rows_of(bench: Any, folder: Path, ids: list[int]) -> list[bytes]:
    """The wrapped keys and the sealed bodies of entries."""
    marks = ", ".join("?" for _ in ids)
    found = bench.sql(folder, (f"SELECT key FROM entry WHERE id IN ({marks}) AND length(key)", *ids))
    found += bench.sql(folder, (f"SELECT sealed FROM body WHERE id IN ({marks})", *ids))
    return [value for (value,) in found]


def test_a_shredded_person_is_gone_from_every_byte_and_the_others_are_not(bench: Any, folder: Path) -> None:
    ids = [bench.entry(Kind.PERSON, 2), *(bench.entry(Kind.DECISIONS, runs.number_of(run, 2)) for run in (1, 2))]
    sealed = rows_of(bench, folder, ids)
    assert len(sealed) == 4
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED):
        gone = shred_person(vault.store, 2)
    assert (gone.rows, gone.decisions) == (1, 2)
    after = (folder / "records.db").read_bytes()
    # Whatever is long enough to be found by is not there, not even in a page that was given up.
    assert not any(value[at : at + 16] in after for value in sealed for at in range(0, len(value) - 16, 16))
    with bench.open(folder) as vault:
        store = vault.store
        # Two persons and what two runs decided of each, and seven that are nobody's.
        assert vault.check() == 2 + 4 + 7
        with pytest.raises(VaultError):
            store.get(Kind.PERSON, 2)
        assert [store.has(Kind.DECISIONS, runs.number_of(run, 2)) for run in (1, 2)] == [False, False]
        assert lookup.find(store, Told("subject", "2")) == []
        assert Ledger.read(store).conflicts["two_births"] == [1]
        for person in (1, 3):
            assert Record.read(store.get(Kind.PERSON, person)).text == TEXT[person]
            assert runs.read_decisions(store, 2, person) == [{"cells": [str(person)]}]
            assert lookup.find(store, Told("subject", str(person))) == [person]
        assert [place.owner for place in read_source(store.get(Kind.SOURCE, 1))[1]] == [1, GONE, 3]


def test_the_rows_of_a_shredded_person_do_not_open_when_they_are_put_back(bench: Any, folder: Path) -> None:
    id = bench.entry(Kind.PERSON, 2)
    entry = bench.sql(folder, ("SELECT id, generation, commitment, key FROM entry WHERE id = ?", id))[0]
    body = bench.sql(folder, ("SELECT id, sealed FROM body WHERE id = ?", id))[0]
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED):
        shred_person(vault.store, 2)
    bench.sql(
        folder,
        ("INSERT INTO entry (id, generation, commitment, key) VALUES (?, ?, ?, ?)", *entry),
        ("INSERT INTO body (id, sealed) VALUES (?, ?)", *body),
    )
    with pytest.raises(ClearslateError), bench.open(folder) as vault:
        vault.store.get(Kind.PERSON, 2)


def test_a_copy_from_before_still_has_the_person(bench: Any, folder: Path) -> None:
    copy = bench.folder / "copy"
    shutil.copytree(folder, copy)
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED):
        shred_person(vault.store, 2)
    # As docs/vault.md says: shredding changes this vault and no other copy of it.
    with bench.open(copy) as vault:
        assert Record.read(vault.store.get(Kind.PERSON, 2)).text == TEXT[2]


def test_a_shredding_that_fails_leaves_the_person(bench: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise VaultError("the disk went away")

    with bench.open(folder) as vault:
        before = bench.contents(vault)
        monkeypatch.setattr(lookup, "write_rows", fail)
        with pytest.raises(VaultError), vault.operation(Event.PERSON_SHREDDED):
            shred_person(vault.store, 2)
        assert bench.contents(vault) == before


def test_a_shredded_vault_opens_with_no_key(bench: Any, folder: Path) -> None:
    with bench.open(folder) as vault:
        sealed = rows_of(bench, folder, [bench.entry(Kind.PERSON, 1)])
        vault.destroy()
    with pytest.raises(VaultError, match="is no vault"):
        bench.open(folder)
    left = b"".join(path.read_bytes() for path in folder.iterdir())
    assert not any(value in left for value in sealed)
