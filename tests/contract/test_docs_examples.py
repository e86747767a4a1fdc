"""The examples of the documentation work, and decide as the documentation says."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from clearslate.model import Count, Cycle, Disposition, Event, Grade, PartialDate, Person, Place, Section, Statute
from clearslate.policy.determination import Determination
from clearslate.policy.load import PolicySource
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import Policy
from clearslate.registry import load
from clearslate.testing.cases import read_cases
from clearslate_cli.settings import RunTable

DOCS = Path(__file__).resolve().parents[2] / "docs"
AS_OF = dt.date(2026, 11, 1)


def _blocks(page: str) -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def _policy() -> Policy:
    (text,) = _blocks("policy-files.md")
    return load().reform("ca_prop64").bind(PolicySource("oz.toml", text))


def _decided(*years: int, birth: PartialDate | None) -> Determination:
    """Decide the first of a person's convictions, one in each of the years."""
    counts = []
    for number, year in enumerate(years, 1):
        cycle = Cycle(str(number), PartialDate(year, 3, 1), (None,))
        event = Event(f"{number}.1", cycle, "COURT ACTION", "OZ")
        place = Place(0, number, number + 1)
        statute = Statute(Section.from_citation("HS 11359"), raw="11359 HS")
        counts.append(
            Count(
                f"{number}.1.1",
                event,
                place,
                statute,
                "11359 HS",
                Grade.FELONY,
                Disposition.CONVICTED,
                PartialDate(year, 4, 1),
                rows=(place,),
            )
        )
    person = Person("1", tuple(counts), birth_date=birth)
    determination = _policy().decide(Matter(History(person), counts[0], AS_OF))
    assert determination is not None
    return determination


def test_the_policy_of_the_guide_is_dismissed_by_quiet_whatever_the_birth_date() -> None:
    found = _decided(1996, birth=None)
    assert (str(found.decision), found.rule, found.missing) == ("eligible: dismiss_and_seal", "quiet", ())


def test_the_policy_of_the_guide_reviews_an_unknown_birth_date_where_it_decides() -> None:
    found = _decided(1996, 2015, 2023, birth=None)
    assert found.decision.outcome.value == "review"
    assert [fact.name for fact in found.missing] == ["birth_date"]


def test_the_birth_date_of_the_guide_settles_it() -> None:
    assert _decided(1996, 2023, birth=PartialDate(1970, 1, 1)).rule == "old_enough"
    assert _decided(1996, 2023, birth=PartialDate(1980, 1, 1)).rule == "rest"


def test_the_settings_file_of_the_quick_start_is_read() -> None:
    (text,) = _blocks("quick-start.md")
    settings = RunTable.model_validate(tomllib.loads(text)["run"])
    assert settings.files
    assert settings.reform == "ca_prop64"


def test_the_law_case_of_the_plugin_guide_is_read() -> None:
    (text,) = [block for block in _blocks("plugins.md") if block.startswith("[[case]]")]
    (case,) = read_cases("guide.toml", text)
    assert case.entry.expect.outcome == "eligible"


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_every_example_of_toml_is_toml(page: str) -> None:
    for block in _blocks(page):
        tomllib.loads(block)


def test_every_example_of_python_compiles() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", (DOCS / "plugins.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        compile(block, "plugins.md", "exec")
