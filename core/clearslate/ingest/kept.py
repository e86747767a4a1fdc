"""Source files that rest in a vault, laid together again from the records of the persons in them."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

import numpy as np

from clearslate.ingest.plain import plain_number
from clearslate.ingest.rows import Ints
from clearslate.ingest.source import MadeFrom, Source, Stretch
from clearslate.vault import lookup
from clearslate.vault.ledger import Ledger
from clearslate.vault.lookup import Told
from clearslate.vault.records import GONE, REMAINDER_OWNER, Extent, Place, Record, read_source
from clearslate.vault.sealing import Kind, altered
from clearslate.vault.store import Store

_HELD = 64 << 20
"""Bytes of opened records that are held in memory."""


@dataclass(frozen=True, slots=True, repr=False)
class SourceMap:
    """Whose each stretch of a source file is: parallel arrays in the order of their offsets."""

    offset: Ints
    length: Ints
    rows: Ints
    used: Ints
    lines: Ints
    owner: Ints

    @classmethod
    def of(cls, places: Sequence[Place]) -> SourceMap:
        """The map with these places."""
        columns = np.array(places, np.int64).reshape(-1, len(Place._fields)).T
        return cls(*columns)

    def places(self) -> list[Place]:
        """The map as places."""
        columns = (self.offset, self.length, self.rows, self.used, self.lines, self.owner)
        return [Place(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


class Records:
    """The records of a vault, opened as they are needed and held for a while."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._shared: frozenset[str] | None = None
        self._held: OrderedDict[tuple[Kind, int], tuple[Record, dict[Extent, int]]] = OrderedDict()
        self._size = 0
        self._guard = threading.Lock()

    def gather(self, owners: Sequence[int], source: int) -> dict[int, tuple[Record, dict[Extent, int]]]:
        """The records of some owners by number, each with where its extents begin. Raises VaultError."""
        with self._guard:
            found: dict[int, tuple[Record, dict[Extent, int]]] = {}
            wanted = sorted(set(owners))
            for kind, numbers in (
                (Kind.PERSON, [owner for owner in wanted if owner > 0]),
                (Kind.REMAINDER, [source] if REMAINDER_OWNER in wanted else []),
            ):
                missing = []
                for number in numbers:
                    held = self._held.get((kind, number))
                    if held is None:
                        missing.append(number)
                    else:
                        found[number if kind is Kind.PERSON else REMAINDER_OWNER] = held
                for number, data in self.store.get_many(kind, missing):
                    made = _laid_open(Record.read(data))
                    found[number if kind is Kind.PERSON else REMAINDER_OWNER] = made
                    self._hold((kind, number), made)
            return found

    def is_shared(self, identifier: str) -> bool:
        """Whether an identifier was several persons' before one of them was shredded. Raises VaultError."""
        if self._shared is None:
            self._shared = frozenset(Ledger.read(self.store).shared)
        if not self._shared:
            return False
        told = Told(lookup.IDENTIFIER, plain_number(identifier))
        return lookup.digest(lookup.key(self.store), told).hex() in self._shared

    def _hold(self, key: tuple[Kind, int], made: tuple[Record, dict[Extent, int]]) -> None:
        self._held[key] = made
        self._size += len(made[0].text)
        while self._size > _HELD and len(self._held) > 1:
            _, (record, _) = self._held.popitem(last=False)
            self._size -= len(record.text)

    def forget(self) -> None:
        """Let go of all that is held, because records were sealed anew."""
        with self._guard:
            self._held.clear()
            self._size = 0
            self._shared = None


def _laid_open(record: Record) -> tuple[Record, dict[Extent, int]]:
    at = 0
    begins = {}
    for extent in record.extents:
        begins[extent] = at
        at += extent.length
    return record, begins


@dataclass(frozen=True, slots=True, repr=False)
class KeptSource(Source):
    """One source file of a vault; a person who was shredded is a hole in it."""

    number: int
    name: str
    size: int
    sha256: str | None
    told: dict[str, Any]
    map: SourceMap
    records: Records

    @classmethod
    def found(cls, records: Records, number: int) -> KeptSource:
        """The source file with this number. Raises VaultError."""
        told, places = read_source(records.store.get(Kind.SOURCE, number))
        try:
            name, size, sha256 = (told[key] for key in ("name", "size", "sha256"))
        except KeyError as error:
            raise altered() from error
        return cls(number, name, size, sha256, told, SourceMap.of(places), records)

    @property
    def format(self) -> str:
        """The id of the reader that it was ingested with."""
        return str(self.told.get("format"))

    @property
    def made_from(self) -> MadeFrom | None:
        """The file that this text was made from when it came; None where it is the file's own."""
        sha256, size = self.told.get("file_sha256"), self.told.get("file_size")
        return MadeFrom(str(sha256), size) if sha256 is not None and isinstance(size, int) else None

    def open(self) -> BinaryIO:
        """A handle that reads from the records."""
        # Not buffered: reading ahead would run into holes.
        return cast(BinaryIO, Handle(self.size, self.at))

    def unchanged(self, handle: BinaryIO) -> None:
        """Nothing can change it: what is read was authenticated."""

    def renamed(self, name: str) -> KeptSource:
        """The same source under another name."""
        return replace(self, name=name)

    def is_shared(self, identifier: str) -> bool:
        """Whether an identifier was several persons' before one of them was shredded."""
        return self.records.is_shared(identifier)

    def stretches(self) -> Sequence[Stretch]:
        """What is left, and a hole for each stretch of a person who was shredded."""
        found = []
        for offset, length, rows, used, lines, owner in self.map.places():
            if owner == GONE:
                found.append(Stretch(offset, length, rows, lines, gone=True, rejected=not used))
            else:
                found.append(Stretch(offset, length))
        return found

    def read(self, handle: BinaryIO, offset: int, length: int) -> bytes:
        """The bytes at an offset. Raises VaultError."""
        return self.at(offset, length)

    def at(self, offset: int, length: int) -> bytes:
        """The bytes at an offset, fewer at the end. Raises VaultError; a hole cannot be read."""
        stop = min(offset + length, self.size)
        if stop <= offset:
            return b""
        first = int(np.searchsorted(self.map.offset, offset, side="right")) - 1
        end = int(np.searchsorted(self.map.offset, stop, side="left"))
        owners = self.map.owner[first:end].tolist()
        gathered = self.records.gather(owners, self.number)
        parts = []
        for owner, begin, size in zip(
            owners, self.map.offset[first:end].tolist(), self.map.length[first:end].tolist(), strict=True
        ):
            if owner not in gathered:
                raise altered()
            record, begins = gathered[owner]
            at = begins.get(Extent(self.number, begin, size))
            if at is None:
                raise altered()
            low, high = max(offset, begin) - begin, min(stop, begin + size) - begin
            parts.append(record.text[at + low : at + high])
        data = b"".join(parts)
        if len(data) != stop - offset:
            raise altered()
        return data


class Handle(io.RawIOBase):
    """A source that is no file, as a file that is read from front to back; ``at`` gives bytes by offset and length."""

    def __init__(self, size: int, at: Callable[[int, int], bytes]) -> None:
        self._size = size
        self._bytes_at = at
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        self._at = (0, self._at, self._size)[whence] + offset
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read on from the place."""
        data = self._bytes_at(self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def kept_sources(records: Records, format: str | None = None) -> list[KeptSource]:
    """The source files of a vault in the order in which they came, of one format or of all. Raises VaultError."""
    found = [KeptSource.found(records, number) for number in records.store.numbers(Kind.SOURCE)]
    return [source for source in found if format in (None, source.format)]
