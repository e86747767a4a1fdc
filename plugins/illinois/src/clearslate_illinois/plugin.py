"""What the Illinois plugin supplies to clearslate."""

from __future__ import annotations

from collections.abc import Iterable

from clearslate.hookspecs import hookimpl
from clearslate.ingest.reader import RecordReader
from clearslate_illinois.ccsao import IL_CCSAO
from clearslate_illinois.clerk import IL_CLERK


@hookimpl
def clearslate_readers() -> Iterable[RecordReader]:
    """Give the readers of the State's Attorney's exports and of the clerk's extract."""
    return [IL_CCSAO, IL_CLERK]
