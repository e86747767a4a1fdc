"""Letters to the people cleared: what happened, what it means, and what it does not do, in their language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from clearslate.errors import LedgerError, UsageError, did_you_mean
from clearslate.filing.addresses import LINES, Address, is_named
from clearslate.filing.documents import Typesetter, template
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.meanings import CourtOrder, Setting, squeezed
from clearslate.filing.office import Office
from clearslate.filing.tomlfile import Line, parse, read_text
from clearslate.model import PartialDate
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate.policy.load import base_name
from clearslate.policy.schema import Entry as Table
from clearslate.policy.schema import Identifier, ReliefEntry, Text

KIND = "letter file"
FILE, UNSENT = "letters.csv", "letters_not_sent.csv"
COLUMNS = (
    "file", "letter", "person_id", "name", *LINES, "postal_code", "language", "entries", "case_numbers", "reliefs",
)  # fmt: skip
UNSENT_COLUMNS = ("person_id", "entries", "reason")
VOLUME = 250
"""How many letters one PDF holds; more make several, in the same order."""

NO_ADDRESS, DECEASED, NO_LETTER = "no address", "deceased by the record", "a character that no font has"
OTHER_NAME, NO_NAME = "the name is another than in the record", "the record has no name to compare"
"""Why a letter is not sent."""

_CODE = re.compile("[a-z]{2,3}")

PLACEHOLDERS: Mapping[str, str] = {
    "name": "the person, as the address file has it",
    "made_on": "the day on the letter",
    "court": "the court",
    "county": "the court's county",
    "agency": "the office that writes",
    "attorney": "who signs",
    "telephone": "the office's telephone",
    "email": "its e-mail address",
    "defender": "the public defender's office",
    "defender_email": "its e-mail address",
}
"""What a text may name in braces, and nothing else."""


def _plainly_named(text: str) -> str:
    """A text whose braces name placeholders."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError("a brace stands alone; write {{ or }} for a brace") from error
    for _, name, form, conversion in pieces:
        if name is None:
            continue
        if name not in PLACEHOLDERS or form or conversion:
            raise ValueError(f"{{{name}}} is no placeholder{did_you_mean(name, PLACEHOLDERS)}")
    return text


Said = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_plainly_named)]
"""A text that may have placeholders."""


class EffectEntry(Table):
    """What a relief means, in the letter's words; ``english`` is the reform's own text of which this is made.

    A letter in English may leave out ``text``: it then says what the reform says. ``asked_by`` says who asked the
    court for the relief.
    """

    reform: Identifier
    relief: Identifier
    asked_by: Literal["office", "person"]
    english: Text
    title: Text
    text: Text | None = None


class NoCourtEntry(Table):
    """The reliefs of a reform that no court orders, so that no letter can say that one did."""

    reform: Identifier
    reliefs: list[Identifier] = Field(min_length=1)


class LetterFile(Table):
    """The whole text of a letter in one language."""

    language: Annotated[str, StringConstraints(pattern=f"^{_CODE.pattern}$")]
    months: list[Line] = Field(min_length=12, max_length=12)
    date: Line
    subject: Said
    greeting: Said
    opening: list[Said] = Field(min_length=1)
    asked_by_office: Said
    asked_by_person: Said
    asked_by_both: Said
    columns: list[Line] = Field(min_length=5, max_length=5)
    meaning_heading: Line
    limits_heading: Line
    limits: list[Said] = Field(min_length=3)
    closing_heading: Line
    closing: list[Said] = Field(min_length=1)
    farewell: Said
    no_court: list[NoCourtEntry] = Field(default_factory=list)
    effects: list[EffectEntry] = Field(default_factory=list)

    @model_validator(mode="after")
    def _agree(self) -> LetterFile:
        names = sorted(name for _, name, _, _ in Formatter().parse(self.date) if name is not None)
        if names != ["day", "month", "year"]:
            raise ValueError("date takes {day}, {month} and {year} once each")
        keys = [(effect.reform, effect.relief) for effect in self.effects]
        for reform, relief in keys:
            if keys.count((reform, relief)) > 1:
                raise ValueError(f"effects: relief [{relief}] of reform [{reform}] stands twice; keep one")
        for one in self.effects:
            if one.text is None and self.language != "en":
                raise ValueError(f"effects: relief [{one.relief}] of reform [{one.reform}] needs a text")
        return self

    def day(self, when: PartialDate | None) -> str:
        """A date as far as it is known."""
        if when is None:
            return ""
        if not when.exact:
            return str(when)
        return self.date.format(day=when.day, month=self.months[(when.month or 1) - 1], year=when.year)


def letter_files(own: Iterable[Path] = ()) -> Mapping[str, LetterFile]:
    """The texts by language: those of this package, and the office's own in their place. Raises UsageError."""
    folder = resources.files("clearslate.filing").joinpath("data/letters")
    found: dict[str, LetterFile] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        text = parse_letter(file.read_text("utf-8"), file.name)
        found[text.language] = text
    given: set[str] = set()
    for path in own:
        text = parse_letter(read_text(path, KIND), base_name(str(path)))
        if text.language in given:
            raise UsageError(f"{KIND} [{base_name(str(path))}] is a second one for [{text.language}]; give one")
        given.add(text.language)
        found[text.language] = text
    return found


def parse_letter(text: str, name: str) -> LetterFile:
    """Check the text of a letter file. Raises UsageError naming file and key."""
    return parse(LetterFile, text, name, KIND)


class Sent(NamedTuple):
    """What was written: letters, the entries in them, people without a letter, and what waits for the court's order.

    ``unused`` counts the addresses of people who get no letter.
    """

    letters: int
    entries: int
    not_sent: int
    entries_not_sent: int
    entries_waiting: int
    unused: int


class Effect(NamedTuple):
    """What a letter says of a relief: its title, what it means, and who asked the court for it."""

    title: str
    meaning: str
    asked_by: Literal["office", "person"]


class _Mail(NamedTuple):
    address: Address
    text: LetterFile
    entries: tuple[Entry, ...]


def letters(
    entries: Iterable[Entry],
    setting: Setting,
    addresses: Mapping[str, Address],
    folder: Folder,
    *,
    typesetter: Typesetter | None = None,
    files: Mapping[str, LetterFile] | None = None,
    language: str = "en",
    volume: int = VOLUME,
) -> Sent:
    """Write a letter to each person on whom the court has ordered, in mailing order, and a table for the merge.

    A letter says what a court did, so that what is granted waits for its order. Raises UsageError, before anything is
    written, for a language or the text of a relief that is not there, and for a day before that of an order.
    """
    texts = letter_files() if files is None else files
    check_language(language, texts, "the default language")
    people: dict[str, list[Entry]] = {}
    waiting = 0
    for entry in entries:
        if entry.standing is not Standing.GRANTED:
            continue
        order = setting.order_of(entry)
        if order is None:
            waiting += 1
        else:
            _check_day(order, setting)
            people.setdefault(entry.decided.person.person_id, []).append(entry)
    typesetter = typesetter or Typesetter(setting.made_on)
    unshown = _unshown(addresses.values(), typesetter)
    mail, unsent = [], []
    for person, granted in people.items():
        address = addresses.get(person.strip())
        reason = NO_ADDRESS if address is None or not address.lines else ""
        if address is not None and not reason:
            reason = _unfit(address, granted, unshown)
        if granted[0].decided.person.deceased:
            reason = DECEASED
        if address is None or reason:
            unsent.append((person, len(granted), reason))
            continue
        chosen = address.language or language
        check_language(chosen, texts, "the address file's column [language]")
        mail.append(_Mail(address, texts[chosen], tuple(granted)))
    mail.sort(key=lambda one: one.address.in_mailing_order)
    _check_effects(mail, setting)
    _write_unsent(unsent, folder)
    written = _write_letters(mail, setting, folder, typesetter, volume)
    not_sent = sum(number for _, number, _ in unsent)
    if written + not_sent != sum(map(len, people.values())):
        raise LedgerError("the letters do not add up to what the court ordered; report it")
    named = {one.address.person_id for one in mail}
    return Sent(len(mail), written, len(unsent), not_sent, waiting, len(set(addresses) - named))


def _check_day(order: CourtOrder, setting: Setting) -> None:
    if order.ordered_on > setting.made_on:
        raise UsageError(
            f"the letters are of [{setting.made_on.isoformat()}] and would tell of an order of "
            f"[{order.ordered_on.isoformat()}]; give that day with --on, or a later one"
        )


def _unfit(address: Address, granted: Sequence[Entry], unshown: frozenset[str]) -> str:
    """Why a letter cannot go to an address: blank where it can."""
    if not unshown.isdisjoint("".join((address.name, *address.lines))):
        return NO_LETTER
    # A table that is out of step by a row would tell strangers what stands in a record.
    named = [entry.decided.person.names for entry in granted]
    if not all(any(squeezed(name) for name in names) for names in named):
        return NO_NAME
    if not all(is_named(address.name, names) for names in named):
        return OTHER_NAME
    return ""


def _unshown(addresses: Iterable[Address], typesetter: Typesetter) -> frozenset[str]:
    """The characters of names and addresses that no font has: an envelope with a number in their place goes nowhere."""
    found = {sign for one in addresses for text in (one.name, *one.lines) for sign in text if not sign.isascii()}
    if not found or typesetter.has_all(sorted(found)):
        return frozenset()
    return frozenset(sign for sign in found if not typesetter.has_all([sign]))


def check_language(language: str, texts: Mapping[str, LetterFile], where: str) -> None:
    """Raise UsageError where there is no letter in a language."""
    if language not in texts:
        # Whatever is no code of a language may have come from another column, and is not shown.
        shown = f" in [{language}]" if _CODE.fullmatch(language) else " in that"
        raise UsageError(f"{where}: no letter{shown}{did_you_mean(language, texts)}")


def _check_effects(mail: Sequence[_Mail], setting: Setting) -> None:
    for one in mail:
        for entry in one.entries:
            relief = setting.relief_of(entry)
            if relief is not None:
                effect(one.text, setting.reform.id, relief)


def effect(text: LetterFile, reform: str, relief: ReliefEntry) -> Effect:
    """What a letter in a language says of a relief.

    Raises UsageError where the letter has nothing of it, or was made of another text than the reform's of today, and
    for a relief that no court orders.
    """
    own = next((one for one in text.effects if (one.reform, one.relief) == (reform, relief.id)), None)
    where = f"the letter in [{text.language}]"
    if any(one.reform == reform and relief.id in one.reliefs for one in text.no_court):
        raise UsageError(
            f"no court orders relief [{relief.id}] of reform [{reform}], so there is no letter about it; name the "
            "relief that letters are about with --relief"
        )
    if own is None:
        raise UsageError(
            f"{where} does not say what relief [{relief.id}] of reform [{reform}] means once a court has ordered it; "
            "add it under [[effects]] of a letter file"
        )
    if squeezed(own.english) != squeezed(relief.effect):
        raise UsageError(
            f"{where} says what relief [{relief.id}] of reform [{reform}] means, by an older text; look at it again, "
            "and put the reform's text of today into [english]"
        )
    return Effect(squeezed(own.title), squeezed(own.text or relief.effect), own.asked_by)


def _write_unsent(unsent: Sequence[tuple[str, int, str]], folder: Folder) -> None:
    file = folder.create(UNSENT)
    rows = [line((person, str(number), reason)) for person, number, reason in sorted(unsent)]
    file.write(header_line(UNSENT_COLUMNS) + encoded("".join(rows)), len(rows))
    file.close()


def _write_letters(mail: Sequence[_Mail], setting: Setting, folder: Folder, typesetter: Typesetter, volume: int) -> int:
    source = template("clearslate.filing", "templates/letters.typ")
    parts = range(0, len(mail), volume)
    digits = max(3, len(str(len(parts))))
    rows: list[str] = []
    for number, start in enumerate(parts, 1):
        some = mail[start : start + volume]
        name = "letters.pdf" if len(parts) == 1 else f"letters_{number:0{digits}d}.pdf"
        data = {
            "title": "Letters",
            "office": _letterhead(setting.office),
            "letters": [_letter(one, setting) for one in some],
        }
        file = folder.create(name)
        file.write(typesetter.pdf(name, source, data).data)
        file.close()
        rows += [line(_merged(name, place, one, setting)) for place, one in enumerate(some, 1)]
    file = folder.create(FILE)
    file.write(header_line(COLUMNS) + encoded("".join(rows)), len(rows))
    file.close()
    return sum(len(one.entries) for one in mail)


def _letterhead(office: Office) -> dict[str, Any]:
    attorney = office.attorney
    return {
        "agency": attorney.agency,
        "address": attorney.address,
        "contact": [attorney.telephone, attorney.email],
        "signed": [attorney.name, attorney.title, attorney.agency],
    }


def _letter(one: _Mail, setting: Setting) -> dict[str, Any]:
    """What the template shows of one letter."""
    text, office = one.text, setting.office
    values = {
        "name": one.address.name,
        "made_on": text.day(PartialDate.of(setting.made_on)),
        "court": office.court.name,
        "county": office.court.county,
        "agency": office.attorney.agency,
        "attorney": office.attorney.name,
        "telephone": office.attorney.telephone,
        "email": office.attorney.email,
        "defender": office.public_defender.name,
        "defender_email": office.public_defender.email,
    }
    said = {
        name: [squeezed(part.format(**values)) for part in getattr(text, name)]
        for name in ("opening", "limits", "closing")
    }
    meanings: dict[str, list[str]] = {}
    asked = set()
    rows = []
    for entry in one.entries:
        relief, order = setting.relief_of(entry), setting.order_of(entry)
        if relief is None or order is None:
            raise LedgerError("a letter is about an entry without a relief or an order; report it")
        own = effect(text, setting.reform.id, relief)
        meanings[relief.id] = [own.title, own.meaning]
        asked.add(own.asked_by)
        rows.append(_row(entry, setting, text, own.title, order))
    who = getattr(text, f"asked_by_{asked.pop() if len(asked) == 1 else 'both'}")
    said["opening"][-1] += f" {squeezed(who.format(**values))}"
    return {
        **said,
        "lang": text.language,
        "to": [one.address.name, *one.address.lines],
        "made_on": values["made_on"],
        "subject": squeezed(text.subject.format(**values)),
        "greeting": squeezed(text.greeting.format(**values)),
        "columns": list(text.columns),
        "rows": rows,
        "meaning_heading": text.meaning_heading,
        "meanings": list(meanings.values()),
        "limits_heading": text.limits_heading,
        "closing_heading": text.closing_heading,
        "farewell": squeezed(text.farewell.format(**values)),
    }


def _row(entry: Entry, setting: Setting, text: LetterFile, title: str, order: CourtOrder) -> list[str]:
    count = entry.decided.count
    return [
        "; ".join([squeezed(number) for number in count.event.case_numbers]),
        squeezed(count.offense) or ("" if count.statute is None else str(count.statute)),
        text.day(count.disposed),
        title,
        text.day(PartialDate.of(order.ordered_on)),
    ]


def _merged(file: str, place: int, one: _Mail, setting: Setting) -> tuple[str, ...]:
    address = one.address
    lines = [*address.lines, *[""] * len(LINES)][: len(LINES)]
    reliefs = [relief.id for relief in map(setting.relief_of, one.entries) if relief is not None]
    cases = [squeezed(number) for entry in one.entries for number in entry.decided.count.event.case_numbers]
    return (
        file,
        str(place),
        address.person_id,
        address.name,
        *lines,
        address.postal_code,
        one.text.language,
        str(len(one.entries)),
        "; ".join(dict.fromkeys(cases)),
        "; ".join(dict.fromkeys(reliefs)),
    )
