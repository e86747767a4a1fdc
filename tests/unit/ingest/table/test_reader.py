"""The reader of tables: what it owes as every reader does, in a vault too."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clearslate.assess.intake import ingest
from clearslate.errors import UsageError
from clearslate.ingest.kept import Records, kept_sources
from clearslate.ingest.lookup import known
from clearslate.ingest.reader import Mapped, RecordReader
from clearslate.ingest.table.kept import KeptTable, mapping_of
from clearslate.ingest.table.mapping import read_mapping
from clearslate.ingest.table.reader import TableReader
from clearslate.registry import Registry, load
from clearslate.testing.oz import OZ
from clearslate.testing.reading import check_reader
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

from .conftest import AS_OF

EXAMPLES = Path(__file__).parents[4] / "examples" / "table"


def some_rows(roll: Any, seed: int) -> list[dict[str, str]]:
    """Rows of a few persons in which anything may differ, but nothing contradicts itself."""
    chance = random.Random(seed)
    rows = []
    for person in range(1, 5):
        for number in range(chance.choice((1, 2, 3))):
            year = 2004 + 2 * number
            row = roll.row(
                f"P{person}",
                case=f"C-{person}-{number // 2}",
                charge=str(number),
                statute=chance.choice(("100 ZZ", "101 ZZ", "100(A) ZZ", "7 ZZ")),
                grade=chance.choice("FM"),
                committed=f"0{chance.randint(1, 4)}/01/{year}",
                arrested=f"05/0{chance.randint(1, 9)}/{year}",
                disposed=chance.choice((f"07/0{chance.randint(1, 9)}/{year}", f"08/{year}", str(year + 1))),
                disposition=chance.choice(("GUILTY", "GUILTY", "NOT GUILTY", "OPEN")),
                days=chance.choice(("0", "30", "5000")),
                jars=chance.choice(("4", "6", "7", "")),
                dob=chance.choice(("02/13/1961", "02/13/1988")) if person < 3 else "02/13/1975",
            )
            rows.append(row | ({"DOB": rows[-1]["DOB"]} if number else {}))
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_blanking_any_cell_never_gives_more_and_every_other_promise_is_kept(roll: Any, seed: int) -> None:
    rows = some_rows(roll, seed)
    # Two rows of one charge, that agree.
    rows.insert(1, dict(rows[0]))
    tried = check_reader(roll.reader(), [roll.file(*rows)], [OZ], as_of=AS_OF, tries=150)
    assert (tried.rows_rejected, tried.not_blanked) == (0, None)
    assert tried.blanked > 50


@pytest.mark.parametrize(
    "instead",
    [
        {'key = ["CASE", "CHARGE"]\n': ""},
        {'key = ["CASE", "CHARGE"]\n': "", 'case_number = "CASE"\n': ""},
        {'identifier = "SID"\n': ""},
        {'county = "COUNTY"': 'county = { value = "Oz" }'},
    ],
    ids=["no key", "no case", "no identifier", "one county"],
)
def test_a_mapping_that_says_less_keeps_every_promise(roll: Any, instead: dict[str, str]) -> None:
    reader = roll.reader(roll.mapping(instead=instead))
    tried = check_reader(reader, [roll.file(*some_rows(roll, 7))], [OZ], as_of=AS_OF, tries=100)
    assert tried.not_blanked is None


def test_a_reader_says_what_its_columns_are(roll: Any) -> None:
    reader = roll.reader()
    assert isinstance(reader, RecordReader)
    assert isinstance(reader, Mapped)
    assert (reader.id, reader.title) == ("table:oz_roll", "Roll of Oz, invented")
    assert reader.columns == roll.columns
    assert reader.cells["statute"] == "STATUTE"
    assert reader.cells["identity"] == "ID and SID"
    assert reader.cells["case"] == "the rows with the same CASE"
    assert reader.cells["jars"] == "JARS"


def test_counties_are_those_of_conviction_rows(roll: Any) -> None:
    path = roll.file(
        roll.row(),
        roll.row("P2", county="Emerald  city"),
        roll.row("P3", disposition="OPEN"),
        roll.row("P4", county=""),
    )
    assert roll.open(path).counties == {"EMERALD CITY": 1, "OZ": 1}


def test_rows_of_one_charge_in_two_files_and_blocks_are_one_charge(roll: Any) -> None:
    many = [roll.row(f"P{n}") for n in range(200)]
    one = roll.file(*many, name="a.csv")
    two = roll.file(*many[50:], *(roll.row(f"P{n}", days="60") for n in range(3)), name="b.csv")
    reading = roll.open(one, two, chunk=1 << 12)
    assert (reading.rows_repeated, reading.people) == (150, 200)
    people = {p.person_id: p for block in reading.blocks() for p in block.persons(lambda _: True)}
    assert [[place.file for place in count.rows] for count in people["P1"].counts] == [[0, 1]]
    assert sum(len(person.counts) for person in people.values()) == 200
    assert sum(block.charges for block in reading.blocks()) == 200


def test_the_name_in_two_columns_is_looked_up_as_one(roll: Any) -> None:
    mapping = roll.mapping(instead={'name = "NAME"': 'name = ["NAME", "RACE"]', 'race = "RACE"\n': ""})
    reading = roll.open(roll.file(roll.row(name="ZYXQUELL", race="ORLA"), roll.row("P2", race="")), mapping=mapping)
    found = [one for _, one in known(reading)]
    assert [one.names for one in found] == [("zyxquell orla",), ("zyxquell orla",)]
    assert [(one.births, one.identifiers, one.cases) for one in found] == [
        (("1961-02-13",), ("sp1",), ("c1",)),
        (("1961-02-13",), ("sp2",), ("c1",)),
    ]


# In a vault


@pytest.fixture
def store() -> Iterator[Store]:
    with contextlib.closing(Store.temporary()) as made:
        with made.step() as step:
            # The ring that every real vault has.
            step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')
        yield made


def take_in(store: Store, reader: RecordReader, *paths: Path) -> Any:
    return ingest(store, reader, paths, at="2026-01-01T00:00:00Z", program="test")


def test_a_vault_keeps_the_mapping_with_its_tables_and_reads_them_by_it(roll: Any, store: Store) -> None:
    reader = roll.reader()
    path = roll.book(roll.cells([roll.row(), roll.row("P2", grade="M")]))
    take_in(store, reader, path)
    (source,) = kept_sources(Records(store))
    assert source.format == "table:oz_roll"
    assert mapping_of(source) == reader.mapping_file
    later = KeptTable("table", OZ)
    assert later.id == "table"
    reading = later.open([source])
    assert (later.id, later.columns, later.cells) == (reader.id, reader.columns, reader.cells)
    assert later.mapping_file == reader.mapping_file
    assert roll.decided(reading) == roll.decided(reader.open([path]))
    assert take_in(store, reader, path).already == ("roll.xlsx",)


def test_a_mapping_that_was_mended_reads_what_is_kept_unless_its_columns_changed(roll: Any, store: Store) -> None:
    take_in(store, roll.reader(), roll.file(roll.row(grade="X")))
    (source,) = kept_sources(Records(store))
    mended = roll.reader(roll.mapping(instead={'M = "misdemeanor"': 'M = "misdemeanor"\nX = "infraction"'}))
    ((person,),) = [block.persons(lambda _: True) for block in mended.open([source]).blocks()]
    assert person.counts[0].grade is not None
    roll.columns = (*roll.columns, "MORE")
    with pytest.raises(UsageError, match=r"mapping file \[oz.toml\] has other columns than \[roll.csv\] in the vault"):
        roll.reader().open([source])


def test_tables_of_several_mappings_are_told_apart_by_format(roll: Any, store: Store) -> None:
    take_in(store, roll.reader(), roll.file(roll.row()))
    take_in(store, roll.reader(roll.mapping(id='"other"')), roll.file(roll.row("P2"), name="b.csv"))
    every = kept_sources(Records(store))
    assert [source.format for source in every] == ["table:oz_roll", "table:other"]
    with pytest.raises(UsageError, match="say --format with one of: table:other, table:oz_roll"):
        KeptTable("table").open(every)
    assert KeptTable("table").open(every[1:]).people == 1


def test_without_a_mapping_only_what_a_vault_keeps_is_read(roll: Any) -> None:
    reader = KeptTable("table")
    for use in (reader.open, reader.examine):
        with pytest.raises(UsageError, match=r"format \[table\] needs a mapping file; say --mapping FILE.toml"):
            use([roll.file(roll.row())])
    assert (reader.columns, reader.condensed, reader.cells, len(reader.title) > 9) == ((), (), {}, True)
    with pytest.raises(UsageError, match="needs a mapping"):
        _ = reader.mapping_file


# In the registry


@pytest.fixture
def installed() -> Registry:
    return load()


def test_every_reform_is_read_through_a_table(roll: Any, installed: Registry) -> None:
    mapping = read_mapping(EXAMPLES / "oz_roll.toml")
    for name, reform in installed.reforms.items():
        reader = installed.reader_for(reform, "table", mapping)
        assert isinstance(reader, TableReader)
        assert reader.reform is not None
        assert reader.reform.about.id == name
        assert installed.reader_for(reform, None, mapping).id == "table:oz_roll"
        assert isinstance(installed.reader_for(reform, "table:oz_roll"), KeptTable)
    assert str(installed.supplier("reader", "table:oz_roll")).startswith("clearslate ")
    assert isinstance(installed.reader("table"), KeptTable)
    assert "table" not in installed.readers


def test_a_mapping_of_another_format_is_refused(roll: Any, installed: Registry) -> None:
    reform, mapping = installed.reform("ca_prop64"), read_mapping(EXAMPLES / "oz_roll.toml")
    with pytest.raises(UsageError, match=r"is that of format \[table:oz_roll\], not \[table:other\]"):
        installed.reader_for(reform, "table:other", mapping)
    with pytest.raises(UsageError, match=r"format \[ca_doj\] takes no mapping"):
        installed.reader_for(reform, "ca_doj", mapping)
    with pytest.raises(UsageError, match=r"key \[facts.jars\]: reform \[ca_prop64\] asks for no such fact"):
        installed.reader_for(reform, "table", roll.mapping())
