"""County names: found without regard to case and spacing, and never guessed."""

from __future__ import annotations

from collections.abc import Iterable

from clearslate.errors import CountyError


def county_key(name: str) -> str:
    """What two spellings of one county share: ``Los  Angeles`` and ``LOSANGELES``."""
    return "".join(name.split()).casefold()


def find_county(name: str, counties: Iterable[str]) -> str:
    """Give the county as the file spells it; raise CountyError, listing those found, where it has none."""
    found = sorted({county for county in counties if county and county.strip()})
    wanted = county_key(name)
    for county in found:
        if wanted and county_key(county) == wanted:
            return county
    if not found:
        raise CountyError(
            f"county [{name}] has no conviction in the file, nor has any other; check --format and --input"
        )
    raise CountyError(f"county [{name}] has no conviction in the file; name one of those found: {', '.join(found)}")
