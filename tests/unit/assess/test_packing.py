from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from clearslate.assess.packing import PackRequest, check_asked, pack, packets_of, write_about
from clearslate.assess.run import RunRequest, run
from clearslate.errors import InputError, LedgerError, PluginError, UsageError
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.given import Asked
from clearslate.filing.office import example_office, parse_office
from clearslate.filing.packets import CORE_PACKETS
from clearslate.filing.pages import PagedDisk
from clearslate.output.staging import PACKET, Folder, Staging
from clearslate.testing.memory import MemoryReader
from clearslate.testing.oz import OZ
from clearslate.vault import runs
from clearslate.vault.store import Store

Write = Callable[[Packet, Folder], Mapping[str, int]]


@dataclass(frozen=True)
class Oz:
    """A reform with packets of its own: that of Oz, for all else."""

    own: tuple[Filing, ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(OZ, name)

    def filings(self) -> Mapping[str, Filing]:
        return {one.id: one for one in self.own}


@dataclass(frozen=True)
class Motion:
    """A packet that writes as it is told to."""

    of: Write
    id: str = "oz_motion"
    title: str = "A motion of Oz"

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        return self.of(packet, folder)


def listed(packet: Packet, folder: Folder) -> Mapping[str, int]:
    """A file with the persons granted something, in the packet's order."""
    granted = [entry for entry in packet.entries if entry.reliefs]
    file = folder.create("list.txt")
    file.write("".join(f"{entry.decided.person.person_id}\n" for entry in granted).encode(), len(granted))
    return {"granted": len(granted)}


@pytest.fixture
def request_of(reader: MemoryReader, request_for: Callable[..., RunRequest], tmp_path: Path) -> Iterator[Any]:
    """What asks for a packet of a run of Oz."""
    store = Store.temporary()

    def make(packet: str = "oz_motion", own: Iterable[Filing] = (Motion(listed),), **asked: Any) -> PackRequest:
        again = replace(request_for(reader, output=tmp_path / "again", overwrite=True), reform=Oz(tuple(own)))
        manifest = run(replace(again, output=tmp_path / "run")).manifest
        with store.step() as step:
            runs.write_run(step, 7, {"manifest": manifest, "columns": ["outcome"]})
        office = parse_office(example_office())
        return PackRequest(
            store, 7, again, manifest, packet, office, ("office.toml", "0" * 64), Asked(**asked), "In words.",
            dt.date(2026, 1, 31),
        )  # fmt: skip

    yield make
    store.close()


def packed(request: PackRequest, output: Path) -> Any:
    """The packet in a folder, and what its manifest says."""
    disk = PagedDisk()
    with Staging(output, disk=disk) as staging:
        folder = staging.open()
        made = pack(request, folder)
        write_about(made, folder, disk.pages, encrypted=False)
        staging.release()
    return made, json.loads((output / PACKET).read_text("utf-8"))


def test_a_packet_of_a_reform_is_written_and_its_manifest_says_what_it_is(request_of: Any, tmp_path: Path) -> None:
    request = request_of()
    made, about = packed(request, tmp_path / "one")
    assert made.decided == {"granted": 3, "objected": 0, "open": 1, "refused": 1, "referred": 0}
    assert (made.taken, made.state) == ({"granted": 3}, "filed")
    # The court is blank in these rolls, which is no courthouse of the table.
    assert made.strangers == about["not_in_table"] == {"": 3}
    assert about["packet"] == {"id": "oz_motion", "title": "A motion of Oz"}
    assert (about["run"], about["made_on"], about["encrypted"]) == (7, "2026-01-31", False)
    assert about["decided"] == made.decided
    (file,) = about["files"]
    assert (file["name"], file["rows"]) == ("list.txt", 3)
    packed(request, tmp_path / "two")
    assert (tmp_path / "one" / PACKET).read_bytes() == (tmp_path / "two" / PACKET).read_bytes()


def test_an_unknown_packet_lists_the_known_ones_with_their_titles(request_of: Any) -> None:
    with pytest.raises(UsageError, match=r"no packet \[oz_moton\]; did you mean \[oz_motion\]\? known: ") as caught:
        check_asked(request_of("oz_moton"))
    for id, packet in CORE_PACKETS.items():
        assert f"{id} ({packet.title})" in str(caught.value)


def test_a_reform_may_not_take_the_name_of_a_packet_of_the_core(request_of: Any) -> None:
    with pytest.raises(PluginError, match=r"has a packet \[letters\]"):
        packets_of(request_of(own=[Motion(listed, "letters")]).again.reform)


def test_a_reform_whose_packets_cannot_be_loaded_is_named() -> None:
    class Broken(Oz):
        def filings(self) -> Mapping[str, Filing]:
            raise ImportError("typst")

    with pytest.raises(PluginError, match=r"packets of reform \[oz_moonshine\] cannot be loaded: \[ImportError\]"):
        packets_of(Broken(()))


@pytest.mark.parametrize(
    ("packet", "asked", "said"),
    [
        ("oz_motion", {"relief": "dismiss_and_seal"}, r"packet \[oz_motion\] takes no --relief; leave it out"),
        ("defender", {"language": "es"}, r"packet \[defender\] takes no --language; leave it out"),
        ("letters", {"layout": Path("x")}, r"takes no --layout; it takes --relief, --addresses, --language, --text"),
        ("letters", {}, r"packet \[letters\] needs --addresses FILE\.csv"),
        ("court_update", {}, r"needs --layout FILE\.toml; an example: clearslate file --init-layout"),
        ("forms", {"form": Path("x.pdf")}, r"needs --fields FILE\.toml"),
        ("doj_update", {"relief": "dismis_and_seal"}, r"--relief \[dismis_and_seal\] is none; did you mean"),
    ],
)
def test_options_that_a_packet_does_not_take_or_cannot_do_without_are_told(
    request_of: Any, packet: str, asked: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        check_asked(request_of(packet, **asked))


def test_a_packet_that_fails_is_named_and_nothing_of_the_data_is_shown(request_of: Any, tmp_path: Path) -> None:
    def fails(packet: Packet, folder: Folder) -> Mapping[str, int]:
        folder.create("half.txt").write(b"half")
        raise ValueError(packet.entries[0].decided.person.person_id)

    with pytest.raises(PluginError, match=r"packet \[oz_motion\] failed with \[ValueError\]; nothing was") as caught:
        packed(request_of(own=[Motion(fails)]), tmp_path / "out")
    assert "P1" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_packet_s_own_error_is_told_as_it_is(request_of: Any, tmp_path: Path) -> None:
    def fails(packet: Packet, folder: Folder) -> Mapping[str, int]:
        raise InputError("there is nothing to file")

    with pytest.raises(InputError, match="there is nothing to file"):
        packed(request_of(own=[Motion(fails)]), tmp_path / "out")


@pytest.mark.parametrize("taken", [{"granted": 4}, {"open": -1}, {"invented": 1}])
def test_a_packet_that_takes_up_more_than_was_decided_is_not_released(
    request_of: Any, tmp_path: Path, taken: Mapping[str, int]
) -> None:
    with pytest.raises(LedgerError, match="nothing was released"):
        packed(request_of(own=[Motion(lambda packet, folder: taken)]), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_that_does_not_add_up_with_what_is_kept_is_not_released(request_of: Any, tmp_path: Path) -> None:
    request = request_of()
    ledger = {**request.manifest["ledger"], "decided_by_outcome": {"eligible": 2}}
    with pytest.raises(LedgerError, match=r"decided \[2\] as eligible and \[3\]"):
        packed(replace(request, manifest={**request.manifest, "ledger": ledger}), tmp_path / "out")
