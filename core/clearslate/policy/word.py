"""An attorney's word on a determination: settled, overruled, or objected to, and what becomes of the determination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec.structs import replace

from clearslate.model import Record
from clearslate.policy.determination import Decision, Determination, Outcome, Prospect, RouteRuling
from clearslate.policy.policy import Policy

Kind = Literal["settle", "overrule", "object"]

SETTLED, OVERRULED, OBJECTED = "ATTORNEY_SETTLED", "ATTORNEY_OVERRULED", "ATTORNEY_OBJECTED"
"""The flags of a determination that an attorney had a word on."""

REOPENED = "ATTORNEY_WORD_REOPENED"
"""The flag of a determination on which an attorney's word does not hold any more, because what is behind it changed."""

RULES: Mapping[Kind, str] = MappingProxyType(
    {"settle": "attorney_settled", "overrule": "attorney_overruled", "object": "attorney_objected"}
)
"""The rule that a determination names for each kind of word."""

REOPENED_RULE = "attorney_word_reopened"
"""The rule that a determination names where a word does not hold any more."""

_FLAGS: Mapping[Kind, str] = MappingProxyType({"settle": SETTLED, "overrule": OVERRULED, "object": OBJECTED})
_SAID: Mapping[Kind, str] = MappingProxyType({"settle": "Settled", "overrule": "Overruled", "object": "Objected to"})


class Word(Record, frozen=True):
    """What an attorney said of a determination.

    ``settle`` gives the outcome of one that was for review, ``overrule`` another outcome than was decided, ``object``
    challenges a grant before the court, which then hears it: nothing is granted until it has. ``relief`` is the one
    granted where ``outcome`` is eligible. ``route`` names the route it is about, where a policy has routes.
    """

    kind: Kind
    outcome: Outcome | None
    relief: str | None
    ground: str
    said_by: str
    said_on: dt.date
    route: str | None = None


def with_word(policy: Policy, got: Determination, word: Word) -> Determination:
    """The determination with an attorney's word in place of what it is about; the rules walked stay as they were.

    A word that names no route, of a policy that has some, objects to every relief that is granted; other words name
    their route. What the policy had decided stays in the reason, and as a prospect where the word leaves it open.
    """
    put = _put(policy, got, word, _spoken, _FLAGS[word.kind])
    return replace(put, words=(*got.words, word))


def reopened(policy: Policy, got: Determination, word: Word) -> Determination:
    """The determination, for review where an attorney's word was on other facts than these; the word is not in it."""
    return _put(policy, got, word, _asked_again, REOPENED)


class _Ruled(NamedTuple):
    """What stands in place of a ruling, by the names of its fields."""

    decision: Decision
    rule: str
    reason: str
    prospects: tuple[Prospect, ...]


_Ruling = Callable[[Decision, str, Word], _Ruled]


def _put(policy: Policy, got: Determination, word: Word, ruled: _Ruling, flag: str) -> Determination:
    flags = tuple(sorted({*got.flags, flag}))
    own = got.own or got
    if not got.routes:
        now = ruled(got.decision, got.rule, word)
        missing = got.missing if now.rule == REOPENED_RULE else ()
        return replace(got, **now._asdict(), missing=missing, flags=flags, own=own)
    routes = [_on_route(route, word, ruled) if _is_about(word, route) else route for route in got.routes]
    return replace(policy.of_routes(routes, flags), words=got.words, own=own)


def _is_about(word: Word, route: RouteRuling) -> bool:
    if word.route is None:
        return word.kind == "object" and route.decision.outcome is Outcome.ELIGIBLE
    return route.relief == word.route


def _on_route(route: RouteRuling, word: Word, ruled: _Ruling) -> RouteRuling:
    now = ruled(route.decision, route.rule, word)
    return replace(route, **now._asdict(), missing=route.missing if now.rule == REOPENED_RULE else ())


def _spoken(decided: Decision, rule: str, word: Word) -> _Ruled:
    decision = Decision(Outcome.REVIEW)
    if word.kind != "object":
        decision = Decision(word.outcome or Outcome.REVIEW, word.relief)
    open_to = (Prospect(rule, decided),) if decision.outcome is Outcome.REVIEW else ()
    return _Ruled(decision, RULES[word.kind], f"{_said(word)} {_before(decided, rule)}", open_to)


def _asked_again(decided: Decision, rule: str, word: Word) -> _Ruled:
    again = "The facts behind that have changed, so it is open again."
    reason = f"{_said(word)} {again} {_before(decided, rule, 'now decides')}"
    return _Ruled(Decision(Outcome.REVIEW), REOPENED_RULE, reason, (Prospect(rule, decided),))


def _said(word: Word) -> str:
    ground = " ".join(word.ground.split()).rstrip(". ")
    return f"{_SAID[word.kind]} by {word.said_by} on {word.said_on.isoformat()}: {ground}."


def _before(decided: Decision, rule: str, verb: str = "had decided") -> str:
    return f"The policy {verb}: {decided}, by rule {rule}."
