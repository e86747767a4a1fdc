from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import ClearslateError, VaultError
from clearslate.vault import database
from clearslate.vault.audit import Event
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Step, Store


class CutError(Exception):
    """The power is gone."""


def noise(count: int) -> Iterator[tuple[int, bytes]]:
    """Records of several pages each that do not compress."""
    source = random.Random(count)
    yield from ((number, source.randbytes(6000)) for number in range(100, 100 + count))


def cut(store: Store, count: int, copy: tuple[Path, Path] | None = None) -> None:
    """A step that wrote to the disk and is then cut off; what the disk had at that moment may be copied."""

    def written(step: Step) -> None:
        step.put_many(Kind.PERSON, noise(count))
        if copy is not None:
            shutil.copytree(*copy)
        raise CutError

    with pytest.raises(CutError), store.step() as step:
        written(step)


@pytest.fixture
def small_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite write to the file in the middle of a transaction, as it does in a large one."""
    connect = database._connect

    def connected(path: Path | None) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA cache_size = 5")
        return connection

    monkeypatch.setattr(database, "_connect", connected)


@pytest.fixture
def with_gaps(bench: Any) -> Path:
    """A vault in whose records large messages were dropped."""
    folder: Path = bench.copy()
    with bench.open(folder) as vault:
        with vault.operation(Event.INGEST), vault.store.step() as step:
            step.put_many(Kind.PERSON, noise(40))
        with vault.operation(Event.PERSON_SHREDDED), vault.store.step() as step:
            step.drop(Kind.PERSON, range(105, 130))
    return folder


@pytest.mark.usefixtures("small_cache")
def test_a_step_that_failed_leaves_every_byte_of_the_records_as_it_was(bench: Any, with_gaps: Path) -> None:
    before = (with_gaps / "records.db").read_bytes()
    with bench.open(with_gaps) as vault:
        cut(vault.store, 30)
        assert (with_gaps / "records.db").read_bytes() == before
        assert vault.check() == len(bench.messages) + 1 + 15


@pytest.mark.usefixtures("small_cache")
def test_a_vault_that_was_cut_off_in_a_large_step_is_sound_when_it_opens_again(bench: Any, with_gaps: Path) -> None:
    before = (with_gaps / "records.db").read_bytes()
    copy = bench.folder / "cut"
    with bench.open(with_gaps) as vault, vault.operation(Event.INGEST):
        cut(vault.store, 30, (with_gaps, copy))
    assert (copy / "records.db").read_bytes() != before
    assert (copy / "records.db-journal").stat().st_size > 0
    with bench.open(copy) as vault:
        assert vault.check() == len(bench.messages) + 1 + 15
    assert (copy / "records.db").read_bytes() == before


def test_what_was_dropped_is_in_no_free_page(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, vault.operation(Event.INGEST), vault.store.step() as step:
        step.put_many(Kind.PERSON, noise(40))
    sealed = [body for (body,) in bench.sql(folder, "SELECT sealed FROM body WHERE length(sealed) > 6000")]
    assert len(sealed) == 40
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED), vault.store.step() as step:
        step.drop(Kind.PERSON, range(100, 140))
    whole = (folder / "records.db").read_bytes()
    pieces = [body[at : at + 64] for body in sealed for at in range(0, len(body) - 64, 500)]
    assert [piece for piece in pieces if piece in whole] == []


def test_a_store_that_could_not_be_read_again_after_a_failure_writes_nothing_more(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        with monkeypatch.context() as patch:
            patch.setattr(Store, "_load", _unreadable)
            cut(vault.store, 3)
        with pytest.raises(ClearslateError), vault.store.step() as step:
            step.put(Kind.RUN, 9, b"newer")
    with bench.open(folder) as vault:
        assert bench.contents(vault) == bench.messages
        assert vault.check() == len(bench.messages) + 1


def _unreadable(*_: Any, **__: Any) -> None:
    raise VaultError("the disk cannot be read")


def test_a_step_in_a_step_is_a_fault_of_the_program_and_changes_nothing(bench: Any) -> None:
    with bench.open(bench.copy()) as vault:

        def nested() -> None:
            with vault.store.step():
                pytest.fail("a step began in a step")

        with pytest.raises(RuntimeError, match="under way"), vault.store.step():
            nested()
        assert bench.contents(vault) == bench.messages
