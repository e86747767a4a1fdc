"""Invented files: the same for the same seed, readable, and with a key that tells the truth."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clearslate.errors import UsageError
from clearslate.model import Relief
from clearslate_california.columns import COLUMNS
from clearslate_california.doj import CA_DOJ
from clearslate_california.synth import key_path, write_ca_doj
from clearslate_california.synth_plants import PLANTS

SAMPLE = Path(__file__).parents[3] / "examples" / "ca_doj_sample.dat"
SAMPLE_PEOPLE, SAMPLE_SEED, SAMPLE_COUNTY = 72, 64, "SACRAMENTO"


def test_the_sample_is_made_by_its_seed_byte_for_byte(tmp_path: Path) -> None:
    again = tmp_path / SAMPLE.name
    CA_DOJ.synthesize(again, people=SAMPLE_PEOPLE, seed=SAMPLE_SEED, county=SAMPLE_COUNTY)
    assert again.read_bytes() == SAMPLE.read_bytes()
    assert key_path(again).read_bytes() == key_path(SAMPLE).read_bytes()


def test_a_seed_gives_the_same_bytes_under_another_hash_seed(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from clearslate_california.synth import write_ca_doj; "
        "write_ca_doj(Path(sys.argv[1]), people=100, seed=5)"
    )
    made = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.dat"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(target)], check=True, env=environment)
        made.append((target.read_bytes(), key_path(target).read_bytes()))
    assert made[0] == made[1]


def test_another_seed_gives_other_bytes() -> None:
    one, two = io.BytesIO(), io.BytesIO()
    write_ca_doj(one, people=3, seed=1)
    write_ca_doj(two, people=3, seed=2)
    assert one.getvalue() != two.getvalue()


def test_without_damage_every_row_is_used_and_plain_ascii(tmp_path: Path) -> None:
    target = tmp_path / "oz.dat"
    written = write_ca_doj(target, people=200, seed=3, damage=False, crlf=True)
    reading = CA_DOJ.open([target])
    assert target.read_bytes().isascii()
    assert target.read_bytes().count(b"\r\n") == written.rows + 1
    assert (reading.rows_read, reading.people, list(reading.rejects)) == (written.rows, 200, [])


def test_rows_are_realistic_in_number_and_width(tmp_path: Path) -> None:
    target = tmp_path / "oz.dat"
    written = write_ca_doj(target, people=600, seed=11)
    assert 17 <= written.rows / written.people <= 23
    assert 700 <= target.stat().st_size / written.rows <= 950


def test_damage_is_rejected_where_the_key_says(tmp_path: Path) -> None:
    target = tmp_path / "oz.dat"
    written = write_ca_doj(target, people=72, seed=3)
    rejected = {reject.place.row for reject in CA_DOJ.open([target]).rejects}
    rows = {line.planted: line.source_row for line in written.planted}
    assert {rows["short CNT_ORDER"], rows["94 fields"], rows["nobody's row"]} <= rejected
    assert rejected.isdisjoint({rows["trailing comma"], rows["quoted newline"], rows["Latin-1 byte"]})


def test_the_key_names_each_kind_once_in_a_small_file() -> None:
    written = write_ca_doj(io.BytesIO(), people=72, seed=3)
    assert sorted(line.planted for line in written.planted) == sorted(plant.name for plant in PLANTS)


def test_the_key_row_is_a_row_of_its_person(tmp_path: Path) -> None:
    target = tmp_path / "oz.dat"
    written = write_ca_doj(target, people=72, seed=3)
    with target.open(encoding="latin-1", newline="") as stream:
        rows = list(csv.DictReader(stream, fieldnames=[*COLUMNS, "more"]))
    for line in written.planted:
        if line.planted != "nobody's row":
            assert rows[line.source_row]["SUBJECT_ID"] == line.subject_id, line.planted


def test_scattered_persons_are_read_as_the_same_persons(tmp_path: Path) -> None:
    together, apart = tmp_path / "together.dat", tmp_path / "apart.dat"
    write_ca_doj(together, people=60, seed=3, damage=False)
    write_ca_doj(apart, people=60, seed=3, damage=False, scattered=True)
    facts = [
        {
            person.person_id: [(count.key, count.disposed, count.grade) for count in person.counts]
            for block in CA_DOJ.open([path]).blocks()
            for person in block.persons(lambda statute: True)
        }
        for path in (together, apart)
    ]
    assert together.read_bytes() != apart.read_bytes()
    assert facts[0] == facts[1]


def test_planted_relief_and_doubt_are_found(tmp_path: Path) -> None:
    target = tmp_path / "oz.dat"
    written = write_ca_doj(target, people=72, seed=64)
    counts = {
        place.row: (person, count)
        for block in CA_DOJ.open([target]).blocks()
        for person in block.persons(lambda statute: True)
        for count in person.counts
        for place in count.rows
    }
    found = {line.planted: counts.get(line.source_row) for line in written.planted}

    def relieved(name: str) -> object:
        pair = found[name]
        assert pair is not None
        return pair[1].relieved

    def flags(name: str) -> set[str]:
        pair = found[name]
        assert pair is not None
        return {*pair[0].flags, *pair[1].flags}

    assert relieved("dismissed under 1203.4") == (Relief.DISMISSED_AFTER_PROBATION,)
    assert relieved("vacated") == (Relief.VACATED,)
    assert relieved("already relieved") == (Relief.SAME_LAW,)
    assert relieved("reduced") == (Relief.REDUCED,)
    for name, flag in {
        "year only": "DATE_PARTIAL",
        "unreadable date": "DATE_UNREADABLE",
        "two birth dates": "BIRTH_DATE_CONFLICT",
        "two names": "NAMES_DIFFER",
        "shared CII": "IDENTIFIER_SHARED",
        "grade from OFFENSE_TOC": "GRADE_GUESSED",
        "comment charge": "OFFENSE_FROM_COMMENT",
    }.items():
        assert flag in flags(name), name
    for name in ("short CNT_ORDER", "94 fields", "nobody's row"):
        assert found[name] is None


def test_a_county_that_california_lacks_is_refused() -> None:
    with pytest.raises(UsageError, match=r"county \[Oz\] is none of California's"):
        write_ca_doj(io.BytesIO(), people=1, seed=1, county="Oz")
