"""Lists for the police: records of minor charges without a conviction, for each agency with the last day to expunge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from clearslate.errors import InputError
from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.documents import Typesetter
from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import in_words
from clearslate.model import Answer
from clearslate.output.staging import Folder
from clearslate_il_cannabis.factors import NOT_KNOWN
from clearslate_il_cannabis.oddities import warnings
from clearslate_il_cannabis.particulars import amount, class_words, ended
from clearslate_il_cannabis.schedule import CASE_FIELDS, PERSON_FIELDS, PLACE_FIELDS, arrest_cell, by, person_cell
from clearslate_illinois.filing.agencies import OfAgency, by_agency
from clearslate_illinois.filing.lists import Field, Numbered, numbered, write_list, write_rows
from clearslate_illinois.filing.paper import counted, number
from clearslate_illinois.filing.record import NOT_IN_RECORD, short_date, statute
from clearslate_illinois.filing.roll import Column, Group, Roll, Said, counted_table
from clearslate_illinois.filing.routes import check_whole, granted_on, on_route, standings, taken

ROUTE = "auto_le"
INDEX = "agencies.csv"
_INDEX = ("list", "table", "agency", "in_table", "address", "email", "printed_as", "charges", "people", "overdue")


class Band(NamedTuple):
    """Records made in some years, and the last day on which the police had to expunge them."""

    words: str
    last_day: dt.date | None

    @property
    def due(self) -> str:
        """The last day in words."""
        return NOT_KNOWN if self.last_day is None else in_words(self.last_day)


_2021 = Band("made from January 1, 2013 to June 24, 2019", dt.date(2020, 12, 31))
_2023 = Band("made from January 1, 2000 to December 31, 2012", dt.date(2022, 12, 31))
_2025 = Band("made before January 1, 2000, or not known when", dt.date(2024, 12, 31))
UNKNOWN = Band("of no deadline that is known", None)
BANDS = (_2021, _2023, _2025, UNKNOWN)
"""The deadlines of 5.2(i)(1), and last what has none."""

_OF_RULES: Mapping[str, Band] = MappingProxyType({"auto_le_2021": _2021, "auto_le_2023": _2023, "auto_le_2025": _2025})
_SINCE = ((dt.date(2013, 1, 1), _2021), (dt.date(2000, 1, 1), _2023))
_NO_DEADLINE = dt.date(2019, 6, 25)

_CHECKS = (
    Check(
        "Lists",
        "The agencies have to do this without being asked. A list says what the record shows and what should be gone; "
        "what was done, Access and Review of the State Police shows.",
    ),
    Check("Lists", "The court's file stays: it takes an ordinary petition of the person (20 ILCS 2630/5.2(b))."),
    Check(
        "Lists",
        "“By” or “before” 1 January: the day before is printed as the last day, which is right by either reading.",
    ),
    Check("Lists", "An enhancement under 720 ILCS 550/7 that no charge shows is taken not to be there."),
)


def band_of(entry: Entry) -> Band:
    """The band of an entry: by the rule that gave it, or for an attorney's word by the day of the arrest."""
    found = _OF_RULES.get(on_route(entry, ROUTE).rule)
    if found is not None:
        return found
    arrest = entry.decided.count.arrest_span
    if arrest.before(_NO_DEADLINE) is not Answer.YES:
        return UNKNOWN
    for day, band in _SINCE:
        before = arrest.before(day)
        if before is Answer.NO:
            return band
        if before is Answer.UNKNOWN:
            return UNKNOWN
    return _2025


@dataclass(frozen=True, slots=True)
class PoliceLists:
    """The lists of the arresting agencies, and the State Police's of all."""

    id: str = "il_police"
    title: str = "Police records to expunge without a petition, by agency and deadline (5.2(i)(1))"
    state: str | None = None
    reliefs: tuple[str, ...] = (ROUTE,)

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write the lists and their index; give how many entries of each standing are in them.

        Raises InputError where there is nothing to list, OutputError and LedgerError.
        """
        check_whole(packet)
        granted = granted_on(packet.entries, ROUTE)
        if not granted:
            raise InputError(
                "the run gives no charge the expungement by the police, so there is nothing to list; check the policy"
            )
        lines = numbered(granted)
        typesetter = Typesetter(packet.made_on)
        police = packet.office.repository.name
        written = [
            (
                "every charge, for the State Police",
                _roll(packet, police, lines).write(typesetter, folder, "01_state_police"),
            ),
            ("the same as a table", Written(("state_police.csv",))),
        ]
        write_list(folder, "state_police.csv", _fields(packet), lines)
        groups = by_agency(granted, packet.office)
        line_of = {id(line.entry): line for line in lines}
        written += _by_agency(packet, groups, line_of, typesetter, folder)
        write_checklist(
            folder,
            f"{self.title} ({packet.reform.title})",
            totals={
                **standings(packet.entries, ROUTE),
                "charges on the lists": len(lines),
                "people on the lists": len({entry.decided.person.person_id for entry in granted}),
                "past the last day": _overdue(granted, packet.made_on),
                **{f"records {band}": count for band, count in _by_band(granted).items()},
            },
            written=written,
            due=[f"records {band.words}: {band.due}" for band in BANDS if band.last_day is not None],
            checks=_CHECKS,
            warnings=[*warnings(packet, granted, "charge"), *_agencies(groups)],
        )
        return taken(len(lines))


def _agencies(groups: Sequence[OfAgency]) -> list[str]:
    return [
        f"{counted(len(group.entries), 'charge')} without an arresting agency ({NOT_IN_RECORD})."
        if not group.is_named
        else f"Agency [{group.name}] is not in the office file ({counted(len(group.entries), 'charge')})."
        for group in groups
        if group.agency is None
    ]


def _by_band(entries: Sequence[Entry]) -> dict[str, int]:
    return by(entries, lambda entry: band_of(entry).words, [band.words for band in BANDS])


def _overdue(entries: Sequence[Entry], day: dt.date) -> int:
    days = [band_of(entry).last_day for entry in entries]
    return sum(last is not None and last < day for last in days)


def _fields(packet: Packet) -> tuple[Field, ...]:
    def overdue(line: Numbered) -> str:
        last = band_of(line.entry).last_day
        return NOT_KNOWN if last is None else "yes" if last < packet.made_on else "no"

    return (
        *PERSON_FIELDS,
        *CASE_FIELDS,
        Field("records", lambda line: band_of(line.entry).words),
        Field("last_day", lambda line: "" if (last := band_of(line.entry).last_day) is None else last.isoformat()),
        Field("overdue", overdue),
        Field("rule", lambda line: on_route(line.entry, ROUTE).rule),
        *PLACE_FIELDS,
    )


def _roll(packet: Packet, whose: str, lines: Sequence[Numbered]) -> Roll:
    entries = [line.entry for line in lines]
    late = _overdue(entries, packet.made_on)

    def charge(line: Numbered) -> list[Said]:
        return [("", statute(line.entry)), ("class", class_words(line.entry)), ("amount", amount(line.entry))]

    def outcome(line: Numbered) -> list[Said]:
        return [("", ended(line.entry)), ("on", short_date(line.entry.decided.count.disposed))]

    groups = []
    for band in BANDS:
        some = [line for line in lines if band_of(line.entry) == band]
        if some:
            groups.append(Group(f"Records {band.words}; last day: {band.due}", some))
    return Roll(
        title=f"RECORDS TO EXPUNGE: {whose}",
        standing="CONTAINS CRIMINAL HISTORY RECORD INFORMATION",
        footer="20 ILCS 2630/5.2(i)(1)",
        notes=(
            f"From the {packet.office.attorney.agency}, {in_words(packet.made_on)}. "
            f"{counted(len(lines), 'charge')} of a minor cannabis offense that led to no conviction. The Act has the "
            "police expunge their records of each without a petition or an order; the court's file is not reached.",
            f"The last day is past for {counted(late, 'charge')}. Dates are month, day and year.",
        ),
        columns=(
            Column("Line", 0.4, lambda line: [("", number(line.number))]),
            Column("Person", 1.6, person_cell),
            Column("Case and arrest", 1.8, arrest_cell),
            Column("Charge", 1.7, charge),
            Column("How it ended", 1.4, outcome),
            Column("Last day", 0.9, lambda line: [("", band_of(line.entry).due)]),
        ),
        totals=(counted_table("Charges by deadline", "Records", "Charges", _by_band(entries)),),
        groups=tuple(groups),
    )


def _by_agency(
    packet: Packet,
    groups: Sequence[OfAgency],
    line_of: Mapping[int, Numbered],
    typesetter: Typesetter,
    folder: Folder,
) -> list[tuple[str, Written]]:
    digits = max(3, len(str(len(groups))))
    rows, pages, replaced = [], 0, set[str]()
    files: list[str] = []
    for place, group in enumerate(groups, 1):
        lines = [line_of[id(entry)] for entry in group.entries]
        made = _roll(packet, group.name, lines).write(typesetter, folder, f"02_agency_{place:0{digits}}")
        table = f"agency_{place:0{digits}}.csv"
        write_list(folder, table, _fields(packet), lines)
        files += made.files
        pages += made.pages
        replaced |= made.replaced
        rows.append(
            (
                "; ".join(made.files),
                table,
                group.name if group.is_named else NOT_IN_RECORD,
                "no" if group.agency is None else "yes",
                "; ".join(group.address),
                "" if group.agency is None else group.agency.email,
                "; ".join(name for name in group.printed if name),
                str(len(group.entries)),
                str(group.people),
                str(_overdue(group.entries, packet.made_on)),
            )
        )
    write_rows(folder, INDEX, _INDEX, rows)
    return [
        ("a list for each arresting agency", Written(tuple(files), pages, frozenset(replaced))),
        ("which list is whose", Written((INDEX,))),
    ]
