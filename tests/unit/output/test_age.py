from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyrage import x25519

from clearslate.errors import OutputError, UsageError
from clearslate.output.age import AgeDisk, Recipient, read_recipients
from clearslate.output.disk import Disk, OpenFolder
from clearslate.output.staging import Staging

KEY = x25519.Identity.generate()
PUBLIC = str(KEY.to_public())
CHUNK = 64 * 1024
NAME = b"ZYXQUELL,ORLA"
LINE = b'"ZYXQUELL,ORLA",1 ZZ-HOLDING A POPPY\n'
SSH = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[OpenFolder]:
    disk = Disk()
    opened = disk.open_folder(tmp_path)
    yield opened
    disk.close_folder(opened)


class Failing(Disk):
    """Fails the n-th operation on an open file and every later write, as a full disk does."""

    def __init__(self, nth: int) -> None:
        self.nth = nth
        self.done = 0

    def _next(self) -> None:
        self.done += 1
        if self.done == self.nth:
            raise OSError(errno.ENOSPC, "No space left on device", "/a/path")

    def write(self, handle: int, data: bytes) -> None:
        self._next()
        super().write(handle, data)

    def sync(self, handle: int) -> None:
        self._next()
        super().sync(handle)

    def close(self, handle: int) -> None:
        super().close(handle)
        self._next()


class FailingAge(AgeDisk, Failing):
    """The two together: ciphertext goes to the disk that fails."""

    def __init__(self, nth: int) -> None:
        AgeDisk.__init__(self, [KEY.to_public()])
        Failing.__init__(self, nth)


class Watched(Disk):
    """Remembers what was discarded."""

    discarded: tuple[int, ...] = ()

    def discard(self, handle: int) -> None:
        self.discarded += (handle,)
        super().discard(handle)


class WatchedAge(AgeDisk, Watched):
    pass


def disk_for(*recipients: Recipient) -> AgeDisk:
    return AgeDisk(list(recipients) or [KEY.to_public()])


def opened(file: Path, key: x25519.Identity = KEY) -> bytes:
    return bytes(pyrage.decrypt(file.read_bytes(), [key]))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * (1 << 20) + 17])
@pytest.mark.parametrize("step", [1000, CHUNK, 1 << 22])
def test_what_is_written_comes_back_to_the_recipient(folder: OpenFolder, size: int, step: int) -> None:
    data = (LINE * (size // len(LINE) + 1))[:size]
    disk = disk_for()
    handle = disk.create(folder, "one.csv")
    for start in range(0, size, step):
        disk.write(handle, data[start : start + step])
        disk.write(handle, b"")
    disk.sync(handle)
    disk.close(handle)
    assert [entry.name for entry in folder.path.iterdir()] == ["one.csv.age"]
    assert opened(folder.path / "one.csv.age") == data


def test_every_recipient_can_open_a_file_and_nobody_else(folder: OpenFolder) -> None:
    keys = [x25519.Identity.generate() for _ in range(3)]
    disk = disk_for(*(key.to_public() for key in keys))
    handle = disk.create(folder, "one.csv")
    disk.write(handle, LINE)
    disk.close(handle)
    for key in keys:
        assert opened(folder.path / "one.csv.age", key) == LINE
    with pytest.raises(pyrage.DecryptError):
        opened(folder.path / "one.csv.age")


def test_a_file_that_is_closed_without_sync_is_whole(folder: OpenFolder) -> None:
    disk = disk_for()
    handle = disk.create(folder, "one.csv")
    disk.write(handle, LINE)
    disk.close(handle)
    assert opened(folder.path / "one.csv.age") == LINE


def test_nothing_is_written_after_the_end(folder: OpenFolder) -> None:
    disk = disk_for()
    handle = disk.create(folder, "one.csv")
    disk.sync(handle)
    with pytest.raises(OSError, match="encryption failed"):
        disk.write(handle, LINE)
    disk.close(handle)
    assert opened(folder.path / "one.csv.age") == b""


def test_a_file_that_is_discarded_ends_its_thread_and_cannot_be_decrypted(folder: OpenFolder) -> None:
    disk = disk_for()
    handle = disk.create(folder, "one.csv")
    for _ in range(10):
        disk.write(handle, LINE * 3000)
    disk.discard(handle)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(handle)
    # Half a file never looks like a whole one.
    with pytest.raises(pyrage.DecryptError):
        opened(folder.path / "one.csv.age")
    disk.discard(handle)


def test_a_thread_that_does_not_start_leaves_no_open_file(folder: OpenFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    disk = WatchedAge([KEY.to_public()])
    with pytest.raises(RuntimeError):
        disk.create(folder, "one.csv")
    assert len(disk.discarded) == 1
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(disk.discarded[0])


def test_an_interrupt_while_a_thread_starts_leaves_neither_it_nor_an_open_file(
    folder: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = threading.Thread.start
    threads: list[threading.Thread] = []

    def interrupted(thread: threading.Thread) -> None:
        begin(thread)
        threads.append(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    disk = WatchedAge([KEY.to_public()])
    with pytest.raises(KeyboardInterrupt):
        disk.create(folder, "one.csv")
    threads[0].join()
    assert len(disk.discarded) == 1
    # Not even a header: the number of the handle could be another file's by now.
    assert (folder.path / "one.csv.age").read_bytes() == b""


def test_a_file_that_an_interrupt_made_its_owner_forget_goes_with_its_folder(tmp_path: Path) -> None:
    disk = disk_for()
    inner = disk.open_folder(tmp_path)
    handle = disk.create(inner, "one.csv")
    disk.close_folder(inner)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(handle)


def test_a_failure_that_is_not_of_the_disk_is_an_oserror_too(
    folder: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise pyrage.EncryptError("broken")

    monkeypatch.setattr(pyrage, "encrypt_io", broken)
    disk = disk_for()
    handle = disk.create(folder, "one.csv")

    def write_more() -> None:
        # The thread may end only after the first piece was taken from the caller.
        for _ in range(3):
            disk.write(handle, LINE)

    with pytest.raises(OSError, match="encryption failed"):
        write_more()
    with pytest.raises(OSError, match="encryption failed"):
        disk.sync(handle)
    disk.discard(handle)


def release_a_run(output: Path, disk: Disk, pieces: int = 20) -> tuple[str, ...]:
    with Staging(output, overwrite=True, disk=disk) as staging:
        made = staging.open()
        for name in ("one.csv", "run.json"):
            file = made.create(name)
            for _ in range(pieces):
                file.write(LINE * 1000, 1000)
        staging.release()
        return staging.files


def test_a_full_disk_is_told_of_whichever_write_it_stops(tmp_path: Path) -> None:
    output, nth = tmp_path / "out", 0
    while True:
        nth += 1
        try:
            release_a_run(output, FailingAge(nth))
        except OutputError as error:
            message = str(error)
        else:
            break
        assert "the disk is full" in message
        assert "/a/path" not in message
        assert list(tmp_path.iterdir()) == []
    # A header, chunks, the sync and the close of two files failed once each.
    assert nth > 2 * (1 + 20 * 1000 * len(LINE) // CHUNK + 2)
    assert opened(output / "one.csv.age") == LINE * 20_000


def test_a_failure_to_write_the_last_bytes_is_not_swallowed(folder: OpenFolder) -> None:
    disk = FailingAge(1)
    handle = disk.create(folder, "one.csv")
    disk.write(handle, b"x")
    with pytest.raises(OSError, match="No space left"):
        disk.sync(handle)
    with pytest.raises(OSError, match="No space left"):
        disk.close(handle)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(handle)


def test_a_run_releases_encrypted_files_only_and_names_them_as_they_are(tmp_path: Path) -> None:
    with Staging(tmp_path / "out", disk=disk_for()) as staging:
        made = staging.open()
        file = made.create("one.csv")
        file.write(b"name,offense\n" + LINE * 5000, 5000)
        file.write(b'"two\nlines",x\n', 1)
        file.close()
        assert (file.name, file.rows) == ("one.csv", 5001)
        partial = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path.name for path in partial] == ["one.csv.age"]
        assert NAME not in partial[0].read_bytes()
        staging.release()
        assert list(made.files) == ["one.csv"]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["out/one.csv.age"]
    assert not any(NAME in path.read_bytes() or b"POPPY" in path.read_bytes() for path in files)


def test_the_summary_names_files_with_their_suffix(tmp_path: Path) -> None:
    with Staging(tmp_path / "out", disk=disk_for()) as staging:
        staging.open().create("one.csv")
        assert staging.files == ("one.csv.age",)


@pytest.mark.parametrize("pieces", [0, 1, 50])
def test_an_abandoned_run_ends_its_threads_and_leaves_nothing(tmp_path: Path, pieces: int) -> None:
    with Staging(tmp_path / "out", disk=disk_for()) as staging:
        made = staging.open()
        for name in ("one.csv", "two.csv", "three.csv"):
            file = made.create(name)
            for _ in range(pieces):
                file.write(LINE * 3000)
    assert list(tmp_path.iterdir()) == []


def test_an_encrypted_run_can_be_moved_aside_by_the_next(tmp_path: Path) -> None:
    release_a_run(tmp_path / "out", disk_for(), pieces=1)
    release_a_run(tmp_path / "out", disk_for(), pieces=1)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "out.previous"]
    (tmp_path / "out" / "run.json.age").write_bytes(b"mine")
    with pytest.raises(OutputError, match="not the output of a run"):
        Staging(tmp_path / "out", overwrite=True)


def test_no_recipient_is_refused() -> None:
    with pytest.raises(UsageError, match="no recipient is given"):
        AgeDisk([])


def test_recipients_are_keys_and_files_of_keys(tmp_path: Path) -> None:
    other = x25519.Identity.generate().to_public()
    file = tmp_path / "office.txt"
    file.write_text(f"# the office\r\n{other}\r\n\r\n{SSH} clerk@oz\r\n", encoding="utf-8-sig", newline="")
    found = read_recipients([f" {PUBLIC}\n", str(file), SSH])
    assert [str(one) for one in found if isinstance(one, x25519.Recipient)] == [PUBLIC, str(other)]
    assert len(found) == 4
    assert read_recipients([]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("age1nonsense", r"recipient 2 \[age1nonsense\] is no public key"),
        (PUBLIC[:-1], rf"recipient 2 \[{PUBLIC[:-1]}\]"),
        ("ssh-ed25519 AAAA nonsense", r"recipient 2 \[ssh-ed25519 AAAA nonsense\]"),
        ("ecdsa-sha2-nistp256 AAAA", r"recipient 2 \[ecdsa-sha2-nistp256 AAAA\]"),
        ("", r"recipient 2 \[\]"),
        ("a\0b", r"recipient 2 "),
        ("two\nlines", r"recipient 2 \[two lines\]"),
    ],
    # A key of this process must not be in a name: two workers would not agree on the tests there are.
    ids=["nonsense", "cut short", "ssh nonsense", "another kind", "empty", "with NUL", "two lines"],
)
def test_a_text_that_is_no_recipient_is_named_by_its_place(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        read_recipients([PUBLIC, text])
    assert "a recipient is age1..., ssh-ed25519" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no file of public keys"),
        (b"# nobody\n", "holds no public key"),
        (b"\xff\xfe", "is no file of public keys"),
        (bytes((1 << 20) + 1), "is no file of public keys"),
        (b"# x\nage1nonsense\n", r", line 2 \[age1nonsense\] is no public key"),
    ],
)
def test_a_file_that_holds_no_recipients_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "office.txt"
    file.write_bytes(data)
    with pytest.raises(UsageError, match=rf"^recipient 1 \[.*\]{'' if words[0] == ',' else ' '}{words}"):
        read_recipients([str(file)])


def test_a_secret_key_given_as_a_recipient_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "key.txt"
    for data in (f"{KEY}\n", f"-----BEGIN OPENSSH PRIVATE KEY-----\n{KEY}\n", f"x {KEY}\n"):
        file.write_text(data, encoding="utf-8")
        for text in (str(KEY), str(KEY).lower(), str(file)):
            with pytest.raises(UsageError) as refused:
                read_recipients([text])
            assert str(KEY).lower()[15:30] not in str(refused.value).lower()
