"""The book of a run: what the court answered and what the office did, entered in the histories of cases."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clearslate.errors import LedgerError
from clearslate.policy.reform import ReadStatute
from clearslate.track.answers import Answered, Problem, Table
from clearslate.track.case import Case, cases
from clearslate.track.docket import Docket
from clearslate.track.history import Entered, Origin, Step, entered, standing
from clearslate.track.state import State
from clearslate.vault.beside import TRACKED, Key
from clearslate.vault.store import Store


class LeftOver(NamedTuple):
    """A row of a table that was not applied: its number, why, and what to do. Nothing in it is personal."""

    row: int
    outcome: str
    problem: str
    advice: str


@dataclass(slots=True)
class Account:
    """What became of what was to be entered, each thing once.

    ``rows`` are those of a table, or the cases that were named. ``states`` are those that cases moved to.
    """

    rows: int = 0
    applied: int = 0
    repeated: int = 0
    not_matched: int = 0
    contradictory: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    left_over: list[LeftOver] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left over."""
        return not (self.not_matched or self.contradictory)

    def check(self) -> None:
        """Raise LedgerError unless everything adds up."""
        total = self.applied + self.repeated + self.not_matched + self.contradictory
        if self.rows != total or len(self.left_over) != self.not_matched + self.contradictory:
            raise LedgerError(f"the rows do not add up: [{self.rows}] is not [{total}]; nothing was noted; report this")

    def counts(self) -> dict[str, int]:
        """The numbers, for the audit log."""
        return {
            "rows": self.rows,
            "applied": self.applied,
            "repeated": self.repeated,
            "not_matched": self.not_matched,
            "contradictory": self.contradictory,
        }

    def moved(self, before: State, after: State) -> None:
        """Count a case that came to another state."""
        if after is not before:
            self.states[after] += 1

    def leave(self, row: int, problem: Problem) -> None:
        """Count a row that is about no case."""
        self.not_matched += 1
        self.problems[problem.name] += 1
        self.left_over.append(LeftOver(row, "not matched", problem.name, problem.advice))

    def count(self, row: int, result: Entered, problem: Problem) -> None:
        """Count a row that is about a case; ``problem`` is what it is left over for where it contradicts."""
        if result is Entered.CONTRADICTORY:
            self.contradictory += 1
            self.problems[problem.name] += 1
            self.left_over.append(LeftOver(row, "contradictory", problem.name, problem.advice))
        elif result is Entered.APPLIED:
            self.applied += 1
        else:
            self.repeated += 1


class By(NamedTuple):
    """Who notes something, when it is written, and on which day."""

    who: str
    at: str
    day: dt.date


class Book:
    """The histories that change, until they are written together."""

    def __init__(self, store: Store, run: int) -> None:
        self._store = store
        self._run = run
        self._changed: dict[int, dict[Key, Sequence[Step]]] = {}

    def steps(self, case: Case) -> Sequence[Step]:
        """The steps of a case, those that are not written yet among them."""
        return self._changed.get(case.person, {}).get(case.key, case.steps)

    def put(self, case: Case, steps: Sequence[Step]) -> None:
        """The steps of a case from now on."""
        self._changed.setdefault(case.person, {})[case.key] = steps

    def write(self) -> int:
        """Keep what changed, all of it or nothing; give of how many persons. Raises VaultError or OutputError."""
        if not self._changed:
            return 0
        with self._store.step() as step:
            return TRACKED.write(step, self._run, ((person, self._whole(person)) for person in sorted(self._changed)))

    def _whole(self, person: int) -> Mapping[Key, Sequence[Mapping[str, object]]]:
        kept = TRACKED.read(self._store, self._run, person)
        return {**kept, **{key: [s.told() for s in steps] for key, steps in self._changed[person].items()}}


def take_in(
    store: Store,
    run: int,
    table: Table,
    read_statute: ReadStatute,
    by: By,
    settle: Callable[[Account], None] = lambda _: None,
) -> Account:
    """Enter a court's answers; what cannot be, is left over by its row, and the rest goes on.

    An answer that contradicts what is known is noted, and moves nothing. ``settle`` is called before anything is kept.
    Raises VaultError, OutputError or LedgerError; nothing was noted then.
    """
    account = Account()
    answered = [said for _, said in table.rows if isinstance(said, Answered)]
    docket = Docket(store, run, (one.asked for one in answered), read_statute)
    book = Book(store, run)
    for row, said in table.rows:
        account.rows += 1
        found = said if isinstance(said, Problem) else docket.one(said.asked)
        if isinstance(found, Problem):
            account.leave(row, found)
            continue
        assert isinstance(said, Answered)
        origin = Origin(table.name, row, table.sha256)
        step = Step(
            said.state, said.on, by.day, by.at, by.who, origin, judge=said.judge, count=said.charge, note=said.note
        )
        known = book.steps(found)
        before = standing(known).state
        result, steps = entered(known, step)
        account.count(row, result, _contradiction(before, step))
        if len(steps) > len(known):
            book.put(found, steps)
            account.moved(before, standing(steps).state)
    account.check()
    settle(account)
    book.write()
    return account


def _contradiction(before: State, step: Step) -> Problem:
    said = f"{step.state.title} after {before.title}"
    return Problem(said, "both are kept and the case stays as it was; settle it: clearslate track mark --settle")


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """What the office notes by itself."""

    state: State
    on: dt.date
    packet: str = ""
    judge: str = ""
    note: str = ""
    settles: bool = False

    def step(self, by: By) -> Step:
        """The step that it is."""
        return Step(
            self.state,
            self.on,
            by.day,
            by.at,
            by.who,
            packet=self.packet,
            judge=self.judge,
            note=self.note,
            settles=self.settles,
        )


def mark(store: Store, run: int, chosen: Iterable[Case], what: Mark, by: By) -> Account:
    """Note the same of several cases; one that it would contradict stays as it is, and nothing is noted of it.

    The rows of the account are the cases. Raises VaultError, OutputError or LedgerError; nothing was noted then.
    """
    account, book = Account(), Book(store, run)
    enter(account, book, chosen, what, by)
    account.check()
    book.write()
    return account


def enter(account: Account, book: Book, chosen: Iterable[Case], what: Mark, by: By) -> None:
    """Enter the same in the histories of several cases, and count them."""
    step = what.step(by)
    for number, case in enumerate(chosen, 1):
        account.rows += 1
        before = standing(book.steps(case)).state
        result, steps = entered(book.steps(case), step)
        account.count(number, result, Problem(f"{step.state.title} after {before.title}", ""))
        if result is Entered.APPLIED:
            book.put(case, steps)
            account.moved(before, standing(steps).state)


def granted(store: Store, run: int) -> Iterable[Case]:
    """Every charge that the run granted."""
    return (case for of_person in cases(store, run) for case in of_person if case.is_granted)
