"""What was decided about one count, by which rule, on which findings."""

from __future__ import annotations

import enum
from typing import NamedTuple

from clearslate.model import Answer, Record
from clearslate.policy.facts import Fact, Finding


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


class Determination(Record, frozen=True):
    """The decision on one count.

    ``rule`` is the rule that decided. Where the outcome is ``review`` because facts are missing,
    it is the first rule that could apply, and ``prospects`` lists all that could with what each
    would decide. ``missing`` are the facts that would change the decision or settle it.
    ``reason`` is a sentence without personal data; ``citations`` are those of the grounds that
    decided. ``trace`` holds every rule walked, in order; it is empty where none was asked for.
    """

    decision: Decision
    rule: str
    reason: str
    citations: tuple[str, ...]
    missing: tuple[Fact, ...]
    prospects: tuple[Prospect, ...]
    flags: tuple[str, ...]
    trace: tuple[RuleTrace, ...]
