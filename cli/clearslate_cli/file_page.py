"""What ``clearslate file`` answers: what was written, what is in it, what is not, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearslate_cli import page

if TYPE_CHECKING:
    from clearslate.assess.packing import Packed
    from clearslate.filing.filing import Filing
    from clearslate.filing.packets import CorePacket

Settle = Callable[[Mapping[str, int]], None]
_MOST_FILES, _MOST_STRANGERS = 12, 8
_WORDS = {
    "granted": "granted",
    "objected": "objected to",
    "open": "open, for a person to decide",
    "refused": "refused",
    "referred": "for another office",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What was asked for, and where it is."""

    run: int
    packet: str
    output: str
    files: Sequence[str]
    replaced: Path | None
    recipients: int


def listed(run: int, packets: Mapping[str, CorePacket | Filing], *, as_json: bool) -> str:
    """The packets that can be made."""
    if as_json:
        return page.as_json([{"packet": id, "title": packet.title} for id, packet in packets.items()])
    table = page.table(("Packet", "What it is"), [(id, one.title) for id, one in packets.items()], fixed=(0,))
    return f"{table}\n\n{page.wrapped(f'Make one: clearslate file {run} --packet NAME --output DIR')}"


def described(packed: Packed, told: Told) -> dict[str, Any]:
    """The answer for machines."""
    return {
        "output": told.output,
        "files": list(told.files),
        "replaced": None if told.replaced is None else str(told.replaced),
        "recipients": told.recipients,
        **packed.about,
    }


def text(packed: Packed, told: Told) -> str:
    """The answer in a few lines."""
    heading = page.wrapped(f"{told.packet}: {packed.title}", "", "  ")
    rows = [(_WORDS[name], f"{n:,}", f"{packed.taken.get(name, 0):,}") for name, n in packed.decided.items()]
    rows.append(("together", f"{sum(packed.decided.values()):,}", f"{sum(packed.taken.values()):,}"))
    parts = [heading, page.table((f"Run {told.run}", "Decided", "Taken up"), rows, right=(1, 2))]
    if packed.notes:
        parts.append("\n".join(page.wrapped(note, "- ", "  ") for note in packed.notes))
    if packed.strangers:
        parts.append(_strangers(packed.strangers))
    more = len(told.files) - _MOST_FILES
    shown = ", ".join(told.files[:_MOST_FILES]) + (f" and {more:,} more" if more > 0 else "")
    encrypted = f", encrypted to {page.counted(told.recipients, 'recipient')}" if told.recipients else ""
    parts.append(f"Files in {told.output}{encrypted}\n{page.wrapped(shown, '  ')}")
    if told.replaced is not None:
        parts.append(f"The older output is now {told.replaced.name}, beside it")
    parts.append(page.wrapped(f"Next: {_next(packed, told)}", "", "  "))
    return "\n\n".join(parts)


def _strangers(strangers: Mapping[str, int]) -> str:
    found = sorted(strangers.items(), key=lambda one: (-one[1], one[0]))
    shown = ", ".join(f"[{name or 'no court stated'}] {number:,}" for name, number in found[:_MOST_STRANGERS])
    more = len(found) - _MOST_STRANGERS
    and_more = f" and {more:,} more, which packet.json names" if more > 0 else ""
    return page.wrapped(f"Courthouses that the office file lacks, which lose nothing: {shown}{and_more}", "", "  ")


def _next(packed: Packed, told: Told) -> str:
    if packed.state is None:
        return f"hand it over; what is still open: clearslate track status --run {told.run}"
    listed = "FILE.csv" if packed.listed is None else Path(told.output) / packed.listed
    which = "--all-granted" if packed.taken.get("granted") == packed.decided["granted"] else f"--list {listed}"
    return f"hand it over, then clearslate track mark {told.run} --state {packed.state} --packet {told.packet} {which}"
