"""Titles against statutes, and the amounts that subsections stood for by the day of the offense."""

from __future__ import annotations

import datetime as dt

import pytest

from clearslate.model import Section, Span
from clearslate_illinois.descriptions import Deed, Drug, describe, disagrees
from clearslate_illinois.statutes import read_statute
from clearslate_illinois.tiers import Amount, tiers


def _on(text: str) -> Span:
    day = dt.date.fromisoformat(text)
    return Span(day, day)


@pytest.mark.parametrize(
    ("title", "drug", "deed", "amount"),
    [
        ("POSS CANNABIS 30-500 GRAMS", Drug.CANNABIS, Deed.POSSESSION, (30, 500)),
        ("POSS OF CANABIS", Drug.CANNABIS, Deed.POSSESSION, None),
        ("POSSESSION OF CANNIBIS", Drug.CANNABIS, Deed.POSSESSION, None),
        ("POSS.CANNABIS", Drug.CANNABIS, Deed.POSSESSION, None),
        ("POSS.CANN.W/INTENT", Drug.CANNABIS, Deed.DELIVERY, None),
        ("POSS CANN 2000<5000GR W/INTENT", Drug.CANNABIS, Deed.DELIVERY, (2000, 5000)),
        ("UNLAWFUL POSS.OF CANNABIS", Drug.CANNABIS, Deed.POSSESSION, None),
        ("POSSESION", None, Deed.POSSESSION, None),
        ("CASUAL DEL CAN/10-30 GRAM/1ST", Drug.CANNABIS, Deed.CASUAL, (10, 30)),
        ("CAS DEL CAN/30-500 GRAMS/SUBQ", Drug.CANNABIS, Deed.CASUAL, (30, 500)),
        ("MFG/DEL CANNABIS/2.5-10 GRAMS", Drug.CANNABIS, Deed.DELIVERY, (2.5, 10)),
        ("BRING/POSS/CANNABIS/PENAL INST", Drug.CANNABIS, Deed.ELSE, None),
        ("Poss. Of Cann. 30-500g", Drug.CANNABIS, Deed.POSSESSION, (30, 500)),
        ("Del. Of Cann. 30-500g", Drug.CANNABIS, Deed.DELIVERY, (30, 500)),
        ("POSS.CONT.SUB.W/INTENT", Drug.OTHER, Deed.DELIVERY, None),
        ("POSS CANNABIS OVER 5,000 GRAMS", Drug.CANNABIS, Deed.POSSESSION, (5000, None)),
        ("POSS CANNABIS LESS THAN 2.5 GRAMS", Drug.CANNABIS, Deed.POSSESSION, (0, 2.5)),
        ("POSS CANNABIS <10 GRAMS", Drug.CANNABIS, Deed.POSSESSION, (0, 10)),
        ("POSS CANNABIS 500 - 30 GRAMS", Drug.CANNABIS, Deed.POSSESSION, None),
        ("CANNABIS GRAMS", Drug.CANNABIS, None, None),
        ("THEFT", None, None, None),
        ("", None, None, None),
    ],
)
def test_what_a_title_says(
    title: str, drug: Drug | None, deed: Deed | None, amount: tuple[float, float | None] | None
) -> None:
    said = describe(title)
    assert (said.drug, said.deed) == (drug, deed)
    assert said.amount == (None if amount is None else Amount(*amount))


@pytest.mark.parametrize(
    ("title", "printed", "day", "expected"),
    [
        ("POSS.CANNABIS", "720-550/4(C)", "2010-01-01", False),
        ("POSS.CANNABIS", "720-550/5(C)", "2010-01-01", True),
        ("POSSESSION OF CANNABIS", "720-550/5(B)", "2010-01-01", True),
        ("POSS.CONT.SUB.W/INTENT", "720-550/5(B)", "2010-01-01", True),
        ("DEL CANNABIS", "720-550/4(C)", "2010-01-01", True),
        ("CASUAL DEL CAN", "720-550/4(C)", "2010-01-01", True),
        ("CASUAL DEL CAN", "720-550/6", "2010-01-01", False),
        ("POSS CANNABIS", "720-570/402(C)", "2010-01-01", True),
        ("BRING/POSS/CANNABIS/PENAL INST", "720-5/31A-1.1(E)", "2010-01-01", False),
        ("POSS CANNABIS 10-30 GRAMS", "720-550/4(C)", "2016-07-28", False),
        ("POSS CANNABIS 10-30 GRAMS", "720-550/4(C)", "2016-07-29", True),
        ("POSS CANNABIS 30-100 GRAMS", "720-550/4(C)", "2016-07-29", False),
        ("POSS CANNABIS 10-30 GRAMS", "720-550/5(C)", "2016-07-29", False),
        ("MFG/DEL CANNABIS 10-30 GRAMS", "720-550/5(C)", "2016-07-29", False),
        ("POSS CANNABIS 30-500 GRAMS", "720-550/4", "2010-01-01", False),
        ("POSS CANNABIS OVER 5000 GRAMS", "720-550/4(E)", "1995-01-01", False),
        ("POSS CANNABIS OVER 5000 GRAMS", "720-550/4(E)", "2000-01-01", True),
    ],
)
def test_whether_a_title_says_other_than_the_statute(title: str, printed: str, day: str, expected: bool) -> None:
    statute = read_statute(printed)
    assert statute is not None
    if title == "POSS CANNABIS 10-30 GRAMS" and "5(C)" in printed:
        # Possession is no delivery, whatever the amount.
        expected = True
    assert disagrees(title, statute, _on(day)) is expected


def test_a_day_that_is_not_known_leaves_every_version_possible() -> None:
    section = Section("720 ILCS 550", "4", ("C",))
    assert tiers(section, Span()) == (Amount(10, 30), Amount(30, 100))
    assert tiers(section, _on("2016-07-28")) == (Amount(10, 30),)
    assert tiers(section, _on("2016-07-29")) == (Amount(30, 100),)
    assert tiers(Section("720 ILCS 550", "4", ("E",)), _on("1997-08-14")) == (Amount(500, None),)
    assert tiers(Section("720 ILCS 550", "4", ("E",)), _on("1997-08-15")) == (Amount(500, 2000),)
    assert tiers(Section("720 ILCS 550", "5", ("C",)), Span()) == (Amount(10, 30),)
    assert tiers(Section("720 ILCS 550", "5.2", ("C",)), Span()) == ()
    assert tiers(Section("720 ILCS 550", "4"), Span()) == ()
    assert tiers(Section("720 ILCS 570", "4", ("C",)), Span()) == ()
