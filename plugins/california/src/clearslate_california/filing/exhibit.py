"""An exhibit: a list of convictions by courthouse, in as many volumes as its length needs, pages numbered through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from clearslate.filing.checklist import Written
from clearslate.filing.documents import VOLUME, Typesetter, template, volumes
from clearslate.output.staging import Folder
from clearslate_california.filing.schedule import House, Line, Schedule


class Column(NamedTuple):
    """A column of an exhibit; ``width`` is its share of the page, 0 as much as it needs."""

    title: str
    width: float
    cell: Callable[[Line], str]


class Table(NamedTuple):
    """Totals before the list: the first column is of words, the others of numbers."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: Sequence[str]


@dataclass(frozen=True, slots=True, repr=False)
class Exhibit:
    """An exhibit: ``standing`` says who may see it, ``parts`` are its lists, each with a heading or None.

    ``footer`` stands under the page number.
    """

    label: str
    title: str
    standing: str
    footer: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    totals: tuple[Table, ...]
    parts: tuple[tuple[str | None, Schedule], ...]

    @property
    def size(self) -> int:
        """How many lines it has."""
        return sum(schedule.size for _, schedule in self.parts)

    def write(self, typesetter: Typesetter, folder: Folder, stem: str) -> Written:
        """Write its volumes, each a file. Raises OutputError."""
        source = template("clearslate_california.filing", "templates/exhibit.typ")
        cut = volumes(self.size, VOLUME)
        files, pages, replaced = [], 0, set[str]()
        for place, lines in enumerate(cut, 1):
            volume = f", volume {place} of {len(cut)}" if len(cut) > 1 else ""
            name = f"{stem}_volume_{place:0{len(str(len(cut)))}}.pdf" if volume else f"{stem}.pdf"
            made = typesetter.pdf(name, source, self._data(volume, lines, first_page=pages + 1))
            file = folder.create(name)
            file.write(made.data, len(lines))
            file.close()
            files.append(name)
            pages += made.pages
            replaced.update(made.replaced)
        return Written(tuple(files), pages, frozenset(replaced))

    def _data(self, volume: str, lines: range, first_page: int) -> Mapping[str, Any]:
        first = lines.start == 0
        return {
            "title": f"{self.label}{volume}: {self.title}",
            "label": f"{self.label}{volume}",
            "standing": self.standing,
            "footer": self.footer,
            "heading": f"{self.label}{volume}: {self.title}",
            "notes": [
                *self.notes,
                *([] if first or not volume else ["The totals stand in volume 1."]),
                *([] if self.size else ["There is no such conviction in this motion."]),
            ],
            "totals": [
                {"heading": one.heading, "columns": one.columns, "rows": one.rows, "total": one.total}
                for one in (self.totals if first else ())
            ],
            "columns": [{"title": column.title, "width": column.width} for column in self.columns],
            "groups": list(self._groups(lines)),
            "first_page": first_page,
        }

    def _groups(self, lines: range) -> Iterator[Mapping[str, Any]]:
        """The lines of a volume by part and courthouse."""
        start = 0
        for title, schedule in self.parts:
            heading = title
            for house in schedule.houses:
                taken = _taken(house, lines.start - start, lines.stop - start)
                start += len(house.lines)
                if taken:
                    yield {
                        "part": heading,
                        "heading": house.heading,
                        "rows": [[column.cell(line) for column in self.columns] for line in taken],
                    }
                    heading = None


def _taken(house: House, low: int, high: int) -> Sequence[Line]:
    return house.lines[max(low, 0) : max(high, 0)]
