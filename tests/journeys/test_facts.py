"""An attorney's answers from the case files make the least relief the right one, and it stands who gave them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import one_line

HEADER = "source_row,case_number,fact,answer,said_by,said_on,note\n"
GROWN = {"OFFENSE_DESCR": "11358 HS-CULTIVATE MARIJUANA"}


def grower(doj: Any, subject: str) -> list[Any]:
    return doj.conviction(subject, SENT_LOC_DESCR="JAIL", **GROWN)


@pytest.fixture
def office_with_growers(office: Any, doj: Any) -> Any:
    office.write("doj.dat", [*grower(doj, "111"), *grower(doj, "222")])
    return office


def test_an_answer_turns_a_redesignation_into_a_dismissal(office_with_growers: Any) -> None:
    office = office_with_growers
    before = office.run("doj.dat").decisions()
    assert {row["relief"] for row in before.values()} == {"redesignate_misdemeanor"}
    (office.folder / "facts.csv").write_text(
        HEADER + "2,,plants,5,A. Turney,2026-01-31,police report p. 3\n,OZ999-1,plants,4,A. Turney,,\n", "utf-8"
    )
    done = office.run("doj.dat", output="answered", more=("--facts", "facts.csv"))
    assert done.code == 0
    assert "Answers of a person: 1 used, 1 not used" in done.out
    assert "1 answer was about no charge that was decided and changed nothing" in done.err
    after = done.decisions("answered")
    assert after["OZ111-101"]["relief"] == "dismiss_and_seal"
    assert "FACTS_FROM_A_PERSON" in after["OZ111-101"]["flags"]
    assert after["OZ222-101"] == before["OZ222-101"]
    assert [(row["used"], row["source_row"], row["said_by"]) for row in done.rows("facts.csv", "answered")] == [
        ("yes", "2", "A. Turney"),
        ("no", "", "A. Turney"),
    ]
    explained = office.command(
        "explain", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--facts", "facts.csv", "--row", "2",
        "--input", "doj.dat",
    )  # fmt: skip
    assert "Turney" in explained.out
    used = next(line for line in explained.out.splitlines() if "how many plants" in line)
    assert used.split()[-5:] == ["5", "said", "by", "A.", "Turney,"]
    assert "The record or a person" in explained.out
    assert all(len(line) <= 80 for line in explained.out.splitlines())


def test_answers_left_over_are_no_clean_run_where_strict_is_asked(office_with_growers: Any) -> None:
    office = office_with_growers
    (office.folder / "facts.csv").write_text(HEADER + "9,,plants,5,A. Turney,,\n", "utf-8")
    assert office.run("doj.dat", more=("--facts", "facts.csv", "--strict")).code == 1


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2,,plnts,5,A. Turney,,", "row [1]: column [fact] names no fact of the reform; did you mean [plants]?"),
        ("2,,plants,five,A. Turney,,", "row [1]: column [answer] takes a number"),
        ("2,,plants,5,,,", "row [1]: column [said_by] is blank"),
    ],
    ids=["fact", "number", "who"],
)
def test_a_table_that_cannot_be_used_stops_before_anything_is_written(
    office_with_growers: Any, row: str, says: str
) -> None:
    office = office_with_growers
    (office.folder / "facts.csv").write_text(HEADER + row + "\n", "utf-8")
    done = office.run("doj.dat", more=("--facts", "facts.csv"))
    assert done.code == 3
    assert says in one_line(done)
    assert not (office.folder / "out").exists()


def test_a_run_in_the_vault_keeps_the_answers_and_exports_with_them(
    empty_project: Any, doj: Any, tmp_path: Path
) -> None:
    project = empty_project
    project.command("init", "--key-file", str(project.key))
    rows = [*grower(doj, "111"), *grower(doj, "222")]
    (project.project / "doj.dat").write_bytes(doj.text(rows).encode())
    assert project.command("ingest", "doj.dat").code == 0
    (project.project / "facts.csv").write_text(HEADER + ",OZ111-101,plants,5,A. Turney,,\n", "utf-8")
    decide = ("run", "--reform", "ca_prop64", "--as-of", "2019-07-01")
    plain = project.command(*decide, "--facts", "facts.csv", "--input", "doj.dat", "--output", "plain")
    assert plain.code == 0
    (project.project / "doj.dat").unlink()
    kept = project.command(*decide, "--facts", "facts.csv")
    assert (kept.code, kept.err) == (0, "")
    (project.project / "facts.csv").unlink()
    assert project.command("export", "--output", "exported").code == 0
    assert kept.files("plain") == kept.files("exported")
    assert b"A. Turney" not in b"".join(
        file.read_bytes() for file in (project.project / "vault").rglob("*") if file.is_file()
    )
    shutil.rmtree(project.project / "exported")


def test_answers_about_a_person_who_is_shredded_are_gone_with_the_person(empty_project: Any, doj: Any) -> None:
    """A table of answers was kept with its run, and an export after the shredding wrote what it said of the person."""
    project = empty_project
    project.command("init", "--key-file", str(project.key))
    rows = [*grower(doj, "111"), *grower(doj, "222")]
    (project.project / "doj.dat").write_bytes(doj.text(rows).encode())
    assert project.command("ingest", "doj.dat").code == 0
    said = (
        "source_row,person_id,case_number,fact,answer,said_by,note\n"
        "2,,,plants,5,A. Turney,by row ZYXQUELL\n"
        ",111,OZ111-101,plants,5,A. Turney,by person ZYXQUELL\n"
        ",,oz111-101,grams,5,A. Turney,by case ZYXQUELL\n"
        ",222,OZ222-101,plants,4,A. Turney,kept\n"
    )
    (project.project / "facts.csv").write_text(said, "utf-8")
    assert project.command("run", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--facts", "facts.csv").code == 0
    assert project.command("shred", "--person", "111", "--yes").code == 0
    assert project.command("export", "--output", "out").code == 0
    written = b"".join(file.read_bytes() for file in (project.project / "out").iterdir())
    assert b"kept" in written
    assert b"ZYXQUELL" not in written.replace(b"ZYXQUELL,ORLA", b"")


def test_an_answer_whose_row_is_of_another_case_or_person_is_set_aside(office_with_growers: Any) -> None:
    """A row number from last month's file fell on somebody else, though the case number stood beside it."""
    office = office_with_growers
    (office.folder / "facts.csv").write_text(
        "source_row,person_id,case_number,fact,answer,said_by\n"
        "2,,OZ222-101,plants,5,A. Turney\n4,111,,plants,5,A. Turney\n4,222,OZ222-101,grams,5,A. Turney\n",
        "utf-8",
    )
    done = office.run("doj.dat", more=("--facts", "facts.csv"))
    assert {row["relief"] for row in done.decisions().values()} == {"redesignate_misdemeanor"}
    assert [(row["used"], row["why_not"]) for row in done.rows("facts.csv")] == [
        ("no", "the charge at that row is not of that case_number, or its number is not known"),
        ("no", "the charge at that row is not of that person_id"),
        ("no", "no rule asked it of this charge"),
    ]


def test_a_table_that_is_another_one_is_refused_without_a_name_in_the_message(office_with_growers: Any) -> None:
    office = office_with_growers
    for text in ("Zyxquell,Orla,19800101\n", HEADER + "2,,Zyxquell,5,A. Turney,,\n"):
        (office.folder / "facts.csv").write_text(text, "utf-8")
        done = office.run("doj.dat", more=("--facts", "facts.csv"))
        assert done.code == 3
        assert "zyxquell" not in one_line(done).lower()
