"""Every bundled reform keeps every promise on many generated records: the long form of each plugin's own test."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearslate.registry import load
from clearslate.testing.conformance import check_reform

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
REFORMS = load().reforms


@pytest.mark.long
@pytest.mark.parametrize("id", REFORMS)
def test_a_bundled_reform_keeps_every_promise_on_many_records(id: str) -> None:
    check_reform(REFORMS[id], PLUGINS / id / "tests" / "cases", examples=20)
