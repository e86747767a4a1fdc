"""The rows of a table put together into charges, and what the rows of one charge agree on."""

from __future__ import annotations

from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from clearslate.ingest.frame import Frame
from clearslate.ingest.rows import Bools, Ints
from clearslate.ingest.table.fields import Meaning, Said, said, texts, unsaid
from clearslate.ingest.table.plan import Plan
from clearslate.ingest.table.schema import Cells
from clearslate.model import Disposition

T = TypeVar("T")


class Agreed(NamedTuple, Generic[T]):
    """For each charge, what all its rows say (``said.values[codes[charge]]``), and whether they differ or are odd."""

    said: Said[T]
    codes: Ints
    differ: Bools
    odd: Bools

    def of(self, charge: int) -> T | None:
        """What a charge's rows agree on, or None."""
        return self.said.values[int(self.codes[charge])]


class Charges:
    """The charges of a frame: parallel arrays, a charge each, in the order of person and first row.

    ``members`` are rows, and a charge has those from ``start`` to ``stop``. Where a row of a person lacks what tells
    the charges apart, the row is a charge of its own, and what the person's rows differ on is unknown for all of them:
    it may belong to any. ``unkeyed`` are the persons with such rows.
    """

    def __init__(self, frame: Frame, plan: Plan) -> None:
        self.frame = frame
        self.plan = plan
        self._starts = frame.starts[:-1]
        self.row_person: Ints = np.repeat(np.arange(len(self._starts), dtype=np.int64), np.diff(frame.starts))
        count = len(frame)
        self.unkeyed: Bools = np.zeros(len(self._starts), np.bool_)
        rows = np.arange(count, dtype=np.int64)
        if plan.charge.key is None:
            charge = rows
        else:
            # A row lacks its key where any of several columns is blank.
            apart = Cells(columns=plan.charge.key.columns, joined_by="\x1f")
            key, found = texts(frame, apart, plan.is_blank)
            blank = np.asarray([plan.is_blank(text) for text in found] or [False], np.bool_)[key]
            self.unkeyed[self.row_person[blank]] = True
            same = np.where(blank, len(found) + rows, key) + self.row_person * (len(found) + count + 1)
            charge = np.unique(same, return_inverse=True)[1].reshape(-1)
        # Numbered by the first row of each, so that charges follow each other as in the file.
        first = np.full(int(charge.max(initial=-1)) + 1, count, np.int64)
        np.minimum.at(first, charge, rows)
        charge = np.argsort(np.argsort(first))[charge]
        self.row_charge: Ints = charge
        self.members: Ints = np.argsort(charge, kind="stable")
        ordered = charge[self.members]
        self.start: Ints = np.flatnonzero(np.diff(ordered, prepend=-1))
        self.stop: Ints = np.append(self.start[1:], count).astype(np.int64)
        self.person: Ints = self.row_person[self.members[self.start]] if count else rows

    def __len__(self) -> int:
        return len(self.start)

    def read(self, cells: Cells | str | None, meaning: Meaning[T]) -> Said[T]:
        """What each row says of a fact; nothing where the table has no column for it."""
        if cells is None:
            return unsaid(self.frame)
        if isinstance(cells, str):
            cells = Cells(columns=[cells])
        return said(self.frame, cells, self.plan.is_blank, meaning)

    def agreed(self, found: Said[T]) -> Agreed[T]:
        """What the rows of each charge agree on; a row that says nothing agrees with none that says something."""
        if not len(self):
            nothing = np.zeros(0, np.bool_)
            return Agreed(found, np.zeros(0, np.int64), nothing, nothing)
        low, high = self._over(found.codes)
        odd = np.logical_or.reduceat(found.odd[self.members], self.start)
        return Agreed(found, np.where(low == high, low, 0), low != high, odd)

    def _over(self, codes: Ints) -> tuple[Ints, Ints]:
        of_members = codes[self.members]
        low, high = np.minimum.reduceat(of_members, self.start), np.maximum.reduceat(of_members, self.start)
        if self.unkeyed.any():
            everyone = self.people_over(codes)
            low, high = (
                np.where(self.unkeyed[self.person], of_person[self.person], of_charge)
                for of_person, of_charge in zip(everyone, (low, high), strict=True)
            )
        return low, high

    def people_over(self, codes: Ints) -> tuple[Ints, Ints]:
        """The least and the greatest number over the rows of each person."""
        # A person without a row left has a start, which may be behind the last row.
        starts = np.minimum(self._starts, max(len(codes) - 1, 0))
        if not len(codes):
            return np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
        return np.minimum.reduceat(codes, starts), np.maximum.reduceat(codes, starts)

    @cached_property
    def disposition(self) -> Agreed[Disposition]:
        """How each charge ended."""
        return self.agreed(self.read(self.plan.charge.disposition, self.plan.disposition))

    @property
    def convictions(self) -> int:
        """How many charges ended in a conviction."""
        endings = self.disposition
        convicted = [value is Disposition.CONVICTED for value in endings.said.values]
        return int(np.asarray(convicted, np.bool_)[endings.codes].sum())
