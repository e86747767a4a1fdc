"""The closed schema of policy and reform files: what a lawyer may write, and nothing else."""

from __future__ import annotations

import datetime as dt
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

    ``only_if`` names a parameter (as ``$name``): the rule stands only while that one is on.
    """

    id: Identifier
    then: Literal["eligible", "ineligible", "review", "refer"]
    relief: Identifier | None = None
    refer_to: Text | None = None
    because: Text
    cite: Text | None = None
    only_if: Annotated[str, StringConstraints(pattern=r"^\$[a-z][a-z0-9_]*$")] | None = None
    when: list[GroundEntry] = Field(default_factory=list)

    @model_validator(mode="after")
    def _whole(self) -> RuleEntry:
        if (self.then == "eligible") != (self.relief is not None):
            raise ValueError("an eligible rule names its relief, and only an eligible rule has one")
        if (self.then == "refer") != (self.refer_to is not None):
            raise ValueError("a refer rule names its refer_to, and only a refer rule has one")
        if not self.when and self.cite is None:
            raise ValueError("a rule without grounds needs a cite of its own")
        return self


class PolicyFile(Entry):
    """One policy: scope, parameters and ordered rules, the last of which has no grounds."""

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
    rules: list[RuleEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> PolicyFile:
        if self.rules[-1].when or self.rules[-1].only_if:
            raise ValueError("the last rule must have no grounds, so that every count is decided")
        for rule in self.rules[:-1]:
            if not rule.when:
                raise ValueError(f"rule [{rule.id}] has no grounds, so no rule after it could ever apply")
        return self


class ReliefEntry(Entry):
    """A relief that the reform can grant; the file lists them from the least to the most.

    ``leaves`` says what remains of the conviction, for the impact figures.
    """

    id: Identifier
    title: Text
    effect: Text
    leaves: Literal["nothing", "infraction", "misdemeanor", "felony"]


class FactEntry(Entry):
    """A fact of the reform's own that a source or a person may supply."""

    words: Text
    question: Text


class ReformFile(Entry):
    """What all policies of one reform share: its reliefs, and the rules that come before every policy's own."""

    id: Identifier
    title: Text
    jurisdiction: Text
    statute: Text
    summary: Text
    default_policy: Identifier
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
