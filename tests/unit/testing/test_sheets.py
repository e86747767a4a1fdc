"""Law cases as spreadsheets: nothing is lost on the way out and back, whatever a spreadsheet does to the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from clearslate.errors import ClearslateError, InputError, PolicyError, UsageError
from clearslate.model import PartialDate, SentencePart
from clearslate.testing import sheets
from clearslate.testing.cases import CaseEntry, LawCase, PersonEntry, load_cases, read_cases
from clearslate.testing.oz import CASES as OZ_CASES
from clearslate.testing.sheets import explained, layout
from clearslate.testing.sheets.cells import MOST_BYTES, written
from clearslate.testing.sheets.kinds import Scalar, Several, kind_of
from clearslate.testing.sheets.names import file_name
from clearslate.testing.sheets.plain import bare, inside, plain
from clearslate.testing.sheets.toml import file_text

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = [*sorted(path for path in ROOT.glob("plugins/*/tests/cases") if any(path.glob("*.toml"))), OZ_CASES]

CASE = """
[[case]]
id = "A1"
name = "A sentence of law"
source = "ZZ Acts 2016 c. 1 s 4"
as_of = 2019-07-01
[case.person]
birth_date = "1979-07"
[[case.person.counts]]
decide = true
statute = "100 ZZ"
arrested = "2010"
facts = { jars = 6, in_market = false }
[case.expect]
outcome = "eligible"
relief = "dismiss_and_seal"
rule = "minor_offense"
"""
OTHER = CASE.replace('"A1"', '"B2"')


def cases_of(*texts: str, file: str = "oz.toml") -> list[LawCase]:
    return read_cases(file, "\n".join(texts))


def typed(cases: Sequence[LawCase]) -> list[str]:
    """The cases so that 6 is not 6.0 and true not 1."""
    return [f"{case.file} {json.dumps(plain(case.entry), sort_keys=True, default=str)}" for case in cases]


def round_trip(cases: Sequence[LawCase]) -> None:
    for suffix in sheets.SUFFIXES:
        back = sheets.from_bytes(f"sheet{suffix}", sheets.to_bytes(cases, suffix))
        assert back == list(cases)
        assert typed(back) == typed(cases)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def csv_of(rows: Sequence[dict[str, str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode(encoding)


def refusal(data: bytes, name: str = "sheet.csv", kind: type[ClearslateError] = PolicyError) -> str:
    with pytest.raises(kind) as caught:
        sheets.from_bytes(name, data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def changed(**cells: str) -> bytes:
    """The sheet of one case with some cells changed; a double underscore stands for a colon and a space."""
    (row,) = table(sheets.to_bytes(cases_of(CASE), ".csv"))
    return csv_of([row | {label.replace("__", ": "): text for label, text in cells.items()}])


# Nothing is lost -----------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.parent.name)
def test_the_cases_of_every_plugin_come_back_as_they_were(folder: Any) -> None:
    cases = load_cases(folder)
    round_trip(cases)
    for name, own in sheets.by_file(cases).items():
        assert [case.entry for case in read_cases(name, file_text([case.entry for case in own]))] == [
            case.entry for case in own
        ]


NASTY = [
    "",
    "=1+1",
    "'x",
    "'=x",
    '"',
    '"a',
    "1E5",
    "007",
    "2001-05",
    "TRUE",
    "yes",
    " a ",
    "a;b",
    'a "b" c',
    "a\nb",
    "-5",
]
NASTY += [
    "_x0041_",
    "\r\n",
    "é≥",
    "@x",
    "(none)",
    "5,000",
    "28.50",
    "nan",
    "\u00a0",
    "\ufffe",
    "\U0001f600",
    "x\\",
    '"""',
]
ANY = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))
SAID = ANY.map(str.strip).filter(bool)
WORD = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
FLAG = st.from_regex(r"[A-Z][A-Z0-9_]{0,5}", fullmatch=True)
DATE = st.dates(dt.date(1000, 1, 1)).flatmap(lambda day: st.sampled_from([str(day), str(day)[:7], str(day)[:4]]))
PART = st.one_of(
    st.sampled_from(["FINE", "0 JAIL", "? COUNTY JAIL", "1 day", '3 year "JAIL"; LATER']),
    st.builds("{} {} JAIL".format, st.integers(0, 99), st.sampled_from(["day", "month", "year"])),
)
NUMBER = st.floats(allow_nan=False)


def made_of(annotation: Any, metadata: Sequence[Any]) -> st.SearchStrategy[Any]:
    """Whatever a field may hold, as TOML has it."""
    if type(None) in get_args(annotation):
        return made_of(next(one for one in get_args(annotation) if one is not type(None)), metadata)
    kind = bare(annotation)
    metadata = getattr(annotation, "__metadata__", metadata)
    pattern = next((one.pattern for one in metadata if getattr(one, "pattern", None)), None)
    if pattern is not None:
        return WORD if "a-z" in pattern else FLAG
    known = {bool: st.booleans(), int: st.integers(0, 3), PartialDate: DATE, SentencePart: PART, dt.date: st.dates()}
    if kind in known:
        return known[kind]
    if kind is str:
        return SAID if metadata else ANY
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return tables(kind)
    if get_origin(kind) is list:
        return st.lists(made_of(get_args(kind)[0], ()), max_size=3)
    if get_origin(kind) is dict:
        return st.dictionaries(WORD, made_of(get_args(kind)[1], ()), max_size=2)
    if bool in get_args(kind):
        return st.one_of(st.booleans(), st.integers(), NUMBER, ANY)
    return st.sampled_from(get_args(kind))


def tables(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {(one.alias or name): one for name, one in model.model_fields.items()}
    return st.fixed_dictionaries(
        {key: _of(one) for key, one in fields.items() if one.is_required()},
        optional={key: _of(one) for key, one in fields.items() if not one.is_required()},
    )


def _of(field: Any) -> st.SearchStrategy[Any]:
    # Text without a pattern that must not be blank says so in its metadata.
    return made_of(field.annotation, field.metadata)


EXPECTED = [
    {"outcome": "out_of_scope"},
    {"outcome": "review", "rule": "a_rule", "flags": ["A", "B"], "missing": ["a", "b"]},
    {"outcome": "refer", "refer_to": "the office; or another", "rule": "a_rule"},
    {"outcome": "review", "reliefs": [], "routes": {"a": {"outcome": "review", "rule": "r", "missing": ["x"]}}},
    {
        "outcome": "eligible",
        "reliefs": ["a", "c"],
        "routes": {"b": {"outcome": "refer", "rule": "r"}, "a": {"outcome": "eligible", "rule": "s"}},
    },
]


@st.composite
def entries(draw: Callable[[Any], Any]) -> CaseEntry:
    data = draw(tables(CaseEntry).filter(lambda one: one["person"]["counts"]))
    data["expect"] = draw(st.sampled_from(EXPECTED))
    counts = data["person"]["counts"]
    decided = draw(st.integers(0, len(counts) - 1))
    shared: dict[Any, Any] = {}
    for number, count in enumerate(counts):
        count["decide"] = number == decided
        if "cycle" in count:
            count["cycle"] = draw(st.sampled_from(["1", "A 1"]))
        else:
            count.pop("event", None)
        for key, of in (("arrested", ["cycle"]), ("county", ["cycle", "event"])):
            place = (key, *(count.get(one, number) for one in of))
            if key in count:
                count[key] = shared.setdefault(place, count[key])
    cycles = sorted({count["cycle"] for count in counts if "cycle" in count})
    for row in data["person"].get("charged", []):
        row["cycle"] = cycles[0] if cycles else ""
    if not cycles:
        data["person"].pop("charged", None)
    return CaseEntry.model_validate(data)


@given(st.lists(entries(), min_size=1, max_size=3, unique_by=lambda entry: entry.id))
@settings(max_examples=15)
def test_any_cases_come_back_as_they_were(made: list[CaseEntry]) -> None:
    round_trip([LawCase("oz.toml", entry) for entry in made])
    again = [case.entry for case in read_cases("oz.toml", file_text(made))]
    assert typed([LawCase("", one) for one in again]) == typed([LawCase("", one) for one in made])


def test_the_same_cases_give_the_same_bytes() -> None:
    cases = load_cases(OZ_CASES)
    for suffix in sheets.SUFFIXES:
        assert sheets.to_bytes(cases, suffix) == sheets.to_bytes(cases, suffix)
    with zipfile.ZipFile(io.BytesIO(sheets.to_bytes(cases, ".xlsx"))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b">1980-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


# Every field has a column --------------------------------------------------------------------


def paths_of(model: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key that a case file may hold, by the tables that lead to it."""
    for name, field in model.model_fields.items():
        kind, here = bare(field.annotation), (*path, field.alias or name)
        held = kind if get_origin(kind) is None else inside(kind)
        if isinstance(held, type) and issubclass(held, BaseModel):
            yield from paths_of(held, here)
        else:
            yield here


def test_every_field_of_every_entry_has_a_column() -> None:
    made = layout.layout()
    there = {(*kind.path, *field.path) for kind in made.rows.values() for field in kind.fields}
    assert there == set(paths_of(CaseEntry))
    labels = {column.label for column in layout.columns({family: ["x"] for family in layout.families()})}
    for name in made.rows:
        for field in made.fields(name):
            assert (f"{field.label}x" if field.family else field.label) in labels
    assert layout.layout().first.path == ("person", "counts")


def test_every_column_is_explained() -> None:
    labels = {column.label for column in layout.columns({})} | set(layout.families())
    assert set(explained.WORDS) == labels
    page = (ROOT / "docs" / "law-cases.md").read_text("utf-8")
    assert [label for label in labels if f"`{label.strip()}" not in page] == []


def test_a_type_that_no_cell_holds_is_refused_before_anything_is_lost() -> None:
    with pytest.raises(TypeError, match="no cell holds"):
        kind_of(dt.timedelta)


# What is wrong is named ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"grade": "felny"}, "column [grade]: takes felony, misdemeanor, infraction; [felny] was given; did you mean"),
        ({"arrested": "5/31/2010"}, "column [arrested]: takes a date as 2001-05-31, 2001-05 or 2001; [5/31/2010] was"),
        ({"as_of": "2019-7-1"}, "column [as_of]: takes a day as 2001-05-31"),
        ({"as_of": ""}, "column [as_of]: is missing"),
        ({"statute": ""}, "column [statute]: is missing"),
        ({"decide": "perhaps"}, "column [decide]: takes yes or no"),
        ({"decide": ""}, "row [2]: exactly one count says decide = true"),
        ({"sentence": "180 JAIL"}, "column [sentence]: takes a sentence as 180 day JAIL"),
        ({"flags": "a_flag"}, "column [flags]: takes capitals"),
        ({"expect__rule": "A rule"}, "column [expect: rule]: takes lower case"),
        ({"person__missing_rows": "-1"}, "column [person: missing_rows]: Input should be greater"),
        ({"person__missing_rows": "1.5"}, "column [person: missing_rows]: takes a whole number"),
        ({"expect__relief": ""}, "row [2]: an eligible case names its relief"),
        ({"fact__jars": "5,000"}, "column [fact: jars]: a number has digits and at most one point"),
        ({"name": '"x'}, "column [name]: what begins with a quotation mark"),
        ({"flags": 'A; B"'}, "column [flags]: a quotation mark stands alone"),
        ({"registration__date": "2010"}, "column [registration: date]: is not for a row that is [case]"),
        ({"row is": "cuont"}, "column [row is]: takes case, count"),
        ({"row is": ""}, "column [row is]: says what the row is"),
        ({"row is": "count"}, "column [row is]: a row that is [count] stands below the row of its case"),
        ({"id": ""}, "column [id]: is missing"),
        ({"file": "../oz.toml"}, "column [file]: takes the name of a case file"),
        ({"file": ""}, "column [file]: takes the name of a case file"),
    ],
)
def test_a_wrong_cell_is_named_with_what_is_expected(cells: dict[str, str], words: str) -> None:
    said = refusal(changed(**cells))
    assert said.startswith("sheet [sheet.csv]: row [2]")
    assert words in said


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert refusal(changed(grade="x", as_of="y", county="z")).endswith("; further faults in row [2] column [grade]")


@pytest.mark.parametrize(
    ("heading", "words"),
    [("gade", "no column [gade]; did you mean [grade]?"), ("grade", "column [grade] stands twice"), ("", "no heading")],
)
def test_a_wrong_heading_is_named(heading: str, words: str) -> None:
    data = changed().decode("utf-8").replace(",event,", f",{heading},", 1)
    data = data.replace("100 ZZ,,", "100 ZZ,,x", 1)
    assert words in refusal(data.encode())


def test_rows_of_a_case_stand_together_and_say_the_same() -> None:
    rows = table(sheets.to_bytes(cases_of(CASE, OTHER), ".csv"))
    further = dict.fromkeys(rows[0], "") | {"row is": "count", "statute": "7 YY", "id": "A1"}
    (one, _) = sheets.from_bytes("sheet.csv", csv_of([rows[0], further | {"id": ""}, rows[1]]))
    assert [count.statute for count in one.entry.person.counts] == ["100 ZZ", "7 YY"]
    assert "row [4] column [id]: stands below case [B2]" in refusal(csv_of([*rows, further]))
    assert "row [3] column [id]: [A1] is the id of row [2] too" in refusal(csv_of([rows[0], rows[0]]))
    assert "has no law case" in refusal(csv_of([dict.fromkeys(rows[0], "")]))
    route = further | {"row is": "route", "statute": "", "route": "a", "expect: outcome": "review", "expect: rule": "r"}
    assert "row [4] column [route]: names a route, each once" in refusal(csv_of([rows[0], route, route]))


@pytest.mark.parametrize("name", ["a.toml", "law cases.toml", "München.toml", "statute-2027-01-01.toml"])
def test_a_plain_file_name_is_taken(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "a.txt",
        ".toml",
        "/a.toml",
        "..\\a.toml",
        "C:a.toml",
        "con.toml",
        "COM1.x.toml",
        "a\0.toml",
        " a.toml",
        "a .toml",
    ],
)
def test_a_file_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="takes the name of a case file"):
        file_name(name)


def test_what_no_sheet_can_hold_is_refused_on_the_way_out() -> None:
    with pytest.raises(PolicyError, match="longer than the 32,767"):
        sheets.to_bytes(cases_of(CASE.replace("A sentence", "A" * 32_768)), ".csv")
    with pytest.raises(PolicyError, match="stands twice"):
        sheets.to_bytes(cases_of(CASE, CASE), ".csv")
    with pytest.raises(PolicyError, match="rename it"):
        sheets.to_bytes(cases_of(CASE, file="a:b.toml"), ".csv")


# Small parts ------------------------------------------------------------------------------------------


def test_a_list_keeps_its_items() -> None:
    several = Several(kind_of(str))
    for items in (["a;b", 'c "d"', "", "(none)", "'e"], [], ["x"]):
        assert several.read(several.write(items)) == items
    assert several.read("a;; b ;") == ["a", "b"]


def test_a_text_that_looks_like_a_number_stays_text() -> None:
    for value in ("6", "yes", "5,000", "007", "1e5", "inf"):
        assert Scalar().read(Scalar().write(value)) == value
    assert written("a _x000D_") == '"a \\u005fx000D_"'


def test_plain_values_leave_out_what_is_left_out() -> None:
    (case,) = cases_of(CASE)
    assert plain(case.entry.person)["counts"] == [
        {"decide": True, "statute": "100 ZZ", "arrested": "2010", "facts": {"jars": 6, "in_market": False}}
    ]
    assert "sentence" in PersonEntry.model_fields["counts"].annotation.__args__[0].model_fields  # type: ignore[union-attr]


def test_what_is_no_file_of_cases_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for path in (large, tmp_path / "none.toml", tmp_path / "none.xlsx"):
        with pytest.raises(InputError, match="is no file of at most 32 MB"):
            sheets.load([path])
    with pytest.raises(UsageError, match=r"is no folder, \.toml"):
        sheets.load([tmp_path / "cases.ods"])
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "oz.toml").write_text(CASE, "utf-8")
    with pytest.raises(UsageError, match="two case files are called"):
        sheets.load([tmp_path / "one", tmp_path / "two"])
    assert sheets.load([tmp_path / "one" / "oz.toml"]) == cases_of(CASE)
