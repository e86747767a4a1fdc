from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from clearslate.errors import InputError
from clearslate_il_cannabis.filings import IL_SA_MOTION


def test_the_motion_has_caption_authority_factors_and_prayer(desk: Any) -> None:
    entries = [desk.entry("sa_motion"), desk.entry("sa_motion", person_id="P1"), desk.entry("sa_motion")]
    _, files = desk.file(IL_SA_MOTION, *entries)
    text = desk.text(files["01_motion.pdf"])
    for words in (
        "CIRCUIT COURT OF OZ COUNTY, ILLINOIS",
        "IN RE: the 3 convictions under 720 ILCS 550/4 and 550/5 of 2 people named in the Schedule",
        "STATE'S ATTORNEY'S MOTION TO VACATE AND EXPUNGE",
        "20 ILCS 2630/5.2(i)(4) and (i)(5)",
        "(lines 1 to 3)",
        "version 9.9",
        "ab" * 8,
        "vacate (3 convictions): A conviction of Section 4.",
        "What reasons law enforcement has to keep the records. The record does not say.",
        "For the State's Attorney to state:",
        "(a) Vacate the finding of guilt, the sentence and the judgment",
        "(d)(8) and (d)(9)(A)",
        "Glinda Quadling, Assistant State's Attorney",
    ):
        assert words in text, words


def test_a_line_of_the_schedule_says_all_that_the_court_is_told(desk: Any) -> None:
    entry = desk.entry(
        "sa_motion",
        names=("GALE,DOROTHY", "GALE,D"),
        flags=("SENTENCE_NOT_COMPLETE", "PRB_VIOLENCE_READING_DIFFERS", "NOT_REPORTED_TO_ISP"),
        cells={"fgrprntno": "77", "DCN": "P129393", "ctlbkngno": "00000", "statepoliceid": "30000001"},
        case="2009CM117",
    )
    _, files = desk.file(IL_SA_MOTION, entry)
    text = desk.text(files["02_schedule.pdf"])
    for words in (
        "GALE,DOROTHY also GALE,D born 05/17/1980 SID 30000001 IR 77",
        "case 2009-CM-117 agency EMERALD CITY PD arrested 03/01/2009 DCN P129393",
        "committed 03/01/2009 charged 720 ILCS 550/4(c) convicted of 720 ILCS 550/4(c) class Class A misdemeanor",
        "amount over 10 to 30 grams, by 720 ILCS 550/4(c) before 29 July 2016",
        "convicted: conditional discharge on 06/01/2010 sentence CONDITIONAL DISCHARGE, 12 months ends 06/01/2011",
        "age now 45 at the offense 28 since conviction 15 years",
        "rule vacate check no other conviction in the case; no violent crime in the arrest or case",
        "noted the sentence is not complete; a violent crime was charged with it and led to no conviction",
    ):
        assert words in text, words
    assert "not reported" not in text
    (row,) = desk.table(files["schedule.csv"])
    wanted = {
        "line": "1", "sid": "30000001", "ir": "77", "dcn": "P129393", "cb": "", "case_number": "2009-CM-117",
        "case_number_printed": "2009CM117", "arrested_on": "2009-03-01", "class": "Class A misdemeanor",
        "sentence_end": "06/01/2011", "age_now": "45", "rule": "vacate", "reason": "A conviction of Section 4.",
        "flags": "SENTENCE_NOT_COMPLETE; PRB_VIOLENCE_READING_DIFFERS; NOT_REPORTED_TO_ISP", "count": "000001",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    motion = desk.text(files["01_motion.pdf"])
    assert "the sentence is not complete 1" in motion
    assert "Subsection (i)(4) names no condition that a sentence be complete" in motion
    assert "whose sentence is not complete" in desk.section(files, "NOTICED")


def test_the_public_s_schedule_tells_nobody_s_name_birth_age_or_number(desk: Any) -> None:
    cells = {"fgrprntno": "7700077", "dcn": "P129393", "ctlbkngno": "8800088", "st_address": "1 YELLOW BRICK ROAD"}
    entries = [
        desk.entry("sa_motion", names=("GALE,DOROTHY ANN", "SMITH,DOT"), cells=cells, case="2009CM117"),
        desk.entry("sa_motion", names=("王,小明",)),
        desk.entry("sa_motion", names=("--,1",)),
    ]
    _, files = desk.file(IL_SA_MOTION, *entries)
    data = files["02_schedule_public.pdf"]
    text = desk.text(data)
    assert "1 D. A. G. 2009-CM-117 720 ILCS 550/4(c) Class A misdemeanor 06/01/2010" in text
    assert "name withheld" in text
    told = ("GALE", "DOROTHY", "SMITH", "1980", "30000001", "7700077", "P129393", "8800088", "YELLOW", "03/01/2009")
    assert not [word for word in told if word in text]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ({"facts": {"grams": 12.5}}, "12.5 grams, as the record states"),
        ({"facts": {"grams": 12}, "said_by": {"grams": "G. Quadling"}}, "12 grams, as G. Quadling states"),
        ({"committed": None, "arrested": "2017-01-01", "disposed": "2017-06-01"}, "over 10 to 100 grams, by what"),
        ({"statute": "720 ILCS 550/4", "offense_class": "C"}, "up to 2.5 grams, by 720 ILCS 550/4(a) before"),
        ({"statute": None}, "amount not known"),
        ({"statute": "720 ILCS 550/4(d)", "offense_class": None, "grade": None}, "Class 3 felony or Class 4 felony"),
    ],
)
def test_the_amount_says_on_what_it_rests(desk: Any, count: Any, words: str) -> None:
    _, files = desk.file(IL_SA_MOTION, desk.entry("sa_motion", **count))
    assert words in desk.text(files["02_schedule.pdf"])


def test_each_office_has_its_order_with_the_directions_of_the_statute(desk: Any) -> None:
    entries = [
        desk.entry("sa_motion", flags=("NOT_REPORTED_TO_ISP",)),
        desk.entry("sa_motion", agency="emerald  city pd"),
        desk.entry("sa_motion", agency="WINKIE PD"),
        desk.entry("sa_motion", agency=None),
    ]
    _, files = desk.file(IL_SA_MOTION, *entries)
    whole = desk.text(files["03_proposed_order.pdf"])
    for words in (
        "finding of guilt, the sentence and the judgment are vacated, and further proceedings are dismissed",
        "Within 60 days of this order each agency that made an arrest listed in the Schedule expunges",
        "Within 60 days of this order the State Police of Oz expunges",
        "Within 60 days of this order the clerk impounds",
        "(d)(8)",
        "(d)(9)(A)",
        "return its records",
        "Prisoner Review Board of this order within 30 days",
    ):
        assert words in whole, words
    index = desk.table(files["agencies.csv"])
    assert [(row["agency"], row["in_table"], row["convictions"]) for row in index] == [
        ("Emerald City Police Department, Records", "yes", "2"),
        ("WINKIE PD", "no", "1"),
        ("not in the record", "no", "1"),
    ]
    first, _, last = (desk.text(files[row["order"]]) for row in index)
    assert "Emerald City Police Department, Records, 4 Yellow Brick Road, Emerald City, OZ 00001" in first
    assert first.count("GALE,DOROTHY") == 2
    assert "This order is to the agency ______" in last
    assert [row["line"] for row in desk.table(files[index[2]["list"]])] == ["4"]
    police = desk.text(files["05_order_state_police.pdf"])
    assert "1 line of the Schedule is of Class C misdemeanors, which are not reported" in police
    assert "impounds the court's files of the cases listed, 4 lines" in desk.text(files["06_order_clerk.pdf"])
    noticed = desk.section(files, "NOTICED")
    assert "Agency [WINKIE PD] is not in the office file" in noticed
    assert "1 conviction without an arresting agency (not in the record)" in noticed


def test_a_list_too_long_for_an_order_stands_beside_it(desk: Any) -> None:
    _, files = desk.file(IL_SA_MOTION, *(desk.entry("sa_motion") for _ in range(201)))
    order, listed = desk.table(files["agencies.csv"])[0]["order"].split("; ")
    assert "the list lodged with this order" in desk.text(files[order])
    assert "GALE,DOROTHY" not in desk.text(files[order])
    assert desk.text(files[listed]).count("GALE,DOROTHY") == 201


def test_the_lists_after_the_order_say_when_they_are_due(desk: Any) -> None:
    cells = {"st_address": "1 Yellow Brick Road", "city_state": "EMERALD CITY OZ", "zipcode": "00001"}
    entries = [desk.entry("sa_motion", "prb_pardon", cells=cells), desk.entry("sa_motion")]
    _, files = desk.file(IL_SA_MOTION, *entries)
    assert "due 30 days after the order" in desk.text(files["07_notice_board.pdf"])
    assert [row["pardon_route"] for row in desk.table(files["prisoner_review_board.csv"])] == [
        "eligible",
        "not eligible",
    ]
    clerk = desk.text(files["08_notice_clerk.pdf"])
    assert "1 Yellow Brick Road EMERALD CITY OZ 00001" in clerk
    assert "address not in the record" in clerk
    assert (
        desk.table(files["clerk_notices.csv"])[0]["last_known_address"] == "1 Yellow Brick Road; EMERALD CITY OZ; 00001"
    )
    _, files = desk.file(IL_SA_MOTION, *entries, orders=desk.ordered(entries, "2026-02-02"))
    assert "by March 4, 2026 (30 days after the order)" in desk.text(files["07_notice_board.pdf"])
    assert {row["due"] for row in desk.table(files["prisoner_review_board.csv"])} == {
        "by March 4, 2026 (30 days after the order)"
    }
    assert "(by 04/03/2026)" in desk.text(files["03_proposed_order.pdf"])
    assert "April 3, 2026 (60 days after the order)" in desk.section(files, "DUE")


def test_a_conviction_of_another_county_is_in_no_motion_and_is_listed(desk: Any) -> None:
    entries = [
        desk.entry("sa_motion"),
        desk.entry("sa_motion", county="QUADLING"),
        desk.entry("sa_motion", county=None),
    ]
    taken, files = desk.file(IL_SA_MOTION, *entries)
    assert taken["granted"] == 1
    assert [(row["source_row"], row["why"]) for row in desk.table(files["not_in_motion.csv"])] == [
        ("2", "of another county than the court's"),
        ("3", "the county is not in the record"),
    ]
    assert desk.totals(files)["granted and not in the motion"] == 2
    with pytest.raises(InputError, match=r"no conviction of \[Oz\]"):
        desk.file(IL_SA_MOTION, *entries[1:], manifest={})


def test_a_conviction_without_a_name_or_a_case_number_is_in_no_schedule_and_no_order(desk: Any) -> None:
    """The exports of the State's Attorney have neither; a clerk finds no file by them, and an agency nobody."""
    export = {"CASE_PARTICIPANT_ID": "175000000001"}
    entries = [
        desk.entry("sa_motion", names=("GALE,DOROTHY",)),
        desk.entry("sa_motion", names=()),
        desk.entry("sa_motion", names=("DIGGS,OSCAR",), case=()),
        desk.entry("sa_motion", names=(" ",), cells=export, case="149000000001"),
        desk.entry("sa_motion", names=(), county="QUADLING"),
    ]
    taken, files = desk.file(IL_SA_MOTION, *entries)
    assert taken["granted"] == 1
    assert [
        (row["source_row"], row["case_number_printed"], row["why"]) for row in desk.table(files["not_in_motion.csv"])
    ] == [
        ("2", "2009-CM-000002", "no name in the record"),
        ("3", "", "no case number in the record"),
        ("4", "149000000001", "no name in the record; no case number in the record"),
        ("5", "2009-CM-000005", "of another county than the court's; no name in the record"),
    ]
    totals = desk.totals(files)
    why = {name: count for name, count in totals.items() if name.startswith("not in the motion, ")}
    assert len(why) == 4
    assert totals["granted"] == 5 == totals["convictions in the motion"] + sum(why.values())
    assert totals["granted and not in the motion"] == sum(why.values())
    assert "1 conviction granted, and in no motion: no name in the record. They" in desk.section(files, "NOTICED")
    for name, data in files.items():
        text = desk.text(data) if name.endswith(".pdf") else data.decode("utf-8")
        assert "DIGGS" not in text, name
        assert "name not in the record" not in text, name
    said = r"the \[3\] convictions of \[Oz\]: \[2\] have no name in the record, \[2\] have no case number in the record"
    with pytest.raises(InputError, match=said):
        desk.file(IL_SA_MOTION, *entries[1:], manifest={})


def test_the_motion_says_that_people_s_answers_were_used(desk: Any) -> None:
    entries = [desk.entry("sa_motion")]
    ledger = {"charges_decided": 1, "rows_rejected": 3, "counts_without_disposition": 1}
    silent = "A fact that a record does not state was not taken for stated."
    _, files = desk.file(IL_SA_MOTION, *entries, manifest={"ledger": ledger})
    text = desk.text(files["01_motion.pdf"])
    assert silent in text
    assert "answer" not in text
    assert "Not decided: 3 rows that could not be used, and 1 charge that the Act may concern" in text
    manifest = {
        "ledger": {**ledger, "facts": {"given": 5, "used": 2, "unused": 3}},
        "facts": {"name": "GALE.csv", "sha256": "cd" * 32},
    }
    _, files = desk.file(IL_SA_MOTION, *entries, manifest=manifest)
    text = desk.text(files["01_motion.pdf"])
    assert silent not in text
    assert "the office took what people answered: 5 answers given, 2 of them used" in text
    assert "cd" * 32 in text.replace(" ", "")
    assert "A fact that neither a record nor an answer states was not taken for stated." in text
    assert "GALE.csv" not in text
    assert "was given 5 answers where the records are silent, and used 2" in desk.section(files, "NOTICED")


def test_a_day_is_due_where_one_order_is_on_every_conviction_of_the_motion(desk: Any) -> None:
    entries = [desk.entry("sa_motion"), desk.entry("sa_motion"), desk.entry("prb_pardon")]
    for orders in (
        desk.ordered([], "2026-02-02"),
        desk.ordered(entries[:1], "2026-02-02"),
        desk.ordered(entries[:1], "2026-02-02") | desk.ordered(entries[1:2], "2026-02-03"),
    ):
        _, files = desk.file(IL_SA_MOTION, *entries, orders=orders)
        assert ": 60 days after the order" in desk.section(files, "DUE")
        assert "(by " not in desk.text(files["03_proposed_order.pdf"])
    _, files = desk.file(IL_SA_MOTION, *entries, orders=desk.ordered(entries[:2], "2026-02-02"))
    assert "April 3, 2026 (60 days after the order)" in desk.section(files, "DUE")


def test_the_rules_stand_on_the_page_of_the_words_that_lead_to_them(desk: Any) -> None:
    for size in range(0, 240, 12):
        # Words before them move them down the page, across its end.
        _, files = desk.file(IL_SA_MOTION, desk.entry("sa_motion"), digest="ab " * size)
        for page in desk.page_texts(files["01_motion.pdf"]):
            assert ("The rules by which the convictions" in page) == ("vacate (1 conviction)" in page), size


def test_what_is_strange_about_case_numbers_is_told(desk: Any) -> None:
    entries = [
        desk.entry("sa_motion", case="2007CR1475501"),
        desk.entry("sa_motion", case="LOLLIPOP 7"),
    ]
    _, files = desk.file(IL_SA_MOTION, *entries)
    text = desk.text(files["02_schedule.pdf"])
    assert "case LOLLIPOP 7" in text
    noticed = desk.section(files, "NOTICED")
    assert "1 conviction with a case number in no form that is known" in noticed
    assert "1 conviction with a case number of a form that only another county uses" in noticed


def test_what_an_attorney_wrote_is_on_no_paper(desk: Any) -> None:
    entries = [
        desk.entry("sa_motion", outcome="review", word=desk.settled("sa_motion")),
        desk.entry("sa_motion", "prb_pardon", word=desk.objection("prb_pardon")),
    ]
    _, files = desk.file(IL_SA_MOTION, *entries)
    for name, data in files.items():
        text = desk.text(data) if name.endswith(".pdf") else data.decode("utf-8")
        assert not [word for word in ("Looked up", "A gun was found", "G. Quadling") if word in text], name
    schedule = desk.text(files["02_schedule.pdf"])
    assert "rule attorney_settled" in schedule
    assert "objected" not in schedule
    assert "an attorney's own decision (1 conviction), with its ground on file" in desk.text(files["01_motion.pdf"])
