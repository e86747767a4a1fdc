"""The first line of a file: whether it is a header, and what tells that the file is no text of ours."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from clearslate.errors import InputError
from clearslate.ingest.lines import cells_of, fields_of
from clearslate.ingest.source import HEAD

_SAVE = "save it as comma-separated UTF-8 text"
_OTHER_FORMATS = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    # The mark of UTF-32 begins with that of UTF-16.
    b"\xff\xfe\x00\x00": "UTF-32 text",
    b"\x00\x00\xfe\xff": "UTF-32 text",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_UNMARKED = (("UTF-32", 4, (0, 3)), ("UTF-16", 2, (0, 1)))
_SEPARATORS = re.compile(r"[\s_-]+")


def refuse_other_formats(name: str, start: bytes) -> None:
    """Raise InputError where the start of a file is that of a workbook or of text in another encoding."""
    for magic, what in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise InputError(f"[{name}] is {what}; {_SAVE}")


def refuse_other_text(name: str, line: bytes, width: int) -> None:
    """Raise InputError where the first line is text in another encoding, or holds all rows of the file."""
    head = line[:1024]
    for what, size, letters in _UNMARKED:
        for letter in letters:
            blank = [head[place::size] for place in range(size) if place != letter]
            if len(head) >= 4 * size and all(part.count(0) * 5 > len(part) * 4 for part in blank):
                raise InputError(f"[{name}] is {what} text without a byte-order mark; {_SAVE}")
    first, _, rest = line[:HEAD].partition(b"\r")
    second = rest.partition(b"\r")[0]
    if fields_of(first) in (width, width + 1) and fields_of(second) * 2 >= width:
        raise InputError(
            f"[{name}] ends its lines with a carriage return only, as old Macs did; "
            "save it with line ends of Windows (CR LF) or Unix (LF)"
        )


def is_header(name: str, line: bytes, columns: Sequence[str], first: str) -> bool:
    """Whether a line names the columns: its first cell is ``first``, or it has half of their names.

    Letter case, and what stands between the words of a name, make no difference. Raises InputError
    for a header with a name that is unknown or misplaced.
    """
    cells = [cell.strip() for cell in cells_of(line)]
    names = [plain_name(cell) for cell in cells]
    expected = {plain_name(column): place for place, column in enumerate(columns)}
    if names[0] != plain_name(first) and 2 * len(set(names) & set(expected)) < len(columns):
        return False
    for place, (cell, plain) in enumerate(zip(cells, names, strict=True)):
        if not cell and place == len(columns) and len(cells) == place + 1:
            continue
        wanted = expected.get(plain)
        if wanted is None:
            near = difflib.get_close_matches(plain, list(expected), 1)
            meant = f"did you mean [{columns[expected[near[0]]]}]? " if near else ""
            raise InputError(
                f"[{name}] has an unknown column [{cell[:60]}] in place {place + 1} of its header; {meant}"
                "check the header against the format, and --format"
            )
        if wanted != place:
            raise InputError(
                f"[{name}] has column [{cell}] in place {place + 1} of its header where the format "
                f"has it in place {wanted + 1}; check that the columns are complete and in order"
            )
    return True


def plain_name(name: str) -> str:
    """A column's name without what makes no difference: letter case, and what stands between its words."""
    return _SEPARATORS.sub("_", name.strip().upper())
