"""Invented facts that stand nowhere else, the search for them in any spelling, and commands that are watched."""

from __future__ import annotations

import base64
import os
import signal
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PEOPLE = {
    "83917264": ("ZYXQUELLWORT,IMOGENA", "19610317", "QX83917264"),
    "83917265": ("BRAMBLEFENCH,OTTOKAR", "19580922", "QX83917265"),
    "83917266": ("QUINCEHOLLOWAY,TARNOWICK", "19770611", "QX83917266"),
}
"""Name, birth date and case number of each invented person, by the subject's number."""

_HEAD = struct.Struct("=cQqI")
_LARGEST = 1 << 24
_ZSTD, _ZLIB = b"\x28\xb5\x2f\xfd", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")

HOOK = """\
import ctypes, os

if "PLANTED_LOG" in os.environ:
    import logging
    logging.basicConfig(filename=os.environ["PLANTED_LOG"], level=logging.DEBUG)
    logging.captureWarnings(True)

if "PLANTED_SPILL" in os.environ:
    from clearslate.vault import database
    connect = database._connect
    def spilling(path):
        # So that what is small reaches the disk, as what is large does.
        connection = connect(path)
        connection.execute("PRAGMA cache_size = 3")
        return connection
    database._connect = spilling

if "PLANTED_FAULT" in os.environ:
    import importlib
    place, name = os.environ["PLANTED_FAULT"].split(":")
    owner = module = importlib.import_module(place)
    *classes, name = name.split(".")
    for one in classes:
        owner = getattr(owner, one)
    def failing(*given, **named):
        raise ValueError("ZYXQUELLWORT,IMOGENA born 19610317")
    getattr(owner, name)
    setattr(owner, name, failing)

if "PLANTED_SHIM" in os.environ:
    shim = ctypes.CDLL(os.environ["PLANTED_SHIM"])
    record = os.open(os.environ["PLANTED_RECORD"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    shim.cut_arm(
        ctypes.c_long(int(os.environ["PLANTED_AT"])), int(os.environ["PLANTED_MODE"]),
        os.fsencode(os.environ["PLANTED_FOLDER"]), record
    )
"""
"""What a watched command runs before anything else."""

COUNT, FULL, KILL = 0, 3, 4
"""What the shim does: see ``tests/vault/cut/shim.c``."""


def facts() -> list[str]:
    """Every fact in the letters and the forms that a program may give it."""
    found: list[str] = []
    for subject, (name, born, case) in PEOPLE.items():
        family, given = name.split(",")
        iso = f"{born[:4]}-{born[4:6]}-{born[6:]}"
        for word in (family, given, case):
            found += [word, word.lower(), word.title()]
        found += [subject, born, iso]
    return found


def _spelled(fact: str) -> Iterator[bytes]:
    plain = fact.encode()
    for text in (fact, fact[::-1]):
        for data in (text.encode(spelling) for spelling in ("utf-8", "utf-16-le", "utf-16-be")):
            yield data
            yield data.hex().encode()
            yield data.hex().upper().encode()
    for phase in range(3):
        # The letters that the bytes before and after have a part in are left out.
        coded = base64.b64encode(bytes(phase) + plain).rstrip(b"=")
        yield coded[(0, 2, 3)[phase] : len(coded) - (1 if (phase + len(plain)) % 3 else 0)]


PATTERNS = sorted({pattern for fact in facts() for pattern in _spelled(fact)})


def found_in(data: bytes, *, depth: int = 2) -> str | None:
    """The first planted fact in some bytes, in any spelling or compressed; None where there is none."""
    for pattern in PATTERNS:
        if pattern in data:
            return pattern.decode("latin-1")
    if depth:
        for inner in _unpacked(data):
            found = found_in(inner, depth=depth - 1)
            if found is not None:
                return found
    return None


def _unpacked(data: bytes) -> Iterator[bytes]:
    for at in _places(data, (_ZSTD,)):
        opened = zstd.ZstdDecompressor()
        try:
            yield opened.decompress(data[at:], _LARGEST)
        except zstd.ZstdError:
            continue
    for at in _places(data, _ZLIB):
        try:
            yield zlib.decompressobj().decompress(data[at:], _LARGEST)
        except zlib.error:
            continue


def _places(data: bytes, marks: Iterable[bytes]) -> Iterator[int]:
    for mark in marks:
        at = data.find(mark)
        while at >= 0:
            yield at
            at = data.find(mark, at + 1)


def holding(*roots: Path) -> set[Path]:
    """Every file beneath some folders that holds a planted fact, in its bytes or its name."""
    files = {path for root in roots for path in root.rglob("*") if path.is_file() and not path.is_symlink()}
    return {path for path in files if found_in(path.read_bytes()) or found_in(str(path).encode())}


class Done(NamedTuple):
    """A command that has ended; of one that was watched the files that it wrote to, and those that got planted facts,
    by the names they were made under."""

    code: int
    out: str
    err: str
    files: frozenset[str] = frozenset()
    planted: frozenset[str] = frozenset()
    calls: int = 0


class World:
    """All the folders that a command knows of, in one place; and the command."""

    def __init__(self, root: Path, hooks: Path, shim: Path | None) -> None:
        self.root, self.hooks, self.shim = root / "world", hooks, shim
        self.project, self.key, self.log = self.root / "project", self.root / "key/oz.key", self.root / "debug.log"
        self._record = hooks / "record"
        places = {"HOME": "home", "USERPROFILE": "home", "APPDATA": "appdata", "LOCALAPPDATA": "appdata"}
        places |= dict.fromkeys(("TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR"), "tmp")
        places |= {f"XDG_{name}_HOME": f"xdg/{name}" for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        places["XDG_RUNTIME_DIR"] = "xdg/run"
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "XDG"))}
        self.environment = own | {name: str(self.root / place) for name, place in places.items()}
        self.environment["PYTHONPATH"] = str(hooks)
        for place in {*places.values(), "project", "key"}:
            (self.root / place).mkdir(parents=True, exist_ok=True)
            (self.root / place).chmod(0o700)

    def command(self, *arguments: str, log: bool = False, fault: str | None = None, **given: Any) -> Done:
        """A command that ran to its end."""
        more = {"PLANTED_SPILL": "1"}
        if log:
            more["PLANTED_LOG"] = str(self.log)
        if fault is not None:
            more["PLANTED_FAULT"] = fault
        return self._ended(arguments, more, **given)

    def watched(self, *arguments: str, mode: int = COUNT, at: int = 0, folder: str | None = None) -> Done:
        """A command of which every write to any file is read; or whose calls on the world's files are cut off."""
        assert self.shim is not None
        more = {
            "PLANTED_SPILL": "1",
            "PLANTED_SHIM": str(self.shim),
            "PLANTED_RECORD": str(self._record),
            "PLANTED_MODE": str(mode),
            "PLANTED_AT": str(at),
            "PLANTED_FOLDER": str(self.root) if folder is None else folder,
            "LD_PRELOAD": str(self.shim),
        }
        done = self._ended(arguments, more)
        written, calls = _recorded(self._record.read_bytes())
        self._record.unlink()
        hit = frozenset(name for name, data in written if found_in(data))
        return done._replace(files=frozenset(name for name, _ in written), planted=hit, calls=calls)

    def _ended(self, arguments: Sequence[str], more: Mapping[str, str], text: str | None = None) -> Done:
        ended = subprocess.run(
            [sys.executable, "-m", "clearslate_cli", *arguments],
            cwd=self.project,
            env=self.environment | more,
            input="" if text is None else text,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Done(ended.returncode, ended.stdout, ended.stderr)


def _recorded(record: bytes) -> tuple[list[tuple[str, bytes]], int]:
    """What was written to each file, and how many calls there were."""
    names: dict[int, str] = {}
    written: dict[tuple[str, int], bytearray] = {}
    at = calls = 0
    while at < len(record):
        what, node, offset, size = _HEAD.unpack_from(record, at)
        data = record[at + _HEAD.size : at + _HEAD.size + size]
        at, calls = at + _HEAD.size + size, calls + 1
        if what == b"C":
            names[node] = data.decode()
        elif what == b"W":
            file = written.setdefault((names.get(node, f"file {node}"), node), bytearray())
            if offset != len(file):
                # What is written over is looked at by itself, and stays here as well.
                file += b"\n"
            file += data
    return [(name, bytes(data)) for (name, _), data in written.items()], calls


def killed(done: Done) -> bool:
    """Whether the command was killed."""
    return done.code == -signal.SIGKILL
