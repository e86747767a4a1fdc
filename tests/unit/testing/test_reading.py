"""A reader that breaks a promise is told which, and a sound one is told what was tried."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from clearslate.errors import ConformanceError, InputError
from clearslate.ingest.delimited import DelimitedReader
from clearslate.ingest.frame import Frame
from clearslate.ingest.layout import Layout
from clearslate.ingest.reader import Concerns
from clearslate.model import Count, Cycle, Disposition, Event, Grade, PartialDate, Person, SentencePart
from clearslate.testing.oz import OZ, read_statute
from clearslate.testing.reading import check_reader, described

AS_OF = dt.date(2026, 1, 1)
COLUMNS = ("SUBJ", "STATE_NO", "COUNT_KEY", "COUNTY", "OFFENSE", "GRADE", "ENDED", "DAY", "SENTENCE", "END")
CELLS = {
    "statute": "OFFENSE",
    "disposed": "DAY",
    "grade": "GRADE",
    "county": "COUNTY",
    "sentence": "SENTENCE",
    "cycle": "COUNT_KEY",
}
ENDINGS = {"GUILTY": Disposition.CONVICTED, "NOT GUILTY": Disposition.NOT_CONVICTED}
FINE = (SentencePart("FINE", None, None, takes_no_time=True),)

Change = Callable[[Person], Person]


def persons_of(frame: Frame, concerns: Concerns, change: Change) -> Sequence[Person]:
    people = []
    for number, person_id in enumerate(frame.person_ids):
        counts = []
        for row in range(int(frame.starts[number]), int(frame.starts[number + 1])):
            cell = {name: column.values[column.codes[row]] for name, column in frame.columns.items()}
            statute = read_statute(cell["OFFENSE"])
            key = cell["COUNT_KEY"]
            event = Event(key, Cycle(key, None, (statute,)), "COURT", cell["COUNTY"] or None)
            place = frame.place(row)
            day = PartialDate.from_iso(cell["DAY"]) if cell["DAY"] else None
            ended = ENDINGS.get(cell["ENDED"], Disposition.UNKNOWN)
            grade = Grade(cell["GRADE"]) if cell["GRADE"] else None
            counts.append(
                Count(
                    key, event, place, statute, cell["OFFENSE"], grade, ended, day,
                    sentence=FINE if cell["SENTENCE"] else (), rows=(place,),
                )
            )  # fmt: skip
        person = Person(person_id, tuple(counts), missing_rows=frame.missing.get(number, ()))
        people.append(change(person))
    return [person for person in people if any(concerns(count.statute) for count in person.counts)]


def same(person: Person) -> Person:
    return person


def reader(change: Change = same, cells: dict[str, str] | None = None, **layout: Any) -> DelimitedReader:
    made = Layout(
        columns=COLUMNS,
        header="SUBJ",
        person="SUBJ",
        identifier="STATE_NO",
        disposition="ENDED",
        county="COUNTY",
        count="COUNT_KEY",
        needed=COLUMNS,
        condensed=("STATE_NO", "OFFENSE"),
        is_conviction=lambda cell: cell == "GUILTY",
        county_name=lambda cell: cell or None,
        is_filler=lambda cell: cell == "",
        persons=lambda frame, concerns: persons_of(frame, concerns, change),
        checks={"COUNT_KEY": lambda cell: None if cell else "blank"},
    )
    made = dataclasses.replace(made, **layout)
    return DelimitedReader(id="zz_rolls", title="Rolls of Oz", layout=made, cells=CELLS if cells is None else cells)


ROWS = (
    "P1,ZYXQUELL1,1,OZ,100 ZZ,felony,GUILTY,2001-05-01,FINE,#",
    "P1,ZYXQUELL1,2,OZ,100 ZZ,felony,GUILTY,2002-05-01,FINE,#",
    "P1,ZYXQUELL1,3,OZ,100 ZZ,felony,GUILTY,2003-05-01,FINE,#",
    "P2,VORNWICK2,4,OZ,101 ZZ,misdemeanor,GUILTY,2004-05-01,FINE,#",
    "P3,QUANDLE03,5,OZ,7 YY,felony,NOT GUILTY,2004-05-01,,#",
)


@pytest.fixture
def rolls(tmp_path: Path) -> Callable[..., Path]:
    def written(*rows: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "rolls.csv"
        path.write_text("\n".join([",".join(COLUMNS), *(rows or ROWS), ""]), encoding=encoding, newline="\n")
        return path

    return written


def broken(made: DelimitedReader, file: Path) -> str:
    with pytest.raises(ConformanceError) as caught:
        check_reader(made, [file], [OZ], as_of=AS_OF)
    return str(caught.value)


def test_a_sound_reader_is_told_what_was_tried(rolls: Callable[..., Path]) -> None:
    tried = check_reader(reader(), [rolls()], [OZ], as_of=AS_OF)
    assert (tried.rows_read, tried.rows_used, tried.rows_rejected, tried.people, tried.convictions) == (5, 5, 0, 3, 4)
    assert (tried.blanked, tried.not_blanked, tried.reforms) == (49, None, ("oz_moonshine",))
    assert "birth_date" in tried.unstated
    assert "grade" not in tried.unstated


def test_so_many_cells_are_blanked_as_were_asked_for(rolls: Callable[..., Path]) -> None:
    assert 1 <= check_reader(reader(), [rolls()], [OZ], as_of=AS_OF, tries=10).blanked <= 10


def test_without_a_reform_no_cell_is_blanked(rolls: Callable[..., Path]) -> None:
    tried = check_reader(reader(), [rolls()], as_of=AS_OF)
    assert (tried.blanked, tried.not_blanked) == (0, "no reform was given that decides its records")


def test_a_line_that_cannot_be_used_and_one_in_an_old_encoding_stay_as_they_are(rolls: Callable[..., Path]) -> None:
    rows = (*ROWS, "P4,X", ROWS[-1].replace(",5,OZ,7 YY", ",6,OZ,7 YY \xe9"))
    tried = check_reader(reader(), [rolls(*rows, encoding="latin-1")], [OZ], as_of=AS_OF)
    assert (tried.rows_rejected, tried.blanked) == (1, 49 + 9)


def test_a_file_without_such_lines_is_not_blanked(rolls: Callable[..., Path]) -> None:
    rows = [f"{row}," for row in ROWS]
    assert check_reader(reader(), [rolls(*rows)], [OZ], as_of=AS_OF).not_blanked == (
        "no line of the file has a cell for each column"
    )


def test_a_rejected_row_that_is_nobodys_is_the_one_exception(rolls: Callable[..., Path]) -> None:
    # Without its two numbers a prior is lost and its person's third conviction is one of two: nothing can be done.
    alone = [row.replace("ZYXQUELL1", "") for row in ROWS]
    assert check_reader(reader(), [rolls(*alone)], [OZ], as_of=AS_OF).blanked > 0


def changing(**fields: Any) -> Change:
    return lambda person: replace(person, counts=tuple(replace(count, **fields) for count in person.counts))


def taken_for_minor(person: Person) -> Person:
    """A blank grade is read as the least serious one."""
    counts = [replace(count, grade=count.grade or Grade.INFRACTION) for count in person.counts]
    return replace(person, counts=tuple(counts))


def forgetful(person: Person) -> Person:
    """A charge whose day is blank is left out, with no gap in its place."""
    return replace(person, counts=tuple(count for count in person.counts if count.disposed), missing_rows=())


def test_a_blank_that_grants_more_is_named_with_its_cell(rolls: Callable[..., Path]) -> None:
    said = broken(reader(taken_for_minor), rolls())
    assert "becomes eligible: dismiss_and_seal by rule [minor_offense]" in said
    assert "with GRADE of line [2] blank" in said
    assert "ZYXQUELL" not in said


def test_a_prior_that_a_blank_makes_forgotten_is_found(rolls: Callable[..., Path]) -> None:
    said = broken(reader(forgetful), rolls())
    assert "ineligible by rule [two_priors] becomes eligible" in said
    assert "with DAY of line [2] blank" in said


def test_a_cell_that_stops_the_reader_when_it_is_blank_is_named(rolls: Callable[..., Path]) -> None:
    def strict(person: Person) -> Person:
        for count in person.counts:
            assert count.disposed is not None
        return person

    said = broken(reader(strict), rolls())
    assert "reading raises AssertionError with DAY of line [2] blank" in said


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (reader(cells={k: v for k, v in CELLS.items() if k != "grade"}), "states fact [grade]"),
        (reader(cells=CELLS | {"county": " "}), "cells says nothing of fact [county]"),
        (reader(changing(facts={"jars": 3})), "states fact [jars]"),
        (reader(changing(key="1")), "two counts of one person have one key"),
        (reader(changing(disposition=Disposition.NOT_CONVICTED)), "convictions, and its persons have [0]"),
    ],
    ids=["undocumented", "blank words", "undocumented fact", "doubled keys", "lost convictions"],
)
def test_a_promise_that_is_broken_is_named(rolls: Callable[..., Path], made: DelimitedReader, words: str) -> None:
    assert words in broken(made, rolls())


def test_a_column_that_is_none_is_named() -> None:
    (said,) = described(reader(condensed=("STATE_NO", "OFFENCE")))
    assert "condensed column [OFFENCE]" in said


def test_a_count_beyond_the_file_is_found(rolls: Callable[..., Path]) -> None:
    def moved(person: Person) -> Person:
        counts = [replace(c, place=c.place._replace(row=99), rows=()) for c in person.counts]
        return replace(person, counts=tuple(counts))

    assert "stands in no row of a file" in broken(reader(moved), rolls())


def test_a_reader_that_reads_otherwise_the_second_time_is_found(rolls: Callable[..., Path]) -> None:
    calls = iter(range(10_000))

    def unsteady(person: Person) -> Person:
        return replace(person, sex=str(next(calls)))

    assert "other persons the second time" in broken(reader(unsteady), rolls())


def test_what_is_said_of_a_rejected_row_shows_nobody(rolls: Callable[..., Path]) -> None:
    def named(person: Person) -> Person:
        return replace(person, identifiers=("ZYXQUELL1",))

    made = reader(named, checks={"COUNT_KEY": lambda cell: None if cell != "9" else "not of ZYXQUELL1"})
    assert "name columns and counts only" in broken(made, rolls(*ROWS, "P9,X,9,OZ,100 ZZ,felony,GUILTY,,,#"))


def test_a_file_in_another_format_is_an_error_of_the_input(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("A,B\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError):
        check_reader(reader(), [path], as_of=AS_OF)
