"""A paper on pleading paper: its caption and the parts of its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clearslate.filing.documents import Document, Typesetter, template
from clearslate.filing.office import Office

Part = Mapping[str, Any]
"""A piece of the text of a paper."""

PEOPLE = "THE PEOPLE OF THE STATE OF CALIFORNIA"
BLANK_DATE, BLANK_LONG = "_" * 12, "_" * 26
EMPTY_LINE: Part = {"kind": "blank"}
"""A line left blank."""


def heading(text: str, level: int = 1) -> Part:
    """A heading of the text."""
    return {"kind": "heading", "level": level, "text": text}


def text(words: str) -> Part:
    """A paragraph, its first line set in."""
    return {"kind": "text", "text": " ".join(words.split())}


def plain(words: str) -> Part:
    """A paragraph that begins at the margin."""
    return {"kind": "plain", "text": " ".join(words.split())}


def item(mark: str, words: str) -> Part:
    """A paragraph set in behind its mark."""
    return {"kind": "item", "mark": mark, "text": " ".join(words.split())}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str] | None = None) -> Part:
    """A table whose first column is of words, and the others of numbers."""
    return {
        "kind": "table",
        "columns": [{"title": title, "wide": place == 0, "right": place > 0} for place, title in enumerate(columns)],
        "rows": [list(row) for row in rows],
        "total": None if total is None else list(total),
    }


def signed(before: Iterable[str], under: Iterable[str]) -> Part:
    """A line to sign on, with what stands before it and under it, on one page."""
    return {"kind": "signed", "before": list(before), "under": list(under)}


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A paper: what the caption says it is, its short title in the footer, and its text.

    ``hearing`` says that the caption has room for the day and place of a hearing.
    """

    title: str
    nature: str
    footer: str
    parties: tuple[str, ...]
    parts: tuple[Part, ...]
    hearing: bool = False

    def typeset(self, typesetter: Typesetter, office: Office, name: str) -> Document:
        """The paper as PDF. Raises OutputError."""
        department = office.court.department or "_" * 6
        return typesetter.pdf(
            name,
            template("clearslate_california.filing", "templates/pleading.typ"),
            {
                "title": self.title,
                "footer": self.footer,
                "attorney": attorney_block(office),
                "court": office.court.title,
                "parties": list(self.parties),
                "case_number": "_" * 22,
                "nature": self.nature,
                "hearing": [
                    f"Date: {BLANK_DATE}  Time: {'_' * 10}",
                    f"Dept.: {department}  Judge: {'_' * 14}",
                ]
                if self.hearing
                else [],
                "parts": list(self.parts),
            },
        )


def attorney_block(office: Office) -> list[str]:
    """The lines of the attorney block (rule 2.111(1))."""
    attorney = office.attorney
    reached = f"Telephone: {attorney.telephone}" + (f"; fax: {attorney.fax}" if attorney.fax else "")
    return [
        f"{attorney.name} (State Bar No. {attorney.bar_number})",
        attorney.title,
        attorney.agency,
        *attorney.address,
        reached,
        attorney.email,
        f"Attorney for {attorney.attorney_for}",
    ]


def signature(office: Office) -> list[str]:
    """What stands under an attorney's signature."""
    return [office.attorney.name, office.attorney.title, f"Attorney for {office.attorney.attorney_for}"]


def number(count: int) -> str:
    """A count as it is printed: 66,000."""
    return f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 conviction``, ``2 convictions``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
