"""The text of source files by extent, read some megabytes at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from clearslate.assess.plan import Remade
from clearslate.ingest.extents import Extents
from clearslate.ingest.repeats import OpenFiles
from clearslate.ingest.rows import Ints
from clearslate.ingest.source import FileSource, Source
from clearslate.vault.records import Extent, Record

_WINDOW = 4 << 20


class Texts:
    """Reads extents, of which most follow each other."""

    def __init__(self, sources: Sequence[Source], extents: Extents, numbers: Sequence[int]) -> None:
        self._sources = sources
        self._extents = extents
        self._numbers = numbers
        self._files = OpenFiles(sources)
        self._windows: dict[int, tuple[int, bytes]] = {}

    def __enter__(self) -> Texts:
        self._files.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._files.__exit__(*error)  # type: ignore[arg-type]

    def record(self, which: Ints, known: Mapping[str, object] | None = None) -> bytes:
        """The record with these extents, as it is sealed. Raises InputError where a file changed."""
        extents = self._extents
        files, offsets, lengths = (column[which].tolist() for column in (extents.file, extents.offset, extents.length))
        text = [self._read(*place) for place in zip(files, offsets, lengths, strict=True)]
        stretches = [
            Extent(self._numbers[file], offset, length)
            for file, offset, length in zip(files, offsets, lengths, strict=True)
        ]
        return Record(stretches, b"".join(text), dict(known or {})).packed()

    def records(
        self, remade: Iterable[Remade], known: Mapping[int, Mapping[str, object]]
    ) -> Iterator[tuple[int, bytes]]:
        """The records of persons, by their numbers in the vault."""
        for one in remade:
            yield one.number, self.record(one.extents, known.get(one.person))

    def _read(self, file: int, offset: int, length: int) -> bytes:
        begin, window = self._windows.get(file, (0, b""))
        if offset < begin or offset + length > begin + len(window):
            source = self._sources[file]
            # What is kept is held in memory by whoever keeps it; a file is read ahead here.
            ahead = min(_WINDOW, source.size - offset) if isinstance(source, FileSource) else 0
            begin, window = self._windows[file] = (offset, self._files.read(file, offset, max(length, ahead)))
        return window[offset - begin : offset - begin + length]
