"""The parts of a workbook, unpacked no further than a real workbook would go."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from clearslate.errors import InputError

LARGEST_SHEET = 4 << 30
"""Bytes that one sheet may unpack to: more than a full one."""

LARGEST_STRINGS = 1 << 30
"""Bytes that the texts of a workbook may unpack to."""

LARGEST_OTHER = 16 << 20
"""Bytes that what is neither sheet nor texts may unpack to."""

MOST_PARTS = 10_000
_MOST_TAGS = 400_000
"""Tags that what is neither sheet nor texts may hold."""

_TIGHTEST = 200
_TIGHT_FROM = 32 << 20
"""No real sheet of so many bytes is packed to so small a part of them."""

_PIECE = 1 << 16
_MOST_NAMES = 1000
_MARK = b"<!DOCTYPE"


class NotReadError(Exception):
    """A workbook that is not read, and why, in words that follow its name."""


class Parts(zipfile.ZipFile):
    """A workbook's parts by name; one that is larger than it may be is not unpacked. Raises NotReadError."""

    def __init__(self, handle: BinaryIO) -> None:
        super().__init__(handle)
        if len(self.infolist()) > MOST_PARTS:
            raise NotReadError("has more parts than a workbook has")
        self._most = LARGEST_OTHER

    def open(self, name: Any, *args: Any, **kwargs: Any) -> IO[bytes]:
        """One part, which ends with NotReadError where it goes on for too long."""
        return self._guarded(name, LARGEST_OTHER, _MOST_TAGS)

    def large(self, name: str, most: int) -> IO[bytes]:
        """A part that may be large, read some bytes at a time."""
        return self._guarded(name, most, None)

    def _guarded(self, name: Any, most: int, tags: int | None) -> IO[bytes]:
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.flag_bits & 1:
            raise NotReadError("is encrypted; save it without a password")
        tight = info.file_size > _TIGHT_FROM and info.file_size > _TIGHTEST * max(info.compress_size, 1)
        if info.file_size > most or tight:
            raise NotReadError("unpacks to more than a workbook would; ask for it as CSV")
        raw = super().open(info)
        return raw if tags is None else _Counted(raw, tags)  # type: ignore[return-value]


class _Counted:
    """What is open of a part that is read as a whole, of which the tags are counted as they come."""

    def __init__(self, raw: IO[bytes], most: int) -> None:
        self._raw = raw
        self._left = most
        self._end = b""

    def __enter__(self) -> _Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def close(self) -> None:
        self._raw.close()

    def read(self, size: int | None = -1) -> bytes:
        data = self._raw.read(-1 if size is None else size)
        self._left -= data.count(b"<")
        # In another encoding each letter has a NUL beside it.
        seen = (self._end + data).replace(b"\0", b"")
        if self._left < 0 or _MARK in seen:
            raise NotReadError("holds what no workbook holds; ask for it as CSV")
        self._end = data[-2 * len(_MARK) :]
        return data


class Names(dict[str, str]):
    """Names of tags without what stands before them, found once for each."""

    def __missing__(self, name: str) -> str:
        found = name.rpartition(" ")[2]
        if len(self) < _MOST_NAMES:
            self[name] = found
        return found


def stream(
    part: IO[bytes],
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Read a part of XML; after each piece what stands in it has been told, tags by names for :class:`Names`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    while data := part.read(_PIECE):
        parser.Parse(data)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise NotReadError("holds what no workbook holds; ask for it as CSV")


def refused(name: str, why: object) -> InputError:
    """The error for a workbook that is not read."""
    return InputError(f"[{name}] {why}")
