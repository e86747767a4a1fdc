"""What holds for any record: each promise takes one and raises AssertionError, in words, where a policy breaks it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from clearslate.model import Answer, Count, PartialDate, Person, Place
from clearslate.policy.determination import Decision, Determination, Outcome, RouteRuling
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import SCOPE_RULE, Policy, Rule
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
        said = " ".join((got.reason, *got.citations, *got.flags))
        for holds, wrong in (
            *_whole_decision(policy, got, got.routes or (got,)),
            (
                tuple(route.relief for route in got.routes) == tuple(route.relief for route in policy.routes),
                "leaves out a route",
            ),
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
        plain = None if got is None else _without_trace(got)
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
        poorer = list(blankings(person, count, charges=policies[0].decides_charges))
        for less in order.sample(poorer, min(3, len(poorer))):
            for policy in policies:
                got, then = decide(policy, person, count, as_of), decide(policy, less.person, less.decided, as_of)
                wrong = f"becomes {said_of(then)} with {less.words}; a predicate takes unknown for yes or no"
                _expect(not grants_more(policy, then, got), policy, person, got, wrong)
        person, count = less.person, less.decided


# Pieces ------------------------------------------------------------------------------------------


def decide(policy: Policy, person: Person, count: Count, as_of: dt.date, *, trace: bool = True) -> Determination | None:
    """Decide one count; raise AssertionError, telling the record, where the policy raises anything."""
    try:
        return policy.decide(Matter(History(person), count, as_of), trace=trace)
    except Exception as error:
        what = f"deciding a record raises {type(error).__name__}: {error}; no decision may raise"
        raise AssertionError("\n    ".join((f"policy [{policy.id}]: {what}", *describe(person)))) from error


def grants_more(policy: Policy, then: Determination | None, got: Determination | None) -> bool:
    """Whether ``then`` grants what ``got`` does not: a greater relief, or a relief on one more route.

    What ``got`` decided by a rule about a record that contradicts itself is left out.
    """
    if then is None:
        return False
    before = {None if route is None else route: rank for route, rank in _ranks(policy, got)}
    settled = _contradicted(policy, got)
    return any(
        rank > before.get(route, 0)
        for route, rank in _ranks(policy, then)
        if route not in settled and None not in settled
    )


def _ranks(policy: Policy, got: Determination | None) -> Iterator[tuple[str | None, int]]:
    """For each route (None without routes) 0 for what grants nothing, else the relief's place from the least."""
    if got is None:
        return
    decided: list[tuple[str | None, Decision]] = [(route.relief, route.decision) for route in got.routes]
    for route, decision in decided or [(None, got.decision)]:
        yield route, 0 if decision.relief is None else policy.reliefs.index(decision.relief) + 1


def _contradicted(policy: Policy, got: Determination | None) -> set[str | None]:
    """The routes on which a rule about a contradiction certainly applied and decided."""
    if got is None:
        return set()
    walked: dict[str | None, Sequence[Rule]] = {route.relief: route.rules for route in policy.routes}
    walked = walked or {None: policy.rules}
    marked = {route: {rule.id for rule in rules if rule.contradiction} for route, rules in walked.items()}
    parts: list[tuple[str | None, Determination | RouteRuling]] = [(route.relief, route) for route in got.routes]
    return {
        route
        for route, part in parts or [(None, got)]
        if part.rule in marked[route]
        and any(rule.rule == part.rule and rule.applies is Answer.YES for rule in part.trace)
    }


def _whole_decision(
    policy: Policy, got: Determination, parts: Sequence[Determination | RouteRuling]
) -> Iterator[tuple[bool, str]]:
    ids = {rule.id for rule in policy.rules} | {SCOPE_RULE}
    for part in (got, *parts):
        outcome, relief, refer_to = part.decision
        yield (relief is not None) == (outcome is Outcome.ELIGIBLE), "grants without a relief"
        yield relief is None or relief in policy.reliefs, "grants a relief that the reform lacks"
        yield (refer_to is not None) == (outcome is Outcome.REFER), "refers to nobody"
    for part in parts:
        yield part.rule in ids and bool(part.trace), "names no rule of the policy"
        yield bool(part.reason.strip() and part.citations), "gives no reason or citation on a route"


def _without_trace(got: Determination) -> Determination:
    return replace(got, trace=(), routes=tuple(replace(route, trace=()) for route in got.routes))


def _gist(got: Determination | None) -> object:
    if got is None:
        return None
    parts: list[Determination | RouteRuling] = [got, *got.routes]
    return got.flags, [
        (one.decision, one.rule, one.reason, one.citations, frozenset((fact.name, fact.place) for fact in one.missing))
        for one in parts
    ]


def said_of(got: Determination | None) -> str:
    """The decision and its rule in a few words."""
    if got is None:
        return "out of scope"
    also = f" (all granted: {', '.join(got.granted)})" if len(got.granted) > 1 else ""
    return f"{got.decision} by rule [{got.rule}]{also}"


def _shuffled(order: random.Random, items: Sequence[T]) -> tuple[T, ...]:
    mixed = list(items)
    order.shuffle(mixed)
    return tuple(mixed)


def _expect(holds: bool, policy: Policy, person: Person, got: Determination | None, wrong: str) -> None:
    if not holds:
        lines = [f"policy [{policy.id}]: {said_of(got)} {wrong}", *describe(person)]
        raise AssertionError("\n    ".join(lines + ([] if got is None else account(got))))
