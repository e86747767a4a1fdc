"""What a record says of a charge and whose it is, as Illinois papers print it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from clearslate.filing.entry import Entry
from clearslate.filing.meanings import squeezed
from clearslate.model import PartialDate, SentencePart, Statute
from clearslate_illinois.case_numbers import CaseNumber, read_case_number
from clearslate_illinois.clerk_cells import is_nobody
from clearslate_illinois.statutes import read_cells, read_statute

NAME_MISSING = "name not in the record"
"""What stands in place of a name, as in the exports of the State's Attorney, which have none."""
NOT_IN_RECORD = "not in the record"
"""What stands where the record says nothing."""

_PARTICIPANT = "CASE_PARTICIPANT_ID"
_CHARGED_CELLS = (
    "DISPOSITION_CHARGED_CHAPTER",
    "DISPOSITION_CHARGED_ACT",
    "DISPOSITION_CHARGED_SECTION",
    "DISPOSITION_CHARGED_OFFENSE_TITLE",
)
_AMENDED = "CHARGE_AMENDED"

NUMBER_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "SID": ("statepoliceid", "sid", "sid_number"),
        "IR": ("fgrprntno", "ir", "ir_number"),
        "FBI": ("fbiidno", "fbi", "fbi_number"),
        "DCN": ("dcn", "dcn_number"),
        "CB": ("ctlbkngno", "cb", "cb_number"),
    }
)
"""Columns of a source that hold a number of the person (SID, IR, FBI) or of the arrest (DCN, CB)."""
OF_PERSON, OF_ARREST = ("SID", "IR", "FBI"), ("DCN", "CB")
ADDRESS_COLUMNS: tuple[str, ...] = ("st_address", "address", "city_state", "city", "state", "zipcode", "zip")
"""Columns of a source that hold the last known address, in the order in which it is written."""


class Numbered(NamedTuple):
    """A number with what kind it is."""

    kind: str
    number: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Case(NamedTuple):
    """A case number: as the record prints it, and read; None where it is in no form that a court of Illinois uses."""

    printed: str
    read: CaseNumber | None

    def __str__(self) -> str:
        return self.printed if self.read is None else str(self.read)


def is_without_court_number(entry: Entry) -> bool:
    """Whether its source numbers cases and people in a way of its own, as the State's Attorney's exports do."""
    return _PARTICIPANT in entry.cells


def has_name(entry: Entry) -> bool:
    """Whether the record says the person's name."""
    return any(squeezed(name) for name in entry.decided.person.names)


def name(entry: Entry) -> str:
    """The name as printed first."""
    return next((text for text in map(squeezed, entry.decided.person.names) if text), NAME_MISSING)


def other_names(entry: Entry) -> tuple[str, ...]:
    """The other names as printed."""
    found = [text for text in map(squeezed, entry.decided.person.names) if text]
    return tuple(found[1:])


def initials(entry: Entry) -> str:
    """The initials, given names first: ``D. G.`` for GALE,DOROTHY."""
    if not has_name(entry):
        return NAME_MISSING
    last, _, given = name(entry).partition(",")
    letters = (next(filter(str.isalpha, word), "") for word in f"{given} {last}".split())
    return " ".join(f"{letter.upper()}." for letter in letters if letter) or "name withheld"


def born(entry: Entry) -> str:
    """The birth date."""
    return short_date(entry.decided.person.birth_date)


def person_numbers(entry: Entry) -> tuple[Numbered, ...]:
    """The numbers of the person: SID, IR, FBI, or the participant's number where that is all that there is."""
    own = "Participant" if is_without_court_number(entry) else "SID"
    stated = [Numbered(own, squeezed(one)) for one in entry.decided.person.identifiers if squeezed(one)]
    return tuple(dict.fromkeys([*stated, *_numbers(entry, OF_PERSON)]))


def arrest_numbers(entry: Entry) -> tuple[Numbered, ...]:
    """The numbers of the arrest: DCN, CB."""
    return tuple(_numbers(entry, OF_ARREST))


def _numbers(entry: Entry, kinds: Iterable[str]) -> list[Numbered]:
    found = []
    for kind in kinds:
        text = next(filter(None, (_cell(entry, column) for column in NUMBER_COLUMNS[kind])), "")
        if text:
            found.append(Numbered(kind, text))
    return found


def _cell(entry: Entry, column: str) -> str:
    """What stands in a column, named in small or in capital letters; blank for what says nothing."""
    printed = entry.cells.get(column) or entry.cells.get(column.upper())
    # Most sources have few of these columns, and they are asked for on every line of every list.
    if printed is None:
        return ""
    text = squeezed(printed)
    return "" if is_nobody(text) else text


def address(entry: Entry) -> tuple[str, ...]:
    """The last known address, line by line; nothing where the record has none."""
    return tuple(filter(None, (_cell(entry, column) for column in ADDRESS_COLUMNS)))


def cases(entry: Entry) -> tuple[Case, ...]:
    """The court's case numbers; none where the source has only a number of its own."""
    if is_without_court_number(entry):
        return ()
    printed = [squeezed(text) for text in entry.decided.count.event.case_numbers]
    return tuple([Case(text, read_case_number(text)) for text in printed if text])


def case_text(entry: Entry) -> str:
    """The case numbers in one form each; what the source calls the case where it is no court's number."""
    numbers = cases(entry)
    if numbers:
        return "; ".join(dict.fromkeys(map(str, numbers)))
    own = [squeezed(text) for text in entry.decided.count.event.case_numbers if squeezed(text)]
    return f"{NOT_IN_RECORD} (export's own number {', '.join(own)})" if own else NOT_IN_RECORD


def is_of_another_county(entry: Entry) -> bool:
    """Whether a case number is of a form that another county than the record's alone uses."""
    county = entry.decided.count.event.county
    return any(one.read is not None and one.read.county not in (None, county) for one in cases(entry))


def agency(entry: Entry) -> str | None:
    """The agency that arrested, as printed; None where the record does not say."""
    return squeezed(entry.decided.count.event.agency) or None


def county(entry: Entry) -> str | None:
    """The county of the court; None where the record does not say."""
    return squeezed(entry.decided.count.event.county) or None


def statute(entry: Entry) -> str:
    """The statute of the final charge, or the offense as printed where that cannot be read."""
    count = entry.decided.count
    return squeezed(count.offense) or NOT_IN_RECORD if count.statute is None else str(count.statute)


def charged(entry: Entry) -> str:
    """The statute as first charged."""
    count = entry.decided.count
    if _AMENDED not in count.flags:
        return statute(entry)
    found = _filed(entry)
    # The row that stands for the charge may be that of its last version.
    if found is None or found == count.statute:
        return f"{NOT_IN_RECORD} (amended)"
    return str(found)


def _filed(entry: Entry) -> Statute | None:
    if "statute" in entry.cells:
        return read_statute(entry.cells["statute"])
    if all(column in entry.cells for column in _CHARGED_CELLS):
        return read_cells(*(entry.cells[column] for column in _CHARGED_CELLS))
    return None


def sentence(parts: Sequence[SentencePart]) -> str:
    """The parts of a sentence in words; the lengths of one kind stand together."""
    said = []
    for kind, some in groupby(parts, key=lambda part: squeezed(part.kind) or "sentence"):
        lengths = [text for text in map(_length, some) if text]
        said.append(f"{kind}, {' '.join(lengths)}" if lengths else kind)
    return "; ".join(dict.fromkeys(said)) or NOT_IN_RECORD


def _length(part: SentencePart) -> str:
    if part.takes_no_time:
        return ""
    if part.length is None or part.unit is None:
        return f"length {NOT_IN_RECORD}"
    return f"{part.length} {part.unit}{'' if part.length == 1 else 's'}"


def short_date(when: PartialDate | None, unknown: str = NOT_IN_RECORD) -> str:
    """``01/02/2026``, as far as the date is known: ``01/2026``, ``2026``."""
    if when is None:
        return unknown
    parts = (when.month, when.day)
    return "/".join([*(f"{part:02d}" for part in parts if part is not None), f"{when.year:04d}"])
