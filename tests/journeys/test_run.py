"""A whole run, from a source file to its outputs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).parents[2] / "examples" / "ca_doj_sample.dat"
FILES = [
    "annotated.csv",
    "annotated_condensed.csv",
    "annotated_convictions.csv",
    "determinations.csv",
    "impact.json",
    "rejected.csv",
    "run.json",
]
HEADER = (
    "source_file,source_row,person_id,county,case_number,statute,offense,grade,convicted_on,"
    "outcome,relief,refer_to,rule,reason,citations,missing_facts,flags"
)


def decoded(line: bytes) -> str:
    """A line as UTF-8, or else as Latin-1."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


@pytest.fixture(scope="module")
def sample(shared_office: Any) -> Any:
    """The sample file, run as the README says, under a umask that would let everybody read."""
    return shared_office.run(str(SAMPLE), preexec_fn=lambda: os.umask(0))


@pytest.fixture(scope="module")
def small(shared_office: Any, doj: Any) -> Any:
    """A small file with one bad row."""
    rows = [*doj.conviction("1", PRI_NAME="ZYXQUELL,ORLA"), *doj.conviction("2"), *doj.conviction("3")]
    rows[5] = rows[5] | {"CNT_ORDER": "1"}
    shared_office.write("small.dat", rows)
    return shared_office


def test_the_sample_gives_every_file_and_exits_with_zero(sample: Any) -> None:
    assert sample.code == 0
    assert sorted(sample.files()) == FILES
    assert sample.files()["determinations.csv"].decode().splitlines()[0].strip() == HEADER
    assert {row["outcome"] for row in sample.rows("determinations.csv")} >= {"eligible", "review", "ineligible"}


def test_every_row_of_the_sample_is_accounted_for(sample: Any) -> None:
    ledger = sample.manifest()["ledger"]
    assert ledger["rows_read"] == ledger["rows_used"] + ledger["rows_repeated"] + ledger["rows_rejected"]
    assert ledger["rows_read"] > 1000
    assert ledger["rows_rejected"] == len(sample.rows("rejected.csv"))
    assert ledger["convictions_decided"] == len(sample.rows("determinations.csv"))
    assert ledger["rows_used"] + ledger["rows_repeated"] == len(sample.rows("annotated.csv"))
    assert f"{ledger['rows_read']:,}" in sample.out
    if ledger["rows_rejected"]:
        assert f"{ledger['rows_rejected']:,} row" in sample.err
        assert "rejected.csv" in sample.err


def test_the_summary_fits_eighty_columns_and_says_where_the_files_are(sample: Any) -> None:
    assert max(len(line) for line in sample.out.splitlines()) <= 80
    assert "2019-07-01" in sample.out
    assert "statute" in sample.out
    assert "determinations.csv" in sample.out


def test_the_manifest_names_inputs_and_outputs_by_their_digests(sample: Any) -> None:
    manifest = sample.manifest()
    [source] = manifest["inputs"]
    assert source["name"] == SAMPLE.name
    assert source["sha256"] == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    files = sample.files()
    listed = {entry["name"]: entry["sha256"] for entry in manifest["outputs"]}
    assert listed == {name: hashlib.sha256(files[name]).hexdigest() for name in FILES if name != "run.json"}
    assert manifest["as_of"] == "2019-07-01"


def test_the_source_rows_stand_unchanged_in_the_annotated_file(sample: Any) -> None:
    text = "".join(decoded(line) for line in SAMPLE.read_bytes().splitlines(keepends=True))
    source = {tuple(row[:95]) for row in csv.reader(io.StringIO(text, newline=""))}
    annotated = sample.rows("annotated.csv")
    columns = list(annotated[0])
    assert columns[95:] == ["outcome", "relief", "refer_to", "rule", "reason", "missing_facts", "flags"]
    for row in annotated:
        cells = tuple(row[column] for column in columns[:95])
        # Only a cell that a spreadsheet would take for a formula is written otherwise.
        assert cells in source or tuple(cell.removeprefix("'") for cell in cells) in source


def test_only_the_owner_can_read_the_output_whatever_the_umask(sample: Any) -> None:
    folder = sample.folder / "out"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_the_same_input_gives_the_same_bytes_elsewhere(sample: Any, shared_office: Any) -> None:
    places = [
        {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4294967295", "PYTHONUTF8": "0"},
    ]
    for number, place in enumerate(places):
        again = shared_office.run(str(SAMPLE), output=f"again{number}", environment=place)
        assert again.code == 0
        assert again.files(f"again{number}") == sample.files()


def test_a_second_run_into_the_folder_is_refused_and_overwrite_keeps_the_older_one(small: Any, error_of: Any) -> None:
    assert small.run("small.dat", output="twice").code == 0
    refused = small.run("small.dat", output="twice")
    assert refused.code == 6
    assert "--overwrite" in error_of(refused)
    done = small.run("small.dat", output="twice", policy="dismiss_all", more=["--overwrite"])
    assert done.code == 0
    folders = [entry for entry in small.folder.iterdir() if entry.name.startswith("twice")]
    policies = {json.loads((entry / "run.json").read_text("utf-8"))["policy"]["id"] for entry in folders}
    assert policies == {"statute", "dismiss_all"}
    [older] = [entry.name for entry in folders if entry.name != "twice"]
    assert older in done.out


def test_rejected_rows_are_told_in_one_line_and_strict_makes_them_the_exit_code(small: Any) -> None:
    lenient = small.run("small.dat", output="lenient")
    strict = small.run("small.dat", output="strict", more=["--strict"])
    assert (lenient.code, strict.code) == (0, 1)
    for done in (lenient, strict):
        [line] = done.err.splitlines()
        assert "1 row" in line
        assert "rejected.csv" in line
    assert lenient.files("lenient") == strict.files("strict")


def test_json_gives_the_summary_for_machines(small: Any) -> None:
    done = small.run("small.dat", output="json", more=["--json"])
    assert done.code == 0
    summary = json.loads(done.out)
    manifest = done.manifest("json")
    assert summary["ledger"] == manifest["ledger"]
    assert summary["as_of"] == "2019-07-01"
    assert summary["policy"]["id"] == "statute"
    assert Path(summary["output"]).resolve() == (small.folder / "json").resolve()
    assert summary["files"] == FILES


def test_quiet_says_nothing_but_what_went_wrong(small: Any) -> None:
    done = small.run("small.dat", output="quiet", more=["--quiet"])
    assert (done.code, done.out) == (0, "")
    assert "1 row" in done.err


def test_a_settings_file_makes_the_reform_alone_enough(office: Any, doj: Any, error_of: Any) -> None:
    office.write("county.dat", doj.conviction("1"))
    (office.folder / "clearslate.toml").write_text(
        """
[run]
policy = "los_angeles"
set = { age_threshold = 45 }
county = "Los Angeles"
as_of = 2019-07-01
input = ["county.dat"]
output = "decided"
""",
        encoding="utf-8",
        newline="\n",
    )
    done = office.command("run", "--reform", "ca_prop64")
    assert (done.code, done.err) == (0, "")
    manifest = done.manifest("decided")
    assert (manifest["policy"]["id"], manifest["as_of"]) == ("los_angeles", "2019-07-01")
    assert manifest["policy"]["parameters"]["age_threshold"] == 45
    won = office.command("run", "--reform", "ca_prop64", "--set", "age_threshold=50", "--output", "won")
    assert won.code == 0
    assert won.manifest("won")["policy"]["parameters"]["age_threshold"] == 50
    with (office.folder / "clearslate.toml").open("a", encoding="utf-8", newline="\n") as file:
        file.write('conty = "Oz"\n')
    refused = office.command("run", "--reform", "ca_prop64")
    assert refused.code == 2
    assert "[clearslate.toml]" in error_of(refused)
    assert "did you mean [run.county]?" in error_of(refused)


def test_without_a_day_the_day_of_the_run_is_shown_and_recorded(small: Any) -> None:
    hook = small.folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import time_machine\ntime_machine.travel('2031-05-04T12:00:00+00:00', tick=True).start()\n",
        encoding="utf-8",
        newline="\n",
    )
    done = small.command(
        *("run", "--reform", "ca_prop64", "--input", "small.dat", "--output", "today"),
        environment={"PYTHONPATH": str(hook)},
    )
    assert done.code == 0
    assert done.manifest("today")["as_of"] == "2031-05-04"
    assert "2031-05-04" in done.out


def test_several_files_can_follow_input_as_a_shell_expands_them(small: Any, doj: Any) -> None:
    small.write("more.dat", doj.conviction("9"))
    done = small.command(
        *("run", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--output", "several"),
        *("--input", "small.dat", "more.dat"),
    )
    assert done.code == 0
    assert [entry["name"] for entry in done.manifest("several")["inputs"]] == ["small.dat", "more.dat"]


def test_a_run_says_nothing_personal_whether_it_succeeds_or_fails(office: Any, doj: Any, planted: Any) -> None:
    name, identifier, born = planted
    cells = {"PRI_NAME": f"{name},ORLA", "CII_NUMBER": identifier, "PRI_DOB": born}
    rows = [*doj.conviction("1", **cells), *doj.conviction("2", **cells)]
    rows[3] = rows[3] | {"CNT_ORDER": name}
    office.write("a.dat", rows)
    text = (office.folder / "a.dat").read_bytes()
    (office.folder / "b.dat").write_bytes(text.replace(b"COURT ACTION", b'"COURT ACTION'))
    (office.folder / "c.dat").write_bytes(text[: len(text) // 2])
    (office.folder / "d.dat").write_bytes(text.replace(b",", b";"))
    ended = [
        office.run("a.dat", output="a"),
        office.run("a.dat", output="a"),
        office.run("b.dat", output="b"),
        office.run("c.dat", output="c"),
        office.run("d.dat", output="d"),
        office.run("a.dat", output="e", more=["--county", "Kansas"]),
        office.run("a.dat", output="f", more=["--json"]),
    ]
    assert {done.code for done in ended} >= {0, 3, 6, 8}
    for done in ended:
        for secret in planted:
            assert secret not in done.out
            assert secret not in done.err
