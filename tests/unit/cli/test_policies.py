from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearslate.errors import UsageError
from clearslate.registry import Registry
from clearslate.testing.oz import OZ
from clearslate_cli import policy_page
from clearslate_cli.main import main

pytestmark = pytest.mark.usefixtures("oz")


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["policies", *arguments]) == 0
    return capsys.readouterr().out


def test_a_policy_is_shown_with_its_rules_in_order_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "show", "statute")
    bound = OZ.bind(OZ.find("statute"))
    places = [text.index(f"{number}. {rule.id} -> {rule.decision}") for number, rule in enumerate(bound.rules, 1)]
    assert places == sorted(places)
    one = " ".join(text.split())
    for rule in bound.rules:
        assert " ".join(rule.because.split()) in one
        assert all(f"[{cite}]" in one for cite in rule.citations)
        assert all(ground.words in one for ground in rule.grounds)
    assert max(len(line) for line in text.splitlines()) <= 80


def test_parameters_are_shown_with_what_they_take(capsys: pytest.CaptureFixture[str]) -> None:
    one = " ".join(shown(capsys, "show", "emerald_city").split())
    assert "crime_free_years 10 1 to 15" in one
    assert "40 to 65; 0 is off" in one
    assert "true or false" in one
    assert "of the reform" in shown(capsys, "show", "emerald_city", "--markdown")


def test_a_parameter_can_be_set_to_see_its_rules(capsys: pytest.CaptureFixture[str]) -> None:
    before = shown(capsys, "show", "emerald_city")
    after = shown(capsys, "show", "emerald_city", "--set", "age_threshold=50")
    assert "SWITCHED OFF" in before
    assert before.count(" -> ") < after.count(" -> ")


def test_markdown_holds_every_rule_and_flag_in_tables(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "show", "statute", "--markdown")
    bound = OZ.bind(OZ.find("statute"))
    assert all(f"| `{rule.id}`" in text for rule in bound.rules)
    assert all(f"| `{flag.id}` |" in text for flag in bound.flags)
    columns = {line.count(" | ") for line in text.splitlines() if line.startswith("| ") and "`" in line}
    assert columns <= {1, 2, 3, 4}


def test_json_holds_the_policy_as_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(shown(capsys, "show", "statute", "--json"))
    bound = OZ.bind(OZ.find("statute"))
    assert [rule["id"] for rule in value["rules"]] == [rule.id for rule in bound.rules]
    assert value["digest"] == bound.digest


def test_policies_are_listed_with_the_default_marked(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "list")
    assert "statute (default)" in text
    assert "EMERALD CITY" in text
    listed = json.loads(shown(capsys, "list", "--reform", "oz_moonshine", "--json"))
    assert {row["policy"] for row in listed} == set(OZ.policies())


def own(tmp_path: Path, text: str) -> str:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8", newline="\n")
    return str(file)


def test_a_good_policy_file_passes_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = OZ.policies()["statute"].text
    assert "no problem found" in shown(capsys, "check", own(tmp_path, text))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("summary =", "sumary =", "unknown key [sumary]; did you mean [summary]?"),
        ('then = "ineligible"', 'than = "ineligible"', "[rules.two_priors.than]; did you mean [then]?"),
        ('is = "grade_in"', 'is = "grade_inn"', "no predicate [grade_inn]; did you mean [grade_in]?"),
        ('relief = "dismiss_and_seal"', 'relief = "dismiss_and_sael"', "did you mean [dismiss_and_seal]?"),
        ('reform = "oz_moonshine"', 'reform = "oz_moonshin"', "[oz_moonshine]"),
        ("summary =", "summary", "is not TOML"),
    ],
)
def test_a_policy_file_with_a_typo_is_refused_with_file_key_and_what_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, words: str
) -> None:
    text = OZ.policies()["statute"].text
    assert old in text
    assert main(["policies", "check", own(tmp_path, text.replace(old, new, 1))]) == 4
    written = capsys.readouterr()
    assert "[own.toml]" in written.err
    assert words in written.err
    assert len(written.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "statu"], 2, "did you mean [statute]?"),
        (["show", "statute", "--reform", "oz_moonshin"], 2, "did you mean [oz_moonshine]?"),
        (["show", "statute", "--set", "x=1"], 2, "[x]"),
        (["check", "nowhere.toml"], 4, "[nowhere.toml]"),
        (["check", "policy.txt"], 2, "[policy.txt]"),
    ],
)
def test_a_policy_that_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(["policies", *arguments]) == code
    assert words in capsys.readouterr().err


def test_reforms_and_formats_say_who_supplies_them(oz: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reforms"]) == 0
    text = capsys.readouterr().out
    assert "oz_moonshine" in text
    assert "clearslate-oz 1.0" in text
    assert main(["formats"]) == 0
    assert "oz_rolls" in capsys.readouterr().out
    assert main(["reforms", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == list(oz.reforms)
    assert main(["formats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["supplier"] == "clearslate-oz 1.0"


@pytest.mark.parametrize("text", ["\u0663", "1_0", "+5", " 5", "5.0", "\uff15", "5\n"])
def test_a_number_is_typed_in_plain_digits(text: str) -> None:
    with pytest.raises(UsageError, match=r"takes a whole number"):
        OZ.bind(OZ.find("emerald_city"), {"crime_free_years": text})


def test_an_empty_list_is_shown_as_none() -> None:
    assert [policy_page.shown(value) for value in ([], ["a", "b"], 0, False)] == ["none", "a,b", "0", "false"]


def test_a_policy_file_may_begin_with_a_mark(tmp_path: Path) -> None:
    text = OZ.find("statute").text
    (tmp_path / "own.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert OZ.find(str(tmp_path / "own.toml")).text == text
