from __future__ import annotations

import sys

import pytest

from clearslate import errors
from clearslate.errors import ClearslateError
from clearslate_cli import catalog
from clearslate_cli.exits import INTERNAL, INTERRUPTED, USAGE
from clearslate_cli.main import main

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ClearslateError)]


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(catalog, "registry", fail)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_ends_with_its_code_and_one_line(
    kind: type[ClearslateError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, kind("what\nand where [x]"))
    assert main(["reforms"]) == kind.exit_code
    assert capsys.readouterr() == ("", "clearslate: error: what and where [x]\n")


def test_an_unforeseen_exception_shows_its_type_and_place_and_never_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, ValueError("ZYXQUELL,ORLA"))
    assert main(["reforms"]) == INTERNAL
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith("clearslate: error: internal error in [clearslate_cli.catalog]: [ValueError]; report")
    assert "ZYXQUELL" not in written.err
    assert len(written.err.splitlines()) == 1


@pytest.mark.parametrize("error", [RecursionError(), MemoryError(), EOFError("ZYXQUELL")])
def test_no_exception_leaves_the_command_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, error)
    assert main(["reforms"]) in (INTERNAL, USAGE)
    assert "ZYXQUELL" not in capsys.readouterr().err


def test_an_interrupt_ends_as_interrupted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert main(["reforms"]) == INTERRUPTED
    assert capsys.readouterr().err.startswith("clearslate: error: interrupted")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rum"], "no such command [rum]; did you mean [run]?"),
        (["policies", "lst"], "no such command [lst]; did you mean [list]?"),
        (["run", "--polcy", "x"], "no option [--polcy]; did you mean [--policy]?"),
        (["run", "--qqqqqq"], "no option [--qqqqqq]; see clearslate run --help"),
        (["--versoin"], "no option [--versoin]; did you mean [--version]?"),
        (["run", "--reform"], "[--reform]"),
        (["synth", "zz", "--people", "many"], "[--people]"),
        (["synth"], "see clearslate synth --help"),
        (["reforms", "extra"], "extra"),
        (["explain"], "--row N, or --person ID"),
    ],
)
def test_a_mistake_in_the_command_line_is_one_line_that_helps(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == USAGE
    written = capsys.readouterr()
    assert written.out == ""
    assert words in written.err
    assert len(written.err.splitlines()) == 1


def test_without_a_command_the_help_is_shown_as_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["policies"]):
        assert main(arguments) == USAGE
        written = capsys.readouterr()
        assert written.out.startswith("Usage: clearslate")
        assert written.err == ""


@pytest.mark.parametrize("command", [[], *([name] for name in ("run", "explain", "doctor", "synth", "policies"))])
def test_every_help_page_fits_eighty_columns_and_ends_with_zero(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*command, "--help"]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 80


def test_the_command_line_of_the_process_is_the_default(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["clearslate", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("clearslate 0.")
