"""The table of addresses: how it is read, and whether a name in it is that of a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearslate.errors import InputError
from clearslate.filing.addresses import Address, addresses_of, is_named, read_addresses


@pytest.mark.parametrize(
    ("name", "printed", "agrees"),
    [
        ("Dorothy Gale", ["GALE,DOROTHY"], True),
        ("GALE, Dorothy M.", ["GALE,DOROTHY"], True),
        ("D. Gale", ["GALE,DOROTHY"], True),
        ("Dorothy Gale", ["GALE,D"], True),
        ("Dorothy Gale", ["SMITH,ANN", "GALE,DOROTHY ANN"], True),
        ("Tip Ñúñez", ["NUNEZ,TIP"], True),
        ("Łukasz Øz", ["OZ,LUKASZ"], True),
        ("Pat O’Brien", ["OBRIEN,PAT"], True),
        ("Pat O Brien", ["O'BRIEN,PAT"], True),
        ("Maria Garcia", ["GARCIA LOPEZ,MARIA"], True),
        ("Juan Delacruz", ["DE LA CRUZ,JUAN"], True),
        ("Anh Le", ["LE,ANH"], True),
        ("Tip O", ["O,TIP"], True),
        ("Marie Gale", ["GALE,ANN MARIE"], True),
        ("Dorothy Gale", ["DOROTHY GALE"], True),
        ("Scraps", ["SCRAPS"], True),
        ("Tip Gale", ["GALE,DOROTHY"], False),
        ("Dorothy Quadling", ["GALE,DOROTHY"], False),
        ("Dorothy Gale", ["GALE,TOM D"], False),
        ("Tom D. Gale", ["GALE,DOROTHY"], False),
        ("Gale", ["GALE,DOROTHY"], False),
        ("Dorothy Gale", ["GALE"], False),
        ("Dorothy Gale", ["GALE,"], False),
        ("Dorothy Gale", [], False),
        ("Dorothy Gale", ["DOROTHY,GALEN"], False),
        ("Dorothy Gale", ["DOROTHY QUADLING"], False),
        ("Juan de la Vega", ["DE LA CRUZ,JUAN"], False),
        ("Oz Oz", ["OZ,TIP"], False),
        ("...", ["GALE,DOROTHY"], False),
    ],
)
def test_a_name_agrees_in_a_surname_and_a_given_name(name: str, printed: list[str], agrees: bool) -> None:
    assert is_named(name, printed) is agrees


def test_an_address_file_is_read_with_its_columns_in_any_order() -> None:
    found = addresses_of('name,person_id,address_1,address_3,Language\nA B,P1,\'=x,"Oz, OZ 00001",ES\n\n')
    assert found == {"P1": Address("P1", "A B", ("=x", "Oz, OZ 00001"), "00001", "es")}


def test_a_postal_code_of_its_own_counts_before_that_of_the_last_line() -> None:
    text = 'person_id,name,address_1,postal_code\nP1,A,"Oz, OZ 00001",00009\nP2,A,12345,\nP3,A,Apt 123456,\n'
    assert [one.postal_code for one in addresses_of(text).values()] == ["00009", "12345", ""]


def test_letters_without_a_postal_code_come_last() -> None:
    text = 'person_id,name,address_1\nP1,A,Nowhere\nP2,B,"X, OZ 00002"\nP3,A,"X, OZ 00001"\n'
    ordered = sorted(addresses_of(text).values(), key=lambda one: one.in_mailing_order)
    assert [one.person_id for one in ordered] == ["P3", "P2", "P1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks the column [person_id]"),
        ("person_id,nam,address_1\n", "has an unknown column [nam]; did you mean [name]?"),
        ("P1,Dorothy Gale,12 Poppy Lane\n", "has an unknown column; known: "),
        ("person_id,name,name,address_1\n", "names a column twice"),
        ("person_id,name,address_1\nP1,A\n", "row [1]: has 2 cells where the header has 3"),
        ("person_id,name,address_1\n,A,B\n", "row [1]: column [person_id] is blank"),
        ("person_id,name,address_1\nP1,,B\n", "row [1]: column [name] is blank"),
        ("person_id,name,address_1\nP1,A,B\nP1,A,C\n", "row [2]: the person stands in it twice"),
        ('person_id,name,address_1\nP1,A,"B\nC"\n', "row [1]: column [address_1] has a line break"),
        ('person_id,name,address_1\nP1,A,"B"C\n', "is not CSV"),
    ],
)
def test_an_address_file_is_refused_with_row_and_column(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        addresses_of(text, "a.csv")
    assert str(caught.value).startswith("address file [a.csv]")
    assert said in str(caught.value)
    assert "Poppy" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_address_file_of_another_encoding_is_named_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"person_id,name,address_1\nP1,\xd1,x\n")
    with pytest.raises(InputError, match=r"^address file \[a.csv\] is not UTF-8"):
        read_addresses(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"^address file \[b.csv\] cannot be read"):
        read_addresses(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_bytes(b"\xef\xbb\xbfperson_id,name,address_1\r\nP1,A,x\r\n")
    assert list(read_addresses(tmp_path / "c.csv")) == ["P1"]
