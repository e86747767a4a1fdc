"""What goes into Judicial Council forms, as data by the meaning of a field: one record for each form and case.

The forms themselves are the office's: a mapping says which field of a form's revision has which meaning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clearslate.errors import InputError
from clearslate.filing.entry import Standing
from clearslate.filing.filing import Packet
from clearslate.filing.formmap import FORM_MEANINGS, Sheet, said
from clearslate.filing.meanings import Setting
from clearslate.model import Answer, span_of
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate_california.filing.case import cases
from clearslate_california.filing.county import parted, write_outside
from clearslate_california.filing.schedule import is_over, relief_of

JSON_FILE, CSV_FILE = "form_data.json", "form_data.csv"
DATE = "MM/DD/YYYY"
ADULT = 18

CAPTION: tuple[str, ...] = (
    "court_name", "court_county", "courthouse", "courthouse_branch", "courthouse_street", "courthouse_city_line",
    "name", "other_names", "case_number",
)  # fmt: skip
"""What every form's caption holds; who files it is left out, because the person files it and not the office."""

OFFENSE: tuple[str, ...] = ("statute", "offense", "grade", "convicted_on", "relief", "new_section", "new_grade")
"""What is said of each conviction of a case."""


@dataclass(frozen=True, slots=True)
class FormData:
    """A form: the meanings of its fields beside the caption, what is ticked, and which cases it is for.

    ``ticked`` are the form's own choices by name, each with the question whether it is ticked. What no record says (a
    waiver, a signature, a hearing asked for) is in none of them: the person decides it.
    """

    form: str
    title: str
    applies: Callable[[Sheet], bool]
    meanings: tuple[str, ...] = ()
    ticked: Mapping[str, Callable[[Sheet], bool]] = field(default_factory=dict)

    def record(self, number: int, sheet: Sheet) -> dict[str, Any]:
        """The record of a case."""
        return {
            "case": number,
            "form": self.form,
            "fields": {name: said(name, sheet, DATE) for name in (*CAPTION, *self.meanings)},
            "ticked": [name for name, holds in self.ticked.items() if holds(sheet)],
            "offenses": [
                {name: said(name, Sheet((entry,), sheet.setting), DATE) for name in OFFENSE} for entry in sheet.entries
            ],
        }


def of_section(number: str) -> Callable[[Sheet], bool]:
    """Whether a conviction is of a section of the Health and Safety Code."""

    def holds(sheet: Sheet) -> bool:
        statutes = [entry.decided.count.statute for entry in sheet.entries]
        return any(one is not None and one.section.code == "HS" and one.section.number == number for one in statutes)

    return holds


def with_relief(*reliefs: str) -> Callable[[Sheet], bool]:
    """Whether a conviction gets one of these reliefs."""
    return lambda sheet: any(relief_of(entry, sheet.setting).id in reliefs for entry in sheet.entries)


def always(_sheet: Sheet) -> bool:
    """Yes."""
    return True


def is_juvenile(sheet: Sheet) -> bool:
    """Whether the person was certainly under 18 at every arrest, and so at every offense."""
    grown = span_of(sheet.entries[0].decided.person.birth_date).plus_years(ADULT)
    return all(entry.decided.count.arrest_span.precedes(grown) is Answer.YES for entry in sheet.entries)


def is_completed(sheet: Sheet) -> bool:
    """Whether the record shows, of every conviction, that its sentence is completed."""
    return all(is_over(entry, sheet.setting.made_on) for entry in sheet.entries)


def is_served(sheet: Sheet) -> bool:
    """Whether the record shows, of every conviction, that its sentence runs still."""
    day = sheet.setting.made_on
    return all(entry.decided.count.sentence_ends.before(day) is Answer.NO for entry in sheet.entries)


def leaves_misdemeanor(sheet: Sheet) -> bool:
    """Whether a conviction is a misdemeanor after its relief, which a later petition may dismiss."""
    return any(relief_of(entry, sheet.setting).leaves == "misdemeanor" for entry in sheet.entries)


@dataclass(frozen=True, slots=True)
class FormDataFiling:
    """The data of forms as a packet; it goes to no court, so it makes a case into nothing (``state``)."""

    id: str
    title: str
    forms: tuple[FormData, ...]
    state: None = None

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write the records as JSON and as CSV; give how many entries of each standing are in them.

        Raises InputError where nothing is granted, OutputError.
        """
        setting = Setting(packet.office, packet.reform, packet.made_on)
        own, others = parted(packet)
        outside = [entry for entry in others if entry.standing is Standing.GRANTED]
        sheets = [Sheet(case.entries, setting) for case in cases(own, setting)]
        if not sheets:
            raise InputError(
                f"the run grants nothing of [{packet.office.court.county}], so there is no form to fill; check the "
                "policy"
            )
        columns = self._columns()
        as_json, as_csv = folder.create(JSON_FILE), folder.create(CSV_FILE)
        head = {
            "format": 1,
            "forms": {one.form: one.title for one in self.forms},
            "meanings": self._meanings(),
            "not_of_the_county": len(outside),
        }
        as_json.write(encoded(json.dumps(head, indent=2, ensure_ascii=False)[:-2] + ',\n  "records": [\n'))
        as_csv.write(header_line(columns))
        before = "    "
        for record in self._records(sheets):
            as_json.write(encoded(before + json.dumps(record, ensure_ascii=False)), 1)
            as_csv.write(encoded(line(_row(record, columns))), 1)
            before = ",\n    "
        as_json.write(b"\n  ]\n}\n")
        as_json.close()
        as_csv.close()
        if outside:
            write_outside(folder, packet, outside)
        taken = {standing.value: 0 for standing in Standing}
        taken[Standing.GRANTED.value] = sum(len(sheet.entries) for sheet in sheets)
        return taken

    def _records(self, sheets: Sequence[Sheet]) -> Iterator[dict[str, Any]]:
        for number, sheet in enumerate(sheets, 1):
            for form in self.forms:
                if form.applies(sheet):
                    yield form.record(number, sheet)

    def _names(self) -> list[str]:
        return list(dict.fromkeys([*CAPTION, *(name for form in self.forms for name in form.meanings)]))

    def _meanings(self) -> dict[str, str]:
        """What each field and each column of the convictions means."""
        return {name: FORM_MEANINGS[name] for name in dict.fromkeys([*self._names(), *OFFENSE])}

    def _columns(self) -> tuple[str, ...]:
        return ("case", "form", *self._names(), "ticked", *(f"offense_{name}" for name in OFFENSE))


def _row(record: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """A record on one line; what is said of several convictions is joined in their order, blanks included."""
    flat = {
        **record["fields"],
        "case": str(record["case"]),
        "form": record["form"],
        "ticked": "; ".join(record["ticked"]),
        **{f"offense_{name}": "; ".join(one[name] for one in record["offenses"]) for name in OFFENSE},
    }
    return [flat.get(column, "") for column in columns]
