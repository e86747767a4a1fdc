"""Source files laid to rest for the time of one command: sealed, under a key that is held in memory alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from clearslate.assess.progress import Progress
from clearslate.assess.texts import Texts
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.extents import Extents
from clearslate.ingest.kept import KeptSource, Records, SourceMap
from clearslate.ingest.people import NOBODY
from clearslate.ingest.rows import Ints
from clearslate.vault.records import REMAINDER_OWNER
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

_GROUP = 512 << 10
"""Bytes of text of consecutive persons that are sealed together: nobody is ever shredded from what dies anyway."""


def laid_to_rest(reading: DelimitedReading, store: Store, progress: Progress | None = None) -> DelimitedReading:
    """The reading from a temporary vault instead of its files, with the same rows in the same places.

    Raises InputError where a file changed since its survey, OutputError where there is no room for the vault.
    """
    extents = reading.extents(count_lines=False)
    owner = _owners(extents)
    numbers = range(1, len(reading.sources) + 1)
    order = np.argsort(owner, kind="stable")
    bounds = np.flatnonzero(np.diff(owner[order], prepend=REMAINDER_OWNER - 1)).tolist()
    groups = [order[begin:end] for begin, end in pairwise([*bounds, len(order)]) if owner[order[begin]]]
    with Texts(reading.sources, extents, numbers) as texts, store.step() as step:
        records = ((int(owner[which[0]]), texts.record(which)) for which in groups)
        step.put_many(Kind.PERSON, _watched(records, progress, len(groups)))
        remainders = (
            (number, texts.record(np.flatnonzero((extents.file == file) & (owner == REMAINDER_OWNER))))
            for file, number in enumerate(numbers)
        )
        step.put_many(Kind.REMAINDER, remainders)
    kept_records = Records(store)
    kept = []
    for file, number in enumerate(numbers):
        own = np.flatnonzero(extents.file == file)
        columns = (extents.offset, extents.length, extents.rows, extents.used, extents.lines, owner)
        source, read = reading.sources[file], reading.inputs[file]
        map = SourceMap(*(column[own] for column in columns))
        kept.append(KeptSource(number, source.name, source.size, read.sha256, {}, map, kept_records))
    return reading.on(kept)


def _owners(extents: Extents) -> Ints:
    """The record that each extent is sealed in: some hundred kilobytes of consecutive persons in each, from 1.

    Where the rows of many persons lie scattered, each person has one, so that a stretch of a file opens little more
    than is in it.
    """
    person = extents.person
    people = int(person.max(initial=NOBODY)) + 1
    of_person = np.arange(1, people + 1)
    if np.count_nonzero(person != NOBODY) < 2 * people:
        lengths = np.bincount(person[person != NOBODY], extents.length[person != NOBODY], people)
        of_person = (np.cumsum(lengths) // _GROUP).astype(np.int64) + 1
    owner: Ints = np.where(person == NOBODY, REMAINDER_OWNER, of_person[person])
    return owner


def _watched(
    records: Iterator[tuple[int, bytes]], progress: Progress | None, total: int
) -> Iterator[tuple[int, bytes]]:
    for done, record in enumerate(records, 1):
        yield record
        if progress is not None and (done % 100 == 0 or done == total):
            progress("seal", done, total)
