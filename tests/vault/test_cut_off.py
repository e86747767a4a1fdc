"""A call of the vault that fails, on every system: the n-th file operation or statement, before or after it was done.

What the system itself cuts off, and a process that is killed, is in ``test_cut_off_by_the_system.py``.
"""

from __future__ import annotations

import errno
import functools
import importlib.util
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clearslate.assess import intake
from clearslate.vault import files

SYSTEM_CALLS = ("open", "write", "fsync")
PATH_CALLS = ("mkdir", "replace", "rename", "unlink")

WAYS = {
    "a call fails before it is done": (False, False),
    "a call fails after it was done": (True, False),
    "every call from there fails": (False, True),
}
MOST = 1_000_000 if os.environ.get("CLEARSLATE_EVERY_CUT") else 7
"""Attempts for each operation and way; they are spread over its calls."""


def _scenes() -> Any:
    path = Path(__file__).with_name("cut") / "scenes.py"
    spec = importlib.util.spec_from_file_location("scenes", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


scenes = _scenes()


class Cut:
    """Counts the calls, and lets the one at ``at`` fail, or all from there, instead of being done or after it."""

    def __init__(self, at: int = 0, *, late: bool = False, lasting: bool = False) -> None:
        self.at, self.late, self.lasting = at, late, lasting
        self.calls = 0

    def through(self, do: Callable[[], Any], error: Callable[[], Exception]) -> Any:
        self.calls += 1
        fails = self.calls == self.at or (self.lasting and 0 < self.at <= self.calls)
        if fails and not self.late:
            raise error()
        answer = do()
        if fails:
            raise error()
        return answer

    def wrapped(self, real: Callable[..., Any], number: int) -> Callable[..., Any]:
        @functools.wraps(real)
        def call(*given: Any, **named: Any) -> Any:
            return self.through(lambda: real(*given, **named), lambda: OSError(number, "the disk gives up"))

        return call

    def connection(self, *given: Any, **named: Any) -> sqlite3.Connection:
        """What SQLite connects with: statements are calls as well."""
        cut = self

        class Connection(sqlite3.Connection):
            def execute(self, *statement: Any) -> Any:
                return cut.through(lambda: super(Connection, self).execute(*statement), cut._full)

            def executemany(self, *statement: Any) -> Any:
                return cut.through(lambda: super(Connection, self).executemany(*statement), cut._full)

        return Connection(*given, **named)

    @staticmethod
    def _full() -> sqlite3.OperationalError:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        return error

    def act(self, scene: Any, root: Path) -> str | None:
        """Do what the scene does, with this cut; give None where it was done, and "ours" or what else it raised."""
        with pytest.MonkeyPatch.context() as patch:
            calls = {name: self.wrapped(getattr(os, name), errno.ENOSPC) for name in SYSTEM_CALLS}
            patch.setattr(files, "os", SimpleNamespace(**{**vars(os), **calls}))
            for name in PATH_CALLS:
                patch.setattr(Path, name, self.wrapped(getattr(Path, name), errno.EIO))
            patch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=self.connection))
            try:
                scene.act(root)
            except Exception as error:
                # Not the error itself: its frames hold cursors, and those a lock on the records.
                return "ours" if scenes.error_is_ours(error) else repr(error)
        return None


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "PERSONS_A_STEP", scenes.STEP)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder that a scene begins in, made once."""

    @functools.cache
    def made(name: str) -> Path:
        folder = tmp_path_factory.mktemp("ready")
        scenes.make_ready(folder, name)
        return folder

    return made


@pytest.fixture
def laid(ready: Callable[[str], Path], tmp_path: Path) -> Callable[[Any], Path]:
    """Lays the same folder anew."""

    def lay(scene: Any) -> Path:
        root = tmp_path / "attempt"
        shutil.rmtree(root, ignore_errors=True)
        return Path(shutil.copytree(ready(scene.ready), root))

    return lay


def faults(scene: Any, laid: Callable[[Any], Path], late: bool, lasting: bool, most: int = MOST) -> Iterator[str]:
    """What is wrong after the operation failed at this call or that."""
    before = scenes.seen(laid(scene))
    whole, root = Cut(), laid(scene)
    assert whole.act(scene, root) is None
    after = scenes.seen(root)
    stride = 1 + whole.calls // most
    for at in range(1 + (3 * late + 5 * lasting) % stride, whole.calls + 1, stride):
        root = laid(scene)
        raised = Cut(at, late=late, lasting=lasting).act(scene, root)
        wrong = scenes.verdict(scene, before, after, now := scenes.seen(root), raised is None)
        if raised not in (None, "ours"):
            wrong = f"raised {raised}; {wrong}"
        if wrong == "between" or (wrong is None and scene.again and now.state == before.state):
            again = Cut().act(scene, root)
            wrong = None if again is None and scenes.seen(root).state == after.state else f"does not go on: {again}"
        if wrong is not None:
            yield f"call {at} of {whole.calls}: {wrong}"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", scenes.SCENES)
def test_an_operation_of_which_a_call_fails_leaves_the_vault_as_before_or_as_after(
    name: str, way: str, laid: Callable[[Any], Path]
) -> None:
    assert list(faults(scenes.SCENES[name], laid, *WAYS[way])) == []


def test_the_search_finds_an_operation_that_leaves_a_vault_in_pieces(laid: Callable[[Any], Path]) -> None:
    found = list(faults(scenes.CARELESS, laid, True, False, 100))
    assert [fault for fault in found if "neither as before nor as after" in fault]
