"""A roll in a spreadsheet, from the proposal of a mapping to the files that a vault's run is exported to."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.journeys.conftest import one_line

EXAMPLES = Path(__file__).parents[2] / "examples" / "table"
MAPPED = ("--mapping", "oz_roll.toml")


@pytest.fixture
def roll(office: Any) -> Any:
    """An office with the example's roll and mapping in its folder."""
    for file in EXAMPLES.iterdir():
        shutil.copy(file, office.folder)
    return office


def as_workbook(folder: Path, name: str = "oz_roll.xlsx") -> Path:
    """The example's roll in a workbook."""
    made = Workbook(write_only=True)
    page = made.create_sheet("Roll")
    with (folder / "oz_roll.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            page.append(row)
    made.save(folder / name)
    return folder / name


def decided(done: Any, output: str = "out") -> list[dict[str, str]]:
    """The determinations without the name of the file."""
    rows = done.rows("determinations.csv", output)
    return [{name: cell for name, cell in row.items() if name != "source_file"} for row in rows]


def test_the_example_is_decided_as_its_page_says(roll: Any) -> None:
    done = roll.run("oz_roll.csv", more=MAPPED)
    assert done.code == 0, done.err
    found = {row["case_number"]: (row["outcome"], row["relief"]) for row in decided(done)}
    assert found == {
        "OZ-1994-0017": ("eligible", "dismiss_and_seal"),
        "OZ-1999-0204": ("eligible", "dismiss_and_seal"),
        "OZ-2003-0333": ("eligible", "redesignate_misdemeanor"),
        "OZ-2001-0008": ("review", ""),
        "OZ-1988-0003": ("eligible", "redesignate_misdemeanor"),
        "OZ-2007-0900": ("review", ""),
    }
    manifest = done.manifest()
    content = (roll.folder / "oz_roll.csv").read_bytes()
    assert manifest["reader"] == "table:oz_roll"
    assert manifest["mapping"] == {
        "name": "oz_roll.toml",
        "sha256": hashlib.sha256((EXAMPLES / "oz_roll.toml").read_bytes()).hexdigest(),
    }
    assert manifest["inputs"][0]["file_sha256"] == hashlib.sha256(content).hexdigest()
    annotated = done.rows("annotated.csv")
    assert [row["Person No"] for row in annotated][:4] == ["1001", "1001", "1001", "1002"]
    assert annotated[5]["First Name"] == 'ALDA "AL"'
    assert "1 count that this law may concern has no disposition" in " ".join(done.err.split())


def test_a_workbook_is_decided_as_its_text_is(roll: Any) -> None:
    as_workbook(roll.folder)
    text, book = roll.run("oz_roll.csv", more=MAPPED), roll.run("oz_roll.xlsx", output="book", more=MAPPED)
    assert (text.code, book.code) == (0, 0), book.err
    assert decided(text) == decided(book, "book")
    for name in ("annotated.csv", "annotated_condensed.csv", "annotated_convictions.csv", "impact.json"):
        assert text.files()[name] == book.files("book")[name]


def test_a_proposed_mapping_is_checked_and_then_run_by(roll: Any) -> None:
    done = roll.command("doctor", "--format", "table", "--input", "oz_roll.csv", "--propose", "own.toml")
    assert (done.code, done.err) == (0, "")
    text = (roll.folder / "own.toml").read_text("utf-8")
    for personal in ("ZYXQUELL", "1961", "QUADLING", "1001"):
        assert personal not in text
    assert roll.command("doctor", "--format", "table", "oz_roll.csv").out.strip() == text.strip()
    again = roll.command("doctor", "--format", "table", "oz_roll.csv", "--propose", "own.toml")
    assert one_line(again) == "file [own.toml] is there already; remove it or name another"
    done = roll.command("doctor", "--mapping", "own.toml", "--reform", "ca_prop64", "oz_roll.csv")
    assert done.code == 0
    assert "unlisted_disposition (1)" in done.out
    told = json.loads(roll.command("doctor", "--mapping", "own.toml", "oz_roll.csv", "--json").out)
    assert told["inputs"][0]["file_sha256"]
    done = roll.run("oz_roll.csv", more=("--mapping", "own.toml"))
    assert len(decided(done)) == 6


def test_the_settings_file_names_the_mapping(roll: Any) -> None:
    (roll.folder / "clearslate.toml").write_text(
        '[run]\nreform = "ca_prop64"\nmapping = "oz_roll.toml"\ninput = "oz_roll.csv"\noutput = "out"\n', "utf-8"
    )
    done = roll.command("run", "--as-of", "2019-07-01")
    assert done.code == 0
    assert len(decided(done)) == 6
    done = roll.command("explain", "--row", "2", "--as-of", "2019-07-01")
    assert "Plants" in done.out
    assert "dismiss_11358" in done.out
    done = roll.command("explain", "--row", "2", "--format", "ca_doj")
    assert one_line(done) == "format [ca_doj] takes no mapping; leave --mapping out, or say --format table"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--format", "table"], 2, "format [table] needs a mapping file; say --mapping FILE.toml"),
        (["--mapping", "missing.toml"], 2, "mapping file [missing.toml] cannot be read"),
        (["--mapping", "oz_roll.csv"], 2, "mapping file [oz_roll.csv] is not TOML"),
        (["--mapping", "oz_roll.toml", "--format", "table:other"], 2, "[table:oz_roll], not [table:other]"),
        (["--mapping", "oz_roll.toml", "--format", "ca_doj"], 2, "format [ca_doj] takes no mapping"),
    ],
    ids=["none", "missing", "no TOML", "other", "other format"],
)
def test_what_cannot_be_is_told_in_a_line(roll: Any, arguments: list[str], code: int, words: str) -> None:
    done = roll.run("oz_roll.csv", more=arguments)
    assert done.code == code
    assert words in one_line(done)
    assert not (roll.folder / "out").exists()


def test_damaged_rows_are_rejected_with_place_and_reason_and_lose_no_other(roll: Any) -> None:
    lines = (roll.folder / "oz_roll.csv").read_text("utf-8").splitlines()
    lines[1] += ";more"
    lines[5] = lines[5].replace("TRANSPORT", '"TRANSPORT')
    (roll.folder / "damaged.csv").write_text("\n".join(lines), "utf-8")
    done = roll.run("damaged.csv", more=(*MAPPED, "--strict"))
    assert done.code == 1
    assert [(row["source_row"], row["line"], row["problem"]) for row in done.rows("rejected.csv")] == [
        ("1", "2", "field count"),
        ("5", "6", "broken quote"),
    ]
    ledger = done.manifest()["ledger"]
    assert (ledger["rows_read"], ledger["rows_used"], ledger["rows_rejected"]) == (10, 8, 2)
    # What was lost may have been anything: the person's other conviction is no longer certain.
    assert {row["case_number"]: row["outcome"] for row in decided(done)}["OZ-1999-0204"] == "review"


def test_a_vault_keeps_a_workbook_with_its_mapping_and_needs_neither_again(project: Any) -> None:
    folder = project.project
    shutil.copy(EXAMPLES / "oz_roll.csv", folder)
    shutil.copy(EXAMPLES / "oz_roll.toml", folder)
    book = as_workbook(folder)
    here = project.office.run("oz_roll.xlsx", output="plain", more=MAPPED)
    assert here.code == 0
    done = project.command("ingest", "--format", "table", "oz_roll.xlsx")
    assert done.code == 2
    assert "needs a mapping file" in one_line(done)
    text = project.told("ingest", *MAPPED, "oz_roll.xlsx")
    assert "Rows read" in text
    assert "byte for byte" in text
    assert project.command("ingest", *MAPPED, "oz_roll.xlsx").err.startswith("clearslate: note: [oz_roll.xlsx] is in")
    for file in (book, folder / "oz_roll.csv", folder / "oz_roll.toml"):
        file.unlink()
    table = ("--format", "table")
    done = project.command("doctor", *table)
    assert "unlisted_disposition (1)" in done.out, done.err
    done = project.command("run", "--reform", "ca_prop64", *table, "--as-of", "2019-07-01")
    assert done.code == 0, done.err
    done = project.command("export", "--output", "files")
    assert done.code == 0, done.err
    exported = {file.name: file.read_bytes() for file in (folder / "files").iterdir()}
    plain = {file.name: file.read_bytes() for file in (folder / "plain").iterdir()}
    assert exported == plain
    done = project.command("explain", "--reform", "ca_prop64", *table, "--as-of", "2019-07-01", "--row", "2")
    assert "dismiss_11358" in done.out, done.err
    found = json.loads(project.command("lookup", "--name", "Orla Zyxquell", "--born", "1961-02-13", "--json").out)
    assert "OZ-1999-0204" in json.dumps(found)


def test_formats_list_the_table(office: Any) -> None:
    assert "table" in office.command("formats").out
    (one,) = [one for one in json.loads(office.command("formats", "--json").out) if one["id"] == "table"]
    assert one["columns"] == []
