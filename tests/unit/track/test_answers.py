from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import InputError
from clearslate.track.answers import Answered, Asked, Problem, Table, read_answers, read_list
from clearslate.track.state import State
from clearslate.track.words import Words

TODAY = dt.date(2026, 3, 20)


def read(tmp_path: Path, text: str | bytes, words: Words | None = None) -> Table:
    path = tmp_path / "answers.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_answers(path, words or Words(), TODAY)


def one(tmp_path: Path, **cells: str) -> Answered | Problem:
    told = {"case_number": "OZ-1", "answer": "granted", **cells}
    text = ",".join(told) + "\n" + ",".join(f'"{cell}"' for cell in told.values()) + "\n"
    ((_, said),) = read(tmp_path, text).rows
    return said


def test_a_row_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    said = one(
        tmp_path,
        person_id="P1",
        name="Zyxquell,  Orla",
        born="3/17/1961",
        statute="HS 11359",
        order_date="2026-03-02",
        judge="J. Oz",
        note="by  minute order",
        county="Oz",
        count="2",
    )
    asked = Asked("OZ-1", "P1", "Zyxquell, Orla", "1961-03-17", "HS 11359", "Oz")
    assert said == Answered(1, asked, State.SIGNED, dt.date(2026, 3, 2), "J. Oz", "2", "by minute order")
    assert "Orla" not in repr(said) + repr(asked)


@pytest.mark.parametrize(
    ("answer", "day", "state"),
    [
        ("Granted", "", State.GRANTED),
        ("so ordered", "03/02/2026", State.SIGNED),
        ("DENIED", "", State.DENIED),
        ("case not found", "2026-03-02", State.CASE_NOT_FOUND),
        ("Count-Mismatch", "", State.COUNT_MISMATCH),
        ("sealed", "", State.SEALED),
    ],
)
def test_each_answer_leads_to_its_state(tmp_path: Path, answer: str, day: str, state: State) -> None:
    said = one(tmp_path, answer=answer, order_date=day)
    assert isinstance(said, Answered)
    assert said.state is state


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"answer": "perhaps"}, "answer"),
        ({"answer": ""}, "answer"),
        ({"case_number": "--"}, "case number"),
        ({"order_date": "2026-02-30"}, "order date"),
        ({"order_date": "17.3.2026"}, "order date"),
        ({"order_date": "2026-03-21"}, "order date"),
        ({"born": "march 1961"}, "birth date"),
        ({"source_row": "0"}, "source row"),
        ({"source_row": "seven"}, "source row"),
    ],
)
def test_what_cannot_be_read_is_a_problem_of_its_row(tmp_path: Path, cells: dict[str, str], name: str) -> None:
    said = one(tmp_path, **cells)
    assert isinstance(said, Problem)
    assert said.name == name
    assert all(cell not in said.advice for cell in cells.values() if len(cell) > 3)


def test_a_count_that_is_a_statute_is_one_and_a_bare_number_is_the_courts_own(tmp_path: Path) -> None:
    for count, statute in (("2", ""), ("11359 HS", "11359 HS")):
        said = one(tmp_path, count=count)
        assert isinstance(said, Answered)
        assert (said.asked.statute, said.charge) == (statute, count)


def test_rows_are_numbered_from_one_and_blank_ones_are_none(tmp_path: Path) -> None:
    table = read(tmp_path, "case_number,answer\nOZ-1,granted\n,\n\nOZ-2,granted,3\nOZ-3,denied\n")
    assert [(row, type(said)) for row, said in table.rows] == [(1, Answered), (4, Problem), (5, Answered)]
    assert table.sha256 == hashlib.sha256((tmp_path / "answers.csv").read_bytes()).hexdigest()


def test_a_cell_that_was_made_harmless_is_read_as_it_was(tmp_path: Path) -> None:
    said = one(tmp_path, case_number="'=OZ-1", note="'+1")
    assert isinstance(said, Answered)
    assert (said.asked.case_number, said.note) == ("=OZ-1", "+1")


def test_headings_are_read_in_any_letters_and_the_courts_own_by_its_words(tmp_path: Path) -> None:
    words = Words.model_validate({"columns": {"Disposition": "answer"}, "answers": {"OK": "granted"}})
    table = read(tmp_path, "\ufeffCase Number,DISPOSITION,Clerk\nOZ-1,ok,Bo\n", words)
    assert table.ignored == ("Clerk",)
    assert [said.state for _, said in table.rows if isinstance(said, Answered)] == [State.GRANTED]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("case_number\nOZ-1\n", "lacks the column [answer]"),
        ("answer\ngranted\n", "lacks the column [case_number]"),
        ("case_number,answer,Case Number\nOZ-1,granted,OZ-2\n", "has the column [case_number] twice"),
        ('case_number,answer\n"OZ-1,granted\n', "is not CSV"),
        (b"case_number,answer\nOZ-1,grant\xe9\n", "is not UTF-8"),
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole(tmp_path: Path, text: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert "[answers.csv]" in str(caught.value)
    assert said in str(caught.value)
    assert "OZ-" not in str(caught.value)


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[none.csv\] cannot be read"):
        read_answers(tmp_path / "none.csv", Words(), TODAY)


def test_a_list_needs_no_answer_and_names_charges_by_row_or_by_case(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("source_file,source_row,outcome\noz.dat,7,eligible\n", "utf-8")
    assert read_list(path, TODAY).rows == [(1, Answered(1, Asked(source_file="oz.dat", source_row=7), State.DECIDED))]
    path.write_text("person_id\nP1\n", "utf-8")
    with pytest.raises(InputError, match="lacks the column"):
        read_list(path, TODAY)
