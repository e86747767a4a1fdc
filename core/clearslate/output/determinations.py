"""``determinations.csv``: a row per conviction in scope, or per charge where the reform decides those."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.ingest.reader import Block
from clearslate.model import Count
from clearslate.output.decided import Decided
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate.output.writer import RunContext

FILE = "determinations.csv"
COLUMNS = (
    "source_file",
    "source_row",
    "person_id",
    "county",
    "case_number",
    "statute",
    "offense",
    "grade",
    "convicted_on",
    "outcome",
    "relief",
    "refer_to",
    "rule",
    "reason",
    "citations",
    "missing_facts",
    "flags",
)


def charge_cells(count: Count) -> tuple[str, ...]:
    """The cells that say which charge it is: county, case number, statute, offense, grade and day of conviction."""
    return (
        count.event.county or "",
        "; ".join(count.event.case_numbers),
        "" if count.statute is None else str(count.statute),
        count.offense,
        "" if count.grade is None else count.grade.value,
        "" if count.disposed is None or not count.is_conviction else str(count.disposed),
    )


def cells(one: Decided, run: RunContext) -> tuple[str, ...]:
    """The cells of one row, in the order of COLUMNS, before any CSV spelling."""
    count, determination = one.count, one.determination
    decision = determination.decision
    place = count.place
    return (
        run.reading.inputs[place.file].name,
        str(place.row),
        one.person.person_id,
        *charge_cells(count),
        decision.outcome.value,
        "; ".join(determination.granted),
        decision.refer_to or "",
        determination.rule,
        determination.reason,
        "; ".join(determination.citations),
        "; ".join(run.missing(determination)),
        "; ".join(determination.flags),
    )


class Determinations:
    """The writer of ``determinations.csv``."""

    id = "determinations"
    title = "A row per conviction in scope: what was decided, by which rule, and why"

    def open(self, run: RunContext, folder: Folder) -> OpenDeterminations:
        """Begin the file with its header."""
        return OpenDeterminations(run, folder)


class OpenDeterminations:
    """``determinations.csv`` of one run."""

    def __init__(self, run: RunContext, folder: Folder) -> None:
        self._run = run
        self._file = folder.create(FILE)
        self._file.write(header_line(COLUMNS))

    def block(self, _block: Block, decided: Sequence[Decided]) -> None:
        """Write a row for each decided conviction, in record order."""
        lines = [line(cells(one, self._run)) for one in decided]
        self._file.write(encoded("".join(lines)), len(lines))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
