"""What a person can be looked up by: names, birth dates, identifiers and case numbers, each in one plain form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.frame import Frame
from clearslate.ingest.plain import plain_name, plain_number
from clearslate.ingest.rows import Ints


class Known(NamedTuple):
    """What one person's rows say, each in its plain form, distinct and sorted."""

    names: tuple[str, ...]
    births: tuple[str, ...]
    identifiers: tuple[str, ...]
    cases: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Known>"


KINDS = ("name", "born", "identifier", "case")
"""The keys of ``Layout.lookup``, in the order of the fields of ``Known``."""


def known(reading: DelimitedReading) -> Iterator[tuple[int, Known]]:
    """Each person's number in order, and what the person can be looked up by. Raises InputError as ``frames`` does."""
    layout = reading.layout

    def means(form: Callable[[str], str]) -> Callable[[str], str]:
        return lambda cell: "" if layout.is_filler(cell) else form(cell)

    forms = (means(plain_name), lambda cell: layout.born(cell) or "", means(plain_number), means(plain_number))
    columns = [layout.lookup.get(kind, ()) for kind in KINDS]
    wanted = [name for names in columns for name in names]
    number = 0
    # A person is wholly in one frame, and the frames are in the order of the persons.
    for frame in reading.frames(wanted or (layout.person,)):
        person = np.repeat(np.arange(len(frame.person_ids)), np.diff(frame.starts))
        kinds = [_of_persons(frame, person, names, form) for names, form in zip(columns, forms, strict=True)]
        for found in zip(*kinds, strict=True):
            yield number, Known(*found)
            number += 1


def _of_persons(
    frame: Frame, person: Ints, names: tuple[str, ...], form: Callable[[str], str]
) -> list[tuple[str, ...]]:
    """For each person of a frame, the distinct words of some columns in their form, sorted."""
    people = len(frame.person_ids)
    forms = [[form(value) for value in frame.columns[name].values] for name in names]
    words = sorted({word for words in forms for word in words if word})
    if not words:
        return [()] * people
    code = {word: number for number, word in enumerate(words)}
    pairs: list[Ints] = []
    for name, found in zip(names, forms, strict=True):
        column = frame.columns[name].codes
        # Most cells of a person repeat the one above them.
        new = np.flatnonzero((np.diff(column, prepend=-1) != 0) | (np.diff(person, prepend=-1) != 0))
        codes = np.array([code.get(word, -1) for word in found], np.int64)[column[new]]
        pairs.append((person[new] * len(words) + codes)[codes >= 0])
    distinct = np.unique(np.concatenate(pairs))
    bounds = np.searchsorted(distinct // len(words), np.arange(people + 1)).tolist()
    said = [words[number] for number in (distinct % len(words)).tolist()]
    return [tuple(said[low:high]) for low, high in pairwise(bounds)]
