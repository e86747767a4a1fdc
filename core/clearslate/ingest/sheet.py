"""A small CSV table that somebody filled in: its header and its rows, read whole."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clearslate.errors import InputError
from clearslate.ingest.cells import unneutral

_LARGEST = 64 << 20
_DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4}))", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A table by base name and SHA-256, with its headings as they stand and the lines below them."""

    name: str
    sha256: str
    header: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    def rows(self) -> Iterator[tuple[int, list[str] | None]]:
        """Each row that is not blank with its number from 1; None for one of another length than the header."""
        for number, cells in enumerate(self.lines, 1):
            if any(cell.strip() for cell in cells):
                fits = len(cells) == len(self.header)
                yield number, [unneutral(cell).strip() for cell in cells] if fits else None


def read_sheet(path: Path) -> Sheet:
    """Read a table from a CSV file. Raises InputError naming the file."""
    name = path.name
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"table [{name}] is not UTF-8; save it as CSV UTF-8") from error
    except OSError as error:
        raise InputError(f"table [{name}] cannot be read; check the path") from error
    if len(data) > _LARGEST:
        raise InputError(f"table [{name}] is too large; split it")
    try:
        lines = [tuple(cells) for cells in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as error:
        # A quote that is not closed swallows rows: which ones, nobody can tell.
        raise InputError(f"table [{name}] is not CSV ({error}); save it as CSV again") from error
    if not lines:
        raise InputError(f"table [{name}] is empty; its first line names the columns")
    return Sheet(name, hashlib.sha256(data).hexdigest(), lines[0], tuple(lines[1:]))


def day_typed(text: str) -> dt.date | None:
    """A day as it is written here or in American courts; None where it is none."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day, us_month, us_day, us_year = match.groups()
    try:
        return dt.date(int(year or us_year), int(month or us_month), int(day or us_day))
    except ValueError:
        return None
