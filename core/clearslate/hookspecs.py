"""The hooks that a plugin implements; each gives objects, is called once a run, and may be left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from clearslate.ingest.reader import RecordReader
    from clearslate.output.writer import Writer
    from clearslate.policy.reform import Reform

PROJECT = "clearslate"
"""The pluggy project name and the entry-point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""The decorator for a plugin's implementations: ``from clearslate.hookspecs import hookimpl``."""


@hookspec
def clearslate_reforms() -> Iterable[Reform]:
    """Give the reforms that this plugin supplies."""
    raise NotImplementedError


@hookspec
def clearslate_readers() -> Iterable[RecordReader]:
    """Give the source formats that this plugin reads."""
    raise NotImplementedError


@hookspec
def clearslate_writers() -> Iterable[Writer]:
    """Give the files that this plugin can write from a run."""
    raise NotImplementedError
