"""Statutes as printed: the text cut into tokens, its sections, and how they were charged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from clearslate.model.statute import Section, Statute

if TYPE_CHECKING:
    from clearslate.model.grammar import Grammar

CODE_GUESSED = "CODE_GUESSED"
CODE_UNCLEAR = "CODE_UNCLEAR"
STACKED = "STACKED"
OLD_NUMBER = "OLD_NUMBER"
ATTEMPT = "ATTEMPT"
CONSPIRACY = "CONSPIRACY"

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)*)|(?P<word>[A-Z]+(?:[&.][A-Z]+)*\.?)|(?P<space>\s+)|(?P<mark>.)", re.DOTALL
)
_LETTERS = re.compile(r"[A-Z]{1,2}(?:[0-9]{1,2}[A-Z]?)?")
_SUBDIVISION = re.compile(r"[A-Z]{1,2}[0-9]{0,2}|[IVX]{1,5}|[0-9]{1,2}(?:\.[0-9]{1,2})?")
_PLAIN_SUBDIVISION = re.compile(r"[A-Z]|[0-9]{1,2}")
_MOST_SUBDIVISIONS = 8
_SHORT_NUMBER = 3
"""Digits from which a number may be a section and not a quantity."""

_ALTERNATION = re.compile(r"[A-Z]+|[0-9]+")
_ORDINAL_ENDINGS = frozenset({"ST", "ND", "RD", "TH"})
_JOINS = frozenset("/-,&+;|")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


class Token(NamedTuple):
    """A number, word or mark; ``glued`` where no space stands before it."""

    kind: str
    text: str
    glued: bool


END = Token("end", "", False)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, upper case; spaces are left out."""
    tokens: list[Token] = []
    glued = False
    for match in _TOKEN.finditer(text.upper().translate(_DASHES)):
        kind = match.lastgroup or "mark"
        if kind == "space":
            glued = False
            continue
        tokens.append(Token(kind, match[0].rstrip(".") if kind == "word" else match[0], glued))
        glued = True
    return tokens


@dataclass(slots=True)
class _Draft:
    """One section as printed, before codes are shared out."""

    number: str
    letters: str = ""
    subdivisions: tuple[str, ...] = ()
    code: str | None = None
    lead: Section | None = None

    def sibling(self, subdivisions: tuple[str, ...]) -> _Draft:
        return _Draft(self.number, self.letters, self.subdivisions[:-1] + subdivisions, lead=self.lead)


class _Unreadable(Exception):  # noqa: N818 (a signal inside this module, never seen outside)
    """The text is damaged where the section stands."""


class Printed:
    """One reading of one text."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token]) -> None:
        self.grammar = grammar
        self.tokens = tokens
        self.at = 0
        self.leads = {section.number: section for section in (*grammar.attempts, *grammar.conspiracies)}
        self.printed_codes = frozenset(grammar.codes.values())

    def peek(self, ahead: int = 0) -> Token:
        """The next token but so many, END behind the last."""
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else END

    def statute(self, raw: str) -> Statute | None:
        """The whole text as a statute, or None."""
        grammar = self.grammar
        attempt = conspiracy = False
        words = grammar.attempt_words | grammar.conspiracy_words
        while self.peek().kind == "word" and self.peek().text in words:
            attempt = attempt or self.peek().text in grammar.attempt_words
            conspiracy = conspiracy or self.peek().text in grammar.conspiracy_words
            self.at += 1
        try:
            drafts = self.sections()
        except _Unreadable:
            return None
        if not drafts:
            return None
        told_attempt, told_conspiracy = self.description()
        return self.settle(drafts, raw, attempt or told_attempt, conspiracy or told_conspiracy)

    # Sections ------------------------------------------------------------------------------

    def sections(self) -> list[_Draft]:
        """The sections at the front; leaves ``at`` where the description begins."""
        first = self.section()
        if first is None:
            return []
        drafts = [first]
        has_target, coded = not self.may_lead(first), first.code is not None
        while self.peek().kind == "mark" and self.peek().text in _JOINS:
            start, join = self.at, self.peek().text
            self.at += 1
            draft = self.further(join, drafts[-1], has_target)
            if draft is None or not self.continues(join, draft, has_target, coded):
                self.at = start
                break
            drafts.append(draft)
            has_target, coded = has_target or not self.may_lead(draft), coded or draft.code is not None
        return drafts

    def further(self, join: str, last: _Draft, has_target: bool) -> _Draft | None:
        """The section behind a join, or None where none begins there."""
        if self.peek().text == "(" and join in "/,&" and last.subdivisions:
            # "11360(A)/(B) HS" is two subdivisions of one section.
            groups = self.groups(strict=True)
            if not groups:
                return None
            draft = last.sibling(groups)
            self.word_code(draft)
            return draft
        if join == "," and self.peek().glued and _is_thousands(last.number, self.peek().text):
            raise _Unreadable
        try:
            return self.section()
        except _Unreadable:
            if not has_target or (join == "/" and last.code is None):
                raise
            return None

    def continues(self, join: str, draft: _Draft, has_target: bool, coded: bool) -> bool:
        """Whether a number behind a join is a further section and not the start of the description."""
        after = self.peek()
        clean = draft.code is not None or after is END or (after.kind == "mark" and after.text in _JOINS)
        if not coded:
            return clean or join == "/" or not has_target
        if join == "-":
            return clean and (draft.code is not None or self.may_lead(draft) or not has_target)
        return clean

    def may_lead(self, draft: _Draft) -> bool:
        """Whether the draft's number is that of an attempt or conspiracy section."""
        return draft.lead is None and not draft.letters and draft.number in self.leads

    def section(self) -> _Draft | None:
        """One section with its letters, subdivisions and code, or None where none begins here."""
        code = None
        if self.peek().kind == "word" and self.peek(1).kind == "number":
            code = self.grammar.codes.get(self.peek().text)
            if code is None:
                return None
            self.at += 1
        if self.peek().kind != "number":
            return None
        draft = self.number(self.peek().text)
        draft.code = code
        self.at += 1
        described = self.glued_run(draft)
        if not described:
            draft.subdivisions += self.groups(strict=True)
            if draft.subdivisions:
                described = self.glued_run(draft)
        if not described:
            self.damage()
            self.word_code(draft)
        return draft

    def number(self, text: str) -> _Draft:
        """A draft of the number, told apart from an attempt section that runs into it."""
        whole, _, rest = text.partition(".")
        if whole in self.leads and rest and self.grammar.default_code(rest) is not None:
            return _Draft(rest, lead=self.leads[whole])
        if whole.startswith("0") or "." in rest:
            raise _Unreadable
        if len(whole) > self.grammar.longest_number:
            for number, lead in self.leads.items():
                if whole.startswith(number) and self.grammar.default_code(text[len(number) :]) is not None:
                    return _Draft(text[len(number) :], lead=lead)
            raise _Unreadable
        return _Draft(text)

    def glued_run(self, draft: _Draft) -> bool:
        """Take letters that touch the number or its parentheses; True where they are description."""
        start = self.at
        while self.peek().kind in ("word", "number") and self.peek().glued:
            self.at += 1
        run = "".join(token.text for token in self.tokens[start : self.at])
        if not run:
            return False
        letters, code = self.split_run(run)
        if code is not None and draft.code is None:
            draft.code = code
        if letters and not draft.subdivisions and _LETTERS.fullmatch(letters) and letters not in _ORDINAL_ENDINGS:
            draft.letters = letters
            return False
        if not letters:
            return False
        if run.isalpha() and len(run) > 2:
            self.at = start
            return True
        unlisted = len(run) == self.grammar.unlisted_code_length and run.isalpha() and run not in _ORDINAL_ENDINGS
        if unlisted and self.ends_section():
            draft.code = draft.code or run
            return False
        raise _Unreadable

    def split_run(self, run: str) -> tuple[str, str | None]:
        """The letters of a run that belong to the number, and the code letters behind them."""
        if run in _ORDINAL_ENDINGS:
            return run, None
        if run in self.printed_codes or (run in self.grammar.codes and not run.isalpha()):
            return "", self.grammar.codes.get(run, run)
        for code in self.printed_codes:
            if run.endswith(code) and _LETTERS.fullmatch(run[: -len(code)]):
                return run[: -len(code)], code
        return run, None

    def groups(self, strict: bool) -> tuple[str, ...]:
        """Subdivisions in parentheses; a damaged one is unreadable, a remark in parentheses is left."""
        shape = _SUBDIVISION if strict else _PLAIN_SUBDIVISION
        found: list[str] = []
        while self.peek().text == "(":
            length = 3 if self.peek(2).kind in ("number", "word") else 2
            inner = "".join(self.peek(ahead).text for ahead in range(1, length))
            closed = self.peek(length).text == ")"
            if closed and shape.fullmatch(inner):
                found += [inner] if "." in inner else _ALTERNATION.findall(inner)
                self.at += length + 1
            elif strict and (self.peek().glued or (not closed and shape.fullmatch(self.peek(1).text))):
                raise _Unreadable
            else:
                break
        if len(found) > _MOST_SUBDIVISIONS:
            raise _Unreadable
        return tuple(found)

    def damage(self) -> None:
        """Refuse a number that goes on behind a point, or that another number follows."""
        token, after = self.peek(), self.peek(1)
        goes_on = token.text == "." and token.glued and after.glued and after.kind != "mark"
        if goes_on or (token.kind == "number" and len(token.text.partition(".")[0]) >= _SHORT_NUMBER):
            raise _Unreadable

    def ends_section(self, ahead: int = 0) -> bool:
        """Whether the text ends, or goes on behind a hyphen or slash."""
        return self.peek(ahead) is END or self.peek(ahead).text in ("-", "/")

    def word_code(self, draft: _Draft) -> None:
        """Take the code letters that stand as a word behind the section, and what follows them."""
        grammar = self.grammar
        if self.peek().kind != "word":
            return
        if draft.number in grammar.lettered and not (draft.letters or draft.subdivisions):
            self.apart(draft)
        token = self.peek()
        code = grammar.codes.get(token.text)
        if code is None:
            unlisted = token.kind == "word" and len(token.text) == grammar.unlisted_code_length
            if not (unlisted and draft.code is None and self.ends_section(1)):
                return
            code = token.text
        if draft.code not in (None, code):
            return
        draft.code = code
        self.at += 1
        if not draft.subdivisions and self.peek(1).text not in grammar.grade_letters:
            draft.subdivisions = self.groups(strict=False)

    def apart(self, draft: _Draft) -> None:
        """Take a subdivision that stands apart from its number: ``11357 B 2 HS``."""
        if len(self.peek().text) != 1:
            return
        length = 2 if self.peek(1).kind == "number" and len(self.peek(1).text) <= 2 else 1
        if self.peek(length).text in self.grammar.codes or self.ends_section(length):
            draft.letters = "".join(self.peek(ahead).text for ahead in range(length))
            self.at += length

    # Description and settling -----------------------------------------------------------------

    def description(self) -> tuple[bool, bool]:
        """Whether the words behind the sections say that it was an attempt, and a conspiracy."""
        grammar = self.grammar
        attempt = conspiracy = False
        segment: list[str] = []
        opening = True
        for index in range(self.at, len(self.tokens) + 1):
            token = self.tokens[index] if index < len(self.tokens) else END
            if token.kind in ("word", "number"):
                if opening:
                    attempt = token.text in grammar.attempt_openings
                    conspiracy = token.text in grammar.conspiracy_openings
                    opening = False
                segment.append(token.text)
            elif token is END or token.text in "-()":
                if len(segment) == 1:
                    attempt = attempt or segment[0] in grammar.attempt_words
                    conspiracy = conspiracy or segment[0] in grammar.conspiracy_words
                segment = []
        return attempt, conspiracy

    def settle(self, drafts: list[_Draft], raw: str, attempt: bool, conspiracy: bool) -> Statute | None:
        """Share out the codes and tell the offense from the sections that say how it was charged."""
        grammar = self.grammar
        owners = _owners(drafts)
        shared = {owner for owner, users in Counter(owners).items() if owner is not None and users > 1}
        leading = {i for i, draft in enumerate(drafts) if self.may_lead(draft) and self.leads_here(drafts, i, shared)}
        leads = {i: self.leads[drafts[i].number] for i in sorted(leading)}
        leads |= {i: draft.lead for i, draft in enumerate(drafts) if draft.lead is not None}
        attempt = attempt or any(lead in grammar.attempts for lead in leads.values())
        conspiracy = conspiracy or any(lead in grammar.conspiracies for lead in leads.values())
        lead_codes = {lead.code for lead in leads.values()}
        # Letters that an attempt or conspiracy section shares with its neighbor may be its own alone.
        unclear = {owners[i] for i in leads if drafts[i].lead is not None or owners[i] in shared}

        guessed = unsettled = False
        targets: list[Section] = []
        for index, draft in enumerate(drafts):
            if index in leading:
                continue
            owner = owners[index]
            code = None if owner is None else drafts[owner].code
            default = grammar.default_code(draft.number)
            if default is not None and (code is None or (code in lead_codes and owner in unclear)):
                guessed = guessed or code is None
                unsettled = unsettled or code not in (None, default)
                code = default
            targets.append(self.finished(draft, code))
        if not targets:
            # The record names no offense behind the attempt or conspiracy.
            targets = [Section(lead.code, lead.number, drafts[i].subdivisions) for i, lead in leads.items()]
        offense = targets[0]
        if offense.code is None and _whole(offense.number) < grammar.least_uncoded:
            return None
        marks = {
            CODE_GUESSED: guessed,
            CODE_UNCLEAR: unsettled,
            STACKED: len(targets) > 1,
            OLD_NUMBER: any(section.bare in grammar.old_numbers for section in targets),
            ATTEMPT: attempt,
            CONSPIRACY: conspiracy,
        }
        names = tuple(sorted(name for name, is_so in marks.items() if is_so))
        return Statute(offense, tuple(targets[1:]), attempt, conspiracy, names, raw)

    def leads_here(self, drafts: Sequence[_Draft], index: int, shared: set[int]) -> bool:
        """Whether a section of attempt or conspiracy is that, and not its number under another code."""
        own, lead = drafts[index].code, self.leads[drafts[index].number]
        if len(drafts) == 1:
            return own == lead.code
        return own in (None, lead.code) or index in shared

    def finished(self, draft: _Draft, code: str | None) -> Section:
        """The section of a draft under its code."""
        if draft.letters and draft.number in self.grammar.lettered:
            letters = tuple(_ALTERNATION.findall(draft.letters))
            section = Section(code, draft.number, letters + draft.subdivisions)
        else:
            section = Section(code, draft.number + draft.letters, draft.subdivisions)
        return self.grammar.settled(section)


def _owners(drafts: Sequence[_Draft]) -> list[int | None]:
    """For each section, the index of the one behind which its code letters are printed, or None."""
    owners: list[int | None] = [None] * len(drafts)
    owner: int | None = None
    for index in range(len(drafts) - 1, -1, -1):
        if drafts[index].code is not None:
            owner = index
        owners[index] = owner
    return owners


def _whole(number: str) -> int:
    digits = re.match(r"[0-9]+", number)
    return int(digits[0]) if digits else 0


def _is_thousands(number: str, after: str) -> bool:
    """Whether ``11,357`` may be one number that a spreadsheet has dressed."""
    return len(number) <= 3 and len(after.partition(".")[0]) == 3
