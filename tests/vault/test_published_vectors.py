"""What our wrapper gives, against published vectors.

AES-GCM: NIST's CAVS files. HKDF: RFC 5869, appendix A. PBKDF2-HMAC-SHA-256: RFC 7914, section 11. Argon2id: RFC 9106
and what ``cryptography_vectors`` has beside it. ``derive`` takes its ``info`` as ASCII, so of RFC 5869 only the case
with empty ``info`` goes through it; the others go through the engine that it calls.

No Wycheproof cases: none of the packages in use carries them, and ``cryptography_vectors`` 50 does not either.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clearslate.errors import VaultError
from clearslate.vault.sealing import decrypt, derive, encrypt
from clearslate.vault.secrets import Passphrase

GCM = "ciphers/AES/GCM/gcm{}256.rsp"


def lines(name: str) -> Iterator[str]:
    with cryptography_vectors.open_vector_file(name, "r") as file:
        yield from (line.strip() for line in file)


def gcm_cases(name: str) -> Iterator[tuple[dict[str, int], dict[str, str]]]:
    """Each case with the lengths of its group; a case that must not open has no PT."""
    group: dict[str, int] = {}
    case: dict[str, str] = {}
    for line in lines(GCM.format(name)):
        if line.startswith("["):
            what, value = line.strip("[]").split(" = ")
            group = {**group, what: int(value)}
        elif " =" in line:
            what, value = line.split(" =")
            case[what] = value.strip()
        elif not line and "Key" in case:
            yield group, case
            case = {}
    assert case == {}


def of(case: dict[str, str], *names: str) -> list[bytes]:
    return [bytes.fromhex(case[name]) for name in names]


def ours(group: dict[str, int]) -> bool:
    return group["IVlen"] == 96 and group["Taglen"] == 128


def test_nists_ciphertexts_open_or_are_refused_as_nist_says() -> None:
    opened = refused = 0
    for group, case in gcm_cases("Decrypt"):
        if not ours(group):
            continue
        key, nonce, ciphertext, where, tag = of(case, "Key", "IV", "CT", "AAD", "Tag")
        if "PT" in case:
            assert decrypt(key, nonce, ciphertext + tag, where) == bytes.fromhex(case["PT"])
            opened += 1
        else:
            with pytest.raises(VaultError):
                decrypt(key, nonce, ciphertext + tag, where)
            refused += 1
    assert opened + refused == 375
    assert opened > 100
    assert refused > 100


def test_nists_shortened_tags_are_refused() -> None:
    count = 0
    for group, case in gcm_cases("Decrypt"):
        if group["IVlen"] == 96 and group["Taglen"] < 128:
            key, nonce, ciphertext, where, tag = of(case, "Key", "IV", "CT", "AAD", "Tag")
            with pytest.raises(VaultError):
                decrypt(key, nonce, ciphertext + tag, where)
            count += 1
    assert count == 6 * 375


def test_nists_plaintexts_give_nists_ciphertexts() -> None:
    count = 0
    for group, case in gcm_cases("EncryptExtIV"):
        if ours(group):
            key, nonce, data, where, ciphertext, tag = of(case, "Key", "IV", "PT", "AAD", "CT", "Tag")
            assert encrypt(key, nonce, data, where) == ciphertext + tag
            count += 1
    assert count == 375


def hkdf_cases() -> list[dict[str, str]]:
    cases: list[dict[str, str]] = []
    for line in lines("KDF/rfc-5869-HKDF-SHA256.txt"):
        if line.startswith("COUNT"):
            cases.append({})
        elif " =" in line:
            what, value = line.split("=", 1)
            cases[-1][what.strip()] = value.strip()
    return cases


def test_our_hkdf_gives_what_rfc_5869_gives() -> None:
    cases = hkdf_cases()
    assert len(cases) == 3
    through_derive = 0
    for case in cases:
        key, salt, info, expected = of(case, "IKM", "salt", "info", "OKM")
        length = int(case["L"])
        assert HKDF(hashes.SHA256(), length, salt, info).derive(key) == expected
        if info.isascii():
            assert derive(key, salt, info.decode("ascii"), length) == expected
            through_derive += 1
    assert through_derive == 1


def test_derive_is_rfc_5869_written_out() -> None:
    key, salt, info = bytes(range(32)), bytes(range(32, 64)), "clearslate seal 1"
    extracted = hmac.digest(salt, key, "sha256")
    first = hmac.digest(extracted, info.encode() + b"\1", "sha256")
    second = hmac.digest(extracted, first + info.encode() + b"\2", "sha256")
    assert derive(key, salt, info, 64) == first + second
    assert derive(key, salt, info) == first


PBKDF2 = [
    (
        ("passwd", b"salt", 1),
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
    ),
    (
        ("Password", b"NaCl", 80_000),
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
        "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
    ),
]


@pytest.mark.parametrize(("given", "expected"), PBKDF2)
def test_pbkdf2_gives_what_rfc_7914_gives(given: tuple[str, bytes, int], expected: str) -> None:
    words, salt, iterations = given
    wanted = bytes.fromhex(expected)
    assert hashlib.pbkdf2_hmac("sha256", words.encode(), salt, iterations, len(wanted)) == wanted


def test_a_passphrase_under_fips_is_one_call_of_pbkdf2(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[object, ...]] = []

    def stretch(*given: object) -> bytes:
        calls.append(given)
        return bytes(32)

    monkeypatch.setattr(hashlib, "pbkdf2_hmac", stretch)
    fields = {"kdf": "pbkdf2", "iterations": 600_000, "salt": "0f" * 16}
    assert Passphrase("seven invented otters").key("", 1, fields) == bytes(32)
    assert calls == [("sha256", b"seven invented otters", b"\x0f" * 16, 600_000, 32)]


def test_argon2id_gives_what_rfc_9106_gives() -> None:
    cases: list[dict[str, str]] = []
    for line in lines("KDF/argon2id.txt"):
        if line.startswith("COUNT"):
            cases.append({})
        elif " =" in line and cases:
            what, value = line.split("=", 1)
            cases[-1][what.strip().lower()] = value.strip()
    assert cases
    for case in cases:
        salt, words, expected = of(case, "salt", "pass", "output")
        made = Argon2id(
            salt=salt,
            length=int(case["length"]),
            iterations=int(case["iter"]),
            lanes=int(case["lanes"]),
            memory_cost=int(case["memcost"]),
            ad=bytes.fromhex(case["ad"]) if case.get("ad") else None,
            secret=bytes.fromhex(case["secret"]) if case.get("secret") else None,
        )
        assert made.derive(words) == expected
