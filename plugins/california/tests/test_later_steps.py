"""What the reader makes of steps behind a conviction: set-asides, reductions, refusals, revocations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clearslate.model import Disposition, Grade, Relief


@pytest.mark.parametrize("section", ["1203.4", "1203.4A", "1203.41"])
def test_a_dismissal_after_probation_is_a_flag_and_no_count(oz: Any, section: str) -> None:
    person = oz.person(oz.court(), oz.step(DISP_DESCR=f"CONV SET ASIDE & DISM PER {section} PC"))
    (count,) = person.counts
    assert count.relieved == (Relief.DISMISSED_AFTER_PROBATION,)
    assert "DISMISSED_1203_4" in count.flags


@pytest.mark.parametrize(
    "text", ["CONVICTION VACATED PER 1473.7 PC", "CONV SET ASIDE", "REVERSED ON APPEAL", "DISMISSED PER 1385 PC"]
)
def test_a_vacated_conviction_is_relieved(oz: Any, text: str) -> None:
    assert oz.count(oz.court(), oz.step(DISP_DESCR=text)).relieved == (Relief.VACATED,)


def test_relief_under_the_same_law_is_found_in_the_disposition_and_in_the_comment(oz: Any) -> None:
    for cells in (
        {"DISP_DESCR": "DISM/SEALED PER 11361.8(F) HS"},
        {"DISP_DESCR": "SEALED", "COMMENT_TEXT": "HS 11361.8"},
    ):
        assert oz.count(oz.court(), oz.step(**cells)).relieved == (Relief.SAME_LAW,)
    assert oz.count(oz.court(COMMENT_TEXT="RELIEVED UNDER 11361.8 HS")).relieved == (Relief.SAME_LAW,)


def test_refused_relief_under_the_same_law_is_a_question(oz: Any) -> None:
    assert oz.count(oz.court(), oz.step(DISP_DESCR="PETITION DENIED 11361.8 HS")).relieved == (Relief.UNCLEAR,)


def test_a_refused_motion_changes_nothing(oz: Any) -> None:
    count = oz.count(oz.court(), oz.step(DISP_DESCR="MOTION TO VACATE DENIED"))
    assert (count.relieved, count.flags) == ((), ())


def test_a_reduction_makes_a_misdemeanor(oz: Any) -> None:
    count = oz.count(oz.court(), oz.step(DISP_DESCR="REDUCED TO MISD PER 17(B) PC"))
    assert (count.grade, count.relieved) == (Grade.MISDEMEANOR, (Relief.REDUCED,))
    assert "REDUCED_17B" in count.flags


def test_a_reduction_that_names_no_grade_leaves_it_unknown(oz: Any) -> None:
    count = oz.count(oz.court(), oz.step(DISP_DESCR="17(B) PC"))
    assert (count.grade, count.relieved) == (None, ())
    assert "LATER_ACTION_UNCLEAR" in count.flags


def test_a_revocation_makes_the_sentence_run_from_its_day(oz: Any) -> None:
    revoked = oz.step(
        DISP_DESCR="PROBATION REVOKED",
        STP_EVENT_DATE="20120401",
        SENT_LOC_DESCR="JAIL",
        SENT_LENGTH="1",
        SENT_TIME_CODE="Y",
    )
    ends = oz.count(oz.court(SENT_LENGTH="0"), revoked).sentence_ends
    assert ends.latest == dt.date(2013, 4, 1)


def test_a_revocation_without_a_sentence_leaves_the_end_unknown(oz: Any) -> None:
    assert oz.count(oz.court(), oz.step(DISP_DESCR="PROBATION REVOKED")).sentence_ends.latest is None


def test_a_later_step_is_for_the_count_of_its_number_and_section(oz: Any) -> None:
    rows = [
        oz.court(),
        oz.court(CNT_ORDER="101002002000", OFFENSE_DESCR="11358 HS-CULTIVATE"),
        oz.step(CNT_ORDER="101003002000", OFFENSE_DESCR="11358 HS-CULTIVATE", DISP_DESCR="CONVICTION VACATED"),
    ]
    first, second = oz.person(*rows).counts
    assert (first.relieved, first.flags) == ((), ())
    assert second.relieved == (Relief.VACATED,)


def test_a_later_step_for_one_of_two_convictions_is_unclear_for_both(oz: Any) -> None:
    rows = [
        oz.court(),
        oz.court(CNT_ORDER="101002002000"),
        oz.step(CNT_ORDER="101003009000", DISP_DESCR="CONVICTION VACATED"),
    ]
    counts = oz.person(*rows).counts
    assert [count.relieved for count in counts] == [(Relief.UNCLEAR,)] * 2
    assert all("LATER_ACTION_UNCLEAR" in count.flags for count in counts)


def test_an_unclear_dismissal_after_probation_is_only_flagged(oz: Any) -> None:
    rows = [
        oz.court(),
        oz.court(CNT_ORDER="101002002000"),
        oz.step(CNT_ORDER="101003009000", DISP_DESCR="SET ASIDE 1203.4 PC"),
    ]
    for count in oz.person(*rows).counts:
        assert (count.relieved, count.flags) == ((), ("LATER_ACTION_UNCLEAR",))


def test_a_later_step_on_another_charge_relieves_nothing(oz: Any) -> None:
    rows = [oz.court(), oz.step(OFFENSE_DESCR="459 PC-BURGLARY", DISP_DESCR="CONVICTION VACATED")]
    count = oz.count(*rows)
    assert (count.relieved, count.flags) == ((), ("LATER_ACTION_UNCLEAR",))


def test_a_step_of_another_cycle_relieves_nothing(oz: Any) -> None:
    count = oz.count(oz.court(), oz.step(CNT_ORDER="102003001000", DISP_DESCR="CONVICTION VACATED"))
    assert (count.relieved, count.flags) == ((), ())


def test_a_later_step_without_a_disposition_may_have_relieved(oz: Any) -> None:
    first, second = oz.person(oz.court(), oz.step(DISP_DESCR="")).counts
    assert (first.relieved, first.grade) == ((Relief.UNCLEAR,), None)
    assert second.disposition is Disposition.UNKNOWN


def test_a_later_dismissal_of_the_very_charge_is_unclear(oz: Any) -> None:
    assert oz.count(oz.court(), oz.step(DISP_DESCR="DISMISSED")).relieved == (Relief.UNCLEAR,)
    assert oz.count(oz.court(), oz.step(CNT_ORDER="101003002000", DISP_DESCR="DISMISSED")).relieved == ()


def test_a_conviction_that_a_row_of_its_own_key_dismisses_is_unclear(oz: Any) -> None:
    assert oz.count(oz.court(), oz.step(CNT_ORDER="101002001000", DISP_DESCR="DISMISSED")).relieved == (Relief.UNCLEAR,)


def test_a_conviction_set_aside_under_its_own_key_is_vacated(oz: Any) -> None:
    row = oz.step(CNT_ORDER="101002001000", DISP_DESCR="CONV SET ASIDE")
    count = oz.count(oz.court(), row)
    assert count.relieved == (Relief.VACATED,)
    assert len(count.sentence) == 1
