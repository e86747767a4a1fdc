from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from clearslate.errors import InputError
from clearslate.ingest.reader import MappingFile
from clearslate.ingest.table.guesses import guessed, may_be_shown, plain_name
from clearslate.ingest.table.mapping import parse_mapping
from clearslate.ingest.table.propose import propose


def proposed(content: bytes, name: str = "roll.csv", sheet: str | None = None) -> str:
    return propose(name, io.BytesIO(content), sheet)


def dated(roll: Any, *days: str) -> bytes:
    """A roll whose dates of birth are these."""
    text: str = roll.text(*(roll.row(f"P{n}", dob=day) for n, day in enumerate(days)))
    return text.encode()


def test_a_proposal_is_a_mapping_that_reads_its_table(roll: Any) -> None:
    rows = [roll.row(), roll.row("P2", grade="M", disposition="DISMISSED", committed="04/2010")]
    mapping = parse_mapping(MappingFile("p.toml", proposed(roll.text(*rows).encode())))
    assert mapping.table.columns == list(roll.columns)
    charge, person = mapping.table.charge, mapping.table.person
    assert (person.id, person.identifier, person.born, person.sex, person.race) == ("ID", "SID", "DOB", "SEX", "RACE")
    assert charge.key is not None
    assert (charge.key.columns, charge.statute.columns) == (["CASE", "CHARGE"], ["STATUTE"])
    assert (charge.committed, charge.arrested, charge.disposed) == ("COMMITTED", "ARRESTED", "DISPOSED")
    assert [part.length for part in charge.sentence] == ["DAYS"]
    assert mapping.table.values.grade == {"F": "felony", "M": "misdemeanor"}
    assert mapping.table.values.disposition == {"GUILTY": "convicted", "DISMISSED": "not convicted"}
    (first, second) = roll.people(*rows, mapping=mapping)
    assert (first.counts[0].is_conviction, second.counts[0].is_conviction) == (True, False)


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_the_delimiter_is_the_one_that_cuts_every_line_alike(roll: Any, delimiter: str) -> None:
    text = proposed(roll.text(roll.row(offense="a, b, c"), roll.row(offense="a; b"), delimiter=delimiter).encode())
    assert ('delimiter = "semicolon"' in text, 'delimiter = "tab"' in text) == (delimiter == ";", delimiter == "\t")


def test_the_encoding_is_windows_only_where_its_signs_stand(roll: Any) -> None:
    text = roll.text(roll.row(offense="IT\u2019S"))
    assert 'encoding = "windows-1252"' in proposed(text.encode("cp1252"))
    assert "encoding" not in proposed(text.encode())
    assert "encoding" not in proposed(roll.text(roll.row(offense="\u00e9")).encode("latin-1"))


def test_a_workbook_is_proposed_for_too_with_its_sheet_and_header(roll: Any) -> None:
    rows = roll.cells([roll.row(), roll.row("P2")])
    for row in rows:
        row[roll.columns.index("DOB")] = dt.date(1961, 2, 13)
    path = roll.book(rows, sheet="Charges 2020")
    text = proposed(path.read_bytes(), "roll.xlsx")
    mapping = parse_mapping(MappingFile("p.toml", text.replace("# formats", "formats", 1)))
    assert (mapping.table.sheet, mapping.table.header_row) == ("Charges 2020", 1)
    assert "%Y-%m-%d" in mapping.dates["DOB"].forms[0].text
    with pytest.raises(InputError, match=r"no sheet \[Roll\]"):
        proposed(path.read_bytes(), "roll.xlsx", "Roll")


def test_a_header_below_a_title_is_found(roll: Any) -> None:
    text = proposed(b"Roll of Oz\n\n" + roll.text(roll.row()).encode())
    assert "header_row = 3" in text


# Dates


@pytest.mark.parametrize(
    ("days", "forms"),
    [
        (["02/13/1961", "3/4/1970"], ["%m/%d/%Y"]),
        (["13/02/1961", "04/03/1970"], ["%d/%m/%Y"]),
        (["1961-02-13", "1970"], ["%Y-%m-%d", "%Y"]),
        (["19610213"], ["%Y%m%d"]),
        (["13-FEB-1961"], ["%d-%b-%Y"]),
        (["1961-02-13 00:00:00"], ["%Y-%m-%d %H:%M:%S"]),
    ],
    ids=["month first", "day first", "ISO and year", "digits", "name", "time"],
)
def test_the_forms_of_dates_are_those_that_read_them(roll: Any, days: list[str], forms: list[str]) -> None:
    roll.columns = tuple(name for name in roll.columns if name not in ("COMMITTED", "ARRESTED", "DISPOSED"))
    text = proposed(dated(roll, *days))
    (line,) = [line for line in text.splitlines() if line.startswith("formats")]
    assert line == f"formats = {forms}".replace("'", '"')


def test_dates_that_do_not_tell_day_from_month_are_left_to_a_person(roll: Any) -> None:
    roll.columns = tuple(name for name in roll.columns if name not in ("COMMITTED", "ARRESTED", "DISPOSED"))
    text = proposed(dated(roll, "02/03/1961", "1/12/1970"))
    assert "# CHECK DOB: no date tells whether %m/%d/%Y or %d/%m/%Y is meant" in text
    assert '\n# formats = ["%m/%d/%Y"]\n# formats = ["%d/%m/%Y"]' in text
    with pytest.raises(Exception, match=r"key \[dates.formats\] is missing"):
        parse_mapping(MappingFile("p.toml", text))


def test_columns_whose_dates_have_two_orders_get_forms_of_their_own(roll: Any) -> None:
    text = roll.text(
        roll.row(dob="13/02/1961", committed="2010", arrested="05/20/2010", disposed="06/20/2010"),
        roll.row("P2", dob="14/02/1961", committed="2010", arrested="05/21/2010", disposed="06/21/2010"),
    )
    mapping = parse_mapping(MappingFile("p.toml", proposed(text.encode())))
    assert [form.text for form in mapping.dates["DOB"].forms] == ["%d/%m/%Y"]
    assert [form.text for form in mapping.dates["ARRESTED"].forms] == ["%m/%d/%Y"]


def test_two_digit_years_come_with_a_pivot_to_check(roll: Any) -> None:
    roll.columns = tuple(name for name in roll.columns if name not in ("COMMITTED", "ARRESTED", "DISPOSED"))
    assert "pivot = 30  # check" in proposed(dated(roll, "02/13/61"))


# What may be shown


def test_nothing_personal_is_in_a_proposal(roll: Any) -> None:
    rows = [
        roll.row(
            "1961021301",
            sid="A98765432",
            name="ZYXQUELL, ORLA",
            dob="Zyxquell",
            grade="ZYXQUELL, ORLA",
            disposition=word,
            offense="ZYXQUELL'S STILL",
            case="CASE-ZYXQUELL",
            county="ZYXQUELL",
        )
        for word in ("GUILTY", "ORLA ZYXQUELL", "SEE ZYXQUELL 1961", "DISMISSED 19610213", "02/13/1961", "DEFERRED")
    ]
    text = proposed(roll.text(*rows).encode(), "Zyxquell Orla 1961.csv")
    for personal in ("zyxquell", "orla", "1961", "98765"):
        assert personal not in text.lower()
    assert "# CHECK DISPOSITION: not shown, as they may be somebody's: 4 words" in text
    assert "# DISPOSITION has them first in rows 2, 3, 4, 5" in text
    assert '# "DEFERRED" = "…"' in text
    assert "# CHECK DOB: what is not understood as a date stands in 1 forms, first in rows 1" in text


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_table_without_a_header_is_refused_and_nothing_of_it_is_shown(roll: Any, delimiter: str) -> None:
    content = roll.text(roll.row(), roll.row("P2"), delimiter=delimiter).partition("\n")[2].encode()
    with pytest.raises(InputError, match="no row of column names") as caught:
        proposed(content)
    assert "ZYXQUELL" not in str(caught.value)
    with pytest.raises(InputError, match="no row of column names"):
        proposed(b"ORLA,ZYXQUELL\nBO,QUADLING\n")


def test_a_table_with_a_header_only_is_refused(roll: Any) -> None:
    with pytest.raises(InputError, match="no row below them"):
        proposed(roll.text().encode())


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("GUILTY", True),
        ("Plea of guilty, count 2", True),
        ("F", True),
        ("2", True),
        ("Orla", False),
        ("GUILTY ZYXQUELL", False),
        ("1961", False),
        ("", False),
        ("May", False),
    ],
)
def test_only_words_of_the_law_and_short_codes_may_be_shown(word: str, shown: bool) -> None:
    assert may_be_shown(word) is shown


# Names of columns


@pytest.mark.parametrize("name", ["Case Number", "CASE_NUMBER", "CaseNumber", "case no.", "Case-Num", " CASE  NBR "])
def test_names_are_known_however_they_are_written(name: str) -> None:
    assert plain_name(name) == "case number"
    assert guessed([name]) == {"charge.case_number": name}


def test_a_column_serves_for_one_key_and_the_best_name_wins() -> None:
    columns = ["ID", "Defendant ID", "Name", "Charge", "Charge Description", "Arrest Date", "Offense Date"]
    assert guessed(columns) == {
        "person.id": "Defendant ID",
        "person.name": "Name",
        "charge.offense": "Charge Description",
        "charge.arrested": "Arrest Date",
        "charge.committed": "Offense Date",
    }
