"""One error tree; each class has an exit code that never changes.

A message says what is wrong, where, and what to do next, in one line. Values stand in
[brackets]; no message carries a name, a birth date or an identifier of a person.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class ClearslateError(Exception):
    """The root: something stopped the command, and the message says what to do."""

    exit_code: ClassVar[int] = 70


class UsageError(ClearslateError):
    """The command line or the settings file asks for something that cannot be."""

    exit_code = 2


class InputError(ClearslateError):
    """A source file is missing, empty, unreadable or not in the format named."""

    exit_code = 3


class PolicyError(ClearslateError):
    """A policy or reform file breaks the schema, or names what does not exist."""

    exit_code = 4


class PluginError(ClearslateError):
    """A plugin does not load, misspells a hook or takes an id already taken."""

    exit_code = 5


class OutputError(ClearslateError):
    """The output folder cannot be written, is not empty, or the disk is full."""

    exit_code = 6


class LedgerError(ClearslateError):
    """The counts of a run do not add up; nothing was released."""

    exit_code = 7


class CountyError(ClearslateError):
    """The county named has no conviction in the file."""

    exit_code = 8


class ConformanceError(ClearslateError):
    """A reform or a reader breaks a promise that every one of them makes."""

    exit_code = 9


class VaultError(ClearslateError):
    """The vault is not one, is of a newer version, is damaged, or was altered."""

    exit_code = 10


class KeyRefusedError(ClearslateError):
    """The key does not open the vault, is missing, or lies open to others."""

    exit_code = 11


class VaultBusyError(ClearslateError):
    """Another process is at work in the vault."""

    exit_code = 12


class AuditError(ClearslateError):
    """The audit log does not hold together, or an entry cannot be written."""

    exit_code = 13


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give ``; did you mean [x]?`` for the nearest known word, or list the known words."""
    choices = sorted(known)
    near = difflib.get_close_matches(word.lower(), [c.lower() for c in choices], n=1, cutoff=0.6)
    if near:
        match = next(c for c in choices if c.lower() == near[0])
        return f"; did you mean [{match}]?"
    return f"; known: {', '.join(choices)}" if choices else ""
