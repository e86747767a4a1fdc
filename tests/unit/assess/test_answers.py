"""What a person says of facts that no record states, put to the charges it is about."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clearslate.assess.answers import Answers, answers_of, read_answers
from clearslate.assess.decide import decide_block
from clearslate.assess.put import CONFLICT, FROM_A_PERSON, put
from clearslate.assess.run import RunRequest, run
from clearslate.errors import InputError
from clearslate.ingest.cells import quoted
from clearslate.model import Person
from clearslate.testing.memory import MemoryBlock, MemoryReader
from clearslate.testing.oz import OZ

AS_OF = dt.date(2020, 1, 1)
FACTS = OZ.about.facts
POLICY = OZ.bind(OZ.find("statute"))
NUMBER = next(name for name, entry in FACTS.items() if entry.answer == "number")
YES_NO = next(name for name, entry in FACTS.items() if entry.answer == "yes_no")


def table(*rows: str, header: str = "source_row,case_number,fact,answer,said_by,said_on,note") -> Answers:
    return answers_of("facts.csv", "\n".join([header, *rows]) + "\n", FACTS)


def refused(*rows: str, **how: str) -> str:
    with pytest.raises(InputError) as error:
        table(*rows, **how)
    return str(error.value)


def in_case(person: Person, number: str) -> Person:
    counts = tuple(replace(c, event=replace(c.event, case_numbers=(number,))) for c in person.counts)
    return replace(person, counts=counts)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("12.5", 12.5), ("$950", 950), ("1,200.50", 1200.5), ("0", 0)],
    ids=["whole", "part", "dollars", "thousands", "none"],
)
def test_a_number_is_read_as_lawyers_write_it(text: str, value: float) -> None:
    assert table(f'1,,{NUMBER},"{text}",A. Turney,,').given[0].value == value


@pytest.mark.parametrize("text", ["", "twelve", "-1", "1e5", "1,20", "12 g", "nan", "٣"])
def test_what_is_no_number_is_refused_with_its_row(text: str) -> None:
    assert "facts file [facts.csv], row [1]: column [answer] takes a number" in refused(f'1,,{NUMBER},"{text}",A. T.,,')


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("Y", True), ("No", False), ("false", False)])
def test_yes_and_no_are_read(text: str, value: bool) -> None:
    assert table(f"1,,{YES_NO},{text},A. Turney,,").given[0].value is value


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"1,,{YES_NO},perhaps,A. T.,,", "takes yes or no; leave the row out"),
        (f"1,,{YES_NO},yes,,,", "[said_by] is blank"),
        (f",,{YES_NO},yes,A. T.,,", "names neither source_row nor case_number"),
        (f"0,,{YES_NO},yes,A. T.,,", "[source_row] takes a row number"),
        (f"1,,{YES_NO},yes,A. T.,31.1.2026,", "[said_on] takes a day such as 2026-01-31"),
        (f"1,,{YES_NO},yes,A. T.,", "has 6 cells where the header has 7"),
        ("1,,jarz,yes,A. T.,,", "column [fact] names no fact of the reform; did you mean [jars]"),
    ],
    ids=["answer", "who", "where", "row", "day", "cells", "fact"],
)
def test_a_row_that_cannot_be_used_is_named(row: str, says: str) -> None:
    said = refused(f"1,,{YES_NO},no,A. Turney,,", row)
    assert "row [2]" in said
    assert says in said


def test_a_table_of_another_shape_is_refused() -> None:
    assert "unknown column in place [3]; did you mean [answer]" in refused(header="source_row,fact,answr,said_by")
    assert "lacks the column [said_by]" in refused(header="source_row,fact,answer")
    assert "lacks the column [source_row or case_number]" in refused(header="fact,answer,said_by")
    assert "names a column twice" in refused(header="source_row,fact,answer,said_by,fact")


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "facts.csv"
    with pytest.raises(InputError, match=r"\[facts.csv\] cannot be read"):
        read_answers(file, FACTS)
    file.write_bytes(b"source_row,fact,answer,said_by\n1,\xff,1,x\n")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_answers(file, FACTS)
    file.write_bytes(b"\xef\xbb\xbfsource_row,fact,answer,said_by\r\n\r\n" + f"1,{YES_NO},yes,'=A. T.\r\n".encode())
    (given,) = read_answers(file, FACTS).given
    assert (given.row, given.said_by) == (2, "=A. T.")


def test_an_answer_by_row_makes_a_review_a_decision_and_the_trace_says_who_gave_it(rolls: Any) -> None:
    policy = OZ.bind(OZ.find("statute"))
    person = rolls.person(rolls.count("ZZ 101", facts={}), rolls.count("ZZ 101", facts={}))
    reading = MemoryReader((MemoryBlock.of(person),)).open([])
    answers = put(table(f"2,,{NUMBER},1,A. Turney,2026-01-31,"), reading, policy, AS_OF)
    first, second = decide_block(MemoryBlock.of(person), policy, AS_OF, None, put=answers, trace=True)
    assert (first.count.facts, FROM_A_PERSON in first.count.flags) == ({}, False)
    assert second.count.facts == {NUMBER: 1.0}
    assert FROM_A_PERSON in second.determination.flags
    told = [
        fact
        for rule in second.determination.trace
        for ground in rule.grounds
        for fact in ground.finding.used
        if fact.name == NUMBER
    ]
    assert {fact.said_by for fact in told} <= {"A. Turney, 2026-01-31"}
    assert answers.used == {1: (0, 2)}


def test_an_answer_that_the_record_contradicts_leaves_the_fact_unknown(rolls: Any) -> None:
    person = rolls.person(rolls.count("ZZ 100", facts={NUMBER: 3, YES_NO: True}))
    reading = MemoryReader((MemoryBlock.of(person),)).open([])
    answers = put(table(f"1,,{NUMBER},4,A. T.,,", f"1,,{YES_NO},yes,A. T.,,"), reading, POLICY, AS_OF)
    (count,) = answers.of(person).counts
    assert count.facts == {NUMBER: None, YES_NO: True}
    assert CONFLICT in count.flags
    assert count.said_by == {}


def test_two_answers_of_one_charge_that_differ_stop_the_run(rolls: Any) -> None:
    reading = MemoryReader((MemoryBlock.of(rolls.person()),)).open([])
    given = table(f"1,,{NUMBER},4,A. T.,,", f"1,,{NUMBER},5,B. T.,,")
    with pytest.raises(InputError, match=rf"rows \[1\] and \[2\] answer \[{NUMBER}\] of one charge differently"):
        put(given, reading, POLICY, AS_OF)


def test_an_answer_by_case_number_is_used_where_one_charge_of_the_law_has_it(rolls: Any) -> None:
    alone = in_case(rolls.person(rolls.count("ZZ 100"), rolls.count("YY 9")), "oz  1")
    several = in_case(rolls.person(rolls.count("ZZ 100"), rolls.count("ZZ 100")), "OZ 2")
    reading = MemoryReader((MemoryBlock.of(alone, several),)).open([])
    given = table(f",OZ 1,{NUMBER},4,A. T.,,", f",OZ 2,{NUMBER},4,A. T.,,", f",OZ 3,{NUMBER},4,A. T.,,")
    answers = put(given, reading, POLICY, AS_OF)
    decide_block(MemoryBlock.of(alone, several), POLICY, AS_OF, None, put=answers)
    assert answers.used == {1: (0, 1)}
    assert [(one.given.row, one.why) for one in answers.unused()] == [
        (2, "2 charges have that case number; say source_row"),
        (3, "no charge that this policy may cover has that case number"),
    ]


def test_every_answer_is_accounted_for_in_the_output_and_the_ledger(
    rolls: Any, request_for: Callable[..., RunRequest], tmp_path: Path
) -> None:
    person = rolls.person(rolls.count("ZZ 100"), rolls.count("YY 9"))
    given = table(f"1,,{NUMBER},4,A. Turney,2026-01-31,=note", f"2,,{NUMBER},4,A. T.,,", f"9,,{NUMBER},4,A. T.,,")
    summary = run(request_for(MemoryReader((MemoryBlock.of(person),)), answers=given))
    assert (summary.facts_used, summary.facts_unused) == (1, 2)
    assert summary.manifest["ledger"]["facts"] == {"given": 3, "used": 1, "unused": 2}
    assert summary.manifest["facts"] == {"name": "facts.csv", "sha256": given.sha256}
    with (tmp_path / "out" / "facts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["used"], row["source_row"]) for row in rows] == [
        ("1", "yes", "1"),
        ("2", "no", ""),
        ("3", "no", ""),
    ]
    assert (rows[0]["said_by"], rows[0]["note"]) == ("A. Turney", "'=note")
    assert rows[1]["why_not"] == "no charge that was decided stands at that row"


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused_in_one_line(text: str) -> None:
    for table_text in (text, f"source_row,fact,answer,said_by\n1,{quoted(text)},1,A. T.\n"):
        try:
            answers_of("facts.csv", table_text, FACTS)
        except InputError as error:
            said = str(error)
        else:
            continue
        assert len(said.splitlines()) == 1
        assert len(text.strip()) < 3 or text.strip() not in said


@pytest.mark.parametrize(
    "poorer",
    [
        {"disposition": "unknown"},
        {"statute": None},
        {"case": ""},
    ],
    ids=["disposition", "statute", "case number"],
)
def test_a_charge_of_which_less_is_known_never_makes_another_the_only_one_of_its_case(
    rolls: Any, poorer: dict[str, Any]
) -> None:
    """Two counts of one case shared an answer as soon as the disposition of one was blank."""
    fields = {key: value for key, value in poorer.items() if key != "case"}
    counts = (rolls.count("ZZ 100"), rolls.count(fields.pop("statute", "ZZ 100"), **fields))
    person = in_case(rolls.person(*counts), "OZ 1")
    if "case" in poorer:
        second = replace(person.counts[1], event=replace(person.counts[1].event, case_numbers=()))
        person = replace(person, counts=(person.counts[0], second))
    reading = MemoryReader((MemoryBlock.of(person),)).open([])
    answers = put(table(f",OZ 1,{NUMBER},4,A. T.,,"), reading, POLICY, AS_OF)
    decide_block(MemoryBlock.of(person), POLICY, AS_OF, None, put=answers)
    assert answers.used == {}


def test_a_case_number_of_two_persons_needs_the_person_beside_it(rolls: Any) -> None:
    people = [in_case(rolls.person(rolls.count("ZZ 100")), "OZ 1") for _ in range(2)]
    reading = MemoryReader((MemoryBlock.of(*people),)).open([])
    header = "person_id,case_number,fact,answer,said_by"
    given = table(f",OZ 1,{NUMBER},4,A. T.", f"P2,OZ 1,{NUMBER},4,A. T.", header=header)
    answers = put(given, reading, POLICY, AS_OF)
    assert list(answers.by_row) == [(0, 2)]
    assert answers.set_aside == {1: "2 persons have that case number; say person_id or source_row"}
