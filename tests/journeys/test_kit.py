"""A developer who has never seen the project adds a reform: from the command and the guide, in a fresh environment."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("tutorial", ROOT / "tools" / "tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["tutorial"] = module
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


class Fresh:
    """A virtual environment of its own, in which clearslate is installed and nothing of any plugin's."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "env", with_pip=False)
        scripts = "Scripts" if os.name == "nt" else "bin"
        self.python = str(folder / "env" / scripts / ("python.exe" if os.name == "nt" else "python"))
        own = subprocess.run(
            [self.python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        # What clearslate needs stands in the environment of these tests; the plugins go into the fresh one.
        outer = json.dumps(sysconfig.get_paths()["purelib"])
        Path(own, "outer.pth").write_text(f"import site; site.addsitedir({outer})\n", encoding="utf-8")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "COVERAGE"))
        }
        self.environment = kept | {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # In pip's own spelling this turns the isolation off.
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
        }

    def run(self, words: Sequence[str], here: Path) -> Any:
        """Run a command of a page."""
        return TOOL.command(words, here, python=self.python, environment=self.environment)

    def told(self, line: str, here: Path) -> str:
        """What a command that must succeed prints."""
        done = self.run(line.split(), here)
        assert done.code == 0, done.out
        return str(done.out)


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    (tmp_path / "fresh").mkdir()
    return Fresh(tmp_path / "fresh")


@pytest.mark.long
def test_a_reform_of_another_state_is_built_by_the_steps_of_the_tutorial_alone(fresh: Fresh, tmp_path: Path) -> None:
    folder = tmp_path / "winkie"
    folder.mkdir()
    for page in ("tutorial.md", "how-we-read-an-amendment.md"):
        assert TOOL.follow(ROOT / "docs" / page, folder, fresh.run) == []
    manifest = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    assert manifest["reform"]["id"] == "wk_lanterns"
    assert "clearslate-wk-lanterns" in json.dumps(manifest)
    said = (folder / "out2" / "determinations.csv").read_text("utf-8")
    assert "little_oil" in said


@pytest.mark.long
def test_a_new_project_installs_registers_passes_its_tests_and_keeps_every_promise(
    fresh: Fresh, tmp_path: Path
) -> None:
    assert "zz_bells" not in fresh.told("clearslate reforms", tmp_path)
    fresh.told("clearslate new reader zz_records", tmp_path)
    fresh.told("clearslate new reform zz_bells", tmp_path)
    fresh.told("python -m pip install --quiet ./clearslate-zz-records ./clearslate-zz-bells", tmp_path)
    assert "zz_bells" in fresh.told("clearslate reforms", tmp_path)
    assert "zz_records" in fresh.told("clearslate formats", tmp_path)
    reader, reform = tmp_path / "clearslate-zz-records", tmp_path / "clearslate-zz-bells"
    for project in (reader, reform):
        assert " passed" in fresh.told("python -m pytest --quiet -p no:cacheprovider", project)
    said = fresh.told("clearslate check reform zz_bells --examples 5", reform)
    assert "EVERY PROMISE IS KEPT" in said
    assert "Places marked TODO(lawyer): 13" in said
    assert "Places marked TODO(developer): " in said
    told = json.loads(fresh.told("clearslate check reader zz_records --json --input sample/records.csv", reader))
    assert told["kept"]
    assert told["tried"]["decided_by"] == ["zz_bells"]
    assert told["tried"]["cells_blanked"] > 100


# Plugins that are broken ------------------------------------------------------------------------------

GIVES_OZ = """
from clearslate.hookspecs import hookimpl
from clearslate.testing.oz import OZ


@hookimpl
def clearslate_reforms():
    return [OZ]
"""
MISSPELLED = GIVES_OZ.replace("def clearslate_reforms", "def clearslate_reform")
UNMARKED = GIVES_OZ.replace("@hookimpl\n", "")

Install = Callable[..., dict[str, str]]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Install a small plugin, as pip would: a module, and what says whose it is. Give the environment to run in."""
    site = tmp_path / "site"

    def installed(distribution: str, text: str, *, version: str = "1.0", entry: str | None = None) -> dict[str, str]:
        site.mkdir(exist_ok=True)
        module = distribution.replace("-", "_")
        (site / f"{module}.py").write_text(text, encoding="utf-8")
        info = site / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[clearslate]\n{entry or module} = {module}\n", encoding="utf-8")
        return {"PYTHONPATH": str(site)}

    return installed


COMMANDS = (
    ("reforms",),
    ("run", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--input", "county.dat", "--output", "out"),
)


def stopped(office: Any, doj: Any, error_of: Any, environment: dict[str, str]) -> str:
    """What a command says with that plugin installed, whether it decides or not: one line, exit code 5, no output."""
    office.write("county.dat", doj.conviction("111"))
    said = set()
    for arguments in COMMANDS:
        done = office.command(*arguments, environment=environment)
        assert (done.code, done.out) == (5, ""), done
        said.add(error_of(done))
    assert not (office.folder / "out").exists()
    (one,) = said
    return str(one)


def test_a_small_plugin_that_is_sound_is_listed(office: Any, install: Install) -> None:
    done = office.command("reforms", environment=install("clearslate-zz-oz", GIVES_OZ))
    assert (done.code, done.err) == (0, "")
    assert "clearslate-zz-oz 1.0" in done.out


def test_two_plugins_with_one_id_stop_every_command(office: Any, doj: Any, error_of: Any, install: Install) -> None:
    install("clearslate-zz-one", GIVES_OZ)
    said = stopped(office, doj, error_of, install("clearslate-zz-two", GIVES_OZ, version="2.0"))
    assert said == (
        "reform [oz_moonshine] is supplied by both [clearslate-zz-one 1.0] and [clearslate-zz-two 2.0]; "
        "uninstall one of them"
    )


def test_two_plugins_with_one_name_stop_every_command(office: Any, doj: Any, error_of: Any, install: Install) -> None:
    install("clearslate-zz-one", GIVES_OZ, entry="oz")
    said = stopped(office, doj, error_of, install("clearslate-zz-two", "", entry="oz"))
    assert said == (
        "plugin name [oz] is taken by both [clearslate-zz-one 1.0] and [clearslate-zz-two 1.0]; uninstall one of them"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "import no_such_module_of_oz",
            "does not load (ModuleNotFoundError); reinstall or uninstall [clearslate-zz-oz]",
        ),
        ("def broken(:", "does not load (SyntaxError); reinstall or uninstall [clearslate-zz-oz]"),
        ("raise SystemExit(0)", "does not load (SystemExit); reinstall or uninstall [clearslate-zz-oz]"),
        (MISSPELLED, "there is no hook [clearslate_reform]; did you mean [clearslate_reforms]?"),
        (UNMARKED, "function [clearslate_reforms] is not marked as a hook; put @hookimpl before it"),
        ("x = 1", "implements no hook; it needs one of clearslate_reforms, clearslate_readers, clearslate_writers"),
    ],
    ids=["missing module", "no Python", "exits", "misspelled hook", "unmarked hook", "no hook"],
)
def test_a_plugin_that_is_broken_stops_every_command(
    office: Any, doj: Any, error_of: Any, install: Install, text: str, words: str
) -> None:
    said = stopped(office, doj, error_of, install("clearslate-zz-oz", text))
    assert said.startswith("plugin [clearslate_zz_oz] of [clearslate-zz-oz 1.0]")
    assert words in said
