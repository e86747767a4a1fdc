"""What a reader is: it knows one source format and gives whole persons, block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from clearslate.ingest.source import Source
from clearslate.model import Person, Place, Statute

Concerns = Callable[[Statute | None], bool]
"""Whether a count with this statute (None: unreadable) could be in scope; see ``Policy.may_concern``."""

Suffixes = Mapping[tuple[int, int], bytes]
"""For each decided row, by file index and row number, the CSV cells to append, without the leading comma."""


class InputFile(NamedTuple):
    """One source file: its base name (with a suffix where two are alike), digest, and rows.

    ``gone`` of the rows stood in the file and no longer exist. Where the text that is read was made
    from the file, ``sha256`` and ``size`` are the text's, and ``file_sha256`` is the digest of the file.
    """

    name: str
    sha256: str
    size: int
    rows: int
    has_header: bool
    encoding: str
    gone: int = 0
    file_sha256: str = ""


class Reject(NamedTuple):
    """A row that was not used: where it stands and why, without personal data.

    ``problem`` is a short constant such as ``field count``; ``detail`` says what was found in
    numbers and column names. ``person`` is the person key that could still be read from the row,
    or None; it is kept to know whose record has a gap and is never written out.
    """

    place: Place
    problem: str
    detail: str
    person: str | None = None

    def __repr__(self) -> str:
        return f"<Reject {self.place}: {self.problem}>"


class Block(Protocol):
    """Some source rows in source order, and the persons decided with them.

    A person is decided in the block of its first row, with all its rows from every file.
    """

    @property
    def people(self) -> int:
        """How many persons are decided in this block, those without a candidate count included."""

    @property
    def convictions(self) -> int:
        """How many conviction counts those persons have, candidates or not."""

    @property
    def charges(self) -> int:
        """How many charges those persons have, whatever came of them."""

    def persons(self, concerns: Concerns) -> Sequence[Person]:
        """The persons of this block that have a count with which the reform could be concerned."""

    def annotated(self, suffixes: Suffixes, blank: bytes) -> bytes:
        """The block's source rows, cells unchanged, each with its suffix, or ``blank``."""

    def condensed(self, suffixes: Suffixes, blank: bytes) -> bytes:
        """The same with the reader's condensed columns only."""

    def chosen(self, suffixes: Suffixes) -> bytes:
        """The source rows that have a suffix, with it."""


class Reading(Protocol):
    """Source files after their survey: what is in them, and their blocks in order."""

    @property
    def inputs(self) -> Sequence[InputFile]:
        """The files in the order given."""

    @property
    def rejects(self) -> Sequence[Reject]:
        """The rejected rows in source order."""

    @property
    def rows_read(self) -> int:
        """All data rows, rejected ones included and those that are gone left out."""

    @property
    def rows_repeated(self) -> int:
        """Rows that repeat a row of an earlier file and were not used again."""

    @property
    def people(self) -> int:
        """How many persons the files hold."""

    @property
    def counties(self) -> Mapping[str, int]:
        """Conviction rows by county, upper case with single spaces."""

    def blocks(self) -> Iterator[Block]:
        """The blocks in source order."""


class MappingFile(NamedTuple):
    """A file of the user's that says what a table means: its base name, and its text."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """The digest of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@runtime_checkable
class Mapped(Protocol):
    """A reader that a mapping file sets up; the file is named, and kept, wherever what it read is."""

    @property
    def mapping_file(self) -> MappingFile:
        """The file."""


@runtime_checkable
class RecordReader(Protocol):
    """A source format, supplied by a plugin."""

    @property
    def id(self) -> str:
        """The name in ``--format``, such as ``ca_doj``."""

    @property
    def title(self) -> str:
        """What the format is, in a line."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of a source row in order."""

    @property
    def condensed(self) -> Sequence[str]:
        """The columns that reviewers use."""

    @property
    def cells(self) -> Mapping[str, str]:
        """For each fact name, the source columns that it comes from, in words."""

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> Reading:
        """Survey the files; ``progress`` is told of bytes read. Raises InputError."""
