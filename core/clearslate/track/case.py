"""A case: one charge that a run decided and granted, with what was noted of it since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clearslate.errors import LedgerError, UsageError
from clearslate.track.history import Standing, Step, standing
from clearslate.vault import runs
from clearslate.vault.beside import TRACKED, Key
from clearslate.vault.store import Store

GRANTED = "eligible"
"""The outcome of a charge that is followed."""


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A decided charge: the number of the person's record, the cells of ``determinations.csv``, and its steps."""

    run: int
    person: int
    cells: Mapping[str, str]
    steps: tuple[Step, ...] = ()

    @property
    def key(self) -> Key:
        """By which it is found in its run: source file and row."""
        return self.cells["source_file"], int(self.cells["source_row"])

    @property
    def is_granted(self) -> bool:
        """Whether the run granted relief: nothing else is followed."""
        return self.cells["outcome"] == GRANTED

    @property
    def case_numbers(self) -> tuple[str, ...]:
        """The court's numbers as printed."""
        return tuple(number for number in self.cells["case_number"].split("; ") if number)

    @property
    def reliefs(self) -> tuple[str, ...]:
        """What was granted."""
        return tuple(relief for relief in self.cells["relief"].split("; ") if relief)


def told_of(store: Store, run: int) -> dict[str, Any]:
    """What was run. Raises UsageError where the vault keeps no such run."""
    known = runs.runs(store)
    if run not in known:
        raise UsageError(f"the vault keeps no run [{run}]; {_known(known)}")
    return runs.read_run(store, run)


def chosen_run(store: Store, asked: int | None) -> int:
    """The run that was asked for, or the only one that is tracked, or the only one there is. Raises UsageError."""
    known = runs.runs(store)
    if asked is not None:
        if asked not in known:
            raise UsageError(f"the vault keeps no run [{asked}]; {_known(known)}")
        return asked
    if not known:
        raise UsageError("the vault keeps no run; decide first: clearslate run")
    tracked = TRACKED.runs(store) or known
    if len(tracked) > 1:
        raise UsageError(f"the vault keeps several runs; say which with --run; {_known(tracked)}")
    return tracked[0]


def _known(known: Sequence[int]) -> str:
    return f"known: {', '.join(map(str, known[-10:]))}" if known else "it keeps none; decide first: clearslate run"


def cases(store: Store, run: int, persons: Collection[int] | None = None) -> Iterator[list[Case]]:
    """The decided charges of a run, person by person; of some persons, or of all.

    Raises VaultError, and LedgerError where two charges stand at one row, so that nothing could tell them apart.
    """
    columns = [str(column) for column in runs.read_run(store, run).get("columns", ())]
    tracked = set(TRACKED.persons(store, run))
    for person, decided in runs.every_decision(store, run):
        if persons is not None and person not in persons:
            continue
        noted = TRACKED.read(store, run, person) if person in tracked else {}
        found = [_case(run, person, columns, one["cells"], noted) for one in decided]
        if len({case.key for case in found}) != len(found):
            raise LedgerError(
                f"run [{run}] decided two charges at one row, and nothing can tell them apart; report this"
            )
        yield found


_Noted = Mapping[Key, Sequence[Mapping[str, Any]]]


def _case(run: int, person: int, columns: Sequence[str], cells: Sequence[str], noted: _Noted) -> Case:
    case = Case(run, person, dict(zip(columns, cells, strict=True)))
    steps = noted.get(case.key, ()) if noted else ()
    return Case(run, person, case.cells, tuple([Step.read(step) for step in steps])) if steps else case


def last_known(store: Store, person: int, run: int, others: Sequence[int]) -> dict[Key, Standing]:
    """Where the charges of a person stand of which anything was noted, by file and row; see :func:`last_noted`."""
    return {key: standing(steps) for key, steps in last_noted(store, person, run, others).items()}


def last_noted(store: Store, person: int, run: int, others: Sequence[int]) -> dict[Key, tuple[Step, ...]]:
    """The steps of the charges of a person of which anything was noted, by file and row.

    What was noted of the run counts first; of a charge of which nothing was, what was last noted of other runs.
    Raises VaultError.
    """
    found: dict[Key, tuple[Step, ...]] = {}
    for one in (run, *sorted(others, reverse=True)):
        for key, steps in TRACKED.read(store, one, person).items():
            if steps and key not in found:
                found[key] = tuple([Step.read(step) for step in steps])
    return found
