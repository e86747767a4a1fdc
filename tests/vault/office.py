"""A store that files are brought into, and runs on it and on the files themselves."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vault.doj import row, write

from clearslate.assess.intake import Intake, ingest
from clearslate.assess.keeping import Kept
from clearslate.assess.run import RunRequest, RunSummary, run
from clearslate.ingest.kept import Records, kept_sources
from clearslate.registry import Registry
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

SAMPLE = Path(__file__).parents[2] / "examples" / "ca_doj_sample.dat"
AS_OF = dt.date(2026, 11, 1)


class Office:
    """A store, files brought into it, and runs on either."""

    def __init__(self, folder: Path, known: Registry) -> None:
        self.folder = folder
        self.known = known
        self.store = Store.temporary()
        with self.store.step() as step:
            # The ring that every real vault has.
            step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')
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

    def another(self) -> Office:
        """One more with the same laws and formats, and an empty store."""
        return Office(self.folder, self.known)


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
