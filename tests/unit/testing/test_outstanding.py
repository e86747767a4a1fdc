from __future__ import annotations

import datetime as dt
import shutil
from importlib import resources
from pathlib import Path

import pytest

from clearslate.policy.reform import PolicyReform
from clearslate.testing.cases import LawCase, load_cases, read_cases
from clearslate.testing.outstanding import marks, outstanding, texts_of
from clearslate.testing.oz import OZ, read_statute

OZ_FILES = Path(str(resources.files("clearslate.testing.oz")))
CASES = load_cases(OZ_FILES / "cases")
AS_OF = dt.date(2026, 10, 1)


def said(text: str) -> list[str]:
    return [f"{mark.role} {mark}" for mark in marks({"a.toml": text})]


def test_a_mark_is_told_with_its_place_and_the_comment_that_it_begins() -> None:
    assert said("x = 1\n# TODO(lawyer): the day\n# of the law.\nday = 2\n") == [
        "lawyer a.toml, line 2: the day of the law."
    ]


def test_a_comment_ends_where_another_mark_or_an_empty_line_stands() -> None:
    text = "# TODO(lawyer): one\n# TODO(developer): two\n#\n# three\n"
    assert said(text) == ["lawyer a.toml, line 1: one", "developer a.toml, line 2: two"]


def test_a_mark_behind_code_is_told_without_the_comment_below() -> None:
    assert said("x = 1  # TODO(developer): pin it\n# another thing\n") == ["developer a.toml, line 1: pin it"]


def test_a_mark_that_asks_for_nothing_is_told_too() -> None:
    assert said("# TODO(lawyer):\n\n") == ["lawyer a.toml, line 1: not said what"]


def test_words_about_marks_are_none() -> None:
    assert said("What is open is marked `TODO(lawyer)`.\n") == []


def test_what_a_tool_made_or_an_editor_hides_is_not_read(tmp_path: Path) -> None:
    for name in ("src/a.py", ".github/workflows/b.yml", ".venv/c.py", "build/d.py", "src/__pycache__/e.py", "f.png"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x\n", encoding="utf-8")
    (tmp_path / "latin.md").write_bytes(b"\xe9\n")
    assert set(texts_of(tmp_path)) == {"src/a.py", ".github/workflows/b.yml"}


def dates(reform: PolicyReform, cases: list[LawCase]) -> list[str]:
    found = outstanding(reform, cases, {}, as_of=AS_OF, readers=["oz_rolls"], writers=["x"])
    return [point for topic in found.developer if topic.id == "dates" for point in topic.points]


def test_a_date_without_a_case_on_each_side_is_named() -> None:
    where = "2016-07-01 (reform.toml, rule under_the_new_law): no case has"
    assert dates(OZ, CASES) == [f"{where} the day after"]
    assert dates(OZ, [*CASES, case("Z1", "2026-10-01", arrested="2016-07-02")]) == []
    assert dates(OZ, []) == [f"{where} the day before, the day itself, the day after"]


@pytest.fixture
def amended(tmp_path: Path) -> PolicyReform:
    """Oz with a later version of its statute."""
    shutil.copytree(OZ_FILES, tmp_path / "oz")
    text = (OZ_FILES / "policies/statute.toml").read_text("utf-8").replace("2016-07-01", "2027-01-01")
    (tmp_path / "oz/policies/statute-2027-01-01.toml").write_text(text, encoding="utf-8")
    return PolicyReform(tmp_path / "oz", read_statute=read_statute)


def case(id: str, as_of: str, arrested: str = "2010-05-01") -> LawCase:
    (one,) = read_cases(
        "more.toml",
        f"""
[[case]]
id = "{id}"
name = "A misdemeanor of moonshine is dismissed"
source = "ZZ Acts 2016 c. 1 s 4(a)"
as_of = {as_of}
person.counts = [{{ decide = true, statute = "100 ZZ", arrested = "{arrested}", grade = "misdemeanor" }}]
expect = {{ outcome = "eligible", relief = "dismiss_and_seal", rule = "minor_offense" }}
""",
    )
    return one


def test_a_dated_policy_needs_cases_of_the_day_before_and_of_the_day(amended: PolicyReform) -> None:
    before, on = case("Z1", "2026-12-31"), case("Z2", "2027-01-01")
    lacking = "2027-01-01 (statute-2027-01-01): no pair of cases is decided as of the day before and the day itself"
    assert lacking in dates(amended, CASES)
    assert lacking in dates(amended, [*CASES, on])
    assert lacking not in dates(amended, [*CASES, before, on])
