"""Persons of a later file, matched with those of the vault as the reader matches rows: by key and by identifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clearslate.errors import InputError
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.lookup import known
from clearslate.ingest.reader import Reading
from clearslate.model import Count
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class Past:
    """A person as the vault knows them: key, identifiers and birth dates, each in its plain form."""

    key: str
    identifiers: frozenset[str]
    births: frozenset[str]


@dataclass(slots=True, repr=False)
class Present:
    """A person of a later file. ``damaged``: a row that may be theirs cannot be read; ``shared``: others are they, too.

    ``counts`` are those that are or may be convictions.
    """

    label: str
    births: frozenset[str]
    damaged: bool
    shared: bool
    counts: Sequence[Count] = field(default=())


def past(store: Store, person: int) -> Past:
    """What a record of the vault is known by. Raises VaultError."""
    told: Mapping[str, Any] = Record.read(store.get(Kind.PERSON, person)).known
    return Past(
        plain_key(told.get("subject", "")), frozenset(told.get("identifiers", ())), frozenset(told.get("births", ()))
    )


def plain_key(text: str) -> str:
    """A person's key as the reader compares it: without letter case and spacing."""
    return "".join(text.casefold().split())


class People:
    """The persons of a later file whom somebody of the vault may be."""

    def __init__(self, reading: Reading, wanted: Iterable[Past]) -> None:
        """Look for those that are wanted. Raises InputError where a file cannot be read, or not in this way."""
        if not isinstance(reading, DelimitedReading):
            raise InputError("files of this format cannot be compared with a vault; name one of another --format")
        asked = list(wanted)
        keys = {one.key for one in asked}
        identifiers = {text for one in asked for text in one.identifiers}
        survey = reading.survey
        shared = set(survey.people.shared.tolist())
        self._by_key: dict[str, list[Present]] = {}
        self._by_identifier: dict[str, list[Present]] = {}
        found: dict[str, Present] = {}
        for number, told in known(reading):
            label = survey.people.labels[number]
            key = plain_key(label)
            named = identifiers.intersection(told.identifiers)
            if key not in keys and not named:
                continue
            births = frozenset(told.births)
            person = found[label] = Present(label, births, number in survey.missing, number in shared)
            self._by_key.setdefault(key, []).append(person)
            for identifier in named:
                self._by_identifier.setdefault(identifier, []).append(person)
        for block in reading.blocks():
            for one in block.persons(lambda _: True):
                if one.person_id in found:
                    found[one.person_id].counts = one.counts
        self._unread = {plain_key(reject.person) for reject in reading.rejects if reject.person}

    def of(self, one: Past) -> Sequence[Present]:
        """The persons who may be somebody of the vault, each once."""
        present = list(self._by_key.get(one.key, ()))
        for identifier in one.identifiers:
            present += self._by_identifier.get(identifier, ())
        return list({person.label: person for person in present}.values())

    def is_unread(self, one: Past) -> bool:
        """Whether a row with the person's key could not be read."""
        return one.key in self._unread
