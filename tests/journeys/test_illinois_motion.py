"""The State's Attorney's motion from a table that has names, which Cook County's own exports lack."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
ON = ("--on", "2026-11-02")
MAPPING = """id = "cook_named"
title = "The clerk's rows with names beside them"
columns = ["No", "Name", "Born", "Case", "Statute", "Type", "Class", "Day", "Disposed", "End", "Months", "Agency"]

[person]
id = "No"
name = "Name"
born = "Born"

[charge]
case_number = "Case"
statute = "Statute"
grade = "Type"
class = "Class"
committed = "Day"
arrested = "Day"
disposed = "Disposed"
disposition = "End"
ended = "End"
county = { value = "Cook" }
agency = "Agency"
sentence = { length = "Months", unit = { value = "month" }, kind = { value = "CONDITIONAL DISCHARGE" } }

[dates]
formats = ["%m/%d/%Y"]

[values.grade]
M = "misdemeanor"

[values.class]
A = "A"

[values.disposition]
"CONDITIONAL DISCHARGE" = "convicted"

[values.ended]
"CONDITIONAL DISCHARGE" = "conditional_discharge"
"""
ROW = "{no},{name},05/17/1980,2009-CM-{no},720 ILCS 550/4(c),M,A,03/01/2009,06/01/2010,CONDITIONAL DISCHARGE,12,OZ PD\n"


@pytest.fixture(scope="module")
def cook(made_project: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project with a table of two people, of whom one has a name, decided on every route."""
    folder = tmp_path_factory.mktemp("cook_named")
    one = type(made_project)(type(made_project.office)(folder), folder)
    one.project.mkdir()
    (folder / "roll.toml").write_text(MAPPING, "utf-8")
    head = "No,Name,Born,Case,Statute,Type,Class,Day,Disposed,End,Months,Agency\n"
    rows = ROW.format(no=1, name='"ZYXQUELL,ORLA"') + ROW.format(no=2, name="")
    (folder / "roll.csv").write_text(head + rows, "utf-8")
    office = (EXAMPLES / "office.toml").read_text("utf-8").replace('county = "Oz"', 'county = "Cook"')
    (folder / "office.toml").write_text(office, "utf-8")
    mapped = ("--mapping", "../roll.toml")
    for arguments in (
        ("init", "--key-file", str(one.key)),
        ("ingest", "../roll.csv", *mapped),
        ("run", "--reform", "il_cannabis", *mapped, "--as-of", "2026-06-01", "--output", "../run"),
    ):
        done = one.command(*arguments)
        assert done.code == 0, done.err
    return one


def filed(cook: Any, packet: str, output: str) -> Path:
    """The folder of a packet."""
    done = cook.command("file", "1", "--packet", packet, "--office", "../office.toml", "--output", f"../{output}", *ON)
    assert done.code == 0, done.err
    assert "ZYXQUELL" not in done.out + done.err
    folder: Path = cook.folder / output
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_order_on_the_motion_makes_its_days_and_no_day_of_another_packet(cook: Any) -> None:
    first = filed(cook, "il_sa_motion", "first")
    assert [row["case_number"] for row in table(first / "schedule.csv")] == ["2009-CM-1"]
    (left_out,) = table(first / "not_in_motion.csv")
    assert (left_out["case_number_printed"], left_out["why"]) == ("2009-CM-2", "no name in the record")
    assert ": 60 days after the order" in (first / "read_first.txt").read_text("utf-8")
    for state, day in (("filed", "2026-06-10"), ("signed", "2026-07-01")):
        mark = ("track", "mark", "1", "--state", state, "--on", day, "--packet", "il_sa_motion")
        done = cook.command(*mark, "--list", str(first / "schedule.csv"), "--strict")
        assert done.code == 0, done.err
    due = (filed(cook, "il_sa_motion", "second") / "read_first.txt").read_text("utf-8")
    assert "by August 30, 2026 (60 days after the order)" in due
    assert "by July 31, 2026 (30 days after the order)" in due
    own = (filed(cook, "il_individual", "own") / "read_first.txt").read_text("utf-8")
    assert "clerk: 60 days after the order" in own
