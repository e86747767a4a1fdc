"""The few operations on plain files that the vault needs, each durable when it returns."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from clearslate.errors import AuditError, OutputError, VaultError
from clearslate.vault.sealing import derive

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_PIECE = 1 << 20
_NO_FOLDER_SYNC = {errno.EINVAL, getattr(errno, "ENOTSUP", errno.EINVAL), errno.EACCES, errno.EPERM}


def building(path: Path) -> Path:
    """The name that a folder has until it is whole. Raises OutputError where ``path`` is taken."""
    try:
        if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
            raise OutputError(f"[{path}] is there already and not empty; name another folder")
    except OSError as error:
        raise OutputError(f"[{path}] cannot be looked at; check its permissions") from error
    return path.with_name(f".{path.name}.partial-{os.getpid()}")


def unfinished(path: Path) -> tuple[str, ...]:
    """Names of folders beside ``path`` that a making of it which was cut off left, sorted."""
    with contextlib.suppress(OSError):
        return tuple(sorted(entry.name for entry in path.parent.glob(f".{glob.escape(path.name)}.partial-*")))
    return ()


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone. Raises OutputError."""
    try:
        path.mkdir(mode=0o700)
        path.chmod(0o700)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"a folder cannot be made in [{path.parent}]: {reason}; check it and the disk") from error


def name_folder(path: Path, name: Path) -> None:
    """Give a folder its name, which nothing or an empty folder has. Raises OutputError."""
    try:
        if os.name == "nt" and name.is_dir():
            name.rmdir()
        path.rename(name)
        sync_folder(name.parent)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"[{name}] cannot be made: {reason}; check the folder and the disk") from error


def remove_folder(path: Path) -> None:
    """Remove a folder that did not come to be; what cannot be removed is left."""
    shutil.rmtree(path, ignore_errors=True)


def tighten(path: Path) -> None:
    """Take from a folder every right that is not its owner's. Raises VaultError where that cannot be done."""
    if os.name != "posix":
        return
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise VaultError(f"vault [{path}] lies open to others and cannot be closed; give it the mode 0700") from error


def write_new(path: Path, data: bytes) -> None:
    """Write a new file for its owner alone and bring it to the disk; an OSError passes through."""
    handle = os.open(path, _NEW, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def copy(source: Path, target: Path) -> None:
    """Copy a file to a new one for its owner alone and bring it to the disk; an OSError passes through."""
    with source.open("rb") as reading, os.fdopen(os.open(target, _NEW, 0o600), "wb") as writing:
        shutil.copyfileobj(reading, writing, _PIECE)
        writing.flush()
        os.fsync(writing.fileno())


def replace(path: Path, data: bytes) -> None:
    """Put a file in place of another, whole or not at all; an OSError passes through."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        write_new(new, data)
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append(path: Path, data: bytes, at: int) -> None:
    """Write at the end of a file, which is at ``at`` or had something cut off there; an OSError passes through."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        os.lseek(handle, at, os.SEEK_SET)
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Bring a folder's names to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def fingerprint(path: Path, key: bytes, salt: bytes) -> bytes:
    """AES-256-GMAC over a whole file, under a key made for this salt. Raises VaultError where it cannot be read."""
    made = derive(key, salt, "clearslate fingerprint 1")
    mac = Cipher(algorithms.AES(made), modes.GCM(bytes(12))).encryptor()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                mac.authenticate_additional_data(piece)
    except OSError as error:
        raise VaultError(f"[{path.name}] of the vault cannot be read; check the disk") from error
    mac.finalize()
    return mac.tag


@contextlib.contextmanager
def as_output_error() -> Iterator[None]:
    """Turn an OSError into an OutputError."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"the vault cannot be written: {reason}; free space or mend the disk, try again") from error


@contextlib.contextmanager
def as_audit_error() -> Iterator[None]:
    """Turn an OSError into an AuditError that says why no entry could be made."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise AuditError(
            f"the audit entry cannot be written: {reason}; nothing is done without one, free space or mend the disk"
        ) from error
