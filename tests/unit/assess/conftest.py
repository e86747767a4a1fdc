from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clearslate.assess.run import RunRequest
from clearslate.model import Count, Person, Place
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate.testing.oz import OZ

AS_OF = dt.date(2020, 1, 1)


class Rolls:
    """Makes persons whose rows follow one another in the source."""

    def __init__(self) -> None:
        self.row = 0
        self.number = 0

    def count(self, *args: Any, **fields: Any) -> Count:
        self.row += 1
        return make_count(*args, place=Place(0, self.row, self.row + 1), **fields)

    def person(self, *counts: Count, **fields: Any) -> Person:
        self.number += 1
        return make_person(*(counts or (self.count(),)), person_id=f"P{self.number}", **fields)


@pytest.fixture
def rolls() -> Rolls:
    return Rolls()


@pytest.fixture
def reader(rolls: Rolls) -> MemoryReader:
    """Two blocks: one person relieved, one barred by the day of arrest, one outside the law, one for review."""
    first = MemoryBlock.of(
        rolls.person(rolls.count("ZZ 100"), rolls.count("ZZ 7"), race="GREEN", sex="F"),
        rolls.person(rolls.count("ZZ 7")),
    )
    second = MemoryBlock.of(
        rolls.person(rolls.count("ZZ 101", arrested="2018-01-01", disposed="2018-02-01")),
        rolls.person(rolls.count("ZZ 101", county=None), rolls.count("ZZ 100", county="EMERALD CITY"), race="BLUE"),
        rolls.person(rolls.count("ZZ 100", arrested=None, disposed=None, grade=None)),
    )
    return MemoryReader((first, second))


@pytest.fixture
def request_for(tmp_path: Path) -> Callable[..., RunRequest]:
    def make(reader: Any, policy: str = "statute", **fields: Any) -> RunRequest:
        return RunRequest(
            reform=OZ,
            policy=OZ.bind(OZ.find(policy)),
            reader=reader,
            inputs=(),
            output=fields.pop("output", tmp_path / "out"),
            as_of=AS_OF,
            **fields,
        )

    return make
