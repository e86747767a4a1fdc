"""JSON with one spelling, so that what was authenticated is all that can stand there."""

from __future__ import annotations

import json
from typing import Any


def spelled(value: Any) -> bytes:
    """The one spelling: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


EMPTY = b"{}"
"""An object without anything in it, which most records of a temporary vault end with."""


def read(data: bytes) -> dict[str, Any]:
    """An object in the one spelling; raise ValueError for anything else."""
    if data == EMPTY:
        return {}
    try:
        value = json.loads(data)
    except (RecursionError, UnicodeDecodeError) as error:
        raise ValueError("no JSON") from error
    if not isinstance(value, dict) or spelled(value) != data:
        raise ValueError("not in the one spelling")
    return value
