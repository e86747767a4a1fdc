"""What a command answers: text for standard output, a note for standard error, an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NamedTuple

from clearslate.errors import OutputError
from clearslate_cli.exits import DONE, READER_GONE


class Reply(NamedTuple):
    """A command's answer; ``text`` may be many lines, each note is one.

    ``made`` says in a clause what is there already, whether or not the text can be written.
    """

    text: str = ""
    notes: tuple[str, ...] = ()
    code: int = DONE
    made: str = ""


def one_line(message: str) -> str:
    """The message in a single line, with what a terminal would act upon taken out."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(message.split()))


def complain(message: str, kind: str = "error") -> None:
    """Write one line to standard error, where there is one; never fail for it."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        print(f"clearslate: {kind}: {one_line(message)}", file=sys.stderr, flush=True)  # noqa: T201


def deliver(reply: Reply) -> int:
    """Write the reply and give the exit code.

    Raises OutputError when standard output takes no more, as a full disk does.
    """
    for note in reply.notes:
        complain(note, "note")
    try:
        if reply.text:
            sys.stdout.write(reply.text.rstrip("\n") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_stdout()
        if reply.made:
            complain(f"{reply.made}; the program that read the summary went away", "note")
        return READER_GONE
    except OSError as error:
        _discard_stdout()
        if reply.made:
            raise OutputError(f"{reply.made}, but the summary could not be written to standard output") from error
        raise OutputError("standard output cannot be written; free some space or send it elsewhere") from error
    return reply.code


def _discard_stdout() -> None:
    """Point standard output nowhere, so that its last flush at exit does not fail again."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
