from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearslate.model import PartialDate, Span, anniversary, span_of
from clearslate_il_cannabis.factors import (
    BOARD_NOTICE,
    EXPUNGEMENT,
    NOT_KNOWN,
    OBJECTION,
    PARDON_OBJECTION,
    Elapsed,
    age,
    age_at_offense,
    elapsed,
    factors_of,
    latest,
    time_since,
)
from clearslate_il_cannabis.schedule import factor_totals

DAY = dt.date(2026, 1, 31)
DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2100, 1, 1))


def day(text: str | None) -> Span:
    return span_of(None if text is None else PartialDate.from_iso(text))


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("1980-05-17", "2026-05-16", "45"),
        ("1980-05-17", "2026-05-17", "46"),
        ("1980-05-17", "2026-05-18", "46"),
        ("2000-02-29", "2021-02-28", "20"),
        ("2000-02-29", "2021-03-01", "21"),
        ("1980-05", "2026-05-16", "45 or 46"),
        ("1980", "2026-12-31", "46"),
        ("1980", "2026-05-16", "45 or 46"),
        ("1980", "2026", "45 or 46"),
        (None, "2026-05-16", NOT_KNOWN),
        ("1980-05-17", None, NOT_KNOWN),
        ("2026-05-17", "2026-05-16", NOT_KNOWN),
        ("2026", "2026-05-16", NOT_KNOWN),
    ],
)
def test_an_age_is_whole_years_as_far_as_both_days_are_known(since: str | None, until: str | None, words: str) -> None:
    assert age(elapsed(day(since), day(until))) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, NOT_KNOWN),
        (Elapsed(0, 0), "0 months"),
        (Elapsed(1, 1), "1 month"),
        (Elapsed(11, 11), "11 months"),
        (Elapsed(11, 12), "11 or 12 months"),
        (Elapsed(3, 14), "3 to 14 months"),
        (Elapsed(12, 12), "1 year"),
        (Elapsed(12, 23), "1 year"),
        (Elapsed(23, 24), "1 or 2 years"),
        (Elapsed(144, 160), "12 or 13 years"),
    ],
)
def test_time_is_said_in_years_and_in_months_below_one(found: Elapsed | None, words: str) -> None:
    assert time_since(found) == words


@given(DAYS, DAYS)
def test_whole_years_have_passed_and_one_more_has_not(first: dt.date, second: dt.date) -> None:
    since, until = sorted((first, second))
    found = elapsed(Span(since, since), Span(until, until))
    assert found is not None
    assert found.is_certain
    (years, _) = found.years
    assert anniversary(since, years) <= until < anniversary(since, years + 1)


@given(DAYS, st.integers(0, 400), DAYS, st.integers(0, 400), DAYS, DAYS)
def test_knowing_less_only_widens_what_is_said(
    low: dt.date, wide: int, start: dt.date, late: int, born: dt.date, then: dt.date
) -> None:
    since, until = Span(low, low + dt.timedelta(wide)), Span(start, start + dt.timedelta(late))
    found = elapsed(since, until)
    inside = low <= born <= low + dt.timedelta(wide) and start <= then <= start + dt.timedelta(late)
    if found is None or not inside:
        return
    exact = elapsed(Span(born, born), Span(then, then))
    assert exact is not None
    assert found.least <= exact.least <= found.most


def test_the_age_at_the_offense_is_never_taken_from_another_day(desk: Any) -> None:
    known = factors_of(desk.entry("sa_motion"), DAY)
    assert (age(known.age_now), age_at_offense(known), time_since(known.since_conviction)) == ("45", "28", "15 years")
    undated = factors_of(desk.entry("sa_motion", committed=None), DAY)
    assert age_at_offense(undated) == "not known; 28 at the arrest"
    stated = desk.entry("sa_motion", born=None, cells={"AGE_AT_INCIDENT": "31"})
    assert age_at_offense(factors_of(stated, DAY)) == "31, as the source prints it"
    assert age(factors_of(stated, DAY).age_now) == NOT_KNOWN
    nothing = factors_of(desk.entry("sa_motion", born=None, disposed=None), DAY)
    assert (age_at_offense(nothing), time_since(nothing.since_conviction)) == (NOT_KNOWN, NOT_KNOWN)


@pytest.mark.parametrize("cell", ["", "9", "156", "x", "1 7", "٣٤", "-3", "3000"])
def test_an_age_that_cannot_be_is_not_known(desk: Any, cell: str) -> None:
    entry = desk.entry("sa_motion", born=None, cells={"AGE_AT_INCIDENT": cell})
    assert age_at_offense(factors_of(entry, DAY)) == NOT_KNOWN


def test_the_last_of_several_days_is_open_where_one_is_not_known() -> None:
    first, second = PartialDate(2001, 5, 1), PartialDate(2003)
    assert latest([first, second]) == Span(dt.date(2003, 1, 1), dt.date(2003, 12, 31))
    assert latest([PartialDate(2003, 5, 1), second]) == Span(dt.date(2003, 5, 1), dt.date(2003, 12, 31))
    assert latest([first, None]) == latest([]) == Span()


@given(st.one_of(st.none(), DAYS))
def test_what_is_due_is_counted_from_the_event_or_said_in_words(event: dt.date | None) -> None:
    for term, days, after in (
        (OBJECTION, 60, "the filing"),
        (EXPUNGEMENT, 60, "the order"),
        (BOARD_NOTICE, 30, "the order"),
        (PARDON_OBJECTION, 60, "the Board's notice"),
    ):
        words = f"{days} days after {after}"
        if event is None:
            assert term.said(event) == words
        else:
            assert term.by(event) == event + dt.timedelta(days=days)
            assert term.said(event).endswith(f"({words})")


def test_a_due_day_is_printed_as_the_month_says_it() -> None:
    assert EXPUNGEMENT.said(dt.date(2026, 1, 1)) == "by March 2, 2026 (60 days after the order)"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "1950-01-01", "1985", "2004-07-01"]),
            st.sampled_from([None, "1999-01-01", "2009-03", "2018-01-01"]),
            st.sampled_from([None, "1999-06-01", "2015", "2025-12-31"]),
        ),
        max_size=20,
    )
)
def test_the_bands_of_each_factor_hold_every_conviction(desk: Any, drawn: Any) -> None:
    entries = [
        desk.entry("sa_motion", born=born, committed=committed, disposed=disposed)
        for born, committed, disposed in drawn
    ]
    for counts in factor_totals(entries, DAY).values():
        assert sum(counts.values()) == len(drawn)
