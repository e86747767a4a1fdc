"""What the process owes to the data: no core dump, private files, no traceback, quiet streams."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import warnings
from typing import Any

from clearslate_cli import signals

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """Set up the process before any data is read; what a system lacks is left out."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    _fill_streams()
    for stream in (sys.stdout, sys.stderr):
        # A Windows code page cannot say every character; a question mark is better than a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    if not sys.warnoptions:
        # A warning prints the values that it is about, and those may be a person's.
        warnings.simplefilter("ignore")
    sys.excepthook = _say_nothing
    sys.unraisablehook = _unraisable
    threading.excepthook = _say_nothing


def close_memory() -> None:
    """Keep other processes of the same user from reading this one's memory, where the system can (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def lighten() -> None:
    """Keep the garbage collector from walking all that was imported, and from running at every turn."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _fill_streams() -> None:
    """Put something in place of streams that were closed, so that no data file is opened under their number."""
    with contextlib.suppress(OSError):
        if sys.stdin is None:
            sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - for the whole process
        if sys.stdout is None:
            # It can be flushed, but writing to it fails, as it does where the stream is full.
            sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115, PTH123
        if sys.stderr is None:
            sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def _say_nothing(*_: Any) -> None:
    """Stand in for the hooks that would print a traceback with values in it."""


def _unraisable(lost: Any) -> None:
    """Say nothing either, and see to it that an interrupt which got lost comes again."""
    if issubclass(lost.exc_type, KeyboardInterrupt):
        signals.again()
