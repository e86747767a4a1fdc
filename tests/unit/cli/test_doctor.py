from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearslate.ingest.examine import Check, Examination, Severity, Table
from clearslate.ingest.reader import InputFile
from clearslate.model import Place
from clearslate.registry import Registry
from clearslate_cli.doctor import TABLE_ROWS, report
from clearslate_cli.main import main

FILE = InputFile("rolls.csv", "00", 2048, 1200, True, "utf-8")
CHECKS = (
    Check("dates", Severity.WARNING, 40, tuple(Place(0, n, n + 1) for n in range(1, 11)), "A is no date"),
    Check("fields", Severity.PROBLEM, 1, (Place(0, 7, 8),), "a row has 3 fields, not 2"),
    Check("comments", Severity.INFO, 3, (), "three rows have a comment"),
)


def found(*checks: Check, counties: int = 2) -> Examination:
    counts = tuple((f"COUNTY {n}", 100 - n) for n in range(counties))
    return Examination((FILE,), 1200, 60, checks, (Table("counties", "Convictions by county", counts),))


def test_what_loses_rows_is_reported_first_with_counts_and_rows() -> None:
    text = report(found(*CHECKS))
    one = " ".join(text.split())
    assert one.index("PROBLEMS") < one.index("WARNINGS") < one.index("GOOD TO KNOW")
    assert "fields (1): a row has 3 fields, not 2 row 7" in one
    assert "dates (40): A is no date rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …" in one
    assert "1,200 rows, 60 people" in one
    assert "No problem found" not in one
    assert max(len(line) for line in text.splitlines()) <= 80


def test_files_without_a_problem_are_said_to_have_none() -> None:
    assert "No problem found." in report(found(CHECKS[0]))


def test_a_long_table_is_cut_with_the_sum_of_the_rest() -> None:
    text = " ".join(report(found(counties=TABLE_ROWS + 2)).split())
    assert f"COUNTY {TABLE_ROWS - 1} " in text
    assert f"COUNTY {TABLE_ROWS} " not in text
    assert f"and 2 more {100 - TABLE_ROWS + 100 - TABLE_ROWS - 1}" in text


@pytest.fixture
def rolls(oz: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Oz's reader, which examines any file to find one problem in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(oz.readers["oz_rolls"], "examine", lambda files: found(*CHECKS), raising=False)
    return oz


@pytest.mark.usefixtures("rolls")
def test_strict_makes_a_problem_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "rolls.csv"]) == 0
    assert main(["doctor", "rolls.csv", "--strict"]) == 1
    capsys.readouterr()
    assert main(["doctor", "rolls.csv", "--strict", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["checks"][1] == {
        "id": "fields",
        "severity": "problem",
        "count": 1,
        "says": "a row has 3 fields, not 2",
        "rows": [{"file": "rolls.csv", "row": 7, "line": 8}],
    }


@pytest.mark.usefixtures("rolls")
def test_without_files_those_of_the_settings_are_examined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 2
    assert "--input" in capsys.readouterr().err
    (tmp_path / "clearslate.toml").write_text("[run]\ninput = 'rolls.csv'\n", encoding="utf-8", newline="\n")
    assert main(["doctor"]) == 0


@pytest.mark.usefixtures("oz")
def test_a_format_without_checks_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "rolls.csv", "--format", "oz_rolls"]) == 2
    assert "[oz_rolls] cannot be examined" in capsys.readouterr().err
