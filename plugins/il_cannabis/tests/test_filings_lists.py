from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from clearslate_il_cannabis.filings import IL_POLICE, IL_PRB


def test_the_list_for_the_board_tells_reported_from_not_reported(desk: Any) -> None:
    entries = [
        desk.entry("prb_pardon", flags=("NOT_REPORTED_TO_ISP",), offense_class="C", statute="720 ILCS 550/4(a)"),
        desk.entry(
            "prb_pardon",
            flags=("PRB_STATES_ATTORNEY_NOTICE",),
            offense_class="4",
            grade="felony",
            county="QUADLING",
        ),
        desk.entry("prb_pardon", flags=("PRB_VIOLENCE_READING_DIFFERS",)),
    ]
    _, files = desk.file(IL_PRB, *entries)
    text = desk.text(files["01_prb_list.pdf"])
    heads = [
        "Reported to the State Police: OZ",
        "Reported to the State Police: QUADLING",
        "Class C, which is not reported to the State Police: OZ",
    ]
    assert sorted(heads, key=text.index) == heads
    assert "a violent crime was charged with it and led to no conviction" in text
    rows = desk.table(files["prb_list.csv"])
    assert [(row["line"], row["person_id"], row["not_reported_to_isp"]) for row in rows] == [
        ("1", "P3", "no"),
        ("2", "P2", "no"),
        ("3", "P1", "yes"),
    ]
    (told,) = desk.table(files["states_attorney_notice.csv"])
    assert (told["person_id"], told["county"], told["objection_due"]) == (
        "P2",
        "QUADLING",
        "60 days after the Board's notice",
    )
    totals = desk.totals(files)
    assert (totals["reported to the State Police"], totals["not reported to the State Police"]) == (2, 1)
    assert "60 days after the Board's notice" in desk.section(files, "DUE")


@pytest.mark.parametrize(
    ("rule", "arrested", "last_day"),
    [
        ("auto_le_2021", "2015-03-01", "2020-12-31"),
        ("auto_le_2023", "2005-06-10", "2022-12-31"),
        ("auto_le_2025", "1998-02-02", "2024-12-31"),
        ("auto_le_2025", None, "2024-12-31"),
    ],
)
def test_the_deadline_is_that_of_the_rule(desk: Any, rule: str, arrested: str | None, last_day: str) -> None:
    entry = desk.entry("auto_le", rule=rule, arrested=arrested, committed=None, disposition="not convicted")
    _, files = desk.file(IL_POLICE, entry)
    (row,) = desk.table(files["state_police.csv"])
    assert (row["last_day"], row["overdue"]) == (last_day, "yes")


@pytest.mark.parametrize(
    ("arrested", "last_day"),
    [
        ("2019-06-25", ""),
        ("2019-06-24", "2020-12-31"),
        ("2013-01-01", "2020-12-31"),
        ("2012-12-31", "2022-12-31"),
        ("2000-01-01", "2022-12-31"),
        ("1999-12-31", "2024-12-31"),
        ("2012", "2022-12-31"),
        ("2019", ""),
        (None, ""),
    ],
)
def test_an_attorney_s_word_takes_its_deadline_from_the_arrest(desk: Any, arrested: str | None, last_day: str) -> None:
    entry = desk.entry(
        "auto_le", outcome="review", arrested=arrested, committed=None, disposed=None, word=desk.settled("auto_le"),
        disposition="not convicted",
    )  # fmt: skip
    _, files = desk.file(IL_POLICE, entry)
    (row,) = desk.table(files["state_police.csv"])
    assert (row["last_day"], row["overdue"]) == (last_day, "yes" if last_day else "not known")


def test_a_deadline_that_is_not_past_is_not_overdue(desk: Any) -> None:
    entry = desk.entry("auto_le", disposition="not convicted")
    _, files = desk.file(IL_POLICE, entry, made_on=dt.date(2020, 12, 31))
    assert desk.table(files["state_police.csv"])[0]["overdue"] == "no"
    assert desk.totals(files)["past the last day"] == 0
