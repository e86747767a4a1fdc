"""The tree over all entries: which of them must be there, in which generation."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import struct
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from clearslate.vault.sealing import COMMITMENT, WRAPPED, Kind, altered

PAGE_BITS = 8
NUMBER_BITS = 48
_KEPT = 64
"""Pages held in memory; a page is some ten kilobytes."""

_MAC = 32


class Entry(NamedTuple):
    """What must be there of one sealed message; ``key`` is a person's wrapped key, else empty."""

    generation: int
    commitment: bytes
    key: bytes


def entry_id(kind: int, number: int) -> int:
    """The id of an entry."""
    assert 0 <= number < 1 << NUMBER_BITS, "a number has at most 48 bits"
    return (kind << NUMBER_BITS) | number


def page_of(id: int) -> int:
    """The page that an entry stands on."""
    return id >> PAGE_BITS


def root_mac(key: bytes, generation: int, entries: int, outer: bytes, macs: Mapping[int, bytes]) -> bytes:
    """The MAC of the root; ``outer`` are the digests of header, slots and sessions."""
    parts = [b"root", struct.pack(">QQ", generation, entries), outer]
    for id in sorted(macs):
        parts += (struct.pack(">Q", id), macs[id])
    return hmac.digest(key, b"".join(parts), "sha256")


def page_mac(key: bytes, page: int, entries: Mapping[int, Entry]) -> bytes:
    """The MAC of a page."""
    parts = [b"page", struct.pack(">Q", page)]
    for id in sorted(entries):
        entry = entries[id]
        parts += (struct.pack(">QQ", id, entry.generation), entry.commitment, bytes((len(entry.key),)), entry.key)
    return hmac.digest(key, b"".join(parts), "sha256")


def digest(rows: Iterable[tuple[bytes, ...]]) -> bytes:
    """SHA-256 over rows of bytes, one after the other."""
    hash = hashlib.sha256()
    for row in rows:
        for part in row:
            hash.update(part)
    return hash.digest()


class Tree:
    """The pages, each believed only after its MAC was compared; changed ones are kept until they are written."""

    def __init__(self, connection: sqlite3.Connection, key: bytes, macs: dict[int, bytes]) -> None:
        self._connection = connection
        self._key = key
        self.macs = macs
        self._pages: OrderedDict[int, dict[int, Entry]] = OrderedDict()
        self._changed: dict[int, dict[int, Entry]] = {}

    def page(self, page: int) -> dict[int, Entry]:
        """The entries of a page by id. Raises VaultError where they are not what the tree says."""
        found = self._changed.get(page)
        if found is not None:
            return found
        found = self._pages.get(page)
        if found is None:
            found = self._pages[page] = self._read(page)
            if len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return found

    def _read(self, page: int) -> dict[int, Entry]:
        low = page << PAGE_BITS
        rows = self._connection.execute(
            "SELECT id, generation, commitment, key FROM entry WHERE id BETWEEN ? AND ?",
            (low, low + (1 << PAGE_BITS) - 1),
        )
        entries: dict[int, Entry] = {}
        for id, generation, commitment, key in rows:
            sound = (
                type(generation) is int
                and generation >= 0
                and type(commitment) is bytes
                and len(commitment) == COMMITMENT
                and type(key) is bytes
                and len(key) in (0, WRAPPED)
            )
            if not sound:
                raise altered()
            entries[id] = Entry(generation, commitment, key)
        wanted = self.macs.get(page)
        if wanted is None:
            if entries:
                raise altered()
        elif not entries or not hmac.compare_digest(wanted, page_mac(self._key, page, entries)):
            raise altered()
        return entries

    def entry(self, id: int) -> Entry | None:
        """The entry, or None where there is none. Raises VaultError."""
        return self.page(page_of(id)).get(id)

    def put(self, id: int, entry: Entry | None) -> None:
        """Set an entry, or remove it; :meth:`settle` writes the pages."""
        page = page_of(id)
        changed = self._changed.get(page)
        if changed is None:
            changed = self._changed[page] = dict(self.page(page))
            self._pages.pop(page, None)
        if entry is None:
            changed.pop(id, None)
        else:
            changed[id] = entry

    def settle(self, key: bytes | None = None) -> tuple[list[tuple[int, bytes]], list[int]]:
        """The changed pages with their MACs, and the pages that are empty now; all count as unchanged after it."""
        if key is not None:
            self._key = key
        written: list[tuple[int, bytes]] = []
        emptied: list[int] = []
        for page, entries in self._changed.items():
            if entries:
                mac = self.macs[page] = page_mac(self._key, page, entries)
                written.append((page, mac))
            elif self.macs.pop(page, None) is not None:
                emptied.append(page)
        self._changed.clear()
        return written, emptied

    def numbers(self, kind: Kind) -> list[int]:
        """The numbers of all entries of a kind, in order. Raises VaultError."""
        low, high = entry_id(kind, 0), entry_id(kind + 1, 0)
        mask = (1 << NUMBER_BITS) - 1
        pages = sorted({p for p in (*self.macs, *self._changed) if low <= p << PAGE_BITS < high})
        return [id & mask for page in pages for id in sorted(self.page(page))]


def checked_macs(rows: Iterable[tuple[object, object]]) -> dict[int, bytes]:
    """The MACs of the pages as the file has them. Raises VaultError where they are none."""
    macs: dict[int, bytes] = {}
    for id, mac in rows:
        if type(id) is not int or id < 0 or type(mac) is not bytes or len(mac) != _MAC:
            raise altered()
        macs[id] = mac
    return macs
