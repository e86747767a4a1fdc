"""The closed vocabulary of what a column of an update, or a field of a form, can hold of an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from clearslate.errors import UsageError, did_you_mean
from clearslate.filing.entry import Entry
from clearslate.filing.office import Courthouse, Office, Printed, court_of
from clearslate.model import PartialDate, Record, Section
from clearslate.policy.schema import ReformFile, ReliefEntry

Value: TypeAlias = str | PartialDate
"""What a meaning gives: text, blank where nothing is known, or a date as far as it is known."""

EntryKey: TypeAlias = tuple[str, int]
"""The source file and the row, by which the court's answers go: no two entries of a run have one."""


NO_ORDER = "no order of the court yet"
"""Why a granted charge has no order, where nothing else is in the way."""


def key_of(entry: Entry) -> EntryKey:
    """The key of an entry."""
    return entry.source_file, entry.decided.count.place.row


class CourtOrder(Record, frozen=True):
    """What the court ordered on an entry."""

    ordered_on: dt.date
    judge: str


def arresting_agency(entry: Entry) -> str | None:
    """The agency that arrested, as printed; None where the record does not say, or names several."""
    return entry.decided.count.cycle.agency


@dataclass(frozen=True, slots=True, repr=False)
class Setting:
    """What the values of an entry depend on, beside the entry.

    ``relief`` says which relief is meant where entries have several. ``new_sections`` says, for a relief and a section
    as the record has it, which section the conviction is of once the relief is given; blank where nothing is said.
    ``courthouse`` and ``arrested_by`` say what the record prints of either.
    """

    office: Office
    reform: ReformFile
    made_on: dt.date
    orders: Mapping[EntryKey, CourtOrder] = field(default_factory=dict)
    relief: str | None = None
    new_sections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    courthouse: Printed = court_of
    arrested_by: Printed = arresting_agency

    def relief_of(self, entry: Entry) -> ReliefEntry | None:
        """The relief that an entry is granted; None where it is granted none.

        Raises UsageError where it has several and none of them is named, or where the reform has no such relief.
        """
        reliefs = entry.reliefs
        if self.relief is not None:
            reliefs = (self.relief,) if self.relief in reliefs else ()
        if len(reliefs) > 1:
            where = f"row [{entry.decided.count.place.row}] of [{entry.source_file}]"
            raise UsageError(f"{where} has the reliefs [{', '.join(reliefs)}]; say which of them the file is about")
        if not reliefs:
            return None
        found = next((one for one in self.reform.reliefs if one.id == reliefs[0]), None)
        if found is None:
            known = [one.id for one in self.reform.reliefs]
            raise UsageError(f"reform [{self.reform.id}] has no relief [{reliefs[0]}]{did_you_mean(reliefs[0], known)}")
        return found

    def house_of(self, entry: Entry) -> Courthouse | None:
        """The courthouse of an entry; None where the office's table has none for it."""
        return self.office.courthouse(self.courthouse(entry))

    def order_of(self, entry: Entry) -> CourtOrder | None:
        """What the court ordered; None while it has not."""
        return self.orders.get(key_of(entry))


class Subject(NamedTuple):
    """An entry in its place in a file: ``row`` counts from 1."""

    entry: Entry
    row: int
    setting: Setting


class Meaning(NamedTuple):
    """A meaning in words, what it gives, and an invented value of its kind."""

    words: str
    of: Callable[[Subject], Value]
    sample: Value


def squeezed(text: str | None) -> str:
    """Text with single spaces and none around it; blank for None."""
    return " ".join((text or "").split())


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def in_words(day: dt.date) -> str:
    """A day as American English writes it: January 31, 2026."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def _dated(when: PartialDate | dt.date | None) -> Value:
    if when is None:
        return ""
    return when if isinstance(when, PartialDate) else PartialDate.of(when)


def _name(subject: Subject, place: int) -> str:
    """The surname (0) or the given names (1) of a name printed with a comma; the whole is a surname without one."""
    names = subject.entry.decided.person.names
    parts = squeezed(names[0] if names else None).split(",", 1)
    return parts[place].strip() if place < len(parts) else ""


def _first(values: tuple[str, ...]) -> str:
    return squeezed(values[0]) if values else ""


def _house(subject: Subject, field: str) -> str:
    house = subject.setting.house_of(subject.entry)
    return "" if house is None else getattr(house, field) or ""


def _statute(subject: Subject) -> str:
    statute = subject.entry.decided.count.statute
    return "" if statute is None else str(statute)


def _section(subject: Subject) -> str:
    statute = subject.entry.decided.count.statute
    return "" if statute is None else str(statute.section)


def _grade(subject: Subject) -> str:
    grade = subject.entry.decided.count.grade
    return "" if grade is None else grade.value


def _relief(subject: Subject) -> ReliefEntry | None:
    return subject.setting.relief_of(subject.entry)


def _new_grade(subject: Subject) -> str:
    relief = _relief(subject)
    if relief is None or relief.leaves == "nothing":
        return ""
    return _grade(subject) if relief.leaves == "unchanged" else relief.leaves


def _new_section(subject: Subject) -> str:
    relief = _relief(subject)
    statute = subject.entry.decided.count.statute
    if relief is None or relief.leaves == "nothing" or statute is None:
        return ""
    if relief.leaves == "unchanged":
        return str(statute)
    # A table speaks of plain offenses; what an attempt or a stacked count becomes it does not say.
    if statute.attempt or statute.conspiracy or statute.stacked:
        return ""
    table = subject.setting.new_sections.get(relief.id, {})
    return next((new for old, new in table.items() if _cited(old) == statute.section), "")


def lacks_new_section(subject: Subject) -> bool:
    """Whether a conviction remains, and nobody says of which section."""
    relief = _relief(subject)
    return relief is not None and relief.leaves not in ("nothing", "unchanged") and not _new_section(subject)


@lru_cache(maxsize=1024)
def _cited(citation: str) -> Section:
    return Section.from_citation(citation)


def _relief_text(subject: Subject, field: str) -> str:
    relief = _relief(subject)
    return "" if relief is None else squeezed(getattr(relief, field))


def _order_text(subject: Subject) -> str:
    order = subject.setting.order_of(subject.entry)
    return "" if order is None else squeezed(order.judge)


def _ordered(subject: Subject, days: int = 0) -> Value:
    order = subject.setting.order_of(subject.entry)
    return "" if order is None else PartialDate.of(order.ordered_on + dt.timedelta(days=days))


def _joined(texts: tuple[str, ...]) -> str:
    return "; ".join([squeezed(text) for text in texts])


_DAY = PartialDate(2001, 2, 3)

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "row": Meaning("the row of this file, from 1", lambda s: str(s.row), "1"),
        "source_file": Meaning("the file that the entry was read from", lambda s: s.entry.source_file, "rolls.csv"),
        "source_row": Meaning("its row there", lambda s: str(s.entry.decided.count.place.row), "17"),
        "person_id": Meaning("the subject number", lambda s: s.entry.decided.person.person_id.strip(), "10000001"),
        "identifier": Meaning(
            "the state's identifier (CII, SID)", lambda s: _first(s.entry.decided.person.identifiers), "A20000001"
        ),
        "name": Meaning("the name as printed", lambda s: _first(s.entry.decided.person.names), "GALE,DOROTHY"),
        "surname": Meaning("what stands before the comma of the name", lambda s: _name(s, 0), "GALE"),
        "given_names": Meaning("what stands behind it", lambda s: _name(s, 1), "DOROTHY"),
        "other_names": Meaning(
            "the other names, joined", lambda s: _joined(s.entry.decided.person.names[1:]), "GALE,D"
        ),
        "birth_date": Meaning("the birth date", lambda s: _dated(s.entry.decided.person.birth_date), _DAY),
        "sex": Meaning("the sex as printed", lambda s: squeezed(s.entry.decided.person.sex), "F"),
        "race": Meaning("the race as printed", lambda s: squeezed(s.entry.decided.person.race), "GREEN"),
        "county": Meaning("the county", lambda s: s.entry.decided.count.event.county or "", "OZ"),
        "court_printed": Meaning(
            "the court as printed", lambda s: squeezed(s.setting.courthouse(s.entry)), "CASC EMERALD CITY"
        ),
        "courthouse": Meaning("the courthouse by the office's table", lambda s: _house(s, "name"), "Emerald City"),
        "courthouse_branch": Meaning("its branch", lambda s: _house(s, "branch"), "Central"),
        "courthouse_code": Meaning("its code in the court's system", lambda s: _house(s, "code"), "EC"),
        "case_number": Meaning(
            "the case numbers, joined", lambda s: _joined(s.entry.decided.count.event.case_numbers), "OZ000001"
        ),
        "count": Meaning("the count's key", lambda s: s.entry.decided.count.key, "001002001000"),
        "arresting_agency": Meaning(
            "the agency that arrested, as printed", lambda s: squeezed(s.setting.arrested_by(s.entry)), "WITCH PD"
        ),
        "committed_on": Meaning("the day of the offense", lambda s: _dated(s.entry.decided.count.committed), _DAY),
        "arrested_on": Meaning("the day of the arrest", lambda s: _dated(s.entry.decided.count.cycle.arrested), _DAY),
        "convicted_on": Meaning("the day of the disposition", lambda s: _dated(s.entry.decided.count.disposed), _DAY),
        "offense": Meaning("the offense as printed", lambda s: squeezed(s.entry.decided.count.offense), "100 ZZ"),
        "statute": Meaning("the statute as parsed, with attempt or conspiracy", _statute, "ZZ 100(a)"),
        "section": Meaning("its section alone", _section, "ZZ 100(a)"),
        "grade": Meaning("felony, misdemeanor or infraction", _grade, "felony"),
        "class": Meaning("the class within the grade", lambda s: s.entry.decided.count.offense_class or "", "4"),
        "relief": Meaning("the relief's id", lambda s: _relief_text(s, "id"), "dismiss_and_seal"),
        "relief_title": Meaning("the relief in words", lambda s: _relief_text(s, "title"), "Dismiss and seal"),
        "leaves": Meaning("what remains of the conviction", lambda s: _relief_text(s, "leaves"), "nothing"),
        "new_section": Meaning(
            "the section once relief is given; blank for none, and where nothing says it", _new_section, "ZZ 100(b)"
        ),
        "new_grade": Meaning("the grade once relief is given; blank for none", _new_grade, "misdemeanor"),
        "ordered_on": Meaning("the day of the court's order; blank until then", _ordered, _DAY),
        "judge": Meaning("who ordered it; blank until then", _order_text, "Oscar Diggs"),
        "report_by": Meaning("thirty days after the order (PC 13151)", lambda s: _ordered(s, 30), _DAY),
        "made_on": Meaning("the day on the documents", lambda s: PartialDate.of(s.setting.made_on), _DAY),
        "court_name": Meaning("the court", lambda s: s.setting.office.court.name, "Superior Court of Oz"),
        "court_title": Meaning("the court's title", lambda s: s.setting.office.court.title, "SUPERIOR COURT OF OZ"),
        "court_county": Meaning("the court's county", lambda s: s.setting.office.court.county, "Oz"),
        "reporting_ori": Meaning(
            "under which the office reports", lambda s: s.setting.office.repository.ori or "", "OZ0010000"
        ),
    }
)
"""Every meaning by its name."""


def is_date(meaning: str) -> bool:
    """Whether a meaning gives a date."""
    return isinstance(MEANINGS[meaning].sample, PartialDate)
