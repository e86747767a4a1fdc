"""The text of a spreadsheet's cell, and what a spreadsheet would make of it."""

from __future__ import annotations

import json
import re
from typing import Literal, NamedTuple

from clearslate.ingest.cells import neutral

LONGEST = 32_767
"""The most characters that a spreadsheet's cell holds."""

MOST_BYTES = 32 << 20
"""The most that a sheet may hold, a workbook once it is unpacked; a thousand cases take a tenth of it."""

_WORD = re.compile(r"[^\W\d_]+")
_OF_DATES_AND_NUMBERS = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "a",
        "am",
        "p",
        "pm",
        "e",
        "d",
    ]
)
_LETTER_OF_AN_ID = frozenset(["a", "am", "p", "pm", "e", "d"])
_SPELLED = re.compile(r"_x[0-9A-Fa-f]{4}_")


class Cell(NamedTuple):
    """A cell's text, what the spreadsheet keeps it as, and why it cannot be read, where it cannot."""

    text: str
    typed: Literal["text", "number", "date", "truth"] = "text"
    problem: str | None = None


BLANK = Cell("")


def would_change(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV would run the text, or make a number, a date or a truth value of it.

    Some that it would leave alone may be named; none that it would change is left out.
    """
    if neutral(text) != text or text.strip().lower() in ("true", "false"):
        return True
    if not any(c.isdigit() for c in text):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    if text[0].isalpha() and words[0] in _LETTER_OF_AN_ID:
        # A53 is no number and no time; 53 A would be.
        return False
    return all(word in _OF_DATES_AND_NUMBERS or not word.isascii() for word in words)


def protected(cell: Cell) -> str:
    """The cell as CSV may hold it: an apostrophe before whatever a spreadsheet would change."""
    counts = cell.typed == "number" and cell.text.isdecimal() and len(cell.text) <= 15
    return f"'{cell.text}" if would_change(cell.text) and not counts else cell.text


def unprotected(text: str) -> str:
    """The cell that :func:`protected` was given; an apostrophe before other text stays."""
    return text[1:] if text.startswith("'") and would_change(text[1:]) else text


def written(text: str) -> str:
    """A text as a cell shows it: as it is, or in quotes with what cannot be seen or kept spelled out."""
    plain = (
        text != ""
        and text == text.strip()
        and text[0] not in "\"'"
        and all(c.isprintable() or c == "\n" for c in text)
        and _SPELLED.search(text) is None
    )
    return text if plain else in_quotes(text)


def in_quotes(text: str) -> str:
    """The text in quotation marks, as JSON has it."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else json.dumps(c)[1:-1] for c in text)
    # A workbook has a way of its own to spell a character, which must not be read into the text.
    return f'"{_SPELLED.sub(lambda found: f"{chr(92)}u005f{found[0][1:]}", escaped)}"'


def read_text(cell: str) -> str:
    """The text that :func:`written` was given; raise ValueError where quotation marks do not fit."""
    if not cell.startswith('"'):
        return cell
    try:
        text = str(json.loads(cell, strict=False))
        text.encode()
    except ValueError as error:
        raise ValueError(
            f'what begins with a quotation mark ends with one, and has \\" for one within; [{cell}] was given'
        ) from error
    return text
