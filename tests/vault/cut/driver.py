"""Cuts operations off at every call, or plays the cut of the power: reads a JSON line, answers with one, and so on.

Runs with the shim loaded: ``driver.py SHIM FOLDER``.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import replay
import scenes
import sqlite_utils  # noqa: F401 - loaded here once, and not in every process that is cut off
from scenes import Scene, Seen, seen

from clearslate.assess import intake
from clearslate.vault import database

MODES = ("count", "once", "broken", "full", "kill", "torn", "short")
"""As the shim numbers them: the n-th call fails, all from there fail, all that need room from there fail, the process
is killed before it, after half of what it writes; or the call writes half."""

MERCIFUL = ("once", "broken", "full", "short")
"""The process goes on, and cleans up."""


class Ended(NamedTuple):
    """How an operation ended: ``killed``, ``done``, ``refused`` or ``faulty``, what it said, and the calls it made."""

    how: str
    said: str = ""
    calls: int = 0
    fired: int = 0


class Bench:
    """Where the folders are, and the shim."""

    def __init__(self, shim: str, folder: Path) -> None:
        self._shim = ctypes.CDLL(shim)
        self._shim.cut_arm.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)
        self._shim.cut_disarm.restype = self._shim.cut_fired.restype = ctypes.c_long
        self.folder = folder
        self.attempt = folder / "attempt"
        self._ready: dict[str, Path] = {}
        self._good: dict[str, bool] = {}

    def ready(self, name: str) -> Path:
        """The folder that a scene begins in."""
        if name not in self._ready:
            folder = self._ready[name] = self.folder / f"ready {name}"
            folder.mkdir()
            ended = self.done(lambda _: scenes.make_ready(folder, name))
            assert ended.how == "done", ended
        return self._ready[name]

    def laid(self, name: str) -> Path:
        """A copy of it."""
        shutil.rmtree(self.attempt, ignore_errors=True)
        return Path(shutil.copytree(self.ready(name), self.attempt))

    def done(self, act: Callable[[Path], Any], mode: str = "count", at: int = 0, record: Path | None = None) -> Ended:
        """What comes of an operation in a process of its own."""
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            told = self._ended(act, MODES.index(mode), at, record)
            os.write(writing, json.dumps(told).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            text = pipe.read()
        _, status = os.waitpid(process, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL, status
            return Ended("killed", fired=at)
        return Ended(*json.loads(text))

    def _ended(self, act: Callable[[Path], Any], mode: int, at: int, record: Path | None) -> Ended:
        lost: list[str] = []
        sys.unraisablehook = lambda what: lost.append(repr(what.exc_value))
        handle = -1 if record is None else os.open(record, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._shim.cut_arm(at, mode, os.fsencode(self.attempt), handle)
        how, said = "done", ""
        try:
            act(self.attempt)
        except BaseException as error:
            calls, fired = self._shim.cut_disarm(), self._shim.cut_fired()
            how = "refused" if scenes.error_is_ours(error) else "faulty"
            said = str(error) if how == "refused" else "".join(traceback.format_exception(error))
        else:
            calls, fired = self._shim.cut_disarm(), self._shim.cut_fired()
        return Ended("faulty", lost[0], calls, fired) if lost else Ended(how, said, calls, fired)

    def goes_on(self, scene: Scene, after: Seen, state: Any) -> bool:
        """Whether the operation, done again in what a cut left, gives the state after it."""
        there = sorted(f"{path.parent.name}/{path.name}".split("partial-")[0] for path in self.attempt.rglob("*"))
        key = json.dumps([scene.event.value, state, there], sort_keys=True)
        if key not in self._good:
            ended = self.done(scene.act)
            self._good[key] = ended.how == "done" and seen(self.attempt).state == after.state
        return self._good[key]


class Play:
    """One scene, cut off again and again."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench, self.name, self.scene = bench, name, scenes.SCENES.get(name, scenes.CARELESS)
        self.faults: list[str] = []
        self.attempts = 0
        self.before = seen(bench.laid(self.scene.ready))
        self._record = bench.folder / "record"
        bench.laid(self.scene.ready)
        self._disk = replay.Disk(bench.attempt)
        ended = bench.done(self.scene.act, record=self._record)
        assert ended.how == "done", ended
        self.points = ended.calls
        self.calls = list(replay.calls(self._record.read_bytes()))
        self.after = seen(bench.attempt)
        assert (self.before.state == self.after.state) == (self.scene.event.value == "lookup")

    def cut(self, mode: str, points: Iterator[int]) -> None:
        """Cut at these calls, and at those after them if the operation makes more than it did the first time."""
        bench, scene = self.bench, self.scene
        for at in points:
            bench.laid(scene.ready)
            ended = bench.done(scene.act, mode, at)
            self.attempts += 1
            if ended.how == "faulty":
                self._fault(f"{mode} at {at}", ended.said)
                continue
            if ended.how != "killed" and not ended.fired and at > ended.calls:
                return
            left = list(scenes.hidden(bench.attempt))
            self._judge(f"{mode} at {at}", ended.how == "done", ended.said)
            if mode in ("full", "short") and left:
                self._fault(f"{mode} at {at}", f"left {left}")

    def power(self, points: Iterator[int], losses: tuple[str, ...]) -> None:
        """Let the power go after each of so many calls, with each loss; every result is looked at once."""
        known: set[tuple[bool, str]] = set()
        wanted = set(points)
        for at in range(len(self.calls) + 1):
            if at:
                self._disk.play(self.calls[at - 1])
            last = at == len(self.calls)
            if at not in wanted and not last:
                continue
            for place, loss in enumerate(losses):
                folder = replay.emptied(self.bench.attempt)
                digest = (last, self._disk.lay_down(folder, loss, at * len(losses) + place))
                self.attempts += 1
                if digest not in known:
                    known.add(digest)
                    self._judge(f"power gone after {at}, {loss} lost", last)

    def _judge(self, where: str, done: bool, said: str = "") -> None:
        bench, scene = self.bench, self.scene
        try:
            now = seen(bench.attempt)
            wrong = scenes.verdict(scene, self.before, self.after, now, done)
            if wrong == "between" or (wrong is None and scene.again and now.state == self.before.state):
                wrong = None if bench.goes_on(scene, self.after, now.state) else "does not go on from what is there"
        except Exception as error:
            wrong = f"cannot be opened: {type(error).__name__}: {error}"
        if wrong is not None:
            self._fault(where, f"{wrong} {said}")

    def _fault(self, where: str, what: str) -> None:
        self.faults.append(f"{self.name}: {where} of {self.points} ({self._call(where)}): {what}")

    def _call(self, where: str) -> str:
        numbers = [int(word) for word in where.replace(",", "").split() if word.isdigit()]
        at = numbers[0] - 1 if numbers else -1
        if not 0 <= at < len(self.calls):
            return "?"
        call = self.calls[at]
        return f"{call.what} {call.data[-60:].decode()}" if call.what in "CMRU" else call.what


def spread(points: int, stride: int, first: int) -> Iterator[int]:
    """Every ``stride``-th point, and with a stride of one those beyond the last until the operation has ended."""
    yield from range(1 + first % stride, points + 1, stride)
    if stride == 1:
        yield from range(points + 1, points + 100)


def answer(bench: Bench, asked: dict[str, Any]) -> dict[str, Any]:
    begin, cpu = time.perf_counter(), sum(os.times()[:4])
    play = Play(bench, asked["scene"])
    for place, (mode, stride) in enumerate(asked["strides"].items()):
        if mode == "power":
            losses = replay.LOSSES
            play.power(spread(len(play.calls), stride, place), losses)
        else:
            play.cut(mode, spread(play.points, stride, place))
    return {
        "points": play.points,
        "attempts": play.attempts,
        "seconds": round(time.perf_counter() - begin, 2),
        "cpu": round(sum(os.times()[:4]) - cpu, 2),
        "faults": play.faults,
    }


def spill_early() -> None:
    """Let SQLite write to the file in the middle of a transaction, as it does in a large one."""
    connect = database._connect

    def connected(path: Path | None) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA cache_size = 5")
        return connection

    database._connect = connected
    intake.PERSONS_A_STEP = scenes.STEP


def main(shim: str, folder: str) -> None:
    spill_early()
    # What is loaded stays as it is, so that no fork copies it.
    gc.collect()
    gc.freeze()
    bench = Bench(shim, Path(folder))
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(answer(bench, json.loads(line)))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
