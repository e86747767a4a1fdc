from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from clearslate.assess.run import RunSummary
from clearslate.testing.oz import OZ
from clearslate_cli.run import notes, table

SUMMARY = RunSummary(
    reform="oz_moonshine",
    policy="statute",
    policy_title="Oz: the statute itself",
    county=None,
    as_of=dt.date(2019, 7, 1),
    rows_read=1_234_567,
    rows_used=1_234_560,
    rows_repeated=3,
    rows_rejected=4,
    people=61_000,
    people_with_conviction_in_scope=900,
    charges=70_000,
    decided=1_000,
    out_of_scope_statute=69_000,
    other_county=0,
    undisposed=2,
    by_outcome={"eligible": 800, "ineligible": 100, "review": 60, "refer": 40},
    by_relief={"redesignate_misdemeanor": 300, "dismiss_and_seal": 500},
    referred_to={"city attorney": 40},
    output=Path("out"),
    files=("determinations.csv", "rejected.csv", "run.json"),
    replaced=None,
    leftovers=(),
)


def job(policy: str = "statute", **settings: str) -> Any:
    return SimpleNamespace(reform=OZ, policy=OZ.bind(OZ.find(policy), settings))


def test_the_summary_shows_every_count_and_fits_eighty_columns() -> None:
    text = table(job(), SUMMARY, "out")
    assert max(len(line) for line in text.splitlines()) <= 80
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for line in (
        "Rows read 1,234,567",
        "used 1,234,560",
        "repeated from another file 3",
        "rejected 4",
        "People 61,000",
        "Convictions 70,000",
        "decided 1,000",
        "eligible 800",
        "Dismissed and sealed 500",
        "Redesignated a misdemeanor 300",
        "ineligible 100",
        "review 60",
        "refer 40",
        "to city attorney 40",
        "As of 2019-07-01, every county",
    ):
        assert line in lines
    assert "determinations.csv" in text


def test_a_county_and_the_parameters_in_force_are_shown() -> None:
    text = " ".join(
        table(job("emerald_city", crime_free_years="7"), replace(SUMMARY, county="EMERALD CITY"), "out").split()
    )
    assert "EMERALD CITY" in text
    assert "of other counties 0" in text
    assert "crime_free_years = 7" in text


def test_where_an_older_output_went_is_said() -> None:
    assert "out.previous" in table(job(), replace(SUMMARY, replaced=Path("out.previous")), "out")


def test_rejected_rows_and_leftovers_are_noted_each_in_a_line() -> None:
    found = notes(replace(SUMMARY, leftovers=(".out.partial-1",)), "out")
    assert len(found) == 3
    assert found[0].startswith("4 rows were rejected")
    assert "rejected.csv" in found[0]
    assert found[1].startswith("2 counts that this law may concern have no disposition")
    assert ".out.partial-1" in found[2]
    assert notes(replace(SUMMARY, rows_rejected=1), "out")[0].startswith("1 row was rejected")
    assert notes(replace(SUMMARY, rows_rejected=0, undisposed=0), "out") == ()
