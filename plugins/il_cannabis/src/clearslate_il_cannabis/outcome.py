"""How a charge can have ended, from the record's own word and from what a person says of it."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from clearslate.model import Answer, Count, Disposition
from clearslate_illinois.endings import DISPOSITIONS, Ending

SUPERVISION_FACT = "supervision_completed"
QUALIFIED_FACT = "qualified_probation_completed"
PARDON_FACT = "pardoned"
FACTS = (SUPERVISION_FACT, QUALIFIED_FACT, PARDON_FACT)
"""What a person may answer of how a charge ended."""

Result = Literal[
    "conviction",
    "pardoned",
    "fine",
    "dropped",
    "stricken",
    "supervision",
    "supervision_completed",
    "qualified_probation",
    "qualified_probation_completed",
    "civil_violation",
    "pending",
    "not_final",
    "unsentenced",
    "insanity",
    "abated",
    "unclear",
]

RESULTS: MappingProxyType[str, frozenset[Ending]] = MappingProxyType(
    {
        # 20 ILCS 2630/5.2(a)(1)(C): supervision and qualified probation count once they ended unsatisfactorily.
        "conviction": frozenset(
            {
                Ending.SUPERVISION_FAILED,
                Ending.QUALIFIED_PROBATION_FAILED,
                Ending.PROBATION,
                Ending.CONDITIONAL_DISCHARGE,
                Ending.IMPRISONMENT,
                Ending.FINE,
                Ending.OTHER_SENTENCE,
            }
        ),
        "pardoned": frozenset({Ending.PARDONED}),
        "fine": frozenset({Ending.FINE}),
        "dropped": frozenset(
            {
                Ending.NOT_CHARGED,
                Ending.NO_PROBABLE_CAUSE,
                Ending.ACQUITTED,
                Ending.DISMISSED,
                Ending.VACATED,
            }
        ),
        "stricken": frozenset({Ending.STRICKEN}),
        "supervision": frozenset({Ending.SUPERVISION}),
        "supervision_completed": frozenset({Ending.SUPERVISION_COMPLETED}),
        "qualified_probation": frozenset({Ending.QUALIFIED_PROBATION}),
        "qualified_probation_completed": frozenset({Ending.QUALIFIED_PROBATION_COMPLETED}),
        "civil_violation": frozenset({Ending.CIVIL_VIOLATION}),
        "pending": frozenset({Ending.PENDING}),
        "not_final": frozenset({Ending.NOT_FINAL}),
        "unsentenced": frozenset({Ending.UNSENTENCED}),
        "insanity": frozenset({Ending.INSANITY}),
        "abated": frozenset({Ending.ABATED}),
        "unclear": frozenset({Ending.INCONSISTENT, Ending.UNCLEAR}),
    }
)
"""The endings that each result stands for; every ending has one, and a fine is a conviction too."""

RESULT_WORDS: MappingProxyType[str, str] = MappingProxyType(
    {
        "conviction": "a conviction",
        "pardoned": "a conviction that was pardoned",
        "fine": "a fine",
        "dropped": "no charge, a dismissal, an acquittal or a vacated judgment",
        "stricken": "being stricken off with leave to reinstate",
        "supervision": "supervision of which nobody says how it ended",
        "supervision_completed": "supervision completed",
        "qualified_probation": "qualified probation of which nobody says how it ended",
        "qualified_probation_completed": "qualified probation completed",
        "civil_violation": "a civil law violation",
        "pending": "nothing yet, it is pending",
        "not_final": "a step that ends no case",
        "unsentenced": "a finding of guilt without a sentence",
        "insanity": "a finding of insanity",
        "abated": "abatement by death",
        "unclear": "something that the record does not say clearly",
    }
)

# What each answer of yes says of the ending, and what it makes of supervision or probation left open.
_OPEN = (
    (SUPERVISION_FACT, Ending.SUPERVISION, Ending.SUPERVISION_COMPLETED, Ending.SUPERVISION_FAILED),
    (
        QUALIFIED_FACT,
        Ending.QUALIFIED_PROBATION,
        Ending.QUALIFIED_PROBATION_COMPLETED,
        Ending.QUALIFIED_PROBATION_FAILED,
    ),
)
_EVERY = frozenset(Ending)
_MAY_BECOME = MappingProxyType({open_: frozenset({completed, failed}) for _, open_, completed, failed in _OPEN})
_OF = MappingProxyType({d: frozenset(e for e in Ending if DISPOSITIONS[e] is d) for d in Disposition})


class Told(NamedTuple):
    """What the record and a person say of how a charge ended; None where nothing."""

    disposition: Disposition
    ended: str | None
    answers: tuple[bool | None, ...]


_NO_ANSWERS = (None,) * len(FACTS)


def told_of(count: Count) -> Told:
    """What is said of a count; an answer that is neither yes nor no says nothing."""
    facts = count.facts
    answers = tuple([_yes_or_no(facts.get(fact)) for fact in FACTS]) if facts else _NO_ANSWERS
    return Told(count.disposition, count.ended, answers)


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _stated(told: Told) -> frozenset[Ending]:
    """The endings that the record's own words leave possible; none where they disagree."""
    alike = _EVERY if told.disposition is Disposition.UNKNOWN else _OF[told.disposition]
    try:
        return alike if told.ended is None else alike & {Ending(told.ended)}
    except ValueError:
        # A word of another vocabulary says nothing.
        return alike


@lru_cache(maxsize=1 << 12)
def possible_endings(told: Told) -> frozenset[Ending]:
    """How the charge can have ended; nothing where the record and a person, or two cells of it, disagree.

    A blank leaves every ending that the rest allows. An answer of yes says what the ending was; one of no says what it
    was not, and that supervision or probation ended unsatisfactorily where there was one.
    """
    found = _stated(told)
    *withheld, pardoned = told.answers
    for answer, (_, open_, completed, failed) in zip(withheld, _OPEN, strict=True):
        if answer is None:
            continue
        if open_ in found:
            found = (found - {open_}) | {completed if answer else failed}
        found &= {completed} if answer else _EVERY - {completed}
    if pardoned is not None:
        found &= RESULTS["pardoned"] if pardoned else _EVERY - RESULTS["pardoned"]
    return found


@lru_cache(maxsize=1 << 14)
def came_to(told: Told, results: tuple[Result, ...]) -> Answer:
    """Whether the charge came to one of the results, whichever of its possible endings is the true one.

    Supervision or probation of which nobody says how it ended may have ended either way.
    """
    endings = possible_endings(told)
    wanted = frozenset[Ending]().union(*(RESULTS[result] for result in results))
    if endings and endings <= wanted:
        return Answer.YES
    open_ = endings.union(*(_MAY_BECOME.get(ending, ()) for ending in endings))
    return Answer.NO if endings and wanted.isdisjoint(open_) else Answer.UNKNOWN


def asked_of(told: Told) -> tuple[str, ...]:
    """The facts that say, or would say, more of how the charge ended than the record does."""
    stated = _stated(told)
    asks = [fact for fact, open_, _, _ in _OPEN if open_ in stated]
    if Ending.PARDONED in stated and len(stated) > 1:
        asks.append(PARDON_FACT)
    given = [fact for fact, answer in zip(FACTS, told.answers, strict=True) if answer is not None]
    return tuple(dict.fromkeys([*asks, *given]))
