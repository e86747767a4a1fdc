"""Processes that work in one vault at the same time, some of which are killed in the middle of a step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import VaultBusyError
from clearslate.vault.sealing import Kind

PROCESSES, OPERATIONS = 8, 30
KILLED = (
    {1: ("step", 4), 3: ("commit", 9), 4: ("head", 14), 6: ("log", 2), 7: ("end", 20)} if os.name == "posix" else {}
)
"""Which of the processes are killed, at which point of which operation."""

WORKER = Path(__file__).with_name("worker.py")


@pytest.fixture
def folder(bench: Any) -> Path:
    folder: Path = bench.copy()
    return folder


def test_a_second_opener_is_told_that_the_vault_is_busy(bench: Any, folder: Path) -> None:
    with bench.open(folder) as vault:
        with pytest.raises(VaultBusyError, match="another process is at work"):
            bench.open(folder, patience=0)
        assert vault.check() == len(bench.messages) + 1
    bench.open(folder, patience=0).close()


def test_another_process_is_told_that_the_vault_is_busy(bench: Any, folder: Path) -> None:
    told = [sys.executable, str(WORKER), str(folder), "0", "1", "none", "0", "0"]
    with bench.open(folder):
        ended = subprocess.run(told, capture_output=True, text=True, check=False)
        assert (ended.stdout, ended.stderr, ended.returncode) == ("busy\n", "", 12)
    ended = subprocess.run(told, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("0\n", "", 0)


def test_no_process_loses_what_another_did_even_where_some_are_killed(bench: Any, folder: Path) -> None:
    workers = []
    for n in range(PROCESSES):
        point, at = KILLED.get(n, ("none", 0))
        told = [str(folder), str(1000 * (n + 1)), str(OPERATIONS), point, str(at), "300"]
        workers.append(subprocess.Popen([sys.executable, str(WORKER), *told], stdout=subprocess.PIPE, text=True))
    reported, in_flight = set(), set()
    for n, worker in enumerate(workers):
        said, _ = worker.communicate()
        done = [int(line) for line in said.splitlines()]
        first = 1000 * (n + 1)
        assert done == list(range(first, first + len(done)))
        reported.update(done)
        if n in KILLED:
            assert worker.returncode == -9
            assert len(done) == KILLED[n][1]
            in_flight.add(first + len(done))
        else:
            assert worker.returncode == 0
            assert len(done) == OPERATIONS
    with bench.open(folder) as vault:
        kept = {number for number in vault.store.numbers(Kind.RUN) if number >= 1000}
        assert reported <= kept <= reported | in_flight
        # Where each was killed says whether the one under way counts.
        assert {number // 1000 - 1 for number in kept - reported} == {n for n in KILLED if KILLED[n][0] != "step"}
        assert {n for n in vault.store.numbers(Kind.PERSON) if n >= 1000} == kept
        assert all(vault.store.get(kind, n) == b"%d" % n for n in kept for kind in (Kind.RUN, Kind.PERSON))
        assert vault.check() == len(bench.messages) + 1 + 2 * len(kept)
        outcomes = [line.told["outcome"] for line in vault.lines() if line.told["event"] == "run"]
    assert outcomes.count("begun") == len(reported) + len(in_flight)
    assert outcomes.count("done") + outcomes.count("recovered") == len(kept)
    assert outcomes.count("failed") == 0
