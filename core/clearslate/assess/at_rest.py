"""Source files laid to rest for the time of one command: sealed person by person, under a key in memory alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from clearslate.assess.plan import plan
from clearslate.assess.texts import Texts
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.kept import KeptSource, Records, SourceMap
from clearslate.vault.records import REMAINDER_OWNER
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

Progress = Callable[[str, int, int], None]


def laid_to_rest(reading: DelimitedReading, store: Store, progress: Progress | None = None) -> DelimitedReading:
    """The reading from a temporary vault instead of its files, with the same rows in the same places.

    Raises InputError where a file changed since its survey, OutputError where there is no room for the vault.
    """
    extents = reading.extents(count_lines=False)
    made = plan(extents, (), 1)
    numbers = range(1, len(reading.sources) + 1)
    with Texts(reading.sources, extents, numbers) as texts, store.step() as step:
        step.put_many(Kind.PERSON, _watched(texts.records(made.simple, {}), progress, len(made.simple)))
        remainders = (
            (number, texts.record(np.flatnonzero((extents.file == file) & (made.owner == REMAINDER_OWNER))))
            for file, number in enumerate(numbers)
        )
        step.put_many(Kind.REMAINDER, remainders)
    records = Records(store)
    kept = []
    for file, number in enumerate(numbers):
        own = np.flatnonzero(extents.file == file)
        columns = (extents.offset, extents.length, extents.rows, extents.used, extents.lines, made.owner)
        source, read = reading.sources[file], reading.inputs[file]
        map = SourceMap(*(column[own] for column in columns))
        kept.append(KeptSource(number, source.name, source.size, read.sha256, {}, map, records))
    return reading.on(kept)


def _watched(
    records: Iterator[tuple[int, bytes]], progress: Progress | None, total: int
) -> Iterator[tuple[int, bytes]]:
    for done, record in enumerate(records, 1):
        yield record
        if progress is not None and (done % 1000 == 0 or done == total):
            progress("seal", done, total)
