"""The SQLite file underneath: its tables, how it is opened, and what its errors mean."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from clearslate.errors import ClearslateError, OutputError, VaultBusyError, VaultError
from clearslate.vault.sealing import altered

FORMAT = 1
APPLICATION = 0x434C5654
"""``CLVT``, by which ``file`` and friends know a vault."""

TABLES: Mapping[str, Mapping[str, type]] = MappingProxyType(
    {
        "vault": {"id": int, "header": bytes},
        "slot": {"id": int, "body": bytes},
        "session": {"id": int, "salt": bytes, "commitment": bytes},
        "entry": {"id": int, "generation": int, "commitment": bytes, "key": bytes},
        "body": {"id": int, "sealed": bytes},
        "page": {"id": int, "mac": bytes},
        "root": {"id": int, "generation": int, "entries": int, "mac": bytes},
    }
)
PAGE_SIZE = 4096
_TYPES = {int: "INTEGER", bytes: "BLOB"}
_MAGIC = b"SQLite format 3\0"
_HEADER, _APPLICATION_AT, _VERSION_AT = 100, 68, 72
"""Bytes of SQLite's header, and where ``PRAGMA application_id`` stands in it."""

_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""Ends a rollback journal that belongs to a transaction over several files."""


def create(path: Path | None) -> sqlite3.Connection:
    """Make the tables in an empty file, or in one that vanishes with the connection where ``path`` is None."""
    import sqlite_utils

    with explained():
        connection = _connect(path)
    try:
        database = sqlite_utils.Database(connection, execute_plugins=False)
        with explained():
            if path is not None:
                # A rollback does not restore what a free page held, and the fingerprint is over every byte: no page
                # stays free.
                connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
                connection.execute("PRAGMA auto_vacuum = FULL")
            with transaction(connection):
                for name, columns in TABLES.items():
                    database.table(name).create(dict(columns), pk="id")
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
    except BaseException:
        connection.close()
        raise
    return connection


def recognize(path: Path) -> None:
    """Raise VaultError unless the file begins as a vault's records do; nothing is changed, locked or played back."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER)
    except FileNotFoundError as error:
        raise VaultError(f"[{path.name}] of the vault is missing; restore a backup") from error
    except OSError as error:
        raise VaultError(f"[{path.name}] of the vault cannot be read; check its permissions") from error
    if not start.startswith(_MAGIC) or start[_APPLICATION_AT:_VERSION_AT] != APPLICATION.to_bytes(4, "big"):
        raise VaultError(f"[{path.name}] is no vault of clearslate, or is damaged; name the right folder with --vault")


def open_existing(path: Path) -> sqlite3.Connection:
    """Open a file that has exactly our tables. Raises VaultError for anything else."""
    recognize(path)
    _refuse_planted(path.with_name(f"{path.name}-journal"))
    try:
        with explained():
            connection = _connect(path)
        try:
            with explained():
                _check(connection)
        except BaseException:
            connection.close()
            raise
    except UnicodeDecodeError as error:
        # SQLite quotes a damaged schema in its message.
        raise altered() from error
    return connection


def _refuse_planted(journal: Path) -> None:
    """Raise VaultError for a journal that names another one, which SQLite would delete; none of ours ever does."""
    try:
        with journal.open("rb") as file:
            file.seek(-len(_SUPER_JOURNAL), os.SEEK_END)
            planted = file.read() == _SUPER_JOURNAL
    except OSError:
        # There is none, or it is too short to name anything.
        return
    if planted:
        raise VaultError(f"[{journal.name}] beside the vault is not ours: somebody put it there; move it away")


def _connect(path: Path | None) -> sqlite3.Connection:
    # Autocommit: transactions are begun and ended here, by name. A block is read ahead in another thread.
    connection = sqlite3.connect("" if path is None else path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        for pragma in (
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            f"journal_mode = {'OFF' if path is None else 'DELETE'}",
            f"synchronous = {'OFF' if path is None else 'EXTRA'}",
            "cache_size = -65536",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT:
        raise VaultError(
            f"the vault has format [{version}], this release reads up to [{FORMAT}]; install a newer clearslate"
        )
    if version != FORMAT:
        raise altered()
    found = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    # As a set: what stands there in a damaged file is not always text.
    if len(found) != len(TABLES) or set(found) != {("table", table) for table in TABLES}:
        raise altered()
    for table, columns in TABLES.items():
        seen = [
            (column, kind, pk, hidden)
            for _, column, kind, _, _, pk, hidden in connection.execute(f"PRAGMA table_xinfo({table})")
        ]
        if seen != [(column, _TYPES[kind], int(column == "id"), 0) for column, kind in columns.items()]:
            raise altered()


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that the block writes, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # What cannot be rolled back now is rolled back from the journal when the file is opened next.
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except ClearslateError:
        raise
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise VaultBusyError("another process is at work in the vault; try again when it is done") from error
        if code == sqlite3.SQLITE_FULL:
            raise OutputError("the vault cannot be written: the disk is full; free space and try again") from error
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise OutputError(
                "the vault cannot be read or written by the system; check the disk and its permissions, then try again"
            ) from error
        raise altered() from error
    except (sqlite3.Error, OverflowError) as error:
        raise altered() from error
