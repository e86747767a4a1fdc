"""Illinois citations as printed: the text cut into tokens, and the sections that stand at its front.

Nothing is looked for inside the text. A citation is read from its first token on, and what stands behind it is
description. A section token is taken whole, so that 550/5.2(D) is never 550/5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from clearslate.model import Section
from clearslate_illinois.acts import (
    ARTICLED,
    ATTEMPT_SECTION,
    CHAPTERS,
    CONSPIRACY_SECTION,
    LETTERED,
    PENAL,
    renumbered,
)

LEADS = frozenset({ATTEMPT_SECTION, CONSPIRACY_SECTION})

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<word>[A-Z]+(?:\.[A-Z]+)*)|(?P<space>\s+)|(?P<mark>.)", re.DOTALL
)
_SPELLED = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"\u00bd": " 1/2", "\u00b6": " PAR ", "\u00a7": " SEC "}
)

_LEAD_IN = frozenset({"ILL", "ILLINOIS", "REV", "REVISED", "STAT", "STATS", "STATUTES"})
_CHAPTER_WORDS = frozenset({"CH", "CHAP", "CHAPTER"})
_SECTION_WORDS = frozenset({"PAR", "PARS", "PARA", "PARAGRAPH", "SEC", "SECS", "SECTION", "P", "S"})
_JOINS = frozenset("/\\-,;&+(){}[]=|:.")
_OPENING = frozenset("({/\\-[=")
_BEHIND_CHAPTER = frozenset("-/\\,.")
_ROMAN = frozenset("IVX")
_MOST_SUBDIVISIONS = 8
_MOST_SECTIONS = 6


class Token(NamedTuple):
    """A number, word or mark; ``glued`` where no space stands before it."""

    kind: str
    text: str
    glued: bool


_END = Token("end", "", False)


class Unreadable(Exception):  # noqa: N818 (a signal between two modules, never seen outside)
    """The text is damaged where a section stands."""


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, upper case; spaces are left out, and so are the points in I.L.C.S."""
    tokens: list[Token] = []
    glued = False
    for match in _TOKEN.finditer(text.upper().translate(_SPELLED)):
        kind = match.lastgroup or "mark"
        if kind == "space":
            glued = False
            continue
        tokens.append(Token(kind, match[0].replace(".", "") if kind == "word" else match[0], glued))
        glued = True
    return tokens


class Act(NamedTuple):
    """The act that a chapter and a number name; ``old`` is the chapter of the numbering before 1993."""

    code: str
    old: str | None = None
    attempt: bool = False


class Charge(NamedTuple):
    """One section as printed; ``lead`` says that it is that of attempt or conspiracy, and of what act it speaks."""

    section: Section
    old: bool
    attempt: bool = False
    lead: str | None = None


class Printed:
    """One reading of one text."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self, ahead: int = 0) -> Token:
        """The next token but so many, an end behind the last."""
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else _END

    def charges(self) -> list[Charge]:
        """The sections at the front; leaves ``at`` where the description begins. Raises Unreadable."""
        self.skip(frozenset("([{"))
        first = self.first()
        found = [] if first is None else [first]
        while found and len(found) < _MOST_SECTIONS:
            start = self.at
            opened = self.skip(_JOINS)
            further = self.further(found[-1].lead, opened)
            if further is None:
                self.at = start
                break
            found.append(further)
        return found

    def further(self, lead: str | None, opened: set[str]) -> Charge | None:
        """The section behind another, which may be printed without its act behind one of attempt."""
        try:
            return self.charge(lead if opened & _OPENING else None)
        except Unreadable:
            if lead is not None:
                raise
            return None

    def first(self) -> Charge | None:
        """The section that the text begins with, which may be that of attempt without its act."""
        if self.is_lead() and self.peek(3).text in _OPENING:
            charge = Charge(Section(PENAL, f"8-{self.peek(2).text}"), False, lead=PENAL)
            self.at += 3
            return charge
        return self.charge(None)

    def is_lead(self) -> bool:
        """Whether 8-4 or 8-2 comes next."""
        return self.peek().text == "8" and self.peek(1).text == "-" and self.peek(2).text in ("2", "4")

    def skip(self, marks: frozenset[str]) -> set[str]:
        """Pass over marks; give those passed."""
        passed = set()
        while self.peek().kind == "mark" and self.peek().text in marks:
            passed.add(self.peek().text)
            self.at += 1
        return passed

    def skip_words(self, words: frozenset[str]) -> bool:
        """Pass over words, and points and commas behind them; give whether there were any."""
        start = self.at
        while self.peek().kind == "word" and self.peek().text in words:
            self.at += 1
            self.skip(frozenset(".,"))
        return self.at > start

    def charge(self, default: str | None) -> Charge | None:
        """One act and section, or a section of the ``default`` act; None where none begins here."""
        start = self.at
        act = self.act()
        if act is None:
            self.at = start
            return None if default is None else self.bare(default)
        while self.skip(_BEHIND_CHAPTER) or self.skip_words(_SECTION_WORDS):
            pass
        if self.peek().kind != "number":
            self.at = start
            return None
        charge = self.section(act)
        self.damage()
        return charge

    def bare(self, code: str) -> Charge | None:
        """A section printed without its act behind one of attempt: ``8-4(19-1)``, ``8-4/404(B)``."""
        if self.peek().kind != "number":
            return None
        start = self.at
        charge = self.section(Act(code))
        if self.peek() is not _END and self.peek().text not in (")", "}", "]"):
            self.at = start
            return None
        return charge

    # Acts ------------------------------------------------------------------------------------

    def act(self) -> Act | None:
        """The act named here; leaves ``at`` before its section. None where none is."""
        if self.skip_words(_LEAD_IN) and self.peek().kind == "number" and len(self.peek().text) == 4:
            self.at += 1
            self.skip(frozenset(",."))
        named = self.skip_words(_CHAPTER_WORDS)
        chapter = self.peek()
        if chapter.kind != "number":
            return None
        old = self.old_chapter(named)
        if old is not None:
            return Act(old, old)
        if not chapter.text.isdigit() or len(chapter.text) > 3:
            return None
        self.at += 1
        if self.peek().text == "USC":
            self.at += 1
            return Act(f"{int(chapter.text)} USC")
        return self.compiled(int(chapter.text)) if int(chapter.text) in CHAPTERS else None

    def old_chapter(self, named: bool) -> str | None:
        """The chapter of the Revised Statutes printed here, ``56.5`` for 56 1/2; None where it is none."""
        text, whole = self.peek().text, self.peek().text.partition(".")
        if whole[2] and whole[0] in ("56", "95"):
            if whole[2].strip("0") != "5":
                return None
            self.at += 1
            return f"{whole[0]}.5"
        if text in ("56", "95"):
            ahead = 2 if self.peek(1).text == "-" else 1
            if [self.peek(ahead + place).text for place in range(3)] != ["1", "/", "2"]:
                return None
            self.at += ahead + 3
            return f"{text}.5"
        if text == "38" and (named or self.peek(1).text in _BEHIND_CHAPTER):
            self.at += 1
            return text
        return None

    def compiled(self, chapter: int) -> Act | None:
        """The act of a chapter of the Compiled Statutes, with or without the letters ILCS."""
        if self.peek().text == "ILCS":
            self.at += 1
            self.skip(frozenset(".-/\\"))
        elif chapter < 100:
            # "30-500 GRAMS" names no act; a short chapter is printed with its letters.
            return None
        else:
            self.skip(frozenset("-/\\"))
        number = self.peek()
        whole, _, rest = number.text.partition(".")
        if number.kind != "number" or rest.strip("0") or whole.startswith("0") or len(whole) > 5:
            return None
        self.at += 1
        within = [self.peek(place).text for place in range(5)]
        attempt = within == ["(", "8", "-", "4", ")"]
        if attempt:
            self.at += 5
        return Act(f"{chapter} ILCS {whole}", attempt=attempt)

    # Sections --------------------------------------------------------------------------------

    def section(self, act: Act) -> Charge:
        """The section that begins at a number. Raises Unreadable."""
        articled = act.code in ARTICLED or act.old in ("38", "95.5")
        if not articled and self.is_lead():
            # 720/550-8-4: an attempt of some section of the act.
            number = f"8-{self.peek(2).text}"
            self.at += 3
            return Charge(Section(PENAL, number), act.old is not None, lead=act.code)
        number = self.number(articled, act)
        bare = Section(act.code, number) if act.old is None else renumbered(act.old, number)
        if bare is None:
            raise Unreadable
        is_lead = bare in LEADS
        section = Section(bare.code, bare.number, self.subdivisions(several=not is_lead))
        return Charge(section, act.old is not None, act.attempt, bare.code if is_lead else None)

    def number(self, articled: bool, act: Act) -> str:
        """The whole number of a section: ``5.2``, ``19-1``, ``33A-2``, ``5-5-3``."""
        number = self.peek().text
        if number.startswith("0") or len(number.partition(".")[0]) > 5:
            raise Unreadable
        self.at += 1
        if number.endswith(".0"):
            number = number[:-2]
        if not articled:
            if self.peek().text == "-" and self.peek(1).kind == "number" and not act.code.endswith("USC"):
                raise Unreadable
            return number
        if self.is_letter() and self.peek(1).text == "-" and self.peek(2).kind == "number":
            number += self.peek().text
            self.at += 1
        parts = 3 if act.code == "730 ILCS 5" or number.startswith("100") else 2
        while parts > 1 and self.peek().text == "-" and self.peek(1).kind == "number" and self.peek(1).glued:
            number += f"-{self.peek(1).text}"
            self.at += 2
            parts -= 1
            if parts == 1 and number.count("-") == 1 and "." in number:
                # 12-4.2-5 is one number too.
                parts = 2
        if self.is_letter() and number + self.peek().text in LETTERED:
            number += self.peek().text
            self.at += 1
        return number

    def is_letter(self, ahead: int = 0) -> bool:
        """Whether a single letter comes next that touches what stands before it."""
        token = self.peek(ahead)
        return token.kind == "word" and token.glued and len(token.text) == 1

    def subdivisions(self, *, several: bool) -> tuple[str, ...]:
        """The subdivisions behind a number, in parentheses, glued, or behind a hyphen or slash.

        ``several``: parentheses may name a range of them, (1-3), of which none is then known.
        """
        found: list[str] = []
        clear = True
        while True:
            start = self.at
            more = self.group() if self.peek().text == "(" else self.unenclosed(found)
            if more is None or not (more or several):
                self.at = start
                break
            clear = clear and bool(more)
            found += more if clear else ()
        if len(found) > _MOST_SUBDIVISIONS:
            raise Unreadable
        return tuple(found)

    def unenclosed(self, found: list[str]) -> list[str] | None:
        """Subdivisions without parentheses; None where none come next."""
        token, after = self.peek(), self.peek(1)
        if token.text in ("/", "\\", ".") and after.text == "(" and not found:
            self.at += 1
            return self.group()
        if self.is_letter() or (token.kind == "word" and len(token.text) == 1 and not found and self.ends(1)):
            return self.letter(0)
        if token.text in ("-", "/", "\\") and after.kind == "word" and len(after.text) == 1:
            return self.letter(1) if token.text == "-" or self.ends(2) else None
        if token.kind == "number" and token.glued and found and len(token.text) <= 2 and not self.goes_on(1):
            self.at += 1
            return [token.text]
        if token.text == "-" and found and after.kind == "number" and len(after.text) <= 2 and self.ends(2):
            self.at += 2
            return [after.text]
        return None

    def letter(self, before: int) -> list[str]:
        """A letter without parentheses, and digits that touch it."""
        found = [self.peek(before).text]
        self.at += before + 1
        if self.peek().kind == "number" and self.peek().glued and len(self.peek().text) <= 2:
            found.append(self.peek().text)
            self.at += 1
        if self.peek().text == ")" and self.peek().glued and not before:
            # The other parenthesis is missing: 4D).
            self.at += 1
        return found

    def ends(self, ahead: int) -> bool:
        """Whether the text ends, or only a bracket follows."""
        return self.peek(ahead) is _END or self.peek(ahead).text in ("[", ")", "}", "(")

    def goes_on(self, ahead: int) -> bool:
        """Whether a word, or a hyphen, touches what stands before it: ``(D)30-500``."""
        token = self.peek(ahead)
        return token.glued and (token.kind == "word" or token.text in ("-", "."))

    def group(self) -> list[str] | None:
        """What a pair of parentheses holds; an empty list where it is several; None where it is a remark."""
        inner: list[Token] = []
        while len(inner) < 4 and self.peek(1 + len(inner)).text not in (")", "(", ""):
            inner.append(self.peek(1 + len(inner)))
        closed = self.peek(1 + len(inner)).text == ")"
        found = _subdivision([token.text for token in inner], [token.kind for token in inner])
        if closed and found is not None:
            self.at += len(inner) + 2
            return found
        lost = self.peek().glued and inner and len(inner[0].text) == 1 and inner[0].kind == "word"
        if not closed and lost and not (len(inner) > 1 and inner[1].glued and inner[1].text not in "[/"):
            # The closing parenthesis is missing: 4(D.
            self.at += 2
            return [inner[0].text]
        return None

    def damage(self) -> None:
        """Refuse a section that goes on in a way nobody prints: ``4DX``, ``4(D)123``, ``4.D``."""
        token, after = self.peek(), self.peek(1)
        if token.glued and token.kind == "word" and len(token.text) <= 2:
            raise Unreadable
        if token.glued and token.kind == "number" and not self.goes_on(1):
            raise Unreadable
        if token.glued and token.text == "." and after.glued and after.kind in ("number", "word"):
            raise Unreadable


def _subdivision(texts: Sequence[str], kinds: Sequence[str]) -> list[str] | None:
    match list(kinds):
        case ["word"] if len(texts[0]) <= 2 or (len(texts[0]) <= 5 and _ROMAN.issuperset(texts[0])):
            return [texts[0]]
        case ["number"] if len(texts[0].partition(".")[0]) <= 2:
            return [texts[0]]
        case ["word", "number"] | ["number", "word"] if all(len(text) <= 2 for text in texts):
            return list(texts)
        case ["word", "mark", "number"] if texts[1] == "-" and len(texts[0]) == 1:
            return ["".join(texts)]
        case ["number", "mark", "number"] if texts[1] in "-," and all(len(text) <= 2 for text in texts):
            return []
    return None
