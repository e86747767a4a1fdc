"""Time ``clearslate run`` on a synthetic California DOJ file: seconds, rows per second, peak memory.

    python benchmarks/run_bulk_file.py --people 50000 --policy statute --keep bulk.dat

The file is made first (and kept where ``--keep`` says, to be used again); only the run is timed,
as a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil


def peak_of(process: subprocess.Popen[bytes]) -> int:
    """Wait for the process and give its peak resident memory in bytes."""
    watched, peak = psutil.Process(process.pid), 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.wait(0.02):
            try:
                peak = max(peak, watched.memory_info().rss)
            except psutil.Error:
                return

    sampler = threading.Thread(target=sample)
    sampler.start()
    process.wait()
    done.set()
    sampler.join()
    return peak


def main() -> int:
    """Make the file unless it is there, run, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policy", default="statute")
    parser.add_argument("--keep", type=Path, help="where the source file is, or is put")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = options.keep or Path(folder) / "bulk.dat"
        command = [sys.executable, "-m", "clearslate_cli"]
        if not source.exists():
            made = ["--people", str(options.people), "--seed", str(options.seed), "--output", str(source)]
            subprocess.run([*command, "synth", "ca_doj", *made], check=True, stdout=subprocess.DEVNULL)
        size = source.stat().st_size
        for number in range(options.runs):
            output = Path(folder) / f"out{number}"
            arguments = ["--reform", "ca_prop64", "--policy", options.policy, "--as-of", "2026-01-01"]
            started = time.perf_counter()
            process = subprocess.Popen(
                [*command, "run", *arguments, "--input", str(source), "--output", str(output)],
                stdout=subprocess.DEVNULL,
            )
            peak = peak_of(process)
            seconds = time.perf_counter() - started
            if process.returncode:
                return process.returncode
            rows = json.loads((output / "run.json").read_text("utf-8"))["ledger"]["rows_read"]
            print(
                f"{rows:,} rows, {size / 1e6:,.0f} MB, policy {options.policy}: {seconds:.1f} s, "
                f"{rows / seconds:,.0f} rows/s, peak {peak / 1e6:,.0f} MB, {os.cpu_count()} cores"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
