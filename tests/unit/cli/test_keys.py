from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from clearslate.errors import AuditError, OutputError
from clearslate.vault.secrets import KeyFile
from clearslate.vault.store import Store
from clearslate.vault.vault import Vault
from clearslate_cli import signals
from clearslate_cli.main import main

WORDS = "seven invented otters in a row"


class InMemory(KeyringBackend):
    """A key store that forgets."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def key_store() -> Iterator[dict[tuple[str, str], str]]:
    before = keyring.get_keyring()
    store = InMemory()
    keyring.set_keyring(store)
    yield store.kept
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "unwind", lambda: None)


def listed(capsys: pytest.CaptureFixture[str], *way: str) -> list[tuple[int, str]]:
    capsys.readouterr()
    assert main(["keys", "list", "--json", *way]) == 0
    return [(one["number"], one["kind"]) for one in json.loads(capsys.readouterr().out)]


def broken_at(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException, *, after: bool) -> None:
    """Let a method of the vault fail, before it has done anything or after all of it."""
    true = getattr(Vault, name)

    def fail(self: Vault, *arguments: Any) -> Any:
        if after:
            true(self, *arguments)
        raise error

    monkeypatch.setattr(Vault, name, fail)


def test_a_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys"]) == 2
    assert "rotate" in capsys.readouterr().out


def test_the_list_shows_what_a_passphrase_costs_a_guesser(
    small_vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_vault / "words").write_text(WORDS, encoding="utf-8")
    (small_vault / "words").chmod(0o600)
    assert main(["keys", "add", "--new-passphrase-file", "../words", "--label", "chief"]) == 0
    assert main(["keys", "list"]) == 0
    out = capsys.readouterr().out
    assert "Argon2id, 64 MiB, 3 rounds, 4 lanes" in out
    assert "1 *" in out
    assert "2 *" not in out


@pytest.mark.usefixtures("small_vault")
def test_the_key_store_is_given_a_key_and_gives_it_up(
    key_store: dict[tuple[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "add", "--new-keyring"]) == 0
    assert len(key_store) == 1
    assert listed(capsys, "--keyring") == [(1, "file"), (2, "keyring")]
    assert main(["keys", "drop", "2"]) == 0
    assert key_store == {}


@pytest.mark.usefixtures("small_vault")
def test_a_key_in_the_key_store_is_rotated_there(
    key_store: dict[tuple[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "add", "--new-keyring"]) == 0
    assert main(["keys", "rotate", "--keyring", "--drop-others"]) == 0
    assert [user.rpartition("/")[2] for _, user in key_store] == ["3"]
    assert listed(capsys, "--keyring") == [(3, "keyring")]


@pytest.mark.parametrize("error", [OutputError("full"), KeyboardInterrupt()])
@pytest.mark.parametrize("way", ["--new-key-file=../fresh/new", "--new-keyring"])
def test_a_key_that_was_not_added_is_taken_away_again(
    small_vault: Path,
    key_store: dict[tuple[str, str], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    way: str,
) -> None:
    broken_at(monkeypatch, "add_key", error, after=False)
    assert main(["keys", "add", way]) == (130 if isinstance(error, KeyboardInterrupt) else 6)
    assert not (small_vault / "fresh").exists()
    assert key_store == {}
    said = "nothing was changed" if isinstance(error, KeyboardInterrupt) else "full"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("error", [AuditError("full"), KeyboardInterrupt()])
def test_a_key_that_was_added_stays_whatever_comes_after(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    with monkeypatch.context() as patch:
        broken_at(patch, "add_key", error, after=True)
        assert main(["keys", "add", "--new-key-file", "../fresh/new"]) == (
            130 if isinstance(error, KeyboardInterrupt) else 13
        )
    assert "the key was added" in capsys.readouterr().err
    assert listed(capsys, "--key-file", "../fresh/new") == [(1, "file"), (2, "file")]
    assert (small_vault / "fresh" / "new").is_file()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [AuditError("full"), KeyboardInterrupt()])
def test_a_rotation_that_fails_leaves_the_key_file_that_opens(
    small_vault: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    after: bool,
) -> None:
    before = KeyFile.read(small_vault / "safe" / "key").id
    with monkeypatch.context() as patch:
        broken_at(patch, "rotate", error, after=after)
        assert main(["keys", "rotate"]) == (130 if isinstance(error, KeyboardInterrupt) else 13)
    err = capsys.readouterr().err
    assert ("sealed anew" in err) == after
    assert (KeyFile.read(small_vault / "safe" / "key").id != before) == after
    assert [path.name for path in (small_vault / "safe").iterdir()] == ["key"]
    assert len(listed(capsys)) == 1


def test_a_rotation_that_cannot_tell_how_it_ended_leaves_both_key_files(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = small_vault / "project" / "vault"

    def vanish(*_: Any) -> None:
        vault.rename(small_vault / "away")
        raise OutputError("the share is gone")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "copy_to", vanish)
        assert main(["keys", "rotate"]) == 6
    (small_vault / "away").rename(vault)
    assert sorted(path.name for path in (small_vault / "safe").iterdir()) == ["key", "key.new"]
    assert listed(capsys) == [(1, "file")]


@pytest.mark.usefixtures("small_vault")
@pytest.mark.parametrize("error", [AuditError("full"), KeyboardInterrupt()])
@pytest.mark.parametrize("after", [False, True])
def test_a_rotation_in_the_key_store_that_fails_leaves_the_entry_that_opens(
    key_store: dict[tuple[str, str], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    after: bool,
) -> None:
    assert main(["keys", "add", "--new-keyring"]) == 0
    with monkeypatch.context() as patch:
        broken_at(patch, "rotate", error, after=after)
        assert main(["keys", "rotate", "--keyring", "--drop-others"]) != 0
    assert ("3" in [user.rpartition("/")[2] for _, user in key_store]) == after
    assert listed(capsys, "--keyring") == ([(3, "keyring")] if after else [(1, "file"), (2, "keyring")])


def test_a_new_key_file_that_cannot_take_its_place_is_named_and_opens(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "key.new":
            raise PermissionError(13, "no")
        return true(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        assert main(["keys", "rotate"]) == 6
    assert "key.new]; rename it to [key]" in capsys.readouterr().err
    assert listed(capsys) == [(2, "file")]
    assert main(["keys", "rotate"]) == 0
    assert [path.name for path in (small_vault / "safe").iterdir()] == ["key"]


@pytest.mark.usefixtures("small_vault")
def test_an_old_key_file_is_not_kept_over_another_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "rotate", "--keep-old", "clearslate.toml"]) == 6
    assert "never overwritten" in capsys.readouterr().err
    assert listed(capsys) == [(1, "file")]


@pytest.mark.parametrize("command", [["add"], ["rotate"]])
def test_standard_input_has_one_passphrase(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main(["keys", *command, "--new-passphrase-file", "-", "--passphrase-file", "-"]) == 2
    assert "standard input" in capsys.readouterr().err
