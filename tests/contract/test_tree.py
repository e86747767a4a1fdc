"""What must hold of every file of the tree: the rules that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "core", ROOT / "cli", *sorted(ROOT.glob("plugins/*/src"))]
TESTS = [ROOT / "tests", *sorted(ROOT.glob("plugins/*/tests"))]
FOLDERS = [
    *SOURCES,
    *TESTS,
    ROOT / "docs",
    ROOT / "examples",
    ROOT / "benchmarks",
    ROOT / "tools",
    ROOT / "changelog.d",
]
MADE = {"__pycache__", "site", "dist", "build"}

# Spelt in pieces, so that this file does not hold what it forbids.
ELSEWHERE = re.compile(r"\.\./sha" + r"red\b|(?<![\w./~-])/(" + "|".join(("wor" + "k", "tm" + "p", "roo" + "t")) + ")/")

CLOCKS = {"now", "today", "utcnow"}
TIME_CLOCKS = {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime"}
THE_CLOCK = ROOT / "cli/clearslate_cli/clock.py"


def _modules(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*.py") if MADE.isdisjoint(path.parts))


def _texts() -> Iterator[tuple[Path, str]]:
    # A worktree's .git and the .venv that a tool leaves are files with a path of this machine, and no part of the tree.
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name not in {".git", ".venv"}]
    inner = [path for folder in FOLDERS for path in folder.rglob("*") if path.is_file()]
    for path in [*top, ROOT / ".ci/run", *inner]:
        if MADE.isdisjoint(path.parts) and path.suffix not in {".pyc", ".png", ".dat"}:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def _said(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_names_a_folder_that_a_stranger_does_not_have() -> None:
    found = [_said(path) for path, text in _texts() if ELSEWHERE.search(text)]
    assert found == []


def test_the_search_for_such_folders_finds_one() -> None:
    assert ELSEWHERE.search("see /tm" + "p/notes") is not None
    assert ELSEWHERE.search("see ../sha" + "red/notes") is not None
    assert ELSEWHERE.search("docs/tm" + "p/notes, tmp_path / 'x'") is None


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    longer = [_said(path) for path in _modules(FOLDERS) if len(path.read_text("utf-8").splitlines()) > 500]
    assert longer == []


def _clock_readings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            of_time = isinstance(node.value, ast.Name) and node.value.id == "time"
            if node.attr in CLOCKS or (of_time and node.attr in TIME_CLOCKS):
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in TIME_CLOCKS)


def test_only_the_command_line_reads_a_clock() -> None:
    found = {
        f"{_said(path)}:{line}"
        for path in _modules(SOURCES)
        if path != THE_CLOCK
        for line in _clock_readings(ast.parse(path.read_text("utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    "code", ["time.time()", "clock = time.time_ns", "dt.date.today()", "datetime.now(tz)", "from time import time"]
)
def test_the_search_for_clocks_finds_one(code: str) -> None:
    assert list(_clock_readings(ast.parse(code)))


def _left_out(tree: ast.AST) -> Iterator[int]:
    names = {"skip", "skipif", "skipunless", "xfail", "importorskip", "skiptest", "expectedfailure"}
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name.lower() in names:
            yield getattr(node, "lineno", 0)


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    found = [
        f"{_said(path)}:{line}" for path in _modules(TESTS) for line in _left_out(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def test_every_source_package_says_that_it_is_typed() -> None:
    packages = [package for root in SOURCES for package in root.iterdir() if (package / "__init__.py").exists()]
    assert packages
    assert [_said(package) for package in packages if not (package / "py.typed").exists()] == []


def test_fragments_of_the_change_log_are_named_by_issue_and_part() -> None:
    names = [path.name for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert [name for name in names if re.fullmatch(r"[0-9]+\.[a-z0-9_]+\.md", name) is None] == []
