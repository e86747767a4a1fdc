"""How a command that was interrupted ends, and what it says is left."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from clearslate_cli import signals
from clearslate_cli.exits import INTERRUPTED
from clearslate_cli.reply import complain


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The command was interrupted; the message says what is there now."""


def interrupted(what: str = "") -> int:
    """Say that the command was interrupted and what is there now, and give the exit code."""
    complain(f"interrupted; {what}" if what else signals.NOTHING_LEFT)
    return INTERRUPTED


@contextlib.contextmanager
def told_of_output(output: Path, unfinished: Callable[[], tuple[str, ...]]) -> Iterator[None]:
    """Raise Stopped for an interrupt of the block that makes ``output``.

    ``unfinished`` gives the names of what the block left beside the output and did not finish.
    """
    before = _identity(output)
    try:
        signals.unwind()
        yield
    except BaseException as error:
        if not (isinstance(error, KeyboardInterrupt) or signals.interrupted()):
            raise
        raise Stopped(_there(output, before, unfinished(), error)) from None


def _there(output: Path, before: tuple[int, int] | None, left: tuple[str, ...], error: BaseException) -> str:
    from clearslate.errors import ClearslateError

    if left:
        return f"[{', '.join(left)}] was left beside the output, with personal data in it; delete it"
    if isinstance(error, ClearslateError):
        return str(error)
    if _identity(output) not in (None, before):
        return f"the results are in [{output}], and only the summary was not written"
    return "unfinished output was removed, run the command again"


def _identity(path: Path) -> tuple[int, int] | None:
    """Which folder or file has the path, or None."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
