"""Dated versions of a policy: ``statute-2027-01-01.toml`` beside ``statute.toml``, chosen by the as-of day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

_DATED = re.compile(r"(?P<id>.+)-(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


def version_of(stem: str) -> tuple[str, dt.date | None]:
    """The policy's id and the day from which the version is used; None for the first one, which bears no date.

    Raises ValueError for a date that the calendar lacks.
    """
    match = _DATED.fullmatch(stem)
    if match is None:
        return stem, None
    return match["id"], dt.date.fromisoformat(match["day"])


def in_force(stems: Iterable[str], id: str, as_of: dt.date | None) -> str | None:
    """Of the versions of a policy the one to decide by on a day, for None the newest; None where there is none.

    A day before the first dated version is decided by the one that bears no date.
    """
    found: tuple[dt.date, str] | None = None
    for stem in stems:
        name, day = version_of(stem)
        if name != id or (day is not None and as_of is not None and as_of < day):
            continue
        found = max(found or (dt.date.min, stem), (day or dt.date.min, stem))
    return None if found is None else found[1]
