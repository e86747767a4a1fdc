"""What one person asks of the court of one county: the items of the statewide motion, as far as a record says them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import squeezed
from clearslate.filing.office import Office, plain
from clearslate.model import Answer, Span, span_of
from clearslate.policy.matter import History, Matter
from clearslate_il_cannabis.factors import Elapsed, elapsed, latest, time_since
from clearslate_il_cannabis.particulars import Kind, kind
from clearslate_il_cannabis.times import SentenceComplete
from clearslate_illinois.filing.record import agency, born, case_text, cases, county, name, other_names, short_date

MOST = 18
"""How many cases the statewide motion has rows for."""

BEFORE = dt.date(2019, 6, 25)
"""Item 2 of the motion: convicted before this day."""

OF_THE_PERSON = ("item 3",)
"""What no record ever settles, beside item 6 and the signature."""

_MARGIN = "margin_years"


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """A row of item 4: a case with its arrest and the type of its convictions. Blank is for the person to fill in."""

    case: str
    agency: str
    kind: Kind | None
    arrested: str
    first: Entry
    convictions: int

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The cells of the form's row."""
        return self.case, self.agency, self.kind or "", self.arrested


@dataclass(frozen=True, repr=False)
class Request:
    """The motion of one person in one county."""

    county: str
    entries: tuple[Entry, ...]
    office: Office
    made_on: dt.date
    as_of: dt.date
    margin_years: int

    @property
    def person_id(self) -> str:
        """Whose it is."""
        return self.entries[0].decided.person.person_id

    @property
    def name(self) -> str:
        """The name as printed first."""
        return name(self.entries[0])

    @property
    def convictions(self) -> int:
        """How many convictions it is about."""
        return len(self.entries)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """What the motion says of the person, blank for what the record does not."""
        person = self.entries[0].decided.person
        return (
            ("Name", self.name),
            ("Other names used", "; ".join(other_names(self.entries[0])) or "none in the record"),
            ("Date of birth", "" if person.birth_date is None else born(self.entries[0])),
            ("Race", squeezed(person.race)),
            ("Gender", squeezed(person.sex)),
        )

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of item 4."""
        return rows_of(self.entries)

    @property
    def sheets(self) -> tuple[Sequence[Row], ...]:
        """The rows of the motion, then those of each additional sheet."""
        return tuple([self.rows[start : start + MOST] for start in range(0, len(self.rows), MOST)])

    @cached_property
    def kinds(self) -> frozenset[Kind | None]:
        """The types that occur, None for one that the record leaves open."""
        return frozenset(row.kind for row in self.rows)

    @cached_property
    def convicted_before(self) -> bool:
        """Whether every conviction is surely before the day of item 2."""
        return self._of_all(lambda entry: entry.decided.count.disposed_span.before(BEFORE))

    @cached_property
    def completed(self) -> bool:
        """Whether every sentence has surely run out, which item 3 repeats beside its box and never states."""
        test = SentenceComplete(margin_years=self.margin_years)
        return self._of_all(
            lambda entry: test.ask(Matter(History(entry.decided.person), entry.decided.count, self.as_of)).answer
        )

    def _of_all(self, holds: Callable[[Entry], Answer]) -> bool:
        return all(holds(entry) is Answer.YES for entry in self.entries)

    @cached_property
    def ages(self) -> tuple[tuple[str, str], ...]:
        """Items 5a to 5c; blank where the record does not give one number."""
        person = self.entries[0].decided.person
        birth, today = span_of(person.birth_date), Span(self.made_on, self.made_on)
        arrested = latest(entry.decided.count.cycle.arrested for entry in self.entries)
        convicted = latest(entry.decided.count.disposed for entry in self.entries)
        since = elapsed(convicted, today)
        return (
            ("5a. Age now", _certain(elapsed(birth, today))),
            ("5b. Age at the last arrest listed", _certain(elapsed(birth, arrested))),
            ("5c. Time since the last conviction listed", _certain_time(since)),
        )

    @cached_property
    def to_fill_in(self) -> tuple[str, ...]:
        """The items that the record does not settle, item 3 always, beside item 6 and the signature."""
        items = [label.lower() for label, value in self.identity if not value]
        items += ["item 1"] * (None in self.kinds)
        items += ["item 2"] * (not self.convicted_before)
        items += OF_THE_PERSON
        items += ["item 4"] * any(not all(row.cells) for row in self.rows)
        return tuple(items + [f"item {label[:2]}" for label, value in self.ages if not value])

    @property
    def states_attorney(self) -> tuple[str, ...]:
        """The State's Attorney's office with its address, as far as the office file says it; nothing where not."""
        found = self.office.agency(f"STATE'S ATTORNEY {self.county}")
        if found is not None:
            return (found.name, *found.address)
        attorney = self.office.attorney
        own = plain(self.county) == plain(self.office.court.county)
        if own and "state's attorney" in plain(f"{attorney.title} {attorney.agency}").replace("’", "'"):
            return (attorney.agency, *attorney.address)
        return ()


def rows_of(entries: Iterable[Entry]) -> tuple[Row, ...]:
    """The rows of item 4 for these convictions; those of one case, arrest and type share a row."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        count = entry.decided.count
        # Without a case number only the step of the record tells cases apart.
        case = case_text(entry) if cases(entry) else count.event.key
        found.setdefault((case, agency(entry), kind(entry), count.cycle.arrested), []).append(entry)
    return tuple([_row(some) for some in found.values()])


def _row(entries: Sequence[Entry]) -> Row:
    first = entries[0]
    return Row(
        case_text(first) if cases(first) else "",
        agency(first) or "",
        kind(first),
        short_date(first.decided.count.cycle.arrested, ""),
        first,
        len(entries),
    )


def _certain(found: Elapsed | None) -> str:
    return str(found.years[0]) if found is not None and found.is_certain else ""


def _certain_time(found: Elapsed | None) -> str:
    if found is None or not found.is_certain or (found.least < 12 and found.least != found.most):
        return ""
    return time_since(found)


def by_county(entries: Iterable[Entry]) -> Mapping[tuple[str, str], Sequence[Entry]]:
    """The entries by county and person, in the order in which each of these comes first."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        found.setdefault((county(entry) or "", entry.decided.person.person_id), []).append(entry)
    return found


def requests(entries: Iterable[Entry], packet: Packet) -> Iterator[Request]:
    """The requests of the entries, in the order in which each person and county comes first."""
    margin = packet.policy.parameters.get(_MARGIN, 3)
    for (place, _), some in by_county(entries).items():
        yield Request(
            place, tuple(some), packet.office, packet.made_on, packet.as_of, margin if isinstance(margin, int) else 3
        )
