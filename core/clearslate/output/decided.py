"""One conviction with what was decided about it: what every writer is given."""

from __future__ import annotations

from clearslate.model import Count, Person, Record
from clearslate.policy.determination import Determination


class Decided(Record, frozen=True):
    """A conviction in scope, whose it is, and the determination."""

    person: Person
    count: Count
    determination: Determination
