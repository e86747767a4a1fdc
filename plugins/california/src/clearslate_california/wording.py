"""The words of the DOJ file: kinds of steps, and what a disposition text says of a count.

Texts are cut into words and section numbers and those are compared; nothing is found inside a
longer word. The tables below are the whole vocabulary.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

FILLERS = frozenset({"", "NULL", "-", "X", "#"})
"""Cells that mean nothing, upper case."""
_FILLERS_BEGIN = frozenset({"", "N", "n", "X", "x", "-", "#", " "})


def is_filler(text: str) -> bool:
    """Whether a cell means nothing."""
    # Most cells say something and begin with a letter or digit that no filler begins with.
    if text[:1] not in _FILLERS_BEGIN:
        return False
    cell = text.strip().upper()
    return cell in FILLERS or not cell.strip("- ")


class Kind(enum.IntEnum):
    """What STP_TYPE_DESCR says a row is; UNKNOWN where it is blank, OTHER where no table has it."""

    UNKNOWN = 0
    OTHER = 1
    COURT = 2
    ARREST = 3
    REGISTRATION = 4
    DECEASED = 5
    ELSEWHERE = 6


KINDS = {
    "COURT ACTION": Kind.COURT,
    "ARREST/DETAINED/CITED": Kind.ARREST,
    "SUPPLEMENTAL ARREST": Kind.ARREST,
    "REGISTRATION": Kind.REGISTRATION,
    "DECEASED": Kind.DECEASED,
    # Steps that repeat charges, or have none, and convict nobody.
    "CUSTODY": Kind.ELSEWHERE,
    "PROBATION": Kind.ELSEWHERE,
    "APPLICANT": Kind.ELSEWHERE,
    "MENTAL HEALTH": Kind.ELSEWHERE,
}


@lru_cache(maxsize=4096)
def kind_of(text: str) -> Kind:
    """The kind of a row."""
    if is_filler(text):
        return Kind.UNKNOWN
    return KINDS.get(" ".join(text.upper().split()), Kind.OTHER)


class Said(enum.IntEnum):
    """What a disposition text says of its count: convicted, perhaps, not, a later step, or nothing.

    UNREAD has words of which no table tells the meaning: on a row of a court it may be anything.
    """

    NOTHING = 0
    CONVICTED = 1
    PERHAPS = 2
    NOT_CONVICTED = 3
    DISMISSED = 4
    LATER_STEP = 5
    UNREAD = 6


class Effect(enum.Enum):
    """What a later step does to the conviction it is for.

    UNCLEAR may be relief of any kind; SENTENCE changes when the sentence ends; PERHAPS_REDUCED
    names the section that reduces a felony, but not that it did.
    """

    SAME_LAW = "relief under the marijuana law"
    AFTER_PROBATION = "dismissed after probation"
    VACATED = "vacated"
    REDUCED_17B = "reduced under 17(b)"
    REDUCED = "reduced"
    PERHAPS_REDUCED = "perhaps reduced"
    SENTENCE = "sentence changed"
    UNCLEAR = "unclear"


class Wording(NamedTuple):
    """What a disposition text says of its count, and what it does as a later step."""

    said: Said
    effect: Effect | None = None


# HS 11361.8 is the petition for relief, HS 11361.9 the relief without one.
_SAME_LAW = frozenset({"11361.8", "11361.9"})
# PC 1203.4 and its siblings dismiss after the sentence was served; the conviction stays one for
# many purposes, and relief under HS 11361.8 is still open.
_AFTER_PROBATION = frozenset({"1203.4", "1203.4A", "1203.4B", "1203.41", "1203.42", "1203.425"})
# PC 1473.7 vacates; a dismissal under PC 1385 after a conviction leaves none.
_VACATING_SECTIONS = frozenset({"1473.7", "1385"})
_VACATING_WORDS = frozenset({"VACATE", "VACATED", "VACATUR", "REVERSED", "ANNULLED"})
# Relief whose reach the text alone does not tell: sealing (PC 1203.45, 851.8), PC 1203.43 and
# 1203.49, pardons.
_UNCLEAR = frozenset(
    {
        "1203.43",
        "1203.45",
        "1203.49",
        "851.8",
        "EXPUNGED",
        "SEALED",
        "PARDON",
        "PARDONED",
        "DESTROYED",
        "REHABILITATION",
    }
)
_REFUSED = frozenset({"DENIED", "REFUSED", "REJECTED"})
_ASKED = frozenset({"PETITION", "MOTION", "REQUEST"})
_REDUCED = frozenset({"REDUCED", "REDUCE", "REDUCTION", "REDUCES"})
_TO_MISDEMEANOR = frozenset({"MISD", "MISDEMEANOR", "MISDEMEANORS"})
_SENTENCE_WORDS = frozenset({"PROBATION", "PROB", "SENTENCE", "PAROLE", "SUPERVISION"})
_CHANGED = frozenset({"REVOKED", "REINSTATED", "EXTENDED", "MODIFIED", "VIOLATED", "VIOLATION", "RECALLED"})
_RESENTENCED = frozenset({"RESENTENCED", "RESENTENCE", "RESENTENCING"})
# A conviction in other words than CONVICTED, which the file may or may not mean as one.
_PERHAPS = frozenset({"GUILTY", "PLEA", "PLED", "PLEAD", "PLEADED", "NOLO", "SENTENCED", "ADJUDICATED"})
# The file itself says that it does not know.
NOT_KNOWN = frozenset({"UNKNOWN", "UNAVAILABLE", "UNREPORTED", "ILLEGIBLE", "UNREADABLE", "COMMENT", "COMMENTS"})

# Ends of a charge, and steps on the way there, that convict nobody.
_NOT_CONVICTED = frozenset(
    {
        "ACQUITTED", "ACQUITTAL", "ACQ", "EXONERATED", "UNFOUNDED", "NOLLE", "PROSEQUI", "NOLPROS", "NOLLED",
        "RELEASED", "RELEASE", "REL", "RLSD", "DETENTION", "REJECTED", "REJECT", "REJ", "DECLINED", "DECLINE",
        "DROPPED", "QUASHED", "STRICKEN", "ABATED", "DIVERTED", "DIVERSION", "DIV", "DEFERRED", "DEJ",
        "TRANSFERRED", "TRANSFERED", "TRANSFER", "TRANS", "TRF", "TOT", "EXTRADITED", "REFERRED", "REMANDED",
        "CONSOLIDATED", "COMBINED", "MERGED", "MISTRIAL", "HUNG", "INSUFFICIENT", "INSUFF", "WITHDRAWN",
        "INCOMPETENT", "PENDING", "CONTINUED", "ARRAIGNED", "SUPERSEDED", "DECEASED",
    }
)  # fmt: skip
_NOT_CONVICTED_PAIRS = frozenset(
    {
        ("NOT", "FILED"), ("NO", "COMPLAINT"), ("NO", "CHARGES"), ("NO", "CHARGE"), ("NO", "BILL"), ("NO", "FILE"),
        ("NO", "FILING"), ("NO", "PROSECUTION"), ("NOT", "PROSECUTED"), ("NOL", "PROS"), ("NOLE", "PROS"),
        ("HELD", "TO"), ("BOUND", "OVER"), ("OFF", "CALENDAR"), ("BENCH", "WARRANT"), ("TURNED", "OVER"),
        ("849", "B"), ("849B", "PC"),
    }
)  # fmt: skip
# What is served follows a conviction: a release from it or a transfer to it tells of one.
_SERVED = frozenset(
    {"PROBATION", "PROB", "PRISON", "JAIL", "FINE", "FINED", "PAROLE", "SENTENCE", "SENT", "CDC", "CDCR", "CYA"}
)

_WORDS = re.compile(r"[A-Z0-9]+(?:\.[0-9]+[A-Z]?)*")


def words_of(text: str) -> tuple[str, ...]:
    """The words and section numbers of a text, upper case: ``17(B) PC`` is 17, B, PC."""
    return tuple(_WORDS.findall(text.upper()))


@lru_cache(maxsize=1 << 14)
def wording(text: str) -> Wording:
    """What a disposition text says."""
    if is_filler(text):
        return Wording(Said.NOTHING)
    words = words_of(text)
    effect = _effect(words)
    if words[:1] == ("CONVICTED",):
        # Probation and sentence belong to the conviction itself where they stand in its own text.
        return Wording(Said.CONVICTED, None if effect is Effect.SENTENCE else effect)
    if effect is not None or (_REFUSED & set(words) and _ASKED & set(words)):
        return Wording(Said.LATER_STEP, effect)
    if _denies(words):
        return Wording(Said.NOT_CONVICTED)
    if any(word in _PERHAPS or word.startswith("CONV") for word in words):
        return Wording(Said.PERHAPS)
    if any(word in {"DISMISSED", "DISM", "DISMISSAL"} for word in words):
        return Wording(Said.DISMISSED)
    if not NOT_KNOWN.isdisjoint(words):
        return Wording(Said.PERHAPS)
    listed = not _NOT_CONVICTED.isdisjoint(words) or not _NOT_CONVICTED_PAIRS.isdisjoint(pairwise(words))
    return Wording(Said.NOT_CONVICTED if listed and _SERVED.isdisjoint(words) else Said.UNREAD)


def is_conviction(text: str) -> bool:
    """Whether a disposition text begins with the word CONVICTED."""
    return wording(text).said is Said.CONVICTED


@lru_cache(maxsize=1 << 14)
def comment_effect(text: str) -> Effect | None:
    """SAME_LAW where a comment names the section of marijuana relief, UNCLEAR where it says refused."""
    words = set(words_of(text))
    if _SAME_LAW.isdisjoint(words):
        return None
    return Effect.UNCLEAR if words & _REFUSED else Effect.SAME_LAW


def _denies(words: tuple[str, ...]) -> bool:
    after_not = [after for word, after in pairwise(words) if word == "NOT"]
    return "ACQUITTED" in words or any(word in {"GUILTY", "CONVICTED"} for word in after_not)


def _effect(words: tuple[str, ...]) -> Effect | None:
    found = set(words)
    pairs = set(pairwise(words))
    refused = bool(found & _REFUSED) or ("WITHDRAWN" in found and bool(found & _ASKED))
    if found & _SAME_LAW:
        # A court that has refused this relief once is a question for a person.
        return Effect.UNCLEAR if refused else Effect.SAME_LAW
    if refused:
        return None
    if found & _AFTER_PROBATION:
        return Effect.AFTER_PROBATION
    if found & _UNCLEAR:
        return Effect.UNCLEAR
    plea_withdrawn = "PLEA" in found and "WITHDRAWN" in found
    if found & _VACATING_WORDS or found & _VACATING_SECTIONS or ("SET", "ASIDE") in pairs or plea_withdrawn:
        return Effect.VACATED
    under_17b = ("17", "B") in pairs or ("17", "PC") in pairs or ("PC", "17") in pairs
    to_misdemeanor = bool(found & _TO_MISDEMEANOR)
    if under_17b:
        return Effect.REDUCED_17B if to_misdemeanor and "INFRACTION" not in found else Effect.PERHAPS_REDUCED
    if found & _REDUCED or "1170.18" in found:
        return Effect.REDUCED if to_misdemeanor and "INFRACTION" not in found else Effect.PERHAPS_REDUCED
    if found & _RESENTENCED or (found & _CHANGED and found & _SENTENCE_WORDS):
        return Effect.SENTENCE
    return None
