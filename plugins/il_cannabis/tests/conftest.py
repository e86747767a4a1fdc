"""An office of Oz at work on Illinois papers: entries in a line, packets of them, and what the filings write."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from clearslate.filing.entry import Entry, Word
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.meanings import CourtOrder, EntryKey, key_of
from clearslate.filing.office import Office, example_office, parse_office
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.staging import Staging
from clearslate.policy.determination import Decision, Determination, Outcome, RouteRuling
from clearslate.policy.word import with_word
from clearslate.testing.factories import make_count, make_person
from clearslate_il_cannabis.plugin import IL_CANNABIS

AS_OF = dt.date(2026, 1, 2)
MADE_ON = dt.date(2026, 1, 31)
ROUTES = tuple(relief.id for relief in IL_CANNABIS.about.reliefs)
RULES = {"auto_le": "auto_le_2021", "prb_pardon": "minor_conviction"}


def an_office(**changes: str) -> Office:
    """The office of the county of Oz, in words of Illinois."""
    words = {
        "Department of Justice of Oz, Record Quality": "State Police of Oz",
        "Office of the District Attorney, County of Oz": "Office of the State's Attorney, County of Oz",
        "Deputy District Attorney": "Assistant State's Attorney",
        "SUPERIOR COURT OF THE STATE OF OZ, COUNTY OF OZ": "Circuit Court of Oz County, Illinois",
        **changes,
    }
    text = example_office()
    for old, new in words.items():
        text = text.replace(old, new)
    return parse_office(text)


class Desk:
    """Makes entries, and files them."""

    made_on = MADE_ON

    def __init__(self, place: Path) -> None:
        self.place = place
        self.row = 0
        self.runs = 0
        self.office = an_office()
        self.policy = IL_CANNABIS.bind(IL_CANNABIS.find("statute"))

    def entry(
        self,
        *routes: str,
        outcome: str = "eligible",
        rule: str | None = None,
        flags: Sequence[str] = (),
        person_id: str | None = None,
        names: Sequence[str] = ("GALE,DOROTHY",),
        identifiers: Sequence[str] = ("30000001",),
        born: str | None = "1980-05-17",
        person: Mapping[str, Any] | None = None,
        statute: str | None = "720 ILCS 550/4(c)",
        case: str | Sequence[str] | None = None,
        agency: str | None = "EMERALD CITY PD",
        county: str | None = "OZ",
        cells: Mapping[str, str] | None = None,
        word: Word | None = None,
        **count: Any,
    ) -> Entry:
        """An entry to which ``routes`` give ``outcome``; every other route is refused."""
        self.row += 1
        given = {
            "arrested": "2009-03-01",
            "committed": "2009-03-01",
            "disposed": "2010-06-01",
            "grade": "misdemeanor",
            "offense_class": "A",
            "ended": "conditional_discharge",
            "sentence": ("12 month CONDITIONAL DISCHARGE",),
            **count,
        }
        made = make_count(statute, place=Place(0, self.row, self.row + 1), county=county, **given)
        numbers = (f"{2009}-CM-{self.row:06d}",) if case is None else (case,) if isinstance(case, str) else tuple(case)
        event = msgspec.structs.replace(made.event, agency=agency, case_numbers=numbers)
        made = msgspec.structs.replace(made, event=event, key=f"{self.row:06d}")
        whose = make_person(
            made,
            person_id=person_id or f"P{self.row}",
            names=tuple(names),
            identifiers=tuple(identifiers),
            birth_date=born,
            **(person or {}),
        )
        got = self.decided(dict.fromkeys(routes, outcome), rule, flags)
        if word is not None:
            got = with_word(self.policy, got, word)
        return Entry(Decided(whose, whose.counts[0], got), "rolls.csv", dict(cells or {}))

    @staticmethod
    def decided(outcomes: Mapping[str, str], rule: str | None, flags: Sequence[str]) -> Determination:
        """What the policy decided, route by route."""
        routes = []
        for route in ROUTES:
            outcome = Outcome(outcomes.get(route, "ineligible"))
            routes.append(
                RouteRuling(
                    route,
                    Decision(outcome, route if outcome is Outcome.ELIGIBLE else None),
                    rule or RULES.get(route, "vacate"),
                    "A conviction of Section 4.",
                    ("20 ILCS 2630/5.2(i)",),
                    (),
                    (),
                    (),
                )
            )
        granted = [one for one in routes if one.decision.outcome is Outcome.ELIGIBLE]
        chosen = granted[-1] if granted else routes[0]
        return Determination(
            chosen.decision, chosen.rule, chosen.reason, chosen.citations, (), (), tuple(flags), (), tuple(routes)
        )

    @staticmethod
    def objection(route: str | None = None) -> Word:
        """An attorney's objection, to one route or to everything."""
        return Word("object", None, None, "A gun was found.", "G. Quadling", dt.date(2026, 1, 5), route)

    @staticmethod
    def settled(route: str) -> Word:
        """An attorney's word that a route is open."""
        return Word("settle", Outcome.ELIGIBLE, route, "Looked up.", "G. Quadling", dt.date(2026, 1, 5), route)

    def packet(self, *entries: Entry, **fields: Any) -> Packet:
        """The packet of a run."""
        given = {
            "entries": entries,
            "office": self.office,
            "reform": IL_CANNABIS.about,
            "policy": self.policy,
            "policy_page": "The policy.",
            "manifest": {"versions": {"clearslate": "9.9"}, "ledger": {"charges_decided": len(entries)}},
            "digest": "ab" * 32,
            "as_of": AS_OF,
            "made_on": MADE_ON,
        }
        return Packet(**{**given, **fields})

    @staticmethod
    def ordered(entries: Sequence[Entry], day: str) -> dict[EntryKey, CourtOrder]:
        """An order of that day on each of the entries, as a packet has them."""
        return {key_of(entry): CourtOrder(dt.date.fromisoformat(day), "Judge of Oz") for entry in entries}

    def file(self, filing: Filing, *entries: Entry, **fields: Any) -> tuple[Mapping[str, int], dict[str, bytes]]:
        """What a filing gives, and the files that it writes."""
        self.runs += 1
        out = self.place / f"out{self.runs}"
        with Staging(out) as staging:
            taken = filing.write(self.packet(*entries, **fields), staging.open())
            staging.release()
        return taken, {path.name: path.read_bytes() for path in sorted(out.iterdir())}

    @staticmethod
    def text(pdf: bytes) -> str:
        """The text of a PDF with single spaces."""
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())

    @staticmethod
    def papers(pdf: bytes) -> list[str]:
        """The text of each paper of a packet: one begins where pages are numbered from 1."""
        found: list[str] = []
        for page in PdfReader(io.BytesIO(pdf)).pages:
            text = " ".join(page.extract_text().split())
            if re.search(r", page 1(?![0-9])", text):
                found.append(text)
            else:
                found[-1] += f" {text}"
        return found

    @staticmethod
    def page_texts(pdf: bytes) -> list[str]:
        """The text of each page with single spaces."""
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]

    @staticmethod
    def pages(pdf: bytes) -> int:
        """How many pages a PDF has."""
        return len(PdfReader(io.BytesIO(pdf)).pages)

    @staticmethod
    def table(data: bytes) -> list[dict[str, str]]:
        """The rows of a CSV file."""
        return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))

    @staticmethod
    def totals(files: Mapping[str, bytes]) -> dict[str, int]:
        """The totals of the checklist."""
        text = files["read_first.txt"].decode("utf-8")
        lines = text.partition("TOTALS\n\n")[2].partition("\n\n")[0].splitlines()
        return {name: int(count) for name, _, count in (line.rpartition(": ") for line in lines)}

    @staticmethod
    def section(files: Mapping[str, bytes], heading: str) -> str:
        """A section of the checklist."""
        text = files["read_first.txt"].decode("utf-8")
        return text.partition(f"{heading}\n\n")[2].partition("\n\n")[0]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office with a folder of the test's own."""
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def desks() -> type[Desk]:
    """What makes an office in a folder."""
    return Desk
