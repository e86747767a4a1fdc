"""The data of forms: every field by its meaning, one record for each form and case."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from clearslate.errors import InputError
from clearslate.filing.filing import Filing
from clearslate.filing.formmap import FORM_MEANINGS
from clearslate_california.filing.form_data import (
    CAPTION,
    OFFENSE,
    FormData,
    FormDataFiling,
    always,
    is_completed,
    is_juvenile,
    is_served,
    leaves_misdemeanor,
    with_relief,
)

FORMS = FormDataFiling(
    "oz_forms",
    "Forms of Oz",
    (
        FormData("OZ-1", "Application", lambda sheet: not is_juvenile(sheet), ("convicted_on",), {"asked": always}),
        FormData("OZ-2", "Request of a child", is_juvenile, ("birth_date",)),
        FormData("OZ-3", "Later", leaves_misdemeanor, (), {"sealed": with_relief("dismiss_and_seal")}),
    ),
)


def read(desk: Any, *entries: Any) -> tuple[dict[str, int], dict[str, Any], list[dict[str, str]]]:
    taken, files = desk.file(FORMS, desk.packet(entries))
    assert sorted(files) == ["form_data.csv", "form_data.json"]
    table = list(csv.DictReader(io.StringIO(files["form_data.csv"].decode(), newline="")))
    return dict(taken), json.loads(files["form_data.json"]), table


def test_a_case_has_a_record_for_each_form_that_is_for_it(desk: Any) -> None:
    entries = [
        desk.entry(relief="redesignate_misdemeanor", person_id="A", cases=["OZ-1"]),
        desk.entry(person_id="A", cases=["OZ-1"], statute="ZZ 101"),
        desk.entry(birth_date="1995-01-01"),
        desk.entry(birth_date=None),
        desk.entry("open"),
    ]
    taken, data, table = read(desk, *entries)
    assert taken == {"granted": 4, "objected": 0, "open": 0, "refused": 0, "referred": 0}
    assert isinstance(FORMS, Filing)
    found = [(record["case"], record["form"]) for record in data["records"]]
    # Arrested on 2010-05-01: born in 1995 the third was a child; of the fourth nobody knows, and it is none.
    assert found == [(1, "OZ-1"), (1, "OZ-3"), (2, "OZ-2"), (3, "OZ-1")]
    assert [(int(row["case"]), row["form"]) for row in table] == found
    assert data["records"][0]["ticked"] == ["asked"]
    assert data["records"][1]["ticked"] == ["sealed"]
    offenses = data["records"][0]["offenses"]
    assert [(one["statute"], one["new_grade"]) for one in offenses] == [("ZZ 100(a)", "misdemeanor"), ("ZZ 101", "")]
    assert table[0]["offense_statute"] == "ZZ 100(a); ZZ 101"


@pytest.mark.parametrize(
    ("sentence", "ticked"),
    [
        (["30 day JAIL"], ["completed"]),
        (["10 year PRISON"], ["completed"]),
        (["11 year PRISON"], []),
        (["16 year PRISON"], ["served"]),
        ([], []),
    ],
)
def test_a_sentence_is_completed_or_served_only_where_the_record_shows_it(
    desk: Any, sentence: list[str], ticked: list[str]
) -> None:
    # Convicted on 2010-06-01; supervision may last five years beyond the stated end, and the day is 2026-01-31.
    form = FormData("OZ-1", "Application", always, (), {"completed": is_completed, "served": is_served})
    _, files = desk.file(FormDataFiling("oz", "Oz", (form,)), desk.packet([desk.entry(sentence=sentence)]))
    assert json.loads(files["form_data.json"])["records"][0]["ticked"] == ticked


def test_fields_are_named_by_meanings_that_a_mapping_of_a_form_knows(desk: Any) -> None:
    _, data, table = read(desk, desk.entry(names=["GALE,DOROTHY", "GALE,DOT"]))
    fields = data["records"][0]["fields"]
    assert set(fields) == {*CAPTION, "convicted_on"}
    assert {*CAPTION, *OFFENSE} <= set(FORM_MEANINGS)
    assert set(data["meanings"]) == {*CAPTION, *OFFENSE, "convicted_on", "birth_date"}
    assert (fields["name"], fields["other_names"]) == ("GALE,DOROTHY", "GALE,DOT")
    assert not any(name.startswith("attorney") for name in data["meanings"])
    assert fields["convicted_on"] == "06/01/2010"
    assert table[0]["courthouse_branch"] == "Central Division"


def test_a_cell_that_a_spreadsheet_takes_for_a_formula_is_neutral(desk: Any) -> None:
    _, data, table = read(desk, desk.entry(names=["=1+1"]))
    assert data["records"][0]["fields"]["name"] == "=1+1"
    assert table[0]["name"] == "'=1+1"


def test_nothing_granted_is_no_form(desk: Any) -> None:
    with pytest.raises(InputError, match="grants nothing"):
        read(desk, desk.entry("refused"))
