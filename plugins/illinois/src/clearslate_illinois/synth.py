"""Invented exports of the State's Attorney: realistic, the same for the same seed, with a key of what was planted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clearslate.ingest.cells import quoted
from clearslate_illinois import synth_words as words
from clearslate_illinois.columns import DISPOSITION_COLUMNS, SENTENCING_COLUMNS
from clearslate_illinois.synth_people import Chance, Charge, Participant, Sentence, draw, stamp
from clearslate_illinois.synth_plants import PLANTS, Plant

_RARE = 2_000
"""One participant in so many has a broken row, after each kind was planted once."""
_USUAL = 40
"""One participant in so many has another planted fact."""


class Planted(NamedTuple):
    """A line of the answer key: whose record, the first data row of it in its export, and what it is."""

    participant_id: str
    source_row: int
    planted: str
    detail: str


class Synthesis(NamedTuple):
    """What was written: participants, the data rows of both exports, and the answer key."""

    people: int
    rows: int
    planted: tuple[Planted, ...]


def key_path(target: Path) -> Path:
    """Where the answer key of a file written to ``target`` stands: beside it."""
    return target.with_name(f"{target.name}.key.csv")


def sentencing_path(target: Path) -> Path:
    """Where the Sentencing export stands that belongs to the Dispositions export at ``target``."""
    return target.with_name(f"{target.stem}_sentencing{target.suffix}")


def write_il_ccsao(target: Path, *, people: int, seed: int, damage: bool = True) -> Synthesis:
    """Write invented exports of ``people`` participants, of two charges each or a little more.

    The Dispositions export is at ``target``, the Sentencing export beside it under ``sentencing_path``, and the answer
    key under ``key_path``. Without ``damage`` every row is whole and no fact is planted.
    """
    writing = _Writing(people, seed, damage=damage)
    lines = [",".join(DISPOSITION_COLUMNS), *writing.lines()]
    target.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    sentences = [",".join(SENTENCING_COLUMNS).replace("_IN_DAYS", "_in_Days"), *writing.sentences]
    sentencing_path(target).write_text("".join(f"{line}\n" for line in sentences), encoding="utf-8")
    with key_path(target).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(Planted._fields)
        table.writerows(writing.planted)
    return Synthesis(people, len(lines) + len(sentences) - 2, tuple(writing.planted))


class _Writing:
    def __init__(self, people: int, seed: int, *, damage: bool) -> None:
        self.people = people
        self.chance = Chance(seed)
        self.plants = PLANTS if damage else ()
        self.usual = [plant for plant in self.plants if not plant.breaks]
        self.broken = [plant for plant in self.plants if plant.breaks]
        self.row = 0
        self.sentences: list[str] = []
        self.planted: list[Planted] = []

    def lines(self) -> Iterator[str]:
        """The rows of the Dispositions export; fills ``sentences`` with those of the other."""
        before: Participant | None = None
        for number in range(self.people):
            person = draw(self.chance, number)
            plant = self._plant(number)
            if plant is not None:
                detail = plant.put(self.chance, person, before)
                disposed = any(charge.is_disposed for charge in person.charges[:1])
                row = self.row + 1 if disposed else len(self.sentences) + 1
                self.planted.append(Planted(person.participant, row, plant.name, detail))
            before = person
            damage = plant.damage if plant is not None else None
            for charge in person.charges:
                for version in (*charge.earlier, charge):
                    if version.is_disposed:
                        line = _disposition(person, version)
                        self.row += 1
                        yield line if damage is None else damage(line)
                        damage = None
                self.sentences += [_sentencing(person, charge, sentence) for sentence in charge.sentences]

    def _plant(self, number: int) -> Plant | None:
        # Each kind once, in every second person; then by chance.
        place, odd = divmod(number, 2)
        luck = self.chance.draw()
        if place < len(self.plants):
            return self.plants[place] if odd else None
        if self.broken and luck < 1 / _RARE:
            return self.chance.pick(self.broken)
        return self.chance.pick(self.usual) if self.usual and luck < 1 / _USUAL else None


def _charged(person: Participant, charge: Charge) -> list[str]:
    """What both exports say of a charge before they part."""
    return [
        person.case,
        person.participant,
        person.received,
        person.category,
        "true" if charge is person.charges[0] else "false",
        charge.charge_id,
        charge.version,
        charge.title,
        str(1 + next((at for at, one in enumerate(person.charges) if one.charge_id == charge.charge_id), 0)),
        charge.disposed,
        charge.chapter,
        charge.act,
        charge.section,
        charge.offense_class,
        charge.aoic,
        charge.disposition,
        charge.reason,
    ]


def _about(person: Participant) -> list[str]:
    """What both exports say of the case behind that."""
    return [
        person.age,
        person.race,
        person.gender,
        person.city,
        person.incident,
        "",
        person.agency,
        "",
        person.arrested,
        stamp(person.arrest),
        "Approved",
        stamp(person.arrest),
        person.category,
    ]


def _disposition(person: Participant, charge: Charge) -> str:
    court = [person.judge, words.COURTS[person.court], words.FACILITIES[person.court]]
    return _printed([*_charged(person, charge), *court, *_about(person)])


def _sentencing(person: Participant, charge: Charge, sentence: Sentence) -> str:
    court = [person.judge, words.COURTS[person.court], words.FACILITIES[person.court]]
    said = [
        sentence.phase, sentence.date, sentence.type, sentence.current, sentence.commitment, sentence.term,
        sentence.unit, str((person.disposed - person.arrest).days),
    ]  # fmt: skip
    return _printed([*_charged(person, charge), *court, *said, *_about(person)])


def _printed(cells: list[str]) -> str:
    return ",".join([quoted(cell) for cell in cells])
