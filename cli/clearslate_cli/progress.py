"""A bar on standard error for a job that takes more than a second, and only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Told = Callable[[str, int, int], None]
"""Takes a step of the job, how far it is, and how far it goes."""

PATIENCE = 1.0

WORDS = {"decrypt": "Decrypting", "read": "Reading", "seal": "Sealing", "decide": "Deciding", "write": "Writing files"}


@contextmanager
def bar(*, wanted: bool = True) -> Iterator[Told | None]:
    """Give what shows the job's steps while the block runs; None where nothing is to be shown."""
    if not wanted or sys.stderr is None or sys.stderr.closed or not sys.stderr.isatty():
        yield None
        return
    shown = Bar()
    try:
        yield shown.step
    finally:
        shown.stop()


class Bar:
    """A bar for each step, appearing once the job has taken longer than a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    @property
    def shown(self) -> bool:
        """Whether the job has taken long enough for a bar."""
        return self._progress is not None

    def step(self, name: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if self._progress is None:
            if self._clock() - self._started < PATIENCE:
                return
            self._progress = _progress()
            self._progress.start()
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(WORDS.get(name, name), total=total or None)
        self._progress.update(self._tasks[name], completed=done)

    def stop(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
