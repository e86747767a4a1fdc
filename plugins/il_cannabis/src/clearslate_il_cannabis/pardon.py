"""The list of minor convictions for the pardon: what the State Police report to the Prisoner Review Board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearslate.errors import InputError
from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.documents import Typesetter
from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import in_words
from clearslate.output.staging import Folder
from clearslate_il_cannabis.factors import PARDON_OBJECTION
from clearslate_il_cannabis.oddities import warnings
from clearslate_il_cannabis.particulars import amount, class_words, co_charges, convicted, ended, flags, noticed
from clearslate_il_cannabis.schedule import CASE_FIELDS, PERSON_FIELDS, PLACE_FIELDS, arrest_cell, by, person_cell
from clearslate_illinois.filing.lists import Field, Numbered, write_list
from clearslate_illinois.filing.paper import counted, number
from clearslate_illinois.filing.record import county, statute
from clearslate_illinois.filing.roll import Column, Group, Roll, Said, counted_table
from clearslate_illinois.filing.routes import check_whole, granted_on, on_route, standings, taken

ROUTE = "prb_pardon"
LIST_CSV, NOTICE_CSV = "prb_list.csv", "states_attorney_notice.csv"

NOTICE = "PRB_STATES_ATTORNEY_NOTICE"
UNREPORTED = "NOT_REPORTED_TO_ISP"
VIOLENCE = "PRB_VIOLENCE_READING_DIFFERS"

_NO_COUNTY = "county not in the record"
_REPORTED_PART, _UNREPORTED_PART = "Reported to the State Police", "Class C, which is not reported to the State Police"

_CHECKS = (
    Check(
        "List",
        "The State Police had to search their own file within 180 days of 25 June 2019 and report to the Board. This "
        "list is to compare with theirs, and to find what theirs cannot have.",
    ),
    Check(
        "List",
        "The second part are Class C misdemeanors, which are not reported: the State Police work from fingerprints, "
        "so these, and whatever was never fingerprinted, take a motion.",
    ),
    Check(
        "List",
        "Lines that note a violent crime that led to no conviction: the two readings of the law differ, and a person "
        "decides before the conviction is put forward.",
    ),
    Check("Notice list", "That the State's Attorney is told of Class 4 felonies alone was not read in the statute."),
)


@dataclass(frozen=True, slots=True)
class PardonList:
    """The list for the State Police and the Board."""

    id: str = "il_prb"
    title: str = "List of minor convictions for the State Police and the Prisoner Review Board (5.2(i)(2))"
    state: str | None = None
    reliefs: tuple[str, ...] = (ROUTE,)

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write the list, to read and as tables; give how many entries of each standing are in it.

        Raises InputError where there is nothing to list, OutputError and LedgerError.
        """
        check_whole(packet)
        granted = granted_on(packet.entries, ROUTE)
        if not granted:
            raise InputError("the run gives no conviction the pardon, so there is nothing to list; check the policy")
        groups = _groups(granted)
        lines = [line for group in groups for line in group.lines]
        told = [line for line in lines if NOTICE in flags(line.entry)]
        due = PARDON_OBJECTION.said(None)
        write_list(folder, LIST_CSV, _fields(packet), lines)
        write_list(folder, NOTICE_CSV, (*_fields(packet), Field("objection_due", lambda _: due)), told)
        typesetter = Typesetter(packet.made_on)
        written: list[tuple[str, Written]] = [
            ("the list", _roll(packet, groups).write(typesetter, folder, "01_prb_list")),
            ("the same as a table", Written((LIST_CSV,))),
            ("those of which the State's Attorney is told", Written((NOTICE_CSV,))),
        ]
        write_checklist(
            folder,
            f"{self.title} ({packet.reform.title})",
            totals={
                **standings(packet.entries, ROUTE),
                "convictions on the list": len(lines),
                "people on the list": _people(granted),
                "reported to the State Police": len(lines) - _flagged(granted, UNREPORTED),
                "not reported to the State Police": _flagged(granted, UNREPORTED),
                "of which the State's Attorney is told": len(told),
            },
            written=written,
            due=[f"{PARDON_OBJECTION.what}: {due} ({PARDON_OBJECTION.cite})"] if told else [],
            checks=_CHECKS,
            warnings=warnings(packet, granted),
        )
        return taken(len(lines))


def _people(entries: Sequence[Entry]) -> int:
    return len({entry.decided.person.person_id for entry in entries})


def _flagged(entries: Sequence[Entry], flag: str) -> int:
    return sum(flag in flags(entry) for entry in entries)


def _groups(entries: Sequence[Entry]) -> tuple[Group, ...]:
    """The lines by part and county, numbered through."""
    found: dict[tuple[bool, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((UNREPORTED in flags(entry), county(entry) or _NO_COUNTY), []).append(entry)
    groups, first = [], 1
    for (unreported, place), some in sorted(found.items(), key=lambda item: item[0]):
        part = _UNREPORTED_PART if unreported else _REPORTED_PART
        groups.append(Group(f"{part}: {place}", [Numbered(first + n, entry) for n, entry in enumerate(some)]))
        first += len(some)
    return tuple(groups)


def _fields(packet: Packet) -> tuple[Field, ...]:
    def yes(flag: str) -> Field:
        return Field(flag.lower(), lambda line: "yes" if flag in flags(line.entry) else "no")

    return (
        *PERSON_FIELDS,
        *CASE_FIELDS,
        yes(UNREPORTED),
        yes(NOTICE),
        yes(VIOLENCE),
        Field("rule", lambda line: on_route(line.entry, ROUTE).rule),
        Field("co_charges", lambda line: co_charges(line.entry, packet.as_of).words),
        Field("flags", lambda line: "; ".join(flags(line.entry))),
        *PLACE_FIELDS,
    )


def _roll(packet: Packet, groups: tuple[Group, ...]) -> Roll:
    entries = [line.entry for group in groups for line in group.lines]

    def offense(line: Numbered) -> list[Said]:
        return [("", statute(line.entry)), ("class", class_words(line.entry)), ("amount", amount(line.entry))]

    def outcome(line: Numbered) -> list[Said]:
        return [("", ended(line.entry)), ("on", convicted(line.entry))]

    def notes(line: Numbered) -> list[Said]:
        said = noticed(line.entry, pardon=True)
        check = co_charges(line.entry, packet.as_of).words
        rule = on_route(line.entry, ROUTE).rule
        return [("rule", rule), ("check", check), *([("noted", said)] if said else [])]

    return Roll(
        title="MINOR CANNABIS CONVICTIONS FOR THE PRISONER REVIEW BOARD",
        standing="CONTAINS CRIMINAL HISTORY RECORD INFORMATION",
        footer="20 ILCS 2630/5.2(i)(2)",
        notes=(
            f"From the {packet.office.attorney.agency}, {in_words(packet.made_on)}, to the "
            f"{packet.office.repository.name}. {counted(len(entries), 'conviction')} of "
            f"{counted(_people(entries), 'person', 'people')}, each of a minor cannabis offense as the policy of the "
            f"office decided it ({packet.policy.title}).",
            f"The Board tells the State's Attorney of {counted(_flagged(entries, NOTICE), 'conviction')} of Class 4, "
            "who may object only that the record does not meet the criteria. Dates are month, day and year.",
        ),
        columns=(
            Column("Line", 0.4, lambda line: [("", number(line.number))]),
            Column("Person", 1.5, person_cell),
            Column("Case and arrest", 1.6, arrest_cell),
            Column("Offense", 1.6, offense),
            Column("Conviction", 1.2, outcome),
            Column("Notes", 1.9, notes),
        ),
        totals=(
            counted_table("Convictions by county", "County", "Convictions", by(entries, _county)),
            counted_table("Convictions by class", "Class", "Convictions", by(entries, class_words)),
        ),
        groups=groups,
    )


def _county(entry: Entry) -> str:
    return county(entry) or _NO_COUNTY
