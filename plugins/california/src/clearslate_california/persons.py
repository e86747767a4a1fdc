"""Persons from the rows of the DOJ file: objects for convictions and what surrounds them, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter

import numpy as np

from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Concerns
from clearslate.model import (
    Count,
    Disposition,
    Event,
    Grade,
    PartialDate,
    Person,
    Place,
    Relief,
    SentencePart,
)
from clearslate_california.cells import (
    GRADES,
    Ints,
    each,
    is_fine,
    sentence_kind,
    sentence_length,
    sentence_order,
    sentence_unit,
    spread,
)
from clearslate_california.dates import BLANK, UNREADABLE, date_of, day_number
from clearslate_california.later import Change, later_changes
from clearslate_california.people import Cycles, People
from clearslate_california.rows import EVENT, PERSON, Bools, Counts, Rows
from clearslate_california.wording import Effect, Kind

_FLAGS = (
    "DATE_PARTIAL",
    "DATE_CONFLICT",
    "DATE_UNREADABLE",
    "GRADE_GUESSED",
    "GRADE_CONFLICT",
    "STATUTE_CONFLICT",
    "SENTENCE_ESTIMATED",
    "OFFENSE_FROM_COMMENT",
    "OFFENSE_BLANK",
    "COMMENT_OTHER_STATUTE",
)
_BIT = {flag: 1 << place for place, flag in enumerate(_FLAGS)}

DISMISSED_1203_4 = "DISMISSED_1203_4"
REDUCED_17B = "REDUCED_17B"
LATER_ACTION_UNCLEAR = "LATER_ACTION_UNCLEAR"

_RELIEFS = {
    Effect.SAME_LAW: Relief.SAME_LAW,
    Effect.VACATED: Relief.VACATED,
    Effect.AFTER_PROBATION: Relief.DISMISSED_AFTER_PROBATION,
    Effect.REDUCED_17B: Relief.REDUCED,
    Effect.REDUCED: Relief.REDUCED,
    Effect.UNCLEAR: Relief.UNCLEAR,
}


def persons(frame: Frame, concerns: Concerns) -> Sequence[Person]:
    """The persons of a frame who have, or may have, a conviction that could concern a reform, in order.

    Each has all counts that are or may be convictions. Cells that must agree over the rows of a
    count, a cycle or a person and do not, a blank among them included, are unknown: no blanked
    cell makes a fact of what was a contradiction.
    """
    if not len(frame):
        return []
    return list(_Making(frame, concerns).persons())


@lru_cache(maxsize=1 << len(_FLAGS))
def _flags(bits: int) -> tuple[str, ...]:
    return tuple(flag for flag, bit in _BIT.items() if bits & bit)


_place = partial(tuple.__new__, Place)
"""A place from its three numbers, without the cost of a call with names."""


@lru_cache(maxsize=1 << 16)
def _digits(key: int) -> str:
    return f"{key:012d}"


class _Making:
    def __init__(self, frame: Frame, concerns: Concerns) -> None:
        self.frame = frame
        self.rows = rows = Rows(frame)
        self.counts = counts = Counts(rows)
        self.bits: Ints = np.where(counts.contested, _BIT["STATUTE_CONFLICT"], 0).astype(np.int64)
        asked = np.asarray([concerns(statute) for statute in rows.offenses.statutes], np.bool_)
        candidate = asked[counts.statute] if len(counts) else counts.convicted
        self.chosen: Bools = np.zeros(len(frame.starts) - 1, np.bool_)
        self.chosen[counts.person[candidate]] = True

    def persons(self) -> Iterator[Person]:
        if not self.chosen.any():
            return
        described = People(self.frame, self.rows, self.chosen)
        for person, counts in groupby(self._counts(), key=itemgetter(0)):
            yield described.person(person, tuple([count for _, count in counts]))

    def _counts(self) -> Iterator[tuple[int, Count]]:
        """Each count of the chosen persons with its person, in the order of the file."""
        rows, counts, frame = self.rows, self.counts, self.frame
        disposed, arrested = self._dates()
        grade = self._grades()
        counties, county_codes = counts.counties()
        county_low, county_high = counts.least(county_codes), counts.greatest(county_codes)
        county = np.where(county_low == county_high, county_low, 0)
        self._offense_bits()
        wanted = np.flatnonzero(self.chosen[counts.person])
        wanted = wanted[np.argsort(counts.place[wanted])]
        cycles = Cycles(rows, np.unique(counts.cycle[wanted]), arrested)
        case_numbers = self._case_numbers()
        parts = self._parts()
        changes = later_changes(rows, counts, self.chosen)
        kinds, agencies = frame.columns["STP_TYPE_DESCR"], frame.columns["STP_ORI_DESCR"]
        statutes = [offense.statute for offense in rows.offenses.offenses]
        raws = [offense.raw for offense in rows.offenses.offenses]
        in_file = rows.order[counts.members]
        places = list(
            map(_place, zip(*(column[in_file].tolist() for column in (frame.file, frame.row, frame.line)), strict=True))
        )
        member_of = np.zeros(len(frame), np.int64)
        member_of[in_file] = np.arange(len(in_file))
        events: dict[tuple[int, int, int, int], Event] = {}
        place = counts.place[wanted]
        columns = (
            wanted, counts.start[wanted], counts.stop[wanted], counts.person[wanted], counts.key[wanted] // EVENT,
            counts.key[wanted] % PERSON, counts.cycle[wanted], member_of[place], counts.convicted[wanted],
            counts.statute[wanted], rows.offenses.code[place], grade[wanted], disposed[wanted], county[wanted],
            self.bits[wanted], kinds.codes[place], agencies.codes[place],
        )  # fmt: skip
        for (
            number, start, stop, person, event_number, key, cycle, decisive, convicted, statute_code, offense,
            graded, day, county_number, bits, kind, agency,
        ) in zip(*(column.tolist() for column in columns), strict=True):  # fmt: skip
            event_key = (event_number, county_number, kind, agency)
            event = events.get(event_key)
            if event is None:
                event = events[event_key] = Event(
                    _digits(key)[:6],
                    cycles[cycle],
                    kinds.values[kind] or None,
                    counties[county_number],
                    agencies.values[agency] or None,
                    case_numbers.get(event_number, ()),
                )
            count = Count(
                _digits(key),
                event,
                places[decisive],
                statutes[offense] if statute_code else None,
                raws[offense],
                GRADES[graded],
                Disposition.CONVICTED if convicted else Disposition.UNKNOWN,
                date_of(day),
                tuple(parts[start:stop]),
                (),
                _flags(bits),
                tuple(places[start:stop]),
            )
            if number in changes:
                count = self._changed(count, changes[number])
            yield person, count

    def _dates(self) -> tuple[Ints, Ints]:
        """The day numbers of each count's disposition and of each cycle's arrest."""
        rows, counts = self.rows, self.counts
        stepped, stated = rows.numbers_of("STP_EVENT_DATE"), rows.numbers_of("DISP_DATE")
        low, high = counts.over(np.where(stepped == BLANK, stated, stepped))
        disposed = np.where(low == high, low, BLANK)
        cycle_days = rows.numbers_of("CYC_DATE")
        cycle_low = np.minimum.reduceat(cycle_days, rows.cycle_starts)
        cycle_high = np.maximum.reduceat(cycle_days, rows.cycle_starts)
        arrested = np.where(cycle_low == cycle_high, cycle_low, BLANK)
        arrest = arrested[counts.cycle]
        # The latest day of the one against the earliest of the other: 00 stands for any month or day.
        latest = disposed + np.where(disposed % 10000 == 0, 1231, np.where(disposed % 100 == 0, 31, 0))
        earliest = arrest + np.where(arrest % 10000 == 0, 101, np.where(arrest % 100 == 0, 1, 0))
        backwards = (disposed > 0) & (arrest > 0) & (latest < earliest)
        partial = ((disposed > 0) & (disposed % 100 == 0)) | ((arrest > 0) & (arrest % 100 == 0))
        unreadable = (low == UNREADABLE) | (cycle_low[counts.cycle] == UNREADABLE)
        conflict = (low != high) | backwards | (cycle_low != cycle_high)[counts.cycle]
        for condition, flag in (
            (partial, "DATE_PARTIAL"),
            (conflict, "DATE_CONFLICT"),
            (unreadable, "DATE_UNREADABLE"),
        ):
            self.bits |= np.where(condition, _BIT[flag], 0)
        return np.where(backwards, BLANK, disposed), arrested

    def _grades(self) -> Ints:
        member_grades, guessed = self.counts.grades()
        low, high = self.counts.least(member_grades), self.counts.greatest(member_grades)
        grade = np.where((low == high) & (low > 0), low, 0)
        any_guess = self.counts.greatest(guessed.astype(np.int64)) > 0
        self.bits |= np.where(low != high, _BIT["GRADE_CONFLICT"], 0)
        self.bits |= np.where((grade > 0) & any_guess, _BIT["GRADE_GUESSED"], 0)
        return grade

    def _offense_bits(self) -> None:
        bits = [sum(_BIT[flag] for flag in offense.flags) for offense in self.rows.offenses.offenses]
        if any(bits) and len(self.counts):
            of_members = np.asarray(bits, np.int64)[self.rows.offense[self.counts.members]]
            self.bits |= np.bitwise_or.reduceat(of_members, self.counts.start)

    def _parts(self) -> list[SentencePart]:
        """The sentence part of each member row, those of a count in the order of the sentence."""
        columns, counts = self.frame.columns, self.counts
        order = self.rows.order[counts.members]
        kinds, lengths, units = columns["SENT_LOC_DESCR"], columns["SENT_LENGTH"], columns["SENT_TIME_CODE"]
        kind_words, length_numbers = each(kinds, sentence_kind), each(lengths, sentence_length)
        unit_words, fines = each(units, sentence_unit), each(kinds, is_fine)
        takes_time = spread([not fine for fine in fines], kinds)[order]
        if len(counts):
            timed = np.add.reduceat(takes_time, counts.start)
            self.bits |= np.where(timed > 1, _BIT["SENTENCE_ESTIMATED"], 0)
        cells = (kinds.codes[order], lengths.codes[order], units.codes[order], self.frame.row[order])
        parts = [
            SentencePart(kind_words[kind], length_numbers[length], unit_words[unit], row, fines[kind])
            for kind, length, unit, row in zip(*(column.tolist() for column in cells), strict=True)
        ]
        # The file mostly has the parts of a sentence in their order already.
        placed = spread(each(columns["SENT_ORDER"], sentence_order), columns["SENT_ORDER"])[order]
        key = self.rows.key[counts.members]
        misplaced = np.flatnonzero((placed[1:] < placed[:-1]) & (key[1:] == key[:-1]))
        for number in np.unique(np.searchsorted(counts.start, misplaced, side="right") - 1).tolist():
            start, stop = int(counts.start[number]), int(counts.stop[number])
            by_order = start + np.argsort(placed[start:stop], kind="stable")
            parts[start:stop] = [parts[member] for member in by_order.tolist()]
        return parts

    def _case_numbers(self) -> dict[int, tuple[str, ...]]:
        """The distinct numbers over the court rows of each event, by the event's key."""
        rows = self.rows
        stated = (rows.kind == Kind.COURT) & ~rows.blank("OFN") & self.chosen[rows.person]
        column = self.frame.columns["OFN"]
        codes = column.codes[rows.order[stated]].tolist()
        found: dict[int, dict[str, None]] = {}
        for event, code in zip((rows.key[stated] // EVENT).tolist(), codes, strict=True):
            found.setdefault(event, {})[column.values[code]] = None
        return {event: tuple(distinct) for event, distinct in found.items()}

    def _changed(self, count: Count, changes: Sequence[Change]) -> Count:
        """The conviction with what later steps did to it."""
        relieved: dict[Relief, None] = {}
        flags = dict.fromkeys(count.flags)
        grade, sentence = count.grade, list(count.sentence)
        bridged: dict[int, PartialDate] = {}
        for effect, certain, row in changes:
            if not certain or effect in (Effect.UNCLEAR, Effect.PERHAPS_REDUCED):
                flags[LATER_ACTION_UNCLEAR] = None
            if effect is None or (not certain and effect is Effect.AFTER_PROBATION):
                continue
            if effect is Effect.SENTENCE:
                sentence += self._extension(count, row, certain, bridged)
                continue
            reduces = effect in (Effect.REDUCED, Effect.REDUCED_17B)
            if certain and reduces:
                grade = grade if grade is Grade.INFRACTION else Grade.MISDEMEANOR
            elif (reduces or effect in (Effect.PERHAPS_REDUCED, Effect.UNCLEAR)) and grade is Grade.FELONY:
                grade = None
            if certain and effect in _RELIEFS:
                relieved[_RELIEFS[effect]] = None
            elif effect in (Effect.SAME_LAW, Effect.VACATED, Effect.UNCLEAR):
                relieved[Relief.UNCLEAR] = None
            if certain and effect is Effect.AFTER_PROBATION:
                flags[DISMISSED_1203_4] = None
            if certain and effect is Effect.REDUCED_17B:
                flags[REDUCED_17B] = None
        return Count(
            count.key, count.event, count.place, count.statute, count.offense, grade, count.disposition,
            count.disposed, tuple(sentence), tuple(relieved), tuple(flags), count.rows, count.facts,
        )  # fmt: skip

    def _extension(self, count: Count, row: int, certain: bool, bridged: dict[int, PartialDate]) -> list[SentencePart]:
        """What a revocation adds: the days until it, so that its own parts run from there, then those parts."""
        rows = self.rows
        number = int(self.frame.row[rows.order[row]])
        kind = sentence_kind(rows.cell("DISP_DESCR", row))
        event = int(rows.key[row]) // EVENT
        stepped = day_number(rows.cell("STP_EVENT_DATE", row)) or day_number(rows.cell("DISP_DATE", row))
        when = date_of(stepped)
        if not certain or when is None or count.disposed is None or when.latest < count.disposed.earliest:
            return [SentencePart(kind, None, None, number)]
        parts: list[SentencePart] = []
        if bridged.get(event, when) != when:
            # Rows of one step that give it different days: none of them is its day.
            return [SentencePart(kind, None, None, number)]
        if event not in bridged:
            bridged[event] = when
            parts.append(SentencePart(kind, (when.latest - count.disposed.earliest).days, "day", number))
        place = rows.cell("SENT_LOC_DESCR", row)
        parts.append(
            SentencePart(
                sentence_kind(place),
                sentence_length(rows.cell("SENT_LENGTH", row)),
                sentence_unit(rows.cell("SENT_TIME_CODE", row)),
                number,
                is_fine(place),
            )
        )
        return parts
