import datetime as dt

import pytest

from clearslate.errors import PolicyError, UsageError
from clearslate.model import Answer
from clearslate.policy.determination import Outcome
from clearslate.policy.load import PolicySource
from clearslate.policy.policy import Policy
from clearslate.testing.factories import make_count, make_matter
from clearslate_ca_prop64.plugin import CA_PROP64, clearslate_reforms

POLICIES = {
    "bear": None,
    "contra_costa": "Contra Costa",
    "dismiss_all": None,
    "dismiss_all_and_related": None,
    "los_angeles": "Los Angeles",
    "sacramento": "Sacramento",
    "sacramento_2019_02": "Sacramento",
    "san_francisco": "San Francisco",
    "san_joaquin": "San Joaquin",
    "statute": None,
}


def bound(name: str, **settings: str) -> Policy:
    return CA_PROP64.bind(CA_PROP64.find(name), settings)


def rules(policy: Policy) -> list[str]:
    return [rule.id for rule in policy.rules if not rule.opening]


def test_the_plugin_gives_one_reform() -> None:
    assert list(clearslate_reforms()) == [CA_PROP64]


def test_every_policy_of_the_law_is_there_with_its_county() -> None:
    assert {name: bound(name).county for name in CA_PROP64.policies()} == POLICIES


def test_the_statute_is_the_default() -> None:
    assert CA_PROP64.about.default_policy == "statute"


def test_every_policy_was_reviewed_after_it_came_into_force() -> None:
    for source in CA_PROP64.policies().values():
        file = CA_PROP64.read_policy(source)
        assert file.in_force <= file.reviewed_on <= dt.date(2026, 11, 22)


def test_reliefs_stand_from_the_least_to_the_most() -> None:
    assert bound("statute").reliefs == ("redesignate_misdemeanor", "redesignate_infraction", "dismiss_and_seal")


def test_the_same_opening_rules_come_before_every_policy() -> None:
    opening = [rule.id for rule in CA_PROP64.about.rules]
    assert opening[-2:] == ["arrested_after_the_act", "disposed_after_the_act"]
    for name in CA_PROP64.policies():
        assert [rule.id for rule in bound(name).rules][: len(opening)] == opening


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_other_sections_are_in_no_policy_s_scope(name: str) -> None:
    policy = bound(name)
    for text in (
        "11357.5(A) HS-POSSESS",
        "11361(A) HS-MINOR",
        "11366 HS-KEEP PLACE",
        "12220 PC-OTHER",
        "5148 PC-OTHER",
    ):
        assert not policy.may_concern(CA_PROP64.read_statute(text)), text


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_the_four_sections_in_every_spelling_are_in_every_policy_s_scope(name: str) -> None:
    policy = bound(name)
    for text in (
        "11357A HS",
        "11358 HS-",
        "11359HS",
        "664/11360(A) HS-",
        "11357 PC-",
        "11530 HS-",
        "182/11360 PC-",
        "",
    ):
        assert policy.may_concern(CA_PROP64.read_statute(text)), text


def test_only_the_policies_that_take_related_charges_have_them_in_scope() -> None:
    related = CA_PROP64.read_statute("602(L) PC-TRESPASS")
    takers = {name for name in POLICIES if bound(name).may_concern(related)}
    assert takers == {"contra_costa", "san_joaquin", "dismiss_all_and_related"}


def test_only_los_angeles_refers_to_another_office() -> None:
    referring = {name for name in POLICIES if any(rule.decision.outcome is Outcome.REFER for rule in bound(name).rules)}
    assert referring == {"los_angeles"}


def test_every_ground_of_a_county_names_its_row() -> None:
    for name, county in POLICIES.items():
        if county is not None:
            own = [rule for rule in bound(name).rules if not rule.opening]
            cites = [cite for rule in own for cite in rule.citations]
            assert all(cite.startswith(f"{county} pilot, ") and ", row " in cite for cite in cites), name


def test_the_defaults_of_bear_dismiss_every_section() -> None:
    assert bound("bear").parameters == {
        "dismiss": ["11357", "11358", "11359", "11360"],
        "reduce": [],
        "under_21_at_conviction": False,
        "age_threshold": 0,
        "years_since_conviction": 5,
        "years_crime_free": 5,
        "only_prop64": True,
        "deceased": False,
    }


def test_an_option_of_bear_that_is_off_leaves_no_rule() -> None:
    assert rules(bound("bear")) == [
        "dismiss_misdemeanor",
        "dismiss_section",
        "dismiss_old_conviction",
        "dismiss_crime_free",
        "dismiss_only_prop64",
        "no_option_applies",
    ]
    off = {"dismiss": "", "years_since_conviction": "0", "years_crime_free": "0", "only_prop64": "false"}
    assert rules(bound("bear", **off)) == ["dismiss_misdemeanor", "no_option_applies"]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("age_threshold", "39", "from 40 to 65, or 0 for off"),
        ("age_threshold", "66", "from 40 to 65, or 0 for off"),
        ("years_since_conviction", "16", "from 1 to 15, or 0 for off"),
        ("years_crime_free", "-1", "from 1 to 15, or 0 for off"),
        ("dismiss", "11357,11361", "any of 11357, 11358, 11359, 11360"),
        ("reduce", "11359.5", "any of 11357, 11358, 11359, 11360"),
        ("only_prop64", "yes", "true or false"),
    ],
)
def test_an_option_of_bear_outside_its_range_is_refused(name: str, value: str, allowed: str) -> None:
    with pytest.raises(UsageError) as caught:
        bound("bear", **{name: value})
    assert f"[{name}]" in str(caught.value)
    assert allowed in str(caught.value)


@pytest.mark.parametrize("value", ["40", "65", "0"])
def test_the_ends_of_a_range_and_off_are_taken(value: str) -> None:
    assert bound("bear", age_threshold=value).parameters["age_threshold"] == int(value)


def test_los_angeles_speaks_of_the_age_that_the_office_set() -> None:
    policy = bound("los_angeles", age_threshold="60")
    reason = next(rule.because for rule in policy.rules if rule.id == "dismiss_by_age")
    assert reason == "The person is 60 or older."


def test_the_rule_of_one_pound_stands_only_where_it_is_on() -> None:
    assert "over_one_pound" not in rules(bound("san_francisco"))
    assert "over_one_pound" in rules(bound("san_francisco", one_pound_rule="true"))


def test_a_parameter_that_the_policy_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no parameter \[age_treshold\]; did you mean \[age_threshold\]"):
        bound("los_angeles", age_treshold="60")


def test_an_unknown_policy_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no policy \[los_angles\]; did you mean \[los_angeles\]"):
        CA_PROP64.find("los_angles")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("because =", "becuase =", "because"),
        ('is = "deceased"', 'is = "decesed"', "deceased"),
        ('then = "refer"', 'then = "referr"', "refer"),
        ('"$age_threshold"', '"$age_treshold"', "age_threshold"),
        ('relief = "dismiss_and_seal"', 'relief = "dismis_and_seal"', "dismiss_and_seal"),
    ],
)
def test_a_policy_with_a_typo_is_refused_with_what_was_meant(right: str, wrong: str, said: str) -> None:
    source = CA_PROP64.find("los_angeles")
    assert right in source.text
    typo = PolicySource("mine.toml", source.text.replace(right, wrong, 1))
    with pytest.raises(PolicyError) as caught:
        CA_PROP64.read_policy(typo)
    assert "mine.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_statute_that_cannot_be_read_may_be_in_scope() -> None:
    assert CA_PROP64.read_statute("POSS MARIJ") is None
    assert bound("statute").scope[0].predicate.may_concern(None)


def test_an_unlisted_registration_does_not_make_anybody_registered() -> None:
    from clearslate_ca_prop64.predicates import Registered

    asked = Registered(statutes=["PC 290"])
    statute = CA_PROP64.read_statute("290.006 PC-REGISTRATION")
    assert statute is not None
    assert asked.covers(statute.section) is Answer.NO


def relief_of(policy: Policy, text: str, birth: str, disposed: str, grade: str, *flags: str) -> int:
    """How much the policy gives: 0 for nothing certain, more for each relief."""
    arrested = disposed.replace("-06-", "-05-")
    count = make_count(CA_PROP64.read_statute(text), arrested=arrested, disposed=disposed, grade=grade, flags=flags)
    decided = policy.decide(make_matter(count, birth_date=birth, as_of="2019-07-01"))
    assert decided is not None
    return ("", *policy.reliefs).index(decided.decision.relief or "")


@pytest.mark.parametrize("name", sorted(POLICIES))
@pytest.mark.parametrize(
    "text", ["11357(A) HS-", "11357(C) HS-", "11358 HS-", "11359 HS-", "11360(A) HS-", "11360(B) HS-", "11360 HS-"]
)
def test_a_felony_by_its_charge_alone_gets_no_more_than_the_misdemeanor_that_it_may_be(name: str, text: str) -> None:
    policy = bound(name)
    for birth, disposed in (("1950-01-01", "1998-06-01"), ("1990-01-01", "2011-06-01"), ("1998-01-01", "2014-06-01")):
        guessed = relief_of(policy, text, birth, disposed, "felony", "GRADE_GUESSED")
        assert guessed <= relief_of(policy, text, birth, disposed, "misdemeanor"), birth
