"""Plays recorded calls again up to any one, and lays down what a disk may hold when the power goes there."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_HEAD = struct.Struct("=cQqI")
_SECTOR = 512

LOSSES = ("everything", "bytes", "names", "some")
"""What of all that was not synced is lost: bytes and names, bytes alone, names alone, or some sectors of each write."""


class Call(NamedTuple):
    """One recorded call."""

    what: str
    node: int
    offset: int
    data: bytes


def calls(record: bytes) -> Iterator[Call]:
    """The calls of a record, in order."""
    at = 0
    while at < len(record):
        what, node, offset, size = _HEAD.unpack_from(record, at)
        at += _HEAD.size
        yield Call(what.decode("ascii"), node, offset, record[at : at + size])
        at += size


class Disk:
    """The files beneath a folder as the system shows them, and as they are on the disk for certain.

    A file's bytes are for certain once it was synced, and the names in a folder once that was.
    """

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        # The system gives the number of a file that is gone to the next one; here every file has its own.
        self._now: dict[int, int] = {}
        self._bytes: dict[int, bytearray] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._count = 0
        self._load(self._root, self._new(root.lstat().st_ino))
        self._sure_names = {folder: dict(names) for folder, names in self._names.items()}
        self._sure_bytes = {node: bytes(data) for node, data in self._bytes.items()}
        self._late: dict[int, list[tuple[int, bytes]]] = {}

    def _new(self, number: int) -> int:
        self._now[number] = self._count
        self._count += 1
        return self._now[number]

    def _load(self, path: str, node: int) -> None:
        self._names[node] = {}
        for entry in os.scandir(path):
            inner = self._names[node][entry.name] = self._new(entry.inode())
            if entry.is_dir():
                self._load(entry.path, inner)
            else:
                self._bytes[inner] = bytearray(Path(entry.path).read_bytes())

    def _place(self, path: str) -> tuple[dict[str, int], str]:
        """The names of the folder that a path is in, and the last name of the path."""
        *above, name = path[len(self._root) + 1 :].split("/")
        folder = self._names[0]
        for one in above:
            folder = self._names[folder[one]]
        return folder, name

    def play(self, call: Call) -> None:
        """Do what the call did."""
        if call.what in "CM":
            folder, name = self._place(call.data.decode())
            node = folder[name] = self._new(call.node)
            if call.what == "C":
                self._bytes[node] = bytearray()
            else:
                self._names[node] = {}
        elif call.what in "WT":
            self._write(self._now[call.node], call)
        elif call.what == "U":
            folder, name = self._place(call.data.decode())
            del folder[name]
        elif call.what == "R":
            (old, was), (new, name) = map(self._place, call.data.decode().split("\n"))
            new[name] = old.pop(was)
        else:
            self._sync(self._now[call.node])

    def _write(self, node: int, call: Call) -> None:
        data = self._bytes[node]
        data.extend(bytes(max(0, call.offset - len(data))))
        if call.what == "T":
            del data[call.offset :]
        else:
            data[call.offset : call.offset + len(call.data)] = call.data
            self._late.setdefault(node, []).append((call.offset, call.data))

    def _sync(self, node: int) -> None:
        if node in self._names:
            self._sure_names[node] = dict(self._names[node])
        else:
            self._sure_bytes[node] = bytes(self._bytes[node])
            self._late.pop(node, None)

    def lay_down(self, root: Path, loss: str, seed: int) -> str:
        """Make an empty folder hold what is left after a loss; give its digest."""
        names = self._sure_names if loss in ("everything", "names") else self._names
        digest = hashlib.sha256()
        self._lay(root, 0, names, loss, seed, digest)
        return digest.hexdigest()

    def _lay(
        self, path: Path, folder: int, names: dict[int, dict[str, int]], loss: str, seed: int, digest: hashlib._Hash
    ) -> None:
        for name, node in sorted(names.get(folder, {}).items()):
            target = path / name
            digest.update(f"{target}\0".encode())
            if node in self._names:
                target.mkdir(mode=0o700)
                self._lay(target, node, names, loss, seed, digest)
                continue
            left = self._sure_bytes.get(node, b"")
            if loss in ("names", "some"):
                left = bytes(self._bytes[node]) if loss == "names" else self._some(node, seed)
            digest.update(hashlib.sha256(left).digest())
            target.write_bytes(left)
            target.chmod(0o600)

    def _some(self, node: int, seed: int) -> bytes:
        """What was synced, and of every later write the sectors that the dice say."""
        dice = random.Random(f"{seed} {node}")
        left = bytearray(self._sure_bytes.get(node, b""))
        for offset, data in self._late.get(node, ()):
            at = offset
            while at < offset + len(data):
                end = min((at // _SECTOR + 1) * _SECTOR, offset + len(data))
                if dice.random() < 0.5:
                    left.extend(bytes(max(0, end - len(left))))
                    left[at:end] = data[at - offset : end - offset]
                at = end
        return bytes(left[: len(self._bytes[node])])


def emptied(folder: Path) -> Path:
    """The folder, new and empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
