"""An attorney's word: decisions go to a reviewer as a table, come back, and decide from the next run on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

SAID = {"ground": "Looked up in the court's file.", "said_by": "G. Quadling", "said_on": "2026-01-05"}
DISMISSED = {"new_outcome": "eligible", "new_relief": "dismiss_and_seal"}


@pytest.fixture(scope="module")
def decided_once(made_project: Any, doj: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project with three grants, of which an answer would raise the last, and one charge for review."""
    folder = tmp_path_factory.mktemp("decided")
    one = type(made_project)(type(made_project.office)(folder), folder)
    one.project.mkdir()
    rows = [
        *doj.conviction("111"),
        *doj.conviction("222", PRI_NAME="QUANDLE,ANN", STP_ORI_CNTY_NAME=""),
        *doj.conviction("333", PRI_NAME="VORNWICK,BO", PRI_DOB="19700203"),
        *doj.conviction("444", PRI_NAME="WIBBERTH,JO", OFFENSE_DESCR="11358 HS-CULTIVATE MARIJUANA"),
    ]
    (folder / "people.dat").write_bytes(doj.text(rows).encode())
    assert one.command("init", "--key-file", str(one.key)).code == 0
    assert one.command("ingest", str(folder / "people.dat"), "--format", "ca_doj").code == 0
    decided(one, 1)
    return one


@pytest.fixture
def project(decided_once: Any, tmp_path: Path) -> Any:
    """A copy of that project to work on."""
    return decided_once.copied(tmp_path, "out1")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exported(project: Any, name: str, *outcomes: str, run: str = "1") -> list[dict[str, str]]:
    path = project.folder / name
    asked = [part for outcome in outcomes for part in ("--outcome", outcome)]
    assert project.command("decisions", "export", "--run", run, *asked, "--output", str(path)).code == 0
    return read(path)


def exported_again(project: Any, run: int, name: str) -> None:
    assert project.command("export", "--run", str(run), "--output", str(project.folder / name)).code == 0


def taken_in(project: Any, rows: list[dict[str, str]], name: str = "back.csv", code: int = 0, **options: Any) -> Any:
    path = project.folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writing = csv.DictWriter(file, rows[0])
        writing.writeheader()
        writing.writerows(rows)
    done = project.command("decisions", "import", str(path), "--json", *options.get("more", ()))
    assert done.code == code, done
    return json.loads(done.out) if code == 0 else done


def decided(project: Any, number: int, *more: str, err: str = "") -> tuple[list[dict[str, str]], Any]:
    out = project.folder / f"out{number}"
    done = project.command("run", "--reform", "ca_prop64", "--as-of", "2020-07-01", "--output", str(out), *more)
    assert done.code == 0, done
    assert err in done.err if err else not done.err, done
    return read(out / "determinations.csv"), json.loads((out / "run.json").read_text("utf-8"))


def changed(rows: list[dict[str, str]], said: Callable[[Mapping[str, str]], bool], **cells: str) -> None:
    """Fill in the rows that something holds of."""
    (row,) = [row for row in rows if said(row)]
    row.update({**SAID, **cells})


def test_a_word_decides_from_the_next_run_on_and_is_open_again_where_the_facts_change(project: Any) -> None:
    before = read(project.folder / "out1" / "determinations.csv")
    assert "words" not in json.loads((project.folder / "out1" / "run.json").read_text("utf-8"))
    rows = exported(project, "all.csv", "review", "eligible")
    assert {row["outcome"] for row in rows} == {"review", "eligible"}
    of_review = next(row["source_row"] for row in rows if row["outcome"] == "review")
    grown = next(row["source_row"] for row in rows if row["statute"] == "HS 11358")
    changed(rows, lambda row: row["source_row"] == of_review, word="settle", **DISMISSED)
    changed(rows, lambda row: row["source_row"] == grown, word="object")
    assert taken_in(project, rows) == {
        "rows": len(rows), "blank": len(rows) - 2, "repeated": 0, "left_over": 0,
        "settle": 1, "overrule": 0, "object": 1, "withdraw": 0,
    }  # fmt: skip
    assert taken_in(project, rows)["repeated"] == 2
    first = rows

    after, told = decided(project, 2)
    now = {row["source_row"]: row for row in after}
    settled, objected = now[of_review], now[grown]
    assert (settled["outcome"], settled["relief"], settled["rule"]) == (
        "eligible",
        "dismiss_and_seal",
        "attorney_settled",
    )
    assert "Settled by G. Quadling on 2026-01-05: Looked up in the court's file." in settled["reason"]
    assert "ATTORNEY_SETTLED" in settled["flags"].split("; ")
    assert (objected["outcome"], objected["rule"]) == ("review", "attorney_objected")
    # Nothing else moved.
    others = [row for row in before if row["source_row"] not in (of_review, grown)]
    assert others == [row for row in after if row["source_row"] not in (of_review, grown)]
    words = told["words"]
    assert {name: words[name] for name in words if name != "sha256"} == {
        "given": 2, "settled": 1, "overruled": 0, "objected": 1, "reopened": 0, "unused": 0,
    }  # fmt: skip

    # The run's own files come out of the vault as they were, and explain and lookup say what was said.
    exported_again(project, 2, "again")
    for file in ("run.json", "determinations.csv", "annotated.csv"):
        assert (project.folder / "again" / file).read_bytes() == (project.folder / "out2" / file).read_bytes()
    said = project.told("explain", "--reform", "ca_prop64", "--as-of", "2020-07-01", "--row", grown)
    assert "An attorney decided this. The policy alone decides: eligible" in " ".join(said.split())
    asked = project.json("explain", "--reform", "ca_prop64", "--as-of", "2020-07-01", "--row", of_review)
    assert [word["said_by"] for word in asked[0]["attorney"]["words"]] == ["G. Quadling"]

    # An answer that changes the facts opens the charge again, whatever it now decides; the other word holds.
    facts = project.folder / "facts.csv"
    facts.write_text(f"source_row,fact,answer,said_by\n{grown},plants,5,A. Turney\n", "utf-8")
    third, told = decided(project, 3, "--facts", str(facts), err="does not hold any more")
    now = {row["source_row"]: row for row in third}
    assert (now[grown]["outcome"], now[grown]["rule"]) == ("review", "attorney_word_reopened")
    assert "The policy now decides: eligible: dismiss_and_seal" in now[grown]["reason"]
    assert "ATTORNEY_WORD_REOPENED" in now[grown]["flags"]
    assert now[of_review] == settled
    assert (told["words"]["reopened"], told["words"]["settled"]) == (1, 1)
    exported_again(project, 3, "again3")
    assert (project.folder / "again3" / "run.json").read_bytes() == (project.folder / "out3" / "run.json").read_bytes()

    # Taken back, the policy's decision stands.
    rows = exported(project, "eligible.csv", "eligible", run="2")
    changed(rows, lambda row: row["source_row"] == of_review, word="withdraw")
    assert taken_in(project, rows, "back2.csv")["withdraw"] == 1
    told = taken_in(project, first, "first.csv")
    assert (told["repeated"], told["left_over"]) == (1, 1)
    fourth, told = decided(project, 4)
    assert {row["source_row"]: row["outcome"] for row in fourth}[of_review] == "review"
    assert told["words"]["given"] == 1


def test_a_row_that_is_no_word_is_left_over_and_the_rest_goes_on(project: Any) -> None:
    rows = exported(project, "all.csv", "review", "eligible")
    review, eligible = (next(row for row in rows if row["outcome"] == one) for one in ("review", "eligible"))
    bad = [
        ({**review, **SAID, "word": "grant"}, "word"),
        ({**review, **SAID, "word": "settle"}, "new_outcome"),
        ({**review, **SAID, "word": "settle", "new_outcome": "eligible"}, "new_relief"),
        ({**review, **SAID, "word": "settle", "new_outcome": "eligible", "new_relief": "freedom"}, "new_relief"),
        ({**review, **SAID, "word": "settle", "new_outcome": "ineligible", "new_relief": "dismiss_and_seal"},
         "new_relief"),
        ({**review, **SAID, **DISMISSED, "word": "overrule"}, "overrule"),
        ({**review, **SAID, "word": "object"}, "object"),
        ({**eligible, **SAID, **DISMISSED, "word": "object"}, "new_outcome"),
        ({**eligible, **SAID, "new_relief": "dismiss_and_seal", "word": "object"}, "new_relief"),
        ({**eligible, **SAID, **DISMISSED, "word": "settle"}, "settle"),
        ({**eligible, **SAID, "word": "overrule", "new_outcome": "eligible", "new_relief": eligible["relief"]},
         "new_outcome"),
        ({**eligible, **SAID, "word": "object", "ground": " "}, "ground"),
        ({**eligible, **SAID, "word": "object", "said_by": ""}, "said_by"),
        ({**eligible, **SAID, "word": "object", "said_on": "soon"}, "said_on"),
        ({**eligible, **SAID, "word": "object", "said_on": "2999-01-01"}, "said_on"),
        ({**eligible, **SAID, "word": "object", "route": "north"}, "route"),
        ({**eligible, **SAID, "word": "object", "person_id": "000"}, "decision"),
        ({**eligible, **SAID, "word": "object", "source_row": "99999"}, "decision"),
        ({**eligible, **SAID, "word": "object", "source_row": "²"}, "decision"),
        ({**eligible, **SAID, "word": "object", "source_row": "9" * 5000}, "decision"),
        ({**eligible, **SAID, "word": "object", "run_digest": "0" * 64}, "run"),
        ({**review, **SAID, "word": "withdraw"}, "withdraw"),
    ]  # fmt: skip
    given = [{**eligible, **SAID, "word": "object"}, *(row for row, _ in bad)]
    given.append({**eligible, **SAID, "word": "overrule", "new_outcome": "ineligible"})
    told = taken_in(project, given)
    assert (told["object"], told["left_over"], told["rows"]) == (1, len(bad) + 1, len(bad) + 2)
    listed = read(project.folder / "back-left-over.csv")
    assert [(int(row["row"]), row["problem"]) for row in listed] == [
        *((number, problem) for number, (_, problem) in enumerate(bad, 2)),
        (len(bad) + 2, "twice"),
    ]
    text = (project.folder / "back-left-over.csv").read_text("utf-8")
    assert "Quadling" not in text
    assert eligible["case_number"] not in text
    done = taken_in(project, given, "again.csv", code=1, more=("--strict",))
    assert "left over" in done.err


def test_a_table_that_is_another_one_is_refused(project: Any, error_of: Any) -> None:
    path = project.folder / "names.csv"
    path.write_text("name,word\nZyxquell,settle\n", "utf-8")
    done = project.command("decisions", "import", str(path))
    assert done.code == 3
    assert "names.csv" in error_of(done)
    assert "run_digest" in error_of(done)
    assert "Zyxquell" not in done.err
    done = project.command("decisions", "export", "--outcome", "eligble", "--output", str(project.folder / "x.csv"))
    assert done.code == 2
    assert "did you mean [eligible]" in error_of(done)


def test_a_shredded_persons_words_are_gone(project: Any) -> None:
    rows = exported(project, "eligible.csv", "eligible")
    changed(rows, lambda row: row is rows[0], word="object")
    assert taken_in(project, rows)["object"] == 1
    assert project.json("verify")["spoken"] == 1
    project.told("shred", "--person", rows[0]["person_id"], "--yes")
    assert project.json("verify")["spoken"] == 0
