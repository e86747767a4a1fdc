from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import msgspec

from clearslate.model import PartialDate
from clearslate.output.annotated import SUFFIX, Annotated, suffix
from clearslate.output.determinations import COLUMNS, Determinations, cells
from clearslate.output.staging import Staging
from clearslate.testing.memory import COLUMNS as SOURCE
from clearslate.testing.memory import MemoryBlock, MemoryReader


def test_the_columns_are_those_that_offices_build_on() -> None:
    assert ",".join(COLUMNS) == (
        "source_file,source_row,person_id,county,case_number,statute,offense,grade,convicted_on,"
        "outcome,relief,refer_to,rule,reason,citations,missing_facts,flags"
    )


def test_a_row_says_what_was_decided_and_what_is_missing(rolls: Any) -> None:
    person = rolls.person(rolls.count("ZZ 100", grade="felony", flags=["B_FLAG", "A_FLAG"], facts={}))
    (one,) = rolls.decided(person)
    row = dict(zip(COLUMNS, cells(one, rolls.context()), strict=True))
    assert row == {
        "source_file": "rolls.csv",
        "source_row": "1",
        "person_id": "P1",
        "county": "OZ",
        "case_number": "",
        "statute": "ZZ 100",
        "offense": "ZZ 100",
        "grade": "felony",
        "convicted_on": "2010-06-01",
        "outcome": "eligible",
        "relief": "redesignate_misdemeanor",
        "refer_to": "",
        "rule": "felony_redesignated",
        "reason": "The offense is at most a misdemeanor under the act.",
        "citations": "ZZ Acts 2016 c. 1 s 4(c)",
        "missing_facts": "the number of jars (JARS, else BOTTLES; row 1)",
        "flags": "A_FLAG; B_FLAG",
    }


def test_a_date_is_written_as_far_as_it_is_known(rolls: Any) -> None:
    (one,) = rolls.decided(rolls.person(rolls.count(disposed="2010-06", arrested="2010")))
    assert cells(one, rolls.context())[8] == "2010-06"
    blank = msgspec.structs.replace(one, count=msgspec.structs.replace(one.count, disposed=None, grade=None))
    assert cells(blank, rolls.context())[7:9] == ("", "")
    assert str(PartialDate(1999)) == "1999"


def test_case_numbers_are_joined(rolls: Any) -> None:
    count = rolls.count()
    event = msgspec.structs.replace(count.event, case_numbers=("001", "1E5"))
    (one,) = rolls.decided(rolls.person(msgspec.structs.replace(count, event=event)))
    assert cells(one, rolls.context())[4] == "001; 1E5"


def _written(rolls: Any, tmp_path: Path, writer: Any, *people: Any) -> Path:
    block = MemoryBlock.of(*people)
    with Staging(tmp_path / "out") as staging:
        opened = writer.open(rolls.context(MemoryReader((block,))), staging.open())
        opened.block(block, rolls.decided(*people))
        opened.close()
        staging.release()
    return tmp_path / "out"


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def test_a_formula_in_any_text_of_the_record_is_neutralised(rolls: Any, tmp_path: Path) -> None:
    bad = '=HYPERLINK("x")'
    count = rolls.count()
    event = msgspec.structs.replace(count.event, county=bad, case_numbers=(bad,))
    person = rolls.person(msgspec.structs.replace(count, offense=bad, event=event), person_id=bad)
    rows = _rows(_written(rolls, tmp_path, Determinations(), person) / "determinations.csv")
    assert [rows[1][COLUMNS.index(name)] for name in ("person_id", "county", "case_number", "offense")] == [
        "'" + bad
    ] * 4


def test_a_file_without_convictions_in_scope_still_has_its_header(rolls: Any, tmp_path: Path) -> None:
    out = _written(rolls, tmp_path, Determinations())
    assert (out / "determinations.csv").read_bytes() == ",".join(COLUMNS).encode() + b"\n"


def test_every_row_of_a_decided_count_carries_its_decision(rolls: Any, tmp_path: Path) -> None:
    count = rolls.count("ZZ 100")
    more = rolls.count("ZZ 7")
    person = rolls.person(count, more)
    both = msgspec.structs.replace(person.counts[0], rows=(count.place, more.place))
    person = msgspec.structs.replace(person, counts=(both,))
    out = _written(rolls, tmp_path, Annotated(), person)
    rows = _rows(out / "annotated.csv")
    assert rows[0] == [*SOURCE, *SUFFIX]
    assert [row[len(SOURCE)] for row in rows[1:]] == ["eligible", "eligible"]
    assert len(_rows(out / "annotated_convictions.csv")) == 3
    assert _rows(out / "annotated_condensed.csv")[0] == ["OFFENSE", *SUFFIX]


def test_a_row_that_was_not_decided_has_blank_cells(rolls: Any, tmp_path: Path) -> None:
    out = _written(rolls, tmp_path, Annotated(), rolls.person(rolls.count("ZZ 7")))
    assert (out / "annotated.csv").read_bytes().splitlines()[1] == b"P1,ZZ 7,OZ,,,,,,,"
    assert len(_rows(out / "annotated_convictions.csv")) == 1


def test_the_suffix_is_seven_cells_of_csv(rolls: Any) -> None:
    (one,) = rolls.decided(rolls.person(rolls.count("ZZ 100")))
    (row,) = csv.reader([suffix(one.determination, rolls.context()).decode()])
    assert len(row) == len(SUFFIX)
    assert row[0] == "eligible"
