"""A store with a run that decided some invented charges, and steps to note of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clearslate.output.determinations import COLUMNS
from clearslate.track.history import Origin, Step
from clearslate.track.state import State
from clearslate.vault import runs
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

DAY = dt.date(2026, 3, 1)
MANIFEST = {"reform": {"id": "zz_oz"}, "policy": {"id": "statute"}, "inputs": [{"name": "oz.dat"}]}

_CHARGE = {
    "source_file": "oz.dat",
    "person_id": "P1",
    "county": "OZ",
    "case_number": "OZ-1",
    "statute": "HS 11359",
    "offense": "11359 HS-POSSESS",
    "grade": "felony",
    "convicted_on": "2001-02-03",
    "outcome": "eligible",
    "relief": "dismiss_and_seal",
}


class Kept:
    """A temporary store; ``add`` keeps a decided charge of a person, ``done`` the run."""

    def __init__(self) -> None:
        self.store = Store.temporary()
        self._decided: dict[int, list[dict[str, Any]]] = {}
        with self.store.step() as step:
            step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')

    def add(self, person: int, row: int, **cells: str) -> Kept:
        charge = {**_CHARGE, "person_id": f"P{person}", **cells, "source_row": str(row)}
        cells_of = [charge.get(column, "") for column in COLUMNS]
        self._decided.setdefault(person, []).append({"cells": cells_of, "facts": [], "rules": []})
        return self

    def done(self, run: int = 1, **known: Any) -> Store:
        told = {"names": ["zyxquell orla"], "births": ["1961-03-17"], "identifiers": [], "cases": [], **known}
        with self.store.step() as step:
            for person in self._decided:
                step.put(Kind.PERSON, person, Record([], b"", {"subject": f"P{person}", **told}).packed())
            about = {"at": "2026-03-01T00:00:00Z", "manifest": MANIFEST, "columns": list(COLUMNS), "sources": [1]}
            runs.write_run(step, run, about)
            runs.write_decisions(step, run, self._decided.items())
        return self.store


@pytest.fixture
def kept() -> Iterator[Kept]:
    made = Kept()
    yield made
    made.store.close()


def step_of(state: State, on: int | None = None, *, noted: int = 20, at: int = 0, **more: Any) -> Step:
    """A step on a day of March; ``at`` orders what is written on one day."""
    day = None if on is None else dt.date(2026, 3, on)
    stamp = f"2026-03-{noted:02d}T00:00:{at:02d}.00Z"
    return Step(state, day, dt.date(2026, 3, noted), stamp, "tester", more.pop("source", None), **more)


@pytest.fixture
def step() -> Callable[..., Step]:
    return step_of


@pytest.fixture
def origin() -> Callable[..., Origin]:
    return lambda row=1, name="answers.csv": Origin(name, row, name[:1] * 64)
