"""What a person's record is: stretches of source files, their bytes, and what the person can be looked up by."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clearslate.vault import spelling
from clearslate.vault.sealing import altered

_COUNT = struct.Struct(">I")
_EXTENT = struct.Struct(">IQQ")
_MAP = struct.Struct(">QQQQQq")

REMAINDER_OWNER = 0
"""Owner of text that is nobody's; persons are numbered from 1."""

GONE = -1
"""Owner of text that was shredded."""


class Extent(NamedTuple):
    """A stretch of a source file."""

    source: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """A record laid open. ``known`` is what the person can be looked up by, as it was when last ingested."""

    extents: Sequence[Extent]
    text: bytes
    known: dict[str, Any] = field(default_factory=dict)

    def packed(self) -> bytes:
        """The bytes that are sealed."""
        parts = [_COUNT.pack(len(self.extents))]
        parts += [_EXTENT.pack(*extent) for extent in self.extents]
        return b"".join((*parts, self.text, spelling.spelled(self.known) if self.known else spelling.EMPTY))

    @classmethod
    def read(cls, data: bytes) -> Record:
        """Lay a record open. Raises VaultError."""
        try:
            (count,) = _COUNT.unpack_from(data)
            extents = [Extent(*_EXTENT.unpack_from(data, _COUNT.size + _EXTENT.size * n)) for n in range(count)]
        except struct.error as error:
            raise altered() from error
        begin = _COUNT.size + _EXTENT.size * count
        end = begin + sum(extent.length for extent in extents)
        try:
            return cls(extents, data[begin:end], spelling.read(data[end:]))
        except ValueError as error:
            raise altered() from error


class Place(NamedTuple):
    """A stretch of a source file as its map has it: whose it is, and how many rows and lines it holds.

    ``used`` are the rows that were not rejected.
    """

    offset: int
    length: int
    rows: int
    used: int
    lines: int
    owner: int


def packed_source(told: dict[str, Any], places: Iterable[Place]) -> bytes:
    """A source file's description and map as they are sealed."""
    described = spelling.spelled(told)
    return b"".join((_COUNT.pack(len(described)), described, *(_MAP.pack(*place) for place in places)))


def read_source(data: bytes) -> tuple[dict[str, Any], list[Place]]:
    """A source file's description and map. Raises VaultError."""
    try:
        (length,) = _COUNT.unpack_from(data)
        told = spelling.read(data[_COUNT.size : _COUNT.size + length])
        return told, [Place(*row) for row in _MAP.iter_unpack(data[_COUNT.size + length :])]
    except (struct.error, ValueError) as error:
        raise altered() from error
