from __future__ import annotations

from types import SimpleNamespace

import pytest

from clearslate import registry
from clearslate.testing.oz import OZ


@pytest.fixture
def oz(monkeypatch: pytest.MonkeyPatch) -> registry.Registry:
    """An installation that has Oz's reform and a reader of its rolls, and nothing else."""
    supplier = registry.Supplier("clearslate-oz", "1.0")
    reader = SimpleNamespace(id="oz_rolls", title="Rolls of Oz", columns=("A", "B"), condensed=("A",), cells={})
    known = registry.Registry(
        {OZ.about.id: registry.Supplied(OZ, supplier)},
        {"oz_rolls": registry.Supplied(reader, supplier)},  # type: ignore[dict-item]
        {},
    )
    monkeypatch.setattr(registry, "load", lambda: known)
    return known
