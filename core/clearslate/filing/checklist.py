"""What an attorney looks at before a packet is filed: the files, their totals, and what to check in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from clearslate.filing.office import printable
from clearslate.output.lines import encoded
from clearslate.output.staging import Folder

FILE = "read_first.txt"


class Written(NamedTuple):
    """The files of a document, its pages, and the characters that no font has; 0 pages for a list."""

    files: tuple[str, ...]
    pages: int = 0
    replaced: frozenset[str] = frozenset()


class Check(NamedTuple):
    """A statement of a document that an attorney checks, and why."""

    document: str
    statement: str


def write_checklist(
    folder: Folder,
    title: str,
    *,
    totals: Mapping[str, int],
    written: Sequence[tuple[str, Written]],
    checks: Iterable[Check],
    warnings: Iterable[str],
    due: Iterable[str] = (),
    tables: Iterable[str] = (),
) -> None:
    """Write the list; it names no person, and what a record prints of a court shows its unprintable signs by number.

    ``tables`` are files that stand beside the papers and are not filed. Raises OutputError.
    """
    lines = [title, "", "Not to be filed. What an attorney looks at before the rest is.", "", "FILES", ""]
    for what, document in written:
        some = document.files if len(document.files) < 3 else (document.files[0], "…", document.files[-1])
        pages = f", {document.pages} page{'' if document.pages == 1 else 's'}" if document.pages else ""
        lines.append(f"{', '.join(some)}: {what}{pages}")
    lines += [f"{table} (not to be filed)" for table in tables]
    lines += ["", "TOTALS", ""]
    lines += [f"{what}: {count}" for what, count in totals.items()]
    terms = list(due)
    if terms:
        lines += ["", "DUE", "", *(f"- {term}" for term in terms)]
    found = list(warnings)
    replaced = sorted({code for _, document in written for code in document.replaced})
    if replaced:
        found.append(
            f"Characters that no font has stand as their numbers ({', '.join(replaced)}); write them in by hand."
        )
    if found:
        lines += ["", "NOTICED", "", *(f"- {warning}" for warning in found)]
    lines += ["", "CHECK", "", *(f"- {check.document}: {check.statement}" for check in checks)]
    file = folder.create(FILE)
    file.write(encoded("".join(f"{printable(line)}\n" for line in lines)))
    file.close()
