from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from clearslate.errors import UsageError
from clearslate_cli.settings import read_day, read_parameters, read_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings_file(folder: Path, text: str) -> None:
    (folder / "clearslate.toml").write_text(text, encoding="utf-8", newline="\n")


def test_without_a_file_nothing_is_said_but_what_the_command_line_says(folder: Path) -> None:
    read = read_settings(reform="zz_law", strict=None)
    assert (read.reform, read.policy, read.strict, read.parameters) == ("zz_law", None, False, {})


def test_every_option_can_stand_in_the_file(folder: Path) -> None:
    settings_file(
        folder,
        """
        [run]
        reform = "zz_law"
        policy = "own.toml"
        set = { years = 7, deceased = true, dismiss = ["1", "2"], name = "x" }
        county = "Oz"
        as_of = 2026-01-31
        format = "zz"
        input = "a.dat"
        output = "out"
        overwrite = true
        strict = true
        json = true
        plain = true
        quiet = true
        """,
    )
    read = read_settings()
    assert read.parameters == {"years": "7", "deceased": "true", "dismiss": "1,2", "name": "x"}
    assert read.as_of == dt.date(2026, 1, 31)
    assert read.files == [Path("a.dat")]
    assert (read.overwrite, read.strict, read.as_json, read.plain, read.quiet) == (True,) * 5
    assert (read.reform, read.policy, read.county, read.format, read.output) == (
        "zz_law",
        "own.toml",
        "Oz",
        "zz",
        "out",
    )


def test_the_command_line_wins_over_the_file_name_by_name(folder: Path) -> None:
    settings_file(folder, '[run]\ncounty = "Oz"\nstrict = true\ninput = ["a", "b"]\nset = { years = 7, age = 50 }\n')
    read = read_settings(county="Kansas", strict=False, input=["c"], set={"years": "5"})
    assert (read.county, read.strict, read.inputs) == ("Kansas", False, ["c"])
    assert read.parameters == {"years": "5", "age": "50"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[run]\nconty = 'Oz'\n", "unknown key [run.conty]; did you mean [run.county]?"),
        ("[run]\nas-of = '2026-01-01'\n", "unknown key [run.as-of]; did you mean [run.as_of]?"),
        ("county = 'Oz'\n", "unknown key [county]; did you mean [run.county]?"),
        ("[zzz]\nqqq = 1\n", "unknown key [zzz]; known: [run] with as_of"),
        ("[run]\nstrict = 'yes'\n", "key [run.strict]: input should be a valid boolean"),
        ("[run]\nas_of = '20260101'\n", "key [run.as_of]: a day is written YYYY-MM-DD"),
        ("[run]\ncounty = Oz\n", "is not TOML"),
        ("run = 3\n", "key [run]"),
    ],
)
def test_a_settings_file_with_a_mistake_is_refused_with_file_and_key(folder: Path, text: str, message: str) -> None:
    settings_file(folder, text)
    with pytest.raises(UsageError) as caught:
        read_settings()
    assert "settings file [clearslate.toml]" in str(caught.value)
    assert message in str(caught.value)


def test_a_settings_file_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "clearslate.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings()


def test_a_mistake_on_the_command_line_is_not_blamed_on_the_file(folder: Path) -> None:
    settings_file(folder, "[run]\nas_of = 2026-01-01\n")
    with pytest.raises(UsageError) as caught:
        read_settings(as_of="1/2/2026")
    assert str(caught.value).startswith("--as-of: a day is written YYYY-MM-DD")


def test_the_environment_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUN", '{"county": "Oz"}')
    monkeypatch.setenv("RUN__COUNTY", "Oz")
    assert read_settings().county is None


def test_no_source_file_is_a_usage_error_that_says_how_to_name_one(folder: Path) -> None:
    with pytest.raises(UsageError, match="--input FILE"):
        _ = read_settings().files


@pytest.mark.parametrize("text", ["20260131", "2026-1-31", "2026-W05-6", "2026-02-30", "", "today"])
def test_a_day_is_read_in_one_way_only(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        read_day(text)


def test_parameters_are_read_as_name_and_value() -> None:
    assert read_parameters(["a=1", " b = x,y ", "c=d=e", "empty="]) == {"a": "1", "b": "x,y", "c": "d=e", "empty": ""}


@pytest.mark.parametrize("settings", [["a"], ["=1"], ["a=1", "a=2"]])
def test_a_parameter_without_a_name_or_given_twice_is_refused(settings: list[str]) -> None:
    with pytest.raises(UsageError, match="--set"):
        read_parameters(settings)


def test_a_mark_at_the_begin_of_the_file_is_accepted(folder: Path) -> None:
    (folder / "clearslate.toml").write_bytes(b"\xef\xbb\xbf[run]\r\ncounty = 'Oz'\r\n")
    assert read_settings().county == "Oz"


@pytest.mark.parametrize("kind", ["folder", "dangling link"])
def test_settings_that_are_no_file_are_not_passed_over(folder: Path, kind: str) -> None:
    file = folder / "clearslate.toml"
    if kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(folder / "nowhere.toml")
    with pytest.raises(UsageError, match=r"\[clearslate.toml\] is no file"):
        read_settings(county="Oz")


def test_the_parameters_of_the_file_belong_to_its_policy(folder: Path) -> None:
    settings_file(folder, "[run]\nreform = 'zz_law'\npolicy = 'one'\nset = { years = 7 }\n")
    same = read_settings(policy="one", set={"age": "50"})
    assert (same.parameters, same.notes) == ({"years": "7", "age": "50"}, ())
    other = read_settings(policy="two", set={"age": "50"})
    assert other.parameters == {"age": "50"}
    assert [note.split(";")[0] for note in other.notes] == [
        "[run.set] of [clearslate.toml] is for policy [one] and is not applied"
    ]
    assert read_settings(reform="yy_law").parameters == {}


def test_parameters_of_a_file_without_a_policy_are_for_the_policy_of_the_run(folder: Path) -> None:
    settings_file(folder, "[run]\nset = { years = 7 }\n")
    read = read_settings(policy="two")
    assert (read.parameters, read.notes) == ({"years": "7"}, ())
