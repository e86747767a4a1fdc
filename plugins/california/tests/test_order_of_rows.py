"""Facts of persons do not depend on the order of rows, and a blanked cell makes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearslate.model import Count, Grade, Person, Place, Relief
from clearslate_california.columns import NEEDED

_OFFENSES = ["11359 HS-POSS FOR SALE", "11357(B) HS-POSSESS", "459 PC-BURGLARY", "SEE COMMENT", "ILLEGIBLE", ""]
_DISPOSITIONS = [
    "CONVICTED-JAIL", "CONVICTED", "CONVICTED-PROBATION", "DISMISSED", "", "NULL", "PROBATION REVOKED",
    "CONV SET ASIDE & DISM PER 1203.4 PC", "CONVICTION VACATED", "REDUCED TO MISD PER 17(B) PC", "11361.8 HS",
]  # fmt: skip
_DAYS = ["20100401", "20100400", "19990000", "", "00000000", "1/1/2015", "20200101"]

_CELLS = {
    "SUBJECT_ID": st.sampled_from(["70000001", "70000002"]),
    "CII_NUMBER": st.sampled_from(["A1", "A2", "", "NULL"]),
    "PRI_NAME": st.sampled_from(["ZYXQUELL,ORLA", "VORBMIX,ZOOTIE"]),
    "PRI_DOB": st.sampled_from(["19700512", "19700512", "19700000", ""]),
    "CYC_DATE": st.sampled_from(["20100301", "20100301", *_DAYS]),
    "STP_EVENT_DATE": st.sampled_from(_DAYS),
    "DISP_DATE": st.sampled_from(_DAYS),
    "STP_TYPE_DESCR": st.sampled_from(
        ["COURT ACTION", "COURT ACTION", "ARREST/DETAINED/CITED", "", "REGISTRATION", "DECEASED", "CUSTODY"]
    ),
    "STP_ORI_CNTY_NAME": st.sampled_from(["SACRAMENTO", "YOLO", ""]),
    "CNT_ORDER": st.builds(
        "{}{}{}000".format,
        st.sampled_from(["101", "102"]),
        st.sampled_from(["001", "002", "003"]),
        st.sampled_from(["001", "002"]),
    ),
    "OFN": st.sampled_from(["OZ-1", "OZ-2", "", "NULL"]),
    "OFFENSE_DESCR": st.sampled_from(_OFFENSES),
    "OFFENSE_TOC": st.sampled_from(["F", "M", ""]),
    "DISP_DESCR": st.sampled_from(_DISPOSITIONS),
    "CONV_STAT_DESCR": st.sampled_from(["FELONY", "MISDEMEANOR", ""]),
    "SENT_LOC_DESCR": st.sampled_from(["JAIL", "FINE", ""]),
    "SENT_LENGTH": st.sampled_from(["180", "3", "0", ""]),
    "SENT_TIME_CODE": st.sampled_from(["D", "Y", "N", ""]),
    "COMMENT_TEXT": st.sampled_from(["", "", "11358 HS-CULTIVATE", "459 PC"]),
}
_ROWS = st.lists(st.fixed_dictionaries(_CELLS), min_size=1, max_size=10).map(
    lambda rows: [{**row, "RECORD_ID": str(number), "SENT_ORDER": str(number)} for number, row in enumerate(rows, 1)]
)


def _count_facts(count: Count) -> tuple[Any, ...]:
    event, cycle = count.event, count.cycle
    return (
        (count.key, count.statute, count.grade, count.disposition, count.disposed, count.sentence_ends),
        (frozenset(count.relieved), frozenset(count.flags), len(count.rows)),
        (event.key, event.county, frozenset(event.case_numbers), cycle.key, cycle.arrested, frozenset(cycle.charged)),
    )


def _facts(people: Sequence[Person]) -> dict[str, Any]:
    return {
        person.person_id: (
            {count.key: _count_facts(count) for count in person.counts},
            (frozenset(person.names), frozenset(person.identifiers), person.birth_date, person.deceased),
            (frozenset((one.statute, one.registered) for one in person.registrations), len(person.registrations)),
            (frozenset(person.flags), person.shares_identifier),
        )
        for person in people
    }


@settings(max_examples=40, deadline=None)
@given(rows=_ROWS, data=st.data())
def test_the_order_of_rows_changes_no_fact(oz_class: Any, rows: list[dict[str, str]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    with TemporaryDirectory() as folder:
        oz = oz_class(Path(folder))
        assert _facts(oz.people(*shuffled)) == _facts(oz.people(*rows))


@settings(max_examples=40, deadline=None)
@given(rows=_ROWS)
def test_every_place_of_a_count_is_a_row_with_its_key(oz_class: Any, rows: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        for person in oz_class(Path(folder)).people(*rows):
            for count in person.counts:
                assert count.place in count.rows
                assert {rows[place.row - 1]["CNT_ORDER"] for place in count.rows} == {count.key}
                assert list(count.rows) == sorted(count.rows)
                assert all(isinstance(place, Place) for place in count.rows)


@settings(max_examples=60, deadline=None)
@given(rows=_ROWS, data=st.data())
def test_a_blanked_cell_removes_no_conviction_that_may_count(
    oz_class: Any, rows: list[dict[str, str]], data: st.DataObject
) -> None:
    """Every conviction stays in the record, as one, as one that may be, or as a row that is missing."""
    number = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from([name for name in NEEDED if name not in ("SUBJECT_ID", "CII_NUMBER")]))
    blanked = [dict(row) for row in rows]
    blanked[number][column] = ""
    kinds = {row["CNT_ORDER"]: row["STP_TYPE_DESCR"] for row in rows} | {"999002001000": "COURT ACTION"}
    with TemporaryDirectory() as folder:
        oz = oz_class(Path(folder))
        # A file of which no row is usable is refused, so one row of another person stands in both.
        sound = oz.court(SUBJECT_ID="79999999", CII_NUMBER="A7999999", CNT_ORDER="999002001000")
        before = oz.people(*rows, sound)
        after = {person.person_id: person for person in oz.people(*blanked, sound)}
    for person in before:
        now = after.get(person.person_id)
        if now is None:
            continue
        kept = {count.key for count in now.counts}
        for count in person.convictions:
            court = kinds[count.key] in ("COURT ACTION", "")
            assert count.key in kept or now.missing_rows or not court
        if person.birth_date is None:
            # A row rejected for its CNT_ORDER takes its birth date along, and leaves a gap, which lets
            # nothing be granted: whether relief was given already is then unknown.
            assert now.birth_date is None or (column == "CNT_ORDER" and now.missing_rows)


_BURGLARY = {"OFFENSE_DESCR": "459 PC-BURGLARY"}
_LESSER = {"OFFENSE_DESCR": "11357(B) HS-POSSESS"}
_REVOKED = {"DISP_DESCR": "PROBATION REVOKED", "STP_EVENT_DATE": "20200101", "SENT_LOC_DESCR": "JAIL"}


def _convictions(oz: Any, *rows: dict[str, str]) -> Iterator[list[Count]]:
    """The convictions of the one person of the rows, in the order of their keys, for each order of the rows."""
    for ordered in permutations(rows):
        yield sorted(oz.person(*ordered).convictions, key=lambda count: count.key)


def test_a_step_without_a_disposition_may_be_for_a_conviction_whose_rows_name_two_statutes(oz: Any) -> None:
    """The reader took the statute of the row that came first, and the step was for the conviction or not by that."""
    rows = [oz.court(), oz.court(**_LESSER), oz.step(CNT_ORDER="101003002000", DISP_DESCR="", **_LESSER)]
    for (count,) in _convictions(oz, *rows):
        assert (count.statute, count.grade, count.relieved) == (None, None, (Relief.UNCLEAR,))
        assert {"STATUTE_CONFLICT", "LATER_ACTION_UNCLEAR"} <= set(count.flags)


@pytest.mark.parametrize("named", [_LESSER, {}, _BURGLARY])
def test_the_only_conviction_of_a_cycle_is_not_surely_vacated_where_its_rows_name_two_statutes(
    oz: Any, named: dict[str, str]
) -> None:
    rows = [oz.court(), oz.court(**_LESSER), oz.step(DISP_DESCR="CONVICTION VACATED", **named)]
    for (count,) in _convictions(oz, *rows):
        assert count.relieved == (Relief.UNCLEAR,)
        assert "LATER_ACTION_UNCLEAR" in count.flags


@pytest.mark.parametrize("text", ["CONVICTION VACATED", ""])
@pytest.mark.parametrize("other", [_LESSER, {"OFFENSE_DESCR": ""}])
def test_a_conviction_of_two_statutes_takes_a_step_from_no_other_and_leaves_it_to_none(
    oz: Any, text: str, other: dict[str, str]
) -> None:
    rows = [
        oz.court(CNT_ORDER="101001001000"),
        oz.court(CNT_ORDER="101001001000", **other),
        oz.court(),
        oz.step(DISP_DESCR=text),
    ]
    for contested, stated in _convictions(oz, *rows):
        assert contested.relieved == stated.relieved == (Relief.UNCLEAR,)
        assert (contested.grade, stated.grade) == ((None, None) if not text else (Grade.FELONY, Grade.FELONY))


@pytest.mark.parametrize("text", ["CONVICTION VACATED", ""])
def test_a_conviction_of_no_statute_takes_a_step_from_no_other_and_leaves_it_to_none(oz: Any, text: str) -> None:
    """Or blanking the cells of the rows that name two would make a fact again."""
    unread = oz.court(CNT_ORDER="101001001000", OFFENSE_DESCR="ILLEGIBLE")
    for counts in _convictions(oz, unread, oz.court(), oz.step(DISP_DESCR=text)):
        assert [count.relieved for count in counts] == [(Relief.UNCLEAR,)] * 2
    elsewhere = oz.court(CNT_ORDER="101002002000")
    for counts in _convictions(oz, unread, elsewhere, oz.step(DISP_DESCR=text)):
        assert [count.relieved for count in counts] == [(Relief.UNCLEAR,)] * 2


@pytest.mark.parametrize("key", ["101002001000", "101003001000"])
@pytest.mark.parametrize("day", ["20200201", "20200100"])
def test_a_revocation_whose_rows_give_two_days_leaves_the_end_unknown(oz: Any, key: str, day: str) -> None:
    """The reader let the sentence run from the day of the row that came first."""
    revoked = {**_REVOKED, "CNT_ORDER": key, "SENT_LENGTH": "180", "SENT_TIME_CODE": "D"}
    court = oz.court(SENT_LENGTH="0")
    for (count,) in _convictions(oz, court, oz.step(**revoked), oz.step(**{**revoked, "STP_EVENT_DATE": day})):
        assert count.sentence_ends.latest is None
    for (count,) in _convictions(oz, court, oz.step(**revoked), oz.step(**revoked)):
        assert count.sentence_ends.latest is not None


def test_the_parts_of_a_revocation_are_added_in_the_order_that_the_record_gives_them(oz: Any) -> None:
    """180 days and three years end on another day than three years and 180 days."""
    rows = [
        oz.court(SENT_LENGTH="0"),
        oz.step(**_REVOKED, SENT_ORDER="1", SENT_LENGTH="180", SENT_TIME_CODE="D"),
        oz.step(**_REVOKED, SENT_ORDER="2", SENT_LENGTH="3", SENT_TIME_CODE="Y"),
    ]
    assert {str(count.sentence_ends.latest) for (count,) in _convictions(oz, *rows)} == {"2023-06-29"}
