"""What there was to see when an attorney had a word on a charge: the person's whole record, as a digest."""

from __future__ import annotations

import hashlib
from typing import Any

from clearslate.model import Count, Person
from clearslate.output.decided import Decided
from clearslate.output.determinations import charge_cells
from clearslate.policy.said import said
from clearslate.vault import spelling


class Eyes:
    """Digests what is decided, person by person: the part that all charges of a person share is made once."""

    def __init__(self) -> None:
        self._person: Person | None = None
        self._record = ""

    def see(self, one: Decided) -> str:
        """The digest of a charge within its record.

        A rule that was not walked, or that found the same in another conviction, leaves no trace of it; a word is about
        all of it. Where anything stands in the files, and in which order, is no part; nor are name, sex and race.
        """
        if one.person is not self._person:
            self._person, self._record = one.person, _digest(_record(one.person))
        return _digest([self._record, _charge(one.count)])


def _record(person: Person) -> list[Any]:
    registrations = [[said(one.statute), said(one.registered)] for one in person.registrations]
    return [
        sorted(map(_charge, person.counts), key=repr),
        sorted(registrations),
        [said(person.birth_date), person.deceased, person.shares_identifier, len(person.missing_rows)],
        sorted(person.flags),
    ]


def _charge(count: Count) -> list[Any]:
    about = (
        count.disposition, count.offense_class, count.ended, count.committed, count.disposed, count.sentence,
        count.cycle.arrested, count.event.agency,
    )  # fmt: skip
    return [
        list(charge_cells(count)),
        [said(value) for value in about],
        sorted(said(one) for one in count.relieved),
        sorted(said(one) for one in count.cycle.charged),
        sorted(count.flags),
        sorted([name, said(value)] for name, value in count.facts.items()),
    ]


def _digest(told: list[Any]) -> str:
    return hashlib.sha256(spelling.spelled(told)).hexdigest()[:32]
