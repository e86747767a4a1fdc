"""Violent crimes of the same arrest or case, and other convictions of the same case: certain, open and none."""

from __future__ import annotations

import datetime as dt

import pytest

from clearslate.model import Answer, Count, Event
from clearslate.policy.matter import History, Matter
from clearslate.testing.factories import make_count, make_cycle, make_event, make_person
from clearslate_illinois.predicates import ILLINOIS_PREDICATES, OtherConvictionInCase, ViolentAssociation

AS_OF = dt.date(2026, 6, 1)
ANY, CONVICTION = ViolentAssociation(what="any"), ViolentAssociation(what="conviction")
OTHER = OtherConvictionInCase(statutes=["720 ILCS 550/4", "720 ILCS 550/5"])


def _event(case: str = "1", arrest: str = "1", *, charged: tuple[str | None, ...] = ()) -> Event:
    return make_event(make_cycle(arrest, charged=charged), case)


def _count(
    statute: str | None, event: Event, disposition: str = "convicted", ended: str = "probation", **how: str
) -> Count:
    return make_count(statute, event=event, disposition=disposition, ended=ended, **how)


def _matter(*counts: Count, missing: int = 0) -> Matter:
    person = make_person(*counts, missing_rows=missing)
    return Matter(History(person), person.counts[0], AS_OF)


def _answers(matter: Matter) -> tuple[Answer, Answer]:
    found = ANY.answer(matter), CONVICTION.answer(matter)
    for predicate, answer in zip((ANY, CONVICTION), found, strict=True):
        finding = predicate.ask(matter)
        assert finding.answer is answer
        assert bool(finding.lacked) is (answer is Answer.UNKNOWN)
    return found


YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
CANNABIS = "720 ILCS 550/4(b)"


def test_a_charge_alone_is_associated_with_nothing() -> None:
    assert _answers(_matter(_count(CANNABIS, _event(), offense_class="B"))) == (NO, NO)


@pytest.mark.parametrize(
    ("statute", "offense_class", "disposition", "expected"),
    [
        ("720 ILCS 5/12-3.2(a)(1)", "A", "convicted", (YES, YES)),
        ("720 ILCS 5/12-3.2(a)(1)", "A", "not convicted", (YES, NO)),
        ("720 ILCS 5/12-3.2(a)(1)", "A", "unknown", (YES, UNKNOWN)),
        ("720 ILCS 5/12-3(a)(1)", "A", "convicted", (UNKNOWN, UNKNOWN)),
        ("720 ILCS 5/12-3(a)(1)", "A", "not convicted", (UNKNOWN, NO)),
        ("720 ILCS 5/16A-3", "A", "convicted", (NO, NO)),
        (None, "A", "convicted", (UNKNOWN, UNKNOWN)),
        (None, "A", "not convicted", (UNKNOWN, NO)),
        ("720 ILCS 5/99-9", "4", "convicted", (UNKNOWN, UNKNOWN)),
        ("720 ILCS 5/99-9", "B", "convicted", (NO, NO)),
    ],
)
@pytest.mark.parametrize("same", ["arrest", "case"])
def test_another_charge_of_the_arrest_or_case_may_be_violent(
    statute: str | None, offense_class: str, disposition: str, expected: tuple[Answer, Answer], same: str
) -> None:
    mine = _event("1", "1", charged=(CANNABIS, statute))
    beside = _event("2", "1", charged=(CANNABIS, statute)) if same == "arrest" else _event("1", "2")
    other = _count(statute, beside, disposition, offense_class=offense_class)
    assert _answers(_matter(_count(CANNABIS, mine, offense_class="B"), other)) == expected


def test_a_violent_conviction_of_another_arrest_and_case_is_not_associated() -> None:
    other = _count("720 ILCS 5/18-2", _event("2", "2"), offense_class="X")
    assert _answers(_matter(_count(CANNABIS, _event(), offense_class="B"), other)) == (NO, NO)


def test_a_row_of_the_arrest_that_is_no_count_is_a_charge_too() -> None:
    charged = (CANNABIS, "720 ILCS 5/12-3.2")
    assert _answers(_matter(_count(CANNABIS, _event(charged=charged), offense_class="B"))) == (YES, NO)
    unread = (CANNABIS, None)
    assert _answers(_matter(_count(CANNABIS, _event(charged=unread), offense_class="B"))) == (UNKNOWN, NO)


def test_a_rejected_row_leaves_it_open_unless_something_is_certain() -> None:
    gap = 1
    mine = _count(CANNABIS, _event(), offense_class="B")
    assert _answers(_matter(mine, missing=gap)) == (UNKNOWN, UNKNOWN)
    violent = _count("720 ILCS 5/18-2", _event(), offense_class="X")
    assert _answers(_matter(mine, violent, missing=gap)) == (YES, YES)


def _other(matter: Matter) -> Answer:
    finding = OTHER.ask(matter)
    assert bool(finding.lacked) is (finding.answer is Answer.UNKNOWN)
    return finding.answer


@pytest.mark.parametrize(
    ("statute", "disposition", "ended", "expected"),
    [
        ("720 ILCS 5/16A-3", "convicted", "probation", YES),
        ("720 ILCS 5/16A-3", "not convicted", "dismissed", NO),
        ("720 ILCS 5/16A-3", "unknown", "supervision", YES),
        ("720 ILCS 5/16A-3", "not convicted", "supervision_completed", YES),
        ("720 ILCS 5/16A-3", "unknown", "qualified_probation", UNKNOWN),
        ("720 ILCS 5/16A-3", "not convicted", "qualified_probation_completed", NO),
        ("720 ILCS 550/5(c)", "convicted", "probation", NO),
        ("720 ILCS 550/5.2(c)", "convicted", "probation", YES),
        (None, "convicted", "probation", UNKNOWN),
        (None, "unknown", "supervision", UNKNOWN),
        (None, "not convicted", "dismissed", NO),
    ],
)
def test_another_count_of_the_case_counts_where_it_ended_in_a_conviction_or_supervision(
    statute: str | None, disposition: str, ended: str, expected: Answer
) -> None:
    mine, event = _count(CANNABIS, _event()), _event()
    assert _other(_matter(mine, _count(statute, event, disposition, ended))) is expected
    # Another case of the same arrest is another case.
    assert _other(_matter(mine, _count(statute, _event("2"), disposition, ended))) is NO


def test_a_rejected_row_may_be_another_conviction_of_the_case() -> None:
    assert _other(_matter(_count(CANNABIS, _event()), missing=1)) is UNKNOWN


def test_supervision_with_a_statute_that_cannot_be_read_leaves_a_conviction_certain() -> None:
    theft = _count("720 ILCS 5/16A-3", _event())
    unread = _count(None, _event(), "not convicted", "supervision_completed")
    assert _other(_matter(_count(CANNABIS, _event()), unread, theft)) is YES
    assert _other(_matter(_count(CANNABIS, _event()), unread)) is UNKNOWN


def test_every_predicate_says_in_words_what_it_asks() -> None:
    assert {predicate.name for predicate in ILLINOIS_PREDICATES} == {"violent_association", "other_conviction_in_case"}
    assert ANY.words() == "the same arrest or case also has a charge of a violent crime"
    assert CONVICTION.denial() == "the same arrest or case has no conviction of a violent crime"
    assert OTHER.words() == (
        "the same case has a conviction or supervision for something other than 720 ILCS 550/4 or 720 ILCS 550/5"
    )
    assert OTHER.denial().startswith("the same case has no conviction or supervision")
