"""Single papers: one for each person and case, on one page, and numbered."""

from __future__ import annotations

import csv
import io
from typing import Any

import pikepdf
import pytest

from clearslate.errors import InputError
from clearslate.filing.filing import Filing
from clearslate_california.filing.single import Single


def index(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["index.csv"].decode(), newline="")))


def test_a_single_filing_writes_a_numbered_paper_for_each_person_and_case(desk: Any) -> None:
    entries = [
        desk.entry(person_id="A", cases=["OZ-1"]),
        desk.entry(person_id="A", cases=["OZ-1"]),
        desk.entry(person_id="B", cases=["OZ-1"]),
        desk.entry(person_id="A", cases=["OZ-2"]),
        desk.entry("open", person_id="C", cases=["OZ-3"]),
        desk.entry("objected", person_id="A", cases=["OZ-2"]),
    ]
    taken, files = desk.file(desk.single, desk.packet(entries))
    assert isinstance(desk.single, Filing)
    assert dict(taken) == {"granted": 4, "objected": 0, "open": 0, "refused": 0, "referred": 0}
    assert sorted(files) == ["index.csv", *(f"motion_0000{n}.pdf" for n in (1, 2, 3)), "read_first.txt", "schedule.csv"]
    rows = index(files)
    assert [(row["person_id"], row["case_number"], row["convictions"]) for row in rows] == [
        ("A", "OZ-1", "2"),
        ("B", "OZ-1", "1"),
        ("A", "OZ-2", "1"),
    ]
    assert sum(int(row["convictions"]) for row in rows) == taken["granted"]
    assert desk.text(files["motion_00001.pdf"]).count("All of it") == 2


def test_a_paper_has_one_page_with_room_for_the_clerk_and_tags(desk: Any) -> None:
    name = "ŐRSÉGI-GÜNTHER,ANNA-MARÍA ÉLISABETH DE LA TRÈS LONGUE"
    _, files = desk.file(desk.single, desk.packet([desk.entry(names=[name, "GALE,D"])]))
    (sheet,) = desk.sheets(files["motion_00001.pdf"])
    assert {run.size for run in sheet.runs} <= {12, 10}
    above = [run for run in sheet.runs if run.y < 36 + 144]
    assert max(run.end for run in above) <= 8.5 / 2 * 72
    assert min(run.x for run in sheet.runs) >= 72
    assert max(run.end for run in sheet.runs) <= 8 * 72
    text = desk.text(files["motion_00001.pdf"])
    assert "v. " + name in text.replace("- ", "-")
    assert "(also GALE,D)" in text
    with pikepdf.open(io.BytesIO(files["motion_00001.pdf"])) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


def test_names_of_files_are_counted_and_take_nothing_from_a_record(desk: Any) -> None:
    entries = [
        desk.entry(cases=["../../etc/passwd"]),
        desk.entry(cases=["CON"], person_id="../x"),
        desk.entry(cases=[]),
    ]
    _, files = desk.file(desk.single, desk.packet(entries))
    assert sorted(files)[1:4] == ["motion_00001.pdf", "motion_00002.pdf", "motion_00003.pdf"]
    assert "Case No. ../../etc/passwd" in desk.text(files["motion_00001.pdf"])
    assert "Case No. ____" in desk.text(files["motion_00003.pdf"])
    assert "- Papers without a case number: 1; write it in by hand." in files["read_first.txt"].decode()


def test_a_courthouse_that_the_office_does_not_name_is_printed_as_the_record_has_it_and_named_to_the_attorney(
    desk: Any,
) -> None:
    entries = [desk.entry(house="CASC  WINKIE"), desk.entry(house=None), desk.entry()]
    _, files = desk.file(desk.single, desk.packet(entries))
    assert [row["courthouse"] for row in index(files)] == [
        "Emerald City Courthouse, Central Division",
        "CASC WINKIE",
        "",
    ]
    read_first = files["read_first.txt"].decode()
    for house in ("CASC WINKIE", "court not stated in the record"):
        assert f"Courthouse [{house}] is not in the office file; papers under the name as printed: 1." in read_first


def test_without_case_numbers_only_what_one_court_action_decided_stands_together(desk: Any) -> None:
    entries = [desk.entry(person_id="A", cases=[]), desk.entry(person_id="A", cases=[])]
    _, files = desk.file(desk.single, desk.packet(entries))
    assert len(index(files)) == 2


def test_reliefs_are_put_on_papers_of_their_own_where_a_reform_says_so(desk: Any) -> None:
    entries = [
        desk.entry(relief=relief, person_id="A", cases=["OZ-1"])
        for relief in ("dismiss_and_seal", "redesignate_misdemeanor", "dismiss_and_seal")
    ]
    apart = Single("oz_apart", "Motions of Oz", "motion", desk.single.compose, (), apart=True)
    for filing, expected in ((desk.single, ["3"]), (apart, ["2", "1"])):
        _, files = desk.file(filing, desk.packet(entries))
        assert [row["convictions"] for row in index(files)] == expected


def test_a_paper_that_needs_two_pages_is_told_to_the_attorney(desk: Any) -> None:
    entries = [desk.entry(person_id="A", cases=["OZ-1"]) for _ in range(40)]
    _, files = desk.file(desk.single, desk.packet(entries))
    assert index(files)[0]["pages"] == "2"
    assert "Papers of more than one page: 1; the index" in files["read_first.txt"].decode()


def test_nothing_granted_is_nothing_to_write(desk: Any) -> None:
    with pytest.raises(InputError, match="grants nothing"):
        desk.file(desk.single, desk.packet([desk.entry("open")]))


def test_the_same_papers_have_the_same_bytes(desk: Any) -> None:
    packet = desk.packet(desk.some(6, kinds=["granted"]))
    assert desk.file(desk.single, packet)[1] == desk.file(desk.single, packet)[1]
