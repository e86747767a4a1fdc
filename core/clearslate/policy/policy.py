"""A policy bound to its parameters and compiled once; it walks its rules over one matter at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from clearslate.model import Answer, Statute, any_of
from clearslate.policy.determination import Decision, Determination, GroundTrace, Outcome, Prospect, RuleTrace
from clearslate.policy.facts import Fact
from clearslate.policy.matter import Matter
from clearslate.policy.predicate import Predicate
from clearslate.policy.schema import ParameterEntry, ParameterValue

SCOPE_RULE = "scope"
"""The rule named where it is unknown whether the law covers the count at all."""


class Ground(NamedTuple):
    """A predicate, the answer it wants, and the citation."""

    predicate: Predicate
    wanted: Answer
    cite: str

    @property
    def words(self) -> str:
        """The condition as it must hold, in plain English."""
        return self.predicate.words() if self.wanted is Answer.YES else self.predicate.denial()


class Rule(NamedTuple):
    """A compiled rule; ``opening`` says that it is the reform's, before every policy's own."""

    id: str
    decision: Decision
    because: str
    cite: str | None
    grounds: tuple[Ground, ...]
    opening: bool

    @property
    def citations(self) -> tuple[str, ...]:
        """Every citation of the rule, once, in order."""
        cites = [] if self.cite is None else [self.cite]
        return tuple(dict.fromkeys([*cites, *(ground.cite for ground in self.grounds)]))


class Flag(NamedTuple):
    """A flag that a determination carries where its ground holds."""

    id: str
    ground: Ground


def ask(ground: Ground, matter: Matter) -> tuple[Answer, GroundTrace]:
    """Whether the ground holds, with what was found."""
    found = ground.predicate.ask(matter)
    answer = found.answer
    if ground.wanted is Answer.NO:
        answer = ~answer
    return answer, GroundTrace(ground.words, ground.cite, ground.wanted, found)


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

    def may_concern(self, statute: Statute | None) -> bool:
        """Whether a count with this statute could be in scope; a quick test for readers."""
        return any(g.wanted is Answer.NO or g.predicate.may_concern(statute) for g in self.scope)

    def decide(self, matter: Matter) -> Determination | None:
        """Decide one count; None where it is outside the policy's scope."""
        entries = [ask(ground, matter) for ground in self.scope]
        in_scope = any_of(answer for answer, _ in entries)
        if in_scope is Answer.NO:
            return None
        if in_scope is Answer.UNKNOWN:
            return self._unknown_scope(matter, [trace for answer, trace in entries if answer is Answer.UNKNOWN])
        return self._walk(matter)

    def _unknown_scope(self, matter: Matter, traces: Sequence[GroundTrace]) -> Determination:
        decision = Decision(Outcome.REVIEW)
        return Determination(
            decision=decision,
            rule=SCOPE_RULE,
            reason="It is unknown whether the law covers this count.",
            citations=tuple(dict.fromkeys(trace.cite for trace in traces)),
            missing=_distinct(fact for trace in traces for fact in trace.finding.lacked),
            prospects=(),
            flags=self._flags(matter),
            trace=(RuleTrace(SCOPE_RULE, decision, Answer.UNKNOWN, tuple(traces)),),
        )

    def _walk(self, matter: Matter) -> Determination:
        walked: list[RuleTrace] = []
        possible: list[tuple[Rule, tuple[Fact, ...]]] = []
        for rule in self.rules:
            applies = Answer.YES
            lacked: list[Fact] = []
            grounds: list[GroundTrace] = []
            for ground in rule.grounds:
                answer, trace = ask(ground, matter)
                grounds.append(trace)
                if answer is Answer.NO:
                    applies = Answer.NO
                    break
                if answer is Answer.UNKNOWN:
                    applies = Answer.UNKNOWN
                    lacked.extend(trace.finding.lacked)
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
                missing = _distinct(f for rule, lacks in possible if rule.decision != decision for f in lacks)
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
        own = [flag.id for flag in self.flags if ask(flag.ground, matter)[0] is Answer.YES]
        marks = count.statute.marks if count.statute is not None else ()
        return tuple(sorted({*own, *count.flags, *marks, *matter.person.flags}))


def _distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once by name and place, in order."""
    return tuple({(fact.name, fact.place): fact for fact in facts}.values())
