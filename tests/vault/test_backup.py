"""Backups: sealed as the vault is, checked before they are put back, and equal to what was backed up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import ClearslateError, KeyRefusedError, OutputError, VaultError
from clearslate.vault import files
from clearslate.vault.audit import Event
from clearslate.vault.backup import FILES, back_up, restore
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile


@pytest.fixture
def folder(bench: Any) -> Path:
    folder: Path = bench.copy()
    return folder


@pytest.fixture
def backup(bench: Any, folder: Path) -> Path:
    target: Path = bench.folder / "backup"
    with bench.open(folder) as vault, vault.operation(Event.BACKED_UP):
        back_up(vault, target)
    return target


def test_a_backup_restores_to_the_same_records_and_the_same_log(
    bench: Any, folder: Path, backup: Path, new_actor: Any
) -> None:
    target = bench.folder / "restored"
    count = restore(backup, target, bench.secret, new_actor())
    with bench.open(folder) as vault, bench.open(target) as restored:
        assert restored.check() == count == vault.check()
        assert bench.contents(restored) == bench.contents(vault)
        lines = [line.text for line in restored.lines()]
        # The backup was made after its entry had begun; what follows in each of the two is its own.
        assert [line.text for line in vault.lines()][: len(lines) - 2] == lines[:-2]
        assert [line.told["event"] for line in restored.lines()][-3:] == ["backup", "restore", "restore"]


def test_a_backup_holds_what_the_vault_holds_and_nothing_in_the_clear(bench: Any, folder: Path, backup: Path) -> None:
    assert sorted(path.name for path in backup.iterdir()) == sorted(FILES)
    assert (backup / "records.db").read_bytes() == (folder / "records.db").read_bytes()
    assert not any(b"Zyxquell" in path.read_bytes() for path in backup.iterdir())


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_backup_is_not_restored(bench: Any, backup: Path, name: str, new_actor: Any) -> None:
    path = backup / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    target = bench.folder / "restored"
    with pytest.raises(ClearslateError):
        restore(backup, target, bench.secret, new_actor())
    assert [entry.name for entry in bench.folder.iterdir() if "restored" in entry.name] == []


@pytest.mark.parametrize("name", FILES)
def test_a_backup_that_lacks_a_file_is_none(bench: Any, backup: Path, name: str, new_actor: Any) -> None:
    (backup / name).unlink()
    with pytest.raises(VaultError, match=rf"is no backup of a vault: \[{name}\] is missing"):
        restore(backup, bench.folder / "restored", bench.secret, new_actor())


def test_a_backup_of_a_newer_format_says_so(bench: Any, backup: Path, new_actor: Any) -> None:
    bench.sql(backup, "PRAGMA user_version = 2")
    with pytest.raises(VaultError, match="install a newer clearslate"):
        restore(backup, bench.folder / "restored", bench.secret, new_actor())


def test_a_backup_opens_with_the_keys_of_its_time_only(bench: Any, folder: Path, backup: Path, new_actor: Any) -> None:
    new = KeyFile.made()
    with bench.open(folder) as vault, vault.operation(Event.KEYS_ROTATED):
        vault.rotate(new, "new")
    with pytest.raises(KeyRefusedError, match="does not open this vault"):
        restore(backup, bench.folder / "restored", new, new_actor())
    restore(backup, bench.folder / "restored", bench.secret, new_actor())


def test_nothing_is_restored_over_something(bench: Any, folder: Path, backup: Path, new_actor: Any) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OutputError, match="is there already and not empty"):
        restore(backup, folder, bench.secret, new_actor())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_backup_that_fails_leaves_no_folder(bench: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "copy", full)
    with (
        bench.open(folder) as vault,
        pytest.raises(OutputError, match="no space left"),
        vault.operation(Event.BACKED_UP),
    ):
        back_up(vault, bench.folder / "backup")
    assert [entry.name for entry in bench.folder.iterdir()] == [folder.name]


def test_a_backup_and_its_vault_can_both_go_on_without_a_nonce_twice(
    bench: Any, folder: Path, backup: Path, new_actor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clearslate.vault import sealing

    seen: list[tuple[bytes, bytes]] = []
    encrypt = sealing.encrypt

    def watched(key: bytes, nonce: bytes, data: bytes, where: bytes) -> bytes:
        seen.append((key, nonce))
        return encrypt(key, nonce, data, where)

    target = bench.folder / "restored"
    restore(backup, target, bench.secret, new_actor())
    monkeypatch.setattr(sealing, "encrypt", watched)
    for place in (folder, target):
        with bench.open(place) as vault, vault.operation(Event.INGEST), vault.store.step() as step:
            step.put_many(Kind.PERSON, ((number, b"the same") for number in range(20, 30)))
    assert len(seen) == 40
    assert len(set(seen)) == len(seen)
