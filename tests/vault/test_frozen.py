"""A vault that was made once, by ``tests/vectors/make_vault_1.py``, and that every release must open as it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from clearslate.ingest.kept import Records, kept_sources
from clearslate.vault import runs
from clearslate.vault.anchor import Anchor
from clearslate.vault.audit import Event
from clearslate.vault.finding import Facts, by_subject, find
from clearslate.vault.ledger import Ledger
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile, Passphrase

FROZEN = Path(__file__).parents[1] / "vectors/vault-1"
EXPECTED = json.loads((FROZEN / "expected.json").read_text(encoding="utf-8"))
MESSAGES = {(told["kind"], told["number"]): bytes.fromhex(told["content"]) for told in EXPECTED["messages"]}
SOURCE = b"REC|SUBJ|NAME\n1|7|Zyxquell, A\n2|8|Vornwick, B\n3|7|Zyxquell, A\nno row at all\n4|9|Quandle, C\n"
GONE = b"5|300|Gone, D\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir(mode=0o700)
    for name in ("records.db", "audit.log", "head.json"):
        shutil.copyfile(FROZEN / name, folder / name)
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "frozen.key"
    shutil.copyfile(FROZEN / "frozen.key", path)
    path.chmod(0o600)
    return path


def by_the_store(vault: Any) -> dict[tuple[int, int], bytes]:
    store = vault.store
    return {(int(kind), n): data for kind in Kind for n, data in store.get_many(kind, store.numbers(kind))}


def test_the_frozen_vault_holds_every_kind_of_message() -> None:
    assert {kind for kind, _ in MESSAGES} == {1, 2, 3, 4, 5, 6, 7, 8}


def test_the_frozen_vault_opens_with_its_key_file(bench: Any, folder: Path, key: Path) -> None:
    with bench.open(folder, KeyFile.read(key), anchor=Anchor.read(EXPECTED["anchor"])) as vault:
        assert by_the_store(vault) == MESSAGES
        assert vault.check() == len(MESSAGES)
        assert len(list(vault.lines())) == 11


def test_the_frozen_vault_opens_with_its_passphrase(bench: Any, folder: Path) -> None:
    with bench.open(folder, Passphrase(EXPECTED["passphrase"])) as vault:
        assert by_the_store(vault) == MESSAGES


def test_the_second_reader_reads_the_frozen_vault_alike(second_reader: Any, folder: Path, key: Path) -> None:
    for secret in (key.read_bytes(), EXPECTED["passphrase"]):
        assert second_reader.read(folder, secret) == MESSAGES
    assert second_reader.source_file(MESSAGES, 1) == SOURCE + bytes(len(GONE))


def test_all_that_the_frozen_vault_keeps_is_understood(bench: Any, folder: Path, key: Path) -> None:
    with bench.open(folder, KeyFile.read(key)) as vault:
        store = vault.store
        (source,) = kept_sources(Records(store))
        holes = [(stretch.offset, stretch.gone_rows) for stretch in source.stretches() if stretch.gone]
        assert holes == [(len(SOURCE), 1)]
        assert source.at(0, len(SOURCE)) == SOURCE
        assert find(store, Facts(name="7 zyxquell", born="1970-05-12")) == [7]
        assert find(store, Facts(identifier="a70000", case="oz70000")) == [70_000]
        assert by_subject(store, "300") == []
        assert Ledger.read(store).next_person == 70_001
        assert runs.read_run(store, 1)["manifest"] == {"reform": {"id": "oz"}}
        assert runs.decided_persons(store, 1) == [7, 8, 70_000]
        assert runs.read_decisions(store, 1, 7)[0]["facts"] == [["grade", "felony", 0, 1]]


def test_the_frozen_vault_can_be_worked_in(bench: Any, folder: Path, key: Path) -> None:
    new = KeyFile.made()
    with bench.open(folder, KeyFile.read(key)) as vault:
        with vault.operation(Event.RUN), vault.store.step() as step:
            step.put(Kind.PERSON, 7, b"changed")
            step.put(Kind.PERSON, 11, b"new")
        with vault.operation(Event.KEYS_ROTATED):
            vault.rotate(new, "new")
    with bench.open(folder, new, anchor=Anchor.read(EXPECTED["anchor"])) as vault:
        assert vault.check() == len(MESSAGES) + 1
        found = by_the_store(vault)
    expected = {**MESSAGES, (1, 7): b"changed", (1, 11): b"new"}
    del expected[6, 1], found[6, 1]
    assert found == expected
