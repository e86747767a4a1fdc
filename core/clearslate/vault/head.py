"""``head.json``: how long the audit log is and which generation the records have; written ahead of the log."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearslate.errors import VaultError
from clearslate.vault import spelling
from clearslate.vault.files import replace
from clearslate.vault.sealing import altered

FILE = "head.json"
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Records:
    """The fingerprint of ``records.db``."""

    size: int
    salt: str
    mac: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the vault had come to. ``line`` is the log's last line in full, ``size`` the log's bytes with it."""

    vault: str
    entries: int
    line: str
    size: int
    generation: int
    records: Records

    def write(self, folder: Path, key: bytes) -> None:
        """Put it in place of the one before; an OSError passes through."""
        told = self._told()
        mac = hmac.digest(key, spelling.spelled(told), "sha256").hex()
        replace(folder / FILE, spelling.spelled({**told, "mac": mac}) + b"\n")

    def _told(self) -> dict[str, Any]:
        records = {"size": self.records.size, "salt": self.records.salt, "mac": self.records.mac}
        return {
            "vault": self.vault,
            "entries": self.entries,
            "line": self.line,
            "size": self.size,
            "generation": self.generation,
            "records": records,
        }

    @classmethod
    def read(cls, folder: Path, keys: Sequence[bytes]) -> Head:
        """The head, where one of the keys vouches for it. Raises VaultError."""
        try:
            with (folder / FILE).open("rb") as file:
                text = file.read(_LARGEST)
        except FileNotFoundError as error:
            raise VaultError(f"[{FILE}] of the vault is missing; restore a backup") from error
        except OSError as error:
            raise VaultError(f"[{FILE}] of the vault cannot be read; check its permissions") from error
        try:
            told = spelling.read(text.removesuffix(b"\n"))
            mac = told.pop("mac")
            made = spelling.spelled(told)
        except (KeyError, ValueError) as error:
            raise altered() from error
        macs = [hmac.digest(key, made, "sha256").hex() for key in keys]
        if type(mac) is not str or not mac.isascii() or not text.endswith(b"\n"):
            raise altered()
        if not any(hmac.compare_digest(mac, wanted) for wanted in macs):
            raise altered()
        records = told.pop("records")
        return cls(**told, records=Records(**records))
