"""Bad input: one line on standard error, the exit code of its class, and no finished-looking file."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest


@pytest.fixture(scope="module")
def place(shared_office: Any, doj: Any) -> Any:
    """An office with one good file, and some that are not."""
    shared_office.write("good.dat", [*doj.conviction("1"), *doj.conviction("2", STP_ORI_CNTY_NAME="OZ")])
    (shared_office.folder / "empty.dat").write_bytes(b"")
    (shared_office.folder / "folder.dat").mkdir()
    (shared_office.folder / "other.csv").write_text("a,b,c\n1,2,3\n", encoding="utf-8", newline="\n")
    (shared_office.folder / "full").mkdir()
    (shared_office.folder / "full" / "kept.txt").write_text("kept", encoding="utf-8", newline="\n")
    (shared_office.folder / "afile").write_text("a file", encoding="utf-8", newline="\n")
    return shared_office


def arguments(**changed: str | None) -> list[str]:
    said = {"reform": "ca_prop64", "input": "good.dat", "output": "out", "as-of": "2019-07-01"} | changed
    return ["run", *(part for name, value in said.items() if value is not None for part in (f"--{name}", value))]


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"input": "missing.dat"}, 3, ["[missing.dat]"]),
        ({"input": "empty.dat"}, 3, ["[empty.dat]", "empty"]),
        ({"input": "folder.dat"}, 3, ["[folder.dat]", "folder"]),
        ({"input": "other.csv"}, 3, ["[other.csv]"]),
        ({"input": None}, 2, ["--input"]),
        ({"output": None}, 2, ["--output"]),
        ({"reform": None}, 2, ["--reform", "ca_prop64"]),
        ({"reform": "ca_prop46"}, 2, ["[ca_prop46]", "did you mean [ca_prop64]?"]),
        ({"policy": "statue"}, 2, ["[statue]", "did you mean [statute]?"]),
        ({"policy": "nowhere.toml"}, 4, ["[nowhere.toml]"]),
        ({"format": "ca_dog"}, 2, ["[ca_dog]", "did you mean [ca_doj]?"]),
        ({"policy": "los_angeles", "set": "age_treshold=50"}, 2, ["[age_treshold]", "did you mean ["]),
        ({"set": "nothing"}, 2, ["--set", "NAME=VALUE"]),
        ({"as-of": "07/01/2019"}, 2, ["--as-of", "YYYY-MM-DD"]),
        ({"county": "Kansas"}, 8, ["[Kansas]", "LOS ANGELES", "OZ"]),
        ({"policy": "sacramento"}, 8, ["[Sacramento]", "LOS ANGELES", "OZ"]),
        ({"output": "full"}, 6, ["[full]", "--overwrite"]),
        ({"output": "afile"}, 6, ["[afile]"]),
        ({"output": "afile/out"}, 6, ["[out]"]),
        ({"output": "nowhere/out"}, 6, ["[out]"]),
        ({"reforn": "ca_prop64"}, 2, ["[--reforn]", "did you mean [--reform]?"]),
    ],
    ids=lambda value: "-".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_a_mistake_is_one_line_with_the_exit_code_of_its_class(
    place: Any, error_of: Any, changed: dict[str, str | None], code: int, words: list[str]
) -> None:
    before = sorted(place.folder.rglob("*"))
    done = place.command(*arguments(**changed))
    line = error_of(done)
    assert done.code == code, line
    assert all(word in line for word in words), line
    assert done.out == ""
    assert sorted(place.folder.rglob("*")) == before


def test_an_unknown_command_is_answered_with_the_one_that_was_meant(place: Any, error_of: Any) -> None:
    done = place.command("rum")
    assert done.code == 2
    assert "run" in error_of(done)


def test_a_policy_file_with_a_typo_stops_the_run(place: Any, error_of: Any) -> None:
    (place.folder / "typo.toml").write_text('reform = "ca_prop64"\nid = "typo"\ntitel = "x"\n', encoding="utf-8")
    done = place.command(*arguments(policy="typo.toml"))
    (place.folder / "typo.toml").unlink()
    assert done.code == 4
    assert "[typo.toml]" in error_of(done)


def test_output_inside_the_input_or_over_it_is_refused(place: Any, error_of: Any) -> None:
    done = place.command(*arguments(output="good.dat"), "--overwrite")
    assert done.code == 6
    assert "good.dat" in error_of(done)
    assert (place.folder / "good.dat").is_file()


def test_a_full_standard_output_is_an_error(place: Any) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = place.command("formats", stdout=full)
    assert done.code == 6
    assert "standard output" in done.err
    assert len(done.err.splitlines()) == 1


def test_an_interrupted_run_leaves_nothing(office: Any, doj: Any) -> None:
    rows = doj.text([row for n in range(2_000) for row in doj.conviction(f"{n:06d}")], header=False)
    body = rows.encode()
    with (office.folder / "long.dat").open("wb") as file:
        file.writelines(body.replace(b",A0", b",A%d" % n).replace(b",00", b",%d" % n) for n in range(10, 40))
    process = office.process(
        "run", "--reform", "ca_prop64", "--as-of", "2019-07-01", "--input", "long.dat", "--output", "out"
    )
    # Interrupted once the staging folder is there: that is in the midst of the work.
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if any(entry.name != "long.dat" for entry in office.folder.iterdir()):
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines() == ["clearslate: error: interrupted; unfinished output was removed, run the command again"]
    assert out == ""
    assert [entry.name for entry in office.folder.iterdir()] == ["long.dat"]
