from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate.errors import UsageError
from clearslate.filing.formmap import FORM_MEANINGS, OF_THE_FORM, Sheet, example_mappings, parse_form_mapping, said
from clearslate.filing.helvetica import width, wrapped
from clearslate.filing.meanings import MEANINGS
from clearslate.filing.pdfform import FormField
from clearslate.testing.factories import make_statute

DOCS = Path(__file__).parents[3] / "docs"

MAPPING = """
form = "OZ-1"
title = "Petition of Oz"
revised = "2026"
per = "person"

[text]
"Name" = { from = "name", label = "Name" }
"Attorney" = "attorney_name"
"City" = "attorney_city"
"Born" = "birth_date"
"All cases" = { from = "case_number", label = "Cases" }
"Times" = { from = "times", only = { statute = "ZZ 100" } }
"Sections" = { from = "section", only = { other_than = ["ZZ 100"] } }

[boxes]
"Felony" = { on = "Yes", when = { grade = "felony" } }
"Old" = { on = "Yes", when = { convicted_before = 2011-01-01 }, every = true }
"More" = { on = "1", overflow = true }
"Which" = [{ on = "A", when = { relief = "dismiss_and_seal" } }, { on = "B" }]

[rows]
most = 2

[rows.text]
"Case {n}" = { from = "case_number", label = "Case number" }

[rows.boxes]
"Misd {n}" = { on = "Yes", when = { grade = "misdemeanor" } }
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"attorney_name"', '"atorney_name"', "no meaning [atorney_name]; did you mean [attorney_name]?"),
        ("[rows.text]", "[rows.txt]", "unknown key [rows.txt]; did you mean [text]?"),
        ("Case {n}", "Case", "[Case] needs {n} once"),
        ('only = { statute = "ZZ 100" }', 'only = { statute = "100" }', "[100] is not a section"),
        ('"Felony" =', '"Name" =', "[Name] is a text and a box; keep one"),
        ("most = 2", "most = 0", "key [rows.most]"),
        ('revised = "2026"', "", "key [revised] is missing"),
        ('revised = "2026"', 'revised = "2026"\ndate_format = "MM/DD"', "takes YYYY, MM and DD once each"),
    ],
)
def test_a_mapping_is_refused_with_file_and_key(old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_form_mapping(MAPPING.replace(old, new, 1), "oz-1.toml")
    assert str(caught.value).startswith("form mapping [oz-1.toml]: ")
    assert said in str(caught.value)


def test_the_mappings_that_come_along_pass_their_own_check() -> None:
    found = {name: parse_form_mapping(text, name).file for name, text in example_mappings().items()}
    assert {file.form for file in found.values()} == {"CR-180", "CR-400", "CR-403", "JV-744", "EXC-M 4702.2"}
    motion = found["il_exc_m.toml"]
    names = dict(motion.texts())
    assert {"4 - Case Number1", "4 - Case Number18", "4 - Date of Arrest7"} <= set(names)
    assert "4 - Case Number19" not in names
    # What only the person can swear to is not ticked.
    assert not any("completed" in name for name, _ in motion.states())


def test_a_person_s_petition_names_no_attorney_of_the_office() -> None:
    for name, text in example_mappings().items():
        sources = {one.source or "" for _, one in parse_form_mapping(text, name).file.texts()}
        assert [source for source in sources if source.startswith("attorney_")] == [], name


@pytest.mark.parametrize("name", ["ca_cr_403.toml", "ca_jv_744.toml"])
def test_a_mapping_whose_names_are_invented_says_so_first(name: str) -> None:
    assert example_mappings()[name].startswith("# FITS NO FORM AS IT STANDS")


def test_ages_are_said_where_they_are_certain(desk: Any) -> None:
    sheet = Sheet((desk.entry(arrested="2010-05-01"),), desk.setting())
    assert said("age_now", sheet, "MM/DD/YYYY") == "46"
    assert said("age_at_last_arrest", sheet, "MM/DD/YYYY") == "30"
    assert said("years_since_last_conviction", sheet, "MM/DD/YYYY") == "15"
    open_ended = Sheet((desk.entry(person={"birth_date": "1980"}, arrested=None, disposed=None),), desk.setting())
    assert [said(name, open_ended, "") for name in ("age_now", "age_at_last_arrest")] == ["", ""]
    assert said("age_now", Sheet((desk.entry(person={"birth_date": "1980-01"}),), desk.setting()), "") == "46"


def test_every_meaning_gives_text(desk: Any) -> None:
    sheet = Sheet((desk.entry(statute=make_statute("ZZ 100")),), desk.setting())
    assert all(isinstance(said(name, sheet, "MM/DD/YYYY"), str) for name in FORM_MEANINGS)
    assert said("how_many", Sheet((), desk.setting()), "") == "0"
    assert said("attorney_city", sheet, "") == "Emerald City"
    assert (said("attorney_state", sheet, ""), said("attorney_postal_code", sheet, "")) == ("OZ", "00001")
    assert said("convicted_on", Sheet((desk.entry(disposed="1999-05"),), desk.setting()), "MM/DD/YYYY") == "1999-05"


def test_every_meaning_is_documented() -> None:
    for meanings, page in ((MEANINGS, "filing-updates.md"), (OF_THE_FORM, "filing-office.md")):
        text = (DOCS / page).read_text("utf-8")
        assert [name for name, one in meanings.items() if f"| `{name}` | {one.words} |" not in text] == []


# Fields and their texts ----------------------------------------------------------------------------


def test_type_gets_smaller_before_a_text_does_not_fit() -> None:
    place = FormField("x", "text", width=100, height=14, size=10)
    sizes = [None if fit is None else fit.size for fit in map(place.fit, ("x" * 18, "x" * 22, "x" * 30))]
    assert sizes == [10.0, 9.0, None]
    assert FormField("x", "text", width=100, height=6).fit("x") is None


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=80), st.integers(60, 400))
def test_lines_are_never_wider_than_the_field_and_hold_every_letter(text: str, wide: int) -> None:
    lines = wrapped(text, wide * 20)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= wide * 20 or len(line) == 1 for line in lines)
