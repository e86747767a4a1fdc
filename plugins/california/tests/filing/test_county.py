"""A court clears convictions of its own county alone; the rest is in no paper and is listed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import InputError
from clearslate.track.answers import Answered, read_list
from clearslate_california.filing.form_data import FormData, FormDataFiling, always

FORMS = FormDataFiling("oz_forms", "Forms of Oz", (FormData("OZ-1", "Application", always),))
OTHER = "of another county than the court's"


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def some(desk: Any) -> list[Any]:
    """Rows 1 to 8: of Oz in three spellings, of Winkie, and of no county."""
    return [
        desk.entry(county="OZ"),
        desk.entry(county="o  z", relief="redesignate_misdemeanor"),
        desk.entry("objected", county="Oz "),
        desk.entry("refused"),
        desk.entry(county="WINKIE", cases=["W-1"]),
        desk.entry("open", county="WINKIE", cases=["W-2"]),
        desk.entry("refused", county="WINKIE", cases=["W-3"]),
        desk.entry(county=None, cases=["W-4"]),
    ]


def packet(desk: Any) -> Any:
    outcomes = {"eligible": 4, "review": 2, "ineligible": 2, "refer": 0}
    ledger = {"convictions_decided": 8, "decided_by_outcome": outcomes}
    return desk.packet(some(desk), manifest={"ledger": ledger})


def test_no_paper_of_the_bulk_packet_has_a_conviction_of_another_county(desk: Any) -> None:
    taken, files = desk.file(desk.bulk, packet(desk))
    assert dict(taken) == {"granted": 2, "objected": 1, "open": 0, "refused": 1, "referred": 0}
    papers = {name: desk.text(data) for name, data in files.items() if name.endswith(".pdf")}
    assert not any(f"W-{number}" in text for text in papers.values() for number in range(1, 5))
    assert "They do not challenge relief for 2 convictions of 2 people" in papers["01_notice_and_motion.pdf"]
    assert "decided 4 convictions not of the County of Oz" in papers["01_notice_and_motion.pdf"]
    assert " Total 2 " in papers["08_proposed_order.pdf"]
    declared = papers["02_declaration.pdf"]
    assert "8 convictions were decided. 4 of them are not of the County of Oz" in declared
    assert "became of the 4 convictions of the County of Oz" in declared
    assert "4 others that the run decided are not" in papers["05_exhibit_c.pdf"]


def test_what_is_in_the_motion_and_what_is_listed_beside_it_are_what_the_run_decided(desk: Any) -> None:
    taken, files = desk.file(desk.bulk, packet(desk))
    listed = rows(files["not_in_motion.csv"])
    found = [(row["source_file"], row["source_row"], row["county"], row["case_number"], row["why"]) for row in listed]
    assert found == [
        ("rolls.dat", "5", "WINKIE", "W-1", OTHER),
        ("rolls.dat", "6", "WINKIE", "W-2", OTHER),
        ("rolls.dat", "7", "WINKIE", "W-3", OTHER),
        ("rolls.dat", "8", "", "W-4", "the county is not in the record"),
    ]
    assert [row["standing"] for row in listed] == ["granted", "open", "refused", "granted"]
    assert sum(taken.values()) + len(listed) == 8
    said = files["read_first.txt"].decode()
    for line in (
        "\ngranted: 2\n",
        "\nnot of the court's county, granted: 2\n",
        "\nnot of the court's county, in not_in_motion.csv: 4\n",
        "\ndecided by the run: 8\n",
        "- 4 convictions decided by the run are not of [Oz], or of no county that is known;",
    ):
        assert line in said


def test_single_papers_and_data_of_forms_are_of_the_court_s_county_too(desk: Any) -> None:
    taken, files = desk.file(desk.single, packet(desk))
    assert taken["granted"] == len(rows(files["index.csv"])) == 2
    assert [row["source_row"] for row in rows(files["not_in_motion.csv"])] == ["5", "8"]
    assert "granted, not of the court's county, in not_in_motion.csv: 2\n" in files["read_first.txt"].decode()
    taken, files = desk.file(FORMS, packet(desk))
    data = json.loads(files["form_data.json"])
    assert taken["granted"] == len(data["records"]) == data["not_of_the_county"] == 2
    assert len(rows(files["not_in_motion.csv"])) == 2


def test_without_another_county_nothing_is_listed_beside_the_papers(desk: Any) -> None:
    for filing in (desk.bulk, desk.single, FORMS):
        _, files = desk.file(filing, desk.packet([desk.entry()]))
        assert "not_in_motion.csv" not in files
    assert "not of the County" not in desk.text(
        desk.file(desk.bulk, desk.packet([desk.entry()]))[1]["02_declaration.pdf"]
    )


def test_a_run_of_another_county_is_refused_with_both_counties_and_what_to_do(desk: Any) -> None:
    entries = [desk.entry(county="WINKIE"), desk.entry("open", county="GILLIKIN")]
    for filing in (desk.bulk, desk.single, FORMS):
        with pytest.raises(InputError, match=r"of \[Oz\], .*has \[GILLIKIN, WINKIE\]; correct court.county"):
            desk.file(filing, desk.packet(entries))


def test_the_schedule_marks_just_the_granted_lines_of_a_packet(desk: Any, tmp_path: Path) -> None:
    assert desk.bulk.listed == desk.single.listed == "schedule.csv"
    entries = [desk.entry(cases=["OZ-7", "OZ-8"], person_id="A"), desk.entry("open"), desk.entry(cases=[])]
    for filing in (desk.bulk, desk.single):
        _, files = desk.file(filing, desk.packet([*entries, desk.entry(county="WINKIE")]))
        place = tmp_path / f"{filing.id}.csv"
        place.write_bytes(files["schedule.csv"])
        table = read_list(place, desk.made_on)
        asked = [said.asked for _, said in table.rows if isinstance(said, Answered)]
        assert [(one.source_file, one.source_row, one.person_id, one.case_number) for one in asked] == [
            ("rolls.dat", 1, "A", "OZ-7"),
            ("rolls.dat", 3, "P3", ""),
        ]
        assert [row["relief"] for row in rows(files["schedule.csv"])] == ["dismiss_and_seal"] * 2


def test_data_of_forms_go_to_no_court(desk: Any) -> None:
    assert FORMS.state is None
