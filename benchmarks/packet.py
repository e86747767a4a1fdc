"""Time the making of packets from invented convictions, and take the memory that each needs.

    python benchmarks/packet.py --convictions 3000
    python benchmarks/packet.py --convictions 66000 --packet ca_bulk

Each packet is made in a process of its own. ``entries`` is what the convictions themselves take, before a document is
begun; ``peak`` is the most that the process ever had, and the difference is what documents cost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.office import example_office, parse_office
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.staging import Staging
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.testing.factories import make_count, make_person
from clearslate_ca_prop64.filings import FILINGS
from clearslate_ca_prop64.plugin import CA_PROP64

HOUSES = ("CASC EMERALD CITY", "CAMC MUNCHKIN COUNTRY", "CASC WINKIE COUNTRY", "CASC GILLIKIN COUNTRY")
RELIEFS = tuple(relief.id for relief in CA_PROP64.about.reliefs)
SECTIONS = ("HS 11357(a)", "HS 11357(b)", "HS 11358", "HS 11359", "HS 11360(a)")
FIRST = ("DOROTHY", "OSCAR ZOROASTER", "GLINDA", "NICK", "OZMA", "PRINCESS LANGWIDERE", "JOSÉ")
LAST = ("GALE", "DIGGS", "QUADLING", "CHOPPER", "LE ROI-GNÔME", "JINJUR", "PEÑA")


def entries(size: int, seed: int) -> list[Entry]:
    """Granted convictions of as many cases, sorted as a packet's are."""
    draw = random.Random(seed)
    made = []
    for row in range(1, size + 1):
        count = make_count(draw.choice(SECTIONS), place=Place(0, row, row + 1), key=f"{row:012d}", county="OZ")
        event = msgspec.structs.replace(
            count.event, key=f"{row}/1", agency=draw.choice(HOUSES), case_numbers=(f"OZ{draw.randrange(10**8):08d}",)
        )
        whose = make_person(
            msgspec.structs.replace(count, event=event),
            person_id=str(10_000_000 + row),
            names=(f"{draw.choice(LAST)},{draw.choice(FIRST)}",),
            identifiers=(f"A{20_000_000 + row}",),
        )
        decision = Decision(Outcome.ELIGIBLE, draw.choice(RELIEFS))
        got = Determination(decision, "grant", "The law says so.", ("HS 11361.8(e)",), (), (), (), ())
        made.append(Entry(Decided(whose, whose.counts[0], got), "bulk.dat", {}))
    return sorted(made, key=lambda one: (one.decided.count.event.agency or "", one.decided.count.event.case_numbers))


def peak() -> float:
    """The most memory that this process had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def make(name: str, size: int, seed: int) -> None:
    """Make one packet and print its figures."""
    filing = next(filing for filing in FILINGS if filing.id == name)
    packet = Packet(
        entries=entries(size, seed),
        office=parse_office(example_office()),
        reform=CA_PROP64.about,
        policy=CA_PROP64.bind(CA_PROP64.find("statute")),
        policy_page="\n".join(f"{number:>3}. a rule of the policy in words" for number in range(400)),
        manifest={"versions": {"clearslate": "0"}, "inputs": []},
        digest="0" * 64,
        as_of=dt.date(2026, 1, 1),
        made_on=dt.date(2026, 1, 2),
    )
    before = peak()
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        wall, busy = time.perf_counter(), time.process_time()
        with Staging(out) as staging:
            taken = filing.write(packet, staging.open())
            staging.release()
        wall, busy = time.perf_counter() - wall, time.process_time() - busy
        sizes = [path.stat().st_size for path in out.iterdir()]
    if taken["granted"] != size:
        raise SystemExit(f"{name}: {taken['granted']} of {size} taken up")
    print(
        f"{name} of {size:,}: {wall:.1f} s ({busy:.1f} s of processor), entries {before:.0f} MB, peak {peak():.0f} MB, "
        f"{len(sizes):,} files of {sum(sizes) / 1e6:.1f} MB",
        flush=True,
    )


def main() -> int:
    """Make each packet in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--convictions", type=int, default=3000)
    parser.add_argument("--packet", choices=[filing.id for filing in FILINGS], help="one of them; else all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        make(options.packet, options.convictions, options.seed)
        return 0
    for name in [options.packet] if options.packet else [filing.id for filing in FILINGS]:
        arguments = ["--convictions", str(options.convictions), "--packet", name, "--seed", str(options.seed)]
        subprocess.run([sys.executable, __file__, *arguments, "--here"], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
