from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.documents import Typesetter
from clearslate.filing.entry import Entry
from clearslate.filing.office import example_office, parse_office
from clearslate.output.decided import Decided
from clearslate.output.staging import Folder, Staging
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.testing.factories import make_count, make_person
from clearslate_illinois.filing import paper
from clearslate_illinois.filing.agencies import NOT_NAMED, by_agency
from clearslate_illinois.filing.lists import Field, Numbered, numbered, write_list
from clearslate_illinois.filing.paper import Paper
from clearslate_illinois.filing.press import Press
from clearslate_illinois.filing.roll import VOLUME, Column, Group, Roll, counted_table

DAY = dt.date(2026, 1, 31)
OFFICE = parse_office(example_office())
NOTHING = Determination(Decision(Outcome.REVIEW), "a_rule", "So.", (), (), (), (), ())
LONG = "COURTHOUSE OF THE COUNTRY OF THE WINKIES AT THE YELLOW CASTLE" + "W" * 60


def entries_of(agencies: Sequence[str | None]) -> list[Entry]:
    found = []
    for number, agency in enumerate(agencies, 1):
        made = make_count("720 ILCS 550/4(c)")
        event = msgspec.structs.replace(made.event, agency=agency)
        person = make_person(msgspec.structs.replace(made, event=event), person_id=f"P{number}", names=("GALE,D",))
        found.append(Entry(Decided(person, person.counts[0], NOTHING), "rolls.csv", {}))
    return found


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Callable[[Folder], Any]], dict[str, bytes]]:
    """Gives the files that something writes into a folder."""
    runs = iter(range(100_000))

    def write(what: Callable[[Folder], Any]) -> dict[str, bytes]:
        out = tmp_path / f"out{next(runs)}"
        with Staging(out) as staging:
            what(staging.open())
            staging.release()
        return {path.name: path.read_bytes() for path in out.iterdir()}

    return write


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def a_paper(**changes: Any) -> Paper:
    parts = (
        paper.heading("The convictions"),
        paper.text(f"Some  text, {LONG}."),
        paper.item("(a)", "an item"),
        paper.marked("To be filled in:", "the harm", lines=3),
        paper.fields([("Name", "ÑUSTA,ZOË"), ("Race", "")]),
        paper.box(True, "so"),
        paper.box(False, "not so"),
        paper.table(("Class", "Convictions"), [("A", "1"), ("B", "2")], ("Total", "3")),
        paper.listed(("No.", "Case number", "Agency"), [("1", "2009-CF-117", LONG)], (1, 2)),
        paper.signed(["Dated: January 31, 2026"], ["Glinda Quadling"]),
    )
    given = {
        "title": "A motion",
        "court": ("Circuit Court of Oz County, Illinois",),
        "parties": ("IN RE:", LONG),
        "nature": "MOTION",
        "parts": parts,
    }
    return Paper(**{**given, **changes})


def test_a_paper_has_caption_parts_and_footer(written: Any) -> None:
    files = written(lambda folder: a_paper().write(Typesetter(DAY), folder, "motion.pdf"))
    page = " ".join(texts(files["motion.pdf"]))
    for words in (
        "CIRCUIT COURT OF OZ COUNTY, ILLINOIS",
        "MOTION",
        "To be filled in: the harm",
        "Name: ÑUSTA,ZOË",
        "[X] so",
        "[ ] not so",
        "Total 3",
        "MOTION, page 1",
    ):
        assert words in page, words
    # A long word is cut into lines, and nothing of it is lost.
    assert page.replace(" ", "").count(LONG.replace(" ", "")) == 3


def test_nothing_stands_beside_a_page(written: Any) -> None:
    files = written(
        lambda folder: (
            a_paper().write(Typesetter(DAY), folder, "motion.pdf"),
            a_roll(3).write(Typesetter(DAY), folder, "roll"),
        )
    )
    for data in files.values():
        for wide, high, boxes in boxes_of(data):
            assert boxes
            for left, top, right, bottom in boxes:
                assert left >= 24
                assert top >= 24
                assert right <= wide - 24
                assert bottom <= high - 24


_PAGE = re.compile(r'<page width="([0-9.]+)" height="([0-9.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">')


def boxes_of(pdf: bytes) -> Iterator[tuple[float, float, list[tuple[float, ...]]]]:
    """The size of each page and where its words stand, from the upper left; where they begin without pdftotext."""
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        for wide, high, words in _PAGE.findall(said.decode("utf-8")):
            yield float(wide), float(high), [tuple(map(float, word)) for word in _WORD.findall(words)]
        return
    for page in PdfReader(io.BytesIO(pdf)).pages:
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        found: list[tuple[float, ...]] = []

        def seen(
            text: str, cm: Any, tm: Any, *_: Any, high: float = high, found: list[tuple[float, ...]] = found
        ) -> None:
            if text.strip():
                x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                found.append((x, high - y, x, high - y))

        page.extract_text(visitor_text=seen)
        yield wide, high, found


def a_roll(size: int) -> Roll:
    lines = numbered(entries_of([LONG] * size))
    return Roll(
        title="SCHEDULE",
        standing="CONFIDENTIAL",
        footer="SCHEDULE",
        notes=("A note.",),
        columns=(
            Column("Line", 0.3, lambda line: [("", str(line.number))]),
            Column("Agency", 1, lambda line: [("agency", line.entry.decided.count.event.agency or "")]),
            Column("Name", 1, lambda line: [("", "ÑUSTA,ZOË"), ("born", "not in the record")]),
        ),
        totals=(counted_table("By class", "Class", "Lines", {"A": size}),),
        groups=(Group("first", lines[: size // 3]), Group("second", lines[size // 3 :])),
    )


def test_a_long_roll_has_volumes_whose_lines_and_pages_go_on(written: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert VOLUME == 1000
    monkeypatch.setattr("clearslate_illinois.filing.roll.VOLUME", 40)
    files = written(lambda folder: a_roll(45).write(Typesetter(DAY), folder, "roll"))
    assert sorted(files) == ["roll_volume_1.pdf", "roll_volume_2.pdf"]
    first, second = (texts(files[name]) for name in sorted(files))
    assert "Total 45" in first[0]
    assert len(second) == 1
    assert "The totals stand in volume 1." in second[0]
    assert f"SCHEDULE, page {len(first) + 1}" in second[0]
    assert sum(page.count("ÑUSTA,ZOË") for page in (*first, *second)) == 45


def test_a_roll_without_lines_has_a_page(written: Any) -> None:
    files = written(lambda folder: a_roll(0).write(Typesetter(DAY), folder, "roll"))
    assert "Total 0" in texts(files["roll.pdf"])[0]


def test_a_cell_longer_than_a_page_goes_on_over_it(written: Any) -> None:
    words = " ".join(f"word{n}" for n in range(3000))
    roll = replace(a_roll(1), columns=(Column("Words", 1, lambda _: [("", words)]), Column("Other", 6, lambda _: [])))
    files = written(lambda folder: roll.write(Typesetter(DAY), folder, "roll"))
    assert "word2999" in texts(files["roll.pdf"])[-1]


def test_the_same_bytes_come_twice(written: Any) -> None:
    once, again = (
        written(
            lambda folder: (
                a_paper().write(Typesetter(DAY), folder, "motion.pdf"),
                a_roll(40).write(Typesetter(DAY), folder, "roll"),
            )
        )
        for _ in range(2)
    )
    assert once == again


def test_many_hands_make_the_same_papers_in_their_order() -> None:
    papers = [(f"{n}.pdf", a_paper(number=f"2026-{n}", nature=f"MOTION {n}")) for n in range(9)]
    found = []
    for hands in (1, 3):
        with Press(DAY, hands) as press:
            found.append([document.data for document in press.documents(papers)])
    assert found[0] == found[1]
    assert all(f"MOTION {n}, page 1" in " ".join(texts(data)) for n, data in enumerate(found[0]))


def test_a_list_is_text_and_no_formula(written: Any) -> None:
    lines = [Numbered(7, entry) for entry in entries_of(["=cmd", 'say "x", y'])]
    field = Field("agency", lambda line: line.entry.decided.count.event.agency or "")
    number = Field("line", lambda line: str(line.number))
    data = written(lambda folder: write_list(folder, "list.csv", (number, field), lines))["list.csv"]
    assert list(csv.reader(io.StringIO(data.decode()))) == [["line", "agency"], ["7", "'=cmd"], ["7", 'say "x", y']]


NAMES = [None, "EMERALD CITY PD", "emerald city  pd", "WINKIE PD", "winkie pd", "../x", ""]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(NAMES), max_size=15))
def test_every_entry_is_in_the_group_of_its_agency(agencies: list[str | None]) -> None:
    groups = by_agency(entries_of(agencies), OFFICE)
    assert sum(len(group.entries) for group in groups) == len(agencies)
    names = [group.name for group in groups]
    assert len(set(names)) == len(names)
    plain = {" ".join((name or "").lower().split()) for name in agencies}
    assert len(groups) == len(plain)
    unnamed = [group for group in groups if not group.is_named]
    assert (
        unnamed
        == [group for group in groups if group.name == NOT_NAMED]
        == list(groups[-len(unnamed) :] if unnamed else [])
    )
    assert all(group.people == len(group.entries) for group in groups)


def test_the_checklist_names_files_totals_and_what_is_due(written: Any) -> None:
    files = written(
        lambda folder: write_checklist(
            folder,
            "A packet",
            totals={"granted": 2},
            written=[
                ("motion", Written(("a.pdf",), 1, frozenset({"U+200B"}))),
                ("orders", Written(("b.pdf", "c.pdf", "d.pdf"), 3)),
                ("list", Written(("e.csv",))),
            ],
            due=["notice: 30 days after the order"],
            checks=[Check("All", "Look.")],
            warnings=["Something."],
        )
    )
    text = files["read_first.txt"].decode()
    for words in ("a.pdf: motion, 1 page\n", "b.pdf, …, d.pdf: orders, 3 pages\n", "e.csv: list\n", "granted: 2\n",
                  "DUE\n\n- notice: 30 days", "(U+200B)", "- All: Look.\n"):  # fmt: skip
        assert words in text, words
