"""A source that came as a stream, such as an age file: sealed piece by piece, so that it can be read at any place."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from clearslate.errors import InputError
from clearslate.ingest.age import Identity, decrypted, is_age, no_identity
from clearslate.ingest.kept import Handle
from clearslate.ingest.source import Source, Stretch
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

PIECE = 1 << 20
_HELD = 16
_PIECES = 1 << 24
"""Pieces that one source may have."""

SUFFIX = ".age"


class Pieces:
    """The pieces of one source, the last ones used held in memory."""

    def __init__(self, store: Store, number: int) -> None:
        self._store = store
        self._first = number * _PIECES
        self._held: OrderedDict[int, bytes] = OrderedDict()
        self._guard = threading.Lock()

    def fill(self, pieces: Iterator[bytes]) -> int:
        """Seal the pieces as they come; give the bytes there were."""
        size = 0

        def numbered() -> Iterator[tuple[int, bytes]]:
            nonlocal size
            for place, piece in enumerate(pieces):
                size += len(piece)
                yield self._first + place, piece

        with self._store.step() as step:
            step.put_many(Kind.SPILL, numbered())
        return size

    def piece(self, place: int) -> bytes:
        """One piece. Raises VaultError."""
        with self._guard:
            held = self._held.get(place)
            if held is None:
                held = self._held[place] = self._store.get(Kind.SPILL, self._first + place)
                if len(self._held) > _HELD:
                    self._held.popitem(last=False)
            return held


@dataclass(frozen=True, slots=True, repr=False)
class SpilledSource(Source):
    """A source in a store whose key dies with the command."""

    name: str
    size: int
    pieces: Pieces
    sha256: str | None = None

    def open(self) -> BinaryIO:
        """A handle that reads from the pieces."""
        return cast(BinaryIO, Handle(self.size, self.at))

    def unchanged(self, handle: BinaryIO) -> None:
        """Nothing can change it: what is read was authenticated."""

    def stretches(self) -> Sequence[Stretch]:
        """The whole of it."""
        return (Stretch(0, self.size),)

    def renamed(self, name: str) -> SpilledSource:
        """The same source under another name."""
        return replace(self, name=name)

    def read(self, handle: BinaryIO, offset: int, length: int) -> bytes:
        """The bytes at an offset."""
        return self.at(offset, length)

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at an offset, fewer at the end."""
        stop = min(offset + length, self.size)
        if stop <= offset:
            return b""
        first, last = offset // PIECE, (stop - 1) // PIECE
        data = b"".join([self.pieces.piece(place) for place in range(first, last + 1)])
        return data[offset - first * PIECE : stop - first * PIECE]


def laid_open(
    files: Sequence[Path],
    identities: Sequence[Identity],
    store: Store,
    progress: Callable[[int], None] | None = None,
) -> list[Path | Source]:
    """The files, each that is encrypted with age in its place as a source whose plaintext never reaches a disk.

    ``store`` is a temporary one. ``progress`` is told of the bytes decrypted. Raises InputError where no identity
    opens a file, or it is damaged or empty.
    """
    found: list[Path | Source] = []
    for number, file in enumerate(files):
        if not is_age(file):
            found.append(file)
            continue
        name = file.name.removesuffix(SUFFIX) or file.name
        if not identities:
            raise no_identity(file.name)
        pieces = Pieces(store, number)
        size = pieces.fill(_watched(decrypted(file, list(identities), PIECE), progress))
        if not size:
            raise InputError(f"[{file.name}] is empty; ask for the file again")
        found.append(SpilledSource(name, size, pieces))
    return found


def _watched(pieces: Iterator[bytes], progress: Callable[[int], None] | None) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if progress is not None:
            progress(len(piece))
