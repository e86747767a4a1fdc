"""A determination's walk in words, for whoever must see why a case came out otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from clearslate.model import Answer, Person
from clearslate.policy.determination import Determination, RuleTrace


def account(determination: Determination) -> list[str]:
    """The reason, the missing facts, and every rule walked with the answers of its grounds, a line each."""
    lines = [f"because: {determination.reason}"]
    if determination.missing:
        lines.append(f"missing: {', '.join(dict.fromkeys(fact.name for fact in determination.missing))}")
    if determination.flags:
        lines.append(f"flags: {', '.join(determination.flags)}")
    for relief, trace in determination.walks:
        lines += [] if relief is None else [f"route [{relief}]"]
        lines += _walked(trace)
    return lines


def _walked(trace: Iterable[RuleTrace]) -> list[str]:
    lines = []
    for rule in trace:
        lines.append(f"rule [{rule.rule}] ({rule.decision}): {_APPLIES[rule.applies]}")
        # Of a rule that is out, the ground that failed says all.
        grounds = rule.grounds[-1:] if rule.applies is Answer.NO else rule.grounds
        for ground in grounds:
            found = ground.finding.answer if ground.wanted is Answer.YES else ~ground.finding.answer
            lines.append(f"    {found.value}: {ground.words} [{ground.cite}]")
    return lines


_APPLIES = {Answer.YES: "applies", Answer.NO: "does not apply", Answer.UNKNOWN: "could apply"}


def describe(person: Person) -> list[str]:
    """A made-up record in words, a line for each count; never use it on a real one."""
    lines = [
        f"born {person.birth_date or 'unknown'}; {len(person.missing_rows)} rows missing;"
        f" {len(person.registrations)} registrations; deceased {person.deceased};"
        f" shares an identifier {person.shares_identifier}; flags {list(person.flags)}"
    ]
    for count in person.counts:
        parts = [f"{part.length if part.length is not None else '?'} {part.unit or '?'}" for part in count.sentence]
        lines.append(
            f"count {count.key}: {count.statute or 'unreadable'}, {count.disposition.value} {count.disposed or '?'},"
            f" ended {count.ended or '?'}, class {count.offense_class or '?'}, committed {count.committed or '?'},"
            f" arrested {count.cycle.arrested or '?'}, grade {count.grade.value if count.grade else '?'},"
            f" county {count.event.county or '?'}, sentence {parts},"
            f" relieved {[relief.name.lower() for relief in count.relieved]}, facts {dict(count.facts)}"
        )
    return lines
