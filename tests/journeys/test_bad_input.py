"""Bad input: one line on standard error, the exit code of its class, and no finished-looking file."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
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
        ({"output": "full"}, 6, ["[full]", "not the output of a run"]),
        ({"output": "."}, 6, ["current folder"]),
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


@pytest.mark.parametrize("command", [["--help"], ["run", "--help"], ["--version"], ["formats"]])
def test_every_command_ends_alike_where_standard_output_takes_nothing(place: Any, command: list[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = place.command(*command, stdout=full)
    closed = place.command(*command, stdout=None, preexec_fn=lambda: os.close(1))
    assert done.code == closed.code == 6
    assert done.err == closed.err
    assert "standard output cannot be written" in done.err
    assert len(done.err.splitlines()) == 1
    process = place.process(*command)
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


@pytest.mark.parametrize("command", [["--help"], ["formats"], ["doctor", "good.dat"]])
def test_a_closed_standard_error_changes_nothing(place: Any, command: list[str]) -> None:
    done = place.command(*command, stderr=None, preexec_fn=lambda: os.close(2))
    assert (done.code, done.out) == (0, place.command(*command).out)
    assert place.command(*command, stdout=None, stderr=None, preexec_fn=lambda: os.closerange(0, 3)).code == 6


@pytest.mark.parametrize("closed", [True, False])
def test_results_whose_summary_cannot_be_written_are_said_to_be_there(place: Any, closed: bool) -> None:
    output = f"results{closed}"
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        options = {"stdout": None, "preexec_fn": lambda: os.close(1)} if closed else {"stdout": full}
        done = place.command(*arguments(output=output), **options)
    assert done.code == 6
    assert done.err.splitlines() == [
        f"clearslate: error: the results are in [{output}], but the summary could not be written to standard output"
    ]
    assert (place.folder / output / "run.json").is_file()


def test_a_folder_that_is_no_run_is_not_replaced(place: Any, error_of: Any) -> None:
    done = place.command(*arguments(output="full"), "--overwrite")
    assert done.code == 6
    assert "[full] holds something that is not the output of a run" in error_of(done)
    assert (place.folder / "full" / "kept.txt").is_file()


@pytest.mark.parametrize("kind", ["dangling link", "folder", "pipe"])
def test_settings_that_are_no_file_are_refused(office: Any, error_of: Any, kind: str) -> None:
    file = office.folder / "clearslate.toml"
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("nowhere.toml")
    done = office.command("run")
    assert done.code == 2
    assert "settings file [clearslate.toml] is no file" in error_of(done)


@pytest.mark.parametrize("milliseconds", [30, 60, 120, 200, 300])
def test_an_early_interrupt_ends_without_a_traceback(place: Any, milliseconds: int) -> None:
    process = place.process(*arguments(output="early"))
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(milliseconds / 1000)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # The interpreter's own start, before this program has the word, is not in its hand: it dies by the signal, or
    # says that its own modules could not be loaded.
    if process.returncode == 1:
        assert "clearslate" not in err
        return
    assert process.returncode in (130, -signal.SIGINT)
    if process.returncode == 130:
        assert err.startswith("clearslate: error: interrupted")
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("gap", [None, 0.001, 0.005, 0.012])
def test_an_interrupted_run_leaves_nothing(office: Any, doj: Any, gap: float | None) -> None:
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
    # An impatient second Ctrl-C comes while the unfinished output is being removed.
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(gap or 60)
    if gap is not None:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines() == ["clearslate: error: interrupted; unfinished output was removed, run the command again"]
    assert out == ""
    assert [entry.name for entry in office.folder.iterdir()] == ["long.dat"]
