"""How California's records print statutes, and what a row of the DOJ file charges."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from clearslate.model import Section, Statute
from clearslate.model.grammar import CODE_GUESSED, CODE_UNCLEAR, Grammar, NumberRange
from clearslate_california.wording import words_of

OFFENSE_FROM_COMMENT = "OFFENSE_FROM_COMMENT"
OFFENSE_BLANK = "OFFENSE_BLANK"
COMMENT_OTHER_STATUTE = "COMMENT_OTHER_STATUTE"

_CODES = "BP CC CI CR EC FA FC FG FN GC HN HS IC LC MC MV PC PR PU RC RT SH UI US VC WA WC WI"
_ALIASES = {
    "H&S": "HS",
    "HSC": "HS",
    "H.S": "HS",
    "CPC": "PC",
    "P.C": "PC",
    "CVC": "VC",
    "V.C": "VC",
    "WIC": "WI",
    "W&I": "WI",
    "B&P": "BP",
    "BPC": "BP",
    "R&T": "RT",
    "M&V": "MV",
    "F&G": "FG",
    "USC": "US",
}

CALIFORNIA = Grammar(
    codes=MappingProxyType({code: code for code in _CODES.split()} | _ALIASES),
    attempts=frozenset({Section("PC", "664")}),
    attempt_words=frozenset({"ATTEMPT", "ATTEMPTED", "ATT", "ATTMPT"}),
    attempt_openings=frozenset({"ATTEMPTED"}),
    conspiracies=frozenset({Section("PC", "182")}),
    conspiracy_words=frozenset({"CONSPIRACY", "CONSP"}),
    conspiracy_openings=frozenset({"CONSPIRACY", "CONSPIRE", "CONSP"}),
    default_codes=(NumberRange("HS", 11000, 11999),),
    lettered=frozenset({"11357", "11358", "11359", "11360"}),
    renumbered=MappingProxyType(
        {
            Section("PC", "314.1"): Section("PC", "314", ("1",)),
            Section("PC", "314.2"): Section("PC", "314", ("2",)),
        }
    ),
    # The numbers of the present HS 11357 to 11360 until 1973. Loitering has stood under some of them since, so
    # a policy asks for the date too.
    old_numbers=frozenset(Section("HS", number) for number in ("11530", "11530.1", "11530.5", "11531", "11532")),
    lead_ins=frozenset({"CHRG", "CHRGS", "CHG", "CHARGE", "CHARGES", "COM", "COMMENT", "OFFENSE"}),
    numbered_lead_ins=frozenset({"CNT", "CNTS", "CT", "COUNT"}),
    grade_letters=frozenset({"F", "M", "I"}),
    unlisted_code_length=2,
    longest_number=6,
    # "2 CTS POSS MARIJUANA" names no statute; the Penal Code's first offenses stand at 31 and 32.
    least_uncoded=31,
)
"""The grammar of California's DOJ file and RAP sheets.

``664/11357(A) PC`` and ``182(A)(1)/11360 PC`` are read as HS 11357(a) and HS 11360 with the mark
CODE_UNCLEAR: the letters PC may be those of the attempt or conspiracy section alone. ``11357(A) PC``, where they can
only be meant for the offense, stays PC.
"""

_FILLERS = frozenset({"", "NULL", "-", "X", "#", "N/A", "NONE"})

_NO_CHARGE = frozenset(
    [
        "AGENCY",
        "ARREST",
        "BENCH",
        "COUNTY",
        "COURT",
        "DETAINER",
        "EN",
        "ENROUTE",
        "FELONY",
        "FOR",
        "FUGITIVE",
        "HOLD",
        "IMMIGRATION",
        "IN",
        "JURISDICTION",
        "LOCAL",
        "MARSHAL",
        "MISDEMEANOR",
        "OF",
        "ON",
        "ORDER",
        "OTHER",
        "OUT",
        "OUTSIDE",
        "OUTSTANDING",
        "PAROLE",
        "PROBATION",
        "REMAND",
        "REMANDED",
        "REVOCATION",
        "ROUTE",
        "STATE",
        "TO",
        "TRAFFIC",
        "TRANSFER",
        "VIOLATION",
        "VIOLATOR",
        "WARRANT",
        "WARRANTS",
    ]
)
"""Words of which an arrest without a charge of its own is told; a text with any other may name one."""

_RELIEF = frozenset(
    Section.from_citation(text)
    for text in (
        "PC 17",
        "PC 1170.18",
        "PC 1203",
        "PC 1203.1",
        "PC 1203.2",
        "PC 1203.3",
        "PC 1203.4",
        "PC 1203.4A",
        "PC 1203.41",
        "PC 1203.42",
        "PC 1203.45",
        "PC 1385",
        "HS 11361.8",
        "HS 11361.9",
    )
)
"""Sections of procedure: a comment that begins with one speaks of relief or probation, not of a charge."""


@lru_cache(maxsize=1 << 16)
def read_statute(text: str) -> Statute | None:
    """Read a statute as a California record prints it; None where it cannot be read."""
    return CALIFORNIA.parse(text)


@lru_cache(maxsize=1 << 14)
def statute_in_comment(comment: str) -> Statute | None:
    """Read the statute that a comment begins with, past words such as ``CHRG`` and ``CNT 1``."""
    return CALIFORNIA.parse_comment(comment)


class Offense(NamedTuple):
    """What a row charges: the statute (None: unreadable), the text it was read from, and count flags."""

    statute: Statute | None
    raw: str
    flags: tuple[str, ...] = ()


@lru_cache(maxsize=1 << 16)
def offense_of(offense_descr: str, comment: str) -> Offense:
    """The offense of a row: its own text, or the comment's where the text refers to it or is blank.

    Flags OFFENSE_FROM_COMMENT where the comment was read (with OFFENSE_BLANK where nothing but a
    blank referred to it, so that the comment may be about something else), and COMMENT_OTHER_STATUTE where the
    comment begins with a statute, its code printed, that the offense does not have: that may be
    a second charge and is never made a count.
    """
    if _refers_to_comment(offense_descr):
        if comment.strip().upper() in _FILLERS:
            return Offense(None, offense_descr)
        blank = (OFFENSE_BLANK,) if is_blank(offense_descr) else ()
        return Offense(statute_in_comment(comment), comment, (*blank, OFFENSE_FROM_COMMENT))
    statute = read_statute(offense_descr)
    other = statute_in_comment(comment) if comment else None
    flags = (COMMENT_OTHER_STATUTE,) if other is not None and _is_another(other, statute) else ()
    return Offense(statute, offense_descr, flags)


@lru_cache(maxsize=1 << 14)
def charges_nothing(offense_descr: str, comment: str) -> bool:
    """Whether the offense cell tells of an arrest without a charge: ``WARRANT``, ``HOLD FOR OTHER AGENCY``.

    One whose comment begins with a statute does not.
    """
    words = set(words_of(offense_descr))
    return bool(words) and words <= _NO_CHARGE and statute_in_comment(comment) is None


def is_blank(text: str) -> bool:
    """Whether an offense cell says nothing."""
    return " ".join(text.upper().replace("-", " ").split()) in _FILLERS


def _refers_to_comment(text: str) -> bool:
    words = text.upper().replace("-", " ").split()
    return is_blank(text) or (words[:1] == ["SEE"] and words[1:2] in (["COMMENT"], ["COMMENTS"], ["COM"]))


def _is_another(comment: Statute, statute: Statute | None) -> bool:
    guessed = comment.section.code is None or {CODE_GUESSED, CODE_UNCLEAR} & set(comment.marks)
    if guessed or comment.section.bare in _RELIEF:
        return False
    known = () if statute is None else tuple(section.bare for section in statute.sections)
    return comment.section.bare not in known
