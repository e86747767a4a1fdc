"""People in a vault: shredded, found, in conflict, in files of several formats."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from tests.vault.doj import row, write
from tests.vault.office import SAMPLE, CutError, Office, cut_after, two_files

from clearslate.assess import intake
from clearslate.errors import ClearslateError
from clearslate.ingest.kept import Records, kept_sources
from clearslate.output.determinations import COLUMNS
from clearslate.vault import runs
from clearslate.vault.finding import Facts, by_subject, find
from clearslate.vault.ledger import Ledger
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.shredding import shred_person
from clearslate.vault.store import Step


def test_a_shredded_person_is_a_hole_and_nobody_else_changes(office: Office) -> None:
    office.ingest(SAMPLE)
    office.run("before")
    person = runs.decided_persons(office.store, 1)[0]
    told = Record.read(office.store.get(Kind.PERSON, person)).known
    gone = shred_person(office.store, person)
    assert gone.rows > 0
    assert gone.decisions == 1
    office.run("after")
    before = [one for one in office.rows("before") if one["person_id"] != told["subject"]]
    assert office.rows("after") == before
    assert find(office.store, Facts(name=told["names"][0], born=told["births"][0])) == []
    assert by_subject(office.store, told["subject"]) == []
    office.store.check()
    words = [told["subject"].encode(), told["names"][0].upper().replace(" ", ",").encode()]
    assert not any(word in data for data in office.messages().values() for word in words)


def test_whoever_shared_an_identifier_with_a_shredded_person_gains_nothing_by_it(
    office: Office, tmp_path: Path
) -> None:
    rows = (row("71", "A71"), row("72", "A71"), row("73", "A73"), row("", "A71", CNT_ORDER="105001001000"))
    office.ingest(write(tmp_path / "shared.dat", *rows))
    office.run("before")
    (person,) = by_subject(office.store, "72")
    shred_person(office.store, person)
    office.run("after")
    outcomes = {one["source_row"]: (one["outcome"], one["relief"]) for one in office.rows("before")}
    assert {one["source_row"] for one in office.rows("after")} == {"1", "3", "4"}
    for one in office.rows("after"):
        assert (one["outcome"], one["relief"]) in (outcomes[one["source_row"]], ("review", ""))
    assert outcomes["1"] == ("review", "")
    office.ingest(write(tmp_path / "more.dat", row("79", "A79")))
    office.run("later")
    assert {one["outcome"] for one in office.rows("later") if one["person_id"] == "71"} == {"review"}


def test_an_ingest_after_a_shredding_keeps_the_hole(office: Office, tmp_path: Path) -> None:
    first, second = two_files(tmp_path)
    office.ingest(first)
    (person,) = by_subject(office.store, "71")
    shred_person(office.store, person)
    office.ingest(second)
    source = kept_sources(Records(office.store))[0]
    assert sum(stretch.gone_rows for stretch in source.stretches()) == 2
    (again,) = by_subject(office.store, "71")
    assert again != person
    office.run("out")
    assert {(one["source_file"], one["person_id"]) for one in office.rows("out")} >= {("second.dat", "71")}
    assert not any(one["source_file"] == "first.dat" and one["person_id"] == "71" for one in office.rows("out"))


def test_two_facts_find_a_person_and_one_does_not(office: Office, tmp_path: Path) -> None:
    office.ingest(write(tmp_path / "one.dat", row("71", "A71", PRI_NAME="O'ZYX,ORLA"), row("72", "A72")))
    for facts in (
        Facts(name="ozyx orla", born="1970-05-12"),
        Facts(name="orla ozyx", identifier="a71"),
        Facts(born="1970-05-12", case="oz71"),
        Facts(identifier="a71", case="oz71"),
    ):
        assert find(office.store, facts) == [1]
    assert find(office.store, Facts(name="ozyx orla", born="1970-05-13")) == []
    assert find(office.store, Facts(identifier="a71", case="oz72")) == []
    with pytest.raises(ClearslateError, match="two facts are needed"):
        find(office.store, Facts(name="ozyx orla"))


def test_what_cannot_all_be_so_is_kept_and_told(office: Office, tmp_path: Path) -> None:
    found = office.ingest(
        write(
            tmp_path / "odd.dat",
            row("71", "A71"),
            row("71", "A71", PRI_DOB="19800101", CNT_ORDER="102001001000"),
            row("72", "A72"),
            row("72", "A79", CNT_ORDER="102001001000"),
            row("73", "A71"),
        )
    )
    assert {name: conflict.persons for name, conflict in found.conflicts.items()} == {
        "two_births": 1,
        "two_identifiers": 1,
        "shared_identifier": 2,
    }
    assert [place.row for place in found.conflicts["two_births"].rows] == [1]
    assert Ledger.read(office.store).conflicts["two_births"] == by_subject(office.store, "71")
    assert found.persons == 3


def test_a_person_with_very_many_rows_apart_is_one_record(office: Office, tmp_path: Path) -> None:
    rows: list[dict[str, str]] = []
    for n in range(300):
        rows += [row("71", "A71", CNT_ORDER=f"{100 + n}001001000"), row(str(1000 + n), f"B{n}")]
    file = write(tmp_path / "apart.dat", *rows)
    office.ingest(file)
    assert office.store.numbers(Kind.PERSON)[-1] == 301
    assert len(Record.read(office.store.get(Kind.PERSON, 1)).extents) == 300
    on_files = office.run_on_files("files", file)
    office.run("vault")
    assert office.read("vault") == on_files


@pytest.mark.parametrize("apart", [False, True])
def test_a_run_on_files_seals_all_of_them_and_leaves_no_vault_behind(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    file = SAMPLE
    if apart:
        rows = [row(str(71 + n % 2), f"A{n % 2}", CNT_ORDER=f"{100 + n}001001000") for n in range(40)]
        file = write(tmp_path / "apart.dat", *rows)
    sealed: list[bytes] = []
    put_many = Step.put_many

    def watched(step: Any, kind: Kind, messages: Any) -> int:
        found = list(messages)
        sealed.extend(Record.read(data).text for _, data in found)
        return put_many(step, kind, found)

    monkeypatch.setattr(Step, "put_many", watched)
    office.folder = tmp_path / "work"
    office.folder.mkdir()
    office.run_on_files("out", file)
    assert sum(map(len, sealed)) == file.stat().st_size
    assert [entry.name for entry in office.folder.iterdir()] == ["out"]


def test_the_digest_of_each_file_is_that_of_the_file_that_was_given(office: Office) -> None:
    office.ingest(SAMPLE)
    (source,) = kept_sources(Records(office.store))
    assert source.sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()


def test_an_identifier_that_was_shared_stays_so_whoever_is_shredded_and_comes_back(
    office: Office, tmp_path: Path
) -> None:
    office.ingest(write(tmp_path / "a.dat", row("", "A70"), row("71", "A71"), row("72", "A71"), row("73", "A73")))
    for subject in ("71", "72"):
        (person,) = by_subject(office.store, subject)
        shred_person(office.store, person)
    office.ingest(write(tmp_path / "b.dat", row("72", "A71"), row("72", "A70", CNT_ORDER="104001001000")))
    office.run("out")
    outcomes = {(one["person_id"], one["outcome"]) for one in office.rows("out")}
    assert {outcome for person, outcome in outcomes if person == "72"} == {"review"}
    assert ("73", "eligible") in outcomes


def test_a_decision_is_kept_with_the_record_that_its_row_is_in(office: Office, tmp_path: Path) -> None:
    rows = (row("71", "A71"), row("", "A71", CNT_ORDER="104001001000"), row("72", "A72"))
    office.ingest(write(tmp_path / "a.dat", *rows))
    first = office.run().number
    office.ingest(write(tmp_path / "b.dat", row("75", "A71")))
    second = office.run().number
    for number in (first, second):
        assert number is not None
        for person in runs.decided_persons(office.store, number):
            for decision in runs.read_decisions(office.store, number, person):
                cells = dict(zip(COLUMNS, decision["cells"], strict=True))
                (source,) = [s for s in kept_sources(Records(office.store)) if s.name == cells["source_file"]]
                begins = [0, *source.map.rows.cumsum().tolist()]
                places = source.map.places()
                at = next(n for n, place in enumerate(places) if begins[n] < int(cells["source_row"]) <= begins[n + 1])
                assert places[at].owner == person
    (person,) = by_subject(office.store, "71")
    assert shred_person(office.store, person).decisions == 2


class Other:
    """The same reader under another id."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    id = "ca_other"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


def test_files_of_another_format_leave_everybody_findable(office: Office, tmp_path: Path) -> None:
    office.ingest(write(tmp_path / "a.dat", row("71", "A71"), row("72", "A71")))
    before = Ledger.read(office.store).conflicts["shared_identifier"]
    office.reader = Other(office.reader)  # type: ignore[assignment]
    office.ingest(write(tmp_path / "b.dat", row("79", "A79")))
    assert by_subject(office.store, "71") == [1]
    assert by_subject(office.store, "79") == [3]
    assert Ledger.read(office.store).conflicts["shared_identifier"] == before == [1, 2]
    office.reader = office.reader._reader  # type: ignore[attr-defined]
    office.ingest(write(tmp_path / "c.dat", row("71", "A71", CNT_ORDER="104001001000")))
    assert by_subject(office.store, "79") == [3]


def test_an_ingest_that_was_dropped_leaves_nothing_to_find_anybody_by(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PERSONS_A_STEP", 1)
    office.ingest(write(tmp_path / "a.dat", row("71", "A71")))
    wrong = write(tmp_path / "wrong.dat", row("71", "A71", PRI_NAME="VORNWICK,BO"), row("72", "A72"), row("73", "A73"))
    with pytest.raises(CutError):
        office.ingest(wrong, progress=cut_after(1))
    office.ingest(write(tmp_path / "right.dat", row("74", "A74")))
    assert find(office.store, Facts(identifier="a71", name="vornwick bo")) == []
    assert find(office.store, Facts(identifier="a71", name="zyxquell 71")) == [1]
