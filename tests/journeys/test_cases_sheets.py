"""A lawyer edits law cases as a spreadsheet: out, changed, in again, and whether they hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

CASES = Path(__file__).resolve().parents[2] / "plugins" / "ca_prop64" / "tests" / "cases"


@pytest.fixture
def place(office: Any) -> Any:
    folder = office.folder / "cases"
    folder.mkdir()
    for name in ("dismiss_all.toml", "law.toml"):
        shutil.copy(CASES / name, folder / name)
    return office


def texts(place: Any) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((place.folder / "cases").iterdir())}


def edit(place: Any, **cells: str) -> None:
    """Change cells of the second row of the workbook, as a lawyer does."""
    book = load_workbook(place.folder / "cases.xlsx")
    page = book["cases"]
    for cell in page[1]:
        if cell.value in cells:
            page.cell(2, cell.column).value = cells[cell.value]
    book.save(place.folder / "cases.xlsx")


def test_a_workbook_goes_out_and_comes_back_with_what_was_changed(place: Any) -> None:
    done = place.command("cases", "export", "cases", "--output", "cases.xlsx")
    assert (done.code, done.err) == (0, "")
    assert "25" in done.out
    before = texts(place)
    done = place.command("cases", "import", "cases.xlsx", "--output", "cases")
    assert (done.code, done.err, texts(place)) == (0, "", before)
    assert done.out.count("as it was") == 2

    edit(place, name="Every conviction of the list is dismissed")
    done = place.command("cases", "import", "cases.xlsx", "--output", "cases")
    assert (done.code, texts(place)) == (6, before)
    assert "case file [dismiss_all.toml] is there already: 1 changed; say --overwrite" in done.err
    done = place.command("cases", "import", "cases.xlsx", "--output", "cases", "--overwrite")
    assert (done.code, done.err) == (0, "")
    after = texts(place)
    assert after["law.toml"] == before["law.toml"]
    old, new = before["dismiss_all.toml"].splitlines(), after["dismiss_all.toml"].splitlines()
    assert [line for line in new if line not in old] == ['name = "Every conviction of the list is dismissed"']
    done = place.command("cases", "run", "cases", "--reform", "ca_prop64")
    assert (done.code, done.out) == (0, "25 law cases: 25 hold, 0 do not.\n")


def test_a_case_that_does_not_hold_is_shown_with_its_rules(place: Any) -> None:
    assert place.command("cases", "export", "cases", "--output", "cases.xlsx").code == 0
    edit(place, **{"expect: rule": "another_rule", "source": "Directive 12"})
    done = place.command("cases", "run", "cases.xlsx", "--reform", "ca_prop64")
    assert (done.code, done.err) == (1, "")
    assert done.out.endswith("25 law cases: 24 hold, 1 do not.\n")
    assert "by rule [another_rule], got" in " ".join(done.out.split())
    assert max(map(len, done.out.splitlines())) <= 80
    done = place.command("cases", "run", "cases.xlsx", "--reform", "ca_prop64", "--json")
    assert done.code == 1
    assert [case["holds"] for case in json.loads(done.out)].count(False) == 1
    assert "several case files" in place.command("cases", "import", "cases.xlsx", "--output", "one.toml").err


def test_comments_are_kept_where_a_case_did_not_change_and_said_where_it_did(place: Any) -> None:
    path = place.folder / "cases" / "dismiss_all.toml"
    text = path.read_text("utf-8").replace("\nid = ", "\n# Why this case is here.\nid = ", 1)
    path.write_text("# The county's policy of 2019.\n" + text, "utf-8")
    done = place.command("cases", "export", "cases/dismiss_all.toml", "--output", "cases.xlsx")
    assert "note: [dismiss_all.toml] has 2 comments, which the sheet has not" in done.err
    edit(place, name="Another sentence")
    done = place.command("cases", "import", "cases.xlsx", "--output", "cases")
    assert "1 changed, and the comments in line 3 would be lost; say --overwrite" in done.err
    done = place.command("cases", "import", "cases.xlsx", "--output", "cases", "--overwrite")
    assert done.code == 0
    assert "note: [dismiss_all.toml]: the comments that stood in line 3 are gone" in done.err
    assert "note: [law.toml] of the folder is not in the sheet and stays as it is" in done.err
    assert path.read_text("utf-8").startswith("# The county's policy of 2019.\n[[case]]\nid = ")


def test_a_csv_makes_a_folder_of_its_own_and_its_faults_stop_the_import(place: Any) -> None:
    assert place.command("cases", "export", "cases", "--output", "cases.csv").code == 0
    assert place.command("cases", "export", "cases", "--output", "cases.csv").code == 6
    assert place.command("cases", "export", "cases", "--output", "cases.ods").code == 2
    sheet = place.folder / "cases.csv"
    good = sheet.read_bytes()
    sheet.write_bytes(good.replace(b",felony,", b",felny,", 1))
    done = place.command("cases", "import", "cases.csv", "--output", "new")
    assert (done.code, (place.folder / "new").exists()) == (4, False)
    assert done.err.startswith("clearslate: error: sheet [cases.csv]: row [2] column [grade]: takes felony")
    sheet.write_bytes(good)
    done = place.command("cases", "import", "cases.csv", "--output", "new")
    assert (done.code, done.err) == (0, "")
    assert sorted(path.name for path in (place.folder / "new").iterdir()) == sorted(texts(place))
    # An id that stands in a file which the sheet lacks would make the folder unreadable.
    shutil.copy(place.folder / "cases" / "law.toml", place.folder / "new" / "more.toml")
    done = place.command("cases", "import", "cases.csv", "--output", "new")
    assert done.code == 4
    assert "stands in [more.toml] too, which the sheet lacks" in done.err
