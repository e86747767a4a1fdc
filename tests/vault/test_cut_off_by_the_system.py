"""Every write, sync, rename and removal of an operation fails, or the process is killed there, or the power goes.

A shim between the program and the C library counts the calls on the files of a folder. It lets the n-th fail, or kills
the process before it or in the middle of a write, for every n until the operation passes untouched. Each time the vault
opens as it was before the operation or as it is after it, every byte of it is checked and every message is read; what
an ingest had done by then goes on when it is run again. An operation that said it was done is done.

The power that goes is played from a record of the calls: of what had not been synced by then the disk has nothing, or
no bytes, or no names, or some sectors of each write. What a disk does that lies about a sync is not played.

By default a part of the calls of the long operations is cut at; with ``CLEARSLATE_EVERY_CUT=1`` every one, with ``2``
every second. The shim is for Linux; on other systems ``test_cut_off.py`` lets the calls fail.
"""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("cut")
EVERY = int(os.environ.get("CLEARSLATE_EVERY_CUT", "0"))

SHORT = ("keys add", "keys drop", "backup", "restore", "shred vault", "lookup")
LONG = ("init", "ingest", "ingest resumed", "run", "run with output", "shred person", "keys rotate")

# Every so many calls, by how the cut is made; cuts of two kinds fall on different calls.
CUTS = {
    "short": {"kill": 1, "once": 2, "torn": 3, "short": 7, "full": 7, "broken": 7},
    "long": {"kill": 6, "once": 7, "torn": 13, "short": 23, "full": 23, "broken": 19},
    "every": dict.fromkeys(("kill", "once", "torn", "short", "full", "broken"), EVERY),
}
POWER = {"short": {"power": 1}, "long": {"power": 2}, "every": {"power": EVERY}}

Ask = Callable[[str, dict[str, int]], dict[str, Any]]


def _strides(table: dict[str, dict[str, int]], name: str) -> dict[str, int]:
    return table["every" if EVERY else "short" if name in SHORT else "long"]


def tell(how: str, name: str, answer: dict[str, Any]) -> None:
    """Say how many calls and attempts there were; ``pytest -rP`` shows it."""
    words = "calls, {attempts} attempts, {cpu} seconds of the processor".format(**answer)
    sys.stdout.write(f"{name}, {how}: {answer['points']} {words}\n")


if sys.platform.startswith("linux"):

    @pytest.fixture(scope="module")
    def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
        """Asks a process, in which the shim is loaded, to cut an operation off."""
        folder = tmp_path_factory.mktemp("cut")
        shim = runpy.run_path(str(FOLDER / "build.py"))["built"](folder)
        # No library may start a thread before a fork.
        environment = {**os.environ, "LD_PRELOAD": str(shim), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-W", "error", str(FOLDER / "driver.py"), str(shim), str(folder)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stdin is not None
        assert process.stdout is not None

        def asked(scene: str, strides: dict[str, int]) -> dict[str, Any]:
            process.stdin.write(json.dumps({"scene": scene, "strides": strides}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer:
                _, said = process.communicate()
                pytest.fail(f"the process that cuts ended: {said}")
            return dict(json.loads(answer))

        yield asked
        _, said = process.communicate()
        assert said == ""

    @pytest.mark.parametrize("name", [*SHORT, *LONG])
    def test_an_operation_that_is_cut_off_at_any_call_leaves_the_vault_as_before_or_as_after(
        ask: Ask, name: str
    ) -> None:
        answer = ask(name, _strides(CUTS, name))
        tell("cut off", name, answer)
        assert answer["faults"] == []
        assert answer["attempts"] >= answer["points"] // 3

    @pytest.mark.parametrize("name", [*SHORT, *LONG])
    def test_an_operation_in_which_the_power_goes_leaves_the_vault_as_before_or_as_after(ask: Ask, name: str) -> None:
        answer = ask(name, _strides(POWER, name))
        tell("power gone", name, answer)
        assert answer["faults"] == []

    @pytest.mark.parametrize("mode", ["kill", "torn", "once", "full", "broken", "power"])
    def test_the_search_finds_an_operation_that_leaves_a_vault_in_pieces(ask: Ask, mode: str) -> None:
        answer = ask("careless", {mode: 1})
        assert answer["faults"]
