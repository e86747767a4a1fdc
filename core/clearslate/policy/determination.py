"""What was decided about one count, by which rule, on which findings."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from clearslate.model import Answer, Record
from clearslate.policy.facts import Fact, Finding

if TYPE_CHECKING:
    from clearslate.policy.word import Word


class Outcome(enum.Enum):
    """Exactly one of these for every count in scope."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    REVIEW = "review"
    REFER = "refer"


class Decision(NamedTuple):
    """An outcome with the relief it grants, or the office it is referred to."""

    outcome: Outcome
    relief: str | None = None
    refer_to: str | None = None

    def __str__(self) -> str:
        detail = self.relief or self.refer_to
        return f"{self.outcome.value}: {detail}" if detail else self.outcome.value


class GroundTrace(NamedTuple):
    """One ground as asked: the condition in words, its citation, the answer wanted, what was found."""

    words: str
    cite: str
    wanted: Answer
    finding: Finding


class RuleTrace(NamedTuple):
    """One rule as walked: whether it applies, and the grounds asked until the first no."""

    rule: str
    decision: Decision
    applies: Answer
    grounds: tuple[GroundTrace, ...]


class Prospect(NamedTuple):
    """A rule that could apply, and what it would decide."""

    rule: str
    decision: Decision


class RouteRuling(Record, frozen=True):
    """What was decided on one route: ``relief`` is the route's, granted where the outcome is eligible.

    The other fields are those of a :class:`Determination`.
    """

    relief: str
    decision: Decision
    rule: str
    reason: str
    citations: tuple[str, ...]
    missing: tuple[Fact, ...]
    prospects: tuple[Prospect, ...]
    trace: tuple[RuleTrace, ...]


class Determination(Record, frozen=True):
    """The decision on one count.

    ``rule`` is the rule that decided. Where the outcome is ``review`` because facts are missing,
    it is the first rule that could apply, and ``prospects`` lists all that could with what each
    would decide. ``missing`` are the facts that would change the decision or settle it.
    ``reason`` is a sentence without personal data; ``citations`` are those of the grounds that
    decided. ``trace`` holds every rule walked, in order; it is empty where none was asked for.

    A policy with routes decides each apart: ``routes`` holds what was decided on each, in the policy's order, with its
    own trace. The whole is then eligible, with the greatest relief, where any route is; else review, else refer, where
    any is; ``rule``, ``reason`` and ``citations`` name each route that says so.

    Where an attorney had a word on it, ``words`` has each that holds, ``own`` is what the policy itself decided, and
    the reason repeats the attorney's ground, which may say anything.
    """

    decision: Decision
    rule: str
    reason: str
    citations: tuple[str, ...]
    missing: tuple[Fact, ...]
    prospects: tuple[Prospect, ...]
    flags: tuple[str, ...]
    trace: tuple[RuleTrace, ...]
    routes: tuple[RouteRuling, ...] = ()
    words: tuple[Word, ...] = ()
    own: Determination | None = None

    def word_on(self, route: str | None) -> Word | None:
        """The attorney's word on a route, or on the whole where there are no routes; None where nobody had one."""
        return next((word for word in reversed(self.words) if word.route in (None, route)), None)

    @property
    def granted(self) -> tuple[str, ...]:
        """Every relief that is granted, in the policy's order."""
        if self.routes:
            return tuple([route.relief for route in self.routes if route.decision.relief is not None])
        return () if self.decision.relief is None else (self.decision.relief,)

    @property
    def walks(self) -> tuple[tuple[str | None, tuple[RuleTrace, ...]], ...]:
        """Each walk over rules with the relief of its route; one without a relief where there are no routes."""
        if self.routes:
            return tuple([(route.relief, route.trace) for route in self.routes])
        return ((None, self.trace),)
