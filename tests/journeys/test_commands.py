"""The other commands, as an analyst and an attorney use them."""

from __future__ import annotations

import csv
import json
import sys
from typing import Any

import pytest

from clearslate_cli.exits import exit_codes


@pytest.fixture(scope="module")
def place(shared_office: Any, doj: Any) -> Any:
    rows = [
        *doj.conviction("1", PRI_DOB="", OFFENSE_DESCR="11358 HS-CULTIVATE MARIJUANA"),
        *doj.conviction("2", OFFENSE_DESCR="484(A) PC-PETTY THEFT"),
        *doj.conviction("3"),
        *doj.conviction("3", cycle=102, OFFENSE_DESCR="11357 HS-POSSESS MARIJUANA"),
    ]
    bad = [*doj.conviction("4")]
    bad[0] = bad[0] | {"CNT_ORDER": "1"}
    shared_office.write("people.dat", [*rows, *bad])
    return shared_office


def narrow(text: str) -> bool:
    return max(len(line) for line in text.splitlines()) <= 80


def explain(place: Any, *arguments: str) -> Any:
    return place.command(
        *("explain", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--input", "people.dat"), *arguments
    )


def test_help_lists_every_command_and_exit_code_without_loading_the_engine(place: Any) -> None:
    done = place.command("--help")
    assert done.code == 0
    assert narrow(done.out)
    for command in ("run", "explain", "doctor", "reforms", "policies", "formats", "synth"):
        assert f"\n  {command} " in done.out
    for code, words in exit_codes().items():
        assert f"{code}  {words}" in done.out


def test_help_does_not_import_the_engine(place: Any) -> None:
    script = (
        "import sys; from clearslate_cli.main import main; code = main(['--help']); "
        "slow = {'pyarrow', 'numpy', 'pydantic', 'pluggy', 'msgspec', 'clearslate.registry'} & set(sys.modules); "
        "print(sorted(slow), file=sys.stderr); sys.exit(code)"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_the_version_is_shown(place: Any) -> None:
    done = place.command("--version")
    assert done.code == 0
    assert done.out.startswith("clearslate 0.")


def test_without_a_command_the_help_is_shown_as_a_usage_error(place: Any) -> None:
    done = place.command()
    assert done.code == 2
    assert "Usage: clearslate" in done.out


def test_a_reader_of_standard_output_may_leave(place: Any) -> None:
    process = place.process("policies", "show", "statute", "--reform", "ca_prop64")
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


def test_one_conviction_is_explained_by_its_row(place: Any) -> None:
    done = explain(place, "--row", "2")
    assert done.code == 0
    assert narrow(done.out)
    for word in (
        "eligible: redesignate_misdemeanor",
        "11358",
        "row 2, line 3",
        "CYC_DATE",
        "2002-01-10",
        "WHAT WOULD CHANGE IT",
        "dismiss_and_seal",
        "policy",
        "statute",
        "as of",
        "2019-07-01",
        "yes: the offen",
        "not known: ",
    ):
        assert word in done.out


def test_one_conviction_is_explained_for_machines(place: Any) -> None:
    done = explain(place, "--row", "2", "--json")
    assert done.code == 0
    [case] = json.loads(done.out)
    assert (case["outcome"], case["relief"]) == ("eligible", "redesignate_misdemeanor")
    assert case["place"] == {"file": "people.dat", "row": 2, "line": 3}
    assert "dismiss_and_seal" in {change["relief"] for change in case["changes"]}
    assert case["trace"][-1]["applies"] == "yes"
    assert all(ground["cite"] for rule in case["trace"] for ground in rule["grounds"])


def test_all_convictions_of_a_person_are_explained(place: Any) -> None:
    done = explain(place, "--person", "3", "--json")
    assert [case["case_numbers"] for case in json.loads(done.out)] == [["OZ3-101"], ["OZ3-102"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--row", "4"], ["row [4]", "scope"]),
        (["--row", "9"], ["row [9]", "rejected", "CNT_ORDER"]),
        (["--row", "999"], ["row [999]"]),
        (["--person", "nobody"], ["--person"]),
        ([], ["--row", "--person"]),
        (["--row", "2", "--person", "1"], ["--row", "--person"]),
        (["--row", "2", "--file", "other.dat"], ["[other.dat]", "people.dat"]),
    ],
)
def test_what_cannot_be_explained_is_a_usage_error(
    place: Any, error_of: Any, arguments: list[str], words: list[str]
) -> None:
    done = explain(place, *arguments)
    assert done.code == 2
    assert all(word in error_of(done) for word in words), error_of(done)


def test_the_explanation_agrees_with_the_run(place: Any) -> None:
    run = place.run("people.dat")
    row = run.decisions()["OZ1-101"]
    [case] = json.loads(explain(place, "--row", row["source_row"], "--json").out)
    assert {name: case[name] or "" for name in ("outcome", "relief", "rule", "reason", "refer_to")} == {
        name: row[name] for name in ("outcome", "relief", "rule", "reason", "refer_to")
    }
    assert "; ".join(case["citations"]) == row["citations"]


def test_a_row_that_repeats_one_of_another_file_is_said_to_and_which(place: Any, error_of: Any, doj: Any) -> None:
    rows = [*doj.conviction("7"), *doj.conviction("8")]
    place.write("first.dat", rows)
    place.write("second.dat", [*doj.conviction("9"), *rows[2:]])
    ask = ("explain", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--input", "first.dat", "second.dat")
    done = place.command(*ask, "--row", "4", "--file", "second.dat")
    assert done.code == 2
    assert error_of(done) == (
        "row [4] of [second.dat] repeats row [4] of [first.dat] and is not used again; "
        "explain that: --row 4 --file first.dat"
    )
    assert place.command(*ask, "--row", "4", "--file", "first.dat").code == 0


def test_a_day_that_is_yet_to_come_is_accepted_and_noted(place: Any) -> None:
    done = place.run("people.dat", output="later", as_of="2999-01-01")
    assert done.code == 0
    assert "clearslate: note: the day [2999-01-01] is yet to come" in done.err


def test_doctor_reports_counts_and_rows_and_changes_nothing(place: Any) -> None:
    before = (place.folder / "people.dat").read_bytes()
    done = place.command("doctor", "people.dat")
    assert done.code == 0
    assert narrow(done.out)
    assert "LOS ANGELES" in done.out
    assert (place.folder / "people.dat").read_bytes() == before
    strict = place.command("doctor", "people.dat", "--strict")
    assert strict.code == 1
    assert strict.out == done.out


def test_doctor_of_a_missing_file_is_an_input_error(place: Any, error_of: Any) -> None:
    done = place.command("doctor", "nowhere.dat")
    assert done.code == 3
    assert "[nowhere.dat]" in error_of(done)


def test_reforms_and_formats_are_listed(place: Any) -> None:
    for command, word in (("reforms", "ca_prop64"), ("formats", "ca_doj")):
        done = place.command(command)
        assert done.code == 0
        assert narrow(done.out)
        assert word in done.out
    listed = json.loads(place.command("formats", "--json").out)
    assert [len(one["columns"]) for one in listed if one["id"] == "ca_doj"] == [95]


def test_policies_are_listed_and_shown(place: Any) -> None:
    done = place.command("policies", "list", "--reform", "ca_prop64")
    assert done.code == 0
    assert narrow(done.out)
    for policy in ("statute", "contra_costa", "los_angeles", "sacramento", "bear", "dismiss_all"):
        assert policy in done.out
    shown = place.command("policies", "show", "los_angeles", "--reform", "ca_prop64")
    assert shown.code == 0
    assert narrow(shown.out)
    assert "RULES" in shown.out
    assert "11361.8" in shown.out or "667" in shown.out
    markdown = place.command("policies", "show", "los_angeles", "--markdown")
    assert markdown.code == 0
    assert markdown.out.startswith("# ")


def test_synth_makes_the_same_people_from_the_same_seed_with_a_key_beside_them(place: Any) -> None:
    made = []
    for name in ("one.dat", "two.dat"):
        done = place.command("synth", "ca_doj", "--people", "40", "--seed", "7", "--output", name)
        assert done.code == 0
        made.append([(place.folder / f"{name}{end}").read_bytes() for end in ("", ".key.csv")])
    assert made[0] == made[1]
    other = place.command("synth", "ca_doj", "--people", "40", "--seed", "8", "--output", "three.dat")
    assert other.code == 0
    assert (place.folder / "three.dat").read_bytes() != made[0][0]
    with (place.folder / "one.dat.key.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) > 10
    done = place.run("one.dat", output="synthetic")
    assert done.code == 0


def test_synth_does_not_write_over_a_file(place: Any, error_of: Any) -> None:
    before = (place.folder / "people.dat").read_bytes()
    done = place.command("synth", "ca_doj", "--people", "4", "--seed", "7", "--output", "people.dat")
    assert done.code == 6
    assert "[people.dat]" in error_of(done)
    assert (place.folder / "people.dat").read_bytes() == before


def test_synth_of_no_people_is_a_usage_error(place: Any, error_of: Any) -> None:
    done = place.command("synth", "ca_doj", "--people", "0", "--seed", "7", "--output", "none.dat")
    assert done.code == 2
    assert "--people" in error_of(done)
