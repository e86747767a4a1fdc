"""Words that are kept: what each rests on, which one is the last, and a table with several routes."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.unit.policy.test_routes import POLICY, REFORM

from clearslate.assess.decide import decide_block
from clearslate.assess.keeping import described
from clearslate.assess.seen import Eyes
from clearslate.assess.word_table import COLUMNS, By, rows, take_in
from clearslate.assess.words import Said, Words, of_charge, of_kept, of_run
from clearslate.ingest.sheet import read_sheet
from clearslate.model import Place, Registration
from clearslate.output.decided import Decided
from clearslate.output.determinations import COLUMNS as CELLS
from clearslate.output.writer import RunContext
from clearslate.policy.determination import Outcome
from clearslate.policy.reform import PolicyReform
from clearslate.policy.word import Word
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate.testing.oz import read_statute
from clearslate.vault import runs
from clearslate.vault.beside import SPOKEN
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

AS_OF = dt.date(2020, 1, 1)
BY = By("ann", "2026-02-01T00:00:00Z", dt.date(2026, 2, 1))


@pytest.fixture
def salt(tmp_path: Path) -> PolicyReform:
    folder = tmp_path / "salt"
    (folder / "policies").mkdir(parents=True)
    (folder / "reform.toml").write_text(REFORM, "utf-8")
    (folder / "policies" / "statute.toml").write_text(POLICY, "utf-8")
    return PolicyReform(folder, read_statute=read_statute)


class Bench:
    """Decides charges of one person with a trace, and keeps what was decided."""

    def __init__(self, salt: PolicyReform, rolls: Any) -> None:
        self.reform, self.rolls = salt, rolls
        self.policy = salt.bind(salt.find("statute"))
        self.store = Store.temporary()
        with self.store.step() as step:
            step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')

    def decide(self, *counts: Any, words: Words | None = None) -> tuple[list[Any], RunContext]:
        reader = MemoryReader((MemoryBlock.of(self.rolls.person(*counts)),))
        reading = reader.open(())
        run = RunContext(self.reform, self.policy, reader, reading, AS_OF, None)
        (block,) = reading.blocks()
        return decide_block(block, self.policy, AS_OF, None, words=words, trace=True, brief=True), run

    def keep(self, number: int, decided: list[Any], run: RunContext, words: Words | None = None) -> None:
        figures = {} if words is None else {"words": words.figures()}
        manifest = {
            "reform": {"id": "zz_salt"}, "policy": {"id": "statute"}, "inputs": [{"name": "rolls.csv"}], "n": number,
        }  # fmt: skip
        kept = [
            {**described(one, run), "seen": Eyes().see(one)} | ({} if words is None else words.kept_with(one))
            for one in decided
        ]
        with self.store.step() as step:
            step.put(Kind.PERSON, 1, Record([], b"", {"subject": "P1"}).packed())
            about = {"manifest": manifest | figures, "columns": list(CELLS), "sources": [1]}
            runs.write_run(step, number, about)
            runs.write_decisions(step, number, [(1, kept)])


@pytest.fixture
def bench(salt: PolicyReform, rolls: Any) -> Bench:
    return Bench(salt, rolls)


def words_for(one: Any, route: str | None, *, facts: str) -> Words:
    word = Word("settle", Outcome.ELIGIBLE, route, "Seen.", "G. Quadling", dt.date(2026, 1, 5), route)
    place = one.count.place
    return Words({(place.file, place.row): (Said(route, word, facts, "ab", BY.at, BY.who),)})


def test_what_is_kept_has_the_fingerprint_of_what_was_decided_on_every_route(bench: Bench) -> None:
    decided, run = bench.decide(bench.rolls.count("ZZ 5", offense_class="4"), bench.rolls.count("ZZ 5"))
    for one in decided:
        kept = {**described(one, run), "seen": Eyes().see(one)}
        for route in (None, "queen", "court"):
            assert of_charge(one, route, Eyes()) == of_kept(kept, route)
    assert of_charge(decided[0], "court", Eyes()) != of_charge(decided[1], "court", Eyes())


def test_a_fingerprint_is_of_what_is_said_and_not_of_where(bench: Bench) -> None:
    same = [bench.rolls.count("ZZ 5", offense_class="4", facts={"grains": 99}) for _ in range(2)]
    (one, two), _ = bench.decide(*same)
    assert one.count.place != two.count.place
    assert of_charge(one, "queen", Eyes()) == of_charge(two, "queen", Eyes())
    (other,), _ = bench.decide(bench.rolls.count("ZZ 5", offense_class="4", facts={"grains": 98}))
    assert of_charge(one, "queen", Eyes()) != of_charge(other, "queen", Eyes())


def test_a_word_holds_while_its_facts_do_and_is_kept_with_the_decision(bench: Bench) -> None:
    count = bench.rolls.count("ZZ 5", offense_class="4")
    (one,), _ = bench.decide(count)
    words = words_for(one, "queen", facts=of_charge(one, "queen", Eyes()))
    decided, run = bench.decide(count, words=words)
    assert decided[0].determination.granted == ("queen", "court")
    assert words.figures()["settled"] == 1
    bench.keep(1, decided, run, words)
    again = of_run(bench.store, 1)
    same, _ = bench.decide(count, words=again)
    assert same[0].determination == decided[0].determination
    assert (again.figures(), again.digest()) == (words.figures(), words.digest())

    stale = words_for(one, "queen", facts="other")
    decided, _ = bench.decide(count, words=stale)
    assert decided[0].determination.granted == ("court",)
    assert (stale.figures()["reopened"], stale.figures()["settled"]) == (1, 0)


def test_whatever_is_new_in_the_record_opens_the_word_again(bench: Bench) -> None:
    count = bench.rolls.count("ZZ 5", offense_class="4")
    (one,), _ = bench.decide(count)
    before = of_charge(one, "queen", Eyes())
    other = bench.rolls.count("ZZ 100")
    person = bench.rolls.person(count, other)
    again = [
        person,
        bench.rolls.person(count, bench.rolls.count("ZZ 5", disposition="unknown", disposed=None)),
        bench.rolls.person(count, deceased=True),
        bench.rolls.person(count, shares_identifier=True),
        bench.rolls.person(count, missing_rows=1),
        bench.rolls.person(count, registrations=(Registration(Place(0, 901, 902), None, None),)),
        bench.rolls.person(count, birth_date="1951-02-03"),
    ]
    prints = [of_charge(Decided(each, each.counts[0], one.determination), "queen", Eyes()) for each in again]
    assert before not in prints
    assert len(set(prints)) == len(prints)
    # Another conviction of the same statute is another one; the same conviction from another row is not.
    twice = bench.rolls.person(count, other, bench.rolls.count("ZZ 100"))
    assert of_charge(Decided(twice, twice.counts[0], one.determination), "queen", Eyes()) not in (before, *prints)
    moved = bench.rolls.person(bench.rolls.count("ZZ 5", offense_class="4"), names=("OTHER,NAME",))
    assert of_charge(Decided(moved, moved.counts[0], one.determination), "queen", Eyes()) == before


def test_the_day_of_decision_is_no_fact_behind_a_word() -> None:
    kept = {
        "seen": "s",
        "cells": [],
        "own": [],
        "facts": [["as_of", "2026-01-01"]],
        "rules": [["r", "no", [["no", [0], []]]]],
    }
    later = {**kept, "facts": [["as_of", "2026-01-02"]]}
    assert of_kept(kept, None) == of_kept(later, None)
    assert of_kept(kept, None) != of_kept({**kept, "rules": [["r", "no", [["yes", [0], []]]]]}, None)


def test_a_word_on_no_decided_charge_is_counted_and_not_lost(bench: Bench) -> None:
    count = bench.rolls.count("ZZ 5", offense_class="4")
    (one,), _ = bench.decide(count)
    words = words_for(one, "queen", facts="x")
    elsewhere = Words({(0, 999): words.by_place[0, one.count.place.row]})
    bench.decide(count, words=elsewhere)
    assert elsewhere.figures() | {"unused": 1, "given": 1} == elsewhere.figures()
    assert Place(0, 999, 1000) not in elsewhere.heard


def test_a_table_has_a_row_for_each_route_and_takes_a_word_on_each(bench: Bench, tmp_path: Path) -> None:
    decided, run = bench.decide(bench.rolls.count("ZZ 5", offense_class="4"))
    bench.keep(1, decided, run)
    table = [dict(zip(COLUMNS, cells, strict=True)) for cells in rows(bench.store, 1, ["review", "eligible"])]
    assert [(row["route"], row["outcome"], row["relief"]) for row in table] == [
        ("queen", "review", ""),
        ("court", "eligible", "court"),
    ]
    said = {"ground": "Seen.", "said_by": "G. Quadling", "said_on": "1/5/2026"}
    given = [
        {**table[0], **said, "word": "settle", "new_outcome": "eligible"},
        {**table[1], **said, "word": "Object"},
        {**table[1], **said, "word": "object", "route": ""},
        {**table[0], **said, "word": "settle", "new_outcome": "eligible", "route": ""},
        {**table[0], **said, "word": "settle", "new_outcome": "eligible", "new_relief": "court"},
    ]
    path = tmp_path / "words.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writing = csv.DictWriter(file, COLUMNS)
        writing.writeheader()
        writing.writerows(given)
    heard = take_in(bench.store, read_sheet(path), lambda _: bench.reform.about, BY)
    assert (dict(heard.kinds), heard.repeated) == ({"settle": 1, "object": 1}, 1)
    assert [(left.row, left.problem) for left in heard.left_over] == [(4, "route"), (5, "new_relief")]
    kept = [Said.read(one) for every in SPOKEN.read(bench.store, 1, 1).values() for one in every]
    assert [(one.route, one.word.relief if one.word else None) for one in kept] == [
        ("queen", "queen"),
        ("court", None),
    ]
    # What stands in the vault stands in the next table.
    table = [dict(zip(COLUMNS, cells, strict=True)) for cells in rows(bench.store, 1, ["review"])]
    assert [(row["word"], row["new_relief"], row["said_on"]) for row in table] == [("settle", "queen", "2026-01-05")]
