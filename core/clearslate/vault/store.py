"""Sealed messages by kind and number, in one SQLite file, each believed only where the tree vouches for it."""

from __future__ import annotations

import contextlib
import hmac
import sqlite3
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from clearslate.errors import ClearslateError, VaultBusyError
from clearslate.vault import database
from clearslate.vault.compression import packed, unpacked
from clearslate.vault.sealing import (
    KEY,
    SALT,
    Kind,
    Session,
    altered,
    commitment,
    derive,
    place,
    random_bytes,
    seal,
    session_of,
    unseal,
)
from clearslate.vault.slots import Slot
from clearslate.vault.tree import NUMBER_BITS, Entry, Tree, checked_macs, digest, entry_id, root_mac

BATCH = 1000
"""Rows that are written, and read, at a time."""

_BATCH_BYTES = 32 << 20
"""Bytes that are sealed at a time, where messages are long."""

WRAPS = 2**32
"""Person keys that one session may wrap."""

_PLAIN = frozenset({Kind.BUCKET, Kind.RING, Kind.LEDGER})
"""Kinds that are not compressed: they are random bytes, or a few hundred of them."""

_PERSON = (1 << 32) - 1


class Keys:
    """What is derived from a data key."""

    __slots__ = ("body", "data", "head", "index")

    def __init__(self, data: bytes, vault: bytes) -> None:
        self.data = data
        self.index, self.head, self.body = (
            derive(data, vault, f"clearslate vault 1 {name}") for name in ("index", "head", "body")
        )


class Store:
    """``records.db``, unlocked. Everything that is read was checked; a step that fails changes nothing.

    ``generation`` is that of the last step; ``entries`` is how many lines the audit log is known to have, which the
    next step binds into the root. Raises VaultError for what was altered, OutputError for a
    full or failing disk, VaultBusyError where another process holds the file.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        vault: bytes,
        header: bytes,
        data_key: bytes,
        *,
        wraps: int = WRAPS,
        fresh: bool = False,
        generation: int = 0,
    ) -> None:
        """Unlock; ``fresh`` is for a new file, whose first step makes ``generation`` one higher."""
        self._connection = connection
        self.vault = vault
        self.header = header
        self.keys = Keys(data_key, vault)
        self._wraps = wraps
        self._session: Session | None = None
        self._in_step = False
        # A block is read ahead in another thread while decisions are written in this one.
        self._guard = threading.RLock()
        self._begins = generation
        self._load(fresh=fresh)

    @classmethod
    def temporary(cls) -> Store:
        """A store whose key is held in memory alone, in a file that vanishes with it; it cannot be opened again."""
        connection = database.create(None)
        return cls(connection, random_bytes(16), b"", random_bytes(KEY), fresh=True)

    def _load(self, *, fresh: bool = False) -> None:
        connection = self._connection
        with database.explained():
            self.slots = [Slot(*row) for row in connection.execute("SELECT id, body FROM slot ORDER BY id")]
            sessions = connection.execute("SELECT id, salt, commitment FROM session ORDER BY id").fetchall()
            macs = checked_macs(connection.execute("SELECT id, mac FROM page"))
            roots = connection.execute("SELECT id, generation, entries, mac FROM root").fetchall()
        self._salts: dict[int, tuple[bytes, bytes]] = {id: (salt, check) for id, salt, check in sessions}
        self._sessions: dict[int, Session] = {}
        self._tree = Tree(connection, self.keys.index, macs)
        if fresh:
            self.generation, self.entries, self._mac = self._begins, 0, b""
            return
        if len(roots) != 1 or [type(value) for value in roots[0]] != [int, int, int, bytes] or min(roots[0][:3]) < 0:
            raise altered()
        id, self.generation, self.entries, mac = roots[0]
        if id != 1 or not hmac.compare_digest(mac, self._root(self.generation)):
            raise altered()
        self._mac = mac

    def _check_alone(self) -> None:
        # Where the folder's lock does not hold, as on some network shares, what is in memory may be out of date.
        root = self._connection.execute("SELECT generation, mac FROM root").fetchall()
        if root != ([(self.generation, self._mac)] if self._mac else []):
            raise VaultBusyError("another process has written to the vault meanwhile; nothing was changed, try again")

    def _root(self, generation: int) -> bytes:
        try:
            outer = b"".join(
                (
                    digest([(self.header,)]),
                    digest((struct.pack(">QI", s.number, len(s.body)), s.body) for s in self.slots),
                    digest((struct.pack(">Q", id), *self._salts[id]) for id in sorted(self._salts)),
                )
            )
        except (struct.error, TypeError) as error:
            raise altered() from error
        return root_mac(self.keys.index, generation, self.entries, outer, self._tree.macs)

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    # Reading

    def has(self, kind: Kind, number: int) -> bool:
        """Whether there is such a message."""
        with self._guard, database.explained():
            return self._tree.entry(entry_id(kind, number)) is not None

    def numbers(self, kind: Kind) -> list[int]:
        """The numbers of all messages of a kind, in order."""
        with self._guard, database.explained():
            return self._tree.numbers(kind)

    def get(self, kind: Kind, number: int) -> bytes:
        """A message. Raises VaultError where it is not there."""
        id = entry_id(kind, number)
        with self._guard, database.explained():
            entry = self._tree.entry(id)
            row = self._connection.execute("SELECT sealed FROM body WHERE id = ?", (id,)).fetchone()
            if entry is None or row is None:
                raise altered()
            return self._open(kind, number, entry, row[0])

    def get_many(self, kind: Kind, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Messages of a kind in the order of their numbers, which must ascend."""
        for begin in range(0, len(numbers), BATCH):
            part = numbers[begin : begin + BATCH]
            opened: list[tuple[int, bytes]] = []
            with self._guard, database.explained():
                for number, sealed in self._bodies(kind, part):
                    entry = self._tree.entry(entry_id(kind, number))
                    if entry is None:
                        raise altered()
                    opened.append((number, self._open(kind, number, entry, sealed)))
            yield from opened

    def _bodies(self, kind: Kind, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        low, high = entry_id(kind, numbers[0]), entry_id(kind, numbers[-1])
        if high - low < 2 * len(numbers):
            rows = self._connection.execute(
                "SELECT id, sealed FROM body WHERE id BETWEEN ? AND ?", (low, high)
            ).fetchall()
        else:
            rows = [
                row
                for number in numbers
                for row in self._connection.execute(
                    "SELECT id, sealed FROM body WHERE id = ?", (entry_id(kind, number),)
                )
            ]
        found = dict(rows)
        for number in numbers:
            sealed = found.get(entry_id(kind, number))
            if sealed is None:
                raise altered()
            yield number, sealed

    def _open(self, kind: Kind, number: int, entry: Entry, sealed: object) -> bytes:
        if type(sealed) is not bytes or not hmac.compare_digest(commitment(sealed), entry.commitment):
            raise altered()
        where = place(self.vault, kind, number, entry.generation)
        data = unseal(self._key(kind, number), where, sealed)
        return data if kind in _PLAIN else unpacked(data)

    def _key(self, kind: Kind, number: int) -> bytes:
        if not kind.is_personal:
            return self.keys.body
        person = number & _PERSON
        entry = self._tree.entry(entry_id(Kind.PERSON, person))
        if entry is None or not entry.key:
            raise altered()
        return self._session_of(entry.key).unwrap(place(self.vault, Kind.PERSON, person, 0), entry.key)

    def _session_of(self, wrapped: bytes) -> Session:
        number = session_of(wrapped)
        session = self._sessions.get(number)
        if session is None:
            salt, check = self._salts.get(number, (b"", b""))
            session = Session(self.keys.data, number, salt)
            if not hmac.compare_digest(session.commitment, check):
                raise altered()
            self._sessions[number] = session
        return session

    # Writing

    @contextlib.contextmanager
    def step(self) -> Iterator[Step]:
        """One transaction: all that the block does, or nothing."""
        if self._in_step:
            raise RuntimeError("a step is under way")
        self._in_step = True
        try:
            with database.explained(), database.transaction(self._connection):
                self._check_alone()
                step = Step(self, self._connection, self._tree, self.generation + 1)
                yield step
                mac = step.finish()
            self.generation, self._mac = self.generation + 1, mac
        except BaseException:
            # What was changed in memory goes too, sessions included, so that no counter is used twice.
            # Where it cannot be read again now, no root is the one to go on from, and the next step fails too.
            self._session, self._mac = None, b"none"
            with contextlib.suppress(ClearslateError, sqlite3.Error):
                self._load(fresh=self.generation == self._begins)
            raise
        finally:
            self._in_step = False

    def session(self) -> Session:
        """The session to wrap with: of this opening and this process, and not spent."""
        if self._session is None or self._session.is_spent:
            number = 1 + max(self._salts, default=0)
            self._session = Session(self.keys.data, number, random_bytes(SALT), self._wraps)
            self._salts[number] = (self._session.salt, self._session.commitment)
            self._sessions[number] = self._session
            self._connection.execute(
                "INSERT INTO session (id, salt, commitment) VALUES (?, ?, ?)",
                (number, self._session.salt, self._session.commitment),
            )
        return self._session

    def copy_to(self, other: Store) -> None:
        """Seal everything again in another store that is empty: under its data key, every person under a new key."""
        # Persons first, because what else is sealed under their keys needs these.
        kinds = [Kind.PERSON, *(kind for kind in Kind if kind not in (Kind.PERSON, Kind.SLOT))]
        with other.step() as step:
            for kind in kinds:
                step.put_many(kind, self.get_many(kind, self.numbers(kind)))

    # Checking

    def check(self) -> int:
        """Open every message and miss none; give how many there are. Raises VaultError."""
        connection = self._connection
        with database.explained():
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise altered()
            headers = connection.execute("SELECT id, header FROM vault").fetchall()
            if headers != ([(1, self.header)] if self.header else []):
                raise altered()
            entries = [id for (id,) in connection.execute("SELECT id FROM entry ORDER BY id")]
            bodies = [id for (id,) in connection.execute("SELECT id FROM body ORDER BY id")]
            known = sorted(id for page in self._tree.macs for id in self._tree.page(page))
        if entries != bodies or entries != known:
            raise altered()
        mask = (1 << NUMBER_BITS) - 1
        for kind in Kind:
            numbers = [id & mask for id in entries if id >> NUMBER_BITS == kind]
            for _ in self.get_many(kind, numbers):
                pass
        if not {id >> NUMBER_BITS for id in entries} <= set(Kind):
            raise altered()
        return len(entries)


class Step:
    """What one transaction does."""

    def __init__(self, store: Store, connection: sqlite3.Connection, tree: Tree, generation: int) -> None:
        self._store = store
        self._connection = connection
        self._tree = tree
        self.generation = generation
        self._table: Any = None

    def _tables(self) -> Any:
        if self._table is None:
            import sqlite_utils

            self._table = sqlite_utils.Database(self._connection, execute_plugins=False).table
        return self._table

    def put(self, kind: Kind, number: int, data: bytes) -> None:
        """Seal a message in place of the one that is there, if any."""
        self.put_many(kind, [(number, data)])

    def put_many(self, kind: Kind, messages: Iterable[tuple[int, bytes]]) -> int:
        """Seal messages, each in place of the one that is there, if any; give how many."""
        from concurrent.futures import ThreadPoolExecutor

        count = 0
        # Compressing is most of the work, and lets go of the interpreter: half of a batch in each of two threads, and
        # the next batch while this one is sealed.
        with ThreadPoolExecutor(2) as pool:
            ready: tuple[list[int], Iterable[list[bytes]]] | None = None
            for batch in _batches(messages):
                numbers, frames = [number for number, _ in batch], [data for _, data in batch]
                half = len(frames) // 2
                halves = (frames[:half], frames[half:])
                coming = numbers, halves if kind in _PLAIN else pool.map(_packed, halves)
                count += self._settle(kind, ready)
                ready = coming
            return count + self._settle(kind, ready)

    def _settle(self, kind: Kind, ready: tuple[list[int], Iterable[list[bytes]]] | None) -> int:
        if ready is None:
            return 0
        numbers, halves = ready
        frames = [frame for half in halves for frame in half]
        with self._store._guard:
            self._write(kind, zip(numbers, frames, strict=True))
        return len(numbers)

    def _write(self, kind: Kind, messages: Iterable[tuple[int, bytes]]) -> None:
        store, tree = self._store, self._tree
        entries: list[dict[str, Any]] = []
        bodies: list[dict[str, Any]] = []
        for number, frame in messages:
            id = entry_id(kind, number)
            wrapped = b""
            if kind is Kind.PERSON:
                before = tree.entry(id)
                if before is None:
                    key = random_bytes(KEY)
                    wrapped = store.session().wrap(place(store.vault, kind, number, 0), key)
                else:
                    wrapped, key = before.key, store._key(kind, number)
            else:
                key = store._key(kind, number)
            sealed = seal(key, place(store.vault, kind, number, self.generation), frame)
            entry = Entry(self.generation, commitment(sealed), wrapped)
            tree.put(id, entry)
            entries.append({"id": id, **entry._asdict()})
            bodies.append({"id": id, "sealed": sealed})
        table = self._tables()
        table("entry").insert_all(entries, pk="id", replace=True, batch_size=BATCH)
        table("body").insert_all(bodies, pk="id", replace=True, batch_size=BATCH)

    def drop(self, kind: Kind, numbers: Iterable[int]) -> None:
        """Remove messages; a person's key goes with the record, and what else was sealed under it is lost."""
        with self._store._guard:
            for number in numbers:
                id = entry_id(kind, number)
                self._tree.put(id, None)
                self._connection.execute("DELETE FROM entry WHERE id = ?", (id,))
                self._connection.execute("DELETE FROM body WHERE id = ?", (id,))

    def set_slots(self, slots: Sequence[Slot]) -> None:
        """The key slots from now on."""
        self._connection.execute("DELETE FROM slot")
        for slot in slots:
            self._connection.execute("INSERT INTO slot (id, body) VALUES (?, ?)", (slot.number, slot.body))
        self._store.slots = list(slots)

    def set_header(self, header: bytes) -> None:
        """The header of a new vault."""
        self._connection.execute("INSERT INTO vault (id, header) VALUES (1, ?)", (header,))

    def finish(self) -> bytes:
        """Write the tree, and the root above it; give the root's MAC."""
        written, emptied = self._tree.settle()
        connection = self._connection
        connection.executemany("INSERT OR REPLACE INTO page (id, mac) VALUES (?, ?)", written)
        connection.executemany("DELETE FROM page WHERE id = ?", [(page,) for page in emptied])
        mac = self._store._root(self.generation)
        connection.execute(
            "INSERT OR REPLACE INTO root (id, generation, entries, mac) VALUES (1, ?, ?, ?)",
            (self.generation, self._store.entries, mac),
        )
        return mac


def _packed(messages: Sequence[bytes]) -> list[bytes]:
    return [packed(message) for message in messages]


def _batches(messages: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    batch: list[tuple[int, bytes]] = []
    size = 0
    for message in messages:
        batch.append(message)
        size += len(message[1])
        if len(batch) == BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
