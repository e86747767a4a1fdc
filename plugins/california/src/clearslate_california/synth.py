"""Invented DOJ bulk files: realistic, the same for the same seed, with a key of what was planted in them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from clearslate.errors import UsageError, did_you_mean
from clearslate_california.columns import COLUMNS
from clearslate_california.synth_people import Chance, Individual, draw
from clearslate_california.synth_plants import PLANTS, Plant
from clearslate_california.synth_rows import INDEX, rows
from clearslate_california.synth_words import COUNTIES

CHUNK = 4 << 20
_RARE = 5_000
"""One person in so many has a broken row after each kind was planted once: it makes its block slow to read."""
_USUAL = 50
"""One person in so many has another planted fact."""


class Planted(NamedTuple):
    """A line of the answer key: whose record, the first data row it shows in, and what it is."""

    subject_id: str
    source_row: int
    planted: str
    detail: str


class Synthesis(NamedTuple):
    """What was written: persons, data rows, and the answer key."""

    people: int
    rows: int
    planted: tuple[Planted, ...]


def key_path(target: Path) -> Path:
    """Where the answer key of a file written to ``target`` stands: beside it."""
    return target.with_name(f"{target.name}.key.csv")


def write_ca_doj(
    target: Path | BinaryIO,
    *,
    people: int,
    seed: int,
    county: str = "SACRAMENTO",
    damage: bool = True,
    header: bool = True,
    crlf: bool = False,
    scattered: bool = False,
) -> Synthesis:
    """Write invented records of ``people`` persons, and beside a path the answer key ``NAME.key.csv``.

    ``county`` is where the marijuana convictions are; without ``damage`` every row is whole and
    plain ASCII; ``scattered`` puts the last row of every tenth person after the persons that
    follow. Raises UsageError for a county that California does not have.
    """
    name = " ".join(county.upper().split())
    if name not in COUNTIES:
        raise UsageError(f"county [{county}] is none of California's{did_you_mean(name, COUNTIES)}")
    writing = _Writing(people, seed, name, damage, "\r\n" if crlf else "\n", scattered)
    if isinstance(target, Path):
        with target.open("wb") as stream:
            written = writing.into(stream, header)
        with key_path(target).open("w", encoding="utf-8", newline="") as stream_of_keys:
            table = csv.writer(stream_of_keys, lineterminator="\n")
            table.writerow(Planted._fields)
            table.writerows(written.planted)
        return written
    return writing.into(target, header)


class _Writing:
    def __init__(self, people: int, seed: int, county: str, damage: bool, end: str, scattered: bool) -> None:
        self.people = people
        self.county = county
        self.end = end
        self.scattered = scattered
        self.chance = Chance(seed)
        self.plants = [plant for plant in PLANTS if damage or not plant.breaks]
        self.usual = [plant for plant in self.plants if not plant.breaks]
        self.broken = [plant for plant in self.plants if plant.breaks]
        self.row = 0
        self.planted: list[Planted] = []

    def into(self, stream: BinaryIO, header: bool) -> Synthesis:
        pending: list[str] = [",".join(COLUMNS) + self.end] if header else []
        size = 0
        for line in self._lines():
            pending.append(line)
            size += len(line)
            if size >= CHUNK:
                stream.write("".join(pending).encode("latin-1"))
                pending.clear()
                size = 0
        stream.write("".join(pending).encode("latin-1"))
        return Synthesis(self.people, self.row, tuple(self.planted))

    def _plant(self, number: int) -> Plant | None:
        # Each kind once, in two of every three persons from the second on; then by chance.
        trio, place = divmod(number, 3)
        luck = self.chance.draw()
        if 2 * trio < len(self.plants):
            kind = 2 * trio + place - 1
            return self.plants[kind] if place and kind < len(self.plants) else None
        if self.broken and luck < 1 / _RARE:
            return self.chance.pick(self.broken)
        return self.chance.pick(self.usual) if luck < 1 / _USUAL else None

    def _lines(self) -> Iterator[str]:
        before: Individual | None = None
        held: list[tuple[int, str]] = []
        for number in range(self.people):
            person = draw(self.chance, number, self.county)
            plant = self._plant(number)
            detail = "" if plant is None else plant.put(self.chance, person, before)
            printed = list(self._print(person, plant, detail))
            if self.scattered and number % 10 == 0 and len(printed) > 1 and plant is None:
                held.append((number, printed.pop()))
            before = person
            for line in printed:
                self.row += 1
                yield line
            if held and held[0][0] + 3 <= number:
                self.row += 1
                yield held.pop(0)[1]
        for _, line in held:
            self.row += 1
            yield line

    def _print(self, person: Individual, plant: Plant | None, detail: str) -> Iterator[str]:
        record_id = INDEX["RECORD_ID"]
        target = person.marijuana.charges[0]
        shown = plant is None
        for number, (cells, charge, fields) in enumerate(rows(person), start=self.row + 1):
            cells[record_id] = f"{number:08d}"
            if not shown and plant is not None and charge is target:
                shown = True
                self.planted.append(Planted(person.subject, number, plant.name, detail))
            if fields < len(cells):
                yield ",".join(cells[:fields]) + self.end
            else:
                yield ",".join(cells) + "," * (fields - len(cells)) + self.end
