"""``routes.csv``: a row for each charge and route, where a charge may have several reliefs at once."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.ingest.reader import Block
from clearslate.output.decided import Decided
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder, OutputFile
from clearslate.output.writer import RunContext

FILE = "routes.csv"
COLUMNS = (
    "source_file",
    "source_row",
    "person_id",
    "county",
    "case_number",
    "statute",
    "class",
    "committed_on",
    "arrested_on",
    "disposed_on",
    "disposition",
    "ended",
    "route",
    "outcome",
    "refer_to",
    "rule",
    "reason",
    "citations",
    "missing_facts",
)


class Routes:
    """The writer of ``routes.csv``; of a policy without routes it writes nothing."""

    id = "routes"
    title = "A row per charge and route: what each route gives, by which rule, and why"

    def open(self, run: RunContext, folder: Folder) -> OpenRoutes:
        """Begin the file with its header, where the policy has routes."""
        return OpenRoutes(run, folder)


class OpenRoutes:
    """``routes.csv`` of one run."""

    def __init__(self, run: RunContext, folder: Folder) -> None:
        self._run = run
        self._file: OutputFile | None = None
        if run.policy.routes:
            self._file = folder.create(FILE)
            self._file.write(header_line(COLUMNS))

    def block(self, _block: Block, decided: Sequence[Decided]) -> None:
        """Write the rows of each decided charge, in record order and the policy's order of routes."""
        if self._file is None:
            return
        lines = [line(cells) for one in decided for cells in self._rows(one)]
        self._file.write(encoded("".join(lines)), len(lines))

    def _rows(self, one: Decided) -> list[tuple[str, ...]]:
        count, run = one.count, self._run
        dates = (count.committed, count.cycle.arrested, count.disposed)
        charge = (
            run.reading.inputs[count.place.file].name,
            str(count.place.row),
            one.person.person_id,
            count.event.county or "",
            "; ".join(count.event.case_numbers),
            "" if count.statute is None else str(count.statute),
            count.offense_class or "",
            *("" if day is None else str(day) for day in dates),
            count.disposition.value,
            count.ended or "",
        )
        return [
            (
                *charge,
                route.relief,
                route.decision.outcome.value,
                route.decision.refer_to or "",
                route.rule,
                route.reason,
                "; ".join(route.citations),
                "; ".join(run.missing(route)),
            )
            for route in one.determination.routes
        ]

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
