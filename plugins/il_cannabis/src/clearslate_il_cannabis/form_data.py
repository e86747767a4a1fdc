"""The data of the statewide form, by the names of its fields where these are known, as JSON and as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping

from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate_il_cannabis.request import Request

FIELDS_JSON, FIELDS_CSV = "fields.json", "fields.csv"
MOTION, MORE = "EXC-M 4702.2", "EXC-AA 4706.2"
YES = "Yes"

_MISDEMEANOR = "1a - Misdemeanor cannabis offenses"
_FELONY = "1b - Class 4 felony cannabis offense"
_BEFORE = "2 - I was convicted before June 25, 2019"
_ROW = (
    "4 - Case Number{n}",
    "4 - Arresting Agency{n}",
    "4 - Misdemeanor/Class 4 Felony Checkboxes{n}",
    "4 - Date of Arrest{n}",
)
_COLUMNS = ("motion", "sheet", "form", "kind", "field", "value")


def form_fields(request: Request) -> Mapping[str, str]:
    """The fields of the motion by the form's own names; what is to be filled in by hand is left out."""
    found = {"County": request.county}
    found |= {f"Case Number{n}": case for n, case in enumerate(_cases(request), 1)}
    for is_so, name in (
        ("Misdemeanor" in request.kinds, _MISDEMEANOR),
        ("Class 4 Felony" in request.kinds, _FELONY),
        (request.convicted_before, _BEFORE),
    ):
        if is_so:
            found[name] = YES
    for n, row in enumerate(request.sheets[0], 1):
        found |= {name.format(n=n): cell for name, cell in zip(_ROW, row.cells, strict=True) if cell}
    return found


def form_items(request: Request) -> Mapping[str, str]:
    """What the motion asks beside, by its items: the names of these fields are the form's to say."""
    found = {label.lower().replace(" ", "_"): value for label, value in request.identity}
    found |= {f"item_{label[:2]}": value for label, value in request.ages}
    return {name: value for name, value in found.items() if value}


def _cases(request: Request) -> list[str]:
    return list(dict.fromkeys(row.case for row in request.sheets[0] if row.case))


class FormData:
    """Writes the data of motions as they come."""

    def __init__(self, folder: Folder) -> None:
        self._json = folder.create(FIELDS_JSON)
        self._csv = folder.create(FIELDS_CSV)
        self._csv.write(header_line(_COLUMNS))
        self._size = 0

    def add(self, motion: str, request: Request) -> None:
        """Write the data of the motion and of each of its additional sheets."""
        self._sheet(motion, 1, MOTION, form_items(request), form_fields(request))
        for place, rows in enumerate(request.sheets[1:], 2):
            cells = {
                name.removeprefix("4 - ").format(n=n): cell
                for n, row in enumerate(rows, 1)
                for name, cell in zip(_ROW, row.cells, strict=True)
                if cell
            }
            self._sheet(motion, place, MORE, {"name": request.name, "county": request.county, **cells}, {})

    def _sheet(self, motion: str, place: int, form: str, items: Mapping[str, str], fields: Mapping[str, str]) -> None:
        one = {"motion": motion, "sheet": place, "form": form, "items": items, "fields": fields}
        text = json.dumps(one, ensure_ascii=False, indent=1)
        self._json.write(encoded(("[\n" if self._size == 0 else ",\n") + text))
        rows = [
            line((motion, str(place), form, kind, name, value))
            for kind, some in (("item", items), ("field", fields))
            for name, value in some.items()
        ]
        self._csv.write(encoded("".join(rows)), len(rows))
        self._size += 1

    def close(self) -> None:
        """Close both."""
        self._json.write(encoded("\n]\n" if self._size else "[]\n"))
        self._json.close()
        self._csv.close()
