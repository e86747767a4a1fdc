from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clearslate.assess.decide import Tally, decide_block
from clearslate.model import Place
from clearslate.policy.determination import Outcome
from clearslate.policy.matter import History, Matter
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.memory import MemoryBlock
from clearslate.testing.oz import OZ

AS_OF = dt.date(2020, 1, 1)
POLICY = OZ.bind(OZ.find("statute"))


def test_only_convictions_are_decided_in_record_order(rolls: Any) -> None:
    person = rolls.person(
        rolls.count("ZZ 101"),
        rolls.count("ZZ 100", disposition="not convicted"),
        rolls.count("ZZ 100", disposition="unknown"),
        rolls.count("ZZ 100"),
    )
    decided = decide_block(MemoryBlock.of(person), POLICY, AS_OF, None)
    assert [one.count.place.row for one in decided] == [1, 4]


def test_a_count_in_another_county_is_counted_and_not_decided(rolls: Any) -> None:
    tally = Tally()
    person = rolls.person(rolls.count("ZZ 100", county="OZ"), rolls.count("ZZ 100", county="EMERALD CITY"))
    decided = decide_block(MemoryBlock.of(person), POLICY, AS_OF, "OZ", tally)
    assert [one.count.event.county for one in decided] == ["OZ"]
    assert (tally.other_county, tally.out_of_scope_statute) == (1, 0)


def test_a_count_whose_disposition_nobody_can_read_is_counted_where_the_law_may_concern_it(rolls: Any) -> None:
    tally = Tally()
    person = rolls.person(
        rolls.count("ZZ 100", disposition="unknown"),
        rolls.count("ZZ 7", disposition="unknown"),
        rolls.count("ZZ 100", disposition="unknown", county="EMERALD CITY"),
    )
    assert decide_block(MemoryBlock.of(person), POLICY, AS_OF, "OZ", tally) == []
    assert (tally.undisposed, tally.charges) == (1, 0)


def test_a_count_outside_the_law_in_another_county_is_out_of_scope_by_its_statute(rolls: Any) -> None:
    tally = Tally()
    person = rolls.person(rolls.count("ZZ 100", county="OZ"), rolls.count("ZZ 7", county="EMERALD CITY"))
    decide_block(MemoryBlock.of(person), POLICY, AS_OF, "OZ", tally)
    assert (tally.other_county, tally.out_of_scope_statute) == (0, 1)


def test_a_count_whose_county_is_blank_stays_in_whatever_county_was_asked_for(rolls: Any) -> None:
    decided = decide_block(MemoryBlock.of(rolls.person(rolls.count(county=None))), POLICY, AS_OF, "OZ")
    assert len(decided) == 1


def test_a_county_is_compared_without_regard_to_spacing(rolls: Any) -> None:
    decided = decide_block(
        MemoryBlock.of(rolls.person(rolls.count(county="EMERALD CITY"))), POLICY, AS_OF, "Emeraldcity"
    )
    assert len(decided) == 1


def test_convictions_of_persons_without_a_candidate_are_out_of_scope_by_statute(rolls: Any) -> None:
    tally = Tally()
    block = MemoryBlock.of(rolls.person(rolls.count("ZZ 7"), rolls.count("ZZ 8")), rolls.person(rolls.count("ZZ 100")))
    decide_block(block, POLICY, AS_OF, None, tally)
    assert (tally.people, tally.people_decided) == (2, 1)
    assert (tally.charges, tally.out_of_scope_statute, tally.decided.total()) == (3, 2, 1)


def test_an_unreadable_statute_in_the_county_is_for_review(rolls: Any) -> None:
    decided = decide_block(MemoryBlock.of(rolls.person(rolls.count(None))), POLICY, AS_OF, "OZ")
    assert [one.determination.decision.outcome for one in decided] == [Outcome.REVIEW]


counts = st.lists(
    st.builds(
        make_count,
        st.sampled_from(["ZZ 100", "ZZ 101", "ZZ 100(a)", "ZZ 7", "YY 100", None]),
        grade=st.sampled_from(["felony", "misdemeanor", None]),
        county=st.sampled_from(["OZ", "EMERALD CITY", None]),
        disposition=st.sampled_from(["convicted", "not convicted", "unknown"]),
        disposed=st.sampled_from(["2010-06-01", "2010", None]),
        facts=st.sampled_from([None, {"jars": 4}, {"jars": 9}]),
    ),
    min_size=1,
    max_size=5,
)


@given(st.lists(counts, max_size=4), st.sampled_from([None, "OZ", "EMERALD CITY"]))
def test_each_conviction_is_in_exactly_one_bucket(people: list[Any], county: str | None) -> None:
    tally = Tally()
    block = MemoryBlock.of(*(make_person(*some, person_id=str(n)) for n, some in enumerate(people)))
    decided = decide_block(block, POLICY, AS_OF, county, tally)
    assert tally.charges == block.convictions
    assert tally.charges == tally.decided.total() + tally.out_of_scope_statute + tally.other_county
    assert tally.decided.total() == len(decided) == sum(tally.by_outcome().values())


@given(counts)
def test_a_decision_without_a_trace_is_the_decision_with_one(some: list[Any]) -> None:
    person = make_person(*some)
    history = History(person)
    for count in person.counts:
        with_trace = POLICY.decide(Matter(history, count, AS_OF))
        without = POLICY.decide(Matter(history, count, AS_OF), trace=False)
        if with_trace is None:
            assert without is None
            continue
        assert without is not None
        assert with_trace.trace
        assert without.trace == ()
        assert all(
            getattr(with_trace, name) == getattr(without, name)
            for name in ("decision", "rule", "reason", "citations", "missing", "prospects", "flags")
        )


def test_what_was_settled_for_one_count_does_not_reach_one_with_other_facts() -> None:
    known = make_person(make_count("ZZ 100", facts={"jars": 2}), make_count("ZZ 100", place=Place(0, 2, 3)))
    decided = decide_block(MemoryBlock.of(known), POLICY, AS_OF, None)
    assert [one.determination.decision.relief for one in decided] == ["dismiss_and_seal", "redesignate_misdemeanor"]
