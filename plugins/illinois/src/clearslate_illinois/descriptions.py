"""What the words of an offense's title say, and whether they say other than its statute.

Titles are typed beside the statute, and one of the two is often wrong. Nobody can tell which from the record, so a
title that disagrees is noticed and never believed. Words are compared whole.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from clearslate.model import Section, Span, Statute
from clearslate_illinois.acts import CANNABIS
from clearslate_illinois.tiers import Amount, tiers

_WORD = re.compile(r"[A-Z]+|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[<>]|-")
_LONGEST = 400


class Drug(enum.Enum):
    """What a title says the substance was."""

    CANNABIS = "cannabis"
    OTHER = "another"


class Deed(enum.Enum):
    """What a title says was done."""

    POSSESSION = "possession"
    DELIVERY = "delivery"
    CASUAL = "casual delivery"
    ELSE = "something else"


class Description(NamedTuple):
    """What a title says, as far as it does."""

    drug: Drug | None
    deed: Deed | None
    amount: Amount | None


_CANNABIS_WORDS = frozenset(
    {"CANNABIS", "CANABIS", "CANNIBIS", "CANNBIS", "CANNABI", "CANN", "CAN", "MARIJUANA", "MARIHUANA", "HASHISH"}
)
_OTHER_DRUGS = frozenset(
    {"CONTROLLED", "CONT", "CONTR", "SUBSTANCE", "SUB", "SUBS", "COCAINE", "HEROIN", "METH", "METHAMPHETAMINE"}
    | {"FENTANYL", "MORPHINE", "PCP", "LSD", "ECSTASY", "AMPHETAMINE", "NARCOTIC", "NARCOTICS", "KETAMINE"}
)
_POSSESSION = frozenset({"POSS", "POSSESS", "POSSESSION", "POSSESION", "POSSESSING", "PCS"})
_DELIVERY = frozenset(
    {"INTENT", "INT", "PWID", "PWITD", "MFG", "MFR", "MANU", "MANUF", "MANUFACTURE", "MANUFACTURING", "DEL", "DELIV"}
    | {"DELIVER", "DELIVERY", "DELIVERING", "SALE", "SELL"}
)
_CASUAL = frozenset({"CASUAL", "CAS"})
_ELSE = frozenset(
    {"PLANT", "PLANTS", "PARAPHERNALIA", "PARA", "PENAL", "SCHOOL", "SCH", "TRAFFICKING", "TRAFFIC", "CONSPIRACY"}
)
_GRAMS = frozenset({"G", "GR", "GM", "GMS", "GRAM", "GRAMS", "GRMS"})
_UNDER = frozenset({"<", "UNDER", "LESS"})
_OVER = frozenset({">", "OVER", "MORE"})


@lru_cache(maxsize=1 << 14)
def describe(title: str) -> Description:
    """What a title says of the drug, the deed and the amount in grams."""
    words = _WORD.findall(title[:_LONGEST].upper())
    found = frozenset(words)
    drug = None
    if found & _CANNABIS_WORDS:
        drug = Drug.CANNABIS
    elif found & _OTHER_DRUGS:
        drug = Drug.OTHER
    return Description(drug, _deed(found), _amount(words))


def _deed(words: frozenset[str]) -> Deed | None:
    for deed, said in (
        (Deed.ELSE, _ELSE),
        (Deed.CASUAL, _CASUAL),
        (Deed.DELIVERY, _DELIVERY),
        (Deed.POSSESSION, _POSSESSION),
    ):
        if words & said:
            return deed
    return None


def _amount(words: Sequence[str]) -> Amount | None:
    """``30-500 GRAMS``, ``2000<5000GR``, ``<2.5 GRAMS``, ``OVER 5000 GRAMS``; None where no amount in grams is read."""
    for at, word in enumerate(words):
        if word not in _GRAMS or at == 0 or not words[at - 1][0].isdigit():
            continue
        high = _number(words[at - 1])
        before = words[at - 2] if at >= 2 else ""
        if at >= 3 and before in ("-", "<", "TO") and words[at - 3][0].isdigit():
            low = _number(words[at - 3])
            return Amount(low, high) if low < high else None
        if before in _UNDER or (before == "THAN" and at >= 3 and words[at - 3] in _UNDER):
            return Amount(0.0, high)
        if before in _OVER or (before == "THAN" and at >= 3 and words[at - 3] in _OVER):
            return Amount(high, None)
        return None
    return None


def _number(word: str) -> float:
    return float(word.replace(",", ""))


@lru_cache(maxsize=1 << 14)
def disagrees(title: str, statute: Statute, when: Span) -> bool:
    """Whether a title says something else than the statute: of the drug, of what was done, or of the amount.

    ``when`` are the days of the offense, on which the amounts of the subsections depend. Only the sections on
    possession and delivery of cannabis are compared with a title, and any statute with one that names cannabis.
    """
    said = describe(title)
    meant = _meant(statute.section)
    if meant is None:
        of_cannabis = statute.section.code == CANNABIS or _is_penal_institution(statute.section)
        return said.drug is Drug.CANNABIS and said.deed in (Deed.POSSESSION, Deed.DELIVERY) and not of_cannabis
    if said.drug is Drug.OTHER:
        return True
    if said.deed is not None and said.deed is not meant:
        return True
    if said.amount is None:
        return False
    amount = said.amount
    limits = tiers(statute.section, when)
    return bool(limits) and not any(amount.within(limit) or limit.within(amount) for limit in limits)


def _meant(section: Section) -> Deed | None:
    if section.code != CANNABIS:
        return None
    return {"4": Deed.POSSESSION, "5": Deed.DELIVERY}.get(section.number)


def _is_penal_institution(section: Section) -> bool:
    return section.number.startswith("31A-")
