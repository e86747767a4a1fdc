"""What the process owes to the data: no core dump, private files, no traceback, quiet streams."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import warnings
from types import FrameType
from typing import Any


def harden() -> None:
    """Set up the process before any data is read; what a system lacks is left out."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        # A Windows code page cannot say every character; a question mark is better than a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    if not sys.warnoptions:
        # A warning prints the values that it is about, and those may be a person's.
        warnings.simplefilter("ignore")
    sys.excepthook = _say_nothing
    sys.unraisablehook = _say_nothing
    threading.excepthook = _say_nothing
    _end_as_interrupted()


def _say_nothing(*_: Any) -> None:
    """Stand in for the hooks that would print a traceback with values in it."""


def _end_as_interrupted() -> None:
    """Make a request to stop, or a closed terminal, unwind as Ctrl-C does, so that staging is removed."""
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # One that is ignored was meant to be (nohup).
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
