"""What changed from one policy to another, rule by rule, in the words of the policies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from clearslate.errors import UsageError, did_you_mean
from clearslate.policy.load import PolicySource
from clearslate.policy.policy import Ground, Policy, Rule
from clearslate.policy.reform import Reform
from clearslate.policy.schema import GroundEntry, ParameterEntry, PolicyFile, RuleEntry

_HEADING = ("id", "title", "summary", "county", "in_force", "reviewed_on", "source")
_APART = frozenset(["reform", "parameters", "scope", "flags", "rules", "routes"])

T = TypeVar("T")


class Value(NamedTuple):
    """A value that changed, before and after; None is not there."""

    key: str
    before: Any
    after: Any


class Condition(NamedTuple):
    """A ground as a lawyer reads it: the words of what must hold, and the citation; ``test`` spells the predicate."""

    words: str
    cite: str
    test: str


class Conditions(NamedTuple):
    """The grounds that changed: pairs of one before and one after, None where there is no other side."""

    pairs: tuple[tuple[Condition | None, Condition | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pairs)


class RuleText(NamedTuple):
    """A rule as it stands in one policy; ``place`` is its number in it, None where a parameter switches it off.

    ``of_reform`` says that it is one of the reform's, before every policy's own. ``unbound`` is the rule as the file
    has it, with no parameter's value put in.
    """

    id: str
    place: int | None
    values: Mapping[str, Any]
    when: tuple[Condition, ...]
    of_reform: bool
    unbound: RuleText | None = None

    @property
    def as_filed(self) -> RuleText:
        """The rule as the file has it."""
        return self.unbound or self

    @property
    def decision(self) -> str:
        """What it decides, in a word or two."""
        return ": ".join(filter(None, (self.values["then"], self.values["relief"] or self.values["refer_to"])))

    @property
    def content(self) -> tuple[Any, ...]:
        """All but its name and place."""
        return (tuple(self.values.items()), self.when, self.place is None)


class RuleChange(NamedTuple):
    """A rule that is not as it was: ``what`` names each way, from added, removed, renamed, moved, changed."""

    what: tuple[str, ...]
    before: RuleText | None
    after: RuleText | None
    values: tuple[Value, ...] = ()
    when: Conditions = Conditions()


class Rules(NamedTuple):
    """Rules that are walked one after the other: those that changed, and how many did not, with the reform's own."""

    changes: tuple[RuleChange, ...]
    same: int
    same_of_reform: int = 0

    def __bool__(self) -> bool:
        return bool(self.changes)


class Entry(NamedTuple):
    """A parameter or a flag that is not as it was, with its name."""

    name: str
    what: str
    values: tuple[Value, ...] = ()
    when: Conditions = Conditions()


class RouteChange(NamedTuple):
    """The rules of one route; ``what`` is added, removed, or changed, or empty."""

    relief: str
    what: str
    rules: Rules


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one policy to another; the opening rules of the reform are among ``rules``."""

    before: Policy
    after: Policy
    heading: tuple[Value, ...]
    parameters: tuple[Entry, ...]
    scope: Conditions
    flags: tuple[Entry, ...]
    rules: Rules
    routes: tuple[RouteChange, ...]

    @property
    def decides_alike(self) -> bool:
        """Whether nothing changed that a decision could depend on: scope, rules and routes."""
        return not (self.scope or self.rules or any(route.rules or route.what for route in self.routes))


def difference(
    reform: Reform, before: PolicySource, after: PolicySource, settings: Mapping[str, str] | None = None
) -> Difference:
    """Compare two policies of a reform; raise PolicyError or UsageError for one that cannot be read.

    ``settings`` are parameters as typed on the command line, set in each policy that has them.
    """
    files = [reform.read_policy(source) for source in (before, after)]
    for name in settings or {}:
        known = [*files[0].parameters, *files[1].parameters]
        if name not in known:
            hint = did_you_mean(name, known) or "; neither has parameters"
            raise UsageError(f"neither policy has a parameter [{name}]{hint}")
    sides = []
    for source, file in zip((before, after), files, strict=True):
        own = {name: value for name, value in (settings or {}).items() if name in file.parameters}
        sides.append(_Side(reform, file, reform.bind(source, own)))
    old, new = sides
    return Difference(
        before=old.policy,
        after=new.policy,
        heading=_values(old.heading, new.heading),
        parameters=_parameters(old, new),
        scope=conditions(old.scope, new.scope),
        flags=_flags(old.flags, new.flags),
        rules=rules(old.shared, new.shared),
        routes=_routes(old.routes, new.routes),
    )


class _Side:
    """One of the two policies, taken apart into what is compared."""

    def __init__(self, reform: Reform, file: PolicyFile, policy: Policy) -> None:
        self.file = file
        self.policy = policy
        keys = [key for key in PolicyFile.model_fields if key not in _APART]
        self.heading = {key: getattr(file, key) for key in keys}
        self.scope = tuple(map(_condition, policy.scope))
        self.flags = [(flag.id, _condition(flag.ground)) for flag in policy.flags]
        opening, own = len(reform.about.rules), [*reform.about.rules, *file.rules]
        self.shared = self._rules(own, policy.shared, 0, opening)
        self.routes: dict[str, list[RuleText]] = {}
        at = len(policy.shared)
        for entry, route in zip(file.routes, policy.routes, strict=True):
            standing = route.rules[len(policy.shared) :]
            self.routes[route.relief] = self._rules(entry.rules, standing, at, 0)
            at += len(standing)

    @staticmethod
    def _rules(entries: Iterable[RuleEntry], standing: Sequence[Rule], at: int, opening: int) -> list[RuleText]:
        """Every rule of the file, those that stand as they are bound, with their numbers in the policy."""
        bound = {rule.id: (place, rule) for place, rule in enumerate(standing, at + 1)}
        made = []
        for number, entry in enumerate(entries):
            values = {key: getattr(entry, key) for key in RuleEntry.model_fields if key not in ("id", "when")}
            filed = RuleText(entry.id, None, values, tuple(map(_unbound, entry.when)), number < opening)
            if entry.id in bound:
                place, rule = bound[entry.id]
                values = {**values, "because": rule.because, "relief": rule.decision.relief}
                when = tuple(map(_condition, rule.grounds))
                filed = filed._replace(place=place, values=values, when=when, unbound=filed)
            made.append(filed)
        return made


def _condition(ground: Ground) -> Condition:
    predicate = ground.predicate
    arguments = predicate.model_dump(mode="json")
    return Condition(ground.words, ground.cite, _spelled(predicate.name, arguments, ground.wanted.value))


def _unbound(entry: GroundEntry) -> Condition:
    """A ground of a rule that is switched off, which no parameter's value is put into."""
    arguments = {key: value for key, value in entry.test.items() if key != "is"}
    spelled = _spelled(str(entry.test.get("is")), arguments, entry.want)
    return Condition(spelled, entry.cite, spelled)


def _spelled(name: str, arguments: Mapping[str, Any], wanted: Any) -> str:
    said = ", ".join(f"{key} = {value}" for key, value in arguments.items())
    return f"{name}({said}) is {getattr(wanted, 'value', wanted)}"


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Value, ...]:
    keys = dict.fromkeys([*before, *after])
    return tuple(Value(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


def _parameters(old: _Side, new: _Side) -> tuple[Entry, ...]:
    def told(side: _Side, name: str, entry: ParameterEntry) -> dict[str, Any]:
        value = side.policy.parameters[name]
        return {**_fields(entry), **({} if value == entry.default else {"value": value})}

    befores = {name: told(old, name, entry) for name, entry in old.file.parameters.items()}
    afters = {name: told(new, name, entry) for name, entry in new.file.parameters.items()}
    found = []
    for name in dict.fromkeys([*befores, *afters]):
        values = _values(befores.get(name, {}), afters.get(name, {}))
        if values:
            found.append(Entry(name, _what(name in befores, name in afters), values))
    return tuple(found)


def _fields(entry: BaseModel) -> dict[str, Any]:
    return {key: getattr(entry, key) for key in type(entry).model_fields}


def _what(before: bool, after: bool) -> str:
    if before and after:
        return "changed"
    return "removed" if before else "added"


def _flags(before: Sequence[tuple[str, Condition]], after: Sequence[tuple[str, Condition]]) -> tuple[Entry, ...]:
    found = []
    for name in dict.fromkeys(name for name, _ in [*before, *after]):
        old = [when for own, when in before if own == name]
        new = [when for own, when in after if own == name]
        changed = conditions(old, new)
        if changed:
            found.append(Entry(name, _what(bool(old), bool(new)), when=changed))
    return tuple(found)


def _routes(before: Mapping[str, list[RuleText]], after: Mapping[str, list[RuleText]]) -> tuple[RouteChange, ...]:
    found = []
    order = _unmoved([relief for relief in before if relief in after], list(after))
    for relief in _woven(list(before), list(after)):
        was, now = relief in before, relief in after
        changed = rules(before.get(relief, []), after.get(relief, []))
        what = _what(was, now) if was != now else "" if relief in order else "moved"
        found.append(RouteChange(relief, what, changed))
    return tuple(found)


def conditions(before: Iterable[Condition], after: Iterable[Condition]) -> Conditions:
    """The grounds that are not on both sides; those of one predicate, or of the same words, stand in a pair.

    Their order decides nothing, so it is not compared.
    """
    old, new = list(before), list(after)
    for one in list(old):
        if one in new:
            old.remove(one)
            new.remove(one)
    pairs: list[tuple[Condition | None, Condition | None]] = []
    likenesses: tuple[Callable[[Condition], str], ...] = (
        lambda one: one.words,
        lambda one: one.test,
        lambda one: one.test.split("(")[0],
        lambda one: one.cite,
    )
    for likeness in likenesses:
        for one in list(old):
            other = next((two for two in new if likeness(two) == likeness(one)), None)
            if other is not None:
                old.remove(one)
                new.remove(other)
                pairs.append((one, other))
    pairs += [(one, None) for one in old]
    pairs += [(None, one) for one in new]
    return Conditions(tuple(pairs))


def rules(before: Sequence[RuleText], after: Sequence[RuleText]) -> Rules:
    """The rules that are not as they were, in the order of the later policy, removed ones where they stood."""
    old, new = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    names = _renamed(old, new)
    # Both lists by the name that a rule has now.
    was = {names.get(id, id): rule for id, rule in old.items()}
    kept = _unmoved([id for id in was if id in new], [id for id in new if id in was])
    changes = []
    for id in _woven(list(was), list(new)):
        one, two = was.get(id), new.get(id)
        change = _rule(one, two, moved=one is not None and two is not None and id not in kept)
        if change is not None:
            changes.append(change)
    altered = {change.after.id for change in changes if change.after is not None}
    same = [rule for rule in after if rule.id not in altered]
    return Rules(tuple(changes), len(same), sum(rule.of_reform for rule in same))


def _rule(before: RuleText | None, after: RuleText | None, *, moved: bool) -> RuleChange | None:
    if before is None or after is None:
        return RuleChange((_what(before is not None, after is not None),), before, after)
    stands = before.place is not None, after.place is not None
    switched = {(False, True): ("switched on",), (True, False): ("switched off",)}.get(stands, ())
    one, two = (before.as_filed, after.as_filed) if switched else (before, after)
    values = _values(one.values, two.values)
    when = conditions(one.when, two.when)
    what = (
        *(("renamed",) if before.id != after.id else ()),
        *switched,
        *(("moved",) if moved else ()),
        *(("changed",) if values or when else ()),
    )
    return RuleChange(what, before, after, values, when) if what else None


def _renamed(old: Mapping[str, RuleText], new: Mapping[str, RuleText]) -> dict[str, str]:
    """The rules that say the same under another name, where there is no doubt which is which."""
    gone = [rule for id, rule in old.items() if id not in new]
    come = [rule for id, rule in new.items() if id not in old]
    found = {}
    for rule in gone:
        alike = [other for other in come if other.content == rule.content]
        rivals = [other for other in gone if other.content == rule.content]
        if len(alike) == len(rivals) == 1:
            found[rule.id] = alike[0].id
    return found


def _unmoved(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The most of them that stand in the same order on both sides; the others moved."""
    place = {id: at for at, id in enumerate(after)}
    ends: list[int] = []
    last: list[str] = []
    link: dict[str, str | None] = {}
    for id in before:
        at = bisect_left(ends, place[id])
        link[id] = last[at - 1] if at else None
        ends[at : at + 1] = [place[id]]
        last[at : at + 1] = [id]
    kept = set()
    here = last[-1] if last else None
    while here is not None:
        kept.add(here)
        here = link[here]
    return frozenset(kept)


def _woven(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The names of the later side in its order, with those that are gone behind the one that they stood behind."""
    there = set(after)
    behind: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for id in before:
        if id in there:
            anchor = id
        else:
            behind.setdefault(anchor, []).append(id)
    made = list(behind.get(None, ()))
    for id in after:
        made += [id, *behind.get(id, ())]
    return made
