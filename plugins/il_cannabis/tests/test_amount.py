"""What a charge can have been: the table of amounts and classes, and the evidence that narrows it."""

import datetime as dt

import pytest

from clearslate.errors import PolicyError
from clearslate.model import Statute
from clearslate.testing.factories import make_count, make_statute
from clearslate_il_cannabis.amount import ACT, CLASSES, TIERS, Tier, read_tiers, readings_of
from clearslate_illinois.statutes import read_statute

HEAD = "act,section,subdivision,since,until,over,most,first,subsequent,authority,citation\n"
ROW = "720 ILCS 550,4,A,1971-08-16,2016-07-29,0,2.5,C,C,statute,720 ILCS 550/4(a)\n"


def grams(text: str, day: str = "2010-03-01", **how: object) -> list[tuple[float, float | None, str]]:
    """Everything that a charge can have been: the amount and the class."""
    how = {"grade": None, "committed": day, "arrested": day, "disposed": "2019-01-01", **how}
    found = readings_of(make_count(read_statute(text), **how))  # type: ignore[arg-type]
    assert found is not None
    return [(one.over, one.most, one.offense_class) for one in found]


def tiers(section: str, day: dt.date) -> list[Tier]:
    """The rows of a section in force on a day."""
    return [
        tier
        for tier in TIERS
        if (tier.act, tier.section) == (ACT, section) and tier.since <= day and (tier.until is None or day < tier.until)
    ]


@pytest.mark.parametrize("section", ["4", "5"])
@pytest.mark.parametrize("year", [1971, 1983, 1996, 1998, 2015, 2017, 2026])
def test_the_subsections_of_any_day_cover_every_amount_without_a_gap(section: str, year: int) -> None:
    found = tiers(section, dt.date(year, 9, 24))
    assert found[0].over == 0
    assert found[-1].most is None
    assert [tier.most for tier in found[:-1]] == [tier.over for tier in found[1:]]
    assert [tier.subdivision for tier in found] == list("ABCDEFG"[: len(found)])


@pytest.mark.parametrize("day", [dt.date(1997, 8, 14), dt.date(1997, 8, 15)])
def test_the_highest_amount_was_split_on_15_august_1997(day: dt.date) -> None:
    assert len(tiers("4", day)) == (5 if day < dt.date(1997, 8, 15) else 7)


def test_a_graver_amount_is_never_of_a_lesser_class() -> None:
    order = ["civil", "C", "B", "A", "4", "3", "2", "1", "X"]
    for section in ("4", "5"):
        for year in (1990, 2010, 2020):
            found = tiers(section, dt.date(year, 1, 1))
            ranks = [order.index(tier.first) for tier in found]
            assert ranks == sorted(ranks)
            assert all(order.index(tier.first) <= order.index(tier.subsequent) for tier in found)


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("720 ILCS 550/4(a)", "2016-07-28", [(0, 2.5, "C")]),
        ("720 ILCS 550/4(a)", "2016-07-29", [(0, 10, "civil")]),
        ("720 ILCS 550/4(c)", "2016-07-28", [(10, 30, "A"), (10, 30, "4")]),
        ("720 ILCS 550/4(c)", "2016-07-29", [(30, 100, "A"), (30, 100, "4")]),
        ("720 ILCS 550/4(d)", "2016-07-28", [(30, 500, "4"), (30, 500, "3")]),
        ("720 ILCS 550/4(e)", "1997-08-14", [(500, None, "3")]),
        ("720 ILCS 550/4(e)", "1997-08-15", [(500, 2000, "3")]),
        ("720 ILCS 550/4(f)", "1997-08-14", []),
        ("720 ILCS 550/5(c)", "2010-03-01", [(10, 30, "4")]),
        ("720 ILCS 550/5(g)", "2010-03-01", [(5000, None, "X")]),
        ("56.5-705-B", "1985-03-01", [(2.5, 10, "A")]),
        ("720-5/8-4(720-550/4(E))", "2010-03-01", [(500, 2000, "A")]),
        ("720-5/8-4(720-550/4(F))", "2010-03-01", [(2000, 5000, "3")]),
        ("720-5/8-4(720-550/5(G))", "2010-03-01", [(5000, None, "1")]),
        ("720-5/8-4(720-550/4(B))", "2010-03-01", [(2.5, 10, "B")]),
        ("720 ILCS 550/4(b)", "1971-08-15", []),
        ("720 ILCS 550/4(h)", "2010-03-01", []),
    ],
)
def test_a_subsection_and_its_day_say_the_amount_and_the_class(
    text: str, day: str, expected: list[tuple[float, float | None, str]]
) -> None:
    assert grams(text, day) == expected


def test_a_deeper_subdivision_is_of_its_subsection() -> None:
    assert grams("720 ILCS 550/5(e)(3)") == grams("720 ILCS 550/5(e)")


def test_two_dates_on_two_sides_of_a_change_leave_both_texts() -> None:
    both = grams("720 ILCS 550/4(c)", committed="2016-07-28", arrested="2016-07-29")
    assert both == grams("720 ILCS 550/4(c)", "2016-07-28") + grams("720 ILCS 550/4(c)", "2016-07-29")


def test_an_arrest_without_the_day_of_the_offense_leaves_the_earlier_text_too() -> None:
    assert len(grams("720 ILCS 550/4(c)", committed=None, arrested="2017-01-01")) == 4
    assert len(grams("720 ILCS 550/4(c)", committed=None, arrested="2016-07-28")) == 2


def test_a_disposition_bounds_an_offense_without_any_other_day() -> None:
    assert len(grams("720 ILCS 550/4(c)", committed=None, arrested=None, disposed="2016-07-28")) == 2


def test_grams_a_class_and_a_grade_each_narrow_it() -> None:
    assert grams("720 ILCS 550/4", facts={"grams": 20}) == [(20, 20, "A"), (20, 20, "4")]
    assert grams("720 ILCS 550/4", offense_class="B") == [(2.5, 10, "B")]
    assert grams("720 ILCS 550/5", grade="misdemeanor") == [(0, 2.5, "B"), (2.5, 10, "A")]
    assert grams("720 ILCS 550/4(d)", facts={"class_4_or_misdemeanor": False}) == [(30, 500, "3")]


@pytest.mark.parametrize("grams_said", [True, "20", float("nan"), None])
def test_what_is_no_number_of_grams_says_nothing(grams_said: object) -> None:
    assert grams("720 ILCS 550/4(b)", facts={"grams": grams_said}) == [(2.5, 10, "B")]


@pytest.mark.parametrize("letter", ["M", "P", "O", "U", "Z", "a"])
def test_a_letter_that_is_no_class_says_nothing(letter: str) -> None:
    assert letter not in CLASSES
    assert grams("720 ILCS 550/4(b)", offense_class=letter) == [(2.5, 10, "B")]


def test_evidence_that_disagrees_leaves_nothing() -> None:
    assert grams("720 ILCS 550/4(b)", offense_class="A") == []
    assert grams("720 ILCS 550/4(b)", facts={"grams": 30}) == []
    assert grams("720 ILCS 550/4(b)", grade="felony") == []
    assert grams("720 ILCS 550/4(a)", "2017-01-01", offense_class="C") == []
    assert grams("720 ILCS 550/4(b)", ended="civil_violation") == []
    assert grams("720 ILCS 550/4", facts={"grams": 0}) == []


def test_the_class_column_of_an_attempt_may_be_that_of_the_offense_attempted() -> None:
    attempt = "720-5/8-4(720-550/5(D))"
    assert grams(attempt, offense_class="3") == grams(attempt, offense_class="A") == [(30, 500, "A")]
    assert grams(attempt, offense_class="2") == []


@pytest.mark.parametrize(
    "statute",
    [None, *(make_statute(text) for text in ("720 ILCS 550/5.2(d)", "720 ILCS 570/4(d)", "720 ILCS 550/8(a)"))],
)
def test_another_section_has_no_readings(statute: Statute | None) -> None:
    assert readings_of(make_count(statute)) is None


def test_casual_delivery_is_read_as_possession_without_a_subsection() -> None:
    assert grams("720 ILCS 550/6", offense_class="A") == grams("720 ILCS 550/4", offense_class="A")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("1971-08-16", "1971"), (",C,C,", ",D,C,"), ("statute", "hearsay"), (",A,", ",AB,"), ("720 ILCS 550/4(a)", "")],
)
def test_a_row_of_the_table_that_makes_no_sense_is_refused_by_its_number(right: str, wrong: str) -> None:
    assert len(read_tiers("mine.csv", HEAD + ROW)) == 1
    with pytest.raises(PolicyError, match=r"table \[mine\.csv\] row 2: \["):
        read_tiers("mine.csv", HEAD + ROW + ROW.replace(right, wrong, 1))
