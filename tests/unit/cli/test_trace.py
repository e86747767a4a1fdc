from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest

from clearslate.ingest.reader import InputFile
from clearslate.model import Answer, Grade, PartialDate, Place, SentencePart
from clearslate.policy.facts import Fact
from clearslate.policy.matter import History, Matter
from clearslate.testing.factories import make_count, make_person
from clearslate.testing.oz import OZ
from clearslate_cli import trace
from clearslate_cli.page import PIPED_WIDTH
from clearslate_cli.trace import Case, changes, described, explained, said, said_of

AS_OF = dt.date(2020, 1, 1)


def case(*, birth_date: str | None = "1980-01-01", files: int = 1, **count: Any) -> Case:
    person = make_person(make_count(**count), birth_date=birth_date, names=("ZYXQUELL,ORLA",))
    policy = OZ.bind(OZ.find("statute"), {})
    determination = policy.decide(Matter(History(person), person.counts[0], AS_OF))
    assert determination is not None
    return Case(
        reform=OZ,
        policy=policy,
        reader=SimpleNamespace(cells={"birth_date": "BORN", "arrested": "CAUGHT"}),  # type: ignore[arg-type]
        inputs=[InputFile(f"rolls{n}.csv", "", 0, 9, True, "utf-8") for n in range(files)],
        as_of=AS_OF,
        supplier="oz 1.0",
        person=person,
        count=person.counts[0],
        determination=determination,
    )


def test_the_explanation_says_what_was_decided_by_what_and_what_would_change_it() -> None:
    text = explained(case())
    assert max(len(line) for line in text.splitlines()) <= PIPED_WIDTH
    one = " ".join(text.split())
    for words in (
        "eligible: redesignate_misdemeanor (Redesignated a misdemeanor)",
        "felony_redesignated",
        "The offense is at most a misdemeanor under the act.",
        "ZZ Acts 2016 c. 1 s 4(c)",
        "WHAT WAS MISSING - the number of jars",
        "How many jars were found?",
        "Learning the number of jars could make it eligible: dismiss_and_seal (Dismissed and sealed), by rule six",
        "no: the arrest was on or after 2016-07-01 (fact 4) [ZZ Acts 2016 c. 1 s 3]",
        "4 the date of the arrest 2010-05-01 CAUGHT, row 1, line 2",
        "not known: jars is at most 6 (missing: the number of jars) [ZZ Acts 2016 c. 1 s 4(b)]",
        "six_jars -> eligible: dismiss_and_seal: COULD APPLY",
        "felony_redesignated -> eligible: redesignate_misdemeanor: APPLIES",
        "oz_moonshine, from oz 1.0",
        "2020-01-01",
        "rolls0.csv, row 1, line 2",
    ):
        assert words in one


def test_a_condition_that_a_rule_wants_denied_is_answered_as_the_sentence_reads() -> None:
    one = " ".join(explained(case()).split())
    assert "no: not: the statute can be read (fact 1)" in one


def test_an_unknown_fact_is_said_to_be_not_known() -> None:
    one = " ".join(explained(case(birth_date=None, facts={"jars": 5})).split())
    assert "born not known" in one
    assert "missing: the birth date" in one
    assert "Learning the birth date could make it eligible: dismiss_and_seal" in one


def test_a_decision_that_nothing_would_change_has_no_such_section() -> None:
    found = case(grade="misdemeanor")
    assert changes(found) == []
    assert "WHAT WOULD CHANGE IT" not in explained(found)
    assert "WHAT WAS MISSING" not in explained(found)


def test_with_several_files_a_place_names_its_file() -> None:
    assert case(files=2).place(Place(1, 3, 4)) == "rolls1.csv, row 3, line 4"
    assert case(files=1).place(Place(0, 3, 4)) == "row 3, line 4"


def test_for_machines_the_same_is_said_in_plain_values() -> None:
    value = json.loads(json.dumps(described(case())))
    assert (value["outcome"], value["relief"], value["rule"]) == (
        "eligible",
        "redesignate_misdemeanor",
        "felony_redesignated",
    )
    assert value["changes"] == [
        {
            "learning": ["jars"],
            "rule": "six_jars",
            "outcome": "eligible",
            "relief": "dismiss_and_seal",
            "refer_to": None,
        }
    ]
    assert value["missing"][0]["question"] == "How many jars were found?"
    assert [rule["applies"] for rule in value["trace"]][-2:] == ["not known", "yes"]
    assert value["as_of"] == "2020-01-01"


def test_a_case_shows_nothing_personal_in_its_repr() -> None:
    assert repr(case()) == "<Case>"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not known"),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (dt.date(2001, 2, 3), "2001-02-03"),
        (PartialDate(2001, 2), "2001-02"),
        (Grade.FELONY, "felony"),
        (Answer.UNKNOWN, "not known"),
        ((), "none"),
        (("a", Grade.FELONY), "a; felony"),
        (SentencePart("JAIL", 1, "year"), "1 year JAIL"),
        (SentencePart("JAIL", 180, "day"), "180 days JAIL"),
        (SentencePart("JAIL", 0, None), "0 days JAIL"),
        (SentencePart("FINE", None, None, takes_no_time=True), "FINE"),
        (SentencePart(None, 3, None), "(kind not printed) of unknown length"),
    ],
)
def test_a_value_is_said_as_a_person_reads_it(value: Any, words: str) -> None:
    assert said(value) == words


def test_a_count_is_said_by_its_offense_and_day() -> None:
    assert said(make_count("ZZ 100", disposed="2010-06")) == "ZZ 100 of 2010-06"


def test_every_answer_has_words() -> None:
    assert set(trace.ANSWERS) == set(Answer)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (Fact("sentence", dt.date(2001, 2, 3)), "ends by 2001-02-03"),
        (Fact("sentence", None), "not known"),
        (Fact("flags", ()), "nothing"),
        (Fact("flags", ("ONE",)), "ONE"),
        (Fact("relieved", ()), "no"),
        (Fact("other_convictions", 0), "none that counts here"),
        (Fact("other_convictions", 2), "2"),
        (Fact("identity", "one person's"), "one person's"),
    ],
)
def test_a_fact_is_said_in_words_that_fit_its_name(fact: Fact, words: str) -> None:
    assert said_of(fact) == words
