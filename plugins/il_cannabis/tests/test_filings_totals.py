from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearslate.errors import InputError
from clearslate.filing.entry import Standing
from clearslate_il_cannabis.filings import FILINGS
from clearslate_il_cannabis.police import BANDS

ROUTE_OF = {"il_sa_motion": "sa_motion", "il_individual": "ind_motion", "il_prb": "prb_pardon", "il_police": "auto_le"}

DRAWN = st.lists(
    st.tuples(
        st.sets(st.sampled_from(sorted(ROUTE_OF.values()))),
        st.sampled_from(["eligible", "review", "ineligible", "refer"]),
        st.sampled_from([None, None, None, "object", "sa_motion", "auto_le"]),
        st.integers(0, 3),
        st.sampled_from(["OZ", "OZ", "QUADLING", None]),
        st.sampled_from(["EMERALD CITY PD", "emerald city pd", "WINKIE PD", None]),
        st.booleans(),
    ),
    max_size=14,
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=DRAWN)
def test_every_document_has_the_totals_of_the_entries(desk: Any, drawn: Any) -> None:
    words = {"object": desk.objection(), "sa_motion": desk.settled("sa_motion"), "auto_le": desk.objection("auto_le")}
    entries = [
        desk.entry(
            *routes,
            outcome=outcome,
            word=None if word is None else words[word],
            person_id=f"P{who}",
            county=county,
            agency=agency,
            names=("GALE,DOROTHY",) if named else (),
        )
        for routes, outcome, word, who, county, agency, named in drawn
    ]
    for filing in FILINGS:
        route = ROUTE_OF[filing.id]
        granted = [entry for entry, drawn_ in zip(entries, drawn, strict=True) if is_granted(drawn_, route)]
        if filing.id == "il_sa_motion":
            kept = [one for one in granted if one.decided.count.event.county == "OZ" and one.decided.person.names]
        elif filing.id == "il_individual":
            kept = [one for one in granted if one.decided.person.names and one.decided.count.event.county]
        else:
            kept = granted
        if not kept:
            with pytest.raises(InputError):
                desk.file(filing, *entries)
            continue
        taken, files = desk.file(filing, *entries)
        totals = desk.totals(files)
        assert taken["granted"] == len(kept)
        assert totals["granted"] == len(granted)
        if filing.id == "il_sa_motion":
            outside = sum(count for name, count in totals.items() if name.startswith("not in the motion, "))
            assert totals["granted and not in the motion"] == outside == len(granted) - len(kept)
        assert sum(totals[standing.value] for standing in Standing) == len(entries)
        for size in sizes(filing.id, desk, files):
            assert size == len(kept)


def is_granted(drawn: Any, route: str) -> bool:
    routes, outcome, word, *_ = drawn
    if word == "object" or (word == "auto_le" and route == "auto_le"):
        return False
    if word == "sa_motion" and route == "sa_motion":
        return True
    return route in routes and outcome == "eligible"


def sizes(id: str, desk: Any, files: Any) -> list[int]:
    """How many entries each document of a packet says that it has."""
    tables = {name: desk.table(data) for name, data in files.items() if name.endswith(".csv")}
    if id == "il_individual":
        index = tables["index.csv"]
        return [sum(int(row["convictions"]) for row in index), desk.totals(files)["convictions in them"]]
    by_agency = [len(rows) for name, rows in tables.items() if re.fullmatch("agency_[0-9]+.csv", name)]
    if id == "il_prb":
        text = desk.text(files["01_prb_list.pdf"])
        return [len(tables["prb_list.csv"]), *all_totals(text), count_of(text, "conviction")]
    indexed = [int(row.get("convictions") or row["charges"]) for row in tables["agencies.csv"]]
    if id == "il_police":
        text = desk.text(files["01_state_police.pdf"])
        bands = sum(desk.totals(files).get(f"records {band.words}", 0) for band in BANDS)
        return [
            len(tables["state_police.csv"]),
            sum(by_agency),
            sum(indexed),
            bands,
            *all_totals(text),
            count_of(text, "charge"),
        ]
    found = [sum(by_agency), sum(indexed)]
    found += [len(tables[name]) for name in ("schedule.csv", "prisoner_review_board.csv", "clerk_notices.csv")]
    for name in ("01_motion.pdf", "02_schedule.pdf"):
        found += all_totals(desk.text(files[name]))
    found += [
        count_of(desk.text(files[name]), "line")
        for name in ("02_schedule.pdf", "02_schedule_public.pdf", "06_order_clerk.pdf")
    ]
    told = [name for name in files if re.match("0[1-8].*pdf", name) and not name.startswith("02_")]
    found += [count_of(desk.text(files[name]), "conviction") for name in told]
    lines = [desk.text(files[name]) for name in ("01_motion.pdf", "03_proposed_order.pdf", "05_order_state_police.pdf")]
    found += [int(number) for text in lines for number in re.findall(r"lines? (?:1 to )?([0-9]+)\)", text)]
    orders = sum(
        int(re.findall(r"It is about ([0-9]+) conviction", desk.text(data))[0])
        for name, data in files.items()
        if re.fullmatch("04_order_agency_[0-9]+.pdf", name)
    )
    return [*found, orders]


def all_totals(text: str) -> list[int]:
    return [int(number) for number in re.findall(r" Total ([0-9]+)", text)]


def count_of(text: str, noun: str) -> int:
    """The first count of the noun in a text."""
    return int(re.findall(rf"([0-9]+) {noun}", text)[0])
