"""The schedule of a motion: one line for each conviction, with all that the court is told of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.model import PartialDate
from clearslate_il_cannabis.factors import (
    NOT_KNOWN,
    Elapsed,
    Factors,
    age,
    age_at_offense,
    factors_of,
    time_since,
)
from clearslate_il_cannabis.particulars import (
    amount,
    class_words,
    co_charges,
    convicted,
    ended,
    flags,
    noticed,
    sentence_end,
    sentenced,
)
from clearslate_illinois.filing.lists import Field, Numbered
from clearslate_illinois.filing.record import (
    NOT_IN_RECORD,
    agency,
    arrest_numbers,
    born,
    case_text,
    cases,
    charged,
    has_name,
    initials,
    name,
    other_names,
    person_numbers,
    short_date,
    statute,
)
from clearslate_illinois.filing.roll import Column, Said
from clearslate_illinois.filing.routes import on_route

_YEARS_OF_AGE = (21, 25, 40, 60)
_YEARS_SINCE = (5, 10, 20)


def person_cell(line: Numbered) -> list[Said]:
    """Whose it is."""
    entry = line.entry
    also = other_names(entry)
    return [
        ("", name(entry)),
        *([("also", "; ".join(also))] if also else []),
        ("born", born(entry)),
        *((one.kind, one.number) for one in person_numbers(entry)),
    ]


def short_person_cell(line: Numbered) -> list[Said]:
    """Whose it is, where the rest stands in a table beside the list."""
    entry = line.entry
    first = person_numbers(entry)[:1]
    return [("", name(entry)), ("born", born(entry)), *((one.kind, one.number) for one in first)]


def arrest_cell(line: Numbered) -> list[Said]:
    """Which case and which arrest."""
    entry = line.entry
    return [
        ("case", case_text(entry)),
        ("agency", agency(entry) or NOT_IN_RECORD),
        ("arrested", short_date(entry.decided.count.cycle.arrested)),
        *((one.kind, one.number) for one in arrest_numbers(entry)),
    ]


def offense_cell(line: Numbered) -> list[Said]:
    """What was charged and what it came to."""
    entry = line.entry
    return [
        ("committed", short_date(entry.decided.count.committed)),
        ("charged", charged(entry)),
        ("convicted of", statute(entry)),
        ("class", class_words(entry)),
        ("amount", amount(entry)),
    ]


def outcome_cell(line: Numbered) -> list[Said]:
    """How it ended."""
    entry = line.entry
    return [
        ("", ended(entry)),
        ("on", convicted(entry)),
        ("sentence", sentenced(entry)),
        ("ends", sentence_end(entry)),
    ]


def schedule_columns(packet: Packet, route: str) -> tuple[Column, ...]:
    """The columns of the schedule as the court sees it."""

    def factors_cell(line: Numbered) -> list[Said]:
        found = factors_of(line.entry, packet.made_on)
        return [
            ("age now", age(found.age_now)),
            ("at the offense", age_at_offense(found)),
            ("since conviction", time_since(found.since_conviction)),
        ]

    def why_cell(line: Numbered) -> list[Said]:
        said = noticed(line.entry)
        return [
            ("rule", on_route(line.entry, route).rule),
            ("check", co_charges(line.entry, packet.as_of).words),
            *([("noted", said)] if said else []),
        ]

    return (
        Column("Line", 0.4, lambda line: [("", f"{line.number:,}")]),
        Column("Person", 1.4, person_cell),
        Column("Case and arrest", 1.5, arrest_cell),
        Column("Offense", 1.7, offense_cell),
        Column("Disposition and sentence", 1.4, outcome_cell),
        Column("Factors", 1.1, factors_cell),
        Column("Why eligible", 1.7, why_cell),
    )


PUBLIC_COLUMNS: tuple[Column, ...] = (
    Column("Line", 0.5, lambda line: [("", f"{line.number:,}")]),
    Column("Person", 0.8, lambda line: [("", initials(line.entry))]),
    Column("Case number", 1.6, lambda line: [("", case_text(line.entry))]),
    Column("Convicted of", 1.3, lambda line: [("", statute(line.entry))]),
    Column("Class", 1.5, lambda line: [("", class_words(line.entry))]),
    Column("Convicted on", 1.0, lambda line: [("", convicted(line.entry))]),
)
"""The columns of the schedule as anyone may see it."""


def _iso(when: PartialDate | None) -> str:
    return "" if when is None else str(when)


def _of_kind(entry: Entry, kind: str) -> str:
    numbers = (*person_numbers(entry), *arrest_numbers(entry))
    return "; ".join(one.number for one in numbers if one.kind == kind)


PLACE_FIELDS: tuple[Field, ...] = (
    Field("source_file", lambda line: line.entry.source_file),
    Field("source_row", lambda line: str(line.entry.decided.count.place.row)),
    Field("person_id", lambda line: line.entry.decided.person.person_id),
    Field("count", lambda line: line.entry.decided.count.key),
)
"""Where a line comes from."""

PERSON_FIELDS: tuple[Field, ...] = (
    Field("line", lambda line: str(line.number)),
    Field("name", lambda line: name(line.entry) if has_name(line.entry) else ""),
    Field("other_names", lambda line: "; ".join(other_names(line.entry))),
    Field("birth_date", lambda line: _iso(line.entry.decided.person.birth_date)),
    Field("sid", lambda line: _of_kind(line.entry, "SID")),
    Field("ir", lambda line: _of_kind(line.entry, "IR")),
    Field("fbi", lambda line: _of_kind(line.entry, "FBI")),
    Field("dcn", lambda line: _of_kind(line.entry, "DCN")),
    Field("cb", lambda line: _of_kind(line.entry, "CB")),
)
"""Whose it is, and the numbers by which agencies find it; blank for what the record does not say."""

CASE_FIELDS: tuple[Field, ...] = (
    Field("county", lambda line: line.entry.decided.count.event.county or ""),
    Field("case_number", lambda line: "; ".join(dict.fromkeys(str(case) for case in cases(line.entry)))),
    Field("case_number_printed", lambda line: "; ".join(line.entry.decided.count.event.case_numbers)),
    Field("arresting_agency", lambda line: agency(line.entry) or ""),
    Field("arrested_on", lambda line: _iso(line.entry.decided.count.cycle.arrested)),
    Field("committed_on", lambda line: _iso(line.entry.decided.count.committed)),
    Field("statute_charged", lambda line: charged(line.entry)),
    Field("statute", lambda line: statute(line.entry)),
    Field("class", lambda line: class_words(line.entry)),
    Field("amount", lambda line: amount(line.entry)),
    Field("ended", lambda line: ended(line.entry)),
    Field("disposed_on", lambda line: _iso(line.entry.decided.count.disposed)),
)
"""What was charged, where, and what it came to."""


def why_fields(packet: Packet, route: str) -> tuple[Field, ...]:
    """The rest of a line: the sentence, the factors, and why it is eligible on the route."""

    def computed(said: Callable[[Factors], str]) -> Callable[[Numbered], str]:
        return lambda line: said(factors_of(line.entry, packet.made_on))

    return (
        Field("sentence", lambda line: sentenced(line.entry)),
        Field("sentence_end", lambda line: sentence_end(line.entry)),
        Field("age_now", computed(lambda found: age(found.age_now))),
        Field("age_at_offense", computed(age_at_offense)),
        Field("time_since_conviction", computed(lambda found: time_since(found.since_conviction))),
        Field("rule", lambda line: on_route(line.entry, route).rule),
        Field("reason", lambda line: on_route(line.entry, route).reason),
        Field("co_charges", lambda line: co_charges(line.entry, packet.as_of).words),
        Field("flags", lambda line: "; ".join(flags(line.entry))),
    )


# Totals ------------------------------------------------------------------------------------------------


def by(entries: Iterable[Entry], what: Callable[[Entry], str], order: Sequence[str] = ()) -> dict[str, int]:
    """How many entries there are of each answer, those of ``order`` first, then by name."""
    counted = Counter(map(what, entries))
    names = [*(name for name in order if name in counted), *sorted(set(counted).difference(order))]
    return {name: counted[name] for name in names}


def _bands(limits: Sequence[int]) -> list[str]:
    between = [f"{low} to {high - 1}" for low, high in pairwise(limits)]
    return [f"under {limits[0]}", *between, f"{limits[-1]} or more", NOT_KNOWN]


def _band(found: Elapsed | None, limits: Sequence[int]) -> str:
    """The band in which the years are; not known where they may be in two."""
    if found is None:
        return NOT_KNOWN
    places = {sum(limit <= years for limit in limits) for years in found.years}
    return _bands(limits)[places.pop()] if len(places) == 1 else NOT_KNOWN


def factor_totals(entries: Sequence[Entry], day: dt.date) -> Mapping[str, Mapping[str, int]]:
    """How many convictions are in each band of the three factors; each sums to the entries."""
    found = [factors_of(entry, day) for entry in entries]

    def at_offense(one: Factors) -> Elapsed | None:
        if one.age_at_offense is None and one.stated_age is not None:
            return Elapsed(one.stated_age * 12, one.stated_age * 12)
        return one.age_at_offense

    def summed(bands: Iterable[str], limits: Sequence[int]) -> Mapping[str, int]:
        counted = Counter(bands)
        return {name: counted[name] for name in _bands(limits)}

    return {
        "Age now, in years": summed((_band(one.age_now, _YEARS_OF_AGE) for one in found), _YEARS_OF_AGE),
        "Age at the offense, in years": summed((_band(at_offense(one), _YEARS_OF_AGE) for one in found), _YEARS_OF_AGE),
        "Years since the conviction": summed(
            (_band(one.since_conviction, _YEARS_SINCE) for one in found), _YEARS_SINCE
        ),
    }
