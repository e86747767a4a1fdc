import datetime as dt
from typing import Any

import pytest

from clearslate.errors import PolicyError, UsageError
from clearslate.policy.determination import Determination, Outcome, RouteRuling
from clearslate.policy.load import PolicySource
from clearslate.policy.policy import Policy
from clearslate.testing.factories import make_count, make_matter
from clearslate_il_cannabis.plugin import IL_CANNABIS, clearslate_reforms

ROUTES = ("ordinary", "civil_auto", "auto_le", "pending_dismiss", "ind_motion", "sa_motion", "prb_pardon")


def bound(**settings: str) -> Policy:
    return IL_CANNABIS.bind(IL_CANNABIS.find("statute"), settings)


def decided(text: str, *, settings: dict[str, str] | None = None, **how: Any) -> Determination:
    how = {"grade": None, "ended": "probation", "committed": "2010-05-01", **how}
    count = make_count(IL_CANNABIS.read_statute(text), **how)
    got = bound(**settings or {}).decide(make_matter(count, as_of="2026-06-01"))
    assert got is not None
    return got


def route(got: Determination, relief: str) -> RouteRuling:
    return next(one for one in got.routes if one.relief == relief)


def test_the_plugin_gives_one_reform() -> None:
    assert list(clearslate_reforms()) == [IL_CANNABIS]


def test_it_decides_charges_of_illinois_by_the_statute() -> None:
    about = IL_CANNABIS.about
    assert (about.jurisdiction, about.decides, about.default_policy) == ("Illinois", "charges", "statute")
    assert about.readers == ["il_ccsao", "il_clerk"]


def test_every_relief_has_its_route() -> None:
    assert tuple(relief.id for relief in IL_CANNABIS.about.reliefs) == ROUTES
    assert tuple(one.relief for one in bound().routes) == ROUTES


def test_every_relief_tells_a_person_who_is_not_a_citizen_to_ask_first() -> None:
    for relief in IL_CANNABIS.about.reliefs:
        assert "immigration lawyer" in relief.effect
        assert "federal agencies can still see" in relief.effect


def test_the_expungement_by_the_police_says_that_the_court_file_stays() -> None:
    effect = next(relief.effect for relief in IL_CANNABIS.about.reliefs if relief.id == "auto_le")
    assert "circuit court's file stays" in effect


def test_the_policy_was_reviewed_after_it_came_into_force() -> None:
    file = IL_CANNABIS.read_policy(IL_CANNABIS.find("statute"))
    assert dt.date(2019, 6, 25) == file.in_force <= file.reviewed_on <= dt.date(2026, 11, 28)


def test_every_parameter_leaves_an_open_point_to_a_person_or_denies() -> None:
    assert bound().parameters == {
        "review_attempts": True,
        "review_casual_delivery": True,
        "review_later_convictions": True,
        "review_mixed_cases": True,
        "individual_needs_completion": True,
        "any_disposition_bars_pardon": False,
        "margin_years": 3,
        "reinstatement_days": 160,
    }


def test_only_what_a_court_or_a_person_must_still_settle_stands_before_the_routes() -> None:
    opening = [rule for rule in bound().rules if rule.opening]
    assert [rule.id for rule in opening] == [rule.id for rule in IL_CANNABIS.about.rules]
    assert {rule.decision.outcome for rule in opening} == {Outcome.REVIEW, Outcome.INELIGIBLE}


def test_no_route_ends_in_a_grant() -> None:
    for one in bound().routes:
        assert one.rules[-1].decision.outcome is Outcome.REVIEW
        assert not one.rules[-1].grounds


def test_every_grant_names_how_the_charge_ended() -> None:
    for one in bound().routes:
        for rule in one.rules:
            if rule.decision.outcome is Outcome.ELIGIBLE:
                assert "came_to" in {ground.predicate.name for ground in rule.grounds}, rule.id


def test_every_rule_about_a_contradiction_asks_whether_there_is_one() -> None:
    for rule in bound().rules:
        asks = {ground.predicate.name for ground in rule.grounds} & {"record_contradicts", "flagged"}
        assert rule.contradiction is bool(asks), rule.id


@pytest.mark.parametrize(
    "text",
    [
        "720 ILCS 550/4(d)",
        "720 ILCS 550/4c",
        "720-550\\5(B)",
        "56.5-704-D",
        "720-5/8-4(720-550/5(D))",
        "720-570/4(D)",
        "720-550/5.2(D)",
        "720-550/6",
        "720/550-8-4",
        "720 ILCS 600/3.5(a)",
        "21 USC 844(a)",
        "720 ILCS 570/402(c) / 720 ILCS 550/4(d)",
        "AR",
    ],
)
def test_every_spelling_of_a_cannabis_charge_is_in_scope(text: str) -> None:
    assert bound().may_concern(IL_CANNABIS.read_statute(text))


@pytest.mark.parametrize(
    "text", ["720-570/402(C)", "38-19-1-A", "720 ILCS 5/31A-1.1(e)", "625-5/11-501(A)", "21 USC 841"]
)
def test_other_offenses_are_out_of_scope(text: str) -> None:
    assert not bound().may_concern(IL_CANNABIS.read_statute(text))


def test_one_conviction_may_have_three_routes_at_once() -> None:
    got = decided("720 ILCS 550/4(b)")
    assert got.granted == ("ind_motion", "sa_motion", "prb_pardon")
    assert str(got.decision) == "eligible: prb_pardon"


def test_a_conviction_that_is_no_class_4_felony_is_not_marked_for_notice() -> None:
    assert "PRB_STATES_ATTORNEY_NOTICE" not in decided("720 ILCS 550/4(b)").flags
    assert "PRB_STATES_ATTORNEY_NOTICE" in decided("720 ILCS 550/5(c)").flags
    assert "PRB_STATES_ATTORNEY_NOTICE" not in decided("720 ILCS 550/4(d)", offense_class="4").flags


def test_a_conviction_alone_in_its_arrest_is_not_marked_for_two_readings() -> None:
    assert decided("720 ILCS 550/4(b)").flags == ()


def test_a_presumption_is_told_where_it_is_made() -> None:
    for relief in ("auto_le", "pending_dismiss", "prb_pardon"):
        grants = [rule for one in bound().routes if one.relief == relief for rule in one.rules]
        for rule in grants:
            if rule.decision.outcome is Outcome.ELIGIBLE:
                assert "Section 7" in rule.because, rule.id


@pytest.mark.parametrize("years", [2021, 2023, 2025])
def test_a_deadline_is_told_with_its_last_day(years: int) -> None:
    rule = next(rule for rule in bound().rules if rule.id == f"auto_le_{years}")
    assert f"before 1 January {years}" in rule.because
    assert f"31 December {years - 1}" in rule.because


def test_the_days_until_a_stricken_charge_is_dismissed_can_be_set() -> None:
    how: dict[str, Any] = {
        "ended": "stricken",
        "disposition": "not convicted",
        "disposed": "2025-12-01",
        "sentence": (),
    }
    assert route(decided("720 ILCS 550/4(b)", **how), "ordinary").decision.outcome is Outcome.ELIGIBLE
    later = decided("720 ILCS 550/4(b)", settings={"reinstatement_days": "365"}, **how)
    assert route(later, "ordinary").rule == "stricken_and_may_be_reinstated"
    assert "365 days" in route(later, "ordinary").reason


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("margin_years", "11", "from 0 to 10"),
        ("reinstatement_days", "119", "from 120 to 730"),
        ("review_attempts", "perhaps", "true or false"),
    ],
)
def test_a_value_outside_its_range_is_refused(name: str, value: str, allowed: str) -> None:
    with pytest.raises(UsageError) as caught:
        bound(**{name: value})
    assert f"[{name}]" in str(caught.value)
    assert allowed in str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("because =", "becuase =", "because"),
        ('is = "came_to"', 'is = "come_to"', "came_to"),
        ('"$margin_years"', '"$margin_year"', "margin_years"),
        ('relief = "ordinary"', 'relief = "ordinery"', "ordinary"),
        ('fact = "citation_satisfied"', 'fact = "citation_satsified"', "citation_satisfied"),
    ],
)
def test_a_policy_with_a_typo_is_refused_with_what_was_meant(right: str, wrong: str, said: str) -> None:
    source = IL_CANNABIS.find("statute")
    assert right in source.text
    typo = PolicySource("mine.toml", source.text.replace(right, wrong, 1))
    with pytest.raises(PolicyError) as caught:
        IL_CANNABIS.read_policy(typo)
    assert "mine.toml" in str(caught.value)
    assert said in str(caught.value)
