"""What a bulk packet is about: the wording of its law, and the convictions of one run sorted and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clearslate.errors import InputError, LedgerError
from clearslate.filing.checklist import Check
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import Setting
from clearslate_california.filing.county import parted
from clearslate_california.filing.schedule import Schedule, relief_of, schedule, standings


@dataclass(frozen=True, slots=True)
class Wording:
    """What a reform says in its papers.

    ``law`` is the law's name, ``section`` the section that the motion is made under, ``cite`` the same in brackets
    after a title. ``matter`` stands in the caption, ``matter_short`` completes "convictions of". ``aim`` is what the
    motion is to do, in a title. ``memorandum`` is the law in paragraphs, ``limits`` what the order does not do.
    ``ordered`` completes, by relief, the sentence that begins with what is on the lines. ``remarks`` and ``reach`` are
    what a run adds to the declaration and to the memorandum. ``checks`` are the statements that an attorney checks.
    """

    law: str
    section: str
    cite: str
    matter: str
    matter_short: str
    aim: str
    memorandum: tuple[str, ...]
    limits: tuple[str, ...]
    ordered: Mapping[str, str]
    remarks: Callable[[Packet, Schedule], Sequence[str]]
    reach: Callable[[Packet, Schedule], Sequence[str]]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """What the documents of one packet say: the schedules, and the counts that all of them share.

    ``packet`` has the convictions of the court's county; ``outside`` are those that the run decided beside them.
    """

    packet: Packet
    wording: Wording
    granted: Schedule
    objected: Schedule
    open: Schedule
    totals: Mapping[str, int]
    reliefs: Mapping[str, int]
    outside: tuple[Entry, ...]

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of every relief of the reform, from the least to the most."""
        return {relief.id: relief.title for relief in self.packet.reform.reliefs}


def contents_of(packet: Packet, wording: Wording) -> Contents:
    """Sort the entries of a packet and count them: those of the court's county are in the motion, others outside.

    Raises LedgerError where they are not as many as the run decided, InputError where there is nothing to file.
    """
    ledger = packet.manifest.get("ledger", {})
    decided = ledger.get(f"{packet.reform.decides}_decided", len(packet.entries))
    if decided != len(packet.entries):
        raise LedgerError(
            f"the run decided [{decided}] and [{len(packet.entries)}] were read for the packet; run it again"
        )
    found = Counter(entry.outcome.value for entry in packet.entries)
    for outcome, count in ledger.get("decided_by_outcome", found).items():
        if count != found[outcome]:
            raise LedgerError(
                f"the run decided [{count}] as {outcome} and [{found[outcome]}] were read for the packet; run it again"
            )
    packet, outside = parted(packet)
    granted = schedule(packet, Standing.GRANTED)
    objected = schedule(packet, Standing.OBJECTED)
    left_open = schedule(packet, Standing.OPEN, first=objected.size + 1)
    if not granted.size + objected.size + left_open.size:
        raise InputError(
            f"of [{packet.office.court.county}] the run grants nothing and leaves nothing open, so there is nothing to "
            "file; check the policy"
        )
    setting = Setting(packet.office, packet.reform, packet.made_on)
    given = granted.counted(lambda entry: relief_of(entry, setting).id)
    reliefs = {relief.id: given[relief.id] for relief in packet.reform.reliefs if relief.id in given}
    return Contents(packet, wording, granted, objected, left_open, standings(packet.entries), reliefs, outside)
