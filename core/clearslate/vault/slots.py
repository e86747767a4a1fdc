"""Key slots: the data key, sealed under each key that may open the vault."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clearslate.errors import KeyRefusedError, VaultError
from clearslate.vault import spelling
from clearslate.vault.sealing import KEY, Kind, altered, place, seal, unseal
from clearslate.vault.secrets import Secret, wrong_key

MOST = 16


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to open the vault: its number, and what the slot says of itself."""

    number: int
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What the slot says. Raises VaultError where it says nothing that can be read."""
        try:
            told = spelling.read(self.body)
        except ValueError as error:
            raise altered() from error
        if not all(isinstance(told.get(name), str) for name in ("kind", "label", "made", "wrapped")):
            raise altered()
        return told


def made(
    number: int,
    secret: Secret,
    data_key: bytes,
    header: bytes,
    vault: bytes,
    *,
    label: str,
    at: str,
    fips: bool,
) -> Slot:
    """A new slot for a secret. Raises KeyRefusedError where the secret will not do."""
    told = {"kind": secret.kind, "label": label, "made": at, **secret.fields(fips=fips)}
    secret.enroll(vault.hex(), number)
    key = secret.key(vault.hex(), number, told)
    if key is None:
        raise KeyRefusedError("the new key could not be read back; nothing was changed")
    sealed = seal(key, _place(vault, header, number, told), data_key)
    return Slot(number, spelling.spelled({**told, "wrapped": sealed.hex()}))


def opened(slots: Iterable[Slot], secret: Secret, header: bytes, vault: bytes) -> tuple[bytes, int]:
    """The data key, and the number of the slot that the secret opens. Raises KeyRefusedError."""
    slots = list(slots)
    if len(slots) > MOST:
        raise altered()
    for slot in slots:
        told = slot.told
        if told["kind"] != secret.kind:
            continue
        key = secret.key(vault.hex(), slot.number, told)
        if key is None:
            continue
        wrapped = told.pop("wrapped")
        try:
            data_key = unseal(key, _place(vault, header, slot.number, told), bytes.fromhex(wrapped))
        except (VaultError, ValueError):
            continue
        if len(data_key) == KEY:
            return data_key, slot.number
    raise wrong_key()


def _place(vault: bytes, header: bytes, number: int, told: dict[str, Any]) -> bytes:
    return place(vault, Kind.SLOT, number, 0, hashlib.sha256(header).digest() + spelling.spelled(told))
