from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clearslate.filing.agencies import AGENCIES, NOTICE, REFERRALS, REFERRED, agency_lists, referral_lists
from clearslate.filing.documents import Typesetter
from clearslate.filing.meanings import MEANINGS
from clearslate.policy.determination import Decision, Outcome

NAMES = ["EMERALD CITY PD", "emerald city  pd", "../../etc", "con", "NUL.txt", "A/B\\C", "", "=cmd", "Ñandú PD"]


def _listed(desk: Any, *entries: Any, **more: Any) -> tuple[Any, Path]:
    given: tuple[Any, Path] = desk.written(lambda folder: agency_lists(entries, desk.setting(), folder, **more))
    return given


def test_each_agency_has_one_list_and_the_index_says_which(desk: Any) -> None:
    lists, out = _listed(
        desk, desk.entry("P1"), desk.entry("P1"), desk.entry("P2"), desk.entry(arrested_by="WINKIE PD")
    )
    assert lists == (2, 4, {"WINKIE PD": 1})
    first, second = desk.table(out / AGENCIES)
    assert first == {
        "file": "agency_001.csv",
        "notice": "",
        "name": "Emerald City Police Department, Records",
        "in_table": "yes",
        "address": "4 Yellow Brick Road; Emerald City, OZ 00001",
        "email": "records@pd.emerald-city.example",
        "printed_as": "EMERALD CITY PD",
        "entries": "3",
        "people": "2",
    }
    assert (second["name"], second["in_table"], second["address"]) == ("WINKIE PD", "no", "")
    rows = desk.table(out / "agency_001.csv")
    assert [row["row"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["case_number"] == "OZ-0001"


def test_no_name_of_a_record_is_a_name_of_a_file(desk: Any) -> None:
    lists, out = _listed(desk, *(desk.entry(arrested_by=name) for name in NAMES))
    assert lists.lists == 8
    assert {file.name for file in out.iterdir()} == {AGENCIES, *(f"agency_{n:03d}.csv" for n in range(1, 9))}
    index = desk.table(out / AGENCIES)
    assert index[0]["printed_as"] == "EMERALD CITY PD; emerald city pd"
    assert "'=cmd" in {row["name"] for row in index}
    assert "not named" in {row["name"] for row in index}
    assert sum(int(row["entries"]) for row in index) == len(NAMES)


def test_only_what_is_granted_goes_to_agencies(desk: Any) -> None:
    others = [desk.entry(outcome=outcome) for outcome in ("ineligible", "review", "refer")]
    assert _listed(desk, *others, desk.objected())[0] == (0, 0, {})
    assert _listed(desk, *others, desk.entry())[0].entries == 1


def test_columns_of_the_source_go_along_where_asked(desk: Any) -> None:
    _, out = _listed(desk, desk.entry(cells={"FE_NUM_ARR_AGY": "+7"}), kept=("FE_NUM_ARR_AGY", "NO_SUCH"))
    (row,) = desk.table(out / "agency_001.csv")
    assert (row["FE_NUM_ARR_AGY"], row["NO_SUCH"]) == ("'+7", "")


def test_the_order_stands_there_where_the_court_has_made_one(desk: Any) -> None:
    entry = desk.entry()
    setting = desk.setting(orders=desk.orders(entry))
    _, out = desk.written(lambda folder: agency_lists([entry, desk.entry()], setting, folder))
    assert [row["order_date"] for row in desk.table(out / "agency_001.csv")] == ["2026-01-20", ""]


def test_a_notice_goes_with_each_list(desk: Any) -> None:
    long = desk.entry(arrested_by="POLICE DEPARTMENT OF THE COUNTRY OF THE WINKIES, YELLOW CASTLE", names=("ÑÚ,ZOË",))
    _, out = _listed(desk, desk.entry(case="../x"), long, typesetter=Typesetter(desk.made_on))
    assert [row["notice"] for row in desk.table(out / AGENCIES)] == ["agency_001.pdf", "agency_002.pdf"]
    text = PdfReader(io.BytesIO((out / "agency_001.pdf").read_bytes())).pages[0].extract_text()
    assert "Emerald City Police Department, Records" in text
    assert "January 31, 2026" in text
    assert "../x" in text.replace("\n", "")
    other = PdfReader(io.BytesIO((out / "agency_002.pdf").read_bytes())).pages[0].extract_text()
    assert "COUNTRY OF THE WINKIES" in other
    assert "ÑÚ,ZOË" in other


def test_lists_and_notices_are_the_same_twice(desk: Any) -> None:
    entries = [desk.entry(arrested_by=name) for name in NAMES[:3]]
    once, again = (_listed(desk, *entries, typesetter=Typesetter(desk.made_on))[1] for _ in range(2))
    assert [file.read_bytes() for file in sorted(once.iterdir())] == [
        file.read_bytes() for file in sorted(again.iterdir())
    ]


def _referred(desk: Any, *entries: Any) -> tuple[Any, Path]:
    given: tuple[Any, Path] = desk.written(lambda folder: referral_lists(entries, desk.setting(), folder))
    return given


def test_referred_charges_are_one_list_for_each_office(desk: Any) -> None:
    refer = {"outcome": "refer", "refer_to": "city attorney"}
    entries = [desk.entry(**refer), desk.entry(arrested_by="WINKIE PD", **refer), desk.entry(**refer), desk.entry()]
    lists, out = _referred(desk, *entries)
    assert lists == (2, 3, {"city attorney": 1})
    index = desk.table(out / REFERRALS)
    assert [(row["file"], row["name"], row["in_table"], row["entries"]) for row in index] == [
        ("referral_001.csv", "Office of the City Attorney, Emerald City", "yes", "2"),
        ("referral_002.csv", "city attorney", "no", "1"),
    ]
    row = desk.table(out / "referral_001.csv")[0]
    assert (row["refer_to"], row["rule"], row["reason"]) == ("city attorney", "a_rule", "The law says so.")


def test_an_attorney_s_referral_without_an_office_is_not_lost(desk: Any) -> None:
    entry = desk.entry(outcome="review")
    got = msgspec.structs.replace(entry.decided.determination, decision=Decision(Outcome.REFER))
    entry = msgspec.structs.replace(entry, decided=msgspec.structs.replace(entry.decided, determination=got))
    lists, out = _referred(desk, entry)
    assert lists == (1, 1, {"not named": 1})
    assert len(desk.table(out / "referral_001.csv")) == 1


def test_a_run_without_referrals_has_an_empty_index(desk: Any) -> None:
    lists, out = _referred(desk, desk.entry())
    assert lists == (0, 0, {})
    assert [file.name for file in out.iterdir()] == [REFERRALS]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["eligible", "ineligible", "review", "refer"]),
            st.one_of(st.sampled_from(NAMES), st.text(max_size=8)),
            st.sampled_from(["city attorney", "coroner", "Emerald City Attorney"]),
        ),
        max_size=12,
    )
)
def test_the_lists_together_are_the_entries(desk: Any, drawn: list[tuple[str, str, str]]) -> None:
    entries = [
        desk.entry(outcome=outcome, arrested_by=agency, refer_to=word if outcome == "refer" else None)
        for outcome, agency, word in drawn
    ]
    for (lists, out), index, wanted in (
        (_listed(desk, *entries), AGENCIES, "eligible"),
        (_referred(desk, *entries), REFERRALS, "refer"),
    ):
        total = sum(outcome == wanted for outcome, _, _ in drawn)
        rows = desk.table(out / index)
        held = [int(row["entries"]) for row in rows]
        assert lists.entries == sum(held) == total
        assert [len(desk.table(out / row["file"])) for row in rows] == held


def test_every_column_has_a_meaning() -> None:
    assert {meaning for _, meaning in (*NOTICE, *REFERRED)} <= set(MEANINGS)
