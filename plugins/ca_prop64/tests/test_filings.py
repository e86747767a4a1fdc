from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clearslate.assess.run import RunRequest, run
from clearslate.assess.words import Said, Words
from clearslate.filing.entry import Entry, Word
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.office import example_office, parse_office
from clearslate.ingest.reader import Block
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.staging import Folder, Staging
from clearslate.output.writer import RunContext
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.policy.word import Kind, with_word
from clearslate.testing.factories import make_count, make_person
from clearslate_ca_prop64.filings import CA_BULK, CA_FORM_DATA, CA_SINGLE, FILINGS
from clearslate_ca_prop64.plugin import CA_PROP64
from clearslate_california.doj import CA_DOJ
from clearslate_california.filing.schedule import is_reopened

RELIEFS = {relief.id: relief.title for relief in CA_PROP64.about.reliefs}
STATUTE = CA_PROP64.bind(CA_PROP64.find("statute"))


def entry(
    row: int,
    outcome: str = "eligible",
    relief: str = "dismiss_and_seal",
    *,
    statute: str = "HS 11357(b)",
    flags: tuple[str, ...] = (),
    person_id: str = "P1",
    case: str = "OZ-1",
    word: Word | None = None,
    sentence: Iterable[str] = ("30 day JAIL",),
    **person: Any,
) -> Entry:
    made = make_count(statute, place=Place(0, row, row + 1), key=f"{row:012d}", county="OZ", sentence=sentence)
    event = msgspec.structs.replace(made.event, key=f"{row}/1", agency="CASC EMERALD CITY", case_numbers=(case,))
    fields = {"names": ("GALE,DOROTHY",), "identifiers": ("Q1",), **person}
    whose = make_person(msgspec.structs.replace(made, event=event), person_id=person_id, **fields)
    decision = Decision(Outcome(outcome), relief if outcome == "eligible" else None)
    got = Determination(decision, "a_rule", "The law says so.", ("HS 11361.8(e)",), (), (), flags, ())
    if word is not None:
        got = with_word(STATUTE, got, word)
    return Entry(Decided(whose, whose.counts[0], got), "oz.dat", {})


def packet(entries: Iterable[Entry], policy: str = "statute") -> Packet:
    return Packet(
        entries=list(entries),
        office=parse_office(example_office()),
        reform=CA_PROP64.about,
        policy=CA_PROP64.bind(CA_PROP64.find(policy)),
        policy_page="statute",
        manifest={"versions": {"clearslate": "1"}, "inputs": []},
        digest="0" * 64,
        as_of=dt.date(2026, 1, 2),
        made_on=dt.date(2026, 1, 31),
    )


def filed(filing: Filing, given_packet: Packet, place: Path) -> tuple[Mapping[str, int], dict[str, bytes]]:
    out = place / f"out{len(list(place.iterdir()))}"
    with Staging(out) as staging:
        taken = filing.write(given_packet, staging.open())
        staging.release()
    return taken, {path.name: path.read_bytes() for path in out.iterdir()}


def text(data: bytes) -> str:
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\xa0", " ")


def test_every_filing_has_an_id_of_its_own_and_a_title() -> None:
    assert [filing.id for filing in FILINGS] == ["ca_bulk", "ca_single", "ca_form_data"]
    assert all(isinstance(filing, Filing) and filing.title for filing in FILINGS)


def test_the_order_says_what_becomes_of_every_relief_of_the_reform() -> None:
    assert set(CA_BULK.wording.ordered) == set(RELIEFS)


def test_only_what_is_dismissed_is_sealed_and_nothing_is_said_to_be_restored(tmp_path: Path) -> None:
    for relief in RELIEFS:
        _, files = filed(CA_SINGLE, packet([entry(1, relief=relief)]), tmp_path)
        said = text(files["motion_00001.pdf"])
        assert ("sealed" in said) == (relief == "dismiss_and_seal")
        assert "11361.9" in said
        assert "restore" not in said.lower()
        assert RELIEFS[relief] in said


def test_the_memorandum_cites_the_law_and_asks_no_danger_of_a_completed_sentence(tmp_path: Path) -> None:
    _, files = filed(CA_BULK, packet([entry(1)]), tmp_path)
    said = text(files["01_notice_and_motion.pdf"])
    for citation in ("§ 11361.8, subd. (e)", "subd. (f)", "11361.9", "Stats. 2018, ch. 993", "Stats. 2022, ch. 387"):
        assert citation in said
    assert "clear and convincing evidence" in said
    assert "No question of danger is asked where the sentence is completed" in said
    assert "In the matter of convictions under Health and Safety Code sections" in said


def test_a_policy_of_the_office_and_charges_of_other_sections_are_told_to_the_court(tmp_path: Path) -> None:
    _, files = filed(CA_BULK, packet([entry(1)]), tmp_path)
    said = text(files["01_notice_and_motion.pdf"])
    assert "is one of the office" not in said
    assert "a section other than" not in said
    entries = [entry(1), entry(2, statute="HS 11364"), entry(3, statute="PC 11357")]
    _, files = filed(CA_BULK, packet(entries, "dismiss_all_and_related"), tmp_path)
    said = text(files["01_notice_and_motion.pdf"])
    assert "The policy applied here is one of the office." in said
    assert "2 convictions of Exhibit A are of a section other than 11357 to 11360, and granted" in said


def test_amounts_not_stated_and_records_that_should_be_gone_are_declared(tmp_path: Path) -> None:
    entries = [
        entry(1, flags=("AMOUNT_UNKNOWN",), relief="redesignate_misdemeanor"),
        entry(2, flags=("AMOUNT_UNKNOWN", "SHOULD_BE_DESTROYED")),
        entry(3, "review", flags=("AMOUNT_UNKNOWN",)),
    ]
    _, files = filed(CA_BULK, packet(entries), tmp_path)
    said = text(files["02_declaration.pdf"])
    assert "For 1 conviction of Exhibit A the record does not state an amount" in said
    assert "1 line of Exhibit A is of a kind" in said
    assert "§ 11361.5" in said


@pytest.mark.parametrize(("policy", "said"), [("statute", False), ("dismiss_all_and_related", True)])
def test_a_sentence_that_a_policy_does_not_ask_for_is_declared(policy: str, said: bool, tmp_path: Path) -> None:
    word = Word("settle", Outcome.ELIGIBLE, "dismiss_and_seal", "So it is.", "G. Quadling", dt.date(2026, 1, 5))
    entries = [entry(1), entry(2, sentence=["20 year PRISON"])]
    for given_entries, expected in ((entries, said), ([*entries, entry(3, "review", word=word, sentence=[])], True)):
        _, files = filed(CA_BULK, packet(given_entries, policy), tmp_path)
        declared = text(files["02_declaration.pdf"])
        assert ("the record does not show that the sentence is completed" in declared) == expected
    assert f"For {1 + said} conviction{'s' if said else ''} of Exhibit A the record does not show" in declared


def test_a_sentence_that_only_an_answer_says_is_completed_is_declared(tmp_path: Path) -> None:
    given_packet = packet([entry(1), entry(2, sentence=[])])
    answered = replace(given_packet, manifest={"facts": {"name": "answers.csv", "sha256": "fa"}})
    for one, expected in ((given_packet, False), (answered, True)):
        _, files = filed(CA_BULK, one, tmp_path)
        declared = text(files["02_declaration.pdf"])
        said = "For 1 conviction of Exhibit A the record does not show that the sentence is completed" in declared
        assert said == ("an attorney, or an answer, gives relief all the same" in declared) == expected


def test_what_an_attorney_must_check_is_beside_the_papers_and_not_in_them(tmp_path: Path) -> None:
    _, files = filed(CA_BULK, packet([entry(1)]), tmp_path)
    checks = files["read_first.txt"].decode()
    for said in ("subdivision letters", "July 1, 2020 and March 1, 2023", "2.550 and 2.551", "13151"):
        assert said in checks
    for name, data in files.items():
        if name.endswith(".pdf"):
            assert "Whether this court" not in text(data)


@given(drawn=st.lists(st.tuples(st.sampled_from(["eligible", "review", "ineligible"]), st.sampled_from(sorted(RELIEFS)),
                                st.booleans(), st.integers(1, 4)), min_size=1, max_size=25))  # fmt: skip
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_by_relief_are_the_same_in_motion_declaration_exhibit_and_order(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, bool, int]]
) -> None:
    word = Word("object", None, None, "No.", "G. Quadling", dt.date(2026, 1, 5))
    entries = [entry(0, relief="dismiss_and_seal")]
    for row, (outcome, relief, objected, who) in enumerate(drawn, 1):
        said = word if objected and outcome == "eligible" else None
        entries.append(entry(row, outcome, relief, person_id=f"P{who}", case=f"OZ-{who}", word=said))
    given_packet, place = packet(entries), tmp_path_factory.mktemp("out")
    taken, files = filed(CA_BULK, given_packet, place)
    granted = [one for one in entries if one.standing.value == "granted"]
    totals = {id: sum(one.reliefs == (id,) for one in granted) for id in RELIEFS}
    assert taken["granted"] == len(granted)
    assert sum(taken.values()) == len(entries)
    for name in ("01_notice_and_motion.pdf", "02_declaration.pdf", "08_proposed_order.pdf"):
        said_of = text(files[name])
        for id, count in totals.items():
            assert (f" {RELIEFS[id]} {count} " in said_of) == (count > 0)
        assert f" Total {len(granted)} " in f"{said_of} "
    exhibit = text(files["06_exhibit_a_public.pdf"])
    summed = " ".join(str(count) for count in [*(n for n in totals.values() if n), len(granted)])
    assert f" Total {summed} " in exhibit
    taken, files = filed(CA_SINGLE, given_packet, place)
    assert taken["granted"] == len(granted)
    papers = [text(data) for name, data in files.items() if name.startswith("motion_")]
    assert sum(len(re.findall(r"HS 11357\(b\) 06/01/2010", paper)) for paper in papers) == len(granted)
    taken, files = filed(CA_FORM_DATA, given_packet, place)
    records = json.loads(files["form_data.json"])["records"]
    assert sum(len(one["offenses"]) for one in records if one["form"] == "CR-400") == taken["granted"] == len(granted)


class Kept:
    """A writer that makes no file and keeps what a run decides, as a packet takes it up."""

    id, title = "kept", "Nothing but what was decided"

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def open(self, run: RunContext, folder: Folder) -> Kept:
        return self

    def block(self, block: Block, decided: Sequence[Decided]) -> None:
        self.entries += [Entry(one, "oz.dat", {}) for one in decided]

    def close(self) -> None:
        self.entries.sort(key=lambda one: (one.decided.count.event.agency or "", one.decided.count.event.case_numbers))


def run_of(source: Path, output: Path, words: Words | None = None) -> tuple[list[Entry], Mapping[str, Any]]:
    kept = Kept()
    request = RunRequest(
        CA_PROP64, STATUTE, CA_DOJ, (source,), output, dt.date(2026, 1, 2), writers=(kept,), words=words
    )
    return kept.entries, run(request).manifest


@pytest.mark.parametrize("seed", [1, 2])
def test_a_packet_of_a_random_run_has_the_totals_of_its_ledger_words_of_attorneys_included(
    seed: int, tmp_path: Path
) -> None:
    source, draw = tmp_path / "oz.dat", random.Random(seed)
    CA_DOJ.synthesize(source, people=120, seed=seed)
    plain, _ = run_of(source, tmp_path / "plain")
    kinds: dict[Outcome, tuple[Kind, Outcome | None, str | None]] = {
        Outcome.ELIGIBLE: ("object", None, None),
        Outcome.REVIEW: ("settle", Outcome.ELIGIBLE, "dismiss_and_seal"),
        Outcome.INELIGIBLE: ("overrule", Outcome.ELIGIBLE, "redesignate_infraction"),
    }
    said = {}
    for one in draw.sample(plain, len(plain) // 4):
        if one.outcome in kinds:
            word = Word(*kinds[one.outcome], "Zyxquell.", "G. Quadling", dt.date(2026, 1, 5))
            place = one.decided.count.place
            said[place.file, place.row] = [Said(None, word, "", "", "", "", holds=draw.random() < 0.8)]
    entries, manifest = run_of(source, tmp_path / "spoken", Words(said))
    figures, outcomes = manifest["words"], manifest["ledger"]["decided_by_outcome"]
    assert figures["reopened"] > 0
    office = parse_office(example_office().replace('county = "Oz"', 'county = "Sacra mento"'))
    taken, files = filed(CA_BULK, replace(packet(entries), manifest=manifest, office=office), tmp_path)
    # What is of another county, or of none, is in no paper, and listed: together they are what the run decided.
    outside = list(csv.DictReader(io.StringIO(files["not_in_motion.csv"].decode(), newline="")))
    assert {"MARIPOSA"} <= {row["county"] for row in outside} <= {"MARIPOSA", ""}
    beside = Counter(row["standing"] for row in outside)
    assert outcomes == {
        "eligible": taken["granted"] + beside["granted"],
        "review": taken["objected"] + taken["open"] + beside["objected"] + beside["open"],
        "ineligible": taken["refused"] + beside["refused"],
        "refer": taken["referred"] + beside["referred"],
    }
    assert taken["objected"] + beside["objected"] == figures["objected"]
    own = [one for one in entries if one.decided.count.event.county == "SACRAMENTO"]
    papers = {name[:2]: text(data) for name, data in files.items() if name.endswith(".pdf")}
    by_hand = sum(one.word is not None for one in own)
    assert 0 < by_hand <= figures["settled"] + figures["overruled"] + figures["objected"]
    assert f"An attorney looked at {by_hand} convictions" in papers["02"]
    assert f"For {sum(map(is_reopened, own))} conviction" in papers["02"]
    for name in ("01", "02", "08"):
        assert f" Total {taken['granted']} " in f"{papers[name]} "
    assert f"Total {sum(taken.values())} " in papers["02"]
    assert f"{sum(outcomes.values())} convictions were decided. {len(outside)} of them" in papers["02"]
    rows = list(csv.DictReader(io.StringIO(files["schedule.csv"].decode(), newline="")))
    assert len(rows) == taken["granted"]
    for name in ("03", "06"):
        assert re.search(rf" Total (\d+ )*{taken['granted']} ", papers[name])
    for name in ("04", "07"):
        assert f" Total {taken['objected']} {taken['open']} {taken['objected'] + taken['open']} " in papers[name]
    assert "Zyxquell" in papers["04"]
    assert not any("Zyxquell" in paper for name, paper in papers.items() if name != "04")
    names = {name for one in entries for name in one.decided.person.names if one.standing.value in ("granted", "open")}
    assert names
    for name in ("01", "02", "05", "06", "07", "08", "09"):
        assert not any(printed in papers[name] for printed in names)


def test_a_case_of_many_convictions_stays_on_one_page(tmp_path: Path) -> None:
    entries = [entry(row, relief=relief) for row, relief in enumerate([*RELIEFS, *RELIEFS])]
    _, files = filed(CA_SINGLE, packet(entries), tmp_path)
    assert len(PdfReader(io.BytesIO(files["motion_00001.pdf"])).pages) == 1


def test_forms_are_chosen_by_age_at_the_arrest_and_by_what_is_left(tmp_path: Path) -> None:
    entries = [
        entry(1, relief="redesignate_misdemeanor", statute="HS 11358", case="OZ-1"),
        entry(2, statute="HS 11360(a)", case="OZ-2"),
        entry(3, case="OZ-3", birth_date="1995-01-01"),
    ]
    _, files = filed(CA_FORM_DATA, packet(entries), tmp_path)
    found = [(one["case"], one["form"], one["ticked"]) for one in json.loads(files["form_data.json"])["records"]]
    assert found == [
        (1, "CR-400", ["application_11361_8_f", "sentence_completed", "11358"]),
        (1, "CR-403", ["redesignate_misdemeanor"]),
        (1, "CR-180", []),
        (2, "CR-400", ["application_11361_8_f", "sentence_completed", "11360"]),
        (2, "CR-403", ["dismiss_and_seal"]),
        (3, "JV-744", ["11357"]),
    ]
