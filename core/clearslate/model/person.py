"""A person's record: arrest cycles, the events in them, and the counts each event names.

References point upwards (count to event to cycle), so that a reader can build only the counts
that matter. What the record leaves open stays open: a count whose disposition is unknown is in
``Person.counts`` too, with ``Disposition.UNKNOWN``, and stands for a conviction that may exist.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from clearslate.model.answer import Answer
from clearslate.model.dates import PartialDate, Span, span_of
from clearslate.model.sentence import SentencePart, sentence_end
from clearslate.model.source import Place, Record
from clearslate.model.statute import Statute

NO_FACTS: Mapping[str, Any] = MappingProxyType({})


class Grade(enum.Enum):
    """How grave an offense is."""

    FELONY = "felony"
    MISDEMEANOR = "misdemeanor"
    INFRACTION = "infraction"


class Disposition(enum.Enum):
    """How a count ended."""

    CONVICTED = "convicted"
    NOT_CONVICTED = "not convicted"
    PENDING = "pending"
    UNKNOWN = "unknown"


class Relief(enum.Enum):
    """Relief that the record says a conviction already had.

    UNCLEAR stands for a later step that may have given it relief of any kind: the record does not say.
    """

    SAME_LAW = "relieved under the same law"
    VACATED = "vacated or set aside"
    DISMISSED_AFTER_PROBATION = "dismissed after probation"
    REDUCED = "reduced"
    UNCLEAR = "perhaps relieved"


class Cycle(Record, frozen=True):
    """One arrest and all that followed from it.

    ``charged`` holds the statute of every row of the cycle, arrests and dismissed counts
    included; None among them is a row whose statute cannot be read. ``agency`` is the one that
    arrested, as printed; None where the record does not say, or names several.
    """

    key: str
    arrested: PartialDate | None
    charged: tuple[Statute | None, ...] = ()
    agency: str | None = None


class Event(Record, frozen=True):
    """One step of a cycle, such as a court action: ``key`` is unique within the person.

    ``county`` is upper case with single spaces, None where blank. ``case_numbers`` are the
    distinct numbers as printed. Where ``case_known`` is False the record does not say which case
    it is of, and it may be that of any other event of the person.
    """

    key: str
    cycle: Cycle
    kind: str | None
    county: str | None
    agency: str | None = None
    case_numbers: tuple[str, ...] = ()
    case_known: bool = True

    def same_case(self, other: Event) -> Answer:
        """Whether two events of one person are of one case."""
        if self.key == other.key:
            return Answer.YES
        return Answer.NO if self.case_known and other.case_known else Answer.UNKNOWN


class Count(Record, frozen=True):
    """One charge and how it ended.

    ``disposed`` is the day of the disposition; None where the record states none, states it
    unreadably, or contradicts itself. ``offense`` is the text as printed. ``statute`` is None
    where that text cannot be read. ``grade`` is the grade of conviction where known, else None.
    ``place`` is the first row that says how it ended, ``rows`` all its rows. ``flags`` name
    what was noticed (upper case). ``facts`` holds what the source adds beyond these fields
    (grams, plants, value …), by fact name; ``said_by`` names, for each of them that a person supplied and
    no source states, who says so.

    ``committed`` is the day of the offense where the record states one; it is never later than the arrest.
    ``offense_class`` is the class of the final charge within its grade as the jurisdiction names it (Illinois:
    X, 1 to 4, A to C). ``ended`` says how the charge ended in a word of the jurisdiction's closed vocabulary, such
    as ``acquitted``; None where that is not known.
    """

    key: str
    event: Event
    place: Place
    statute: Statute | None
    offense: str
    grade: Grade | None
    disposition: Disposition
    disposed: PartialDate | None
    sentence: tuple[SentencePart, ...] = ()
    relieved: tuple[Relief, ...] = ()
    flags: tuple[str, ...] = ()
    rows: tuple[Place, ...] = ()
    facts: Mapping[str, Any] = NO_FACTS
    committed: PartialDate | None = None
    offense_class: str | None = None
    ended: str | None = None
    said_by: Mapping[str, str] = NO_FACTS

    @property
    def cycle(self) -> Cycle:
        """The arrest cycle it belongs to."""
        return self.event.cycle

    @property
    def is_conviction(self) -> bool:
        """Whether the record says that it ended in a conviction."""
        return self.disposition is Disposition.CONVICTED

    @property
    def committed_span(self) -> Span:
        """The days of the offense: its own date, and never later than the arrest."""
        arrested = self.arrest_span
        committed = span_of(self.committed)
        return committed.within(Span(None, arrested.latest)) or committed

    @property
    def arrest_span(self) -> Span:
        """The days of the arrest: the cycle's date, and never later than the disposition."""
        stated, disposed = self.event.cycle.arrested, self.disposed
        if stated is not None and (disposed is None or stated.latest <= disposed.latest):
            return stated.span
        arrested = span_of(stated)
        return arrested.within(Span(None, span_of(disposed).latest)) or arrested

    @property
    def disposed_span(self) -> Span:
        """The days of the disposition: its own date, and never earlier than the arrest."""
        stated, arrested = self.disposed, self.event.cycle.arrested
        if stated is not None and (arrested is None or arrested.earliest <= stated.earliest):
            return stated.span
        disposed = span_of(stated)
        return disposed.within(Span(span_of(arrested).earliest, None)) or disposed

    @property
    def sentence_ends(self) -> Span:
        """The days on which the stated sentence ends; open where any part is unknown."""
        return sentence_end(self.disposed, self.sentence)


class Registration(Record, frozen=True):
    """An event that registers the person (as a sex offender, say) under ``statute``, if readable."""

    place: Place
    statute: Statute | None
    registered: PartialDate | None


class Person(Record, frozen=True):
    """One person's whole record, as far as the files given say.

    ``counts`` are in record order: convictions, counts whose disposition is unknown, and such
    others as the reader keeps. ``missing_rows`` counts rows of this person that were rejected:
    any of them may be a conviction that nobody can read. ``names`` and ``identifiers`` are as
    printed and distinct. ``birth_date`` is None where blank, unreadable or contradictory.
    ``shares_identifier`` says that the same state identifier stands under another person too.
    """

    person_id: str
    counts: tuple[Count, ...]
    names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    birth_date: PartialDate | None = None
    sex: str | None = None
    race: str | None = None
    deceased: bool = False
    registrations: tuple[Registration, ...] = ()
    missing_rows: tuple[Place, ...] = ()
    shares_identifier: bool = False
    flags: tuple[str, ...] = ()

    @property
    def convictions(self) -> tuple[Count, ...]:
        """The counts that the record says ended in a conviction."""
        return tuple(count for count in self.counts if count.is_conviction)
