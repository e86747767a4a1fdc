"""Cook County's exports with fifty thousand charges, dirty values and all, through the real command line."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.long

PEOPLE = 24_500
"""Persons who have some fifty thousand charges together."""

CANNOT_BE = ("disposition_in_the_future", "arrest_in_the_future", "no_such_day", "incident_long_ago")
"""What is planted where a date that decides cannot be."""


class Run(NamedTuple):
    """A run on the two exports, and what was planted in them."""

    folder: Path
    planted: list[dict[str, str]]
    routes: list[dict[str, str]]
    manifest: Any


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def cook(shared_office: Any) -> Run:
    folder = shared_office.folder
    made = shared_office.command("synth", "il_ccsao", "--people", str(PEOPLE), "--seed", "7", "--output", "charges.csv")
    assert made.code == 0, made.err
    done = shared_office.command(
        "run", "--reform", "il_cannabis", "--as-of", "2026-06-01", "--output", "out",
        "--input", "charges.csv", "charges_sentencing.csv",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert all(len(line) <= 80 for line in done.out.splitlines())
    return Run(folder, table(folder / "charges.csv.key.csv"), table(folder / "out" / "routes.csv"), done.manifest())


def test_every_row_and_every_charge_is_accounted_for(cook: Run) -> None:
    ledger = cook.manifest["ledger"]
    lines = sum((cook.folder / name).read_bytes().count(b"\n") for name in ("charges.csv", "charges_sentencing.csv"))
    assert ledger["charges"] >= 50_000
    assert ledger["rows_read"] == ledger["rows_used"] + ledger["rows_repeated"] + ledger["rows_rejected"]
    assert ledger["rows_read"] == lines - 2
    assert ledger["charges"] == (
        ledger["charges_decided"] + ledger["charges_out_of_scope_statute"] + ledger["charges_other_county"]
    )
    assert ledger["charges_decided"] == sum(ledger["decided_by_outcome"].values())
    assert len(cook.routes) == 7 * ledger["charges_decided"]
    for route, outcomes in ledger["decided_by_route"].items():
        assert sum(outcomes.values()) == ledger["charges_decided"], route
    by_route = Counter((row["route"], row["outcome"]) for row in cook.routes)
    assert by_route == {
        (route, outcome): number
        for route, outcomes in ledger["decided_by_route"].items()
        for outcome, number in outcomes.items()
        if number
    }


def test_nothing_is_granted_on_a_date_that_cannot_be(cook: Run) -> None:
    persons = {row["participant_id"]: row["planted"] for row in cook.planted if row["planted"] in CANNOT_BE}
    assert set(persons.values()) == set(CANNOT_BE)
    decided = [row for row in cook.routes if row["person_id"] in persons]
    assert decided
    stated = {"committed_on": "incident", "arrested_on": "arrest", "disposed_on": "dispos"}
    for row in decided:
        # The date that cannot be is unknown, and is nowhere taken for another.
        for column in stated:
            assert row[column] == "" or "1970" < row[column] <= "2026-06-01", row
    relying = {
        "disposition_in_the_future": {"ind_motion", "sa_motion", "prb_pardon"},
        "no_such_day": {"ind_motion", "sa_motion", "prb_pardon"},
        "arrest_in_the_future": {"auto_le", "pending_dismiss"},
    }
    granted = [
        (persons[row["person_id"]], row["route"], row["source_row"])
        for row in decided
        if row["outcome"] == "eligible" and row["route"] in relying.get(persons[row["person_id"]], set())
    ]
    assert granted == []


def test_no_date_of_any_decided_charge_is_later_than_the_day_of_decision(cook: Run) -> None:
    for column in ("committed_on", "arrested_on", "disposed_on"):
        assert max(row[column] for row in cook.routes) <= "2026-06-01"
        assert min(row[column] for row in cook.routes if row[column]) > "1950"


def test_damaged_rows_are_rejected_by_number_and_shown_to_nobody(cook: Run) -> None:
    rejected = table(cook.folder / "out" / "rejected.csv")
    damaged = {
        row["source_row"]
        for row in cook.planted
        if row["planted"] in ("cell_too_many", "quote_not_closed", "quote_not_doubled", "shifted_cells")
    }
    assert damaged <= {row["source_row"] for row in rejected if row["source_file"] == "charges.csv"}
    assert len(rejected) == cook.manifest["ledger"]["rows_rejected"]


def test_the_same_exports_give_the_same_bytes_in_the_other_order_of_files(cook: Run, shared_office: Any) -> None:
    done = shared_office.command(
        "run", "--reform", "il_cannabis", "--as-of", "2026-06-01", "--output", "turned", "--quiet",
        "--input", "charges_sentencing.csv", "charges.csv",
    )  # fmt: skip
    assert done.code == 0, done.err

    def gist(name: str) -> Counter[tuple[str, ...]]:
        return Counter(tuple(row.values())[2:16] for row in table(cook.folder / name / "routes.csv"))

    assert gist("turned") == gist("out")
    assert json.loads((cook.folder / "turned" / "run.json").read_text("utf-8"))["ledger"] == cook.manifest["ledger"]
