"""What changed between two policies, and how many decisions change with it, as an attorney asks for it."""

from __future__ import annotations

import csv
import json
import os
import stat
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from tests.unit.policy.test_routes import POLICY, REFORM

from clearslate.policy.reform import PolicyReform
from clearslate.testing.oz import read_statute
from clearslate_cli.policies_diff import _source

STATUTE = files("clearslate_ca_prop64") / "policies" / "statute.toml"
DIFF = ("policies", "diff")
ABOUT = ("--reform", "ca_prop64")
ON_PEOPLE = ("--input", "people.dat", "--as-of", "2019-07-01")


def narrow(text: str) -> bool:
    return max(len(line) for line in text.splitlines()) <= 80


@pytest.fixture(scope="module")
def place(shared_office: Any, doj: Any) -> Any:
    """An office with four convictions, and a later text of the statute's policy."""
    rows = [
        *doj.conviction("1", OFFENSE_DESCR="11358 HS-CULTIVATE MARIJUANA"),
        *doj.conviction("2", OFFENSE_DESCR="484(A) PC-PETTY THEFT"),
        *doj.conviction("3"),
        *doj.conviction("3", cycle=102, OFFENSE_DESCR="11357 HS-POSSESS MARIJUANA"),
        {"SUBJECT_ID": "", "PRI_NAME": "ZYXQUELL,ORLA"},
    ]
    shared_office.write("people.dat", rows)
    text = STATUTE.read_text("utf-8")
    assert '\nid = "still_serving"\n' in text
    first, second = text.split('[[rules]]\nid = "still_serving"\n', 1)
    assert second.startswith('then = "review"\n')
    later = first + '[[rules]]\nid = "still_serving"\n' + second.replace('"review"', '"ineligible"', 1)
    new = '[[rules]]\nid = "whoever_sold"\nthen = "ineligible"\nbecause = "A sale."\n'
    new += '[[rules.when]]\ncite = "HS 11359 as amended"\ntest = { is = "statute_in", statutes = ["HS 11359"] }\n\n'
    (shared_office.folder / "later.toml").write_text(later.replace("[[rules]]\n", new + "[[rules]]\n", 1), "utf-8")
    return shared_office


def test_what_changed_is_shown_rule_by_rule(place: Any) -> None:
    done = place.command(*DIFF, "statute", "later.toml", *ABOUT)
    assert (done.code, done.err) == (0, "")
    assert narrow(done.out)
    lines = done.out.splitlines()
    assert any(line.startswith("RULES: 1 added, 1 changed, ") and "the reform's own)" in line for line in lines)
    assert any(line.startswith("+ ") and "whoever_sold -> ineligible" in line for line in lines)
    assert "        - the offense is HS 11359" in lines
    assert done.out.count("        - review\n        + ineligible\n") == 1
    assert "DECISIONS" not in done.out
    same = place.command(*DIFF, "statute", "statute", *ABOUT)
    assert "the two decide alike" in same.out


def test_what_changed_is_given_to_machines(place: Any) -> None:
    found = json.loads(place.command(*DIFF, "statute", "later.toml", *ABOUT, "--json").out)
    assert [(one["what"], one["after"]["id"]) for one in found["rules"]["changes"]] == [
        (["added"], "whoever_sold"),
        (["changed"], "still_serving"),
    ]
    assert found["rules"]["changes"][1]["values"][0] == {"key": "then", "before": "review", "after": "ineligible"}
    assert not found["decides_alike"]


def test_records_show_how_many_decisions_change_and_from_what_to_what(place: Any) -> None:
    done = place.command(*DIFF, "statute", "later.toml", *ABOUT, *ON_PEOPLE, "--list", "changed.csv")
    assert done.code == 0
    assert done.err == "clearslate: note: 1 row was rejected and decided nothing under either policy\n"
    assert narrow(done.out)
    said = " ".join(done.out.split())
    assert "DECISIONS as of 2019-07-01, every county" in said
    assert "convictions that either policy decides 3" in said
    assert "decided otherwise 1" in said
    assert "ineligible" in said
    assert "ZYXQUELL" not in done.out
    path = place.folder / "changed.csv"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["source_file"], row["source_row"], row["new_outcome"]) == ("people.dat", "6", "ineligible")
    assert (row["old_outcome"], row["new_rule"]) == ("review", "whoever_sold")
    again = place.command(*DIFF, "statute", "later.toml", *ABOUT, *ON_PEOPLE, "--list", "changed.csv")
    assert (again.code, "file [changed.csv] is there already" in again.err) == (6, True)
    found = json.loads(place.command(*DIFF, "statute", "later.toml", *ABOUT, *ON_PEOPLE, "--json").out)["decisions"]
    assert (found["decided"], found["changed"], found["people_changed"]) == (3, 1, 1)
    assert sum(pair["number"] for pair in found["pairs"]) == 3


def test_a_county_of_a_policy_is_the_county_that_is_compared(place: Any, error_of: Any) -> None:
    done = place.command(*DIFF, "statute", "los_angeles", *ABOUT, *ON_PEOPLE)
    assert "DECISIONS as of 2019-07-01, LOS ANGELES" in done.out
    done = place.command(*DIFF, "san_joaquin", "los_angeles", *ABOUT, *ON_PEOPLE)
    assert (done.code, error_of(done)) == (2, "the two policies speak for different counties; say --county NAME")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("statute", "statue", *ABOUT), 2, "did you mean [statute]?"),
        (("statute", "none.toml", *ABOUT), 4, "cannot be read"),
        (("statute", "bear"), 2, "no reform was named"),
        (("statute", "bear", *ABOUT, "--list", "x.csv"), 2, "--list is for comparing decisions; say --input FILE"),
        (("statute", "bear", *ABOUT, "--set", "age=5"), 2, "neither policy has a parameter [age]"),
        (("statute", "bear", *ABOUT, "--records"), 2, "no source file was named"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_refused(
    place: Any, error_of: Any, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = place.command(*DIFF, *arguments)
    assert done.code == code
    assert words in error_of(done)
    assert not (place.folder / "x.csv").exists()


def test_a_project_compares_on_its_vault_when_asked_and_writes_it_down(project: Any) -> None:
    before = project.events()
    assert "DECISIONS" not in project.command(*DIFF, "statute", "bear", *ABOUT).out
    assert project.events() == before
    done = project.command(*DIFF, "statute", "bear", *ABOUT, "--records", "--as-of", "2019-07-01", "--json")
    assert done.code == 0
    assert json.loads(done.out)["decisions"]["decided"] > 0
    assert not any(word in done.out + done.err for word in project.personal)
    assert project.events()[len(before) :] == [("policies diff", "begun"), ("policies diff", "done")]


def test_a_version_is_named_by_its_very_file_name(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "reform.toml").write_text(REFORM, "utf-8")
    (tmp_path / "policies" / "statute.toml").write_text(POLICY, "utf-8")
    dated = POLICY.replace("in_force = 2016-01-01", "in_force = 2027-01-01")
    (tmp_path / "policies" / "statute-2027-01-01.toml").write_text(dated, "utf-8")
    reform = PolicyReform(tmp_path, read_statute=read_statute)
    names = ("statute", "statute-2027-01-01")
    assert [_source(reform, name).name for name in names] == [f"{name}.toml" for name in names]
