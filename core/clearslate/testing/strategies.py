"""Hypothesis strategies for whole records: arbitrary ones, and ones that do not contradict themselves.

Needs the extra ``testing``. Everything generated is invented; nothing is drawn from a real record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

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
    anniversary,
)
from clearslate.policy.reform import Reform
from clearslate.testing.cases import LawCase

_ELSEWHERE = (Section("YY", "7"), Section("YY", "7", ("A",)), Section(None, "7"))
_YEARS = (1, 2, 3, 5, 7, 10, 15, 18, 21, 40, 50)


@dataclass(frozen=True, slots=True)
class Pool:
    """What a reform's records are drawn from: its statutes and others, and the days on which answers change."""

    statutes: tuple[Statute, ...]
    days: tuple[dt.date, ...]
    flags: tuple[str, ...]
    facts: tuple[str, ...]
    classes: tuple[str, ...]
    endings: tuple[str, ...]
    charges: bool
    as_of: dt.date


def pool_of(reform: Reform, cases: Iterable[LawCase] = (), as_of: dt.date = dt.date(2019, 7, 1)) -> Pool:
    """Gather, from the reform's policies and cases, the statutes and days that could matter to it."""
    sections = dict.fromkeys(_ELSEWHERE)
    days = {as_of: None}
    flags = dict.fromkeys(("DATE_PARTIAL", "GRADE_GUESSED"))
    classes: dict[str, None] = {}
    endings: dict[str, None] = {}
    for arguments in _arguments(reform):
        for value in arguments.values():
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, dt.date):
                    days[one] = None
        sections.update((Section.from_citation(text), None) for text in arguments.get("statutes", ()))
        flags.update(dict.fromkeys(arguments.get("flags", ())))
        classes.update(dict.fromkeys(arguments.get("classes", ())))
        endings.update(dict.fromkeys(arguments.get("endings", ())))
    statutes: dict[Statute, None] = {}
    for section in sections:
        other_code = Section("YY", section.number)
        statutes.update(dict.fromkeys((Statute(section), Statute(section, attempt=True), Statute(section.bare))))
        statutes.update(dict.fromkeys((Statute(section, conspiracy=True), Statute(other_code))))
        statutes[Statute(Section(section.code, section.number, (*section.subdivisions, "9")))] = None
    for case in cases:
        person, _ = case.person(reform.read_statute)
        charged = (statute for count in person.counts for statute in (count.statute, *count.cycle.charged))
        registered = (registration.statute for registration in person.registrations)
        statutes.update((statute, None) for statute in (*charged, *registered) if statute is not None)
        classes.update((count.offense_class, None) for count in person.counts if count.offense_class is not None)
        endings.update((count.ended, None) for count in person.counts if count.ended is not None)
    near = [day + dt.timedelta(days=shift) for day in days for shift in (-1, 0, 1)]
    past = [anniversary(day, -years) for day in near for years in _YEARS]
    return Pool(
        statutes=tuple(statutes),
        days=tuple(dict.fromkeys([*near, *past])),
        flags=tuple(flags),
        facts=tuple(reform.about.facts),
        classes=tuple(classes),
        endings=tuple(endings),
        charges=reform.about.decides == "charges",
        as_of=as_of,
    )


def _arguments(reform: Reform) -> Iterator[dict[str, Any]]:
    for source in reform.policies().values():
        policy = reform.bind(source)
        grounds = [*policy.scope, *(flag.ground for flag in policy.flags)]
        grounds += [ground for rule in policy.rules for ground in rule.grounds]
        for ground in grounds:
            yield dict(ground.predicate)


def dates(pool: Pool, first: dt.date, last: dt.date) -> st.SearchStrategy[dt.date]:
    """Days from ``first`` to ``last``, often one on which an answer changes."""
    near = [day for day in pool.days if first <= day <= last]
    spread = st.dates(first, last)
    return st.one_of(st.sampled_from(near), spread) if near else spread


_KNOWN = st.sampled_from((3, 3, 3, 3, 2, 1, 0))
_GRADES = st.sampled_from(tuple(Grade))
_SEXES = st.sampled_from(("F", "M", None))
_RACES = st.sampled_from(("GREEN", "BLUE", None))
_COUNTIES = st.sampled_from(("OZ", "EMERALD CITY"))
_DECEASED = st.sampled_from((False, False, False, True))
_MISSING = st.sampled_from((0, 0, 0, 1, 2))
_ONE_IN_FOUR = st.sampled_from((False, False, False, True))
_RELIEVED = st.sampled_from(((),) * 6 + tuple((relief,) for relief in Relief))
_CONVICTED_OR_NOT = st.sampled_from([Disposition.CONVICTED] * 4 + [Disposition.NOT_CONVICTED])
_ANY_DISPOSITION = st.sampled_from([Disposition.CONVICTED] * 4 + [Disposition.NOT_CONVICTED, Disposition.UNKNOWN])
_CHARGES = st.sampled_from(
    [Disposition.CONVICTED, Disposition.NOT_CONVICTED] * 3 + [Disposition.PENDING, Disposition.UNKNOWN]
)
_FINE = SentencePart("FINE", None, None, takes_no_time=True)
_PART = st.builds(
    SentencePart,
    st.sampled_from(("JAIL", "PROBATION", "PRISON", None)),
    st.sampled_from((0, 1, 2, 3, 5, 10, 30, 180)),
    st.sampled_from(("day", "month", "year")),
)
_BLANK = st.sampled_from(
    (SentencePart("JAIL", None, None), SentencePart("JAIL", 3, None), SentencePart(None, None, "year"))
)
_KNOWN_PARTS = st.lists(st.one_of(_PART, st.just(_FINE)), min_size=1, max_size=3)
_ANY_PARTS = st.lists(st.one_of(_PART, _PART, st.just(_FINE), _BLANK), max_size=3)
_KNOWN_FACTS = st.one_of(st.booleans(), st.integers(0, 50))
_ANY_FACTS = st.one_of(_KNOWN_FACTS, st.floats(0, 50), st.sampled_from(["", "many", float("nan")]))
_HOW_MANY = st.sampled_from((1, 1, 2, 3))


def partly(draw: st.DrawFn, day: dt.date, *, unknown: bool = True) -> PartialDate | None:
    """Draw a day as a record may state it: whole, without the day, without the month, or not at all."""
    known = draw(_KNOWN) if unknown else 3
    return PartialDate(*(day.year, day.month, day.day)[:known]) if known else None


@st.composite
def persons(draw: st.DrawFn, pool: Pool, *, consistent: bool = False, unknown: bool = True) -> Person:
    """Whole records with one to nine counts in up to three cycles.

    ``consistent`` records do not contradict themselves; with ``unknown`` False they also state
    everything that the model can hold.
    """
    drawn = _Drawn(draw, pool, consistent, unknown)
    counts: list[Count] = []
    for number in range(1, draw(_HOW_MANY) + 1):
        counts += drawn.cycle(number, first=len(counts) + 1)
    born = draw(dates(pool, dt.date(1930, 1, 1), dt.date(2004, 12, 31)))
    return Person(
        person_id="1",
        counts=tuple(counts),
        names=("ZYXQUELL,ORLA",),
        identifiers=("Q99",),
        birth_date=drawn.stated(born),
        sex=draw(_SEXES),
        race=draw(_RACES),
        deceased=draw(_DECEASED),
        registrations=(drawn.registration(),) if draw(_ONE_IN_FOUR) else (),
        missing_rows=tuple(Place(0, 700 + n, 701 + n) for n in range(draw(_MISSING) if unknown else 0)),
        shares_identifier=False if consistent else draw(_ONE_IN_FOUR),
        flags=drawn.flags(),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Draws the pieces of one record: ``unknown`` leaves things out, ``consistent`` keeps their order in time."""

    draw: st.DrawFn
    pool: Pool
    consistent: bool
    unknown: bool

    def stated(self, day: dt.date) -> PartialDate | None:
        return partly(self.draw, day, unknown=self.unknown)

    def flags(self) -> tuple[str, ...]:
        return (self.draw(st.sampled_from(self.pool.flags)),) if self.draw(_ONE_IN_FOUR) else ()

    def left_out(self) -> bool:
        return self.unknown and self.draw(_ONE_IN_FOUR)

    def statute(self) -> Statute | None:
        return None if self.left_out() else self.draw(st.sampled_from(self.pool.statutes))

    def registration(self) -> Registration:
        day = self.draw(dates(self.pool, dt.date(1980, 1, 1), self.pool.as_of))
        return Registration(Place(0, 900, 901), self.statute(), self.stated(day))

    def cycle(self, number: int, first: int) -> list[Count]:
        arrested = self.draw(dates(self.pool, dt.date(1975, 1, 1), self.pool.as_of))
        statutes = [self.statute() for _ in range(self.draw(_HOW_MANY))]
        charged = (*statutes, *(self.statute() for _ in range(self.draw(_MISSING))))
        cycle = Cycle(str(number), self.stated(arrested), charged)
        county = None if self.left_out() else self.draw(_COUNTIES)
        event = Event(f"{number}/1", cycle, "COURT", county)
        since = arrested if self.consistent else dt.date(1975, 1, 1)
        return [self.count(str(key), event, statute, since) for key, statute in enumerate(statutes, first)]

    def count(self, key: str, event: Event, statute: Statute | None, since: dt.date) -> Count:
        place = Place(0, int(key), int(key) + 1)
        pool = self.pool
        facts = [fact for fact in pool.facts if not self.left_out()]
        dispositions = _ANY_DISPOSITION if self.unknown else _CONVICTED_OR_NOT
        if pool.charges:
            dispositions = _CHARGES
        return Count(
            key=key,
            event=event,
            place=place,
            statute=statute,
            offense="",
            grade=None if self.left_out() else self.draw(_GRADES),
            disposition=self.draw(dispositions),
            disposed=self.stated(self.draw(dates(self.pool, since, self.pool.as_of))),
            sentence=tuple(self.draw(_ANY_PARTS if self.unknown else _KNOWN_PARTS)),
            relieved=self.draw(_RELIEVED),
            flags=self.flags(),
            rows=(place,),
            facts={fact: self.draw(_ANY_FACTS if self.unknown else _KNOWN_FACTS) for fact in facts},
            committed=self.committed(event.cycle.arrested) if pool.charges else None,
            offense_class=self.one_of(pool.classes),
            ended=self.one_of(pool.endings),
        )

    def one_of(self, words: Sequence[str]) -> str | None:
        return self.draw(st.sampled_from(words)) if words and not self.left_out() else None

    def committed(self, arrested: PartialDate | None) -> PartialDate | None:
        """A day of the offense, in a consistent record some days before the arrest or on it."""
        if self.left_out():
            return None
        if self.consistent and arrested is not None:
            return self.stated(arrested.earliest - dt.timedelta(days=self.draw(st.sampled_from((0, 0, 1, 3, 400)))))
        return self.stated(self.draw(dates(self.pool, dt.date(1975, 1, 1), self.pool.as_of)))
