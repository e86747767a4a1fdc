"""The commands that the README gives are the ones that are run."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CI = (ROOT / ".ci/run").read_text("utf-8")


def _commands() -> list[str]:
    """The one-line blocks of the section of the two commands."""
    section = README.split("## Two commands")[1].split("\n## ")[0]
    return re.findall(r"^```\n(.+)\n```$", section, re.MULTILINE)


def test_the_readme_gives_two_commands_of_one_line_each() -> None:
    install_and_run, test = _commands()
    assert install_and_run.startswith("python -m pip install . && clearslate run --reform ca_prop64 ")
    assert "tox" in test


def test_continuous_integration_runs_the_very_test_command_of_the_readme() -> None:
    _, test = _commands()
    assert [line.strip() for line in CI.splitlines()].count(test) == 1


def test_the_script_of_continuous_integration_can_be_executed() -> None:
    assert CI.startswith("#!/usr/bin/env bash\n")
    assert os.name == "nt" or os.access(ROOT / ".ci/run", os.X_OK)


def test_the_sample_of_the_first_command_is_in_the_tree() -> None:
    install_and_run, _ = _commands()
    sample = re.search(r"--input (\S+)", install_and_run)
    assert sample is not None
    assert (ROOT / sample[1]).stat().st_size > 0


def test_every_file_that_the_readme_points_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_plain_tox_runs_every_check_and_the_tests_last() -> None:
    tox = (ROOT / "tox.ini").read_text("utf-8")
    listed = re.search(r"^env_list = (.+)$", tox, re.MULTILINE)
    assert listed is not None
    environments = listed[1].split(", ")
    assert environments[-1] == "tests"
    assert set(environments) == {"lint", "types", "layers", "docs", "pkg", "template", "tests"}
    assert set(re.findall(r"^\[testenv:(\w+)\]$", tox, re.MULTILINE)) == {*environments, "regenerate", "faults"}


def test_ci_runs_the_command_of_the_readme_and_then_the_long_sweeps() -> None:
    assert CI.index("python -m pip install tox && python -m tox\n") < CI.index("python -m tox -e faults")


def test_python_of_the_readme_is_python_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Python {project['requires-python'].removeprefix('>=')} or newer" in README
