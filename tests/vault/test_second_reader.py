from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from clearslate.vault import spelling
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile, Passphrase
from clearslate.vault.vault import Vault

FILES = ("records.db", "audit.log", "head.json")
WORDS = "seven invented otters in a row"


def text_of(secret: KeyFile, folder: Path) -> bytes:
    path = folder / f"{secret.id}.key"
    secret.write(path)
    return path.read_bytes()


def by_the_store(vault: Vault) -> dict[tuple[int, int], bytes]:
    store = vault.store
    return {(int(kind), number): data for kind in Kind for number, data in store.get_many(kind, store.numbers(kind))}


def test_the_second_reader_imports_nothing_of_clearslate() -> None:
    text = Path(__file__).with_name("second_reader.py").read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    assert not [module for module in modules if "clearslate" in str(module)]
    assert "cryptography.hazmat.primitives.ciphers.aead" in modules


def test_a_fresh_vault_reads_the_same_by_both_readers(bench: Any, second_reader: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        expected = by_the_store(vault)
    found = second_reader.read(folder, text_of(bench.secret, bench.folder))
    assert found == expected
    assert {place: found[place] for place in bench.messages} == bench.messages


def test_a_vault_with_a_passphrase_reads_the_same_by_both_readers(bench: Any, second_reader: Any) -> None:
    for fips in (False, True):
        with bench.create(f"fips-{fips}", Passphrase(WORDS), fips=fips) as vault:
            expected = by_the_store(vault)
        assert second_reader.read(bench.folder / f"fips-{fips}", WORDS) == expected


def test_a_source_file_is_laid_together_byte_for_byte(bench: Any, second_reader: Any) -> None:
    messages = second_reader.read(bench.copy(), text_of(bench.secret, bench.folder))
    assert second_reader.source_file(messages, 1) == bench.source


def test_a_rotated_vault_reads_the_same_by_both_readers(bench: Any, second_reader: Any) -> None:
    folder, new = bench.copy(), KeyFile("11" * 8, bytes(32))
    with bench.open(folder) as vault:
        before = bench.contents(vault)
        with vault.operation(Event.KEYS_ROTATED):
            vault.rotate(new, "second")
        expected = by_the_store(vault)
    found = second_reader.read(folder, text_of(new, bench.folder))
    assert found == expected
    assert {place: found[place] for place in before} == before


def test_a_vault_that_dropped_a_person_reads_the_same_by_both_readers(bench: Any, second_reader: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED):
        with vault.store.step() as step:
            step.drop(Kind.PERSON, [8])
            step.drop(Kind.DECISIONS, [(1 << 32) + 8])
        expected = by_the_store(vault)
    found = second_reader.read(folder, text_of(bench.secret, bench.folder))
    assert found == expected
    assert set(bench.messages) - set(found) == {(Kind.PERSON, 8), (Kind.DECISIONS, (1 << 32) + 8)}


@pytest.mark.parametrize("name", FILES)
def test_the_second_reader_refuses_a_changed_bit(bench: Any, second_reader: Any, name: str) -> None:
    folder, key = bench.copy(), text_of(bench.secret, bench.folder)
    path = folder / name
    whole = path.read_bytes()
    for at in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:at] + bytes((whole[at] ^ 1 << at % 8,)) + whole[at + 1 :])
        assert not second_reader.opens(folder, key), f"bit {at % 8} of byte {at}"
    path.write_bytes(whole)
    assert spelling.read(second_reader.read(folder, key)[Kind.LEDGER, 1]) == {"next": 10}
