from __future__ import annotations

import io
import json
import re
from typing import Any

import pikepdf
import pytest

from clearslate.errors import InputError
from clearslate.filing.documents import Typesetter
from clearslate.filing.formmap import example_mappings, parse_form_mapping
from clearslate.filing.forms import Form
from clearslate.filing.meanings import Setting
from clearslate.filing.pdfform import BlankForm
from clearslate_il_cannabis.filings import IL_INDIVIDUAL
from clearslate_il_cannabis.form_data import FIELDS_JSON


def test_one_motion_is_made_for_each_person_and_county(desk: Any) -> None:
    """A31: convictions in Cook (2) and DuPage (1), all 4(c) before 2016."""
    entries = [desk.entry("ind_motion", person_id="P1", county=county) for county in ("COOK", "DUPAGE", "COOK")]
    taken, files = desk.file(IL_INDIVIDUAL, *entries, desk.entry("ind_motion", county="COOK"))
    assert taken["granted"] == 4
    index = desk.table(files["index.csv"])
    assert [(row["county"], row["person_id"], row["convictions"]) for row in index] == [
        ("COOK", "P1", "2"),
        ("DUPAGE", "P1", "1"),
        ("COOK", "P4", "1"),
    ]
    assert "CIRCUIT COURT DUPAGE COUNTY" in desk.text(files["packet_00002.pdf"])
    assert desk.totals(files)["motions"] == 3


def test_a_motion_has_the_items_of_the_form_and_leaves_the_rest_to_the_person(desk: Any) -> None:
    later = {"arrested": "2012-02-02", "committed": "2012-02-02", "disposed": "2012-06-01"}
    entries = [
        desk.entry("ind_motion", person_id="P1", names=("GALE,DOROTHY", "GALE,D"), case="2009-CM-1"),
        desk.entry("ind_motion", person_id="P1", case="2012-CF-2", offense_class="4", grade="felony", **later),
    ]
    _, files = desk.file(IL_INDIVIDUAL, *entries)
    text, notice, order = desk.papers(files["packet_00001.pdf"])
    for words in (
        "Name: GALE,DOROTHY Other names used: GALE,D Date of birth: 05/17/1980",
        "2009-CM-1; 2012-CF-2",
        "[X] a. a misdemeanor; [X] b. a Class 4 felony.",
        "[X] 2. I was convicted in each case before June 25, 2019.",
        "[ ] 3. In each case I have completed my sentence and its conditions. (By the dates in the record every",
        "1 2009-CM-1 EMERALD CITY PD Misdemeanor 03/01/2009",
        "2 2012-CF-2 EMERALD CITY PD Class 4 Felony 02/02/2012",
        "5a. Age now: 45 5b. Age at the last arrest listed: 31 5c. Time since the last conviction listed: 13 years",
        "Housing: to be filled in by the person.",
        "Other harm: to be filled in by the person.",
        "Signature of the person",
    ):
        assert words in text, words
    assert "Office of the State's Attorney, County of Oz, 1 Yellow Brick Road, Suite 4" in notice
    assert "60 days after the filing" in notice
    for words in (
        "GRANTED for all",
        "DENIED for all",
        "Within 60 days the clerk impounds",
        "(d)(9)(A)",
        "State Police of Oz",
    ):
        assert words in order, words
    assert desk.table(files["index.csv"])[0]["to_fill_in"] == "race; gender; item 3"


def test_what_the_record_does_not_settle_is_left_blank_and_named(desk: Any) -> None:
    entry = desk.entry(
        "ind_motion", born=None, case=(), agency=None, disposed=None, arrested=None, committed=None, sentence=(),
        grade=None, offense_class=None, statute="720 ILCS 550/4(c)", person={"race": "GREEN", "sex": "F"},
    )  # fmt: skip
    _, files = desk.file(IL_INDIVIDUAL, entry)
    (row,) = desk.table(files["index.csv"])
    assert row["to_fill_in"] == "date of birth; item 1; item 2; item 3; item 4; item 5a; item 5b; item 5c"
    text = desk.text(files["packet_00001.pdf"])
    assert "[ ] a. a misdemeanor; [ ] b. a Class 4 felony." in text
    assert "[ ] 2. I was convicted in each case before June 25, 2019. (The record does not settle it.)" in text
    assert "[X]" not in text
    assert "1 motion leaves more than item 3 to fill in" in desk.section(files, "NOTICED")


@pytest.mark.parametrize(("cases", "sheets"), [(1, 1), (18, 1), (19, 2), (36, 2), (37, 3)])
def test_a_motion_has_eighteen_cases_and_a_sheet_and_an_order_more_beyond_that(
    desk: Any, cases: int, sheets: int
) -> None:
    entries = [desk.entry("ind_motion", person_id="P1") for _ in range(cases)]
    _, files = desk.file(IL_INDIVIDUAL, *entries)
    motion, *rest = desk.papers(files["packet_00001.pdf"])
    more, (notice, *ordered) = rest[: sheets - 1], rest[sheets - 1 :]
    assert "NOTICE OF COURT DATE" in notice
    assert (len(more), len(ordered)) == (sheets - 1, sheets)
    assert desk.table(files["index.csv"])[0]["papers"] == str(2 * sheets + 1)
    numbers = [entry.decided.count.event.case_numbers[0] for entry in entries]
    printed = [f"2009-CM-{int(number[-6:])}" for number in numbers]
    listed = [motion.partition("4. I ask")[2], *more]
    for at in range(sheets):
        mine = printed[at * 18 : at * 18 + 18]
        for number in printed:
            found = re.search(rf"\b{number} ", listed[at]) is not None
            assert found == (number in mine) == (re.search(rf"\b{number} ", ordered[at]) is not None)
    data = json.loads(files[FIELDS_JSON])
    assert [one["form"] for one in data] == ["EXC-M 4702.2"] + ["EXC-AA 4706.2"] * (sheets - 1)


def test_no_packet_states_that_a_sentence_was_completed(desk: Any) -> None:
    """No record says whether conditions were met, so item 3 is left to the person, as on the office's own form."""
    done = desk.entry("ind_motion", disposed="1990-06-01", arrested="1990-01-01", committed="1990-01-01")
    unknown = desk.entry("ind_motion", sentence=())
    _, files = desk.file(IL_INDIVIDUAL, done, unknown)
    run_out, open_ = (desk.text(files[f"packet_0000{number}.pdf"]) for number in (1, 2))
    assert "[ ] 3." in run_out
    assert "By the dates in the record every sentence has run out." in run_out
    assert "[ ] 3." in open_
    assert "(The record does not settle it.)" in open_
    assert all("item 3" in row["to_fill_in"] for row in desk.table(files["index.csv"]))


def test_convictions_of_one_case_arrest_and_type_share_a_row(desk: Any) -> None:
    entries = [desk.entry("ind_motion", person_id="P1", case="2009-CM-5") for _ in range(3)]
    _, files = desk.file(IL_INDIVIDUAL, *entries)
    assert "1 2009-CM-5 (3 convictions) EMERALD CITY PD Misdemeanor" in desk.text(files["packet_00001.pdf"])
    (row,) = desk.table(files["index.csv"])
    assert (row["convictions"], row["cases"]) == ("3", "1")


def test_nobody_without_a_name_has_a_motion_and_the_summary_says_so(desk: Any) -> None:
    left_out = [
        desk.entry("ind_motion", names=()),
        desk.entry("ind_motion", names=("  ",), person_id="P1"),
        desk.entry("ind_motion", county=None),
        desk.entry("ind_motion", person={"deceased": True}),
    ]
    taken, files = desk.file(IL_INDIVIDUAL, *left_out, desk.entry("ind_motion"))
    assert taken["granted"] == 1
    assert desk.totals(files)["convictions without a motion"] == 4
    noticed = desk.section(files, "NOTICED")
    assert "No motion is written for 2 convictions of 1 person: the record has no name" in noticed
    assert "1 conviction of 1 person: the record does not say the county" in noticed
    assert "1 conviction of 1 person: the record says that the person has died" in noticed
    rows = desk.table(files["not_written.csv"])
    assert sum(int(row["convictions"]) for row in rows) == 4
    with pytest.raises(InputError, match=r"no motion can be written for the \[2\] convictions granted: the record has"):
        desk.file(IL_INDIVIDUAL, *left_out[:2], manifest={})


def test_the_data_of_the_form_has_the_form_s_own_names(desk: Any) -> None:
    entries = [desk.entry("ind_motion", person_id="P1", case=f"2009-CM-{n}") for n in (1, 2)]
    _, files = desk.file(IL_INDIVIDUAL, *entries)
    (one,) = json.loads(files[FIELDS_JSON])
    mapping = parse_form_mapping(example_mappings()["il_exc_m.toml"], "il_exc_m.toml").file
    known = {*dict(mapping.texts()), *dict(mapping.states())}
    assert set(one["fields"]) - {"Case Number1", "Case Number2"} <= known
    assert not any(name.startswith("3 - ") for name in one["fields"])
    assert one["fields"]["4 - Case Number2"] == "2009-CM-2"
    assert one["fields"]["4 - Misdemeanor/Class 4 Felony Checkboxes1"] == "Misdemeanor"
    assert (one["items"]["name"], one["items"]["item_5a"]) == ("GALE,DOROTHY", "45")
    table = desk.table(files["fields.csv"])
    assert {row["field"]: row["value"] for row in table if row["kind"] == "field"} == one["fields"]


def blank_form(texts: list[str], boxes: dict[str, set[str]]) -> bytes:
    """A form with these fields, one below the other."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 3000))
    fields = []
    for at, name in enumerate([*texts, *boxes]):
        place = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Widget, "T": name, "F": 4}
        place["Rect"] = pikepdf.Array([20, 20 + 30 * at, 420, 40 + 30 * at])
        if name in boxes:
            stream = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
            place |= {"FT": pikepdf.Name.Btn, "AS": pikepdf.Name.Off, "V": pikepdf.Name.Off}
            states = {f"/{state}": stream for state in sorted(boxes[name])}
            place["AP"] = pikepdf.Dictionary(N=pikepdf.Dictionary({**states, "/Off": stream}))
        else:
            place |= {"FT": pikepdf.Name.Tx, "DA": "/Helv 10 Tf 0 g"}
        fields.append(pdf.make_indirect(pikepdf.Dictionary({f"/{key}": value for key, value in place.items()})))
    page["/Annots"] = pikepdf.Array(fields)
    pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=pikepdf.Array(fields))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_the_office_s_own_form_is_filled_from_the_same_rows(desk: Any) -> None:
    entries = [desk.entry("ind_motion", person_id="P1", county="QUADLING") for _ in range(20)]
    entries.append(desk.entry("ind_motion", names=()))
    (sheet,) = IL_INDIVIDUAL.form_sheets(entries, Setting(desk.office, desk.packet().reform, desk.made_on))
    assert len(sheet.entries) == 20
    mapping = parse_form_mapping(example_mappings()["il_exc_m.toml"], "il_exc_m.toml")
    states = {name: {state.on for state in states} for name, states in mapping.file.states()}
    data = blank_form([name for name, _ in mapping.file.texts()], states)
    filled = Form(BlankForm(data, "form.pdf"), mapping, Typesetter(desk.made_on)).fill(sheet)
    text = desk.text(filled.data)
    assert "QUADLING" in text
    assert "2009-CM-000018" in text
    assert filled.rows_attached == 2


def test_a_form_is_of_one_person_and_county_with_a_row_for_each_case(desk: Any) -> None:
    entries = [
        desk.entry("ind_motion", person_id="P1", case="2009-CM-5"),
        desk.entry("ind_motion", person_id="P1", county="QUADLING"),
        desk.entry("ind_motion", person_id="P1", case="2009-CM-5"),
        desk.entry("sa_motion", person_id="P1"),
        desk.entry("ind_motion", person_id="P1", word=desk.objection("ind_motion")),
        desk.entry("ind_motion", names=()),
        desk.entry("ind_motion", county=None),
        desk.entry("ind_motion", person={"deceased": True}),
        desk.entry("ind_motion", person_id="P2"),
    ]
    orders = desk.ordered(entries[:1], "2026-02-02")
    given = Setting(desk.office, desk.packet().reform, desk.made_on, orders=orders)
    sheets = IL_INDIVIDUAL.form_sheets(entries, given)
    found = [[one.decided.count.place.row for one in sheet.entries] for sheet in sheets]
    assert found == [[1], [2], [9]]
    assert [sheet.setting.office.court.county for sheet in sheets] == ["OZ", "QUADLING", "OZ"]
    assert all(sheet.setting.relief == "ind_motion" for sheet in sheets)
    assert sheets[0].setting.orders == orders
    with pytest.raises(InputError, match="the run gives no conviction"):
        IL_INDIVIDUAL.form_sheets(entries[3:5], given)
    with pytest.raises(InputError, match=r"no motion can be written for the \[3\] convictions granted: the record has"):
        IL_INDIVIDUAL.form_sheets(entries[5:8], given)


def test_the_agencies_are_due_by_the_day_of_an_order_that_all_packets_share(desk: Any) -> None:
    entries = [desk.entry("ind_motion"), desk.entry("ind_motion")]
    _, files = desk.file(IL_INDIVIDUAL, *entries, orders=desk.ordered(entries, "2026-02-02"))
    assert "April 3, 2026 (60 days after the order)" in desk.section(files, "DUE")
    _, files = desk.file(IL_INDIVIDUAL, *entries, orders=desk.ordered(entries[:1], "2026-02-02"))
    assert "April" not in desk.section(files, "DUE")
