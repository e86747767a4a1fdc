"""A policy bound to its parameters and compiled once; it walks its rules over one matter at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clearslate.model import Answer, Statute, any_of
from clearslate.policy.determination import Decision, Determination, GroundTrace, Outcome, Prospect, RuleTrace
from clearslate.policy.facts import Fact, Finding
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate
from clearslate.policy.schema import ParameterEntry, ParameterValue

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

    ``citations`` is every citation of the rule, once, in order.
    """

    id: str
    decision: Decision
    because: str
    cite: str | None
    grounds: tuple[Ground, ...]
    opening: bool
    citations: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        cites = [] if self.cite is None else [self.cite]
        citations = tuple(dict.fromkeys([*cites, *(ground.cite for ground in self.grounds)]))
        object.__setattr__(self, "citations", citations)


class Flag(NamedTuple):
    """A flag that a determination carries where its ground holds."""

    id: str
    ground: Ground


def ask(ground: Ground, matter: Matter) -> tuple[Answer, Finding]:
    """Whether the ground holds, with what was found."""
    found = ground.predicate.ask(matter)
    return (~found.answer if ground.wanted is Answer.NO else found.answer), found


class _Plain(NamedTuple):
    """What a count's plain facts settle: the scope (or None), and the rules, grounds and flags left open."""

    scope: Answer | None
    rules: tuple[tuple[Rule, tuple[Ground, ...]], ...]
    flags: tuple[Flag, ...]


def _plain_answer(ground: Ground, matter: Matter) -> Answer | None:
    """Whether the ground holds, where the count's plain facts settle that; None where they do not."""
    if not ground.predicate.may_concern(matter.count.statute):
        return ~Answer.NO if ground.wanted is Answer.NO else Answer.NO
    return ask(ground, matter)[0] if ground.predicate.of_plain_count else None


def _traced(ground: Ground, found: Finding) -> GroundTrace:
    return GroundTrace(ground.words, ground.cite, ground.wanted, found)


class Policy:
    """One reform's policy, ready to decide.

    ``reliefs`` are the reform's relief ids from the least to the most; ``digest`` is the SHA-256
    of the reform's and the policy's text; ``parameters`` are the values in force.
    """

    def __init__(
        self,
        *,
        reform: str,
        id: str,
        title: str,
        county: str | None,
        digest: str,
        reliefs: Sequence[str],
        parameters: Mapping[str, ParameterValue],
        parameter_entries: Mapping[str, ParameterEntry],
        fact_words: Mapping[str, str],
        scope: Sequence[Ground],
        flags: Sequence[Flag],
        rules: Sequence[Rule],
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
        self.rules = tuple(rules)
        self._rank = {relief: place for place, relief in enumerate(self.reliefs)}
        self._plain: dict[object, _Plain] = {}

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be in scope; a quick test for readers."""
        return any(g.wanted is Answer.NO or g.predicate.may_concern(statute) for g in self.scope)

    def covers(self, matter: Matter) -> Answer:
        """Whether the count is in the policy's scope; ``decide`` gives None only for a no."""
        settled = self._settled(matter)
        if settled.scope is not None:
            return settled.scope
        return any_of([ask(ground, matter)[0] for ground in self.scope])

    def decide(self, matter: Matter, *, trace: bool = True) -> Determination | None:
        """Decide one count; None where it is outside the policy's scope.

        ``trace`` False leaves the determination's trace empty, which takes a fraction of the time;
        the rest is the same.
        """
        in_scope = self.covers(matter)
        if in_scope is Answer.NO:
            return None
        if in_scope is Answer.UNKNOWN:
            return self._unknown_scope(matter, trace)
        rules = [(rule, rule.grounds) for rule in self.rules] if trace else self._settled(matter).rules
        return self._walk(matter, rules, trace)

    def _settled(self, matter: Matter) -> _Plain:
        """What is settled for all counts alike in statute, grade, county, relief and facts, found once for them."""
        count = matter.count
        if count.facts:
            return self._settle_plain(matter)
        # A rejected row could say that the count had relief, so gaps are a thing to be alike in.
        alike = (count.statute, count.grade, count.event.county, count.relieved, matter.history.has_gaps)
        settled = self._plain.get(alike)
        if settled is None:
            settled = self._plain[alike] = self._settle_plain(matter)
        return settled

    def _settle_plain(self, matter: Matter) -> _Plain:
        scope = [_plain_answer(ground, matter) for ground in self.scope]
        known = [answer for answer in scope if answer is not None]
        rules = []
        for rule in self.rules:
            answers = [_plain_answer(ground, matter) for ground in rule.grounds]
            if Answer.NO not in answers:
                grounds = zip(rule.grounds, answers, strict=True)
                rules.append((rule, tuple(ground for ground, answer in grounds if answer is not Answer.YES)))
        return _Plain(
            any_of(known) if len(known) == len(scope) else None,
            tuple(rules),
            tuple(flag for flag in self.flags if _plain_answer(flag.ground, matter) is not Answer.NO),
        )

    def _unknown_scope(self, matter: Matter, trace: bool) -> Determination:
        decision = Decision(Outcome.REVIEW)
        asked = [(ground, *ask(ground, matter)) for ground in self.scope]
        grounds = [(ground, found) for ground, answer, found in asked if answer is Answer.UNKNOWN]
        traces = tuple(_traced(ground, found) for ground, found in grounds)
        return Determination(
            decision=decision,
            rule=SCOPE_RULE,
            reason="It is unknown whether the law covers this count.",
            citations=tuple(dict.fromkeys(ground.cite for ground, _ in grounds)),
            missing=_distinct(fact for _, found in grounds for fact in found.lacked),
            prospects=(),
            flags=self._flags(matter),
            trace=(RuleTrace(SCOPE_RULE, decision, Answer.UNKNOWN, traces),) if trace else (),
        )

    def _walk(self, matter: Matter, rules: Sequence[tuple[Rule, tuple[Ground, ...]]], trace: bool) -> Determination:
        walked: list[RuleTrace] = []
        possible: list[tuple[Rule, tuple[Fact, ...]]] = []
        for rule, open_grounds in rules:
            applies = Answer.YES
            lacked: list[Fact] = []
            grounds: list[GroundTrace] = []
            for ground in open_grounds:
                answer, found = ask(ground, matter)
                if trace:
                    grounds.append(_traced(ground, found))
                if answer is Answer.NO:
                    applies = Answer.NO
                    break
                if answer is Answer.UNKNOWN:
                    applies = Answer.UNKNOWN
                    lacked.extend(found.lacked)
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
    ) -> Determination:
        # The rule that certainly applies comes first, so that it is the one named when several agree.
        candidates = [last, *(rule for rule, _ in possible)]
        decisions = {rule.decision for rule in candidates}
        chosen, decision = last, last.decision
        missing: tuple[Fact, ...] = ()
        prospects: tuple[Prospect, ...] = ()
        reason = last.because
        citations = last.citations
        if len(decisions) > 1:
            prospects = tuple(Prospect(rule.id, rule.decision) for rule in [*candidates[1:], last])
            if all(d.outcome is Outcome.ELIGIBLE for d in decisions):
                chosen = min(candidates, key=lambda rule: self._rank[rule.decision.relief or ""])
                decision, reason, citations = chosen.decision, chosen.because, chosen.citations
                # Where the certain rule gives more, ruling the least one out would raise it too.
                raising = last.decision != decision
                missing = _distinct(
                    f for rule, lacks in possible if raising or rule.decision != decision for f in lacks
                )
            else:
                chosen, decision = candidates[1], Decision(Outcome.REVIEW)
                missing = _distinct(f for _, lacks in possible for f in lacks)
                ways = "; ".join(dict.fromkeys(str(prospect.decision) for prospect in prospects))
                reason = f"Missing facts could make it {ways}."
                citations = tuple(dict.fromkeys(c for rule in candidates for c in rule.citations))
        return Determination(
            decision=decision,
            rule=chosen.id,
            reason=reason,
            citations=citations,
            missing=missing,
            prospects=prospects,
            flags=self._flags(matter),
            trace=trace,
        )

    def _flags(self, matter: Matter) -> tuple[str, ...]:
        count = matter.count
        flags = self._settled(matter).flags
        own = [flag.id for flag in flags if ask(flag.ground, matter)[0] is Answer.YES]
        marks = count.statute.marks if count.statute is not None else ()
        return tuple(sorted({*own, *count.flags, *marks, *matter.person.flags}))


def _distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once by name and place, in order."""
    return tuple({(fact.name, fact.place): fact for fact in facts}.values())
