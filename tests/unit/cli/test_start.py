from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any

import pytest
import typer

from clearslate_cli.main import LightCommand

HEAVY = [
    "clearslate.registry",
    "clearslate_california",
    "clearslate_ca_prop64",
    "cryptography",
    "filelock",
    "importlib.metadata",
    "keyring",
    "msgspec",
    "numpy",
    "pluggy",
    "pyarrow",
    "pydantic",
    "pydantic_core",
    "pydantic_settings",
    "pyrage",
    "rich",
    "sqlite3",
    "sqlite_utils",
]
"""What takes long to load; a command that needs one of these imports it itself."""

START = """
import json, sys
before = set(sys.modules)
from clearslate_cli.main import LightCommand, app, main
"""


def loaded(script: str = "") -> list[str]:
    """The heavy modules that the command line, and then the script, load in a process of its own."""
    end = f"\nprint(json.dumps([name for name in {HEAVY!r} if name in set(sys.modules) - before]))"
    done = subprocess.run(
        [sys.executable, "-c", f"{START}{script}{end}"], capture_output=True, encoding="utf-8", check=True
    )
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_command_line_loads_nothing_that_only_a_command_needs() -> None:
    assert loaded() == []


def test_a_check_for_what_was_loaded_would_find_it() -> None:
    assert loaded("import pluggy, rich") == ["pluggy", "rich"]


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], [], ["run", "--help"], ["policies", "--help"], ["rum"], ["--versoin"]]
)
def test_what_needs_no_plugin_answers_without_loading_any(arguments: list[str]) -> None:
    assert loaded(f"main({arguments!r})") == []


def test_a_light_command_reads_text_without_pydantic() -> None:
    script = """
from typing import Annotated
import typer
def look(
    what: list[str],
    key: Annotated[str, typer.Option()],
    county: Annotated[str | None, typer.Option()] = None,
    more: Annotated[list[str] | None, typer.Option()] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    assert (what, key, county, more, as_json) == (["Zyß", "b"], "k", None, ["x", "y"], True)
app.command("look", cls=LightCommand)(look)
"""
    asked = ["look", "Zyß", "b", "--key", "k", "--more", "x", "--more", "y", "--json"]
    assert loaded(f"{script}assert main({asked!r}) == 0") == []


def shout(value: str | None) -> str | None:
    return None if value is None else value.upper()


def several(
    name: str,
    rest: Annotated[list[str] | None, typer.Argument()] = None,
    county: Annotated[str | None, typer.Option(callback=shout)] = None,
    key: Annotated[str, typer.Option()] = "k",
    each: Annotated[list[str] | None, typer.Option()] = None,
    row: Annotated[int | None, typer.Option()] = None,
    rows: Annotated[list[int] | None, typer.Option()] = None,
    made: Annotated[str | None, typer.Option(parser=lambda text: f"<{text}>")] = None,
    strict: Annotated[bool | None, typer.Option("--strict/--no-strict")] = None,
) -> dict[str, Any]:
    return dict(locals())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x"],
        [""],
        ["x", "y", "z"],
        ["\udcff"],
        ["x", "a\udcff"],
        ["x", "--county", "Lake"],
        ["x", "--county", ""],
        ["x", "--county", "\udcff"],
        ["x", "--key", "\u00df\t\x1b"],
        ["x", "--each", "a", "--each", "b"],
        ["x", "--row", "5"],
        ["x", "--row", "five"],
        ["x", "--rows", "1", "--rows", "2"],
        ["x", "--made", "y"],
        ["x", "--strict"],
        ["x", "--no-strict"],
        ["x", "--rwo", "5"],
    ],
)
def test_a_light_command_takes_and_refuses_what_any_command_does(arguments: list[str]) -> None:
    assert answer(LightCommand, arguments) == answer(None, arguments)


def answer(kind: type[LightCommand] | None, arguments: list[str]) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command("several", cls=kind)(several)
    try:
        return typer.main.get_command(app).main(arguments, standalone_mode=False)
    except Exception as error:
        return type(error), str(error)
