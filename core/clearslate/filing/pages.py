"""Disks that count the pages of the documents written to them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Sequence

import pikepdf

from clearslate.output.age import AgeDisk, Recipient
from clearslate.output.disk import Disk, OpenFolder

_PDF = ".pdf"


class PagedDisk(Disk):
    """A disk that knows how many pages each document has: ``pages``, by its name.

    ``told`` is called with the number of files so far whenever one is begun.
    """

    def __init__(self, told: Callable[[int], None] = lambda _: None) -> None:
        self._told = told
        self._made = 0
        self.pages: dict[str, int] = {}
        self._open: dict[int, tuple[str, list[bytes]]] = {}

    def create(self, folder: OpenFolder, name: str) -> int:
        """Make a new file; what is written to a document is kept until it is closed."""
        handle = super().create(folder, name)
        self._made += 1
        self._told(self._made)
        if name.endswith(_PDF):
            self._open[handle] = (name, [])
        return handle

    def write(self, handle: int, data: bytes) -> None:
        """Write all of ``data``."""
        if handle in self._open:
            self._open[handle][1].append(data)
        super().write(handle, data)

    def close(self, handle: int) -> None:
        """Close a file, and count its pages where it is a document."""
        if handle in self._open:
            name, parts = self._open.pop(handle)
            with (
                contextlib.suppress(pikepdf.PdfError),
                pikepdf.open(io.BytesIO(b"".join(parts))) as document,
            ):
                self.pages[name] = len(document.pages)
        super().close(handle)

    def discard(self, handle: int) -> None:
        """Close a file that nobody needs."""
        self._open.pop(handle, None)
        super().discard(handle)


class PagedAgeDisk(PagedDisk, AgeDisk):
    """The same, with every file encrypted with age to the recipients."""

    def __init__(self, recipients: Sequence[Recipient], told: Callable[[int], None] = lambda _: None) -> None:
        AgeDisk.__init__(self, recipients)
        PagedDisk.__init__(self, told)
