"""Time the making of the Illinois packets from invented convictions, and take the memory that each needs.

    python benchmarks/packet_il.py --convictions 3000
    python benchmarks/packet_il.py --convictions 66000 --packet il_sa_motion

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
from clearslate.filing.office import Office, example_office, parse_office
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.staging import Staging
from clearslate.policy.matter import History, Matter
from clearslate.testing.factories import make_count, make_person
from clearslate_il_cannabis.filings import IL_INDIVIDUAL, IL_SA_MOTION
from clearslate_il_cannabis.plugin import IL_CANNABIS

AS_OF, MADE_ON = dt.date(2026, 1, 1), dt.date(2026, 1, 2)
FILINGS = (IL_SA_MOTION, IL_INDIVIDUAL)

AGENCIES = ("EMERALD CITY PD", "MUNCHKIN COUNTRY PD", "WINKIE COUNTRY SHERIFF", "GILLIKIN COUNTRY PD", None)
STATUTES = (("720 ILCS 550/4(a)", "C"), ("720 ILCS 550/4(b)", "B"), ("720 ILCS 550/4(c)", "A"))
FIRST = ("DOROTHY", "OSCAR ZOROASTER", "GLINDA", "NICK", "OZMA", "PRINCESS LANGWIDERE", "JOSÉ")
LAST = ("GALE", "DIGGS", "QUADLING", "CHOPPER", "LE ROI-GNÔME", "JINJUR", "PEÑA")
ILLINOIS = {
    "Department of Justice of Oz, Record Quality": "State Police of Oz",
    "Office of the District Attorney, County of Oz": "Office of the State's Attorney, County of Oz",
    "Deputy District Attorney": "Assistant State's Attorney",
    "SUPERIOR COURT OF THE STATE OF OZ, COUNTY OF OZ": "Circuit Court of Oz County, Illinois",
}


def entries(size: int, seed: int) -> list[Entry]:
    """Convictions of as many people, each decided by the policy's own table."""
    draw = random.Random(seed)
    policy = IL_CANNABIS.bind(IL_CANNABIS.find("statute"))
    made = []
    for row in range(1, size + 1):
        statute, offense_class = draw.choice(STATUTES)
        day = f"{draw.randrange(1995, 2015)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
        count = make_count(
            statute,
            place=Place(0, row, row + 1),
            county="OZ",
            arrested=day,
            committed=day,
            disposed=f"{int(day[:4]) + 1}{day[4:]}",
            grade="misdemeanor",
            offense_class=offense_class,
            ended="conditional_discharge",
            sentence=("12 month CONDITIONAL DISCHARGE",),
        )
        event = msgspec.structs.replace(
            count.event, agency=draw.choice(AGENCIES), case_numbers=(f"{day[:4]}-CM-{row:06d}",)
        )
        whose = make_person(
            msgspec.structs.replace(count, event=event, key=f"{row:012d}"),
            person_id=str(10_000_000 + row),
            names=(f"{draw.choice(LAST)},{draw.choice(FIRST)}",),
            identifiers=(f"{20_000_000 + row}",),
            birth_date=f"{draw.randrange(1950, 1978)}-05-17",
        )
        got = policy.decide(Matter(History(whose), whose.counts[0], AS_OF))
        if got is None:
            raise SystemExit("a conviction is not of the policy")
        # No paper has the walk over the rules, which is most of what a determination weighs.
        routes = tuple(msgspec.structs.replace(route, trace=()) for route in got.routes)
        got = msgspec.structs.replace(got, trace=(), routes=routes)
        made.append(Entry(Decided(whose, whose.counts[0], got), "bulk.csv", {}))
    return sorted(made, key=lambda one: (one.decided.count.event.agency or "", one.decided.count.event.case_numbers))


def office() -> Office:
    """The office of the county of Oz, in words of Illinois."""
    text = example_office()
    for old, new in ILLINOIS.items():
        text = text.replace(old, new)
    return parse_office(text)


def peak() -> float:
    """The most memory that this process had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def make(name: str, size: int, seed: int) -> None:
    """Make one packet and print its figures."""
    filing = next(filing for filing in FILINGS if filing.id == name)
    packet = Packet(
        entries=entries(size, seed),
        office=office(),
        reform=IL_CANNABIS.about,
        policy=IL_CANNABIS.bind(IL_CANNABIS.find("statute")),
        policy_page="\n".join(f"{number:>3}. a rule of the policy in words" for number in range(400)),
        manifest={"versions": {"clearslate": "0"}, "inputs": []},
        digest="0" * 64,
        as_of=AS_OF,
        made_on=MADE_ON,
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
