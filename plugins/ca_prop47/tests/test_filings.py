from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.office import example_office, parse_office
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.staging import Staging
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.testing.factories import make_count, make_person
from clearslate_ca_prop47.filings import CA_FORM_DATA, CA_SINGLE, FILINGS, LAST_DAY
from clearslate_ca_prop47.plugin import CA_PROP47

RELIEFS = [relief.id for relief in CA_PROP47.about.reliefs]


def entry(row: int, relief: str, case: str = "OZ-1", sentence: Iterable[str] = ("30 day JAIL",)) -> Entry:
    made = make_count("HS 11350(a)", place=Place(0, row, row + 1), key=f"{row:012d}", sentence=sentence)
    event = msgspec.structs.replace(made.event, key=f"{row}/1", agency="CASC EMERALD CITY", case_numbers=(case,))
    whose = make_person(msgspec.structs.replace(made, event=event), person_id="P1", names=("GALE,DOROTHY",))
    decision = Decision(Outcome.ELIGIBLE, relief)
    got = Determination(decision, "a_rule", "The law says so.", ("PC 1170.18(f)",), (), (), (), ())
    return Entry(Decided(whose, whose.counts[0], got), "oz.dat", {})


def filed(
    filing: Filing, entries: Iterable[Entry], place: Path, made_on: dt.date = dt.date(2026, 1, 31)
) -> tuple[Mapping[str, int], dict[str, bytes]]:
    packet = Packet(
        entries=list(entries),
        office=parse_office(example_office()),
        reform=CA_PROP47.about,
        policy=CA_PROP47.bind(CA_PROP47.find("statute")),
        policy_page="statute",
        manifest={},
        digest="0" * 64,
        as_of=made_on,
        made_on=made_on,
    )
    out = place / f"out{len(list(place.iterdir()))}"
    with Staging(out) as staging:
        taken = filing.write(packet, staging.open())
        staging.release()
    return taken, {path.name: path.read_bytes() for path in out.iterdir()}


def text(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\xa0", " ")


def test_there_is_no_bulk_motion_because_the_person_applies() -> None:
    assert [filing.id for filing in FILINGS] == ["ca_single", "ca_form_data"]
    assert all(isinstance(filing, Filing) and filing.title for filing in FILINGS)


@pytest.mark.parametrize("relief", RELIEFS)
def test_every_paper_says_that_firearms_stay_prohibited_and_seals_nothing(relief: str, tmp_path: Path) -> None:
    _, files = filed(CA_SINGLE, [entry(1, relief)], tmp_path)
    said = text(files["application_00001.pdf"])
    assert "FIREARMS:" in said
    assert "firearms stay prohibited (subd. (k))" in said.split(" ORDER 1. ")[1]
    assert "Nothing is dismissed, and no record is sealed." in said
    assert "11361" not in said


def test_a_completed_sentence_is_an_application_and_one_still_served_a_petition(tmp_path: Path) -> None:
    entries = [entry(1, "redesignate_misdemeanor"), entry(2, "resentence")]
    taken, files = filed(CA_SINGLE, entries, tmp_path)
    assert taken["granted"] == 2
    application, petition = text(files["application_00001.pdf"]), text(files["application_00002.pdf"])
    assert "APPLICATION TO DESIGNATE AS A MISDEMEANOR, AND ORDER (Pen. Code, § 1170.18, subd. (f))" in application
    assert "PETITION TO RECALL AND RESENTENCE, AND ORDER (Pen. Code, § 1170.18, subd. (a))" in petition
    assert "was being served on November 5, 2014" in petition
    assert "No unreasonable risk of danger to public safety is found (subd. (b))" in petition
    assert "risk" not in application
    for said in (application, petition):
        assert "section 290, subdivision (c) (subd. (i))" in said
        assert "The People do not oppose this" in said
        assert "I declare under penalty of perjury" in said


@pytest.mark.parametrize("relief", RELIEFS)
def test_the_paper_is_the_person_s_own_and_names_no_attorney_of_the_office(relief: str, tmp_path: Path) -> None:
    _, files = filed(CA_SINGLE, [entry(1, relief)], tmp_path)
    said = text(files["application_00001.pdf"])
    attorney = parse_office(example_office()).attorney
    for printed in (attorney.name, attorney.agency, attorney.bar_number, attorney.email, attorney.attorney_for):
        assert printed not in said
    assert "Party without attorney, or attorney for" in said
    assert "Name: ____" in said


@pytest.mark.parametrize(
    ("sentences", "shown"),
    [([["30 day JAIL"]], True), ([["30 day JAIL"], ["20 year PRISON"]], False), ([[]], False)],
)
def test_that_a_sentence_is_completed_is_preprinted_under_perjury_only_where_the_record_shows_it(
    sentences: list[list[str]], shown: bool, tmp_path: Path
) -> None:
    entries = [entry(row, "redesignate_misdemeanor", sentence=one) for row, one in enumerate(sentences)]
    _, files = filed(CA_SINGLE, entries, tmp_path)
    said = text(files["application_00001.pdf"])
    assert ("2. The sentence is completed" in said.replace("2.The", "2. The")) == shown
    assert ("____ The sentence is completed" in said) == (not shown)
    assert "____ The applicant has no conviction, here or in another state" in said
    assert "with what I marked, is true and correct" in said


def test_that_a_sentence_is_served_still_is_marked_by_the_person(tmp_path: Path) -> None:
    _, files = filed(CA_SINGLE, [entry(1, "resentence", sentence=["20 year PRISON"])], tmp_path)
    assert "____ The sentence was being served on November 5, 2014" in text(files["application_00001.pdf"])


@pytest.mark.parametrize(("days", "asked"), [(-1, False), (0, False), (1, True)])
def test_good_cause_is_asked_for_after_the_last_day(days: int, asked: bool, tmp_path: Path) -> None:
    made_on = LAST_DAY + dt.timedelta(days=days)
    _, files = filed(CA_SINGLE, [entry(1, "redesignate_misdemeanor")], tmp_path, made_on)
    assert (
        "Good cause for applying after November 4, 2022 (subd. (j)): ____" in text(files["application_00001.pdf"])
    ) == (asked)


@pytest.mark.parametrize("relief", RELIEFS)
def test_a_case_of_three_convictions_stays_on_one_page(relief: str, tmp_path: Path) -> None:
    _, files = filed(CA_SINGLE, [entry(row, relief) for row in range(3)], tmp_path)
    assert len(PdfReader(io.BytesIO(files["application_00001.pdf"])).pages) == 1


def test_what_is_a_misdemeanor_afterwards_has_data_for_a_later_dismissal(tmp_path: Path) -> None:
    taken, files = filed(CA_FORM_DATA, [entry(1, "redesignate_misdemeanor")], tmp_path)
    (record,) = json.loads(files["form_data.json"])["records"]
    assert taken["granted"] == 1
    assert CA_FORM_DATA.state is None
    assert not any(name.startswith("attorney") for name in record["fields"])
    assert (record["form"], record["offenses"][0]["new_grade"]) == ("CR-180", "misdemeanor")
