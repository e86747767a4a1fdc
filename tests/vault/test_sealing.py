from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from clearslate.errors import VaultError
from clearslate.vault import sealing
from clearslate.vault.compression import packed, unpacked
from clearslate.vault.sealing import Kind, commitment, place, seal, unseal

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
HERE = place(bytes(16), Kind.PERSON, 7, 3)
KNOWN = (
    "1bc03a55d634cbe3a9734d02fea74e09a6944f52b90c715fed3bfbef43d3e59a200577c20e4f4b30533ee50e18485a562ce841d5562060dc"
)
keys = st.binary(min_size=32, max_size=32)

R = 0xE1 << 120


def times(x: int, y: int) -> int:
    """The product in the field of GCM: bit 0 is the highest."""
    z = 0
    for i in reversed(range(128)):
        if y >> i & 1:
            z ^= x
        x = x >> 1 ^ (R if x & 1 else 0)
    return z


def inverse(x: int) -> int:
    """The power 2^128 - 2."""
    result, power = 1 << 127, x
    for _ in range(127):
        power = times(power, power)
        result = times(result, power)
    return result


def block(key: bytes, data: bytes) -> int:
    """One block of AES."""
    made = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return int.from_bytes(made.update(data) + made.finalize(), "big")


def blocks(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 16].ljust(16, b"\0"), "big") for at in range(0, len(data), 16)]


def ghash(h: int, where: bytes, ciphertext: bytes) -> int:
    z = 0
    for x in (*blocks(where), *blocks(ciphertext), len(where) * 8 << 64 | len(ciphertext) * 8):
        z = times(z ^ x, h)
    return z


def for_two_keys(one: bytes, other: bytes, where: bytes) -> bytes:
    """A ciphertext and tag that AES-GCM opens under both keys, with a nonce of zeros: one block is solved for."""
    first = bytes(12) + b"\0\0\0\1"
    h, g = block(one, bytes(16)), block(other, bytes(16))
    masks = block(one, first), block(other, first)
    free = bytes(48)
    # The last of three blocks is multiplied twice: once as itself, once with the lengths.
    apart = masks[0] ^ masks[1] ^ ghash(h, where, free) ^ ghash(g, where, free)
    solved = times(apart, inverse(times(h, h) ^ times(g, g)))
    ciphertext = free[:32] + solved.to_bytes(16, "big")
    return ciphertext + (masks[0] ^ ghash(h, where, ciphertext)).to_bytes(16, "big")


@given(keys, st.binary(max_size=300), st.binary(max_size=50))
def test_what_is_sealed_opens_again(key: bytes, data: bytes, where: bytes) -> None:
    sealed = seal(key, where, data)
    assert unseal(key, where, sealed) == data
    assert len(sealed) == len(data) + sealing.OVERHEAD


@given(st.binary(max_size=100))
def test_sealing_the_same_twice_gives_nothing_in_common_but_the_format(data: bytes) -> None:
    one, other = seal(KEY, HERE, data), seal(KEY, HERE, data)
    assert one[0] == other[0] == 1
    assert one[1:33] != other[1:33]
    assert commitment(one) != commitment(other)
    assert one[65:] != other[65:]


def test_every_changed_bit_of_a_sealed_message_is_refused() -> None:
    sealed = seal(KEY, HERE, b"invented")
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VaultError):
            unseal(KEY, HERE, bytes(changed))


def test_every_other_length_of_a_sealed_message_is_refused() -> None:
    sealed = seal(KEY, HERE, b"invented")
    for length in range(len(sealed)):
        with pytest.raises(VaultError):
            unseal(KEY, HERE, sealed[:length])
    for count in range(1, 65):
        with pytest.raises(VaultError):
            unseal(KEY, HERE, sealed + bytes(count))


@pytest.mark.parametrize(
    "elsewhere",
    [
        place(b"\1" + bytes(15), Kind.PERSON, 7, 3),
        place(bytes(16), Kind.REMAINDER, 7, 3),
        place(bytes(16), Kind.PERSON, 8, 3),
        place(bytes(16), Kind.PERSON, 7, 4),
        place(bytes(16), Kind.PERSON, 3, 7),
        place(bytes(16), Kind.PERSON, 7, 3, b"\0"),
        b"",
    ],
)
def test_a_message_opens_at_its_place_only(elsewhere: bytes) -> None:
    with pytest.raises(VaultError):
        unseal(KEY, elsewhere, seal(KEY, HERE, b"invented"))


@given(keys, keys)
def test_another_key_is_refused(one: bytes, other: bytes) -> None:
    if one != other:
        with pytest.raises(VaultError):
            unseal(other, HERE, seal(one, HERE, b"invented"))


def test_a_ciphertext_for_two_keys_opens_under_both_in_bare_aes_gcm() -> None:
    made = for_two_keys(KEY, OTHER_KEY, HERE)
    one, other = (AESGCM(key).decrypt(bytes(12), made, HERE) for key in (KEY, OTHER_KEY))
    assert one != other
    assert len(one) == len(other) == 48
    with pytest.raises(InvalidTag):
        AESGCM(bytes(32)).decrypt(bytes(12), made, HERE)


def test_a_ciphertext_for_two_keys_opens_under_one_key_of_ours_at_most() -> None:
    salt = bytes(32)
    ours, other = (sealing.derive(key, salt, "clearslate seal 1", 64) for key in (KEY, OTHER_KEY))
    made = for_two_keys(ours[:32], other[:32], HERE)
    for_ours = b"\1" + salt + ours[32:] + made
    for_other = b"\1" + salt + other[32:] + made
    # Without the commitment each of the two keys would open it, as something else.
    assert unseal(KEY, HERE, for_ours) == AESGCM(ours[:32]).decrypt(bytes(12), made, HERE)
    assert unseal(OTHER_KEY, HERE, for_other) == AESGCM(other[:32]).decrypt(bytes(12), made, HERE)
    with pytest.raises(VaultError):
        unseal(OTHER_KEY, HERE, for_ours)
    with pytest.raises(VaultError):
        unseal(KEY, HERE, for_other)


def test_a_sealed_message_has_the_bytes_that_the_documentation_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "random_bytes", lambda count: bytes(range(count)))
    sealed = seal(KEY, HERE, b"invented")
    made = HKDF(hashes.SHA256(), 64, bytes(range(32)), b"clearslate seal 1").derive(KEY)
    where = b"clearslate\0" + bytes(16) + b"\0\1" + bytes(7) + b"\7" + bytes(7) + b"\3"
    assert where == HERE
    assert sealed == b"\1" + bytes(range(32)) + made[32:] + AESGCM(made[:32]).encrypt(bytes(12), b"invented", where)
    assert sealed[33:].hex() == KNOWN


@given(st.binary(max_size=2000))
def test_what_is_packed_unpacks_again(data: bytes) -> None:
    assert unpacked(packed(data)) == data


def test_a_frame_that_is_cut_or_followed_by_anything_is_refused() -> None:
    frame = packed(b"invented " * 50)
    for length in range(len(frame)):
        with pytest.raises(VaultError):
            unpacked(frame[:length])
    for rest in (b"\0", frame):
        with pytest.raises(VaultError):
            unpacked(frame + rest)


def test_a_frame_larger_than_any_message_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearslate.vault.compression.LARGEST", 1000)
    assert len(unpacked(packed(bytes(1000)))) == 1000
    for size in (1001, 1002, 100_000):
        with pytest.raises(VaultError):
            unpacked(packed(bytes(size)))
