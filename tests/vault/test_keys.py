from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf import argon2

from clearslate.errors import ClearslateError, KeyRefusedError, OutputError, VaultError
from clearslate.vault import spelling
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile, Keyring, Passphrase, wrong_key
from clearslate.vault.vault import Vault

WORDS = "seven invented otters in a row"


@pytest.fixture
def no_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stretches a passphrase fails."""

    def stretch(*_: Any, **__: Any) -> Any:
        pytest.fail("a passphrase was stretched")

    monkeypatch.setattr(argon2, "Argon2id", stretch)
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", stretch)


def refusal(bench: Any, folder: Path, secret: Any) -> tuple[type[ClearslateError], str, int]:
    with pytest.raises(ClearslateError) as caught:
        bench.open(folder, secret)
    return type(caught.value), str(caught.value), caught.value.exit_code


def slot_of(bench: Any, folder: Path, number: int = 1) -> dict[str, Any]:
    ((body,),) = bench.sql(folder, ("SELECT body FROM slot WHERE id = ?", number))
    return spelling.read(body)


def set_slot(bench: Any, folder: Path, told: dict[str, Any], number: int = 1) -> None:
    bench.sql(folder, ("UPDATE slot SET body = ? WHERE id = ?", spelling.spelled(told), number))


# One error for every wrong key


def test_wrong_keys_of_every_kind_give_the_same_single_error(bench: Any) -> None:
    by_file, by_words = bench.copy(), bench.folder / "words"
    bench.create("words", Passphrase(WORDS)).close()
    refusals = {
        refusal(bench, by_file, KeyFile(bench.secret.id, bytes(32))),
        refusal(bench, by_file, KeyFile("f" * 16, bench.secret.secret)),
        refusal(bench, by_file, KeyFile.made()),
        refusal(bench, by_file, Passphrase(WORDS)),
        refusal(bench, by_file, Keyring()),
        refusal(bench, by_words, Passphrase(f"{WORDS}!")),
        refusal(bench, by_words, Passphrase("")),
        refusal(bench, by_words, Passphrase("lone \udc80 surrogate")),
        refusal(bench, by_words, bench.secret),
    }
    assert refusals == {(KeyRefusedError, str(wrong_key()), 11)}


def test_the_key_of_another_vault_gives_the_same_single_error(bench: Any) -> None:
    other = KeyFile("ab" * 8, bytes(range(100, 132)))
    bench.create("other", other).close()
    assert refusal(bench, bench.copy(), other) == (KeyRefusedError, str(wrong_key()), 11)


def test_a_refused_key_leaves_no_trace_and_the_right_one_opens_afterwards(bench: Any) -> None:
    folder = bench.copy()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    refusal(bench, folder, KeyFile.made())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with bench.open(folder, patience=0) as vault:
        assert bench.contents(vault) == bench.messages


# Passphrases


@pytest.mark.parametrize("words", ["", "short", "eleven char", "e\u0301" * 6])
def test_a_passphrase_that_is_too_short_is_refused_for_a_new_vault(bench: Any, words: str) -> None:
    with pytest.raises(KeyRefusedError, match="too short"):
        bench.create("words", Passphrase(words))
    assert list(bench.folder.iterdir()) == []


def test_a_passphrase_opens_however_its_accents_are_typed(bench: Any) -> None:
    typed = "sieben erfundene Ötter am Fluß"
    other = unicodedata.normalize("NFD", typed)
    assert typed != other
    bench.create("words", Passphrase(typed)).close()
    with bench.open(bench.folder / "words", Passphrase(other)) as vault:
        assert vault.slot == 1


def test_a_passphrase_is_stretched_with_argon2id_and_with_pbkdf2_under_fips(bench: Any) -> None:
    bench.create("plain", Passphrase(WORDS)).close()
    bench.create("fips", Passphrase(WORDS), fips=True).close()
    plain, fips = slot_of(bench, bench.folder / "plain"), slot_of(bench, bench.folder / "fips")
    assert (plain["kdf"], plain["memory"], plain["iterations"], plain["lanes"]) == ("argon2id", 65536, 3, 4)
    assert (fips["kdf"], fips["iterations"]) == ("pbkdf2", 600_000)
    with bench.open(bench.folder / "fips", Passphrase(WORDS)) as vault:
        assert vault.fips


@pytest.mark.usefixtures("no_stretching")
@pytest.mark.parametrize(
    "cost",
    [
        {"memory": 19_455},
        {"memory": 1_048_577},
        {"memory": 2**40},
        {"iterations": 1},
        {"iterations": 17},
        {"lanes": 0},
        {"lanes": 9},
        {"memory": True},
        {"memory": "65536"},
        {"memory": 65536.0},
        {"memory": None},
        {"kdf": "pbkdf2", "iterations": 599_999},
        {"kdf": "pbkdf2", "iterations": 10_000_001},
        {"kdf": "pbkdf2"},
        {"kdf": "md5"},
        {"kdf": None},
        {"kdf": ["argon2id"]},
        {"salt": "00"},
        {"salt": "no salt"},
        {"salt": None},
    ],
)
def test_a_cost_out_of_bounds_is_refused_before_any_work(bench: Any, cost: dict[str, Any]) -> None:
    folder = bench.copy()
    told = slot_of(bench, folder)
    costs = {"kdf": "argon2id", "memory": 65536, "iterations": 3, "lanes": 4, "salt": "00" * 16}
    set_slot(bench, folder, {**told, "kind": "passphrase", **costs, **cost})
    with pytest.raises(KeyRefusedError):
        bench.open(folder, Passphrase(WORDS))


# What a slot says is authenticated


@pytest.mark.parametrize("field", ["label", "made", "wrapped", "kind", "key"])
def test_a_slot_with_an_edited_field_is_refused(bench: Any, field: str) -> None:
    folder = bench.copy()
    told = slot_of(bench, folder)
    last = "0" if told[field][-1] != "0" else "1"
    edited = {"kind": "keyring", "key": "0" * 15 + "1"}.get(field, told[field][:-1] + last)
    assert edited != told[field]
    set_slot(bench, folder, {**told, field: edited})
    assert refusal(bench, folder, bench.secret) == (KeyRefusedError, str(wrong_key()), 11)


@pytest.mark.parametrize("extra", [{"more": 1}, {"kdf": "pbkdf2"}])
def test_a_slot_with_an_added_field_is_refused(bench: Any, extra: dict[str, Any]) -> None:
    folder = bench.copy()
    set_slot(bench, folder, {**slot_of(bench, folder), **extra})
    assert refusal(bench, folder, bench.secret) == (KeyRefusedError, str(wrong_key()), 11)


@pytest.mark.parametrize("missing", ["label", "made", "wrapped", "kind"])
def test_a_slot_that_lacks_a_field_is_refused(bench: Any, missing: str) -> None:
    folder = bench.copy()
    told = slot_of(bench, folder)
    del told[missing]
    set_slot(bench, folder, told)
    assert refusal(bench, folder, bench.secret)[0] is VaultError


@pytest.mark.parametrize("wrapped", ["", "zz", "00", "01" + "00" * 112])
def test_a_slot_that_wraps_nothing_is_refused(bench: Any, wrapped: str) -> None:
    folder = bench.copy()
    set_slot(bench, folder, {**slot_of(bench, folder), "wrapped": wrapped})
    assert refusal(bench, folder, bench.secret) == (KeyRefusedError, str(wrong_key()), 11)


def test_a_slot_with_a_cheaper_cost_is_refused_even_by_the_right_passphrase(bench: Any) -> None:
    bench.create("words", Passphrase(WORDS)).close()
    folder = bench.folder / "words"
    told = slot_of(bench, folder)
    set_slot(bench, folder, {**told, "iterations": 2})
    assert refusal(bench, folder, Passphrase(WORDS)) == (KeyRefusedError, str(wrong_key()), 11)
    set_slot(bench, folder, told)
    bench.open(folder, Passphrase(WORDS)).close()


@pytest.mark.parametrize(
    "change",
    [{"fips": True}, {"version": 2}, {"version": 0}, {"format": "another"}, {"vault": "00" * 16}, {"more": 1}],
)
def test_an_edited_header_is_refused(bench: Any, change: dict[str, Any]) -> None:
    folder = bench.copy()
    ((header,),) = bench.sql(folder, "SELECT header FROM vault")
    bench.sql(folder, ("UPDATE vault SET header = ?", spelling.spelled({**spelling.read(header), **change})))
    assert refusal(bench, folder, bench.secret)[0] in (KeyRefusedError, VaultError)


def test_a_header_in_another_spelling_is_refused(bench: Any) -> None:
    folder = bench.copy()
    bench.sql(folder, "UPDATE vault SET header = header || x'0a'")
    assert refusal(bench, folder, bench.secret)[0] is VaultError


def test_a_newer_format_asks_for_a_newer_release(bench: Any) -> None:
    folder = bench.copy()
    bench.sql(folder, "PRAGMA user_version = 2")
    with pytest.raises(VaultError, match=r"format \[2\].*install a newer clearslate"):
        bench.open(folder)


@pytest.mark.parametrize("version", [0, -1])
def test_an_older_format_than_the_first_is_refused(bench: Any, version: int) -> None:
    folder = bench.copy()
    bench.sql(folder, f"PRAGMA user_version = {version}")
    assert refusal(bench, folder, bench.secret)[0] is VaultError


def test_a_database_that_is_no_vault_is_refused(bench: Any) -> None:
    folder = bench.copy()
    bench.sql(folder, "PRAGMA application_id = 1")
    with pytest.raises(VaultError, match="is no vault of clearslate"):
        bench.open(folder)


@pytest.mark.parametrize("depth", [50, 400, 900, 5000, 100_000])
@pytest.mark.parametrize("place", ["slot", "vault", "head", "log"])
def test_json_of_any_depth_is_refused_as_damage(bench: Any, place: str, depth: int) -> None:
    folder = bench.copy()
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    if place == "head":
        (folder / "head.json").write_bytes(deep + b"\n")
    elif place == "log":
        with (folder / "audit.log").open("r+b") as file:
            file.write(deep[: 2**10])
    else:
        bench.sql(folder, (f"UPDATE {place} SET {'body' if place == 'slot' else 'header'} = ?", deep))
    with pytest.raises(ClearslateError):
        bench.open(folder).check()


# How many


def test_a_vault_takes_sixteen_keys_and_no_more(bench: Any) -> None:
    folder = bench.copy()
    keys = [KeyFile(f"{n:016x}", bytes((n,)) * 32) for n in range(1, 16)]
    with bench.open(folder) as vault:
        with vault.operation(Event.KEY_ADDED):
            assert [vault.add_key(key, "more") for key in keys] == list(range(2, 17))
        with pytest.raises(KeyRefusedError, match=r"\[16\] keys already"):
            vault.add_key(KeyFile.made(), "one too many")
    for number, key in enumerate(keys, 2):
        with bench.open(folder, key) as vault:
            assert vault.slot == number


@pytest.mark.usefixtures("no_stretching")
def test_more_slots_than_sixteen_are_refused_before_any_work(bench: Any) -> None:
    folder = bench.copy()
    told = {**slot_of(bench, folder), "kind": "passphrase", "kdf": "pbkdf2", "iterations": 10**7, "salt": "00" * 16}
    body = spelling.spelled(told)
    for number in range(1, 18):
        bench.sql(folder, ("INSERT OR REPLACE INTO slot VALUES (?, ?)", number, body))
    assert refusal(bench, folder, Passphrase(WORDS))[0] is VaultError


def test_a_dropped_key_opens_no_longer_and_the_last_is_not_dropped(bench: Any) -> None:
    folder, second = bench.copy(), KeyFile.made()
    with bench.open(folder) as vault:
        with vault.operation(Event.KEY_ADDED):
            vault.add_key(second, "second")
        with vault.operation(Event.KEY_DROPPED):
            vault.drop_key(1)
        with pytest.raises(KeyRefusedError, match="the only key"):
            vault.drop_key(2)
        with pytest.raises(KeyRefusedError, match=r"no key \[1\]; known: 2"):
            vault.drop_key(1)
        assert vault.check() == len(bench.messages) + 1
    assert refusal(bench, folder, bench.secret)[0] is KeyRefusedError
    with bench.open(folder, second) as vault:
        assert bench.contents(vault) == bench.messages


# The folder


@pytest.mark.parametrize("name", ["nowhere", "x" * 300, "nul\0byte"])
def test_a_folder_that_is_not_there_is_no_vault(bench: Any, name: str) -> None:
    with pytest.raises(VaultError):
        bench.open(bench.folder / name)


def test_an_empty_folder_is_no_vault_and_a_full_one_takes_none(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(VaultError, match="is no vault"):
        bench.open(tmp_path / "empty")
    folder = bench.copy()
    with pytest.raises(OutputError, match="not empty"):
        Vault.create(folder, bench.secret, None)  # type: ignore[arg-type]
    with bench.open(folder) as vault:
        assert vault.store.get(Kind.RUN, 1) == bench.messages[Kind.RUN, 1]
