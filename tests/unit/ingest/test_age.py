from __future__ import annotations

import base64
import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pyrage import ssh, x25519

from clearslate.errors import InputError, KeyRefusedError
from clearslate.ingest.age import Pipe, decrypted, is_age, no_identity, read_identities

KEY = x25519.Identity.generate()
CHUNK = 64 * 1024
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * (1 << 20) + 17]
HEADER = 200


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def content(size: int) -> bytes:
    return (b"P1,ZYXQUELL\x00\xff\r\n" * (size // 10 + 1))[:size]


def sealed(folder: Path, data: bytes, *recipients: x25519.Recipient, armored: bool = False) -> Path:
    file = folder / "a.csv.age"
    file.write_bytes(pyrage.encrypt(data, list(recipients) or [KEY.to_public()], armored=armored))
    return file


def private(folder: Path, data: bytes | str) -> Path:
    file = folder / "key.txt"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    file.chmod(0o600)
    return file


def until_refused(file: Path, *keys: x25519.Identity, size: int = 1000) -> tuple[bytes, str]:
    """What is given before the refusal, and the refusal."""
    given: list[bytes] = []

    def take_all() -> None:
        for piece in decrypted(file, keys or [KEY], size):
            given.append(piece)

    with pytest.raises(InputError) as refused:
        take_all()
    message = str(refused.value)
    assert message.startswith("[a.csv.age] ")
    assert "\n" not in message
    return b"".join(given), message


@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_what_was_encrypted_comes_back_in_pieces_of_one_size(tmp_path: Path, size: int, armored: bool) -> None:
    file = sealed(tmp_path, content(size), armored=armored)
    assert is_age(file)
    for piece in (1000, CHUNK, 1 << 20):
        pieces = list(decrypted(file, [KEY], piece))
        assert b"".join(pieces) == content(size)
        assert [len(one) for one in pieces[:-1]] == [piece] * (len(pieces) - 1)
        assert b"" not in pieces


def test_any_of_several_keys_opens_a_file(tmp_path: Path) -> None:
    other = x25519.Identity.generate()
    file = sealed(tmp_path, b"a,b\n", other.to_public(), KEY.to_public())
    assert [b"".join(decrypted(file, keys)) for keys in ([KEY], [other], [x25519.Identity.generate(), KEY])] == [
        b"a,b\n"
    ] * 3


def test_a_file_for_somebody_else_is_refused_with_what_to_give(tmp_path: Path) -> None:
    given, message = until_refused(sealed(tmp_path, content(3 * CHUNK)), x25519.Identity.generate())
    assert given == b""
    assert message == "[a.csv.age] is encrypted to other recipients; give the right --identity"


@pytest.mark.parametrize("armored", [False, True])
def test_a_file_with_a_passphrase_is_refused_with_what_to_ask_for(tmp_path: Path, armored: bool) -> None:
    file = tmp_path / "a.csv.age"
    # Only its frame is real, for a real one takes a second to make.
    header = f"age-encryption.org/v1\n-> scrypt {'A' * 22} 18\n{'A' * 43}\n--- {'A' * 43}\n".encode()
    data = header + bytes(48)
    armor = b"\n".join(base64.b64encode(data[at : at + 48]) for at in range(0, len(data), 48))
    frame = b"-----BEGIN AGE ENCRYPTED FILE-----\n%b\n-----END AGE ENCRYPTED FILE-----\n"
    file.write_bytes(frame % armor if armored else data)
    assert "with a passphrase; ask for it encrypted to your public key" in until_refused(file)[1]


def test_a_message_calls_a_file_what_the_caller_calls_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^\[a \(2\)\.age\] is encrypted"):
        list(decrypted(sealed(tmp_path, b""), [x25519.Identity.generate()], name="a (2).age"))
    with pytest.raises(InputError, match=r"^\[none\.age\] cannot be opened"):
        list(decrypted(tmp_path / "none.age", [KEY]))
    assert str(no_identity("a.age")).startswith("[a.age] is encrypted with age; give")


PLAIN = content(4 * CHUNK + 100)


@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("kept", [0, 10, 30, 100, HEADER + 1, CHUNK, HEADER + 3 * CHUNK, -120, -17, -1])
def test_a_file_that_was_cut_off_is_refused_after_the_good_pieces(tmp_path: Path, kept: int, armored: bool) -> None:
    file = sealed(tmp_path, PLAIN, armored=armored)
    # An armor without its last line end is whole.
    file.write_bytes(file.read_bytes().rstrip(b"\n")[:kept])
    given, message = until_refused(file)
    assert "damaged or was altered; ask for the file again" in message
    assert PLAIN.startswith(given)
    assert len(given) < len(PLAIN)


@pytest.mark.parametrize("chunks", [1, 2, 4])
def test_a_file_cut_between_two_chunks_is_refused_after_the_good_pieces(tmp_path: Path, chunks: int) -> None:
    file = sealed(tmp_path, PLAIN)
    whole = file.read_bytes()
    payload = len(whole) - (len(PLAIN) + 5 * 16)
    file.write_bytes(whole[: payload + chunks * (CHUNK + 16)])
    given, message = until_refused(file)
    assert "damaged" in message
    assert given == PLAIN[: len(given)]
    # The last whole chunk does not say that it is the last, so it may be held back.
    assert len(given) in {chunks * CHUNK, (chunks - 1) * CHUNK}


@pytest.mark.parametrize(
    ("offset", "good"),
    [(HEADER + 50, 0), (HEADER + CHUNK // 2, 0), (HEADER + 2 * CHUNK, 1), (-1, 4), (-17, 4), (-60, 4), (-116, 4)],
)
def test_no_byte_of_a_chunk_that_was_altered_is_given(tmp_path: Path, offset: int, good: int) -> None:
    file = sealed(tmp_path, PLAIN)
    data = bytearray(file.read_bytes())
    data[offset] ^= 1
    file.write_bytes(data)
    given, message = until_refused(file)
    assert "damaged or was altered" in message
    assert PLAIN.startswith(given)
    assert len(given) // CHUNK == good


def test_wherever_a_header_is_altered_nothing_is_given(tmp_path: Path) -> None:
    file = sealed(tmp_path, b"a,b\n")
    whole = file.read_bytes()
    for offset in range(len(whole)):
        file.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        assert until_refused(file)[0] == b""


@pytest.mark.parametrize("more", [b"x", bytes(16), bytes(CHUNK + 16)])
def test_bytes_after_the_end_are_refused(tmp_path: Path, more: bytes) -> None:
    for plain in (PLAIN, PLAIN[: 2 * CHUNK], b""):
        file = sealed(tmp_path, plain)
        file.write_bytes(file.read_bytes() + more)
        given, message = until_refused(file)
        assert "damaged" in message
        assert plain.startswith(given)


def test_a_file_that_cannot_be_read_to_its_end_is_no_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self, size: int) -> bytes:
            raise OSError(5, "Input/output error")

    file = sealed(tmp_path, b"a,b\n")
    monkeypatch.setattr(Path, "open", lambda *_, **__: Broken())
    assert until_refused(file)[1] == "[a.csv.age] cannot be read (Input/output error); check the disk"


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_a_consumer_that_stops_early_leaves_no_thread_and_no_open_file(tmp_path: Path, taken: int) -> None:
    file = sealed(tmp_path, content(20 * CHUNK))
    pieces = decrypted(file, [KEY], 1000)
    for _ in range(taken):
        next(pieces)
    assert any(thread.name == "age-decrypt" for thread in threading.enumerate()) == (taken > 0)
    pieces.close()  # type: ignore[attr-defined]
    assert not any(thread.name == "age-decrypt" for thread in threading.enumerate())
    del pieces
    # A file left open would be a ResourceWarning here, which is an error.
    gc.collect()


def test_a_pipe_that_is_broken_off_lets_nobody_wait() -> None:
    pipe = Pipe(1)
    pipe.put(b"x")
    refused: list[bool] = []

    def put_more() -> None:
        with pytest.raises(BrokenPipeError):
            pipe.put(b"y")
        refused.append(True)

    waiting = threading.Thread(target=put_more)
    waiting.start()
    pipe.break_off()
    waiting.join()
    assert refused
    with pytest.raises(BrokenPipeError):
        pipe.take()


def test_only_what_begins_as_an_age_file_is_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for data in (b"", b"age", b"a,b\n", b"age-encryption.org/v2\n", b"\nage-encryption.org/v1\n"):
        file.write_bytes(data)
        assert not is_age(file)
    assert not is_age(tmp_path)
    assert not is_age(tmp_path / "none")
    assert not is_age(tmp_path / "a\0b")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_identity_file_gives_its_keys(tmp_path: Path, ending: str, mark: str) -> None:
    other = x25519.Identity.generate()
    lines = ["# created: 1900-01-01", f"# public key: {KEY.to_public()}", str(KEY), "", f"  {other} ", ""]
    keys = read_identities(private(tmp_path, mark + ending.join(lines)))
    assert [str(key) for key in keys] == [str(KEY), str(other)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "holds no key"),
        ("# a comment\n\n", "holds no key"),
        (f"{KEY}\nnonsense\n", r"no key in line \[2\]"),
        (f"# x\n{str(KEY)[:-1]}\n", r"no key in line \[2\]"),
        (f"{KEY.to_public()}\n", r"no key in line \[1\]"),
        (b"\xff\xfe\x00A\x00", "is no text"),
        (bytes((1 << 20) + 1), "too large"),
        (pyrage.encrypt(str(KEY).encode(), [KEY.to_public()]), "is itself encrypted"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nnonsense\n", "SSH key"),
    ],
    # Keys of this process must not be in names: two workers would not agree on the tests there are.
    ids=["empty", "comment", "nonsense", "cut short", "public", "UTF-16", "large", "encrypted", "SSH nonsense"],
)
def test_a_bad_identity_file_is_refused_and_not_shown(tmp_path: Path, data: bytes | str, words: str) -> None:
    with pytest.raises(KeyRefusedError, match=rf"^identity \[key\.txt\].*{words}.*") as refused:
        read_identities(private(tmp_path, data))
    error: BaseException | None = refused.value
    while error is not None:
        assert "nonsense" not in str(error)
        assert str(KEY)[:-1] not in str(error)
        error = error.__cause__
    assert refused.value.exit_code == 11


def test_an_identity_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(KeyRefusedError, match=rf"^identity \[{path.name}\]"):
            read_identities(path)


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_an_ssh_key_without_a_passphrase_opens_what_its_public_key_closed(tmp_path: Path, kind: str) -> None:
    key = Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    file = tmp_path / "a.age"
    file.write_bytes(pyrage.encrypt(b"a,b\n", [ssh.Recipient.from_str(public)]))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    assert list(decrypted(file, read_identities(private(tmp_path, plain)))) == [b"a,b\n"]


def test_an_ssh_key_with_a_passphrase_is_refused(tmp_path: Path) -> None:
    def field(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    # Only its frame is real: nobody gets to decrypt it.
    public = field(b"ssh-ed25519") + field(bytes(32))
    kdf = field(bytes(16)) + (16).to_bytes(4, "big")
    fields = [field(b"aes256-ctr"), field(b"bcrypt"), field(kdf), (1).to_bytes(4, "big"), field(public)]
    frame = base64.encodebytes(b"openssh-key-v1\0" + b"".join(fields) + field(bytes(144)))
    closed = b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + frame + b"-----END OPENSSH PRIVATE KEY-----\n"
    with pytest.raises(KeyRefusedError, match="has a passphrase"):
        read_identities(private(tmp_path, closed))


if os.name == "posix":

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
    def test_an_identity_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
        file = private(tmp_path, str(KEY))
        file.chmod(mode)
        with pytest.raises(KeyRefusedError, match=r"^identity \[key\.txt\] lies open .* chmod 600"):
            read_identities(file)

    def test_an_identity_can_come_from_a_pipe(tmp_path: Path) -> None:
        end, start = os.pipe()
        os.write(start, str(KEY).encode())
        os.close(start)
        try:
            assert len(read_identities(Path(f"/dev/fd/{end}"))) == 1
        finally:
            os.close(end)
