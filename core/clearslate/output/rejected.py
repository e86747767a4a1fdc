"""``rejected.csv``: each row that was not used, with its place and the reason, and nothing personal."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.ingest.reader import Block, Reject
from clearslate.output.decided import Decided
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate.output.writer import RunContext

FILE = "rejected.csv"
COLUMNS = ("source_file", "source_row", "line", "problem", "detail")


class Rejected:
    """The writer of ``rejected.csv``."""

    id = "rejected"
    title = "Each row that was not used: its place and the reason"

    def open(self, run: RunContext, folder: Folder) -> OpenRejected:
        """Write the whole file; all rejects are known before the first block."""
        return OpenRejected(run, folder)


class OpenRejected:
    """``rejected.csv`` of one run."""

    def __init__(self, run: RunContext, folder: Folder) -> None:
        self._file = folder.create(FILE)
        self._file.write(header_line(COLUMNS))
        rejects = run.reading.rejects
        names = [file.name for file in run.reading.inputs]
        self._file.write(encoded("".join([_line(reject, names) for reject in rejects])), len(rejects))

    def block(self, _block: Block, _decided: Sequence[Decided]) -> None:
        """Nothing: decisions do not concern it."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _line(reject: Reject, names: Sequence[str]) -> str:
    place = reject.place
    return line((names[place.file], str(place.row), str(place.line), reject.problem, reject.detail))
