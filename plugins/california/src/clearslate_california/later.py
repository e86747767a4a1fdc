"""Later steps of a cycle: which conviction a set-aside, a reduction or a revocation is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from clearslate_california.cells import Ints, each, sentence_order, spread
from clearslate_california.rows import EVENT, NO_STATUTE, Bools, Counts, Rows
from clearslate_california.wording import Effect, Kind, Said, comment_effect, is_filler, wording

_NEVER = np.iinfo(np.int64).max


class Change(NamedTuple):
    """What a later step, at ``row`` of the sorted rows, does to a conviction.

    Not ``certain`` where the step may be for another; ``effect`` is None where it probably is.
    """

    effect: Effect | None
    certain: bool
    row: int


def later_changes(rows: Rows, counts: Counts, chosen: Bools) -> dict[int, list[Change]]:
    """For each conviction that a later step is or may be for, by its place in ``counts``, what that does.

    A step is for the conviction under its own key; else for that of an earlier step in the cycle
    with its count number and statute; else for the only earlier conviction of the cycle, unless
    the statutes differ or the conviction's own rows name several. Otherwise it may be for any with
    that statute, or with none that is known, and the others are told too, with an effect of None.
    A step without a disposition that can be read may be any of these, and is unclear; so is a
    dismissal of the very charge that was convicted before. ``chosen`` are the persons to look at.
    """
    found: dict[int, list[Change]] = {}
    if not len(counts):
        return found
    comments = rows.frame.columns["COMMENT_TEXT"]
    effects = each(comments, comment_effect)
    commented = spread([effect is not None for effect in effects], comments)[rows.order] > 0
    first = np.full(len(rows.cycle_starts), _NEVER, np.int64)
    held = counts.convicted
    np.minimum.at(first, counts.cycle[held], counts.key[held] // EVENT)
    own = counts.is_convicted_run[counts.runs]
    said = rows.said
    court = (rows.kind == Kind.COURT) | (rows.kind == Kind.UNKNOWN) | (rows.kind == Kind.OTHER)
    speaks = (said == Said.LATER_STEP) | rows.has_effect | (said == Said.DISMISSED) | commented
    unread = said == Said.UNREAD
    speaks |= (((said == Said.NOTHING) | unread) & court) | (((said == Said.NOT_CONVICTED) | unread) & own)
    later = rows.key // EVENT > first[rows.cycle]
    steps = np.flatnonzero(speaks & (later | own) & chosen[rows.person])
    if not len(steps):
        return found
    # As the parts of a sentence: by what the record says of their order, not by where they stand.
    orders = rows.frame.columns["SENT_ORDER"]
    placed = spread(each(orders, sentence_order), orders)[rows.order[steps]]
    steps = steps[np.lexsort((placed, rows.key[steps]))]
    reading = _Reading(rows, counts)
    for step in steps.tolist():
        effect = effects[comments.codes[rows.order[step]]] or wording(rows.cell("DISP_DESCR", step)).effect
        for count, change in reading.changes(step, effect):
            found.setdefault(count, []).append(change)
    return found


class _Reading:
    def __init__(self, rows: Rows, counts: Counts) -> None:
        self.rows = rows
        self.counts = counts
        convicted = np.flatnonzero(counts.convicted)
        self.of_run = dict(
            zip(counts.runs[counts.members[counts.start[convicted]]].tolist(), convicted.tolist(), strict=True)
        )
        self.convicted = convicted
        self.cycles: Ints = counts.cycle[convicted]

    def changes(self, step: int, effect: Effect | None) -> Sequence[tuple[int, Change]]:
        said = int(self.rows.said[step])
        own = self.of_run.get(int(self.counts.runs[step]))
        if own is not None:
            if effect is None and said == Said.NOTHING and self._has_sentence(step):
                return ()
            if effect is None and said in (Said.CONVICTED, Said.PERHAPS, Said.LATER_STEP):
                return ()
            return ((own, Change(effect or Effect.UNCLEAR, True, step)),)
        if said == Said.CONVICTED or (effect is None and said == Said.LATER_STEP):
            return ()
        earlier = self._earlier(step)
        same = [count for count in earlier if self._same_charge(step, count)]
        exact = [count for count in same if self._same_number(step, count)]
        # A conviction of no known statute may be the one the step names, and takes it from no other.
        one = len(exact) == 1 and self._statute(exact[0]) != NO_STATUTE
        if effect is None and said == Said.DISMISSED:
            return [(count, Change(Effect.UNCLEAR, True, step)) for count in exact]
        if effect is None:
            return [(count, Change(Effect.UNCLEAR, True, step)) for count in (exact if one else same)]
        known = int(self.rows.statute[step]) != NO_STATUTE
        if one and known:
            return ((exact[0], Change(effect, True, step)),)
        if len(earlier) == 1 and same and not (known and self.counts.contested[earlier[0]]):
            return ((earlier[0], Change(effect, True, step)),)
        return [(count, Change(effect if count in same else None, False, step)) for count in earlier]

    def _earlier(self, step: int) -> list[int]:
        low, high = np.searchsorted(self.cycles, [self.rows.cycle[step], self.rows.cycle[step] + 1])
        event = int(self.rows.key[step]) // EVENT
        return [count for count in self.convicted[low:high].tolist() if int(self.counts.key[count]) // EVENT < event]

    def _statute(self, count: int) -> int:
        return int(self.counts.statute[count])

    def _same_charge(self, step: int, count: int) -> bool:
        mine, its = int(self.rows.statute[step]), self._statute(count)
        return mine == its or NO_STATUTE in (mine, its)

    def _same_number(self, step: int, count: int) -> bool:
        return int(self.rows.key[step]) % EVENT == int(self.counts.key[count]) % EVENT

    def _has_sentence(self, step: int) -> bool:
        return not all(is_filler(self.rows.cell(name, step)) for name in ("SENT_LOC_DESCR", "SENT_LENGTH"))
