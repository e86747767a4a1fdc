"""Every hook and key stands on the pages of reference, and in the files that a developer starts from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from clearslate import hookspecs
from clearslate.ingest.reader import RecordReader
from clearslate.output.writer import Writer
from clearslate.policy import schema
from clearslate.policy.reform import Reform
from clearslate.testing import cases
from clearslate.testing.scaffold import Names, project

DOCS = Path(__file__).resolve().parents[2] / "docs"
HOOKS = [name for name in vars(hookspecs) if name.startswith("clearslate_")]
MODELS = [
    model
    for module in (schema, cases)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__
]
WRITTEN = {model for model in MODELS if model is not schema.Entry}
NEW = project("reform", Names("zz_bells", ("zz_records",)))


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def tables(page: str) -> list[set[str]]:
    """The keys of each table of the page of keys."""
    return [
        set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) for part in re.split(r"^##", page, flags=re.MULTILINE)
    ]


def members(kind: Any) -> Iterator[str]:
    yield from (name for name in vars(kind) if not name.startswith("_"))


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_has_its_section(hook: str) -> None:
    assert f"\n## `{hook}`\n" in page("reference/hooks.md")


@pytest.mark.parametrize("kind", [Reform, RecordReader, Writer], ids=["Reform", "RecordReader", "Writer"])
def test_what_a_hook_gives_is_described_member_by_member(kind: Any) -> None:
    _, found, rest = page("reference/hooks.md").partition(f"\n### `{kind.__name__}`\n")
    assert found
    section = rest.split("\n##")[0]
    assert [name for name in members(kind) if f"| `{name}" not in section] == []


@pytest.mark.parametrize("model", sorted(WRITTEN, key=lambda m: m.__name__), ids=lambda model: model.__name__)
def test_every_key_of_a_table_stands_together_on_the_page_of_keys(model: type[BaseModel]) -> None:
    assert set(keys(model)) in tables(page("reference/schema.md"))


def test_no_key_is_left_without_words() -> None:
    rows = re.findall(r"^\| `\w+` \|.*\| (.*) \|$", page("reference/schema.md"), re.MULTILINE)
    assert rows
    assert all(words.strip() for words in rows)


OF_REFORM = [schema.ReformFile, schema.ReliefEntry, schema.FactEntry, schema.FlagEntry, schema.GroundEntry]
OF_POLICY = [
    schema.PolicyFile,
    schema.ParameterEntry,
    schema.ScopeEntry,
    schema.FlagEntry,
    schema.RuleEntry,
    schema.RouteEntry,
]


@pytest.mark.parametrize(
    ("file", "model"),
    [("reform.toml", model) for model in OF_REFORM] + [("policies/statute.toml", model) for model in OF_POLICY],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_every_key_stands_in_the_file_that_a_developer_starts_from(file: str, model: type[BaseModel]) -> None:
    text = NEW[f"src/clearslate_zz_bells/{file}"]
    assert [key for key in keys(model) if not re.search(rf"(\b|\[){key}(\b|\])", text)] == []


def test_every_section_of_that_file_is_explained_in_a_comment() -> None:
    for name, sections in (
        ("reform.toml", ["RELIEFS", "FACTS", "FLAGS", "RULES"]),
        ("policies/statute.toml", ["PARAMETERS", "SCOPE", "FLAGS", "RULES", "ROUTES"]),
    ):
        comments = [line for line in NEW[f"src/clearslate_zz_bells/{name}"].splitlines() if line.startswith("# ")]
        assert [section for section in sections if not any(line.startswith(f"# {section}") for line in comments)] == []
