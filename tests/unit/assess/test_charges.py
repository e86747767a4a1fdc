"""A run of a reform that decides every charge and gives several reliefs at once."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.policy.test_routes import POLICY, REFORM

from clearslate.assess.run import RunRequest, run
from clearslate.policy.reform import PolicyReform
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate.testing.oz import read_statute

AS_OF = dt.date(2020, 1, 1)


@pytest.fixture
def salt(tmp_path: Path) -> PolicyReform:
    folder = tmp_path / "salt"
    (folder / "policies").mkdir(parents=True)
    (folder / "reform.toml").write_text(REFORM, "utf-8")
    (folder / "policies" / "statute.toml").write_text(POLICY, "utf-8")
    return PolicyReform(folder, read_statute=read_statute)


@pytest.fixture
def decided(salt: PolicyReform, rolls: Any, tmp_path: Path) -> Any:
    """Five charges: both ways open, one open and one unknown, none, pending, outside the law."""
    first = MemoryBlock.of(
        rolls.person(
            rolls.count("ZZ 5", offense_class="4", facts={"grains": 2}, committed="2010-04-30"),
            rolls.count("ZZ 5", offense_class="4", disposition="not convicted", ended="acquitted"),
        ),
        rolls.person(rolls.count("ZZ 5", offense_class="3", facts={"grains": 99}, disposition="not convicted")),
    )
    second = MemoryBlock.of(rolls.person(rolls.count("ZZ 5", disposition="pending"), rolls.count("ZZ 100")))
    policy = salt.bind(salt.find("statute"))
    request = RunRequest(salt, policy, MemoryReader((first, second)), (), tmp_path / "out", AS_OF)
    return run(request), tmp_path / "out"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_charge_is_decided_and_counted_as_one(decided: Any) -> None:
    summary, out = decided
    ledger = json.loads((out / "run.json").read_text("utf-8"))["ledger"]
    assert {name: ledger[name] for name in ledger if name.startswith("charges")} == {
        "charges": 5,
        "charges_decided": 4,
        "charges_out_of_scope_statute": 1,
        "charges_other_county": 0,
    }
    assert not [name for name in ledger if name.startswith("convictions")]
    assert (summary.decides_charges, ledger["counts_without_disposition"]) == (True, 0)
    assert ledger["decided_by_outcome"] == {"eligible": 2, "ineligible": 1, "review": 1, "refer": 0}
    assert summary.by_relief == {"paper": 0, "court": 2, "queen": 1}
    assert ledger["decided_by_route"]["queen"] == {"eligible": 1, "ineligible": 1, "review": 2, "refer": 0}


def test_a_charge_has_a_row_in_determinations_and_one_for_each_route(decided: Any) -> None:
    _, out = decided
    whole = rows(out, "determinations.csv")
    assert [row["relief"] for row in whole] == ["queen; court", "court", "", ""]
    # A charge that is no conviction was convicted on no day.
    assert [row["convicted_on"] for row in whole] == ["2010-06-01", "", "", ""]
    routes = rows(out, "routes.csv")
    assert [(row["source_row"], row["route"], row["outcome"]) for row in routes] == [
        ("1", "queen", "eligible"), ("1", "court", "eligible"),
        ("2", "queen", "review"), ("2", "court", "eligible"),
        ("3", "queen", "ineligible"), ("3", "court", "ineligible"),
        ("4", "queen", "review"), ("4", "court", "review"),
    ]  # fmt: skip
    assert (routes[0]["committed_on"], routes[0]["class"], routes[2]["ended"]) == ("2010-04-30", "4", "acquitted")
    assert (routes[2]["rule"], routes[2]["missing_facts"]) == ("few_grains", "how many grains (row 2)")
    assert routes[2]["citations"] == "ZZ Acts 3"


def test_the_figures_count_charges_and_every_route(decided: Any) -> None:
    _, out = decided
    impact = json.loads((out / "impact.json").read_text("utf-8"))
    assert "convictions" not in impact
    assert impact["charges"]["in_scope"] == 4
    assert impact["charges"]["by_route"]["court"] == {"eligible": 2, "ineligible": 1, "review": 1, "refer": 0}
    assert impact["charges"]["by_greatest_relief"]["queen"]["total"] == 1
    assert impact["people"]["with_charge_in_scope"] == 3


def test_the_annotated_rows_carry_every_relief(decided: Any) -> None:
    _, out = decided
    assert [row["relief"] for row in rows(out, "annotated_convictions.csv")] == ["queen; court", "court", "", ""]
