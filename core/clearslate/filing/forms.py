"""Official forms that the office supplies, filled by a mapping: checked first, never cut, and with no field left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clearslate.errors import InputError, LedgerError, did_you_mean
from clearslate.filing.documents import Typesetter, template
from clearslate.filing.entry import Entry
from clearslate.filing.formmap import (
    NUMBER,
    BoxState,
    FormMapping,
    Sheet,
    TextField,
    said,
)
from clearslate.filing.meanings import Setting, in_words, squeezed
from clearslate.filing.pdfform import BlankForm, Fit, joined
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder

COLUMNS = ("file", "person_id", "name", "case_numbers", "entries", "attached")
"""The columns of the index of filled forms."""

_SEE = ("See attachment, item {n}", "See attachment {n}", "See att. {n}", "Att. {n}")
_MOST_NAMED = 6


class Filled(NamedTuple):
    """A filled form; ``attached`` says how many of its fields, and how many rows, stand on the attachment."""

    data: bytes
    attached: int
    rows_attached: int


class Written(NamedTuple):
    """What was written: forms, the entries in them, and the forms that have an attachment."""

    forms: int
    entries: int
    with_attachment: int


def check_form(blank: BlankForm, mapping: FormMapping) -> None:
    """Raise InputError in one line where the form and the mapping are not of each other.

    It names the fields that the form lacks, those that the mapping does not name, and boxes without a state of theirs.
    """
    fields, file = blank.fields, mapping.file
    texts, boxes = dict(file.texts()), dict(file.states())
    problems = []
    lacking = [name for name in (*texts, *boxes) if name not in fields]
    if lacking:
        hint = did_you_mean(lacking[0], fields)
        near = hint.removeprefix("; ") if len(lacking) == 1 and hint.startswith("; did") else ""
        problems.append(f"it lacks {_named(lacking)}" + (f" ({near.rstrip('?')}?)" if near else ""))
    wrong = [name for name in texts if name in fields and fields[name].kind not in ("text", "choice")]
    wrong += [name for name in boxes if name in fields and fields[name].kind != "box"]
    if wrong:
        problems.append(f"{_named(wrong)} are of another kind")
    for name, states in boxes.items():
        if name in fields and fields[name].kind == "box":
            unknown = [state.on for state in states if state.on not in fields[name].states]
            if unknown:
                known = ", ".join(fields[name].states) or "none"
                problems.append(f"box [{name}] cannot be [{unknown[0]}], only: {known}")
    hidden = [name for name in (*texts, *boxes) if name in fields and fields[name].hidden]
    if hidden:
        problems.append(f"{_named(hidden)} are hidden")
    others = [
        name
        for name, one in fields.items()
        if name not in texts and name not in boxes and one.kind in ("text", "choice", "box")
    ]
    if others and file.other_fields == "refuse":
        problems.append(f"the mapping does not name {_named(others)}")
    if problems:
        raise InputError(
            f"form [{blank.name}] and mapping [{mapping.name}] do not agree: {'; '.join(problems)}; take the form's "
            "revision that the mapping is for, or adjust the mapping"
        )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"[{name}]" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return shown + (f" and {more} more" if more > 0 else "")


@dataclass(slots=True, repr=False)
class _Filling:
    """What goes into the fields of one copy, and what onto its attachment."""

    texts: dict[str, Fit] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    items: list[tuple[str, str]] = field(default_factory=list)


class Form:
    """A form with its mapping, which were checked against each other; it is filled as often as there are sheets."""

    def __init__(self, blank: BlankForm, mapping: FormMapping, typesetter: Typesetter) -> None:
        check_form(blank, mapping)
        self._blank = blank
        self._mapping = mapping
        self._typesetter = typesetter

    def fill(self, sheet: Sheet) -> Filled:
        """The form filled for a sheet, with an attachment where something does not fit.

        Raises InputError, naming the field and nothing of what it holds, where the mapping allows no attachment.
        """
        file = self._mapping.file
        filling = _Filling()
        rest: Sequence[Entry] = ()
        if file.rows is not None:
            rest = sheet.entries[file.rows.most :]
            if rest and file.too_long == "refuse":
                raise self._too_long(f"has {file.rows.most} rows where {len(sheet.entries)} entries go")
        for name, one in file.text.items():
            self._text(filling, name, one, sheet)
        for name, states in file.boxes.items():
            self._box(filling, name, states, sheet, overflow=bool(rest))
        if file.rows is not None:
            for number, entry in enumerate(sheet.entries[: file.rows.most], 1):
                row = Sheet((entry,), sheet.setting)
                for name, one in file.rows.text.items():
                    self._text(filling, name.replace(NUMBER, str(number)), one, row)
                for name, states in file.rows.boxes.items():
                    self._box(filling, name.replace(NUMBER, str(number)), states, row, overflow=False)
        made = self._blank.filled(filling.texts, filling.boxes)
        if filling.items or rest:
            made = joined(made, self._attachment(filling, rest, sheet))
        return Filled(made, len(filling.items), len(rest))

    def _too_long(self, what: str) -> InputError:
        return InputError(
            f'form [{self._blank.name}] {what}; allow too_long = "attachment" in mapping [{self._mapping.name}], or '
            "file it apart"
        )

    def _value(self, one: TextField, sheet: Sheet) -> str:
        chosen = Sheet(one.only.of(sheet.entries, sheet.setting), sheet.setting)
        return one.text or said(one.source or "", chosen, self._mapping.file.date_format)

    def _text(self, filling: _Filling, name: str, one: TextField, sheet: Sheet) -> None:
        value = self._value(one, sheet)
        if not value:
            return
        place = self._blank.fields[name]
        fit = place.fit(value)
        if fit is None:
            if self._mapping.file.too_long == "refuse":
                raise self._too_long(f"has no room for what goes into field [{name}], or no letters for it")
            filling.items.append((one.label or name, value))
            number = str(len(filling.items))
            fit = next((got for see in _SEE if (got := place.fit(see.replace("{n}", number))) is not None), None)
            if fit is None:
                raise InputError(
                    f"form [{self._blank.name}]: field [{name}] is too small even to point to an attachment; take it "
                    "out of the mapping, and fill it by hand"
                )
        filling.texts[name] = fit

    def _box(self, filling: _Filling, name: str, states: Sequence[BoxState], sheet: Sheet, *, overflow: bool) -> None:
        for state in states:
            if state.holds(sheet, overflow=overflow):
                filling.boxes[name] = state.on
                return

    def _attachment(self, filling: _Filling, rest: Sequence[Entry], sheet: Sheet) -> bytes:
        file = self._mapping.file
        columns: list[str] = []
        rows: list[list[str]] = []
        if file.rows is not None and rest:
            columns = [one.label or squeezed(name.replace(NUMBER, "")) for name, one in file.rows.text.items()]
            columns += [squeezed(name.replace(NUMBER, "")) for name in file.rows.boxes]
            rows = [self._attached_row(Sheet((entry,), sheet.setting)) for entry in rest]
        data = {
            "title": f"Attachment to {file.form}",
            "form": f"{file.form}, {file.title}",
            "court": sheet.setting.office.court.title,
            "made_on": in_words(sheet.setting.made_on),
            "case": said("case_number", sheet, file.date_format),
            "name": said("name", sheet, file.date_format),
            "items": [list(item) for item in filling.items],
            "columns": columns,
            "first": len(sheet.entries) - len(rest) + 1,
            "rows": rows,
        }
        source = template("clearslate.filing", "templates/attachment.typ")
        return self._typesetter.pdf(f"attachment to {file.form}", source, data).data

    def _attached_row(self, row: Sheet) -> list[str]:
        rows = self._mapping.file.rows
        if rows is None:
            return []
        filling = _Filling()
        for name, states in rows.boxes.items():
            self._box(filling, name, states, row, overflow=False)
        return [self._value(one, row) for one in rows.text.values()] + [
            filling.boxes.get(name, "") for name in rows.boxes
        ]


def sheets(entries: Iterable[Entry], setting: Setting, per: str) -> tuple[Sheet, ...]:
    """The entries of each person, or of each person's cases, in the order in which they come first."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        cases = entry.decided.count.event.case_numbers if per == "case" else ()
        found.setdefault((entry.decided.person.person_id, *cases), []).append(entry)
    return tuple([Sheet(tuple(some), setting) for some in found.values()])


def write_forms(
    entries: Sequence[Entry], form: Form, mapping: FormMapping, setting: Setting, folder: Folder
) -> Written:
    """Write a filled form for each person or case, numbered, and an index of whose each is."""
    return write_sheets(sheets(entries, setting, mapping.file.per), form, "form", folder)


def write_sheets(given: Sequence[Sheet], form: Form, stem: str, folder: Folder) -> Written:
    """Write a filled form for each sheet as ``STEM_001.pdf`` and so on, and ``STEM_index.csv``."""
    digits = max(3, len(str(len(given))))
    rows, entries, attached = [], 0, 0
    for number, sheet in enumerate(given, 1):
        filled = form.fill(sheet)
        file = folder.create(f"{stem}_{number:0{digits}d}.pdf")
        file.write(filled.data)
        file.close()
        entries += len(sheet.entries)
        attached += bool(filled.attached or filled.rows_attached)
        rows.append(line(_indexed(file.name, sheet, filled)))
    if entries != sum(len(sheet.entries) for sheet in given):
        raise LedgerError(f"the forms of [{stem}] do not hold every entry; report it")
    index = folder.create(f"{stem}_index.csv")
    index.write(header_line(COLUMNS) + encoded("".join(rows)), len(rows))
    index.close()
    return Written(len(given), entries, attached)


def _indexed(name: str, sheet: Sheet, filled: Filled) -> tuple[str, ...]:
    person = sheet.entries[0].decided.person
    return (
        name,
        person.person_id,
        squeezed(person.names[0] if person.names else None),
        said("case_number", sheet, "YYYY-MM-DD"),
        str(len(sheet.entries)),
        str(filled.attached + filled.rows_attached),
    )


def field_list(blank: BlankForm) -> Mapping[str, str]:
    """Each field of a form with what it is, for whoever writes a mapping."""
    return {name: one.kind + (f": {', '.join(one.states)}" if one.states else "") for name, one in blank.fields.items()}
