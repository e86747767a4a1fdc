"""The exit codes, which are part of the interface: one for each class of error, and the shell's own."""

from __future__ import annotations

import inspect

from clearslate.errors import ClearslateError
from clearslate_cli import signals

DONE = 0
REJECTED = 1
USAGE = 2
INTERNAL = ClearslateError.exit_code
INTERRUPTED = signals.INTERRUPTED
READER_GONE = 141


def exit_codes() -> dict[int, str]:
    """Every exit code with what it means, by number; those of errors come from the error tree."""
    codes = {
        DONE: "Done.",
        REJECTED: "Done, but with --strict: rows were rejected, or a check found a problem.",
        INTERNAL: "An error inside the program.",
        INTERRUPTED: "Interrupted (Ctrl-C); what is left, if anything, is said.",
        READER_GONE: "The program that read standard output went away.",
    }
    for kind in _descendants(ClearslateError):
        codes.setdefault(kind.exit_code, _sentence(kind))
    return dict(sorted(codes.items()))


def epilog() -> str:
    """The list of exit codes as ``clearslate --help`` shows it."""
    return "\n".join(["\b", "Exit codes:", *(f"{code:>3}  {words}" for code, words in exit_codes().items())])


def _descendants(kind: type[ClearslateError]) -> list[type[ClearslateError]]:
    found: list[type[ClearslateError]] = []
    for child in kind.__subclasses__():
        # A plugin's own errors are not the interface; they answer with their parent's code.
        if child.__module__ == ClearslateError.__module__:
            found += [child, *_descendants(child)]
    return found


def _sentence(kind: type[ClearslateError]) -> str:
    return inspect.cleandoc(kind.__doc__ or kind.__name__).splitlines()[0]
