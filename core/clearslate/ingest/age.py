"""age files, read as a stream: what is encrypted on the disk is in the clear in memory only."""

from __future__ import annotations

import base64
import binascii
import os
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, TypeAlias

import pyrage
from pyrage import ssh, x25519

from clearslate.errors import InputError, KeyRefusedError

Identity: TypeAlias = x25519.Identity | ssh.Identity
"""A private key that age files can be encrypted to."""

LONGEST_KEYS = 1 << 20
"""Bytes above which a file is no list of keys."""

_BINARY = b"age-encryption.org/v1\n"
_ARMORED = b"-----BEGIN AGE ENCRYPTED FILE-----"
_PASSPHRASE = _BINARY + b"-> scrypt "
_SSH = b"-----BEGIN "
_OTHERS_RIGHTS = 0o077


def _start(path: Path) -> bytes:
    try:
        # A pipe would be waited for, and what is looked at would be gone from it.
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(256)
    except (OSError, ValueError):
        return b""


def is_age(path: Path) -> bool:
    """Whether a file begins as an age file, binary or armored; no for one that cannot be read."""
    return _start(path).startswith((_BINARY, _ARMORED))


def no_identity(name: str) -> InputError:
    """The error for an age file where no identity is given."""
    return InputError(f"[{name}] is encrypted with age; give the file of your key with --identity")


class Pipe:
    """Pieces of bytes on the way from one thread to another, a few at a time; either end can break it off.

    Unlike a pipe of the system it copies nothing, has no handles to leak, and is the same on Windows.
    Unlike a queue with a bound or a condition it stays whole when an interrupt comes in the middle.
    """

    def __init__(self, room: int) -> None:
        self._pieces: SimpleQueue[bytes | None] = SimpleQueue()
        self._room: SimpleQueue[None] = SimpleQueue()
        self._broken = False
        for _ in range(room):
            self._room.put(None)

    def put(self, piece: bytes) -> None:
        """Hand a piece over when there is room; raises BrokenPipeError once the pipe is broken off."""
        self._room.get()
        if self._broken:
            self._room.put(None)
            raise BrokenPipeError
        self._pieces.put(piece)

    def take(self) -> bytes | None:
        """The next piece, None after the last; raises BrokenPipeError once the pipe is broken off."""
        piece = self._pieces.get()
        if self._broken or piece is None:
            self._pieces.put(None)
        if self._broken:
            raise BrokenPipeError
        if piece is not None:
            self._room.put(None)
        return piece

    def end(self) -> None:
        """Say that the last piece was put."""
        self._pieces.put(None)

    def break_off(self) -> None:
        """Let nobody wait at the pipe any more."""
        self._broken = True
        self._room.put(None)
        self._pieces.put(None)


class Work:
    """A thread at one end of a pipe; what it failed with is kept for the other end."""

    def __init__(self, name: str, pipe: Pipe, do: Callable[[], None]) -> None:
        self.failed: BaseException | None = None
        self._pipe = pipe
        self._do = do
        # A daemon, so that work that is forgotten does not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._gate: SimpleQueue[None] = SimpleQueue()
        self._end: SimpleQueue[None] = SimpleQueue()
        self._begun = self._cancelled = self._ended = False

    def _run(self) -> None:
        self._gate.get()
        try:
            if not self._cancelled:
                self._do()
        except BaseException as error:
            self.failed = error
        finally:
            self._ended = True
            self._end.put(None)

    def begin(self) -> None:
        """Start."""
        self._thread.start()
        self._begun = True
        self._gate.put(None)

    def wait(self) -> None:
        """Wait for the end."""
        # Until Python 3.13 a join that is interrupted takes the thread for ended.
        if not self._ended:
            self._end.get()
        self._thread.join()

    def stop(self) -> None:
        """Break the pipe off and wait; when this returns, nothing is done any more."""
        self._pipe.break_off()
        # Whether a thread whose start was interrupted will still run, nobody can tell.
        self._cancelled = not self._begun
        self._gate.put(None)
        if self._begun:
            self.wait()


def read_identities(path: Path) -> list[Identity]:
    """The keys of an age identity file, or the one of an OpenSSH private key without a passphrase.

    Raises KeyRefusedError, which never shows what stands in the file.
    """
    data, name = _only_ours(path), path.name
    # No error of a key is chained: its text could hold a part of the key.
    if data.startswith((_BINARY, _ARMORED)):
        raise KeyRefusedError(f"identity [{name}] is itself encrypted; give one that has no passphrase")
    if data.startswith(_SSH):
        try:
            return [ssh.Identity.from_buffer(data)]
        except Exception:
            raise KeyRefusedError(
                f"identity [{name}] is an SSH key that has a passphrase or is of another kind; "
                "give an Ed25519 or RSA key that has none"
            ) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KeyRefusedError(f"identity [{name}] is no text; give the file that age-keygen wrote") from None
    found: list[Identity] = []
    for number, line in enumerate(text.splitlines(), 1):
        key = line.strip()
        if not key or key.startswith("#"):
            continue
        try:
            found.append(x25519.Identity.from_str(key))
        except Exception:
            raise KeyRefusedError(
                f"identity [{name}] has no key in line [{number}]; lines begin with AGE-SECRET-KEY-1 or #"
            ) from None
    if not found:
        raise KeyRefusedError(f"identity [{name}] holds no key; give the file that age-keygen wrote")
    return found


def _only_ours(path: Path) -> bytes:
    name = path.name
    try:
        with path.open("rb") as file:
            # Asked of the open file, so that it is the one that is read.
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and stat.S_ISREG(mode) and mode & _OTHERS_RIGHTS:
                raise KeyRefusedError(f"identity [{name}] lies open to others than you; run chmod 600 on it")
            data = file.read(LONGEST_KEYS + 1)
    except FileNotFoundError as error:
        raise KeyRefusedError(f"identity [{name}] does not exist; check the path") from error
    except (OSError, ValueError) as error:
        raise KeyRefusedError(f"identity [{name}] cannot be read; give a file that you may read") from error
    if len(data) > LONGEST_KEYS:
        raise KeyRefusedError(f"identity [{name}] is too large to be one; give the file that age-keygen wrote")
    return data


def decrypted(
    path: Path, identities: Sequence[Identity], size: int = 1 << 20, *, name: str | None = None
) -> Iterator[bytes]:
    """The content of an age file in pieces of ``size`` bytes, the last one shorter; ``name`` is for messages.

    Every byte given was authenticated, but only the end of the iteration says that none is missing:
    raises InputError, after the good pieces, for a file that is damaged, altered or somebody else's.
    """
    name = path.name if name is None else name
    try:
        file = path.open("rb", buffering=1 << 20)
    except OSError as error:
        raise InputError(f"[{name}] cannot be opened; check the path, and that you may read it") from error
    with file:
        ciphertext, pipe = _Ciphertext(file), Pipe(2)
        plaintext = _Plaintext(pipe, size)

        def decrypt() -> None:
            try:
                pyrage.decrypt_io(ciphertext, plaintext, list(identities))
            finally:
                try:
                    plaintext.rest()
                finally:
                    pipe.end()

        work = Work("age-decrypt", pipe, decrypt)
        try:
            work.begin()
            while (piece := pipe.take()) is not None:
                yield piece
        finally:
            work.stop()
    unread = ciphertext.failed
    if unread is not None:
        raise InputError(f"[{name}] cannot be read ({unread.strerror}); check the disk") from unread
    if work.failed is not None:
        raise _refused(path, name, work.failed) from work.failed


class _Ciphertext:
    """A file to decrypt, which remembers that it could not be read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failed: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        try:
            return self._file.read(size)
        except OSError as error:
            self.failed = error
            raise


class _Plaintext:
    """Collects what is decrypted into pieces of one size."""

    def __init__(self, pipe: Pipe, size: int) -> None:
        self._pipe = pipe
        self._size = size
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Take all of ``data``."""
        self._held += data
        while len(self._held) >= self._size:
            with memoryview(self._held) as view:
                piece = bytes(view[: self._size])
            del self._held[: self._size]
            self._pipe.put(piece)
        return len(data)

    def flush(self) -> None:
        """Nothing: what is too short for a piece waits for more."""

    def rest(self) -> None:
        """Give what waited for more."""
        if self._held:
            self._pipe.put(bytes(self._held))
            self._held.clear()


def _refused(path: Path, name: str, error: BaseException) -> InputError:
    if isinstance(error, pyrage.DecryptError):
        if _has_passphrase(_start(path)):
            return InputError(f"[{name}] is encrypted with a passphrase; ask for it encrypted to your public key")
        if "matching keys" in str(error):
            return InputError(f"[{name}] is encrypted to other recipients; give the right --identity")
    return InputError(f"[{name}] cannot be decrypted, it is damaged or was altered; ask for the file again")


def _has_passphrase(start: bytes) -> bool:
    if start.startswith(_ARMORED):
        try:
            # The first line of an armor holds 48 bytes.
            start = base64.b64decode(start.splitlines()[1], validate=True)
        except (IndexError, binascii.Error):
            return False
    return start.startswith(_PASSPHRASE)
