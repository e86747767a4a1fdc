"""Somebody asks: has my record been cleared?"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

POSIX = os.name == "posix"
BORN = "1980-01-01"
HEAVY = ("clearslate.registry", "numpy", "pyarrow", "pydantic", "rich", "sqlite_utils", "keyring", "clearslate_cli.job")


def test_two_facts_give_the_decisions_and_nothing_else_of_the_record(project: Any) -> None:
    text = project.told("lookup", *project.facts)
    for word in ("1 record fits both facts", "Run 2,", "ca_prop64", "policy statute", "as of 2020-07-01"):
        assert word in text
    for word in (
        "HS 11359",
        "felony",
        "2002-02-10",
        "LOS ANGELES",
        "OZ111-101",
        "OZ111-102",
        "decided",
        "2 convictions",
    ):
        assert word in text
    assert [word for word in project.personal if word in text] == []


def test_the_facts_may_come_from_a_file_or_standard_input(project: Any) -> None:
    facts = f"\ufeffname = zyxquell, orla\n\n Born={BORN}\n"
    (project.folder / "facts").write_text(facts, "utf-8")
    asked = project.told("lookup", "--facts", "../facts")
    piped = project.piped(facts, "lookup", "--facts", "-")
    assert (piped.stdout, piped.stderr) == (asked, "")


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "ZYXQUELL,ORLA", "identifier": "a 111"},
        {"born": BORN, "case": "oz111 102"},
        {"identifier": "A111", "case": "OZ111-101"},
        {"name": "Zyxquell Orla", "born": BORN, "identifier": "A111", "case": "OZ111-101"},
    ],
    ids=lambda facts: "-".join(facts),
)
def test_any_two_facts_find_a_person(project: Any, facts: dict[str, str]) -> None:
    found = project.json("lookup", *(part for name, text in facts.items() for part in (f"--{name}", text)))
    assert [[one["case_number"] for one in person["decisions"]] for person in found] == [["OZ111-101", "OZ111-102"]]
    (person,) = found
    assert (person["run"]["number"], person["run"]["policy"]) == (2, "statute")
    assert {one["state"] for one in person["decisions"]} == {"decided"}


def test_an_earlier_run_can_be_asked(project: Any, error_of: Any) -> None:
    facts = project.facts
    assert project.json("lookup", *facts, "--run", "1")[0]["run"]["as_of"] == "2019-07-01"
    done = project.command("lookup", *facts, "--run", "3")
    assert (done.code, "known: 1, 2" in error_of(done)) == (2, True)


def test_a_record_without_a_decision_is_said_to_be_here(project: Any) -> None:
    text = project.told("lookup", "--name", "Ann Quandle", "--born", BORN)
    assert "The record is here; no run decided a conviction of it." in text


def test_two_records_that_fit_are_listed_apart(project: Any) -> None:
    text = project.told("lookup", "--name", "Bo Vornwick", "--born", "1970-02-03")
    assert "2 records fit both facts" in text
    assert text.index("RECORD 1") < text.index("OZ333-101") < text.index("RECORD 2") < text.index("OZ444-101")


def test_nobody_found_is_no_error_and_is_told_how_a_name_is_written(project: Any) -> None:
    text = project.told("lookup", "--name", "Orla Zyxquell", "--born", "1980-01-02")
    assert text.startswith("No record in this vault fits both facts.")
    assert [word for word in project.personal if word in text] == []


def test_the_log_says_that_somebody_was_looked_up_and_not_who(project: Any) -> None:
    project.told("lookup", *project.facts)
    *_, last = project.json("audit", "show", "--last", "2")[:1]
    assert (last["event"], last["outcome"]) == ("lookup", "done")
    assert last["counts"] == {"decisions": 2, "facts": 2, "found": 1}
    assert [word for word in project.personal if word in (project.vault / "audit.log").read_text("ascii")] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["Orla Zyxquell", BORN],
        ["--name", "Orla Zyxquell"],
        ["--name", "Orla Zyxquell", "--born", "19800101"],
        ["--name", "..", "--born", BORN],
        ["--nane", "ZYXQUELL", "--born", BORN],
        ["--name", "Orla Zyxquell", "--born", BORN, "--run", "A111"],
        ["--name", "Orla Zyxquell", "--facts", "../facts"],
        ["--facts", "../facts"],
        ["--facts", "../twice"],
        ["--facts", "../nowhere"],
        [],
    ],
    ids=lambda arguments: str(len(arguments)),
)
def test_facts_that_are_none_are_refused_without_being_repeated(
    project: Any, error_of: Any, arguments: list[str]
) -> None:
    (project.folder / "facts").write_text("name = ZYXQUELL\nORLA\n", "utf-8")
    (project.folder / "twice").write_text("name = ZYXQUELL\nname = ORLA\n", "utf-8")
    done = project.command("lookup", *arguments)
    line = error_of(done)
    assert (done.code, done.out) == (2, "")
    if "--run" not in arguments:
        assert [word for word in project.personal if word in line] == []


def test_a_lookup_loads_nothing_that_only_deciding_needs(project: Any) -> None:
    script = (
        "import sys; from clearslate_cli.main import main\n"
        f"code = main(['lookup', '--name', 'Orla Zyxquell', '--born', {BORN!r}])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project.project, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert "OZ111-101" in done.stdout


def test_the_facts_are_asked_for_on_a_terminal(project: Any) -> None:
    if not POSIX:
        return
    with project.on_terminal("lookup") as (process, say):
        assert "Name" in say("")
        for answer in ("Orla Zyxquell\n", f"{BORN}\n", "\n", "\n"):
            say(answer)
        assert process.wait(60) == 0
    assert project.events()[-1] == ("lookup", "done")
