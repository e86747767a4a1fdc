"""Every hook, command, error, predicate, key and output is documented."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from clearslate import errors, hookspecs
from clearslate.assess import answers, put
from clearslate.errors import ClearslateError
from clearslate.output import routes
from clearslate.policy.core_predicates import CORE_PREDICATES
from clearslate.policy.predicate import Predicate
from clearslate.policy.schema import (
    FlagEntry,
    GroundEntry,
    ParameterEntry,
    PolicyFile,
    ReformFile,
    ReliefEntry,
    RuleEntry,
)
from clearslate.registry import load
from clearslate_cli.exits import exit_codes
from clearslate_cli.main import app, main
from clearslate_cli.settings import RunTable

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

ERRORS = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, ClearslateError)]
HOOKS = [name for name in vars(hookspecs) if name.startswith("clearslate_")]
REFORMS = load().reforms


def _page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{path} {name}")


COMMANDS = dict(_commands(typer.main.get_command(app), "clearslate"))


def _predicates() -> list[type[Predicate]]:
    own = {p for reform in REFORMS.values() for p in getattr(reform, "predicates", {}).values()}
    return sorted({*CORE_PREDICATES, *own}, key=lambda p: p.name)


def test_every_error_has_an_exit_code_of_its_own() -> None:
    codes = [error.exit_code for error in ERRORS]
    assert len(codes) == len(set(codes))
    assert all(1 < code < 126 for code in codes)


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: e.__name__)
def test_an_error_stands_on_the_page_of_exit_codes(error: type[ClearslateError]) -> None:
    assert f"| {error.exit_code} | `{error.__name__}` |" in _page("exit-codes.md")


def test_the_page_of_exit_codes_has_every_code_and_no_other() -> None:
    listed = [int(code) for code in re.findall(r"^\| ([0-9]+) \|", _page("exit-codes.md"), re.MULTILINE)]
    assert listed == sorted(exit_codes())


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_has_its_section_and_its_help(path: str) -> None:
    page = _page("command-line.md")
    assert f"\n## `{path}`\n" in page
    assert COMMANDS[path].help
    for parameter in COMMANDS[path].params:
        if parameter.param_type_name == "option":
            assert all(f"{name}" in page for name in parameter.opts)
            assert parameter.help, parameter.name


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_stands_in_the_plugin_guide(hook: str) -> None:
    assert f"| `{hook}` |" in _page("plugins.md")


@pytest.mark.parametrize("predicate", _predicates(), ids=lambda p: p.name)
def test_a_predicate_has_its_section_with_every_argument(predicate: type[Predicate]) -> None:
    _, found, rest = _page("predicates.md").partition(f"\n### `{predicate.name}`\n")
    assert found
    section = rest.split("\n##")[0]
    assert all(f"`{field}`" in section for field in predicate.model_fields)
    assert predicate.__doc__


@pytest.mark.parametrize("predicate", _predicates(), ids=lambda p: p.name)
def test_a_predicate_stands_in_a_test(predicate: type[Predicate]) -> None:
    named = re.compile(rf"\b({predicate.name}|{predicate.__name__})\b")
    tests = [*(ROOT / "tests").rglob("*"), *(ROOT / "plugins").glob("*/tests/**/*")]
    assert any(
        named.search(path.read_text("utf-8"))
        for path in tests
        if path.suffix in {".py", ".toml"} and path.parent != Path(__file__).parent
    )


@pytest.mark.parametrize(
    ("model", "page"),
    [
        (PolicyFile, "policy-files.md"),
        (ParameterEntry, "policy-files.md"),
        (GroundEntry, "policy-files.md"),
        (RuleEntry, "policy-files.md"),
        (FlagEntry, "policy-files.md"),
        (ReformFile, "plugins.md"),
        (ReliefEntry, "plugins.md"),
        (RunTable, "quick-start.md"),
    ],
)
def test_a_key_of_a_file_that_people_write_is_documented(model: type[BaseModel], page: str) -> None:
    text = _page(page)
    keys = [field.alias or name for name, field in model.model_fields.items()]
    assert [key for key in keys if not re.search(rf"`\[*{key}[`.\]]", text)] == []


@pytest.mark.parametrize("id", REFORMS)
def test_every_policy_has_its_page(id: str) -> None:
    assert {path.stem for path in (DOCS / "policies" / id).glob("*.md")} == set(REFORMS[id].policies())


def test_every_page_is_in_the_table_of_contents_or_listed_by_one_that_is() -> None:
    contents = (ROOT / "mkdocs.yml").read_text("utf-8")
    listed = _page("policies/index.md")
    for path in DOCS.rglob("*.md"):
        name = path.relative_to(DOCS).as_posix()
        assert f": {name}\n" in contents or f"({name.removeprefix('policies/')})" in listed


def test_every_flag_of_the_sample_is_documented(tmp_path: Path) -> None:
    sample = str(ROOT / "examples" / "ca_doj_sample.dat")
    arguments = ["run", "--reform", "ca_prop64", "--as-of", "2026-11-01", "--quiet", "--input", sample]
    assert main([*arguments, "--output", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "determinations.csv").open(encoding="utf-8", newline="") as file:
        flags = {flag for row in csv.DictReader(file) for flag in row["flags"].split("; ") if flag}
    documented = _page("ca_doj.md") + _page("policies/ca_prop64/statute.md")
    assert flags
    assert {flag for flag in flags if f"`{flag}`" not in documented} == set()


def test_every_output_file_and_column_is_documented(tmp_path: Path) -> None:
    sample = str(ROOT / "examples" / "ca_doj_sample.dat")
    arguments = ["run", "--reform", "ca_prop64", "--as-of", "2026-11-01", "--quiet", "--input", sample]
    assert main([*arguments, "--output", str(tmp_path / "out")]) == 0
    page = _page("outputs.md")
    assert {file.name for file in (tmp_path / "out").iterdir()} == set(
        re.findall(r"^\| `(\S+)` \|", page, re.MULTILINE)[:7]
    )
    with (tmp_path / "out" / "determinations.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    assert [column for column in columns if f"`{column}`" not in page] == []


def test_the_files_that_only_some_runs_write_are_documented_with_their_columns() -> None:
    page = _page("outputs.md")
    assert set(re.findall(r"^\| `(\S+)` \|", page, re.MULTILINE)[7:9]) == {routes.FILE, put.FILE}
    for name, columns in ((routes.FILE, routes.COLUMNS), (put.FILE, put.WRITTEN)):
        section = "".join(page.split(f"## `{name}`")[1].split("\n## ")[0].split())
        assert all(column in section for column in columns), name


def test_the_columns_of_the_table_of_answers_are_documented() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", _page("facts.md"), re.MULTILINE)) == set(answers.COLUMNS)
