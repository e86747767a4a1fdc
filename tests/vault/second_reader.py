"""A second reader of the vault, written from ``docs/vault.md`` alone: it imports nothing of clearslate."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import struct
import sys
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

PERSON, SOURCE, RING, DECISIONS, TRACKING, WORDS, SLOT = 1, 3, 6, 8, 10, 11, 0x7FF0
COMPRESSED = {1, 2, 3, 5, 8, 10, 11}
TABLES = {"vault", "slot", "session", "entry", "body", "page", "root"}


class RefusedError(Exception):
    """The vault is not as it was written."""


def need(sound: object) -> None:
    if not sound:
        raise RefusedError


def hkdf(key: bytes, salt: bytes, info: str, length: int = 32) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info.encode()).derive(key)


def mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")


def spelled(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def parsed(text: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    need(spelled(value) == text)
    return value


def vouched(key: bytes, text: bytes) -> dict[str, Any]:
    value = parsed(text)
    need(mac(key, spelled({name: value[name] for name in value if name != "mac"})).hex() == value["mac"])
    return value


def place(vault: bytes, kind: int, number: int, generation: int, extra: bytes = b"") -> bytes:
    return b"clearslate\0" + vault + struct.pack(">HQQ", kind, number, generation) + extra


def unseal(key: bytes, where: bytes, sealed: bytes) -> bytes:
    need(sealed[:1] == b"\x01")
    salt, commitment, rest = sealed[1:33], sealed[33:65], sealed[65:]
    made = hkdf(key, salt, "clearslate seal 1", 64)
    need(made[32:] == commitment)
    return AESGCM(made[:32]).decrypt(bytes(12), rest, where)


def slot_key(told: dict[str, Any], secret: bytes | str) -> bytes:
    """``secret`` is the text of a key file, or a passphrase."""
    if isinstance(secret, bytes):
        magic, id, key, check = secret.decode("ascii").split()
        need(magic == "clearslate-key-1" and hashlib.sha256(f"{id} {key}".encode()).hexdigest()[:8] == check)
        return bytes.fromhex(key)
    words, salt = unicodedata.normalize("NFC", secret).encode(), bytes.fromhex(told["salt"])
    if told["kdf"] == "pbkdf2":
        return hashlib.pbkdf2_hmac("sha256", words, salt, told["iterations"], 32)
    costs = {"iterations": told["iterations"], "lanes": told["lanes"], "memory_cost": told["memory"]}
    return Argon2id(salt=salt, length=32, **costs).derive(words)


def read(folder: Path, secret: bytes | str) -> dict[tuple[int, int], bytes]:
    """Every message by kind and number, after everything in the folder was checked."""
    connection = sqlite3.connect(f"{(folder / 'records.db').as_uri()}?mode=ro", uri=True)
    try:
        return _read(folder, secret, connection)
    finally:
        connection.close()


def opens(folder: Path, secret: bytes | str) -> bool:
    """Whether the folder is as it was written, for this key."""
    try:
        read(folder, secret)
    except (RefusedError, InvalidTag, LookupError, TypeError, ValueError, StopIteration, struct.error, sqlite3.Error):
        return False
    return True


def _read(folder: Path, secret: bytes | str, connection: sqlite3.Connection) -> dict[tuple[int, int], bytes]:
    def rows(query: str) -> list[Any]:
        return connection.execute(query).fetchall()

    need(rows("PRAGMA application_id") == [(0x434C5654,)] and rows("PRAGMA user_version") == [(1,)])
    need({name for (name,) in rows("SELECT name FROM sqlite_master")} == TABLES)
    ((header,),) = rows("SELECT header FROM vault WHERE id = 1")
    told = parsed(header)
    need(told["format"] == "clearslate vault" and told["version"] == 1)
    vault = bytes.fromhex(told["vault"])

    slots = rows("SELECT id, body FROM slot ORDER BY id")
    need(len(slots) <= 16)
    kind = ("file", secret.decode("ascii").split()[1]) if isinstance(secret, bytes) else ("passphrase", None)
    told_of = {id: parsed(body) for id, body in slots}
    number, slot = next((id, told) for id, told in told_of.items() if (told["kind"], told.get("key")) == kind)
    wrapped = bytes.fromhex(slot.pop("wrapped"))
    where = place(vault, SLOT, number, 0, hashlib.sha256(header).digest() + spelled(slot))
    data_key = unseal(slot_key(slot, secret), where, wrapped)
    index, head, body_key = (hkdf(data_key, vault, f"clearslate vault 1 {name}") for name in ("index", "head", "body"))

    # The tree: root, pages, entries, bodies.
    sessions = rows("SELECT id, salt, commitment FROM session ORDER BY id")
    entries = rows("SELECT id, generation, commitment, key FROM entry ORDER BY id")
    bodies = dict(rows("SELECT id, sealed FROM body"))
    pages: dict[int, list[bytes]] = {}
    for id, generation, commitment, key in entries:
        entry = struct.pack(">QQ", id, generation) + commitment + struct.pack(">B", len(key)) + key
        pages.setdefault(id >> 8, []).append(entry)
    macs = {page: mac(index, b"page", struct.pack(">Q", page), *parts) for page, parts in sorted(pages.items())}
    need(dict(rows("SELECT id, mac FROM page")) == macs)
    digests = (
        header,
        b"".join(struct.pack(">QI", id, len(body)) + body for id, body in slots),
        b"".join(struct.pack(">Q", id) + salt + commitment for id, salt, commitment in sessions),
    )
    outer = b"".join(hashlib.sha256(part).digest() for part in digests)
    ((generation, logged, root),) = rows("SELECT generation, entries, mac FROM root WHERE id = 1")
    below = b"".join(struct.pack(">Q", page) + made for page, made in macs.items())
    need(mac(index, b"root", struct.pack(">QQ", generation, logged), outer, below) == root)
    need(set(bodies) == {id for id, *_ in entries})
    need(all(bodies[id][33:65] == commitment for id, _, commitment, _ in entries))

    # Sessions and the keys of persons.
    wrapping = {}
    for id, salt, commitment in sessions:
        made = hkdf(data_key, salt, "clearslate session 1", 64)
        need(made[32:] == commitment)
        wrapping[id] = made[:32]
    persons = {}
    for id, _, _, key in entries:
        if id >> 48 == PERSON:
            session, counter = struct.unpack_from(">I8s", key)
            where = place(vault, PERSON, id & (2**48 - 1), 0)
            persons[id & (2**48 - 1)] = AESGCM(wrapping[session]).decrypt(bytes(4) + counter, key[12:], where)

    messages = {}
    for id, sealed_in, _, _ in entries:
        kind_number, number = id >> 48, id & (2**48 - 1)
        key = persons[number & (2**32 - 1)] if kind_number in (PERSON, DECISIONS, TRACKING, WORDS) else body_key
        data = unseal(key, place(vault, kind_number, number, sealed_in), bodies[id])
        messages[kind_number, number] = zstd.decompress(data) if kind_number in COMPRESSED else data

    check_log(folder, head, generation, told["vault"], json.loads(messages[RING, 1])["audit"])
    return messages


def check_log(folder: Path, key: bytes, generation: int, vault: str, ring: list[Any]) -> None:
    """The head, the fingerprint and every line of the log; refuses what an opening would mend."""
    text = (folder / "head.json").read_bytes()
    need(text.endswith(b"\n"))
    head = vouched(key, text[:-1])
    need(head["vault"] == vault and head["generation"] == generation)
    records = (folder / "records.db").read_bytes()
    made = hkdf(key, bytes.fromhex(head["records"]["salt"]), "clearslate fingerprint 1")
    need(len(records) == head["records"]["size"])
    need(AESGCM(made).encrypt(bytes(12), b"", records).hex() == head["records"]["mac"])
    log = (folder / "audit.log").read_bytes()
    need(log.endswith(b"\n") and len(log) == head["size"])
    lines = log.split(b"\n")[:-1]
    need(len(lines) == head["entries"] and lines[-1].decode() == head["line"])
    previous = "0" * 64
    for number, line in enumerate(lines, 1):
        in_force = [secret for first, secret in ring if first <= number][-1]
        told = vouched(bytes.fromhex(in_force), line)
        need(told["n"] == number and told["previous"] == previous)
        previous = told["mac"]


def source_file(messages: dict[tuple[int, int], bytes], number: int) -> bytes:
    """A source file, laid together from the extents of its persons and its remainder."""
    sealed = messages[SOURCE, number]
    length = struct.unpack_from(">I", sealed)[0]
    told = json.loads(sealed[4 : 4 + length])
    stretches: dict[int, bytes] = {}
    for (kind, _), data in messages.items():
        if kind not in (PERSON, 2):
            continue
        (count,) = struct.unpack_from(">I", data)
        at = 4 + 20 * count
        for i in range(count):
            file, offset, size = struct.unpack_from(">IQQ", data, 4 + 20 * i)
            if file == number:
                stretches[offset] = data[at : at + size]
            at += size
    content = b""
    for offset, size, _rows, _used, _lines, owner in struct.iter_unpack(">QQQQQq", sealed[4 + length :]):
        need(offset == len(content))
        content += bytes(size) if owner == -1 else stretches[offset]
        need(len(content) == offset + size)
    holes = any(owner == -1 for *_, owner in struct.iter_unpack(">QQQQQq", sealed[4 + length :]))
    need(holes or (len(content) == told["size"] and hashlib.sha256(content).hexdigest() == told["sha256"]))
    return content
