"""A reform: one law change, with its policies as TOML files of the package that supplies it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from pydantic import ValidationError

from clearslate.errors import PolicyError, UsageError, did_you_mean
from clearslate.model import Answer, Statute
from clearslate.policy.core_predicates import CORE_PREDICATES
from clearslate.policy.determination import Decision, Outcome
from clearslate.policy.facts import FACT_WORDS
from clearslate.policy.load import PolicySource, base_name, explain, parse
from clearslate.policy.policy import Flag, Ground, Policy, Route, Rule
from clearslate.policy.predicate import Predicate
from clearslate.policy.schema import (
    FlagEntry,
    GroundEntry,
    ParameterEntry,
    ParameterValue,
    PolicyFile,
    ReformFile,
    RouteEntry,
    RuleEntry,
)
from clearslate.policy.versions import in_force, version_of

if TYPE_CHECKING:
    from clearslate.filing.filing import Filing

_WHOLE = re.compile(r"-?[0-9]{1,18}")
"""Plain digits only: other scripts' digits, underscores and signs are what a typing error makes."""

ReadStatute = Callable[[str], Statute | None]
"""Reads a statute as a record prints it; None where it cannot be read."""


@runtime_checkable
class Reform(Protocol):
    """What the core asks of one law change. Most reforms are a :class:`PolicyReform`."""

    @property
    def about(self) -> ReformFile:
        """Its id, title, reliefs, readers and the rules before every policy."""

    @property
    def read_statute(self) -> ReadStatute:
        """How its jurisdiction's records print statutes; law cases are read with it."""

    def policies(self) -> Mapping[str, PolicySource]:
        """Its policies by id, the default one among them; dated versions as ``statute-2027-01-01`` beside it."""

    def find(self, name: str, as_of: dt.date | None = None) -> PolicySource:
        """A policy by id, or a file whose name ends in ``.toml``; raise UsageError or PolicyError.

        Of several versions it is the one in force on ``as_of``, for None the newest.
        """

    def read_policy(self, source: PolicySource) -> PolicyFile:
        """Check a policy's text; raise PolicyError naming file and key."""

    def bind(self, source: PolicySource, settings: Mapping[str, str] | None = None) -> Policy:
        """Compile a policy with its parameters set; raise PolicyError or UsageError."""

    def filings(self) -> Mapping[str, Filing]:
        """What it files with a court or another office, by id: the packets of ``clearslate file``."""


class PolicyReform:
    """A reform made of ``reform.toml`` and ``policies/*.toml`` in a package or folder, and its own predicates.

    ``filings`` gives what it files; it is called when a packet is asked for, because what makes a PDF is slow to load.
    """

    def __init__(
        self,
        package: str | Traversable,
        *,
        read_statute: ReadStatute,
        predicates: Iterable[type[Predicate]] = (),
        filings: Callable[[], Iterable[Filing]] = tuple,
    ) -> None:
        self.read_statute = read_statute
        self._filings = filings
        root = resources.files(package) if isinstance(package, str) else package
        self._source = PolicySource("reform.toml", root.joinpath("reform.toml").read_text("utf-8"))
        self.about: ReformFile = parse(ReformFile, self._source)
        self.predicates: dict[str, type[Predicate]] = {p.name: p for p in (*CORE_PREDICATES, *predicates)}
        self._policies: dict[str, PolicySource] = {}
        files = [f for f in root.joinpath("policies").iterdir() if f.name.endswith(".toml")]
        for file in sorted(files, key=lambda f: f.name):
            self._add(file.name.removesuffix(".toml"), PolicySource(file.name, file.read_text("utf-8")))
        if self.about.default_policy not in self._policies:
            raise PolicyError(f"reform [{self.about.id}] names default policy [{self.about.default_policy}], not there")

    def _add(self, stem: str, source: PolicySource) -> None:
        try:
            version_of(stem)
        except ValueError as error:
            raise PolicyError(
                f"policy file [{source.name}] is dated by no day; name it such as x-2027-01-01"
            ) from error
        self._policies[stem] = source

    def policies(self) -> Mapping[str, PolicySource]:
        """The policies of the package by the names of their files, dated versions each under its own."""
        return self._policies

    def find(self, name: str, as_of: dt.date | None = None) -> PolicySource:
        """Give a policy by id as in force on ``as_of`` (None: the newest), or from a file named ``….toml``.

        A dated name gives that version whatever the day. Raises PolicyError for a file that cannot be read,
        UsageError for an unknown id.
        """
        if name in self._policies:
            return self._policies[in_force(self._policies, name, as_of) or name]
        if name.endswith(".toml"):
            try:
                return PolicySource(base_name(name), Path(name).read_text("utf-8-sig"))
            except (OSError, UnicodeDecodeError) as error:
                raise PolicyError(f"policy file [{base_name(name)}] cannot be read; check the path") from error
        raise UsageError(f"reform [{self.about.id}] has no policy [{name}]{did_you_mean(name, self._policies)}")

    def read_policy(self, source: PolicySource) -> PolicyFile:
        """Check a policy's text with the default of every parameter."""
        file = parse(PolicyFile, source)
        self._bind(file, source, {})
        return file

    def bind(self, source: PolicySource, settings: Mapping[str, str] | None = None) -> Policy:
        """Compile a policy, with ``settings`` as typed on the command line."""
        return self._bind(parse(PolicyFile, source), source, settings or {})

    def filings(self) -> Mapping[str, Filing]:
        """The packets by id. Raises PolicyError where two have one id."""
        found: dict[str, Filing] = {}
        for filing in self._filings():
            if found.setdefault(filing.id, filing) is not filing:
                raise PolicyError(f"reform [{self.about.id}] has two packets [{filing.id}]; rename one")
        return found

    def _bind(self, file: PolicyFile, source: PolicySource, settings: Mapping[str, str]) -> Policy:
        _check_version(file, source, own=source in self._policies.values())
        if file.reform != self.about.id:
            raise PolicyError(f"policy file [{source.name}] is for reform [{file.reform}], not [{self.about.id}]")
        parameters = {name: entry.default for name, entry in file.parameters.items()}
        for name, text in settings.items():
            if name not in file.parameters:
                hint = did_you_mean(name, file.parameters) or "; it has no parameters"
                raise UsageError(f"policy [{file.id}] has no parameter [{name}]{hint}")
            parameters[name] = read_setting(name, text, file.parameters[name])
        compiler = _Compiler(self, source.name, file.parameters, parameters)
        digest = hashlib.sha256(f"{self._source.text}\0{source.text}".encode()).hexdigest()
        rules = compiler.rules(self.about.rules, opening=True) + compiler.rules(file.rules, opening=False)
        routes = compiler.routes(file.routes, rules)
        for walked in [route.rules for route in routes] or [tuple(rules)]:
            ids = [rule.id for rule in walked]
            for doubled in sorted({id for id in ids if ids.count(id) > 1}):
                raise PolicyError(f"policy file [{source.name}]: rule id [{doubled}] stands twice; rename one")
        return Policy(
            reform=self.about.id,
            id=file.id,
            title=file.title,
            county=file.county,
            digest=digest,
            reliefs={relief.id: relief.title for relief in self.about.reliefs},
            parameters=parameters,
            parameter_entries=file.parameters,
            fact_words={**FACT_WORDS, **{name: fact.words for name, fact in self.about.facts.items()}},
            scope=[compiler.ground(entry, f"scope.{n}") for n, entry in enumerate(file.scope, 1)],
            flags=compiler.flags([*self.about.flags, *file.flags]),
            rules=rules,
            routes=routes,
            decides_charges=self.about.decides == "charges",
            in_force=file.in_force,
        )


def _check_version(file: PolicyFile, source: PolicySource, *, own: bool) -> None:
    """Raise PolicyError where a dated file is in force from another day, or of another id, than its name says."""
    try:
        id, day = version_of(source.name.removesuffix(".toml"))
    except ValueError:
        return
    if day is not None and id != file.id and own:
        raise PolicyError(f"policy file [{source.name}]: key [id] is [{file.id}], and the file is named for [{id}]")
    if day is not None and id == file.id and day != file.in_force:
        raise PolicyError(
            f"policy file [{source.name}]: key [in_force] is [{file.in_force}], and the file is named for [{day}]; "
            "make them one day"
        )


def read_setting(name: str, text: str, entry: ParameterEntry) -> ParameterValue:
    """Read ``--set name=text`` by the parameter's type; raise UsageError saying what it takes."""
    try:
        value: ParameterValue
        if isinstance(entry.default, bool):
            if text.lower() not in ("true", "false"):
                raise ValueError("takes true or false")
            value = text.lower() == "true"
        elif isinstance(entry.default, int):
            if not _WHOLE.fullmatch(text):
                raise ValueError("takes a whole number")
            value = int(text)
        else:
            value = [item.strip() for item in text.split(",") if item.strip()]
        entry.check(value)
    except ValueError as error:
        raise UsageError(f"parameter [{name}] {error}; [{text}] was given") from error
    return value


class _Compiler:
    """Makes rules and grounds of one policy file, with the parameter values put in."""

    def __init__(
        self,
        reform: PolicyReform,
        file: str,
        entries: Mapping[str, ParameterEntry],
        values: Mapping[str, ParameterValue],
    ) -> None:
        self.reform = reform
        self.file = file
        self.entries = entries
        self.values = values

    def fail(self, where: str, what: str) -> PolicyError:
        return PolicyError(f"policy file [{self.file}]: key [{where}]: {what}")

    def is_on(self, reference: str, where: str) -> bool:
        value = self.value(reference, where)
        return bool(value) and value != self.entries[reference[1:]].off

    def value(self, reference: str, where: str) -> ParameterValue:
        name = reference[1:]
        if name not in self.values:
            raise self.fail(where, f"no parameter [{name}]{did_you_mean(name, self.values)}")
        return self.values[name]

    def rules(self, entries: Iterable[RuleEntry], *, opening: bool, route: str | None = None) -> list[Rule]:
        made = []
        for entry in entries:
            where = f"rules.{entry.id}" if route is None else f"routes.{route}.rules.{entry.id}"
            rule = self.rule(entry, where, opening=opening, route=route)
            if entry.only_if is None or self.is_on(entry.only_if, f"{where}.only_if"):
                made.append(rule)
        return made

    def routes(self, entries: Iterable[RouteEntry], shared: Sequence[Rule]) -> list[Route]:
        """The routes, each with the shared rules before its own."""
        made = []
        for entry in entries:
            where = f"routes.{entry.relief}"
            self.check_relief(entry.relief, f"{where}.relief")
            own = self.rules(entry.rules, opening=False, route=entry.relief)
            made.append(Route(entry.relief, (*shared, *own)))
        eligible = next((rule for rule in shared if rule.decision.outcome is Outcome.ELIGIBLE), None)
        if made and eligible is not None:
            raise self.fail(f"rules.{eligible.id}", "a rule before every route grants nothing; put it into a route")
        return made

    def check_relief(self, relief: str, where: str) -> None:
        reliefs = [entry.id for entry in self.reform.about.reliefs]
        if relief not in reliefs:
            raise self.fail(where, f"no relief [{relief}]{did_you_mean(relief, reliefs)}")

    def rule(self, entry: RuleEntry, where: str, *, opening: bool, route: str | None) -> Rule:
        relief = entry.relief if entry.then != "eligible" or route is None else route
        if relief is not None:
            self.check_relief(relief, f"{where}.relief")
        because = self.spoken(entry.because, f"{where}.because")
        grounds = tuple(self.ground(g, f"{where}.when.{n}") for n, g in enumerate(entry.when, 1))
        if entry.contradiction and not any(ground.predicate.asks_of_contradiction() for ground in grounds):
            raise self.fail(f"{where}.contradiction", "no ground asks whether the record contradicts itself")
        return Rule(
            id=entry.id,
            decision=Decision(Outcome(entry.then), relief, entry.refer_to),
            because=because,
            cite=entry.cite,
            grounds=grounds,
            opening=opening,
            contradiction=entry.contradiction,
            asks=tuple(self.fact(fact, f"{where}.asks") for fact in entry.asks),
        )

    def spoken(self, text: str, where: str) -> str:
        """Put the parameters' values in place of their names: plain names only, nothing evaluated."""
        try:
            pieces = [(words, name) for words, name, *_ in Formatter().parse(text)]
        except ValueError as error:
            raise self.fail(where, "a brace stands alone; write {{ or }} for a brace") from error
        parts = []
        for words, name in pieces:
            parts.append(words)
            if name is None:
                continue
            if name not in self.values:
                raise self.fail(where, f"{{{name}}} is not a parameter{did_you_mean(name, self.values)}")
            parts.append(_spoken(self.values[name]))
        return "".join(parts)

    def flags(self, entries: Iterable[FlagEntry]) -> list[Flag]:
        return [Flag(entry.id, self.ground(entry, f"flags.{entry.id}")) for entry in entries]

    def fact(self, name: str, where: str) -> str:
        """The fact's name, where the reform has it: a misspelled fact would be unknown for ever."""
        if name not in self.reform.about.facts:
            raise self.fail(where, f"no fact [{name}]{did_you_mean(name, self.reform.about.facts)}")
        return name

    def ground(self, entry: GroundEntry, where: str) -> Ground:
        arguments: dict[str, Any] = dict(entry.test)
        name = arguments.pop("is", None)
        if not isinstance(name, str):
            raise self.fail(f"{where}.test", 'a test names its predicate as is = "…"')
        predicate = self.reform.predicates.get(name)
        if predicate is None:
            raise self.fail(f"{where}.test", f"no predicate [{name}]{did_you_mean(name, self.reform.predicates)}")
        for key, value in arguments.items():
            if isinstance(value, str) and value.startswith("$"):
                arguments[key] = self.value(value, f"{where}.test.{key}")
        try:
            test = predicate.model_validate(arguments)
        except ValidationError as error:
            raise self.fail(f"{where}.test", explain(error, predicate, arguments)) from error
        for fact in test.fact_names():
            self.fact(fact, f"{where}.test")
        return Ground(test, Answer(entry.want), entry.cite)


def _spoken(value: ParameterValue) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
