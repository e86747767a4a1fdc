"""zstd, from the standard library where it has it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from clearslate.vault.sealing import altered

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports import zstd
else:
    from compression import zstd

LEVEL = 1

LARGEST = 1 << 31
"""Bytes that one message may unpack to; a record is some kilobytes, a map of a source file some megabytes."""


def packed(data: bytes) -> bytes:
    """One zstd frame."""
    return zstd.compress(data, LEVEL)


def unpacked(frame: bytes) -> bytes:
    """The content of one frame. Raises VaultError for what is none, or is larger than any message."""
    try:
        decompressor = zstd.ZstdDecompressor()
        data = decompressor.decompress(frame, LARGEST + 1)
    except zstd.ZstdError as error:
        raise altered() from error
    if not decompressor.eof or decompressor.unused_data or len(data) > LARGEST:
        raise altered()
    return data
