from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import UsageError
from clearslate.filing.office import (
    NOT_IN_TABLE,
    Agency,
    Attorney,
    Court,
    Courthouse,
    Office,
    Repository,
    by_courthouse,
    example_office,
    not_in_table,
    parse_office,
    read_office,
)

ROOT = Path(__file__).parents[3]
KEY = "age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z"


def _message(old: str, new: str) -> str:
    text = example_office()
    assert old in text
    with pytest.raises(UsageError) as caught:
        parse_office(text.replace(old, new), "mine.toml")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_example_passes_its_own_check() -> None:
    office = parse_office(example_office())
    assert office.attorney.address == ["1 Yellow Brick Road, Suite 4", "Emerald City, OZ 00001"]
    assert office.court.department == "4"


def test_the_example_stands_among_the_examples() -> None:
    assert (ROOT / "examples/office.toml").read_text("utf-8") == example_office()


def test_what_may_be_left_out_may() -> None:
    text = "\n".join(
        line for line in example_office().splitlines() if not line.startswith(("fax", "department", "code", "ori"))
    )
    office = parse_office(text)
    assert (office.attorney.fax, office.court.department, office.repository.ori) == (None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bar_number", "bar_numbr", "unknown key [attorney.bar_numbr]; did you mean [bar_number]?"),
        ("[court]", "[cuort]", "unknown key [cuort]; did you mean [court]?"),
        (
            'branch = "Central Division"',
            'brnch = "x"',
            "[courthouses.CASC EMERALD CITY.brnch]; did you mean [branch]?",
        ),
        ('telephone = "555-0100"\n', "", "key [attorney.telephone] is missing; add it"),
        ('bar_number = "000000"', "bar_number = 0", "key [attorney.bar_number]: Input should be a valid string"),
        ('email = "records@doj.oz.example"', 'email = "records"', "key [repository.email]: is an e-mail address"),
        ('name = "Superior Court of Oz"', 'name = "Superior\\nCourt"', "key [court.name]: is one line of text"),
        ('name = "Superior Court of Oz"', 'name = " "', "key [court.name]: String should have at least 1 character"),
        ('address = ["PO Box 1"', "address = [[]", "key [repository.address.1]"),
        ('PD" = "EMERALD CITY ATTORNEY', 'PD" = "EMERALD CITY ATORNEY', "did you mean [EMERALD CITY ATTORNEY]?"),
        ("[attorney]", "[attorney", "is not TOML"),
    ],
)
def test_an_error_names_the_file_and_the_key(old: str, new: str, said: str) -> None:
    message = _message(old, new)
    assert message.startswith("office file [mine.toml]")
    assert said in message


def test_one_name_in_two_spellings_is_refused() -> None:
    again = '[courthouses."casc  emerald city"]\nname = "x"\nbranch = "x"\naddress = ["x"]\n[courthouses.'
    with pytest.raises(UsageError, match=r"\[CASC EMERALD CITY\] stands twice, but for letter case and spaces"):
        parse_office(example_office().replace("[courthouses.", again, 1))


def test_a_key_of_the_public_defender_is_a_public_one() -> None:
    assert parse_office(example_office().replace("recipients = []", f'recipients = ["{KEY}"]'))
    assert "is no public key that can be used" in _message("recipients = []", 'recipients = ["age1xyz"]')


def test_a_secret_key_is_refused_and_not_shown() -> None:
    secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    message = _message("recipients = []", f'recipients = ["{secret}"]')
    assert "[public_defender.recipients.1]: is a public key" in message
    assert secret not in message


def test_a_file_that_cannot_be_read_is_named_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'a = "\xe9"')
    for name in ("none.toml", "latin.toml"):
        with pytest.raises(UsageError) as caught:
            read_office(tmp_path / name)
        assert str(caught.value).startswith(f"office file [{name}] cannot be read")
        assert str(tmp_path) not in str(caught.value)


def test_a_file_written_on_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_bytes(b"\xef\xbb\xbf" + example_office().replace("\n", "\r\n").encode())
    assert read_office(path) == parse_office(example_office())


@pytest.fixture
def office() -> Office:
    return parse_office(example_office())


def test_a_courthouse_is_found_whatever_the_case_and_the_spaces(office: Office) -> None:
    house = office.courthouse("casc   Emerald City  ")
    assert house is not None
    assert house.code == "EC"
    assert office.courthouse("CASC OZ") is None
    assert office.courthouse("") is None
    assert office.courthouse(None) is None


def test_the_office_of_a_referral_is_that_of_the_agency(office: Office) -> None:
    found = office.referred("City Attorney", "EMERALD CITY  pd")
    assert found is not None
    assert found.name == "Office of the City Attorney, Emerald City"
    assert office.referred("city attorney", "WINKIE PD") is None
    assert office.referred("city attorney", None) is None


def test_a_referral_may_have_an_office_for_the_rest() -> None:
    office = parse_office(example_office().replace("# otherwise", "otherwise"))
    assert office.referred("city attorney", "WINKIE PD") == office.agency("EMERALD CITY ATTORNEY")
    assert office.referred("city attorney", None) is not None


def test_a_policy_may_name_the_office_itself(office: Office) -> None:
    assert office.referred("Emerald City Attorney", None) == office.agency("EMERALD CITY ATTORNEY")
    assert office.referred("coroner", None) is None


def test_entries_of_a_courthouse_that_the_table_lacks_stand_under_a_heading_of_their_own(desk: Any) -> None:
    entries = [
        desk.entry(court="../CASC/ WINKIES"),
        desk.entry(court="CAMC MUNCHKIN COUNTRY"),
        desk.entry(court=None),
        desk.entry(court="casc emerald  city"),
        desk.entry(court="../CASC/ WINKIES"),
    ]
    groups = by_courthouse(entries, desk.office)
    assert [(group.heading, len(group.entries)) for group in groups] == [
        ("Emerald City Courthouse, Central Division", 1),
        ("Munchkin Country Courthouse, Eastern Division", 1),
        (NOT_IN_TABLE, 3),
    ]
    assert groups[-1].courthouse is None
    assert not_in_table(entries, desk.office) == {"": 1, "../CASC/ WINKIES": 2}
    assert sum(len(group.entries) for group in groups) == len(entries)


def test_two_names_of_one_courthouse_are_one_heading(desk: Any) -> None:
    house = example_office().split('[courthouses."CASC EMERALD CITY"]')[1].split("[courthouses")[0]
    other = f'[courthouses."CASC EMERALD CTY"]{house}'
    office = parse_office(example_office().replace("[courthouses.", f"{other}[courthouses.", 1))
    entries = [desk.entry(court="CASC EMERALD CITY"), desk.entry(court="CASC EMERALD CTY")]
    assert [len(group.entries) for group in by_courthouse(entries, office)] == [2]


def test_every_key_is_documented() -> None:
    page = (ROOT / "docs/filing-office.md").read_text("utf-8")
    keys = [key for model in (Office, Attorney, Court, Courthouse, Agency, Repository) for key in model.model_fields]
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_name_of_a_courthouse_steers_no_terminal(desk: Any) -> None:
    names = ("OZ\x1b]0;x\x07  COURT", "OZ\u202eCOURT", "É COURT")
    found = not_in_table([desk.entry(court=name) for name in names], desk.office)
    assert list(found) == ["OZ[U+001B]]0;x[U+0007] COURT", "OZ[U+202E]COURT", "É COURT"]
