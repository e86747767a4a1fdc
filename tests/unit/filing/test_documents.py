from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
from importlib import resources
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clearslate.errors import OutputError
from clearslate.filing import documents
from clearslate.filing.documents import PUBLIC, Document, Typesetter, template, volumes

MADE_ON = dt.date(2026, 1, 31)
SHOWN = "= #data.title\n#broken(data.words)"
LIST = (
    "#set page(width: 8.5in, height: 11in)\n= #data.title\n"
    "#table(columns: 2, table.header[a][b], ..data.rows.flatten().map(cell => broken(cell)))"
)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(MADE_ON)


def shown(typesetter: Typesetter, words: str, source: str = SHOWN) -> tuple[Document, str]:
    """The document of some words, and what is read from it without spaces and line ends."""
    made = typesetter.pdf("a.pdf", source, {"title": "Oz", "words": words})
    return made, "".join(text_of(made).split())


def text_of(made: Document) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages)


@pytest.mark.parametrize(
    "words",
    [
        "#eval(1) #panic() $x^2$ *b* _i_ @ref <label> `code` // c /* d */",
        "\\ \\n ~ -- --- ... \"q\" 's' = == - + 1. [x] {y} #[z] https://oz.example/",
        '#read("/etc/passwd") #import "@preview/x:1.0.0": *',
        "../../etc/passwd CON C:\\aux",
        "ÀÉÎÕÜ ŁÓDŹ ŐRSÉGI Ţîmişoara ß ø Æ Ὀδυσσεύς Дороти",
    ],
)
def test_text_is_shown_as_it_is_and_never_read_as_markup(typesetter: Typesetter, words: str) -> None:
    made, text = shown(typesetter, words)
    assert "".join(words.split()) in text
    assert made.replaced == ()


@given(words=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_printable_text_is_shown_whole(words: str) -> None:
    assert words in shown(_shared(), words)[1]


@given(words=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_stops_a_document(words: str) -> None:
    made, _ = shown(_shared(), words)
    assert made.pages == 1


def _shared(made: list[Typesetter] = []) -> Typesetter:  # noqa: B006 (one for all examples)
    if not made:
        made.append(Typesetter(MADE_ON))
    return made[0]


@pytest.mark.parametrize(
    ("words", "expected", "codes"),
    [
        ("GALE,漢字", "GALE,[U+6F22][U+5B57]", ("U+5B57", "U+6F22")),
        ("TOTO \U0001f600", "TOTO[U+1F600]", ("U+1F600",)),
        ("a\x07b", "a[U+0007]b", ("U+0007",)),
        ("a\u202eb\u200bc", "a[U+202E]b[U+200B]c", ("U+200B", "U+202E")),
        ("a\ud800b", "a[U+D800]b", ("U+D800",)),
        ("a\ue000b", "a[U+E000]b", ("U+E000",)),
        ("漢\ufe0f", "[U+6F22U+FE0F]", ("U+6F22", "U+FE0F")),
    ],
)
def test_a_letter_that_no_font_has_or_that_shows_nothing_is_shown_by_its_number(
    typesetter: Typesetter, words: str, expected: str, codes: tuple[str, ...]
) -> None:
    made, text = shown(typesetter, words)
    assert expected in text
    assert made.replaced == codes


def test_letters_of_other_scripts_that_the_fonts_have_are_shown(typesetter: Typesetter) -> None:
    made, text = shown(typesetter, "שלום e\u0301 ẹ\u0301")
    assert made.replaced == ()
    assert "é" in text
    assert {"ש", "ל", "ו", "ם"} <= set(text)


def test_a_template_is_told_what_was_replaced(typesetter: Typesetter) -> None:
    source = '#data.replaced.join(", ")\n#data.words'
    assert "U+5B57,U+6F22" in shown(typesetter, "漢字", source)[1]
    assert "U+" not in shown(typesetter, "kanji", '#data.replaced.join(", ")\n#data.words')[1]


def test_a_tab_and_a_line_end_are_spaces(typesetter: Typesetter) -> None:
    made = typesetter.pdf("a.pdf", "#data.words", {"title": "Oz", "words": "a\tb\r\nc"})
    assert text_of(made).strip() == "a b c"


def test_a_long_word_is_broken_inside_its_column_and_copied_whole(typesetter: Typesetter) -> None:
    word = "W" * 80
    narrow = "#set page(width: 4in, height: 11in)\n#table(columns: (1in, 1in), broken(data.words), [end])"
    made, text = shown(typesetter, word, narrow)
    assert word in text
    lines = [line for line in text_of(made).splitlines() if "W" in line]
    assert max(len(line.strip()) for line in lines) < 10


def test_a_section_sign_is_not_parted_from_its_number(typesetter: Typesetter) -> None:
    made = typesetter.pdf("a.pdf", "#data.words", {"title": "Oz", "words": "Oz Code, § 4 and §§ 5, 6"})
    assert "§\xa04" in text_of(made)
    assert "§§\xa05" in text_of(made)


def test_documents_are_tagged_titled_and_of_the_standards_asked_for(typesetter: Typesetter) -> None:
    made, _ = shown(typesetter, "moonshine")
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en-US"
        assert str(pdf.docinfo["/Title"]) == "Oz"
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert re.search(r"pdfuaid:part[>=\"]+1", metadata)
    assert re.search(r"pdfaid:part[>=\"]+2", metadata)
    assert PUBLIC == ("a-2a", "ua-1")
    plain = typesetter.pdf("a.pdf", SHOWN, {"title": "Oz", "words": "x"}, standards=["ua-1"])
    with pikepdf.open(io.BytesIO(plain.data)) as pdf:
        assert "pdfaid" not in pdf.Root.Metadata.read_bytes().decode()


def test_a_picture_without_words_for_it_is_refused_where_everyone_reads(typesetter: Typesetter) -> None:
    drawn = "= #data.title\n#figure(rect(width: 1in), caption: none)"
    with pytest.raises(OutputError, match=r"^document \[a.pdf\] could not be made"):
        typesetter.pdf("a.pdf", drawn, {"title": "Oz"})
    with_words = drawn.replace("caption: none", 'caption: none, alt: "a square"')
    assert typesetter.pdf("a.pdf", with_words, {"title": "Oz"}).pages == 1


def test_only_the_fonts_in_typst_are_used(typesetter: Typesetter) -> None:
    made, _ = shown(typesetter, "moonshine العربية ♥")
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        fonts = {str(one.BaseFont) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one}
    assert fonts
    assert all("LibertinusSerif" in name or "DejaVuSansMono" in name or "NewCM" in name for name in fonts)
    with pytest.raises(OutputError, match="with a warning"):
        typesetter.pdf("a.pdf", '#set text(font: "DejaVu Serif")\n#data.title', {"title": "Oz"})


def test_a_fault_of_a_template_is_one_line_that_says_nothing_of_the_data(typesetter: Typesetter) -> None:
    faults = ("#panic(data.words)", "#data.words.nothing", "#int(data.words)", "#data.words.at(99)", "#let = ")
    for source in faults:
        with pytest.raises(OutputError) as caught:
            typesetter.pdf("a.pdf", source, {"title": "Oz", "words": "Zyxquell"})
        said = str(caught.value)
        assert said.startswith("document [a.pdf] could not be made from its template; report it")
        assert "\n" not in said
        assert "Zyxquell" not in f"{said}{caught.value.__context__}{caught.value.__cause__}"


def test_a_template_can_say_what_the_user_is_to_do(typesetter: Typesetter) -> None:
    with pytest.raises(OutputError, match=r"^document \[a.pdf\] has no room; shorten it$"):
        typesetter.pdf("a.pdf", '#panic("say: has no room; shorten it")', {"title": "Oz"})


def test_after_a_fault_the_next_document_is_right(typesetter: Typesetter) -> None:
    before = shown(typesetter, "moonshine")[0]
    with pytest.raises(OutputError):
        typesetter.pdf("a.pdf", "#panic()", {"title": "Oz"})
    assert shown(typesetter, "moonshine")[0] == before


def test_a_document_has_the_same_bytes_whenever_and_after_whatever_it_is_made(typesetter: Typesetter) -> None:
    first = shown(typesetter, "moonshine ü 漢")[0]
    shown(typesetter, "another")
    assert shown(typesetter, "moonshine ü 漢")[0] == first
    assert shown(Typesetter(MADE_ON), "moonshine ü 漢")[0] == first
    assert PdfReader(io.BytesIO(first.data)).metadata["/CreationDate"] == "D:20260131000000Z"  # type: ignore[index]
    assert shown(Typesetter(dt.date(2026, 2, 1)), "moonshine ü 漢")[0].data != first.data


def test_a_text_that_comes_again_is_shown_and_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_REMEMBERED", 1)
    typesetter = Typesetter(MADE_ON)
    for words, codes in (
        ("漢 §", ("U+6F22",)),
        ("ü", ()),
        ("漢 §", ("U+6F22",)),
        ("字", ("U+5B57",)),
        ("漢 §", ("U+6F22",)),
    ):
        made, text = shown(typesetter, words)
        assert made.replaced == codes
        assert all(f"[{code}]" in text for code in codes)


def rows(size: int) -> dict[str, Any]:
    return {"title": "Oz", "rows": [[f"row {number}", f"é {number * 7919}"] for number in range(size)]}


def test_a_large_document_is_packed_and_is_tagged_and_the_same_all_the_same(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = typesetter.pdf("a.pdf", LIST, rows(400))
    assert made == Typesetter(MADE_ON).pdf("a.pdf", LIST, rows(400))
    monkeypatch.setattr(documents, "_LARGE", 1 << 40)
    unpacked = typesetter.pdf("a.pdf", LIST, rows(400))
    assert len(made.data) < len(unpacked.data) / 2
    assert text_of(made) == text_of(unpacked)
    assert made.pages == unpacked.pages > 1
    with pikepdf.open(io.BytesIO(made.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "import datetime as dt, hashlib\n"
        "from clearslate.filing.documents import Typesetter\n"
        "data = {'title': 'Oz', 'words': 'a 漢 b \\u202e c', 'more': {'b': 1, 'a': [1, None, True]}}\n"
        "made = Typesetter(dt.date(2026, 1, 31)).pdf('a', '= #data.title\\n#data.words', data)\n"
        "print(hashlib.sha256(made.data).hexdigest(), made.replaced)\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    }
    assert len(said) == 1


def test_volumes_hold_every_row_once_and_there_is_always_one() -> None:
    assert volumes(0) == (range(0),)
    assert volumes(5, 2) == (range(2), range(2, 4), range(4, 5))
    assert volumes(4, 2) == (range(2), range(2, 4))


def test_a_template_is_the_text_of_its_files_one_after_the_other() -> None:
    prelude = template("clearslate.filing", "templates/prelude.typ")
    assert template("clearslate.filing", "templates/prelude.typ", "templates/prelude.typ") == f"{prelude}\n{prelude}"


def test_no_template_reads_a_file_or_fetches_anything() -> None:
    for file in resources.files("clearslate.filing").joinpath("templates").iterdir():
        text = file.read_text("utf-8")
        called = set(re.findall(r"\b(read|image|import|include|plugin|eval|csv|yaml|toml|xml|json)\b\s*[(\"@]", text))
        assert called <= {"json"}, file.name
        assert re.findall(r"json\(([^)]*)\)", text) in ([], ['"data.json"']), file.name
