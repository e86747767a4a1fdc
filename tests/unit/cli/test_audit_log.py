from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clearslate_cli import audit_log
from clearslate_cli.main import main


def line(number: int, **said: Any) -> dict[str, Any]:
    told = {"n": number, "at": "2026-01-02T03:04:05.00Z", "who": "ozma", "event": "run", "outcome": "done"}
    return told | {"error": "", "counts": {}} | said


def test_a_line_is_shown_with_its_counts_and_its_error() -> None:
    text = audit_log.table([line(1, counts={"rows_read": 1000, "persons": 2}, error="OSError", outcome="failed")], 1)
    words = " ".join(text.split())
    assert "1 2026-01-02 03:04:05 ozma run failed OSError," in words
    assert "rows read 1,000" in words
    assert "--last" not in text


def test_lines_that_are_not_shown_are_counted() -> None:
    assert "The last 1 of 1,200 lines; --last 1200 shows all." in audit_log.table([line(1200)], 1200)


@pytest.mark.usefixtures("small_vault")
@pytest.mark.parametrize("last", ["0", "-3", "many"])
def test_a_number_of_lines_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], last: str) -> None:
    assert main(["audit", "show", "--last", last]) == 2
    assert "--last" in capsys.readouterr().err


def test_an_anchor_fits_the_vault_that_it_is_of(small_vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["anchor"]) == 0
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), err) == (1, "")
    settings = small_vault / "project" / "clearslate.toml"
    settings.write_text(f"{settings.read_text('utf-8')}anchor = {out.strip()!r}\n", encoding="utf-8")
    assert main(["audit", "verify"]) == 0
    assert "no older copy" in capsys.readouterr().out
    settings.write_text(settings.read_text("utf-8").replace(out.split()[1], "0" * 32), encoding="utf-8")
    assert main(["audit", "verify"]) == 10
    assert "of another vault" in capsys.readouterr().err


def test_a_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit"]) == 2
    assert "verify" in capsys.readouterr().out
