"""Dated versions of a policy, chosen by the day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from clearslate.errors import PolicyError
from clearslate.policy.reform import PolicyReform
from clearslate.policy.versions import version_of


@pytest.fixture
def amended(make_reform, tmp_path: Path) -> PolicyReform:
    reform = make_reform()
    text = reform.find("statute").text
    for day in ("2027-01-01", "2029-06-15"):
        newer = text.replace("in_force = 2016-07-01", f"in_force = {day}")
        (tmp_path / "oz" / "policies" / f"statute-{day}.toml").write_text(newer, encoding="utf-8")
    return PolicyReform(tmp_path / "oz", read_statute=reform.read_statute)


@pytest.mark.parametrize(
    ("day", "file"),
    [
        ("1999-01-01", "statute.toml"),
        ("2026-12-31", "statute.toml"),
        ("2027-01-01", "statute-2027-01-01.toml"),
        ("2029-06-14", "statute-2027-01-01.toml"),
        ("2029-06-15", "statute-2029-06-15.toml"),
        ("2080-01-01", "statute-2029-06-15.toml"),
    ],
)
def test_the_version_in_force_on_the_day_decides(amended: PolicyReform, day: str, file: str) -> None:
    assert amended.find("statute", dt.date.fromisoformat(day)).name == file


def test_without_a_day_it_is_the_newest_and_a_dated_name_is_that_version(amended: PolicyReform) -> None:
    assert amended.find("statute").name == "statute-2029-06-15.toml"
    assert amended.find("statute-2027-01-01", dt.date(2080, 1, 1)).name == "statute-2027-01-01.toml"
    assert list(amended.policies()) == ["statute-2027-01-01", "statute-2029-06-15", "statute"]


def test_a_file_that_is_in_force_from_another_day_than_its_name_is_refused(
    amended: PolicyReform, tmp_path: Path
) -> None:
    file = tmp_path / "oz" / "policies" / "statute-2027-01-01.toml"
    file.write_text(file.read_text("utf-8").replace("in_force = 2027-01-01", "in_force = 2027-01-02"), "utf-8")
    reform = PolicyReform(tmp_path / "oz", read_statute=amended.read_statute)
    with pytest.raises(PolicyError, match=r"\[in_force\] is \[2027-01-02\], and the file is named for \[2027-01-01\]"):
        reform.bind(reform.find("statute-2027-01-01"))


def test_a_file_named_for_no_day_of_the_calendar_is_refused(amended: PolicyReform, tmp_path: Path) -> None:
    policies = tmp_path / "oz" / "policies"
    (policies / "statute-2027-02-30.toml").write_text((policies / "statute.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(PolicyError, match=r"\[statute-2027-02-30.toml\]"):
        PolicyReform(tmp_path / "oz", read_statute=amended.read_statute)


def test_a_version_is_an_id_and_a_day() -> None:
    assert version_of("statute-2027-01-01") == ("statute", dt.date(2027, 1, 1))
    assert version_of("los_angeles") == ("los_angeles", None)
