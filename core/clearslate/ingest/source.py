"""Source files as raw pieces cut at line ends, and the check that a file stayed the same."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple

from clearslate.errors import InputError

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 128 * 1024
"""Bytes of a physical line, and of a row that runs over several, above which it is no row."""

HEAD = 64 * 1024
"""Bytes at the start of an over-long line that are looked at to learn whose it is."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read: ``name`` is its base name, with a suffix where two files share one."""

    path: Path
    name: str
    size: int
    modified: int

    def open(self) -> BinaryIO:
        """Open it for reading, or raise InputError where it cannot be or is not what it was."""
        try:
            handle = self.path.open("rb")
        except PermissionError as error:
            raise InputError(f"[{self.name}] may not be read; ask for permission to read it") from error
        except OSError as error:
            raise InputError(f"[{self.name}] cannot be opened ({error.strerror}); check the file") from error
        try:
            self.unchanged(handle)
        except InputError:
            handle.close()
            raise
        return handle

    def unchanged(self, handle: BinaryIO) -> None:
        """Raise InputError if the open file has another size or time than at first sight."""
        try:
            now = (os_stat(handle), self.path.stat())
        except OSError as error:
            raise self.changed() from error
        if any((seen.st_size, seen.st_mtime_ns) != (self.size, self.modified) for seen in now):
            raise self.changed()

    def changed(self) -> InputError:
        """The error for a file that changed while it was read."""
        return InputError(f"[{self.name}] changed while it was being read; run again when nothing writes to it")

    def read(self, handle: BinaryIO, offset: int, length: int) -> bytes:
        """The bytes at an offset; raise InputError where the file no longer has them."""
        try:
            handle.seek(offset)
            data = handle.read(length)
        except OSError as error:
            raise InputError(f"[{self.name}] cannot be read ({error.strerror}); check the disk") from error
        if len(data) != length:
            raise self.changed()
        return data


def os_stat(handle: BinaryIO) -> os.stat_result:
    """The state of an open file."""
    return os.fstat(handle.fileno())


def _names(files: Sequence[Path]) -> list[str]:
    names: list[str] = []
    taken = {path.name for path in files}
    for path in files:
        name, number = path.name, 1
        while name in names:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
            if name in taken:
                # Another input is really called that; its own name stays its own.
                name = path.name
        names.append(name)
    return names


def sources(files: Sequence[Path]) -> tuple[Source, ...]:
    """The files as sources; raise InputError for one that is missing, empty or no regular file."""
    if not files:
        raise InputError("no input file is named; name at least one")
    found: list[Source] = []
    for path, name in zip(files, _names(files), strict=True):
        try:
            status = path.stat()
        except FileNotFoundError as error:
            raise InputError(f"[{name}] does not exist; check the path") from error
        except PermissionError as error:
            raise InputError(f"[{name}] may not be read; ask for permission to read it") from error
        except (OSError, ValueError) as error:
            raise InputError(f"[{name}] cannot be opened; check the path") from error
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"[{name}] is a folder; name the files in it")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"[{name}] is not a regular file; save its content to a file first")
        if status.st_size == 0:
            raise InputError(f"[{name}] is empty; ask for the file again")
        found.append(Source(path, name, status.st_size, status.st_mtime_ns))
    return tuple(found)


class Piece(NamedTuple):
    """Whole lines of a file; or, where ``length`` exceeds the data, the start of one over-long line."""

    data: bytes
    length: int


class Digest:
    """A SHA-256, and checksums, taken in a thread of their own while the caller works on the bytes."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None

    def __enter__(self) -> Digest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def update(self, data: bytes) -> None:
        """Add bytes; waits for the bytes added before."""
        if self._last is not None:
            self._last.result()
        self._last = self._pool.submit(self._hash.update, data)

    def checksum(self, data: bytes | memoryview) -> Future[int]:
        """The checksum of some bytes, once it is known."""
        return self._pool.submit(zlib.crc32, data)

    def hexdigest(self) -> str:
        """The digest of all bytes added."""
        if self._last is not None:
            self._last.result()
        return self._hash.hexdigest()


def pieces(source: Source, handle: BinaryIO, size: int, digest: Digest, progress: Progress | None) -> Iterator[Piece]:
    """The file from its start in pieces of about ``size`` bytes, each ending with a line end.

    Only the last piece may lack the line end. A line of more than ``LONGEST_LINE`` bytes that
    does not fit is never held whole. The byte-order mark is part of the first piece.
    """
    rest: list[bytes] = []
    held = 0
    while True:
        try:
            block = handle.read(size)
        except OSError as error:
            raise InputError(f"[{source.name}] cannot be read ({error.strerror}); check the disk") from error
        digest.update(block)
        if progress is not None and block:
            progress(len(block))
        if not block:
            break
        cut = block.rfind(b"\n") + 1
        if cut:
            first = block.find(b"\n") + 1
            if held + first > LONGEST_LINE + len(b"\r\n") and held > LONGEST_LINE:
                head = b"".join(rest)[:HEAD]
                yield Piece(head, held + first)
                if cut > first:
                    yield Piece(block[first:cut], cut - first)
            else:
                data = b"".join([*rest, block[:cut]])
                yield Piece(data, len(data))
            rest, held = [block[cut:]], len(block) - cut
        else:
            held += len(block)
            if held - len(block) <= LONGEST_LINE:
                rest.append(block)
    if held > LONGEST_LINE + len(b"\r"):
        yield Piece(b"".join(rest)[:HEAD], held)
    elif held:
        data = b"".join(rest)
        yield Piece(data, len(data))
