"""Where an entry goes on one route, where a law gives several reliefs, each decided apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from clearslate.errors import LedgerError
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.policy.determination import Outcome, RouteRuling
from clearslate.policy.word import REOPENED_RULE, RULES

_STANDINGS = {
    Outcome.ELIGIBLE: Standing.GRANTED,
    Outcome.REVIEW: Standing.OPEN,
    Outcome.INELIGIBLE: Standing.REFUSED,
    Outcome.REFER: Standing.REFERRED,
}
_OF_WORDS = frozenset(RULES.values())
_OF_ATTORNEYS = _OF_WORDS | {REOPENED_RULE}


_BY_HAND = "An attorney of the office decided it; the ground is on file with the run."
"""The reason of what was decided by hand: the attorney's own words are the office's, and on no paper."""


class OnRoute(NamedTuple):
    """Where an entry goes on a route, by which rule and why; ``said_by`` is the attorney whose word it is."""

    standing: Standing
    rule: str
    reason: str
    said_by: str | None = None


def on_route(entry: Entry, route: str) -> OnRoute:
    """Where an entry goes on the route that gives this relief.

    An attorney's word on another route changes nothing here. Its ground may say anything, and is not in the reason.
    """
    ruling = ruling_of(entry, route)
    if ruling is None:
        return OnRoute(Standing.REFUSED, "no_such_route", "The policy has no such route.")
    standing = Standing.OBJECTED if ruling.rule == RULES["object"] else _STANDINGS[ruling.decision.outcome]
    if ruling.rule not in _OF_ATTORNEYS:
        return OnRoute(standing, ruling.rule, ruling.reason)
    word = entry.decided.determination.word_on(route)
    return OnRoute(standing, ruling.rule, _BY_HAND, None if word is None else word.said_by)


def ruling_of(entry: Entry, route: str) -> RouteRuling | None:
    """What was decided on the route; None where the policy has none of that name."""
    return next((one for one in entry.decided.determination.routes if one.relief == route), None)


def is_by_hand(on: OnRoute) -> bool:
    """Whether an attorney's word put it there."""
    return on.rule in _OF_WORDS


def granted_on(entries: Iterable[Entry], route: str) -> list[Entry]:
    """The entries that the route gives its relief, in the order given."""
    return [entry for entry in entries if on_route(entry, route).standing is Standing.GRANTED]


def standings(entries: Iterable[Entry], route: str) -> dict[str, int]:
    """How many entries go where on the route, none left out."""
    counted = Counter(on_route(entry, route).standing for entry in entries)
    return {standing.value: counted[standing] for standing in Standing}


def taken(granted: int) -> dict[str, int]:
    """What a packet took up that holds granted entries alone."""
    return {standing.value: granted if standing is Standing.GRANTED else 0 for standing in Standing}


def check_whole(packet: Packet) -> None:
    """Raise LedgerError where the entries are not as many as the run decided."""
    ledger = packet.manifest.get("ledger", {})
    decided = ledger.get(f"{packet.reform.decides}_decided", len(packet.entries))
    if decided != len(packet.entries):
        raise LedgerError(
            f"the run decided [{decided}] and [{len(packet.entries)}] were read for the packet; run it again"
        )
