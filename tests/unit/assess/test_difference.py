"""Two policies over the same records, in one pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.unit.policy.test_routes import POLICY, REFORM

from clearslate.assess.decide import Tally, decisions
from clearslate.assess.difference import NOTHING, Compared, Ruled, compared
from clearslate.policy.load import PolicySource
from clearslate.policy.reform import PolicyReform
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate.testing.oz import OZ, read_statute

AS_OF = dt.date(2020, 1, 1)


@pytest.fixture
def reading(rolls: Any) -> Any:
    first = MemoryBlock.of(
        rolls.person(rolls.count("ZZ 100", disposed="2009-05-01"), rolls.count("ZZ 101", disposed="2019-05-01")),
        rolls.person(rolls.count("YY 7")),
    )
    second = MemoryBlock.of(rolls.person(rolls.count("ZZ 100", disposed="2005-01-01", county="EMERALD CITY")))
    return MemoryReader((first, second)).open(())


def test_both_policies_decide_as_each_does_alone(reading: Any) -> None:
    policies = OZ.bind(OZ.find("statute")), OZ.bind(OZ.find("emerald_city"))
    totals = Compared()
    pairs = [pair for _, found in compared(reading, policies, AS_OF, None, totals) for pair in found]
    tallies = Tally(), Tally()
    for side, (policy, tally) in enumerate(zip(policies, tallies, strict=True)):
        alone = [one for _, found in decisions(reading, policy, AS_OF, None, tally) for one in found]
        mine = [(pair.before, pair.after)[side] for pair in pairs]
        assert [one for one in mine if one is not None] == [one.determination for one in alone]
    assert (totals.before, totals.after) == tallies
    assert totals.charges == len(pairs) == 3
    assert totals.changed == sum(pair.changed for pair in pairs) > 0
    assert totals.people_changed == len({pair.person.person_id for pair in pairs if pair.changed})
    assert totals.charges == totals.changed + totals.other_rule + sum(
        n for (one, two), n in totals.pairs.items() if one == two
    )


def test_a_policy_compared_with_itself_changes_nothing(reading: Any) -> None:
    policy = OZ.bind(OZ.find("statute"))
    totals = Compared()
    for _, pairs in compared(reading, (policy, policy), AS_OF, None, totals):
        assert not any(pair.changed for pair in pairs)
    assert (totals.changed, totals.other_rule, totals.people_changed) == (0, 0, 0)


def test_routes_are_counted_each_apart_and_a_charge_that_one_covers_is_out_of_scope_of_the_other(
    tmp_path: Path, rolls: Any
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "reform.toml").write_text(REFORM, "utf-8")
    (tmp_path / "policies" / "statute.toml").write_text(POLICY, "utf-8")
    salt = PolicyReform(tmp_path, read_statute=read_statute)
    other = POLICY.replace("most = 30", "most = 1").replace('statutes = ["ZZ 5"]', 'statutes = ["ZZ 5", "ZZ 100"]')
    policies = salt.bind(salt.find("statute")), salt.bind(PolicySource("b.toml", other))
    block = MemoryBlock.of(
        rolls.person(rolls.count("ZZ 5", offense_class="4", facts={"grains": 2})), rolls.person(rolls.count("ZZ 100"))
    )
    totals = Compared()
    ((_, (one, two)),) = compared(MemoryReader((block,)).open(()), policies, AS_OF, None, totals)
    assert [side.decision for side in one.ruled] == ["eligible: queen, court", "eligible: court"]
    assert two.ruled[0] == NOTHING
    assert (
        totals.routes[
            "queen", Ruled("eligible", ("queen",), None, "few_grains"), Ruled("ineligible", (), None, "many_grains")
        ]
        == 1
    )
    assert sum(n for (relief, old, _), n in totals.routes.items() if relief == "court" and old == NOTHING) == 1
