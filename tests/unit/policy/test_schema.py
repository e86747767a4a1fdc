"""A policy or reform file that says what it may not say is refused: file, key, and what was meant."""

import pytest

from clearslate.errors import PolicyError, UsageError

RULE = """
[[rules]]
id = "felony"
then = "eligible"
relief = "reduce"
because = "A felony."
when = [{ cite = "s 4", test = { is = "grade_in", grades = ["felony"] } }]
"""

YEARS = """
[parameters.years]
title = "Years"
default = 5
minimum = 1
maximum = 15
off = 0
"""


def refusal(make_reform, rules=RULE, settings=None, **texts) -> str:
    def bind() -> None:
        reform = make_reform(rules, **texts)
        reform.bind(reform.find("statute"), settings)

    with pytest.raises(PolicyError) as caught:
        bind()
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_policy_that_these_tests_spoil_is_accepted(make_reform) -> None:
    reform = make_reform(RULE, top=YEARS)
    assert [rule.id for rule in reform.bind(reform.find("statute")).rules] == ["felony", "otherwise"]


# Keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoilt", "key", "meant"),
    [
        ({"head": 'reform = "oz_trial"\nid = "statute"\ntitel = "A trial"\n'}, "titel", "title"),
        ({"rules": RULE.replace("because", "becaus")}, "rules.felony.becaus", "because"),
        ({"rules": RULE.replace("cite =", "cites =")}, "rules.felony.when.1.cites", "cite"),
        ({"rules": RULE.replace("} }]", "}, wants = 'no' }]")}, "rules.felony.when.1.wants", "want"),
        ({"top": YEARS.replace("minimum", "minimun")}, "parameters.years.minimun", "minimum"),
        ({"scope": '[[scope]]\nciet = "s 2"\ntest = { is = "deceased" }\n'}, "scope.1.ciet", "cite"),
        ({"rules": '[[flags]]\nid = "X"\ncit = "s 1"\ntest = { is = "deceased" }\n'}, "flags.X.cit", "cite"),
    ],
)
def test_a_misspelt_key_is_refused_with_its_place_and_the_key_that_was_meant(make_reform, spoilt, key, meant) -> None:
    message = refusal(make_reform, **spoilt)
    assert message.startswith(f"policy file [statute.toml]: unknown key [{key}]")
    assert f"did you mean [{meant}]?" in message


def test_a_misspelt_key_of_the_reform_file_is_refused_at_any_depth(make_reform) -> None:
    with pytest.raises(
        PolicyError, match=r"\[reform.toml\]: unknown key \[facts.gold.qestion\]; did you mean \[question\]"
    ):
        make_reform(reform=REFORM_WITH_FACT)


REFORM_WITH_FACT = """
id = "oz_trial"
title = "Oz"
jurisdiction = "Oz"
statute = "s"
summary = "s"
default_policy = "statute"
readers = ["oz_rolls"]
reliefs = [{ id = "reduce", title = "Reduced", effect = "Reduced.", leaves = "misdemeanor" }]
[facts.gold]
words = "gold"
qestion = "Gold?"
answer = "yes_no"
"""


def test_a_missing_key_is_named(make_reform) -> None:
    assert "key [rules.felony.because] is missing" in refusal(make_reform, RULE.replace('because = "A felony."\n', ""))


def test_a_value_of_another_type_is_refused_not_converted(make_reform) -> None:
    assert "rules.felony.when.1.cite" in refusal(make_reform, RULE.replace('cite = "s 4"', "cite = 4"))
    assert "rules.felony.because" in refusal(make_reform, RULE.replace('"A felony."', '"  "'))


def test_a_file_that_is_no_toml_is_refused_with_its_line(make_reform) -> None:
    assert "not TOML" in refusal(make_reform, "[[rules]\n")


# Rules -----------------------------------------------------------------------------------------


def test_the_last_rule_has_no_grounds(make_reform) -> None:
    assert "last rule must have no grounds" in refusal(make_reform, "", last=RULE)


def test_a_last_rule_that_a_parameter_switches_is_refused(make_reform) -> None:
    last = '[[rules]]\nid = "o"\nthen = "ineligible"\nbecause = "b"\ncite = "c"\nonly_if = "$years"\n'
    assert "last rule" in refusal(make_reform, "", top=YEARS, last=last)


def test_an_earlier_rule_without_grounds_is_refused_because_nothing_after_it_could_apply(make_reform) -> None:
    message = refusal(make_reform, '[[rules]]\nid = "all"\nthen = "review"\nbecause = "b"\ncite = "c"\n')
    assert "rule [all] has no grounds" in message


def test_an_opening_rule_without_grounds_is_refused(make_reform) -> None:
    rule = '\n[[rules]]\nid = "all"\nthen = "review"\nbecause = "b"\ncite = "c"\n'
    with pytest.raises(PolicyError, match=r"\[reform.toml\].*rule \[all\] has no grounds"):
        make_reform(reform=REFORM_WITH_FACT.replace("qestion", "question") + rule)


def test_a_relief_that_stands_twice_is_refused(make_reform) -> None:
    one = '{ id = "reduce", title = "R", effect = "R", leaves = "nothing" }'
    twice = f"reliefs = [{one}, {one}]"
    text = REFORM_WITH_FACT.replace("qestion", "question")
    text = text.replace(
        'reliefs = [{ id = "reduce", title = "Reduced", effect = "Reduced.", leaves = "misdemeanor" }]', twice
    )
    with pytest.raises(PolicyError, match=r"relief \[reduce\] stands twice"):
        make_reform(reform=text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('relief = "reduce"\n', ""), "an eligible rule names its relief"),
        (('"eligible"', '"review"'), "only an eligible rule has one"),
        (('"eligible"\nrelief = "reduce"', '"refer"'), "a refer rule names its refer_to"),
        (('"eligible"', '"dismissed"'), "rules.felony.then"),
        (('id = "felony"', 'id = "Felony"'), "rules.Felony.id"),
        (('id = "felony"', 'id = "otherwise"'), "rule id [otherwise] stands twice"),
        (('"reduce"', '"redcue"'), "key [rules.felony.relief]: no relief [redcue]; did you mean [reduce]?"),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_whole_is_refused(make_reform, change: tuple[str, str], says: str) -> None:
    assert says in refusal(make_reform, RULE.replace(*change))


# Predicates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ('{ is = "grade_inn", grades = ["felony"] }', "no predicate [grade_inn]; did you mean [grade_in]?"),
        ('{ grades = ["felony"] }', 'a test names its predicate as is = "…"'),
        ('{ is = 3 }', 'a test names its predicate as is = "…"'),
        ('{ is = "grade_in", grade = ["felony"] }', "unknown key [grade]; did you mean [grades]?"),
        ('{ is = "grade_in" }', "key [grades] is missing"),
        ('{ is = "grade_in", grades = [] }', "key [grades]"),
        ('{ is = "grade_in", grades = ["felon"] }', "key [grades.1]"),
        ('{ is = "grade_in", grades = "felony" }', "key [grades]"),
        ('{ is = "statute_in", statutes = ["11357 ZZ"] }', "is not a section such as HS 11357(b)"),
        ('{ is = "arrested_on_or_after", day = "2016-11-09" }', "key [day]"),
        ('{ is = "disposed_years_ago", years = -1, on_the_day = "within" }', "key [years]"),
        ('{ is = "disposed_years_ago", years = "$yaers", on_the_day = "within" }', "no parameter [yaers]"),
        ('{ is = "fact_at_most", fact = "jras", most = 6 }', "no fact [jras]; did you mean [jars]?"),
        ('{ is = "fact_is_so", fact = "solt" }', "no fact [solt]; did you mean [sold]?"),
        ('{ is = "fact_at_most", fact = "jars", most = nan }', "key [most]"),
    ],
)  # fmt: skip
def test_a_test_that_no_predicate_takes_is_refused_with_its_ground(make_reform, test: str, says: str) -> None:
    rule = RULE.replace('{ is = "grade_in", grades = ["felony"] }', test)
    message = refusal(make_reform, rule, top=YEARS)
    assert message.startswith("policy file [statute.toml]: key [rules.felony.when.1.test")
    assert says in message


def test_scope_and_flags_are_compiled_as_strictly_as_rules(make_reform) -> None:
    assert "scope.1.test" in refusal(make_reform, scope='[[scope]]\ncite = "s 2"\ntest = { is = "nothing" }\n')
    flag = '[[flags]]\nid = "X"\ncite = "s 1"\ntest = { is = "nothing" }\n'
    assert "flags.X.test" in refusal(make_reform, rules=flag)


# Words of a rule ---------------------------------------------------------------------------------


def test_a_name_in_the_reason_that_is_no_parameter_is_refused(make_reform) -> None:
    message = refusal(make_reform, RULE.replace("A felony.", "Older than {yeras}."), top=YEARS)
    assert "key [rules.felony.because]: {yeras} is not a parameter; did you mean [years]?" in message


@pytest.mark.parametrize("words", ["{years.__class__}", "{years[0]}", "{0}", "{}", "{ years }"])
def test_nothing_in_the_reason_is_evaluated(make_reform, words: str) -> None:
    assert "is not a parameter" in refusal(make_reform, RULE.replace("A felony.", words), top=YEARS)


def test_a_single_brace_in_the_reason_is_refused_and_a_doubled_one_is_a_brace(make_reform) -> None:
    assert "a brace stands alone" in refusal(make_reform, RULE.replace("A felony.", "A { felony."))
    reform = make_reform(RULE.replace("A felony.", "A {{felony}}."))
    assert reform.bind(reform.find("statute")).rules[0].because == "A {felony}."


# Parameters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("default = 20\nminimum = 1\nmaximum = 15", "takes a number from 1 to 15"),
        ("default = 20\nmaximum = 15", "takes a number to 15"),
        ("default = 0\nminimum = 1", "takes a number from 1"),
        ("default = true\nminimum = 1", "belong to a number"),
        ('default = ["a"]', "a list needs choices"),
        ('default = 3\nchoices = ["a"]', "only a list has them"),
        ('default = ["b"]\nchoices = ["a"]', "takes any of a"),
        ('default = "text"', "parameters.p.default"),
    ],
)
def test_a_parameter_that_contradicts_itself_is_refused(make_reform, entry: str, says: str) -> None:
    assert says in refusal(make_reform, top=f'[parameters.p]\ntitle = "P"\n{entry}\n')


def test_a_rule_may_only_be_switched_by_a_parameter_that_exists(make_reform) -> None:
    message = refusal(make_reform, RULE.replace("because", 'only_if = "$yeers"\nbecause'), top=YEARS)
    assert "key [rules.felony.only_if]: no parameter [yeers]; did you mean [years]?" in message


# Finding a policy ----------------------------------------------------------------------------------


def test_an_unknown_policy_is_refused_with_what_was_meant(make_reform) -> None:
    with pytest.raises(UsageError, match=r"no policy \[statut\]; did you mean \[statute\]"):
        make_reform(RULE).find("statut")


def test_a_policy_file_of_another_reform_is_refused(make_reform) -> None:
    head = 'reform = "zz_other"\nid = "statute"\ntitle = "T"\nsummary = "S"\nin_force = 2016-07-01\n'
    head += 'reviewed_on = 2026-09-01\nsource = "s"\n'
    assert "is for reform [zz_other], not [oz_trial]" in refusal(make_reform, head=head)


def test_a_policy_file_that_is_not_there_shows_no_folder(make_reform, tmp_path) -> None:
    with pytest.raises(PolicyError) as caught:
        make_reform(RULE).find(str(tmp_path / "secret" / "mine.toml"))
    assert "[mine.toml] cannot be read" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_policy_of_ones_own_is_read_from_its_file(make_reform, tmp_path) -> None:
    reform = make_reform(RULE)
    mine = tmp_path / "mine.toml"
    mine.write_text(reform.find("statute").text.replace("A felony.", "Mine."), encoding="utf-8")
    assert reform.bind(reform.find(str(mine))).rules[0].because == "Mine."


def test_a_default_policy_that_is_not_there_is_refused(make_reform) -> None:
    text = REFORM_WITH_FACT.replace("qestion", "question").replace('"statute"\nreaders', '"missing"\nreaders')
    with pytest.raises(PolicyError, match=r"default policy \[missing\]"):
        make_reform(reform=text)


def test_the_digest_changes_with_the_text_of_reform_or_policy_and_with_nothing_else(make_reform) -> None:
    def digest(**texts) -> str:
        reform = make_reform(RULE, top=YEARS, **texts)
        return reform.bind(reform.find("statute")).digest

    plain = digest()
    assert plain == digest()
    assert len({plain, digest(last=LAST_REWORDED), digest(reform=REFORM_REWORDED)}) == 3


LAST_REWORDED = '[[rules]]\nid = "otherwise"\nthen = "ineligible"\nbecause = "No."\ncite = "s 9"\n'
REFORM_REWORDED = REFORM_WITH_FACT.replace("qestion", "question")
