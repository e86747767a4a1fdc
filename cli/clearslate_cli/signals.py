"""Ctrl-C and its kin: they end the process at once, or unwind a command that has something to clean up."""

from __future__ import annotations

import contextlib
import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    # The module typing is left for later: it is slow to load, and nothing is caught until then.
    from collections.abc import Callable
    from types import FrameType

# A closed terminal and a request to stop end a command as Ctrl-C does.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

INTERRUPTED = 130
NOTHING_LEFT = "interrupted; nothing was left behind, run the command again"


class _State:
    """What a signal does now."""

    unwinds = False
    interrupted = False


def catch() -> None:
    """Let a signal end the process at once: libraries may swallow an exception that comes while they load."""
    _State.unwinds = _State.interrupted = False
    _answer_with(_heed)


def unwind() -> None:
    """From now on let the first signal raise KeyboardInterrupt, and ignore those after it."""
    _State.unwinds = True


def interrupted() -> bool:
    """Whether a signal has come that unwinds."""
    return _State.interrupted


def end() -> None:
    """Ignore every further signal, because the command has ended."""
    _State.unwinds = _State.interrupted = True
    # The interpreter lets go of handlers before it is gone, but leaves alone what is ignored.
    _answer_with(signal.SIG_IGN)


def again() -> None:
    """Send the signal once more, a little later, because the exception of the first one went astray."""
    import _thread
    import threading

    def send() -> None:
        if hasattr(signal, "pthread_kill"):
            main = threading.main_thread().ident
            if main is not None:
                signal.pthread_kill(main, signal.SIGINT)
        else:
            _thread.interrupt_main()

    _State.interrupted = False
    # From another thread, because here it would be lost again.
    timer = threading.Timer(0.02, send)
    timer.daemon = True
    timer.start()


def _answer_with(answer: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    for name in _NAMES:
        number = getattr(signal, name, None)
        # One that is ignored was meant to be (nohup).
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, answer)


def _heed(_number: int, _frame: object) -> None:
    if _State.interrupted:
        return
    _State.interrupted = True
    if _State.unwinds:
        raise KeyboardInterrupt
    with contextlib.suppress(OSError):
        os.write(2, f"clearslate: error: {NOTHING_LEFT}\n".encode())
    os._exit(INTERRUPTED)
