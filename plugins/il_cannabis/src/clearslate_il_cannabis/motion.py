"""The State's Attorney's motion to vacate and expunge, with its schedule, orders, and the lists that follow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.documents import Typesetter
from clearslate.filing.filing import Packet
from clearslate.output.staging import Folder
from clearslate_il_cannabis import motion_papers, notices, orders
from clearslate_il_cannabis.contents import ROUTE, Contents, contents_of, why_not
from clearslate_il_cannabis.factors import BOARD_NOTICE, EXPUNGEMENT
from clearslate_il_cannabis.oddities import warnings
from clearslate_il_cannabis.particulars import class_words
from clearslate_il_cannabis.schedule import (
    CASE_FIELDS,
    PERSON_FIELDS,
    PLACE_FIELDS,
    PUBLIC_COLUMNS,
    by,
    schedule_columns,
    why_fields,
)
from clearslate_illinois.filing.lists import Field, write_list
from clearslate_illinois.filing.paper import Paper, counted
from clearslate_illinois.filing.record import NOT_IN_RECORD, county
from clearslate_illinois.filing.roll import Group, Roll, counted_table
from clearslate_illinois.filing.routes import standings, taken

OUTSIDE = "not_in_motion.csv"
SCHEDULE_STANDING = "CONTAINS PERSONAL IDENTITY INFORMATION"
PUBLIC_STANDING = "REDACTED"

_CHECKS = (
    Check("All", "The papers are typed from a record, not from the court's files. Compare some lines with the files."),
    Check(
        "Motion",
        "Fill in the case number, and the two factors that no record says: law enforcement's reasons to keep the "
        "records, and what a refusal would do.",
    ),
    Check(
        "Motion",
        "Subsections (i)(4) and (5) were stated from what agencies, the bar and the Supreme Court's forms say of them; "
        "compare with the text of the day. Also whether they set a limit for convictions of 25 June 2019 and later, "
        "and whether they ask for a completed sentence.",
    ),
    Check(
        "Schedule",
        "It has names, birth dates and identification numbers. Whether this court takes it under seal or as a "
        "confidential attachment (Supreme Court Rules on personal identity information). The redacted copy is for the "
        "public file; the agencies' orders and lists have names too, and no redacted copy.",
    ),
    Check("Schedule", "Lines that note something: look each up before filing, or take it out (decisions import)."),
    Check(
        "Schedule",
        "Every amount that is not stated in grams is read from section, class and day; an enhancement under 720 ILCS "
        "550/7 that no charge shows is taken not to be there.",
    ),
    Check(
        "Orders",
        "The sixty days are counted from the order. The Supreme Court's booklet counts an agency's from the day on "
        "which it gets it. Where a last day is a Saturday, Sunday or holiday, the court's rule says what holds.",
    ),
    Check(
        "Orders",
        "An arrest with other charges: whether the order reaches the records of the whole arrest. The check on its "
        "line says what else was found in the case and the arrest.",
    ),
    Check("Orders", "Where somebody is still in custody for minor cannabis offenses alone, 20 ILCS 2630/5.2(i)(7)."),
    Check("Lists", "The State Police may ask for a fee and for fingerprints; ask before the orders are sent."),
)


@dataclass(frozen=True, slots=True)
class StatesAttorneyMotion:
    """The motion for every conviction of the county that a schedule can name."""

    id: str = "il_sa_motion"
    title: str = "State's Attorney's motion to vacate and expunge, with schedule and orders (5.2(i)(4), (5))"
    listed: str = "schedule.csv"
    reliefs: tuple[str, ...] = (ROUTE,)

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write the documents; give how many entries of each standing are in them.

        Raises OutputError, InputError and LedgerError.
        """
        contents = contents_of(packet)
        typesetter = Typesetter(packet.made_on)
        written: list[tuple[str, Written]] = []

        def paper(name: str, what: str, made: Paper) -> None:
            written.append((what, made.write(typesetter, folder, name)))

        def roll(stem: str, what: str, made: Roll) -> None:
            written.append((what, made.write(typesetter, folder, stem)))

        paper("01_motion.pdf", "motion", motion_papers.motion(contents))
        roll("02_schedule", "schedule, a line for each conviction", schedule(contents))
        roll("02_schedule_public", "schedule, redacted, for the public file", public_schedule(contents))
        write_list(
            folder,
            "schedule.csv",
            (*PERSON_FIELDS, *CASE_FIELDS, *why_fields(packet, ROUTE), *PLACE_FIELDS),
            contents.lines,
        )
        written.append(("the schedule as a table", Written(("schedule.csv",))))
        paper("03_proposed_order.pdf", "proposed order", orders.whole(contents))
        written += orders.write_by_agency(contents, typesetter, folder)
        paper("05_order_state_police.pdf", "proposed order to the State Police", orders.state_police(contents))
        paper("06_order_clerk.pdf", "proposed order to the clerk", orders.clerk(contents))
        written += notices.write_lists(contents, typesetter, folder)
        if contents.outside:
            write_outside(folder, contents)
            written.append(("granted, and not in the motion", Written((OUTSIDE,))))
        write_checklist(
            folder,
            f"{self.title} ({packet.reform.title})",
            totals=totals(contents),
            written=written,
            due=[f"{one.what}: {one.said(contents.ordered_on)} ({one.cite})" for one in (EXPUNGEMENT, BOARD_NOTICE)],
            checks=_CHECKS,
            warnings=[*warnings(packet, contents.entries), *_warnings(contents)],
        )
        return taken(len(contents.lines))


def schedule(contents: Contents) -> Roll:
    """The schedule of the motion."""
    packet = contents.packet
    return Roll(
        title="SCHEDULE to the State's Attorney's motion to vacate and expunge",
        standing=SCHEDULE_STANDING,
        footer="SCHEDULE, 20 ILCS 2630/5.2(i)(4), (5)",
        notes=(
            f"Each line is one conviction; there are {counted(len(contents.lines), 'line')} of "
            f"{counted(contents.people, 'person', 'people')}. Dates are month, day and year. Ages and times are those "
            "on the day of the motion. What the record does not say is printed so, and nothing is put in its place.",
        ),
        columns=schedule_columns(packet, ROUTE),
        totals=(
            counted_table("Convictions by class", "Class", "Convictions", by(contents.entries, class_words)),
            counted_table(
                "Convictions by arresting agency",
                "Agency",
                "Convictions",
                {group.name: len(lines) for group, lines in contents.agencies},
            ),
        ),
        groups=(Group(f"Convictions in {packet.office.court.name}", contents.lines),),
    )


def public_schedule(contents: Contents) -> Roll:
    """The schedule as anyone may see it: initials in place of names, no birth date, age or number of a person."""
    return Roll(
        title="SCHEDULE to the State's Attorney's motion to vacate and expunge, redacted",
        standing=PUBLIC_STANDING,
        footer="REDACTED SCHEDULE, 20 ILCS 2630/5.2(i)(4), (5)",
        notes=(
            f"Each line is one conviction, with its line in the Schedule; there are "
            f"{counted(len(contents.lines), 'line')} of {counted(contents.people, 'person', 'people')}. Initials stand "
            "for names. Birth dates, ages, arrests and identification numbers are left out.",
        ),
        columns=PUBLIC_COLUMNS,
        totals=(),
        groups=(Group(f"Convictions in {contents.packet.office.court.name}", contents.lines),),
    )


def write_outside(folder: Folder, contents: Contents) -> None:
    """Write which granted convictions the motion leaves out, with every reason."""
    fields = (
        *PLACE_FIELDS,
        Field("county", lambda line: county(line.entry) or ""),
        Field("case_number_printed", lambda line: "; ".join(line.entry.decided.count.event.case_numbers)),
        Field("why", lambda line: why_not(contents.packet, line.entry)),
    )
    write_list(folder, OUTSIDE, fields, contents.outside)


def totals(contents: Contents) -> dict[str, int]:
    """What the checklist sums up."""
    entries = contents.entries
    return {
        **standings(contents.packet.entries, ROUTE),
        "convictions in the motion": len(entries),
        "people in the motion": contents.people,
        "granted and not in the motion": len(contents.outside),
        **{f"not in the motion, {why}": count for why, count in contents.why_outside.items()},
        **{f"{name}": count for name, count in by(entries, class_words).items()},
    }


def _warnings(contents: Contents) -> list[str]:
    said = []
    for group, lines in contents.agencies:
        if not group.is_named:
            said.append(
                f"{counted(len(lines), 'conviction')} without an arresting agency ({NOT_IN_RECORD}); write it into the "
                "order that leaves room for it."
            )
        elif group.agency is None:
            said.append(
                f"Agency [{group.name}] is not in the office file; its order has no address "
                f"({counted(len(lines), 'conviction')})."
            )
    said += [
        f"{counted(count, 'conviction')} granted, and in no motion: {why}. They stand in {OUTSIDE}."
        for why, count in contents.why_outside.items()
    ]
    return said
