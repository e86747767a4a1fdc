"""A case: the granted convictions of one person in one court case, which one paper or form is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import Setting, squeezed
from clearslate.filing.office import by_courthouse
from clearslate_california.filing.schedule import NOT_STATED, case_number, relief_of


class Case(NamedTuple):
    """The granted convictions of one person in one case.

    ``house`` is the courthouse as it is printed; ``known`` says whether the office's table names it.
    """

    house: str
    entries: tuple[Entry, ...]
    known: bool

    @property
    def name(self) -> str:
        """The person's name as printed first, or room to write it."""
        names = self.entries[0].decided.person.names
        return squeezed(names[0]) if names else "_" * 26

    @property
    def other_names(self) -> tuple[str, ...]:
        """The other names as printed."""
        return tuple(squeezed(name) for name in self.entries[0].decided.person.names[1:])

    @property
    def case_number(self) -> str:
        """The case numbers, or room to write one."""
        number = case_number(self.entries[0])
        return "_" * 20 if number == NOT_STATED else number


def cases(packet: Packet, setting: Setting, *, apart: bool = False) -> Iterator[Case]:
    """The granted entries by person and case, in the order of courthouse and case number.

    With ``apart`` each relief is a case of its own. Raises InputError for a grant without a relief.
    """
    granted = [entry for entry in packet.entries if entry.standing is Standing.GRANTED]
    for group in by_courthouse(granted, packet.office):
        found: dict[tuple[object, ...], list[Entry]] = {}
        for entry in group.entries:
            event = entry.decided.count.event
            key = (
                entry.decided.person.person_id,
                # Without a case number only the step of the record tells cases apart.
                event.case_numbers or event.key,
                event.agency if group.courthouse is None else None,
                relief_of(entry, setting).id if apart else None,
            )
            found.setdefault(key, []).append(entry)
        for entries in found.values():
            known = group.courthouse is not None
            house = group.heading if known else squeezed(entries[0].decided.count.event.agency)
            yield Case(house, tuple(entries), known)
