"""The audit log: who did what, when, how it ended and how much it was; chained, keyed, and without names."""

from __future__ import annotations

import datetime as dt
import enum
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from clearslate.errors import AuditError
from clearslate.vault import spelling
from clearslate.vault.files import append, as_audit_error

FIRST = "0" * 64
"""What stands for the line before the first."""

LONGEST_LINE = 64 * 1024
_SECTOR = 512
"""Bytes that a disk writes together. A file may be as long as it was to be before all of them are written."""


class Event(enum.Enum):
    """Everything that is written down. A command on a vault that is not here does not exist."""

    INIT = "init"
    INGEST = "ingest"
    RUN = "run"
    RUNS_LISTED = "runs"
    EXPLAIN = "explain"
    POLICIES_COMPARED = "policies diff"
    DOCTOR = "doctor"
    LOOKUP = "lookup"
    EXPORT = "export"
    FILED = "file"
    DECISIONS_EXPORTED = "decisions export"
    DECISIONS_IMPORTED = "decisions import"
    TRACK_MARKED = "track mark"
    TRACK_IMPORTED = "track import"
    TRACK_STATUS = "track status"
    TRACK_EXPORTED = "track export"
    TRACK_VERIFIED = "track verify"
    VERIFY = "verify"
    KEYS_LISTED = "keys list"
    KEY_ADDED = "keys add"
    KEY_DROPPED = "keys drop"
    KEYS_ROTATED = "keys rotate"
    PERSON_SHREDDED = "shred person"
    VAULT_SHREDDED = "shred vault"
    BACKED_UP = "backup"
    RESTORED = "restore"
    AUDIT_SHOWN = "audit show"
    AUDIT_VERIFIED = "audit verify"
    ANCHORED = "anchor"


class Outcome(enum.Enum):
    """How an event ended; ``begun`` is written before anything is done."""

    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"
    RECOVERED = "recovered"


class Actor(NamedTuple):
    """Who works in the vault, on which machine, with which program, and the clock."""

    who: str
    where: str
    program: str
    clock: Callable[[], dt.datetime]

    def stamp(self) -> str:
        """The time in UTC to the hundredth of a second."""
        now = self.clock().astimezone(dt.UTC)
        return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 10_000:02d}Z"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, authenticated. ``told`` is all that it says."""

    told: Mapping[str, Any]
    text: bytes

    @property
    def number(self) -> int:
        """Its place in the log, from 1."""
        return int(self.told["n"])

    @property
    def mac(self) -> str:
        """What the next line names as ``previous``."""
        return str(self.told["mac"])


class Keyring(NamedTuple):
    """The audit keys, oldest first, each with the number of the first line that it vouches for."""

    keys: Sequence[tuple[int, bytes]]

    def for_line(self, number: int) -> bytes:
        """The key in force for a line. Raises AuditError."""
        found = [key for first, key in self.keys if first <= number]
        if not found:
            raise broken(number)
        return found[-1]


def broken(number: int) -> AuditError:
    """The error for a line that is not as it was written."""
    return AuditError(
        f"the audit log does not hold together at line [{number}]; it was altered or damaged, compare it with a backup"
    )


def made(
    actor: Actor,
    key: bytes,
    *,
    number: int,
    previous: str,
    event: Event,
    outcome: Outcome,
    counts: Mapping[str, int],
    generation: int,
    records: Mapping[str, Any] | None,
    error: str = "",
) -> Line:
    """A new line."""
    told: dict[str, Any] = {
        "n": number,
        "at": actor.stamp(),
        "who": actor.who,
        "where": actor.where,
        "program": actor.program,
        "event": event.value,
        "outcome": outcome.value,
        "error": error,
        "counts": dict(counts),
        "generation": generation,
        "records": None if records is None else dict(records),
        "previous": previous,
    }
    told["mac"] = hmac.digest(key, spelling.spelled(told), "sha256").hex()
    return Line(told, spelling.spelled(told))


def read(text: bytes, keys: Keyring) -> Line:
    """A line that the key in force vouches for. Raises AuditError."""
    try:
        told = spelling.read(text)
        number, mac = told["n"], told.pop("mac")
        if type(number) is not int or type(mac) is not str or type(told["previous"]) is not str:
            raise ValueError("no line of ours")
    except (KeyError, ValueError) as error:
        raise AuditError(
            "the audit log has a line that is none; it was altered or damaged, compare it with a backup"
        ) from error
    wanted = hmac.digest(keys.for_line(number), spelling.spelled(told), "sha256").hex()
    if not hmac.compare_digest(wanted.encode(), mac.encode("ascii", "replace")):
        raise broken(number)
    return Line({**told, "mac": mac}, text)


def lines(path: Path, keys: Keyring) -> Iterator[Line]:
    """All lines in order, each checked against the one before it. Raises AuditError at the first that does not fit."""
    previous, number = FIRST, 0
    try:
        with path.open("rb") as file:
            while text := file.readline(LONGEST_LINE):
                number += 1
                if not text.endswith(b"\n"):
                    raise broken(number)
                line = read(text[:-1], keys)
                if line.number != number or line.told["previous"] != previous:
                    raise broken(number)
                previous = line.mac
                yield line
    except OSError as error:
        raise AuditError(f"[{path.name}] of the vault cannot be read; restore it from a backup") from error


def complete(path: Path, size: int, last: bytes) -> bool:
    """Make the log end with its last line, of which a cut may have left a part; give whether it was so.

    ``size`` is that of the whole log. Raises AuditError where the log has anything else at its end.
    """
    whole = last + b"\n"
    begin = size - len(whole)
    try:
        with path.open("rb") as file:
            file.seek(max(begin, 0))
            tail = file.read(len(whole) + 1)
            actual = file.seek(0, 2)
    except FileNotFoundError:
        tail, actual = b"", 0
        if begin:
            raise AuditError(f"[{path.name}] of the vault is missing; restore it from a backup") from None
    except OSError as error:
        raise AuditError(f"[{path.name}] of the vault cannot be read; check the disk") from error
    if begin < 0 or actual < begin or not _cut(tail, whole, begin) or actual != begin + len(tail):
        raise AuditError(
            f"[{path.name}] of the vault is longer or shorter than it was left, or ends in another line; "
            "it was altered or damaged, compare it with a backup"
        )
    if tail == whole:
        return False
    with as_audit_error():
        append(path, whole, begin)
    return True


def _cut(tail: bytes, whole: bytes, begin: int) -> bool:
    """Whether a tail is what a cut may leave of a line: its beginning, in which whole sectors may be blank."""
    at = 0
    while at < len(tail):
        end = min(at + _SECTOR - (begin + at) % _SECTOR, len(tail))
        if tail[at:end] not in (whole[at:end], bytes(end - at)):
            return False
        at = end
    return len(tail) <= len(whole)
