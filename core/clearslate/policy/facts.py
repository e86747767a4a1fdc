"""Facts that a decision used or lacked, and the question that would supply one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from clearslate.model import Answer, Place

FACT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "statute": "the statute",
        "arrested": "the date of the arrest",
        "committed": "the date of the offense",
        "disposed": "the date of the disposition",
        "disposition": "how the charge came out",
        "ended": "how the charge ended",
        "class": "the class of the offense",
        "as_of": "the day of decision",
        "grade": "whether it was a felony, a misdemeanor or an infraction",
        "county": "the county",
        "case": "the other counts of the case",
        "cycle": "the other charges of the arrest",
        "birth_date": "the birth date",
        "deceased": "whether the person has died",
        "sentence": "the length of the sentence",
        "relieved": "whether relief was already given",
        "other_convictions": "the person's other convictions",
        "identity": "whose record it is",
        "registration": "the offense that the registration is for",
        "flags": "what the reader noticed",
    }
)
"""The core's fact names in plain words; a plugin's own are added by its reform file."""


class Fact(NamedTuple):
    """One fact: its name, what the record says (None when it does not), and where that stands.

    ``value`` may be personal; it is shown only where the user asked for an explanation. ``said_by`` names the person
    who supplied it, where no record states it.
    """

    name: str
    value: Any = None
    place: Place | None = None
    said_by: str | None = None


class Finding(NamedTuple):
    """What a predicate answered, on which facts, and which it lacked."""

    answer: Answer
    used: tuple[Fact, ...] = ()
    lacked: tuple[Fact, ...] = ()
