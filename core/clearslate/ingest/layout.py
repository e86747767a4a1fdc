"""What a delimited source format says of itself, so that the core can read it at speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Concerns
from clearslate.model import Person


def _not_read(cell: str) -> str | None:
    """No date, as in a format that says nothing of its birth dates."""
    return None


@dataclass(frozen=True, slots=True)
class Layout:
    """A comma-separated format of fixed columns, one or more rows a person.

    ``person`` is the column that groups rows; ``identifier`` a second identifier, used where
    ``person`` is blank and to notice one identifier under two persons; ``is_filler`` tells the
    cells of those two that mean nothing. ``needed`` are the columns that ``persons`` reads.
    ``checks`` give, for a column, what is wrong with a distinct value, or None; such a row is
    rejected. ``is_conviction`` answers for a distinct value of the ``disposition`` column, and
    ``county`` is the column whose values the survey counts over conviction rows; ``count`` the
    column that tells counts of one person apart.

    ``anchors`` are columns that hold nothing but a filler or one of the values given; a row with
    anything else there has lost or gained a cell and is rejected. ``beside`` names columns that
    hold such a value only where their anchor does too: it has moved there otherwise.

    ``lookup`` names the columns that hold what a person can be looked up by: their ``name``,
    ``born``, ``identifier`` and ``case``; columns that say one thing together stand in a tuple of
    their own. ``born`` gives a birth date cell as YYYY-MM-DD, None where it is blank, unreadable
    or no whole date.

    ``charges`` and ``convictions`` count those of a frame with the ``needed`` columns, where ``count``
    alone does not tell charges apart, or one row alone does not tell a conviction.
    """

    columns: tuple[str, ...]
    header: str
    person: str
    identifier: str
    disposition: str
    county: str
    count: str
    needed: tuple[str, ...]
    condensed: tuple[str, ...]
    is_conviction: Callable[[str], bool]
    county_name: Callable[[str], str | None]
    is_filler: Callable[[str], bool]
    persons: Callable[[Frame, Concerns], Sequence[Person]]
    checks: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    anchors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    lookup: Mapping[str, tuple[str | tuple[str, ...], ...]] = field(default_factory=dict)
    born: Callable[[str], str | None] = _not_read
    charges: Callable[[Frame], int] | None = None
    convictions: Callable[[Frame], int] | None = None
