"""A disk that keeps nothing: the files of a run are made, counted and hashed, and written nowhere."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clearslate.output.disk import Disk, OpenFolder
from clearslate.output.staging import Folder


class Nowhere(Disk):
    """Takes everything and keeps nothing."""

    def __init__(self) -> None:
        self._handles = itertools.count(1)

    def create(self, folder: OpenFolder, name: str) -> int:
        """A number for the file."""
        return next(self._handles)

    def write(self, handle: int, data: bytes) -> None:
        """Nothing."""

    def sync(self, handle: int) -> None:
        """Nothing."""

    def close(self, handle: int) -> None:
        """Nothing."""

    def discard(self, handle: int) -> None:
        """Nothing."""


def nowhere(hasher: ThreadPoolExecutor) -> Folder:
    """A folder whose files are written nowhere."""
    return Folder(OpenFolder(Path(), None), Nowhere(), hasher)
