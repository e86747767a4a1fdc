"""Every promise of docs/vault.md names a test that is there, and every event of the audit log is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clearslate.vault.audit import Event

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "vault.md").read_text("utf-8")
PROMISES = re.findall(r"^\| (V[0-9]+) \| .* \| (.*) \|$", PAGE, re.MULTILINE)


def test_there_is_a_table_of_promises() -> None:
    assert [name for name, _ in PROMISES] == [f"V{number}" for number in range(1, len(PROMISES) + 1)]
    assert len(PROMISES) >= 19


@pytest.mark.parametrize(("promise", "shown_by"), PROMISES)
def test_a_promise_is_shown_by_tests_that_are_there(promise: str, shown_by: str) -> None:
    named = re.findall(r"`([^`]+)`", shown_by)
    assert named, promise
    for name in named:
        path = ROOT / name if name.startswith("tests/") else ROOT / "tests" / "vault" / name
        assert path.exists(), f"{promise}: {name}"


@pytest.mark.parametrize("event", Event)
def test_an_event_of_the_audit_log_is_explained(event: Event) -> None:
    page = (ROOT / "docs" / "working-with-a-vault.md").read_text("utf-8")
    assert f"`{event.value}`" in page
