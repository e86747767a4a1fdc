"""Files that are no text of their format's layout, such as workbooks: made into such text, which is sealed and read."""

from __future__ import annotations

import hashlib
import io
import weakref
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

from clearslate.errors import InputError
from clearslate.ingest.cells import as_row
from clearslate.ingest.delimited import CHUNK, DelimitedReader, DelimitedReading
from clearslate.ingest.kept import KeptSource
from clearslate.ingest.layout import Layout
from clearslate.ingest.source import FileSource, MadeFrom, Source, sources
from clearslate.ingest.spilled import PIECE, Pieces, SpilledSource
from clearslate.vault.store import Store

Rewrite: TypeAlias = Callable[[str, BinaryIO], Iterator[bytes] | None]
"""Given a file's name and what is open of it, which can seek: its header line and rows as text of the layout.

The text comes in pieces of any size; data row n of it is data row n of the file, whatever is wrong with that row. None:
the file is such text already. The handle is closed when the last piece was taken. Raises InputError.
"""


def row_text(cells: Sequence[str]) -> bytes:
    """A row of the layout's text with these cells."""
    row = as_row(list(cells))
    # A line of nothing but spaces would be no row at all.
    return f"{row}\n".encode() if row.strip() else f'"{row}"\n'.encode()


def broken_text(cells: Sequence[str], width: int) -> bytes:
    """A row that is rejected for a quote that is never closed; ``cells`` are what could be made out before it.

    ``width`` is how many cells a row of the layout has. Whatever row follows is read as itself.
    """
    # With more fields than a row may have before its open quote, no later quote can close it into a row.
    filled = [*cells, *[""] * (width + 2 - len(cells))]
    return f'{as_row(filled)},"\n'.encode()


class RewritingReader(DelimitedReader):
    """Reads files that ``rewrite`` makes into text of the layout; the text is only ever at rest sealed.

    A source of a vault is such text already, and is never rewritten.
    """

    def __init__(
        self,
        *,
        id: str,
        title: str,
        layout: Layout,
        cells: Mapping[str, str],
        rewrite: Rewrite,
        chunk: int = CHUNK,
    ) -> None:
        super().__init__(id=id, title=title, layout=layout, cells=cells, chunk=chunk)
        self._rewrite = rewrite

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> DelimitedReading:
        """Survey the files; each call of ``progress`` gives the bytes read since the last. Raises InputError.

        The text that was made lives as long as the reading, or what else reads from its sources.
        """
        held = _Held()
        try:
            found = [self._rewritten(*numbered, held, progress) for numbered in enumerate(sources(files))]
            return super().open(found, progress)
        except BaseException:
            # Whoever holds the error holds its frames, and all that they hold.
            held.close()
            raise

    def _rewritten(self, number: int, source: Source, held: _Held, progress: Callable[[int], None] | None) -> Source:
        if isinstance(source, KeptSource | RewrittenSource):
            return source
        with source.open() as raw:
            # What is no file on a disk is not buffered by itself.
            handle = raw if isinstance(source, FileSource) else cast(BinaryIO, io.BufferedReader(cast(Any, raw), PIECE))
            text = self._rewrite(source.name, handle)
            if text is None:
                return source
            pieces = Pieces(held.store, number)
            try:
                size = pieces.fill(_cut(_watched(text, handle, source.size, progress), PIECE))
            finally:
                if isinstance(text, Generator):
                    text.close()
            source.unchanged(raw)
        if not size:
            raise InputError(f"[{source.name}] holds no row; ask for the file again")
        return RewrittenSource(source.name, size, pieces, None, MadeFrom(_digest(source), source.size), held)


class _Held:
    """A temporary store, made when it is needed, that is closed when nothing reads from it any more."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self.close: Callable[[], object] = lambda: None

    @property
    def store(self) -> Store:
        if self._store is None:
            self._store = Store.temporary()
            self.close = weakref.finalize(self, self._store.close)
        return self._store


_NOTHING = MadeFrom("", 0)


@dataclass(frozen=True, slots=True, repr=False)
class RewrittenSource(SpilledSource):
    """The text that a file was made into, sealed under a key that dies with it."""

    made_from: MadeFrom = _NOTHING
    held: _Held | None = None

    @property
    def is_counted(self) -> bool:
        """Yes: what counts is the file."""
        return True


def _cut(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of one size, the last one shorter."""
    waiting: list[bytes] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length < size:
            continue
        data = b"".join(waiting)
        whole = length - length % size
        for at in range(0, whole, size):
            yield data[at : at + size]
        waiting, length = [data[whole:]], length - whole
    if length:
        yield b"".join(waiting)


def _watched(
    text: Iterable[bytes], handle: BinaryIO, size: int, progress: Callable[[int], None] | None
) -> Iterator[bytes]:
    """The text; ``progress`` is told how far the handle has gone in the file meanwhile, and of all of it at the end."""
    if progress is None:
        yield from text
        return
    told = 0
    for piece in text:
        yield piece
        # Where a file is not read from front to back, its place may also go back.
        at = min(0 if handle.closed else handle.tell(), size)
        if at > told:
            progress(at - told)
            told = at
    progress(size - told)


def _digest(source: Source) -> str:
    hash = hashlib.sha256()
    with source.open() as handle:
        while piece := handle.read(PIECE):
            hash.update(piece)
        source.unchanged(handle)
    return hash.hexdigest()
