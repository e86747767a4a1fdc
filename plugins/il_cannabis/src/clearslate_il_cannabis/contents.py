"""What a State's Attorney's motion is about: the convictions of one county, and those of each agency that arrested."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clearslate.errors import InputError
from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.office import plain
from clearslate_illinois.filing.agencies import OfAgency, by_agency
from clearslate_illinois.filing.lists import Numbered, numbered
from clearslate_illinois.filing.record import county
from clearslate_illinois.filing.routes import check_whole, granted_on

ROUTE = "sa_motion"


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """What the documents of one motion say: its lines, and those of each agency that arrested."""

    packet: Packet
    lines: Sequence[Numbered]
    agencies: Sequence[tuple[OfAgency, Sequence[Numbered]]]
    outside: Sequence[Numbered]
    ordered_on: dt.date | None

    @property
    def entries(self) -> list[Entry]:
        """The convictions that it is about."""
        return [line.entry for line in self.lines]

    @property
    def people(self) -> int:
        """How many people they are of."""
        return len({line.entry.decided.person.person_id for line in self.lines})


def contents_of(packet: Packet, ordered_on: dt.date | None = None) -> Contents:
    """Sort the convictions of a packet: those of the court's county are in the motion, others are outside.

    Raises LedgerError where the packet is not the whole run, InputError where no conviction is granted.
    """
    check_whole(packet)
    granted = granted_on(packet.entries, ROUTE)
    own = [entry for entry in granted if _is_of(packet, entry)]
    if not own:
        raise InputError(
            f"the run gives no conviction of [{packet.office.court.county}] the State's Attorney's motion; check the "
            "policy, and the county in the office file"
        )
    lines = numbered(own)
    line_of = {id(line.entry): line for line in lines}
    agencies = [(group, [line_of[id(entry)] for entry in group.entries]) for group in by_agency(own, packet.office)]
    outside = numbered(entry for entry in granted if id(entry) not in line_of)
    return Contents(packet, lines, agencies, outside, ordered_on)


def _is_of(packet: Packet, entry: Entry) -> bool:
    return plain(county(entry) or "") == plain(packet.office.court.county)
