"""The invented state of Oz: a whole reform with two policies, small enough to read, that keeps every promise."""

from __future__ import annotations

import re
from importlib import resources

from clearslate.model import Section, Statute
from clearslate.policy.reform import PolicyReform

_PRINTED = re.compile(r"(?P<attempt>ATT )?(?P<number>\d+)(?P<subdivision>\([A-Z]\))? (?P<code>[A-Z]{2})")


def read_statute(text: str) -> Statute | None:
    """Read a statute as Oz's rolls print it, ``100(A) ZZ`` or ``ATT 100 ZZ``; None for anything else."""
    match = _PRINTED.fullmatch(text)
    if match is None:
        return None
    subdivision = match["subdivision"]
    section = Section(match["code"], match["number"], (subdivision[1:-1],) if subdivision else ())
    return Statute(section, attempt=match["attempt"] is not None, raw=text)


OZ = PolicyReform(resources.files(__name__), read_statute=read_statute)
"""Moonshine is permitted in Oz since 2016."""

CASES = resources.files(__name__) / "cases"
"""Its law cases."""
