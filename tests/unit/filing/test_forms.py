from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfReader

from clearslate.errors import InputError
from clearslate.filing.documents import Typesetter
from clearslate.filing.formmap import Sheet, example_mappings, parse_form_mapping
from clearslate.filing.forms import Form, check_form, field_list, sheets, write_forms
from clearslate.filing.pdfform import BlankForm, live_fields, read_form

MULTILINE, COMB, PUSH, RADIO = 1 << 12, 1 << 24, 1 << 16, 1 << 15
LONG = "NUNEZ-AND-A-NAME-OF-SIXTY-CHARACTERS,TIP OF THE EMERALD CITY"

MAPPING = """
form = "OZ-1"
title = "Petition of Oz"
revised = "2026"
per = "person"

[text]
"Name" = { from = "name", label = "Name" }
"Attorney" = "attorney_name"
"City" = "attorney_city"
"Born" = "birth_date"
"All cases" = { from = "case_number", label = "Cases" }
"Times" = { from = "times", only = { statute = "ZZ 100" } }
"Sections" = { from = "section", only = { other_than = ["ZZ 100"] } }

[boxes]
"Felony" = { on = "Yes", when = { grade = "felony" } }
"Old" = { on = "Yes", when = { convicted_before = 2011-01-01 }, every = true }
"More" = { on = "1", overflow = true }
"Which" = [{ on = "A", when = { relief = "dismiss_and_seal" } }, { on = "B" }]

[rows]
most = 2

[rows.text]
"Case {n}" = { from = "case_number", label = "Case number" }

[rows.boxes]
"Misd {n}" = { on = "Yes", when = { grade = "misdemeanor" } }
"""
NAMES = ("Name", "Attorney", "City", "Born", "All cases", "Times", "Sections", "Case 1", "Case 2")


class Made:
    """Makes invented forms with pikepdf: no field of theirs is of any real form."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.pdf.add_blank_page(page_size=(612, 792))
        self.page = self.pdf.pages[0].obj
        self.page.Annots = Array()
        self.blank = self.look("")
        self.top: list[Any] = []
        self.at = 760

    def look(self, content: str) -> Any:
        stream = self.pdf.make_stream(content.encode())
        stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, 10, 10])
        return stream

    def widget(self, wide: float = 200, high: float = 16, **fields: Any) -> Any:
        self.at -= max(20, high + 4)
        place = Array([50, self.at, 50 + wide, self.at + high])
        made = self.pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=place, F=4, **fields))
        self.page.Annots.append(made)
        return made

    def text(self, name: str, wide: float = 200, high: float = 16, **fields: Any) -> Any:
        fields.setdefault("DA", String("/Helv 10 Tf 0 g"))
        # One blank appearance for all of them, as blank forms have.
        made = self.widget(wide, high, FT=Name.Tx, T=String(name), AP=Dictionary(N=self.blank), **fields)
        self.top.append(made)
        return made

    def box(self, name: str, on: str = "Yes") -> None:
        looks = Dictionary({f"/{on}": self.look("0 0 m 10 10 l S"), "/Off": self.look("")})
        self.top.append(self.widget(10, 10, FT=Name.Btn, T=String(name), AP=Dictionary(N=looks), AS=Name.Off))

    def choice_of_boxes(self, name: str, *states: str) -> None:
        field = self.pdf.make_indirect(Dictionary(FT=Name.Btn, Ff=RADIO, T=String(name), Kids=Array()))
        for state in states:
            looks = Dictionary({f"/{state}": self.look("0 0 10 10 re f"), "/Off": self.look("")})
            field.Kids.append(self.widget(10, 10, AP=Dictionary(N=looks), AS=Name.Off, Parent=field))
        self.top.append(field)

    def within(self, above: str, *fields: Any) -> None:
        """Put fields under a name of their own: above.name."""
        parent = self.pdf.make_indirect(Dictionary(T=String(above), Kids=Array(fields)))
        for field in fields:
            self.top = [one for one in self.top if one.objgen != field.objgen]
            field.Parent = parent
        self.top.append(parent)

    def data(self, **save: Any) -> bytes:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        resources = Dictionary(Font=Dictionary(Helv=self.pdf.make_indirect(font)))
        form = Dictionary(Fields=Array(self.top), DA=String("/Helv 0 Tf 0 g"), DR=resources)
        self.pdf.Root.AcroForm = self.pdf.make_indirect(form)
        self.pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        saved = io.BytesIO()
        self.pdf.save(saved, **({"static_id": True} | save))
        return saved.getvalue()


@lru_cache
def oz_1() -> bytes:
    made = Made()
    for name in NAMES:
        made.text(name, 120)
    for name in ("Felony", "Old", "Misd 1", "Misd 2"):
        made.box(name)
    made.box("More", on="1")
    made.choice_of_boxes("Which", "A", "B")
    made.top.append(made.widget(40, 12, FT=Name.Btn, Ff=PUSH, T=String("Print"), AP=Dictionary(N=made.look("0 0 m"))))
    return made.data()


def _form(desk: Any, mapping: str = MAPPING, data: bytes | None = None) -> Form:
    blank = BlankForm(oz_1() if data is None else data, "oz-1.pdf")
    return Form(blank, parse_form_mapping(mapping, "oz-1.toml"), Typesetter(desk.made_on))


def _text(data: bytes, page: int = 0) -> str:
    return PdfReader(io.BytesIO(data)).pages[page].extract_text()


def _boxes(data: bytes) -> int:
    """How many marks stand on the first page: each is drawn with a stroke or filled."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        looks = [one.read_bytes() for one in pdf.pages[0].Resources.XObject.values()]
    return sum(look in (b"0 0 m 10 10 l S", b"0 0 10 10 re f") for look in looks)


def _only(mapping: str, boxes: str = "") -> str:
    return f'form = "OZ-2"\ntitle = "t"\nrevised = "r"\n[text]\n{mapping}\n{boxes}'


def test_a_form_is_filled_and_flat(desk: Any) -> None:
    filled = _form(desk).fill(Sheet((desk.entry(names=("NÚÑEZ,ZOË",), case="A-1"),), desk.setting()))
    text = _text(filled.data)
    for words in ("NÚÑEZ,ZOË", "Glinda Quadling", "Emerald City", "01/01/1980", "A-1"):
        assert words in text
    assert (filled.attached, filled.rows_attached) == (0, 0)
    assert live_fields(oz_1()) > 0
    assert live_fields(filled.data) == 0
    reader = PdfReader(io.BytesIO(filled.data))
    assert not reader.get_fields()
    assert "/OpenAction" not in reader.trailer["/Root"]
    assert "app.alert" not in str(reader.trailer["/Root"])


def test_boxes_are_set_for_what_the_mapping_says(desk: Any) -> None:
    setting = desk.setting()
    form = _form(desk)
    # Felony, Old and Which.
    assert _boxes(form.fill(Sheet((desk.entry(),), setting)).data) == 3
    # Misd 1 and Which.
    assert _boxes(form.fill(Sheet((desk.entry(grade="misdemeanor", disposed="2011-01-01"),), setting)).data) == 2
    # Felony and Which: one of two is not old.
    young = (desk.entry(), desk.entry(disposed="2011-06"))
    assert _boxes(form.fill(Sheet(young, setting)).data) == 2
    # An unknown grade sets neither.
    assert _boxes(form.fill(Sheet((desk.entry(grade=None, disposed=None),), setting)).data) == 1


def test_a_field_can_be_about_some_of_the_entries(desk: Any) -> None:
    entries = tuple(desk.entry(statute=citation) for citation in ("ZZ 100(a)", "ZZ 100(b)"))
    text = _text(_form(desk).fill(Sheet(entries, desk.setting())).data)
    assert "x2" in text
    assert "ZZ 100" not in text
    one = (desk.entry(statute="ZZ 100"), desk.entry(statute="ZZ 7"))
    text = _text(_form(desk).fill(Sheet(one, desk.setting())).data)
    assert "ZZ 7" in text
    assert "x2" not in text


def test_the_same_bytes_twice(desk: Any) -> None:
    sheet = Sheet(tuple(desk.entry(names=(LONG,)) for _ in range(3)), desk.setting())
    assert _form(desk).fill(sheet).data == _form(desk).fill(sheet).data


def test_rows_beyond_those_of_the_form_stand_on_an_attachment(desk: Any) -> None:
    entries = tuple(desk.entry(case=f"CASE-{n}", grade="misdemeanor") for n in range(1, 5))
    filled = _form(desk).fill(Sheet(entries, desk.setting()))
    assert filled.rows_attached == 2
    # Misd 1, Misd 2, More and Which; every one of the four is of 2010, so Old too.
    assert _boxes(filled.data) == 5
    attachment = _text(filled.data, 1)
    assert re.search(r"3\s+CASE-3\s+Yes", attachment)
    assert "CASE-4" in attachment
    assert "OZ-1, Petition of Oz" in attachment


def test_what_is_too_long_stands_on_an_attachment_whole(desk: Any) -> None:
    cases = [f"A/VERY/LONG/CASE/NUMBER/{n}" for n in range(30)]
    filled = _form(desk).fill(Sheet((desk.entry(names=(LONG,), case=cases),), desk.setting()))
    assert filled.attached == 3
    assert "See attachment, item 1" in _text(filled.data)
    attachment = "".join(_text(filled.data, 1).split())
    assert "".join(LONG.split()) in attachment
    assert all(case in attachment for case in cases)
    assert "Item1:Name" in attachment


def test_a_letter_that_the_form_s_type_lacks_stands_on_an_attachment(desk: Any) -> None:
    filled = _form(desk).fill(Sheet((desk.entry(names=("ŁUKASZ,ŻOZ",)),), desk.setting()))
    assert filled.attached == 1
    assert "ŁUKASZ,ŻOZ" in _text(filled.data, 1)


def test_an_office_may_refuse_attachments(desk: Any) -> None:
    form = _form(desk, MAPPING.replace('per = "person"', 'too_long = "refuse"'))
    with pytest.raises(InputError) as caught:
        form.fill(Sheet((desk.entry(names=(LONG,)),), desk.setting()))
    assert "form [oz-1.pdf] has no room for what goes into field [Name]" in str(caught.value)
    assert "NUNEZ" not in str(caught.value)
    with pytest.raises(InputError, match="has 2 rows where 3 entries go"):
        form.fill(Sheet(tuple(desk.entry() for _ in range(3)), desk.setting()))


def test_a_field_too_small_for_a_reference_is_refused(desk: Any) -> None:
    made = Made()
    made.text("Name", 20)
    with pytest.raises(InputError, match=r"field \[Name\] is too small even to point to an attachment"):
        _form(desk, _only('"Name" = "name"'), made.data()).fill(Sheet((desk.entry(),), desk.setting()))


def test_fields_in_a_tree_are_told_apart_by_their_whole_name(desk: Any) -> None:
    made = Made()
    made.within("Page", made.text("Name"), made.text("County"))
    made.text("Name")
    mapping = _only('"Name" = "name"\n"Page.Name" = "attorney_name"\n"Page.County" = "court_county"')
    data = _form(desk, mapping, made.data()).fill(Sheet((desk.entry(),), desk.setting())).data
    text = _text(data)
    assert text.count("GALE,DOROTHY") == text.count("Glinda Quadling") == 1
    assert "Oz" in text


def test_a_field_in_two_places_is_filled_in_both(desk: Any) -> None:
    made = Made()
    field = made.pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("Name"), DA=String("/Helv 10 Tf 0 g"), Kids=Array()))
    for wide in (200, 90):
        field.Kids.append(made.widget(wide, Parent=field))
    made.top.append(field)
    form = _form(desk, _only('"Name" = "name"'), made.data())
    assert _text(form.fill(Sheet((desk.entry(),), desk.setting())).data).count("GALE,DOROTHY") == 2


def test_several_lines_are_broken_and_nothing_is_lost(desk: Any) -> None:
    made = Made()
    made.text("All", 120, 90, Ff=MULTILINE)
    cases = [f"CASE-NUMBER-{n}" for n in range(8)]
    data = (
        _form(desk, _only('"All" = "case_number"'), made.data())
        .fill(Sheet((desk.entry(case=cases),), desk.setting()))
        .data
    )
    assert "".join(_text(data).split()) == ";".join(cases)


def test_a_comb_takes_as_many_letters_as_it_has_teeth(desk: Any) -> None:
    made = Made()
    made.text("Comb", 160, 20, Ff=COMB, MaxLen=8)
    form = _form(desk, _only('"Comb" = "case_number"'), made.data())
    fits = form.fill(Sheet((desk.entry(case="OZ-12345"),), desk.setting()))
    assert "".join(_text(fits.data).split()) == "OZ-12345"
    longer = form.fill(Sheet((desk.entry(case="OZ-123456"),), desk.setting()))
    assert "".join(_text(longer.data).split()) == "Att.1"
    assert "OZ-123456" in _text(longer.data, 1)


def test_a_list_takes_one_of_its_choices(desk: Any) -> None:
    made = Made()
    field = made.text("County", Opt=Array([String("Oz"), String("Kansas")]), Ff=1 << 17)
    field.FT = Name.Ch
    form = _form(desk, _only('"County" = "court_county"'), made.data())
    assert "Oz" in _text(form.fill(Sheet((desk.entry(),), desk.setting())).data)
    with pytest.raises(InputError, match=r"field \[County\] is too small"):
        _form(desk, _only('"County" = "court_name"'), made.data()).fill(Sheet((desk.entry(),), desk.setting()))


# The check beforehand ------------------------------------------------------------------------------


def _disagreement(mapping: str, data: bytes | None = None) -> str:
    blank = BlankForm(oz_1() if data is None else data, "oz-1.pdf")
    with pytest.raises(InputError) as caught:
        check_form(blank, parse_form_mapping(mapping, "oz-1.toml"))
    message = str(caught.value)
    assert message.startswith("form [oz-1.pdf] and mapping [oz-1.toml] do not agree: ")
    assert "\n" not in message
    return message


def test_a_form_and_its_mapping_agree() -> None:
    check_form(BlankForm(oz_1(), "oz-1.pdf"), parse_form_mapping(MAPPING, "oz-1.toml"))


def test_fields_that_are_not_there_and_fields_nobody_named_are_told_in_one_line() -> None:
    message = _disagreement(MAPPING.replace('"Name" =', '"Nam" =').replace("Case {n}", "Fall {n}"))
    assert "it lacks [Nam], [Fall 1], [Fall 2]" in message
    assert "the mapping does not name [Name], [Case 1], [Case 2]" in message
    assert "Print" not in message


def test_one_field_that_is_not_there_is_guessed_at() -> None:
    assert "it lacks [Attorny] (did you mean [Attorney]?)" in _disagreement(MAPPING.replace('"Attorney"', '"Attorny"'))


def test_many_fields_are_counted_and_not_all_told() -> None:
    message = _disagreement(MAPPING.replace("most = 2", "most = 30"))
    assert "and 50 more" in message
    assert len(message) < 500


def test_other_fields_may_be_left_blank() -> None:
    mapping = _only('"Name" = "name"').replace("[text]", 'other_fields = "leave_blank"\n[text]')
    check_form(BlankForm(oz_1(), "oz-1.pdf"), parse_form_mapping(mapping, "oz-1.toml"))


def test_a_box_without_that_state_and_a_field_of_another_kind_are_told() -> None:
    assert "box [More] cannot be [Yes], only: 1" in _disagreement(MAPPING.replace('{ on = "1"', '{ on = "Yes"'))
    assert "[Felony], [Attorney] are of another kind" in _disagreement(
        MAPPING.replace('"Attorney" =', '"Felony" =').replace('"Felony" = {', '"Attorney" = {')
    )


def test_a_hidden_field_is_told() -> None:
    made = Made()
    made.text("Name").F = 2
    assert "[Name] are hidden" in _disagreement(_only('"Name" = "name"'), made.data())


def test_what_a_form_has_is_listed_for_whoever_writes_a_mapping() -> None:
    listed = field_list(BlankForm(oz_1(), "oz-1.pdf"))
    assert (listed["Name"], listed["Which"], listed["Print"]) == ("text", "box: A, B", "button")


# Forms that cannot be filled -----------------------------------------------------------------------


def _xfa() -> bytes:
    made = Made()
    made.text("Name")
    with pikepdf.open(io.BytesIO(made.data())) as pdf:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        saved = io.BytesIO()
        pdf.save(saved)
    return saved.getvalue()


def _encrypted() -> bytes:
    made = Made()
    made.text("Name")
    return made.data(encryption=pikepdf.Encryption(owner="x", user=""), static_id=False)


def _no_fields() -> bytes:
    saved = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (_xfa(), "holds an XFA form"),
        (_encrypted(), "is encrypted, so that it cannot be filled"),
        (_no_fields(), "has no fields"),
        (Made().data(), "has no fields"),
        (b"", "is no PDF that can be read"),
        (b"%PDF-1.7\nnothing", "is no PDF that can be read"),
        (oz_1()[: len(oz_1()) // 3], ""),
    ],
    ids=["xfa", "encrypted", "plain", "empty", "nothing", "header", "cut"],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_cannot_be_filled_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(InputError) as caught:
        BlankForm(data, "x.pdf")
    assert str(caught.value).startswith(f"form [x.pdf] {what}")


def test_a_form_that_is_not_there_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^form \[none.pdf\] cannot be read"):
        read_form(tmp_path / "none.pdf")


def test_the_illinois_motion_is_filled_with_eighteen_cases_and_the_rest_attached(desk: Any) -> None:
    mapping = parse_form_mapping(example_mappings()["il_exc_m.toml"], "il_exc_m.toml")
    made = Made()
    for name, _ in mapping.file.texts():
        made.text(name, 140)
    for name, states in mapping.file.states():
        if len(states) > 1:
            made.choice_of_boxes(name, *(state.on for state in states))
        else:
            made.box(name)
    made.text("6 - Harm")
    entries = [desk.entry("P1", case=f"99-CF-{n:03d}", offense_class="4", disposed="2010-06-01") for n in range(1, 21)]
    form = Form(BlankForm(made.data(), "exc-m.pdf"), mapping, Typesetter(desk.made_on))
    (sheet,) = sheets(entries, desk.setting(), mapping.file.per)
    filled = form.fill(sheet)
    assert filled.rows_attached == 2
    text = _text(filled.data)
    assert "99-CF-018" in text
    assert "EMERALD CITY PD" in text
    assert "05/01/2010" in text
    assert "99-CF-019" not in text
    assert re.search(r"20\s+99-CF-020", _text(filled.data, 1))
    # Item 1b, item 2, and the class of each of the eighteen.
    assert _boxes(filled.data) == 20


# Many forms ----------------------------------------------------------------------------------------


def _written(desk: Any, *entries: Any, mapping: str = MAPPING) -> tuple[Any, Path]:
    parsed = parse_form_mapping(mapping, "oz-1.toml")
    form = _form(desk, mapping)
    given: tuple[Any, Path] = desk.written(lambda f: write_forms(entries, form, parsed, desk.setting(), f))
    return given


def test_each_person_has_a_form_and_the_index_says_which(desk: Any) -> None:
    entries = [desk.entry("P1", case="../../x"), desk.entry("P2"), desk.entry("P1", case="con")]
    written, out = _written(desk, *entries)
    assert written == (2, 3, 0)
    assert {file.name for file in out.iterdir()} == {"form_001.pdf", "form_002.pdf", "form_index.csv"}
    rows: list[Mapping[str, str]] = desk.table(out / "form_index.csv")
    assert [(row["person_id"], row["case_numbers"], row["entries"]) for row in rows] == [
        ("P1", "../../x; con", "2"),
        ("P2", "OZ-0002", "1"),
    ]
    assert sum(int(row["entries"]) for row in rows) == len(entries)


def test_or_each_case_has_one(desk: Any) -> None:
    entries = [desk.entry("P1", case="A"), desk.entry("P1", case="A"), desk.entry("P1", case="B")]
    written, _ = _written(desk, *entries, mapping=MAPPING.replace('"person"', '"case"'))
    assert written == (2, 3, 0)


def test_the_day_of_a_form_is_the_day_on_the_documents(desk: Any) -> None:
    assert desk.made_on == dt.date(2026, 1, 31)
    filled = _form(desk).fill(Sheet(tuple(desk.entry() for _ in range(3)), desk.setting()))
    assert "January 31, 2026" in _text(filled.data, 1)
