"""Who is meant by two facts: a name, a birth date, an identifier, a case number."""

from __future__ import annotations

from dataclasses import dataclass

from clearslate.errors import UsageError
from clearslate.vault import lookup
from clearslate.vault.lookup import Told
from clearslate.vault.records import Record
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """What somebody says of a person, each in its plain form; at least two are needed."""

    name: str = ""
    born: str = ""
    identifier: str = ""
    case: str = ""

    @property
    def given(self) -> dict[str, str]:
        """Those that were said, by the name that a record knows them by."""
        said = {"names": self.name, "births": self.born, "identifiers": self.identifier, "cases": self.case}
        return {name: text for name, text in said.items() if text}


def find(store: Store, facts: Facts) -> list[int]:
    """The numbers of the persons of whom every fact is so, in order. Raises UsageError for fewer than two facts."""
    if len(facts.given) < 2:
        raise UsageError("two facts are needed to look somebody up: of name, birth date, identifier and case number")
    if facts.identifier:
        first = Told(lookup.IDENTIFIER, facts.identifier)
    elif facts.case:
        first = Told(lookup.CASE, facts.case)
    else:
        first = lookup.named(facts.name, facts.born)
    return [person for person in lookup.find(store, first) if _all_so(store, person, facts)]


def by_subject(store: Store, subject: str) -> list[int]:
    """The numbers of the persons with this person id."""
    return lookup.find(store, Told(lookup.SUBJECT, subject))


def _all_so(store: Store, person: int, facts: Facts) -> bool:
    known = Record.read(store.get(Kind.PERSON, person)).known
    said = dict(known, names=[lookup.unordered(name) for name in known.get("names", ())])
    given = dict(facts.given, **({"names": lookup.unordered(facts.name)} if facts.name else {}))
    return all(text in said.get(name, ()) for name, text in given.items())
