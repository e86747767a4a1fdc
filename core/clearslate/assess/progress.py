"""How far a job is, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from clearslate.ingest.source import Source

Progress = Callable[[str, int, int], None]
"""Told of a step (``read`` in bytes, ``seal`` or ``decide`` in people), how far it is, and how far it goes."""


def bytes_read(files: Sequence[Path | Source], progress: Progress | None) -> Callable[[int], None] | None:
    """What a reader tells of the bytes that it has read, made into the step ``read``."""
    if progress is None:
        return None
    total = sum(
        file.size if isinstance(file, Source) else file.stat().st_size
        for file in files
        if isinstance(file, Source) or file.is_file()
    )
    done = 0

    def more(size: int) -> None:
        nonlocal done
        done = min(done + size, total)
        progress("read", done, total)

    return more
