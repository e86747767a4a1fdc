from __future__ import annotations

from pathlib import Path

import pytest

from clearslate.errors import OutputError
from clearslate_cli import signals
from clearslate_cli.ended import Stopped, told_of_output


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals._State, "unwinds", False)
    monkeypatch.setattr(signals._State, "interrupted", False)


def stopped(output: Path, error: BaseException, left: tuple[str, ...] = (), *, made: bool = False) -> str:
    def run() -> None:
        with told_of_output(output, lambda: left):
            if made:
                output.mkdir()
            raise error

    with pytest.raises(Stopped) as caught:
        run()
    return str(caught.value)


def test_an_output_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    assert stopped(tmp_path / "out", KeyboardInterrupt()).startswith("unfinished output was removed")


def test_a_folder_that_is_left_is_named_with_what_to_do(tmp_path: Path) -> None:
    said = stopped(tmp_path / "out", KeyboardInterrupt(), (".out.partial-1",))
    assert said == "[.out.partial-1] was left beside the output, with personal data in it; delete it"


def test_results_that_were_released_before_the_interrupt_are_said_to_be_there(tmp_path: Path) -> None:
    assert "the results are in [" in stopped(tmp_path / "out", KeyboardInterrupt(), made=True)


def test_older_results_are_not_taken_for_new_ones(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert stopped(tmp_path / "out", KeyboardInterrupt()).startswith("unfinished output was removed")


def test_what_an_interrupt_turned_into_is_an_interrupt_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals._State, "interrupted", True)
    assert stopped(tmp_path / "out", ImportError()).startswith("unfinished output was removed")
    assert stopped(tmp_path / "out", OutputError("older files stand in [x]")) == "older files stand in [x]"


def test_any_other_error_passes(tmp_path: Path) -> None:
    with pytest.raises(OutputError), told_of_output(tmp_path / "out", lambda: ()):
        raise OutputError("full")
