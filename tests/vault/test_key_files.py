from __future__ import annotations

import os
from pathlib import Path

import pytest

from clearslate.errors import KeyRefusedError, OutputError
from clearslate.vault import secrets
from clearslate.vault.secrets import KeyFile, Passphrase

WORDS = "seven invented otters in a row"
POSIX = os.name == "posix"


def test_a_key_file_reads_back_and_is_its_owners_alone(tmp_path: Path) -> None:
    key, path = KeyFile.made(), tmp_path / "keys" / "office.key"
    key.write(path)
    assert KeyFile.read(path) == key
    if POSIX:
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_key_is_in_no_repr() -> None:
    key = KeyFile.made()
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)
    assert WORDS not in repr(Passphrase(WORDS))


def test_a_key_file_is_on_the_disk_with_its_name_before_anything_is_sealed_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(secrets, "sync_folder", synced.append)
    KeyFile.made().write(tmp_path / "office.key")
    assert synced == [tmp_path]


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "office.key"
    KeyFile.made().write(path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="never overwritten"):
        KeyFile.made().write(path)
    assert path.read_bytes() == before


if POSIX:

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601, 0o777])
    def test_a_key_file_that_lies_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
        path = tmp_path / "office.key"
        KeyFile.made().write(path)
        path.chmod(mode)
        with pytest.raises(KeyRefusedError, match="chmod 600"):
            KeyFile.read(path)
        path.chmod(0o400)
        assert KeyFile.read(path).kind == "file"


def test_a_missing_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRefusedError, match="does not exist"):
        KeyFile.read(tmp_path / "no.key")


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(KeyRefusedError, match="cannot be read"):
        KeyFile.read(tmp_path)


def test_a_key_file_with_any_character_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "office.key"
    KeyFile("12" * 8, bytes(range(32))).write(path)
    text = path.read_text(encoding="ascii").rstrip("\n")
    for at, old in enumerate(text):
        for new in "0f " if old.isalnum() else "0":
            if new != old:
                path.write_text(text[:at] + new + text[at + 1 :], encoding="ascii")
                with pytest.raises(KeyRefusedError, match="no key file of clearslate, or is damaged"):
                    KeyFile.read(path)


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff" * 100, b"clearslate-key-1", b"x" * 10_000, "clé".encode()])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "office.key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(KeyRefusedError, match="no key file of clearslate"):
        KeyFile.read(path)
