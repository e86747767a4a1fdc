"""The names of the format ``table``, for whoever has not read a mapping yet."""

from __future__ import annotations

from clearslate.errors import UsageError

FORMAT = "table"
"""The id of the format; that of a reader has the mapping's behind it: ``table:oz_roll``."""

TITLE = "Any table (CSV or XLSX), with a mapping file that says which column is what"


def is_table(id: str) -> bool:
    """Whether a format's id is that of a table."""
    return id == FORMAT or id.startswith(f"{FORMAT}:")


def no_mapping() -> UsageError:
    """The error for a table without a mapping."""
    return UsageError(
        f"format [{FORMAT}] needs a mapping file; say --mapping FILE.toml, or have one proposed: "
        f"clearslate doctor --format {FORMAT} FILE"
    )
