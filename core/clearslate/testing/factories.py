"""People and counts made in one line: everything known and unremarkable, but for what the test says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from clearslate.model import (
    Count,
    Cycle,
    Disposition,
    Event,
    Grade,
    PartialDate,
    Person,
    Place,
    Registration,
    Relief,
    Section,
    SentencePart,
    Statute,
)
from clearslate.policy.matter import History, Matter
from clearslate.testing.cases import read_part


def make_date(text: str | None) -> PartialDate | None:
    """Read ``2001-05-31``, ``2001-05`` or ``2001``; None is unknown."""
    return None if text is None else PartialDate.from_iso(text)


def make_statute(citation: str | None, *, stacked: Iterable[str] = (), **how: Any) -> Statute | None:
    """Make a statute of a section as policies write it, ``ZZ 100(a)``; ``how`` are the fields of Statute."""
    if citation is None:
        return None
    how.setdefault("raw", citation)
    return Statute(Section.from_citation(citation), tuple(Section.from_citation(s) for s in stacked), **how)


def make_cycle(
    key: str = "1", *, arrested: str | None = "2010-05-01", charged: Iterable[Statute | str | None] = ()
) -> Cycle:
    """Make an arrest cycle."""
    return Cycle(key, make_date(arrested), tuple(_statute(one) for one in charged))


def make_event(cycle: Cycle | None = None, key: str | None = None, *, county: str | None = "OZ") -> Event:
    """Make a court event of a cycle."""
    cycle = cycle or make_cycle()
    return Event(key=key or f"{cycle.key}/1", cycle=cycle, kind="COURT", county=county)


def make_count(
    statute: Statute | str | None = "ZZ 100",
    *,
    arrested: str | None = "2010-05-01",
    disposed: str | None = "2010-06-01",
    grade: str | None = "felony",
    county: str | None = "OZ",
    disposition: str = "convicted",
    sentence: Iterable[SentencePart | str] = ("30 day JAIL",),
    relieved: Iterable[Relief] = (),
    flags: Iterable[str] = (),
    facts: Mapping[str, Any] | None = None,
    committed: str | None = None,
    offense_class: str | None = None,
    ended: str | None = None,
    said_by: Mapping[str, str] | None = None,
    event: Event | None = None,
    key: str = "",
    place: Place | None = None,
) -> Count:
    """Make a count; ``event`` gives it a cycle and a county of its choice instead of its own.

    A count without ``key`` or ``place`` is given them by :func:`make_person`.
    """
    parsed = _statute(statute)
    if event is None:
        cycle = Cycle("", make_date(arrested), (parsed,))
        event = Event(key="", cycle=cycle, kind="COURT", county=county)
    return Count(
        key=key,
        event=event,
        place=place or Place(0, 0, 0),
        statute=parsed,
        offense=parsed.raw if parsed is not None else "",
        grade=None if grade is None else Grade(grade),
        disposition=Disposition(disposition),
        disposed=make_date(disposed),
        sentence=tuple(read_part(part) if isinstance(part, str) else part for part in sentence),
        relieved=tuple(relieved),
        flags=tuple(flags),
        facts=dict(facts or {}),
        committed=make_date(committed),
        offense_class=offense_class,
        ended=ended,
        said_by=dict(said_by or {}),
    )


def make_registration(
    statute: Statute | str | None = "ZZ 290", registered: str | None = "2001-01-01", row: int = 900
) -> Registration:
    """Make a registration event."""
    return Registration(Place(0, row, row + 1), _statute(statute), make_date(registered))


def make_person(
    *counts: Count,
    birth_date: str | None = "1980-01-01",
    missing_rows: int = 0,
    registrations: Sequence[Registration] = (),
    **fields: Any,
) -> Person:
    """Make a person of counts, numbering those that have no key, row, event or cycle of their own.

    Take the count to decide from ``person.counts``: what is numbered is another object.
    """
    numbered = tuple(_numbered(count, number) for number, count in enumerate(counts, 1))
    return Person(
        person_id=fields.pop("person_id", "1"),
        counts=numbered,
        birth_date=make_date(birth_date),
        missing_rows=tuple(Place(0, 1000 + n, 1001 + n) for n in range(missing_rows)),
        registrations=tuple(registrations),
        **fields,
    )


def make_matter(count: Count, *others: Count, as_of: str = "2020-01-01", **person: Any) -> Matter:
    """Make the matter of deciding ``count`` of a person who has the others too."""
    whole = make_person(count, *others, **person)
    return Matter(History(whole), whole.counts[0], dt.date.fromisoformat(as_of))


def _statute(given: Statute | str | None) -> Statute | None:
    return make_statute(given) if isinstance(given, str) else given


def _numbered(count: Count, number: int) -> Count:
    event = count.event
    if not event.key:
        cycle = event.cycle if event.cycle.key else msgspec.structs.replace(event.cycle, key=f"own {number}")
        event = msgspec.structs.replace(event, key=f"{cycle.key}/{number}", cycle=cycle)
    place = count.place if count.place.row else Place(0, number, number + 1)
    return msgspec.structs.replace(count, key=count.key or str(number), event=event, place=place, rows=(place,))
