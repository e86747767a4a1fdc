"""Of which county a conviction is: a court clears its own, and what is not its own is listed beside the papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from clearslate.assess.county import county_key
from clearslate.errors import InputError
from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import Setting, squeezed
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate_california.filing.schedule import relief_of

OUTSIDE, LISTED = "not_in_motion.csv", "schedule.csv"
OTHER_COUNTY, NO_COUNTY = "of another county than the court's", "the county is not in the record"

_OUTSIDE_COLUMNS = ("source_file", "source_row", "county", "case_number", "standing", "why")
_LISTED_COLUMNS = ("source_file", "source_row", "person_id", "case_number", "relief")
_NAMED = 5


class Parted(NamedTuple):
    """The packet of the court's own county, and the entries that are not of it."""

    own: Packet
    outside: tuple[Entry, ...]


def parted(packet: Packet) -> Parted:
    """Part a packet by the county of the office file. Raises InputError where no entry is of it."""
    own = [entry for entry in packet.entries if not why_not(packet, entry)]
    if packet.entries and not own:
        raise InputError(_nothing_here(packet))
    return Parted(replace(packet, entries=own), tuple([entry for entry in packet.entries if why_not(packet, entry)]))


def why_not(packet: Packet, entry: Entry) -> str:
    """Why an entry is not the court's; blank where it is."""
    key = county_key(_county(entry))
    if not key:
        return NO_COUNTY
    return "" if key == county_key(packet.office.court.county) else OTHER_COUNTY


def _county(entry: Entry) -> str:
    return squeezed(entry.decided.count.event.county)


def _nothing_here(packet: Packet) -> str:
    """What the office file and the run say of the county, and what to do."""
    found = sorted({name for name in map(_county, packet.entries) if name})
    named = ", ".join(found[:_NAMED]) + (f" and {len(found) - _NAMED} more" if len(found) > _NAMED else "")
    return (
        f"no conviction of the run is of [{packet.office.court.county}], the county of the office file; the run has "
        f"[{named or 'no county'}]; correct court.county in the office file, or file a run of that county"
    )


def write_outside(folder: Folder, packet: Packet, entries: Iterable[Entry]) -> None:
    """Write which entries are in no paper, because they are not of the court's county. Raises OutputError."""
    rows = (
        (
            entry.source_file,
            str(entry.decided.count.place.row),
            _county(entry),
            "; ".join(map(squeezed, entry.decided.count.event.case_numbers)),
            entry.standing.value,
            why_not(packet, entry),
        )
        for entry in entries
    )
    _write(folder, OUTSIDE, _OUTSIDE_COLUMNS, rows)


def write_listed(folder: Folder, setting: Setting, entries: Iterable[Entry]) -> None:
    """Write the granted lines of a packet, as ``track mark --list`` takes them. Raises OutputError, InputError."""
    rows = (
        (
            entry.source_file,
            str(entry.decided.count.place.row),
            entry.decided.person.person_id,
            # One number: the row says which charge it is, and several in one cell are the number of no case.
            next(map(squeezed, entry.decided.count.event.case_numbers), ""),
            relief_of(entry, setting).id,
        )
        for entry in entries
    )
    _write(folder, LISTED, _LISTED_COLUMNS, rows)


def _write(folder: Folder, name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    file = folder.create(name)
    file.write(header_line(columns))
    for row in rows:
        file.write(encoded(line(row)), 1)
    file.close()
