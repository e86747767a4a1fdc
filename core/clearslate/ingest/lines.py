"""Damaged text read line by line: which physical lines make a row, and what is wrong with the others."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from clearslate.ingest.cells import as_row
from clearslate.ingest.source import HEAD, LONGEST_LINE

FIELD_COUNT = "field count"
BROKEN_QUOTE = "broken quote"
UNDECODABLE = "undecodable byte"
LINE_TOO_LONG = "line too long"

TOO_LONG = f"more than {LONGEST_LINE} bytes"
BLANK = b" \t\r\n\x1a"
"""Bytes that a line without a row may hold; DOS tools end a text with 0x1A."""

LONGEST_ROW = 50
"""How many physical lines a row may run over."""

# Stands for a carriage return within a line, which the csv module takes for a line end. The text is
# decoded as Latin-1 then, so that it cannot hold this character itself.
_RETURN = "\ue000"
_BETWEEN = re.compile(r'[,"\r\n]')
_OPEN = "a quote opens in this line and the row does not end"


class Broken(NamedTuple):
    """A row that cannot be used: its number and line from 0, the keys still found in it, its bytes in what was read."""

    ordinal: int
    line: int
    problem: str
    detail: str
    key: str | None
    identifier: str | None
    begin: int = 0
    length: int = 0

    def __repr__(self) -> str:
        return f"<Broken {self.ordinal}: {self.problem}>"


@dataclass(frozen=True, slots=True)
class Shape:
    """How many fields a row has, and in which of them the two keys stand."""

    width: int
    person: int
    identifier: int


@dataclass(slots=True)
class Lines:
    """What was read: for each good row its UTF-8 text without line ending, its bytes, number and line.

    ``wide`` says which of them had one more field, empty, behind a trailing comma.
    ``begins`` and ``ends`` are offsets in the bytes given, line ending included. ``used`` is
    where reading stopped: before a row that may go on beyond the bytes given.
    """

    texts: list[bytes] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    wide: list[bool] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    rows: int = 0
    physical: int = 0
    used: int = 0
    latin: bool = False
    utf8: bool = False


def _cells(text: str) -> tuple[list[str], bool]:
    """The fields of a line or of several, and whether a quote is still open at its end."""
    reader = csv.reader(iter((text.replace("\r", _RETURN), "")))
    cells = next(reader, [])
    # An open quote makes the reader ask for a further line.
    return cells, reader.line_num > 1


def _measure(body: bytes) -> tuple[int, bool, bool]:
    """How many fields, whether the last is empty, whether a quote is open at the end."""
    if b'"' not in body:
        return body.count(b",") + 1, body.endswith(b","), False
    cells, is_open = _cells(body.decode("latin-1"))
    return len(cells), not cells[-1], is_open


def fields_of(line: bytes) -> int:
    """How many fields a physical line has, taken by itself."""
    return _measure(_body(line.removesuffix(b"\n")))[0]


def is_closed(line: bytes) -> bool:
    """Whether no quote is open at the end of a physical line, taken by itself."""
    return not _measure(_body(line.removesuffix(b"\n")))[2]


def cells_of(body: bytes) -> list[str]:
    """The fields of a row or of what is left of one."""
    text, _ = decode(body)
    if text is None:
        text = body.decode("latin-1")
    return [cell.replace(_RETURN, "\r") for cell in _cells(text)[0]] or [""]


def parts_of(body: bytes) -> list[str]:
    """Whatever stands between commas, quotes and line ends in a row whose fields cannot be told apart, not blank."""
    text, _ = decode(body)
    if text is None:
        text = body.decode("latin-1")
    found = (part.strip() for part in _BETWEEN.split(text))
    return list(dict.fromkeys(part for part in found if part))


def decode(body: bytes) -> tuple[str | None, bool]:
    """The text of a row, and whether it is Latin-1; no text where it is in neither encoding.

    A NUL, and a C1 control in what is not UTF-8, show that the bytes are no text of ours.
    """
    try:
        text, latin = body.decode("utf-8"), False
    except UnicodeDecodeError:
        text, latin = body.decode("latin-1"), True
    return (None if bad_byte(body, latin) is not None else text), latin


def bad_byte(body: bytes, latin: bool) -> int | None:
    """The offset of the first byte that no text has, or None."""
    nul = body.find(b"\0")
    if not latin:
        return nul if nul >= 0 else None
    return next((at for at, byte in enumerate(body) if byte == 0 or 0x80 <= byte < 0xA0), None)


def trimmed(body: bytes, width: int) -> bytes:
    """The row without the empty field that a trailing comma adds; ``width`` is how many it has then."""
    if body.endswith(b","):
        return body[:-1]
    assert body.endswith(b',""'), f"the empty field after {width} is a comma, or a comma and two quotes"
    return body[:-3]


def _body(piece: bytes) -> bytes:
    return piece[:-1] if piece.endswith(b"\r") else piece


def keys_of(body: bytes, shape: Shape, *, whole: bool) -> tuple[str | None, str | None]:
    """The person's key and identifier as far as they stand in what is left of a row.

    The last field of a row that is not whole may itself be cut, and is never taken.
    """
    cells = cells_of(body[:HEAD])
    reach = len(cells) if whole else len(cells) - 1
    key, identifier = (cells[column].strip() if column < reach else None for column in (shape.person, shape.identifier))
    return key, identifier


def read_lines(data: bytes, shape: Shape, *, final: bool) -> Lines:
    """Read text that begins with a row, physical line by physical line.

    Lines are joined only while a quote is open. Where that does not lead to a row (the next line
    is a row by itself, the fields do not add up, it goes on for too long), the first of them is
    broken and reading goes on with the second. Unless ``final``, a row that is still open at the
    end is left for when more is known.
    """
    found = Lines()
    pieces = data.split(b"\n")
    whole = len(data)
    if pieces[-1] == b"":
        pieces.pop()
    begin = 0
    at = 0
    while at < len(pieces):
        end = min(begin + len(pieces[at]) + 1, whole)
        broken = len(found.broken)
        taken = _read_row(pieces, at, shape, found, final=final)
        if taken is None:
            break
        for further in range(at + 1, at + taken):
            end = min(end + len(pieces[further]) + 1, whole)
        if len(found.texts) > len(found.begins):
            found.begins.append(begin)
            found.ends.append(end)
        elif len(found.broken) > broken:
            found.broken[-1] = found.broken[-1]._replace(begin=begin, length=end - begin)
        begin, at = end, at + taken
    found.physical = at
    found.used = begin
    return found


def _read_row(pieces: Sequence[bytes], at: int, shape: Shape, found: Lines, *, final: bool) -> int | None:
    """Read what begins at a line; give how many lines it took, or None where more must be known."""
    if not pieces[at].strip(BLANK):
        return 1
    body = _body(pieces[at])
    if len(body) > LONGEST_LINE:
        _reject(found, at, body, shape, LINE_TOO_LONG, TOO_LONG)
        return 1
    fields, empty_last, is_open = _measure(body)
    taken = 1
    if is_open:
        closing = _closing(pieces, at, shape, final=final)
        if closing is None:
            return None
        if closing == at:
            _reject(found, at, body, shape, BROKEN_QUOTE, _OPEN)
            return 1
        taken = closing - at + 1
        body = _body(b"\n".join(pieces[at : closing + 1]))
        fields, empty_last, _ = _measure(body)
    if not _fits(fields, empty_last, shape):
        _reject(found, at, body, shape, FIELD_COUNT, f"{fields} fields, {shape.width} expected")
        return 1
    _accept(found, at, body, shape, fields)
    return taken


def _fits(fields: int, empty_last: bool, shape: Shape) -> bool:
    return fields == shape.width or (fields == shape.width + 1 and empty_last)


def _closing(pieces: Sequence[bytes], at: int, shape: Shape, *, final: bool) -> int | None:
    """The line in which a row with an open quote ends; ``at`` if it does not, None if that is not known yet."""
    length = len(pieces[at])
    for further in count(at + 1):
        if further - at >= LONGEST_ROW:
            return at
        if further >= len(pieces):
            return at if final else None
        piece = pieces[further]
        length += 1 + len(piece)
        if length > LONGEST_LINE:
            return at
        fields, empty_last, is_open = _measure(_body(piece))
        if not is_open and _fits(fields, empty_last, shape):
            return at
        if b'"' in piece:
            fields, empty_last, is_open = _measure(_body(b"\n".join(pieces[at : further + 1])))
            if not is_open:
                return further if _fits(fields, empty_last, shape) else at
    raise AssertionError("the loop ends within the longest row")


def _accept(found: Lines, at: int, body: bytes, shape: Shape, fields: int) -> None:
    text, latin = decode(body)
    if text is None:
        offset = bad_byte(body, latin)
        assert offset is not None
        _reject(found, at, body, shape, UNDECODABLE, f"byte 0x{body[offset]:02X} at offset {offset} of the row", True)
        return
    found.latin = found.latin or latin
    found.utf8 = found.utf8 or not (latin or body.isascii())
    kept = trimmed(body, shape.width) if fields > shape.width else body
    if b"\r" in kept:
        # A reader of the output would take it for a line end unless it stands in quotes.
        kept = as_row(cells_of(kept)).encode()
    elif latin:
        kept = kept.decode("latin-1").encode()
    found.texts.append(kept)
    found.wide.append(fields > shape.width)
    found.ordinals.append(found.rows)
    found.lines.append(at)
    found.rows += 1


def _reject(found: Lines, at: int, body: bytes, shape: Shape, problem: str, detail: str, whole: bool = False) -> None:
    key, identifier = keys_of(body, shape, whole=whole)
    found.broken.append(Broken(found.rows, at, problem, detail, key, identifier))
    found.rows += 1
