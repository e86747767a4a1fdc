"""The mapping of an official form: which field holds what, and what a box is set for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from clearslate.errors import did_you_mean
from clearslate.filing.entry import Entry
from clearslate.filing.layouts import check_date_format, date_in
from clearslate.filing.meanings import MEANINGS, Setting, Subject
from clearslate.filing.office import Attorney, Courthouse
from clearslate.filing.tomlfile import Line, parse, read_text
from clearslate.model import Answer, PartialDate, Section, anniversary
from clearslate.policy.load import base_name
from clearslate.policy.schema import Entry as Table
from clearslate.policy.schema import Identifier

KIND = "form mapping"
NUMBER = "{n}"
"""What stands for the row's number in the name of a field of the rows."""

_CITY = re.compile(r"(?P<city>.+?),? +(?P<state>[A-Z]{2})\.? +(?P<postal>[0-9]{5}(?:-[0-9]{4})?)")


class Sheet(NamedTuple):
    """What one copy of a form is about."""

    entries: Sequence[Entry]
    setting: Setting


class FormMeaning(NamedTuple):
    """A meaning of a whole form in words, and what it gives of the entries that a field is about."""

    words: str
    of: Callable[[Sheet], str | PartialDate]


def _attorney(field: str) -> Callable[[Sheet], str]:
    return lambda sheet: getattr(sheet.setting.office.attorney, field) or ""


def _last(lines: Sequence[str], part: str) -> str:
    """The city, state or postal code of an address's last line; the whole line is the city where it has none."""
    match = _CITY.fullmatch(lines[-1]) if lines else None
    if match is None:
        return lines[-1] if lines and part == "city" else ""
    return match[part]


def _office(of: Callable[[Attorney], str]) -> Callable[[Sheet], str]:
    return lambda sheet: of(sheet.setting.office.attorney)


def _house(of: Callable[[Courthouse], str]) -> Callable[[Sheet], str]:
    def said(sheet: Sheet) -> str:
        house = sheet.setting.house_of(sheet.entries[0]) if sheet.entries else None
        return "" if house is None else of(house)

    return said


def _years(since: PartialDate | None, until: dt.date | PartialDate | None) -> str:
    """The whole years from one day to another; blank where they are not certain."""
    if since is None or until is None:
        return ""
    first, last = (until, until) if isinstance(until, dt.date) else (until.earliest, until.latest)
    least, most = _between(since.latest, first), _between(since.earliest, last)
    return str(least) if least == most and least >= 0 else ""


def _between(since: dt.date, until: dt.date) -> int:
    years = until.year - since.year
    return years if anniversary(since, years) <= until else years - 1


def _latest(days: Sequence[PartialDate | None]) -> PartialDate | None:
    """The latest of days; None where one is not known, for it could be the latest."""
    known = [day for day in days if day is not None]
    return max(known, key=lambda day: day.latest) if known and len(known) == len(days) else None


def _age_now(sheet: Sheet) -> str:
    return _years(sheet.entries[0].decided.person.birth_date, sheet.setting.made_on) if sheet.entries else ""


def _age_at_arrest(sheet: Sheet) -> str:
    arrested = _latest([entry.decided.count.cycle.arrested for entry in sheet.entries])
    return _years(sheet.entries[0].decided.person.birth_date, arrested) if sheet.entries else ""


def _years_since(sheet: Sheet) -> str:
    return _years(_latest([entry.decided.count.disposed for entry in sheet.entries]), sheet.setting.made_on)


OF_THE_FORM: Mapping[str, FormMeaning] = MappingProxyType(
    {
        "how_many": FormMeaning("how many entries", lambda s: str(len(s.entries))),
        "times": FormMeaning("x2 and so on where it is more than one", lambda s: _times(len(s.entries))),
        "age_now": FormMeaning("the person's age on the day on the documents", _age_now),
        "age_at_last_arrest": FormMeaning("the age at the last of the arrests", _age_at_arrest),
        "years_since_last_conviction": FormMeaning("whole years since the last of the convictions", _years_since),
        "attorney_name": FormMeaning("who signs", _attorney("name")),
        "attorney_bar_number": FormMeaning("the bar number", _attorney("bar_number")),
        "attorney_title": FormMeaning("the title", _attorney("title")),
        "attorney_agency": FormMeaning("the office", _attorney("agency")),
        "attorney_street": FormMeaning(
            "its address without the last line", _office(lambda a: ", ".join(a.address[:-1]))
        ),
        "attorney_city": FormMeaning("the city of its address", _office(lambda a: _last(a.address, "city"))),
        "attorney_state": FormMeaning("the state", _office(lambda a: _last(a.address, "state"))),
        "attorney_postal_code": FormMeaning("the postal code", _office(lambda a: _last(a.address, "postal"))),
        "attorney_city_line": FormMeaning("the last line of its address", _office(lambda a: a.address[-1])),
        "attorney_telephone": FormMeaning("the telephone", _attorney("telephone")),
        "attorney_fax": FormMeaning("the fax", _attorney("fax")),
        "attorney_email": FormMeaning("the e-mail address", _attorney("email")),
        "attorney_for": FormMeaning("for whom", _attorney("attorney_for")),
        "courthouse_street": FormMeaning("the courthouse's address", _house(lambda h: ", ".join(h.address[:-1]))),
        "courthouse_city_line": FormMeaning("the last line of it", _house(lambda h: h.address[-1])),
        "public_defender": FormMeaning("the public defender", lambda s: s.setting.office.public_defender.name),
    }
)
"""What only a form has, beside what the entries have."""

FORM_MEANINGS: Mapping[str, str] = MappingProxyType(
    {name: one.words for name, one in MEANINGS.items()} | {name: one.words for name, one in OF_THE_FORM.items()}
)
"""Every meaning that a field of a form can have, in words."""


def _times(number: int) -> str:
    return f"x{number}" if number > 1 else ""


def said(meaning: str, sheet: Sheet, date_format: str) -> str:
    """What a meaning gives of a sheet's entries: what they say, each once, joined where they differ."""
    if meaning in OF_THE_FORM:
        return _text(OF_THE_FORM[meaning].of(sheet), date_format)
    subjects = [Subject(entry, row, sheet.setting) for row, entry in enumerate(sheet.entries, 1)]
    found = [_text(MEANINGS[meaning].of(subject), date_format) for subject in subjects]
    return "; ".join(dict.fromkeys(text for text in found if text))


def _text(value: str | PartialDate, date_format: str) -> str:
    if isinstance(value, str):
        return value
    return date_in(date_format, value) if value.exact else str(value)


def _citation(text: str) -> str:
    Section.from_citation(text)
    return text


Citation = Annotated[Line, AfterValidator(_citation)]
"""A section as policies write it; its subdivisions are within it."""


class Only(Table):
    """Which of a sheet's entries something is about: those of which all that is said here holds."""

    statute: Citation | None = None
    other_than: list[Citation] = Field(default_factory=list)
    grade: Literal["felony", "misdemeanor", "infraction"] | None = None
    offense_class: Line | None = Field(default=None, alias="class")
    relief: Identifier | None = None
    convicted_before: dt.date | None = None

    def of(self, entries: Sequence[Entry], setting: Setting) -> tuple[Entry, ...]:
        """Those entries."""
        return tuple([entry for entry in entries if self._holds(entry, setting)])

    def _holds(self, entry: Entry, setting: Setting) -> bool:
        count = entry.decided.count
        if self.statute is not None and not _within(entry, self.statute):
            return False
        if any(_within(entry, citation) for citation in self.other_than):
            return False
        if self.grade is not None and (count.grade is None or count.grade.value != self.grade):
            return False
        if self.offense_class is not None and count.offense_class != self.offense_class:
            return False
        if self.convicted_before is not None and count.disposed_span.before(self.convicted_before) is not Answer.YES:
            return False
        if self.relief is None:
            return True
        relief = setting.relief_of(entry)
        return relief is not None and relief.id == self.relief


def _within(entry: Entry, citation: str) -> bool:
    statute = entry.decided.count.statute
    return statute is not None and statute.section.within(Section.from_citation(citation))


class TextField(Table):
    """A field of text: a meaning of the entries it is about, or a fixed text; ``label`` names it in an attachment."""

    source: str | None = Field(default=None, alias="from")
    text: Line | None = None
    only: Only = Only()
    label: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> TextField:
        if (self.source is None) == (self.text is None):
            raise ValueError("takes from (a meaning), or a text that is the same on every form")
        if self.source is not None and self.source not in FORM_MEANINGS:
            raise ValueError(f"no meaning [{self.source}]{did_you_mean(self.source, FORM_MEANINGS)}")
        return self


class BoxState(Table):
    """What a box is set to: where an entry is such as ``when`` says, or always.

    With ``every`` only where every entry is such, with ``overflow`` only where there are more entries than rows.
    """

    on: Line
    when: Only | None = None
    every: bool = False
    overflow: bool = False

    def holds(self, sheet: Sheet, *, overflow: bool) -> bool:
        """Whether the box is set to this."""
        if self.overflow and not overflow:
            return False
        if self.when is None:
            return True
        such = self.when.of(sheet.entries, sheet.setting)
        return len(such) == len(sheet.entries) if self.every else bool(such)


def _as_text(said: Any) -> Any:
    return {"from": said} if isinstance(said, str) else said


def _as_states(said: Any) -> Any:
    return said if isinstance(said, list) else [said]


Texts = dict[Line, Annotated[TextField, BeforeValidator(_as_text)]]
Boxes = dict[Line, Annotated[list[BoxState], BeforeValidator(_as_states), Field(min_length=1)]]


class Rows(Table):
    """A table of the form: ``{n}`` in the name of a field is the number of the row, from 1 to ``most``."""

    most: Annotated[int, Field(ge=1, le=200)]
    text: Texts = Field(default_factory=dict)
    boxes: Boxes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _numbered(self) -> Rows:
        for name in (*self.text, *self.boxes):
            if name.count(NUMBER) != 1:
                raise ValueError(f"[{name}] needs {NUMBER} once, for the number of the row")
        if not self.text:
            raise ValueError("text: a row needs a field of text at least")
        return self


class FormFile(Table):
    """The whole mapping of one form."""

    form: Line
    title: Line
    revised: Line
    per: Literal["person", "case"] = "case"
    date_format: Line = "MM/DD/YYYY"
    too_long: Literal["attachment", "refuse"] = "attachment"
    other_fields: Literal["refuse", "leave_blank"] = "refuse"
    text: Texts = Field(default_factory=dict)
    boxes: Boxes = Field(default_factory=dict)
    rows: Rows | None = None

    @model_validator(mode="after")
    def _agree(self) -> FormFile:
        check_date_format(self.date_format)
        if not self.text and self.rows is None:
            raise ValueError("text: a form without a field of text says nothing; name one")
        doubled = set(self.text) & set(self.boxes)
        for name in sorted(doubled):
            raise ValueError(f"[{name}] is a text and a box; keep one")
        return self

    def texts(self) -> Iterator[tuple[str, TextField]]:
        """Each field of text by its name in the form, those of every row among them."""
        yield from self.text.items()
        for number, name, field in self._of_rows("text"):
            yield name.replace(NUMBER, str(number)), field

    def states(self) -> Iterator[tuple[str, list[BoxState]]]:
        """Each box by its name in the form, those of every row among them."""
        yield from self.boxes.items()
        for number, name, states in self._of_rows("boxes"):
            yield name.replace(NUMBER, str(number)), states

    def _of_rows(self, what: Literal["text", "boxes"]) -> Iterator[tuple[int, str, Any]]:
        if self.rows is not None:
            for number in range(1, self.rows.most + 1):
                for name, field in getattr(self.rows, what).items():
                    yield number, name, field


@dataclass(frozen=True, slots=True)
class FormMapping:
    """A mapping as it was read; ``name`` is its file's."""

    name: str
    file: FormFile


def read_form_mapping(path: Path) -> FormMapping:
    """Read and check a mapping. Raises UsageError naming file and key."""
    return parse_form_mapping(read_text(path, KIND), base_name(str(path)))


def parse_form_mapping(text: str, name: str) -> FormMapping:
    """Check the text of a mapping. Raises UsageError naming file and key."""
    return FormMapping(name, parse(FormFile, text, name, KIND))


def example_mappings() -> Mapping[str, str]:
    """The mappings that come with this package, by the name of their file, as text to copy and adjust."""
    folder = resources.files("clearslate.filing").joinpath("data/forms")
    files = sorted(folder.iterdir(), key=lambda one: one.name)
    return {file.name: file.read_text("utf-8") for file in files if file.name.endswith(".toml")}
