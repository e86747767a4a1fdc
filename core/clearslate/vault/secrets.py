"""What opens a vault: a key file, a passphrase, or the key store of the system."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from clearslate.errors import KeyRefusedError, OutputError
from clearslate.vault.files import sync_folder
from clearslate.vault.sealing import KEY, random_bytes

_LINE = re.compile(r"clearslate-key-1 ([0-9a-f]{16}) ([0-9a-f]{64}) ([0-9a-f]{8})\s*")
_LONGEST = 4096
SHORTEST_PASSPHRASE = 12
"""Characters; a passphrase is guessed at the thief's speed, not at ours."""

SERVICE = "clearslate"

_ARGON2ID = {"kdf": "argon2id", "memory": 64 * 1024, "iterations": 3, "lanes": 4}
_PBKDF2 = {"kdf": "pbkdf2", "iterations": 600_000}
_BOUNDS = {
    "argon2id": {"memory": (19_456, 1_048_576), "iterations": (2, 16), "lanes": (1, 8)},
    "pbkdf2": {"iterations": (600_000, 10_000_000)},
}
"""Below, a guess is too cheap; above, a stranger's vault would keep the machine busy."""


def wrong_key() -> KeyRefusedError:
    """The one error for a wrong key, a wrong passphrase and the key of another vault."""
    return KeyRefusedError("the key does not open this vault; check that key and vault belong together")


class Secret(Protocol):
    """Gives the key that a slot's data key is sealed under."""

    @property
    def kind(self) -> str:
        """The kind of slot that it opens: ``file``, ``passphrase`` or ``keyring``."""

    def fields(self, *, fips: bool) -> dict[str, Any]:
        """What a new slot has to say for this secret, beside its kind."""

    def enroll(self, vault: str, slot: int) -> None:
        """Do what must be done elsewhere before a slot can be opened by it."""

    def key(self, vault: str, slot: int, fields: dict[str, Any]) -> bytes | None:
        """The key for a slot of this kind, None where it is not this secret's slot. Raises KeyRefusedError."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The secret in a file of one line."""

    id: str
    secret: bytes = field(repr=False)

    kind: ClassVar[str] = "file"

    @classmethod
    def made(cls) -> KeyFile:
        """A new one."""
        return cls(random_bytes(8).hex(), random_bytes(KEY))

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """Read a key file. Raises KeyRefusedError where it is missing, is none, or others may read it."""
        name = path.name
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                text = file.read(_LONGEST + 1)
        except FileNotFoundError as error:
            raise KeyRefusedError(f"key file [{path}] does not exist; name the right one with --key-file") from error
        except OSError as error:
            raise KeyRefusedError(f"key file [{path}] cannot be read; check the path and its permissions") from error
        if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
            raise KeyRefusedError(f"key file [{name}] lies open to others; close it first: chmod 600 {path}")
        found = _LINE.fullmatch(text.decode("ascii", "replace"))
        if found is None or _check(found[1], found[2]) != found[3]:
            raise KeyRefusedError(f"[{name}] is no key file of clearslate, or is damaged; name the right one")
        return cls(found[1], bytes.fromhex(found[2]))

    def write(self, path: Path) -> None:
        """Write a new file for its owner alone. Raises OutputError where one is there, or it cannot be written."""
        line = f"clearslate-key-1 {self.id} {self.secret.hex()} {_check(self.id, self.secret.hex())}\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, flags, 0o600)
            try:
                if hasattr(os, "fchmod"):
                    os.fchmod(handle, 0o600)
                rest = line.encode("ascii")
                while rest:
                    # A full disk takes a part: half a key would open nothing.
                    rest = rest[os.write(handle, rest) :]
                os.fsync(handle)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            finally:
                os.close(handle)
            # A key whose name a power cut takes is a vault that nobody opens again.
            sync_folder(path.parent)
        except FileExistsError as error:
            raise OutputError(f"key file [{path}] is there already and is never overwritten; name another") from error
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise OutputError(f"key file [{path}] cannot be written: {reason}; name another with --key-file") from error

    def fields(self, *, fips: bool) -> dict[str, Any]:
        """The file's id, so that the right slot is found."""
        return {"key": self.id}

    def enroll(self, vault: str, slot: int) -> None:
        """Nothing: the file is all there is."""

    def key(self, vault: str, slot: int, fields: dict[str, Any]) -> bytes | None:
        """The file's secret."""
        return self.secret if fields.get("key") == self.id else None


def _check(id: str, secret: str) -> str:
    return hashlib.sha256(f"{id} {secret}".encode("ascii")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Words that somebody remembers."""

    text: str = field(repr=False)

    kind: ClassVar[str] = "passphrase"

    def fields(self, *, fips: bool) -> dict[str, Any]:
        """A salt and the cost. Raises KeyRefusedError for a passphrase that is too short."""
        if len(unicodedata.normalize("NFC", self.text)) < SHORTEST_PASSPHRASE:
            raise KeyRefusedError(f"the passphrase is too short; take {SHORTEST_PASSPHRASE} characters or more")
        return {"salt": random_bytes(16).hex(), **(_PBKDF2 if fips else _ARGON2ID)}

    def enroll(self, vault: str, slot: int) -> None:
        """Nothing: it is in a head."""

    def key(self, vault: str, slot: int, fields: dict[str, Any]) -> bytes | None:
        """The key that the passphrase stretches to. Raises KeyRefusedError for a cost out of bounds."""
        bounds = _BOUNDS.get(str(fields.get("kdf")))
        if bounds is None:
            raise wrong_key()
        for name, (low, high) in bounds.items():
            value = fields.get(name)
            if type(value) is not int or not low <= value <= high:
                raise KeyRefusedError(
                    f"key slot [{slot}] asks for a cost out of bounds: {name} [{value}], allowed {low} to {high}; "
                    "the vault is damaged or was altered, restore a backup"
                )
        try:
            salt = bytes.fromhex(str(fields.get("salt")))
        except ValueError as error:
            raise wrong_key() from error
        if len(salt) != 16:
            raise wrong_key()
        try:
            words = unicodedata.normalize("NFC", self.text).encode("utf-8")
        except UnicodeEncodeError:
            # A terminal hands over bytes that are no text as lone surrogates; no vault was made with these.
            raise wrong_key() from None
        if fields["kdf"] == "pbkdf2":
            return hashlib.pbkdf2_hmac("sha256", words, salt, fields["iterations"], KEY)
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        try:
            return Argon2id(
                salt=salt,
                length=KEY,
                iterations=fields["iterations"],
                lanes=fields["lanes"],
                memory_cost=fields["memory"],
            ).derive(words)
        except UnsupportedAlgorithm as error:
            raise KeyRefusedError(
                "OpenSSL has no Argon2id here; install cryptography from PyPI, or use --fips"
            ) from error


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key store of the system, where somebody who is logged in has one."""

    kind: ClassVar[str] = "keyring"

    def fields(self, *, fips: bool) -> dict[str, Any]:
        """Nothing: vault and slot find the entry."""
        return {}

    def enroll(self, vault: str, slot: int) -> None:
        """Put a new secret into the key store. Raises KeyRefusedError where there is none."""
        import keyring
        from keyring.errors import KeyringError

        secret = random_bytes(KEY).hex()
        try:
            keyring.set_password(SERVICE, f"{vault}/{slot}", secret)
            kept = keyring.get_password(SERVICE, f"{vault}/{slot}")
        except KeyringError as error:
            raise _no_store() from error
        if kept is None or not hmac.compare_digest(kept, secret):
            raise _no_store()

    def key(self, vault: str, slot: int, fields: dict[str, Any]) -> bytes | None:
        """The secret that the key store has for the slot."""
        import keyring
        from keyring.errors import KeyringError

        try:
            secret = keyring.get_password(SERVICE, f"{vault}/{slot}")
        except KeyringError as error:
            raise _no_store() from error
        if secret is None or re.fullmatch("[0-9a-f]{64}", secret) is None:
            return None
        return bytes.fromhex(secret)

    def forget(self, vault: str, slot: int) -> None:
        """Remove the secret of a slot; one that is gone is removed already."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, f"{vault}/{slot}")
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise _no_store() from error


def _no_store() -> KeyRefusedError:
    return KeyRefusedError("the key store of this system does not answer; unlock it, or use a key file")
