from __future__ import annotations

import csv
import datetime as dt
import io
import os
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import LedgerError, OutputError, UsageError
from clearslate.registry import load
from clearslate.track.answers import Answered, Asked, Table
from clearslate.track.book import By, granted, take_in
from clearslate.track.case import cases, chosen_run
from clearslate.track.clocks import CLOCKS, Pace
from clearslate.track.sheet import CASES, REPORT, case_rows, sheet
from clearslate.track.state import State
from clearslate.track.summary import Summary, summary

S = State

READ = load().reform("ca_prop64").read_statute
BY = By("tester", "2026-03-20T00:00:00.00Z", dt.date(2026, 3, 20))
CLOCK = CLOCKS["California"]


@pytest.fixture
def store(kept: Any) -> Any:
    kept.add(1, 1).add(1, 2, case_number="OZ-2", county="").add(2, 3, case_number="=OZ-3")
    kept.add(3, 4, case_number="OZ-4", outcome="review").add(2, 5, case_number="OZ-5", county="KANSAS")
    store = kept.done()
    said = [("OZ-1", S.SIGNED, 3), ("OZ-2", S.SIGNED, 3), ("OZ-2", S.DENIED, 5), ("OZ-5", S.DENIED, 5)]
    rows = [
        (n, Answered(n, Asked(number), state, dt.date(2026, 3, day))) for n, (number, state, day) in enumerate(said)
    ]
    take_in(store, 1, Table("a.csv", "a" * 64, (), rows), READ, BY)
    return store


def seen(store: Any, day: dt.date) -> Summary:
    return summary(1, cases(store, 1), CLOCK, day)


def test_what_is_open_adds_up_by_state_by_clock_and_by_county(store: Any) -> None:
    found = seen(store, dt.date(2026, 4, 2))
    assert (found.charges, found.people, found.open, found.closed, found.contradictory) == (4, 2, 3, 1, 1)
    assert found.states == Counter({S.SIGNED: 1, S.DECIDED: 1, S.DENIED: 1})
    assert found.people_in == Counter({S.SIGNED: 1, S.DECIDED: 1, S.DENIED: 1})
    assert found.clocks["report_to_doj"] == Counter({Pace.RUNNING: 2, Pace.NOT_BEGUN: 2})
    assert {name: (at.charges, at.open, at.contradictory, at.run_out) for name, at in found.counties.items()} == {
        "": (1, 1, 1, 0),
        "KANSAS": (1, 0, 0, 0),
        "OZ": (2, 2, 0, 0),
    }
    later = seen(store, dt.date(2026, 4, 3))
    assert later.clocks["report_to_doj"][Pace.RUN_OUT] == 2
    assert later.counties["OZ"].run_out == 1


def test_an_earlier_day_is_told_as_it_was(store: Any) -> None:
    found = seen(store, dt.date(2026, 3, 4))
    assert (found.states[S.SIGNED], found.contradictory, found.closed) == (2, 0, 0)


def test_a_summary_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(LedgerError, match="do not add up"):
        Summary(1, dt.date(2026, 3, 1), charges=1).check()


def rows(store: Any, **said: Any) -> list[dict[str, str]]:
    told = {"states": (), "only_open": True, **said}
    made = case_rows(granted(store, 1), CLOCK, dt.date(2026, 4, 3), told["states"], only_open=told["only_open"])
    return [dict(zip(CASES, cells, strict=True)) for cells in made]


def test_what_is_open_is_listed_by_county_and_case_with_the_day_that_is_due(store: Any) -> None:
    listed = rows(store)
    assert [(one["county"], one["case_number"], one["state"]) for one in listed] == [
        ("", "OZ-2", "signed"),
        ("OZ", "=OZ-3", "decided"),
        ("OZ", "OZ-1", "signed"),
    ]
    assert [one["contradiction"] for one in listed] == ["denied", "", ""]
    assert (listed[2]["signed_on"], listed[2]["due_on"]) == ("2026-03-03", "2026-04-02")
    assert listed[2]["clock"] == "report_to_doj: run out"
    assert [one["case_number"] for one in rows(store, only_open=False, states=[S.DENIED])] == ["OZ-5"]
    assert len(rows(store, only_open=False)) == 4


def test_a_sheet_is_whole_for_its_owner_alone_and_runs_nothing(store: Any, tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    with sheet(path, CASES) as writing:
        assert not path.exists()
        writing.write(case_rows(granted(store, 1), CLOCK, BY.day, (), only_open=True))
    assert [entry.name for entry in tmp_path.iterdir()] == ["open.csv"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    table = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert [one["case_number"] for one in table] == ["OZ-2", "'=OZ-3", "OZ-1"]


def test_a_sheet_that_fails_leaves_nothing_and_none_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    with pytest.raises(TypeError), sheet(path, CASES) as writing:
        writing.write([("1",) * len(CASES), None])  # type: ignore[list-item] # what no row is
    assert list(tmp_path.iterdir()) == []
    path.write_text("mine", "utf-8")
    for replaces in (False, True):
        with pytest.raises(OutputError, match=r"\[open.csv\] is there already"), sheet(path, CASES, replaces=replaces):
            pass
    assert path.read_text("utf-8") == "mine"


def test_a_report_takes_the_place_of_an_older_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    for row in ("1", "2"):
        with sheet(path, REPORT, replaces=True) as writing:
            writing.write([(row, "not matched", "answer", "is none")])
    assert path.read_text("utf-8").splitlines()[1:] == ["2,not matched,answer,is none"]


def test_the_run_is_the_one_that_is_asked_for_or_the_only_one(kept: Any) -> None:
    with pytest.raises(UsageError, match="decide first"):
        chosen_run(kept.store, None)
    kept.add(1, 1).done()
    assert chosen_run(kept.store, None) == 1
    kept.done(run=2)
    with pytest.raises(UsageError, match="known: 1, 2"):
        chosen_run(kept.store, None)
    with pytest.raises(UsageError, match=r"no run \[3\]; known: 1, 2"):
        chosen_run(kept.store, 3)
    rows = [(1, Answered(1, Asked("OZ-1"), S.DENIED))]
    take_in(kept.store, 2, Table("a.csv", "", (), rows), READ, BY)
    assert chosen_run(kept.store, None) == 2
    assert chosen_run(kept.store, 1) == 1
