"""Which decisions two policies take differently, found in one pass over the records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clearslate.assess.decide import Decided, Tally, decide_block
from clearslate.assess.put import Put
from clearslate.ingest.reader import Block, Concerns, Reading
from clearslate.model import Count, Person, Place
from clearslate.policy.determination import Determination
from clearslate.policy.policy import Policy

NOT_COVERED = "out_of_scope"
"""The outcome where a policy does not speak of the charge."""


class Ruled(NamedTuple):
    """What one policy says of a charge, or of one route of it: outcome, every relief granted, office, rule."""

    outcome: str
    reliefs: tuple[str, ...] = ()
    refer_to: str | None = None
    rule: str | None = None

    @property
    def decision(self) -> str:
        """The decision without its rule, such as ``eligible: dismiss_and_seal``."""
        detail = ", ".join(self.reliefs) or self.refer_to
        return f"{self.outcome}: {detail}" if detail else self.outcome


NOTHING = Ruled(NOT_COVERED)


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """What two policies say of one charge."""

    person: Person
    count: Count
    before: Determination | None
    after: Determination | None

    @property
    def ruled(self) -> tuple[Ruled, Ruled]:
        """What each says of the whole charge."""
        return ruled(self.before), ruled(self.after)

    @property
    def changed(self) -> bool:
        """Whether the decision changed: another rule for the same decision is no change."""
        before, after = self.ruled
        return before.decision != after.decision


@dataclass(slots=True)
class Compared:
    """How the decisions of two policies compare, in counts; nothing in it is personal.

    ``pairs`` counts every charge that either decides by what both say of it; ``routes`` does so for each route of
    charges under a policy that has any, by its relief.
    """

    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)
    pairs: Counter[tuple[Ruled, Ruled]] = field(default_factory=Counter)
    routes: Counter[tuple[str, Ruled, Ruled]] = field(default_factory=Counter)
    people_changed: int = 0

    @property
    def charges(self) -> int:
        """How many charges either policy decides."""
        return self.pairs.total()

    @property
    def changed(self) -> int:
        """How many of them are decided differently."""
        return sum(number for (one, two), number in self.pairs.items() if one.decision != two.decision)

    @property
    def other_rule(self) -> int:
        """How many are decided alike, by another rule."""
        return sum(
            number for (one, two), number in self.pairs.items() if one.decision == two.decision and one.rule != two.rule
        )

    def add(self, pairs: Sequence[Pair]) -> None:
        """Count the charges of a block."""
        self.pairs.update([pair.ruled for pair in pairs])
        self.people_changed += len({pair.person.person_id for pair in pairs if pair.changed})
        for pair in pairs:
            before, after = _routes(pair.before), _routes(pair.after)
            self.routes.update(
                [(name, before.get(name, NOTHING), after.get(name, NOTHING)) for name in {**before, **after}]
            )


def ruled(found: Determination | None) -> Ruled:
    """What a determination says of the whole charge."""
    if found is None:
        return NOTHING
    return Ruled(found.decision.outcome.value, found.granted, found.decision.refer_to, found.rule)


def _routes(found: Determination | None) -> dict[str, Ruled]:
    if found is None:
        return {}
    return {
        route.relief: Ruled(
            route.decision.outcome.value,
            () if route.decision.relief is None else (route.decision.relief,),
            route.decision.refer_to,
            route.rule,
        )
        for route in found.routes
    }


@dataclass(frozen=True, slots=True, repr=False)
class _Shared:
    """A block whose persons are made once for both policies."""

    block: Block
    everyone: Sequence[Person]

    @property
    def people(self) -> int:
        return self.block.people

    @property
    def convictions(self) -> int:
        return self.block.convictions

    @property
    def charges(self) -> int:
        return self.block.charges

    def persons(self, _: Concerns) -> Sequence[Person]:
        return self.everyone


def compared(
    reading: Reading,
    policies: tuple[Policy, Policy],
    as_of: dt.date,
    county: str | None,
    totals: Compared,
    puts: tuple[Put | None, Put | None] = (None, None),
) -> Iterator[tuple[Block, list[Pair]]]:
    """Each block in source order with what both policies say of its charges, those that neither covers left out."""
    old, new = policies
    concerns: Concerns = _either(old.may_concern, new.may_concern)
    for block in reading.blocks():
        shared: Block = _Shared(block, block.persons(concerns))  # type: ignore[assignment] # only persons are asked for
        before = decide_block(shared, old, as_of, county, totals.before, put=puts[0])
        after = decide_block(shared, new, as_of, county, totals.after, put=puts[1])
        pairs = list(_paired(before, after))
        totals.add(pairs)
        yield block, pairs


def _either(one: Concerns, two: Concerns) -> Callable[..., bool]:
    return lambda statute: one(statute) or two(statute)


def _paired(before: Sequence[Decided], after: Sequence[Decided]) -> Iterator[Pair]:
    """The charges of both in the order of the records; one that only one side decides has nothing on the other."""
    found: dict[tuple[Place, str, str], list[Decided | None]] = {}
    for side, decided in enumerate((before, after)):
        for one in decided:
            found.setdefault((one.count.place, one.person.person_id, one.count.key), [None, None])[side] = one
    for place in sorted(found):
        old, new = found[place]
        either = old or new
        assert either is not None
        yield Pair(
            either.person,
            either.count,
            None if old is None else old.determination,
            None if new is None else new.determination,
        )
