"""Sealed messages: AES-256-GCM under a key that is made for one message, and that the message commits to."""

from __future__ import annotations

import enum
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clearslate.errors import VaultError

KEY = 32
SALT = 32
COMMITMENT = 32
TAG = 16
FORMAT = b"\x01"
"""Says AES-256-GCM, HKDF-SHA256 and a commitment; the first byte of every sealed message."""

OVERHEAD = len(FORMAT) + SALT + COMMITMENT + TAG

_NONCE = bytes(12)
"""Every message has a key of its own, so one nonce serves for all."""

_PLACE = struct.Struct(">16sHQQ")
_MAGIC = b"clearslate\0"


class Kind(enum.IntEnum):
    """What a sealed message is; part of the place that it is bound to."""

    PERSON = 1
    REMAINDER = 2
    SOURCE = 3
    BUCKET = 4
    RUN = 5
    RING = 6
    LEDGER = 7
    DECISIONS = 8
    SPILL = 9
    TRACKING = 10
    WORDS = 11
    SLOT = 0x7FF0

    @property
    def is_personal(self) -> bool:
        """Whether it is sealed under a person's own key."""
        return self in (Kind.PERSON, Kind.DECISIONS, Kind.TRACKING, Kind.WORDS)


def random_bytes(count: int) -> bytes:
    """Random bytes from the system: the one place they come from, so that a test can pin them."""
    return os.urandom(count)


def derive(key: bytes, salt: bytes, info: str, length: int = KEY) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    return HKDF(hashes.SHA256(), length, salt, info.encode("ascii")).derive(key)


def place(vault: bytes, kind: int, number: int, generation: int, extra: bytes = b"") -> bytes:
    """Where a message belongs; whoever moves it elsewhere cannot open it there."""
    return _MAGIC + _PLACE.pack(vault, kind, number, generation) + extra


def encrypt(key: bytes, nonce: bytes, data: bytes, where: bytes) -> bytes:
    """AES-256-GCM as it is, ciphertext and tag; the one place that encrypts."""
    return AESGCM(key).encrypt(nonce, data, where)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, where: bytes) -> bytes:
    """What :func:`encrypt` was given. Raises VaultError where a bit of anything differs."""
    try:
        return AESGCM(key).decrypt(nonce, sealed, where)
    except (InvalidTag, ValueError) as error:
        raise altered() from error


def seal(key: bytes, where: bytes, data: bytes) -> bytes:
    """Seal a message for its place."""
    salt = random_bytes(SALT)
    derived = derive(key, salt, "clearslate seal 1", KEY + COMMITMENT)
    return b"".join((FORMAT, salt, derived[KEY:], encrypt(derived[:KEY], _NONCE, data, where)))


def unseal(key: bytes, where: bytes, sealed: bytes) -> bytes:
    """Open a sealed message. Raises VaultError where key, place or any bit is not the one it was sealed with."""
    if len(sealed) < OVERHEAD or not sealed.startswith(FORMAT):
        raise altered()
    derived = derive(key, sealed[1 : 1 + SALT], "clearslate seal 1", KEY + COMMITMENT)
    if not hmac.compare_digest(derived[KEY:], commitment(sealed)):
        raise altered()
    return decrypt(derived[:KEY], _NONCE, sealed[1 + SALT + COMMITMENT :], where)


def commitment(sealed: bytes) -> bytes:
    """The part of a sealed message that no other one has."""
    return sealed[1 + SALT : 1 + SALT + COMMITMENT]


def altered() -> VaultError:
    """The error for anything in the vault that is not what was put there."""
    return VaultError(
        "the vault is damaged or was altered; run [clearslate verify] to learn where, and restore a backup"
    )


class Session:
    """Wraps persons' keys with counted nonces, under a key that is made for one opening.

    ``limit`` is how many it may wrap; ``used`` how many it has.
    """

    def __init__(self, data_key: bytes, number: int, salt: bytes, limit: int = 2**32) -> None:
        derived = derive(data_key, salt, "clearslate session 1", KEY + COMMITMENT)
        self.number = number
        self.salt = salt
        self.commitment = derived[KEY:]
        self.limit = limit
        self.used = 0
        self._key = derived[:KEY]
        self._process = os.getpid()

    @property
    def is_spent(self) -> bool:
        """Whether a new session is due: the limit is reached, or this is a copy in a forked process."""
        return self.used >= self.limit or self._process != os.getpid()

    def wrap(self, where: bytes, key: bytes) -> bytes:
        """Wrap a person's key for its place."""
        if self.is_spent:
            raise ValueError("the session is spent")
        counter = struct.pack(">Q", self.used)
        self.used += 1
        return struct.pack(">I", self.number) + counter + encrypt(self._key, bytes(4) + counter, key, where)

    def unwrap(self, where: bytes, wrapped: bytes) -> bytes:
        """The key that was wrapped. Raises VaultError."""
        return decrypt(self._key, bytes(4) + wrapped[4:12], wrapped[12:], where)


WRAPPED = 4 + 8 + KEY + TAG


def session_of(wrapped: bytes) -> int:
    """The number of the session that a key was wrapped in. Raises VaultError for what is no wrapped key."""
    if len(wrapped) != WRAPPED:
        raise altered()
    return int(struct.unpack_from(">I", wrapped)[0])
