"""A packet made of a kept run: decided once more, taken up, written by the core or by the reform, and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from clearslate.assess.filed import Filed, check_entries, court_printed
from clearslate.assess.ordered import Orders, Wanted, orders_of
from clearslate.assess.progress import Progress
from clearslate.assess.remaining import GONE_WITH, remaining
from clearslate.assess.run import RunRequest, run
from clearslate.errors import ClearslateError, LedgerError, PluginError, UsageError
from clearslate.filing.entry import Standing
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.given import Asked, Given
from clearslate.filing.meanings import Setting
from clearslate.filing.office import Office, not_in_table
from clearslate.filing.packets import (
    CORE_PACKETS,
    Before,
    CorePacket,
    FormSheets,
    Taken,
    Work,
    asked_again,
    check_relief,
)
from clearslate.output.manifest import digest_of, json_bytes
from clearslate.output.staging import PACKET, Folder
from clearslate.policy.reform import Reform
from clearslate.vault.store import Store

FORMAT = 1
FILED = "filed"
"""What a case becomes once a packet of a reform is handed over, unless the packet says otherwise."""

_BEFORE_THE_COURT = (Standing.GRANTED, Standing.OBJECTED, Standing.OPEN)


@dataclass(frozen=True, slots=True, repr=False)
class PackRequest:
    """Which packet to make of which run.

    ``again`` decides the kept run once more; ``manifest`` is the one that is kept. ``office_file`` is the name of the
    office file and its SHA-256. ``policy_page`` is the policy in words.
    """

    store: Store
    run: int
    again: RunRequest
    manifest: Mapping[str, Any]
    packet: str
    office: Office
    office_file: tuple[str, str]
    asked: Asked
    policy_page: str
    made_on: dt.date


@dataclass(frozen=True, slots=True)
class Packed:
    """What was made, in numbers.

    ``decided`` and ``taken`` count entries by standing, of the run and in the packet. ``strangers`` counts those taken
    up by each courthouse that the office file lacks; ``notes`` say what is left out. ``state`` is what a case becomes
    once the packet is handed over; None where it becomes nothing. ``listed`` is the table of the packet that names the
    cases for ``track mark --list``. ``left_out`` counts granted entries that are left out by reason, and ``gone`` what
    the run decided of persons who were shredded since, by outcome. ``about`` is what ``packet.json`` says.
    """

    title: str
    decided: Mapping[str, int]
    taken: Mapping[str, int]
    strangers: Mapping[str, int]
    notes: tuple[str, ...]
    state: str | None
    listed: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def packets_of(reform: Reform) -> Mapping[str, CorePacket | Filing]:
    """Every packet that can be made of a reform's runs, its own first.

    Raises PluginError where an id is taken, and where the reform cannot give its own.
    """
    try:
        own: dict[str, CorePacket | Filing] = dict(reform.filings())
    except ClearslateError:
        raise
    except Exception as error:
        raise PluginError(
            f"the packets of reform [{reform.about.id}] cannot be loaded: [{type(error).__name__}]; report it to its "
            "authors"
        ) from error
    for id in own:
        if id in CORE_PACKETS:
            raise PluginError(f"reform [{reform.about.id}] has a packet [{id}], which is one of the core's; rename it")
    return own | dict(CORE_PACKETS)


def find_packet(reform: Reform, name: str) -> CorePacket | Filing:
    """The packet that the user named. Raises UsageError listing the known ones with their titles."""
    known = packets_of(reform)
    if name in known:
        return known[name]
    listed = "; ".join(f"{id} ({packet.title})" for id, packet in known.items())
    near = get_close_matches(name.lower(), known, n=1)
    meant = f"did you mean [{near[0]}]? " if near else ""
    raise UsageError(f"reform [{reform.about.id}] has no packet [{name}]; {meant}known: {listed}")


def check_asked(request: PackRequest) -> CorePacket | Filing:
    """The packet, with its options checked, before anything is decided. Raises UsageError."""
    reform = request.again.reform
    packet = find_packet(reform, request.packet)
    takes, needs = (packet.takes, packet.needs) if isinstance(packet, CorePacket) else ((), ())
    request.asked.check(packet.id, takes, needs)
    reliefs = [relief.id for relief in reform.about.reliefs]
    routes = bool(request.again.policy.routes)
    check_relief(packet.id, takes, request.asked.relief, reliefs, routes=routes)
    return packet


def pack(request: PackRequest, folder: Folder, progress: Progress | None = None) -> Packed:
    """Make a packet. Raises LedgerError, InputError, OutputError, UsageError, PluginError or VaultError."""
    packet = check_asked(request)
    given = request.asked.read()
    again, filed = request.again, Filed()
    left = remaining(request.store, request.run, request.manifest, () if again.kept is None else again.kept.sources)
    own = {} if isinstance(packet, CorePacket) and not packet.asks_orders else packets_of(again.reform)
    orders = Orders() if not own else orders_of(request.store, request.run, _wanted(request, packet, given, own))
    if isinstance(packet, CorePacket):
        columns, reform = again.reader.columns, again.reform.about
        packet.ready(Before(request.office, reform, given, columns, again.reader.id, orders.by_charge))
    run(replace(again, writers=(*again.writers, filed)), progress)
    entries = filed.entries(request.office)
    decided = check_entries(entries, left.manifest)
    about = Packet(
        entries=entries,
        office=request.office,
        reform=again.reform.about,
        policy=again.policy,
        policy_page=request.policy_page,
        manifest=left.manifest,
        digest=digest_of(request.manifest),
        as_of=again.as_of,
        made_on=request.made_on,
        orders=orders.by_charge,
    )
    printed = court_printed(again.reader)
    if isinstance(packet, CorePacket):
        setting = Setting(
            request.office,
            again.reform.about,
            request.made_on,
            orders=orders.by_charge,
            relief=given.relief,
            courthouse=printed,
        )
        sheets = _sheets(packet, given, own)
        work = Work(about, setting, given, orders.reported, orders.denied, orders.without, orders.answered, sheets)
        made, state, listed = packet.write(work, folder), packet.state, packet.listed
        housed = packet.houses(work)
    else:
        made = _guarded(packet, about, folder)
        counted = [standing for standing in _BEFORE_THE_COURT if made.entries.get(standing.value)]
        housed = tuple(entry for entry in entries if entry.standing in counted)
        state, listed = getattr(packet, "state", FILED), getattr(packet, "listed", None)
        asked = _reliefs(packet)
        granted = [
            entry
            for entry in entries
            if entry.standing is Standing.GRANTED and (not asked or not set(asked).isdisjoint(entry.reliefs))
        ]
        made = made._replace(notes=(*made.notes, *asked_again(granted, orders.denied, orders.answered)))
    for standing, number in made.entries.items():
        if not 0 <= number <= decided.get(standing, 0):
            raise LedgerError(
                f"packet [{packet.id}] took up [{number}] entries that are {standing}, and the run has "
                f"[{decided.get(standing, 0)}]; nothing was released; report this with the counts"
            )
    strangers = not_in_table(housed, request.office, printed)
    notes = (*made.notes, *_gone(left.gone))
    packed = Packed(packet.title, decided, made.entries, strangers, notes, state, listed, made.left_out, left.gone)
    return replace(packed, about=_about(request, packet.id, given, packed))


def _reliefs(packet: CorePacket | Filing) -> tuple[str, ...]:
    """The reliefs that a packet of a reform asks for, where it says so."""
    return tuple(getattr(packet, "reliefs", ()))


def _wanted(
    request: PackRequest, packet: CorePacket | Filing, given: Given, known: Mapping[str, CorePacket | Filing]
) -> Wanted | None:
    """Of which reliefs an order counts; None where a charge gets one alone, or the packet says none."""
    reliefs = ((given.relief,) if given.relief else ()) if isinstance(packet, CorePacket) else _reliefs(packet)
    if not request.again.policy.routes or not reliefs:
        return None
    return Wanted(reliefs, {id: _reliefs(one) for id, one in known.items() if _reliefs(one)})


def _sheets(packet: CorePacket, given: Given, known: Mapping[str, CorePacket | Filing]) -> FormSheets | None:
    """The reform's own way to fill a form, by the packet of it that asks for the relief."""
    if "fields" not in packet.takes:
        return None
    for one in known.values():
        sheets: FormSheets | None = getattr(one, "form_sheets", None)
        if sheets is not None and (given.relief is None or given.relief in _reliefs(one)):
            return sheets
    return None


def _gone(gone: Mapping[str, int]) -> tuple[str, ...]:
    """In words, what is gone with persons who were shredded."""
    if not gone:
        return ()
    named = ", ".join(f"{number:,} {outcome}" for outcome, number in gone.items())
    return (f"{sum(gone.values()):,} decided by the run, gone with persons who were shredded: {named}",)


def _guarded(packet: Filing, about: Packet, folder: Folder) -> Taken:
    """What a reform's packet took up; its failure is one line that names it and shows nothing of the data."""
    try:
        return Taken(dict(packet.write(about, folder)))
    except ClearslateError:
        raise
    except Exception as error:
        raise PluginError(
            f"packet [{packet.id}] failed with [{type(error).__name__}]; nothing was released; report it to the "
            f"authors of reform [{about.reform.id}]"
        ) from error


def _about(request: PackRequest, packet: str, given: Given, packed: Packed) -> dict[str, Any]:
    manifest = request.manifest
    name, sha256 = request.office_file
    return {
        "format": FORMAT,
        "packet": {"id": packet, "title": packed.title},
        "run": request.run,
        "run_sha256": digest_of(manifest),
        "versions": manifest["versions"],
        "reform": manifest["reform"],
        "policy": manifest["policy"],
        "county": manifest["county"],
        "as_of": manifest["as_of"],
        "made_on": request.made_on.isoformat(),
        "office": {"name": name, "sha256": sha256},
        "given": {**given.files, **({"relief": given.relief} if given.relief is not None else {})},
        "decided": dict(packed.decided),
        "taken": dict(packed.taken),
        "left_out": dict(packed.left_out),
        GONE_WITH: dict(packed.gone),
        "not_in_table": dict(packed.strangers),
        "notes": list(packed.notes),
    }


def write_about(packed: Packed, folder: Folder, pages: Mapping[str, int], *, encrypted: bool) -> None:
    """Write ``packet.json``: what the packet is, of which run, and every file of it. Raises OutputError."""
    for one in folder.files.values():
        one.close()
    files = [
        {
            "name": one.name,
            "sha256": one.sha256,
            "size": one.size,
            **({"rows": one.rows} if one.rows else {}),
            **({"pages": pages[one.name]} if one.name in pages else {}),
        }
        for one in sorted(folder.files.values(), key=lambda one: one.name)
    ]
    last = folder.create(PACKET)
    last.write(json_bytes({**packed.about, "encrypted": encrypted, "files": files}))
    last.close()
