"""The closed schema of policy and reform files: what a lawyer may write, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
FlagName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
ParameterValue = bool | int | list[str]


class Entry(BaseModel):
    """A table of the file: keys that it does not name are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ParameterEntry(Entry):
    """A number, a switch or a list that an office may set.

    ``off`` is a number outside ``minimum`` to ``maximum`` that switches off the rules which
    stand ``only_if`` the parameter is on. A list may only hold ``choices``.
    """

    title: Text
    default: ParameterValue
    minimum: int | None = None
    maximum: int | None = None
    off: int | None = None
    choices: list[Text] | None = None

    @model_validator(mode="after")
    def _fits(self) -> ParameterEntry:
        number = isinstance(self.default, int) and not isinstance(self.default, bool)
        if not number and any(bound is not None for bound in (self.minimum, self.maximum, self.off)):
            raise ValueError("minimum, maximum and off belong to a number")
        if (self.choices is not None) != isinstance(self.default, list):
            raise ValueError("a list needs choices, and only a list has them")
        self.check(self.default)
        return self

    def check(self, value: ParameterValue) -> None:
        """Raise ValueError, saying what is allowed, for a value outside the range or the choices."""
        if isinstance(value, list):
            unknown = [item for item in value if item not in (self.choices or ())]
            if unknown:
                raise ValueError(f"takes any of {', '.join(self.choices or ())}")
        elif isinstance(value, int) and not isinstance(value, bool) and value != self.off:
            low, high = self.minimum, self.maximum
            if (low is not None and value < low) or (high is not None and value > high):
                bounds = [f"{word} {bound}" for word, bound in (("from", low), ("to", high)) if bound is not None]
                off = "" if self.off is None else f", or {self.off} for off"
                raise ValueError(f"takes a number {' '.join(bounds)}{off}")


class GroundEntry(Entry):
    """A predicate with its arguments, the answer it wants, and the citation."""

    cite: Text
    test: dict[str, Any]
    want: Literal["yes", "no"] = "yes"


class ScopeEntry(GroundEntry):
    """A way into the policy's scope; a count is in scope when any entry holds."""


class FlagEntry(GroundEntry):
    """A flag that a determination carries where the ground holds."""

    id: FlagName


class RuleEntry(Entry):
    """A rule: when every ground holds, the outcome. One without grounds always applies.

    ``only_if`` names a parameter (as ``$name``): the rule stands only while that one is on. ``contradiction`` marks a
    rule about a record that contradicts itself: blanking one side of the contradiction may settle it, so such records
    are outside the promise that less never grants more. It can only lead to review. ``asks`` names the reform's facts
    that would settle a review: they are missing facts of the determination.
    """

    id: Identifier
    then: Literal["eligible", "ineligible", "review", "refer"]
    relief: Identifier | None = None
    refer_to: Text | None = None
    because: Text
    cite: Text | None = None
    only_if: Annotated[str, StringConstraints(pattern=r"^\$[a-z][a-z0-9_]*$")] | None = None
    contradiction: bool = False
    asks: list[Identifier] = Field(default_factory=list)
    when: list[GroundEntry] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> RuleEntry:
        self._relief_fits()
        if self.contradiction and self.then != "review":
            raise ValueError("a rule about a contradiction leads to review")
        if self.asks and self.then != "review":
            raise ValueError("a rule that asks for facts leads to review")
        if (self.then == "refer") != (self.refer_to is not None):
            raise ValueError("a refer rule names its refer_to, and only a refer rule has one")
        if not self.when and self.cite is None:
            raise ValueError("a rule without grounds needs a cite of its own")
        return self

    def _relief_fits(self) -> None:
        if (self.then == "eligible") != (self.relief is not None):
            raise ValueError("an eligible rule names its relief, and only an eligible rule has one")


class RouteRuleEntry(RuleEntry):
    """A rule of a route: one that says ``eligible`` grants the route's relief."""

    def _relief_fits(self) -> None:
        if self.relief is not None:
            raise ValueError("a rule of a route names no relief; an eligible one grants the route's")


class RouteEntry(Entry):
    """One of several reliefs that a charge may have at once, decided apart by ordered rules of its own.

    The reform's opening rules and the policy's ``rules`` come before them; the last has no grounds.
    """

    relief: Identifier
    rules: list[RouteRuleEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> RouteEntry:
        _check_order(self.rules)
        return self


def _check_order(rules: Sequence[RuleEntry]) -> None:
    if rules[-1].when or rules[-1].only_if:
        raise ValueError("the last rule must have no grounds, so that every count is decided")
    for rule in rules[:-1]:
        if not rule.when:
            raise ValueError(f"rule [{rule.id}] has no grounds, so no rule after it could ever apply")


class PolicyFile(Entry):
    """One policy: scope, parameters and ordered rules, the last of which has no grounds.

    With ``routes`` each of these is decided apart, and ``rules`` (all with grounds, none eligible) come before each.
    """

    reform: Identifier
    id: Identifier
    title: Text
    summary: Text
    county: Text | None = None
    in_force: dt.date
    reviewed_on: dt.date
    source: Text
    parameters: dict[Identifier, ParameterEntry] = Field(default_factory=dict)
    scope: list[ScopeEntry] = Field(min_length=1)
    flags: list[FlagEntry] = Field(default_factory=list)
    rules: list[RuleEntry] = Field(default_factory=list)
    routes: list[RouteEntry] = Field(default_factory=list)

    @model_validator(mode="after")
    def _ordered(self) -> PolicyFile:
        if not self.routes:
            if not self.rules:
                raise ValueError("a policy needs rules, or routes with rules")
            _check_order(self.rules)
        for rule in self.rules if self.routes else ():
            if not rule.when or rule.then == "eligible":
                raise ValueError(f"rule [{rule.id}] stands before every route, so it has grounds and is not eligible")
        reliefs = [route.relief for route in self.routes]
        for doubled in sorted({relief for relief in reliefs if reliefs.count(relief) > 1}):
            raise ValueError(f"route [{doubled}] stands twice; put its rules into one")
        return self


class ReliefEntry(Entry):
    """A relief that the reform can grant; the file lists them from the least to the most.

    ``leaves`` says what remains of the conviction, for the impact figures: ``unchanged`` where the relief only opens
    the way to an application.
    """

    id: Identifier
    title: Text
    effect: Text
    leaves: Literal["nothing", "infraction", "misdemeanor", "felony", "unchanged"]


class FactEntry(Entry):
    """A fact of the reform's own that a source or a person may supply.

    ``answer`` is what its question takes: a number that is not below nothing, or yes or no.
    """

    words: Text
    question: Text
    answer: Literal["number", "yes_no"]


class ReformFile(Entry):
    """What all policies of one reform share: its reliefs, and the rules that come before every policy's own.

    ``decides`` says what a determination is about: ``convictions``, or ``charges`` whatever came of them.
    """

    id: Identifier
    title: Text
    jurisdiction: Text
    statute: Text
    summary: Text
    default_policy: Identifier
    decides: Literal["convictions", "charges"] = "convictions"
    readers: list[Identifier] = Field(min_length=1)
    reliefs: list[ReliefEntry] = Field(min_length=1)
    facts: dict[Identifier, FactEntry] = Field(default_factory=dict)
    flags: list[FlagEntry] = Field(default_factory=list)
    rules: list[RuleEntry] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> ReformFile:
        for rule in self.rules:
            if not rule.when:
                raise ValueError(f"rule [{rule.id}] has no grounds, so no policy could ever decide")
        ids = [relief.id for relief in self.reliefs]
        for doubled in sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"relief [{doubled}] stands twice; rename one")
        return self
