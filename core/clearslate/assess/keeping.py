"""What a run decides, kept in the vault: of each person under the person's own key, with the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import numpy as np

from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.kept import KeptSource
from clearslate.ingest.reader import Block, Reading
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.determinations import COLUMNS, cells
from clearslate.output.writer import RunContext
from clearslate.policy.determination import RuleTrace
from clearslate.policy.facts import Fact
from clearslate.policy.said import ANSWERS, said
from clearslate.vault import runs
from clearslate.vault.ledger import Ledger
from clearslate.vault.store import Step, Store


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """The vault that a run reads from.

    ``about`` is kept with the run beside its manifest: when it was, and what was asked for. ``settle`` is called
    once the run is kept, with the counts, and before any output appears. ``keeps`` False leaves no trace of the run.
    """

    store: Store
    sources: Sequence[KeptSource]
    about: Mapping[str, Any] = field(default_factory=dict)
    settle: Callable[[Mapping[str, int]], None] = lambda _: None
    keeps: bool = True

    def marked(self, reading: Reading) -> Reading:
        """The reading, in which whoever shared an identifier with somebody who was shredded still counts as sharing it.

        Nothing may be granted because the other one is gone.
        """
        before = set(Ledger.read(self.store).conflicts.get("shared_before", ()))
        if not before or not isinstance(reading, DelimitedReading):
            return reading
        numbers = numbers_of(reading, self.sources)
        people = reading.survey.people
        shared = [person for person, label in enumerate(people.labels) if numbers[label] in before]
        marked = replace(people, shared=np.union1d(people.shared, np.array(shared, np.int64)))
        return replace(reading, survey=replace(reading.survey, people=marked))


_Facts = dict[tuple[str, int, Place | None], tuple[Fact, int]]
"""Facts by name, identity of the value and place, each with its number."""


class Keeper:
    """Keeps one run, block by block, in a step of the vault that is undone where the run fails."""

    def __init__(self, kept: Kept, step: Step, run: RunContext) -> None:
        self._kept = kept
        self._step = step
        self._run = run
        self._ledger = Ledger.read(kept.store)
        self.number = self._ledger.next_run
        assert isinstance(run.reading, DelimitedReading)
        self._numbers = numbers_of(run.reading, kept.sources)
        self.persons = 0

    def block(self, _block: Block, decided: Sequence[Decided]) -> None:
        """Keep what was decided in a block, person by person."""
        found = [
            (self._numbers[id], [described(one, self._run) for one in each])
            for id, each in groupby(decided, lambda one: one.person.person_id)
        ]
        self.persons += runs.write_decisions(self._step, self.number, found)

    def close(self, manifest: Mapping[str, Any]) -> None:
        """Keep what was run."""
        about = {**self._kept.about, "manifest": dict(manifest), "columns": list(COLUMNS)}
        runs.write_run(self._step, self.number, about)
        ledger = self._ledger
        Ledger(ledger.next_person, ledger.next_source, self.number + 1, ledger.under_way, ledger.conflicts).write(
            self._step
        )


def numbers_of(reading: DelimitedReading, sources: Sequence[KeptSource]) -> dict[str, int]:
    """The number in the vault of each person of a reading on these sources, by person id."""
    people = reading.survey.people
    runs_ = reading.survey.runs
    owner = np.zeros(len(runs_), np.int64)
    for file, source in enumerate(sources):
        own = np.flatnonzero(runs_.file == file)
        at = np.searchsorted(source.map.offset, runs_.offset[own], side="right") - 1
        owner[own] = source.map.owner[at]
    # The first run of a person comes first, so it is the one that stays when written last.
    of_person = np.zeros(len(people.labels), np.int64)
    of_person[runs_.person[::-1]] = owner[::-1]
    return dict(zip(people.labels, of_person.tolist(), strict=True))


def described(one: Decided, run: RunContext) -> dict[str, Any]:
    """A determination as it is kept: the cells of determinations.csv, the facts used, and the rules walked.

    A fact is its name and value, and file index and row where it stands in one. A rule is its id, whether it applies,
    and of each ground asked the answer and the numbers of the facts used and lacked. Rules that the statute, the
    grade or a flag rules out at once are left out; ``explain`` shows them.
    """
    facts: _Facts = {}
    rules = [_rule(rule, facts) for rule in one.determination.trace]
    told = [
        [name, None if value is None else said(value), *(() if place is None else (place.file, place.row))]
        for name, value, place in (fact for fact, _ in facts.values())
    ]
    return {"cells": list(cells(one, run)), "facts": told, "rules": rules}


def _rule(rule: RuleTrace, facts: _Facts) -> list[Any]:
    return [
        rule.rule,
        ANSWERS[rule.applies],
        [
            [
                ANSWERS[ground.finding.answer],
                [_number(fact, facts) for fact in ground.finding.used],
                [_number(fact, facts) for fact in ground.finding.lacked],
            ]
            for ground in rule.grounds
        ],
    ]


def _number(fact: Fact, facts: _Facts) -> int:
    # The very same value is the same fact; an equal one told twice does no harm.
    return facts.setdefault((fact.name, id(fact.value), fact.place), (fact, len(facts)))[1]
