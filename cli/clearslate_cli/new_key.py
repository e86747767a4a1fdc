"""A new key for a vault: a key file, a passphrase, or an entry in the system's key store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearslate.errors import KeyRefusedError, UsageError
from clearslate.vault.secrets import KeyFile, Keyring, Passphrase, Secret
from clearslate_cli.vaulted import read_passphrase


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which key to make; one field is set."""

    file: Path | None = None
    passphrase: bool = False
    passphrase_file: str | None = None
    keyring: bool = False

    @property
    def said(self) -> int:
        """How many ways were named; the two of a passphrase are two."""
        return sum((self.file is not None, self.passphrase, self.passphrase_file is not None, self.keyring))


class NotedKeyring:
    """The system's key store, and which entries this key put there."""

    kind = Keyring.kind

    def __init__(self) -> None:
        self._keyring = Keyring()
        self.entries: list[tuple[str, int]] = []

    def fields(self, *, fips: bool) -> dict[str, Any]:
        """Nothing: vault and slot find the entry."""
        return self._keyring.fields(fips=fips)

    def enroll(self, vault: str, slot: int) -> None:
        """Put a new secret into the key store. Raises KeyRefusedError where there is none."""
        self.entries.append((vault, slot))
        self._keyring.enroll(vault, slot)

    def key(self, vault: str, slot: int, fields: dict[str, Any]) -> bytes | None:
        """The secret that the key store has for the slot."""
        return self._keyring.key(vault, slot, fields)

    def withdraw(self) -> None:
        """Take the entries out again."""
        for vault, slot in self.entries:
            forget(vault, slot)


@contextlib.contextmanager
def made(wanted: Wanted, stays: Callable[[], bool] = lambda: False) -> Iterator[Secret]:
    """A new key. Where the block fails and ``stays`` says no, nothing is left of it.

    Raises KeyRefusedError or OutputError where it cannot be made.
    """
    if wanted.file is not None:
        with _file(wanted.file, stays) as key:
            yield key
    elif wanted.keyring:
        entries = NotedKeyring()
        try:
            yield entries
        except BaseException:
            if not stays():
                entries.withdraw()
            raise
    else:
        yield Passphrase(read_passphrase(wanted.passphrase_file, "New passphrase: ", twice=True))


@contextlib.contextmanager
def _file(path: Path, stays: Callable[[], bool]) -> Iterator[KeyFile]:
    new_folders = [folder for folder in path.parents if not folder.exists()]
    written = False
    try:
        key = KeyFile.made()
        key.write(path)
        written = True
        yield key
    except BaseException:
        if not stays():
            with contextlib.suppress(OSError):
                if written:
                    path.unlink(missing_ok=True)
                for folder in new_folders:
                    folder.rmdir()
        raise


def forget(vault: str, slot: int) -> None:
    """Take a secret out of the system's key store, as far as that answers."""
    with contextlib.suppress(KeyRefusedError):
        Keyring().forget(vault, slot)


def apart(key: Path, folder: Path, *, inside: bool) -> None:
    """Raise UsageError for a key file in the folder that it is to protect, unless ``inside`` allows it."""
    if not inside and lies_in(key, folder):
        raise UsageError(
            f"key file [{key}] would lie in the folder that it opens, and whoever copies the folder has both; "
            "name a place outside, or say --key-inside"
        )


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path is in a folder, links followed."""
    return path.resolve().is_relative_to(folder.resolve())
