"""What a later file showed, noted in the histories of the cases."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from clearslate.track.book import Book, By
from clearslate.track.history import Entered, Origin, Step, entered, standing
from clearslate.track.later import Comparison, Finding, Seen
from clearslate.track.state import State
from clearslate.vault.store import Store


@dataclass(slots=True, repr=False)
class Noted:
    """What was noted: charges seen cleared for the first time, those cleared before, and those visible again.

    ``seen`` is every charge with what it counts as now: one that a file shows cleared from before its order is not.
    """

    newly: int = 0
    before: int = 0
    again: int = 0
    seen: list[Seen] = field(default_factory=list)

    def by_finding(self) -> Counter[Finding]:
        """How many charges there are of each finding."""
        return Counter(one.finding for one in self.seen)


def note(store: Store, run: int, found: Comparison, of: dt.date, origin: Origin, by: By) -> Noted:
    """Note what a file of the day ``of`` shows. Raises VaultError or OutputError; nothing was noted then."""
    noted, book = Noted(), Book(store, run)
    for one in found.seen:
        noted.seen.append(_entered(one, noted, book, of, origin, by))
    book.write()
    return noted


def _entered(one: Seen, noted: Noted, book: Book, of: dt.date, origin: Origin, by: By) -> Seen:
    steps = one.case.steps
    now = standing(steps)
    cleared = now.state is State.SEEN_CLEARED
    is_visible = one.finding in (Finding.VISIBLE, Finding.CHANGED)
    if one.finding.is_cleared and cleared:
        noted.before += 1
        return one
    if one.finding.is_cleared:
        state = State.SEEN_CLEARED
    elif is_visible and cleared:
        state = State.VISIBLE_AGAIN
    else:
        return one
    if now.contradictions:
        return one._replace(finding=Finding.UNKNOWN, why="what is known of it contradicts itself; settle it first")
    step = Step(state, of, by.day, by.at, by.who, origin, note=one.why)
    result, longer = entered(steps, step)
    if result is not Entered.APPLIED or standing(longer).state is not state:
        return one._replace(finding=Finding.UNKNOWN, why="the file is not of a later day than what is known")
    book.put(one.case, longer)
    noted.newly += state is State.SEEN_CLEARED
    noted.again += state is State.VISIBLE_AGAIN
    return one
