"""The source rows with the decision appended: all of them, the reviewers' columns, the decided ones."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.errors import LedgerError
from clearslate.ingest.reader import Block
from clearslate.output.decided import Decided
from clearslate.output.lines import encoded, header_line, rows_in, text_cell
from clearslate.output.staging import Folder, OutputFile
from clearslate.output.writer import RunContext
from clearslate.policy.determination import Determination

ALL, CONDENSED, CHOSEN = "annotated.csv", "annotated_condensed.csv", "annotated_convictions.csv"
SUFFIX = ("outcome", "relief", "refer_to", "rule", "reason", "missing_facts", "flags")
BLANK = b"," * (len(SUFFIX) - 1)


def suffix(determination: Determination, run: RunContext) -> bytes:
    """The cells to append to every row of a decided count, without the leading comma."""
    decision = determination.decision
    cells = (
        decision.outcome.value,
        "; ".join(determination.granted),
        decision.refer_to or "",
        determination.rule,
        determination.reason,
        "; ".join(run.missing(determination)),
        "; ".join(determination.flags),
    )
    return encoded(",".join([text_cell(cell) for cell in cells]))


class Annotated:
    """The writer of the three annotated files."""

    id = "annotated"
    title = "The source rows, cells unchanged, with the decision appended"

    def open(self, run: RunContext, folder: Folder) -> OpenAnnotated:
        """Begin the files with their headers."""
        return OpenAnnotated(run, folder)


class OpenAnnotated:
    """The annotated files of one run."""

    def __init__(self, run: RunContext, folder: Folder) -> None:
        self._run = run
        self._folder = folder
        self._all = self._begin(ALL, run.reader.columns)
        self._condensed = self._begin(CONDENSED, run.reader.condensed)
        self._chosen = self._begin(CHOSEN, run.reader.columns)
        # Suffixes of rows that may stand in a later block: a person is decided where the first row
        # stands, and the rest can be in another file.
        self._waiting: dict[tuple[int, int], bytes] = {}
        self._given = 0

    def _begin(self, name: str, columns: Sequence[str]) -> OutputFile:
        file = self._folder.create(name)
        file.write(header_line((*columns, *SUFFIX)))
        return file

    def block(self, block: Block, decided: Sequence[Decided]) -> None:
        """Write the block's rows, each with the decision of its count or blank cells."""
        waiting = self._waiting
        before = len(waiting)
        for one in decided:
            cells = suffix(one.determination, self._run)
            for place in one.count.rows or (one.count.place,):
                waiting[place.file, place.row] = cells
        self._given += len(waiting) - before
        self._all.write(block.annotated(waiting, BLANK), rows_in)
        self._condensed.write(block.condensed(waiting, BLANK), rows_in)
        chosen = block.chosen(waiting)
        rows = rows_in(chosen)
        self._chosen.write(chosen, rows)
        if rows == len(waiting):
            waiting.clear()

    def close(self) -> None:
        """Close the files; raises LedgerError unless every row stands in them once."""
        reading = self._run.reading
        rows = reading.rows_read - len(reading.rejects)
        self._settle(self._all, rows)
        self._settle(self._condensed, rows)
        self._settle(self._chosen, self._given)

    def _settle(self, file: OutputFile, rows: int) -> None:
        file.close()
        if file.rows != rows:
            raise LedgerError(
                f"[{file.name}] holds [{file.rows}] rows where [{rows}] belong; nothing was released; "
                "report this with the layout of the file"
            )
