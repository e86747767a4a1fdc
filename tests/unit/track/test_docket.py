from __future__ import annotations

from typing import Any

import pytest

from clearslate.registry import load
from clearslate.track.answers import Asked, Problem
from clearslate.track.case import Case
from clearslate.track.docket import Docket

READ = load().reform("ca_prop64").read_statute


def found(kept: Any, whole: bool = False, **asked: Any) -> int | list[int] | str:
    """The row of the charge that is found, the rows of all, or the name of the problem."""
    one = Asked(**{"case_number": "OZ-1", **asked})
    docket = Docket(kept.store, 1, [one], READ)
    answer: Any = docket.all(one) if whole else docket.one(one)
    if isinstance(answer, Problem):
        return answer.name
    return answer.key[1] if isinstance(answer, Case) else [case.key[1] for case in answer]


@pytest.fixture
def several(kept: Any) -> Any:
    """Three charges of one person under one number, of which two were granted, and one of somebody else."""
    kept.add(1, 1, statute="HS 11357(a)").add(1, 2, statute="HS 11359(b)")
    kept.add(1, 3, statute="PC 459", outcome="ineligible")
    kept.add(2, 4, case_number="OZ-2; OZ-22")
    kept.done()
    return kept


def test_a_case_number_is_found_however_it_is_spelled(several: Any) -> None:
    for number in ("OZ-2", "oz 2", "OZ2", "oz-22"):
        assert found(several, case_number=number) == 4


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "several charges"),
        ({"statute": "11357(a) HS"}, 1),
        ({"statute": "HS 11359(b)"}, 2),
        ({"statute": "hs 11359"}, 2),
        ({"statute": "11358 HS"}, "statute"),
        ({"statute": "HS 11359(c)"}, "statute"),
        ({"statute": "something"}, "statute"),
        ({"statute": "PC 459"}, "statute"),
        ({"case_number": "OZ-3"}, "unknown case"),
        ({"case_number": "OZ-2", "person_id": "p2"}, 4),
        ({"case_number": "OZ-2", "person_id": "P1"}, "person"),
        ({"case_number": "OZ-2", "name": "Orla ZYXQUELL", "born": "1961-03-17"}, 4),
        ({"case_number": "OZ-2", "name": "Ann Quandle"}, "person"),
        ({"case_number": "OZ-2", "born": "1961-03-18"}, "person"),
        ({"case_number": "OZ-2", "county": "Oz County"}, 4),
        ({"case_number": "OZ-2", "county": "Kansas"}, "county"),
        ({"source_row": 2}, 2),
        ({"source_row": 2, "case_number": ""}, 2),
        ({"source_row": 2, "case_number": "OZ-2"}, "case number"),
        ({"source_row": 2, "source_file": "other.dat"}, "source row"),
        ({"source_row": 3}, "not granted"),
        ({"source_row": 9}, "source row"),
        ({"source_row": 2, "person_id": "P2"}, "person"),
    ],
)
def test_one_charge_is_found_or_the_reason_why_not(several: Any, asked: dict[str, Any], expected: Any) -> None:
    assert found(several, **asked) == expected


def test_every_granted_charge_of_a_case_is_found_where_all_are_one_persons(several: Any) -> None:
    assert found(several, whole=True) == [1, 2]
    assert found(several, whole=True, statute="HS 11357(a)") == [1]
    assert found(several, whole=True, case_number="OZ-9") == "unknown case"


def test_two_people_under_one_number_are_not_guessed_at(kept: Any) -> None:
    kept.add(1, 1).add(2, 2).done()
    assert found(kept) == "several charges"
    assert found(kept, whole=True) == "several people"
    assert found(kept, person_id="P2") == 2


def test_two_numbers_that_differ_in_signs_alone_are_not_guessed_at(kept: Any) -> None:
    kept.add(1, 1, case_number="A12-3").add(2, 2, case_number="A1-23").done()
    assert found(kept, case_number="A123") == "several cases"
    assert found(kept, case_number="a1-23") == 2


def test_a_case_of_which_nothing_was_granted_is_told_apart_from_an_unknown_one(kept: Any) -> None:
    kept.add(1, 1, outcome="review").done()
    assert found(kept) == "not granted"


def test_a_row_needs_its_file_where_the_run_read_several(kept: Any) -> None:
    kept.add(1, 1).add(2, 1, source_file="more.dat", case_number="OZ-2").done()
    assert found(kept, source_row=1) == "source file"
    assert found(kept, source_row=1, source_file="more.dat", case_number="") == 1


@pytest.mark.parametrize(
    ("printed", "said", "is_found"),
    [
        ("attempt: HS 11359", "664/11359 HS", True),
        ("attempt: HS 11359", "HS 11359", False),
        ("HS 11359", "664/11359 HS", False),
        ("", "HS 11359", False),
        ("", "11359 HS-POSSESS", True),
    ],
)
def test_an_attempt_is_not_the_offense(kept: Any, printed: str, said: str, is_found: bool) -> None:
    kept.add(1, 1, statute=printed).done()
    assert found(kept, statute=said) == (1 if is_found else "statute")
