"""What the tutorial and the page on amendments tell a developer to write is whole, and decides as they say.

That their commands do what they show, in an environment of its own, is a journey.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from clearslate.testing.cases import LawCase, check_case, load_cases
from clearslate.testing.outstanding import marks, texts_of
from clearslate.testing.reading import check_reader
from clearslate_cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / name for name in ("tutorial.md", "how-we-read-an-amendment.md")]


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("tutorial", ROOT / "tools" / "tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["tutorial"] = module
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


class Built(NamedTuple):
    """The projects of the pages, and the plugins of them."""

    folder: Path
    reform: ModuleType
    reader: ModuleType
    cases: list[LawCase]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Every file of both pages written where they say, over what ``clearslate new`` writes."""
    folder = tmp_path_factory.mktemp("tutorial")
    made: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for page in PAGES:
            TOOL.write_all(page, folder, lambda words: made.append(main(words)))
        assert made == [0, 0]
        for name in ("rolls", "lanterns"):
            patch.syspath_prepend(str(folder / f"clearslate-wk-{name}" / "src"))
        reform = importlib.import_module("clearslate_wk_lanterns.plugin")
        reader = importlib.import_module("clearslate_wk_rolls.plugin")
        yield Built(folder, reform, reader, load_cases(folder / "clearslate-wk-lanterns/tests/cases"))
        for name in [name for name in sys.modules if name.startswith("clearslate_wk_")]:
            del sys.modules[name]


def test_every_case_of_the_pages_is_decided_as_it_says(built: Built) -> None:
    assert len(built.cases) == 28
    for case in built.cases:
        check_case(built.reform.WK_LANTERNS, case)


def test_the_day_of_decision_chooses_the_version_of_the_law(built: Built) -> None:
    reform = built.reform.WK_LANTERNS
    for day, title in ((dt.date(2026, 12, 31), "the act itself"), (dt.date(2027, 1, 1), "as amended in 2026")):
        assert reform.read_policy(reform.find("statute", day)).title.endswith(title)


def test_the_sample_keeps_what_every_reader_promises(built: Built) -> None:
    sample = built.folder / "clearslate-wk-rolls/sample/records.csv"
    tried = check_reader(
        built.reader.WK_ROLLS, [sample], [built.reform.WK_LANTERNS], as_of=dt.date(2026, 6, 1), tries=40
    )
    assert (tried.rows_used, tried.people, tried.convictions) == (12, 10, 10)


def test_a_plugin_of_the_pages_gives_what_they_say(built: Built) -> None:
    assert [one.about.id for one in built.reform.clearslate_reforms()] == ["wk_lanterns"]
    assert [one.id for one in built.reform.clearslate_writers()] == ["wk_court_list"]
    assert [one.id for one in built.reader.clearslate_readers()] == ["wk_rolls"]


def test_no_place_is_left_for_a_lawyer_to_fill(built: Built) -> None:
    found = marks(texts_of(built.folder))
    assert {mark.role for mark in found} == {"developer"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_files_and_commands(page: Path) -> None:
    steps = list(TOOL.steps(page.read_text("utf-8")))
    assert any(isinstance(step, TOOL.Write) for step in steps)
    words = {step.line.split()[0] for step in steps if isinstance(step, TOOL.Command)}
    assert words <= {"python", "clearslate", "cd", "cat"}


# The tool that follows them --------------------------------------------------------------------------

PAGE = """
File `a.txt`:

```text
one
```

Add to `a.txt`:

```text
two
```

```console
$ cat a.txt
one
…
$ cd sub
$ python x.py
shown
```
"""


def test_the_steps_of_a_page_are_read_in_order() -> None:
    assert list(TOOL.steps(PAGE)) == [
        TOOL.Write("a.txt", "one\n", False),
        TOOL.Write("a.txt", "two\n", True),
        TOOL.Command("cat a.txt", ("one", "…")),
        TOOL.Command("cd sub", ()),
        TOOL.Command("python x.py", ("shown",)),
    ]


def followed(tmp_path: Path, out: str, code: int = 0) -> list[str]:
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "sub").mkdir(exist_ok=True)
    seen: list[Path] = []

    def run(words: list[str], here: Path) -> Any:
        seen.append(here)
        return TOOL.Done(0, (here / words[1]).read_text("utf-8")) if words[0] == "cat" else TOOL.Done(code, out)

    wrong: list[str] = TOOL.follow(tmp_path / "page.md", tmp_path, run)
    assert seen == [tmp_path, tmp_path / "sub"]
    return wrong


def test_a_page_that_is_right_is_followed_to_its_end(tmp_path: Path) -> None:
    assert followed(tmp_path, "before\nshown\nbehind\n") == []
    assert (tmp_path / "a.txt").read_text("utf-8") == "one\ntwo\n"


def test_a_line_that_is_not_shown_is_told(tmp_path: Path) -> None:
    assert followed(tmp_path, "not shown\n") == ["[python x.py] did not show [shown]"]


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path: Path) -> None:
    (said,) = followed(tmp_path, "shown\nbroken\n", code=9)
    assert said.startswith("[python x.py] ended with exit code 9")
    assert "broken" in said


def test_lines_in_another_order_are_not_what_the_page_shows() -> None:
    assert TOOL.missing(["a", "", "b"], "x\na\n\nb\n") == []
    assert TOOL.missing(["b", "a"], "a\nb\n") == ["a"]
