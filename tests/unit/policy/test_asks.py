"""A rule for review names the facts whose answers would settle it."""

from __future__ import annotations

import pytest

from clearslate.errors import PolicyError
from clearslate.testing.factories import make_count, make_matter

RULE = """
[[rules]]
id = "sold_or_not"
then = "review"
asks = ["sold", "jars"]
because = "Whether it was sold decides."
[[rules.when]]
cite = "ZZ Acts 2016 c. 1 s 3"
test = { is = "grade_in", grades = ["felony"] }
"""


def decide(reform, **facts):
    return reform.bind(reform.find("statute")).decide(make_matter(make_count("ZZ 100", facts=facts)))


def test_what_a_review_asks_for_is_missing_until_it_is_answered(make_reform) -> None:
    reform = make_reform(RULE)
    assert [fact.name for fact in decide(reform).missing] == ["sold", "jars"]
    assert [fact.name for fact in decide(reform, sold=True).missing] == ["jars"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('asks = ["sold", "jars"]', 'asks = ["soled"]', "no fact [soled]; did you mean [sold]"),
        ('then = "review"', 'then = "ineligible"', "a rule that asks for facts leads to review"),
    ],
    ids=["unknown", "outcome"],
)
def test_a_rule_that_asks_for_what_it_may_not_is_refused(make_reform, old: str, new: str, says: str) -> None:
    reform = make_reform(RULE.replace(old, new))
    with pytest.raises(PolicyError) as refused:
        reform.bind(reform.find("statute"))
    assert says in str(refused.value)
