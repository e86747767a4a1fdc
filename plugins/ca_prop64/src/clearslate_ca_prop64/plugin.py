"""What this plugin gives clearslate: one reform, made of the package's tables and its own predicates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from clearslate.hookspecs import hookimpl
from clearslate.policy.reform import PolicyReform, Reform
from clearslate_ca_prop64.predicates import PROP64_PREDICATES
from clearslate_california.predicates import CALIFORNIA_PREDICATES
from clearslate_california.statutes import read_statute

if TYPE_CHECKING:
    from clearslate.filing.filing import Filing


def _filings() -> Iterable[Filing]:
    from clearslate_ca_prop64.filings import FILINGS

    return FILINGS


CA_PROP64 = PolicyReform(
    "clearslate_ca_prop64",
    read_statute=read_statute,
    predicates=(*CALIFORNIA_PREDICATES, *PROP64_PREDICATES),
    filings=_filings,
)
"""Proposition 64, with every policy of the package."""


@hookimpl
def clearslate_reforms() -> Iterable[Reform]:
    """Give Proposition 64."""
    return [CA_PROP64]
