"""Pieces of a vault that were swapped, moved, taken from elsewhere or kept from before."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import AuditError, ClearslateError, KeyRefusedError, VaultError
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind

DECIDED = 1 << 32
PAIRS = [
    ((Kind.PERSON, 7), (Kind.PERSON, 8)),
    ((Kind.PERSON, 7), (Kind.REMAINDER, 1)),
    ((Kind.REMAINDER, 1), (Kind.SOURCE, 1)),
    ((Kind.RUN, 1), (Kind.BUCKET, 0)),
    ((Kind.PERSON, 7), (Kind.DECISIONS, DECIDED + 7)),
    ((Kind.DECISIONS, DECIDED + 7), (Kind.DECISIONS, DECIDED + 8)),
]
COLUMNS = {
    "entry": "id, generation, commitment, key",
    "body": "id, sealed",
    "page": "id, mac",
    "root": "id, generation, entries, mac",
    "slot": "id, body",
    "session": "id, salt, commitment",
}


def swap(bench: Any, folder: Path, table: str, one: int, other: int) -> None:
    update = f"UPDATE {table} SET id = ? WHERE id = ?"
    bench.sql(folder, (update, -1, one), (update, one, other), (update, other, -1))


def rows(bench: Any, folder: Path, table: str) -> dict[int, tuple[Any, ...]]:
    return {row[0]: row for row in bench.sql(folder, f"SELECT {COLUMNS[table]} FROM {table}")}


def put(bench: Any, folder: Path, table: str, row: tuple[Any, ...]) -> None:
    marks = ", ".join("?" * len(row))
    bench.sql(folder, (f"INSERT OR REPLACE INTO {table} ({COLUMNS[table]}) VALUES ({marks})", *row))


def altered(bench: Any, folder: Path) -> list[tuple[Kind, int]]:
    """The messages that an opening by the tree alone refuses, without the fingerprint; all of them if it refuses."""
    refused = []
    try:
        vault = bench.open(folder)
    except ClearslateError:
        return list(bench.messages)
    with vault:
        for (kind, number), data in bench.messages.items():
            try:
                assert vault.store.get(kind, number) == data
            except VaultError:
                refused.append((kind, number))
        # The tree finds it by itself, without the fingerprint of the file.
        with pytest.raises(VaultError):
            vault.store.check()
        with pytest.raises(VaultError):
            vault.check()
    return refused


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_swapped_bodies_are_refused(bench: Any, one: tuple[Kind, int], other: tuple[Kind, int]) -> None:
    folder = bench.copy()
    swap(bench, folder, "body", bench.entry(*one), bench.entry(*other))
    assert {one, other} <= set(altered(bench, folder))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_whole_messages_that_are_swapped_are_refused(
    bench: Any, one: tuple[Kind, int], other: tuple[Kind, int]
) -> None:
    folder = bench.copy()
    for table in ("body", "entry"):
        swap(bench, folder, table, bench.entry(*one), bench.entry(*other))
    assert {one, other} <= set(altered(bench, folder))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_pages_that_are_swapped_with_their_messages_are_refused(
    bench: Any, one: tuple[Kind, int], other: tuple[Kind, int]
) -> None:
    folder = bench.copy()
    for table in ("body", "entry"):
        swap(bench, folder, table, bench.entry(*one), bench.entry(*other))
    pages = {bench.entry(*place) >> 8 for place in (one, other)}
    if len(pages) == 2:
        swap(bench, folder, "page", *pages)
    assert {one, other} <= set(altered(bench, folder))


def test_a_message_copied_to_another_number_is_refused(bench: Any) -> None:
    folder = bench.copy()
    for table in ("entry", "body"):
        _, *rest = rows(bench, folder, table)[bench.entry(Kind.RUN, 1)]
        put(bench, folder, table, (bench.entry(Kind.RUN, 2), *rest))
    assert (Kind.RUN, 1) in altered(bench, folder)


@pytest.mark.parametrize("tables", [("body",), ("entry", "body"), ("entry", "body", "page")])
def test_rows_of_another_vault_under_the_same_key_file_are_refused(bench: Any, tables: tuple[str, ...]) -> None:
    folder = bench.copy()
    with bench.create("other") as other, other.operation(Event.INGEST), other.store.step() as step:
        for (kind, number), data in bench.messages.items():
            step.put(kind, number, data)
    for table in tables:
        for row in rows(bench, bench.folder / "other", table).values():
            put(bench, folder, table, row)
    assert (Kind.RUN, 1) in altered(bench, folder)


@pytest.mark.parametrize("table", ["slot", "session", "root"])
def test_the_outermost_rows_of_another_vault_are_refused(bench: Any, table: str) -> None:
    folder = bench.copy()
    with bench.create("other") as other, other.operation(Event.INGEST), other.store.step() as step:
        step.put(Kind.PERSON, 7, b"another")
    (row,) = rows(bench, bench.folder / "other", table).values()
    put(bench, folder, table, row)
    error = KeyRefusedError if table == "slot" else VaultError
    with pytest.raises(error):
        bench.open(folder)


@pytest.mark.parametrize(
    "tables",
    [
        ("body",),
        ("entry",),
        ("entry", "body"),
        ("entry", "body", "page"),
        ("entry", "body", "page", "root"),
        ("page",),
        ("root",),
    ],
)
def test_a_row_of_an_older_generation_is_refused_in_a_newer_one(bench: Any, tables: tuple[str, ...]) -> None:
    folder = bench.copy()
    ids = {"root": 1, "page": bench.entry(Kind.RUN, 1) >> 8}
    kept = {table: rows(bench, folder, table)[ids.get(table, bench.entry(Kind.RUN, 1))] for table in tables}
    with bench.open(folder) as vault, vault.operation(Event.RUN), vault.store.step() as step:
        step.put(Kind.RUN, 1, b"newer")
    for table, row in kept.items():
        put(bench, folder, table, row)
    try:
        vault = bench.open(folder)
    except VaultError:
        assert {"page", "root"} & set(tables)
        return
    with vault:
        with pytest.raises(VaultError):
            vault.store.get(Kind.RUN, 1)
        with pytest.raises(VaultError):
            vault.check()


def test_all_rows_of_an_older_generation_are_refused_under_a_newer_head(bench: Any) -> None:
    folder = bench.copy()
    kept = {table: rows(bench, folder, table) for table in ("entry", "body", "page", "root", "session", "slot")}
    with bench.open(folder) as vault, vault.operation(Event.RUN), vault.store.step() as step:
        step.put(Kind.RUN, 1, b"newer")
    for table, found in kept.items():
        bench.sql(folder, f"DELETE FROM {table}")
        for row in found.values():
            put(bench, folder, table, row)
    with pytest.raises(VaultError, match=r"records\.db\] is older"):
        bench.open(folder)


@pytest.mark.parametrize("table", ["entry", "body", "page", "session", "root", "vault", "slot"])
def test_a_deleted_row_is_noticed(bench: Any, table: str) -> None:
    folder = bench.copy()
    for (id,) in bench.sql(folder, f"SELECT id FROM {table}"):
        shutil.rmtree(folder)
        bench.copy()
        bench.sql(folder, (f"DELETE FROM {table} WHERE id = ?", id))
        assert altered(bench, folder) != []


def test_an_entry_taken_out_with_its_body_and_page_is_noticed(bench: Any) -> None:
    folder = bench.copy()
    id = bench.entry(Kind.RUN, 1)
    bench.sql(
        folder,
        ("DELETE FROM entry WHERE id = ?", id),
        ("DELETE FROM body WHERE id = ?", id),
        ("DELETE FROM page WHERE id = ?", id >> 8),
    )
    assert altered(bench, folder) == list(bench.messages)


@pytest.mark.parametrize("number", [2, 300, 2**40])
def test_an_added_entry_is_noticed(bench: Any, number: int) -> None:
    folder = bench.copy()
    put(bench, folder, "entry", (bench.entry(Kind.RUN, number), 2, bytes(32), b""))
    altered(bench, folder)
    put(bench, folder, "body", (bench.entry(Kind.RUN, number), bytes(100)))
    altered(bench, folder)


@pytest.mark.parametrize("id", [-1, 0, 2**62])
def test_an_added_body_is_noticed_wherever_it_stands(bench: Any, id: int) -> None:
    folder = bench.copy()
    put(bench, folder, "body", (id, bytes(100)))
    # Where the file grew by it, it is refused as a whole.
    assert set(altered(bench, folder)) in (set(), set(bench.messages))


EDITS = [
    "UPDATE entry SET generation = generation + 1",
    "UPDATE entry SET generation = -1",
    "UPDATE entry SET generation = 'two'",
    "UPDATE entry SET commitment = zeroblob(32)",
    "UPDATE entry SET commitment = NULL",
    "UPDATE entry SET key = zeroblob(60)",
    "UPDATE entry SET key = x''",
    "UPDATE body SET sealed = NULL",
    "UPDATE body SET sealed = 'text'",
    "UPDATE body SET sealed = x''",
    "UPDATE body SET sealed = zeroblob(100)",
    "UPDATE page SET mac = NULL",
    "UPDATE page SET mac = zeroblob(32)",
    "UPDATE page SET id = id + 1",
    "UPDATE page SET id = -id",
    "UPDATE root SET generation = generation + 1",
    "UPDATE root SET generation = -1",
    "UPDATE root SET generation = 'two'",
    "UPDATE root SET entries = entries - 1",
    "UPDATE root SET entries = -1",
    "UPDATE root SET mac = NULL",
    "UPDATE root SET id = 2",
    "INSERT INTO root SELECT 2, generation, entries, mac FROM root",
    "UPDATE session SET id = id + 1",
    "UPDATE session SET id = -1",
    "UPDATE session SET salt = NULL",
    "UPDATE session SET salt = 'text'",
    "UPDATE session SET commitment = zeroblob(32)",
    "INSERT INTO session VALUES (99, zeroblob(32), zeroblob(32))",
    "UPDATE slot SET id = 2",
    "UPDATE slot SET id = -1",
    "UPDATE slot SET body = NULL",
    "UPDATE slot SET body = CAST(body AS TEXT)",
    "UPDATE slot SET body = x'5b5d'",
    "UPDATE vault SET header = NULL",
    "UPDATE vault SET header = CAST(header AS TEXT)",
    "UPDATE vault SET header = x'7b7d'",
    "INSERT INTO vault SELECT 2, header FROM vault",
]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_row_is_noticed(bench: Any, edit: str) -> None:
    folder = bench.copy()
    bench.sql(folder, edit)
    altered(bench, folder)


def test_sessions_that_are_swapped_are_refused(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, vault.operation(Event.INGEST), vault.store.step() as step:
        step.put(Kind.PERSON, 10, b"of a second session")
    assert len(rows(bench, folder, "session")) == 2
    swap(bench, folder, "session", 1, 2)
    with pytest.raises(VaultError):
        bench.open(folder)


def test_older_records_under_a_newer_head_are_refused(bench: Any) -> None:
    folder = bench.copy()
    older = (folder / "records.db").read_bytes()
    with bench.open(folder) as vault, vault.operation(Event.RUN), vault.store.step() as step:
        step.put(Kind.RUN, 2, b"newer")
    (folder / "records.db").write_bytes(older)
    with pytest.raises(VaultError, match=r"records\.db\] is older than the rest"):
        bench.open(folder)


def test_an_older_log_under_a_newer_head_is_refused(bench: Any) -> None:
    folder = bench.copy()
    older = (folder / "audit.log").read_bytes()
    with bench.open(folder) as vault, vault.operation(Event.RUN), vault.store.step() as step:
        step.put(Kind.RUN, 2, b"newer")
    (folder / "audit.log").write_bytes(older)
    with pytest.raises(AuditError):
        bench.open(folder)


def test_an_older_head_under_a_newer_log_is_refused(bench: Any) -> None:
    folder = bench.copy()
    older = (folder / "head.json").read_bytes()
    with bench.open(folder) as vault, vault.operation(Event.EXPLAIN):
        pass
    (folder / "head.json").write_bytes(older)
    with pytest.raises(AuditError):
        bench.open(folder)


def test_an_older_log_and_head_under_newer_records_are_refused(bench: Any) -> None:
    folder = bench.copy()
    older = {name: (folder / name).read_bytes() for name in ("audit.log", "head.json")}
    with bench.open(folder) as vault, vault.operation(Event.RUN), vault.store.step() as step:
        step.put(Kind.RUN, 2, b"newer")
    for name, data in older.items():
        (folder / name).write_bytes(data)
    with pytest.raises(VaultError, match=r"\[head.json\] and \[audit.log\] are older"):
        bench.open(folder)


def test_a_planted_journal_that_would_have_another_file_deleted_is_refused(bench: Any) -> None:
    folder = bench.copy()
    victim = bench.folder / "precious"
    victim.write_bytes(b"kept")
    name = str(victim).encode()
    page, sectors = 1024, 512
    header = bytes.fromhex("d9d505f920a163d7") + struct.pack(">5I", 0, 7, 0, sectors, page)
    tail = struct.pack(">I", 2**32 - 1) + name + struct.pack(">2I", len(name), sum(name)) + header[:8]
    (folder / "records.db-journal").write_bytes(header.ljust(sectors, b"\0") + tail)
    with pytest.raises(VaultError, match="somebody put it there"):
        bench.open(folder)
    assert victim.read_bytes() == b"kept"


def test_a_folder_with_somebody_elses_database_stays_as_it_is(bench: Any) -> None:
    folder = bench.folder / "theirs"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with closing(sqlite3.connect(folder / "records.db")) as connection:
        connection.execute("CREATE TABLE more (id INTEGER PRIMARY KEY)")
    with pytest.raises(VaultError, match="is no vault of clearslate"):
        bench.open(folder)
    assert [entry.name for entry in folder.iterdir()] == ["records.db"]
    assert folder.stat().st_mode & 0o777 == 0o755


EXTRAS = [
    "CREATE TABLE more (id INTEGER PRIMARY KEY)",
    "CREATE TRIGGER more AFTER INSERT ON body BEGIN DELETE FROM body; END",
    "CREATE VIEW more AS SELECT * FROM body",
    "CREATE INDEX more ON body (sealed)",
    "ALTER TABLE body ADD COLUMN more BLOB",
    "ALTER TABLE body RENAME COLUMN sealed TO more",
    "ALTER TABLE entry DROP COLUMN key",
    "DROP TABLE session",
    "ANALYZE",
]


@pytest.mark.parametrize("extra", EXTRAS)
def test_anything_else_in_the_schema_is_refused(bench: Any, extra: str) -> None:
    folder = bench.copy()
    bench.sql(folder, extra)
    with pytest.raises(VaultError):
        bench.open(folder)


def test_a_table_of_computed_values_in_place_of_ours_is_refused(bench: Any) -> None:
    folder = bench.copy()
    bench.sql(
        folder,
        "ALTER TABLE body RENAME TO kept",
        "CREATE TABLE body (id INTEGER PRIMARY KEY, sealed BLOB AS (x'00') STORED)",
        "DROP TABLE kept",
    )
    with pytest.raises(VaultError):
        bench.open(folder)
