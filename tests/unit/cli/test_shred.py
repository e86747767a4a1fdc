from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from clearslate.errors import UsageError
from clearslate_cli import shred, signals
from clearslate_cli.main import main


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "unwind", lambda: None)


def outcomes(folder: Path) -> list[str]:
    lines = (folder / "project" / "vault" / "audit.log").read_text("ascii").splitlines()
    return [f"{line['event']} {line['outcome']}" for line in map(json.loads, lines)]


def test_the_id_has_to_be_typed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("10\n"))
    shred.confirm("Again", "10", "id")
    for typed in ("11\n", "\n", ""):
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        with pytest.raises(UsageError, match="not the same id"):
            shred.confirm("Again", "10", "id")


def test_a_vault_is_not_shredded_by_another_id(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert main(["shred", "--vault"]) == 2
    assert "nothing was shredded" in capsys.readouterr().err
    assert outcomes(small_vault)[-2:] == ["shred vault begun", "shred vault failed"]
    assert main(["verify"]) == 0


def test_a_vault_is_shredded_by_its_id(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    id = json.loads((small_vault / "project" / "vault" / "head.json").read_text("ascii"))["vault"]
    monkeypatch.setattr("sys.stdin", Terminal(f"{id}\n"))
    assert main(["shred", "--vault"]) == 0
    assert id in capsys.readouterr().err
    assert outcomes(small_vault)[-1] == "shred vault done"
    assert not (small_vault / "project" / "vault" / "records.db").exists()


@pytest.mark.usefixtures("small_vault")
def test_what_is_gone_and_what_is_left_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shred", "--person", "10", "--yes", "vault"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "1 row, and the decisions of 1 run." in out
    assert "1 rejected row in the vault names nobody" in out
    assert main(["lookup", "--name", "Ozma Zyxquell", "--case", "OZ1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("after", [False, True])
def test_an_interrupt_says_whether_the_person_is_gone(
    small_vault: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], after: bool
) -> None:
    from clearslate.vault import shredding

    true = shredding.shred_person

    def cut(store: object, person: int, *rest: object) -> None:
        if after:
            true(store, person)  # type: ignore[arg-type] # what the command gives
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shredding, "shred_person", cut)
        assert main(["shred", "--person", "10", "--yes"]) == 130
    err = capsys.readouterr().err
    assert ("the person is shredded, and only the answer was not written" in err) == after
    assert ("nothing was changed" in err) != after
    assert outcomes(small_vault)[-1] == "shred person failed"
    assert main(["shred", "--person", "10", "--yes"]) == (2 if after else 0)
