from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from clearslate.errors import InputError, LedgerError
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Filing
from clearslate.output.decided import Decided
from clearslate.policy.matter import History, Matter
from clearslate_il_cannabis.filings import FILINGS
from clearslate_il_cannabis.plugin import IL_CANNABIS

AS_OF = dt.date(2026, 1, 2)
ROUTE_OF = {"il_sa_motion": "sa_motion", "il_individual": "ind_motion", "il_prb": "prb_pardon", "il_police": "auto_le"}
MAIN = {
    "il_sa_motion": ("schedule.csv", "02_schedule.pdf"),
    "il_individual": ("index.csv", "packet_00001.pdf"),
    "il_prb": ("prb_list.csv", "01_prb_list.pdf"),
    "il_police": ("state_police.csv", "01_state_police.pdf"),
}
ALL = [pytest.param(filing, id=filing.id) for filing in FILINGS]


def test_the_filings_are_four_each_by_its_id() -> None:
    assert list(IL_CANNABIS.filings()) == list(ROUTE_OF)
    assert all(isinstance(filing, Filing) and filing.title for filing in FILINGS)
    # An order of the court counts for a packet only where it is on one of these.
    assert {filing.id: getattr(filing, "reliefs", ()) for filing in FILINGS} == {
        id: (route,) for id, route in ROUTE_OF.items()
    }


@pytest.mark.parametrize("filing", ALL)
def test_a_packet_takes_up_what_its_route_grants_and_nothing_else(desk: Any, filing: Any) -> None:
    route = ROUTE_OF[filing.id]
    others = [other for other in ROUTE_OF.values() if other != route]
    entries = [
        desk.entry(route),
        desk.entry(route, *others),
        desk.entry(*others),
        desk.entry(route, outcome="review"),
        desk.entry(route, word=desk.objection()),
        desk.entry(route, word=desk.objection(route)),
        desk.entry(route, word=desk.objection(others[0])),
        desk.entry(route, outcome="review", word=desk.settled(route)),
        desk.entry(route, outcome="review", word=desk.settled(others[0])),
        desk.entry(route, outcome="refer"),
    ]
    taken, files = desk.file(filing, *entries)
    assert taken == {**dict.fromkeys([standing.value for standing in Standing], 0), "granted": 4}
    totals = desk.totals(files)
    assert [totals[standing.value] for standing in Standing] == [4, 2, 2, 1, 1]
    rows = desk.table(files[MAIN[filing.id][0]])
    assert [row["person_id"] for row in rows] == ["P1", "P2", "P7", "P8"]


@pytest.mark.parametrize("filing", ALL)
def test_a_run_that_grants_nothing_has_no_packet(desk: Any, filing: Any) -> None:
    with pytest.raises(InputError, match="check the policy"):
        desk.file(filing, desk.entry(), desk.entry("ordinary"))


@pytest.mark.parametrize("filing", ALL)
def test_a_packet_that_is_not_the_whole_run_is_refused(desk: Any, filing: Any) -> None:
    entry = desk.entry(ROUTE_OF[filing.id])
    with pytest.raises(LedgerError, match=r"decided \[2\] and \[1\] were read"):
        desk.file(filing, entry, manifest={"ledger": {"charges_decided": 2}})


LONG = "DE LA VEGA Y MONTECRISTO DE LOS ANGELES,MARÍA-JOSÉ ÑUSTA ZOË BARTHOLOMEA " + "X" * 60


@pytest.mark.parametrize("filing", ALL)
def test_the_same_bytes_come_twice_whatever_the_names_are(desk: Any, filing: Any) -> None:
    route = ROUTE_OF[filing.id]
    entries = [
        desk.entry(route, names=(LONG, "=cmd|' /C calc'!A0"), agency="../../etc/passwd", case="../../x"),
        desk.entry(route, names=("ÅSA,\u200bÖ\ud7ff",), agency="CON", county="OZ"),
        desk.entry(route, names=("王,小明",), agency=None),
    ]
    once, again = (desk.file(filing, *entries)[1] for _ in range(2))
    assert once == again
    assert not any("etc" in name or name.lower() == "con" for name in once)
    text = desk.text(once[MAIN[filing.id][1]])
    assert "MARÍA-JOSÉ ÑUSTA ZOË BARTHOLOMEA" in text
    told = once["read_first.txt"].decode("utf-8")
    assert "Characters that no font has" in told
    assert "MONTECRISTO" not in told
    for name, data in once.items():
        if name.endswith(".csv"):
            assert not any(cell.startswith("=") for row in csv.reader(io.StringIO(data.decode())) for cell in row)
        if name.endswith(".pdf"):
            assert "MONTECRISTO" not in str(PdfReader(io.BytesIO(data)).metadata)


@pytest.mark.parametrize("filing", [case for case in ALL if case.id in ("il_prb", "il_police")])
def test_a_name_that_is_missing_is_said_and_counted(desk: Any, filing: Any) -> None:
    route = ROUTE_OF[filing.id]
    entries = [desk.entry(route), *(desk.entry(route, names=(), person_id="P9") for _ in range(2))]
    _, files = desk.file(filing, *entries)
    table, pdf = MAIN[filing.id]
    assert desk.text(files[pdf]).count("name not in the record") == 2
    assert [row["name"] for row in desk.table(files[table])] == ["GALE,DOROTHY", "", ""]
    noun = "charges" if filing.id == "il_police" else "convictions"
    assert f"2 {noun} without a name in the record, of 1 person" in desk.section(files, "NOTICED")


def test_what_the_statute_s_own_table_decides_goes_into_its_packets(desk: Any) -> None:
    """A minor conviction has three routes (A05), a Class 4 felony of 100 grams two (A06), a dismissal one (A01)."""
    made = [
        desk.entry(),
        desk.entry(statute="720 ILCS 550/4(d)", offense_class="4", grade="felony", facts={"grams": 100}),
        desk.entry(disposition="not convicted", ended="dismissed", sentence=()),
    ]
    entries = [decided(desk, entry) for entry in made]
    found = {filing.id: desk.file(filing, *entries)[1][MAIN[filing.id][0]] for filing in FILINGS}
    people = {id: [row["person_id"] for row in desk.table(data)] for id, data in found.items()}
    assert people == {
        "il_sa_motion": ["P1", "P2"],
        "il_individual": ["P1", "P2"],
        "il_prb": ["P1"],
        "il_police": ["P3"],
    }


def decided(desk: Any, entry: Entry) -> Entry:
    """The entry as the policy decides it."""
    whose, count = entry.decided.person, entry.decided.count
    got = desk.policy.decide(Matter(History(whose), count, AS_OF))
    assert got is not None
    return msgspec.structs.replace(entry, decided=Decided(whose, count, got))
