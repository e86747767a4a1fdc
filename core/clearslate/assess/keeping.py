"""What a run decides, kept in the vault: of each person under the person's own key, with the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from clearslate.assess.seen import Eyes
from clearslate.ingest.kept import KeptSource, SourceMap
from clearslate.ingest.reader import Block, Mapped
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.determinations import COLUMNS, cells
from clearslate.output.writer import RunContext
from clearslate.policy.determination import Determination, RouteRuling, RuleTrace
from clearslate.policy.facts import Fact
from clearslate.policy.said import ANSWERS, said
from clearslate.vault import runs
from clearslate.vault.ledger import Ledger
from clearslate.vault.store import Step, Store

if TYPE_CHECKING:
    from clearslate.assess.words import Words


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
        self._owners = Owners([source.map for source in kept.sources])
        self._eyes = Eyes()

    def block(self, _block: Block, decided: Sequence[Decided], words: Words | None = None) -> None:
        """Keep what was decided in a block, person by person, with the attorneys' words on it."""
        of_owner: dict[int, list[dict[str, Any]]] = {}
        for one in decided:
            kept = {**described(one, self._run), "seen": self._eyes.see(one)}
            if words is not None:
                kept |= words.kept_with(one)
            of_owner.setdefault(self._owners.of_decided(one), []).append(kept)
        for owner, found in of_owner.items():
            # There is something already where a record's rows are decided in two blocks.
            of_owner[owner] = [*runs.read_decisions(self._kept.store, self.number, owner), *found]
        runs.write_decisions(self._step, self.number, of_owner.items())

    def close(self, manifest: Mapping[str, Any]) -> None:
        """Keep what was run."""
        about = {**self._kept.about, "manifest": dict(manifest), "columns": list(COLUMNS)}
        if isinstance(self._run.reader, Mapped):
            about["mapping"] = self._run.reader.mapping_file._asdict()
        runs.write_run(self._step, self.number, about)
        replace(self._ledger, next_run=self.number + 1).write(self._step)


class Owners:
    """Whose record a decision stands with: the one that its count's first row is in.

    So it is sealed under the key that the row is sealed under, whatever else the row is read together with.
    """

    def __init__(self, maps: Sequence[SourceMap]) -> None:
        self._maps = maps
        self._rows = [np.cumsum(map.rows) for map in maps]

    def of(self, file: int, row: int) -> int:
        """The number of the record that a row, counted from 1, is in."""
        return int(self._maps[file].owner[np.searchsorted(self._rows[file], row)])

    def of_decided(self, one: Decided) -> int:
        """The number of the record that a decision stands with."""
        return self.of(one.count.place.file, one.count.place.row)


def described(one: Decided, run: RunContext) -> dict[str, Any]:
    """A determination as it is kept: the cells of determinations.csv, the facts used, and the rules walked.

    A fact is its name and value, file index and row where it stands in one, and who says so where a person supplied
    it. With routes there is, for each, its relief, outcome, rule and reason beside its own rules walked. A rule is its
    id, whether it applies, and of each ground asked the answer and the numbers of the facts used and lacked. Rules
    that the statute, the grade or a flag rules out at once are left out; ``explain`` shows them. ``prospects`` are what
    rules that could apply would decide, where the outcome is open.
    """
    return {"cells": list(cells(one, run)), **walked(one.determination)}


def walked(determination: Determination) -> dict[str, Any]:
    """The facts and the rules of a determination as they are kept; see :func:`described`."""
    facts: _Facts = {}
    own = determination.own or determination
    walks = [[_rule(rule, facts) for rule in trace] for _, trace in determination.walks]
    told = [
        [
            fact.name,
            None if fact.value is None else said(fact.value),
            *(() if fact.place is None else (fact.place.file, fact.place.row)),
            *(() if fact.said_by is None else (fact.said_by,)),
        ]
        for fact, _ in facts.values()
    ]
    kept: dict[str, Any] = {"facts": told}
    if determination.routes:
        rulings = zip(determination.routes, walks, strict=True)
        kept["routes"] = [
            [route.relief, route.decision.outcome.value, route.rule, route.reason, rules] for route, rules in rulings
        ]
    else:
        (kept["rules"],) = walks
    parts: Sequence[Determination | RouteRuling] = own.routes or (own,)
    if prospects := [open_to for part in parts if (open_to := _prospects(part))]:
        kept["prospects"] = prospects
    return kept


def _prospects(part: Determination | RouteRuling) -> list[str | None]:
    route = part.relief if isinstance(part, RouteRuling) else None
    return [route, *(str(one.decision) for one in part.prospects)] if part.prospects else []


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
