"""An anchor: the head of a vault as a text that is kept elsewhere, so that an older copy can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from clearslate.errors import UsageError, VaultError
from clearslate.vault.audit import Line

_TEXT = re.compile(r"clearslate-anchor-1 ([0-9a-f]{32}) ([1-9][0-9]{0,15}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Which vault, how many entries its log had, and the MAC of the last."""

    vault: str
    entries: int
    mac: str

    def __str__(self) -> str:
        return f"clearslate-anchor-1 {self.vault} {self.entries} {self.mac}"

    @classmethod
    def read(cls, text: str) -> Anchor:
        """Read an anchor as it was printed. Raises UsageError."""
        found = _TEXT.fullmatch(" ".join(text.split()))
        if found is None:
            raise UsageError("the anchor is not one that [clearslate anchor] printed; copy the whole line")
        return cls(found[1], int(found[2]), found[3])

    def check(self, vault: str, lines: Iterable[Line]) -> None:
        """Raise VaultError unless the log has this entry, and so is not older than the anchor."""
        if vault != self.vault:
            raise VaultError("the anchor is of another vault; name the right one")
        count = 0
        for line in lines:
            count = line.number
            if line.number == self.entries and line.mac == self.mac:
                return
        raise VaultError(
            f"the vault is older than the anchor, or took another way: its log has [{count}] entries and not the "
            f"anchor's entry [{self.entries}]; an older copy was put in its place, find the newer one"
        )
