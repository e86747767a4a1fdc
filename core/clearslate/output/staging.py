"""Where files grow until the whole run is known to be right, and how they are released together.

The files stand in a hidden folder beside the output, ``.NAME.partial-PID``. Release renames that
folder to the output's name; whatever fails before leaves no output, or the old one as it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from clearslate.errors import OutputError
from clearslate.output.disk import Disk, OpenFolder, as_output_error, output_error

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?|.*\.")


def own_leftovers(output: Path) -> tuple[str, ...]:
    """Names of partial folders beside the output that this process made and did not remove, sorted."""
    place = Path(os.path.abspath(output))  # noqa: PTH100 (as in Staging)
    base = _partial(place.name)
    with contextlib.suppress(OSError):
        names = [entry.name for entry in place.parent.iterdir()]
        return tuple(sorted(name for name in names if name == base or name.startswith(f"{base}-")))
    return ()


def _partial(name: str) -> str:
    return f".{name}.partial-{os.getpid()}"


PACKET = "packet.json"
"""The file that says what a packet is, as ``run.json`` does of a run."""


def _is_a_run(folder: Path) -> bool:
    """Whether the folder has a manifest of a run or of a packet."""
    from clearslate.output.manifest import FILE

    return any(_is_manifest(folder, file) for file in (FILE, PACKET))


def _is_manifest(folder: Path, name: str) -> bool:
    """Whether a folder has a manifest of this name, of this format or an earlier one, or one that is encrypted."""
    from clearslate.ingest.age import is_age
    from clearslate.output.age import SUFFIX
    from clearslate.output.manifest import FORMAT

    file = folder / name
    try:
        if not file.is_file():
            return is_age(folder / (name + SUFFIX))
        read = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    format = read.get("format") if isinstance(read, dict) else None
    return type(format) is int and 1 <= format <= FORMAT


class OutputFile:
    """One file being written: counts its bytes and rows and takes its SHA-256 as they pass."""

    def __init__(self, name: str, handle: int, disk: Disk, hasher: ThreadPoolExecutor) -> None:
        self.name = name
        self.size = 0
        self._rows = 0
        self._handle: int | None = handle
        self._disk = disk
        self._hasher = hasher
        self._hash = hashlib.sha256()
        self._hashing: Future[None] | None = None

    def write(self, data: bytes, rows: int | Callable[[bytes], int] = 0) -> None:
        """Append bytes that hold ``rows`` rows of data (a header is none); ``rows`` may be a function.

        Raises OutputError where this piece, or the one before it, could not be written.
        """
        if self._handle is None:
            raise OutputError(f"output file [{self.name}] is closed; a writer must not write after close")
        if not data:
            return
        # Writing and hashing let go of the interpreter, so they cost no time of this thread. One
        # piece is under way at most, which bounds the memory.
        self._settle()
        self._hashing = self._hasher.submit(self._take, self._handle, data, rows)
        self.size += len(data)

    def _settle(self) -> None:
        """Wait for the piece under way; raises OutputError where it could not be written."""
        if self._hashing is not None:
            with as_output_error(self.name):
                self._hashing.result()
            self._hashing = None

    def _take(self, handle: int, data: bytes, rows: int | Callable[[bytes], int]) -> None:
        self._disk.write(handle, data)
        self._hash.update(data)
        self._rows += rows if isinstance(rows, int) else rows(data)

    @property
    def rows(self) -> int:
        """How many rows of data were written so far."""
        self._settle()
        return self._rows

    def close(self) -> None:
        """Bring the bytes to the disk and close; a second call does nothing. Raises OutputError."""
        if self._handle is None:
            return
        self._settle()
        with as_output_error(self.name):
            self._disk.sync(self._handle)
            handle, self._handle = self._handle, None
            self._disk.close(handle)

    def drop(self) -> None:
        """Close without a promise, because the file is about to be removed."""
        with contextlib.suppress(OutputError):
            # A piece under way must not be written to a handle that something else has by then.
            self._settle()
        handle, self._handle = self._handle, None
        if handle is not None:
            self._disk.discard(handle)

    @property
    def is_open(self) -> bool:
        """Whether more can be written."""
        return self._handle is not None

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        self._settle()
        return self._hash.hexdigest()


class Folder:
    """The folder that a run's writers make their files in."""

    def __init__(self, folder: OpenFolder, disk: Disk, hasher: ThreadPoolExecutor) -> None:
        self._folder = folder
        self._disk = disk
        self._hasher = hasher
        self.files: dict[str, OutputFile] = {}
        self._taken: set[str] = set()

    def create(self, name: str) -> OutputFile:
        """Make a new file, readable by its owner alone; raises OutputError for a name taken or unfit.

        A name is letters, digits, ``_``, ``-`` and ``.``, and one that every system allows.
        """
        if not _FILE_NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            raise OutputError(f"[{name}] cannot be the name of an output file; use letters, digits, _, - and .")
        if name.lower() in self._taken:
            raise OutputError(f"two writers write output file [{name}]; rename one")
        with as_output_error(name):
            file = OutputFile(name, self._disk.create(self._folder, name), self._disk, self._hasher)
        self.files[name] = file
        self._taken.add(name.lower())
        return file


class Staging:
    """The staging folder of one run; ``with`` removes it unless it was released.

    Raises OutputError, before anything is made, for an output that is a link or a file, that holds
    an input, whose parent is missing or cannot be written, or that is not empty without ``overwrite``.
    """

    def __init__(
        self,
        output: Path,
        *,
        inputs: Iterable[Path] = (),
        overwrite: bool = False,
        disk: Disk | None = None,
    ) -> None:
        self.output = Path(os.path.abspath(output))  # noqa: PTH100 (resolve() would follow the link we refuse)
        self._overwrite = overwrite
        self._disk = disk or Disk()
        self._name: str | None = None
        self._hasher: ThreadPoolExecutor | None = None
        self._parent: OpenFolder | None = None
        self._inner: OpenFolder | None = None
        self._folder: Folder | None = None
        with as_output_error(self.output.name):
            self._check(list(inputs))

    def _check(self, inputs: Iterable[Path]) -> None:
        output, name = self.output, self.output.name
        if not name:
            raise OutputError(f"output [{output}] is the root of a disk; name a folder in it")
        if not output.parent.is_dir():
            raise OutputError(f"output [{name}]: its parent folder does not exist; make it, or choose another")
        place = output.parent.resolve() / name
        here = Path.cwd()
        if place == here or place in here.parents:
            raise OutputError(f"output [{name}] is the current folder, or holds it; name a folder in it")
        for file in inputs:
            source = file.resolve()
            if source == place or place in source.parents or source in place.parents:
                raise OutputError(f"output [{name}] and input [{file.name}] are in one another; choose another output")
        self._holds_results()
        if not os.access(output.parent, os.W_OK | os.X_OK):
            raise OutputError(f"output [{name}]: its parent folder cannot be written; choose another")

    def _holds_results(self) -> bool:
        """Whether there is a folder with something in it, which ``overwrite`` allows to replace."""
        name = self.output.name
        if self.output.is_symlink() or (hasattr(os.path, "isjunction") and os.path.isjunction(self.output)):
            raise OutputError(f"output [{name}] is a link; name the folder itself")
        if not self.output.exists():
            return False
        if not self.output.is_dir():
            raise OutputError(f"output [{name}] is a file; name a folder")
        if next(self.output.iterdir(), None) is None:
            return False
        if not _is_a_run(self.output):
            raise OutputError(
                f"output [{name}] holds something that is not the output of a run or a packet; choose another folder"
            )
        if not self._overwrite:
            raise OutputError(f"output [{name}] is not empty; choose another folder, or give --overwrite")
        return True

    @property
    def leftovers(self) -> tuple[str, ...]:
        """Names of partial folders beside the output that a run which was cut off left, sorted."""
        start = f".{self.output.name}.partial-"
        with contextlib.suppress(OSError):
            names = (entry.name for entry in self.output.parent.iterdir())
            return tuple(sorted(n for n in names if n.startswith(start) and n != self._name))
        return ()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files made so far as they are on the disk, in the order made."""
        return () if self._folder is None else tuple(self._disk.name_of(name) for name in self._folder.files)

    def open(self) -> Folder:
        """Make the folder, under a name that nothing has; raises OutputError."""
        with as_output_error(self.output.name):
            self._parent = self._disk.open_folder(self.output.parent)
            base = _partial(self.output.name)
            for attempt in range(1, 1000):
                # Named before it is made, so that an interrupt in between still finds it to remove.
                self._name = base if attempt == 1 else f"{base}-{attempt}"
                try:
                    self._disk.make_folder(self._parent, self._name)
                    break
                except FileExistsError:
                    self._name = None
            if self._name is None:
                raise OutputError(f"output [{self.output.name}]: too many partial folders beside it; remove them")
            self._inner = self._disk.open_folder(self.output.parent / self._name, self._parent)
            self._disk.tighten(self._inner)
        self._hasher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sha256")
        self._folder = Folder(self._inner, self._disk, self._hasher)
        return self._folder

    def release(self) -> Path | None:
        """Give the folder its name; give the path that an older output was moved to, if there was one.

        Raises OutputError; the older output then stands where it stood.
        """
        assert self._parent is not None
        assert self._inner is not None
        assert self._folder is not None
        assert self._name is not None
        for file in self._folder.files.values():
            file.close()
        undo: list[tuple[str, str]] = []
        aside: str | None = None
        name = self.output.name
        try:
            self._disk.sync_folder(self._inner)
            inner, self._inner = self._inner, None
            self._disk.close_folder(inner)
            if self._holds_results():
                aside = self._free_name()
                undo.append((aside, name))
                self._disk.rename(self._parent, name, aside)
            undo.append((name, self._name))
            self._disk.rename(self._parent, self._name, name)
            self._disk.sync_folder(self._parent)
        except BaseException as error:
            self._take_back(undo)
            if isinstance(error, OSError):
                raise output_error(name, error) from error
            raise
        self._name = None
        self.abandon()
        return None if aside is None else self.output.parent / aside

    def _take_back(self, undo: list[tuple[str, str]]) -> None:
        assert self._parent is not None
        for new, old in reversed(undo):
            there, back = self.output.parent / new, self.output.parent / old
            # A step that failed is still undone here: only what did happen has a new name and no old one.
            if not os.path.lexists(there) or os.path.lexists(back):
                continue
            try:
                self._disk.rename(self._parent, new, old)
            except OSError as error:
                raise OutputError(
                    f"output [{self.output.name}] could not be replaced, nor put back; the older files stand in "
                    f"[{new}] beside it: rename that folder by hand"
                ) from error

    def _free_name(self) -> str:
        """A name for the older output under which nothing stands, so that no older one is lost."""
        number = 1
        while True:
            name = f"{self.output.name}.previous" + ("" if number == 1 else f"-{number}")
            if not os.path.lexists(self.output.parent / name):
                return name
            number += 1

    def abandon(self) -> None:
        """Close and remove what is not released; a second call does what the first did not. Raises OutputError."""
        failed: OSError | None = None
        interrupt: BaseException | None = None
        left = self._name
        for step in (self._drop_files, self._stop_hasher, self._let_inner_go, self._remove, self._let_parent_go):
            for _ in range(2):
                try:
                    step()
                except OSError as error:
                    failed = error
                except BaseException as error:
                    # What an interrupt cut short is begun again, so that it leaves nothing behind.
                    interrupt = error
                    continue
                break
        if failed is not None:
            raise OutputError(
                f"output [{self.output.name}]: the partial folder [{left}] could not be removed; delete it by hand"
            ) from failed
        if interrupt is not None:
            raise interrupt

    def _drop_files(self) -> None:
        if self._folder is not None:
            for file in self._folder.files.values():
                file.drop()
        self._folder = None

    def _stop_hasher(self) -> None:
        if self._hasher is not None:
            self._hasher.shutdown()
        self._hasher = None

    def _let_inner_go(self) -> None:
        inner, self._inner = self._inner, None
        if inner is not None:
            self._disk.close_folder(inner)

    def _remove(self) -> None:
        if self._parent is not None and self._name is not None:
            self._disk.remove_tree(self._parent, self._name)
        self._name = None

    def _let_parent_go(self) -> None:
        parent, self._parent = self._parent, None
        if parent is not None:
            self._disk.close_folder(parent)

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()
