"""How a value of each type is written into a cell and read from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, ClassVar, Literal, get_args, get_origin

from clearslate.errors import did_you_mean
from clearslate.model import PartialDate, SentencePart
from clearslate.testing.cases import read_part
from clearslate.testing.sheets.cells import Cell, in_quotes, read_text, written
from clearslate.testing.sheets.plain import bare, inside, is_scalar

NOTHING = "(none)"
"""An empty list, where leaving the cell blank would say something else."""

_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_WHOLE_AS_FLOAT = re.compile(r"([+-]?[0-9]+)\.0+")
_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|[+-]?inf|nan")
_LIKE_A_NUMBER = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*")
_ITEM = re.compile(r'\s*("(?:\\.|[^"\\])*"|[^;"]*)\s*(?:;|$)', re.DOTALL)


class Kind:
    """Text; the others read and write something narrower."""

    takes: str = "text"
    typed: ClassVar[Literal["text", "number", "date", "truth"]] = "text"
    words: Sequence[str] = ()
    """The choices that there are, where they are few."""

    def write(self, value: Any) -> str:
        """The value as a cell shows it."""
        return written(value)

    def read(self, text: str) -> Any:
        """The value of a cell that is not blank, as TOML would give it; raise ValueError saying what it takes."""
        return read_text(text)

    def cell(self, value: Any) -> Cell:
        """The value as a cell."""
        return Cell(self.write(value), self.typed)

    def value(self, cell: Cell) -> Any:
        """The value of a cell; raise ValueError where the spreadsheet made something else of it."""
        if cell.problem is not None:
            raise ValueError(cell.problem)
        if cell.typed in ("date", "truth") and cell.typed != self.typed:
            what = {"date": "a date", "truth": "true or false"}[cell.typed]
            raise ValueError(f"the spreadsheet made {what} of it; format the cell as text and write it anew")
        return self.read(cell.text)

    def refused(self, text: str, hint: str = "") -> ValueError:
        """What is wrong with a cell that does not fit."""
        return ValueError(f"takes {self.takes}; [{text}] was given{hint}")


class Choice(Kind):
    """One of a few words."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.takes = ", ".join(words)

    def read(self, text: str) -> Any:
        """The word, whatever its case."""
        said = " ".join(text.lower().split())
        if said not in self.words:
            hint = did_you_mean(said, self.words)
            raise self.refused(text, "" if hint.startswith("; known") else hint)
        return said


class YesNo(Kind):
    """Yes or no."""

    takes = "yes or no"
    typed = "truth"
    words = ("yes", "no")

    def write(self, value: Any) -> str:
        """Yes or no."""
        return "yes" if value else "no"

    def read(self, text: str) -> Any:
        """The truth value."""
        if text.lower() not in _TRUTH:
            raise self.refused(text)
        return _TRUTH[text.lower()]


class Whole(Kind):
    """A whole number."""

    takes = "a whole number"
    typed = "number"

    def write(self, value: Any) -> str:
        """Its digits."""
        return str(value)

    def read(self, text: str) -> Any:
        """The number, also where a program wrote it with a point and zeros."""
        digits = _WHOLE_AS_FLOAT.sub(r"\1", text)
        if not _WHOLE.fullmatch(digits):
            raise self.refused(text)
        return int(digits)


class Day(Kind):
    """A day."""

    takes = "a day as 2001-05-31"
    typed = "date"

    def write(self, value: Any) -> str:
        """Year, month and day."""
        return str(value)

    def read(self, text: str) -> Any:
        """The day."""
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            raise self.refused(text, _rewritten(text))
        return day


class Dated(Kind):
    """A date as far as it is known."""

    takes = "a date as 2001-05-31, 2001-05 or 2001"
    typed = "date"

    def read(self, text: str) -> Any:
        """The date as a case file spells it."""
        said = _WHOLE_AS_FLOAT.sub(r"\1", text)
        try:
            return str(PartialDate.from_iso(said))
        except ValueError:
            raise self.refused(text, _rewritten(text)) from None


def _rewritten(text: str) -> str:
    if not any(c.isdigit() for c in text) or text.replace("-", "").isdigit():
        return ""
    return "; if the spreadsheet rewrote it, format the cell as text and write it anew"


class Part(Kind):
    """A part of a sentence."""

    takes = "a sentence as 180 day JAIL, 3 year PROBATION, ? JAIL or FINE"

    def read(self, text: str) -> Any:
        """The part as a case file spells it."""
        said = read_text(text)
        try:
            read_part(said)
        except ValueError:
            raise self.refused(text) from None
        return said


class Scalar(Kind):
    """Yes or no, a number, or text."""

    takes = "yes, no, a number, or text"

    def write(self, value: Any) -> str:
        """The value; a text that could be read as something else stands in quotes."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not isinstance(value, str):
            return repr(value)
        other = value.lower() in _TRUTH or _NUMBER.fullmatch(value) or _LIKE_A_NUMBER.fullmatch(value)
        return in_quotes(value) if other else written(value)

    def read(self, text: str) -> Any:
        """The value, of the type that it looks like."""
        if text.lower() in _TRUTH:
            return _TRUTH[text.lower()]
        if _NUMBER.fullmatch(text):
            return int(text) if _WHOLE.fullmatch(text) else float(text)
        if _LIKE_A_NUMBER.fullmatch(text):
            raise ValueError(f"a number has digits and at most one point; [{text}] was given")
        return read_text(text)

    def cell(self, value: Any) -> Cell:
        """The value as a cell."""
        return Cell(self.write(value), "text" if isinstance(value, bool | str) else "number")

    def value(self, cell: Cell) -> Any:
        """The value of a cell, also of one that holds true or false."""
        return super().value(cell._replace(typed="text") if cell.typed == "truth" else cell)


class Several(Kind):
    """A list, its items set apart by semicolons."""

    def __init__(self, of: Kind) -> None:
        self.of = of
        self.takes = f"{of.takes}; several are set apart by semicolons"

    def write(self, value: Any) -> str:
        """The items."""
        return "; ".join(self._item(one) for one in value) or NOTHING

    def _item(self, one: Any) -> str:
        item = self.of.write(one)
        return in_quotes(one) if item == NOTHING or (not item.startswith('"') and set(item) & set(';"')) else item

    def read(self, text: str) -> Any:
        """The items; one in quotation marks may hold semicolons."""
        if text == NOTHING:
            return []
        found: list[str] = []
        at = 0
        while at < len(text):
            match = _ITEM.match(text, at)
            if match is None:
                raise ValueError(
                    f"a quotation mark stands alone; several are set apart by semicolons; [{text}] was given"
                )
            found.append(match[1].strip())
            at = match.end()
        # A semicolon too many sets nothing apart.
        return [self.of.read(item) for item in found if item]


def kind_of(annotation: Any) -> Kind:
    """How a field of this type is written; raise TypeError where no cell can hold it."""
    made = bare(annotation)
    known = {str: Kind, bool: YesNo, int: Whole, dt.date: Day, PartialDate: Dated, SentencePart: Part}
    if made in known:
        return known[made]()
    if get_origin(made) is Literal:
        return Choice([str(word) for word in get_args(made)])
    if is_scalar(made):
        return Scalar()
    if get_origin(made) is list:
        return Several(kind_of(inside(made)))
    raise TypeError(f"no cell holds a [{made}]; teach clearslate.testing.sheets.kinds to write it")
