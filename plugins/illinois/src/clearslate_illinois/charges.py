"""One charge from its rows in both exports: which of its versions controls, and what is then known of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeVar

from clearslate.model import Grade, PartialDate, SentencePart, Span, Statute, span_of
from clearslate_illinois.cells import GRADES, offense_class, term
from clearslate_illinois.dates import IMPLAUSIBLE, UNREADABLE, date_of, days_between, too_far_apart
from clearslate_illinois.descriptions import disagrees
from clearslate_illinois.endings import Ending, Sentencing, current_rows, ending_of, is_contradiction, plain
from clearslate_illinois.outcomes import AMENDED, COMMITMENT_VALUES, DISPOSITION_VALUES, PHASE_VALUES, TYPE_VALUES

T = TypeVar("T", bound=Hashable)

DATE_IMPLAUSIBLE = "DATE_IMPLAUSIBLE"
DATE_UNREADABLE = "DATE_UNREADABLE"
DATE_CONFLICT = "DATE_CONFLICT"
STATUTE_CONFLICT = "STATUTE_CONFLICT"
CLASS_CONFLICT = "CLASS_CONFLICT"
CLASS_UNCLEAR = "CLASS_UNCLEAR"
DISPOSITION_CONFLICT = "DISPOSITION_CONFLICT"
DISPOSITION_UNKNOWN = "DISPOSITION_UNKNOWN"
REASON_CONFLICT = "REASON_CONFLICT"
VERSION_CONFLICT = "VERSION_CONFLICT"
CHARGE_AMENDED = "CHARGE_AMENDED"
SENTENCE_CONFLICT = "SENTENCE_CONFLICT"
SENTENCE_UNKNOWN = "SENTENCE_UNKNOWN"
SENTENCE_ESTIMATED = "SENTENCE_ESTIMATED"
OFFENSE_TEXT_DISAGREES = "OFFENSE_TEXT_DISAGREES"

NEVER = 0


class Row(NamedTuple):
    """One row of a charge, its cells understood; dates are day numbers. ``at`` is its place in the frame."""

    at: int
    number: int
    is_sentencing: bool
    version: int
    statute: Statute | None
    offense: str
    title: str
    offense_class: str
    disposed: int
    committed: int
    disposition: str
    reason: str
    phase: str
    type: str
    commitment: str
    current: bool | None
    sentenced: int
    length: str
    unit: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What the rows of one charge come to. ``decisive`` is the row that says how it ended.

    ``arrested`` is the arrest's day as far as this charge's own dates leave it possible.
    """

    decisive: int
    statute: Statute | None
    offense: str
    grade: Grade | None
    offense_class: str | None
    ending: Ending
    arrested: int
    disposed: PartialDate | None
    committed: PartialDate | None
    sentence: tuple[SentencePart, ...]
    flags: tuple[str, ...]


def agreed(values: Iterable[T]) -> tuple[T | None, bool]:
    """The one value that all rows have, else None; and whether they differ."""
    distinct = list(dict.fromkeys(values))
    return (distinct[0], False) if len(distinct) == 1 else (None, True)


def controlling(rows: Sequence[Row]) -> tuple[Sequence[Row], bool]:
    """The rows of the last version of a charge, and whether it is clear which one that is.

    A charge that was amended, or found in a lesser form, has a version of a higher number. A number that is missing
    beside others, and a disposition of an earlier version on a later day, leave it open: then all rows count.
    """
    versions = {row.version for row in rows}
    if len(versions) == 1:
        return rows, True
    last = max(versions)
    final = [row for row in rows if row.version == last]
    before = [row.disposed for row in rows if row.version != last]
    clear = min(versions) >= 0 and max(before) <= min(row.disposed for row in final)
    return (final, True) if clear else (rows, False)


def ending(rows: Sequence[Row], final: Sequence[Row], flags: dict[str, None]) -> Ending:
    """How a charge ended; adds to ``flags`` what was noticed."""
    said, differ = agreed((plain(row.disposition), plain(row.reason)) for row in final)
    sentences = sentences_of(rows)
    if any(is_contradiction(row.type, row.commitment) for row in sentences):
        flags[SENTENCE_CONFLICT] = None
    if any(
        plain(cell) and plain(cell) not in known
        for row in sentences
        for cell, known in ((row.phase, PHASE_VALUES), (row.type, TYPE_VALUES), (row.commitment, COMMITMENT_VALUES))
    ):
        flags[SENTENCE_UNKNOWN] = None
    if said is None or differ:
        flags[DISPOSITION_CONFLICT] = None
        return Ending.INCONSISTENT
    disposition, reason = said
    if disposition not in DISPOSITION_VALUES:
        flags[DISPOSITION_UNKNOWN] = None
    if disposition in AMENDED:
        flags[CHARGE_AMENDED] = None
    found = ending_of(disposition, reason, sentences)
    if reason and found is not ending_of(disposition, "", sentences):
        flags[REASON_CONFLICT] = None
    if found is Ending.INCONSISTENT:
        flags[DISPOSITION_CONFLICT] = None
    return found


def sentences_of(rows: Sequence[Row]) -> list[Sentencing]:
    """The sentencing rows of a charge, in file order."""
    return [
        Sentencing(row.phase, row.type, row.commitment, row.current, max(row.sentenced, NEVER))
        for row in rows
        if row.is_sentencing
    ]


def settle(rows: Sequence[Row], arrested: int) -> Settled:
    """What the rows of one charge come to; ``arrested`` is the day of the arrest, 0 where it is not known.

    Rows that must agree and do not leave the fact unknown, a blank among them included.
    """
    flags: dict[str, None] = {}
    final, clear = controlling(rows)
    if not clear:
        flags[VERSION_CONFLICT] = None
    statute, statutes_differ = agreed(row.statute for row in final)
    if statutes_differ:
        flags[STATUTE_CONFLICT] = None
    elif len({row.statute for row in rows}) > 1:
        flags[CHARGE_AMENDED] = None
    charged_class, classes_differ = agreed(row.offense_class.strip().upper() for row in final)
    if classes_differ:
        flags[CLASS_CONFLICT] = None
    graded = offense_class(charged_class or "")
    if charged_class and graded is None:
        flags[CLASS_UNCLEAR] = None
    found = ending(rows, final, flags)
    if not clear:
        found = Ending.INCONSISTENT
    arrest, disposed, committed = _dates(final, arrested, flags)
    decisive = next((row for row in final if not row.is_sentencing), final[0])
    parts = _parts([row for row in rows if row.is_sentencing], disposed, flags)
    when = _days(committed, arrest)
    if statute is not None and any(disagrees(row.title, statute, when) for row in final):
        flags[OFFENSE_TEXT_DISAGREES] = None
    return Settled(
        decisive.at,
        statute,
        decisive.offense,
        GRADES.get(graded or ""),
        graded,
        found,
        arrest,
        date_of(disposed),
        date_of(committed),
        parts,
        tuple(flags),
    )


@lru_cache(maxsize=1 << 14)
def _days(committed: int, arrested: int) -> Span:
    """The days of the offense, which is never later than the arrest."""
    if committed > 0:
        return span_of(date_of(committed))
    return Span(None, span_of(date_of(arrested)).latest)


def _dates(final: Sequence[Row], arrested: int, flags: dict[str, None]) -> tuple[int, int, int]:
    """The days of arrest, disposition and offense; both of a pair that cannot be are unknown."""
    disposed, disposals_differ = agreed(row.disposed for row in final)
    committed, offenses_differ = agreed(row.committed for row in final)
    if disposals_differ or offenses_differ:
        flags[DATE_CONFLICT] = None
    seen = {day for row in final for day in (row.disposed, row.committed, row.sentenced)}
    if IMPLAUSIBLE in seen:
        flags[DATE_IMPLAUSIBLE] = None
    if UNREADABLE in seen:
        flags[DATE_UNREADABLE] = None
    days = {"committed": committed or 0, "arrested": arrested, "disposed": disposed or 0}
    wrong = {
        name
        for first, second in (("committed", "arrested"), ("arrested", "disposed"), ("committed", "disposed"))
        if days[first] > 0 and days[second] > 0
        and (days[first] > days[second] or too_far_apart(days[first], days[second]))
        for name in (first, second)
    }  # fmt: skip
    if wrong:
        flags[DATE_IMPLAUSIBLE] = flags[DATE_CONFLICT] = None
    arrest, disposal, offense = (
        0 if name in wrong else max(days[name], 0) for name in ("arrested", "disposed", "committed")
    )
    return arrest, disposal, offense


def _parts(rows: Sequence[Row], disposed: int, flags: dict[str, None]) -> tuple[SentencePart, ...]:
    """The parts of the sentence in force, with the days from the disposition until it was given before them."""
    if not rows:
        return ()
    in_force = [rows[at] for at in current_rows(sentences_of(rows))]
    parts: list[SentencePart] = []
    given = max((row.sentenced for row in in_force), default=NEVER)
    if min(row.sentenced for row in in_force) <= 0 or disposed <= 0:
        parts.append(SentencePart("SENTENCED", None, None, in_force[0].number))
    elif given > disposed:
        parts.append(SentencePart("SENTENCED", days_between(disposed, given), "day", in_force[0].number))
    for row in in_force:
        length, unit = term(row.length, row.unit)
        kind = plain(row.commitment) or plain(row.type)
        parts.append(SentencePart(kind.upper() or None, length, unit, row.number))
    if len(in_force) > 1:
        flags[SENTENCE_ESTIMATED] = None
    return tuple(parts)
