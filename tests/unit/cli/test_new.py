from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from clearslate.registry import Registry
from clearslate.testing import scaffold
from clearslate.testing.scaffold import Names, name_problem, project
from clearslate_cli.main import main

pytestmark = pytest.mark.usefixtures("oz")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["new", *arguments])
    written = capsys.readouterr()
    assert written.out == ""
    assert len(written.err.splitlines()) == 1
    return code, written.err


def test_a_reform_is_a_project_named_for_it_in_every_spelling(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "reform", "wk_lanterns"]) == 0
    folder = here / "clearslate-wk-lanterns"
    made = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    assert made["project"]["name"] == "clearslate-wk-lanterns"
    assert made["project"]["entry-points"]["clearslate"] == {"wk_lanterns": "clearslate_wk_lanterns.plugin"}
    about = tomllib.loads((folder / "src/clearslate_wk_lanterns/reform.toml").read_text("utf-8"))
    assert (about["id"], about["readers"]) == ("wk_lanterns", ["wk_records"])
    written = capsys.readouterr()
    assert "clearslate new reader wk_records writes one" in written.err
    assert "clearslate check reform wk_lanterns" in written.out
    assert max(len(line) for line in written.out.splitlines()) <= 80


def test_a_project_has_all_that_a_repository_of_its_own_needs(here: Path) -> None:
    assert main(["new", "reform", "wk_lanterns"]) == 0
    files = {path.relative_to(here / "clearslate-wk-lanterns").as_posix() for path in here.rglob("*") if path.is_file()}
    assert files >= {
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        ".gitignore",
        ".github/workflows/tests.yml",
        "src/clearslate_wk_lanterns/py.typed",
        "src/clearslate_wk_lanterns/policies/statute.toml",
        "tests/cases/statute.toml",
        "tests/test_conformance.py",
    }


def test_the_installed_reader_of_the_jurisdiction_is_named_with_its_distribution(here: Path) -> None:
    assert main(["new", "reform", "oz_lanterns"]) == 0
    made = here / "clearslate-oz-lanterns"
    assert 'readers = ["oz_rolls"]' in (made / "src/clearslate_oz_lanterns/reform.toml").read_text("utf-8")
    project_table = tomllib.loads((made / "pyproject.toml").read_text("utf-8"))["project"]
    assert project_table["dependencies"] == ["clearslate", "clearslate-oz"]


def test_readers_that_are_named_are_taken_as_they_are(here: Path) -> None:
    assert main(["new", "reform", "wk_lanterns", "--reader", "oz_rolls", "--reader", "wk_rolls"]) == 0
    about = (here / "clearslate-wk-lanterns/src/clearslate_wk_lanterns/reform.toml").read_text("utf-8")
    assert 'readers = ["oz_rolls", "wk_rolls"]' in about


def test_the_files_are_told_to_a_machine(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "reader", "wk_rolls", "--output", "mine", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == "mine"
    assert sorted(told["files"]) == sorted(
        path.relative_to(here / "mine").as_posix() for path in (here / "mine").rglob("*") if path.is_file()
    )


@pytest.mark.parametrize(
    "name",
    [
        "Wk_lanterns",
        "lanterns",
        "wk-lanterns",
        "wk_",
        "_wk",
        "w_lanterns",
        "wk__lanterns",
        "1k_x",
        f"wk_{'x' * 40}",
        "é_x",
    ],
)
def test_a_name_that_will_not_do_is_refused(here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, said = refused(capsys, "reform", name)
    assert code == 2
    assert f"[{name}]" in said
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("reform", "oz_moonshine", "an installed reform"),
        ("reader", "oz_moonshine", "an installed reform"),
        ("reader", "oz_rolls", "an installed reader"),
        ("reform", "ca_prop64", "an installed plugin"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_name_that_is_taken_is_refused(capsys: pytest.CaptureFixture[str], kind: str, name: str, words: str) -> None:
    code, said = refused(capsys, kind, name)
    assert code == 2
    assert f"[{name}] is taken by {words}" in said


@pytest.mark.usefixtures("here")
def test_a_package_of_the_name_is_not_written_over(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clearslate_wk_lanterns").mkdir()
    (tmp_path / "clearslate_wk_lanterns" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    code, said = refused(capsys, "reform", "wk_lanterns")
    assert code == 2
    assert "a package [clearslate_wk_lanterns] already" in said


def test_a_folder_that_is_there_is_left_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "clearslate-wk-lanterns").mkdir()
    code, said = refused(capsys, "reform", "wk_lanterns")
    assert code == 6
    assert "[clearslate-wk-lanterns] is there already" in said
    assert list((here / "clearslate-wk-lanterns").iterdir()) == []


@pytest.mark.usefixtures("here")
def test_a_folder_in_one_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = refused(capsys, "reader", "wk_rolls", "--output", "no/where")
    assert code == 6
    assert "[no]" in said


def test_a_full_disk_leaves_nothing_behind(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(files: object, folder: Path) -> None:
        (folder / "half").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scaffold, "write", full)
    code, said = refused(capsys, "reader", "wk_rolls")
    assert code == 6
    assert "no space left on device" in said
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_a_reader_of_an_odd_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = refused(capsys, "reform", "wk_lanterns", "--reader", 'x"]')
    assert code == 2
    assert "--reader" in said


def test_the_group_alone_shows_its_help(capsys: pytest.CaptureFixture[str], oz: Registry) -> None:
    assert oz.reforms
    assert main(["new"]) == 2
    assert "reform" in capsys.readouterr().out


def test_a_python_word_is_no_name() -> None:
    assert name_problem("wk_lanterns") is None
    assert name_problem("while") is not None


@pytest.mark.parametrize("kind", ["reform", "reader"])
def test_a_template_has_no_word_that_is_not_filled(kind: scaffold.Kind) -> None:
    for path, text in project(kind, Names("wk_lanterns", ("wk_rolls",))).items():
        assert "<<" not in text, path
        assert path.endswith((".py", ".toml", ".md", ".yml", ".csv", ".gitignore", "py.typed"))
        assert text == "" or text.endswith("\n")
        assert all(line == line.rstrip() and len(line) <= 120 for line in text.splitlines() if "," not in line), path


@pytest.mark.parametrize("kind", ["reform", "reader"])
def test_a_template_says_the_name_of_no_other_plugin(kind: scaffold.Kind) -> None:
    texts = project(kind, Names("wk_lanterns", ("wk_rolls",)))
    for path, text in texts.items():
        assert "zz_" not in path + text
        assert "ca_" not in path + text
