"""A small vault of invented persons, with a clock that counts; made once, and copied for each test."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.util
import json
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.vault.office import Office

from clearslate.registry import Registry, load
from clearslate.vault import database
from clearslate.vault.audit import Actor, Event
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile
from clearslate.vault.store import Store
from clearslate.vault.vault import Vault

FIRST_MOMENT = dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC)
SOURCE = b"REC|SUBJ|NAME\n1|7|Zyxquell, A\n2|7|Zyxquell, A\n3|8|Vornwick, B\nno row at all\n4|9|Quandle, C\n"
OWNERS = (0, 7, 7, 8, 0, 9)
"""Who owns each line of SOURCE; 0 is nobody."""


class Clock:
    """A clock that moves on by a second whenever somebody looks."""

    def __init__(self) -> None:
        self._looks = 0

    def __call__(self) -> dt.datetime:
        self._looks += 1
        return FIRST_MOMENT + dt.timedelta(seconds=self._looks)


def actor() -> Actor:
    return Actor("tester", "bench", "clearslate 0", Clock())


def extents() -> list[tuple[int, bytes, int]]:
    """The lines of SOURCE: where each begins, what it is, and whose."""
    found, offset = [], 0
    for line, owner in zip(SOURCE.splitlines(keepends=True), OWNERS, strict=True):
        found.append((offset, line, owner))
        offset += len(line)
    return found


def record(owner: int) -> bytes:
    own = [(offset, line) for offset, line, whose in extents() if whose == owner]
    heads = b"".join(struct.pack(">IQQ", 1, offset, len(line)) for offset, line in own)
    return struct.pack(">I", len(own)) + heads + b"".join(line for _, line in own) + b"{}"


def source_map() -> bytes:
    told = {
        "name": "invented.csv",
        "sha256": hashlib.sha256(SOURCE).hexdigest(),
        "size": len(SOURCE),
        "format": "invented",
        "at": "2024-03-01T09:00:00Z",
        "reader": "0",
    }
    head = json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")
    rows = b"".join(struct.pack(">QQQQQq", offset, len(line), 1, 1, 1, owner) for offset, line, owner in extents())
    return struct.pack(">I", len(head)) + head + rows


def decisions(person: int) -> bytes:
    return json.dumps({"person": person, "counts": [{"decision": "review"}]}, sort_keys=True).encode("ascii")


MESSAGES: Mapping[tuple[Kind, int], bytes] = {
    **{(Kind.PERSON, person): record(person) for person in (7, 8, 9)},
    (Kind.REMAINDER, 1): record(0),
    (Kind.SOURCE, 1): source_map(),
    (Kind.BUCKET, 0): struct.pack(">I16sQ", 1, hashlib.sha256(b"invented").digest()[:16], 7),
    (Kind.RUN, 1): b'{"manifest":"invented"}',
    **{(Kind.DECISIONS, (1 << 32) + person): decisions(person) for person in (7, 8)},
    (Kind.LEDGER, 1): b'{"next":10}',
}
"""What the small vault holds, beside its ring."""


def fill(store: Store) -> None:
    with store.step() as step:
        for (kind, number), data in MESSAGES.items():
            step.put(kind, number, data)


class Bench:
    """Makes vaults, opens them, and says what they must hold."""

    secret = KeyFile("00" * 8, bytes(range(32)))
    messages = MESSAGES
    source = SOURCE

    def __init__(self, folder: Path, made: Path) -> None:
        self.folder = folder
        self._made = made

    def copy(self, name: str = "vault") -> Path:
        """A copy of the small vault."""
        return Path(shutil.copytree(self._made, self.folder / name))

    def open(self, folder: Path, secret: Any = None, **options: Any) -> Vault:
        return Vault.open(folder, secret or self.secret, actor(), **options)

    def create(self, name: str, secret: Any = None, **options: Any) -> Vault:
        """Another vault, with nothing but its ring."""
        return Vault.create(self.folder / name, secret or self.secret, actor(), **options)

    def contents(self, vault: Vault) -> dict[tuple[Kind, int], bytes]:
        """Every message but the ring, which is random."""
        kinds = [kind for kind in Kind if kind is not Kind.RING]
        return {
            (kind, number): data
            for kind in kinds
            for number, data in vault.store.get_many(kind, vault.store.numbers(kind))
        }

    def sql(self, folder: Path, *statements: Any) -> list[Any]:
        """Edit ``records.db`` behind the vault's back; give the rows of the last statement."""
        rows: list[Any] = []
        with closing(sqlite3.connect(folder / "records.db", isolation_level=None)) as connection:
            for statement in statements:
                text, values = (statement, ()) if isinstance(statement, str) else (statement[0], statement[1:])
                rows = connection.execute(text, values).fetchall()
        return rows

    @staticmethod
    def entry(kind: Kind, number: int) -> int:
        """The id of an entry, as the documentation has it."""
        return kind * 2**48 + number


@pytest.fixture(scope="session")
def made_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault") / "made"
    # Small pages, so that every bit of the file can be turned in minutes; SQLite is the same.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "PAGE_SIZE", 1024)
        Vault.create(folder, Bench.secret, actor()).close()
    with Vault.open(folder, Bench.secret, actor()) as vault, vault.operation(Event.INGEST) as operation:
        fill(vault.store)
        operation.counts["persons"] = 3
    return folder


@pytest.fixture
def bench(tmp_path: Path, made_vault: Path) -> Bench:
    return Bench(tmp_path, made_vault)


@pytest.fixture
def new_actor() -> Callable[[], Actor]:
    return actor


@pytest.fixture(scope="session")
def second_reader() -> Any:
    """The reader that was written from the documentation alone."""
    path = Path(__file__).with_name("second_reader.py")
    spec = importlib.util.spec_from_file_location("second_reader", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def laws() -> Registry:
    return load()


@pytest.fixture
def office(tmp_path: Path, laws: Registry) -> Iterator[Office]:
    """Files, and a store that they are brought into."""
    made = Office(tmp_path, laws)
    yield made
    made.store.close()
