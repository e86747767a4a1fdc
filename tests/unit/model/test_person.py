"""Counts bound their own dates, and no record shows anything personal."""

import datetime as dt

import pytest

from clearslate.model import Span
from clearslate.testing.factories import make_count, make_person, make_registration


@pytest.mark.parametrize(
    ("arrested", "disposed", "arrest", "disposition"),
    [
        ("2010-05-01", "2010-06-01", ("2010-05-01", "2010-05-01"), ("2010-06-01", "2010-06-01")),
        (None, "2010-06-01", (None, "2010-06-01"), ("2010-06-01", "2010-06-01")),
        ("2010-05-01", None, ("2010-05-01", "2010-05-01"), ("2010-05-01", None)),
        (None, None, (None, None), (None, None)),
        ("2010", "2010-06-01", ("2010-01-01", "2010-06-01"), ("2010-06-01", "2010-06-01")),
        ("2010-05-01", "2010", ("2010-05-01", "2010-05-01"), ("2010-05-01", "2010-12-31")),
        ("2012", "2010", ("2012-01-01", "2012-12-31"), ("2010-01-01", "2010-12-31")),
    ],
)
def test_an_arrest_is_never_later_than_its_disposition_where_the_record_agrees(
    arrested: str | None, disposed: str | None, arrest: tuple[str, str], disposition: tuple[str, str]
) -> None:
    count = make_count(arrested=arrested, disposed=disposed)

    def span(ends: tuple[str | None, str | None]) -> Span:
        return Span(*(None if end is None else dt.date.fromisoformat(end) for end in ends))

    assert count.arrest_span == span(arrest)
    assert count.disposed_span == span(disposition)


def test_only_convicted_counts_are_convictions() -> None:
    person = make_person(*(make_count(disposition=d) for d in ("convicted", "unknown", "not convicted")))
    assert person.convictions == (person.counts[0],)


def test_no_repr_shows_anything_personal() -> None:
    person = make_person(
        make_count(statute="ZZ 100"), names=("ZYXQUELL,ORLA",), identifiers=("A7654321",), person_id="4711",
        birth_date="1971-02-03", registrations=[make_registration()],
    )  # fmt: skip
    shown = "".join(
        f"{part!r}{part!s}"
        for part in (person, person.counts[0], person.counts[0].event, person.counts[0].cycle, person.registrations[0],
                     person.counts[0].sentence[0])
    )  # fmt: skip
    for secret in ("ZYXQUELL", "ORLA", "A7654321", "4711", "1971", "100", "OZ", "2010", "JAIL"):
        assert secret not in shown
