"""Which counts a public report must hide, so that no small one can be read or worked out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from clearslate.output.figures import Figures, Path, Sum

SMALLEST = 10
"""A count below this is never shown, nothing included."""


def hidden(figures: Figures, smallest: int = SMALLEST) -> frozenset[Path]:
    """The paths to hide: every count under ``smallest``, and more until none of those can be worked out.

    Worked out means: the shown counts and the sums leave one value only for it, or bound it below
    ``smallest`` by going through the sums one after the other. Which counts were small to begin
    with does not show, because all hidden ones look the same.
    """
    counts = figures.counts
    # That nobody at all is left over is said of everybody, and tells nothing of a few.
    nobody_left = {path for path in figures.unprinted if counts[path] == 0}
    small = {path for path, count in counts.items() if count < smallest} - nobody_left
    gone = small | figures.unprinted
    while True:
        exposed = sorted((_solved(figures, gone) | _bounded(figures, gone, smallest)) & small)
        partner = next((p for path in exposed if (p := _partner(figures, path, gone)) is not None), None)
        if partner is None:
            return frozenset(gone)
        gone.add(partner)


def _partner(figures: Figures, path: Path, gone: set[Path]) -> Path | None:
    """The shown count to hide for the sake of ``path``: the smallest of its own sums, parts before totals.

    Where its own sums show nothing more, what gives it away stands further off, along the chain of sums.
    """
    reached = {path}
    while True:
        near = [s for s in figures.sums if not reached.isdisjoint((s.total, *s.parts))]
        shown = [(p == s.total, figures.counts[p], p) for s in near for p in (s.total, *s.parts) if p not in gone]
        if shown:
            return min(shown)[2]
        further = reached.union(*((s.total, *s.parts) for s in near))
        if further == reached:
            return None
        reached = further


def _solved(figures: Figures, gone: Iterable[Path]) -> set[Path]:
    """The hidden counts that the shown ones determine: those on which all solutions agree."""
    unknown = sorted(gone)
    column = {path: place for place, path in enumerate(unknown)}
    rows = []
    for total, parts in figures.sums:
        row = np.zeros(len(unknown))
        for path, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
            if path in column:
                row[column[path]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    _, sizes, directions = np.linalg.svd(np.array(rows))
    rank = int((sizes > 1e-9).sum())
    free = np.abs(directions[rank:]).max(axis=0) if rank < len(unknown) else np.zeros(len(unknown))
    return {path for path, place in column.items() if free[place] < 1e-9}


def _bounded(figures: Figures, gone: Iterable[Path], smallest: int) -> set[Path]:
    """The hidden counts that cannot reach ``smallest``, by the sums and because no count is below nothing."""
    low = dict.fromkeys(gone, 0.0)
    high = dict.fromkeys(low, np.inf)

    def bounds(path: Path) -> tuple[float, float]:
        return (low[path], high[path]) if path in low else (figures.counts[path],) * 2

    changed = True
    while changed:
        changed = False
        for sum_ in figures.sums:
            for path in {sum_.total, *sum_.parts} & low.keys():
                least, most = _allowed(path, sum_, bounds)
                if least > low[path] or most < high[path]:
                    low[path], high[path] = max(least, low[path]), min(most, high[path])
                    changed = True
    return {path for path in low if high[path] < smallest}


def _allowed(path: Path, sum_: Sum, bounds: object) -> tuple[float, float]:
    assert callable(bounds)
    if path == sum_.total:
        pairs = [bounds(part) for part in sum_.parts]
        return sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    others = [bounds(part) for part in sum_.parts if part != path]
    least, most = bounds(sum_.total)
    return least - sum(pair[1] for pair in others), most - sum(pair[0] for pair in others)
