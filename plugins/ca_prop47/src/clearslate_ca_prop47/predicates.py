"""Every question that only Proposition 47 asks."""

from __future__ import annotations

from clearslate.policy.predicate import Predicate
from clearslate_ca_prop47.answers import ANSWER_PREDICATES
from clearslate_ca_prop47.days import DAY_PREDICATES
from clearslate_ca_prop47.priors import PRIOR_PREDICATES
from clearslate_ca_prop47.sections import SECTION_PREDICATES

PROP47_PREDICATES: tuple[type[Predicate], ...] = (
    *ANSWER_PREDICATES,
    *DAY_PREDICATES,
    *PRIOR_PREDICATES,
    *SECTION_PREDICATES,
)
"""The predicates that this plugin adds to the core's."""
