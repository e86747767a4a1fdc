"""Where in the source a fact stands, and the base of every record that could hold personal data."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """A frozen value whose ``repr`` shows its class and nothing personal.

    References point one way only, so that the garbage collector need not look at the many that
    a run makes.
    """

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Place(NamedTuple):
    """A data row of a source file: file index in the order given, row from 1, physical line from 1.

    A header is not counted as a row, but is a line.
    """

    file: int
    row: int
    line: int
