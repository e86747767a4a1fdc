from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearslate.errors import AuditError, KeyRefusedError
from clearslate.vault import backup as library
from clearslate.vault.vault import Vault
from clearslate_cli import backup, signals
from clearslate_cli.main import main


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "unwind", lambda: None)


def test_the_first_key_that_opens_is_used_and_the_last_refusal_stands() -> None:
    def work(secret: object) -> object:
        if secret == "right":
            return "opened"
        raise KeyRefusedError(f"not {secret}")

    assert backup.with_one_of(["wrong", "right"], work) == "opened"  # type: ignore[list-item]
    with pytest.raises(KeyRefusedError, match="not last"):
        backup.with_one_of(["first", "last"], work)  # type: ignore[list-item]


def test_a_check_leaves_nothing_beside_the_backup_even_when_it_is_cut_off(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", "--output", "../stick/one"]) == 6
    (small_vault / "stick").mkdir()
    assert main(["backup", "--output", "../stick/one"]) == 0
    assert main(["restore", "../stick/one", "--verify"]) == 0
    assert [path.name for path in (small_vault / "stick").iterdir()] == ["one"]

    def cut(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "check", cut)
        assert main(["restore", "../stick/one", "--verify"]) == 130
        assert main(["restore", "../stick/one", "--output", "../stick/two"]) == 130
    assert [path.name for path in (small_vault / "stick").iterdir()] == ["one"]


def test_a_backup_whose_last_entry_cannot_be_written_is_said_to_be_there(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise AuditError("full")

    monkeypatch.setattr(Vault, "settle", full)
    assert main(["backup", "--output", "../one"]) == 13
    err = capsys.readouterr().err
    assert "the backup is in [../one]" in err.replace("\\", "/")
    assert (small_vault / "one" / "records.db").is_file()


def test_an_interrupt_says_where_the_backup_is(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true = library.back_up

    def cut(*arguments: object) -> int:
        true(*arguments)  # type: ignore[arg-type] # what the command gives
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "back_up", cut)
    assert main(["backup", "--output", "../one"]) == 130
    assert "one]" in capsys.readouterr().err


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert main(["verify", "--json", "--backup", *arguments]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)["backup"]
    return found


def test_a_backup_of_another_vault_and_one_that_went_another_way_are_told_apart(
    small_vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "--output", "../one"]) == 0
    assert told(capsys, "../one")["of_this_log"] is True
    # Restored, worked on, and backed up: the same vault, but not an older state of this one.
    assert main(["restore", "../one", "--output", "../two"]) == 0
    assert main(["shred", "--person", "10", "--yes", "../two"]) == 0
    assert main(["backup", "--output", "../three", "--vault", "../two"]) == 0
    other = told(capsys, "../three")
    assert (other["same_vault"], other["of_this_log"], other["entries_behind"]) == (True, False, None)
    assert main(["verify", "--backup", "../three"]) == 0
    assert "went another way" in capsys.readouterr().out
