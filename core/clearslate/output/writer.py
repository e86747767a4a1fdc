"""What a writer is: it turns the decisions of a run into files. Built-in and plugin writers alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from clearslate.ingest.reader import Block, Reading, RecordReader
from clearslate.output.decided import Decided
from clearslate.output.staging import Folder
from clearslate.output.wording import missing_facts
from clearslate.policy.determination import Determination, RouteRuling
from clearslate.policy.policy import Policy
from clearslate.policy.reform import Reform


@dataclass(frozen=True, slots=True, repr=False)
class RunContext:
    """What all writers of one run may know: law, policy, source, day, and the county (None: every county)."""

    reform: Reform
    policy: Policy
    reader: RecordReader
    reading: Reading
    as_of: dt.date
    county: str | None

    @property
    def noun(self) -> str:
        """What the policy decides: ``convictions``, or ``charges`` whatever came of them."""
        return "charges" if self.policy.decides_charges else "convictions"

    def missing(self, determination: Determination | RouteRuling) -> tuple[str, ...]:
        """The missing facts in plain words, with columns and rows."""
        if not determination.missing:
            return ()
        return missing_facts(determination.missing, self.policy.fact_words, self.reader.cells, self.reading.inputs)


class OpenWriter(Protocol):
    """A writer at work on one run."""

    def block(self, block: Block, decided: Sequence[Decided]) -> None:
        """Take the next block in source order, and what was decided in it, person by person."""

    def close(self) -> None:
        """Write what remains and close the files; raises LedgerError where its own figures disagree."""


@runtime_checkable
class Writer(Protocol):
    """Files that can be made of a run, supplied by the core or by a plugin.

    It makes files in the folder it is given and nowhere else, keeps no state between runs, and
    writes the same bytes for the same run.
    """

    @property
    def id(self) -> str:
        """Its name, lower case with underscores."""

    @property
    def title(self) -> str:
        """What it writes, in a line."""

    def open(self, run: RunContext, folder: Folder) -> OpenWriter:
        """Begin a run: make its files."""
