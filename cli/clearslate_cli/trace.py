"""A determination in plain sentences: what was decided, on which cells of the record, and what would change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clearslate.ingest.reader import InputFile, RecordReader
from clearslate.model import Answer, Count, PartialDate, Person, Place, Span
from clearslate.policy.determination import Determination, GroundTrace, RouteRuling, RuleTrace
from clearslate.policy.facts import Fact
from clearslate.policy.policy import SCOPE_RULE, Policy
from clearslate.policy.reform import Reform
from clearslate.policy.said import ANSWERS, said
from clearslate_cli import page
from clearslate_cli.policy_page import shown

_NOTHING: Mapping[str, str] = {"flags": "nothing", "relieved": "no", "other_convictions": "none that counts here"}
"""What is said of these facts where the record has nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One decided conviction with all that is needed to explain it."""

    reform: Reform
    policy: Policy
    reader: RecordReader
    inputs: Sequence[InputFile]
    as_of: dt.date
    supplier: str
    person: Person
    count: Count
    determination: Determination

    def __repr__(self) -> str:
        return "<Case>"

    def place(self, place: Place) -> str:
        """Where a row stands, in words."""
        name = f"{self.inputs[place.file].name}, " if len(self.inputs) > 1 else ""
        return f"{name}row {place.row}, line {place.line}"

    def source(self, fact: Fact) -> str:
        """The columns that a fact comes from and the row where it stands, or the person who says so."""
        if fact.said_by is not None:
            charge = "" if fact.place is None else f", of the charge at {self.place(fact.place)}"
            return f"said by {fact.said_by}{charge}"
        cells = self.reader.cells.get(fact.name)
        parts = [cells] if cells else []
        if fact.place is not None:
            parts.append(self.place(fact.place))
        return ", ".join(parts)

    def words(self, fact: Fact) -> str:
        """The fact's name in plain words."""
        return self.policy.fact_words.get(fact.name, fact.name)

    def question(self, fact: Fact) -> str | None:
        """The question that would supply the fact, where the reform asks one."""
        entry = self.reform.about.facts.get(fact.name)
        return None if entry is None else entry.question

    def relief_title(self, relief: str) -> str:
        """The relief as the reform calls it."""
        return next((r.title for r in self.reform.about.reliefs if r.id == relief), relief)


def said_of(fact: Fact) -> str:
    """A fact's value in words that fit its name."""
    value = fact.value
    if fact.name == "sentence" and isinstance(value, dt.date | PartialDate | Span):
        return f"ends by {said(value)}"
    if fact.name in _NOTHING and (value == 0 or value == ()):
        return _NOTHING[fact.name]
    return said(value)


def changes(case: Case) -> list[tuple[RuleTrace, tuple[Fact, ...]]]:
    """The rules that could apply and would decide otherwise, each with the facts that it lacked."""
    found = case.determination
    return [
        (rule, tuple({(f.name, f.place): f for g in rule.grounds for f in g.finding.lacked}.values()))
        for part in found.routes or (found,)
        for rule in part.trace
        if rule.applies is Answer.UNKNOWN and rule.rule != SCOPE_RULE and rule.decision != part.decision
    ]


def explained(case: Case) -> str:
    """The whole explanation, folded to the page."""
    found, count = case.determination, case.count
    decision = found.decision
    outcome = str(decision)
    if decision.relief is not None:
        outcome = f"{outcome} ({case.relief_title(decision.relief)})"
    parts = [page.wrapped(count.offense.strip() or "(no offense is printed)"), _facts_of_count(case)]
    if found.routes:
        outcome = "; ".join(_ruled(case, route) for route in found.routes if route.decision.relief) or outcome
    rows = [
        ("outcome", outcome),
        ("rule", found.rule),
        ("reason", found.reason),
        ("citations", "; ".join(found.citations)),
    ]
    if found.flags:
        rows.append(("flags", ", ".join(found.flags)))
    parts += ["DECISION", _pairs(rows)]
    if found.own is not None:
        who = "An attorney decided this" if found.words else "An attorney's word on it does not hold any more"
        parts.append(page.wrapped(f"{who}. The policy alone decides: {_alone(found.own)}."))
    parts += ["FACTS USED, and where in the source they stand", _used(case)]
    if found.missing:
        parts += ["WHAT WAS MISSING", "\n".join(_missing(case, fact) for fact in found.missing)]
    if ways := changes(case):
        parts += ["WHAT WOULD CHANGE IT", "\n".join(_change(case, rule, facts) for rule, facts in ways)]
    numbers = {key: number for key, (number, _) in _numbered(case).items()}
    heading = "HOW IT WAS DECIDED: the rules in order, with each condition that was asked"
    if not found.routes:
        parts += [heading, _walk(case, found.trace, numbers)]
    for route in found.routes:
        said = page.wrapped(f"ROUTE {route.relief}: {_ruled(case, route)}. {route.reason}", "", "  ")
        parts += [heading] if route is found.routes[0] else []
        parts += [said, _walk(case, route.trace, numbers)]
    parts += ["BY WHAT", _pairs(_authority(case))]
    return "\n\n".join(parts)


def _alone(own: Determination) -> str:
    """What the policy decides without an attorney's word."""
    if not own.routes:
        return f"{own.decision}, by rule {own.rule}"
    return "; ".join(f"{route.relief} {route.decision.outcome.value}, by rule {route.rule}" for route in own.routes)


def _ruled(case: Case, route: RouteRuling) -> str:
    """What was decided on a route, in words."""
    title = case.relief_title(route.relief)
    return title if route.decision.relief is not None else f"{title}: {route.decision.outcome.value}"


def _pairs(rows: Sequence[tuple[str, str]]) -> str:
    return page.table(("", ""), [(f"  {name}", value) for name, value in rows], fixed=(0,))


def _facts_of_count(case: Case) -> str:
    person, count = case.person, case.count
    rows = [
        ("person", person.person_id),
        ("name", "; ".join(person.names) or "not known"),
        ("born", said(person.birth_date)),
        ("county", said(count.event.county)),
        ("case", "; ".join(count.event.case_numbers) or "not known"),
        ("arrested", said(count.cycle.arrested)),
        ("convicted", said(count.disposed)),
        ("grade", said(count.grade)),
        ("sentence", said(count.sentence)),
        ("stands at", f"{case.inputs[count.place.file].name}, row {count.place.row}, line {count.place.line}"),
    ]
    return _pairs(rows)


def _numbered(case: Case) -> dict[tuple[str, Place | None, str], tuple[int, Fact]]:
    """Every fact that a ground used, in the order of use, numbered from 1."""
    found: dict[tuple[str, Place | None, str], tuple[int, Fact]] = {}
    for _, trace in case.determination.walks:
        for fact in (fact for rule in trace for ground in rule.grounds for fact in ground.finding.used):
            found.setdefault(_key(fact), (len(found) + 1, fact))
    return found


def _key(fact: Fact) -> tuple[str, Place | None, str]:
    return fact.name, fact.place, said(fact.value)


def _used(case: Case) -> str:
    rows = [
        (str(number), case.words(fact), said_of(fact), case.source(fact)) for number, fact in _numbered(case).values()
    ]
    said = "The record or a person says" if any(f.said_by for _, f in _numbered(case).values()) else "The record says"
    return page.table(("No.", "Fact", said, "Where"), rows, right=(0,)) if rows else "  none"


def _missing(case: Case, fact: Fact) -> str:
    source = case.source(fact)
    words = f"{case.words(fact)}{f' ({source})' if source else ''}"
    lines = [page.wrapped(words, "  - ", "    ")]
    if question := case.question(fact):
        lines.append(page.wrapped(question, "    "))
    return "\n".join(lines)


def _change(case: Case, rule: RuleTrace, facts: Sequence[Fact]) -> str:
    learned = " and ".join(dict.fromkeys(case.words(fact) for fact in facts)) or "what is missing"
    relief = rule.decision.relief
    title = f" ({case.relief_title(relief)})" if relief is not None else ""
    return page.wrapped(
        f"Learning {learned} could make it {rule.decision}{title}, by rule {rule.rule}.", "  - ", "    "
    )


def _walk(case: Case, trace: Sequence[RuleTrace], numbers: Mapping[tuple[str, Place | None, str], int]) -> str:
    lines: list[str] = []
    for number, rule in enumerate(trace, 1):
        lines.append(page.wrapped(f"{number:>3}. {rule.rule} -> {rule.decision}: {_applies(rule)}", "", "     "))
        for ground in rule.grounds:
            lines.append(_ground(case, ground, numbers))
    return "\n".join(lines)


def _applies(rule: RuleTrace) -> str:
    if rule.applies is Answer.YES:
        return "APPLIES" if rule.grounds else "APPLIES, as no rule before it does"
    return "does not apply" if rule.applies is Answer.NO else "COULD APPLY"


def _ground(case: Case, ground: GroundTrace, numbers: Mapping[tuple[str, Place | None, str], int]) -> str:
    answer = ground.finding.answer
    held = ~answer if ground.wanted is Answer.NO else answer
    facts = ", ".join(str(number) for number in sorted({numbers[_key(fact)] for fact in ground.finding.used}))
    lacked = " and ".join(dict.fromkeys(case.words(fact) for fact in ground.finding.lacked))
    on = [f"fact{'s' * (',' in facts)} {facts}"] if facts else []
    on += [f"missing: {lacked}"] if lacked else []
    basis = f" ({'; '.join(on)})" if on else ""
    words = f"{ANSWERS[held]}: {ground.words}{basis} [{ground.cite}]"
    return page.wrapped(words, "       ", "         ")


def _authority(case: Case) -> list[tuple[str, str]]:
    policy = case.policy
    parameters = ", ".join(f"{name} = {shown(value)}" for name, value in policy.parameters.items())
    return [
        ("reform", f"{case.reform.about.id}, from {case.supplier}"),
        ("policy", f"{policy.id}: {policy.title}"),
        ("digest", policy.digest),
        ("parameters", parameters or "none"),
        ("as of", case.as_of.isoformat()),
    ]


def _words(found: Determination) -> list[dict[str, Any]]:
    """The attorneys' words that hold."""
    return [
        {
            "word": word.kind,
            "route": word.route,
            "outcome": None if word.outcome is None else word.outcome.value,
            "relief": word.relief,
            "ground": word.ground,
            "said_by": word.said_by,
            "said_on": word.said_on.isoformat(),
        }
        for word in found.words
    ]


def described(case: Case) -> dict[str, Any]:
    """The explanation as plain values."""
    found, count = case.determination, case.count
    return {
        "person": case.person.person_id,
        "county": count.event.county,
        "case_numbers": list(count.event.case_numbers),
        "offense": count.offense,
        "grade": None if count.grade is None else count.grade.value,
        "arrested": None if count.cycle.arrested is None else str(count.cycle.arrested),
        "convicted_on": None if count.disposed is None else str(count.disposed),
        "place": _place(case, count.place),
        **_decision(found.decision),
        "rule": found.rule,
        "reason": found.reason,
        "citations": list(found.citations),
        "flags": list(found.flags),
        "attorney": None if found.own is None else {"policy_alone": _alone(found.own), "words": _words(found)},
        "missing": [_fact(case, fact) for fact in found.missing],
        "changes": [
            {"learning": [fact.name for fact in facts], "rule": rule.rule, **_decision(rule.decision)}
            for rule, facts in changes(case)
        ],
        "trace": _trace(case, found.trace),
        "routes": [
            {
                "route": route.relief,
                **_decision(route.decision),
                "rule": route.rule,
                "reason": route.reason,
                "citations": list(route.citations),
                "missing": [_fact(case, fact) for fact in route.missing],
                "trace": _trace(case, route.trace),
            }
            for route in found.routes
        ],
        "reform": case.reform.about.id,
        "supplier": case.supplier,
        "policy": case.policy.id,
        "policy_digest": case.policy.digest,
        "parameters": case.policy.parameters,
        "as_of": case.as_of.isoformat(),
    }


def _trace(case: Case, trace: Sequence[RuleTrace]) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule.rule,
            **_decision(rule.decision),
            "applies": ANSWERS[rule.applies],
            "grounds": [
                {
                    "condition": ground.words,
                    "cite": ground.cite,
                    "wanted": ANSWERS[ground.wanted],
                    "answer": ANSWERS[ground.finding.answer],
                    "used": [_fact(case, fact) for fact in ground.finding.used],
                    "lacked": [_fact(case, fact) for fact in ground.finding.lacked],
                }
                for ground in rule.grounds
            ],
        }
        for rule in trace
    ]


def _decision(decision: Any) -> dict[str, Any]:
    return {"outcome": decision.outcome.value, "relief": decision.relief, "refer_to": decision.refer_to}


def _place(case: Case, place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"file": case.inputs[place.file].name, "row": place.row, "line": place.line}


def _fact(case: Case, fact: Fact) -> dict[str, Any]:
    return {
        "fact": fact.name,
        "words": case.words(fact),
        "value": None if fact.value is None else said_of(fact),
        "columns": case.reader.cells.get(fact.name),
        "place": _place(case, fact.place),
        "said_by": fact.said_by,
        "question": case.question(fact),
    }
