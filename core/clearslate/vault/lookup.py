"""Look-up by keyed digests: nobody without the key can try names on a vault."""

from __future__ import annotations

import hmac
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from clearslate.vault import spelling
from clearslate.vault.sealing import Kind, altered
from clearslate.vault.store import Step, Store

SUBJECT, NAME, IDENTIFIER, CASE = "subject", "name", "identifier", "case"

_DIGEST = 16
_PERSON = struct.Struct(">Q")
_COUNT = struct.Struct(">I")
_ROW = _DIGEST + _PERSON.size
_BUCKET = 1024


class Told(NamedTuple):
    """One thing that a person can be found by: its kind, and the text in its plain form."""

    kind: str
    text: str

    def __repr__(self) -> str:
        return f"<Told {self.kind}>"


def named(name: str, born: str) -> Told:
    """A name with a birth date: neither alone finds anybody. The order of a name's words does not matter."""
    return Told(NAME, f"{unordered(name)}\0{born}")


def unordered(name: str) -> str:
    """A name with its words in order of text: family names stand first here and last there."""
    return " ".join(sorted(name.split()))


def findable(told: Mapping[str, Any]) -> Iterator[Told]:
    """All that a person can be found by, given what the record is known by."""
    yield Told(SUBJECT, told["subject"])
    for name in told["names"]:
        for born in told["births"]:
            yield named(name, born)
    yield from (Told(IDENTIFIER, number) for number in told["identifiers"])
    yield from (Told(CASE, number) for number in told["cases"])


def key(store: Store) -> bytes:
    """The look-up key, which outlives rotations. Raises VaultError."""
    try:
        return bytes.fromhex(spelling.read(store.get(Kind.RING, 1))["look_up"])
    except (KeyError, ValueError) as error:
        raise altered() from error


def digest(key: bytes, told: Told) -> bytes:
    """What stands in the buckets for it."""
    return hmac.digest(key, f"{told.kind}:{told.text}".encode(), "sha256")[:_DIGEST]


def write(store: Store, step: Step, found: Iterable[tuple[Told, int]]) -> None:
    """Put new buckets in place of all there are."""
    write_rows(store, step, rows_of(key(store), found))


def rows_of(key: bytes, found: Iterable[tuple[Told, int]]) -> set[bytes]:
    """The rows by which persons are found."""
    return {digest(key, told) + _PERSON.pack(person) for told, person in found}


def write_rows(store: Store, step: Step, rows: Iterable[bytes]) -> None:
    """Put buckets with these rows in place of all there are."""
    ordered = sorted(rows)
    bits = max(0, (len(ordered) // _BUCKET).bit_length())
    count = 1 << bits
    filled: list[list[bytes]] = [[] for _ in range(count)]
    for row in ordered:
        filled[_bucket(row, bits)].append(row)
    step.put_many(Kind.BUCKET, ((n, b"".join((_COUNT.pack(count), *part))) for n, part in enumerate(filled)))
    step.drop(Kind.BUCKET, [number for number in store.numbers(Kind.BUCKET) if number >= count])


def find(store: Store, told: Told) -> list[int]:
    """The numbers of the persons whom it finds, in order."""
    if not store.has(Kind.BUCKET, 0):
        return []
    wanted = digest(key(store), told)
    first = store.get(Kind.BUCKET, 0)
    bits = _COUNT.unpack_from(first)[0].bit_length() - 1
    number = _bucket(wanted, bits)
    bucket = store.get(Kind.BUCKET, number) if number else first
    return sorted({_PERSON.unpack(row[_DIGEST:])[0] for row in rows(bucket) if row.startswith(wanted)})


def rows(bucket: bytes) -> list[bytes]:
    """The rows of a bucket: digest and person."""
    return [bucket[at : at + _ROW] for at in range(_COUNT.size, len(bucket), _ROW)]


def person_of(row: bytes) -> int:
    """The person of a row."""
    return int(_PERSON.unpack(row[_DIGEST:])[0])


def _bucket(row: bytes, bits: int) -> int:
    return int.from_bytes(row[:4], "big") >> (32 - bits) if bits else 0
