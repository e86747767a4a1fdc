"""How Illinois records print statutes, in one text or in the cells for chapter, act and section."""

from __future__ import annotations

from functools import lru_cache

from clearslate.model import Section, Statute
from clearslate_illinois.acts import ATTEMPT_SECTION, CANNABIS, CONSPIRACY_SECTION, PENAL, SUBSTANCES
from clearslate_illinois.printed import Charge, Printed, Unreadable, tokens_of

ATTEMPT = "ATTEMPT"
CONSPIRACY = "CONSPIRACY"
STACKED = "STACKED"
OLD_NUMBER = "OLD_NUMBER"
"""The citation is of the Revised Statutes, which were renumbered in 1993."""
ACT_UNCLEAR = "ACT_UNCLEAR"
"""The section's number is none of the act's; ``suggested`` says which act may be meant."""
OFFENSE_MISSING = "OFFENSE_MISSING"
"""An attempt, or a conspiracy, of an offense that is not printed."""
STATUTE_FROM_TITLE = "STATUTE_FROM_TITLE"
"""No cell for it can be read; the statute stands in the offense's title."""

MARKS = frozenset({ATTEMPT, CONSPIRACY, STACKED, OLD_NUMBER, ACT_UNCLEAR, OFFENSE_MISSING, STATUTE_FROM_TITLE})

_ATTEMPT_WORDS = frozenset({"ATT", "ATTEMPT", "ATTEMPTED", "ATTMPT", "ATTMP"})
_LEAD_MARKS = frozenset("-:. ")
_FILLERS = frozenset({"", "-", "--", "NULL", "N/A", "NA", "NONE"})
_LONGEST = 2000
"""Characters of a text that are looked at; what stands behind is description."""

_OLD_CHAPTERS = frozenset({"38", "56.5", "95.5", "56 1/2", "56-1/2", "95 1/2", "95-1/2"})


@lru_cache(maxsize=1 << 16)
def read_statute(text: str) -> Statute | None:
    """Read a statute from the front of one printed citation; None where it cannot be read.

    An attempt is of the completed offense where that is printed (``720-5/8-4(720-550/5(D))`` is an attempt of
    720 ILCS 550/5(d)), else 720 ILCS 5/8-4 itself, with the mark OFFENSE_MISSING. Reading never raises and takes
    time in proportion to the text.
    """
    tokens = tokens_of(text[:_LONGEST])
    told = False
    while tokens and (tokens[0].text in _ATTEMPT_WORDS or (told and tokens[0].text in _LEAD_MARKS)):
        told = True
        del tokens[0]
    printed = Printed(tokens)
    try:
        charges = printed.charges()
    except Unreadable:
        return None
    if not charges:
        return None
    while printed.peek().kind == "mark":
        printed.at += 1
    return _statute(charges, told or printed.peek().text in _ATTEMPT_WORDS, text)


def _statute(charges: list[Charge], attempt: bool, raw: str) -> Statute:
    leads = [charge.section.bare for charge in charges if charge.lead is not None]
    attempt = attempt or ATTEMPT_SECTION in leads or any(charge.attempt for charge in charges)
    conspiracy = CONSPIRACY_SECTION in leads
    offenses = list(dict.fromkeys(charge.section for charge in charges if charge.lead is None))
    missing = not offenses
    offenses = offenses or [charges[0].section]
    marks = {
        ATTEMPT: attempt,
        CONSPIRACY: conspiracy,
        STACKED: len(offenses) > 1,
        OLD_NUMBER: any(charge.old for charge in charges),
        ACT_UNCLEAR: any(suggested(section) is not None for section in offenses),
        OFFENSE_MISSING: missing,
    }
    names = tuple(sorted(name for name, is_so in marks.items() if is_so))
    return Statute(offenses[0], tuple(offenses[1:]), attempt, conspiracy, names, raw)


def suggested(section: Section) -> Section | None:
    """The section that a record may mean whose act has no section of the number it prints; None where all is well.

    The Controlled Substances Act begins at 570/100, and the Cannabis Control Act ends long before; sections of the
    Criminal Code have an article. An act that is one slip of a key from 550 is none that we know with such numbers.
    """
    chapter, _, act = (section.code or "").partition(" ILCS ")
    whole = section.number.partition(".")[0]
    if chapter != "720" or not whole.isdigit():
        return None
    if section.code == CANNABIS:
        meant = SUBSTANCES if int(whole) >= 100 else None
    else:
        small = int(whole) < 30
        meant = CANNABIS if small and (section.code in (PENAL, SUBSTANCES) or _is_slip(act, "550")) else None
    return None if meant is None else Section(meant, section.number, section.subdivisions)


def _is_slip(act: str, meant: str) -> bool:
    """Whether one digit is wrong, missing, doubled or swapped with its neighbor."""
    if len(act) == len(meant):
        differ = [place for place in range(len(act)) if act[place] != meant[place]]
        return len(differ) == 1 or (len(differ) == 2 and sorted(act) == sorted(meant))
    longer, shorter = (act, meant) if len(act) > len(meant) else (meant, act)
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def is_blank(cell: str) -> bool:
    """Whether a statute cell says nothing."""
    return cell.strip().upper() in _FILLERS


@lru_cache(maxsize=1 << 16)
def read_cells(chapter: str, act: str, section: str, title: str = "") -> Statute | None:
    """Read a statute from the cells of a charge; None where it cannot be read.

    The cells hold it as it is (``720``, ``550``, ``4(d)``), or packed into the first (``720-550\\4(D)``), or in the
    numbering before 1993 with a hyphen for the act (``38``, ``-``, ``9-1(a)(2)``). Where none of them can be read,
    a statute printed in the title is taken, with the mark STATUTE_FROM_TITLE.
    """
    statute = _of_cells(*(" ".join(cell.split()) for cell in (chapter, act, section)))
    return statute if statute is not None else _of_title(title)


def _of_cells(chapter: str, act: str, section: str) -> Statute | None:
    rest = [cell for cell in (act.removesuffix(".0"), section) if not is_blank(cell)]
    chapter = chapter.removesuffix(".0")
    if is_blank(chapter):
        return None
    if chapter.upper().removeprefix("CH.").strip() in _OLD_CHAPTERS:
        return read_statute("-".join([chapter, *rest])) if rest else None
    if chapter.isascii() and chapter.isdigit():
        return read_statute(f"{chapter} ILCS {'/'.join(rest)}") if rest else None
    packed = read_statute(chapter)
    if packed is None or not rest:
        return packed
    # Cells that say it twice have to agree.
    whole = chapter.replace("\\", "/").partition("-")[0].partition("/")[0].strip()
    apart = _of_cells(whole, act, section) if whole.isdigit() else None
    return packed if apart is not None and apart.sections == packed.sections else None


def _of_title(title: str) -> Statute | None:
    """The statute of a title such as ``ATT(MURDER)=720-5\\8-4(9-1(A)(1-3))``."""
    printed = title.strip().removeprefix("[").removesuffix("]")
    _, equals, behind = printed.partition("=")
    statute = read_statute(behind if equals else printed)
    if statute is None:
        return None
    marks = tuple(sorted({*statute.marks, STATUTE_FROM_TITLE}))
    return Statute(statute.section, statute.stacked, statute.attempt, statute.conspiracy, marks, title)
