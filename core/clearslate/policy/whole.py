"""One determination of several routes: eligible where any is, and every route named that says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clearslate.policy.determination import Decision, Determination, Outcome, RouteRuling
from clearslate.policy.facts import Fact

_FIRST = (Outcome.ELIGIBLE, Outcome.REVIEW, Outcome.REFER, Outcome.INELIGIBLE)
"""What the whole is: the first of these that a route says."""


def whole(
    routes: Sequence[RouteRuling], flags: tuple[str, ...], rank: Mapping[str, int], titles: Mapping[str, str]
) -> Determination:
    """Make the determination of what was decided on each route.

    ``rank`` orders the reliefs from the least to the most, ``titles`` names them. Rule, reason and citations are those
    of the routes that have the outcome of the whole; routes that are open beside a grant are named behind it.
    """
    outcomes = {route.decision.outcome for route in routes}
    outcome = next(one for one in _FIRST if one in outcomes)
    deciding = [route for route in routes if route.decision.outcome is outcome]
    beside = (Outcome.REVIEW, Outcome.REFER) if outcome is Outcome.ELIGIBLE else ()
    open_too = [route for route in routes if route.decision.outcome in beside]
    everywhere = len(deciding) == len(routes)
    reason = _together(deciding, titles, lambda route: route.reason, " ", named=not everywhere)
    if open_too:
        reason = f"{reason} Open: {_together(open_too, titles, lambda route: route.reason, ' ', named=True)}"
    missing: dict[object, Fact] = {}
    for route in routes:
        if route.decision.outcome in (outcome, Outcome.REVIEW):
            missing.update({(fact.name, fact.place): fact for fact in route.missing})
    return Determination(
        decision=_decision(outcome, deciding, rank),
        rule=_together(deciding, None, lambda route: route.rule, "; ", named=not everywhere),
        reason=reason,
        citations=tuple(dict.fromkeys(cite for route in [*deciding, *open_too] for cite in route.citations)),
        missing=tuple(missing.values()),
        prospects=(),
        flags=flags,
        trace=(),
        routes=tuple(routes),
    )


def _decision(outcome: Outcome, deciding: Sequence[RouteRuling], rank: Mapping[str, int]) -> Decision:
    if outcome is Outcome.ELIGIBLE:
        return max((route.decision for route in deciding), key=lambda decision: rank[decision.relief or ""])
    if outcome is Outcome.REFER:
        offices = dict.fromkeys(route.decision.refer_to or "" for route in deciding)
        return Decision(outcome, None, "; ".join(offices))
    return Decision(outcome)


def _together(
    routes: Sequence[RouteRuling],
    titles: Mapping[str, str] | None,
    said: Callable[[RouteRuling], str],
    between: str,
    *,
    named: bool,
) -> str:
    """What the routes say, each thing once behind those that say it; alone where all say the same."""
    by_said: dict[str, list[str]] = {}
    for route in routes:
        name = route.relief if titles is None else titles[route.relief]
        by_said.setdefault(said(route), []).append(name)
    if len(by_said) == 1 and not named:
        return next(iter(by_said))
    return between.join(f"{', '.join(names)}: {words}" for words, names in by_said.items())
