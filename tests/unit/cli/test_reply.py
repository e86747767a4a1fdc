from __future__ import annotations

import io
import sys

import pytest

from clearslate.errors import OutputError
from clearslate_cli.exits import READER_GONE
from clearslate_cli.reply import Reply, complain, deliver, one_line


def test_a_message_of_several_lines_becomes_one_without_control_characters() -> None:
    assert one_line("a\n  b\tc\x1b[31md") == "a b c?[31md"


def test_a_reply_goes_to_standard_output_and_its_note_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert deliver(Reply("text\n\n", notes=("one row",), code=1)) == 1
    written = capsys.readouterr()
    assert written.out == "text\n"
    assert written.err == "clearslate: note: one row\n"


def test_an_empty_reply_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert deliver(Reply()) == 0
    assert capsys.readouterr() == ("", "")


class Failing(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error

    def fileno(self) -> int:
        raise OSError


def test_a_reader_that_went_away_is_no_error_but_has_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Failing(BrokenPipeError()))
    assert deliver(Reply("text")) == READER_GONE
    assert capsys.readouterr().err == ""


def test_a_full_standard_output_is_an_output_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Failing(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match="standard output"):
        deliver(Reply("text"))


def test_complaining_to_a_closed_stream_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Failing(OSError(5, "gone")))
    complain("nobody hears this")


def test_what_is_made_already_is_said_where_the_summary_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Failing(OSError(28, "No space left on device")))
    with pytest.raises(OutputError, match=r"the results are in \[out\], but the summary could not be written"):
        deliver(Reply("text", made="the results are in [out]"))
    monkeypatch.setattr(sys, "stdout", Failing(BrokenPipeError()))
    assert deliver(Reply("text", made="the results are in [out]")) == READER_GONE
    assert "note: the results are in [out]; " in capsys.readouterr().err


def test_without_standard_error_a_complaint_goes_nowhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    complain("nobody hears this")
    assert capsys.readouterr().out == ""
