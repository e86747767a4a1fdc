"""Tables of a vault, read by the mapping that the vault keeps with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from clearslate.errors import UsageError
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.examine import Examination
from clearslate.ingest.kept import KeptSource
from clearslate.ingest.reader import MappingFile
from clearslate.ingest.source import Source
from clearslate.ingest.table.formats import TITLE, no_mapping
from clearslate.ingest.table.mapping import parse_mapping
from clearslate.ingest.table.reader import TableReader
from clearslate.policy.reform import Reform
from clearslate.policy.schema import ReformFile


class KeptTable:
    """The reader of a table for which no mapping is named: it reads what a vault keeps, and says then what it read.

    ``others`` are the reforms beside the one that it reads for.
    """

    def __init__(self, id: str, reform: Reform | None = None, others: Mapping[str, ReformFile] | None = None) -> None:
        self._id = id
        self._reform = reform
        self._others = others or {}
        self._reader: TableReader | None = None

    @property
    def id(self) -> str:
        """The format: that of any table until one was read."""
        return self._id if self._reader is None else self._reader.id

    @property
    def title(self) -> str:
        """What the format is, in a line."""
        return TITLE if self._reader is None else self._reader.title

    @property
    def columns(self) -> Sequence[str]:
        """The columns of a source row in order; none until a table was read."""
        return () if self._reader is None else self._reader.columns

    @property
    def condensed(self) -> Sequence[str]:
        """The columns that reviewers use; none until a table was read."""
        return () if self._reader is None else self._reader.condensed

    @property
    def cells(self) -> Mapping[str, str]:
        """For each fact name, its columns; none until a table was read."""
        return {} if self._reader is None else self._reader.cells

    @property
    def mapping_file(self) -> MappingFile:
        """The mapping that is kept with what was read. Raises UsageError before."""
        if self._reader is None:
            raise no_mapping()
        return self._reader.mapping_file

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> DelimitedReading:
        """Survey tables of a vault. Raises UsageError for anything else, which needs a mapping, and InputError."""
        return self._found(files).open(files, progress)

    def examine(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> Examination:
        """Look at tables of a vault. Raises UsageError and InputError."""
        return self._found(files).examine(files, progress)

    def _found(self, files: Sequence[Path | Source]) -> TableReader:
        kept = [file for file in files if isinstance(file, KeptSource) and mapping_of(file) is not None]
        if not kept or len(kept) != len(files):
            raise no_mapping()
        ids = sorted({source.format for source in kept})
        if len(ids) > 1:
            raise UsageError(f"the vault has tables of several mappings; say --format with one of: {', '.join(ids)}")
        # The last is the one that was mended last.
        file = mapping_of(kept[-1])
        assert file is not None
        reader = TableReader(parse_mapping(file))
        self._reader = reader if self._reform is None else reader.bound(self._reform, self._others)
        return self._reader


def mapping_of(source: KeptSource) -> MappingFile | None:
    """The mapping that a vault keeps with a table; None where it keeps none."""
    name, text = source.told.get("mapping_name"), source.told.get("mapping_text")
    return MappingFile(name, text) if isinstance(name, str) and isinstance(text, str) else None
