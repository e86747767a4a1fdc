from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clearslate.assess.filed import Filed, check_entries, court_printed, totals
from clearslate.assess.run import RunRequest, run
from clearslate.errors import LedgerError
from clearslate.filing.entry import Standing
from clearslate.filing.office import example_office, parse_office
from clearslate.ingest.table.mapping import read_mapping
from clearslate.ingest.table.reader import TableReader
from clearslate.model import Place
from clearslate.output.manifest import digest_of
from clearslate.policy.word import Word, with_word
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate_ca_prop64.plugin import CA_PROP64
from clearslate_california.doj import CA_DOJ
from clearslate_il_cannabis.plugin import IL_CANNABIS
from clearslate_illinois.ccsao import IL_CCSAO

OFFICE = parse_office(example_office())
Make = Callable[..., RunRequest]


@dataclass(frozen=True, slots=True, repr=False)
class CourtReader(MemoryReader):
    """A reader that says which of its columns name the courthouse."""

    court_columns: tuple[str, ...] = ("COUNTY", "PERSON")


def taken_up(request: RunRequest) -> tuple[Filed, Any]:
    """What was taken up of a run, and its manifest."""
    filed = Filed()
    return filed, run(replace(request, writers=(filed,))).manifest


def test_every_decision_is_taken_up_with_its_first_source_row(reader: MemoryReader, request_for: Make) -> None:
    filed, manifest = taken_up(request_for(reader))
    entries = filed.entries(OFFICE)
    assert check_entries(entries, manifest) == {
        "granted": 3, "objected": 0, "open": 1, "refused": 1, "referred": 0,
    }  # fmt: skip
    for entry in entries:
        assert entry.source_file == "rolls.csv"
        assert dict(entry.cells) == {
            "PERSON": entry.decided.person.person_id,
            "OFFENSE": entry.decided.count.offense,
            "COUNTY": entry.decided.count.event.county or "",
        }
        assert entry.decided.count.offense not in repr(entry.cells)


def test_a_row_is_found_that_stands_in_a_later_block(rolls: Any, request_for: Make) -> None:
    late = rolls.person(rolls.count("ZZ 100"))
    block = MemoryBlock.of(late)
    away = MemoryReader((MemoryBlock((late,), ()), MemoryBlock.of(rolls.person()), MemoryBlock((), block.rows)))
    filed, _ = taken_up(request_for(away))
    found = {entry.decided.person.person_id: entry.cells["OFFENSE"] for entry in filed.entries(OFFICE)}
    assert found[late.person_id] == late.counts[0].offense


def test_a_cell_that_a_spreadsheet_would_run_is_given_as_it_was_printed(rolls: Any, request_for: Make) -> None:
    count = msgspec.structs.replace(rolls.count("ZZ 100"), offense='=1+1, "x"')
    filed, _ = taken_up(request_for(MemoryReader((MemoryBlock.of(rolls.person(count)),))))
    (entry,) = filed.entries(OFFICE)
    assert entry.cells["OFFENSE"] == '=1+1, "x"'
    with pytest.raises(KeyError):
        entry.cells["NOWHERE"]


def test_a_decision_without_its_row_stops_the_packet(rolls: Any, request_for: Make) -> None:
    lost = MemoryBlock((rolls.person(),), ())
    filed = Filed()
    with pytest.raises(LedgerError):
        run(replace(request_for(MemoryReader((lost,))), writers=(filed,)))
    with pytest.raises(LedgerError, match="no source row"):
        filed.close()


def test_two_decisions_at_one_row_stop_the_packet(rolls: Any, request_for: Make) -> None:
    count = rolls.count("ZZ 100")
    twice = rolls.person(count, msgspec.structs.replace(count, key="another"))
    with pytest.raises(LedgerError, match="at one row"):
        taken_up(request_for(MemoryReader((MemoryBlock.of(twice),))))


def test_entries_are_in_the_order_of_courthouse_case_person_and_count(rolls: Any, request_for: Make) -> None:
    def at(court: str | None, case: str) -> Any:
        count = rolls.count("ZZ 100")
        event = msgspec.structs.replace(count.event, agency=court, case_numbers=(case,))
        return rolls.person(msgspec.structs.replace(count, event=event))

    people = [
        at("WINKIE COURT", "A1"), at(None, "A1"), at("CAMC MUNCHKIN COUNTRY", "A2"), at("CAMC MUNCHKIN COUNTRY", "A1"),
        at("casc  emerald city", "Z9"), at("GILLIKIN COURT", "A1"),
    ]  # fmt: skip
    filed, _ = taken_up(request_for(MemoryReader((MemoryBlock.of(*people),))))
    found = [(e.decided.count.event.agency, e.decided.count.event.case_numbers[0]) for e in filed.entries(OFFICE)]
    assert found == [
        ("casc  emerald city", "Z9"), ("CAMC MUNCHKIN COUNTRY", "A1"), ("CAMC MUNCHKIN COUNTRY", "A2"),
        (None, "A1"), ("GILLIKIN COURT", "A1"), ("WINKIE COURT", "A1"),
    ]  # fmt: skip


def test_a_reader_may_say_which_columns_name_the_courthouse(rolls: Any, request_for: Make) -> None:
    block = MemoryBlock.of(rolls.person(rolls.count("ZZ 100")), rolls.person(rolls.count("ZZ 100", county=None)))
    reader = CourtReader((block,))
    filed, _ = taken_up(request_for(reader))
    printed = court_printed(reader)
    assert sorted(str(printed(entry)) for entry in filed.entries(OFFICE)) == ["OZ", "P2"]
    assert court_printed(MemoryReader((block,)))(filed.entries(OFFICE)[0]) is None


def test_entries_that_the_ledger_counts_otherwise_stop_the_packet(reader: MemoryReader, request_for: Make) -> None:
    filed, manifest = taken_up(request_for(reader))
    entries = filed.entries(OFFICE)
    lost = next(entry for entry in entries if entry.standing is Standing.GRANTED)
    with pytest.raises(LedgerError, match=r"decided \[3\] as eligible and \[2\] were taken up"):
        check_entries([entry for entry in entries if entry is not lost], manifest)


def test_what_is_objected_to_is_no_grant_and_counts_as_review(reader: MemoryReader, request_for: Make) -> None:
    request = request_for(reader)
    filed, manifest = taken_up(request)
    entries = list(filed.entries(OFFICE))
    place = next(n for n, entry in enumerate(entries) if entry.standing is Standing.GRANTED)
    word = Word("object", None, None, "Not the person.", "G. Quadling", dt.date(2026, 1, 5))
    one = entries[place].decided
    objected = msgspec.structs.replace(one, determination=with_word(request.policy, one.determination, word))
    entries[place] = msgspec.structs.replace(entries[place], decided=objected)
    with pytest.raises(LedgerError, match="as eligible"):
        check_entries(entries, manifest)
    outcomes = {"eligible": 2, "review": 2, "ineligible": 1, "refer": 0}
    found = check_entries(entries, {"ledger": {"decided_by_outcome": outcomes}})
    assert (found["granted"], found["objected"], found["open"]) == (2, 1, 1)


def test_the_digest_is_that_of_the_file_run_json(reader: MemoryReader, request_for: Make) -> None:
    request = request_for(reader)
    manifest = run(request).manifest
    assert request.output is not None
    data = (request.output / "run.json").read_bytes()
    assert digest_of(manifest) == hashlib.sha256(data).hexdigest() == digest_of(json.loads(data))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_totals_equal_the_ledger_of_a_run_on_invented_people(tmp_path: Path, seed: int) -> None:
    source = tmp_path / "people.dat"
    CA_DOJ.synthesize(source, people=40, seed=seed)
    policy = CA_PROP64.bind(CA_PROP64.find("statute"))
    request = RunRequest(CA_PROP64, policy, CA_DOJ, (source,), tmp_path / "out", dt.date(2026, 6, 1))
    filed, manifest = taken_up(request)
    entries = filed.entries(OFFICE)
    found = check_entries(entries, manifest)
    assert sum(found.values()) == manifest["ledger"]["convictions_decided"] == len(entries)
    assert totals(entries) == found
    with (tmp_path / "out" / "determinations.csv").open(encoding="utf-8", newline="") as file:
        decided = {(row["source_file"], int(row["source_row"])): row for row in csv.DictReader(file)}
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {(entry.source_file, entry.decided.count.place.row) for entry in entries} == set(decided)
    for entry in entries:
        # The file has a header; a row with a line break in a cell would have shifted what is read here.
        printed = rows[entry.decided.count.place.row]
        assert [entry.cells[column] for column in CA_DOJ.columns] == printed[: len(CA_DOJ.columns)]


def test_totals_of_each_route_equal_the_ledger(tmp_path: Path) -> None:
    source = tmp_path / "charges.csv"
    IL_CCSAO.synthesize(source, people=60, seed=7)
    inputs = (source, tmp_path / "charges_sentencing.csv")
    policy = IL_CANNABIS.bind(IL_CANNABIS.find("statute"))
    request = RunRequest(IL_CANNABIS, policy, IL_CCSAO, inputs, tmp_path / "out", dt.date(2026, 6, 1))
    filed, manifest = taken_up(request)
    entries = filed.entries(OFFICE)
    check_entries(entries, manifest)
    given = Counter(relief for entry in entries for relief in entry.reliefs)
    routes = manifest["ledger"]["decided_by_route"]
    assert {name: outcomes["eligible"] for name, outcomes in routes.items()} == {name: given[name] for name in routes}
    printed = court_printed(IL_CCSAO)
    assert all(printed(entry) for entry in entries)
    assert all(entry.decided.count.cycle.agency == entry.cells["LAW_ENFORCEMENT_AGENCY"] for entry in entries)
    with pytest.raises(LedgerError, match="eligible for sa_motion"):
        check_entries(
            entries, {"ledger": {**manifest["ledger"], "decided_by_route": {"sa_motion": {"eligible": 9999}}}}
        )


def test_rows_of_two_files_are_told_apart(rolls: Any, request_for: Make) -> None:
    one = rolls.person(rolls.count("ZZ 100"))
    other = rolls.person(msgspec.structs.replace(rolls.count("ZZ 100"), place=Place(1, 1, 2)))
    reader = MemoryReader((MemoryBlock.of(one, other),), names=("rolls.csv", "more.csv"))
    filed, _ = taken_up(request_for(reader))
    assert {(e.source_file, e.cells["PERSON"]) for e in filed.entries(OFFICE)} == {
        ("rolls.csv", one.person_id), ("more.csv", other.person_id),
    }  # fmt: skip


def test_a_table_s_own_columns_are_taken_up(tmp_path: Path) -> None:
    example = Path(__file__).parents[3] / "examples" / "table"
    reader = TableReader(read_mapping(example / "oz_roll.toml"), CA_PROP64)
    policy = CA_PROP64.bind(CA_PROP64.find("statute"))
    source = example / "oz_roll.csv"
    request = RunRequest(CA_PROP64, policy, reader, (source,), tmp_path / "out", dt.date(2019, 7, 1))
    filed, manifest = taken_up(request)
    entries = filed.entries(OFFICE)
    check_entries(entries, manifest)
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert entries
    for entry in entries:
        printed = rows[entry.decided.count.place.row - 1]
        assert {column: entry.cells[column] for column in printed} == printed
