"""The lists that follow an order: what the Prisoner Review Board is told, and whom the clerk writes to."""

from __future__ import annotations

from types import MappingProxyType

from clearslate.filing.checklist import Written
from clearslate.filing.documents import Typesetter
from clearslate.filing.entry import Standing
from clearslate.filing.meanings import in_words
from clearslate.output.staging import Folder
from clearslate_il_cannabis.contents import Contents
from clearslate_il_cannabis.factors import BOARD_NOTICE
from clearslate_il_cannabis.particulars import class_words, convicted, noticed
from clearslate_il_cannabis.schedule import CASE_FIELDS, PERSON_FIELDS, PLACE_FIELDS, short_person_cell
from clearslate_illinois.filing.lists import Field, Numbered, write_list
from clearslate_illinois.filing.paper import counted, number
from clearslate_illinois.filing.record import NOT_IN_RECORD, address, case_text, statute
from clearslate_illinois.filing.roll import Column, Group, Roll
from clearslate_illinois.filing.routes import on_route

BOARD = "Prisoner Review Board"
BOARD_CSV, CLERK_CSV = "prisoner_review_board.csv", "clerk_notices.csv"
_PARDON = "prb_pardon"
_STANDS = MappingProxyType(
    {
        Standing.GRANTED: "eligible",
        Standing.OBJECTED: "objected to by the office",
        Standing.OPEN: "for review",
        Standing.REFUSED: "not eligible",
        Standing.REFERRED: "for another office",
    }
)


def write_lists(contents: Contents, typesetter: Typesetter, folder: Folder) -> list[tuple[str, Written]]:
    """Write both lists, each to read and as a table."""
    due = BOARD_NOTICE.said(contents.ordered_on)
    fields = (
        *PERSON_FIELDS,
        *CASE_FIELDS,
        Field("pardon_route", lambda line: _STANDS[on_route(line.entry, _PARDON).standing]),
        Field("due", lambda _: due),
        *PLACE_FIELDS,
    )
    write_list(folder, BOARD_CSV, fields, contents.lines)
    told = (
        *PERSON_FIELDS,
        Field("last_known_address", lambda line: "; ".join(address(line.entry))),
        *CASE_FIELDS,
        *PLACE_FIELDS,
    )
    write_list(folder, CLERK_CSV, told, contents.lines)
    return [
        ("notice list for the Prisoner Review Board", board(contents).write(typesetter, folder, "07_notice_board")),
        ("the same as a table", Written((BOARD_CSV,))),
        ("notice list for the clerk", clerk(contents).write(typesetter, folder, "08_notice_clerk")),
        ("the same as a table", Written((CLERK_CSV,))),
    ]


def board(contents: Contents) -> Roll:
    """What the State's Attorney tells the Board."""
    packet, size = contents.packet, len(contents.lines)
    found = packet.office.agency(BOARD)
    where = "" if found is None else f" ({', '.join([found.name, *found.address])})"
    attorney = packet.office.attorney

    def route(line: Numbered) -> str:
        return _STANDS[on_route(line.entry, _PARDON).standing]

    return Roll(
        title=f"NOTICE TO THE PRISONER REVIEW BOARD, {counted(size, 'conviction')}",
        standing="CONTAINS PERSONAL IDENTITY INFORMATION",
        footer="NOTICE TO THE PRISONER REVIEW BOARD, 20 ILCS 2630/5.2(i)(4)",
        notes=(
            f"From {attorney.name}, {attorney.agency}, {attorney.telephone}, {attorney.email}, to the {BOARD}{where}. "
            f"{in_words(packet.made_on)}.",
            f"The {packet.office.court.name} was asked to vacate and expunge the convictions listed. This notice is "
            f"due {BOARD_NOTICE.said(contents.ordered_on)}. The last column says how the pardon under 20 ILCS "
            "2630/5.2(i)(2) stands for the same conviction, as the policy of the office decided it.",
        ),
        columns=(
            Column("Line", 0.4, lambda line: [("", number(line.number))]),
            Column("Person", 1.6, short_person_cell),
            Column("Case number", 1.2, lambda line: [("", case_text(line.entry))]),
            Column(
                "Conviction",
                1.8,
                lambda line: [
                    ("", statute(line.entry)),
                    ("class", class_words(line.entry)),
                    ("on", convicted(line.entry)),
                    *([("noted", said)] if (said := noticed(line.entry, pardon=True)) else []),
                ],
            ),
            Column("Pardon", 0.8, lambda line: [("", route(line))]),
        ),
        totals=(),
        groups=(Group(f"Convictions in {packet.office.court.name}", contents.lines),),
    )


def clerk(contents: Contents) -> Roll:
    """Whom the clerk sends the order and a certificate of the disposition."""
    packet = contents.packet
    without = sum(not address(entry) for entry in contents.entries)
    return Roll(
        title=f"NOTICE LIST FOR THE CLERK, {counted(len(contents.lines), 'conviction')}",
        standing="CONTAINS PERSONAL IDENTITY INFORMATION",
        footer="NOTICE LIST FOR THE CLERK, 20 ILCS 2630/5.2(i)(4)",
        notes=(
            "After the order each person is sent it with a certificate of the disposition, at the last known address, "
            "electronically, or on request. Addresses are those of the record and may be old; "
            f"{counted(without, 'line has', 'lines have')} none.",
        ),
        columns=(
            Column("Line", 0.4, lambda line: [("", number(line.number))]),
            Column("Person", 1.6, short_person_cell),
            Column(
                "Last known address",
                1.8,
                lambda line: [("", part) for part in address(line.entry)] or [("", f"address {NOT_IN_RECORD}")],
            ),
            Column("Case number", 1.3, lambda line: [("", case_text(line.entry))]),
            Column("Conviction", 1.5, lambda line: [("", statute(line.entry)), ("on", convicted(line.entry))]),
        ),
        totals=(),
        groups=(Group(f"People of {packet.office.court.name}", contents.lines),),
    )
