from __future__ import annotations

import pytest

from clearslate.assess.county import find_county
from clearslate.errors import CountyError

FOUND = {"EMERALD CITY": 3, "OZ": 9}


@pytest.mark.parametrize("name", ["Emerald City", "emerald  city", " EMERALDCITY ", "emerald\tcity"])
def test_a_county_is_found_without_regard_to_case_and_spacing(name: str) -> None:
    assert find_county(name, FOUND) == "EMERALD CITY"


@pytest.mark.parametrize("name", ["EC", "EMERALD", "EMERALD CITY COUNTY", "", "  "])
def test_a_county_not_in_the_file_is_an_error_that_lists_those_found(name: str) -> None:
    with pytest.raises(CountyError, match=r"EMERALD CITY, OZ$"):
        find_county(name, FOUND)


def test_a_file_without_any_county_says_so() -> None:
    with pytest.raises(CountyError, match="nor has any other"):
        find_county("Oz", {"": 4})
