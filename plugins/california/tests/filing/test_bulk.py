"""The bulk packet: what its documents say, and what the public copies do not."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from clearslate.errors import InputError
from clearslate.filing.entry import Word
from clearslate.filing.filing import Filing
from clearslate.policy.determination import Outcome
from clearslate.policy.word import OBJECTED, OVERRULED, REOPENED, REOPENED_RULE, RULES, SETTLED
from clearslate_california.filing import exhibit

FILES = [
    "01_notice_and_motion.pdf",
    "02_declaration.pdf",
    "03_exhibit_a.pdf",
    "04_exhibit_b.pdf",
    "05_exhibit_c.pdf",
    "06_exhibit_a_public.pdf",
    "07_exhibit_b_public.pdf",
    "08_proposed_order.pdf",
    "09_proof_of_service.pdf",
    "read_first.txt",
    "schedule.csv",
]
PAPERS = [name for name in FILES if name.endswith(".pdf")]
CONFIDENTIAL = ("03_exhibit_a.pdf", "04_exhibit_b.pdf")


def test_a_bulk_packet_is_a_filing_and_writes_these_files(desk: Any, filed: Any) -> None:
    assert isinstance(desk.bulk, Filing)
    assert sorted(filed) == sorted([*FILES, "motion_00001.pdf"])


def test_every_document_is_pdf_ua_and_pdf_a_with_tags_and_a_title(filed: Any) -> None:
    for name in PAPERS:
        with pikepdf.open(io.BytesIO(filed[name])) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "en-US"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            kinds = _kinds(pdf.Root.StructTreeRoot)
            assert {"/H1", "/P"} & kinds
            if "exhibit" in name:
                assert {"/Table", "/TR", "/TH", "/TD"} <= kinds
            metadata = pdf.Root.Metadata.read_bytes().decode()
            assert re.search(r"pdfuaid:part[>=\"]+1", metadata)
            assert re.search(r"pdfaid:part[>=\"]+2", metadata)
            assert str(pdf.docinfo["/Title"])


def _kinds(root: Any) -> set[str]:
    found, waiting = set(), [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                found.add(str(one.S))
            inner = one.get("/K")
            if inner is not None:
                waiting += list(inner) if isinstance(inner, pikepdf.Array) else [inner]
    return found


def test_the_same_packet_gives_the_same_bytes_again(desk: Any, filed: Any) -> None:
    assert desk.everything() == filed


def test_the_bytes_are_the_same_for_every_hash_seed(tmp_path: Path) -> None:
    program = (
        "import importlib.util, pathlib, sys\n"
        f"spec = importlib.util.spec_from_file_location('desk', {str(Path(__file__).with_name('conftest.py'))!r})\n"
        "module = importlib.util.module_from_spec(spec); sys.modules['desk'] = module\n"
        "spec.loader.exec_module(module)\n"
        "desk = module.Desk(pathlib.Path(sys.argv[1]))\n"
        "desk.file(desk.bulk, desk.packet(desk.some(12)))\n"
    )
    made = []
    for seed in ("1", "2"):
        place = tmp_path / seed
        place.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", program, str(place)], check=True, env=environment)
        made.append({path.name: path.read_bytes() for path in (place / "out1").iterdir()})
    assert made[0] == made[1]
    assert len(made[0]) == len(FILES)


def test_the_public_copies_hold_no_name_identifier_birth_date_or_ground_of_an_attorney(desk: Any) -> None:
    personal: dict[str, Any] = {
        "names": ("ZYXQUELL,DOROTHEA", "ZYXQUELL,DOT"),
        "identifiers": ("Q7777777",),
        "birth_date": "1971-09-23",
    }
    word = Word("object", None, None, "Zyxquell is a danger to Oz.", "G. Quadling", dt.date(2026, 1, 5))
    left_open = Word("settle", Outcome.REVIEW, None, "Zyxquell was not found.", "G. Quadling", dt.date(2026, 1, 5))
    granted = Word("settle", Outcome.ELIGIBLE, "dismiss_and_seal", "Zyxquell it is.", "N. Chopper", dt.date(2026, 1, 6))
    refused = Word("overrule", Outcome.INELIGIBLE, None, "Zyxquell is no witch.", "N. Chopper", dt.date(2026, 1, 6))
    entries = [
        desk.entry(**personal),
        desk.entry("objected", word=word, **personal),
        desk.entry("open", word=left_open, **personal),
        desk.entry("open", word=granted, **personal),
        desk.entry(word=refused, **personal),
        desk.entry(word=word, again=True, **personal),
        # As they may come back from a kept run: the rule or the flag alone tells that an attorney wrote the reason.
        *(
            desk.entry("open", rule=rule, reason="Objected to: Zyxquell is a danger.", **personal)
            for rule in (*RULES.values(), REOPENED_RULE)
        ),
        *(
            desk.entry("open", flags=(flag,), reason="Objected to: Zyxquell is a danger.", **personal)
            for flag in (SETTLED, OVERRULED, OBJECTED, REOPENED)
        ),
        desk.entry("open", reason="The statute cannot be read.", **personal),
    ]
    _, files = desk.file(desk.bulk, desk.packet(entries))
    for name, data in files.items():
        text = desk.text(data) if name.endswith(".pdf") else data.decode()
        hidden = [plant for plant in ("zyxquell", "q7777777", "09/23/1971", "danger") if plant in text.lower()]
        assert bool(hidden) == (name in CONFIDENTIAL), (name, hidden)
        if name.endswith(".pdf") and name not in CONFIDENTIAL:
            with pikepdf.open(io.BytesIO(data)) as pdf:
                streams = b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
            assert b"yxquell" not in streams.lower()
    public = desk.text(files["07_exhibit_b_public.pdf"])
    assert public.count("stated in the confidential copy") == 3 + 4 + 4 + len(["the note above the list"])
    assert "The statute cannot be read." in public
    assert "Left out of this copy: names, state identification (CII) numbers and birth dates." in public


def test_an_objection_stands_first_with_its_ground_and_by_whom_and_when(desk: Any) -> None:
    word = Word("object", None, None, "A flying monkey\n bit her.", "G. Quadling", dt.date(2026, 1, 5))
    _, files = desk.file(desk.bulk, desk.packet([desk.entry("open"), desk.entry(word=word)]))
    secret, public = desk.text(files["04_exhibit_b.pdf"]), desk.text(files["07_exhibit_b_public.pdf"])
    said = secret.split("Part 1: the People object")[1].split("Part 2: the record leaves a question")
    assert "A flying monkey bit her (G. Quadling, 01/05/2026)." in said[0]
    assert "The law of Oz says so." in said[1]
    assert "The policy had decided" not in secret
    assert "stated in the confidential copy" in public.split("Part 1: the People object")[1].split("Part 2")[0]
    assert "monkey" not in public
    assert "Quadling" not in public


def test_a_word_that_does_not_hold_is_for_a_hearing_and_is_told_to_court_and_attorney(desk: Any) -> None:
    word = Word("object", None, None, "A flying monkey.", "G. Quadling", dt.date(2026, 1, 5))
    taken, files = desk.file(desk.bulk, desk.packet([desk.entry(word=word, again=True), desk.entry()]))
    assert (taken["granted"], taken["objected"], taken["open"]) == (1, 0, 1)
    assert "The facts behind that have changed, so it is open again." in desk.text(files["04_exhibit_b.pdf"])
    declared = desk.text(files["02_declaration.pdf"])
    assert "No decision of the policy was changed by hand." in declared
    assert "For 1 conviction an attorney's earlier decision was not used" in declared.replace("’", "'")
    assert "decision have changed for 1 conviction; decide again before filing" in files["read_first.txt"].decode()


def test_the_declaration_counts_attorneys_words_by_kind(desk: Any) -> None:
    def word(kind: Any, outcome: Outcome | None = None, relief: str | None = None) -> Word:
        return Word(kind, outcome, relief, "So it is.", "G. Quadling", dt.date(2026, 1, 5))

    entries = [
        desk.entry("open", word=word("settle", Outcome.ELIGIBLE, "dismiss_and_seal")),
        desk.entry("open", word=word("settle", Outcome.INELIGIBLE)),
        desk.entry("refused", word=word("overrule", Outcome.ELIGIBLE, "dismiss_and_seal")),
        desk.entry(word=word("object")),
    ]
    taken, files = desk.file(desk.bulk, desk.packet(entries))
    assert dict(taken) == {"granted": 2, "objected": 1, "open": 0, "refused": 1, "referred": 0}
    said = (
        "An attorney looked at 4 convictions and gave a decision with a ground: 2 settled, 1 decided otherwise, 1 obj"
    )
    assert said in desk.text(files["02_declaration.pdf"])
    method = desk.text(files["05_exhibit_c.pdf"])
    for row in ("attorney_settled eligible: dismiss_and_seal 1", "attorney_objected review 1", "Total 4"):
        assert row in method


def test_the_record_of_the_run_names_suppliers_and_attorneys_words_and_an_empty_policy_stops_nothing(desk: Any) -> None:
    manifest = {
        "versions": {"clearslate": "9.9.9", "oz-law": "1.2"},
        "words": {"given": 4, "settled": 2, "overruled": 0, "objected": 1, "reopened": 1, "unused": 0, "sha256": "ef"},
    }
    _, files = desk.file(desk.bulk, desk.packet([desk.entry()], manifest=manifest, policy_page=""))
    method = desk.text(files["05_exhibit_c.pdf"])
    assert "Supplied by oz-law 1.2" in method
    assert "settled 2, objected to 1, not used because facts changed 1; SHA-256 ef" in method


def test_an_exhibit_without_a_line_says_so(desk: Any) -> None:
    _, files = desk.file(desk.bulk, desk.packet([desk.entry("objected")]))
    assert "There is no such conviction in this motion." in desk.text(files["03_exhibit_a.pdf"])
    assert "There is no such conviction" not in desk.text(files["04_exhibit_b.pdf"])
    assert "No relief is asked for any conviction" in desk.text(files["08_proposed_order.pdf"])


def test_the_line_numbers_of_both_copies_agree(desk: Any, filed: Any) -> None:
    for secret, public in (
        ("03_exhibit_a.pdf", "06_exhibit_a_public.pdf"),
        ("04_exhibit_b.pdf", "07_exhibit_b_public.pdf"),
    ):
        lines = [re.findall(r"([0-9]+) (OZ-[0-9]{6})", desk.text(filed[name])) for name in (secret, public)]
        assert lines[0] == lines[1]
        assert [int(number) for number, _ in lines[0]] == list(range(1, len(lines[0]) + 1))


def test_exhibits_are_sorted_by_courthouse_in_the_offices_order_then_by_case_number(desk: Any) -> None:
    houses = desk.houses
    order = [(houses[2], "OZ-000001"), (houses[0], "OZ-000009"), (houses[1], "OZ-000002"), (houses[0], "OZ-000010")]
    entries = [desk.entry(house=house, cases=[case]) for house, case in order]
    _, files = desk.file(desk.bulk, desk.packet(entries))
    text = desk.text(files["03_exhibit_a.pdf"])
    assert re.findall(r"OZ-[0-9]{6}", text) == ["OZ-000009", "OZ-000010", "OZ-000002", "OZ-000001"]
    places = [text.rindex(heading) for heading in ("Emerald City Courthouse", "Munchkin Country", "CASC WINKIE")]
    assert places == sorted(places)


def test_a_courthouse_that_the_office_does_not_name_is_printed_as_the_record_has_it_and_named_to_the_attorney(
    desk: Any,
) -> None:
    entries = [desk.entry(house="CASC WINKIE"), desk.entry(house=None), desk.entry("open", house="CASC WINKIE")]
    taken, files = desk.file(desk.bulk, desk.packet(entries))
    assert taken["granted"] == 2
    read_first = files["read_first.txt"].decode()
    assert "Courthouse [CASC WINKIE] is not in the office file; convictions under the name as printed: 2." in read_first
    assert "[court not stated in the record]" in read_first
    assert "court not stated in the record" in desk.text(files["03_exhibit_a.pdf"])


def test_a_case_number_that_is_a_path_is_printed_and_names_no_file(desk: Any) -> None:
    entry = desk.entry(cases=["../../etc/passwd", "CON", "C:\\aux"])
    _, files = desk.file(desk.bulk, desk.packet([entry]))
    assert sorted(files) == FILES
    assert "../../etc/passwd;CON;C:\\aux" in desk.text(files["03_exhibit_a.pdf"]).replace(" ", "")


def test_text_of_a_record_is_never_read_as_markup(desk: Any) -> None:
    name = '#eval("1") $x$ *b* _i_ @r <l> `c` // /* \\ ~ -- ... "q" \'s\' = [#panic()]'
    entry = desk.entry(names=[name], cases=["#panic()"])
    _, files = desk.file(desk.bulk, desk.packet([entry]))
    assert name.replace(" ", "") in desk.text(files["03_exhibit_a.pdf"]).replace(" ", "")


def test_a_letter_without_a_glyph_is_shown_by_its_number_and_named_to_the_attorney(desk: Any) -> None:
    _, files = desk.file(desk.bulk, desk.packet([desk.entry(names=["OZ,漢"])]))
    text = desk.text(files["03_exhibit_a.pdf"])
    assert "OZ,[U+6F22]" in text
    assert "stands as its number in square brackets" in text
    assert "(U+6F22); write them in by hand" in files["read_first.txt"].decode()


def test_a_long_exhibit_is_cut_into_volumes_and_its_pages_are_numbered_through(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibit, "VOLUME", 45)
    taken, files = desk.file(desk.bulk, desk.packet(desk.some(140, kinds=["granted"])))
    names = [name for name in files if name.startswith("03_")]
    assert names == [f"03_exhibit_a_volume_{place}.pdf" for place in range(1, 5)]
    pages = [sheet for name in names for sheet in desk.sheets(files[name])]
    assert len(pages) > len(names)
    for number, sheet in enumerate(pages, 1):
        bottom = [run.text.strip() for run in sheet.runs if run.y > 560]
        assert bottom[0] == str(number)
    rows = [int(row) for name in names for row in re.findall(r"([0-9]+) OZ-[0-9]{6}", desk.text(files[name]))]
    assert rows == list(range(1, taken["granted"] + 1))
    assert "EXHIBIT A, volume 2 of 4" in desk.text(files[names[1]])
    assert "Total" not in desk.text(files[names[1]]).replace("The totals stand in volume 1.", "")


def test_a_grant_without_a_relief_is_refused_by_file_and_row_alone(desk: Any) -> None:
    word = Word("settle", desk.entry().outcome, None, "Dorothy.", "G. Quadling", dt.date(2026, 1, 5))
    entry = desk.entry("open", names=["ZYXQUELL,DOT"], word=word)
    with pytest.raises(InputError, match=r"^row \[2\] of \[rolls.dat\] is granted and names no relief") as caught:
        desk.file(desk.bulk, desk.packet([entry]))
    assert "ZYXQUELL" not in str(caught.value)


def test_what_is_objected_to_is_in_no_order_and_no_grant(desk: Any) -> None:
    taken, files = desk.file(desk.bulk, desk.packet([desk.entry("objected"), desk.entry()]))
    assert (taken["granted"], taken["objected"]) == (1, 1)
    assert "OZ-000001" not in desk.text(files["03_exhibit_a.pdf"])
    assert "This order does not decide the 1 conviction of Exhibit B (line 1)." in desk.text(
        files["08_proposed_order.pdf"]
    )


def test_the_declaration_names_run_policy_and_version_and_what_was_decided_by_hand(desk: Any, filed: Any) -> None:
    text = desk.text(filed["02_declaration.pdf"])
    for said in ("clearslate, version 9.9.9", "1 file with 1,234 rows", "policy named statute", "There are "):
        assert said in text
    assert "cd" * 32 in text.replace(" ", "")
    assert "objected to. The totals below are those after it." in text
    method = desk.text(filed["05_exhibit_c.pdf"])
    assert "when it is moonshine" in method
    assert "ab" * 32 in method.replace(" ", "")


def test_days_to_be_written_by_hand_are_left_open_and_the_rest_carries_the_day_given(desk: Any, filed: Any) -> None:
    assert "Dated: January 31, 2026" in desk.text(filed["01_notice_and_motion.pdf"])
    for name in ("02_declaration.pdf", "09_proof_of_service.pdf"):
        assert "Executed on ____" in desk.text(filed[name])
    assert "Dated: ____" in desk.text(filed["08_proposed_order.pdf"])
    for name in PAPERS:
        metadata = PdfReader(io.BytesIO(filed[name])).metadata
        assert metadata is not None
        assert str(metadata["/CreationDate"]) == "D:20260131000000Z"
