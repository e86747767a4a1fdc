from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clearslate.assess.run import RunRequest, run
from clearslate.errors import CountyError, LedgerError, OutputError, PluginError
from clearslate.ingest.reader import Reject
from clearslate.model import Place
from clearslate.testing.memory import MemoryBlock, MemoryReader

FILES = (
    "annotated.csv",
    "annotated_condensed.csv",
    "annotated_convictions.csv",
    "determinations.csv",
    "impact.json",
    "rejected.csv",
    "run.json",
)
Make = Callable[..., RunRequest]


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def test_a_run_writes_every_file_and_says_what_it_did(reader: MemoryReader, request_for: Make) -> None:
    request = request_for(reader)
    summary = run(request)
    assert summary.files == FILES
    assert sorted(entry.name for entry in request.output.iterdir()) == list(FILES)
    assert (summary.people, summary.people_with_conviction_in_scope) == (5, 4)
    assert (summary.charges, summary.decided, summary.out_of_scope_statute, summary.other_county) == (7, 5, 2, 0)
    assert summary.by_outcome == {"eligible": 3, "ineligible": 1, "review": 1, "refer": 0}
    assert sum(summary.by_relief.values()) == 3
    assert len(rows(request.output / "determinations.csv")) == 5
    assert len(rows(request.output / "annotated.csv")) == 7
    assert len(rows(request.output / "annotated_convictions.csv")) == 5


def test_the_same_run_gives_the_same_bytes(reader: MemoryReader, request_for: Make, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(request_for(reader, output=tmp_path / name))
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_with_a_county_the_rest_is_counted_and_not_written(reader: MemoryReader, request_for: Make) -> None:
    request = request_for(reader, county="oz")
    summary = run(request)
    assert summary.county == "OZ"
    assert (summary.decided, summary.other_county) == (4, 1)
    assert "EMERALD CITY" not in (request.output / "determinations.csv").read_text("utf-8")


def test_a_countys_policy_speaks_for_its_own_county(reader: MemoryReader, request_for: Make) -> None:
    assert run(request_for(reader, "emerald_city")).county == "EMERALD CITY"


def test_a_countys_policy_on_a_file_without_that_county_is_an_error(rolls: Any, request_for: Make) -> None:
    request = request_for(MemoryReader((MemoryBlock.of(rolls.person()),)), "emerald_city")
    with pytest.raises(CountyError, match="those found: OZ"):
        run(request)
    assert list(request.output.parent.iterdir()) == []


def test_rows_that_do_not_add_up_release_nothing(reader: MemoryReader, request_for: Make) -> None:
    lost = dataclasses.replace(reader, held=(reader.held[0], dataclasses.replace(reader.held[1], rows=())))

    class Losing(MemoryReader):
        rows_read = 7

    request = request_for(Losing(lost.held))
    with pytest.raises(LedgerError, match=r"\[annotated.csv\] holds \[3\] rows where \[7\] belong"):
        run(request)
    assert list(request.output.parent.iterdir()) == []


def test_a_row_in_no_block_that_was_decided_is_missed_in_the_convictions(rolls: Any, request_for: Make) -> None:
    block = MemoryBlock.of(rolls.person(rolls.count("ZZ 100")))
    elsewhere = dataclasses.replace(block, rows=((Place(0, 9, 10), ("P1", "ZZ 100", "OZ")),))
    with pytest.raises(LedgerError, match=r"\[annotated_convictions.csv\] holds \[0\] rows where \[1\] belong"):
        run(request_for(MemoryReader((elsewhere,))))


def test_rows_of_a_person_in_a_later_block_carry_the_decision(rolls: Any, request_for: Make) -> None:
    whole = MemoryBlock.of(rolls.person(rolls.count("ZZ 100"), rolls.count("ZZ 7"), rolls.count("ZZ 101")))
    early = dataclasses.replace(whole, rows=whole.rows[:2])
    late = MemoryBlock((), whole.rows[2:])
    request = request_for(MemoryReader((early, late)))
    run(request)
    outcomes = [row["outcome"] for row in rows(request.output / "annotated.csv")]
    assert outcomes == ["eligible", "", "eligible"]


def test_rejected_rows_are_listed_without_the_person(reader: MemoryReader, request_for: Make) -> None:
    reject = Reject(Place(0, 8, 9), "field count", "94 cells where 95 belong", "Zyxquell")
    request = request_for(dataclasses.replace(reader, rejects=(reject,)))
    summary = run(request)
    assert (summary.rows_read, summary.rows_used, summary.rows_rejected) == (8, 7, 1)
    text = (request.output / "rejected.csv").read_text("utf-8")
    assert text.splitlines()[1] == "rolls.csv,8,9,field count,94 cells where 95 belong"
    assert not any("Zyxquell" in file.read_text("utf-8") for file in request.output.iterdir())


def test_the_manifest_tells_the_digest_of_every_other_file(reader: MemoryReader, request_for: Make) -> None:
    import hashlib

    request = request_for(reader)
    run(request)
    manifest = json.loads((request.output / "run.json").read_text("utf-8"))
    assert [file["name"] for file in manifest["outputs"]] == [name for name in FILES if name != "run.json"]
    for file in manifest["outputs"]:
        data = (request.output / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert manifest["ledger"]["decided_by_outcome"] == {"eligible": 3, "ineligible": 1, "refer": 0, "review": 1}


def test_the_manifest_holds_no_path(reader: MemoryReader, request_for: Make, tmp_path: Path) -> None:
    request = request_for(reader)
    run(request)
    text = (request.output / "run.json").read_text("utf-8")
    assert str(tmp_path) not in text
    assert str(os.getpid()) + '"' not in text


def test_an_interrupt_leaves_nothing(reader: MemoryReader, request_for: Make) -> None:
    def stop(step: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    request = request_for(reader)
    with pytest.raises(KeyboardInterrupt):
        run(request, stop)
    assert list(request.output.parent.iterdir()) == []


def test_progress_reaches_its_end(reader: MemoryReader, request_for: Make) -> None:
    told: list[tuple[str, int, int]] = []
    run(request_for(reader), lambda *step: told.append(step))
    assert told == [("decide", 2, 5), ("decide", 5, 5)]


class Plugin:
    id = "oz_list"
    title = "A list"

    def __init__(self, fail: Exception | None = None) -> None:
        self.fail = fail

    def open(self, run: Any, folder: Any) -> Any:
        self.file = folder.create("list.txt")
        return self

    def block(self, block: Any, decided: Any) -> None:
        if self.fail is not None:
            raise self.fail
        self.file.write(b"%d\n" % len(decided), 1)

    def close(self) -> None:
        pass


def test_a_plugins_file_is_released_with_the_others(reader: MemoryReader, request_for: Make) -> None:
    request = request_for(reader, writers=(Plugin(),))
    assert "list.txt" in run(request).files
    assert (request.output / "list.txt").read_bytes() == b"1\n4\n"
    assert "list.txt" in (request.output / "run.json").read_text("utf-8")


def test_a_plugin_that_fails_is_named_in_one_line_and_nothing_is_released(
    reader: MemoryReader, request_for: Make
) -> None:
    request = request_for(reader, writers=(Plugin(ValueError("Zyxquell")),))
    with pytest.raises(PluginError, match=r"^writer \[oz_list\] failed with \[ValueError\]") as caught:
        run(request)
    assert "Zyxquell" not in str(caught.value)
    assert list(request.output.parent.iterdir()) == []


def test_a_plugin_cannot_take_the_name_of_another_file(reader: MemoryReader, request_for: Make) -> None:
    class Greedy(Plugin):
        def open(self, run: Any, folder: Any) -> Any:
            return folder.create("Determinations.csv")

    with pytest.raises(OutputError, match="two writers"):
        run(request_for(reader, writers=(Greedy(),)))
