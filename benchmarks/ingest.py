"""Times the reading of a wide delimited file: survey, then blocks with the three annotated outputs.

Usage: python benchmarks/ingest.py [--rows N] [--people N] [--shuffled] [--keep FILE]
Prints seconds, rows per second and the peak memory of the process.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from clearslate.ingest.delimited import DelimitedReader
from clearslate.ingest.layout import Layout

WIDTH = 95
COLUMNS = (
    "RECORD_ID", "STATUS", "SUBJECT", "STATE_ID", "NAME", "COUNTY", "COUNT_KEY", "OUTCOME", "OFFENSE", "COMMENT",
    *(f"CELL_{number}" for number in range(10, WIDTH - 1)), "END",
)  # fmt: skip


def layout() -> Layout:
    """An invented format of 95 columns; it makes no persons."""
    return Layout(
        columns=COLUMNS,
        header="RECORD_ID",
        person="SUBJECT",
        identifier="STATE_ID",
        disposition="OUTCOME",
        county="COUNTY",
        count="COUNT_KEY",
        needed=(*COLUMNS[2:10], *COLUMNS[20:40]),
        condensed=COLUMNS[3:23],
        is_conviction=lambda cell: cell.startswith("CONVICTED"),
        county_name=lambda cell: " ".join(cell.upper().split()) or None,
        is_filler=lambda cell: cell in ("", "-"),
        persons=lambda frame, concerns: (),
        checks={"COUNT_KEY": lambda cell: None if len(cell) == 12 else "not 12 digits"},
    )


def write(path: Path, rows: int, people: int, *, shuffled: bool) -> None:
    """Write invented rows of about 800 bytes."""
    rng = random.Random(7)
    each = -(-rows // people)
    fillers = [f"FILLER {number:05d}" for number in range(200)]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\n")
        lines: list[str] = []
        for row in range(rows):
            person = row // each
            cells = [str(row), "A", f"P{person:07d}", f"S{person:08d}", f'"ZYXQUELL,ORLA {person}"']
            cells += [rng.choice(("EMERALD CITY", "MUNCHKIN", "WINKIE")), f"{101 + row % each:03d}001{row % 4:03d}000"]
            cells += [rng.choice(("CONVICTED-JAIL", "DISMISSED", "", "  -  "))]
            cells += [rng.choice(("11357(A) ZZ-HOLDING A POPPY", "6+ POPPIES - GROWN")), "-"]
            cells += [rng.choice(fillers) if number % 2 else "" for number in range(len(cells), WIDTH - 1)] + ["#"]
            lines.append(",".join(cells) + "\n")
            if not shuffled and len(lines) == 1000:
                file.writelines(lines)
                lines.clear()
        if shuffled:
            rng.shuffle(lines)
        file.writelines(lines)


def peak() -> float:
    """The peak memory of this process in megabytes, or NaN where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def read(path: Path) -> None:
    """Read the file with all outputs and print the figures."""
    reader = DelimitedReader(id="bench", title="a wide invented format", layout=layout(), cells={})
    begun = time.perf_counter()
    reading = reader.open([path])
    surveyed = time.perf_counter()
    print(f"survey      {surveyed - begun:6.2f} s  {reading.rows_read / (surveyed - begun):12,.0f} rows/s")
    spent = dict.fromkeys(("blocks", "frame", "annotated", "condensed", "chosen"), 0.0)
    written = people = convictions = 0
    at = time.perf_counter()

    def lap(what: str) -> None:
        nonlocal at
        now = time.perf_counter()
        spent[what] += now - at
        at = now

    for block in reading.blocks():
        lap("blocks")
        frame = block.frame
        people, convictions = people + block.people, convictions + block.convictions
        for name in reader.layout.needed:
            len(frame.columns[name].values)
        lap("frame")
        decided = zip(frame.file[::20].tolist(), frame.row[::20].tolist(), strict=True)
        suffixes = dict.fromkeys(decided, b"eligible,dismiss_and_seal,,a_rule,Because it is so.,,")
        written += len(block.annotated(suffixes, b",,,,,,"))
        lap("annotated")
        written += len(block.condensed(suffixes, b",,,,,,"))
        lap("condensed")
        written += len(block.chosen(suffixes))
        lap("chosen")
    for what, seconds in spent.items():
        print(f"{what:10s}  {seconds:6.2f} s  {reading.rows_read / seconds:12,.0f} rows/s")
    total = time.perf_counter() - begun
    print(f"total       {total:6.2f} s  {reading.rows_read / total:12,.0f} rows/s, peak {peak():,.0f} MB")
    print(f"{reading.rows_read:,} rows, {people:,} people, {convictions:,} convictions, {written:,} bytes written")


def main() -> None:
    """Make a file unless one is given, and read it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--people", type=int, default=50_000)
    arguments.add_argument("--shuffled", action="store_true", help="no two rows of a person follow each other")
    arguments.add_argument("--keep", type=Path, help="a file to make, or to read if it is there")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "bench.csv"
        if not path.exists():
            write(path, given.rows, given.people, shuffled=given.shuffled)
        read(path)


if __name__ == "__main__":
    main()
