"""A vault: its folder, opened with a key and held by one process; every operation on it is written down."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from clearslate.errors import AuditError, ClearslateError, KeyRefusedError, VaultBusyError, VaultError
from clearslate.vault import audit, database, files, slots, spelling
from clearslate.vault.anchor import Anchor
from clearslate.vault.audit import Actor, Event, Keyring, Outcome
from clearslate.vault.head import FILE as HEAD
from clearslate.vault.head import Head, Records
from clearslate.vault.sealing import KEY, SALT, Kind, altered, random_bytes
from clearslate.vault.secrets import KeyFile, Secret, wrong_key
from clearslate.vault.store import WRAPS, Store

RECORDS, LOG, LOCK = "records.db", "audit.log", "lock"
PATIENCE = 10.0
"""Seconds that the second process waits for the first."""

_NOTHING = Records(0, "", "")


@dataclass(slots=True)
class Operation:
    """One operation under way; ``counts`` are written down when it ends."""

    event: Event
    counts: dict[str, int] = field(default_factory=dict)
    settled: bool = False


class Vault:
    """An open vault. ``with`` closes it.

    Raises VaultError, KeyRefusedError, VaultBusyError or AuditError where it cannot be opened.
    """

    def __init__(self, folder: Path, lock: FileLock, store: Store, actor: Actor, slot: int) -> None:
        self.folder = folder
        self.store = store
        self.slot = slot
        self._lock = lock
        self._actor = actor
        self._ring = _ring(store)
        self._head: Head | None = None
        self._adrift = False

    # Making and opening

    @classmethod
    def create(cls, folder: Path, secret: Secret, actor: Actor, *, label: str = "first", fips: bool = False) -> Vault:
        """Make a vault in a new or empty folder. Raises OutputError where something is there."""
        building = files.building(folder)
        files.make_folder(building)
        try:
            vault, data_key = random_bytes(16), random_bytes(KEY)
            told = {"format": "clearslate vault", "version": database.FORMAT, "vault": vault.hex(), "fips": fips}
            header = spelling.spelled(told)
            slot = slots.made(1, secret, data_key, header, vault, label=label, at=actor.stamp(), fips=fips)
            store = _new_store(building / RECORDS, vault, header, data_key)
            try:
                with store.step() as step:
                    step.set_header(header)
                    step.set_slots([slot])
                    step.put(Kind.RING, 1, spelling.spelled(_new_ring()))
                    step.put(Kind.LEDGER, 1, spelling.spelled({}))
                lock = _locked(building, PATIENCE)
                cls(building, lock, store, actor, 1)._enter(Event.INIT, Outcome.DONE, {})
                lock.release()
            finally:
                store.close()
            # It has its name only now that it is whole.
            files.name_folder(building, folder)
        except BaseException:
            files.remove_folder(building)
            raise
        return cls.open(folder, secret, actor)

    @classmethod
    def open(
        cls,
        folder: Path,
        secret: Secret,
        actor: Actor,
        *,
        anchor: Anchor | None = None,
        patience: float = PATIENCE,
        wraps: int = WRAPS,
    ) -> Vault:
        """Open a vault, and mend what a cut left. An ``anchor`` refuses a vault that is older than it."""
        try:
            is_folder, has_records = folder.is_dir(), (folder / RECORDS).exists()
        except OSError as error:
            raise VaultError(f"vault [{folder}] cannot be looked at; check the path and its permissions") from error
        if not is_folder:
            raise VaultError(
                f"there is no vault in [{folder}]; name its folder with --vault, or make one: clearslate init"
            )
        if not has_records:
            raise VaultError(f"[{folder}] is no vault of clearslate; name its folder with --vault")
        # A folder that is somebody else's stays as it is.
        database.recognize(folder / RECORDS)
        files.tighten(folder)
        lock = _locked(folder, patience)
        try:
            # By name: a key file that stands in the folder may have a new one beside it that is the only key by now.
            for left in (f"{RECORDS}.new", f"{RECORDS}.new-journal", f"{HEAD}.new"):
                with contextlib.suppress(OSError):
                    (folder / left).unlink()
            connection = database.open_existing(folder / RECORDS)
            try:
                header, vault = _header(connection)
                data_key, slot = slots.opened(_slots(connection), secret, header, vault)
                store = Store(connection, vault, header, data_key, wraps=wraps)
                opened = cls(folder, lock, store, actor, slot)
                opened._catch_up()
                if anchor is not None:
                    anchor.check(vault.hex(), opened.lines())
            except BaseException:
                connection.close()
                raise
            return opened
        except BaseException:
            lock.release()
            raise

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the vault go."""
        self.store.close()
        self._lock.release()

    @property
    def id(self) -> str:
        """The vault's id, in hex."""
        return self.store.vault.hex()

    @property
    def fips(self) -> bool:
        """Whether only approved algorithms are used."""
        return bool(spelling.read(self.store.header)["fips"])

    def stamp(self) -> str:
        """The time by the clock of whoever is at work, in UTC."""
        return self._actor.stamp()

    @property
    def head(self) -> Head:
        """What the vault has come to."""
        assert self._head is not None
        return self._head

    # The audit log

    def lines(self) -> Iterator[audit.Line]:
        """Every line of the audit log, checked. Raises AuditError at the first that does not fit."""
        count, last = 0, ""
        for line in audit.lines(self.folder / LOG, self._ring_keys()):
            count, last = count + 1, line.text.decode("ascii")
            yield line
        if count != self.head.entries or last != self.head.line:
            raise audit.broken(count)

    def anchor(self) -> Anchor:
        """The head as a text to be kept elsewhere."""
        last = audit.read(self.head.line.encode("ascii"), self._ring_keys())
        return Anchor(self.id, last.number, last.mac)

    @contextlib.contextmanager
    def operation(self, event: Event) -> Iterator[Operation]:
        """One operation: written down before it begins, and again when it has ended, however it ends.

        Raises AuditError where it cannot be written down.
        """
        self._enter(event, Outcome.BEGUN, {})
        under_way = Operation(event)
        try:
            yield under_way
            self.settle(under_way)
        except BaseException as error:
            # The first error is the one to report, whether or not the log can still be written.
            with contextlib.suppress(ClearslateError):
                self._enter(event, Outcome.FAILED, under_way.counts, type(error).__name__)
            raise

    def settle(self, operation: Operation) -> None:
        """Write an operation down as done, before what it made is handed out; a second call does nothing."""
        if not operation.settled:
            self._enter(operation.event, Outcome.DONE, operation.counts)
            operation.settled = True

    def _enter(self, event: Event, outcome: Outcome, counts: dict[str, int], error: str = "") -> None:
        store, before = self.store, self._head
        if self._adrift:
            raise AuditError("the audit entry cannot be written: the records are under a new key; open the vault again")
        if before is not None:
            # The line before may have failed to reach the log, whole or in part, while its head is there.
            audit.complete(self.folder / LOG, before.size, before.line.encode("ascii"))
        records = _NOTHING if before is None else before.records
        if before is None or before.generation != store.generation:
            records = self._fingerprint()
        ring = self._ring_keys()
        number = 1 if before is None else before.entries + 1
        previous = audit.FIRST if before is None else audit.read(before.line.encode("ascii"), ring).mac
        line = audit.made(
            self._actor,
            ring.for_line(number),
            number=number,
            previous=previous,
            event=event,
            outcome=outcome,
            counts=counts,
            generation=store.generation,
            records={"size": records.size, "salt": records.salt, "mac": records.mac},
            error=error,
        )
        begin = 0 if before is None else before.size
        size = begin + len(line.text) + 1
        head = Head(self.id, number, line.text.decode("ascii"), size, store.generation, records)
        with files.as_audit_error():
            head.write(self.folder, store.keys.head)
            self._head, store.entries = head, number
            files.append(self.folder / LOG, line.text + b"\n", begin)

    def _fingerprint(self) -> Records:
        salt = random_bytes(SALT)
        path = self.folder / RECORDS
        mac = files.fingerprint(path, self.store.keys.head, salt)
        return Records(path.stat().st_size, salt.hex(), mac.hex())

    def _ring_keys(self) -> Keyring:
        return Keyring([(int(first), bytes.fromhex(key)) for first, key in self._ring["audit"]])

    def _catch_up(self) -> None:
        """Bring head and log to what the records say, where a step was cut off between them."""
        store = self.store
        older = [bytes.fromhex(key) for key in self._ring["head"]]
        head = Head.read(self.folder, [store.keys.head, *older])
        if head.vault != self.id or head.generation > store.generation or head.entries < store.entries:
            what = f"[{RECORDS}] is" if head.generation > store.generation else f"[{HEAD}] and [{LOG}] are"
            raise VaultError(f"{what} older than the rest of the vault; somebody put it back, restore a whole backup")
        self._head, store.entries = head, head.entries
        audit.complete(self.folder / LOG, head.size, head.line.encode("ascii"))
        if head.generation < store.generation:
            last = audit.read(head.line.encode("ascii"), self._ring_keys())
            self._enter(Event(last.told["event"]), Outcome.RECOVERED, {})
        elif (self.folder / RECORDS).stat().st_size != head.records.size:
            raise altered()
        self._forget_older_heads()

    def _forget_older_heads(self) -> None:
        """Believe a head under an older key no more, now that there is one under this one."""
        if not self._ring["head"]:
            return
        self._drop_older_heads()
        self._enter(Event.KEYS_ROTATED, Outcome.RECOVERED, {})

    def _drop_older_heads(self) -> None:
        ring = {**self._ring, "head": []}
        with self.store.step() as step:
            step.put(Kind.RING, 1, spelling.spelled(ring))
        self._ring = ring

    # Keys

    def add_key(self, secret: Secret, label: str) -> int:
        """Let one more key open the vault; give the number of its slot."""
        if len(self.store.slots) >= slots.MOST:
            raise KeyRefusedError(f"the vault has [{slots.MOST}] keys already; drop one first: clearslate keys drop")
        number = 1 + max(slot.number for slot in self.store.slots)
        slot = self._slot(number, secret, label)
        with self.store.step() as step:
            step.set_slots([*self.store.slots, slot])
        return number

    def _slot(self, number: int, secret: Secret, label: str) -> slots.Slot:
        store = self.store
        return slots.made(
            number,
            secret,
            store.keys.data,
            store.header,
            store.vault,
            label=label,
            at=self._actor.stamp(),
            fips=self.fips,
        )

    def drop_key(self, number: int) -> None:
        """Let a key open the vault no longer. Raises KeyRefusedError for the last, and for one that is not there."""
        kept = [slot for slot in self.store.slots if slot.number != number]
        if len(kept) == len(self.store.slots):
            known = ", ".join(str(slot.number) for slot in self.store.slots)
            raise KeyRefusedError(f"the vault has no key [{number}]; known: {known}")
        if not kept:
            raise KeyRefusedError("this is the only key of the vault; add another first: clearslate keys add")
        with self.store.step() as step:
            step.set_slots(kept)

    def rotate(self, secret: Secret, label: str) -> None:
        """Seal everything under new keys, which ``secret`` alone opens; no older key opens the vault after it.

        All or nothing: the new records take the name of the old ones in one rename.
        """
        old = self.store
        new_path, data_key = self.folder / f"{RECORDS}.new", random_bytes(KEY)
        number = 1 + max(slot.number for slot in old.slots)
        slot = slots.made(
            number, secret, data_key, old.header, old.vault, label=label, at=self._actor.stamp(), fips=self.fips
        )
        with files.as_output_error():
            new_path.unlink(missing_ok=True)
        new = _new_store(new_path, old.vault, old.header, data_key, generation=old.generation)
        new.entries = old.entries
        try:
            old.copy_to(new)
            ring = dict(self._ring)
            ring["audit"] = [*ring["audit"], [self.head.entries + 1, random_bytes(KEY).hex()]]
            # The head is still the old key's; whoever opens after a cut right here must be able to read it.
            ring["head"] = [old.keys.head.hex()]
            with new.step() as step:
                step.set_header(old.header)
                step.set_slots([slot])
                step.put(Kind.RING, 1, spelling.spelled(ring))
            new.close()
            old.close()
            # The rename is the moment from which the old key opens nothing, and vouches for no further line.
            self._adrift = True
            with files.as_audit_error():
                new_path.replace(self.folder / RECORDS)
        except BaseException:
            with contextlib.suppress(sqlite3.Error, OSError):
                new.close()
                new_path.unlink(missing_ok=True)
            with contextlib.suppress(ClearslateError, sqlite3.Error):
                self.store = _reopened(self.folder / RECORDS, old)
                self._adrift = False
            raise
        connection = database.open_existing(self.folder / RECORDS)
        self.store = Store(connection, old.vault, old.header, data_key)
        self.store.entries = self.head.entries
        self.slot = number
        self._ring = _ring(self.store)
        self._adrift = False
        with files.as_audit_error():
            files.sync_folder(self.folder)
            # The head of before, under the new key and with what the records are now; no line is added for it.
            records = self._fingerprint()
            self._head = replace(self.head, generation=self.store.generation, records=records)
            self._head.write(self.folder, self.store.keys.head)
        self._drop_older_heads()

    # Checking and ending

    def check(self) -> int:
        """Check every byte of the folder; give how many sealed messages there are. Raises VaultError or AuditError."""
        head = self.head
        mac = files.fingerprint(self.folder / RECORDS, self.store.keys.head, bytes.fromhex(head.records.salt))
        if mac.hex() != head.records.mac:
            raise altered()
        for _ in self.lines():
            pass
        return self.store.check()

    def destroy(self) -> None:
        """Remove every key slot, so that nothing opens the vault again, and then the records themselves."""
        with self.store.step() as step:
            step.set_slots([])
        self.close()
        for name in (RECORDS, f"{RECORDS}-journal"):
            with files.as_output_error():
                (self.folder / name).unlink(missing_ok=True)


def unlocked_file(path: Path) -> tuple[KeyFile, ...]:
    """The key file, and the one beside it that a rotation which was cut off may have left."""
    beside = newer(path)
    if not path.exists() and beside.exists():
        return (KeyFile.read(beside),)
    found = [KeyFile.read(path)]
    if beside.exists():
        # One that was cut off while it was written has never been the key of anything.
        with contextlib.suppress(KeyRefusedError):
            found.append(KeyFile.read(beside))
    return tuple(found)


def newer(path: Path) -> Path:
    """Where a rotation puts the new key until the vault is sealed with it."""
    return path.with_name(f"{path.name}.new")


def _locked(folder: Path, patience: float) -> FileLock:
    lock = FileLock(folder / LOCK, timeout=patience, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise VaultBusyError("another process is at work in the vault; try again when it is done") from error
    except OSError as error:
        raise VaultError(f"vault [{folder}] cannot be locked; check its permissions") from error
    return lock


def _new_store(path: Path, vault: bytes, header: bytes, data_key: bytes, generation: int = 0) -> Store:
    with files.as_output_error():
        files.write_new(path, b"")
    connection = database.create(path)
    return Store(connection, vault, header, data_key, fresh=True, generation=generation)


def _reopened(path: Path, old: Store) -> Store:
    return Store(database.open_existing(path), old.vault, old.header, old.keys.data)


def _header(connection: sqlite3.Connection) -> tuple[bytes, bytes]:
    with database.explained():
        rows = connection.execute("SELECT id, header FROM vault").fetchall()
    try:
        ((_, header),) = rows
        told = spelling.read(header)
        vault = bytes.fromhex(told["vault"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise altered() from error
    if told.get("format") != "clearslate vault" or told.get("version") != database.FORMAT or len(vault) != 16:
        raise altered()
    return header, vault


def _slots(connection: sqlite3.Connection) -> list[slots.Slot]:
    with database.explained():
        rows = connection.execute("SELECT id, body FROM slot ORDER BY id LIMIT ?", (slots.MOST + 1,)).fetchall()
    if any(type(body) is not bytes or number < 0 for number, body in rows):
        raise altered()
    if not rows:
        raise wrong_key()
    return [slots.Slot(number, body) for number, body in rows]


def _new_ring() -> dict[str, Any]:
    return {"audit": [[1, random_bytes(KEY).hex()]], "head": [], "look_up": random_bytes(KEY).hex()}


def _ring(store: Store) -> dict[str, Any]:
    try:
        return spelling.read(store.get(Kind.RING, 1))
    except ValueError as error:
        raise altered() from error
