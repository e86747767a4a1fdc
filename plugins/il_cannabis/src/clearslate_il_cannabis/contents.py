"""What a State's Attorney's motion is about: convictions of one county that an order can name, and of each agency."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearslate.errors import InputError
from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.office import plain
from clearslate_il_cannabis.factors import ordered_on
from clearslate_illinois.filing.agencies import OfAgency, by_agency
from clearslate_illinois.filing.lists import Numbered, numbered
from clearslate_illinois.filing.record import cases, county, has_name
from clearslate_illinois.filing.routes import check_whole, granted_on

ROUTE = "sa_motion"

OTHER_COUNTY = "of another county than the court's"
NO_COUNTY = "the county is not in the record"
NO_NAME = "no name in the record"
NO_CASE = "no case number in the record"


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """What the documents of one motion say: its lines, and those of each agency that arrested."""

    packet: Packet
    lines: Sequence[Numbered]
    agencies: Sequence[tuple[OfAgency, Sequence[Numbered]]]
    outside: Sequence[Numbered]
    ordered_on: dt.date | None

    @property
    def why_outside(self) -> Mapping[str, int]:
        """Why how many of the convictions granted are in no motion; each is counted once, with all its reasons."""
        counted = Counter(why_not(self.packet, line.entry) for line in self.outside)
        return dict(sorted(counted.items()))

    @property
    def entries(self) -> list[Entry]:
        """The convictions that it is about."""
        return [line.entry for line in self.lines]

    @property
    def people(self) -> int:
        """How many people they are of."""
        return len({line.entry.decided.person.person_id for line in self.lines})


def contents_of(packet: Packet) -> Contents:
    """Sort the convictions of a packet: those that the court can act upon are in the motion, others are outside.

    A court vacates a judgment in a case of its own, and its order tells a clerk and an agency whose. Without a name or
    a case number nobody can find what is to be vacated, so no schedule and no order has such a line. Raises
    LedgerError where the packet is not the whole run, InputError where nothing is left.
    """
    check_whole(packet)
    granted = granted_on(packet.entries, ROUTE)
    own = [entry for entry in granted if not why_not(packet, entry)]
    if not own:
        raise InputError(_nothing_left(packet, granted))
    lines = numbered(own)
    line_of = {id(line.entry): line for line in lines}
    agencies = [(group, [line_of[id(entry)] for entry in group.entries]) for group in by_agency(own, packet.office)]
    outside = numbered(entry for entry in granted if id(entry) not in line_of)
    return Contents(packet, lines, agencies, outside, ordered_on(packet, own))


def why_not(packet: Packet, entry: Entry) -> str:
    """Every reason for which a conviction that is granted can be in no motion of the office; blank for none."""
    place = county(entry)
    why = []
    if place is None:
        why.append(NO_COUNTY)
    elif plain(place) != plain(packet.office.court.county):
        why.append(OTHER_COUNTY)
    if not has_name(entry):
        why.append(NO_NAME)
    if not cases(entry):
        why.append(NO_CASE)
    return "; ".join(why)


def _nothing_left(packet: Packet, granted: Sequence[Entry]) -> str:
    """Why there is no motion, and what to do."""
    own = packet.office.court.county
    here = [entry for entry in granted if plain(county(entry) or "") == plain(own)]
    if not here:
        return (
            f"the run gives no conviction of [{own}] the State's Attorney's motion; check the policy, and the county "
            "in the office file"
        )
    nameless, caseless = sum(not has_name(entry) for entry in here), sum(not cases(entry) for entry in here)
    return (
        f"no line of a schedule can be made for the [{len(here)}] convictions of [{own}]: [{nameless}] have {NO_NAME}, "
        f"[{caseless}] have {NO_CASE}, and an order names both; run a table that has them, through a mapping"
    )
