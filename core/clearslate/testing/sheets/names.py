"""The names of case files that a sheet may say: plain ones, that lead nowhere else."""

from __future__ import annotations

_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789\u00b9\u00b2\u00b3")]
)
SUFFIX = ".toml"


def file_name(name: str) -> str:
    """The name where it is one of a case file in its folder; raise ValueError for every other."""
    stem = name.removesuffix(SUFFIX)
    fits = (
        name.endswith(SUFFIX)
        and stem
        and name.isprintable()
        and not set(name) & set('/\\:<>"|?*')
        and stem[0] not in ". "
        and stem[-1] not in ". "
        and stem.split(".")[0].strip().lower() not in _RESERVED
        and len(name.encode()) <= 200
    )
    if not fits:
        raise ValueError(
            f"takes the name of a case file, such as statute{SUFFIX}, without a folder; [{name}] was given"
        )
    return name
