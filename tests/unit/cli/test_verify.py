from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearslate_cli import signals
from clearslate_cli.main import main

WORDS = "seven invented otters in a row"


@pytest.fixture(autouse=True)
def no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "unwind", lambda: None)


@pytest.mark.usefixtures("small_vault")
def test_what_the_vault_holds_is_counted_by_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    counts = {name: told[name] for name in ("persons", "sources", "remainders", "runs", "decided", "buckets", "books")}
    assert counts == {"persons": 2, "sources": 1, "remainders": 0, "runs": 1, "decided": 1, "buckets": 1, "books": 2}
    assert told["messages"] == sum(counts.values())
    assert told["anchor"].split()[2] == str(told["entries"])


def test_the_head_that_is_printed_is_of_the_log_with_the_check_in_it(
    small_vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify"]) == 0
    anchor = capsys.readouterr().out.splitlines()[-1]
    last = json.loads((small_vault / "project" / "vault" / "audit.log").read_text("ascii").splitlines()[-1])
    assert anchor.split()[2:] == [str(last["n"]), last["mac"]]
    assert last["counts"]["messages"] == 8


def test_a_backup_is_opened_with_a_passphrase_of_its_own(
    small_vault: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (small_vault / "words").write_text(WORDS, encoding="utf-8")
    (small_vault / "words").chmod(0o600)
    assert main(["keys", "add", "--new-passphrase-file", "../words"]) == 0
    assert main(["backup", "--output", "../one"]) == 0
    assert main(["verify", "--backup", "../one", "--passphrase-file", "-"]) == 2
    assert main(["verify", "--backup", "../one", "--passphrase-file", "../words"]) == 0
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return WORDS

    monkeypatch.setattr("clearslate_cli.vaulted._asked", answer)
    assert main(["verify", "--backup", "../one", "--passphrase"]) == 0
    assert asked == ["Passphrase: ", "Passphrase of the backup: "]
    assert "opens with this key" in " ".join(capsys.readouterr().out.split())
