"""Tallies of places: how many, and the first few."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clearslate.ingest.examine import ROWS_SHOWN, Check, Examination, Severity, Tally
from clearslate.ingest.frame import Frame
from clearslate.model import Place

_PLACES = st.lists(st.builds(Place, st.integers(0, 3), st.integers(1, 99), st.integers(1, 99)), max_size=40)


def _frame(rows: list[Place]) -> Frame:
    file, row, line = (np.asarray([place[part] for place in rows], np.int64) for part in range(3))
    return Frame((), np.asarray([0, len(rows)]), file.astype(np.int32), row, line, {}, {}, frozenset())


@given(st.lists(_PLACES, max_size=5))
def test_a_tally_counts_all_and_keeps_the_first_in_source_order(parts: list[list[Place]]) -> None:
    tally, whole, merged = Tally(), [place for part in parts for place in part], Tally()
    for part in parts:
        tally.add(part)
        one = Tally()
        one.add(part)
        merged.add_tally(one)
    assert tally.count == merged.count == len(whole)
    assert tally.rows == merged.rows == tuple(sorted(whole)[:ROWS_SHOWN])


@given(st.lists(_PLACES.map(lambda places: sorted(set(places))), max_size=4), st.data())
def test_rows_of_frames_are_tallied_as_places(parts: list[list[Place]], data: st.DataObject) -> None:
    tally, chosen = Tally(), []
    for part in parts:
        picks = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part))), np.bool_)
        tally.add_rows(_frame(part), picks)
        chosen += [place for place, pick in zip(part, picks, strict=True) if pick]
    assert tally.count == len(chosen)
    assert [place[:2] for place in tally.rows] == [place[:2] for place in sorted(chosen)[:ROWS_SHOWN]]


def test_only_lost_rows_are_problems() -> None:
    def found(severity: Severity) -> Examination:
        return Examination((), 1, 1, (Check("odd", severity, 1, (), "odd"),))

    assert found(Severity.PROBLEM).has_problems
    assert not found(Severity.WARNING).has_problems
