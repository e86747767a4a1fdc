from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrage import x25519

from clearslate.errors import OutputError, UsageError
from clearslate.filing import defender
from clearslate.filing.defender import COLUMNS, DETERMINATIONS, EXHIBITS, FILE, defender_package
from clearslate.filing.office import example_office, parse_office
from clearslate.output.disk import Disk
from clearslate.output.staging import OutputFile, Staging
from clearslate.policy.determination import Outcome
from clearslate.policy.facts import Fact
from clearslate.policy.word import Word, reopened, with_word

KEYS = [x25519.Identity.generate(), x25519.Identity.generate()]
PLANT = "ZYXQUELL,ORLA"


@pytest.fixture
def office(desk: Any) -> None:
    keys = ", ".join(f'"{key.to_public()}"' for key in KEYS)
    desk.office = parse_office(example_office().replace("recipients = []", f"recipients = [{keys}]"))


def _package(desk: Any, *entries: Any) -> tuple[Any, Path]:
    packet = desk.packet(*entries)
    given: tuple[Any, Path] = desk.written(lambda folder: defender_package(packet, desk.setting(), folder))
    return given


def _opened(out: Path, key: x25519.Identity = KEYS[0]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt((out / FILE).read_bytes(), [key]))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def _some(desk: Any) -> list[Any]:
    return [
        desk.entry(),
        desk.objected(),
        *(desk.entry(outcome=outcome) for outcome in ("ineligible", "review", "refer")),
        desk.entry(relief="redesignate_misdemeanor", case="../../x", names=("=cmd",)),
    ]


@pytest.mark.usefixtures("office")
def test_the_package_holds_every_determination_with_its_reason(desk: Any) -> None:
    entries = _some(desk)
    packed, out = _package(desk, *entries)
    assert [file.name for file in out.iterdir()] == [FILE]
    parts = _opened(out)
    assert set(parts) == {"README.txt", DETERMINATIONS, *EXHIBITS}
    rows = _rows(parts[DETERMINATIONS])
    assert packed.entries == len(rows) == len(entries)
    assert list(rows[0]) == list(COLUMNS)
    assert [row["standing"] for row in rows] == ["granted", "objected", "refused", "open", "referred", "granted"]
    assert {row["reason"] for row in rows if row["standing"] != "objected"} == {"The law says so."}
    assert rows[1]["attorney_ground"] == "Not the person."
    assert (rows[5]["name"], rows[5]["case_number"]) == ("'=cmd", "../../x")


SAID = dt.date(2026, 1, 5)
SETTLED = Word("settle", Outcome("eligible"), "dismiss_and_seal", "A witness told us so.", "Q. Zyxquell", SAID)


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("kind", ["settle", "overrule", "reopened"])
def test_why_a_prosecutor_settled_or_overruled_is_work_product(desk: Any, kind: str) -> None:
    entry = desk.entry(outcome="review" if kind == "settle" else "ineligible")
    got = entry.decided.determination
    word = msgspec.structs.replace(SETTLED, kind="settle" if kind == "reopened" else kind)
    got = reopened(desk.policy, got, word) if kind == "reopened" else with_word(desk.policy, got, word)
    assert "A witness told us so" in got.reason
    entry = msgspec.structs.replace(entry, decided=msgspec.structs.replace(entry.decided, determination=got))
    parts = _opened(_package(desk, entry, desk.objected())[1])
    assert not any(secret in data for data in parts.values() for secret in (b"witness", b"Zyxquell"))
    row, objected = _rows(parts[DETERMINATIONS])
    assert (row["attorney_ground"], row["attorney"]) == ("", "")
    assert row["attorney_word"] == ("" if kind == "reopened" else kind)
    assert row["attorney_on"] == ("" if kind == "reopened" else "2026-01-05")
    assert row["reason"].startswith("Not by the policy alone, but by an attorney. The policy had decided: ")
    assert row["reason"].endswith("The law says so.")
    assert (objected["attorney_ground"], objected["attorney"]) == ("Not the person.", "G. Quadling")


@pytest.mark.usefixtures("office")
def test_the_exhibits_together_are_every_entry(desk: Any) -> None:
    packed, out = _package(desk, *_some(desk))
    parts = _opened(out)
    counted = {name: len(_rows(parts[name])) for name in EXHIBITS}
    assert counted == {name: packed.tables[name] for name in EXHIBITS}
    assert sum(counted.values()) == packed.entries == 6
    granted = _rows(parts["exhibit_a_granted.csv"])
    assert [row["relief_title"] for row in granted] == ["Dismissed and sealed", "Redesignated a misdemeanor"]
    assert b"6 entries, with rule" in parts["README.txt"]


@pytest.mark.usefixtures("office")
def test_every_key_opens_it_and_no_other(desk: Any) -> None:
    _, out = _package(desk, desk.entry())
    assert _opened(out, KEYS[1]) == _opened(out, KEYS[0])
    with pytest.raises(pyrage.DecryptError):
        _opened(out, x25519.Identity.generate())


@pytest.mark.usefixtures("office")
def test_what_is_inside_is_the_same_twice(desk: Any) -> None:
    entries = _some(desk)
    (_, once), (_, again) = _package(desk, *entries), _package(desk, *entries)
    key = KEYS[0]
    assert pyrage.decrypt((once / FILE).read_bytes(), [key]) == pyrage.decrypt((again / FILE).read_bytes(), [key])


def test_without_a_key_nothing_is_written(desk: Any) -> None:
    with pytest.raises(UsageError, match=r"no key under \[public_defender\] recipients"):
        _package(desk, desk.entry())


@pytest.mark.usefixtures("office")
def test_missing_facts_are_told_in_words(desk: Any) -> None:
    entry = desk.entry(outcome="review")
    got = msgspec.structs.replace(entry.decided.determination, missing=(Fact("jars", None, None),))
    entry = msgspec.structs.replace(entry, decided=msgspec.structs.replace(entry.decided, determination=got))
    _, out = _package(desk, entry)
    assert _rows(_opened(out)[DETERMINATIONS])[0]["missing_facts"] == "the number of jars"


class Watched(Disk):
    """Remembers every byte that is written to a file, and fails where told."""

    def __init__(self, fails_at: int = 0) -> None:
        self.written = bytearray()
        self.fails_at = fails_at
        self.times = 0

    def write(self, handle: int, data: bytes) -> None:
        self.times += 1
        if self.times == self.fails_at:
            raise OSError(28, "No space left on device")
        self.written += data
        super().write(handle, data)


@pytest.mark.usefixtures("office")
def test_nothing_of_it_is_on_the_disk_in_the_clear(desk: Any, tmp_path: Path) -> None:
    disk = Watched()
    entries = [desk.entry(names=(PLANT,)) for _ in range(600)]
    with Staging(tmp_path / "watched", disk=disk) as staging:
        defender_package(desk.packet(*entries), desk.setting(), staging.open())
        staging.release()
    assert len(disk.written) == (tmp_path / "watched" / FILE).stat().st_size
    assert PLANT.encode() not in disk.written
    assert b"PK\x03\x04" not in disk.written
    assert _rows(_opened(tmp_path / "watched")[DETERMINATIONS])[599]["name"] == PLANT


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("write", [1, 2])
def test_a_full_disk_is_told_as_such(desk: Any, tmp_path: Path, write: int) -> None:
    entries = [desk.entry(person_id=f"{n:09d}") for n in range(3000)]
    with (
        pytest.raises(OutputError, match="the disk is full"),
        Staging(tmp_path / "full", disk=Watched(write)) as staging,
    ):
        defender_package(desk.packet(*entries), desk.setting(), staging.open())
    assert not (tmp_path / "full").exists()


@pytest.mark.usefixtures("office")
def test_an_error_on_the_way_comes_out_as_it_is(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[str]:
        raise UsageError("row [1] is odd; look")

    monkeypatch.setattr(defender, "_determined", broken)
    with pytest.raises(UsageError, match=r"^row \[1\] is odd; look$"):
        _package(desk, desk.entry())


@pytest.mark.usefixtures("office")
def test_an_error_while_writing_comes_out_as_it_is(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OutputError("output [x] is odd; look")

    monkeypatch.setattr(OutputFile, "write", broken)
    with pytest.raises(OutputError, match=r"^output \[x\] is odd; look$"):
        _package(desk, desk.entry())


@pytest.mark.usefixtures("office")
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["eligible", "ineligible", "review", "refer", "object"]), max_size=9))
def test_the_totals_are_those_of_the_entries(desk: Any, drawn: list[str]) -> None:
    entries = [desk.objected() if one == "object" else desk.entry(outcome=one) for one in drawn]
    packed, out = _package(desk, *entries)
    assert packed.tables[DETERMINATIONS] == packed.entries == len(drawn)
    assert packed.tables["exhibit_a_granted.csv"] == drawn.count("eligible")
    assert packed.tables["exhibit_b_objected.csv"] == drawn.count("object")
    assert len(_rows(_opened(out)[DETERMINATIONS])) == len(drawn)
