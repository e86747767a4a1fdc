"""Source files in a vault: brought in, laid together again, run on, cut off, put together anew."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.vault.doj import row, write

from clearslate.assess import intake
from clearslate.assess.again import SameAsKept
from clearslate.assess.intake import Intake, ingest
from clearslate.assess.keeping import Kept
from clearslate.assess.run import RunRequest, RunSummary, run
from clearslate.errors import ClearslateError, InputError, VaultError
from clearslate.ingest.kept import Records, kept_sources
from clearslate.output.determinations import COLUMNS
from clearslate.registry import Registry, load
from clearslate.vault import runs
from clearslate.vault.finding import Facts, by_subject, find
from clearslate.vault.ledger import Ledger
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.shredding import shred_person
from clearslate.vault.store import Store

SAMPLE = Path(__file__).parents[2] / "examples" / "ca_doj_sample.dat"
AS_OF = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def known() -> Registry:
    return load()


class Bench:
    """A store, files brought into it, and runs on either."""

    def __init__(self, folder: Path, known: Registry) -> None:
        self.folder = folder
        self.store = Store.temporary()
        self.reform = known.reform("ca_prop64")
        self.policy = self.reform.bind(self.reform.find("statute"))
        self.reader = known.reader("ca_doj")

    def ingest(self, *files: Path, progress: Any = None) -> Intake:
        return ingest(self.store, self.reader, files, at="2026-11-01T00:00:00Z", program="test", progress=progress)

    def _request(self, output: str | None, **said: Any) -> RunRequest:
        folder = None if output is None else self.folder / output
        return RunRequest(self.reform, self.policy, self.reader, said.pop("inputs", ()), folder, AS_OF, **said)

    def run_on_files(self, output: str, *files: Path) -> dict[str, bytes]:
        run(self._request(output, inputs=files))
        return self.read(output)

    def run(self, output: str | None = None, **said: Any) -> RunSummary:
        kept = Kept(self.store, kept_sources(Records(self.store), "ca_doj"), said.pop("about", {}))
        return run(self._request(output, kept=kept, **said))

    def read(self, output: str) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (self.folder / output).iterdir()}

    def texts(self) -> dict[str, bytes]:
        return {source.name: source.at(0, source.size) for source in kept_sources(Records(self.store))}

    def rows(self, output: str) -> list[dict[str, str]]:
        with (self.folder / output / "determinations.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def messages(self) -> dict[tuple[Kind, int], bytes]:
        found: dict[tuple[Kind, int], bytes] = {}
        for kind in Kind:
            found |= {(kind, number): data for number, data in self.store.get_many(kind, self.store.numbers(kind))}
        return found


@pytest.fixture
def bench(tmp_path: Path, known: Registry) -> Iterator[Bench]:
    made = Bench(tmp_path, known)
    # The ring that every real vault has.
    with made.store.step() as step:
        step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')
    yield made
    made.store.close()


def two_files(folder: Path) -> tuple[Path, Path]:
    """Two files that share persons and rows, with rejected rows and rows of one person apart from each other."""
    first = write(
        folder / "first.dat",
        row("71", "A71"),
        row("72", "A72", OFFENSE_DESCR="459 PC-BURGLARY"),
        "no,row,at,all",
        row("71", "A71", CNT_ORDER="102001001000", STP_EVENT_DATE="20120401", CYC_DATE="20120301"),
        row("73", "A73", CNT_ORDER="1"),
        row("", "A99"),
    )
    second = write(
        folder / "second.dat",
        row("71", "A71"),
        row("71", "A71", CNT_ORDER="103001001000", STP_EVENT_DATE="20130401", CYC_DATE="20130301"),
        row("74", "A74", PRI_DOB="19800101"),
        row("74", "A74", PRI_DOB="19810101", CNT_ORDER="102001001000"),
    )
    return first, second


def test_a_run_on_the_vault_writes_the_bytes_of_a_run_on_its_files(bench: Bench, tmp_path: Path) -> None:
    files = (SAMPLE, *two_files(tmp_path))
    for file in files:
        bench.ingest(file)
    assert bench.texts() == {file.name: file.read_bytes() for file in files}
    on_files = bench.run_on_files("files", *files)
    bench.run("vault")
    assert bench.read("vault") == on_files


def test_one_ingest_of_all_and_one_of_each_decide_alike(bench: Bench, tmp_path: Path, known: Registry) -> None:
    files = two_files(tmp_path)
    bench.ingest(*files)
    bench.run("together")
    other = Bench(tmp_path, known)
    other.store, bench.store = bench.store, other.store
    with bench.store.step() as step:
        step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')
    for file in files:
        bench.ingest(file)
    bench.run("one_by_one")
    assert bench.read("one_by_one") == bench.read("together")
    other.store.close()


def test_the_same_file_twice_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    first, _ = two_files(tmp_path)
    bench.ingest(first)
    generation, before = bench.store.generation, bench.messages()
    same = tmp_path / "another name.dat"
    same.write_bytes(first.read_bytes())
    found = bench.ingest(same, first)
    assert (found.added, found.already) == ((), ("another name.dat", "first.dat"))
    assert (bench.store.generation, bench.messages()) == (generation, before)


def test_the_same_file_twice_in_one_ingest_is_taken_once(bench: Bench, tmp_path: Path) -> None:
    first, _ = two_files(tmp_path)
    same = tmp_path / "another name.dat"
    same.write_bytes(first.read_bytes())
    found = bench.ingest(first, same)
    assert (found.added, found.already) == (("first.dat",), ("another name.dat",))


class CutError(Exception):
    """The power went."""


def cut_after(steps: int) -> Callable[[str, int, int], None]:
    def progress(name: str, _done: int, _total: int) -> None:
        nonlocal steps
        if name == "seal":
            steps -= 1
            if steps == 0:
                raise CutError

    return progress


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_an_ingest_that_was_cut_off_goes_on_and_ends_as_if_it_had_not_been(
    bench: Bench, tmp_path: Path, known: Registry, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(intake, "PERSONS_A_STEP", 10)
    first, _ = two_files(tmp_path)
    bench.ingest(first)
    with pytest.raises(CutError):
        bench.ingest(SAMPLE, progress=cut_after(steps))
    assert bench.texts() == {first.name: first.read_bytes()}
    found = bench.ingest(SAMPLE)
    assert found.resumed_after == steps * 10
    assert bench.texts() == {first.name: first.read_bytes(), SAMPLE.name: SAMPLE.read_bytes()}
    whole = Bench(tmp_path, known)
    with whole.store.step() as step:
        step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')
    whole.ingest(first)
    whole.ingest(SAMPLE)
    assert bench.messages() == whole.messages()
    whole.store.close()


def test_an_ingest_that_was_cut_off_leaves_nothing_when_another_file_comes(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PERSONS_A_STEP", 1)
    first, second = two_files(tmp_path)
    third = write(tmp_path / "third.dat", row("71", "A71", OFN="OZ-THIRD"), row("79", "A79"), row("78", "A78"))
    bench.ingest(first)
    with pytest.raises(CutError):
        bench.ingest(third, progress=cut_after(2))
    cut_off = Ledger.read(bench.store).under_way
    assert cut_off is not None
    assert any(_sources_of(bench, number) >= {cut_off.first_source} for number in bench.store.numbers(Kind.PERSON))
    bench.ingest(second)
    left = set().union(*(_sources_of(bench, number) for number in bench.store.numbers(Kind.PERSON)))
    assert left == {1, cut_off.first_source + 1}
    on_files = bench.run_on_files("files", first, second)
    bench.run("vault")
    assert bench.read("vault") == on_files


def _sources_of(bench: Bench, person: int) -> set[int]:
    return {extent.source for extent in Record.read(bench.store.get(Kind.PERSON, person)).extents}


def test_a_file_that_changes_after_its_survey_is_not_sealed_as_another(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = two_files(tmp_path)
    data = first.read_bytes()

    def change(*_: object) -> None:
        first.write_bytes(data.replace(b"JAIL", b"LIAJ"))

    with pytest.raises(InputError, match="changed while it was being read"):
        ingest(
            bench.store,
            bench.reader,
            [first],
            at="",
            program="",
            progress=lambda name, done, total: change() if name == "read" and done == total else None,
        )
    assert bench.texts() == {}


def test_rows_that_turn_out_to_be_anothers_move_and_their_decisions_with_them(bench: Bench, tmp_path: Path) -> None:
    only = write(tmp_path / "only.dat", row("", "A71"), row("72", "A72"))
    keyed = write(tmp_path / "keyed.dat", row("71", "A71", CNT_ORDER="109001001000"))
    bench.ingest(only)
    number = bench.run().number
    assert number is not None
    assert by_subject(bench.store, "CII_NUMBER:A71") == [1]
    found = bench.ingest(keyed)
    assert (found.persons, found.persons_moved) == (2, 0)
    assert by_subject(bench.store, "71") == [1]
    assert by_subject(bench.store, "CII_NUMBER:A71") == []
    other = write(tmp_path / "other.dat", row("75", "A71", CNT_ORDER="108001001000"))
    # Now two persons have the identifier, so the row without a person id is nobody's but its own again.
    found = bench.ingest(other)
    assert found.persons_moved == 2
    assert found.conflicts["shared_identifier"].persons == 3
    (again,), (first,) = by_subject(bench.store, "CII_NUMBER:A71"), by_subject(bench.store, "71")
    decided = runs.read_decisions(bench.store, number, again) + runs.read_decisions(bench.store, number, first)
    assert len(decided) == 1
    on_files = bench.run_on_files("files", only, keyed, other)
    bench.run("vault")
    assert bench.read("vault") == on_files


def test_two_records_that_turn_out_to_be_one_persons_are_one_with_the_decisions_of_both(
    bench: Bench, tmp_path: Path
) -> None:
    apart = write(tmp_path / "apart.dat", row("71", "A70"), row("", "A71"))
    joined = write(tmp_path / "joined.dat", row("71", "A71", CNT_ORDER="108001001000"))
    bench.ingest(apart)
    number = bench.run().number
    assert number is not None
    assert runs.decided_persons(bench.store, number) == [1, 2]
    bench.ingest(joined)
    assert bench.store.numbers(Kind.PERSON) == [1]
    assert [one["cells"][COLUMNS.index("source_row")] for one in runs.read_decisions(bench.store, number, 1)] == [
        "1",
        "2",
    ]
    on_files = bench.run_on_files("files", apart, joined)
    bench.run("vault")
    assert bench.read("vault") == on_files


def test_every_decision_is_kept_as_it_was_written_and_with_the_facts_that_were_used(bench: Bench) -> None:
    bench.ingest(SAMPLE)
    number = bench.run("out").number
    assert number == 1
    kept = [
        decision
        for person in runs.decided_persons(bench.store, number)
        for decision in runs.read_decisions(bench.store, number, person)
    ]
    written = bench.rows("out")
    assert sorted(decision["cells"] for decision in kept) == sorted(list(one.values()) for one in written)
    for decision in kept:
        rules, facts = decision["rules"], decision["facts"]
        cells = dict(zip(COLUMNS, decision["cells"], strict=True))
        assert cells["rule"] in [rule for rule, applies, _ in rules if applies != "no"]
        used = {number for _, _, grounds in rules for _, used, lacked in grounds for number in (*used, *lacked)}
        assert used == set(range(len(facts)))


class Failing:
    """A writer that fails at its end."""

    id = "failing"
    title = "Fails"

    def open(self, *_: object) -> Failing:
        return self

    def block(self, *_: object) -> None:
        pass

    def close(self) -> None:
        raise InputError("the writer fails")


def test_a_run_that_fails_is_not_kept(bench: Bench) -> None:
    bench.ingest(SAMPLE)
    before = bench.messages()
    with pytest.raises(InputError):
        bench.run("out", writers=(Failing(),))
    assert bench.messages() == before
    assert not (bench.folder / "out").exists()


def test_what_is_decided_again_must_be_what_is_kept(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(SAMPLE)
    number = bench.run("out").number
    assert number is not None
    sources = kept_sources(Records(bench.store), "ca_doj")

    def again(output: str, policy: str = "statute") -> None:
        bench.policy = bench.reform.bind(bench.reform.find(policy))
        kept = Kept(bench.store, sources, keeps=False)
        run(bench._request(output, kept=kept, writers=(SameAsKept(bench.store, number, sources),)))

    again("same")
    assert bench.read("same") == bench.read("out")
    assert runs.runs(bench.store) == [number]
    with pytest.raises(VaultError, match="cannot be exported as it was decided"):
        again("other", policy="dismiss_all")
    assert not (bench.folder / "other").exists()


def test_a_shredded_person_is_a_hole_and_nobody_else_changes(bench: Bench) -> None:
    bench.ingest(SAMPLE)
    bench.run("before")
    person = runs.decided_persons(bench.store, 1)[0]
    told = Record.read(bench.store.get(Kind.PERSON, person)).known
    gone = shred_person(bench.store, person)
    assert gone.rows > 0
    assert gone.decisions == 1
    bench.run("after")
    before = [one for one in bench.rows("before") if one["person_id"] != told["subject"]]
    assert bench.rows("after") == before
    assert find(bench.store, Facts(name=told["names"][0], born=told["births"][0])) == []
    assert by_subject(bench.store, told["subject"]) == []
    bench.store.check()
    words = [told["subject"].encode(), told["names"][0].upper().replace(" ", ",").encode()]
    assert not any(word in data for data in bench.messages().values() for word in words)


def test_whoever_shared_an_identifier_with_a_shredded_person_gains_nothing_by_it(bench: Bench, tmp_path: Path) -> None:
    rows = (row("71", "A71"), row("72", "A71"), row("73", "A73"), row("", "A71", CNT_ORDER="105001001000"))
    bench.ingest(write(tmp_path / "shared.dat", *rows))
    bench.run("before")
    (person,) = by_subject(bench.store, "72")
    shred_person(bench.store, person)
    bench.run("after")
    outcomes = {one["source_row"]: (one["outcome"], one["relief"]) for one in bench.rows("before")}
    assert {one["source_row"] for one in bench.rows("after")} == {"1", "3", "4"}
    for one in bench.rows("after"):
        assert (one["outcome"], one["relief"]) in (outcomes[one["source_row"]], ("review", ""))
    assert outcomes["1"] == ("review", "")
    bench.ingest(write(tmp_path / "more.dat", row("79", "A79")))
    bench.run("later")
    assert {one["outcome"] for one in bench.rows("later") if one["person_id"] == "71"} == {"review"}


def test_an_ingest_after_a_shredding_keeps_the_hole(bench: Bench, tmp_path: Path) -> None:
    first, second = two_files(tmp_path)
    bench.ingest(first)
    (person,) = by_subject(bench.store, "71")
    shred_person(bench.store, person)
    bench.ingest(second)
    source = kept_sources(Records(bench.store))[0]
    assert sum(stretch.gone_rows for stretch in source.stretches()) == 2
    (again,) = by_subject(bench.store, "71")
    assert again != person
    bench.run("out")
    assert {(one["source_file"], one["person_id"]) for one in bench.rows("out")} >= {("second.dat", "71")}
    assert not any(one["source_file"] == "first.dat" and one["person_id"] == "71" for one in bench.rows("out"))


def test_two_facts_find_a_person_and_one_does_not(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(write(tmp_path / "one.dat", row("71", "A71", PRI_NAME="O'ZYX,ORLA"), row("72", "A72")))
    for facts in (
        Facts(name="ozyx orla", born="1970-05-12"),
        Facts(name="orla ozyx", identifier="a71"),
        Facts(born="1970-05-12", case="oz71"),
        Facts(identifier="a71", case="oz71"),
    ):
        assert find(bench.store, facts) == [1]
    assert find(bench.store, Facts(name="ozyx orla", born="1970-05-13")) == []
    assert find(bench.store, Facts(identifier="a71", case="oz72")) == []
    with pytest.raises(ClearslateError, match="two facts are needed"):
        find(bench.store, Facts(name="ozyx orla"))


def test_what_cannot_all_be_so_is_kept_and_told(bench: Bench, tmp_path: Path) -> None:
    found = bench.ingest(
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
    assert Ledger.read(bench.store).conflicts["two_births"] == by_subject(bench.store, "71")
    assert found.persons == 3


def test_a_person_with_very_many_rows_apart_is_one_record(bench: Bench, tmp_path: Path) -> None:
    rows: list[dict[str, str]] = []
    for n in range(300):
        rows += [row("71", "A71", CNT_ORDER=f"{100 + n}001001000"), row(str(1000 + n), f"B{n}")]
    file = write(tmp_path / "apart.dat", *rows)
    bench.ingest(file)
    assert bench.store.numbers(Kind.PERSON)[-1] == 301
    assert len(Record.read(bench.store.get(Kind.PERSON, 1)).extents) == 300
    on_files = bench.run_on_files("files", file)
    bench.run("vault")
    assert bench.read("vault") == on_files


def test_a_run_on_files_seals_them_and_leaves_no_vault_behind(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[int] = []
    put_many = intake.Step.put_many

    def counted(step: Any, kind: Kind, messages: Any) -> int:
        count = put_many(step, kind, messages)
        sealed.append(count if kind is Kind.PERSON else 0)
        return count

    monkeypatch.setattr("clearslate.vault.store.Step.put_many", counted)
    folder = tmp_path / "work"
    folder.mkdir()
    bench.folder = folder
    bench.run_on_files("out", SAMPLE)
    assert sum(sealed) == 72
    assert [entry.name for entry in folder.iterdir()] == ["out"]


def test_the_digest_of_each_file_is_that_of_the_file_that_was_given(bench: Bench) -> None:
    bench.ingest(SAMPLE)
    (source,) = kept_sources(Records(bench.store))
    assert source.sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
