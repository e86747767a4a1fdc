"""Parameters: typed on the command line, checked by type and range, spoken in the reason."""

import pytest

from clearslate.errors import UsageError
from clearslate.policy.policy import Policy
from clearslate.testing.oz import OZ


def emerald(**settings: str) -> Policy:
    return OZ.bind(OZ.find("emerald_city"), settings)


def rules(policy: Policy) -> list[str]:
    return [rule.id for rule in policy.rules if not rule.opening]


def test_without_settings_every_parameter_has_its_default() -> None:
    assert emerald().parameters == {
        "crime_free_years": 10,
        "age_threshold": 0,
        "markets_count": False,
        "grades": ["felony", "misdemeanor"],
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("crime_free_years", "1", 1),
        ("crime_free_years", "15", 15),
        ("age_threshold", "0", 0),
        ("age_threshold", "40", 40),
        ("markets_count", "true", True),
        ("markets_count", "FALSE", False),
        ("grades", "felony", ["felony"]),
        ("grades", " felony , infraction ", ["felony", "infraction"]),
    ],
)
def test_a_setting_is_read_by_its_type(name: str, text: str, value: object) -> None:
    assert emerald(**{name: text}).parameters[name] == value


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("crime_free_years", "0", "takes a number from 1 to 15; [0] was given"),
        ("crime_free_years", "16", "takes a number from 1 to 15; [16] was given"),
        ("crime_free_years", "ten", "takes a whole number"),
        ("crime_free_years", "1.5", "takes a whole number"),
        ("crime_free_years", "", "takes a whole number"),
        ("age_threshold", "39", "takes a number from 40 to 65, or 0 for off"),
        ("markets_count", "1", "takes true or false"),
        ("grades", "felony,felon", "takes any of felony, misdemeanor, infraction"),
    ],
)
def test_a_setting_outside_its_range_is_refused_with_what_it_takes(name: str, text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        emerald(**{name: text})
    assert f"parameter [{name}]" in str(caught.value)
    assert says in str(caught.value)


def test_an_unknown_parameter_is_refused_with_what_was_meant() -> None:
    with pytest.raises(UsageError, match=r"no parameter \[age_treshold\]; did you mean \[age_threshold\]"):
        emerald(age_treshold="40")
    with pytest.raises(UsageError, match="it has no parameters"):
        OZ.bind(OZ.find("statute"), {"age": "40"})


def test_a_rule_stands_only_while_its_parameter_is_on() -> None:
    assert rules(emerald()) == ["crime_free", "city_decides"]
    assert rules(emerald(age_threshold="40")) == ["old_enough", "crime_free", "city_decides"]
    assert rules(emerald(markets_count="true")) == ["market_sale", "crime_free", "city_decides"]


def test_the_reason_and_the_grounds_say_the_value_in_force() -> None:
    policy = emerald(crime_free_years="7", grades="felony")
    rule = policy.rules[-2]
    assert rule.because == "No conviction in the past 7 years; grades felony."
    assert [ground.words for ground in rule.grounds] == [
        "the conviction is a felony",
        "the person has no conviction in the past 7 years",
    ]


def test_settings_do_not_change_the_digest_of_the_text() -> None:
    assert emerald().digest == emerald(age_threshold="40").digest
