"""Invented exports: the same for the same seed, every planted fact read as it was meant, and the readers' promises."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from clearslate.model import Person
from clearslate.testing.reading import check_reader
from clearslate_illinois.ccsao import IL_CCSAO
from clearslate_illinois.clerk import IL_CLERK
from clearslate_illinois.synth import Planted, key_path, sentencing_path
from clearslate_illinois.synth_plants import PLANTS

PEOPLE = 2 * len(PLANTS) + 40


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Dispositions export with every plant in it."""
    target = tmp_path_factory.mktemp("synth") / "oz.csv"
    IL_CCSAO.synthesize(target, people=PEOPLE, seed=5)
    return target


@pytest.fixture(scope="module")
def planted(written: Path) -> dict[str, Planted]:
    """The first place of each plant, from the answer key."""
    with key_path(written).open(encoding="utf-8", newline="") as stream:
        rows = [Planted(row["participant_id"], int(row["source_row"]), row["planted"], row["detail"])
                for row in csv.DictReader(stream)]  # fmt: skip
    return {row.planted: row for row in reversed(rows)}


@pytest.fixture(scope="module")
def persons(written: Path) -> dict[str, Person]:
    """Everybody in the exports."""
    reading = IL_CCSAO.open([written, sentencing_path(written)])
    return {p.person_id: p for block in reading.blocks() for p in block.persons(lambda _: True)}


def test_the_same_seed_gives_the_same_files(written: Path, tmp_path: Path) -> None:
    again = tmp_path / written.name
    made = IL_CCSAO.synthesize(again, people=PEOPLE, seed=5)
    for of in (Path, sentencing_path, key_path):
        assert of(again).read_bytes() == of(written).read_bytes()
    assert made.people == PEOPLE
    assert made.rows == sum(len(of(again).read_text().splitlines()) - 1 for of in (Path, sentencing_path))
    other = tmp_path / "other.csv"
    IL_CCSAO.synthesize(other, people=PEOPLE, seed=6)
    assert other.read_bytes() != written.read_bytes()


def test_every_plant_is_in_the_key(planted: dict[str, Planted]) -> None:
    assert set(planted) == {plant.name for plant in PLANTS}


def test_without_damage_every_row_is_whole_and_nothing_is_planted(tmp_path: Path) -> None:
    target = tmp_path / "whole.csv"
    assert IL_CCSAO.synthesize(target, people=200, seed=5, damage=False).planted == ()
    examination = IL_CCSAO.examine([target, sentencing_path(target)])
    assert examination.checks == ()


@pytest.mark.parametrize(
    ("name", "statute", "marks"),
    [
        ("modern_statute", "720 ILCS 550/4(d)", ()),
        ("packed_statute", "720 ILCS 550/4(d)", ()),
        ("packed_with_slash", "720 ILCS 550/4(d)", ()),
        ("old_statute", "720 ILCS 550/4(d)", ("OLD_NUMBER",)),
        ("old_statute_in_cells", "720 ILCS 550/4(d)", ("OLD_NUMBER",)),
        ("old_chapter_38", "720 ILCS 5/19-1(a)", ("OLD_NUMBER",)),
        ("abbreviated_statute", None, ()),
        ("statute_in_title", "attempt: 720 ILCS 5/9-1(a)", ("ATTEMPT", "STATUTE_FROM_TITLE")),
        ("no_subsection", "720 ILCS 550/4", ()),
        ("act_typed_wrongly", "720 ILCS 570/4(d)", ("ACT_UNCLEAR",)),
        ("school_grounds", "720 ILCS 550/5.2(c)", ()),
        ("casual_delivery", "720 ILCS 550/6", ()),
        ("attempt_in_parentheses", "attempt: 720 ILCS 550/5(d)", ("ATTEMPT",)),
        ("attempt_packed", "attempt: 720 ILCS 550/4(e)", ("ATTEMPT",)),
        ("attempt_of_nothing", "attempt: 720 ILCS 5/8-4", ("ATTEMPT", "OFFENSE_MISSING")),
    ],
)
def test_a_planted_statute_is_read(
    planted: dict[str, Planted], persons: dict[str, Person], name: str, statute: str | None, marks: tuple[str, ...]
) -> None:
    count = persons[planted[name].participant_id].counts[0]
    assert (None if count.statute is None else str(count.statute)) == statute
    assert (() if count.statute is None else count.statute.marks) == marks
    assert count.place.row == planted[name].source_row


@pytest.mark.parametrize(
    ("name", "ended"),
    [
        ("qualified_probation", "qualified_probation"),
        ("qualified_violated", "qualified_probation_failed"),
        ("qualified_unsatisfactory", "qualified_probation_failed"),
        ("qualified_satisfactory", "qualified_probation_completed"),
        ("qualified_instanter", "unclear"),
        ("second_chance", "qualified_probation"),
        ("supervision", "supervision"),
        ("probation_violated", "imprisonment"),
        ("resentenced", "probation"),
        ("unsentenced", "unsentenced"),
        ("nolle_sentenced", "inconsistent"),
        ("conviction_vacated", "vacated"),
        ("doubled_disposition", "inconsistent"),
        ("amended", "probation"),
        ("sentence_alone", "probation"),
        ("codefendants", "dismissed"),
    ],
)
def test_a_planted_ending_is_read(
    planted: dict[str, Planted], persons: dict[str, Person], name: str, ended: str
) -> None:
    assert persons[planted[name].participant_id].counts[0].ended == ended


_DATES = {
    "disposition_in_the_future": "disposed",
    "arrest_in_the_future": "arrested",
    "arrest_long_ago": "arrested",
    "incident_long_ago": "committed",
    "arrest_after_disposition": "arrested disposed",
    "incident_after_arrest": "arrested committed",
    "no_such_day": "disposed",
    "sentence_in_the_future": "",
    "sentence_before_arrest": "",
}


@pytest.mark.parametrize(("name", "unknown"), _DATES.items())
def test_a_planted_date_that_cannot_be_is_unknown(
    planted: dict[str, Planted], persons: dict[str, Person], name: str, unknown: str
) -> None:
    count = persons[planted[name].participant_id].counts[0]
    dates = {"arrested": count.cycle.arrested, "committed": count.committed, "disposed": count.disposed}
    assert {fact for fact, when in dates.items() if when is None} == set(unknown.split())
    flagged = {"no_such_day": "DATE_UNREADABLE", "sentence_before_arrest": None}.get(name, "DATE_IMPLAUSIBLE")
    assert flagged is None or flagged in count.flags


@pytest.mark.parametrize("plant", [plant.name for plant in PLANTS if plant.breaks])
def test_a_planted_broken_row_is_a_gap_of_its_person(
    planted: dict[str, Planted], persons: dict[str, Person], written: Path, plant: str
) -> None:
    found = planted[plant]
    reading = IL_CCSAO.open([written, sentencing_path(written)])
    assert (0, found.source_row) in {(reject.place.file, reject.place.row) for reject in reading.rejects}
    assert found.source_row in {place.row for place in persons[found.participant_id].missing_rows}


def test_the_readers_keep_the_promises_of_every_reader(written: Path, tmp_path: Path) -> None:
    tried = check_reader(IL_CCSAO, [written, sentencing_path(written)], as_of=dt.date(2026, 6, 1))
    assert tried.people == PEOPLE
    target = tmp_path / "clerk.csv"
    made = IL_CLERK.synthesize(target, people=80, seed=5)
    assert len(made.planted) == len({row.planted for row in made.planted}) == 10
    tried = check_reader(IL_CLERK, [target], as_of=dt.date(2026, 6, 1))
    assert tried.rows_read == made.rows


def test_an_extract_of_the_clerk_without_damage_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "clerk.csv"
    assert IL_CLERK.synthesize(target, people=50, seed=5, damage=False).planted == ()
    assert {check.id for check in IL_CLERK.examine([target]).checks} <= {"no_sentence_length"}
