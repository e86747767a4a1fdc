"""The amounts of cannabis that the subsections of 720 ILCS 550/4 and 550/5 stood for, by the day of the offense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clearslate.model import Answer, Section, Span
from clearslate_illinois.acts import CANNABIS


class Amount(NamedTuple):
    """More than ``low`` grams and not more than ``high``; None for no upper limit."""

    low: float
    high: float | None

    def within(self, other: Amount) -> bool:
        """Whether every amount in this range is in the other."""
        return self.low >= other.low and (other.high is None or (self.high is not None and self.high <= other.high))


FIVE_TIERS_UNTIL = dt.date(1997, 8, 15)
"""P.A. 90-397 split the highest amounts; before, subsection (e) was everything over 500 grams."""
TIERS_OF_2016 = dt.date(2016, 7, 29)
"""P.A. 99-0697 gave the subsections of section 4 other amounts. The letter alone does not give the amount."""


def _of(*limits: float) -> Mapping[str, Amount]:
    """The subsections in order, each from one limit to the next, the last without an upper one."""
    pairs = zip(limits, (*limits[1:], None), strict=True)
    return {letter: Amount(low, high) for letter, (low, high) in zip("ABCDEFG", pairs, strict=False)}


_EARLIEST = _of(0, 2.5, 10, 30, 500)
_BEFORE = _of(0, 2.5, 10, 30, 500, 2000, 5000)
_AFTER = _of(0, 10, 30, 100, 500, 2000, 5000)


def tiers(section: Section, when: Span) -> Sequence[Amount]:
    """The amounts that a section's subsection can stand for; none where it has no such letter or is another section.

    Several where the day of the offense leaves open which version of the law it was.
    """
    if section.code != CANNABIS or section.number not in ("4", "5") or not section.subdivisions:
        return ()
    versions = []
    if when.before(FIVE_TIERS_UNTIL) is not Answer.NO:
        versions.append(_EARLIEST)
    changed = section.number == "4"
    if when.before(FIVE_TIERS_UNTIL) is not Answer.YES and not (changed and when.before(TIERS_OF_2016) is Answer.NO):
        versions.append(_BEFORE)
    if changed and when.before(TIERS_OF_2016) is not Answer.YES:
        versions.append(_AFTER)
    letter = section.subdivisions[0]
    return tuple(dict.fromkeys(version[letter] for version in versions if letter in version))
