from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clearslate.assess.decide import Decided, decide_block
from clearslate.model import Count, Person, Place
from clearslate.output.writer import RunContext
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate.testing.oz import OZ

AS_OF = dt.date(2020, 1, 1)


class Rolls:
    """Makes persons whose rows follow one another, and what is decided about them."""

    def __init__(self) -> None:
        self.row = 0
        self.number = 0

    def count(self, *args: Any, **fields: Any) -> Count:
        self.row += 1
        return make_count(*args, place=Place(0, self.row, self.row + 1), **fields)

    def person(self, *counts: Count, **fields: Any) -> Person:
        self.number += 1
        return make_person(*(counts or (self.count(),)), person_id=fields.pop("person_id", f"P{self.number}"), **fields)

    def decided(self, *people: Person, policy: str = "statute") -> list[Decided]:
        return decide_block(MemoryBlock.of(*people), OZ.bind(OZ.find(policy)), AS_OF, None)

    def context(self, reader: MemoryReader | None = None, policy: str = "statute") -> RunContext:
        reader = reader or MemoryReader(())
        return RunContext(OZ, OZ.bind(OZ.find(policy)), reader, reader, AS_OF, None)


@pytest.fixture
def rolls() -> Rolls:
    return Rolls()
