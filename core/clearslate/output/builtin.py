"""The writers that every run has; the manifest is written after them, because it lists their files."""

from __future__ import annotations

from clearslate.output.annotated import Annotated
from clearslate.output.determinations import Determinations
from clearslate.output.impact import Impact
from clearslate.output.rejected import Rejected
from clearslate.output.routes import Routes
from clearslate.output.writer import Writer

BUILT_IN: tuple[Writer, ...] = (Determinations(), Routes(), Annotated(), Rejected(), Impact())
"""In the order in which they write."""
