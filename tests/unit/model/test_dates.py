"""Partial dates, spans and anniversaries."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.model import Answer, PartialDate, Span, add_months, anniversary, span_of

DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2035, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(DAYS)
    known = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:known])


def completions(draw: st.DataObject, when: PartialDate) -> dt.date:
    return draw.draw(st.dates(when.earliest, when.latest))


# Reading and writing -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1999", "1999-05", "1999-05-31", "2016-02-29", "0001-01-01"])
def test_a_partial_date_is_written_as_it_is_read(text: str) -> None:
    assert str(PartialDate.from_iso(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "99", "1999-5", "1999-05-1", "19990531", "1999/05/31", "1999-13", "1999-00", "1999-05-00", "2015-02-29",
     "1999-05-31T00", "１９９９", "-999", "0000", "1999-", "1999-05-31 "],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar words some of these
        PartialDate.from_iso(text)


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="month"):
        PartialDate(1999, None, 5)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2015-02", "2015-02-01", "2015-02-28"),
        ("2015-04-30", "2015-04-30", "2015-04-30"),
    ],
)
def test_a_partial_date_is_some_day_between_its_first_and_its_last(text: str, first: str, last: str) -> None:
    when = PartialDate.from_iso(text)
    assert (when.earliest.isoformat(), when.latest.isoformat()) == (first, last)
    assert when.exact is (first == last)


def test_an_unknown_date_can_be_any_day() -> None:
    assert span_of(None) == Span(None, None)


# Order --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "before", "on_or_before"),
    [
        ("2016-11-08", "yes", "yes"),
        ("2016-11-09", "no", "yes"),
        ("2016-11-10", "no", "no"),
        ("2016-11", "unknown", "unknown"),
        ("2016-10", "yes", "yes"),
        ("2016-12", "no", "no"),
        ("2015", "yes", "yes"),
        ("2016", "unknown", "unknown"),
        ("2017", "no", "no"),
    ],
)
def test_a_partial_date_is_before_a_day_only_if_every_day_of_it_is(when: str, before: str, on_or_before: str) -> None:
    span, day = PartialDate.from_iso(when).span, dt.date(2016, 11, 9)
    assert span.before(day).value == before
    assert span.on_or_before(day).value == on_or_before


def test_a_month_that_ends_on_the_day_is_on_or_before_it_but_not_before_it() -> None:
    april = PartialDate(2016, 4).span
    assert april.on_or_before(dt.date(2016, 4, 30)) is Answer.YES
    assert april.before(dt.date(2016, 4, 30)) is Answer.UNKNOWN
    assert april.before(dt.date(2016, 4, 1)) is Answer.NO


def test_two_dates_of_one_year_have_no_known_order() -> None:
    assert PartialDate(1999).span.precedes(PartialDate(1999, 7, 1).span) is Answer.UNKNOWN
    assert PartialDate(1999).span.precedes(PartialDate(1999).span) is Answer.UNKNOWN


def test_a_day_does_not_precede_itself() -> None:
    day = PartialDate(1999, 7, 1).span
    assert day.precedes(day) is Answer.NO


@given(partial_dates(), DAYS, st.data())
def test_what_a_span_answers_about_a_day_every_completion_answers(when: PartialDate, day: dt.date, data) -> None:
    real = completions(data, when)
    assert when.span.before(day) in (Answer.of(real < day), Answer.UNKNOWN)
    assert when.span.on_or_before(day) in (Answer.of(real <= day), Answer.UNKNOWN)


@given(partial_dates(), partial_dates(), st.data())
def test_what_two_spans_answer_every_completion_answers(one: PartialDate, other: PartialDate, data) -> None:
    real = completions(data, one) < completions(data, other)
    assert one.span.precedes(other.span) in (Answer.of(real), Answer.UNKNOWN)


@given(partial_dates(), DAYS)
def test_a_span_answers_unknown_only_if_two_completions_differ(when: PartialDate, day: dt.date) -> None:
    differ = (when.earliest < day) != (when.latest < day)
    assert (when.span.before(day) is Answer.UNKNOWN) is differ


@given(partial_dates(), partial_dates())
def test_what_two_spans_share_lies_in_both(one: PartialDate, other: PartialDate) -> None:
    shared = one.span.within(other.span)
    days = {one.earliest, one.latest, other.earliest, other.latest}
    in_both = [d for d in days if one.earliest <= d <= one.latest and other.earliest <= d <= other.latest]
    if shared is None:
        assert not in_both
    else:
        assert (shared.earliest, shared.latest) == (min(in_both), max(in_both))


def test_an_open_side_is_closed_by_the_other_span() -> None:
    day = dt.date(2016, 1, 1)
    assert Span(None, day).within(Span(None, None)) == Span(None, day)
    assert Span(None, None).within(Span(day, None)) == Span(day, None)


def test_an_open_span_answers_what_its_closed_side_settles() -> None:
    until = Span(None, dt.date(2016, 11, 8))
    assert until.before(dt.date(2016, 11, 9)) is Answer.YES
    assert until.before(dt.date(2016, 11, 8)) is Answer.UNKNOWN
    since = Span(dt.date(2016, 11, 9), None)
    assert since.before(dt.date(2016, 11, 9)) is Answer.NO
    assert until.precedes(since) is Answer.YES
    assert since.precedes(until) is Answer.NO
    assert Span().precedes(Span()) is Answer.UNKNOWN


# Anniversaries -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        ("1996-02-29", 4, "2000-02-29"),
        ("1996-02-29", 1, "1997-03-01"),
        ("1996-02-29", 21, "2017-03-01"),
        ("1896-02-29", 4, "1900-03-01"),
        ("1997-02-28", 3, "2000-02-28"),
        ("2010-06-15", 10, "2020-06-15"),
        ("2010-06-15", 0, "2010-06-15"),
    ],
)
def test_the_anniversary_of_29_february_is_1_march_in_a_common_year(day: str, years: int, then: str) -> None:
    assert anniversary(dt.date.fromisoformat(day), years).isoformat() == then


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2015-01-31", 1, "2015-03-01"),
        ("2016-01-31", 1, "2016-03-01"),
        ("2016-01-29", 1, "2016-02-29"),
        ("2015-08-31", 1, "2015-10-01"),
        ("2015-12-31", 2, "2016-03-01"),
        ("2015-11-30", 13, "2016-12-30"),
        ("2015-03-31", -1, "2015-03-01"),
        ("2015-01-15", -1, "2014-12-15"),
    ],
)
def test_a_month_without_that_day_ends_on_the_first_of_the_next(day: str, months: int, then: str) -> None:
    assert add_months(dt.date.fromisoformat(day), months).isoformat() == then


@given(DAYS, DAYS, st.integers(0, 240))
def test_adding_months_never_turns_the_order_of_two_days_round(one: dt.date, other: dt.date, months: int) -> None:
    early, late = sorted((one, other))
    assert add_months(early, months) <= add_months(late, months)


@given(partial_dates(), st.integers(0, 99), st.data())
def test_the_span_of_anniversaries_holds_the_anniversary_of_every_completion(when, years, data) -> None:
    span = when.span.plus_years(years)
    assert span.earliest <= anniversary(completions(data, when), years) <= span.latest


def test_an_anniversary_beyond_the_calendar_leaves_the_span_open() -> None:
    assert PartialDate(9990).span.plus_years(9) == Span(dt.date(9999, 1, 1), dt.date(9999, 12, 31))
    assert PartialDate(9990).span.plus_years(10) == Span(None, None)
    assert Span(dt.date(2000, 1, 1), dt.date(9995, 1, 1)).plus_years(10) == Span(dt.date(2010, 1, 1), None)
