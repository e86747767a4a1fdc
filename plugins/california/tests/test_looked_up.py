"""What DOJ files let a person be looked up by; and a look at a file that is not on disk."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from clearslate.ingest.lookup import KINDS, known
from clearslate.ingest.source import Source, Stretch
from clearslate_california.columns import COLUMNS
from clearslate_california.dates import whole_date
from clearslate_california.doj import CA_DOJ


@dataclass(frozen=True)
class Held(Source):
    """A whole file in memory."""

    name: str
    size: int
    content: bytes
    sha256: str | None = None

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)

    def unchanged(self, handle: BinaryIO) -> None:
        pass

    def stretches(self) -> tuple[Stretch]:
        return (Stretch(0, self.size),)

    def renamed(self, name: str) -> Held:
        return Held(name, self.size, self.content)


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("19700102", "1970-01-02"), (" 20001231 ", "2000-12-31"), ("19700100", None), ("19700000", None),
        ("", None), ("NULL", None), ("00000000", None), ("1/2/1970", None), ("19700230", None),
    ],
)  # fmt: skip
def test_only_a_whole_date_of_birth_is_looked_up(cell: str, date: str | None) -> None:
    assert whole_date(cell) == date
    assert CA_DOJ.layout.born(cell) == date


def test_every_kind_of_lookup_has_columns_of_the_format() -> None:
    assert tuple(CA_DOJ.layout.lookup) == KINDS
    assert {name for names in CA_DOJ.layout.lookup.values() for name in names} <= set(COLUMNS)


def test_every_person_of_a_file_is_known_and_the_doctor_looks_at_a_source_as_at_a_file(tmp_path: Path) -> None:
    path = tmp_path / "bulk.dat"
    CA_DOJ.synthesize(path, people=40, seed=3)
    content = path.read_bytes()
    held = Held("bulk.dat", len(content), content)
    assert CA_DOJ.examine([held]) == CA_DOJ.examine([path])
    reading = CA_DOJ.open([held])
    found = dict(known(reading))
    assert list(found) == list(range(reading.people))
    assert all(one.names and one.identifiers for one in found.values())
    assert any(one.cases for one in found.values())
    assert all(len(birth) == len("1970-01-02") for one in found.values() for birth in one.births)
