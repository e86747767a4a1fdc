"""A roll: a list on pages turned on their side, lines numbered, in as many volumes as its length needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from clearslate.filing.checklist import Written
from clearslate.filing.documents import Typesetter, template, volumes
from clearslate.output.staging import Folder
from clearslate_illinois.filing.lists import Numbered

VOLUME = 1000
"""How many lines a volume has; a line of a roll is several lines of text."""

_LONG = 600
"""Letters of a cell above which its line may be cut by the end of a page."""

Said = tuple[str, str]
"""What is said, with the label before it; no label is a blank one."""


class Column(NamedTuple):
    """A column of a roll; ``width`` is its share of the page, and each cell says several things."""

    title: str
    width: float
    cell: Callable[[Numbered], Iterable[Said]]


class Group(NamedTuple):
    """The lines under one heading."""

    heading: str
    lines: Sequence[Numbered]


class Table(NamedTuple):
    """Totals before the list: the first column is of words, the others of numbers."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]


@dataclass(frozen=True, slots=True, repr=False)
class Roll:
    """A list with its totals; ``standing`` says who may see it, ``footer`` stands under every page."""

    title: str
    standing: str
    footer: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    totals: tuple[Table, ...]
    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        """How many lines it has."""
        return sum(len(group.lines) for group in self.groups)

    def write(self, typesetter: Typesetter, folder: Folder, stem: str) -> Written:
        """Write its volumes, each a file. Raises OutputError."""
        source = template("clearslate_illinois.filing", "templates/roll.typ")
        cut = volumes(self.size, VOLUME)
        files, pages, replaced = [], 0, set[str]()
        for place, lines in enumerate(cut, 1):
            volume = f", volume {place} of {len(cut)}" if len(cut) > 1 else ""
            name = f"{stem}_volume_{place:0{len(str(len(cut)))}}.pdf" if volume else f"{stem}.pdf"
            made = typesetter.pdf(name, source, self._data(volume, lines, pages + 1))
            file = folder.create(name)
            file.write(made.data, len(lines))
            file.close()
            files.append(name)
            pages += made.pages
            replaced.update(made.replaced)
        return Written(tuple(files), pages, frozenset(replaced))

    def _data(self, volume: str, lines: range, first_page: int) -> Mapping[str, Any]:
        first = lines.start == 0
        later = [] if first or not volume else ["The totals stand in volume 1."]
        return {
            "title": f"{self.title}{volume}",
            "standing": self.standing,
            "footer": self.footer,
            "notes": [*self.notes, *later],
            "totals": [table._asdict() for table in self.totals] if first else [],
            "columns": [{"title": column.title, "width": column.width} for column in self.columns],
            "groups": list(self._groups(lines)),
            "first_page": first_page,
        }

    def _row(self, line: Numbered) -> Mapping[str, Any]:
        cells = [[list(said) for said in column.cell(line)] for column in self.columns]
        longest = max(sum(len(words) for said in cell for words in said) for cell in cells)
        return {"cells": cells, "long": longest > _LONG}

    def _groups(self, lines: range) -> Iterator[Mapping[str, Any]]:
        start = 0
        for group in self.groups:
            taken = group.lines[max(lines.start - start, 0) : max(lines.stop - start, 0)]
            start += len(group.lines)
            if taken:
                rows = [self._row(line) for line in taken]
                yield {"heading": group.heading, "rows": rows}


def counted_table(heading: str, what: str, unit: str, counts: Mapping[str, int]) -> Table:
    """Totals of one kind, in the order given, with their sum."""
    rows = [[name, f"{count:,}"] for name, count in counts.items()]
    return Table(heading, (what, unit), rows, ("Total", f"{sum(counts.values()):,}"))
