"""What a person can be looked up by: names, birth dates, identifiers and case numbers, each in one plain form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.frame import Column, Frame
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
    wanted = [name for names in columns for one in names for name in ((one,) if isinstance(one, str) else one)]
    number = 0
    # A person is wholly in one frame, and the frames are in the order of the persons.
    for frame in reading.frames(wanted or (layout.person,)):
        person = np.repeat(np.arange(len(frame.person_ids)), np.diff(frame.starts))
        kinds = [_of_persons(frame, person, names, form) for names, form in zip(columns, forms, strict=True)]
        for found in zip(*kinds, strict=True):
            yield number, Known(*found)
            number += 1


def _of_persons(
    frame: Frame, person: Ints, names: Sequence[str | tuple[str, ...]], form: Callable[[str], str]
) -> list[tuple[str, ...]]:
    """For each person of a frame, the distinct words of some columns in their form, sorted."""
    people = len(frame.person_ids)
    columns = [frame.columns[name] if isinstance(name, str) else _joined(frame, name) for name in names]
    forms = [[form(value) for value in column.values] for column in columns]
    words = sorted({word for words in forms for word in words if word})
    if not words:
        return [()] * people
    code = {word: number for number, word in enumerate(words)}
    pairs: list[Ints] = []
    for column, found in zip(columns, forms, strict=True):
        # Most cells of a person repeat the one above them.
        new = np.flatnonzero((np.diff(column.codes, prepend=-1) != 0) | (np.diff(person, prepend=-1) != 0))
        codes = np.array([code.get(word, -1) for word in found], np.int64)[column.codes[new]]
        pairs.append((person[new] * len(words) + codes)[codes >= 0])
    distinct = np.unique(np.concatenate(pairs))
    bounds = np.searchsorted(distinct // len(words), np.arange(people + 1)).tolist()
    said = [words[number] for number in (distinct % len(words)).tolist()]
    return [tuple(said[low:high]) for low, high in pairwise(bounds)]


def _joined(frame: Frame, names: tuple[str, ...]) -> Column:
    """Several columns as one, the cells of a row with a space between them."""
    columns = [frame.columns[name] for name in names]
    first: dict[tuple[int, ...], int] = {}
    rows = zip(*(column.codes.tolist() for column in columns), strict=True)
    codes = np.array([first.setdefault(row, len(first)) for row in rows], np.int32)
    values = [" ".join(column.values[code] for column, code in zip(columns, row, strict=True)).strip() for row in first]
    return Column(codes, values)
