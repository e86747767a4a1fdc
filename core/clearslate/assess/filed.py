"""What a run decided, taken up charge by charge for the papers that are filed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec

from clearslate.errors import LedgerError
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.office import Office, Printed, court_of
from clearslate.ingest.cells import unneutral
from clearslate.ingest.reader import Block, RecordReader
from clearslate.output.decided import Decided
from clearslate.output.staging import Folder
from clearslate.output.writer import RunContext

_OUTCOMES: Mapping[str, tuple[Standing, ...]] = {
    "eligible": (Standing.GRANTED,),
    "review": (Standing.OPEN, Standing.OBJECTED),
    "ineligible": (Standing.REFUSED,),
    "refer": (Standing.REFERRED,),
}
"""Where what was decided so stands in a packet."""


@runtime_checkable
class NamesCourts(Protocol):
    """A reader whose source names the courthouse in columns of its own; the first that is not blank holds it."""

    @property
    def court_columns(self) -> Sequence[str]:
        """The columns."""


def court_printed(reader: RecordReader) -> Printed:
    """What a source prints of an entry's court: the agency of the court's step, or what its reader says it is."""
    if not isinstance(reader, NamesCourts):
        return court_of
    columns = tuple(reader.court_columns)

    def printed(entry: Entry) -> str | None:
        return next((text for column in columns if (text := entry.cells.get(column, "").strip())), None)

    return printed


class _Columns:
    """The columns of a source, and the row that was looked at last."""

    def __init__(self, names: Sequence[str]) -> None:
        self.place = {name: place for place, name in enumerate(names)}
        self._last: tuple[bytes, list[str]] = (b"", [])

    def cells(self, row: bytes) -> list[str]:
        """The cells of a packed row."""
        known, cells = self._last
        if known is not row:
            cells = msgspec.json.decode(row, type=list[str])
            self._last = (row, cells)
        return cells


class SourceRow(Mapping[str, str]):
    """A source row by column, as printed; it rests packed, because a packet holds very many."""

    __slots__ = ("_columns", "_packed")

    def __init__(self, columns: _Columns, packed: bytes) -> None:
        self._columns = columns
        self._packed = packed

    def __getitem__(self, column: str) -> str:
        return self._columns.cells(self._packed)[self._columns.place[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.place)

    def __len__(self) -> int:
        return len(self._columns.place)

    def __repr__(self) -> str:
        return f"<SourceRow of {len(self)} columns>"


class Filed:
    """A writer that writes nothing, and takes up every decision with the first source row of its charge."""

    id = "filed"
    title = "Takes up every decision for what is filed"

    def open(self, run: RunContext, folder: Folder) -> Filed:
        """Begin."""
        self._run = run
        self._columns = _Columns(run.reader.columns)
        self._decided: list[Decided] = []
        self._rows: dict[int, SourceRow] = {}
        # By file and row, the place among the decisions: a row may stand in a later block.
        self._waiting: dict[tuple[int, int], bytes] = {}
        return self

    def block(self, block: Block, decided: Sequence[Decided]) -> None:
        """Take up a block's decisions, and the rows that it holds."""
        waiting = self._waiting
        for one in decided:
            place = one.count.place
            if (place.file, place.row) in waiting:
                raise _doubled()
            waiting[place.file, place.row] = b"%d" % len(self._decided)
            self._decided.append(one)
        if not waiting:
            return
        found = set()
        for *cells, number in csv.reader(io.StringIO(block.chosen(waiting).decode("utf-8"), newline="")):
            if len(cells) != len(self._columns.place):
                raise LedgerError("a source row has other columns than its format; nothing was released; report this")
            printed = [unneutral(cell) if cell.startswith("'") else cell for cell in cells]
            found.add(int(number))
            self._rows[int(number)] = SourceRow(self._columns, msgspec.json.encode(printed))
        if len(found) == len(waiting):
            waiting.clear()
        else:
            self._waiting = {place: number for place, number in waiting.items() if int(number) not in found}

    def close(self) -> None:
        """Raise LedgerError unless every decision has its row."""
        if self._waiting or len(self._rows) != len(self._decided):
            raise LedgerError("a decision has no source row; nothing was released; report this")
        if len({(one.count.place.file, one.count.place.row) for one in self._decided}) != len(self._decided):
            raise _doubled()

    def entries(self, office: Office) -> tuple[Entry, ...]:
        """Every decision, by courthouse in the office's order, case number, person and count."""
        names = [file.name for file in self._run.reading.inputs]
        made = [Entry(one, names[one.count.place.file], self._rows[number]) for number, one in enumerate(self._decided)]
        houses = {id(house): place for place, house in reversed([*enumerate(office.courthouses.values())])}
        printed = court_printed(self._run.reader)

        def order(entry: Entry) -> tuple[Any, ...]:
            text = printed(entry)
            house = office.courthouse(text)
            count = entry.decided.count
            stranger = "" if house is not None else " ".join((text or "").casefold().split())
            place = len(houses) if house is None else houses[id(house)]
            return place, stranger, count.event.case_numbers, entry.decided.person.person_id, count.key, count.place

        return tuple(sorted(made, key=order))


def _doubled() -> LedgerError:
    return LedgerError("two decisions stand at one row, and nothing can tell them apart; report this")


def totals(entries: Iterable[Entry]) -> dict[str, int]:
    """How many entries stand where, each standing named."""
    found = Counter(entry.standing for entry in entries)
    return {standing.value: found[standing] for standing in Standing}


def check_entries(entries: Sequence[Entry], manifest: Mapping[str, Any]) -> dict[str, int]:
    """How many entries stand where. Raises LedgerError where the run's ledger says otherwise."""
    found = totals(entries)
    for outcome, number in manifest["ledger"]["decided_by_outcome"].items():
        taken = sum(found[standing.value] for standing in _OUTCOMES[outcome])
        if taken != number:
            raise _other(outcome, number, taken)
    for relief, outcomes in manifest["ledger"].get("decided_by_route", {}).items():
        given = sum(relief in entry.reliefs for entry in entries)
        if given != outcomes["eligible"]:
            raise _other(f"eligible for {relief}", outcomes["eligible"], given)
    return found


def _other(what: str, number: int, taken: int) -> LedgerError:
    return LedgerError(
        f"the run decided [{number}] as {what} and [{taken}] were taken up for the packet; nothing was released; "
        "report this with the counts"
    )
