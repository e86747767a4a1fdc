"""The table of decisions that goes to a reviewer, and comes back with attorneys' words on them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

from clearslate.assess.words import (
    WITHDRAWN,
    Said,
    decided_rulings,
    kept_rulings,
    last_of_each_route,
    law_of,
    of_kept,
    sources_of,
    spoken,
)
from clearslate.errors import InputError, LedgerError, did_you_mean
from clearslate.ingest.sheet import Sheet, day_typed
from clearslate.output.manifest import digest_of
from clearslate.policy.determination import Outcome
from clearslate.policy.schema import ReformFile
from clearslate.policy.word import Kind, Word
from clearslate.vault import runs
from clearslate.vault.beside import SPOKEN, Key
from clearslate.vault.store import Store

_DECISION = (
    "source_file", "source_row", "person_id", "county", "case_number", "statute", "offense", "grade", "convicted_on",
)  # fmt: skip
_RULING = ("outcome", "relief", "refer_to", "rule", "reason", "citations", "missing_facts", "flags")
TO_FILL = ("word", "new_outcome", "new_relief", "ground", "said_by", "said_on")
"""The columns for the reviewer."""

LAST_SAID = "last_said"
"""The column that says when the last word on the charge came in that the table knows of; blank where there was none."""

COLUMNS = ("run_digest", *_DECISION, "route", *_RULING, *TO_FILL, LAST_SAID)
_NEEDED = ("run_digest", "source_file", "source_row", "person_id", *TO_FILL, LAST_SAID)
_ROW = re.compile(r"[1-9][0-9]{0,11}")
KINDS: tuple[str, ...] = (*get_args(Kind), WITHDRAWN)
"""What a reviewer can say."""

_LONGEST_GROUND, _LONGEST_NAME = 2000, 200


def rows(store: Store, run: int, outcomes: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a run's decisions with these outcomes, sorted by county, case number, person and row.

    Where a policy has routes there is a row for each. The word that stands on a charge, whichever run it was said of,
    is in its columns. Raises VaultError.
    """
    told = runs.read_run(store, run)
    digest, columns, said = digest_of(told["manifest"]), told["columns"], _Standing(store, told)
    found = []
    for _, every in runs.every_decision(store, run):
        for kept in every:
            cells = dict(zip(columns, kept["cells"], strict=True))
            last = said.on(_key(cells))
            for route, ruling in _rulings(kept, cells):
                if ruling["outcome"] in outcomes:
                    row = (digest, *(cells[name] for name in _DECISION), route or "")
                    found.append((*row, *(ruling[name] for name in _RULING), *_filled(last.get(route))))
    place = {name: number for number, name in enumerate(COLUMNS)}
    order = [place[name] for name in ("county", "case_number", "person_id", "source_file")]
    found.sort(key=lambda cells: (*(cells[at] for at in order), int(cells[place["source_row"]])))
    yield from found


class _Standing:
    """The last word on each route of each charge of a run, from every run under its policy."""

    def __init__(self, store: Store, told: Mapping[str, Any]) -> None:
        self._files = sources_of(told)
        self._said = spoken(store, *law_of(told))

    def on(self, key: Key) -> dict[str | None, Said]:
        return last_of_each_route(self._said.get((self._files[key[0]], key[1]), ()))


def _key(cells: Mapping[str, str]) -> Key:
    return cells["source_file"], int(cells["source_row"])


def _rulings(kept: Mapping[str, Any], cells: Mapping[str, str]) -> Iterator[tuple[str | None, Mapping[str, str]]]:
    """What was decided, on each route where there are any."""
    if "routes" not in kept:
        yield None, cells
        return
    blank = dict.fromkeys(_RULING, "")
    for relief, outcome, rule, reason, *_ in kept["routes"]:
        granted = relief if outcome == Outcome.ELIGIBLE.value else ""
        told = {"outcome": outcome, "relief": granted, "rule": rule, "reason": reason, "flags": cells["flags"]}
        if outcome == Outcome.REVIEW.value:
            # What is missing on which route is not kept; what is missing at all helps more than nothing.
            told |= {"citations": cells["citations"], "missing_facts": cells["missing_facts"]}
        yield relief, {**blank, **told}


def _filled(said: Said | None) -> tuple[str, ...]:
    if said is None:
        return ("",) * (len(TO_FILL) + 1)
    if said.word is None:
        return (*("",) * len(TO_FILL), said.at)
    word = said.word
    outcome = "" if word.outcome is None else word.outcome.value
    return word.kind, outcome, word.relief or "", word.ground, word.said_by, word.said_on.isoformat(), said.at


class LeftOver(NamedTuple):
    """A row that was not taken: its number, what is wrong, and what to do. Nothing in it is personal."""

    row: int
    problem: str
    advice: str


class _LeftError(Exception):
    """Why a row is left over."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem, self.advice = problem, advice


@dataclass(slots=True)
class Heard:
    """What became of the rows of a table, each once. ``blank`` are rows on which nobody had a word."""

    rows: int = 0
    blank: int = 0
    repeated: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    left_over: list[LeftOver] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many words are new."""
        return self.kinds.total()

    def counts(self) -> dict[str, int]:
        """The numbers, for the audit log."""
        told = {"rows": self.rows, "blank": self.blank, "repeated": self.repeated, "left_over": len(self.left_over)}
        return {**told, **{kind: self.kinds[kind] for kind in KINDS}}

    def check(self) -> None:
        """Raise LedgerError unless every row is accounted for."""
        total = self.blank + self.repeated + self.taken + len(self.left_over)
        if self.rows != total:
            raise LedgerError(f"the rows do not add up: [{self.rows}] is not [{total}]; nothing was kept; report this")


class By(NamedTuple):
    """Who brings words in, the moment (UTC), and the latest day on which anything can have been said."""

    who: str
    at: str
    latest: dt.date


def take_in(
    store: Store,
    sheet: Sheet,
    reform_of: Callable[[str], ReformFile],
    by: By,
    settle: Callable[[Heard], None] = lambda _: None,
) -> Heard:
    """Keep the words of a table; a row that cannot be one is left over and listed, and the rest goes on.

    ``reform_of`` gives a reform by its id. ``settle`` is called before anything is kept. Raises InputError for a table
    that is another one, VaultError, OutputError or LedgerError; nothing was kept then.
    """
    columns = _columns(sheet)
    kept = ((run, runs.read_run(store, run)) for run in runs.runs(store))
    known = {digest_of(told["manifest"]): (run, told) for run, told in kept}
    told = [(row, None if cells is None else dict(zip(columns, cells, strict=True))) for row, cells in sheet.rows()]
    wanted: dict[int, set[Key]] = {}
    for _, cells in told:
        if cells is not None and cells["word"] and cells["run_digest"] in known and _ROW.fullmatch(cells["source_row"]):
            wanted.setdefault(known[cells["run_digest"]][0], set()).add(_key(cells))
    book = _Book(store, {run: _decisions(store, run, keys) for run, keys in wanted.items()})
    heard = Heard()
    for row, cells in told:
        heard.rows += 1
        try:
            if cells is None:
                raise _LeftError("cells", f"the row has not the {len(columns)} cells of the header; correct it")
            if not cells["word"]:
                heard.blank += 1
                continue
            if cells["run_digest"] not in known:
                raise _LeftError("run", "the vault keeps no run with this run_digest; export the decisions of one")
            run, about = known[cells["run_digest"]]
            decision = book.decision(run, cells)
            last = book.standing(run, about).on(_key(cells))
            every = _Row(cells, reform_of(about["manifest"]["reform"]["id"]), by, last).said(decision)
            if book.put(run, about, cells, every):
                heard.kinds[cells["word"].lower()] += 1
            else:
                heard.repeated += 1
        except _LeftError as left:
            heard.left_over.append(LeftOver(row, left.problem, left.advice))
    heard.check()
    settle(heard)
    book.write()
    return heard


def _columns(sheet: Sheet) -> list[str]:
    columns = [heading.strip().lower() for heading in sheet.header]
    for column in _NEEDED:
        if columns.count(column) != 1:
            what = "lacks the column" if column not in columns else "has twice the column"
            raise InputError(
                f"table [{sheet.name}] {what} [{column}]; fill in what [clearslate decisions export] writes, and save "
                "it as CSV UTF-8"
            )
    return columns


def _decisions(store: Store, run: int, keys: Collection[Key]) -> dict[Key, tuple[int, dict[str, Any]]]:
    """The decisions that are asked for, each with its person's number."""
    found: dict[Key, tuple[int, dict[str, Any]]] = {}
    for person, every in runs.every_decision(store, run):
        for kept in every:
            key = kept["cells"][0], int(kept["cells"][1])
            if key in keys:
                found[key] = person, kept
    return found


class _Book:
    """The words of each run and person, until they are written together."""

    def __init__(self, store: Store, decisions: Mapping[int, Mapping[Key, tuple[int, dict[str, Any]]]]) -> None:
        self._store = store
        self._decisions = decisions
        self._standing: dict[tuple[str, str], tuple[int, _Standing]] = {}
        self._fresh: dict[tuple[int, int, str | None], Said] = {}
        self._made: dict[int, dict[int, dict[Key, list[dict[str, Any]]]]] = {}

    def standing(self, run: int, told: Mapping[str, Any]) -> _Standing:
        """The words that stood on the charges of a run before the table."""
        law = law_of(told)
        if law not in self._standing or self._standing[law][0] != run:
            self._standing[law] = run, _Standing(self._store, told)
        return self._standing[law][1]

    def decision(self, run: int, cells: Mapping[str, str]) -> dict[str, Any]:
        """The decision that a row is about."""
        known = _ROW.fullmatch(cells["source_row"])
        found = self._decisions[run].get(_key(cells)) if known else None
        if found is None or found[1]["cells"][2] != cells["person_id"]:
            raise _LeftError("decision", "the run decided no charge at this file and row of this person")
        return found[1]

    def put(self, run: int, told: Mapping[str, Any], cells: Mapping[str, str], every: Sequence[Said]) -> bool:
        """Add the words of a row; False where they were all said already."""
        key, number = _key(cells), sources_of(told)[cells["source_file"]]
        last = self.standing(run, told).on(key)
        new = [said for said in every if said.route not in last or not last[said.route].is_like(said)]
        for said in every:
            first = self._fresh.get((number, key[1], said.route))
            if first is not None and not first.is_like(said):
                raise _LeftError("twice", "the table has another word on the same charge; settle which holds")
        if not new or all((number, key[1], said.route) in self._fresh for said in new):
            return False
        for said in new:
            known = last[said.route].at if said.route in last else ""
            if known != cells[LAST_SAID]:
                raise _LeftError(
                    LAST_SAID, "there was another word on this charge since the table was written; export it anew"
                )
        person = self._decisions[run][key][0]
        self._fresh.update({(number, key[1], said.route): said for said in new})
        self._made.setdefault(run, {}).setdefault(person, {}).setdefault(key, []).extend(said.told() for said in new)
        return True

    def write(self) -> None:
        if not self._made:
            return
        with self._store.step() as step:
            for run, of_run in sorted(self._made.items()):
                noted = []
                for person, made in sorted(of_run.items()):
                    kept = SPOKEN.read(self._store, run, person)
                    noted.append((person, kept | {key: [*kept.get(key, ()), *new] for key, new in made.items()}))
                SPOKEN.write(step, run, noted)


class _Row:
    """One row with a word in it; ``last`` are the words that stand on its charge."""

    def __init__(self, cells: Mapping[str, str], reform: ReformFile, by: By, last: Mapping[str | None, Said]) -> None:
        self._cells = cells
        self._reform = reform
        self._by = by
        self._last = last

    def said(self, kept: Mapping[str, Any]) -> list[Said]:
        """The words that it is on a decision, one for each route that it is about; or why it is none."""
        cells, kind = self._cells, self._cells["word"].lower()
        if kind not in KINDS:
            raise _LeftError("word", f"word takes {', '.join(KINDS)}, or nothing")
        own = {one[0]: one for one in kept_rulings(kept)}
        now = {one[0]: one for one in decided_rulings(kept)}
        routes = self._withdrawn(kept) if kind == WITHDRAWN else self._routes(kind, own, now)
        words = {
            route: None if kind == WITHDRAWN else self._word(kind, route, own[route], now[route]) for route in routes
        }
        return [
            Said(route, word, of_kept(kept, route), cells["run_digest"], self._by.at, self._by.who)
            for route, word in words.items()
        ]

    def _withdrawn(self, kept: Mapping[str, Any]) -> list[str | None]:
        """The routes on which there is a word to take back; a row that names none takes every one."""
        route = self._cells.get("route") or None
        said = dict.fromkeys(name for name, one in self._last.items() if one.word is not None)
        # What was said at another row of the charge.
        said |= dict.fromkeys(one["route"] for one in kept.get("words", ()) if one["route"] not in self._last)
        routes = [name for name in said if route in (None, name)]
        if not routes:
            raise _LeftError("withdraw", "there is no word on this charge to take back")
        return routes

    def _routes(self, kind: str, own: Mapping[str | None, Any], now: Mapping[str | None, Any]) -> list[str | None]:
        """The routes that the row is about; an objection that names none is to everything that is granted."""
        route = self._cells.get("route") or None
        if route in own:
            return [route]
        if route is None and kind == "object":
            granted = [name for name, one in now.items() if one[1] == Outcome.ELIGIBLE.value]
            return granted or list(now)[:1]
        takes = ", ".join(str(name) for name in own if name) or "nothing"
        raise _LeftError("route", f"route takes {takes}")

    def _word(self, kind: str, route: str | None, own: Sequence[str | None], now: Sequence[str | None]) -> Word:
        (_, was, had, _), outcome, relief = own, self._outcome(kind), None
        if kind == "object":
            if now[1] != Outcome.ELIGIBLE.value:
                raise _LeftError("object", "nothing is granted here that could be objected to; see settle")
            if self._cells["new_relief"]:
                raise _LeftError("new_relief", "an objection leaves it to the court; leave new_relief empty")
        else:
            if kind == "settle" and was != Outcome.REVIEW.value:
                raise _LeftError(
                    "settle", "the policy decides this itself: overrule says otherwise, withdraw lets it stand"
                )
            if kind == "overrule" and was == Outcome.REVIEW.value:
                raise _LeftError("overrule", "the policy decided nothing here; to decide it is settle")
            relief = self._relief(outcome, route)
            if outcome is not None and (outcome.value, relief) == (was, had):
                raise _LeftError("new_outcome", "the policy decided the same; leave word empty")
        ground, who = self._text("ground", _LONGEST_GROUND), self._text("said_by", _LONGEST_NAME)
        day = day_typed(self._cells["said_on"])
        if day is None or day > self._by.latest:
            raise _LeftError("said_on", "said_on takes the day it was said, such as 2026-01-31, not one to come")
        return Word(kind, outcome, relief, ground, who, day, route)  # type: ignore[arg-type]

    def _outcome(self, kind: str) -> Outcome | None:
        text = self._cells["new_outcome"].lower()
        if not text and kind == "object":
            return None
        takes = {"settle": ("eligible", "ineligible"), "overrule": ("eligible", "ineligible", "review")}
        allowed = takes.get(kind, ())
        if text not in allowed:
            raise _LeftError("new_outcome", f"new_outcome takes {', '.join(allowed) or 'nothing'}")
        return Outcome(text)

    def _relief(self, outcome: Outcome | None, route: str | None) -> str | None:
        said = self._cells["new_relief"]
        if outcome is not Outcome.ELIGIBLE:
            if said:
                raise _LeftError("new_relief", "new_relief is for eligible alone; leave it empty")
            return None
        takes = [route] if route is not None else [one.id for one in self._reform.reliefs]
        if not said and route is not None:
            return route
        if said not in takes:
            raise _LeftError("new_relief", f"new_relief takes one of {', '.join(takes)}{did_you_mean(said, takes)}")
        return said

    def _text(self, column: str, longest: int) -> str:
        text = " ".join(self._cells[column].split())
        if not text:
            raise _LeftError(column, f"{column} is empty; a word needs its ground, who said it and when")
        if len(text) > longest:
            raise _LeftError(column, f"{column} is longer than {longest} characters; say it shorter")
        return text
