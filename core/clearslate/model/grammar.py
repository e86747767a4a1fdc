"""How one jurisdiction's records print statutes.

The text is cut into numbers, words and marks, and read from its front; what stands behind the
sections is description and decides nothing, save that it may say that the charge is an attempt
or a conspiracy. Reading never raises and takes time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from clearslate.model.printed import (
    ATTEMPT,
    CODE_GUESSED,
    CODE_UNCLEAR,
    CONSPIRACY,
    END,
    OLD_NUMBER,
    STACKED,
    Printed,
    Token,
    tokens_of,
)
from clearslate.model.statute import Section, Statute

__all__ = ["ATTEMPT", "CODE_GUESSED", "CODE_UNCLEAR", "CONSPIRACY", "OLD_NUMBER", "STACKED", "Grammar", "NumberRange"]


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Whole section numbers from ``first`` to ``last`` (decimals of the last included) of one code."""

    code: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one jurisdiction's records print statutes.

    ``codes`` gives the code for each way to print its letters. A word of ``unlisted_code_length``
    letters that ends the section (before a hyphen or the end) is taken for code letters too, as
    printed, so that letters nobody listed never pass for missing ones. A number printed without
    code letters takes the code of the range of ``default_codes`` that holds it (mark
    CODE_GUESSED), else its code is None; one below ``least_uncoded`` is not read as a statute.

    ``attempts`` and ``conspiracies`` are the sections that are printed beside the offense to say
    so, before or behind it, also run together with a number of ``default_codes`` (``664.11357``,
    ``66411357``). ``attempt_words`` and ``conspiracy_words`` say it when they stand alone between
    hyphens or before the number, the ``_openings`` also when they begin the description.

    Code letters printed once behind several sections belong to them all, with one exception: if
    they are the letters of an attempt or conspiracy section printed without its own, a number of
    ``default_codes`` beside it keeps the code of its range (mark CODE_UNCLEAR), because the
    letters do not tell whether they speak for it. A code printed for a section alone is kept,
    right or wrong.

    ``lettered`` are the numbers behind which letters without parentheses are subdivisions; behind
    any other they belong to the number. ``renumbered`` gives the section for a printed notation;
    ``old_numbers`` are sections of a repealed numbering (mark OLD_NUMBER). ``longest_number`` is
    the most digits before a decimal point. ``grade_letters`` in parentheses behind the code state
    a grade, not a subdivision. ``lead_ins`` (and ``numbered_lead_ins``, which a small number
    follows) may stand before the charge in a comment.
    """

    codes: Mapping[str, str]
    attempts: frozenset[Section] = frozenset()
    attempt_words: frozenset[str] = frozenset()
    attempt_openings: frozenset[str] = frozenset()
    conspiracies: frozenset[Section] = frozenset()
    conspiracy_words: frozenset[str] = frozenset()
    conspiracy_openings: frozenset[str] = frozenset()
    default_codes: tuple[NumberRange, ...] = ()
    lettered: frozenset[str] = frozenset()
    renumbered: Mapping[Section, Section] = field(default_factory=lambda: MappingProxyType({}))
    old_numbers: frozenset[Section] = frozenset()
    lead_ins: frozenset[str] = frozenset()
    numbered_lead_ins: frozenset[str] = frozenset()
    grade_letters: frozenset[str] = frozenset()
    unlisted_code_length: int | None = None
    longest_number: int = 6
    least_uncoded: int = 0

    def parse(self, text: str) -> Statute | None:
        """Read a statute from the front of a printed offense; None where it cannot be read."""
        return Printed(self, tokens_of(text)).statute(text)

    def parse_comment(self, text: str) -> Statute | None:
        """Read a statute from the front of a comment, past the words that lead in to a charge."""
        tokens = tokens_of(text)
        return Printed(self, tokens[self._behind_lead_in(tokens) :]).statute(text)

    def default_code(self, number: str) -> str | None:
        """The code of the range that holds ``number``, or None."""
        whole = number.partition(".")[0]
        if not whole.isdigit() or len(whole) > self.longest_number:
            return None
        value = int(whole)
        return next((span.code for span in self.default_codes if span.first <= value <= span.last), None)

    def settled(self, section: Section) -> Section:
        """The section that a renumbered notation stands for, or the section itself."""
        target = self.renumbered.get(section.bare)
        if target is None:
            return section
        return Section(target.code, target.number, target.subdivisions + section.subdivisions)

    def _behind_lead_in(self, tokens: Sequence[Token]) -> int:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            after = tokens[index + 1] if index + 1 < len(tokens) else END
            if token.kind == "word" and token.text in self.numbered_lead_ins:
                index += 2 if after.kind == "number" and len(after.text) <= 2 else 1
            elif (token.kind == "word" and token.text in self.lead_ins) or (token.kind == "mark" and token.text != "("):
                index += 1
            else:
                break
        return index
