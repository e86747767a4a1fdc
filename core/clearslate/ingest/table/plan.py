"""A mapping made ready to read rows: for each fact, the cells that it stands in and what these mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from clearslate.ingest.table import words
from clearslate.ingest.table.dates import UNREADABLE
from clearslate.ingest.table.fields import Meaning, listed
from clearslate.ingest.table.mapping import TableMapping
from clearslate.ingest.table.schema import Cells
from clearslate.model import Disposition, Grade, Relief, Statute
from clearslate.model.sentence import Unit
from clearslate.policy.reform import ReadStatute

T = TypeVar("T")

NO_RELIEF = "none"
"""What a table says of a conviction that had no relief."""

_REMEMBERED = 1 << 16


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """Where one part of a sentence stands: its length, its unit and its kind."""

    length: str
    unit: Cells | None
    kind: Cells | None


class Plan:
    """What the columns of a table mean, for one reform's way to print statutes, or none."""

    def __init__(self, mapping: TableMapping, read_statute: ReadStatute | None) -> None:
        table, blank = mapping.table, lru_cache(_REMEMBERED)(mapping.is_blank)
        values = table.values
        self.mapping = mapping
        self.charge = table.charge
        self.person = table.person
        self.is_blank: Callable[[str], bool] = blank
        self._read_statute = lru_cache(_REMEMBERED)(read_statute or (lambda _: None))
        self.reads_statutes = read_statute is not None
        grades = {grade.value: grade for grade in Grade}
        endings = {ending.value: ending for ending in Disposition}
        self.grade: Meaning[Grade] = listed(_named(values.grade, grades), blank, grades)
        self.disposition: Meaning[Disposition] = listed(_named(values.disposition, endings), blank, endings)
        self.relieved: Meaning[Relief | str] = listed(
            {word: NO_RELIEF if kind == NO_RELIEF else Relief[kind.upper()] for word, kind in values.relieved.items()},
            blank,
        )
        self.deceased: Meaning[str] = listed(values.deceased, blank, words.YES_NO)
        self.yes_no: Meaning[str] = listed(values.yes_no, blank, words.YES_NO)
        self.units: Mapping[str, Unit] = {**words.UNITS, **{words.plain(k): v for k, v in values.unit.items()}}
        self.no_time = words.NO_TIME | {words.plain(word) for word in values.takes_no_time}
        self.offense_class = self._as_listed(values.offense_class, str.strip)
        self.ended = self._as_listed(values.ended, str.strip)
        self.county = self._as_listed(values.county, _county, _county)
        self.time = lru_cache(_REMEMBERED)(self._time)
        self.parts = [Part(one.length, one.unit, one.kind) for one in table.charge.sentence]

    def _as_listed(
        self, table: Mapping[str, str], form: Callable[[str], str], of_table: Callable[[str], str] = str.strip
    ) -> Meaning[str]:
        """By the table where there is one, else as printed."""
        if table:
            return listed({word: of_table(value) for word, value in table.items()}, self.is_blank)
        return lambda text: (None if self.is_blank(text) else form(text), False)

    def printed(self, text: str) -> tuple[str | None, bool]:
        """A cell as it is printed."""
        return None if self.is_blank(text) else text.strip(), False

    def statute(self, text: str) -> tuple[Statute | None, bool]:
        """The statute that a text prints, and whether it prints something that cannot be read."""
        if self.is_blank(text):
            return None, False
        statute = self._read_statute(text.strip())
        return statute, statute is None

    def day(self, column: str) -> Meaning[int]:
        """The day numbers of a column of dates."""
        forms = self.mapping.dates[column]

        def meaning(text: str) -> tuple[int | None, bool]:
            number = forms.number(text)
            return (number if number > 0 else None), number == UNREADABLE

        return meaning

    def fact(self, kind: str) -> Meaning[bool | int | float]:
        """The meaning of a fact's cells."""
        if kind == "number":

            def number(text: str) -> tuple[bool | int | float | None, bool]:
                value = words.number(text)
                return value, value is None and not self.is_blank(text)

            return number

        def yes_no(text: str) -> tuple[bool | int | float | None, bool]:
            value, odd = self.yes_no(text)
            return (None if value is None else value == "yes"), odd

        return yes_no

    def _time(self, length: str, unit: str | None) -> tuple[int | None, Unit | None]:
        """The length and unit of a sentence part; a unit behind the number must not contradict one of its own."""
        found = words.length(length)
        if found is None:
            return None, None
        number, behind = found
        own = None if unit is None or self.is_blank(unit) else self.units.get(words.plain(unit))
        said = None if behind is None else self.units.get(behind)
        if behind is not None and (said is None or (unit is not None and own != said)):
            return None, None
        return number, said or own

    def takes_no_time(self, kind: str) -> bool:
        """Whether a sentence of this kind takes no time."""
        return words.plain(kind) in self.no_time


def _county(text: str) -> str:
    return " ".join(text.upper().split())


def _named(table: Mapping[str, str], by_name: Mapping[str, T]) -> dict[str, T]:
    return {word: by_name[name] for word, name in table.items()}
