"""Case numbers in every form that Illinois courts use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearslate_illinois.case_numbers import read_case_number


@pytest.mark.parametrize(
    ("printed", "plain", "county", "year", "kind", "district", "sequence", "defendant"),
    [
        ("2007CR1475501", "2007CR1475501", "COOK", 2007, "CR", None, "14755", 1),
        ("15-CR-1234567", "2015CR1234567", "COOK", 2015, "CR", None, "12345", 67),
        ("15-CR-123456", "2015CR123456", "COOK", 2015, "CR", None, "123456", None),
        ("07 CR 14755", "2007CR14755", "COOK", 2007, "CR", None, "14755", None),
        ("07 CR 14755 (01)", "2007CR1475501", "COOK", 2007, "CR", None, "14755", 1),
        ("98CR0012301", "1998CR0012301", "COOK", 1998, "CR", None, "00123", 1),
        ("2005C22059201", "2005C22059201", "COOK", 2005, "C", 2, "20592", 1),
        ("2004C55072501", "2004C55072501", "COOK", 2004, "C", 5, "50725", 1),
        ("2002C44117801", "2002C44117801", "COOK", 2002, "C", 4, "41178", 1),
        ("05121978901", "05121978901", "COOK", 2005, None, 1, "219789", 1),
        ("051219789 01", "05121978901", "COOK", 2005, None, 1, "219789", 1),
        ("20-MC6-00174701", "20-MC6-00174701", "COOK", 2020, "MC", 6, "001747", 1),
        ("20MC600174701", "20-MC6-00174701", "COOK", 2020, "MC", 6, "001747", 1),
        ("YE785290", "YE785290", "COOK", None, "YE", None, "785290", None),
        ("09-CF-117", "2009-CF-117", None, 2009, "CF", None, "117", None),
        ("09CF117", "2009-CF-117", None, 2009, "CF", None, "117", None),
        ("2021-CF-004217", "2021-CF-4217", None, 2021, "CF", None, "4217", None),
        ("09CM117", "2009-CM-117", None, 2009, "CM", None, "117", None),
        ("12 OV 77", "2012-OV-77", None, 2012, "OV", None, "77", None),
        ("2010TR1", "2010-TR-1", None, 2010, "TR", None, "1", None),
        ("10-DT-55", "2010-DT-55", None, 2010, "DT", None, "55", None),
    ],
)
def test_a_case_number_is_read_and_printed_in_one_form(
    printed: str, plain: str, county: str | None, year: int | None, kind: str | None, district: int | None,
    sequence: str, defendant: int | None,
) -> None:  # fmt: skip
    number = read_case_number(printed)
    assert number is not None
    assert str(number) == plain
    assert number.printed == printed
    assert (number.county, number.year, number.kind, number.district) == (county, year, kind, district)
    assert (number.sequence, number.defendant) == (sequence, defendant)
    assert read_case_number(plain) == number


def test_co_defendants_share_a_number_without_the_defendant() -> None:
    first, second = read_case_number("2007CR1475501"), read_case_number("2007CR1475502")
    assert first is not None
    assert second is not None
    assert first != second
    assert first.of_all_defendants == second.of_all_defendants
    assert str(first.of_all_defendants) == "2007CR14755"


@pytest.mark.parametrize(
    "printed",
    ["", "NUMBER 051219789 01", "2007CR", "CR14755", "207CR14755", "2005C23059201", "2005C72059201", "09-XX-117",
     "09-CF-0", "1234", "2107CR1475501", "Y785290", "20-MC7-00174701", "x" * 100, "2007CR14755\u00e901"],
)  # fmt: skip
def test_what_is_no_case_number_is_not_read(printed: str) -> None:
    assert read_case_number(printed) is None


@given(st.text(alphabet="0123456789CRMFTV -()/", max_size=30) | st.text(max_size=30))
def test_reading_never_raises_and_printing_is_stable(text: str) -> None:
    number = read_case_number(text)
    if number is not None:
        assert str(read_case_number(str(number))) == str(number)
