"""What this plugin gives clearslate: one reform, made of the package's tables and its own predicates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from clearslate.hookspecs import hookimpl
from clearslate.policy.reform import PolicyReform, Reform
from clearslate_ca_prop47.predicates import PROP47_PREDICATES
from clearslate_california.predicates import CALIFORNIA_PREDICATES
from clearslate_california.statutes import read_statute

if TYPE_CHECKING:
    from clearslate.filing.filing import Filing


def _filings() -> Iterable[Filing]:
    from clearslate_ca_prop47.filings import FILINGS

    return FILINGS


CA_PROP47 = PolicyReform(
    "clearslate_ca_prop47",
    read_statute=read_statute,
    predicates=(*CALIFORNIA_PREDICATES, *PROP47_PREDICATES),
    filings=_filings,
)
"""Proposition 47, as the statute gives it."""


@hookimpl
def clearslate_reforms() -> Iterable[Reform]:
    """Give Proposition 47."""
    return [CA_PROP47]
