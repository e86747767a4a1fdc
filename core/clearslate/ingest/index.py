"""The index of the files that the first pass makes: what was read, who stands where, what was rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from clearslate.ingest.people import Resolved
from clearslate.ingest.reader import InputFile, Reject
from clearslate.ingest.rows import Ints
from clearslate.model import Place


class Chunk(NamedTuple):
    """Bytes of a file that begin and end with a row; ``row`` and ``line`` (from 1) are their first.

    The runs in them begin with ``runs``.
    """

    file: int
    offset: int
    length: int
    row: int
    line: int
    runs: int
    checksum: Future[int]


@dataclass(frozen=True, slots=True, repr=False)
class Runs:
    """Rows of one person that follow each other without a gap: parallel arrays in source order.

    ``person`` is a person's number. ``offset`` and ``length`` are bytes of the file; ``row`` and
    ``line`` are of the first row, from 1.
    """

    person: Ints
    file: Ints
    offset: Ints
    length: Ints
    row: Ints
    line: Ints
    rows: Ints

    def __len__(self) -> int:
        return len(self.person)


class Cut(NamedTuple):
    """The bytes of a rejected row, all of an over-long line included; ``person`` is the one it names, or ``NOBODY``."""

    file: int
    offset: int
    length: int
    person: int


@dataclass(frozen=True, slots=True, repr=False)
class Survey:
    """What the first pass found.

    ``missing`` are the rejected rows of persons, by person number; ``broken`` is parallel to ``rejects``.
    """

    inputs: Sequence[InputFile]
    rejects: Sequence[Reject]
    broken: Sequence[Cut]
    chunks: Sequence[Chunk]
    runs: Runs
    people: Resolved
    missing: dict[int, list[Place]]
    counties: Counter[str]
