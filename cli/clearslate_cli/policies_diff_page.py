"""What ``policies diff`` shows: on a page of 80 columns for a lawyer, and as plain values for machines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from clearslate.assess.difference import Compared, Ruled
from clearslate.policy.difference import (
    Condition,
    Conditions,
    Difference,
    Entry,
    RouteChange,
    RuleChange,
    Rules,
    RuleText,
    Value,
)
from clearslate_cli import page

_WORDS = {
    "then": "outcome",
    "refer_to": "refers to",
    "only_if": "only if",
    "contradiction": "about a contradiction",
    "in_force": "in force",
    "reviewed_on": "reviewed on",
}
_SIDES = "-+"
_KINDS = ("added", "removed", "changed", "moved", "renamed")


class Decisions(NamedTuple):
    """How decisions compare: the counts, the day, the county, and what is decided, a conviction or a charge."""

    totals: Compared
    as_of: dt.date
    county: str | None
    noun: str


# For a lawyer -------------------------------------------------------------------------------------------


def text(found: Difference, names: tuple[str, str]) -> str:
    """The difference as a page: what is of A begins with -, what is of B with +."""
    parts = [page.wrapped(f"{found.before.reform}: from {names[0]} to {names[1]}", hanging="  ")]
    parts += [page.wrapped(f"A line that begins with - is of {names[0]}, one with + of {names[1]}.")]
    if found.heading:
        parts += ["THE POLICY", "\n".join(_values(found.heading, "  "))]
    if found.parameters:
        parts += ["PARAMETERS", *(_entry(one) for one in found.parameters)]
    if found.scope:
        parts += ["SCOPE: a count is in scope when any of these holds", "\n".join(_conditions(found.scope, "  "))]
    if found.flags:
        parts += ["FLAGS: reported, never decided on", *(_entry(one) for one in found.flags)]
    parts += list(_rules("RULES", found.rules))
    for route in found.routes:
        parts += list(_route(route))
    if found.decides_alike:
        parts.append("No rule and no scope changed: the two decide alike.")
    return "\n\n".join(parts)


def _rules(title: str, rules: Rules) -> Iterator[str]:
    if not rules and not rules.same:
        return
    counts = Counter(_kind(change) for change in rules.changes)
    said = [f"{counts[word]} {word}" for word in _KINDS if counts[word]]
    if rules.same:
        of_reform = f" ({rules.same_of_reform} the reform's own)" if rules.same_of_reform else ""
        said.append(f"{rules.same} as before{of_reform}")
    yield f"{title}: {', '.join(said)}"
    for change in rules.changes:
        yield _change(change)


def _kind(change: RuleChange) -> str:
    """What is counted: a rule that changed and moved is one that changed."""
    return next((word for word in _KINDS if word in change.what), _KINDS[2])


def _route(route: RouteChange) -> Iterator[str]:
    title = f"ROUTE {route.relief}{f' ({route.what})' if route.what else ''}"
    if route.what in ("added", "removed"):
        yield title
        for change in route.rules.changes:
            yield _change(change)
    else:
        yield from _rules(title, route.rules)


def _change(change: RuleChange) -> str:
    if change.before is None or change.after is None:
        side, rule = ("+", change.after) if change.before is None else ("-", change.before)
        assert rule is not None
        return "\n".join(_whole(side, rule))
    before, after = change.before, change.after
    what = ", ".join(change.what)
    if "moved" in change.what and before.place is not None and after.place is not None:
        what = what.replace("moved", f"moved from {before.place} to {after.place}")
    if "renamed" in change.what:
        what = what.replace("renamed", f"renamed, was {before.id}")
    lines = [page.wrapped(f"  {_place(after)}{after.id} -> {after.decision} ({what})", hanging="      ")]
    lines += _of_reform(after)
    lines += _values(change.values, "      ")
    if change.when:
        lines.append("      when")
        lines += _conditions(change.when, "        ")
    return "\n".join(lines)


def _whole(side: str, rule: RuleText) -> Iterator[str]:
    """A rule that only one policy has."""
    off = "" if rule.place is not None else f" (stands while {rule.values['only_if']} is on)"
    yield page.wrapped(f"{side} {_place(rule)}{rule.id} -> {rule.decision}{off}", hanging="      ")
    yield from _of_reform(rule)
    yield page.wrapped(rule.values["because"], "      ")
    if rule.when:
        yield "      when" if len(rule.when) == 1 else "      when all of these hold"
        for one in rule.when:
            yield from _condition(one, "        - ")
    else:
        yield "      in every other case"
    if rule.values["cite"] is not None:
        yield page.wrapped(f"[{rule.values['cite']}]", "      ")


def _place(rule: RuleText) -> str:
    return "off. " if rule.place is None else f"{rule.place}. "


def _of_reform(rule: RuleText) -> list[str]:
    return ["      (the reform's own rule, before every policy)"] if rule.of_reform else []


def _entry(one: Entry) -> str:
    lines = [f"  {one.name} ({one.what})"]
    if one.what == "changed":
        lines += _values(one.values, "      ")
    for value in one.values if one.what != "changed" else ():
        side, said = ("+", value.after) if one.what == "added" else ("-", value.before)
        lines.append(page.wrapped(f"{_WORDS.get(value.key, value.key)}: {_said(said)}", f"      {side} ", "        "))
    lines += _conditions(one.when, "      ")
    return "\n".join(lines)


def _values(values: Iterable[Value], indent: str) -> list[str]:
    lines = []
    for value in values:
        lines.append(f"{indent}{_WORDS.get(value.key, value.key)}")
        for side, said in zip(_SIDES, (value.before, value.after), strict=True):
            if said is not None:
                lines.append(page.wrapped(_said(said), f"{indent}  {side} ", f"{indent}    "))
    return lines


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _conditions(found: Conditions, indent: str) -> list[str]:
    lines: list[str] = []
    for pair in found.pairs:
        both = [one for one in pair if one is not None]
        if len({one.test for one in both}) < len(both):
            # The same condition on another authority.
            lines.append(page.wrapped(both[0].words, indent, f"{indent}  "))
            lines += [
                page.wrapped(f"[{one.cite}]", f"{indent}  {side} ") for side, one in zip(_SIDES, both, strict=True)
            ]
            continue
        # Where the words are the same, what differs is in the predicate's arguments.
        alike = len({one.words for one in both}) < len(both)
        for side, one in zip(_SIDES, pair, strict=True):
            if one is not None:
                lines += _condition(one._replace(words=one.test) if alike else one, f"{indent}{side} ")
    return lines


def _condition(one: Condition, bullet: str) -> list[str]:
    pad = " " * len(bullet)
    return [page.wrapped(one.words, bullet, pad), page.wrapped(f"[{one.cite}]", pad)]


def decisions(told: Decisions, names: tuple[str, str]) -> str:
    """How many decisions change, and from what to what."""
    totals = told.totals
    where = "every county" if told.county is None else told.county
    parts = [f"DECISIONS as of {told.as_of.isoformat()}, {where}"]
    rows = [
        (f"{told.noun}s that either policy decides", totals.charges),
        ("  decided alike by the same rule", totals.charges - totals.changed - totals.other_rule),
        ("  decided alike by another rule", totals.other_rule),
        ("  decided otherwise", totals.changed),
        ("people with one that is decided otherwise", totals.people_changed),
    ]
    parts.append(page.table(("", ""), [(words, f"{number:,}") for words, number in rows], right=(1,)))
    changed = Counter({pair: number for pair, number in totals.pairs.items() if pair[0].decision != pair[1].decision})
    if changed:
        parts.append(_pairs("Decided otherwise", names, _together(changed), rule=False))
    by_rule = Counter({pair: number for pair, number in totals.pairs.items() if pair[0] != pair[1]})
    if by_rule and not totals.routes:
        parts.append(_pairs("By rule", names, by_rule, rule=True))
    for relief in dict.fromkeys(name for name, _, _ in totals.routes):
        of_route = Counter(
            {(old, new): n for (name, old, new), n in totals.routes.items() if name == relief and old != new}
        )
        if of_route:
            parts.append(_pairs(f"By rule, route {relief}", names, of_route, rule=True))
    return "\n\n".join(parts)


def _together(pairs: Mapping[tuple[Ruled, Ruled], int]) -> Counter[tuple[Ruled, Ruled]]:
    """The counts whatever the rules."""
    made: Counter[tuple[Ruled, Ruled]] = Counter()
    for (old, new), number in pairs.items():
        made[old._replace(rule=None), new._replace(rule=None)] += number
    return made


def _pairs(title: str, names: tuple[str, str], pairs: Mapping[tuple[Ruled, Ruled], int], *, rule: bool) -> str:
    rows = [(*(_ruled(side, rule) for side in pair), f"{number:,}") for pair, number in _ordered(pairs)]
    return f"{title}\n\n{page.table((*names, 'Number'), rows, right=(2,), lines=rule)}"


def _ordered(pairs: Mapping[tuple[Ruled, Ruled], int]) -> list[tuple[tuple[Ruled, Ruled], int]]:
    return sorted(pairs.items(), key=lambda item: (-item[1], [(one.decision, one.rule or "") for one in item[0]]))


def _ruled(side: Ruled, rule: bool) -> str:
    said = side.decision.replace("out_of_scope", "out of scope")
    return f"{said}\n  {side.rule}" if rule and side.rule else said


# For machines -------------------------------------------------------------------------------------------


def described(found: Difference) -> dict[str, Any]:
    """The difference as plain values."""
    return {
        "reform": found.before.reform,
        "before": {"policy": found.before.id, "digest": found.before.digest},
        "after": {"policy": found.after.id, "digest": found.after.digest},
        "heading": _plain_values(found.heading),
        "parameters": [_plain_entry(one) for one in found.parameters],
        "scope": _plain_conditions(found.scope),
        "flags": [_plain_entry(one) for one in found.flags],
        "rules": _plain_rules(found.rules),
        "routes": [{"relief": r.relief, "what": r.what or None, **_plain_rules(r.rules)} for r in found.routes],
        "decides_alike": found.decides_alike,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _plain_values(values: Iterable[Value]) -> list[dict[str, Any]]:
    return [{"key": v.key, "before": _plain(v.before), "after": _plain(v.after)} for v in values]


def _plain_conditions(found: Conditions) -> list[dict[str, Any]]:
    return [
        {"before": None if old is None else old._asdict(), "after": None if new is None else new._asdict()}
        for old, new in found.pairs
    ]


def _plain_entry(one: Entry) -> dict[str, Any]:
    return {
        "name": one.name,
        "what": one.what,
        "values": _plain_values(one.values),
        "when": _plain_conditions(one.when),
    }


def _plain_rules(rules: Rules) -> dict[str, Any]:
    return {
        "same": rules.same,
        "changes": [
            {
                "what": list(change.what),
                "before": _plain_rule(change.before),
                "after": _plain_rule(change.after),
                "values": _plain_values(change.values),
                "when": _plain_conditions(change.when),
            }
            for change in rules.changes
        ],
    }


def _plain_rule(rule: RuleText | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    when = [one._asdict() for one in rule.when]
    of = "reform" if rule.of_reform else "policy"
    return {"id": rule.id, "place": rule.place, "of": of, **rule.values, "when": when}


def counted(told: Decisions) -> dict[str, Any]:
    """The counts as plain values."""
    totals = told.totals
    return {
        "as_of": told.as_of.isoformat(),
        "county": told.county,
        "of": f"{told.noun}s",
        "decided": totals.charges,
        "changed": totals.changed,
        "alike_by_another_rule": totals.other_rule,
        "people_changed": totals.people_changed,
        "pairs": _plain_pairs(_ordered(totals.pairs)),
        "routes": {
            relief: _plain_pairs(
                _ordered({(old, new): n for (name, old, new), n in totals.routes.items() if name == relief})
            )
            for relief in dict.fromkeys(name for name, _, _ in totals.routes)
        },
    }


def _plain_pairs(pairs: Sequence[tuple[tuple[Ruled, Ruled], int]]) -> list[dict[str, Any]]:
    return [{"before": _side(old), "after": _side(new), "number": number} for (old, new), number in pairs]


def _side(side: Ruled) -> dict[str, Any]:
    return {**side._asdict(), "reliefs": list(side.reliefs)}
