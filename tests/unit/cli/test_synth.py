from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clearslate.registry import Registry
from clearslate_cli.main import main

ARGUMENTS = ["synth", "oz_rolls", "--people", "3", "--seed", "5", "--output", "rolls.csv"]


@pytest.fixture
def asked(oz: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What Oz's reader is asked to synthesize."""
    monkeypatch.chdir(tmp_path)
    made: list[dict[str, Any]] = []

    def synthesize(target: Path, **how: Any) -> None:
        made.append(how)
        target.write_text("rows", encoding="utf-8")
        target.with_name(f"{target.name}.key.csv").write_text("key", encoding="utf-8")

    monkeypatch.setattr(oz.readers["oz_rolls"], "synthesize", synthesize, raising=False)
    return made


def test_the_reader_writes_the_people_and_the_command_says_where(
    asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ARGUMENTS) == 0
    assert asked == [{"people": 3, "seed": 5, "damage": True}]
    assert "rolls.csv.key.csv" in capsys.readouterr().out


def test_county_and_damage_are_passed_on(asked: list[dict[str, Any]]) -> None:
    assert main([*ARGUMENTS, "--county", "Oz", "--no-damage"]) == 0
    assert asked == [{"people": 3, "seed": 5, "damage": False, "county": "Oz"}]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("name", ["rolls.csv", "rolls.csv.key.csv"])
def test_a_file_that_is_there_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert main(ARGUMENTS) == 6
    assert f"[{name}]" in capsys.readouterr().err
    assert (tmp_path / name).read_text("utf-8") == "mine"


@pytest.mark.usefixtures("asked")
def test_a_folder_that_is_not_there_is_an_output_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ARGUMENTS[:-1], "nowhere/rolls.csv"]) == 6
    assert "[rolls.csv]" in capsys.readouterr().err


@pytest.mark.usefixtures("oz")
def test_a_format_that_invents_nobody_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ARGUMENTS) == 2
    assert "[oz_rolls]" in capsys.readouterr().err
