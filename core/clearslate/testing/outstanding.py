"""What a lawyer and a developer must each still supply for a reform: found in its files, never judged."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, NamedTuple

from clearslate.model import PartialDate, anniversary
from clearslate.policy.reform import Reform
from clearslate.policy.schema import GroundEntry, PolicyFile, RuleEntry
from clearslate.testing.cases import LawCase
from clearslate.testing.conformance import unreached

Role = Literal["lawyer", "developer"]

PROJECT_FILE = "pyproject.toml"
"""The file that a project has, and an installed package has not."""

_MARK = re.compile(r"TODO\((?P<role>lawyer|developer)\):\s*(?P<words>.*)")
_MORE = re.compile(r"\s*(?:#|//)\s?(?P<words>\S.*)")
_READ = frozenset({".py", ".toml", ".md", ".yml", ".yaml", ".csv", ".ini", ".cfg"})
_PASSED_OVER = frozenset({"__pycache__", "build", "dist", "site", "out", "node_modules", "venv"})
_SHORTEST = 3
"""Words below which a question or an effect says nothing."""


class Mark(NamedTuple):
    """A place that is marked ``TODO(lawyer)`` or ``TODO(developer)``, with what it asks for."""

    role: Role
    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words or 'not said what'}"


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of thing that is still to be supplied, and each of them in a sentence."""

    id: str
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What each of the two must still supply; a topic without a point is left out."""

    lawyer: tuple[Topic, ...]
    developer: tuple[Topic, ...]

    def __bool__(self) -> bool:
        return bool(self.lawyer or self.developer)


def texts_of(folder: Path | Traversable, above: str = "") -> dict[str, str]:
    """The text files of a project or a package by their path in it, without what a tool made or an editor hides."""
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        hidden = entry.name.startswith(".") and entry.name != ".github"
        if hidden or entry.name in _PASSED_OVER:
            continue
        if entry.is_dir():
            found |= texts_of(entry, f"{above}{entry.name}/")
        elif Path(entry.name).suffix in _READ:
            try:
                found[above + entry.name] = entry.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
    return found


def marks(texts: Mapping[str, str]) -> list[Mark]:
    """Every marked place in some texts; a comment that goes on in the next lines is taken with it."""
    found: list[Mark] = []
    for file, text in texts.items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            mark = _MARK.search(line)
            if mark is None:
                continue
            words = [mark["words"].strip()]
            alone = not line[: mark.start()].strip("# /-<!")
            for further in lines[number + 1 :] if alone else ():
                more = _MORE.fullmatch(further)
                if more is None or _MARK.search(further):
                    break
                words.append(more["words"].strip())
            role: Role = "lawyer" if mark["role"] == "lawyer" else "developer"
            found.append(Mark(role, file, number + 1, " ".join(filter(None, words))))
    return found


def outstanding(
    reform: Reform,
    cases: Sequence[LawCase],
    texts: Mapping[str, str],
    *,
    as_of: dt.date,
    readers: Sequence[str] = (),
    writers: Sequence[str] = (),
) -> Outstanding:
    """Find what is still to be supplied for a reform whose files compile.

    ``texts`` are its project's files, ``readers`` the installed source formats, ``writers`` those of its own
    distribution. Raises PolicyError where a file does not compile.
    """
    policies = {name: reform.read_policy(source) for name, source in reform.policies().items()}
    marked = marks(texts)
    lawyer = [
        Topic("marks", "Places marked TODO(lawyer)", _said(marked, "lawyer")),
        Topic("reviews", "Policies to compare with the law again", tuple(_reviews(policies, as_of))),
        Topic("left_to_a_person", "Rules that leave the decision to a person", tuple(_left(reform, policies))),
        Topic(
            "contradictions", "Rules about records that contradict themselves", tuple(_contradictions(reform, policies))
        ),
        Topic("effects", "Reliefs whose effect is not said in words", tuple(_effects(reform))),
        Topic("ungranted", "Reliefs that no rule grants", tuple(_ungranted(reform, policies))),
        Topic("questions", "Facts without a question that can be answered", tuple(_questions(reform))),
        Topic("citations", "Citations to look up in the current text", tuple(_citations(reform, policies))),
    ]
    developer = [
        Topic("marks", "Places marked TODO(developer)", _said(marked, "developer")),
        Topic("cases", "Rules and flags without a law case", tuple(unreached(reform, cases))),
        Topic("dates", "Dates without a law case beside them", tuple(_dates(reform, policies, cases))),
        Topic("readers", "Source formats that no installed plugin reads", tuple(_readers(reform, readers))),
        Topic("facts", "Facts that no test asks for", tuple(_unasked(reform, policies))),
        Topic("filings", "What the court is given", tuple(_filings(reform, writers))),
        Topic("tests", "Tests", tuple(_tests(texts))),
    ]
    return Outstanding(*(tuple(topic for topic in topics if topic.points) for topics in (lawyer, developer)))


def _said(marked: Sequence[Mark], role: Role) -> tuple[str, ...]:
    return tuple(str(mark) for mark in marked if mark.role == role)


# What the files hold -------------------------------------------------------------------------------


def _rules(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[tuple[str, RuleEntry]]:
    """Every rule with what it is of: the reform, a policy, or a policy's route."""
    for rule in reform.about.rules:
        yield "reform.toml", rule
    for name, file in policies.items():
        for rule in file.rules:
            yield name, rule
        for route in file.routes:
            for own in route.rules:
                yield f"{name}, route {route.relief}", own


def _grounds(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[tuple[str, GroundEntry]]:
    """Every ground with where it stands."""
    for flag in reform.about.flags:
        yield f"flag {flag.id}", flag
    for name, file in policies.items():
        for scope in file.scope:
            yield f"{name}, scope", scope
        for flag in file.flags:
            yield f"{name}, flag {flag.id}", flag
    for where, rule in _rules(reform, policies):
        for ground in rule.when:
            yield f"{where}, rule {rule.id}", ground


# For a lawyer --------------------------------------------------------------------------------------


def _reviews(policies: Mapping[str, PolicyFile], as_of: dt.date) -> Iterator[str]:
    for name, file in policies.items():
        if file.reviewed_on > as_of:
            yield f"{name}: reviewed_on is {file.reviewed_on}, which is yet to come"
        elif anniversary(file.reviewed_on, 1) <= as_of:
            yield f"{name}: last compared on {file.reviewed_on}, a year ago or more"


def _left(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[str]:
    for where, rule in _rules(reform, policies):
        if rule.then == "review" and not rule.contradiction:
            yield f"{where}, rule {rule.id}: {rule.because}"


def _contradictions(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[str]:
    for where, rule in _rules(reform, policies):
        if rule.contradiction:
            yield f"{where}, rule {rule.id}: {rule.because}"


def _effects(reform: Reform) -> Iterator[str]:
    for relief in reform.about.reliefs:
        if relief.effect == relief.title or len(relief.effect.split()) < _SHORTEST:
            yield f"{relief.id}: [{relief.effect}] does not say what it does to the conviction"


def _ungranted(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[str]:
    granted = {rule.relief for _, rule in _rules(reform, policies)}
    granted |= {route.relief for file in policies.values() for route in file.routes}
    for relief in reform.about.reliefs:
        if relief.id not in granted:
            yield f"{relief.id}: write the rule that grants it, or take it out"


def _questions(reform: Reform) -> Iterator[str]:
    for name, fact in reform.about.facts.items():
        if not fact.question.rstrip().endswith("?") or len(fact.question.split()) < _SHORTEST:
            yield f"{name}: [{fact.question}] is no question that an attorney can answer"


def _citations(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[str]:
    cites = [rule.cite for _, rule in _rules(reform, policies) if rule.cite is not None]
    yield from dict.fromkeys([*(ground.cite for _, ground in _grounds(reform, policies)), *cites])


# For a developer -----------------------------------------------------------------------------------


def _dates(reform: Reform, policies: Mapping[str, PolicyFile], cases: Sequence[LawCase]) -> Iterator[str]:
    """The days on which an answer changes, and which of the three days around it no case has."""
    tried = {day for case in cases for day in _days_of(case)}
    asked: dict[dt.date, str] = {}
    for where, ground in _grounds(reform, policies):
        for value in ground.test.values():
            if isinstance(value, dt.date):
                asked.setdefault(value, where)
    for day, where in sorted(asked.items()):
        near = (("the day before", -1), ("the day itself", 0), ("the day after", 1))
        absent = [words for words, shift in near if day + dt.timedelta(days=shift) not in tried]
        if absent:
            yield f"{day} ({where}): no case has {', '.join(absent)}"
    for name, file in policies.items():
        if name == file.id:
            continue
        days = {case.entry.as_of for case in cases if case.entry.policy in (None, file.id, name)}
        around = (file.in_force - dt.timedelta(days=1), file.in_force)
        if not days.issuperset(around):
            yield f"{file.in_force} ({name}): no pair of cases is decided as of the day before and the day itself"


def _days_of(case: LawCase) -> Iterator[dt.date]:
    yield case.entry.as_of
    person = case.entry.person
    dates: list[PartialDate | None] = [person.birth_date, *(one.date for one in person.registrations)]
    for count in person.counts:
        dates += [count.arrested, count.disposed, count.committed]
    yield from (one.earliest for one in dates if one is not None and one.exact)


def _readers(reform: Reform, readers: Sequence[str]) -> Iterator[str]:
    for id in reform.about.readers:
        if id not in readers:
            other = f"`clearslate new reader {id}` writes one, and --mapping reads any table"
            yield f"{id}: install the plugin that reads it; {other}"


def _unasked(reform: Reform, policies: Mapping[str, PolicyFile]) -> Iterator[str]:
    asked: set[object] = set()
    for _, ground in _grounds(reform, policies):
        for value in ground.test.values():
            asked |= set(value) if isinstance(value, list) else {str(value)}
    for name in reform.about.facts:
        if name not in asked:
            yield f"{name}: name it in a test, or take it out"


def _filings(reform: Reform, writers: Sequence[str]) -> Iterator[str]:
    if not writers and not reform.filings():
        yield "it has no filings and its distribution no writer, so nothing makes a list or paper that a court takes"


def _tests(texts: Mapping[str, str]) -> Iterator[str]:
    if PROJECT_FILE not in texts:
        # An installed package is not all that its project is.
        return
    python = {file: text for file, text in texts.items() if file.endswith(".py") and "test" in file}
    if not any("check_reform(" in text for text in python.values()):
        yield "no test of the project calls check_reform, so nothing keeps the promises from being broken"
    if not any("check_case(" in text for text in python.values()):
        yield "no test of the project calls check_case, so a case that fails is not named"
