"""Every bit of a small vault, turned.

``CLEARSLATE_EVERY_BIT=1`` turns all of them, ``2`` every second one, and so on; else one in so many is turned.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import AuditError, ClearslateError, VaultError

EVERY = int(os.environ.get("CLEARSLATE_EVERY_BIT", "0"))
FILES = ("records.db", "audit.log", "head.json")
STRIDES = {"records.db": 499, "audit.log": 29, "head.json": 17}
LENGTHS = {"records.db": 257, "audit.log": 17, "head.json": 7}


def refused(bench: Any, folder: Path) -> bool:
    """Whether opening and checking raise one of our errors; what an opening hands out must be the original."""
    try:
        vault = bench.open(folder)
    except ClearslateError:
        return True
    with vault:
        for (kind, number), data in bench.messages.items():
            try:
                found = vault.store.get(kind, number)
            except ClearslateError:
                continue
            assert found == data
        try:
            vault.check()
        except ClearslateError:
            return True
    return False


@pytest.mark.parametrize("position", range(8))
@pytest.mark.parametrize("name", FILES)
def test_any_flipped_bit_is_noticed_and_nothing_altered_is_handed_out(bench: Any, name: str, position: int) -> None:
    folder = bench.copy()
    path = folder / name
    whole = path.read_bytes()
    # Another bit of each byte falls to every position, where not all of them are turned.
    turned = set(range(position % EVERY, len(whole), EVERY) if EVERY else range(position, len(whole), STRIDES[name]))
    if name == "records.db":
        # The first page holds SQLite's own tables, which are read before anything is authenticated.
        turned |= set(range(position, 1024, 37))
    missed = []
    with path.open("r+b", buffering=0) as file:
        for at in sorted(turned):
            file.seek(at)
            file.write(bytes((whole[at] ^ 1 << position,)))
            if not refused(bench, folder):
                missed.append(at)
            file.seek(at)
            file.write(whole[at : at + 1])
    assert missed == []
    # Nor did looking at what is damaged change anything.
    assert path.read_bytes() == whole
    assert not refused(bench, folder)


@pytest.mark.parametrize("name", ["records.db", "head.json"])
def test_any_truncation_is_noticed(bench: Any, name: str) -> None:
    folder = bench.copy()
    path = folder / name
    whole = path.read_bytes()
    missed = []
    for length in range(0, len(whole), EVERY or LENGTHS[name]):
        path.write_bytes(whole[:length])
        if not refused(bench, folder):
            missed.append(length)
    assert missed == []


def test_any_truncation_of_the_log_before_its_last_line_is_noticed(bench: Any) -> None:
    folder = bench.copy()
    path = folder / "audit.log"
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    missed = []
    for length in range(0, last, EVERY or LENGTHS["audit.log"]):
        path.write_bytes(whole[:length])
        if not refused(bench, folder):
            missed.append(length)
    assert missed == []


def test_a_log_that_lost_its_last_line_or_a_part_of_it_is_completed_byte_for_byte(bench: Any) -> None:
    folder = bench.copy()
    path = folder / "audit.log"
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for length in range(last, len(whole), EVERY or LENGTHS["audit.log"]):
        path.write_bytes(whole[:length])
        with bench.open(folder) as vault:
            assert vault.check() == len(bench.messages) + 1
        assert path.read_bytes() == whole


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("filler", [b"\0", b"\n", b" ", b"}"])
def test_any_appended_bytes_are_noticed(bench: Any, name: str, filler: bytes) -> None:
    folder = bench.copy()
    path = folder / name
    whole = path.read_bytes()
    missed = []
    for count in range(1, 65, 1 if EVERY else 9):
        path.write_bytes(whole + filler * count)
        if not refused(bench, folder):
            missed.append(count)
    assert missed == []


@pytest.mark.parametrize("name", FILES)
def test_a_deleted_file_is_noticed(bench: Any, name: str) -> None:
    folder = bench.copy()
    (folder / name).unlink()
    with pytest.raises((VaultError, AuditError), match=r"missing|is no vault"):
        bench.open(folder)
    assert not (folder / name).exists()


def test_the_lock_holds_nothing(bench: Any) -> None:
    folder = bench.copy()
    assert (folder / "lock").read_bytes() == b""
    (folder / "lock").unlink()
    with bench.open(folder) as vault:
        assert vault.check() == len(bench.messages) + 1


def test_a_vault_that_nobody_touched_is_sound(bench: Any) -> None:
    assert not refused(bench, bench.copy())
