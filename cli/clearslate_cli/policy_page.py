"""A policy on a page: as a table in the terminal, as Markdown, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clearslate_cli import page

if TYPE_CHECKING:
    from clearslate.policy.policy import Ground, Policy, Route, Rule
    from clearslate.policy.reform import Reform
    from clearslate.policy.schema import ParameterEntry, ParameterValue, PolicyFile, RuleEntry

_ANSWERS: Mapping[str, str] = {"number": "a number", "yes_no": "yes or no"}


def described(reform: Reform, file: PolicyFile, policy: Policy) -> dict[str, Any]:
    """The policy as plain values, rules in order."""
    return {
        "reform": reform.about.id,
        "policy": policy.id,
        "title": policy.title,
        "summary": file.summary,
        "county": policy.county,
        "in_force": file.in_force.isoformat(),
        "reviewed_on": file.reviewed_on.isoformat(),
        "source": file.source,
        "digest": policy.digest,
        "parameters": {
            name: {
                "title": entry.title,
                "value": policy.parameters[name],
                "default": entry.default,
                "takes": takes(entry),
            }
            for name, entry in policy.parameter_entries.items()
        },
        "scope": [{"when": ground.words, "cite": ground.cite} for ground in policy.scope],
        "rules": [_described_rule(rule) for rule in policy.shared],
        "routes": [
            {"relief": route.relief, "rules": [_described_rule(rule) for rule in _own(policy, route)]}
            for route in policy.routes
        ],
        "facts": {name: fact.model_dump() for name, fact in reform.about.facts.items()},
        "switched_off": [{"rule": rule, "parameter": name} for rule, name in _switched_off(reform, file, policy)],
        "flags": [{"id": flag.id, "when": flag.ground.words, "cite": flag.ground.cite} for flag in policy.flags],
    }


def _described_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "of": "reform" if rule.opening else "policy",
        "when": [{"when": ground.words, "cite": ground.cite} for ground in rule.grounds],
        "outcome": rule.decision.outcome.value,
        "relief": rule.decision.relief,
        "refer_to": rule.decision.refer_to,
        "because": rule.because,
        "citations": list(rule.citations),
        "contradiction": rule.contradiction,
    }


def _own(policy: Policy, route: Route) -> tuple[Rule, ...]:
    """A route's rules without the shared ones before them."""
    return route.rules[len(policy.shared) :]


def _tables(reform: Reform, policy: Policy) -> Iterator[tuple[str, str, tuple[Rule, ...]]]:
    """The tables of rules, each with its heading and how it is walked."""
    first = "tried in this order; the first whose conditions all hold decides"
    if not policy.routes:
        yield "Rules", first, policy.shared
        return
    yield "Rules before every route", f"{first} every route that it is met on", policy.shared
    titles = {relief.id: relief.title for relief in reform.about.reliefs}
    for route in policy.routes:
        yield (
            f"Route {route.relief}",
            f"{titles[route.relief]}; behind the rules before every route, {first}",
            _own(policy, route),
        )


def takes(entry: ParameterEntry) -> str:
    """What a parameter may be set to, in words."""
    if isinstance(entry.default, bool):
        return "true or false"
    if isinstance(entry.default, list):
        return f"any of {', '.join(entry.choices or ())}"
    low, high = entry.minimum, entry.maximum
    if low is not None and high is not None:
        words = f"{low} to {high}"
    elif low is not None:
        words = f"{low} or more"
    elif high is not None:
        words = f"{high} or less"
    else:
        words = "a whole number"
    return words if entry.off is None else f"{words}; {entry.off} is off"


def spoken(value: ParameterValue) -> str:
    """A parameter's value as ``--set`` takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)


def shown(value: ParameterValue) -> str:
    """A parameter's value as a person reads it: an empty list is ``none``."""
    return spoken(value) or "none"


def _heading(reform: Reform, file: PolicyFile, policy: Policy) -> Iterator[tuple[str, str]]:
    yield "reform", f"{reform.about.id}: {reform.about.title}"
    yield "county", policy.county or "any"
    yield "in force", f"{file.in_force}, reviewed on {file.reviewed_on}"
    yield "source", file.source
    yield "digest", policy.digest


def text(reform: Reform, file: PolicyFile, policy: Policy) -> str:
    """The policy for a terminal, folded to the page."""
    parts = [
        page.wrapped(f"{policy.id}: {policy.title}"),
        page.wrapped(file.summary),
        page.table(("", ""), list(_heading(reform, file, policy)), fixed=(0,)),
    ]
    if policy.parameters:
        rows = [
            (name, shown(policy.parameters[name]), takes(entry), entry.title)
            for name, entry in policy.parameter_entries.items()
        ]
        parts += ["PARAMETERS", page.table(("Name", "Value", "Takes", "What it is"), rows, fixed=(0,))]
    parts += ["SCOPE: a count is in scope when any of these holds"]
    parts += ["\n".join(_condition(ground, "  - ") for ground in policy.scope)]
    for heading, how, rules in _tables(reform, policy):
        parts += [page.wrapped(f"{heading.upper()}: {how}")]
        parts += [_rule_text(number, rule) for number, rule in enumerate(rules, 1)]
    if off := _switched_off(reform, file, policy):
        parts += ["SWITCHED OFF: rules that stand only while their parameter is on"]
        parts += ["\n".join(page.wrapped(f"{rule} (parameter {name})", "  - ", "    ") for rule, name in off)]
    if policy.flags:
        parts += ["FLAGS: reported, never decided on"]
        parts += ["\n".join(f"  {flag.id}\n{_condition(flag.ground, '    - ')}" for flag in policy.flags)]
    if facts := reform.about.facts:
        questions = [(name, _ANSWERS[fact.answer], fact.question) for name, fact in facts.items()]
        parts += ["FACTS: what a person may answer (--facts) where no record says it"]
        parts += [page.table(("Fact", "Takes", "Question"), questions, fixed=(0,))]
    return "\n\n".join(parts)


def _switched_off(reform: Reform, file: PolicyFile, policy: Policy) -> list[tuple[str, str]]:
    """The rules of the files that the parameters leave out, each with its parameter."""
    tables: list[tuple[str, Sequence[RuleEntry], Sequence[Rule]]] = [
        ("", [*reform.about.rules, *file.rules], policy.shared)
    ]
    own = {route.relief: _own(policy, route) for route in policy.routes}
    tables += [(f"{route.relief}: ", route.rules, own[route.relief]) for route in file.routes]
    return [
        (before + entry.id, (entry.only_if or "").lstrip("$"))
        for before, entries, standing in tables
        for entry in entries
        if entry.id not in {rule.id for rule in standing}
    ]


def _condition(ground: Ground, bullet: str) -> str:
    pad = " " * len(bullet)
    return f"{page.wrapped(ground.words, bullet, pad)}\n{page.wrapped(f'[{ground.cite}]', pad)}"


def _rule_text(number: int, rule: Rule) -> str:
    lines = [page.wrapped(f"{number:>2}. {rule.id} -> {rule.decision}", "", "      ")]
    if rule.opening:
        lines.append("    (the reform's own rule, before every policy)")
    lines.append(page.wrapped(rule.because, "    "))
    if rule.grounds:
        lines.append("    when" if len(rule.grounds) == 1 else "    when all of these hold")
        lines += [_condition(ground, "      - ") for ground in rule.grounds]
    else:
        lines.append("    in every other case")
    if rule.cite is not None:
        lines.append(page.wrapped(f"[{rule.cite}]", "    "))
    return "\n".join(lines)


def markdown(reform: Reform, file: PolicyFile, policy: Policy) -> str:
    """The policy as Markdown."""
    lines = [f"# {_cell(policy.title)}", "", _cell(file.summary), ""]
    lines += _grid(("", ""), [(name, value) for name, value in _heading(reform, file, policy)])
    if policy.parameters:
        lines += ["", "## Parameters", ""]
        lines += _grid(
            ("Parameter", "Value", "Takes", "What it is"),
            [
                (f"`{name}`", spoken(policy.parameters[name]) or "(none)", takes(entry), entry.title)
                for name, entry in policy.parameter_entries.items()
            ],
        )
    lines += ["", "## Scope", "", "A count is in scope when any of these holds.", ""]
    lines += _grid(("Condition", "Citation"), [(ground.words, ground.cite) for ground in policy.scope])
    for heading, how, rules in _tables(reform, policy):
        lines += ["", f"## {heading}", "", f"{how[:1].upper()}{how[1:]}.", ""]
        lines += _grid(
            ("", "Rule", "When all of these hold", "Then", "Because"),
            [
                (
                    str(number),
                    f"`{rule.id}`" + (" (of the reform)" if rule.opening else ""),
                    "<br>".join(
                        [f"{_cell(g.words)} ({_cell(g.cite)})" for g in rule.grounds]
                        or [f"in every other case ({_cell(rule.cite or '')})"]
                    ),
                    str(rule.decision),
                    rule.because,
                )
                for number, rule in enumerate(rules, 1)
            ],
        )
    if off := _switched_off(reform, file, policy):
        lines += ["", "## Switched off", "", "Rules that stand only while their parameter is on.", ""]
        lines += _grid(("Rule", "Parameter"), [(f"`{rule}`", f"`{name}`") for rule, name in off])
    if policy.flags:
        lines += ["", "## Flags", "", "Reported, never decided on.", ""]
        lines += _grid(
            ("Flag", "When", "Citation"), [(f"`{f.id}`", f.ground.words, f.ground.cite) for f in policy.flags]
        )
    if facts := reform.about.facts:
        lines += ["", "## Facts", "", "What a person may answer (`--facts`) where no record says it.", ""]
        lines += _grid(
            ("Fact", "Takes", "Question"),
            [(f"`{name}`", _ANSWERS[fact.answer], fact.question) for name, fact in facts.items()],
        )
    return "\n".join(lines)


def _grid(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    made = [f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}"]
    return made + [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
