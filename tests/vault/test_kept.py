"""Source files in a vault: brought in, laid together again, run on, cut off, put together anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.vault.doj import row, write
from tests.vault.office import SAMPLE, CutError, Office, cut_after, two_files

from clearslate.assess import intake
from clearslate.assess.again import SameAsKept
from clearslate.assess.intake import ingest
from clearslate.assess.keeping import Kept
from clearslate.assess.run import run
from clearslate.errors import InputError, VaultError
from clearslate.ingest.kept import Records, kept_sources
from clearslate.output.determinations import COLUMNS
from clearslate.vault import runs
from clearslate.vault.finding import by_subject
from clearslate.vault.ledger import Ledger
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind


def test_a_run_on_the_vault_writes_the_bytes_of_a_run_on_its_files(office: Office, tmp_path: Path) -> None:
    files = (SAMPLE, *two_files(tmp_path))
    for file in files:
        office.ingest(file)
    assert office.texts() == {file.name: file.read_bytes() for file in files}
    on_files = office.run_on_files("files", *files)
    office.run("vault")
    assert office.read("vault") == on_files


def test_one_ingest_of_all_and_one_of_each_decide_alike(office: Office, tmp_path: Path) -> None:
    files = two_files(tmp_path)
    office.ingest(*files)
    office.run("together")
    other = office.another()
    other.store, office.store = office.store, other.store
    for file in files:
        office.ingest(file)
    office.run("one_by_one")
    assert office.read("one_by_one") == office.read("together")
    other.store.close()


def test_the_same_file_twice_changes_nothing(office: Office, tmp_path: Path) -> None:
    first, _ = two_files(tmp_path)
    office.ingest(first)
    generation, before = office.store.generation, office.messages()
    same = tmp_path / "another name.dat"
    same.write_bytes(first.read_bytes())
    found = office.ingest(same, first)
    assert (found.added, found.already) == ((), ("another name.dat", "first.dat"))
    assert (office.store.generation, office.messages()) == (generation, before)


def test_the_same_file_twice_in_one_ingest_is_taken_once(office: Office, tmp_path: Path) -> None:
    first, _ = two_files(tmp_path)
    same = tmp_path / "another name.dat"
    same.write_bytes(first.read_bytes())
    found = office.ingest(first, same)
    assert (found.added, found.already) == (("first.dat",), ("another name.dat",))


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_an_ingest_that_was_cut_off_goes_on_and_ends_as_if_it_had_not_been(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(intake, "PERSONS_A_STEP", 10)
    first, _ = two_files(tmp_path)
    office.ingest(first)
    with pytest.raises(CutError):
        office.ingest(SAMPLE, progress=cut_after(steps))
    assert office.texts() == {first.name: first.read_bytes()}
    found = office.ingest(SAMPLE)
    assert found.resumed_after == steps * 10
    assert office.texts() == {first.name: first.read_bytes(), SAMPLE.name: SAMPLE.read_bytes()}
    whole = office.another()
    whole.ingest(first)
    whole.ingest(SAMPLE)
    assert office.messages() == whole.messages()
    whole.store.close()


def test_an_ingest_that_was_cut_off_leaves_nothing_when_another_file_comes(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PERSONS_A_STEP", 1)
    first, second = two_files(tmp_path)
    third = write(tmp_path / "third.dat", row("71", "A71", OFN="OZ-THIRD"), row("79", "A79"), row("78", "A78"))
    office.ingest(first)
    with pytest.raises(CutError):
        office.ingest(third, progress=cut_after(2))
    cut_off = Ledger.read(office.store).under_way
    assert cut_off is not None
    assert any(_sources_of(office, number) >= {cut_off.first_source} for number in office.store.numbers(Kind.PERSON))
    office.ingest(second)
    left = set().union(*(_sources_of(office, number) for number in office.store.numbers(Kind.PERSON)))
    assert left == {1, cut_off.first_source + 1}
    on_files = office.run_on_files("files", first, second)
    office.run("vault")
    assert office.read("vault") == on_files


def _sources_of(office: Office, person: int) -> set[int]:
    return {extent.source for extent in Record.read(office.store.get(Kind.PERSON, person)).extents}


def test_a_file_that_changes_after_its_survey_is_not_sealed_as_another(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = two_files(tmp_path)
    data = first.read_bytes()

    def change(*_: object) -> None:
        first.write_bytes(data.replace(b"JAIL", b"LIAJ"))

    with pytest.raises(InputError, match="changed while it was being read"):
        ingest(
            office.store,
            office.reader,
            [first],
            at="",
            program="",
            progress=lambda name, done, total: change() if name == "read" and done == total else None,
        )
    assert office.texts() == {}


def test_rows_that_turn_out_to_be_anothers_move_and_their_decisions_with_them(office: Office, tmp_path: Path) -> None:
    only = write(tmp_path / "only.dat", row("", "A71"), row("72", "A72"))
    keyed = write(tmp_path / "keyed.dat", row("71", "A71", CNT_ORDER="109001001000"))
    office.ingest(only)
    number = office.run().number
    assert number is not None
    assert by_subject(office.store, "CII_NUMBER:A71") == [1]
    found = office.ingest(keyed)
    assert (found.persons, found.persons_moved) == (2, 0)
    assert by_subject(office.store, "71") == [1]
    assert by_subject(office.store, "CII_NUMBER:A71") == []
    other = write(tmp_path / "other.dat", row("75", "A71", CNT_ORDER="108001001000"))
    # Now two persons have the identifier, so the row without a person id is nobody's but its own again.
    found = office.ingest(other)
    assert found.persons_moved == 2
    assert found.conflicts["shared_identifier"].persons == 3
    (again,), (first,) = by_subject(office.store, "CII_NUMBER:A71"), by_subject(office.store, "71")
    # What was decided of the row without a person id stands with that row, wherever it is.
    assert [one["cells"][:2] for one in runs.read_decisions(office.store, number, again)] == [["only.dat", "1"]]
    assert runs.read_decisions(office.store, number, first) == []
    on_files = office.run_on_files("files", only, keyed, other)
    office.run("vault")
    assert office.read("vault") == on_files


def test_two_records_that_turn_out_to_be_one_persons_are_one_with_the_decisions_of_both(
    office: Office, tmp_path: Path
) -> None:
    apart = write(tmp_path / "apart.dat", row("71", "A70"), row("", "A71"))
    joined = write(tmp_path / "joined.dat", row("71", "A71", CNT_ORDER="108001001000"))
    office.ingest(apart)
    number = office.run().number
    assert number is not None
    assert runs.decided_persons(office.store, number) == [1, 2]
    office.ingest(joined)
    assert office.store.numbers(Kind.PERSON) == [1]
    assert [one["cells"][COLUMNS.index("source_row")] for one in runs.read_decisions(office.store, number, 1)] == [
        "1",
        "2",
    ]
    on_files = office.run_on_files("files", apart, joined)
    office.run("vault")
    assert office.read("vault") == on_files


def test_every_decision_is_kept_as_it_was_written_and_with_the_facts_that_were_used(office: Office) -> None:
    office.ingest(SAMPLE)
    number = office.run("out").number
    assert number == 1
    kept = [
        decision
        for person in runs.decided_persons(office.store, number)
        for decision in runs.read_decisions(office.store, number, person)
    ]
    written = office.rows("out")
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


def test_a_run_that_fails_is_not_kept(office: Office) -> None:
    office.ingest(SAMPLE)
    before = office.messages()
    with pytest.raises(InputError):
        office.run("out", writers=(Failing(),))
    assert office.messages() == before
    assert not (office.folder / "out").exists()


def test_what_is_decided_again_must_be_what_is_kept(office: Office, tmp_path: Path) -> None:
    office.ingest(SAMPLE)
    number = office.run("out").number
    assert number is not None
    sources = kept_sources(Records(office.store), "ca_doj")

    def again(output: str, policy: str = "statute") -> None:
        office.policy = office.reform.bind(office.reform.find(policy))
        kept = Kept(office.store, sources, keeps=False)
        run(office._request(output, kept=kept, writers=(SameAsKept(office.store, number, sources),)))

    again("same")
    assert office.read("same") == office.read("out")
    assert runs.runs(office.store) == [number]
    with pytest.raises(VaultError, match="cannot be made again as it was decided"):
        again("other", policy="dismiss_all")
    assert not (office.folder / "other").exists()
