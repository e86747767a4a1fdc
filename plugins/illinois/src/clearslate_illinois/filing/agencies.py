"""The entries of each agency that arrested, by the office's table; those that no record names stand last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clearslate.filing.entry import Entry
from clearslate.filing.office import Agency, Office, plain
from clearslate_illinois.filing.record import agency as printed_agency

NOT_NAMED = "arresting agency not in the record"


@dataclass(slots=True, repr=False)
class OfAgency:
    """What one agency arrested for; ``agency`` is None for one that the office's table lacks or no record names."""

    name: str
    agency: Agency | None
    is_named: bool
    printed: dict[str, None] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    @property
    def people(self) -> int:
        """How many people the entries are of."""
        return len({entry.decided.person.person_id for entry in self.entries})

    @property
    def address(self) -> Sequence[str]:
        """Its address; nothing where the table lacks it."""
        return () if self.agency is None else self.agency.address


def by_agency(entries: Iterable[Entry], office: Office) -> tuple[OfAgency, ...]:
    """The entries by agency: those of the table in its order, others by name, last those without a name.

    Names that the table says are one agency share a group.
    """
    found: dict[tuple[int, str], OfAgency] = {}
    table = list(office.agencies.values())
    for entry in entries:
        printed = printed_agency(entry)
        agency = office.agency(printed)
        if agency is not None:
            key = (table.index(agency), "")
            group = found.setdefault(key, OfAgency(agency.name, agency, True))
        elif printed is not None:
            group = found.setdefault((len(table), plain(printed)), OfAgency(printed, None, True))
        else:
            group = found.setdefault((len(table) + 1, ""), OfAgency(NOT_NAMED, None, False))
        group.printed[printed or ""] = None
        group.entries.append(entry)
    return tuple([group for _, group in sorted(found.items(), key=lambda item: item[0])])
