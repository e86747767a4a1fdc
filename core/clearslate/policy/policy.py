"""A policy bound to its parameters and compiled once; it walks its rules over one matter at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clearslate.model import Answer, Statute, any_of
from clearslate.policy.determination import (
    Decision,
    Determination,
    GroundTrace,
    Outcome,
    Prospect,
    RouteRuling,
    RuleTrace,
)
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate, supplied
from clearslate.policy.schema import ParameterEntry, ParameterValue
from clearslate.policy.whole import whole

SCOPE_RULE = "scope"
"""The rule named where it is unknown whether the law covers the count at all."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A predicate, the answer it wants, and the citation; ``words`` is the condition as it must hold."""

    predicate: Predicate
    wanted: Answer
    cite: str
    # Spelled once here: a walk over a million rows carries the words and must not make them.
    words: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        words = self.predicate.words() if self.wanted is Answer.YES else self.predicate.denial()
        object.__setattr__(self, "words", words)


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule; ``opening`` says that it is the reform's, before every policy's own.

    ``citations`` is every citation of the rule, once, in order. ``contradiction`` says that it is about a record that
    contradicts itself, and ``asks`` which facts would settle a review.
    """

    id: str
    decision: Decision
    because: str
    cite: str | None
    grounds: tuple[Ground, ...]
    opening: bool
    contradiction: bool = False
    asks: tuple[str, ...] = ()
    citations: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        cites = [] if self.cite is None else [self.cite]
        citations = tuple(dict.fromkeys([*cites, *(ground.cite for ground in self.grounds)]))
        object.__setattr__(self, "citations", citations)


@dataclass(frozen=True, slots=True)
class Route:
    """A relief that is decided apart, by all the rules that are walked for it, the shared ones first."""

    relief: str
    rules: tuple[Rule, ...]


class Flag(NamedTuple):
    """A flag that a determination carries where its ground holds."""

    id: str
    ground: Ground


def ask(ground: Ground, matter: Matter) -> tuple[Answer, Finding]:
    """Whether the ground holds, with what was found."""
    found = ground.predicate.ask(matter)
    return (~found.answer if ground.wanted is Answer.NO else found.answer), found


def _answer(ground: Ground, matter: Matter) -> Answer:
    """Whether the ground holds."""
    answer = ground.predicate.answer(matter)
    return ~answer if ground.wanted is Answer.NO else answer


_Open = Sequence[tuple[Rule, tuple[Ground, ...]]]
"""Rules to walk, each with the grounds that are to be asked."""


class _Plain(NamedTuple):
    """What a count's plain facts settle: the scope (or None), and what is left open of each walk, and the flags."""

    scope: Answer | None
    walks: tuple[_Open, ...]
    flags: tuple[Flag, ...]


class _Ruling(NamedTuple):
    """What one walk over rules decided."""

    decision: Decision
    rule: str
    reason: str
    citations: tuple[str, ...]
    missing: tuple[Fact, ...]
    prospects: tuple[Prospect, ...]
    trace: tuple[RuleTrace, ...]


def _plain_answer(ground: Ground, matter: Matter) -> Answer | None:
    """Whether the ground holds, where the count's plain facts settle that; None where they do not."""
    if not ground.predicate.may_concern(matter.count.statute):
        return ~Answer.NO if ground.wanted is Answer.NO else Answer.NO
    return _answer(ground, matter) if ground.predicate.of_plain_count else None


def _traced(ground: Ground, found: Finding) -> GroundTrace:
    return GroundTrace(ground.words, ground.cite, ground.wanted, found)


class Policy:
    """One reform's policy, ready to decide.

    ``reliefs`` are the reform's relief ids with their titles, from the least to the most; ``digest``
    is the SHA-256 of the reform's and the policy's text; ``parameters`` are the values in force. ``rules`` are all
    that stand in it, once each: with ``routes`` those of every route behind
    the ``shared`` ones. ``decides_charges`` says
    that it decides every charge, not convictions only.
    """

    def __init__(
        self,
        *,
        reform: str,
        id: str,
        title: str,
        county: str | None,
        digest: str,
        reliefs: Mapping[str, str],
        parameters: Mapping[str, ParameterValue],
        parameter_entries: Mapping[str, ParameterEntry],
        fact_words: Mapping[str, str],
        scope: Sequence[Ground],
        flags: Sequence[Flag],
        rules: Sequence[Rule],
        routes: Sequence[Route] = (),
        decides_charges: bool = False,
        in_force: dt.date = dt.date.min,
    ) -> None:
        self.reform = reform
        self.id = id
        self.title = title
        self.county = county
        self.digest = digest
        self.reliefs = tuple(reliefs)
        self.parameters = dict(parameters)
        self.parameter_entries = dict(parameter_entries)
        self.fact_words = dict(fact_words)
        self.scope = tuple(scope)
        self.flags = tuple(flags)
        self.routes = tuple(routes)
        self.shared = tuple(rules)
        self.rules = (*rules, *(rule for route in routes for rule in route.rules[len(rules) :]))
        self.decides_charges = decides_charges
        self.in_force = in_force
        self._walks = tuple(route.rules for route in routes) or (self.rules,)
        self._titles = dict(reliefs)
        self._rank = {relief: place for place, relief in enumerate(self.reliefs)}
        self._plain: dict[object, _Plain] = {}
        self._concerned: dict[Statute | None, bool] = {}

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be in scope; a quick test for readers."""
        concerned = self._concerned.get(statute)
        if concerned is None:
            concerned = any(g.wanted is Answer.NO or g.predicate.may_concern(statute) for g in self.scope)
            self._concerned[statute] = concerned
        return concerned

    def covers(self, matter: Matter) -> Answer:
        """Whether the count is in the policy's scope; ``decide`` gives None only for a no."""
        return self._covers(matter, self._settled(matter))

    def _covers(self, matter: Matter, settled: _Plain) -> Answer:
        if settled.scope is not None:
            return settled.scope
        return any_of([_answer(ground, matter) for ground in self.scope])

    def decide(self, matter: Matter, *, trace: bool = True, brief: bool = False) -> Determination | None:
        """Decide one count; None where it is outside the policy's scope.

        ``trace`` False leaves the determination's trace empty, which takes a fraction of the time; ``brief`` leaves
        out of it the rules that what is settled for all such counts alike (statute, grade, flags …) rules out. The
        rest is the same.
        """
        settled = self._settled(matter)
        in_scope = self._covers(matter, settled)
        if in_scope is Answer.NO:
            return None
        flags = self._flags(matter, settled.flags)
        if in_scope is Answer.UNKNOWN:
            unknown = self._unknown_scope(matter, trace)
            rulings = [unknown] * len(self._walks)
        else:
            walks: Sequence[_Open] = settled.walks
            if trace and brief:
                walks = [[(rule, rule.grounds) for rule, _ in rules] for rules in settled.walks]
            elif trace:
                walks = [[(rule, rule.grounds) for rule in rules] for rules in self._walks]
            rulings = [self._walk(matter, rules, trace) for rules in walks]
        if self.routes:
            routes = [RouteRuling(route.relief, *ruling) for route, ruling in zip(self.routes, rulings, strict=True)]
            return self.of_routes(routes, flags)
        (ruling,) = rulings
        return Determination(
            ruling.decision, ruling.rule, ruling.reason, ruling.citations, ruling.missing, ruling.prospects, flags,
            ruling.trace,
        )  # fmt: skip

    def of_routes(self, routes: Sequence[RouteRuling], flags: tuple[str, ...]) -> Determination:
        """The determination that the rulings of every route make together."""
        return whole(routes, flags, self._rank, self._titles)

    def _settled(self, matter: Matter) -> _Plain:
        """What is settled for all counts alike in what ``of_plain_count`` names, found once for them."""
        count = matter.count
        if count.facts:
            return self._settle_plain(matter)
        person = matter.person
        # A rejected row could say that the count had relief, so gaps are a thing to be alike in.
        alike = (
            count.statute,
            count.grade,
            count.event.county is None,
            count.offense_class,
            count.disposition,
            count.ended,
            count.relieved,
            count.flags,
            person.flags,
            person.shares_identifier,
            matter.history.has_gaps,
        )
        settled = self._plain.get(alike)
        if settled is None:
            settled = self._plain[alike] = self._settle_plain(matter)
        return settled

    def _settle_plain(self, matter: Matter) -> _Plain:
        scope = [_plain_answer(ground, matter) for ground in self.scope]
        known = [answer for answer in scope if answer is not None]
        in_scope = any_of(known) if len(known) == len(scope) else None
        if in_scope is Answer.NO:
            return _Plain(in_scope, (), ())
        flags = tuple(flag for flag in self.flags if _plain_answer(flag.ground, matter) is not Answer.NO)
        return _Plain(in_scope, tuple([self._left_open(rules, matter) for rules in self._walks]), flags)

    @staticmethod
    def _left_open(walked: Sequence[Rule], matter: Matter) -> _Open:
        """The rules that the plain facts do not rule out, each with the grounds that they do not settle."""
        rules = []
        for rule in walked:
            answers = [_plain_answer(ground, matter) for ground in rule.grounds]
            if Answer.NO not in answers:
                grounds = zip(rule.grounds, answers, strict=True)
                rules.append((rule, tuple(ground for ground, answer in grounds if answer is not Answer.YES)))
        return rules

    def _unknown_scope(self, matter: Matter, trace: bool) -> _Ruling:
        decision = Decision(Outcome.REVIEW)
        asked = [(ground, *ask(ground, matter)) for ground in self.scope]
        grounds = [(ground, found) for ground, answer, found in asked if answer is Answer.UNKNOWN]
        traces = tuple(_traced(ground, found) for ground, found in grounds)
        return _Ruling(
            decision=decision,
            rule=SCOPE_RULE,
            reason="It is unknown whether the law covers this count.",
            citations=tuple(dict.fromkeys(ground.cite for ground, _ in grounds)),
            missing=_distinct(fact for _, found in grounds for fact in found.lacked),
            prospects=(),
            trace=(RuleTrace(SCOPE_RULE, decision, Answer.UNKNOWN, traces),) if trace else (),
        )

    def _walk(self, matter: Matter, rules: _Open, trace: bool) -> _Ruling:
        walked: list[RuleTrace] = []
        possible: list[tuple[Rule, tuple[Fact, ...]]] = []
        for rule, open_grounds in rules:
            applies = Answer.YES
            lacked: list[Fact] = []
            grounds: list[GroundTrace] = []
            for ground in open_grounds:
                found: Finding | None = None
                if trace:
                    answer, found = ask(ground, matter)
                    grounds.append(_traced(ground, found))
                else:
                    answer = _answer(ground, matter)
                if answer is Answer.NO:
                    applies = Answer.NO
                    break
                if answer is Answer.UNKNOWN:
                    applies = Answer.UNKNOWN
                    lacked.extend((found or ground.predicate.ask(matter)).lacked)
            if trace:
                walked.append(RuleTrace(rule.id, rule.decision, applies, tuple(grounds)))
            if applies is Answer.UNKNOWN:
                possible.append((rule, tuple(lacked)))
            elif applies is Answer.YES:
                return self._settle(matter, rule, possible, tuple(walked))
        raise AssertionError("the last rule of a policy has no grounds, so one always applies")

    def _settle(
        self,
        matter: Matter,
        last: Rule,
        possible: Sequence[tuple[Rule, tuple[Fact, ...]]],
        trace: tuple[RuleTrace, ...],
    ) -> _Ruling:
        # The rule that certainly applies comes first, so that it is the one named when several agree.
        candidates = [last, *(rule for rule, _ in possible)]
        decisions = {rule.decision for rule in candidates}
        chosen, decision = last, last.decision
        missing = tuple([supplied(matter, fact) for fact in last.asks if matter.count.facts.get(fact) is None])
        prospects: tuple[Prospect, ...] = ()
        reason = last.because
        citations = last.citations
        if len(decisions) > 1:
            prospects = tuple(Prospect(rule.id, rule.decision) for rule in [*candidates[1:], last])
            if all(d.outcome is Outcome.ELIGIBLE for d in decisions):
                chosen = min(candidates, key=lambda rule: self._rank[rule.decision.relief or ""])
                decision, citations = chosen.decision, chosen.citations
                if chosen is not last:
                    # What a rule says is true only where the rule certainly applies.
                    reason = f"Whatever the missing facts are: at least {self._said(decision)}."
                # Where the certain rule gives more, ruling the least one out would raise it too.
                raising = last.decision != decision
                missing = _distinct(
                    f for rule, lacks in possible if raising or rule.decision != decision for f in lacks
                )
            else:
                chosen, decision = candidates[1], Decision(Outcome.REVIEW)
                missing = _distinct(f for _, lacks in possible for f in lacks)
                others = [rule.decision for rule, _ in possible if rule.decision != last.decision]
                ways = "; ".join(dict.fromkeys(map(self._said, others)))
                reason = f"Missing facts could lead to: {ways}. Otherwise {self._said(last.decision)}: {last.because}"
                citations = tuple(dict.fromkeys(c for rule in candidates for c in rule.citations))
        return _Ruling(
            decision=decision,
            rule=chosen.id,
            reason=reason,
            citations=citations,
            missing=missing,
            prospects=prospects,
            trace=trace,
        )

    def _said(self, decision: Decision) -> str:
        """A decision in plain words."""
        if decision.relief is not None:
            title = self._titles[decision.relief]
            return title[:1].lower() + title[1:]
        if decision.refer_to is not None:
            return f"refer to the {decision.refer_to}"
        return "not eligible" if decision.outcome is Outcome.INELIGIBLE else "review"

    def _flags(self, matter: Matter, flags: Iterable[Flag]) -> tuple[str, ...]:
        count = matter.count
        own = [flag.id for flag in flags if _answer(flag.ground, matter) is Answer.YES]
        marks = count.statute.marks if count.statute is not None else ()
        return tuple(sorted({*own, *count.flags, *marks, *matter.person.flags}))


def _distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once by name and place, in order."""
    return tuple({(fact.name, fact.place): fact for fact in facts}.values())
