"""One distribution of several source roots, and each plugin a project of its own, that agree."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from clearslate import __version__

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HATCH = PYPROJECT["tool"]["hatch"]["build"]
PACKAGES = [Path(package) for package in HATCH["targets"]["wheel"]["packages"]]
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "src").is_dir())
SOURCE_ROOTS = ["core", "cli", *(f"plugins/{name}/src" for name in PLUGINS)]


def _plugin(name: str) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "plugins" / name / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def test_the_distribution_holds_every_source_root() -> None:
    assert sorted(HATCH["dev-mode-dirs"]) == sorted(SOURCE_ROOTS)
    assert sorted(package.parent.as_posix() for package in PACKAGES) == sorted(SOURCE_ROOTS)
    assert sorted(PYPROJECT["tool"]["mypy"]["mypy_path"]) == sorted(SOURCE_ROOTS)


def test_the_layers_are_checked_for_every_package() -> None:
    assert PYPROJECT["tool"]["importlinter"]["root_packages"] == [package.name for package in PACKAGES]


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_is_a_project_named_for_its_package(name: str) -> None:
    project = _plugin(name)
    assert project["name"] == f"clearslate-{name.replace('_', '-')}"
    assert project["version"] == __version__
    assert project["requires-python"] == PYPROJECT["project"]["requires-python"]
    assert any(re.match(r"clearslate\b(?!-)", dependency) for dependency in project["dependencies"])
    assert (ROOT / "plugins" / name / project["readme"]).stat().st_size > 0
    assert any((ROOT / "plugins" / name / "tests").rglob("test_*.py"))


def test_the_bundled_plugins_use_the_entry_points_of_their_own_projects() -> None:
    bundled = PYPROJECT["project"]["entry-points"]["clearslate"]
    own = {key: value for name in PLUGINS for key, value in _plugin(name)["entry-points"]["clearslate"].items()}
    assert bundled == own


def test_what_a_plugin_needs_the_distribution_needs_too() -> None:
    def names(dependencies: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9_.-]", dependency)[0].lower() for dependency in dependencies}

    needed = {dependency for name in PLUGINS for dependency in names(_plugin(name)["dependencies"])}
    ours = {f"clearslate-{name.replace('_', '-')}" for name in PLUGINS} | {"clearslate"}
    assert needed - ours <= names(PYPROJECT["project"]["dependencies"])
