"""A court paper of Illinois: its caption and the parts of its text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from clearslate.filing.checklist import Written
from clearslate.filing.documents import Document, Typesetter, template
from clearslate.filing.office import Office
from clearslate.output.staging import Folder

Part = Mapping[str, Any]
"""A piece of the text of a paper."""

BLANK_DATE, BLANK_LONG = "_" * 14, "_" * 30


def heading(words: str) -> Part:
    """A heading of the text; that of the paper stands in its caption."""
    return {"kind": "heading", "text": words}


def text(words: str, *, with_next: bool = False) -> Part:
    """A paragraph; ``with_next`` keeps it on the page of what comes after it."""
    return {"kind": "text", "text": " ".join(words.split()), "with_next": with_next}


def item(mark: str, words: str) -> Part:
    """A paragraph set in behind its mark."""
    return {"kind": "item", "mark": mark, "text": " ".join(words.split())}


def marked(mark: str, words: str, lines: int = 0) -> Part:
    """What a person has to fill in, marked so, with this many lines to write on."""
    return {"kind": "marked", "mark": mark, "text": " ".join(words.split()), "lines": lines}


def fields(rows: Iterable[tuple[str, str]]) -> Part:
    """Labels with what stands behind each; a blank value is left to be filled in, and marked."""
    return {"kind": "fields", "rows": [list(row) for row in rows]}


def box(is_set: bool, words: str) -> Part:
    """A box that is marked or not."""
    return {"kind": "item", "mark": "[X]" if is_set else "[  ]", "text": " ".join(words.split())}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str] | None = None) -> Part:
    """A table whose first column is of words, and the others of numbers."""
    heads = [{"title": title, "wide": place == 0, "right": place > 0} for place, title in enumerate(columns)]
    return _table(heads, rows, total)


def listed(columns: Sequence[str], rows: Iterable[Sequence[str]], wide: Collection[int]) -> Part:
    """A table of words; the columns of ``wide`` share the room that the others leave."""
    heads = [{"title": title, "wide": place in wide, "right": False} for place, title in enumerate(columns)]
    return _table(heads, rows, None)


def _table(heads: Sequence[Part], rows: Iterable[Sequence[str]], total: Sequence[str] | None) -> Part:
    return {
        "kind": "table",
        "columns": list(heads),
        "rows": [list(row) for row in rows],
        "total": None if total is None else list(total),
    }


def signed(before: Iterable[str], under: Iterable[str]) -> Part:
    """A line to sign on, with what stands before it and under it, on one page."""
    return {"kind": "signed", "before": list(before), "under": list(under)}


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A paper: the court's lines, whom it is about, what it is, and its text. ``title`` names nobody."""

    title: str
    court: tuple[str, ...]
    parties: tuple[str, ...]
    nature: str
    parts: tuple[Part, ...]
    number: str = "_" * 22

    def typeset(self, typesetter: Typesetter, name: str) -> Document:
        """The paper as PDF. Raises OutputError."""
        return typeset(typesetter, name, self.title, [self])

    def write(self, typesetter: Typesetter, folder: Folder, name: str, rows: int = 0) -> Written:
        """Write it. Raises OutputError."""
        return write_document(folder, name, self.typeset(typesetter, name), rows)


def typeset(typesetter: Typesetter, name: str, title: str, papers: Sequence[Paper]) -> Document:
    """Several papers as one PDF, each on pages of its own that are numbered from 1. Raises OutputError."""
    said = [
        {
            "court": list(paper.court),
            "parties": list(paper.parties),
            "number": paper.number,
            "nature": paper.nature,
            "parts": list(paper.parts),
        }
        for paper in papers
    ]
    return typesetter.pdf(name, _source(), {"title": title, "papers": said})


@dataclass(frozen=True, slots=True, repr=False)
class Bundle:
    """Papers that go together as one PDF, each with a bookmark; ``title`` names nobody."""

    title: str
    papers: tuple[Paper, ...]

    def typeset(self, typesetter: Typesetter, name: str) -> Document:
        """The papers as PDF. Raises OutputError."""
        return typeset(typesetter, name, self.title, self.papers)


@cache
def _source() -> str:
    return template("clearslate_illinois.filing", "templates/paper.typ")


def write_document(folder: Folder, name: str, document: Document, rows: int = 0) -> Written:
    """Write a finished document that holds this many entries. Raises OutputError."""
    file = folder.create(name)
    file.write(document.data, rows)
    file.close()
    return Written((name,), document.pages, frozenset(document.replaced))


def court_lines(office: Office) -> tuple[str, ...]:
    """The lines of the caption: the court's title, and its department where there is one."""
    department = office.court.department
    return (office.court.title, *(() if department is None else (f"Department {department}",)))


def preparer(office: Office) -> list[str]:
    """What stands under an attorney's signature: who it is and how to reach them."""
    attorney = office.attorney
    return [
        f"{attorney.name}, {attorney.title}",
        attorney.agency,
        f"Attorney No. {attorney.bar_number}",
        *attorney.address,
        attorney.telephone,
        attorney.email,
    ]


def number(count: int) -> str:
    """A count as it is printed: 66,000."""
    return f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 conviction``, ``2 convictions``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
