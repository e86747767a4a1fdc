"""Time the vault's commands on a synthetic California DOJ file: ingest, run, lookup, export, verify, rotate.

    python benchmarks/vault.py --people 100000 --keep bulk100.dat

Each command is a process of its own, as a user starts it; ``lookup`` is started ``--looks`` times for
persons spread over the file, and its median and slowest are given.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

COMMAND = (sys.executable, "-m", "clearslate_cli")


def timed(arguments: Sequence[str], folder: Path, said: str | None = None) -> float:
    """Run a command in a folder; give the seconds that it took. Raises CalledProcessError where it fails."""
    started = time.perf_counter()
    subprocess.run([*COMMAND, *arguments], cwd=folder, check=True, input=said, text=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def persons(source: Path, count: int) -> list[tuple[str, str]]:
    """The names and birth dates of some persons spread over a file."""
    found: dict[str, tuple[str, str]] = {}
    with source.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            born = row["PRI_DOB"] or ""
            if len(born) == 8 and "00" not in (born[4:6], born[6:]):
                found[row["SUBJECT_ID"]] = (row["PRI_NAME"], f"{born[:4]}-{born[4:6]}-{born[6:]}")
    every = list(found.values())
    return every[:: max(1, len(every) // count)][:count]


def main() -> int:
    """Make the file unless it is there, and time the commands on a project of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the source file is, or is put")
    parser.add_argument("--looks", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = (options.keep or folder / "bulk.dat").absolute()
        if not source.exists():
            made = ["--people", str(options.people), "--seed", str(options.seed), "--output", str(source)]
            timed(["synth", "ca_doj", *made], folder)
        project = folder / "project"
        project.mkdir()
        timed(["init", "--key-file", str(folder / "a.key")], project)
        print(f"ingest {timed(['ingest', str(source)], project):.1f} s")
        print(f"run, kept, no files {timed(['run', '--reform', 'ca_prop64', '--as-of', '2026-01-01'], project):.1f} s")
        looks = []
        for name, born in persons(source, options.looks):
            looks.append(timed(["lookup", "--facts", "-"], project, f"name = {name}\nborn = {born}\n"))
        print(f"lookup, {len(looks)} times: median {statistics.median(looks):.2f} s, slowest {max(looks):.2f} s")
        print(f"export {timed(['export', '--output', 'out'], project):.1f} s")
        print(f"verify {timed(['verify'], project):.1f} s")
        print(f"keys rotate {timed(['keys', 'rotate'], project):.1f} s")
        sizes = sum(file.stat().st_size for file in (project / "vault").iterdir())
        print(f"source {source.stat().st_size / 1e6:,.0f} MB, vault {sizes / 1e6:,.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
