"""Output files encrypted to recipients as they are written, so that nothing lies in the clear on the disk."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import pyrage
from pyrage import ssh, x25519

from clearslate.errors import UsageError
from clearslate.ingest.age import LONGEST_KEYS, Pipe, Work
from clearslate.output.disk import Disk, OpenFolder

Recipient: TypeAlias = x25519.Recipient | ssh.Recipient
"""A public key to encrypt to."""

SUFFIX = ".age"
_KEYS = ("age1", "ssh-")
_SECRET = "AGE-SECRET-KEY-"
_EXPECTED = "a recipient is age1..., ssh-ed25519 ..., ssh-rsa ... or a file of such lines"


def read_recipients(texts: Iterable[str]) -> list[Recipient]:
    """The public keys that the texts are, or that stand in the files they name.

    Raises UsageError, which shows what was taken for a public key and never what could be a secret one.
    """
    found: list[Recipient] = []
    for place, text in enumerate(texts, 1):
        text, where = text.strip(), f"recipient {place}"
        if text.startswith(_KEYS):
            found.append(_recipient(text, where))
        elif text.upper().startswith(_SECRET):
            raise _secret(where)
        else:
            found.extend(_recipients_of_file(Path(text), f"{where} [{_shown(text)}]"))
    return found


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else text[:97] + "..."


def _secret(where: str) -> UsageError:
    return UsageError(f"{where} is a secret key; give its public key, which age-keygen -y prints")


def _recipient(text: str, where: str) -> Recipient:
    try:
        return x25519.Recipient.from_str(text) if text.startswith("age1") else ssh.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise UsageError(f"{where} [{_shown(text)}] is no public key that can be used; {_EXPECTED}") from error


def _recipients_of_file(path: Path, where: str) -> list[Recipient]:
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_KEYS + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"{where} is no public key and no file that can be read; {_EXPECTED}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if len(data) > LONGEST_KEYS or not text.strip():
        raise UsageError(f"{where} is no file of public keys; {_EXPECTED}")
    found: list[Recipient] = []
    for number, line in enumerate(text.splitlines(), 1):
        line, at = line.strip(), f"{where}, line {number}"
        if not line or line.startswith("#"):
            continue
        if line.upper().startswith(_SECRET):
            raise _secret(at)
        if not line.startswith(_KEYS):
            # Not shown: it could be a line of a private key, or of records.
            raise UsageError(f"{at}, is no public key; {_EXPECTED}")
        found.append(_recipient(line, at))
    if not found:
        raise UsageError(f"{where} holds no public key; {_EXPECTED}")
    return found


class AgeDisk(Disk):
    """Makes every file ``NAME.age``, an age file that the recipients can open and this process cannot.

    Combined with another Disk (``class Both(AgeDisk, Other)``) the ciphertext goes through that one.
    """

    def __init__(self, recipients: Sequence[Recipient]) -> None:
        if not recipients:
            raise UsageError(f"no recipient is given, so nobody could read the output; {_EXPECTED}")
        self._recipients = list(recipients)
        self._encryptors: dict[int, _Encryptor] = {}

    def name_of(self, name: str) -> str:
        """The name with ``.age``."""
        return name + SUFFIX

    def create(self, folder: OpenFolder, name: str) -> int:
        """Make a new file for ciphertext."""
        handle = super().create(folder, self.name_of(name))
        write = super().write
        try:
            encryptor = _Encryptor(folder, lambda data: write(handle, data), self._recipients)
            self._encryptors[handle] = encryptor
            encryptor.begin()
        except BaseException:
            self.discard(handle)
            raise
        return handle

    def write(self, handle: int, data: bytes) -> None:
        """Encrypt all of ``data``; an OSError may be that of an earlier piece."""
        self._encryptors[handle].put(data)

    def sync(self, handle: int) -> None:
        """End the file, to which nothing can be added then, and wait until its bytes are on the disk."""
        self._encryptors[handle].end()
        super().sync(handle)

    def close(self, handle: int) -> None:
        """End the file if ``sync`` did not, and close it."""
        encryptor = self._encryptors[handle]
        try:
            encryptor.end()
        finally:
            self._forget(handle)
            super().close(handle)

    def discard(self, handle: int) -> None:
        """Close a file that nobody needs, with no promise about what is in it."""
        self._forget(handle)
        super().discard(handle)

    def _forget(self, handle: int) -> None:
        encryptor = self._encryptors.get(handle)
        if encryptor is not None:
            # While its thread can write, the number must not become that of another file.
            encryptor.stop()
            del self._encryptors[handle]

    def close_folder(self, folder: OpenFolder) -> None:
        """Let the folder go, and every file in it that an interrupt made its owner forget."""
        for handle, encryptor in list(self._encryptors.items()):
            if encryptor.folder == folder:
                self.discard(handle)
        super().close_folder(folder)


class _Encryptor:
    """The thread that encrypts one file."""

    def __init__(self, folder: OpenFolder, write: Callable[[bytes], None], recipients: list[Recipient]) -> None:
        self.folder = folder
        self._pipe = Pipe(1)
        self._sink = _Sink(write)
        self._recipients = recipients
        self._work = Work("age-encrypt", self._pipe, self._encrypt)
        self.begin = self._work.begin
        self.stop = self._work.stop

    def _encrypt(self) -> None:
        try:
            pyrage.encrypt_io(_Source(self._pipe), self._sink, self._recipients)
        finally:
            self._pipe.break_off()

    def put(self, data: bytes) -> None:
        """Hand over bytes to encrypt; raises the OSError that stopped the thread."""
        if not data:
            return
        try:
            self._pipe.put(data)
        except BrokenPipeError:
            self._work.wait()
            raise self._error() from self._failed

    def end(self) -> None:
        """Write the rest and the end; raises the OSError that stopped the thread."""
        self._pipe.end()
        self._work.wait()
        if self._failed is not None:
            raise self._error() from self._failed

    @property
    def _failed(self) -> BaseException | None:
        # pyrage makes a text of an error of the disk, and swallows that of the last piece.
        return self._sink.failed or self._work.failed

    def _error(self) -> OSError:
        if isinstance(self._failed, OSError):
            # A new one, for the stored one would gather the traces of all who raise it.
            return OSError(*self._failed.args)
        return OSError(errno.EIO, "encryption failed")


class _Source:
    """The reading end of a pipe, as a file."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._piece = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, none at the end."""
        if not self._piece:
            self._piece = memoryview(self._pipe.take() or b"")
        size = len(self._piece) if size < 0 else size
        data, self._piece = self._piece[:size], self._piece[size:]
        return bytes(data)


class _Sink:
    """Writes ciphertext until the first failure, which it remembers."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self.failed: BaseException | None = None

    def write(self, data: bytes) -> int:
        """Write all of ``data``."""
        if self.failed is not None:
            raise self.failed
        try:
            self._write(data)
        except BaseException as error:
            self.failed = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing: no byte is held here."""
