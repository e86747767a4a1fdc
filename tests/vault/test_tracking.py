"""What became of decisions, in a vault: sealed with the person, moved with the decision, gone with the person."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.vault.doj import row, write
from tests.vault.office import SAMPLE, Office, two_files

from clearslate.errors import ClearslateError, CountyError, VaultError
from clearslate.ingest.kept import Records, kept_sources
from clearslate.ingest.reader import Reading
from clearslate.track.book import By, Mark, granted, mark
from clearslate.track.case import Case, cases
from clearslate.track.history import Origin, standing
from clearslate.track.later import Comparison, Finding, compare
from clearslate.track.sighting import Noted, note
from clearslate.track.state import State
from clearslate.vault import runs
from clearslate.vault.audit import Event
from clearslate.vault.backup import back_up, restore
from clearslate.vault.beside import EVERY, SPOKEN, TRACKED, Beside
from clearslate.vault.finding import by_subject
from clearslate.vault.ledger import Ledger
from clearslate.vault.lookup import Told
from clearslate.vault.lookup import write as write_look_up
from clearslate.vault.records import Extent, Place, Record, packed_source
from clearslate.vault.sealing import Kind
from clearslate.vault.secrets import KeyFile
from clearslate.vault.shredding import shred_person
from clearslate.vault.store import Step

DAY = dt.date(2026, 3, 20)
BY = By("tester", "2026-03-20T00:00:00.00Z", DAY)
NOTED = {("a.csv", 1): [{"state": "filed", "noted": "2026-03-20", "at": BY.at, "who": "tester", "note": "ZYXQUELL"}]}
NEW = KeyFile("ab" * 8, bytes(range(100, 132)))


def told(name: str) -> list[dict[str, Any]]:
    return [{"cells": [file, str(row)], name: each} for (file, row), each in NOTED.items()]


# As sealed messages, which attorneys' words are too


@pytest.fixture(params=EVERY, ids=lambda beside: beside.name)
def beside(request: pytest.FixtureRequest) -> Beside:
    return request.param


@pytest.fixture
def folder(bench: Any, beside: Beside) -> Path:
    """A vault with three persons, of whom two were decided and one is tracked, in two runs."""
    with bench.create("office") as vault:
        with vault.operation(Event.INGEST), vault.store.step() as step:
            places, offset = [], 0
            for person in (1, 2, 3):
                text = f"{person},ZYXQUELL-{person}\n".encode()
                step.put(
                    Kind.PERSON, person, Record([Extent(1, offset, len(text))], text, {"subject": str(person)}).packed()
                )
                places.append(Place(offset, len(text), 1, 1, 1, person))
                offset += len(text)
            step.put(Kind.SOURCE, 1, packed_source({"name": "a.csv", "sha256": "", "size": offset}, places))
            write_look_up(vault.store, step, [(Told("subject", str(person)), person) for person in (1, 2, 3)])
            Ledger(next_person=4).write(step)
        for run in (1, 2):
            with vault.operation(Event.RUN), vault.store.step() as step:
                runs.write_run(step, run, {"manifest": {}})
                runs.write_decisions(step, run, [(person, [{"cells": ["a.csv", str(person)]}]) for person in (1, 2)])
            with vault.operation(Event.TRACK_MARKED), vault.store.step() as step:
                assert beside.write(step, run, [(2, NOTED)]) == 1
        folder: Path = vault.folder
    return folder


def read(bench: Any, folder: Path, beside: Beside, secret: Any = None) -> Any:
    with bench.open(folder, secret) as vault:
        vault.check()
        return [beside.read(vault.store, run, person) for run in (1, 2) for person in (1, 2)]


def test_what_was_noted_is_given_back_person_by_person(bench: Any, folder: Path, beside: Beside) -> None:
    assert read(bench, folder, beside) == [{}, NOTED, {}, NOTED]
    with bench.open(folder) as vault:
        assert beside.persons(vault.store, 1) == [2]
        assert beside.runs(vault.store) == [1, 2]
    assert all(b"ZYXQUELL" not in path.read_bytes() for path in folder.iterdir())


def test_the_second_reader_reads_it_from_the_page_alone(
    bench: Any, folder: Path, beside: Beside, second_reader: Any
) -> None:
    key = bench.folder / "k.key"
    bench.secret.write(key)
    found = second_reader.read(folder, key.read_bytes())
    assert json.loads(found[beside.kind, (1 << 32) + 2]) == told(beside.name)
    assert {number for kind, number in found if kind == beside.kind} == {(run << 32) + 2 for run in (1, 2)}


def test_a_shredded_persons_tracking_is_gone_from_every_byte(bench: Any, folder: Path, beside: Beside) -> None:
    ids = [bench.entry(beside.kind, runs.number_of(run, 2)) for run in (1, 2)]
    sealed = [bench.sql(folder, ("SELECT sealed FROM body WHERE id = ?", id))[0][0] for id in ids]
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED):
        shred_person(vault.store, 2)
    after = (folder / "records.db").read_bytes()
    assert not any(value[at : at + 16] in after for value in sealed for at in range(0, len(value) - 16, 16))
    assert read(bench, folder, beside) == [{}, {}, {}, {}]


def test_what_was_sealed_opens_with_the_persons_key_alone(bench: Any, folder: Path, beside: Beside) -> None:
    id = bench.entry(beside.kind, runs.number_of(1, 2))
    entry = bench.sql(folder, ("SELECT id, generation, commitment, key FROM entry WHERE id = ?", id))[0]
    body = bench.sql(folder, ("SELECT id, sealed FROM body WHERE id = ?", id))[0]
    with bench.open(folder) as vault, vault.operation(Event.PERSON_SHREDDED):
        shred_person(vault.store, 2)
    bench.sql(
        folder,
        ("INSERT INTO entry (id, generation, commitment, key) VALUES (?, ?, ?, ?)", *entry),
        ("INSERT INTO body (id, sealed) VALUES (?, ?)", *body),
    )
    with pytest.raises(ClearslateError), bench.open(folder) as vault:
        beside.read(vault.store, 1, 2)


def test_it_cannot_be_moved_to_another_person_run_or_kind(bench: Any, folder: Path, beside: Beside) -> None:
    here = bench.entry(beside.kind, runs.number_of(1, 2))
    for kind, number in (
        (beside.kind, runs.number_of(1, 1)),
        (beside.kind, runs.number_of(2, 2)),
        (Kind.DECISIONS, runs.number_of(1, 2)),
    ):
        copy = Path(shutil.copytree(folder, bench.folder / f"moved-{kind}-{number}"))
        there = bench.entry(kind, number)
        for table in ("entry", "body"):
            bench.sql(
                copy,
                (f"DELETE FROM {table} WHERE id = ?", there),
                (f"UPDATE {table} SET id = ? WHERE id = ?", there, here),
            )
        with pytest.raises(ClearslateError), bench.open(copy) as vault:
            runs.read_list(vault.store, kind, number)


def test_it_outlives_a_rotation_and_a_backup(bench: Any, folder: Path, beside: Beside, new_actor: Any) -> None:
    before = read(bench, folder, beside)
    with bench.open(folder) as vault, vault.operation(Event.BACKED_UP):
        back_up(vault, bench.folder / "backup")
    with bench.open(folder) as vault, vault.operation(Event.KEYS_ROTATED):
        vault.rotate(NEW, "new")
    assert read(bench, folder, beside, NEW) == before
    restore(bench.folder / "backup", bench.folder / "restored", bench.secret, new_actor())
    assert read(bench, bench.folder / "restored", beside) == before


def test_what_is_none_is_refused(bench: Any, folder: Path, beside: Beside) -> None:
    with bench.open(folder) as vault:
        name = beside.name.encode()
        for data in (
            b"{}",
            b"[1]",
            b'[{"cells":["a.csv"],"%s":[]}]' % name,
            b'[{"cells":["a.csv","x"],"%s":[]}]' % name,
        ):
            with vault.operation(Event.TRACK_MARKED), vault.store.step() as step:
                step.put(beside.kind, runs.number_of(1, 1), data)
            with pytest.raises(VaultError):
                beside.read(vault.store, 1, 1)


def test_a_mark_that_fails_leaves_everything_as_it_was(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.ingest(SAMPLE)
    office.run()
    before, generation = office.messages(), office.store.generation
    put_many = Step.put_many

    def fails(step: Any, kind: Kind, messages: Any) -> int:
        put_many(step, kind, messages)
        raise VaultError("the disk went away")

    monkeypatch.setattr(Step, "put_many", fails)
    with pytest.raises(VaultError):
        mark(office.store, 1, granted(office.store, 1), Mark(State.FILED, DAY), BY)
    assert (office.messages(), office.store.generation) == (before, generation)


# With what is brought in later


def tracked(office: Office, run: int = 1) -> dict[tuple[str, int], tuple[int, list[str]]]:
    """Whose record each tracked charge stands with, and its steps."""
    found = {}
    for person in TRACKED.persons(office.store, run):
        for key, steps in TRACKED.read(office.store, run, person).items():
            found[key] = person, [step["state"] for step in steps]
    return found


def test_it_moves_with_the_decision_when_a_row_turns_out_to_be_anothers(office: Office, tmp_path: Path) -> None:
    office.ingest(write(tmp_path / "only.dat", row("", "A71"), row("72", "A72")))
    office.run()
    mark(office.store, 1, granted(office.store, 1), Mark(State.FILED, DAY), BY)
    assert tracked(office) == {("only.dat", 1): (1, ["filed"]), ("only.dat", 2): (2, ["filed"])}
    for file, subject, whose in (("keyed.dat", "71", "71"), ("other.dat", "75", "CII_NUMBER:A71")):
        office.ingest(write(tmp_path / file, row(subject, "A71", CNT_ORDER=f"1{subject}001001000")))
        (again,) = by_subject(office.store, whose)
        assert tracked(office)["only.dat", 1] == (again, ["filed"])
    # Now there are three people, and the row is that of the one without a key.
    assert len(office.store.numbers(Kind.PERSON)) == 4
    assert tracked(office) == {("only.dat", 1): (again, ["filed"]), ("only.dat", 2): (2, ["filed"])}
    office.store.check()
    assert [case.steps[0].state for of_person in cases(office.store, 1) for case in of_person] == [State.FILED] * 2
    shred_person(office.store, again)
    assert tracked(office) == {("only.dat", 2): (2, ["filed"])}


def test_two_records_that_turn_out_to_be_one_persons_keep_what_was_noted_of_both(
    office: Office, tmp_path: Path
) -> None:
    office.ingest(write(tmp_path / "apart.dat", row("71", "A70"), row("", "A71")))
    office.run()
    mark(office.store, 1, granted(office.store, 1), Mark(State.FILED, DAY), BY)
    office.ingest(write(tmp_path / "joined.dat", row("71", "A71", CNT_ORDER="108001001000")))
    assert tracked(office) == {("apart.dat", 1): (1, ["filed"]), ("apart.dat", 2): (1, ["filed"])}
    office.store.check()


def test_an_attorneys_word_moves_with_the_decision_too(office: Office, tmp_path: Path) -> None:
    office.ingest(write(tmp_path / "only.dat", row("", "A71"), row("72", "A72")))
    office.run()
    said = [{"kind": "withdraw", "route": None, "facts": "f", "run": "r", "at": BY.at, "by": BY.who}]
    with office.store.step() as step:
        SPOKEN.write(step, 1, [(1, {("only.dat", 1): said})])
    for file, subject in (("keyed.dat", "71"), ("other.dat", "75")):
        office.ingest(write(tmp_path / file, row(subject, "A71", CNT_ORDER=f"1{subject}001001000")))
    (again,) = by_subject(office.store, "CII_NUMBER:A71")
    assert SPOKEN.persons(office.store, 1) == [again]
    assert SPOKEN.read(office.store, 1, again) == {("only.dat", 1): said}
    office.store.check()
    shred_person(office.store, again)
    assert SPOKEN.persons(office.store, 1) == []


def test_a_run_and_an_export_are_the_same_whatever_was_noted(office: Office) -> None:
    office.ingest(SAMPLE)
    office.run("before")
    mark(office.store, 1, granted(office.store, 1), Mark(State.FILED, DAY), BY)
    office.run("after")
    assert office.read("before") == office.read("after")


# Compared with later files

FELONY = {"OFFENSE_DESCR": "11359 HS-POSSESS MARIJUANA FOR SALE"}
BURGLARY = {
    "OFFENSE_DESCR": "459 PC-BURGLARY",
    "CNT_ORDER": "105002001000",
    "OFN": "OZ-B",
    "STP_EVENT_DATE": "20120101",
}


def reading(office: Office, *files: Path) -> Reading:
    return office.reader.open(files)


def kept(office: Office) -> Reading:
    return office.reader.open(kept_sources(Records(office.store), "ca_doj"))


def signed(office: Office) -> list[Case]:
    """Every granted charge, signed by the court."""
    mark(office.store, 1, granted(office.store, 1), Mark(State.SIGNED, dt.date(2026, 1, 5)), BY)
    return list(granted(office.store, 1))


def compared(office: Office, *files: Path, holds: Any = ()) -> Comparison:
    return compare(office.store, 1, kept(office), reading(office, *files), office.reform.about.reliefs, holds)


def findings(found: Comparison | Noted) -> dict[str, tuple[str, str]]:
    return {one.case.cells["case_number"]: (one.finding.name, one.why) for one in found.seen}


@pytest.fixture
def cleared(office: Office, tmp_path: Path) -> Office:
    """Three persons with a charge that the court granted, one of them with another conviction."""
    rows = [row("71", "A71", **FELONY), row("71", "A71", **BURGLARY), row("72", "A72"), row("73", "A73")]
    office.ingest(write(tmp_path / "old.dat", *rows))
    office.run()
    assert len(signed(office)) == 3
    return office


def later(office: Office, *rows: Any) -> Path:
    return write(office.folder / "later.dat", *rows)


def test_a_charge_that_its_person_has_no_more_is_gone_and_the_others_are_visible(cleared: Office) -> None:
    found = compared(cleared, later(cleared, row("71", "A71", **BURGLARY), row("72", "A72")))
    assert findings(found) == {
        "OZ-71": ("GONE", "the person is in the file, and the charge is not"),
        "OZ-72": ("VISIBLE", "it is shown as before"),
        "OZ-73": ("UNKNOWN", "the person is not in the file"),
    }


def test_a_person_with_an_arrest_alone_is_in_the_file(cleared: Office) -> None:
    arrest = row("71", "A71", STP_TYPE_DESCR="ARREST/DETAINED/CITED", DISP_DESCR="", CONV_STAT_DESCR="", OFN="")
    found = compared(cleared, later(cleared, arrest, row("72", "A72")))
    assert findings(found)["OZ-71"][0] == "GONE"


def test_a_person_is_known_by_the_identifier_under_another_key(cleared: Office) -> None:
    found = compared(cleared, later(cleared, row("9971", "A71", **BURGLARY), row("9972", "A72", OFN="OZ-72")))
    assert [found[0] for found in findings(found).values()] == ["GONE", "VISIBLE", "UNKNOWN"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row("71", "A71", **BURGLARY, PRI_DOB="19800101")], "the birth date is another"),
        ([row("71", "A99", **BURGLARY), row("99", "A71", **BURGLARY)], "several people of the file may be the person"),
        ([row("71", "A71", **BURGLARY), row("99", "A71", **BURGLARY)], "several people of the file may be the person"),
        ([row("71", "A71", **BURGLARY), row("71", "A71", CNT_ORDER="1")], "rows of the person could not be read"),
        ([row("72", "A72"), row("71", "A71", CNT_ORDER="1")], "rows of the person could not be read"),
        ([row("71", "A71", **{**BURGLARY, "STP_ORI_CNTY_NAME": "MONO"})], "the file has no conviction of this county"),
    ],
)
def test_what_cannot_be_told_never_counts_as_cleared(cleared: Office, rows: Any, why: str) -> None:
    found = compared(cleared, later(cleared, *rows))
    assert findings(found)["OZ-71"] == ("UNKNOWN", why)


@pytest.mark.parametrize(
    ("cells", "finding", "why"),
    [
        ({"CONV_STAT_DESCR": "MISDEMEANOR"}, "REDESIGNATED", "it is shown as a misdemeanor"),
        ({"CONV_STAT_DESCR": "INFRACTION"}, "CHANGED", "grade: felony, now infraction"),
        ({"OFN": "OZ 0071"}, "CHANGED", "another count may be this charge"),
        ({"STP_EVENT_DATE": "20100402"}, "CHANGED", "another count may be this charge"),
        ({"OFFENSE_DESCR": "11357(B) HS-POSSESS"}, "CHANGED", "another count may be this charge"),
        ({"OFFENSE_DESCR": ""}, "CHANGED", "another count may be this charge"),
        ({"SENT_LENGTH": "90"}, "VISIBLE", "it is shown as before"),
    ],
)
def test_a_charge_that_is_there_is_compared_with_what_it_was(
    cleared: Office, cells: dict[str, str], finding: str, why: str
) -> None:
    (relief,) = {case.cells["relief"] for case in granted(cleared.store, 1)}
    assert relief == "redesignate_misdemeanor"
    found = compared(cleared, later(cleared, row("71", "A71", **{**FELONY, **cells}), row("71", "A71", **BURGLARY)))
    assert findings(found)["OZ-71"] == (finding, why)


def test_charges_that_are_alike_are_not_told_apart(office: Office, tmp_path: Path) -> None:
    twice = [row("71", "A71"), row("71", "A71", CNT_ORDER="101002002000")]
    office.ingest(write(tmp_path / "old.dat", *twice))
    office.run()
    assert len(signed(office)) == 2
    for rows, finding in ((twice, "VISIBLE"), (twice[:1], "UNKNOWN"), ([row("71", "A71", **BURGLARY)], "GONE")):
        assert {one.finding.name for one in compared(office, later(office, *rows)).seen} == {finding}


def test_whoever_is_not_in_a_file_that_holds_the_county_is_cleared_there(cleared: Office) -> None:
    file = later(cleared, row("72", "A72"))
    found = compared(cleared, file, holds=["Sacramento"])
    assert findings(found)["OZ-73"] == ("GONE", "the person is not in a file that holds the county")
    assert [(name, held.people, held.is_believed) for name, held in found.held.items()] == [("Sacramento", 0, True)]
    with pytest.raises(CountyError, match=r"\[Mono\] has no conviction in the later file"):
        compared(cleared, file, holds=["Mono"])


def test_a_file_that_lacks_those_whom_nothing_was_granted_does_not_hold_the_county(
    office: Office, tmp_path: Path
) -> None:
    refused = [row(str(n), f"A{n}", OFFENSE_DESCR="11359 HS-POSSESS", STP_EVENT_DATE="20180101") for n in (81, 82)]
    office.ingest(write(tmp_path / "old.dat", row("71", "A71"), row("72", "A72"), *refused))
    office.run()
    assert [case.cells["person_id"] for case in signed(office)] == ["71", "72"]
    for rows, found, finding in ((refused, 2, "GONE"), (refused[:1], 1, "UNKNOWN")):
        seen = compared(office, later(office, row("72", "A72"), *rows), holds=["SACRAMENTO"])
        assert (seen.held["SACRAMENTO"].found, seen.held["SACRAMENTO"].people) == (found, 2)
        assert findings(seen)["OZ-71"][0] == finding


def test_a_row_of_the_person_that_cannot_be_read_is_no_absence(cleared: Office) -> None:
    file = later(cleared, row("72", "A72"), row("73", "A73", CNT_ORDER="1"))
    found = compared(cleared, file, holds=["SACRAMENTO"])
    assert findings(found)["OZ-73"] == ("UNKNOWN", "rows of the person could not be read")


def noted(office: Office, found: Comparison, day: dt.date) -> Noted:
    return note(office.store, 1, found, day, Origin("later.dat", 0, "e" * 64), BY)


def test_what_is_seen_cleared_is_noted_once_and_what_is_seen_again_is_open(cleared: Office) -> None:
    gone = later(cleared, row("71", "A71", **BURGLARY), row("72", "A72"))
    first = noted(cleared, compared(cleared, gone), dt.date(2026, 3, 1))
    assert (first.newly, first.before, first.again) == (1, 0, 0)
    generation = cleared.store.generation
    again = noted(cleared, compared(cleared, gone), dt.date(2026, 3, 9))
    assert (again.newly, again.before, cleared.store.generation) == (0, 1, generation)
    back = later(cleared, row("71", "A71", **FELONY), row("72", "A72"))
    third = noted(cleared, compared(cleared, back), dt.date(2026, 3, 15))
    assert (third.newly, third.before, third.again) == (0, 0, 1)
    (case,) = [case for case in granted(cleared.store, 1) if case.cells["case_number"] == "OZ-71"]
    assert [step.state for step in case.steps] == [State.SIGNED, State.SEEN_CLEARED, State.VISIBLE_AGAIN]
    assert standing(case.steps).is_open
    assert case.steps[1].source == Origin("later.dat", 0, "e" * 64)


def test_a_file_from_before_the_order_proves_nothing(cleared: Office) -> None:
    found = compared(cleared, later(cleared, row("71", "A71", **BURGLARY), row("72", "A72")))
    seen = noted(cleared, found, dt.date(2026, 1, 4))
    assert findings(seen)["OZ-71"] == ("UNKNOWN", "the file is not of a later day than what is known")
    assert seen.newly == 0


def test_what_contradicts_itself_is_compared_and_not_marked(cleared: Office) -> None:
    from clearslate.track.answers import Answered, Asked, Table
    from clearslate.track.book import take_in

    table = Table("a.csv", "a" * 64, (), [(1, Answered(1, Asked("OZ-71"), State.DENIED))])
    assert take_in(cleared.store, 1, table, cleared.reform.read_statute, BY).contradictory == 1
    found = compared(cleared, later(cleared, row("71", "A71", **BURGLARY), row("72", "A72")))
    seen = noted(cleared, found, dt.date(2026, 3, 1))
    assert findings(seen)["OZ-71"] == ("UNKNOWN", "what is known of it contradicts itself; settle it first")


def test_nothing_that_the_court_has_not_granted_is_compared(office: Office, tmp_path: Path) -> None:
    office.ingest(write(tmp_path / "old.dat", row("71", "A71")))
    office.run()
    assert compared(office, later(office, row("71", "A71", **BURGLARY))).seen == []


def test_blanking_a_cell_of_a_later_file_clears_nothing_more(cleared: Office) -> None:
    whole = [row("71", "A71", **FELONY), row("71", "A71", **BURGLARY), row("72", "A72")]
    assert findings(compared(cleared, later(cleared, *whole)))["OZ-71"][0] == "VISIBLE"
    for column in ("SUBJECT_ID", "CII_NUMBER", "PRI_DOB", "STP_EVENT_DATE", "OFN", "OFFENSE_DESCR", "CONV_STAT_DESCR"):
        for column_too in ("", "DISP_DESCR", "STP_ORI_CNTY_NAME", "OFN"):
            blanked = {column: "", column_too or column: ""}
            found = compared(cleared, later(cleared, {**whole[0], **blanked}, *whole[1:]))
            assert not Finding[findings(found)["OZ-71"][0]].is_cleared, (column, column_too)


def test_the_sample_compared_with_itself_is_visible_or_cannot_be_told(office: Office) -> None:
    office.ingest(SAMPLE, *two_files(office.folder))
    office.run()
    every = signed(office)
    found = compared(office, SAMPLE, *two_files(office.folder))
    assert len(found.seen) == len(every) > 20
    counts = found.by_finding()
    assert set(counts) <= {Finding.VISIBLE, Finding.UNKNOWN}
    assert counts[Finding.VISIBLE] > 0.8 * len(every)
