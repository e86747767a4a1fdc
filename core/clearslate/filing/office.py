"""``office.toml``: who files, before which court, who is served, and what the names in the records stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from clearslate.errors import UsageError, did_you_mean
from clearslate.filing.entry import Entry as Filed
from clearslate.filing.tomlfile import Email, Line, parse, read_text
from clearslate.output.age import read_recipients
from clearslate.policy.load import base_name
from clearslate.policy.schema import Entry

KIND = "office file"
NOT_IN_TABLE = "courthouse not in the table"
"""The heading of the entries whose courthouse the office file does not name."""

OTHERWISE = "otherwise"
"""The key of a referral for every agency that is not named."""

_KEYS = ("age1", "ssh-")
_T = TypeVar("_T")


def _public_key(text: str) -> str:
    if not text.startswith(_KEYS):
        # Not shown: it may be a secret key, pasted here by mistake.
        raise ValueError("is a public key, age1… or ssh-…; give what the public defender's office publishes")
    try:
        read_recipients([text])
    except UsageError as error:
        raise ValueError(str(error)) from error
    return text


PublicKey = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_public_key)]
Address = Annotated[list[Line], Field(min_length=1, max_length=6)]
"""An address, line by line."""


class Attorney(Entry):
    """Who signs: the attorney block of every paper."""

    name: Line
    bar_number: Line
    title: Line
    agency: Line
    address: Address
    telephone: Line
    fax: Line | None = None
    email: Email
    attorney_for: Line


class Court(Entry):
    """The court that is addressed; ``title`` stands in the caption, ``name`` in lists and letters."""

    name: Line
    county: Line
    title: Line
    department: Line | None = None


class Courthouse(Entry):
    """One of the court's houses; ``code`` is what the court's case system calls it."""

    name: Line
    branch: Line
    address: Address
    code: Line | None = None


class PublicDefender(Entry):
    """Who is served, and to whose keys the package is encrypted."""

    name: Line
    address: Address
    email: Email
    recipients: list[PublicKey] = Field(default_factory=list)


class Agency(Entry):
    """An agency that arrested, or an office that referred charges go to."""

    name: Line
    address: Address
    email: Email


class Repository(Entry):
    """The state's repository, and the ``ori`` under which the office or its court reports to it."""

    name: Line
    address: Address
    email: Email
    ori: Line | None = None


class Office(Entry):
    """The whole office file; names of courthouses and agencies are compared without letter case and spacing.

    ``courthouses`` and ``agencies`` go by the name that the records print. ``referrals`` says, for what a policy calls
    the office that decides (``refer_to``), which of ``agencies`` that is, by the agency that arrested.
    """

    attorney: Attorney
    court: Court
    public_defender: PublicDefender
    repository: Repository
    courthouses: dict[Line, Courthouse] = Field(min_length=1)
    agencies: dict[Line, Agency] = Field(default_factory=dict)
    referrals: dict[Line, dict[Line, Line]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _agree(self) -> Office:
        for table in ("courthouses", "agencies", "referrals"):
            _once(table, getattr(self, table))
        offices = {plain(name) for name in self.agencies}
        for word, by_agency in self.referrals.items():
            _once(f"referrals.{word}", by_agency)
            for agency, office in by_agency.items():
                if plain(office) not in offices:
                    hint = did_you_mean(office, self.agencies) or "; add it to [agencies]"
                    raise ValueError(f"referrals.{word}.{agency} is [{office}], which [agencies] does not have{hint}")
        return self

    def courthouse(self, printed: str | None) -> Courthouse | None:
        """The courthouse that records print so; None where the table has none."""
        return None if printed is None else self._courthouses.get(plain(printed))

    def agency(self, printed: str | None) -> Agency | None:
        """The agency that records print so; None where the table has none."""
        return None if printed is None else self._agencies.get(plain(printed))

    def referred(self, refer_to: str, printed: str | None) -> Agency | None:
        """The office that decides what a policy refers ``refer_to``, of an arrest by ``printed``.

        By the table of referrals where there is one, else the entry of [agencies] that is named as the policy says.
        """
        table = self._referrals.get(plain(refer_to))
        if table is None:
            return self.agency(refer_to)
        return self.agency(table.get(plain(printed or ""), table.get(OTHERWISE)))

    @cached_property
    def _courthouses(self) -> dict[str, Courthouse]:
        return _plainly(self.courthouses)

    @cached_property
    def _agencies(self) -> dict[str, Agency]:
        return _plainly(self.agencies)

    @cached_property
    def _referrals(self) -> dict[str, dict[str, str]]:
        return {plain(word): _plainly(table) for word, table in self.referrals.items()}


def _plainly(table: Mapping[str, _T]) -> dict[str, _T]:
    return {plain(name): value for name, value in table.items()}


def _once(table: str, named: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in named:
        if seen.setdefault(plain(name), name) != name:
            raise ValueError(f"{table}: [{name}] stands twice, but for letter case and spaces; keep one")


def plain(name: str) -> str:
    """A printed name without letter case and with single spaces, by which names are compared."""
    return " ".join(name.casefold().split())


def read_office(path: Path) -> Office:
    """Read and check the office file. Raises UsageError naming file and key."""
    return parse_office(read_text(path, KIND), base_name(str(path)))


def parse_office(text: str, name: str = "office.toml") -> Office:
    """Check the text of an office file. Raises UsageError naming file and key."""
    return parse(Office, text, name, KIND)


def example_office() -> str:
    """An office file of the invented state of Oz, with comments; it passes its own check."""
    return resources.files("clearslate.filing").joinpath("data/office.toml").read_text("utf-8")


Printed = Callable[[Filed], str | None]
"""What an entry's record prints of something, such as its courthouse; None where it prints nothing."""


def court_of(entry: Filed) -> str | None:
    """The agency of the court's step, as printed."""
    return entry.decided.count.event.agency


class AtCourthouse(NamedTuple):
    """The entries of one courthouse in the order given; ``courthouse`` is None for those that the table lacks."""

    courthouse: Courthouse | None
    heading: str
    entries: tuple[Filed, ...]


def by_courthouse(entries: Iterable[Filed], office: Office, printed: Printed = court_of) -> tuple[AtCourthouse, ...]:
    """The entries by courthouse, in the order of the table; those that it lacks stand last, under NOT_IN_TABLE."""
    found: dict[int, list[Filed]] = {}
    houses = list(office.courthouses.values())
    # Two names of one house, as records spell it over the years, are one heading.
    first = {id(house): houses.index(house) for house in houses}
    for entry in entries:
        house = office.courthouse(printed(entry))
        found.setdefault(len(houses) if house is None else first[id(house)], []).append(entry)
    groups = []
    for place, taken in sorted(found.items()):
        house = houses[place] if place < len(houses) else None
        heading = NOT_IN_TABLE if house is None else f"{house.name}, {house.branch}"
        groups.append(AtCourthouse(house, heading, tuple(taken)))
    return tuple(groups)


def printable(text: str) -> str:
    """Text of a record as it may be shown: what does not print, such as the signs that steer a terminal, by number."""
    return "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in " ".join(text.split()))


def not_in_table(entries: Iterable[Filed], office: Office, printed: Printed = court_of) -> Mapping[str, int]:
    """How many entries stand at each courthouse that the table lacks, by what the records print, blank for nothing.

    A sign that does not print is given by its number.
    """
    found: Counter[str] = Counter()
    for entry in entries:
        text = printed(entry)
        if office.courthouse(text) is None:
            found[printable(text or "")] += 1
    return dict(sorted(found.items()))
