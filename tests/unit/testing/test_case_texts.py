"""Case files as they are written from a sheet: in the style of people, and with their text where nothing changed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.testing.test_sheets import CASE, OTHER, cases_of

from clearslate.testing.cases import CaseEntry, read_cases
from clearslate.testing.oz import CASES as OZ_CASES
from clearslate.testing.sheets.merging import comment_lines, merged
from clearslate.testing.sheets.plain import plain
from clearslate.testing.sheets.toml import file_text


def test_the_writer_of_toml_writes_as_people_do() -> None:
    for name in ("statute.toml", "emerald_city.toml"):
        text = (OZ_CASES / name).read_text("utf-8")
        assert file_text([case.entry for case in read_cases(name, text)]) == text


FILE = f"""# The cases of Oz.
{CASE.replace('"A sentence of law"', '"A # no comment" # why')}
# --- The second part ---
{OTHER.lstrip()}
# The end."""


def test_a_case_that_did_not_change_keeps_its_text_and_comments() -> None:
    one, two = (case.entry for case in read_cases("oz.toml", FILE))
    assert comment_lines(FILE) == (1, 5, 20, 38)
    assert merged("oz.toml", FILE, [one, two]) == (FILE, ())
    new = two.model_copy(update={"name": "Another sentence"})
    assert merged("oz.toml", FILE, [one, new]) == (
        "Another sentence".join(FILE.rsplit("A sentence of law", 1)),
        (),
    )
    turned = merged("oz.toml", FILE, [two, one])
    assert turned.lost == ()
    assert [line for line in turned.text.splitlines() if "#" in line] == [
        "# The cases of Oz.",
        "# --- The second part ---",
        'name = "A # no comment" # why',
        "# The end.",
    ]


def test_comments_that_go_are_counted_by_line() -> None:
    one, two = (case.entry for case in read_cases("oz.toml", FILE))
    assert merged("oz.toml", FILE, [one.model_copy(update={"name": "Another"}), two]).lost == (5,)
    assert merged("oz.toml", FILE, [one]).lost == (20,)
    inline = "case = [{ " + ", ".join(
        line for line in file_text([one]).splitlines() if line.startswith(("id", "na", "so", "as"))
    )
    inline += ', person.counts = [{ decide = true, statute = "1" }], expect.outcome = "out_of_scope" }] # all'
    assert merged("oz.toml", inline, [two]) == (file_text([two]), (1,))
    assert merged("oz.toml", "[[case]]\nbroken # !", [two]) == (file_text([two]), (2,))


@given(st.lists(st.sampled_from("AB"), min_size=1, max_size=2, unique=True), st.booleans(), st.booleans())
def test_a_file_brought_up_to_date_says_what_the_sheet_says(order: list[str], renamed: bool, windows: bool) -> None:
    known = {case.id[0]: case.entry for case in read_cases("oz.toml", FILE)}
    wanted = [known[one].model_copy(update={"name": "New"} if renamed else {}) for one in order]
    text = FILE.replace("\n", "\r\n") if windows else FILE
    assert [case.entry for case in read_cases("oz.toml", merged("oz.toml", text, wanted).text)] == wanted


def test_long_tables_and_lists_are_folded() -> None:
    routes = {f"relief_number_{n}": {"outcome": "review", "rule": "a_rather_long_rule"} for n in range(3)}
    (case,) = cases_of(CASE)
    data = plain(case.entry)
    data["expect"] = {"outcome": "review", "routes": routes}
    data["person"]["registrations"] = [{"statute": f"29{n} ZZ-REGISTRATION OF A MAKER OF MOONSHINE"} for n in range(3)]
    data["story"] = 'It was once\ntaken for "another"'
    entry = CaseEntry.model_validate(data)
    text = file_text([entry])
    assert [case.entry for case in read_cases("oz.toml", text)] == [entry]
    assert '\n[case.expect.routes]\nrelief_number_0 = { outcome = "review", rule = ' in text
    assert '\nregistrations = [\n    { statute = "290 ZZ' in text
    assert '\nstory = """\nIt was once\ntaken for "another\\""""\n' in text
    assert max(map(len, text.splitlines())) <= 120
    assert re.search(r"^\[case\.person\]$", text, re.MULTILINE)
