"""Decide the convictions or charges of a block of persons, and account for each of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from clearslate.assess.county import county_key
from clearslate.assess.put import Put
from clearslate.assess.words import Words
from clearslate.ingest.reader import Block, Reading
from clearslate.model import Answer, Disposition
from clearslate.output.decided import Decided
from clearslate.policy.determination import Decision
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import Policy

__all__ = ["Decided", "Tally", "decide_block", "decisions"]


@dataclass(slots=True)
class Tally:
    """Where every conviction (or charge, where the reform decides charges) went: each is in one of three buckets.

    ``charges`` counts them. ``decided`` counts by decision, and ``routes`` by relief and outcome of each route;
    ``out_of_scope_statute`` are those that the policy does not speak of, ``other_county`` those it does, in a county
    that was not asked for. ``undisposed`` are counts beside them, perhaps convictions, that the policy may concern and
    nobody can read the end of.
    """

    people: int = 0
    charges: int = 0
    out_of_scope_statute: int = 0
    other_county: int = 0
    undisposed: int = 0
    decided: Counter[Decision] = field(default_factory=Counter)
    routes: Counter[tuple[str, str]] = field(default_factory=Counter)
    people_decided: int = 0

    def by_outcome(self) -> dict[str, int]:
        """What was decided by outcome."""
        found: Counter[str] = Counter()
        for decision, number in self.decided.items():
            found[decision.outcome.value] += number
        return dict(found)


def _asked_for(county: str | None) -> Callable[[str | None], bool]:
    """Whether a count's county is the one asked for, or blank, or any where none was."""
    if county is None:
        return lambda _: True
    wanted = county_key(county)

    @cache
    def is_asked_for(name: str | None) -> bool:
        return county_key(name or "") in ("", wanted)

    return is_asked_for


def decide_block(
    block: Block,
    policy: Policy,
    as_of: dt.date,
    county: str | None,
    tally: Tally | None = None,
    *,
    put: Put | None = None,
    words: Words | None = None,
    trace: bool = False,
    brief: bool = False,
) -> list[Decided]:
    """Decide every conviction in scope, or every charge where the reform decides those, in record order.

    ``county`` None is every county; with one, a charge whose county is blank stays in. ``tally`` is added to. ``put``
    are a person's answers, ``words`` those of attorneys. ``trace`` keeps every rule walked, for an explanation, or with
    ``brief`` those not ruled out at once.
    """
    every = policy.decides_charges
    decided: list[Decided] = []
    is_asked_for = _asked_for(county)
    seen = out_of_scope = other_county = undisposed = people = 0
    for person in block.persons(policy.may_concern):
        if put is not None:
            person = put.of(person)
        history: History | None = None
        before = len(decided)
        for count in person.counts:
            convicted = every or count.disposition is Disposition.CONVICTED
            seen += convicted
            if not convicted and count.disposition is not Disposition.UNKNOWN:
                continue
            if not policy.may_concern(count.statute):
                out_of_scope += convicted
                continue
            if history is None:
                history = History(person)
            matter = Matter(history, count, as_of)
            here = is_asked_for(count.event.county)
            if not convicted:
                undisposed += here and policy.covers(matter) is not Answer.NO
                continue
            if not here:
                if policy.covers(matter) is Answer.NO:
                    out_of_scope += 1
                else:
                    other_county += 1
                continue
            determination = policy.decide(matter, trace=trace, brief=brief)
            if determination is None:
                out_of_scope += 1
                continue
            if words is not None and words.about(count):
                traced = determination if trace and brief else policy.decide(matter, trace=True, brief=True)
                assert traced is not None, "the same count is decided again"
                determination = words.put(policy, Decided(person, count, determination), traced)
            decided.append(Decided(person, count, determination))
            if put is not None and put.to(count):
                told = policy.decide(matter)
                assert told is not None, "the same count is decided again"
                put.decided(count, told)
        people += len(decided) > before
    if tally is not None:
        tally.people += block.people
        tally.people_decided += people
        charges = block.charges if every else block.convictions
        tally.charges += charges
        # Persons without a candidate are never built: none of their charges is in scope.
        tally.out_of_scope_statute += out_of_scope + charges - seen
        tally.other_county += other_county
        tally.undisposed += undisposed
        tally.decided.update([one.determination.decision for one in decided])
        if policy.routes:
            tally.routes.update(
                [(route.relief, route.decision.outcome.value) for one in decided for route in one.determination.routes]
            )
    return decided


def decisions(
    reading: Reading,
    policy: Policy,
    as_of: dt.date,
    county: str | None,
    tally: Tally | None = None,
    *,
    put: Put | None = None,
    words: Words | None = None,
    trace: bool = False,
    brief: bool = False,
) -> Iterator[tuple[Block, list[Decided]]]:
    """Each block in source order with what was decided in it."""
    for block in reading.blocks():
        yield block, decide_block(block, policy, as_of, county, tally, put=put, words=words, trace=trace, brief=brief)
