from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import resources, util
from pathlib import Path

import pytest

from clearslate import registry
from clearslate.ingest.delimited import DelimitedReader
from clearslate.policy.reform import PolicyReform
from clearslate.registry import Supplied, Supplier
from clearslate.testing.oz import OZ, read_statute
from clearslate.testing.scaffold import Names, write
from clearslate.testing.scaffold import project as scaffold_of
from clearslate_cli.main import main

OZ_FILES = Path(str(resources.files("clearslate.testing.oz")))
QUICK = ("--examples", "1", "--as-of", "2026-10-01")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of Oz's reform in the working folder, with its law cases."""
    monkeypatch.chdir(tmp_path)
    for name in ("policies", "reform.toml"):
        source = OZ_FILES / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / name)  # type: ignore[operator]
    shutil.copytree(OZ_FILES / "cases", tmp_path / "tests" / "cases")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "clearslate-oz"\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def install(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Install the project as it is now, and nothing else."""

    def installed() -> None:
        oz = PolicyReform(project, read_statute=read_statute)
        known = registry.Registry({"oz_moonshine": Supplied(oz, Supplier("clearslate-oz", "1.0"))}, {}, {})
        monkeypatch.setattr(registry, "load", lambda: known)

    return installed


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def topics(told: dict[str, list[dict[str, object]]], role: str) -> dict[str, list[str]]:
    return {str(topic["id"]): list(topic["points"]) for topic in told[role]}  # type: ignore[call-overload]


def told(capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> dict[str, list[dict[str, object]]]:
    assert main(["check", "reform", "oz_moonshine", *QUICK, "--json", *more]) == code
    answer: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return answer


def test_a_sound_reform_keeps_every_promise(install: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    install()
    assert main(["check", "reform", "oz_moonshine", *QUICK]) == 0
    written = capsys.readouterr()
    assert written.err == ""
    assert "EVERY PROMISE IS KEPT" in written.out
    assert "oz_rolls: install the plugin" in " ".join(written.out.split())
    assert max(len(line) for line in written.out.splitlines()) <= 80


def test_what_is_still_to_be_supplied_is_told_to_each_of_the_two(
    install: Callable[[], None], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reform = project / "reform.toml"
    changed(reform, 'question = "How many jars were found?"', 'question = "Jars"')
    changed(reform, "[[reliefs]]", "# TODO(lawyer): the reliefs,\n# all of them.\n[[reliefs]]")
    changed(reform, 'effect = "The conviction is dismissed and its record sealed."', 'effect = "Dismissed and sealed"')
    changed(
        reform,
        "[facts.jars]",
        '[facts.vats]\nwords = "the vats"\nquestion = "How many vats?"\nanswer = "number"\n\n[facts.jars]',
    )
    (project / "src.py").write_text("x = 1  # TODO(developer): two\n", encoding="utf-8")
    install()
    answer = told(capsys)
    lawyer, developer = topics(answer, "lawyer"), topics(answer, "developer")
    (line,) = [number for number, text in enumerate(reform.read_text("utf-8").splitlines(), 1) if "TODO" in text]
    assert lawyer["marks"] == [f"reform.toml, line {line}: the reliefs, all of them."]
    assert lawyer["questions"] == ["jars: [Jars] is no question that an attorney can answer"]
    assert lawyer["effects"] == ["dismiss_and_seal: [Dismissed and sealed] does not say what it does to the conviction"]
    assert lawyer["left_to_a_person"][0] == "reform.toml, rule statute_unreadable: The statute cannot be read."
    assert "ZZ Acts 2016 c. 1 s 4(b)" in lawyer["citations"]
    assert developer["marks"] == ["src.py, line 1: two"]
    assert developer["facts"] == ["vats: name it in a test, or take it out"]
    assert [point.partition(":")[0] for point in developer["readers"]] == ["oz_rolls"]
    assert len(developer["filings"]) == 1
    assert len(developer["tests"]) == 2


def test_a_policy_that_nobody_compared_for_a_year_is_named(
    install: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    install()
    before = topics(told(capsys, "--as-of", "2027-08-31"), "lawyer")
    after = topics(told(capsys, "--as-of", "2027-09-01"), "lawyer")
    early = topics(told(capsys, "--as-of", "2026-08-31"), "lawyer")
    assert "reviews" not in before
    assert after["reviews"][0] == "emerald_city: last compared on 2026-09-01, a year ago or more"
    assert early["reviews"][0].endswith("which is yet to come")


def test_a_rule_about_a_contradiction_is_named_apart(
    install: Callable[[], None], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(project / "reform.toml", 'id = "identity_conflict"\n', 'id = "identity_conflict"\ncontradiction = true\n')
    install()
    lawyer = topics(told(capsys), "lawyer")
    assert [point.partition(":")[0] for point in lawyer["contradictions"]] == ["reform.toml, rule identity_conflict"]
    assert not any("identity_conflict" in point for point in lawyer["left_to_a_person"])


def test_a_broken_promise_is_named_and_has_its_exit_code(
    install: Callable[[], None], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(project / "tests/cases/statute.toml", 'rule = "minor_offense"', 'rule = "six_jars"')
    install()
    assert main(["check", "reform", "oz_moonshine", *QUICK]) == 9
    written = capsys.readouterr()
    assert "PROMISES BROKEN" in written.out
    assert "case [O01]" in written.out
    assert "breaks" in written.err
    assert len(written.err.splitlines()) == 1
    answer = told(capsys, code=9)
    assert answer["kept"] is False  # type: ignore[comparison-overlap]
    assert "O01" in str(answer["broken"][0])


def test_a_policy_that_does_not_compile_is_a_broken_promise(
    install: Callable[[], None], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(project / "policies/statute.toml", 'is = "grade_in"', 'is = "grade_inn"')
    install()
    answer = told(capsys, code=9)
    assert "did you mean [grade_in]?" in str(answer["broken"][0])
    assert answer["lawyer"] == answer["developer"] == []


def test_with_strict_what_is_lacking_has_an_exit_code(
    install: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    install()
    assert told(capsys, "--strict", code=1)["kept"]


def test_the_rest_of_a_long_list_is_counted(install: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    install()
    assert main(["check", "reform", "oz_moonshine", *QUICK]) == 0
    short = capsys.readouterr().out
    assert main(["check", "reform", "oz_moonshine", *QUICK, "--all"]) == 0
    long = capsys.readouterr().out
    assert "more; --all lists them" in short
    assert "--all" not in long
    assert "Circular 7 of 2019, item 6" in long


def test_without_law_cases_it_says_where_it_looks_for_them(
    install: Callable[[], None], project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    assert main(["check", "reform", "oz_moonshine"]) == 2
    assert "say --cases DIR" in capsys.readouterr().err
    assert main(["check", "reform", "oz_moonshine", "--cases", "nowhere"]) == 2
    assert "[nowhere]" in capsys.readouterr().err
    assert main(["check", "reform", "oz_moonshine", *QUICK, "--cases", str(project / "tests/cases")]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reform", "oz_moonshin"], "did you mean [oz_moonshine]?"),
        (["reform", "oz_moonshine", "--examples", "0"], "--examples"),
        (["reform", "oz_moonshine", "--as-of", "yesterday"], "--as-of"),
        (["reader", "oz_roll", "--input", "x.csv"], "no plugin with a reader is installed"),
        (["reader", "oz_rolls", "--input", "x.csv", "--tries", "0"], "--tries"),
    ],
)
def test_what_cannot_be_checked_is_refused(
    install: Callable[[], None], capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    install()
    assert main(["check", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    install: Callable[[], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    real = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *more: None if name == "hypothesis" else real(name, *more))
    assert main(["check", "reform", "oz_moonshine"]) == 2
    written = capsys.readouterr()
    assert 'python -m pip install "clearslate[testing]"' in written.err
    assert len(written.err.splitlines()) == 1


def test_the_check_leaves_no_folder_behind(
    install: Callable[[], None], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install()
    before = sorted(path.name for path in project.iterdir())
    assert main(["check", "reform", "oz_moonshine", *QUICK]) == 0
    assert sorted(path.name for path in project.iterdir()) == before
    capsys.readouterr()


def test_the_group_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "reform" in capsys.readouterr().out


# Readers -----------------------------------------------------------------------------------------------


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What ``clearslate new reader zz_rolls`` writes, in the working folder; its package can be imported."""
    write(scaffold_of("reader", Names("zz_rolls")), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("clearslate_zz_rolls")]:
        del sys.modules[name]


@pytest.fixture
def read(records: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., DelimitedReader]:
    """Install the reader, or one that says less of its cells, beside Oz's reform."""

    def installed(*unsaid: str) -> DelimitedReader:
        assert records.is_dir()
        made: DelimitedReader = importlib.import_module("clearslate_zz_rolls.plugin").ZZ_ROLLS
        cells = {fact: words for fact, words in made.cells.items() if fact not in unsaid}
        one = DelimitedReader(id=made.id, title=made.title, layout=made.layout, cells=cells)
        supplied = {"zz_rolls": Supplied(one, Supplier("clearslate-zz-rolls", "1.0"))}
        reforms = {"oz_moonshine": Supplied(OZ, Supplier("clearslate-oz", "1.0"))}
        known = registry.Registry(reforms, supplied, {})  # type: ignore[arg-type] # a reader is one, to a type checker
        monkeypatch.setattr(registry, "load", lambda: known)
        return one

    return installed


READER = ("check", "reader", "zz_rolls", "--input", "sample/records.csv", "--as-of", "2026-01-01", "--tries", "20")


def test_a_sound_reader_keeps_every_promise(
    read: Callable[..., DelimitedReader], capsys: pytest.CaptureFixture[str]
) -> None:
    read()
    assert main([*READER, "--reform", "oz_moonshine"]) == 0
    written = capsys.readouterr()
    assert "EVERY PROMISE IS KEPT" in written.out
    assert "decided by     oz_moonshine" in written.out
    assert "committed: the date of the offense" in written.out
    assert "src/clearslate_zz_rolls/words.py" in written.out
    assert max(len(line) for line in written.out.splitlines()) <= 80


def test_a_reader_that_no_reform_decides_is_told_so(
    read: Callable[..., DelimitedReader], capsys: pytest.CaptureFixture[str]
) -> None:
    read()
    assert main([*READER, "--json", "--strict"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["kept"]
    assert (answer["tried"]["rows_read"], answer["tried"]["cells_blanked"]) == (11, 0)
    assert "no installed reform decides its records" in topics(answer, "developer")["more"][0]


def test_a_reader_that_breaks_a_promise_has_the_exit_code(
    read: Callable[..., DelimitedReader], capsys: pytest.CaptureFixture[str]
) -> None:
    read("grade")
    assert main([*READER]) == 9
    written = capsys.readouterr()
    assert "a record states fact [grade], and cells does not say in which columns; add it" in " ".join(
        written.out.split()
    )
    assert written.err == "clearslate: note: reader [zz_rolls] breaks 1 promise; each stands in the report\n"


def test_a_file_that_the_reader_does_not_read_is_an_error_of_the_input(
    read: Callable[..., DelimitedReader], records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read()
    (records / "other.csv").write_text("A,B\n1,2\n", encoding="utf-8")
    assert main(["check", "reader", "zz_rolls", "--input", "other.csv"]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1
