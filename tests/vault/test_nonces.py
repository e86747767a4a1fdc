"""No (key, nonce) pair seals twice, whatever is cut off, copied or forked; every encryption is watched."""

from __future__ import annotations

import os
import shutil
import signal
import struct
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import VaultBusyError, VaultError
from clearslate.vault import database, files, sealing
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind, Session
from clearslate.vault.secrets import KeyFile
from clearslate.vault.store import Store

Pairs = list[tuple[bytes, bytes]]


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> Pairs:
    """Every key and nonce that encrypted, in order."""
    seen: Pairs = []
    encrypt = sealing.encrypt

    def watched(key: bytes, nonce: bytes, data: bytes, where: bytes) -> bytes:
        seen.append((key, nonce))
        return encrypt(key, nonce, data, where)

    monkeypatch.setattr(sealing, "encrypt", watched)
    return seen


def add(store: Store, first: int, count: int = 5) -> None:
    with store.step() as step:
        step.put_many(Kind.PERSON, ((number, b"invented") for number in range(first, first + count)))


def cut(store: Store, first: int) -> None:
    def messages() -> Iterator[tuple[int, bytes]]:
        yield from ((number, b"invented") for number in range(first, first + 2500))
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"), store.step() as step:
        step.put_many(Kind.PERSON, messages())


def wrapping(folder: Path, bench: Any) -> list[tuple[int, int]]:
    """Session and counter of every wrapped key."""
    keys = bench.sql(folder, "SELECT key FROM entry WHERE length(key) > 0 ORDER BY id")
    return [struct.unpack_from(">IQ", key) for (key,) in keys]


def test_a_vaults_whole_life_uses_no_nonce_twice(bench: Any, pairs: Pairs) -> None:
    second = KeyFile.made()
    with bench.create("life") as vault:
        for first in (1, 11, 21):
            with vault.operation(Event.INGEST):
                add(vault.store, first)
        with vault.operation(Event.INGEST):
            cut(vault.store, 100)
            add(vault.store, 100)
            # The same persons again, under the keys that they have.
            add(vault.store, 1)
        with vault.operation(Event.KEY_ADDED):
            vault.add_key(second, "second")
    with bench.open(bench.folder / "life", second) as vault:
        with vault.operation(Event.INGEST):
            add(vault.store, 200)
        with vault.operation(Event.KEYS_ROTATED):
            vault.rotate(KeyFile.made(), "third")
        with vault.operation(Event.INGEST):
            add(vault.store, 300)
        vault.check()
    assert len(pairs) > 1500
    assert len(set(pairs)) == len(pairs)


def test_a_message_and_a_wrapped_key_never_share_a_key(bench: Any, pairs: Pairs) -> None:
    with bench.create("life") as vault, vault.operation(Event.INGEST):
        add(vault.store, 1)
    by_nonce = {nonce: {key for key, n in pairs if n == nonce} for _, nonce in pairs}
    assert by_nonce[bytes(11) + b"\1"]
    messages = [key for key, nonce in pairs if nonce == bytes(12)]
    assert len(messages) == len(set(messages))


def test_copies_of_a_vault_that_are_both_written_use_no_nonce_twice(bench: Any, pairs: Pairs) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, vault.operation(Event.INGEST):
        add(vault.store, 100)
    copies = [folder, *(Path(shutil.copytree(folder, bench.folder / f"copy-{n}")) for n in range(3))]
    for copy in copies:
        with bench.open(copy) as vault, vault.operation(Event.INGEST):
            add(vault.store, 200)
            add(vault.store, 300)
    assert len(pairs) > 4 * 20
    assert len(set(pairs)) == len(pairs)


def test_a_failing_step_takes_its_session_with_it(bench: Any, pairs: Pairs) -> None:
    with bench.create("failing") as vault:
        for first in (1, 2, 3):
            cut(vault.store, first)
            add(vault.store, first, 1)
        with vault.operation(Event.INGEST):
            add(vault.store, 50)
        assert len(set(pairs)) == len(pairs)
        assert vault.check() == 3 + 5 + 2
    assert len(set(wrapping(bench.folder / "failing", bench))) == 8


def test_two_stores_on_one_file_use_no_nonce_twice_and_do_not_write_over_each_other(bench: Any, pairs: Pairs) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        one = vault.store
        connection = database.open_existing(folder / "records.db")
        other = Store(connection, one.vault, one.header, one.keys.data)
        add(one, 100)
        with pytest.raises(VaultBusyError, match="meanwhile"):
            add(other, 100)
        add(other, 200)
        with pytest.raises(VaultBusyError, match="meanwhile"):
            add(one, 200)
        assert one.check() == other.check() == len(bench.messages) + 1 + 10
        other.close()
    assert len(set(pairs)) == len(pairs)


def test_every_fingerprint_has_a_key_of_its_own(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[bytes, bytes] = {}
    fingerprint = files.fingerprint

    def watched(path: Path, key: bytes, salt: bytes) -> bytes:
        assert made.setdefault(salt, path.read_bytes()) == path.read_bytes()
        return fingerprint(path, key, salt)

    monkeypatch.setattr(files, "fingerprint", watched)
    with bench.create("prints") as vault:
        for first in (1, 11, 21):
            with vault.operation(Event.INGEST):
                add(vault.store, first)
        vault.check()
    assert len(made) == 4


# Bounds


def test_a_session_wraps_so_many_keys_and_no_more(bench: Any, pairs: Pairs) -> None:
    bench.create("bounded").close()
    folder = bench.folder / "bounded"
    with bench.open(folder, wraps=10) as vault:
        with vault.operation(Event.INGEST):
            add(vault.store, 1, 25)
        with vault.operation(Event.INGEST):
            add(vault.store, 26, 10)
        assert vault.check() == 35 + 2
    assert wrapping(folder, bench) == [(1 + n // 10, n % 10) for n in range(35)]
    with bench.open(folder) as vault, vault.operation(Event.INGEST):
        add(vault.store, 100, 1)
    assert wrapping(folder, bench)[-1] == (5, 0)
    assert len(set(pairs)) == len(pairs)


def test_a_spent_session_wraps_nothing() -> None:
    session = Session(bytes(32), 1, bytes(32), limit=2)
    session.wrap(b"here", bytes(32))
    session.wrap(b"here", bytes(32))
    assert session.is_spent
    with pytest.raises(ValueError, match="spent"):
        session.wrap(b"here", bytes(32))


def test_a_session_counts_from_nought_and_each_wrap_is_bound_to_its_place() -> None:
    session = Session(bytes(32), 7, bytes(32))
    wrapped = [session.wrap(b"here", bytes((n,)) * 32) for n in range(3)]
    assert [struct.unpack_from(">IQ", w) for w in wrapped] == [(7, 0), (7, 1), (7, 2)]
    assert [session.unwrap(b"here", w) for w in wrapped] == [bytes((n,)) * 32 for n in range(3)]
    with pytest.raises(VaultError):
        session.unwrap(b"there", wrapped[0])
    with pytest.raises(VaultError):
        session.unwrap(b"here", wrapped[0][:4] + wrapped[1][4:12] + wrapped[0][12:])


if hasattr(os, "fork"):

    def in_a_child(do: Callable[[], None], pairs: Pairs) -> tuple[Pairs, int]:
        """Run in a forked child; give what it encrypted with, and how it ended."""
        pairs_before = len(pairs)
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                do()
            finally:
                os.write(theirs, b"".join(key + nonce for key, nonce in pairs[pairs_before:]))
                os._exit(0)
        os.close(theirs)
        with os.fdopen(ours, "rb") as file:
            told = file.read()
        _, status = os.waitpid(child, 0)
        assert len(told) % 44 == 0
        return [(told[at : at + 32], told[at + 32 : at + 44]) for at in range(0, len(told), 44)], status

    def test_forked_children_use_no_nonce_of_their_parent(bench: Any, pairs: Pairs) -> None:
        folder = bench.copy()
        with bench.open(folder) as vault:
            add(vault.store, 100)
            before = len(pairs)
            for first in (200, 300):
                theirs, status = in_a_child(partial(add, vault.store, first), pairs)
                assert status == 0
                assert len(theirs) == 10
                pairs += theirs
                with pytest.raises(VaultBusyError, match="meanwhile"):
                    add(vault.store, first)
                add(vault.store, first + 50)
            assert len(pairs) == before + 2 * 20
            assert len(set(pairs)) == len(pairs)
            assert vault.store.check() == len(bench.messages) + 1 + 25

    def test_a_killed_step_and_the_one_after_it_use_no_nonce_twice(bench: Any, pairs: Pairs) -> None:
        folder = bench.copy()

        def killed(told: int) -> None:
            with bench.open(folder) as vault, vault.operation(Event.INGEST), vault.store.step() as step:
                for number in range(100, 150):
                    step.put(Kind.PERSON, number, b"invented")
                os.write(told, b"".join(key + nonce for key, nonce in pairs))
                os.kill(os.getpid(), signal.SIGKILL)

        for _ in range(3):
            ours, theirs = os.pipe()
            before, child = list(pairs), os.fork()
            if child == 0:
                pairs.clear()
                killed(theirs)
                os._exit(1)
            os.close(theirs)
            with os.fdopen(ours, "rb") as file:
                told = file.read()
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
            assert len(told) == 44 * 100
            pairs[:] = before + [(told[at : at + 32], told[at + 32 : at + 44]) for at in range(0, len(told), 44)]
        with bench.open(folder) as vault, vault.operation(Event.INGEST):
            add(vault.store, 100, 50)
            assert vault.store.check() == len(bench.messages) + 1 + 50
        assert len(set(pairs)) == len(pairs) == 4 * 100
