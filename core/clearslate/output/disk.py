"""The few operations on files and folders that an output needs, so that a test can make any of them fail."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from clearslate.errors import OutputError

_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd
_NEW_FILE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FOLDER_SYNC_UNKNOWN = {errno.EINVAL, getattr(errno, "ENOTSUP", errno.EINVAL)}


class OpenFolder(NamedTuple):
    """A folder held open, so that swapping its path for a link changes nothing.

    ``handle`` is None where the system has no folder handles (Windows): then the path is used.
    """

    path: Path
    handle: int | None

    def at(self, name: str) -> str:
        """What to call an entry in system calls that are given ``handle``."""
        return str(self.path / name) if self.handle is None else name


class Disk:
    """Files are made new, for their owner alone; an OSError of the system passes through."""

    def open_folder(self, path: Path, within: OpenFolder | None = None) -> OpenFolder:
        """Hold a folder open; one named ``within`` another must not be a link."""
        if not _HAS_FOLDER_HANDLES:
            return OpenFolder(path, None)
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        if within is None:
            return OpenFolder(path, os.open(path, flags))
        return OpenFolder(path, os.open(within.at(path.name), flags | os.O_NOFOLLOW, dir_fd=within.handle))

    def close_folder(self, folder: OpenFolder) -> None:
        """Let the folder go."""
        if folder.handle is not None:
            os.close(folder.handle)

    def make_folder(self, parent: OpenFolder, name: str) -> None:
        """Make a folder that only its owner can enter; FileExistsError where the name is taken."""
        os.mkdir(parent.at(name), 0o700, dir_fd=parent.handle)

    def tighten(self, folder: OpenFolder) -> None:
        """Take from the folder every right that is not its owner's, whatever the umask was."""
        if folder.handle is None:
            folder.path.chmod(0o700)
        else:
            os.fchmod(folder.handle, 0o700)

    def create(self, folder: OpenFolder, name: str) -> int:
        """Make a new file and open it for writing; never an existing one, never through a link."""
        handle = os.open(folder.at(name), _NEW_FILE, 0o600, dir_fd=folder.handle)
        if hasattr(os, "fchmod"):
            try:
                os.fchmod(handle, 0o600)
            except BaseException:
                os.close(handle)
                raise
        return handle

    def write(self, handle: int, data: bytes) -> None:
        """Write all of ``data``."""
        written = os.write(handle, data)
        if written < len(data):
            rest = memoryview(data)[written:]
            while rest:
                rest = rest[os.write(handle, rest) :]

    def sync(self, handle: int) -> None:
        """Wait until the file's bytes are on the disk."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """Close a file."""
        os.close(handle)

    def discard(self, handle: int) -> None:
        """Close a file that is about to be removed, with no promise about what is in it."""
        with contextlib.suppress(OSError):
            os.close(handle)

    def name_of(self, name: str) -> str:
        """What the file made as ``name`` is called in its folder."""
        return name

    def sync_folder(self, folder: OpenFolder) -> None:
        """Wait until the folder's names are on the disk, where the system can say so."""
        if folder.handle is None:
            return
        try:
            os.fsync(folder.handle)
        except OSError as error:
            if error.errno not in _FOLDER_SYNC_UNKNOWN:
                raise

    def rename(self, parent: OpenFolder, old: str, new: str) -> None:
        """Give a folder another name in the same parent; the new one must be free or an empty folder."""
        if os.name == "nt" and (parent.path / new).is_dir():
            (parent.path / new).rmdir()
        os.rename(parent.at(old), parent.at(new), src_dir_fd=parent.handle, dst_dir_fd=parent.handle)

    def remove_tree(self, parent: OpenFolder, name: str) -> None:
        """Remove a folder with all that is in it; one that is not there is removed already."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(parent.at(name), dir_fd=parent.handle)


@contextlib.contextmanager
def as_output_error(where: str) -> Iterator[None]:
    """Turn an OSError into an OutputError that says in a line what to do about ``where``."""
    try:
        yield
    except OSError as error:
        raise output_error(where, error) from error


def output_error(where: str, error: OSError) -> OutputError:
    """The OutputError for a system's error while writing ``where``."""
    if error.errno in _FULL:
        return OutputError(f"output [{where}]: the disk is full; free space or choose another folder, then run again")
    reason = (error.strerror or type(error).__name__).lower()
    return OutputError(f"output [{where}] cannot be written: {reason}; check the folder and the disk, then run again")
