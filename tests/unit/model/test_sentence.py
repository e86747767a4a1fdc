"""When a sentence ends, by the calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import PartialDate, SentencePart, Span, sentence_end

START = PartialDate(2015, 1, 10)
FINE = SentencePart("FINE", None, None, takes_no_time=True)


def part(length: int | None, unit: str | None, kind: str = "JAIL") -> SentencePart:
    return SentencePart(kind, length, unit)  # type: ignore[arg-type]


def ends(*parts: SentencePart, start: PartialDate | None = START) -> str | None:
    span = sentence_end(start, parts)
    assert span.earliest == span.latest
    return None if span.latest is None else span.latest.isoformat()


def test_180_days_then_three_years_end_on_the_calendar() -> None:
    assert ends(part(180, "day"), part(3, "year", "PROBATION")) == "2018-07-09"


def test_parts_are_added_one_after_the_other() -> None:
    assert ends(part(1, "month"), part(1, "day")) == "2015-02-11"
    january = PartialDate(2015, 1, 30)
    assert ends(part(1, "month"), part(1, "day"), start=january) == "2015-03-02"
    assert ends(part(1, "day"), part(1, "month"), start=january) == "2015-03-01"


def test_a_year_from_29_february_ends_on_1_march() -> None:
    assert ends(part(1, "year"), start=PartialDate(2016, 2, 29)) == "2017-03-01"


def test_a_fine_takes_no_time() -> None:
    assert ends(FINE) == "2015-01-10"
    assert ends(part(30, "day"), FINE) == "2015-02-09"


def test_a_literal_zero_is_known_to_be_nothing_whatever_its_unit() -> None:
    assert ends(part(0, None)) == "2015-01-10"
    assert ends(part(0, "year"), part(1, "day")) == "2015-01-11"


@pytest.mark.parametrize("unknown", [part(None, None), part(None, "year"), part(3, None)])
def test_a_part_of_unknown_length_leaves_the_end_open(unknown: SentencePart) -> None:
    assert not unknown.known
    assert sentence_end(START, [part(30, "day"), unknown]) == Span(None, None)
    assert sentence_end(START, [unknown, part(30, "day")]) == Span(None, None)


@pytest.mark.parametrize("known", [FINE, part(0, None), part(3, "year")])
def test_a_part_with_length_and_unit_is_known(known: SentencePart) -> None:
    assert known.known


def test_no_part_at_all_and_no_start_leave_the_end_open() -> None:
    assert sentence_end(START, []) == Span(None, None)
    assert sentence_end(None, [part(30, "day")]) == Span(None, None)


def test_a_partial_start_gives_a_span_of_ends() -> None:
    assert sentence_end(PartialDate(2015), [part(1, "year")]) == Span(dt.date(2016, 1, 1), dt.date(2016, 12, 31))


@pytest.mark.parametrize("unit", ["day", "month", "year"])
@pytest.mark.parametrize("length", [9999, 10**6, 10**12, 10**30])
def test_a_term_beyond_the_calendar_never_ends_and_never_raises(length: int, unit: str) -> None:
    span = sentence_end(START, [part(length, unit)])
    assert span == Span(None, None) or span.latest > START.latest
    assert sentence_end(START, [part(10**12, unit)]) == Span(None, None)


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2020, 1, 1)),
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["day", "month", "year"])), min_size=1, max_size=4),
    st.integers(1, 3),
)
def test_the_end_of_every_completion_of_a_partial_start_lies_in_the_span(day, parts, known) -> None:
    made = [part(length, unit) for length, unit in parts]
    whole = sentence_end(PartialDate(*(day.year, day.month, day.day)[:known]), made)
    exact = sentence_end(PartialDate.of(day), made)
    assert whole.earliest <= exact.earliest <= whole.latest
