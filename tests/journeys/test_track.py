"""From a decision to a record that shows it: filed, answered, reported, looked for in a later file."""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

POSIX = os.name == "posix"
EXAMPLES = Path(__file__).parents[2] / "examples"
ANSWERS = EXAMPLES / "court_answers.csv"
CONCENTRATED = "11357(A) HS-POSSESS CONC CANNABIS"
CASES = {"111": "OZ111-101", "112": "OZ111-102", "333": "OZ333-101", "444": "OZ444-101"}


@pytest.fixture(scope="module")
def decided(made_project: Any, doj: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project in which four charges of three people were granted, twice. It is copied, and never worked on."""
    folder = tmp_path_factory.mktemp("decided")
    one = type(made_project)(type(made_project.office)(folder), folder)
    one.project.mkdir()
    rows = [
        *doj.conviction("111"),
        *doj.conviction("111", cycle=102, OFFENSE_DESCR=CONCENTRATED),
        *doj.conviction("222", PRI_NAME="QUANDLE,ANN", OFFENSE_DESCR="484(A) PC-PETTY THEFT"),
        *doj.conviction("333", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203"),
        *doj.conviction("444", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203"),
        *doj.conviction("666", PRI_NAME="WIBBERTH,JO", OFFENSE_DESCR="11357(D) HS-POSSESS ON SCHOOL GROUNDS"),
    ]
    (folder / "people.dat").write_bytes(doj.text(rows).encode())
    assert one.command("init", "--key-file", str(one.key)).code == 0
    assert one.command("ingest", str(folder / "people.dat"), "--format", "ca_doj").code == 0
    for day in ("2019-07-01", "2020-07-01"):
        assert one.command("run", "--reform", "ca_prop64", "--as-of", day, "--quiet").code == 0
    return one


@pytest.fixture
def project(decided: Any, tmp_path: Path) -> Any:
    """A copy of that project to work on."""
    return decided.copied(tmp_path)


@pytest.fixture
def tracked(project: Any) -> Any:
    """A project whose second run is filed."""
    text = project.told(
        "track", "mark", "2", "--state", "filed", "--all-granted", "--packet", "p1", "--on", "2024-01-02"
    )
    assert "marked" in text
    return project


def answer(project: Any, *rows: str, name: str = "answers.csv", header: str = "case_number,answer,order_date") -> Path:
    path: Path = project.folder / name
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def take_in(project: Any, *rows: str, code: int = 0, more: Any = (), **said: Any) -> Any:
    done = project.command("track", "import", str(answer(project, *rows, **said)), "--run", "2", "--json", *more)
    assert done.code == code, done
    return json.loads(done.out)


def states(project: Any) -> dict[str, int]:
    (told,) = project.json("track", "status", "--run", "2")
    return {name: number for name, number in told["states"].items() if number}


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def looked_up(project: Any, *facts: str) -> dict[str, str]:
    (found,) = project.json("lookup", *facts)
    return {one["case_number"]: one["state"] for one in found["decisions"]}


def test_a_case_is_followed_from_its_filing_until_the_record_shows_it(tracked: Any, doj: Any) -> None:
    project = tracked
    assert states(project) == {"filed": 4}
    rows = [
        f"{CASES['111']},Granted,2024-02-05",
        f"{CASES['112']},GRANTED,2/5/2024",
        f"{CASES['333']},denied,2024-02-05",
    ]
    told = take_in(project, *rows)
    assert (told["rows"], told["applied"], told["not_matched"]) == (3, 3, 0)
    assert states(project) == {"filed": 1, "signed": 2, "denied": 1}
    text = project.told("track", "status", "--as-of", "2024-03-07")
    assert "PC 13151" in text
    (told,) = project.json("track", "status", "--as-of", "2024-03-07")
    (clock,) = told["clocks"]
    assert (clock["run_out"], told["open"], told["closed"]) == (2, 3, 1)
    (told,) = project.json("track", "status", "--as-of", "2024-03-06")
    assert told["clocks"][0]["running"] == 2
    project.told("track", "mark", "2", "--state", "reported", "--case", CASES["111"], "--on", "2024-03-01")
    assert project.json("track", "status")[0]["clocks"][0]["done"] == 1
    later = [*doj.conviction("111", cycle=102, OFFENSE_DESCR=CONCENTRATED), *doj.conviction("333")]
    (project.folder / "later.dat").write_bytes(doj.text(later).encode())
    done = project.command(
        "track", "verify", "../later.dat", "--on", "2024-06-01", "--list", "../visible.csv", "--strict"
    )
    assert done.code == 1
    assert states(project) == {"filed": 1, "signed": 1, "denied": 1, "seen_cleared": 1}
    (visible,) = listed(project.folder / "visible.csv")
    assert (visible["case_number"], visible["finding"]) == (CASES["112"], "still visible as it was")
    assert looked_up(project, *project.facts) == {CASES["111"]: "seen_cleared", CASES["112"]: "signed"}
    text = project.told("lookup", *project.facts)
    assert "seen cleared since 2024-06-01" in text
    assert "signed since 2024-02-05" in text
    assert "what the office noted" in " ".join(text.split())
    assert "does not stand in this vault" not in text
    assert project.json("verify")["tracked"] == 3


def test_an_office_that_noted_nothing_is_told_that_all_is_decided(project: Any) -> None:
    text = project.told("track", "status")
    assert "4 charges granted, of 3 people" in text
    assert "4 open, 0 closed" in text
    assert looked_up(project, *project.facts) == {CASES["111"]: "decided", CASES["112"]: "decided"}
    assert "does not stand in this vault" in " ".join(project.told("lookup", *project.facts).split())


def test_what_was_noted_of_an_older_run_is_not_forgotten_by_a_newer_one(project: Any) -> None:
    project.told("track", "mark", "1", "--state", "signed", "--case", CASES["111"], "--on", "2024-02-05")
    assert looked_up(project, *project.facts) == {CASES["111"]: "signed", CASES["112"]: "decided"}
    assert looked_up(project, *project.facts, "--run", "2")[CASES["111"]] == "decided"


def test_answers_that_fit_nothing_are_listed_by_row_and_the_rest_goes_on(tracked: Any) -> None:
    project = tracked
    rows = [
        f"{CASES['333']},granted,2024-02-05",
        "XX-1,granted,",
        "OZ222-101,granted,",
        f"{CASES['444']},perhaps,",
        "a,b",
    ]
    path = answer(project, *rows)
    done = project.command("track", "import", str(path), "--run", "2")
    assert done.code == 0
    assert "answers-left-over.csv] lists them by number" in done.err
    report = listed(project.folder / "answers-left-over.csv")
    assert [(one["row"], one["problem"]) for one in report] == [
        ("2", "unknown case"),
        ("3", "unknown case"),
        ("4", "answer"),
        ("5", "cells"),
    ]
    assert states(project) == {"filed": 3, "signed": 1}
    if POSIX:
        assert stat.S_IMODE((project.folder / "answers-left-over.csv").stat().st_mode) == 0o600
    done = project.command("track", "import", str(path), "--run", "2", "--strict", "--json")
    assert done.code == 1
    told = json.loads(done.out)
    assert told["rows"] == 5 == sum(told[name] for name in ("applied", "repeated", "not_matched", "contradictory"))
    assert (told["applied"], told["repeated"]) == (0, 1)


def test_the_same_answers_again_change_no_record_of_the_vault(tracked: Any) -> None:
    rows = [f"{CASES['333']},granted,2024-02-05", f"{CASES['444']},sealed,"]
    take_in(tracked, *rows)
    before = (tracked.vault / "records.db").read_bytes()
    told = take_in(tracked, *rows, more=["--strict"])
    assert told["repeated"] == 2
    assert (tracked.vault / "records.db").read_bytes() == before


def test_a_contradiction_is_kept_open_until_somebody_settles_it(tracked: Any) -> None:
    project = tracked
    take_in(project, f"{CASES['333']},granted,2024-02-05")
    told = take_in(project, f"{CASES['333']},denied,2024-02-09", name="second.csv")
    assert (told["contradictory"], told["problems"]) == (1, {"denied after signed": 1})
    (status,) = project.json("track", "status")
    assert (status["contradictory"], status["open"]) == (1, 4)
    text = " ".join(project.told("lookup", "--identifier", "A333", "--case", CASES["333"]).split())
    assert "signed since 2024-02-05: the court has signed the order; but the answers contradict one another" in text
    mark = ("track", "mark", "2", "--state", "denied", "--on", "2024-02-09", "--case", CASES["333"], "--settle")
    assert project.command(*mark).code == 2
    project.told(*mark, "--note", "the minutes of 9 February")
    (status,) = project.json("track", "status")
    assert (status["contradictory"], status["states"]["denied"]) == (0, 1)


def test_what_is_open_is_written_for_the_court_and_taken_in_again_filled(tracked: Any) -> None:
    project = tracked
    take_in(project, f"{CASES['333']},denied,2024-02-05")
    done = project.command("track", "export", "--open", "--output", "../open.csv")
    assert (done.code, "plaintext" in done.err) == (0, True)
    path = project.folder / "open.csv"
    rows = listed(path)
    assert {one["case_number"] for one in rows} == {CASES[name] for name in ("111", "112", "444")}
    assert {(one["state"], one["packet"], one["since"]) for one in rows} == {("filed", "p1", "2024-01-02")}
    if POSIX:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows({**one, "answer": "granted", "order_date": "2024-03-03"} for one in rows)
    done = project.command("track", "import", "../open.csv")
    assert (done.code, done.err) == (0, "")
    assert states(project) == {"signed": 3, "denied": 1}
    assert project.command("track", "export", "--open", "--output", "../open.csv").code == 6
    project.command("track", "export", "--state", "denied", "--output", "../denied.csv")
    assert [one["case_number"] for one in listed(project.folder / "denied.csv")] == [CASES["333"]]


def test_cases_are_marked_by_a_list_and_rows_that_are_none_are_counted(project: Any) -> None:
    path = answer(project, f"{CASES['111']},", "XX-1,", ",4", name="list.csv", header="case_number,source_row")
    told = project.json("track", "mark", "2", "--state", "filed", "--list", str(path))
    assert (told["applied"], told["not_matched"], told["problems"]) == (2, 1, {"unknown case": 1})
    done = project.command("track", "mark", "2", "--state", "reported", "--list", str(path), "--strict")
    assert done.code == 1
    assert "reported after filed" in done.out


def test_a_courts_own_words_are_said_in_a_file(tracked: Any) -> None:
    words = tracked.folder / "words.toml"
    words.write_text('[answers]\n"so be it" = "granted"\n[columns]\n"Docket" = "case_number"\n', "utf-8")
    told = take_in(
        tracked, f"{CASES['333']},SO BE IT,2024-02-05", header="docket,answer,order_date", more=["--words", str(words)]
    )
    assert told["applied"] == 1


def test_a_shredded_persons_tracking_goes_too(tracked: Any) -> None:
    project = tracked
    assert project.json("verify")["tracked"] == 3
    project.told("shred", "--person", "111", "--yes")
    assert project.json("verify")["tracked"] == 2
    assert states(project) == {"filed": 2}


def test_tracking_outlives_a_rotation_a_backup_and_a_newer_file(tracked: Any, doj: Any) -> None:
    project = tracked
    before = project.json("track", "status", "--run", "2")
    project.told("backup", "--output", "../backup")
    project.told("keys", "rotate", "--keep-old", "../safe/old.key")
    (project.folder / "more.dat").write_bytes(doj.text(doj.conviction("777")).encode())
    assert project.command("ingest", "../more.dat").code == 0
    assert project.json("track", "status", "--run", "2") == before
    project.told("restore", "../backup", "--output", "../restored", "--key-file", "../safe/old.key")
    restored = ("--vault", "../restored", "--key-file", "../safe/old.key")
    assert project.json("track", "status", "--run", "2", *restored) == before


def test_a_file_that_holds_the_county_clears_whom_it_lacks(tracked: Any, doj: Any) -> None:
    project = tracked
    take_in(project, f"{CASES['333']},granted,2024-02-05")
    (project.folder / "later.dat").write_bytes(doj.text(doj.conviction("111")).encode())
    told = project.json("track", "verify", "../later.dat")
    assert told["why"]["unknown"] == {"the person is not in the file": 1}
    holds = ("track", "verify", "../later.dat", "--holds", "Los Angeles")
    # Whom nothing was granted, and who must be there still, is not.
    text = " ".join(project.told(*holds).split())
    assert "0 of 1 people of Los Angeles whom nothing was granted are in the file. It does not hold this county" in text
    assert project.command(*holds, "--strict").code == 1
    rows = [*doj.conviction("111"), *doj.conviction("666", PRI_NAME="WIBBERTH,JO")]
    (project.folder / "later.dat").write_bytes(doj.text(rows).encode())
    assert "1 seen cleared for the first time" in project.told(*holds)
    assert states(project) == {"filed": 3, "seen_cleared": 1}
    assert project.command("track", "verify", "../later.dat", "--holds", "Mono").code == 8


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["mark", "9", "--state", "filed", "--all-granted"], 2, ["no run [9]", "known: 1, 2"]),
        (["mark", "2", "--state", "field", "--all-granted"], 2, ["[field]", "did you mean [filed]"]),
        (["mark", "2", "--state", "decided", "--all-granted"], 2, ["no state"]),
        (["mark", "2", "--state", "filed"], 2, ["--case", "--all-granted", "--list"]),
        (["mark", "2", "--state", "filed", "--all-granted", "--case", "OZ111-101"], 2, ["say which cases"]),
        (["mark", "2", "--state", "filed", "--all-granted", "--on", "2999-01-01"], 2, ["[2999-01-01]", "yet to come"]),
        (["mark", "2", "--state", "filed", "--all-granted", "--on", "1.1.2024"], 2, ["YYYY-MM-DD"]),
        (["import", "../none.csv", "--run", "2"], 3, ["[none.csv]"]),
        (["import", "../odd.csv", "--run", "2"], 3, ["[odd.csv]", "answer"]),
        (["import", "../good.csv"], 2, ["say which with --run"]),
        (["import", "../good.csv", "--run", "2", "--words", "../odd.toml"], 2, ["[odd.toml]", "answers.x"]),
        (["import", "../good.csv", "--run", "2", "--report", "../odd.csv"], 6, ["[odd.csv]", "is there already"]),
        (["export", "--open", "--output", "../odd.csv", "--run", "2"], 6, ["[odd.csv]", "is there already"]),
        (["status", "--run", "7"], 2, ["no run [7]"]),
        (["verify", "../none.dat", "--run", "2"], 3, ["none.dat"]),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_said_in_a_line_and_changes_nothing(
    project: Any, error_of: Any, arguments: list[str], code: int, words: list[str]
) -> None:
    (project.folder / "odd.csv").write_text("case_number\nOZ111-101\n", "utf-8")
    (project.folder / "good.csv").write_text("case_number,answer\nXX,granted\nOZ111-101,granted\n", "utf-8")
    (project.folder / "odd.toml").write_text('[answers]\nx = "y"\n', "utf-8")
    before = (project.vault / "records.db").read_bytes()
    done = project.command("track", *arguments)
    line = error_of(done)
    assert (done.code, done.out) == (code, ""), line
    assert all(word in line for word in words), line
    assert (project.vault / "records.db").read_bytes() == before
    assert [path.name for path in project.folder.iterdir() if "partial" in path.name] == []


def test_nothing_personal_is_printed_or_logged(tracked: Any, doj: Any) -> None:
    project = tracked
    rows = [f"{CASES['111']},granted,2024-02-05", f"{CASES['111']},denied,2024-02-09", "ZYXQUELL ORLA,1980-01-01,x"]
    path = answer(project, *rows)
    (project.folder / "later.dat").write_bytes(doj.text(doj.conviction("111")).encode())
    outputs = []
    for arguments in (
        ("import", str(path), "--run", "2"),
        ("mark", "2", "--state", "reported", "--case", "ZYXQUELL", "--note", "ORLA"),
        ("status",),
        ("verify", "../later.dat"),
        ("export", "--open", "--output", "../open.csv"),
    ):
        done = project.command("track", *arguments)
        assert done.code == 0, done
        outputs.append(done.out + done.err)
    log = (project.vault / "audit.log").read_text("ascii")
    for text in (*outputs, log):
        assert [word for word in (*project.personal, *CASES.values()) if word in text] == []


def test_the_answers_of_the_example_go_with_the_sample(empty_project: Any) -> None:
    project = empty_project
    project.command("init", "--key-file", str(project.key))
    shutil.copyfile(EXAMPLES / "ca_doj_sample.dat", project.project / "county.dat")
    assert project.command("ingest", "county.dat").code == 0
    assert project.command("run", "--reform", "ca_prop64", "--as-of", "2026-11-01", "--quiet").code == 0
    answers = ANSWERS.read_text("utf-8").replace("2026-12-04", "2024-12-04")
    (project.project / "answers.csv").write_text(answers, "utf-8")
    told = json.loads(project.command("track", "import", "answers.csv", "--json").out)
    assert (told["rows"], told["applied"], told["problems"]) == (7, 6, {"unknown case": 1})
    assert told["now"] == {
        "signed": 2,
        "denied": 1,
        "case_not_found": 1,
        "count_mismatch": 1,
        "sealed": 1,
    }
