"""An office of Oz that files, and its documents read back: every run of text with its place, every line drawn."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from clearslate.filing.checklist import Check
from clearslate.filing.entry import Entry, Word
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.office import Office, example_office, parse_office
from clearslate.model import Place
from clearslate.output.decided import Decided
from clearslate.output.staging import Staging
from clearslate.policy.determination import Decision, Determination, Outcome
from clearslate.policy.word import reopened, with_word
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.oz import OZ
from clearslate_california.filing.bulk import Bulk
from clearslate_california.filing.contents import Wording
from clearslate_california.filing.paper import heading, item, plain, signed
from clearslate_california.filing.schedule import section
from clearslate_california.filing.single import Page, Single, bold, listed

MADE_ON, AS_OF = dt.date(2026, 1, 31), dt.date(2026, 1, 2)
HOUSES = ("CASC EMERALD CITY", "CAMC MUNCHKIN COUNTRY", "CASC WINKIE")
STATUTE = OZ.bind(OZ.find("statute"))
OBJECTION = Word("object", None, None, "Gale of Oz says no.", "G. Quadling", dt.date(2026, 1, 5))
OUTCOMES = ("granted", "objected", "open", "refused", "referred")

WORDING = Wording(
    law="Oz Acts of 2016",
    section="ZZ Acts 2016 section 4",
    cite="ZZ Acts 2016, § 4",
    matter="In the matter of convictions of moonshine",
    matter_short="moonshine",
    aim="dismiss and seal, or redesignate, convictions",
    memorandum=("Moonshine is lawful in Oz since 2016.",),
    limits=("Nothing else is asked.",),
    ordered={"dismiss_and_seal": "is dismissed.", "redesignate_misdemeanor": "is a misdemeanor."},
    remarks=lambda _packet, granted: [f"There are {granted.size} of them."],
    reach=lambda _packet, _granted: [],
    checks=(Check("All", "Whether Oz agrees."),),
)
BULK = Bulk("oz_bulk", "One motion of Oz", WORDING)


def oz_page(case: Any, _packet: Any, _setting: Any) -> Page:
    return Page(
        title="Motion and order of Oz",
        nature="MOTION AND ORDER",
        footer="MOTION AND ORDER",
        parts=[
            heading("MOTION"),
            bold("Mind the witch."),
            plain("The People of Oz ask for it."),
            listed(("Section", "Relief"), [(section(entry), "All of it") for entry in case.entries]),
            item("1.", "It is so ordered."),
            signed(["Dated: ____"], ["Judge of Oz"]),
        ],
    )


SINGLE = Single("oz_single", "A motion of Oz", "motion", oz_page, (Check("All", "Whether Oz agrees."),))


class Run(NamedTuple):
    """A run of text: where it begins, on which baseline from the top of the page, in which size, and where it ends."""

    text: str
    x: float
    y: float
    size: float
    end: float


class Drawn(NamedTuple):
    """A straight line, from the top of the page."""

    x: float
    y: float
    to_x: float
    to_y: float


class Sheet:
    """One page as it was printed."""

    def __init__(self, reader: PdfReader, page: PageObject) -> None:
        self.height = float(page.mediabox.height)
        self.width = float(page.mediabox.width)
        begins: list[tuple[str, float, float, float]] = []

        def visit(text: str, cm: Sequence[float], tm: Sequence[float], _font: object, size: float) -> None:
            if text.strip():
                x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
                y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                begins.append((text.strip("\n"), round(float(x), 2), round(self.height - float(y), 2), float(size)))

        self.text = page.extract_text(visitor_text=visit)
        self.drawn: list[Drawn] = []
        ends: dict[tuple[float, float], float] = {}
        self._walk(reader, page, ends)
        self.runs = [Run(*begin, ends.get((begin[1], begin[2]), begin[1])) for begin in begins]

    def _walk(self, reader: PdfReader, page: PageObject, ends: dict[tuple[float, float], float]) -> None:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        widths = {name: _widths(fonts[name].get_object()) for name in fonts}
        stack: list[tuple[float, ...]] = []
        at: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
        pen, font, size = (0.0, 0.0), "", 0.0
        for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
            if operator == b"q":
                stack.append(at)
            elif operator == b"Q":
                at = stack.pop()
            elif operator == b"cm":
                at = _times(tuple(map(float, operands)), at)
            elif operator == b"Tf":
                font, size = str(operands[0]), float(operands[1])
            elif operator in (b"Tj", b"TJ"):
                pieces = operands[0] if operator == b"TJ" else [operands[0]]
                wide = sum(_wide(piece, widths[font]) for piece in pieces) * size / 1000
                start = (round(at[4], 2), round(self.height - at[5], 2))
                ends[start] = round(start[0] + wide, 2)
            elif operator == b"m":
                pen = (float(operands[0]), float(operands[1]))
            elif operator == b"l":
                to = (float(operands[0]), float(operands[1]))
                (x, y), (to_x, to_y) = _put(pen, at), _put(to, at)
                self.drawn.append(Drawn(x, round(self.height - y, 2), to_x, round(self.height - to_y, 2)))
                pen = to


def _times(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _put(point: tuple[float, float], at: tuple[float, ...]) -> tuple[float, float]:
    x, y = point
    return round(x * at[0] + y * at[2] + at[4], 2), round(x * at[1] + y * at[3] + at[5], 2)


def _widths(font: Any) -> dict[int, float]:
    """The width of each glyph of a composite font, as its ``/W`` array says."""
    inner = font["/DescendantFonts"][0].get_object()
    found: dict[int, float] = {}
    array = list(inner.get("/W", []))
    while array:
        first = int(array.pop(0))
        if isinstance(array[0], list):
            found.update({first + place: float(width) for place, width in enumerate(array.pop(0))})
        else:
            last, width = int(array.pop(0)), float(array.pop(0))
            found.update(dict.fromkeys(range(first, last + 1), width))
    return found


def _wide(piece: Any, widths: Mapping[int, float]) -> float:
    if isinstance(piece, int | float):
        return -float(piece)
    data = piece if isinstance(piece, bytes) else piece.original_bytes
    codes = [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]
    return sum(widths.get(code, 0.0) for code in codes)


def sheets(data: bytes) -> list[Sheet]:
    """The pages of a PDF."""
    reader = PdfReader(io.BytesIO(data))
    return [Sheet(reader, page) for page in reader.pages]


class Desk:
    """Makes entries and packets, and reads what a filing wrote."""

    made_on = MADE_ON
    houses = HOUSES
    bulk = BULK
    single = SINGLE
    wording = WORDING

    def __init__(self, place: Path) -> None:
        self.place = place
        self.row = 0
        self.runs = 0
        self.office: Office = parse_office(example_office())

    def entry(
        self,
        kind: str = "granted",
        relief: str | None = "dismiss_and_seal",
        *,
        house: str | None = HOUSES[0],
        cases: Sequence[str] | None = None,
        person_id: str | None = None,
        names: Sequence[str] = ("GALE,DOROTHY",),
        identifiers: Sequence[str] = ("Q0000001",),
        word: Word | None = None,
        again: bool = False,
        rule: str = "a_rule",
        reason: str = "The law of Oz says so.",
        flags: Sequence[str] = (),
        statute: str | None = "ZZ 100(a)",
        birth_date: str | None = "1970-02-03",
        **count: Any,
    ) -> Entry:
        """An entry of a kind: granted, objected, open, refused or referred.

        With a ``word`` the kind is what the policy had decided; ``again`` says that the word does not hold any more.
        """
        self.row += 1
        made = make_count(statute, place=Place(0, self.row, self.row + 1), key=f"{self.row:012d}", **count)
        numbers = (f"OZ-{self.row:06d}",) if cases is None else tuple(cases)
        event = msgspec.structs.replace(made.event, key=f"{self.row}/1", agency=house, case_numbers=numbers)
        whose = make_person(
            msgspec.structs.replace(made, event=event),
            person_id=person_id or f"P{self.row}",
            names=tuple(names),
            identifiers=tuple(identifiers),
            birth_date=birth_date,
        )
        outcome = {
            "granted": Decision(Outcome.ELIGIBLE, relief),
            "objected": Decision(Outcome.ELIGIBLE, relief),
            "open": Decision(Outcome.REVIEW),
            "refused": Decision(Outcome.INELIGIBLE),
            "referred": Decision(Outcome.REFER, None, "witch"),
        }[kind]
        got = Determination(outcome, rule, reason, ("ZZ Acts 2016 c. 1 s 4",), (), (), tuple(flags), ())
        said = OBJECTION if kind == "objected" and word is None else word
        if said is not None:
            got = (reopened if again else with_word)(STATUTE, got, said)
        return Entry(Decided(whose, whose.counts[0], got), "rolls.dat", {})

    def some(self, size: int, seed: int = 1, kinds: Sequence[str] = OUTCOMES) -> list[Entry]:
        """Entries of every kind, sorted as a packet's are."""
        draw = random.Random(seed)
        made = [
            self.entry(
                draw.choice(kinds),
                draw.choice(["dismiss_and_seal", "redesignate_misdemeanor"]),
                house=draw.choice(HOUSES),
                person_id=f"P{draw.randrange(max(1, size // 2))}",
            )
            for _ in range(size)
        ]
        return sorted(
            made, key=lambda one: (one.decided.count.event.agency or "", one.decided.count.event.case_numbers)
        )

    def everything(self) -> dict[str, bytes]:
        """The files of one bulk packet with entries of every kind, and a single paper of a person with a long name."""
        bulk = self.file(self.bulk, self.packet(self.some(40)))[1]
        names = ("ŐRSÉGI-GÜNTHER,ANNA-MARÍA ÉLISABETH DE LA TRÈS LONGUE", "GALE,D")
        entry = self.entry(names=names, house="CASC GILLIKIN COUNTRY NORTHERN DIVISION OF PURPLE MOUNTAINS X")
        papers = self.file(self.single, self.packet([entry]))[1]
        return bulk | {name: data for name, data in papers.items() if name.endswith(".pdf")}

    def packet(self, entries: Sequence[Entry], **fields: Any) -> Packet:
        """A packet of the Oz reform."""
        given: dict[str, Any] = {
            "entries": entries,
            "office": self.office,
            "reform": OZ.about,
            "policy": STATUTE,
            "policy_page": "statute: moonshine\n\n  1. a_rule -> eligible\n     when it is moonshine",
            "manifest": {
                "versions": {"clearslate": "9.9.9"},
                "inputs": [{"name": "rolls.dat", "rows": 1234, "sha256": "ab" * 32}],
                "ledger": {"convictions_decided": len(entries)},
            },
            "digest": "cd" * 32,
            "as_of": AS_OF,
            "made_on": MADE_ON,
        }
        return Packet(**{**given, **fields})

    def file(self, filing: Filing, packet: Packet) -> tuple[Mapping[str, int], dict[str, bytes]]:
        """What a filing gives, and its files."""
        self.runs += 1
        out = self.place / f"out{self.runs}"
        with Staging(out) as staging:
            taken = filing.write(packet, staging.open())
            staging.release()
        return taken, {path.name: path.read_bytes() for path in sorted(out.iterdir())}

    @staticmethod
    def text(data: bytes) -> str:
        """All text of a PDF, with single spaces."""
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages)

    sheets = staticmethod(sheets)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def desks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Desk]:
    """A new desk for each example of a property."""
    return lambda: Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def read() -> Callable[[bytes], list[Sheet]]:
    """Reads the pages of a PDF."""
    return sheets


@pytest.fixture(scope="session")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The files of one packet with entries of every kind, made once."""
    return Desk(tmp_path_factory.mktemp("filed")).everything()
