"""What holds for any record: each promise takes one and raises AssertionError, in words, where a policy breaks it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from clearslate.model import Count, PartialDate, Person, Place
from clearslate.policy.determination import Determination, Outcome
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import SCOPE_RULE, Policy
from clearslate.testing.blanks import blankings
from clearslate.testing.walk import account, describe

T = TypeVar("T")


def one_outcome(
    policies: Sequence[Policy], person: Person, count: Count, as_of: dt.date, _order: random.Random
) -> None:
    """Exactly one outcome, whole, explained, without personal data, and the same the second time."""
    for policy in policies:
        got = decide(policy, person, count, as_of)
        if got is None:
            continue
        outcome, relief, refer_to = got.decision
        ids = {rule.id for rule in policy.rules} | {SCOPE_RULE}
        said = " ".join((got.reason, *got.citations, *got.flags))
        for holds, wrong in (
            ((relief is not None) == (outcome is Outcome.ELIGIBLE), "grants without a relief"),
            (relief is None or relief in policy.reliefs, "grants a relief that the reform lacks"),
            ((refer_to is not None) == (outcome is Outcome.REFER), "refers to nobody"),
            (got.rule in ids and bool(got.trace), "names no rule of the policy"),
            (bool(got.reason.strip() and got.citations), "gives no reason or citation"),
            (not any(name in said for name in (*person.names, *person.identifiers)), "says something personal"),
            (decide(policy, person, count, as_of) == got, "is decided otherwise the second time"),
        ):
            _expect(holds, policy, person, got, wrong)


def same_without_trace(
    policies: Sequence[Policy], person: Person, count: Count, as_of: dt.date, order: random.Random
) -> None:
    """Quick answers and what a policy remembers of counts alike change nothing, with or without the trace."""
    day = PartialDate.of(order.choice((dt.date(1976, 1, 1), as_of)))
    born = PartialDate(order.choice((1930, 2003)), 1, 1)
    cycle = replace(count.cycle, arrested=day, charged=(count.statute,))
    alike = replace(count, event=replace(count.event, cycle=cycle), disposed=day, sentence=())
    other = replace(person, counts=(alike,), birth_date=born, registrations=(), missing_rows=())
    if person.missing_rows:
        other = replace(other, missing_rows=(Place(0, 1, 2),))
    for policy in policies:
        decide(policy, other, alike, as_of, trace=False)
        got = decide(policy, person, count, as_of)
        quick = decide(policy, person, count, as_of, trace=False)
        plain = None if got is None else replace(got, trace=())
        wrong = f"becomes {said_of(quick)} without its trace; a predicate of_plain_count looks at more than it may"
        _expect(quick == plain, policy, person, got, wrong)


def any_order(policies: Sequence[Policy], person: Person, count: Count, as_of: dt.date, order: random.Random) -> None:
    """The order of a person's rows changes nothing."""
    counts, registrations = _shuffled(order, person.counts), _shuffled(order, person.registrations)
    other = replace(person, counts=counts, registrations=registrations)
    for policy in policies:
        got, again = decide(policy, person, count, as_of), decide(policy, other, count, as_of)
        _expect(
            _gist(again) == _gist(got), policy, person, got, f"becomes {said_of(again)} with its rows in another order"
        )


def same_for_everyone(
    policies: Sequence[Policy], person: Person, count: Count, as_of: dt.date, _order: random.Random
) -> None:
    """Race, sex, names and identifiers change nothing."""
    others = [
        replace(person, sex=sex, race=race, names=("VARNISH,ABEL",), identifiers=(), person_id="2")
        for sex, race in (("M", "BLUE"), ("F", "GREEN"), (None, None))
    ]
    for policy in policies:
        got = decide(policy, person, count, as_of)
        for other in others:
            again = decide(policy, other, count, as_of)
            _expect(again == got, policy, person, got, f"becomes {said_of(again)} with another sex, race or name")


def learning_more_never_lowers(
    policies: Sequence[Policy], person: Person, count: Count, as_of: dt.date, order: random.Random
) -> None:
    """Taking facts away one after the other never raises a decision, so learning them never lowers it."""
    for _ in range(2):
        poorer = list(blankings(person, count))
        for less in order.sample(poorer, min(3, len(poorer))):
            for policy in policies:
                got, then = decide(policy, person, count, as_of), decide(policy, less.person, less.decided, as_of)
                wrong = f"becomes {said_of(then)} with {less.words}; a predicate takes unknown for yes or no"
                _expect(rank_of(policy, then) <= rank_of(policy, got), policy, person, got, wrong)
        person, count = less.person, less.decided


# Pieces ------------------------------------------------------------------------------------------


def decide(policy: Policy, person: Person, count: Count, as_of: dt.date, *, trace: bool = True) -> Determination | None:
    """Decide one count; raise AssertionError, telling the record, where the policy raises anything."""
    try:
        return policy.decide(Matter(History(person), count, as_of), trace=trace)
    except Exception as error:
        what = f"deciding a record raises {type(error).__name__}: {error}; no decision may raise"
        raise AssertionError("\n    ".join((f"policy [{policy.id}]: {what}", *describe(person)))) from error


def rank_of(policy: Policy, got: Determination | None) -> int:
    """Give 0 for what grants nothing, then the reliefs from the least to the most."""
    if got is None or got.decision.relief is None:
        return 0
    return policy.reliefs.index(got.decision.relief) + 1


def _gist(got: Determination | None) -> object:
    if got is None:
        return None
    missing = frozenset((fact.name, fact.place) for fact in got.missing)
    return got.decision, got.rule, got.reason, got.citations, got.flags, missing


def said_of(got: Determination | None) -> str:
    """The decision and its rule in a few words."""
    return "out of scope" if got is None else f"{got.decision} by rule [{got.rule}]"


def _shuffled(order: random.Random, items: Sequence[T]) -> tuple[T, ...]:
    mixed = list(items)
    order.shuffle(mixed)
    return tuple(mixed)


def _expect(holds: bool, policy: Policy, person: Person, got: Determination | None, wrong: str) -> None:
    if not holds:
        lines = [f"policy [{policy.id}]: {said_of(got)} {wrong}", *describe(person)]
        raise AssertionError("\n    ".join(lines + ([] if got is None else account(got))))
