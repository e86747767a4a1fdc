"""``impact.json``: what a run would change for how many people, in figures that tie to one another."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from clearslate.ingest.reader import Block
from clearslate.model import Answer, Count, Grade, Person, Relief, Span, all_of
from clearslate.output.decided import Decided
from clearslate.output.figures import Figures, Path, Sum
from clearslate.output.manifest import json_bytes
from clearslate.output.staging import Folder
from clearslate.output.suppression import SMALLEST, hidden
from clearslate.output.writer import RunContext
from clearslate.policy.determination import Outcome
from clearslate.policy.matter import History

FILE = "impact.json"
FORMAT = 1
YEARS = 7
UNKNOWN = "unknown"
GRADES = (*(grade.value for grade in Grade), UNKNOWN)
OUTCOMES = tuple(outcome.value for outcome in Outcome)
FREED_OF = ("felony", "conviction", f"conviction_in_last_{YEARS}_years")

Leaves = Mapping[str, str]
"""For each relief of the reform, what remains of the conviction."""


class Standing(NamedTuple):
    """Whether a person has a felony, a conviction, and a conviction in the last seven years."""

    felony: Answer
    conviction: Answer
    recent: Answer


def standing(history: History, as_of: dt.date, left: Mapping[int, str]) -> Standing:
    """Where a person stands; ``left`` gives, by ``id`` of the count, what relief leaves of it.

    Every conviction on record counts, whatever its offense and county. A rejected row, a count
    without a disposition, an unreadable date or an unknown grade leaves the answer open. Seven
    calendar years to the day are past.
    """
    felony = conviction = recent = Answer.UNKNOWN if history.has_gaps else Answer.NO
    for count, exists in history.others:
        remains = left.get(id(count)) if left else None
        if remains == "nothing":
            continue
        conviction = _either(conviction, exists)
        if felony is not Answer.YES and remains not in _NO_FELONY:
            felony = _either(felony, all_of((exists, _is_felony(count))))
        if recent is not Answer.YES:
            recent = _either(recent, all_of((exists, _is_recent(count.disposed_span, as_of))))
    return Standing(felony, conviction, recent)


def _either(one: Answer, other: Answer) -> Answer:
    """Yes if one is yes, unknown if one is unknown, else no."""
    if one is Answer.YES or other is Answer.NO:
        return one
    return Answer.YES if other is Answer.YES else Answer.UNKNOWN


_NO_FELONY = ("misdemeanor", "infraction")


def _is_recent(disposed: Span, as_of: dt.date) -> Answer:
    # The year alone mostly settles it, at a tenth of the time.
    year = as_of.year - YEARS
    if disposed.latest is not None and disposed.latest.year < year:
        return Answer.NO
    if disposed.earliest is not None and disposed.earliest.year > year:
        return Answer.YES
    return ~disposed.plus_years(YEARS).on_or_before(as_of)


def _is_felony(count: Count) -> Answer:
    if count.grade is None:
        return Answer.UNKNOWN
    if count.grade is not Grade.FELONY:
        return Answer.NO
    # A felony that was, or may have been, reduced since may be a misdemeanor for all purposes.
    reduced = not {Relief.REDUCED, Relief.UNCLEAR}.isdisjoint(count.relieved)
    return Answer.UNKNOWN if reduced else Answer.YES


class Tallies:
    """The counts of one run as they grow, person by person.

    ``routes`` are the reliefs that the policy decides apart, and ``noun`` what is decided: convictions or charges. A
    charge with several reliefs counts once, for the greatest, and in ``of_routes`` for what each route says.
    """

    def __init__(
        self, leaves: Leaves, as_of: dt.date, *, routes: Sequence[str] = (), noun: str = "convictions"
    ) -> None:
        self.leaves = leaves
        self.routes = tuple(routes)
        self.noun = noun
        self.of_routes: Counter[tuple[str, str]] = Counter()
        self.as_of = as_of
        self.people: Counter[str] = Counter()
        self.convictions: Counter[tuple[str, str, str, str, str]] = Counter()
        self.race: Counter[str] = Counter()
        self.sex: Counter[str] = Counter()

    def add(self, decided: Iterable[Decided]) -> None:
        """Count decided convictions; all of a person's must come together."""
        for _, group in groupby(decided, key=lambda one: id(one.person)):
            self._person(list(group))

    def _person(self, group: Sequence[Decided]) -> None:
        person = group[0].person
        outcomes = set()
        left: dict[int, str] = {}
        for one in group:
            count = one.count
            outcome, relief, refer_to = one.determination.decision
            outcomes.add(outcome)
            if relief is not None and self.leaves[relief] != "unchanged":
                left[id(count)] = self.leaves[relief]
            self.of_routes.update([(r.relief, r.decision.outcome.value) for r in one.determination.routes])
            section = UNKNOWN if count.statute is None else str(count.statute.section.bare)
            grade = UNKNOWN if count.grade is None else count.grade.value
            self.convictions[section, grade, outcome.value, relief or "", refer_to or ""] += 1
        self.people["in_scope"] += 1
        for outcome in outcomes:
            self.people[outcome.value] += 1
        if Outcome.ELIGIBLE in outcomes:
            self.race[person.race or UNKNOWN] += 1
            self.sex[person.sex or UNKNOWN] += 1
        self._freed(person, left)

    def _freed(self, person: Person, left: Mapping[int, str]) -> None:
        history = History(person)
        before = standing(history, self.as_of, {})
        after = standing(history, self.as_of, left) if left else before
        for name, was, remains in zip(FREED_OF, before, after, strict=True):
            if was is Answer.NO:
                self.people[f"{name} before"] += 1
            if remains is Answer.NO:
                self.people[f"{name} after"] += 1

    def figures(self) -> Figures:
        """The figures with the sums that tie them."""
        return _Report(self).figures


class _Report:
    """Makes the named counts and their sums from the tallies."""

    def __init__(self, tallies: Tallies) -> None:
        self.noun = tallies.noun
        self.counts: dict[Path, int] = {}
        self.sums: list[Sum] = []
        self.unprinted: set[Path] = set()
        self._people(tallies)
        self._convictions(tallies)
        self.figures = Figures(self.counts, self.sums, frozenset(self.unprinted))

    def _put(self, path: Path, count: int) -> Path:
        self.counts[path] = count
        return path

    def _rest(self, total: Path, part: Path) -> None:
        """What a reader learns by taking one count from another is a count as well."""
        rest = self._put((*part, "the rest"), self.counts[total] - self.counts[part])
        self.unprinted.add(rest)
        self.sums.append(Sum(total, (part, rest)))

    def _people(self, tallies: Tallies) -> None:
        people = tallies.people
        everyone = self._put(("people", f"with_{self.noun.removesuffix('s')}_in_scope"), people["in_scope"])
        relieved = self._put(("people", "with_relief", "total"), people[Outcome.ELIGIBLE.value])
        self._rest(everyone, relieved)
        for name, table in (("by_race", tallies.race), ("by_sex", tallies.sex)):
            parts = [self._put(("people", "with_relief", name, key), table[key]) for key in sorted(table)]
            self.sums.append(Sum(relieved, tuple(parts)))
        for outcome in (Outcome.REVIEW, Outcome.REFER, Outcome.INELIGIBLE):
            self._rest(everyone, self._put(("people", f"with_{outcome.value}"), people[outcome.value]))
        for name in FREED_OF:
            where = ("people", f"known_to_have_no_{name}")
            before = self._put((*where, "before"), people[f"{name} before"])
            after = self._put((*where, "after"), people[f"{name} after"])
            freed = self._put((*where, "freed"), people[f"{name} after"] - people[f"{name} before"])
            self.sums.append(Sum(after, (before, freed)))
            self._rest(everyone, after)

    def _convictions(self, tallies: Tallies) -> None:
        cells = tallies.convictions
        in_scope = self._put((self.noun, "in_scope"), cells.total())
        sections = sorted({cell[0] for cell in cells})
        outcomes = self._table(cells, in_scope, "by_outcome", OUTCOMES, lambda c: c[2])
        by_section = self._table(cells, in_scope, "by_section", sections, lambda c: c[0], "in_scope")
        by_grade = self._table(cells, in_scope, "by_grade", GRADES, lambda c: c[1], "in_scope")
        self._cross(cells, by_section, 0, by_grade, 1, "by_grade")
        self._cross(cells, by_section, 0, outcomes, 2, "by_outcome")
        self._cross(cells, by_grade, 1, outcomes, 2, "by_outcome")
        eligible = outcomes[Outcome.ELIGIBLE.value]
        granted = Counter({c: n for c, n in cells.items() if c[2] == Outcome.ELIGIBLE.value})
        # One relief a charge, so that the parts sum to the whole; by_route has every relief.
        name = "by_greatest_relief" if tallies.routes else "by_relief"
        reliefs = self._table(granted, eligible, name, tuple(tallies.leaves), lambda c: c[3], "total")
        for route in tallies.routes:
            parts = [
                self._put((self.noun, "by_route", route, outcome), tallies.of_routes[route, outcome])
                for outcome in OUTCOMES
            ]
            self.sums.append(Sum(in_scope, tuple(parts)))
        grade_of_granted = {
            grade: (self.noun, "by_grade", grade, "by_outcome", Outcome.ELIGIBLE.value) for grade in GRADES
        }
        self._cross(granted, reliefs, 3, grade_of_granted, 1, "by_grade")
        effects: dict[str, list[str]] = {"removed": [], "reduced": [], "other": []}
        for relief, leaves in tallies.leaves.items():
            kind = {"nothing": "removed", "misdemeanor": "reduced", "infraction": "reduced"}.get(leaves, "other")
            effects[kind].append(relief)
        for effect, members in effects.items():
            if not members:
                continue
            total = sum(self.counts[reliefs[relief]] for relief in members)
            path = self._put((self.noun, "by_effect", effect, "total"), total)
            self.sums.append(Sum(path, tuple(reliefs[relief] for relief in members)))
            for grade in GRADES:
                parts = [(*reliefs[relief][:-1], "by_grade", grade) for relief in members]
                cell = self._put((*path[:-1], "by_grade", grade), sum(self.counts[part] for part in parts))
                self.sums.append(Sum(cell, tuple(parts)))
        referred = Counter({c: n for c, n in cells.items() if c[2] == Outcome.REFER.value})
        offices = sorted({cell[4] for cell in referred})
        self._table(referred, outcomes[Outcome.REFER.value], "referred_to", offices, lambda c: c[4])

    def _table(
        self,
        cells: Counter[tuple[str, str, str, str, str]],
        total: Path,
        name: str,
        keys: Sequence[str],
        key_of: Any,
        last: str | None = None,
    ) -> dict[str, Path]:
        """Put one count for each key, which together are ``total``; give their paths."""
        found: Counter[str] = Counter()
        for cell, number in cells.items():
            found[key_of(cell)] += number
        tail = () if last is None else (last,)
        paths = {key: self._put((self.noun, name, key, *tail), found[key]) for key in keys}
        self.sums.append(Sum(total, tuple(paths.values())))
        return paths

    def _cross(
        self,
        cells: Counter[tuple[str, str, str, str, str]],
        rows: Mapping[str, Path],
        row_at: int,
        columns: Mapping[str, Path],
        column_at: int,
        name: str,
    ) -> None:
        """Put a count for each row and column, tied to the totals of both."""
        found: Counter[tuple[str, str]] = Counter()
        for cell, number in cells.items():
            found[cell[row_at], cell[column_at]] += number
        for row, path in rows.items():
            for column in columns:
                self._put((*path[:-1], name, column), found[row, column])
            self.sums.append(Sum(path, tuple((*path[:-1], name, column) for column in columns)))
        for column, path in columns.items():
            self.sums.append(Sum(path, tuple((*rows[row][:-1], name, column) for row in rows)))


class Impact:
    """The writer of ``impact.json``, the office's own edition: nothing is suppressed."""

    id = "impact"
    title = "What the run would change, in figures: the office's own edition, nothing suppressed"

    def open(self, run: RunContext, folder: Folder) -> OpenImpact:
        """Begin to count."""
        return OpenImpact(run, folder)


class OpenImpact:
    """``impact.json`` of one run."""

    def __init__(self, run: RunContext, folder: Folder) -> None:
        self._run = run
        self._folder = folder
        self.tallies = Tallies(
            {entry.id: entry.leaves for entry in run.reform.about.reliefs},
            run.as_of,
            routes=[route.relief for route in run.policy.routes],
            noun=run.noun,
        )

    def block(self, _block: Block, decided: Sequence[Decided]) -> None:
        """Count the block's decisions."""
        self.tallies.add(decided)

    def close(self) -> None:
        """Write the file; raises LedgerError where the figures contradict one another."""
        figures = self.tallies.figures()
        figures.check()
        file = self._folder.create(FILE)
        file.write(json_bytes({**_frame(self._run), "edition": "office", **figures.nested()}))
        file.close()


def public_edition(tallies: Tallies, run: RunContext) -> dict[str, Any]:
    """The figures for the public: counts under ten are None, and whatever would give them away."""
    figures = tallies.figures()
    figures.check()
    gone = hidden(figures)
    return {**_frame(run), "edition": "public", "suppressed_below": SMALLEST, **figures.nested(gone)}


def _frame(run: RunContext) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "reform": run.reform.about.id,
        "policy": run.policy.id,
        "county": run.county,
        "as_of": run.as_of.isoformat(),
        "reliefs": {entry.id: {"title": entry.title, "leaves": entry.leaves} for entry in run.reform.about.reliefs},
    }
