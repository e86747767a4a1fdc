"""What this plugin gives clearslate: one reform, made of the package's tables and its own predicates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from clearslate.hookspecs import hookimpl
from clearslate.policy.reform import PolicyReform, Reform
from clearslate_il_cannabis.predicates import IL_CANNABIS_PREDICATES
from clearslate_illinois.predicates import ILLINOIS_PREDICATES
from clearslate_illinois.statutes import read_statute

if TYPE_CHECKING:
    from clearslate.filing.filing import Filing


def _filings() -> Iterable[Filing]:
    from clearslate_il_cannabis.filings import FILINGS

    return FILINGS


IL_CANNABIS = PolicyReform(
    "clearslate_il_cannabis",
    read_statute=read_statute,
    predicates=(*ILLINOIS_PREDICATES, *IL_CANNABIS_PREDICATES),
    filings=_filings,
)
"""The clearance of Illinois cannabis records, with every policy of the package."""


@hookimpl
def clearslate_reforms() -> Iterable[Reform]:
    """Give the clearance of Illinois cannabis records."""
    return [IL_CANNABIS]
