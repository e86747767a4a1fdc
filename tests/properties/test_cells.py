"""Blanking any cell of a bulk file may lower a decision or turn it into review; it never gives more relief.

Tried on cells of invented files, through the reader, by every policy of Proposition 64. Outside the
promise are records that contradict themselves (two birth dates, a disposition before its arrest,
one CII under two persons, two grades of one count): there a decision is held back because two
cells disagree, and blanking one of them takes the disagreement away.
"""

import csv
import datetime as dt
import io
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from clearslate.assess.decide import decide_block
from clearslate.policy.policy import Policy
from clearslate_ca_prop64.plugin import CA_PROP64
from clearslate_california.columns import COLUMNS
from clearslate_california.doj import CA_DOJ

pytestmark = pytest.mark.long

AS_OF = dt.date(2019, 7, 1)
POLICIES = [CA_PROP64.bind(source) for source in CA_PROP64.policies().values()]
CONTRADICTIONS = frozenset(
    {"BIRTH_DATE_CONFLICT", "DATE_CONFLICT", "GRADE_CONFLICT", "STATUTE_CONFLICT", "COMMENT_OTHER_STATUTE"}
)
CELLS_A_PERSON = 6

Row = list[str]


class Found(NamedTuple):
    """For each policy and count: the rank of the relief granted, 0 for none; and the flags that stood there."""

    ranks: dict[tuple[str, str], int]
    flags: frozenset[str]
    shared: bool


def people(seed: int, number: int) -> list[list[Row]]:
    """The rows of each person of an invented file without a damaged row."""
    stream = io.BytesIO()
    CA_DOJ.synthesize(stream, people=number, seed=seed, damage=False)
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode("ascii"))))[1:]
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[COLUMNS.index("SUBJECT_ID")].strip()].append(row)
    return list(found.values())


def decided(rows: Sequence[Row], target: Path, policies: Sequence[Policy]) -> Found:
    with target.open("w", encoding="ascii", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    reading = CA_DOJ.open([target])
    ranks: dict[tuple[str, str], int] = {}
    flags: set[str] = set()
    shared = False
    for block in reading.blocks():
        for policy in policies:
            for one in decide_block(block, policy, AS_OF, None):
                relief = one.determination.decision.relief
                rank = 0 if relief is None else policy.reliefs.index(relief) + 1
                key = (policy.id, one.count.key)
                ranks[key] = max(rank, ranks.get(key, 0))
                flags.update(one.person.flags, *(count.flags for count in one.person.counts))
                shared = shared or one.person.shares_identifier
    return Found(ranks, frozenset(flags), shared)


@pytest.mark.parametrize("seed", [1, 2])
def test_blanking_a_cell_never_gives_more_relief(seed: int, tmp_path: Path) -> None:
    target = tmp_path / "person.dat"
    chance = random.Random(seed)
    tried = granted = 0
    for rows in people(seed, 45):
        full = decided(rows, target, POLICIES)
        if not full.ranks or full.shared or not full.flags.isdisjoint(CONTRADICTIONS):
            continue
        granted += any(full.ranks.values())
        cells = [(n, c) for n, row in enumerate(rows) for c in CA_DOJ.layout.needed if row[COLUMNS.index(c)].strip()]
        for number, column in chance.sample(cells, CELLS_A_PERSON):
            less = [list(row) for row in rows]
            less[number][COLUMNS.index(column)] = ""
            tried += 1
            for key, rank in decided(less, target, POLICIES).ranks.items():
                policy, count = key
                assert rank <= full.ranks.get(key, 0), (
                    f"policy [{policy}], count [{count}]: {column} of row {number + 1}"
                )
    assert tried > 100
    assert granted > 10


def test_a_row_lost_never_gives_more_relief(tmp_path: Path) -> None:
    target = tmp_path / "person.dat"
    chance = random.Random(3)
    tried = 0
    for rows in people(3, 45):
        full = decided(rows, target, POLICIES)
        if not full.ranks or full.shared or not full.flags.isdisjoint(CONTRADICTIONS):
            continue
        number = chance.randrange(len(rows))
        cut = [list(row) for row in rows]
        # A row cut short after the person's number is rejected, and is known to be the person's.
        cut[number] = cut[number][:20]
        tried += 1
        for key, rank in decided(cut, target, POLICIES).ranks.items():
            assert rank <= full.ranks.get(key, 0), f"{key}: row {number + 1} cut short"
    assert tried > 20


def test_the_order_of_a_persons_rows_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "person.dat"
    chance = random.Random(5)
    tried = 0
    for rows in people(5, 45):
        full = decided(rows, target, POLICIES)
        mixed = list(rows)
        chance.shuffle(mixed)
        tried += bool(full.ranks) and mixed != rows
        assert decided(mixed, target, POLICIES) == full
    assert tried > 20


@pytest.mark.parametrize("column", ["RACE_DESCR", "GENDER", "PRI_NAME"])
def test_race_sex_and_name_permuted_change_nothing(column: str, tmp_path: Path) -> None:
    target = tmp_path / "person.dat"
    everyone = people(4, 45)
    place = COLUMNS.index(column)
    cells = [rows[0][place] for rows in everyone]
    assert len(set(cells)) > 1
    for rows, cell in zip(everyone, reversed(cells), strict=True):
        other = [[*row[:place], cell, *row[place + 1 :]] for row in rows]
        full, then = decided(rows, target, POLICIES), decided(other, target, POLICIES)
        assert then.ranks == full.ranks
