"""Single papers: one page for each person and case, a motion or an application with its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from clearslate.errors import InputError
from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.documents import Document, Typesetter, template
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import Setting
from clearslate.filing.office import Office
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate_california.filing.case import Case, cases
from clearslate_california.filing.county import LISTED, OUTSIDE, parted, write_listed, write_outside
from clearslate_california.filing.paper import PEOPLE, Part, attorney_block
from clearslate_california.filing.schedule import case_number, relief_of, standings

INDEX = "index.csv"
_COLUMNS = ("file", "pages", "courthouse", "case_number", "person_id", "convictions", "relief")


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """What stands on one paper; ``title`` says of what kind it is and names nobody.

    ``filer`` are the lines of who files it; None where that is the office's attorney.
    """

    title: str
    nature: str
    footer: str
    parts: Sequence[Part]
    filer: Sequence[str] | None = None


def bold(words: str) -> Part:
    """A paragraph that must not be overlooked."""
    return {"kind": "bold", "text": " ".join(words.split())}


def listed(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Part:
    """A table of words; the last column takes the room."""
    last = len(columns) - 1
    return {
        "kind": "list",
        "columns": [{"title": title, "wide": place == last} for place, title in enumerate(columns)],
        "rows": [list(row) for row in rows],
    }


class Press:
    """Typesets one paper after the other for an office."""

    def __init__(self, typesetter: Typesetter, office: Office) -> None:
        self._typesetter = typesetter
        self._source = template("clearslate_california.filing", "templates/page.typ")
        self._office = office

    def typeset(self, name: str, case: Case, page: Page) -> Document:
        """The paper of a case as PDF. Raises OutputError."""
        also = f" (also {'; '.join(case.other_names)})" if case.other_names else ""
        return self._typesetter.pdf(
            name,
            self._source,
            {
                "title": page.title,
                "attorney": attorney_block(self._office) if page.filer is None else list(page.filer),
                "court": self._office.court.title,
                "parties": [PEOPLE, f"v. {case.name}{also}, Defendant"],
                "case_number": case.case_number,
                "house": case.house,
                "nature": page.nature,
                "footer": page.footer,
                "parts": list(page.parts),
            },
        )


@dataclass(frozen=True, slots=True)
class Single:
    """Papers for each person and case, as ``compose`` of a reform says what stands on one.

    ``apart`` gives each relief a paper of its own. ``stem`` begins the names of the files, which are numbered:
    nothing of a record is ever part of a name.
    """

    id: str
    title: str
    stem: str
    compose: Callable[[Case, Packet, Setting], Page]
    checks: tuple[Check, ...]
    apart: bool = False
    listed: str = LISTED

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write a file for each paper and an index; give how many entries of each standing are in them.

        Raises InputError where nothing is granted, OutputError.
        """
        setting = Setting(packet.office, packet.reform, packet.made_on)
        own, others = parted(packet)
        outside = [entry for entry in others if entry.standing is Standing.GRANTED]
        found = list(cases(own, setting, apart=self.apart))
        if not found:
            raise InputError(
                f"the run grants nothing of [{packet.office.court.county}], so there is no paper to write; check the "
                "policy"
            )
        press = Press(Typesetter(packet.made_on), packet.office)
        width = max(5, len(str(len(found))))
        names = [f"{self.stem}_{number:0{width}}.pdf" for number in range(1, len(found) + 1)]
        index = folder.create(INDEX)
        index.write(header_line(_COLUMNS))
        pages, long, replaced = 0, 0, set[str]()
        for name, case in zip(names, found, strict=True):
            made = press.typeset(name, case, self.compose(case, packet, setting))
            file = folder.create(name)
            file.write(made.data, len(case.entries))
            file.close()
            index.write(encoded(line(_indexed(name, made, case, setting))), 1)
            pages += made.pages
            long += made.pages > 1
            replaced.update(made.replaced)
        index.close()
        write_listed(folder, setting, (entry for case in found for entry in case.entries))
        tables = [f"{LISTED}: what is granted, for track mark --list"]
        if outside:
            write_outside(folder, packet, outside)
            tables.append(f"{OUTSIDE}: granted, and on no paper")
        taken = {standing.value: 0 for standing in Standing}
        taken[Standing.GRANTED.value] = sum(len(case.entries) for case in found)
        write_checklist(
            folder,
            f"{self.title} ({packet.reform.title})",
            totals={
                **standings(packet.entries),
                "papers": len(found),
                "convictions in them": taken[Standing.GRANTED.value],
                f"granted, not of the court's county, in {OUTSIDE}": len(outside),
            },
            written=[("a paper for each person and case", Written(tuple(names), pages, frozenset(replaced)))],
            checks=self.checks,
            warnings=[*_warnings(found, long), *_outside(packet, outside)],
            tables=tables,
        )
        return taken


def _warnings(found: Sequence[Case], long: int) -> Iterator[str]:
    """What was noticed on the way and is safe to go on with."""
    strangers = Counter(case.house or "court not stated in the record" for case in found if not case.known)
    for house, count in sorted(strangers.items()):
        yield f"Courthouse [{house}] is not in the office file; papers under the name as printed: {count}."
    if bare := sum(not case.entries[0].decided.count.event.case_numbers for case in found):
        yield f"Papers without a case number: {bare}; write it in by hand."
    if long:
        yield f"Papers of more than one page: {long}; the index says which."


def _outside(packet: Packet, outside: Sequence[Entry]) -> Iterator[str]:
    if outside:
        yield (
            f"Granted convictions that are not of [{packet.office.court.county}], or of no county that is known: "
            f"{len(outside)}; on no paper, and listed in {OUTSIDE}."
        )


def _indexed(name: str, made: Document, case: Case, setting: Setting) -> Sequence[str]:
    """The cells of a paper's row in the index."""
    first = case.entries[0]
    reliefs = dict.fromkeys(relief_of(entry, setting).id for entry in case.entries)
    return (
        name,
        str(made.pages),
        case.house,
        case_number(first),
        first.decided.person.person_id,
        str(len(case.entries)),
        "; ".join(reliefs),
    )
