from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import pytest

from clearslate_cli.progress import PATIENCE, Bar, bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_there_is_no_bar_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with bar() as told:
        assert told is None


def test_there_is_no_bar_without_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with bar() as told:
        assert told is None


def test_there_is_no_bar_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with bar(wanted=False) as told:
        assert told is None


def test_a_quick_job_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = Bar(clock=lambda: 0.0)
    shown.step("read", 1, 2)
    shown.stop()
    assert not shown.shown
    assert terminal.getvalue() == ""


def test_a_long_job_shows_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    times: Iterator[float] = iter([0.0, PATIENCE / 2, PATIENCE * 2])
    shown = Bar(clock=lambda: next(times))
    shown.step("read", 1, 4)
    assert not shown.shown
    shown.step("read", 2, 4)
    assert shown.shown
    shown.step("decide", 1, 4)
    shown.stop()
    assert "Reading" in terminal.getvalue()
    assert "Deciding" in terminal.getvalue()
