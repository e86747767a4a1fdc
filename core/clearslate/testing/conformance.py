"""The promises that every reform keeps, tried on its law cases and on generated records."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from clearslate.errors import ClearslateError, ConformanceError, PolicyError, UsageError
from clearslate.model import Answer, Count, Person
from clearslate.policy.determination import Determination, Outcome, RouteRuling
from clearslate.policy.load import PolicySource
from clearslate.policy.policy import Policy
from clearslate.policy.reform import Reform
from clearslate.policy.schema import RuleEntry
from clearslate.policy.versions import in_force, version_of
from clearslate.testing.blanks import blankings, is_consistent
from clearslate.testing.cases import LawCase, bound_policy, check_case, load_cases
from clearslate.testing.promises import (
    any_order,
    decide,
    grants_more,
    learning_more_never_lowers,
    one_outcome,
    said_of,
    same_for_everyone,
    same_without_trace,
)

if TYPE_CHECKING:
    # Only what runs the generated records needs the extra.
    from hypothesis.strategies import SearchStrategy

Promise = Callable[[Sequence[Policy], Person, Count, dt.date, random.Random], None]

_PLACEHOLDERS = frozenset(
    {"todo", "tbd", "tba", "fixme", "xxx", "cite", "citation", "source", "none", "unknown", "see law"}
)


def check_reform(reform: Reform, cases: Iterable[LawCase] | Path | Traversable, *, examples: int = 50) -> None:
    """Try every promise on a reform, with ``examples`` generated records for each of its properties.

    ``cases`` are its law cases, or the folder of their files. Raises ConformanceError that lists,
    a line each, every promise broken and what to do about it. Needs the extra ``testing``.
    """
    listed = load_cases(cases) if isinstance(cases, Path | Traversable) else list(cases)
    problems = [*identities(reform), *unknown_ids(reform)]
    if not problems:
        # A policy that does not even compile would say the same thing many times over.
        problems += [
            *citations(reform, listed),
            *law_cases(reform, listed),
            *unreached(reform, listed),
            *grants_from_less(reform, listed),
            *generated(reform, listed, examples=examples),
        ]
    if problems:
        lines = "\n".join(f"- {problem}" for problem in dict.fromkeys(problems))
        raise ConformanceError(f"reform [{reform.about.id}] breaks these promises:\n{lines}")


# What the files say ---------------------------------------------------------------------------


def identities(reform: Reform) -> Iterator[str]:
    """Every policy compiles with the default of each parameter, under its own id."""
    about = reform.about
    if about.default_policy not in reform.policies():
        yield f"default policy [{about.default_policy}] is not among its policies; add it or name another"
    for name, source in reform.policies().items():
        try:
            file = reform.read_policy(source)
            reform.bind(source)
        except ClearslateError as error:
            yield str(error)
            continue
        id, _ = version_of(name)
        if (file.reform, file.id) != (about.id, id):
            wrong = f"says reform [{file.reform}] and id [{file.id}]"
            yield f"policy file [{source.name}] {wrong}; make it [{about.id}] and [{id}]"


def unknown_ids(reform: Reform) -> Iterator[str]:
    """A policy, parameter, key or predicate that does not exist is refused, not passed over."""
    try:
        reform.find("no_such_policy")
    except UsageError:
        pass
    else:
        yield "find gives a policy for the id [no_such_policy]; raise UsageError"
    name, source = next(iter(reform.policies().items()))
    try:
        reform.bind(source, {"no_such_parameter": "1"})
    except UsageError:
        pass
    except ClearslateError:
        return
    else:
        yield f"policy [{name}] takes a parameter that it does not have; raise UsageError"
    for what, more in (
        ("key", "\nno_such_key = 1\n"),
        ("predicate", '\n[[scope]]\ncite = "Nowhere, item 1"\ntest = { is = "no_such_predicate" }\n'),
        ("parameter", '\n[[scope]]\ncite = "Nowhere, item 1"\ntest = { is = "$no_such_parameter" }\n'),
    ):
        try:
            reform.bind(PolicySource(source.name, source.text + more))
        except PolicyError:
            continue
        yield f"policy [{name}] with an unknown {what} is accepted; raise PolicyError"


def citations(reform: Reform, cases: Sequence[LawCase]) -> Iterator[str]:
    """Every ground, flag, rule and case cites something that a reader could look up, and says it in words."""
    for name, policy in _policies(reform).items():
        for where, cite in _cited(policy):
            if _trivial(cite):
                yield f"policy [{name}]: {where} cites [{cite}]; name the law or document and the place in it"
        for where, words in _worded(policy):
            if len(words.split()) < 2:
                yield f"policy [{name}]: {where} says [{words}]; say it in words that can be read to a judge"
    for case in cases:
        if _trivial(case.entry.source):
            yield f"case [{case.id}] cites [{case.entry.source}]; name the law or document and the place in it"
        if len(case.name.split()) < 4:
            yield f"case [{case.id}] is named [{case.name}]; name it by a sentence of law"


def _cited(policy: Policy) -> Iterator[tuple[str, str]]:
    for number, ground in enumerate(policy.scope, 1):
        yield f"scope {number}", ground.cite
    for flag in policy.flags:
        yield f"flag [{flag.id}]", flag.ground.cite
    for rule in policy.rules:
        if not rule.citations:
            yield f"rule [{rule.id}]", ""
        for cite in rule.citations:
            yield f"rule [{rule.id}]", cite


def _worded(policy: Policy) -> Iterator[tuple[str, str]]:
    for rule in policy.rules:
        yield f"rule [{rule.id}]", rule.because
        for ground in rule.grounds:
            yield f"predicate [{ground.predicate.name}]", ground.predicate.words()
            yield f"predicate [{ground.predicate.name}]", ground.predicate.denial()


def _trivial(cite: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", cite)
    digits = re.search(r"\d", cite)
    placeholder = " ".join(words).lower() in _PLACEHOLDERS
    return placeholder or not words or (digits is None and len(words) < 2)


# What the law cases show -----------------------------------------------------------------------


def law_cases(reform: Reform, cases: Sequence[LawCase]) -> Iterator[str]:
    """Every law case comes out as it says, the same the second time."""
    if not cases:
        yield "there are no law cases; write one for each rule"
    for case in cases:
        try:
            if check_case(reform, case) != check_case(reform, case):
                yield f"case [{case.id}] is decided otherwise the second time; a predicate keeps what it should not"
        except (AssertionError, ClearslateError) as error:
            yield str(error)
        except Exception as error:
            yield f"case [{case.id}]: deciding it raises {type(error).__name__}: {error}; no decision may raise"


def unreached(reform: Reform, cases: Sequence[LawCase]) -> Iterator[str]:
    """Every rule of every policy decides a case, and every flag is raised by one.

    A rule decides where the determination names it with the rule's own decision, and the rule
    certainly applied or was the least of several reliefs. A policy's last rule, which applies to
    whatever is left, is reached where a walk ends at it. Rules that a parameter switches on need
    a case that sets it. The reform's opening rules and flags need one case under any policy.
    """
    reached: dict[str, set[str]] = {name: set() for name in reform.policies()}
    raised: dict[str, set[str]] = {name: set() for name in reform.policies()}
    for case in cases:
        try:
            got = _run(reform, case)
        except (AssertionError, ClearslateError):
            continue
        if got is not None:
            id = case.entry.policy or reform.about.default_policy
            name = in_force(reform.policies(), id, case.entry.as_of) or id
            reached.setdefault(name, set()).update(_deciding(got))
            raised.setdefault(name, set()).update(got.flags)
    for what, entries, found in (("rule", reform.about.rules, reached), ("flag", reform.about.flags, raised)):
        for entry in entries:
            if not any(entry.id in {_own(id) for id in ids} for ids in found.values()):
                yield f"{what} [{entry.id}] of the reform is reached by no law case; add one, or remove the {what}"
    for name, source in reform.policies().items():
        file = reform.read_policy(source)
        shared = {_own(id) for id in reached[name]}
        for rule in file.rules:
            if rule.id not in shared:
                yield _undecided(rule, f"policy [{name}]")
        for route in file.routes:
            for rule in route.rules:
                if f"{route.relief}: {rule.id}" not in reached[name]:
                    yield _undecided(rule, f"route [{route.relief}] of policy [{name}]")
        for flag in file.flags:
            if flag.id not in raised[name]:
                yield f"flag [{flag.id}] of policy [{name}] is raised by no law case; add one, or remove the flag"


def _undecided(rule: RuleEntry, where: str) -> str:
    on = f" (a case that sets {rule.only_if[1:]})" if rule.only_if else ""
    return f"rule [{rule.id}] of {where} decides no law case; add one{on}, or remove the rule"


def _own(id: str) -> str:
    """A rule's id without the route that it was reached on."""
    return id.rpartition(": ")[2]


def _deciding(got: Determination) -> Iterator[str]:
    """The rules that decided, each behind its route where there are routes."""
    for part in got.routes or (got,):
        before = f"{part.relief}: " if isinstance(part, RouteRuling) else ""
        for walked in part.trace:
            if walked.rule == part.rule and walked.decision == part.decision:
                least = part.decision.outcome is Outcome.ELIGIBLE
                if walked.applies is Answer.YES or least:
                    yield before + walked.rule
        if part.trace and not part.trace[-1].grounds and part.trace[-1].applies is Answer.YES:
            yield before + part.trace[-1].rule


def grants_from_less(reform: Reform, cases: Sequence[LawCase]) -> Iterator[str]:
    """No law case grants more when a fact of its record is blanked or a row of it is lost."""
    for case in cases:
        try:
            policy = bound_policy(reform, case.entry)
        except ClearslateError:
            continue
        person, count = case.person(reform.read_statute)
        if not is_consistent(person):
            continue
        try:
            yield from _richer(policy, case, person, count)
        except AssertionError as error:
            yield f"case [{case.id}]: {error}"


def _richer(policy: Policy, case: LawCase, person: Person, count: Count) -> Iterator[str]:
    full = decide(policy, person, count, case.entry.as_of)
    for less in blankings(person, count, charges=policy.decides_charges):
        got = decide(policy, less.person, less.decided, case.entry.as_of, trace=False)
        if grants_more(policy, got, full):
            yield (
                f"case [{case.id}] under policy [{policy.id}]: {said_of(full)} becomes {said_of(got)} with"
                f" {less.words}; the predicate asked must answer unknown where the fact is not known"
            )


# What generated records show -------------------------------------------------------------------


def generated(reform: Reform, cases: Sequence[LawCase], *, examples: int) -> Iterator[str]:
    """Every promise that holds for any record, on records drawn from the reform's statutes and days."""
    from clearslate.testing.strategies import persons, pool_of

    pool = pool_of(reform, cases)
    arbitrary, consistent = persons(pool), persons(pool, consistent=True)
    known = persons(pool, consistent=True, unknown=False)
    promises: list[tuple[SearchStrategy[Person], Promise]] = [
        (arbitrary, one_outcome),
        (arbitrary, same_without_trace),
        (arbitrary, any_order),
        (arbitrary, same_for_everyone),
        (consistent, learning_more_never_lowers),
        (known, learning_more_never_lowers),
    ]
    for people, promise in promises:
        # New ones each time, that remember nothing of the records before.
        policies = [*_policies(reform).values(), *_settings_of(reform, cases)]
        try:
            _try(promise, policies, people, pool.as_of, examples)
        except AssertionError as error:
            yield str(error)


def _try(
    promise: Promise,
    policies: Sequence[Policy],
    people: SearchStrategy[Person],
    as_of: dt.date,
    examples: int,
) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    def hold(person: Person, seed: int) -> None:
        for count in person.counts:
            try:
                promise(policies, person, count, as_of, random.Random(seed))
            except AssertionError as error:
                raise _simplest(promise, policies, person, count, as_of, seed, error) from None

    # Shrinking by the library takes minutes on whole records; dropping counts tells enough.
    run = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run(given(people, st.integers(0, 2**32))(hold))()


def _simplest(
    promise: Promise,
    policies: Sequence[Policy],
    person: Person,
    count: Count,
    as_of: dt.date,
    seed: int,
    error: AssertionError,
) -> AssertionError:
    """The same failure with as few other counts as still show it."""
    for other in person.counts:
        fewer = replace(person, counts=tuple(one for one in person.counts if one is not other))
        if other is count:
            continue
        try:
            promise(policies, fewer, count, as_of, random.Random(seed))
        except AssertionError as simpler:
            person, error = fewer, simpler
    return error


# Pieces ------------------------------------------------------------------------------------------


def _policies(reform: Reform) -> Mapping[str, Policy]:
    return {name: reform.bind(source) for name, source in reform.policies().items()}


def _settings_of(reform: Reform, cases: Sequence[LawCase]) -> list[Policy]:
    """The policies as the cases set them, each once."""
    made: dict[tuple[str, tuple[tuple[str, str], ...]], Policy] = {}
    for case in cases:
        id = case.entry.policy or reform.about.default_policy
        version = in_force(reform.policies(), id, case.entry.as_of) or id
        key = (version, tuple(sorted(case.entry.set.items())))
        if key[1] and key not in made:
            try:
                made[key] = bound_policy(reform, case.entry)
            except ClearslateError:
                continue
    return list(made.values())


def _run(reform: Reform, case: LawCase) -> Determination | None:
    return decide(bound_policy(reform, case.entry), *case.person(reform.read_statute), case.entry.as_of)
