"""What this plugin gives clearslate: one reform, made of the package's tables and its own predicates."""

from __future__ import annotations

from collections.abc import Iterable

from clearslate.hookspecs import hookimpl
from clearslate.policy.reform import PolicyReform, Reform
from clearslate_ca_prop47.predicates import PROP47_PREDICATES
from clearslate_california.predicates import CALIFORNIA_PREDICATES
from clearslate_california.statutes import read_statute

CA_PROP47 = PolicyReform(
    "clearslate_ca_prop47",
    read_statute=read_statute,
    predicates=(*CALIFORNIA_PREDICATES, *PROP47_PREDICATES),
)
"""Proposition 47, as the statute gives it."""


@hookimpl
def clearslate_reforms() -> Iterable[Reform]:
    """Give Proposition 47."""
    return [CA_PROP47]
