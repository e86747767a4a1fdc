"""The pages that are made from the code are what the code makes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "generate.py"


def test_the_generated_pages_have_not_drifted() -> None:
    spec = importlib.util.spec_from_file_location("clearslate_docs_generate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    assert generate.drifted(generate.pages()) == []
