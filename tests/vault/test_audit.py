from __future__ import annotations

import datetime as dt
import errno
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import AuditError, ClearslateError, VaultError
from clearslate.vault import audit, files, head, spelling
from clearslate.vault.audit import Actor, Event
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Step
from clearslate.vault.vault import Vault

FULL = OSError(errno.ENOSPC, "No space left on device")
CALM = (Event.EXPLAIN, Event.LOOKUP, Event.ANCHORED)
"""Events that change no record."""


@pytest.fixture
def folder(bench: Any) -> Path:
    """A vault with nine lines in its log."""
    folder: Path = bench.copy()
    with bench.open(folder) as vault:
        for event in CALM:
            with vault.operation(event):
                pass
    return folder


def log_lines(folder: Path) -> list[bytes]:
    return (folder / "audit.log").read_bytes().splitlines(keepends=True)


def told(vault: Vault) -> list[tuple[str, str, str]]:
    return [(line.told["event"], line.told["outcome"], line.told["error"]) for line in vault.lines()]


def refused(bench: Any, folder: Path, lines: list[bytes]) -> bool:
    (folder / "audit.log").write_bytes(b"".join(lines))
    try:
        with bench.open(folder) as vault:
            list(vault.lines())
    except AuditError:
        return True
    return False


def signed(line: bytes, key: bytes, **changes: Any) -> bytes:
    told = {**json.loads(line), **changes}
    del told["mac"]
    mac = hmac.digest(key, spelling.spelled(told), "sha256").hex()
    return spelling.spelled({**told, "mac": mac}) + b"\n"


# What is written


def test_every_operation_is_written_before_it_begins_and_after_it_ends(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        with vault.operation(Event.RUN) as operation:
            during = told(vault)
            operation.counts["persons"] = 3
        assert during[-1] == ("run", "begun", "")
        assert told(vault)[len(during) :] == [("run", "done", "")]
        last = list(vault.lines())[-1].told
    assert (last["who"], last["where"], last["program"], last["counts"]) == (
        "tester",
        "bench",
        "clearslate 0",
        {"persons": 3},
    )


@pytest.mark.parametrize("event", list(Event))
def test_every_event_there_is_can_be_written_and_read_again(bench: Any, event: Event) -> None:
    with bench.open(bench.copy()) as vault:
        with vault.operation(event):
            pass
        assert told(vault)[-2:] == [(event.value, "begun", ""), (event.value, "done", "")]


def test_no_two_events_have_the_same_name() -> None:
    assert len({event.value for event in Event.__members__.values()}) == len(Event.__members__) >= 19


def test_the_time_is_utc_to_the_hundredth_of_a_second(new_actor: Callable[[], Actor]) -> None:
    zone = dt.timezone(dt.timedelta(hours=-8))
    moment = dt.datetime(2024, 3, 1, 23, 59, 59, 999_999, tzinfo=zone)
    assert new_actor()._replace(clock=lambda: moment).stamp() == "2024-03-02T07:59:59.99Z"


def test_an_operation_that_fails_is_written_with_the_class_of_the_error_alone(bench: Any) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        with pytest.raises(LookupError), vault.operation(Event.EXPLAIN):
            raise LookupError("Zyxquell, A")
        assert told(vault)[-1] == ("explain", "failed", "LookupError")
    assert b"Zyxquell" not in (folder / "audit.log").read_bytes() + (folder / "head.json").read_bytes()


def test_a_step_that_fails_is_written_as_failed_and_changes_no_record(bench: Any) -> None:
    with bench.open(bench.copy()) as vault:

        def half(step: Step) -> None:
            step.put(Kind.RUN, 1, b"other")
            raise RuntimeError

        with pytest.raises(RuntimeError), vault.operation(Event.INGEST), vault.store.step() as step:
            half(step)
        assert told(vault)[-1] == ("ingest", "failed", "RuntimeError")
        assert bench.contents(vault) == bench.messages
        assert vault.check() == len(bench.messages) + 1


def test_an_operation_is_settled_once(bench: Any) -> None:
    with bench.open(bench.copy()) as vault:
        before = len(told(vault))
        with vault.operation(Event.EXPORT) as operation:
            vault.settle(operation)
            vault.settle(operation)
        assert [outcome for _, outcome, _ in told(vault)[before:]] == ["begun", "done"]


def test_the_log_names_nobody_whose_record_is_kept(bench: Any, folder: Path) -> None:
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED), vault.store.step() as step:
        step.drop(Kind.PERSON, [8])
        step.drop(Kind.DECISIONS, [(1 << 32) + 8])
    log = (folder / "audit.log").read_bytes() + (folder / "head.json").read_bytes()
    assert [name for name in (b"Zyxquell", b"Vornwick", b"Quandle", b"invented.csv") if name in log] == []
    assert b"tester" in log


# What cannot be changed unseen


def test_an_altered_value_in_any_line_is_noticed(bench: Any, folder: Path) -> None:
    lines = log_lines(folder)
    assert len(lines) == 9
    changes: list[dict[str, Any]] = [
        {"who": "another"},
        {"at": "2020-01-01T00:00:00.00Z"},
        {"outcome": "failed"},
        {"event": "verify"},
        {"counts": {"persons": 9}},
        {"generation": 99},
        {"n": 99},
        {"n": 0},
        {"n": "1"},
        {"previous": "f" * 64},
        {"mac": "f" * 64},
        {"mac": None},
        {"more": 1},
    ]
    for at, line in enumerate(lines):
        for change in changes:
            edited = spelling.spelled({**json.loads(line), **change}) + b"\n"
            assert edited != line
            assert refused(bench, folder, [*lines[:at], edited, *lines[at + 1 :]]), f"line {at}: {change}"
    assert not refused(bench, folder, lines)


def test_a_deleted_line_is_noticed_wherever_it_stood(bench: Any, folder: Path) -> None:
    lines = log_lines(folder)
    # The last line is the head's, and is written again.
    for at in range(len(lines) - 1):
        assert refused(bench, folder, lines[:at] + lines[at + 1 :])
    assert not refused(bench, folder, lines[:-1])
    assert log_lines(folder) == lines


def test_a_doubled_line_is_noticed_wherever_it_stands(bench: Any, folder: Path) -> None:
    lines = log_lines(folder)
    for at in range(len(lines)):
        for to in range(len(lines) + 1):
            assert refused(bench, folder, [*lines[:to], lines[at], *lines[to:]])


def test_swapped_lines_are_noticed(bench: Any, folder: Path) -> None:
    lines = log_lines(folder)
    for at in range(len(lines)):
        for to in range(at):
            swapped = list(lines)
            swapped[at], swapped[to] = lines[to], lines[at]
            assert refused(bench, folder, swapped)


def test_a_cut_tail_is_noticed_through_the_head(bench: Any, folder: Path) -> None:
    lines = log_lines(folder)
    for kept in range(len(lines) - 1):
        assert refused(bench, folder, lines[:kept])


def test_a_line_of_any_other_spelling_is_noticed(bench: Any, folder: Path) -> None:
    lines = log_lines(folder)
    for edited in (
        lines[2].replace(b":", b": ", 1),
        lines[2] + b"\n",
        b"\n",
        b"null\n",
        b"\xff\n",
        b"x" * 70_000 + b"\n",
    ):
        assert refused(bench, folder, [*lines[:2], edited, *lines[3:]])


@pytest.mark.parametrize("key", [bytes(32), b"another key"])
def test_a_log_that_was_signed_again_with_another_key_is_noticed(bench: Any, folder: Path, key: bytes) -> None:
    lines = log_lines(folder)
    for first in range(len(lines)):
        forged, previous = lines[:first], json.loads(lines[first])["previous"]
        for line in lines[first:]:
            forged.append(signed(line, key, who="another", previous=previous))
            previous = json.loads(forged[-1])["mac"]
        assert refused(bench, folder, forged)


def test_the_log_of_another_vault_is_noticed(bench: Any, folder: Path) -> None:
    bench.create("other").close()
    other = bench.folder / "other"
    assert refused(bench, folder, log_lines(other))
    (folder / "head.json").write_bytes((other / "head.json").read_bytes())
    with pytest.raises(VaultError):
        bench.open(folder)


def test_an_older_log_with_its_head_is_found_with_an_anchor_and_with_nothing_else(bench: Any) -> None:
    folder = bench.copy()
    older = {name: (folder / name).read_bytes() for name in ("audit.log", "head.json")}
    with bench.open(folder) as vault:
        for event in CALM:
            with vault.operation(event):
                pass
        anchor = vault.anchor()
    bench.open(folder, anchor=anchor).close()
    for name, data in older.items():
        (folder / name).write_bytes(data)
    bench.open(folder).close()
    with pytest.raises(VaultError, match="older than the anchor"):
        bench.open(folder, anchor=anchor)


# What cannot be written does not happen


def fail_at(monkeypatch: pytest.MonkeyPatch, where: str, call: int, part: int = 0) -> None:
    """Let one write of the log, or of the head, fail; of the log a part may be written first."""
    module, name = {"log": (files, "append"), "head": (head, "replace")}[where]
    real, calls = getattr(module, name), 0

    def failing(path: Path, data: bytes, *at: int) -> None:
        nonlocal calls
        calls += 1
        if calls != call:
            real(path, data, *at)
            return
        if part:
            real(path, data[:part], *at)
        raise FULL

    monkeypatch.setattr(module, name, failing)


@pytest.mark.parametrize("where", ["log", "head"])
def test_nothing_is_done_where_the_beginning_cannot_be_written(
    bench: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder = bench.copy()
    before = (folder / "records.db").read_bytes()
    with bench.open(folder) as vault:
        fail_at(monkeypatch, where, 1)
        with pytest.raises(AuditError, match="no space left on device"), vault.operation(Event.INGEST):
            pytest.fail("it was begun without an entry")
        assert (folder / "records.db").read_bytes() == before


@pytest.mark.parametrize("where", ["log", "head"])
def test_an_operation_whose_end_cannot_be_written_fails(
    bench: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        fail_at(monkeypatch, where, 2)
        done = []
        with pytest.raises(AuditError, match="no space left on device"), vault.operation(Event.EXPORT):
            done.append("exported")
        assert done == ["exported"]
        assert told(vault)[-1] == ("export", "failed", "AuditError")
        assert vault.check() == len(bench.messages) + 1
    with bench.open(folder) as vault:
        assert vault.check() == len(bench.messages) + 1


@pytest.mark.parametrize("part", [0, 1, 40])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("where", ["log", "head"])
def test_a_log_that_could_not_be_written_once_holds_together_afterwards(
    bench: Any, monkeypatch: pytest.MonkeyPatch, where: str, call: int, part: int
) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault:
        fail_at(monkeypatch, where, call, part if where == "log" else 0)
        failures = 0
        for event in CALM:
            try:
                with vault.operation(event):
                    pass
            except AuditError:
                failures += 1
        assert failures == 1
        assert vault.check() == len(bench.messages) + 1
        assert told(vault)[-1] == ("anchor", "done", "")
    with bench.open(folder) as vault:
        assert vault.check() == len(bench.messages) + 1


@pytest.mark.parametrize("where", ["log", "head"])
def test_a_vault_that_was_closed_after_such_a_failure_opens_again(
    bench: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder = bench.copy()
    with bench.open(folder) as vault, monkeypatch.context() as patch:
        fail_at(patch, where, 1, 10 if where == "log" else 0)
        with pytest.raises(ClearslateError), vault.operation(Event.INGEST):
            pass
    with bench.open(folder) as vault:
        assert vault.check() == len(bench.messages) + 1
        assert told(vault)[-1] == (("ingest", "begun", "") if where == "log" else ("ingest", "done", ""))


def test_a_line_of_no_key_in_force_is_no_line() -> None:
    with pytest.raises(AuditError, match=r"line \[3\]"):
        audit.Keyring([(4, bytes(32))]).for_line(3)
