"""Source files as raw pieces cut at line ends, and the check that a file stayed the same."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import TracebackType
from typing import BinaryIO, NamedTuple

from clearslate.errors import InputError

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 128 * 1024
"""Bytes of a physical line, and of a row that runs over several, above which it is no row."""

HEAD = 64 * 1024
"""Bytes at the start of an over-long line that are looked at to learn whose it is."""

Progress = Callable[[int], None]


class Stretch(NamedTuple):
    """Bytes of a source; or, where they are ``gone``, a hole that held so many data rows and physical lines.

    ``rejected``: none of those rows could be used, so that they never parted a row from its neighbors.
    """

    offset: int
    length: int
    gone_rows: int = 0
    gone_lines: int = 0
    gone: bool = False
    rejected: bool = False


class MadeFrom(NamedTuple):
    """The file that a text was made from: its digest and size."""

    sha256: str
    size: int


class Source(ABC):
    """The bytes of one original file, wherever they are kept; some may be gone for good.

    ``name`` is its base name, with a suffix where two sources share one; ``size`` counts the bytes
    of the original, holes included; ``sha256`` is the original's digest where that is known
    beforehand, as it must be of a source with a hole. Offsets are those of the original.
    """

    __slots__ = ()

    name: str
    size: int
    sha256: str | None

    @property
    def made_from(self) -> MadeFrom | None:
        """The file that this text was made from; None where it is the file's own."""
        return None

    @property
    def is_counted(self) -> bool:
        """Whether its bytes were told as read before it is surveyed."""
        return False

    @abstractmethod
    def open(self) -> BinaryIO:
        """Open it for reading, or raise InputError where it cannot be or is not what it was."""

    @abstractmethod
    def unchanged(self, handle: BinaryIO) -> None:
        """Raise InputError if what is open is not what it was at first sight."""

    @abstractmethod
    def stretches(self) -> Sequence[Stretch]:
        """What is left and what is gone: stretches that tile the original from 0 to ``size`` in order.

        A hole begins and ends where a row, or a line without a row, does.
        """

    @abstractmethod
    def renamed(self, name: str) -> Source:
        """The same source under another name."""

    def is_shared(self, identifier: str) -> bool:
        """Whether an identifier is known to be several persons', of whom some may be gone."""
        return False

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


@dataclass(frozen=True, slots=True)
class FileSource(Source):
    """A file on disk, and its time of change at first sight."""

    path: Path
    name: str
    size: int
    modified: int
    sha256: str | None = None

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

    def stretches(self) -> Sequence[Stretch]:
        """The whole file."""
        return (Stretch(0, self.size),)

    def renamed(self, name: str) -> FileSource:
        """The same file under another name."""
        return replace(self, name=name)


def spans(source: Source) -> list[Stretch]:
    """The stretches of a source, those that follow each other and are left as one, empty ones left out."""
    found: list[Stretch] = []
    at = 0
    for stretch in source.stretches():
        assert stretch.offset == at, "stretches tile their source"
        at += stretch.length
        if not stretch.length:
            continue
        if found and not stretch.gone and not found[-1].gone:
            found[-1] = Stretch(found[-1].offset, found[-1].length + stretch.length)
        else:
            found.append(stretch)
    assert at == source.size, "stretches tile their source"
    return found


def os_stat(handle: BinaryIO) -> os.stat_result:
    """The state of an open file."""
    return os.fstat(handle.fileno())


def _names(given: Sequence[str]) -> list[str]:
    names: list[str] = []
    taken = set(given)
    for own in given:
        name, number = own, 1
        while name in names:
            number += 1
            name = f"{PurePath(own).stem} ({number}){PurePath(own).suffix}"
            if name in taken:
                # Another input is really called that; its own name stays its own.
                name = own
        names.append(name)
    return names


def sources(files: Sequence[Path | Source]) -> tuple[Source, ...]:
    """The files as sources, and sources as they are; two of one name are told apart.

    Raises InputError for a file that is missing, empty or no regular file.
    """
    if not files:
        raise InputError("no input file is named; name at least one")
    return tuple(
        _on_disk(file, name) if isinstance(file, Path) else file if file.name == name else file.renamed(name)
        for file, name in zip(files, _names([file.name for file in files]), strict=True)
    )


def _on_disk(path: Path, name: str) -> FileSource:
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
    return FileSource(path, name, status.st_size, status.st_mtime_ns)


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


def pieces(
    source: Source, handle: BinaryIO, size: int, digest: Digest, progress: Progress | None
) -> Iterator[Piece | Stretch]:
    """The source from its start: its holes, and what is left in pieces of about ``size`` bytes, whole lines each.

    Only the last piece may lack the line end. A line of more than ``LONGEST_LINE`` bytes that
    does not fit is never held whole. The byte-order mark is part of the first piece.
    """
    for span in spans(source):
        if span.gone:
            yield span
        else:
            yield from _whole_lines(_blocks(source, handle, span, size, digest, progress))


def _blocks(
    source: Source, handle: BinaryIO, span: Stretch, size: int, digest: Digest, progress: Progress | None
) -> Iterator[bytes]:
    """The bytes of one stretch, some at a time."""
    left = span.length
    try:
        if span.offset:
            handle.seek(span.offset)
    except OSError as error:
        raise InputError(f"[{source.name}] cannot be read ({error.strerror}); check the disk") from error
    while left:
        try:
            block = handle.read(min(size, left))
        except OSError as error:
            raise InputError(f"[{source.name}] cannot be read ({error.strerror}); check the disk") from error
        if not block:
            raise source.changed()
        left -= len(block)
        digest.update(block)
        if progress is not None:
            progress(len(block))
        yield block


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[Piece]:
    rest: list[bytes] = []
    held = 0
    for block in blocks:
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
