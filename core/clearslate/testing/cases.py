"""Law cases: a record, a policy and what the law says of it, written in TOML by whoever knows the law."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationError, model_validator

from clearslate.errors import ClearslateError, PolicyError
from clearslate.model import (
    Count,
    Cycle,
    Disposition,
    Event,
    Grade,
    PartialDate,
    Person,
    Place,
    Registration,
    Relief,
    SentencePart,
    Statute,
)
from clearslate.policy.determination import Determination
from clearslate.policy.load import explain
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import Policy
from clearslate.policy.reform import ReadStatute, Reform
from clearslate.policy.schema import Entry, FlagName, Identifier, Text
from clearslate.testing.walk import account

_UNITS = {"day": "day", "days": "day", "month": "month", "months": "month", "year": "year", "years": "year"}


def _read_date(value: object) -> PartialDate:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return PartialDate.of(value)
    if not isinstance(value, str):
        raise ValueError('a date is written "2001-05-31", "2001-05" or "2001"')
    return PartialDate.from_iso(value)


def read_part(value: object) -> SentencePart:
    """Read ``180 day JAIL``, ``? JAIL`` (length unknown), ``0 JAIL`` or ``FINE``; raise ValueError otherwise."""
    words = value.split() if isinstance(value, str) else []
    if words and words[-1].upper() == "FINE":
        # A fine takes no time, whatever else is said of it.
        return SentencePart("FINE", None, None, takes_no_time=True)
    if len(words) >= 2 and words[0] == "?":
        return SentencePart(" ".join(words[1:]), None, None)
    if len(words) >= 2 and words[0].isdecimal():
        unit = _UNITS.get(words[1].lower())
        if unit is not None:
            return SentencePart(" ".join(words[2:]) or None, int(words[0]), unit)  # type: ignore[arg-type]
        if int(words[0]) == 0:
            return SentencePart(" ".join(words[1:]), 0, None)
    raise ValueError('a sentence part is written "180 day JAIL", "3 year PROBATION", "? JAIL" or "FINE"')


CaseDate = Annotated[PartialDate, PlainValidator(_read_date)]
CasePart = Annotated[SentencePart, PlainValidator(read_part)]
ReliefName = Literal["same_law", "vacated", "dismissed_after_probation", "reduced", "unclear"]


class CountEntry(Entry):
    """One count; what is absent is unknown, but ``disposition`` is convicted and ``county`` is OZ."""

    decide: bool = False
    statute: str
    cycle: Text | None = None
    event: Text | None = None
    arrested: CaseDate | None = None
    disposed: CaseDate | None = None
    grade: Literal["felony", "misdemeanor", "infraction"] | None = None
    county: str | None = None
    disposition: Literal["convicted", "not convicted", "pending", "unknown"] = "convicted"
    committed: CaseDate | None = None
    offense_class: Text | None = Field(default=None, alias="class")
    ended: Identifier | None = None
    sentence: list[CasePart] = Field(default_factory=list)
    relieved: list[ReliefName] = Field(default_factory=list)
    flags: list[FlagName] = Field(default_factory=list)
    facts: dict[Identifier, bool | int | float | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _placed(self) -> CountEntry:
        if self.event is not None and self.cycle is None:
            raise ValueError("a count that names its event names its cycle too")
        return self


class RegistrationEntry(Entry):
    """A registration event."""

    statute: str
    date: CaseDate | None = None


class ChargedEntry(Entry):
    """A further row of a cycle that is not among the counts."""

    cycle: Text
    statute: str


class PersonEntry(Entry):
    """The person; what is absent is unknown."""

    birth_date: CaseDate | None = None
    sex: Text | None = None
    race: Text | None = None
    deceased: bool = False
    missing_rows: Annotated[int, Field(ge=0)] = 0
    shares_identifier: bool = False
    flags: list[FlagName] = Field(default_factory=list)
    registrations: list[RegistrationEntry] = Field(default_factory=list)
    charged: list[ChargedEntry] = Field(default_factory=list)
    counts: Annotated[list[CountEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _coherent(self) -> PersonEntry:
        if sum(count.decide for count in self.counts) != 1:
            raise ValueError("exactly one count says decide = true")
        cycles = {count.cycle for count in self.counts}
        for row in self.charged:
            if row.cycle not in cycles:
                raise ValueError(f"charged names cycle [{row.cycle}], which no count has")
        for cycle in cycles - {None}:
            self._agree("arrested", [count for count in self.counts if count.cycle == cycle])
        for event in {(count.cycle, count.event) for count in self.counts if count.event is not None}:
            self._agree("county", [count for count in self.counts if (count.cycle, count.event) == event])
        return self

    def _agree(self, field: str, counts: Sequence[CountEntry]) -> None:
        if len({getattr(count, field) for count in counts} - {None}) > 1:
            raise ValueError(f"counts of one cycle or event differ in [{field}]")


class RouteExpectEntry(Entry):
    """What the law says of one route, and the rule that says it."""

    outcome: Literal["eligible", "ineligible", "review", "refer"]
    rule: Identifier
    missing: list[Identifier] = Field(default_factory=list)


class ExpectEntry(Entry):
    """What the law says: the outcome, and the rule that says it.

    Under a policy with routes ``routes`` says it of each route by its relief, in place of ``relief`` and ``rule``;
    ``reliefs`` are all that are granted, and no other may be.
    """

    outcome: Literal["eligible", "ineligible", "review", "refer", "out_of_scope"]
    relief: Identifier | None = None
    refer_to: Text | None = None
    rule: Identifier | None = None
    flags: list[FlagName] = Field(default_factory=list)
    missing: list[Identifier] = Field(default_factory=list)
    reliefs: list[Identifier] | None = None
    routes: dict[Identifier, RouteExpectEntry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> ExpectEntry:
        if self.routes:
            return self._of_routes()
        if self.reliefs is not None:
            raise ValueError("reliefs belong to a case that says what it expects of its routes")
        if (self.outcome == "eligible") != (self.relief is not None):
            raise ValueError("an eligible case names its relief, and only an eligible case has one")
        if (self.outcome == "refer") != (self.refer_to is not None):
            raise ValueError("a refer case names its refer_to, and only a refer case has one")
        if (self.outcome == "out_of_scope") != (self.rule is None):
            raise ValueError("a case names the rule that it expects, unless it is out_of_scope")
        if self.outcome == "out_of_scope" and (self.flags or self.missing):
            raise ValueError("an out_of_scope case has no flags and no missing facts")
        return self

    def _of_routes(self) -> ExpectEntry:
        if self.relief is not None or self.rule is not None or self.outcome == "out_of_scope":
            raise ValueError("a case that says what it expects of routes names no relief or rule of its own")
        granted = {relief for relief, one in self.routes.items() if one.outcome == "eligible"}
        if self.reliefs is None and granted and self.outcome == "eligible":
            raise ValueError("an eligible case of routes lists in reliefs all that are granted, so that no more is")
        if (self.outcome == "eligible") != bool(self.reliefs or granted):
            raise ValueError("a case is eligible where a route of it is")
        if self.reliefs is not None and not granted <= set(self.reliefs):
            raise ValueError("a route that is eligible stands among the reliefs")
        return self


class CaseEntry(Entry):
    """One law case; ``story`` says, for a case that was once a bug, what went wrong."""

    id: Text
    name: Text
    source: Text
    story: Text | None = None
    policy: Identifier | None = None
    as_of: dt.date
    set: dict[Identifier, str] = Field(default_factory=dict)
    person: PersonEntry
    expect: ExpectEntry


class CaseFile(Entry):
    """A file of law cases."""

    case: Annotated[list[CaseEntry], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class LawCase:
    """One law case and the base name of its file."""

    file: str
    entry: CaseEntry

    @property
    def id(self) -> str:
        """Its id, unique among the cases of a folder."""
        return self.entry.id

    @property
    def name(self) -> str:
        """The sentence of law that it shows."""
        return self.entry.name

    def __str__(self) -> str:
        return f"{self.id}: {self.name}"

    def person(self, read_statute: ReadStatute) -> tuple[Person, Count]:
        """The person of the case, with statutes read as the reform reads them, and the count to decide."""
        made = _Made(self.entry.person, read_statute)
        return made.person, made.decided


class _Made:
    """A person made from its entry: rows are numbered as the case writes them."""

    def __init__(self, entry: PersonEntry, read_statute: ReadStatute) -> None:
        self.entry = entry
        self.read_statute = read_statute
        self.rows = self._places()
        places = [next(self.rows) for _ in entry.counts]
        registrations = tuple(
            Registration(next(self.rows), self.read(one.statute), one.date) for one in entry.registrations
        )
        counts = self._counts(places)
        self.person = Person(
            person_id="case",
            counts=counts,
            birth_date=entry.birth_date,
            sex=entry.sex,
            race=entry.race,
            deceased=entry.deceased,
            registrations=registrations,
            missing_rows=tuple(next(self.rows) for _ in range(entry.missing_rows)),
            shares_identifier=entry.shares_identifier,
            flags=tuple(entry.flags),
        )
        self.decided = counts[[one.decide for one in entry.counts].index(True)]

    def read(self, text: str) -> Statute | None:
        return self.read_statute(text) if text.strip() else None

    @staticmethod
    def _places() -> Iterator[Place]:
        row = 0
        while True:
            row += 1
            yield Place(0, row, row + 1)

    def _counts(self, places: Sequence[Place]) -> tuple[Count, ...]:
        cycles: dict[str, Cycle] = {}
        events: dict[tuple[str, str], Event] = {}
        made: list[Count] = []
        for number, (one, place) in enumerate(zip(self.entry.counts, places, strict=True), 1):
            cycle = cycles.setdefault(one.cycle or f"own {number}", self._cycle(one, f"own {number}"))
            at = (cycle.key, one.event or f"own {number}")
            event = events.setdefault(at, self._event(one, cycle, "/".join(at)))
            made.append(
                Count(
                    key=str(number),
                    event=event,
                    place=place,
                    statute=self.read(one.statute),
                    offense=one.statute,
                    grade=None if one.grade is None else Grade(one.grade),
                    disposition=Disposition(one.disposition),
                    disposed=one.disposed,
                    sentence=tuple(one.sentence),
                    relieved=tuple(Relief[name.upper()] for name in one.relieved),
                    flags=tuple(one.flags),
                    rows=(place,),
                    facts=one.facts,
                    committed=one.committed,
                    offense_class=one.offense_class,
                    ended=one.ended,
                )
            )
        return tuple(made)

    def _cycle(self, one: CountEntry, own: str) -> Cycle:
        together = [c for c in self.entry.counts if c is one or (c.cycle is not None and c.cycle == one.cycle)]
        further = [row.statute for row in self.entry.charged if row.cycle == one.cycle]
        return Cycle(
            key=one.cycle or own,
            arrested=next((c.arrested for c in together if c.arrested is not None), None),
            charged=tuple(self.read(text) for text in [*(c.statute for c in together), *further]),
        )

    def _event(self, one: CountEntry, cycle: Cycle, key: str) -> Event:
        together = [
            c for c in self.entry.counts if c is one or (c.event and (c.cycle, c.event) == (one.cycle, one.event))
        ]
        county = next((c.county for c in together if c.county is not None), "OZ")
        return Event(key=key, cycle=cycle, kind="COURT", county=" ".join(county.upper().split()) or None)


def load_cases(folder: Path | Traversable) -> list[LawCase]:
    """Read every ``.toml`` file of a folder, by file name; raise PolicyError naming file, case and key."""
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    cases = [case for file in files for case in read_cases(file.name, file.read_text(encoding="utf-8"))]
    if not cases:
        raise PolicyError(f"folder [{folder.name}] has no law cases; write them in a file such as cases.toml")
    files_of = Counter(case.id for case in cases)
    for case in cases:
        if files_of[case.id] > 1:
            raise PolicyError(f"case file [{case.file}]: case id [{case.id}] stands twice; give one another id")
    return cases


def read_cases(name: str, text: str) -> list[LawCase]:
    """Read the text of one case file; raise PolicyError naming file, case and key."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"case file [{name}] is not TOML: {error}; correct that line") from error
    try:
        file = CaseFile.model_validate(data)
    except ValidationError as error:
        raise PolicyError(f"case file [{name}]: {explain(error, CaseFile, data)}") from error
    return [LawCase(name, entry) for entry in file.case]


def bound_policy(reform: Reform, entry: CaseEntry) -> Policy:
    """The policy of a case as in force on its day; raise PolicyError or UsageError where there is no such thing."""
    return reform.bind(reform.find(entry.policy or reform.about.default_policy, entry.as_of), entry.set)


def run_case(reform: Reform, case: LawCase) -> Determination | None:
    """Decide the case's count under its policy; raise PolicyError where policy or setting do not exist."""
    entry = case.entry
    try:
        policy = bound_policy(reform, entry)
    except ClearslateError as error:
        raise PolicyError(f"case file [{case.file}]: case [{case.id}]: {error}") from error
    person, count = case.person(reform.read_statute)
    return policy.decide(Matter(History(person), count, entry.as_of))


def check_case(reform: Reform, case: LawCase) -> Determination | None:
    """Decide the case; raise AssertionError with the walk in words where the law expects otherwise."""
    got = run_case(reform, case)
    wrong = _differences(case.entry.expect, got)
    if wrong:
        lines = [f"case [{case.id}] of [{case.file}]: {case.name} ({case.entry.source})", *wrong]
        raise AssertionError("\n  ".join(lines + ([] if got is None else account(got))))
    return got


def _differences(expect: ExpectEntry, got: Determination | None) -> list[str]:
    if got is None:
        return [] if expect.outcome == "out_of_scope" else [f"expected {expect.outcome}, got out_of_scope"]
    if expect.outcome == "out_of_scope":
        return [f"expected out_of_scope, got {got.decision} by rule [{got.rule}]"]
    lines = []
    if expect.routes:
        lines += _route_differences(expect, got)
    else:
        wanted = ": ".join(part for part in (expect.outcome, expect.relief or expect.refer_to) if part)
        if (wanted, expect.rule) != (str(got.decision), got.rule):
            lines.append(f"expected {wanted} by rule [{expect.rule}], got {got.decision} by rule [{got.rule}]")
    for what, names, found in (
        ("flag", expect.flags, set(got.flags)),
        ("missing fact", expect.missing, {fact.name for fact in got.missing}),
    ):
        absent = [name for name in names if name not in found]
        if absent:
            lines.append(f"expected {what} {absent}, got {sorted(found)}")
    return lines


def _route_differences(expect: ExpectEntry, got: Determination) -> list[str]:
    lines = []
    if expect.outcome != got.decision.outcome.value:
        lines.append(f"expected {expect.outcome}, got {got.decision.outcome.value}")
    if expect.reliefs is not None and sorted(expect.reliefs) != sorted(got.granted):
        lines.append(f"expected the reliefs {sorted(expect.reliefs)} and no other, got {sorted(got.granted)}")
    rulings = {route.relief: route for route in got.routes}
    for relief, wanted in expect.routes.items():
        found = rulings.get(relief)
        if found is None:
            lines.append(f"expected route [{relief}], which the policy does not have")
            continue
        said = f"{found.decision.outcome.value} by rule [{found.rule}]"
        if (wanted.outcome, wanted.rule) != (found.decision.outcome.value, found.rule):
            lines.append(f"route [{relief}]: expected {wanted.outcome} by rule [{wanted.rule}], got {said}")
        lacked = {fact.name for fact in found.missing}
        absent = [name for name in wanted.missing if name not in lacked]
        if absent:
            lines.append(f"route [{relief}]: expected missing fact {absent}, got {sorted(lacked)}")
    return lines
