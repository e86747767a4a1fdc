"""How a charge ended, from the cells of Cook County's records.

Cells are compared whole, letter case and spacing aside, with the tables of ``outcomes``. A value that stands in none of
them leaves the ending unclear, and doctor counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from clearslate_illinois.outcomes import (
    CLERK,
    COMMITMENTS,
    DISPOSITIONS,
    GUILTY,
    NOT_GUILTY,
    OPEN_WORDS,
    PHASE_VALUES,
    PLAIN_REASONS,
    REASONS,
    TERMINATED,
    TYPES,
    VIOLATION,
    WITHHELD,
    Ending,
    Kind,
    plain,
)

__all__ = ["DISPOSITIONS", "Ending", "Kind", "Sentencing", "clerk_ending", "ending_of", "kind_of", "plain"]


class Sentencing(NamedTuple):
    """One row of the Sentencing export, as printed; ``current`` is None where the row does not say.

    ``day`` orders the rows: a date as YYYYMMDD, 0 where it is not known.
    """

    phase: str = ""
    type: str = ""
    commitment: str = ""
    current: bool | None = None
    day: int = 0


# From the gravest; what a conviction's sentence is named for where it has several parts.
_SENTENCES = (
    (Kind.IMPRISONMENT, Ending.IMPRISONMENT),
    (Kind.PROBATION, Ending.PROBATION),
    (Kind.CONDITIONAL_DISCHARGE, Ending.CONDITIONAL_DISCHARGE),
    (Kind.FINE, Ending.FINE),
    (Kind.OTHER, Ending.OTHER_SENTENCE),
)
_WITHHELD_ENDINGS = MappingProxyType(
    {
        Kind.SUPERVISION: (Ending.SUPERVISION, Ending.SUPERVISION_COMPLETED, Ending.SUPERVISION_FAILED),
        Kind.QUALIFIED: (
            Ending.QUALIFIED_PROBATION,
            Ending.QUALIFIED_PROBATION_COMPLETED,
            Ending.QUALIFIED_PROBATION_FAILED,
        ),
    }
)


_FIRM = frozenset({Kind.IMPRISONMENT, Kind.CONDITIONAL_DISCHARGE})


@lru_cache(maxsize=1 << 12)
def kind_of(type_: str, commitment: str) -> Kind:
    """What a sentencing row orders, from both its columns: 710/410 probation stands in the second."""
    kind = TYPES.get(plain(type_), Kind.UNKNOWN)
    served = COMMITMENTS.get(plain(commitment), Kind.UNKNOWN)
    if kind in TERMINATED or served in TERMINATED:
        return kind if kind in TERMINATED else served
    withheld = WITHHELD & {kind, served}
    if not withheld:
        if kind in _FIRM or (served in _FIRM and not plain(type_)):
            return kind if kind in _FIRM else served
        # Without either column an ordinary probation may be the one that takes the conviction away.
        return Kind.UNKNOWN if Kind.UNKNOWN in (kind, served) else kind
    # A blank beside it takes nothing away.
    blank = not plain(type_) or not plain(commitment)
    alike = {kind, served} <= {*withheld, Kind.PROBATION, Kind.OTHER, *([Kind.UNKNOWN] if blank else ())}
    return next(iter(withheld)) if len(withheld) == 1 and alike else Kind.UNKNOWN


def is_contradiction(type_: str, commitment: str) -> bool:
    """Whether one column of a sentencing row orders prison, say, and the other supervision or qualified probation."""
    kinds = {TYPES.get(plain(type_)), COMMITMENTS.get(plain(commitment))}
    return len(kinds & WITHHELD) > 1 or (bool(kinds & WITHHELD) and not kinds.isdisjoint(_FIRM))


def ending_of(disposition: str, reason: str = "", sentences: Sequence[Sentencing] = ()) -> Ending:
    """How a charge ended, from the cells of the State's Attorney's exports.

    A guilty disposition is a conviction only with a sentence that is one: supervision and qualified probation need a
    word on how they ended, which the file seldom has.
    """
    said, why = plain(disposition), plain(reason)
    if said in GUILTY:
        told = REASONS.get(why)
        if told is Ending.NOT_FINAL and why not in ("pg to misdemeanor", "misdemeanor amount"):
            return Ending.INCONSISTENT
        if told in (Ending.VACATED, Ending.UNCLEAR):
            return told
        return _sentenced(sentences) if sentences else Ending.UNSENTENCED
    ending = NOT_GUILTY.get(said, Ending.UNCLEAR)
    if ending is Ending.UNCLEAR:
        return ending
    if sentences:
        return Ending.INCONSISTENT
    if ending in (Ending.DISMISSED, Ending.STRICKEN, Ending.NO_PROBABLE_CAUSE, Ending.NOT_CHARGED):
        return _dropped(ending, why)
    return ending


def _dropped(ending: Ending, reason: str) -> Ending:
    if reason in PLAIN_REASONS:
        return ending
    told = REASONS.get(reason)
    if told is not None:
        return told
    words = frozenset("".join(letter if letter.isalnum() else " " for letter in reason.upper()).split())
    return ending if OPEN_WORDS.isdisjoint(words) else Ending.UNCLEAR


def _sentenced(sentences: Sequence[Sentencing]) -> Ending:
    """The ending of a guilty charge with sentencing rows."""
    kinds = [kind_of(row.type, row.commitment) for row in sentences]
    now = current_rows(sentences)
    held = {kind for at, kind in enumerate(kinds) if at in now} - TERMINATED
    ended = TERMINATED.intersection(kinds)
    withheld = WITHHELD.intersection(kinds)
    if any(plain(row.phase) not in PHASE_VALUES for row in sentences if row.phase.strip()):
        return Ending.UNCLEAR
    if len(ended) > 1 or len(withheld) > 1:
        return Ending.INCONSISTENT if len(ended) > 1 else Ending.UNCLEAR
    failed = Kind.UNSATISFACTORILY in ended or any(
        plain(row.phase) == VIOLATION and kind not in {*WITHHELD, *TERMINATED, Kind.UNKNOWN}
        for row, kind in zip(sentences, kinds, strict=True)
    )
    if withheld:
        (kind,) = withheld
        return _withheld(kind, held, ended, failed)
    if Kind.UNKNOWN in held:
        return Ending.UNCLEAR
    if not held:
        # Only the row that ended a probation is current; what it was is in the others.
        held = set(kinds) - TERMINATED
        if Kind.UNKNOWN in held or (not held and Kind.UNSATISFACTORILY not in ended):
            return Ending.UNCLEAR
    return _gravest(held) if held else Ending.PROBATION


def _withheld(kind: Kind, held: set[Kind], ended: Iterable[Kind], failed: bool) -> Ending:
    """The ending where some row orders supervision or qualified probation."""
    open_, completed, lost = _WITHHELD_ENDINGS[kind]
    others = held - {kind, Kind.OTHER, Kind.FINE}
    if Kind.UNKNOWN in others:
        return Ending.UNCLEAR
    if failed:
        # A violation that left it in force is none that entered judgment.
        return Ending.UNCLEAR if kind in held and Kind.UNSATISFACTORILY not in ended else lost
    if kind in held or not held:
        if others or Kind.INSTANTER in ended:
            return Ending.UNCLEAR
        if Kind.SATISFACTORILY in ended:
            # The words are of probation; for supervision they fit badly.
            return completed if kind is Kind.QUALIFIED else Ending.UNCLEAR
        return open_
    return _gravest(held)


def _gravest(kinds: set[Kind]) -> Ending:
    return next(ending for kind, ending in _SENTENCES if kind in kinds)


def current_rows(sentences: Sequence[Sentencing]) -> list[int]:
    """Which rows are in force: those that say so where all say it, else those of the latest day, else all."""
    said = [row.current for row in sentences]
    if None not in said and True in said:
        return [at for at, flag in enumerate(said) if flag]
    days = [row.day for row in sentences]
    if 0 in days or any(flag is not None for flag in said):
        return list(range(len(days)))
    return [at for at, day in enumerate(days) if day == max(days)]


def clerk_ending(literals: Iterable[str]) -> Ending:
    """How a charge ended, from the disposition literals of all its rows in the clerk's extract.

    The extract is called one of convictions and holds supervision too. A literal that no table has, or none, may take a
    conviction away, so the charge is then unclear; so is one of which only restitution, service or credit is told.
    """
    kinds = {CLERK.get(plain(literal), Kind.UNKNOWN) for literal in literals}
    told = kinds - {Kind.OTHER}
    if not told or Kind.UNKNOWN in told or (Kind.SUPERVISION in told and len(told) > 1):
        return Ending.UNCLEAR
    return Ending.SUPERVISION if Kind.SUPERVISION in told else _gravest(told)


def is_clerk_contradiction(literals: Iterable[str]) -> bool:
    """Whether the literals of one charge order supervision and a sentence beside it."""
    kinds = {CLERK.get(plain(literal), Kind.UNKNOWN) for literal in literals} - {Kind.OTHER, Kind.UNKNOWN}
    return Kind.SUPERVISION in kinds and len(kinds) > 1
