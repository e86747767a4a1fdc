"""A blank form as PDF: its fields, what fits into each, and the form filled with nothing left that can be changed."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

import pikepdf
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from clearslate.errors import InputError, LedgerError
from clearslate.filing.helvetica import LEADING, width, wrapped, writes
from clearslate.policy.load import base_name

Kind = Literal["text", "choice", "box", "button", "signature"]

LARGEST = 64 << 20
SMALLEST_TYPE, LARGEST_TYPE = 7.0, 12.0
"""Points: what does not fit in the smaller type does not fit; a field that asks for no size gets up to the larger."""

_FONT = "/ClearslateHelvetica"
_MOST_FIELDS = 5000
_PUSH, _MULTILINE, _COMB = 1 << 16, 1 << 12, 1 << 24
_HIDDEN = 1 << 1 | 1 << 5
_PRINTED = 1 << 2
_SIZE = re.compile(r"([0-9]*\.?[0-9]+)\s+Tf")
_INHERITED = ("/FT", "/Ff", "/DA", "/MaxLen", "/Q", "/Opt", "/MK", "/BS")


class Fit(NamedTuple):
    """How a text stands in a field: its lines, and the size of the type."""

    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form: ``states`` are what a box can be beside ``Off``, or the choices of a list.

    ``width`` and ``height`` are what text has of the narrowest place where the field stands, in points; ``size`` is the
    type it asks for, 0 for any; ``longest`` the most characters, None for any number.
    """

    name: str
    kind: Kind
    states: tuple[str, ...] = ()
    longest: int | None = None
    several_lines: bool = False
    comb: bool = False
    hidden: bool = False
    width: float = 0.0
    height: float = 0.0
    size: float = 0.0

    def fit(self, text: str) -> Fit | None:
        """How a text fits into the field; None where it does not, and then nothing of it is put there."""
        text = unicodedata.normalize("NFC", text)
        if not writes(text) or (self.longest is not None and len(text) > self.longest):
            return None
        if self.kind == "choice" and text not in self.states:
            return None
        size = min(self.size or LARGEST_TYPE, self.height / LEADING)
        if self.comb:
            return Fit((text,), round(size, 1)) if size >= SMALLEST_TYPE else None
        while size >= SMALLEST_TYPE:
            lines = wrapped(text, self.width / size * 1000) if self.several_lines else (text,)
            high = len(lines) * LEADING * size <= self.height + 0.01
            if high and all(width(line) * size <= self.width * 1000 for line in lines):
                return Fit(lines, size)
            size = round(size - 0.5, 1)
        return None


class BlankForm:
    """A form that nobody has filled; ``name`` is its file's.

    Raises InputError for what is no PDF, is encrypted, holds XFA or has no fields.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data = data
        try:
            reader = PdfReader(io.BytesIO(data))
            encrypted = reader.is_encrypted
            root = None if encrypted else cast(DictionaryObject, reader.trailer["/Root"])
            form = None if root is None else cast("DictionaryObject | None", root.get("/AcroForm"))
            form = None if form is None else cast(DictionaryObject, form.get_object())
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
            raise self._bad("is no PDF that can be read; get it anew from its publisher") from error
        if encrypted:
            raise self._bad("is encrypted, so that it cannot be filled; get one without protection from its publisher")
        if form is None:
            raise self._bad("has no fields; supply the fillable form, and not a print of it")
        if "/XFA" in form:
            raise self._bad(
                "holds an XFA form, which other programs show in its place; save it as a plain PDF form first"
            )
        try:
            self._found = {name: _described(name, field, widgets) for name, field, widgets in _fields(self._writer())}
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._bad("has fields that cannot be read; get it anew from its publisher") from error
        if not self._found:
            raise self._bad("has no fields; supply the fillable form, and not a print of it")

    def _bad(self, what: str) -> InputError:
        return InputError(f"form [{self.name}] {what}")

    @property
    def fields(self) -> Mapping[str, FormField]:
        """Its fields by name, in the form's order."""
        return self._found

    def _writer(self) -> PdfWriter:
        return PdfWriter(clone_from=io.BytesIO(self._data))

    def filled(self, texts: Mapping[str, Fit], boxes: Mapping[str, str]) -> bytes:
        """The form with these texts and boxes as a plain PDF: no field is left, and the same bytes every time.

        What is named must be there, and fit.
        """
        writer = self._writer()
        root = writer.root_object
        form = cast(DictionaryObject, root["/AcroForm"].get_object())
        _add_font(writer, form)
        values: dict[str, Any] = {}
        for number, (name, field, widgets) in enumerate(list(_fields(writer))):
            # A name of one's own for each, because a part of one name may be the whole of another.
            token = f"clearslate {number}"
            for key in _INHERITED:
                if key in field or (value := _inherited(field, key)) is None:
                    continue
                field[NameObject(key)] = value
            field[NameObject("/T")] = TextStringObject(token)
            if name in texts:
                _prepare(field, widgets)
                fit = texts[name]
                values[token] = ("\n".join(fit.lines), _FONT, fit.size)
            elif name in boxes:
                values[token] = f"/{boxes[name]}"
                for widget in widgets:
                    widget[NameObject("/F")] = NumberObject(_PRINTED)
        for page in writer.pages:
            if "/Annots" in page:
                writer.update_page_form_field_values(page, values, auto_regenerate=False)
        filled = io.BytesIO()
        writer.write(filled)
        return self._flat(filled.getvalue())

    def _flat(self, data: bytes) -> bytes:
        flat = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _drop_buttons(pdf)
            _end_clips(pdf)
            pdf.flatten_annotations("all")
            for page in pdf.pages:
                if "/Annots" in page:
                    kept = [one for one in cast(Any, page.Annots) if one.get("/Subtype") != "/Widget"]
                    page.Annots = pikepdf.Array(kept)
                if "/AA" in page:
                    del page["/AA"]
            # What would run when the file is opened, or certify what it was before.
            for key in ("/AcroForm", "/OpenAction", "/AA", "/Perms"):
                if key in pdf.Root:
                    del pdf.Root[key]
            if "/Names" in pdf.Root and "/JavaScript" in pdf.Root.Names:
                del pdf.Root.Names["/JavaScript"]
            pdf.remove_unreferenced_resources()
            pdf.save(flat, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        made = flat.getvalue()
        if live_fields(made):
            raise LedgerError(f"form [{self.name}] still has fields after it was filled; report it with the form")
        return made


def read_form(path: Path) -> BlankForm:
    """Read a blank form from a file. Raises InputError."""
    name = base_name(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(f"form [{name}] cannot be read; check the path") from error
    if len(data) > LARGEST:
        raise InputError(f"form [{name}] is too large to be one; get it anew from its publisher")
    return BlankForm(data, name)


def live_fields(data: bytes) -> int:
    """How many fields and places of fields a PDF has that somebody could still change."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        live = int("/AcroForm" in pdf.Root)
        for page in pdf.pages:
            live += sum(one.get("/Subtype") == "/Widget" for one in cast(Any, page.get("/Annots", [])))
        return live


def joined(first: bytes, *others: bytes) -> bytes:
    """The pages of several PDFs as one, the same bytes every time."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(first)) as pdf:
        for other in others:
            with pikepdf.open(io.BytesIO(other)) as more:
                pdf.pages.extend(more.pages)
        pdf.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


def _drop_buttons(pdf: pikepdf.Pdf) -> None:
    """Take out the buttons that print or clear a form: they are no part of the paper."""
    for page in pdf.pages:
        if "/Annots" in page:
            kept = [one for one in cast(Any, page.Annots) if not _is_button(one)]
            page.Annots = pikepdf.Array(kept)


def _end_clips(pdf: pikepdf.Pdf) -> None:
    """End the path that bounds each text, as the standard asks and pypdf does not."""
    for page in pdf.pages:
        for one in cast(Any, page.get("/Annots", [])):
            look = one.get("/AP", {}).get("/N") if one.get("/Subtype") == "/Widget" else None
            if isinstance(look, pikepdf.Stream):
                look.write(look.read_bytes().replace(b" re\nW\nBT\n", b" re\nW\nn\nBT\n", 1))


def _is_button(one: Any) -> bool:
    here, kind, flags = one, None, None
    for _ in range(32):
        kind = here.get("/FT") if kind is None else kind
        flags = here.get("/Ff") if flags is None else flags
        if "/Parent" not in here:
            break
        here = here.Parent
    return bool(one.get("/Subtype") == "/Widget" and kind == "/Btn" and int(flags or 0) & _PUSH)


def _fields(writer: PdfWriter) -> Iterator[tuple[str, DictionaryObject, list[DictionaryObject]]]:
    """Each field that holds a value: its whole name, itself, and the places where it stands on a page."""
    form = cast(DictionaryObject, writer.root_object["/AcroForm"].get_object())
    waiting = [("", cast(DictionaryObject, one.get_object())) for one in _array(form, "/Fields")]
    seen: set[int] = set()
    while waiting:
        above, field = waiting.pop(0)
        if id(field) in seen or len(seen) > _MOST_FIELDS:
            continue
        seen.add(id(field))
        own = str(field.get("/T", ""))
        name = ".".join(part for part in (above, own) if part)
        kids = [cast(DictionaryObject, kid.get_object()) for kid in _array(field, "/Kids")]
        inner = [kid for kid in kids if "/T" in kid]
        if inner:
            waiting[:0] = [(name, kid) for kid in inner]
        elif name:
            yield name, field, kids or [field]


def _array(inside: DictionaryObject, key: str) -> list[Any]:
    found = inside.get(key)
    found = None if found is None else found.get_object()
    return list(found) if isinstance(found, ArrayObject) else []


def _inherited(field: DictionaryObject, key: str) -> Any:
    here: Any = field
    for _ in range(32):
        if key in here:
            return here[key]
        if "/Parent" not in here:
            return None
        here = here["/Parent"].get_object()
    return None


def _described(name: str, field: DictionaryObject, widgets: list[DictionaryObject]) -> FormField:
    flags = int(_inherited(field, "/Ff") or 0)
    hidden = any(int(widget.get("/F", 0)) & _HIDDEN for widget in widgets)
    match str(_inherited(field, "/FT")):
        case "/Btn" if flags & _PUSH:
            return FormField(name, "button")
        case "/Btn":
            return FormField(name, "box", _states(widgets), hidden=hidden)
        case "/Sig":
            return FormField(name, "signature")
        case kind:
            options = [one[-1] if isinstance(one, ArrayObject) else one for one in _array(field, "/Opt")]
            longest = _inherited(field, "/MaxLen")
            asked = _SIZE.search(str(_inherited(field, "/DA") or ""))
            sizes = [_inner(field, widget) for widget in widgets]
            return FormField(
                name,
                "choice" if kind == "/Ch" else "text",
                tuple(str(option) for option in options),
                None if longest is None else int(longest),
                several_lines=bool(flags & _MULTILINE) and kind != "/Ch",
                comb=bool(flags & _COMB) and longest is not None,
                hidden=hidden,
                width=min(width for width, _ in sizes),
                height=min(height for _, height in sizes),
                size=float(asked[1]) if asked else 0.0,
            )


def _states(widgets: list[DictionaryObject]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for widget in widgets:
        look = widget.get("/AP")
        normal = None if look is None else look.get_object().get("/N")
        if normal is not None:
            found.update((str(state).removeprefix("/"), None) for state in normal.get_object() if state != "/Off")
    return tuple(found)


def _inner(field: DictionaryObject, widget: DictionaryObject) -> tuple[float, float]:
    """What of a place text may take, within the border and the margin that the appearance leaves."""
    left, bottom, right, top = (float(side) for side in cast(ArrayObject, widget["/Rect"]))
    border, factor = 0.0, 1
    look = _inherited(field, "/MK") or widget.get("/MK")
    if look is not None and look.get_object().get("/BC"):
        style = _inherited(field, "/BS") or widget.get("/BS")
        style = {} if style is None else style.get_object()
        border, factor = float(style.get("/W", 1)), 2 if style.get("/S") in ("/B", "/I") else 1
    margin = max(border * factor, 1.0)
    return abs(right - left) - 6 * margin, abs(top - bottom) - 2 * margin


def _prepare(field: DictionaryObject, widgets: list[DictionaryObject]) -> None:
    """Make ready for a new appearance: its own for each place, printed, from the left."""
    for widget in widgets:
        # Blank forms often have one blank appearance for many fields.
        if "/AP" in widget:
            del widget["/AP"]
        widget[NameObject("/F")] = NumberObject(_PRINTED)
    if field.get("/Q", 0) == 2:
        # What stands at the right edge would be clipped by the width of the margin.
        field[NameObject("/Q")] = NumberObject(0)


def _add_font(writer: PdfWriter, form: DictionaryObject) -> None:
    """Give the form a Helvetica that writes Windows-1252, whatever its own font can."""
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    resources = cast(DictionaryObject, form.setdefault(NameObject("/DR"), DictionaryObject()).get_object())
    fonts = cast(DictionaryObject, resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object())
    fonts[NameObject(_FONT)] = writer._add_object(font)
