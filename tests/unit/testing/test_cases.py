"""Law cases: what may be written, what it becomes, and how a wrong one is refused."""

import datetime as dt
from pathlib import Path

import pytest

from clearslate.errors import PolicyError
from clearslate.model import Disposition, Grade, PartialDate, Relief, SentencePart
from clearslate.testing.cases import LawCase, check_case, load_cases, read_cases, read_part, run_case
from clearslate.testing.oz import CASES, OZ, read_statute

HEAD = """
[[case]]
id = "O99"
name = "A sentence of law"
source = "ZZ Acts 2016 c. 1 s 4"
as_of = 2019-07-01
expect = { outcome = "eligible", relief = "dismiss_and_seal", rule = "minor_offense" }
"""
COUNT = '[[case.person.counts]]\ndecide = true\nstatute = "100 ZZ"\ngrade = "misdemeanor"\narrested = "2010"\n'


def case_of(text: str) -> LawCase:
    return read_cases("trial.toml", text)[0]


def refusal(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        read_cases("trial.toml", text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What a case becomes -------------------------------------------------------------------------


def test_what_a_case_leaves_out_is_unknown() -> None:
    person, count = case_of(HEAD + COUNT).person(read_statute)
    assert person.counts == (count,)
    assert person.birth_date is count.disposed is None
    assert (count.sentence, count.relieved, dict(count.facts)) == ((), (), {})
    assert count.disposition is Disposition.CONVICTED
    assert count.event.county == "OZ"


def test_what_a_case_says_is_in_the_person() -> None:
    text = (
        HEAD
        + """
[case.person]
birth_date = "1977"
deceased = true
missing_rows = 2
shares_identifier = true
flags = ["NAMES_DIFFER"]
registrations = [{ statute = "290 ZZ", date = 2001-01-01 }, { statute = "?" }]
[[case.person.counts]]
decide = true
statute = "ATT 100(A) ZZ"
arrested = "2010-05"
disposed = 2010-06-01
grade = "felony"
county = "  Emerald   City "
sentence = ["180 days JAIL", "3 year PROBATION", "FINE", "? JAIL", "0 JAIL"]
relieved = ["dismissed_after_probation"]
flags = ["DATE_PARTIAL"]
facts = { jars = 40, in_market = false }
"""
    )
    person, count = case_of(text).person(read_statute)
    assert (person.birth_date, person.deceased, person.shares_identifier) == (PartialDate(1977), True, True)
    assert (len(person.missing_rows), person.flags) == (2, ("NAMES_DIFFER",))
    assert [(str(r.statute), r.registered) for r in person.registrations] == [
        ("ZZ 290", PartialDate(2001, 1, 1)),
        ("None", None),
    ]
    assert str(count.statute) == "attempt: ZZ 100(a)"
    assert (count.grade, count.disposed, count.cycle.arrested) == (
        Grade.FELONY,
        PartialDate(2010, 6, 1),
        PartialDate(2010, 5),
    )
    assert count.event.county == "EMERALD CITY"
    assert [part.known for part in count.sentence] == [True, True, True, False, True]
    assert (count.relieved, count.flags) == ((Relief.DISMISSED_AFTER_PROBATION,), ("DATE_PARTIAL",))
    assert dict(count.facts) == {"jars": 40, "in_market": False}


def test_counts_share_a_cycle_and_an_event_only_where_the_case_says_so() -> None:
    text = (
        HEAD
        + """
[case.person]
charged = [{ cycle = "1", statute = "7 YY" }, { cycle = "1", statute = "" }]
[[case.person.counts]]
decide = true
statute = "100 ZZ"
cycle = "1"
event = "1"
county = "X"
[[case.person.counts]]
statute = "101 ZZ"
cycle = "1"
event = "1"
arrested = "2010-05-01"
[[case.person.counts]]
statute = "102 ZZ"
cycle = "1"
[[case.person.counts]]
statute = "103 ZZ"
county = ""
"""
    )
    person, count = case_of(text).person(read_statute)
    one, two, three, four = person.counts
    assert count is one
    assert one.event == two.event != three.event
    assert one.event.county == "X"
    assert one.cycle == two.cycle == three.cycle != four.cycle
    assert one.cycle.arrested == PartialDate(2010, 5, 1)
    assert [str(statute) for statute in one.cycle.charged] == ["ZZ 100", "ZZ 101", "ZZ 102", "YY 7", "None"]
    assert [str(statute) for statute in four.cycle.charged] == ["ZZ 103"]
    assert four.event.county is None
    places = [c.place for c in person.counts]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("180 day JAIL", SentencePart("JAIL", 180, "day")),
        ("3 years COUNTY JAIL", SentencePart("COUNTY JAIL", 3, "year")),
        ("2 MONTHS PRISON", SentencePart("PRISON", 2, "month")),
        ("1 day", SentencePart(None, 1, "day")),
        ("? JAIL", SentencePart("JAIL", None, None)),
        ("0 JAIL", SentencePart("JAIL", 0, None)),
        ("FINE", SentencePart("FINE", None, None, takes_no_time=True)),
        ("500 day fine", SentencePart("FINE", None, None, takes_no_time=True)),
    ],
)
def test_a_sentence_part_is_read(text: str, part: SentencePart) -> None:
    assert read_part(text) == part


@pytest.mark.parametrize(
    "text", ["", "JAIL", "3 JAIL", "three year JAIL", "-1 day JAIL", "1.5 year JAIL", "?", 3, None]
)
def test_another_sentence_part_is_refused_with_the_forms_it_may_have(text: object) -> None:
    with pytest.raises(ValueError, match="a sentence part is written"):
        read_part(text)


# What is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + COUNT + "county_name = 'X'\n", "counts.1.county_name]; did you mean [county]?"),
        (HEAD.replace("source", "sorce") + COUNT, "unknown key [case.O99.sorce]; did you mean [source]?"),
        (HEAD.replace("rule =", "rul =") + COUNT, "unknown key [case.O99.expect.rul]; did you mean [rule]?"),
        (HEAD + '[case.person]\nbirth = "1977"\n' + COUNT, "[case.O99.person.birth]; did you mean [birth_date]?"),
        (HEAD + COUNT.replace("decide = true\n", ""), "key [case.O99.person]: exactly one count says decide = true"),
        (HEAD + COUNT + COUNT, "exactly one count says decide = true"),
        (HEAD, "key [case.O99.person] is missing"),
        (HEAD.replace("2019-07-01", '"2019-07-01"') + COUNT, "key [case.O99.as_of]"),
        (HEAD + COUNT + 'disposed = "6/1/2010"\n', "key [case.O99.person.counts.1.disposed]: a date is YYYY"),
        (HEAD + COUNT + "disposed = 2010\n", "a date is written"),
        (HEAD + COUNT + "disposed = 2010-06-01T00:00:00\n", "a date is written"),
        (HEAD + COUNT + 'sentence = ["JAIL"]\n', "counts.1.sentence.1]: a sentence part is written"),
        (HEAD + COUNT + 'event = "1"\n', "names its cycle too"),
        (HEAD + COUNT.replace('"misdemeanor"', '"Felony"'), "key [case.O99.person.counts.1.grade]"),
        (HEAD + '[case.person]\ncharged = [{ cycle = "9", statute = "7 YY" }]\n' + COUNT, "which no count has"),
        (HEAD.replace(', relief = "dismiss_and_seal"', "") + COUNT, "an eligible case names its relief"),
        (HEAD.replace(', rule = "minor_offense"', "") + COUNT, "a case names the rule that it expects"),
        (HEAD.replace('"eligible", relief = "dismiss_and_seal"', '"refer"') + COUNT, "names its refer_to"),
        (HEAD.replace('"eligible", relief = "dismiss_and_seal"', '"out_of_scope"') + COUNT, "out_of_scope"),
        (HEAD.replace('source = "ZZ Acts 2016 c. 1 s 4"', 'source = ""') + COUNT, "key [case.O99.source]"),
        ("[[case]\n", "is not TOML"),
        ("", "key [case] is missing"),
    ],
)  # fmt: skip
def test_a_case_that_is_not_written_right_is_refused_with_file_case_and_key(text: str, says: str) -> None:
    message = refusal(text)
    assert message.startswith("case file [trial.toml]")
    assert says in message


def test_counts_of_one_cycle_or_event_must_agree() -> None:
    together = COUNT + 'cycle = "1"\nevent = "1"\ncounty = "X"\n'
    other = together.replace("decide = true\n", "")
    assert "differ in [county]" in refusal(HEAD + together + other.replace('"X"', '"Y"'))
    assert "differ in [arrested]" in refusal(HEAD + together + other.replace('"2010"', '"2011"'))
    assert read_cases("trial.toml", HEAD + together + other)


def test_a_folder_is_read_by_file_name_and_refuses_one_id_twice(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(HEAD.replace("O99", "B") + COUNT, encoding="utf-8")
    (tmp_path / "a.toml").write_text(HEAD.replace("O99", "A") + COUNT, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no case", encoding="utf-8")
    assert [case.id for case in load_cases(tmp_path)] == ["A", "B"]
    (tmp_path / "c.toml").write_text(HEAD.replace("O99", "A") + COUNT, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"case id \[A\] stands twice"):
        load_cases(tmp_path)


def test_a_folder_without_cases_is_refused_by_its_name_alone(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(PolicyError) as caught:
        load_cases(tmp_path / "empty")
    assert "folder [empty] has no law cases" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


# Deciding a case ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", load_cases(CASES), ids=str)
def test_the_law_of_oz(case: LawCase) -> None:
    check_case(OZ, case)


def test_a_case_is_decided_on_its_own_day_under_its_own_policy_and_settings() -> None:
    case = next(case for case in load_cases(CASES) if case.id == "E03")
    assert (case.entry.as_of, case.entry.policy) == (dt.date(2019, 7, 1), "emerald_city")
    assert run_case(OZ, case).rule == "old_enough"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('rule = "minor_offense"', 'rule = "six_jars"'),
         "by rule [six_jars], got eligible: dismiss_and_seal by rule [minor_offense]"),
        (('outcome = "eligible", relief = "dismiss_and_seal"', 'outcome = "review"'),
         "expected review by rule [minor_offense], got eligible: dismiss_and_seal by rule [minor_offense]"),
        (('rule = "minor_offense"', 'rule = "minor_offense", flags = ["OLD"]'), "expected flag ['OLD'], got []"),
        (('rule = "minor_offense"', 'rule = "minor_offense", missing = ["jars"]'), "missing fact ['jars'], got []"),
        (('outcome = "eligible", relief = "dismiss_and_seal", rule = "minor_offense"', 'outcome = "out_of_scope"'),
         "expected out_of_scope, got eligible: dismiss_and_seal"),
        (('statute = "100 ZZ"', 'statute = "7 YY"'), "expected eligible, got out_of_scope"),
    ],
)  # fmt: skip
def test_a_case_that_comes_out_otherwise_says_so_with_the_walk(change: tuple[str, str], says: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check_case(OZ, case_of((HEAD + COUNT).replace(*change)))
    message = str(caught.value)
    assert "case [O99] of [trial.toml]: A sentence of law (ZZ Acts 2016 c. 1 s 4)" in message
    assert says in message
    if "got out_of_scope" not in says:
        assert "rule [minor_offense] (eligible: dismiss_and_seal): applies" in message
        assert "yes: the conviction is a misdemeanor or an infraction [ZZ Acts 2016 c. 1 s 4(a)]" in message


@pytest.mark.parametrize("change", [("as_of", 'policy = "emerald"\nas_of'), ("as_of", 'set = { jars = "1" }\nas_of')])
def test_a_case_of_a_policy_or_parameter_that_is_not_there_is_refused_by_its_id(change: tuple[str, str]) -> None:
    with pytest.raises(PolicyError, match=r"case file \[trial.toml\]: case \[O99\]: "):
        run_case(OZ, case_of((HEAD + COUNT).replace(*change)))
