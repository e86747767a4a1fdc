from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import CourtOrder, Setting, key_of
from clearslate.filing.office import Office, example_office, parse_office
from clearslate.model import Place, Statute
from clearslate.output.decided import Decided
from clearslate.output.staging import Folder, Staging
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.policy.word import Word, with_word
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.oz import OZ

T = TypeVar("T")
MADE_ON = dt.date(2026, 1, 31)


class Desk:
    """An office of Oz at work: makes entries in a line, and what they are filed with."""

    made_on = MADE_ON

    def __init__(self, tmp_path: Path) -> None:
        self.row = 0
        self.runs = 0
        self.place = tmp_path
        self.office: Office = parse_office(example_office())
        self.reform = OZ.about
        self.policy = OZ.bind(OZ.find("statute"))

    def entry(
        self,
        person_id: str | None = None,
        *,
        outcome: str = "eligible",
        relief: str | None = "dismiss_and_seal",
        refer_to: str | None = None,
        statute: str | Statute | None = "ZZ 100",
        case: str | Sequence[str] = "",
        court: str | None = "CASC EMERALD CITY",
        arrested_by: str = "EMERALD CITY PD",
        names: Sequence[str] = ("GALE,DOROTHY",),
        identifiers: Sequence[str] = ("Q99",),
        cells: Mapping[str, str] | None = None,
        word: Word | None = None,
        offense: str | None = None,
        person: Mapping[str, Any] | None = None,
        **count: Any,
    ) -> Entry:
        self.row += 1
        made = make_count(statute, place=Place(0, self.row, self.row + 1), **count)
        cases = (case,) if isinstance(case, str) and case else tuple(case) or (f"OZ-{self.row:04d}",)
        event = msgspec.structs.replace(made.event, agency=court, case_numbers=cases)
        made = msgspec.structs.replace(made, event=event, key=f"{self.row:012d}")
        if offense is not None:
            made = msgspec.structs.replace(made, offense=offense)
        whose = make_person(
            made,
            person_id=person_id or f"P{self.row}",
            names=tuple(names),
            identifiers=tuple(identifiers),
            **(person or {}),
        )
        got = Determination(
            decision=Decision(Outcome(outcome), relief if outcome == "eligible" else None, refer_to),
            rule="a_rule",
            reason="The law says so.",
            citations=("ZZ Acts 2016 c. 1 s 4(a)",),
            missing=(),
            prospects=(),
            flags=(),
            trace=(),
        )
        if word is not None:
            got = with_word(self.policy, got, word)
        row = {"ARRESTED_BY": arrested_by, **(cells or {})}
        return Entry(Decided(whose, whose.counts[0], got), "rolls.csv", row)

    def objected(self, **fields: Any) -> Entry:
        word = Word("object", None, None, "Not the person.", "G. Quadling", dt.date(2026, 1, 5))
        return self.entry(word=word, **fields)

    def setting(self, **fields: Any) -> Setting:
        fields.setdefault("arrested_by", lambda entry: entry.cells["ARRESTED_BY"])
        return Setting(**{"office": self.office, "reform": self.reform, "made_on": MADE_ON, **fields})

    def orders(self, *entries: Entry, day: dt.date = dt.date(2026, 1, 20)) -> dict[tuple[str, str], CourtOrder]:
        return {key_of(entry): CourtOrder(day, "Oscar Diggs") for entry in entries}

    def packet(self, *entries: Entry, **fields: Any) -> Packet:
        given = {
            "entries": entries,
            "office": self.office,
            "reform": self.reform,
            "policy": self.policy,
            "policy_page": "The policy.",
            "manifest": {},
            "digest": "0" * 64,
            "as_of": dt.date(2026, 1, 2),
            "made_on": MADE_ON,
        }
        return Packet(**{**given, **fields})

    def written(self, write: Callable[[Folder], T]) -> tuple[T, Path]:
        """What a writer gives, and the folder with what it wrote."""
        self.runs += 1
        out = self.place / f"out{self.runs}"
        with Staging(out) as staging:
            result = write(staging.open())
            staging.release()
        return result, out

    @staticmethod
    def table(path: Path) -> list[dict[str, str]]:
        """The rows of a CSV file."""
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
