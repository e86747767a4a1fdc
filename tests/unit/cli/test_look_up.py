from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import UsageError
from clearslate_cli import look_up
from clearslate_cli.main import main

DECISION = dict.fromkeys(look_up._TOLD, "") | {"outcome": "review", "statute": "OZ 1"}
RUN = {"at": "2026-01-02T03:04:05.00Z", "manifest": {"reform": {"id": "oz"}, "policy": {"id": "mild"}}}


def found(*decisions: dict[str, str], **more: Any) -> look_up.Found:
    return look_up.Found(3, RUN, tuple({**DECISION, **one} for one in decisions), **more)


def test_facts_are_read_in_any_order_spacing_and_letter_case() -> None:
    assert look_up.read_facts("\r\n Born=1961-03-17\r\nNAME =  Ozma = Zyxquell \r\n") == {
        "born": "1961-03-17",
        "name": "Ozma = Zyxquell",
    }


@pytest.mark.parametrize("text", ["Zyxquell", "nane = Zyxquell", "name = a\nname = Zyxquell", "= Zyxquell"])
def test_a_line_that_is_no_fact_is_named_by_its_number_alone(text: str) -> None:
    with pytest.raises(UsageError, match=r"line \[[12]\]") as caught:
        look_up.read_facts(text)
    assert "Zyxquell" not in str(caught.value)


def test_facts_are_taken_in_their_plain_forms() -> None:
    said = {"name": "Zyxquell, ÓZMA", "born": " 1961-03-17 ", "identifier": "a-0010", "case": "00OZ 1"}
    facts = look_up.plain(said)
    assert (facts.name, facts.born, facts.identifier, facts.case) == ("zyxquell ozma", "1961-03-17", "a0010", "oz1")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"name": "Ozma"}, "two of"),
        ({"name": "Ozma", "born": " "}, "two of"),
        ({"name": "--", "born": "1961-03-17"}, r"\[name\]"),
        ({"name": "Ozma", "born": "17 March 1961"}, "YYYY-MM-DD"),
        ({"name": "Ozma", "born": "19610317"}, "YYYY-MM-DD"),
        ({"name": "Ozma", "born": "1961-02-30"}, "YYYY-MM-DD"),
        ({"name": "Ozma", "case": "000"}, r"\[case\]"),
    ],
)
def test_facts_that_say_nothing_are_refused(said: dict[str, str], word: str) -> None:
    with pytest.raises(UsageError, match=word) as caught:
        look_up.plain(said)
    assert "Ozma" not in str(caught.value)


@pytest.mark.parametrize("text", ["0", "-1", "one", "1.0", "²", "9999999999", ""])
def test_a_run_is_a_number_from_one(text: str) -> None:
    with pytest.raises(UsageError, match="--run"):
        look_up._run_number(text)


def test_what_a_decision_lacks_is_said_to_be_lacking() -> None:
    text = look_up.text([found({"statute": ""})], 2)
    for words in ("statute not readable", "grade not known", "day of conviction not known", "no case number"):
        assert words in " ".join(text.split())


def test_relief_and_the_other_office_stand_beside_the_outcome() -> None:
    text = look_up.text(
        [found({"outcome": "eligible", "relief": "seal"}, {"outcome": "refer", "refer_to": "Kansas"})], 2
    )
    assert "eligible: seal" in text
    assert "refer to Kansas" in text
    assert "2 convictions decided: 1 eligible, 1 refer." in text


def test_runs_after_the_one_shown_are_named() -> None:
    assert "A later run has decided no conviction of this record: 4." in look_up.text([found({}, later=(4,))], 2)
    assert "Later runs have decided no" in look_up.text([found({}, later=(4, 5))], 3)


def test_a_run_whose_manifest_says_little_is_shown_all_the_same() -> None:
    bare = look_up.Found(3, {}, (DECISION,))
    assert "Run 3: no manifest." in look_up.text([bare], 2)
    assert look_up.described(bare)["run"]["policy"] is None


def test_a_run_that_did_not_decide_is_not_the_same_as_no_run() -> None:
    assert "no run decided a conviction of it" in look_up.text([look_up.Found()], 2)
    assert "run 2 decided no conviction of it" in look_up.text([look_up.Found()], 2, wanted=2)


@pytest.mark.usefixtures("small_vault")
def test_a_person_is_found_in_the_vault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "--name", "Zyxquell, Ozma", "--case", "OZ1", "--json"]) == 0
    (person,) = json.loads(capsys.readouterr().out)
    assert person["run"] == {
        "number": 1,
        "at": "2026-01-02T03:04:05.00Z",
        "reform": "oz",
        "policy": "mild",
        "county": None,
        "as_of": "2026-01-01",
    }
    assert person["decisions"] == [
        {"state": "decided", "since": None, "contradictory": False}
        | dict.fromkeys(look_up._TOLD, "")
        | {"statute": "OZ 1", "case_number": "OZ1", "outcome": "eligible", "relief": "dismiss"}
    ]


@pytest.mark.usefixtures("small_vault")
def test_a_run_that_is_not_there_is_refused_whoever_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "--name", "nobody", "--case", "none", "--run", "2"]) == 2
    assert "no run [2]; known: 1" in capsys.readouterr().err


def test_standard_input_cannot_give_both_facts_and_passphrase(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "--facts", "-", "--passphrase-file", "-"]) == 2
    assert "standard input" in capsys.readouterr().err


@pytest.mark.usefixtures("small_vault")
def test_facts_that_are_no_text_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts").write_bytes(b"name = \xff\xfe")
    assert main(["lookup", "--facts", str(tmp_path / "facts")]) == 2
    assert "UTF-8" in capsys.readouterr().err
