"""Where people live, as the office found it: a CSV file, because no criminal history says it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from unicodedata import combining, normalize

from clearslate.errors import InputError, did_you_mean
from clearslate.ingest.cells import unneutral
from clearslate.model import Record
from clearslate.policy.load import base_name

LINES = ("address_1", "address_2", "address_3", "address_4")
COLUMNS = ("person_id", "name", *LINES, "postal_code", "language")
"""The columns, in any order; the first three are needed."""

_NEEDED = COLUMNS[:3]
_LARGEST = 64 << 20
_POSTAL = re.compile(r"(?<![0-9A-Za-z-])([0-9]{5}(?:-[0-9]{4})?)$")


_WORD = re.compile(r"[^\W_]+")
_SINGLE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼ`´"))
_SMALL = frozenset(
    {"bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "las", "le", "los"}
).union({"mac", "mc", "san", "santa", "st", "van", "von", "jr", "sr", "ii", "iii", "iv"})
"""Words that many surnames have, or that stand behind one: by them alone no name is known."""


class Address(Record, frozen=True):
    """A person's name and address as they stand on the envelope; ``language`` is None where none is asked for."""

    person_id: str
    name: str
    lines: tuple[str, ...]
    postal_code: str
    language: str | None

    @property
    def in_mailing_order(self) -> tuple[bool, str, tuple[str, ...], str, str]:
        """What letters are sorted by: the postal code, blank ones last, then the place, the street and the name."""
        return not self.postal_code, self.postal_code, self.lines[::-1], self.name, self.person_id


def read_addresses(path: Path) -> Mapping[str, Address]:
    """The addresses by person. Raises InputError naming file, row and column, and nothing of what stands there."""
    name = base_name(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"address file [{name}] is not UTF-8; save it as CSV UTF-8") from error
    except OSError as error:
        raise InputError(f"address file [{name}] cannot be read; check the path") from error
    if len(data) > _LARGEST:
        raise InputError(f"address file [{name}] is too large; leave out who gets no letter")
    return addresses_of(text, name)


def addresses_of(text: str, name: str = "addresses.csv") -> Mapping[str, Address]:
    """The addresses that a table's text holds, by person. Raises InputError naming file, row and column."""
    found: dict[str, Address] = {}
    for row, cells in _rows(text, name):
        address = _address(cells, row, name)
        if address.person_id in found:
            raise InputError(f"address file [{name}], row [{row}]: the person stands in it twice; keep one")
        found[address.person_id] = address
    return found


def _rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"address file [{name}] is not CSV ({error}); save it as CSV again") from error
    columns = [cell.strip().lower() for cell in table[0]] if table else []
    for column in columns:
        if column not in COLUMNS:
            # A file without a header has a person in its first row, which is not shown.
            shown = f" [{column}]" if did_you_mean(column, COLUMNS).startswith("; did") else ""
            raise InputError(f"address file [{name}] has an unknown column{shown}{did_you_mean(column, COLUMNS)}")
    for column in _NEEDED:
        if column not in columns:
            raise InputError(f"address file [{name}] lacks the column [{column}]; its columns are {', '.join(COLUMNS)}")
    if len(set(columns)) != len(columns):
        raise InputError(f"address file [{name}] names a column twice; keep one")
    for row, cells in enumerate(table[1:], 1):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise InputError(
                f"address file [{name}], row [{row}]: has {len(cells)} cells where the header has {len(columns)}"
            )
        yield (
            row,
            {column: normalize("NFC", unneutral(cell).strip()) for column, cell in zip(columns, cells, strict=True)},
        )


def _address(cells: Mapping[str, str], row: int, name: str) -> Address:
    for column in ("person_id", "name"):
        if not cells[column]:
            raise InputError(
                f"address file [{name}], row [{row}]: column [{column}] is blank; fill it, or drop the row"
            )
    for column, cell in cells.items():
        if any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in cell):
            raise InputError(
                f"address file [{name}], row [{row}]: column [{column}] has a line break, or a sign that does not "
                "print; take it out"
            )
    lines = tuple([cells[column] for column in LINES if cells.get(column)])
    match = _POSTAL.search(lines[-1]) if lines else None
    postal = cells.get("postal_code", "") or (match[1] if match else "")
    return Address(cells["person_id"], cells["name"], lines, postal, cells.get("language", "").lower() or None)


def is_named(name: str, names: Iterable[str]) -> bool:
    """Whether a name on an envelope may be that of whom a record names so.

    A surname and a given name, or its initial, agree with one of the record's names. Case, accents and order do not
    count.
    """
    said = _words(name)
    return any(_agree(said, printed) for printed in names)


def _agree(said: Sequence[str], printed: str) -> bool:
    before, comma, behind = printed.partition(",")
    if comma:
        return _are_of(said, _words(before), _words(behind))
    # Without a comma the record does not say which word is the surname: any may be.
    words = _words(printed)
    if len(words) < 2:
        return bool(words) and list(said) == words
    return any(_are_of(said, [word], [*words[:place], *words[place + 1 :]]) for place, word in enumerate(words))


def _are_of(said: Sequence[str], surname: Sequence[str], given: Sequence[str]) -> bool:
    return any(_share(rest, given) for rest in _without(said, surname))


def _without(said: Sequence[str], surname: Sequence[str]) -> Iterator[list[str]]:
    """What is left of a name, wherever a surname stands in it: a word of it, or the whole, together or apart."""
    telling = {word for word in surname if len(word) > 1 and word not in _SMALL}
    whole = "".join(surname)
    for start in range(len(said)):
        for end in range(start + 1, len(said) + 1):
            piece = said[start:end]
            if (end == start + 1 and piece[0] in telling) or "".join(piece) == whole:
                yield [*said[:start], *said[end:]]


def _share(said: Sequence[str], given: Sequence[str]) -> bool:
    """Whether a given name agrees: any that is whole, or the first where one of the two is no more than an initial."""
    said, given = _telling(said), _telling(given)
    if not said or not given:
        return False
    first, other = said[0], given[0]
    if 1 in (len(first), len(other)) and first[0] == other[0]:
        return True
    return any(len(one) > 1 and one in given for one in said)


def _telling(words: Sequence[str]) -> Sequence[str]:
    return [word for word in words if word not in _SMALL] or words


def _words(name: str) -> list[str]:
    """The words of a name without case, accents and apostrophes."""
    plain = "".join(sign for sign in normalize("NFKD", name.casefold().translate(_SINGLE)) if not combining(sign))
    return _WORD.findall(plain.translate(_APOSTROPHES))
