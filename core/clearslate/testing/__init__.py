"""The public kit for plugin authors: law cases, factories, strategies and the conformance suite.

Generated records (``check_reform``, ``clearslate.testing.strategies``) need the extra ``testing``;
law cases and factories do not.
"""

from clearslate.testing.cases import LawCase, check_case, load_cases, run_case
from clearslate.testing.conformance import check_reform
from clearslate.testing.factories import make_count, make_cycle, make_event, make_matter, make_person, make_statute

__all__ = [
    "LawCase",
    "check_case",
    "check_reform",
    "load_cases",
    "make_count",
    "make_cycle",
    "make_event",
    "make_matter",
    "make_person",
    "make_statute",
    "run_case",
]
