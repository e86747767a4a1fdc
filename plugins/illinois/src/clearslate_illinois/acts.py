"""The acts of the Illinois statutes, and where their sections stood before 1993."""

from __future__ import annotations

from clearslate.model import Section

PENAL = "720 ILCS 5"
CANNABIS = "720 ILCS 550"
SUBSTANCES = "720 ILCS 570"

ATTEMPT_SECTION = Section(PENAL, "8-4")
CONSPIRACY_SECTION = Section(PENAL, "8-2")

CHAPTERS = frozenset(
    int(number)
    for numbers in (
        "5 10 15 20 25 30 35 40 45 50 55 60 65 70 75 105 110 115",
        "205 210 215 220 225 230 235 240 305 310 315 320 325 330 405 410 415 420 425 430",
        "505 510 515 520 525 530 605 610 615 620 625 630 705 710 715 720 725 730 735",
        "740 745 750 755 760 765 770 775 805 810 815 820",
    )
    for number in numbers.split()
)
"""The chapters of the Illinois Compiled Statutes."""

ARTICLED = frozenset({PENAL, "625 ILCS 5", "725 ILCS 5", "730 ILCS 5", "735 ILCS 5", "705 ILCS 405", "235 ILCS 5"})
"""Acts whose sections are printed as article and section, 5/19-1; those of other acts have one number."""

LETTERED = frozenset({"11-9.1A", "11-9.1B", "11-20.1A", "11-20.1B", "12-5.1A", "17-1A", "17-1B", "24-3A"})
"""Sections of the Criminal Code whose own number ends in a letter."""

OLD_CHAPTERS = frozenset({"38", "56.5", "95.5"})
"""Chapters of the Revised Statutes that are read: 38, 56 1/2 and 95 1/2."""

# Chapter 56 1/2 numbered the sections of its acts on from these; 704 is 550/4 and 1402 is 570/402.
_CHAPTER_56_5 = ((700, 730, CANNABIS), (1000, 1700, SUBSTANCES), (2100, 2110, "720 ILCS 600"))
# Chapter 38 held the Criminal Code and, from these articles on, other acts.
_CHAPTER_38 = ((1, 50, PENAL), (83, 84, "430 ILCS 65"), (100, 127, "725 ILCS 5"), (1001, 1009, "730 ILCS 5"))


def renumbered(chapter: str, number: str) -> Section | None:
    """The section that a paragraph of the Revised Statutes became; None where none is known."""
    if chapter == "95.5":
        return Section("625 ILCS 5", number)
    head, _, rest = number.partition("-")
    whole, point, decimals = head.partition(".")
    digits = int(whole.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    if chapter == "56.5":
        found = next(((low, code) for low, high, code in _CHAPTER_56_5 if low <= digits < high), None)
        return None if found is None or rest else Section(found[1], f"{digits - found[0]}{point}{decimals}")
    act = next((code for low, high, code in _CHAPTER_38 if low <= digits < high), None)
    if act is None or not rest:
        return None
    if act == "430 ILCS 65":
        return Section(act, rest)
    return Section(act, f"{digits - 1000}-{rest}" if digits > 1000 else number)
