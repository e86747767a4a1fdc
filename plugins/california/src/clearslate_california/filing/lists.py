"""The two exhibits of a bulk packet that list convictions, each as the court sees it and as the public does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clearslate.filing.entry import Entry, Standing
from clearslate.filing.meanings import Setting
from clearslate_california.filing.contents import Contents
from clearslate_california.filing.exhibit import Column, Exhibit, Table
from clearslate_california.filing.paper import number
from clearslate_california.filing.schedule import (
    Schedule,
    born,
    case_number,
    convicted,
    ground,
    identifiers,
    is_spoken,
    names,
    relief_of,
    section,
)

SEALED = "CONFIDENTIAL: LODGED CONDITIONALLY UNDER SEAL"
PUBLIC_COPY = "PUBLIC COPY, REDACTED"
IN_CONFIDENCE = "stated in the confidential copy"

_PERSONAL = (
    Column("Name", 1.9, lambda line: names(line.entry)),
    Column("CII number", 1.0, lambda line: identifiers(line.entry)),
    Column("Born", 0.85, lambda line: born(line.entry)),
)

_REDACTED = (
    "Left out of this copy: names, state identification (CII) numbers and birth dates. What stays: the line number, "
    "which is the same in the confidential copy, the courthouse, the case number, the section, and the day of the "
    "conviction, with the relief or the ground.",
)


def granted_exhibit(contents: Contents, *, public: bool) -> Exhibit:
    """Exhibit A: what each conviction is granted."""
    setting = Setting(contents.packet.office, contents.packet.reform, contents.packet.made_on)
    personal = () if public else _PERSONAL
    return Exhibit(
        label="EXHIBIT A",
        title="convictions for which relief is asked",
        standing=PUBLIC_COPY if public else SEALED,
        footer=f"EXHIBIT A TO MOTION UNDER {contents.wording.section.upper()}",
        notes=(
            f"Each line is one conviction, and the relief asked for it under {contents.wording.section}. "
            "Lines are in the order of courthouse and case number. Dates are month, day and year.",
            *(_REDACTED if public else ()),
        ),
        columns=(
            Column("Line", 0.5, lambda line: number(line.number)),
            Column("Case number", 1.2, lambda line: case_number(line.entry)),
            *personal,
            Column("Section", 1.1, lambda line: section(line.entry)),
            Column("Convicted", 0.85, lambda line: convicted(line.entry)),
            Column("Relief", 2.0, lambda line: relief_of(line.entry, setting).title),
        ),
        totals=(
            by_courthouse(
                "Convictions by courthouse and relief",
                [(None, contents.granted)],
                list(contents.reliefs),
                contents.titles,
                lambda entry: relief_of(entry, setting).id,
            ),
        ),
        parts=((None, contents.granted),),
    )


def other_exhibit(contents: Contents, *, public: bool) -> Exhibit:
    """Exhibit B: what is objected to, then what the record leaves open.

    An attorney's ground is free text, which may name the person: the public copy does not print it.
    """
    personal = () if public else _PERSONAL

    def said(entry: Entry) -> str:
        return IN_CONFIDENCE if public and is_spoken(entry) else ground(entry)

    objected, left_open = "Part 1: the People object", "Part 2: the record leaves a question; for a hearing"
    return Exhibit(
        label="EXHIBIT B",
        title="convictions objected to or for a hearing",
        standing=PUBLIC_COPY if public else SEALED,
        footer=f"EXHIBIT B TO MOTION UNDER {contents.wording.section.upper()}",
        notes=(
            "Each line is one conviction on which no relief is asked by the motion, with the ground. Part 1 are those "
            "that the People challenge. Part 2 are those that the record does not settle. Dates are month, day and "
            "year.",
            *(_REDACTED if public else ()),
            *(("A ground that an attorney wrote is stated in the confidential copy only.",) if public else ()),
        ),
        columns=(
            Column("Line", 0.5, lambda line: number(line.number)),
            Column("Case number", 1.2, lambda line: case_number(line.entry)),
            *personal,
            Column("Section", 1.1, lambda line: section(line.entry)),
            Column("Convicted", 0.85, lambda line: convicted(line.entry)),
            Column("Ground", 2.6, lambda line: said(line.entry)),
        ),
        totals=(
            by_courthouse(
                "Convictions by courthouse",
                [(None, contents.objected), (None, contents.open)],
                [Standing.OBJECTED.value, Standing.OPEN.value],
                {Standing.OBJECTED.value: "Objected to", Standing.OPEN.value: "For a hearing"},
                lambda entry: entry.standing.value,
            ),
        ),
        parts=((objected, contents.objected), (left_open, contents.open)),
    )


def by_courthouse(
    heading: str,
    parts: Sequence[tuple[str | None, Schedule]],
    kinds: Sequence[str],
    titles: Mapping[str, str],
    kind_of: Callable[[Entry], str],
) -> Table:
    """Totals with a row for each courthouse and a column for each kind, summed both ways."""
    counts: dict[str, dict[str, int]] = {}
    for _, part in parts:
        for house in part.houses:
            row = counts.setdefault(house.heading, dict.fromkeys(kinds, 0))
            for line in house.lines:
                row[kind_of(line.entry)] += 1
    rows = [[name, *(number(row[kind]) for kind in kinds), number(sum(row.values()))] for name, row in counts.items()]
    sums = [sum(row[kind] for row in counts.values()) for kind in kinds]
    total = ["Total", *map(number, sums), number(sum(sums))]
    return Table(heading, ["Courthouse", *(titles[kind] for kind in kinds), "Total"], rows, total)
