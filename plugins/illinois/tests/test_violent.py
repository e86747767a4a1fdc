"""Violent crimes: sections that the law names, those that depend on force or injury, and those that are none."""

from __future__ import annotations

import pytest

from clearslate.model import Answer, Section, Statute
from clearslate_illinois.statutes import read_statute
from clearslate_illinois.violent import ROWS, is_violent


@pytest.mark.parametrize(
    ("printed", "offense_class", "answer"),
    [
        # Named by the law.
        ("720-5/12-3.2(A)(1)", "A", "yes"),
        ("720 ILCS 5/12-7.3", "4", "yes"),
        ("720 ILCS 5/12-3.4", "A", "yes"),
        ("720 ILCS 5/12-30", "A", "yes"),
        ("720 ILCS 5/11-20.1", "3", "yes"),
        ("720 ILCS 5/9-3", "2", "yes"),
        ("720 ILCS 5/11-1.50", "A", "yes"),
        # Felonies whose element is force.
        ("720 ILCS 5/9-1(a)(1)", "M", "yes"),
        ("720 ILCS 5/18-1", "2", "yes"),
        ("38-18-2", "X", "yes"),
        ("720 ILCS 5/12-3.05(d)(4)", "2", "yes"),
        ("720 ILCS 5/12-4(b)(8)", "3", "yes"),
        ("720 ILCS 5/12-4(b)(8)", None, "yes"),
        # Force or injury is no element.
        ("720 ILCS 5/12-3(a)(1)", "A", "unknown"),
        ("625 ILCS 5/11-501(a)(2)", "A", "unknown"),
        ("720 ILCS 5/33A-2(a)", "X", "unknown"),
        ("720 ILCS 5/19-1(a)", "2", "unknown"),
        ("720 ILCS 5/12-2", "4", "unknown"),
        ("720 ILCS 5/12-2", None, "unknown"),
        ("720 ILCS 5/99-9", "4", "unknown"),
        ("720 ILCS 5/99-9", None, "unknown"),
        ("720 ILCS 5/16-1(a)(3)", "3", "unknown"),
        # None.
        ("720 ILCS 550/4(d)", "4", "no"),
        ("720 ILCS 550/5.2(c)", None, "no"),
        ("720 ILCS 570/401(a)", "X", "no"),
        ("720 ILCS 5/16-1(a)(1)", "3", "no"),
        ("720 ILCS 5/16-1", "3", "no"),
        ("720 ILCS 5/16A-3", "A", "no"),
        ("720 ILCS 5/17-3", "3", "no"),
        ("720 ILCS 5/24-1.6(a)(1)", "4", "no"),
        ("430 ILCS 65/2", "3", "no"),
        ("625 ILCS 5/6-303", "4", "no"),
        ("720 ILCS 5/31A-1.1(e)", "1", "no"),
        ("21 USC 844", None, "no"),
        ("720 ILCS 5/12-1", "C", "no"),
        ("720 ILCS 5/12-2", "A", "no"),
        ("720 ILCS 5/99-9", "B", "no"),
        ("720 ILCS 5/99-9", "P", "no"),
        # Attempts follow; one of a felony may be a misdemeanor, which is none of the first group.
        ("720-5/8-4(18-2)", "1", "yes"),
        ("720-5/8-4(12-4)", "A", "unknown"),
        ("720-5/8-4(12-4)", None, "unknown"),
        ("720-5/8-4(720-550/5(D))", "A", "no"),
        ("720 ILCS 5/8-4", "A", "unknown"),
        ("720-5/8-2(9-1)", "X", "unknown"),
        ("720-5/8-2(720-570/401(A))", "X", "no"),
        ("720-550/4(D) 720-5/18-2", "X", "yes"),
    ],
)
def test_whether_a_charge_is_of_a_violent_crime(printed: str, offense_class: str | None, answer: str) -> None:
    statute = read_statute(printed)
    assert statute is not None
    assert is_violent(statute, offense_class) is Answer(answer)


def test_what_cannot_be_read_may_be_violent() -> None:
    assert is_violent(None, "A") is Answer.UNKNOWN


def test_an_act_that_is_unclear_makes_no_lesser_offense_harmless() -> None:
    statute = read_statute("720 ILCS 5/4(d)")
    assert is_violent(statute, "A") is Answer.UNKNOWN


def test_a_federal_offense_of_another_title_is_not_known_to_be_harmless() -> None:
    assert is_violent(Statute(Section("18 USC", "922")), None) is Answer.UNKNOWN


def test_every_row_says_what_it_rests_on() -> None:
    assert len(ROWS) > 100
    assert len({row.section for row in ROWS}) == len(ROWS)
    assert {row.strength for row in ROWS} == {"statute", "inference", "memory"}
