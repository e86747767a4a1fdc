"""The proposed orders: the one on the motion, and one for each office that has to do something about it."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.filing.checklist import Written
from clearslate.filing.documents import Typesetter
from clearslate.output.staging import Folder
from clearslate_il_cannabis.contents import Contents
from clearslate_il_cannabis.factors import EXPUNGEMENT
from clearslate_il_cannabis.motion_papers import lines as said_lines
from clearslate_il_cannabis.motion_papers import parties
from clearslate_il_cannabis.particulars import convicted, flags
from clearslate_il_cannabis.schedule import CASE_FIELDS, PERSON_FIELDS, PLACE_FIELDS, arrest_cell, person_cell
from clearslate_illinois.filing.agencies import OfAgency
from clearslate_illinois.filing.lists import Numbered, write_list, write_rows
from clearslate_illinois.filing.paper import (
    BLANK_DATE,
    Paper,
    Part,
    counted,
    court_lines,
    heading,
    item,
    listed,
    number,
    signed,
    text,
)
from clearslate_illinois.filing.record import (
    NOT_IN_RECORD,
    arrest_numbers,
    born,
    case_text,
    name,
    short_date,
    statute,
)
from clearslate_illinois.filing.roll import Column, Group, Roll

ATTACHED_MOST = 200
"""Longer lists are a document of their own beside the order."""

INDEX = "agencies.csv"
_INDEX = ("order", "list", "agency", "in_table", "address", "email", "printed_as", "convictions", "people")
_LAWS = "20 ILCS 2630/5.2(i)(4), (5), (d)(8), (d)(9)(A)"


def _paper(contents: Contents, nature: str, orders: Sequence[str], attached: Sequence[Part] = ()) -> Paper:
    return Paper(
        title=nature.title(),
        court=court_lines(contents.packet.office),
        parties=parties(contents),
        nature=f"[PROPOSED] {nature}",
        parts=(
            text(
                "The Court has read the State's Attorney's motion and its Schedule, has weighed the factors of 20 ILCS "
                f"2630/5.2(i)(4), and has jurisdiction. It is ordered under {_LAWS}:"
            ),
            *(item(f"{place}.", words) for place, words in enumerate(orders, 1)),
            signed([f"Entered: {BLANK_DATE}"], ["Judge"]),
            *attached,
        ),
    )


def _vacated(contents: Contents, which: str) -> str:
    return (
        f"The motion is granted. Of each conviction on {which} the finding of guilt, the sentence and the judgment are "
        "vacated, and further proceedings are dismissed."
    )


def _within(contents: Contents) -> str:
    """``within 60 days of this order``, with the day where the order has one."""
    words = f"Within {EXPUNGEMENT.days} days of this order"
    day = EXPUNGEMENT.by(contents.ordered_on)
    return words if day is None else f"{words} (by {day:%m/%d}/{day.year:04d})"


def whole(contents: Contents) -> Paper:
    """The order on the whole motion."""
    size, office = len(contents.lines), contents.packet.office
    which = f"the Schedule ({said_lines(size)}), which is attached and made part of this order,"
    return _paper(
        contents,
        "ORDER TO VACATE AND EXPUNGE",
        (
            _vacated(contents, which),
            f"{_within(contents)} each agency that made an arrest listed in the Schedule expunges its records of the "
            "arrest, the charge and the conviction (20 ILCS 2630/5.2(d)(9)(A)).",
            f"{_within(contents)} the {office.repository.name} expunges its records of them.",
            f"{_within(contents)} the clerk impounds the court's files of the cases listed.",
            f"The {office.repository.name} and the arresting agencies ask every agency that they had told of an arrest "
            "or a conviction listed to return its records of it.",
            f"The clerk sends this order to the State's Attorney, the {office.repository.name} and the arresting "
            "agencies (20 ILCS 2630/5.2(d)(8)), and to each person, with a certificate of the disposition, at the last "
            "known address.",
            "The State's Attorney tells the Prisoner Review Board of this order within 30 days.",
        ),
    )


def state_police(contents: Contents) -> Paper:
    """What the State Police have to do."""
    size, office = len(contents.lines), contents.packet.office
    police = office.repository.name
    unreported = sum("NOT_REPORTED_TO_ISP" in flags(entry) for entry in contents.entries)
    orders = [
        _vacated(contents, f"the Schedule ({said_lines(size)}), which is attached and made part of this order,"),
        f"{_within(contents)} the {police} expunges its records of the arrests, charges and convictions of the "
        f"{counted(size, 'line')} (20 ILCS 2630/5.2(d)(9)(A)).",
        f"The {police} asks every agency that it had told of an arrest or a conviction listed to return its records.",
    ]
    if unreported:
        orders.append(
            f"{counted(unreported, 'line')} of the Schedule {'is' if unreported == 1 else 'are'} of Class C "
            "misdemeanors, which are not reported; where there is no record, nothing is to be done."
        )
    return _paper(contents, "ORDER TO THE STATE POLICE", orders)


def clerk(contents: Contents) -> Paper:
    """What the clerk has to do."""
    size, office = len(contents.lines), contents.packet.office
    return _paper(
        contents,
        "ORDER TO THE CLERK OF THE CIRCUIT COURT",
        (
            _vacated(contents, f"the Schedule ({said_lines(size)}), which is attached and made part of this order,"),
            f"{_within(contents)} the clerk impounds the court's files of the cases listed, {counted(size, 'line')}.",
            f"The clerk sends the orders to the State's Attorney, to the {office.repository.name} and to the arresting "
            f"agencies, {counted(len(contents.agencies), 'order')} (20 ILCS 2630/5.2(d)(8)).",
            "The clerk sends each person the order and a certificate of the disposition at the last known address; the "
            "list of them is with the State's Attorney's papers.",
        ),
    )


def agency_order(contents: Contents, group: OfAgency, lines: Sequence[Numbered]) -> Paper:
    """What one agency that arrested has to do, with its list where that is short."""
    who = group.name if group.is_named else f"agency {'_' * 30}"
    size = len(lines)
    attached: list[Part] = []
    where = "the list lodged with this order"
    if size <= ATTACHED_MOST:
        where = "the list at the end of this order"
        attached = [heading("List of arrests"), _list(lines)]
    return _paper(
        contents,
        "ORDER TO AN ARRESTING AGENCY",
        (
            f"This order is to the {who}{_address(group)}. It is about {counted(size, 'conviction')} of the Schedule "
            f"to the motion, {where}, with the line numbers of the Schedule.",
            _vacated(contents, where),
            f"{_within(contents)} the agency expunges its records of the arrests, the charges and the convictions "
            "listed (20 ILCS 2630/5.2(d)(9)(A)).",
            "The agency asks every agency that it had told of an arrest or a conviction listed to return its records.",
        ),
        attached,
    )


def _address(group: OfAgency) -> str:
    return f", {', '.join(group.address)}" if group.address else ""


def _list(lines: Sequence[Numbered]) -> Part:
    rows = []
    for line in lines:
        entry = line.entry
        numbers = "; ".join(map(str, arrest_numbers(entry)))
        arrested = short_date(entry.decided.count.cycle.arrested)
        rows.append(
            (
                number(line.number),
                f"{name(entry)}, born {born(entry)}",
                case_text(entry),
                f"{arrested}; {numbers}" if numbers else arrested,
                statute(entry),
                convicted(entry),
            )
        )
    return listed(("Line", "Name, born", "Case number", "Arrested", "Statute", "Convicted"), rows, (1, 2, 3))


def agency_roll(contents: Contents, group: OfAgency, lines: Sequence[Numbered]) -> Roll:
    """An agency's list where it is too long to stand in its order."""
    return Roll(
        title=f"LIST OF ARRESTS for the order to the {group.name}",
        standing="CONTAINS PERSONAL IDENTITY INFORMATION",
        footer="LIST OF ARRESTS, 20 ILCS 2630/5.2(i)(4), (5)",
        notes=(f"{counted(len(lines), 'conviction')}, with the line numbers of the Schedule.",),
        columns=(
            Column("Line", 0.4, lambda line: [("", number(line.number))]),
            Column("Person", 1.6, person_cell),
            Column("Case and arrest", 1.6, arrest_cell),
            Column("Statute", 1.2, lambda line: [("", statute(line.entry))]),
            Column("Convicted", 0.8, lambda line: [("", convicted(line.entry))]),
        ),
        totals=(),
        groups=(Group(group.name, lines),),
    )


def write_by_agency(contents: Contents, typesetter: Typesetter, folder: Folder) -> list[tuple[str, Written]]:
    """Write the order and the list of each agency, and an index of whose each is."""
    digits = max(3, len(str(len(contents.agencies))))
    rows, pages, replaced = [], 0, set[str]()
    files: list[str] = []
    for place, (group, lines) in enumerate(contents.agencies, 1):
        # Numbered, because a name of the record is no name of a file.
        stem = f"04_order_agency_{place:0{digits}}"
        made = [agency_order(contents, group, lines).write(typesetter, folder, f"{stem}.pdf", len(lines))]
        if len(lines) > ATTACHED_MOST:
            made.append(agency_roll(contents, group, lines).write(typesetter, folder, f"{stem}_list"))
        table = f"agency_{place:0{digits}}.csv"
        write_list(folder, table, (*PERSON_FIELDS, *CASE_FIELDS, *PLACE_FIELDS), lines)
        for one in made:
            files += one.files
            pages += one.pages
            replaced |= one.replaced
        rows.append(_indexed([file for one in made for file in one.files], table, group))
    write_rows(folder, INDEX, _INDEX, rows)
    return [
        ("proposed orders, one for each arresting agency", Written(tuple(files), pages, frozenset(replaced))),
        ("which order and list is whose", Written((INDEX,))),
    ]


def _indexed(files: Sequence[str], table: str, group: OfAgency) -> tuple[str, ...]:
    return (
        "; ".join(files),
        table,
        group.name if group.is_named else NOT_IN_RECORD,
        "no" if group.agency is None else "yes",
        "; ".join(group.address),
        "" if group.agency is None else group.agency.email,
        "; ".join(name for name in group.printed if name),
        str(len(group.entries)),
        str(group.people),
    )
