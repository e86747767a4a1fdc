"""What changed from one policy to another, rule by rule."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.policy.conftest import HEAD, LAST, REFORM, SCOPE
from tests.unit.policy.test_routes import POLICY as ROUTED
from tests.unit.policy.test_routes import REFORM as SALT

from clearslate.errors import PolicyError, UsageError
from clearslate.policy import difference as module
from clearslate.policy.difference import Difference, difference
from clearslate.policy.load import PolicySource

TOP = """
[parameters.years]
title = "Years"
default = 10
minimum = 1
maximum = 15
[parameters.strict]
title = "Whether it is strict"
default = true
"""


def rule(
    id: str, then: str = "ineligible", *, because: str = "It is so.", cite: str = "s 1", when: str = "", **more: str
) -> str:
    test = when or 'is = "grade_in", grades = ["felony"]'
    lines = [f'id = "{id}"', f'then = "{then}"', f'because = "{because}"']
    lines += [f'{key} = "{value}"' for key, value in more.items()]
    return "\n".join(["[[rules]]", *lines, f'when = [{{ cite = "{cite}", test = {{ {test} }} }}]', ""])


def policy(*rules: str, head: str = HEAD, top: str = TOP, scope: str = SCOPE, last: str = LAST) -> str:
    return "".join([head, textwrap.dedent(top), scope, *rules, last])


Compare = Callable[..., Difference]


@pytest.fixture
def compare(make_reform: Any) -> Compare:
    """Compare two texts under the reform of the trial."""

    def made(before: str, after: str, reform: str = REFORM, base: str = "", **settings: str) -> Difference:
        owner = make_reform(head=base or before, top="", scope="", rules="", last="", reform=reform)
        return difference(owner, PolicySource("a.toml", before), PolicySource("b.toml", after), settings)

    return made


def told(found: Difference) -> list[tuple[tuple[str, ...], str]]:
    return [(one.what, (one.after or one.before).id) for one in found.rules.changes if one.after or one.before]


def test_a_policy_is_as_itself(compare: Compare) -> None:
    text = policy(rule("one"), rule("two"))
    found = compare(text, text)
    assert found.decides_alike
    assert (found.heading, found.parameters, found.flags, found.routes) == ((), (), (), ())
    assert (not found.scope, not found.rules, found.rules.same) == (True, True, 3)


def test_what_is_said_above_the_rules_is_compared(compare: Compare) -> None:
    head = HEAD.replace("2016-07-01", "2027-01-01").replace('"A trial"', '"Another"')
    found = compare(policy(), policy(head=head))
    assert [(one.key, str(one.before), str(one.after)) for one in found.heading] == [
        ("title", "A trial", "Another"),
        ("in_force", "2016-07-01", "2027-01-01"),
    ]
    assert found.decides_alike


def test_rules_are_added_and_removed_where_they_stand(compare: Compare) -> None:
    found = compare(
        policy(rule("one"), rule("two"), rule("three")), policy(rule("one"), rule("new", cite="s 9"), rule("three"))
    )
    assert told(found) == [(("removed",), "two"), (("added",), "new")]
    assert found.rules.same == 3
    assert not found.decides_alike


def test_a_rule_that_moved_is_told_with_its_places_and_the_others_are_not(compare: Compare) -> None:
    rules = [rule(name) for name in ("a", "b", "c", "d")]
    found = compare(policy(*rules), policy(rules[3], *rules[:3]))
    (one,) = found.rules.changes
    assert (one.what, one.after.id if one.after else "") == (("moved",), "d")
    assert (one.before and one.before.place, one.after and one.after.place) == (4, 1)


def test_a_rule_of_another_name_that_says_the_same_is_renamed(compare: Compare) -> None:
    found = compare(policy(rule("one")), policy(rule("uno")))
    assert told(found) == [(("renamed",), "uno")]
    assert found.rules.changes[0].before.id == "one"  # type: ignore[union-attr]
    # With two that say the same there is doubt.
    found = compare(policy(rule("one"), rule("two")), policy(rule("uno")))
    assert sorted(told(found)) == [(("added",), "uno"), (("removed",), "one"), (("removed",), "two")]


def test_every_part_of_a_rule_is_compared(compare: Compare) -> None:
    before = policy(rule("one", "eligible", relief="reduce"))
    after = policy(rule("one", "refer", refer_to="the mayor", because="It is else.", only_if="$strict"))
    (one,) = compare(before, after).rules.changes
    assert one.what == ("changed",)
    assert {value.key: (value.before, value.after) for value in one.values} == {
        "then": ("eligible", "refer"),
        "relief": ("reduce", None),
        "refer_to": (None, "the mayor"),
        "because": ("It is so.", "It is else."),
        "only_if": (None, "$strict"),
    }
    (one,) = compare(policy(), policy(last=LAST.replace("s 9", "s 10"))).rules.changes
    assert [value.key for value in one.values] == ["cite"]
    shared = 'is = "shares_identifier"'
    plain = '[[rules]]\nid = "one"\nthen = "review"\nbecause = "b"\n[[rules.when]]\ncite = "s 1"\n'
    plain += f"test = {{ {shared} }}\n"
    review = plain.replace("[[rules]]\n", "[[rules]]\ncontradiction = true\n")
    (one,) = compare(policy(plain), policy(review)).rules.changes
    assert [value.key for value in one.values] == ["contradiction"]


def test_grounds_are_compared_in_words_by_citation_and_by_the_answer_wanted(compare: Compare) -> None:
    def when(cite: str = "s 1", test: str = 'is = "grade_in", grades = ["felony"]', want: str = "yes") -> str:
        return f'[[rules.when]]\ncite = "{cite}"\nwant = "{want}"\ntest = {{ {test} }}\n'

    def text(*grounds: str) -> str:
        return policy('[[rules]]\nid = "one"\nthen = "ineligible"\nbecause = "b"\n' + "".join(grounds))

    years = 'is = "conviction_within", years = {}, on_the_day = "within"'
    shares = when("s 3", 'is = "shares_identifier"')
    before = text(when(), when("s 2", years.format(10)), shares)
    (one,) = compare(before, text(when("s 4"), when("s 2", years.format(5)), shares)).rules.changes
    assert one.values == ()
    first, second = one.when.pairs
    assert first[0] is not None
    assert first[1] is not None
    assert (first[0].words, first[0].cite, first[1].cite) == (first[1].words, "s 1", "s 4")
    assert "10" in (second[0].words if second[0] else "")
    assert "5" in (second[1].words if second[1] else "")
    (one,) = compare(text(when()), text(when(want="no"))).rules.changes
    ((was, now),) = one.when.pairs
    assert was is not None
    assert now is not None
    assert (was.words, now.words) == ("the conviction is a felony", "not: the conviction is a felony")
    (one,) = compare(text(when()), text(when(), shares)).rules.changes
    assert [pair[0] for pair in one.when.pairs] == [None]
    # The order of the grounds of a rule decides nothing.
    assert compare(text(when(), shares), text(shares, when())).decides_alike


def test_a_parameter_is_compared_and_so_is_what_it_does_to_the_rules(compare: Compare) -> None:
    within = rule(
        "recent", when='is = "conviction_within", years = "$years", on_the_day = "within"', because="In {years} years."
    )
    found = compare(policy(within), policy(within, top=TOP.replace("10", "5")))
    assert [(one.name, one.what, [(v.key, v.before, v.after) for v in one.values]) for one in found.parameters] == [
        ("years", "changed", [("default", 10, 5)])
    ]
    (one,) = found.rules.changes
    assert [(v.before, v.after) for v in one.values] == [("In 10 years.", "In 5 years.")]
    found = compare(policy(), policy(top=""))
    assert [(one.name, one.what) for one in found.parameters] == [("years", "removed"), ("strict", "removed")]
    assert found.decides_alike


def test_a_rule_that_a_parameter_switches_off_is_told(compare: Compare) -> None:
    switched = rule(
        "one",
        only_if="$strict",
        because="For {years} years.",
        when='is = "conviction_within", years = "$years", on_the_day = "within"',
    )
    off = TOP.replace("true", "false")
    found = compare(policy(switched), policy(switched, top=off))
    (one,) = found.rules.changes
    assert one.what == ("switched off",)
    assert (one.before and one.before.place, one.after and one.after.place) == (1, None)
    found = compare(policy(switched), policy(switched), strict="false")
    assert (found.rules.changes, found.rules.same) == ((), 2)
    added = compare(policy(top=off), policy(switched, top=off)).rules.changes[0].after
    assert added is not None
    assert (added.place, added.when[0].words) == (None, "conviction_within(years = $years, on_the_day = within) is yes")


def test_scope_and_flags_are_compared(compare: Compare) -> None:
    flag = '[[flags]]\nid = "OLD"\ncite = "s 5"\ntest = { is = "shares_identifier" }\n'
    found = compare(policy(), policy(flag, scope=SCOPE.replace("ZZ 100", "ZZ 101")))
    ((was, now),) = found.scope.pairs
    assert (was and was.words, now and now.words) == ("the offense is ZZ 100", "the offense is ZZ 101")
    assert [(one.name, one.what) for one in found.flags] == [("OLD", "added")]
    changed = compare(policy(flag), policy(flag.replace("s 5", "s 6"))).flags
    assert [(one.name, one.what) for one in changed] == [("OLD", "changed")]


def test_routes_are_compared_each_apart_after_what_is_shared(compare: Compare) -> None:
    few = ROUTED.replace("most = 30", "most = 20")
    found = compare(ROUTED, few, SALT)
    assert not found.rules
    assert (found.rules.same, found.rules.same_of_reform) == (2, 1)
    assert [(route.relief, route.what, len(route.rules.changes)) for route in found.routes] == [
        ("queen", "", 1),
        ("court", "", 0),
    ]
    (one,) = found.routes[0].rules.changes
    assert one.after is not None
    # As the policy's page numbers them: the reform's, the shared one, then this.
    assert (one.after.id, one.after.place, one.after.decision) == ("few_grains", 3, "eligible: queen")
    assert not found.decides_alike

    head, queen, court = ROUTED.split("[[routes]]\n")
    turned = compare(ROUTED, f"{head}[[routes]]\n{court}[[routes]]\n{queen}", SALT)
    assert sorted((route.relief, route.what) for route in turned.routes) == [("court", ""), ("queen", "moved")]
    gone = compare(ROUTED, f"{head}[[routes]]\n{queen}", SALT)
    assert [(route.relief, route.what, len(route.rules.changes)) for route in gone.routes] == [
        ("queen", "", 0),
        ("court", "removed", 2),
    ]
    come = compare(f"{head}[[routes]]\n{queen}", ROUTED, SALT)
    assert [(route.relief, route.what) for route in come.routes] == [("queen", ""), ("court", "added")]


def test_a_parameter_that_neither_policy_has_is_refused_and_so_is_a_broken_policy(compare: Compare) -> None:
    with pytest.raises(UsageError, match="neither policy has a parameter"):
        compare(policy(), policy(), year="5")
    with pytest.raises(UsageError, match="takes a number from 1 to 15"):
        compare(policy(), policy(), years="99")
    assert compare(policy(), policy(top=""), years="5").parameters[0].values[-1] == ("value", 5, None)
    with pytest.raises(PolicyError, match=r"policy file \[b.toml\]"):
        compare(policy(), "x = 1", base=policy())


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(NAMES, NAMES)
def test_every_name_is_told_once_and_the_fewest_moved(before: list[str], after: list[str]) -> None:
    woven = module._woven(before, after)
    assert sorted(woven) == sorted({*before, *after})
    assert [name for name in woven if name in after] == after
    both = [name for name in before if name in after]
    kept = module._unmoved(both, after)
    assert [name for name in before if name in kept] == [name for name in after if name in kept]
    if both == [name for name in after if name in both]:
        assert kept == set(both)
    if both:
        assert kept
