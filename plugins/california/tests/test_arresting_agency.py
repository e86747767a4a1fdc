from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("agencies", "expected"),
    [
        (["OZ PD"], "OZ PD"),
        (["OZ PD", "OZ PD"], "OZ PD"),
        (["OZ PD", ""], "OZ PD"),
        (["OZ PD", "WINKIE PD"], None),
        ([""], None),
    ],
)
def test_a_cycle_says_who_arrested_where_its_arrest_rows_name_one_agency(
    oz: Any, agencies: list[str], expected: str | None
) -> None:
    arrests = [
        oz.arrest(CNT_ORDER=f"101001{place:03d}000", STP_ORI_DESCR=agency) for place, agency in enumerate(agencies, 1)
    ]
    count = oz.count(*arrests, oz.court(STP_ORI_DESCR="CASC EMERALD CITY"))
    assert count.cycle.agency == expected
    assert count.event.agency == "CASC EMERALD CITY"


def test_a_cycle_without_an_arrest_row_says_nobody(oz: Any) -> None:
    assert oz.count(oz.court(STP_ORI_DESCR="CASC EMERALD CITY")).cycle.agency is None


def test_the_agency_of_another_cycle_is_none_of_this_one(oz: Any) -> None:
    other = oz.arrest(CNT_ORDER="102001001000", STP_ORI_DESCR="WINKIE PD")
    assert oz.count(oz.court(), other).cycle.agency is None
