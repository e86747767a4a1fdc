from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clearslate.errors import UsageError
from clearslate.filing.addresses import addresses_of
from clearslate.filing.documents import Typesetter
from clearslate.filing.letters import (
    PLACEHOLDERS,
    UNSENT,
    LetterFile,
    Sent,
    effect,
    letter_files,
    letters,
    parse_letter,
)
from clearslate.policy.schema import ReliefEntry
from clearslate.registry import load

FOLDER = Path(__file__).parents[3] / "core/clearslate/filing/data/letters"
ENGLISH = (FOLDER / "en.toml").read_text("utf-8")
SPANISH = (FOLDER / "es.toml").read_text("utf-8")
REFORMS = load().reforms
BUNDLED = {text.language: text for text in letter_files().values()}
ADDRESSES = """person_id,name,address_1,address_2,language
P1,Dorothy Gale,12 Poppy Lane,"Emerald City, OZ 00009",
P2,Tip Ñúñez,1 North Road,"Gillikin, OZ 00001-1234",es
P3,Scraps,,,
"""
OZ_EFFECT = """
[[effects]]
reform = "oz_moonshine"
relief = "{relief}"
asked_by = "{asked_by}"
english = "{english}"
title = "{title}"
text = "{text}"
"""


def _relief(reform: str, relief: str) -> ReliefEntry:
    return next(one for one in REFORMS[reform].about.reliefs if one.id == relief)


def _oz(desk: Any, text: str, **changed: str) -> str:
    """A letter file with what the reliefs of Oz mean, so that it can be sent in any language."""
    for relief in desk.reform.reliefs:
        said = {"relief": relief.id, "english": relief.effect, "title": f"T {relief.id}", "text": f"M {relief.id}"}
        text += OZ_EFFECT.format(**{"asked_by": "office", **said, **changed})
    return text


def _tip(desk: Any, **fields: Any) -> Any:
    """An entry of the person whom the addresses name second."""
    return desk.entry("P2", **{"names": ("NUNEZ,TIP",), **fields})


def _files(desk: Any, **changed: str) -> dict[str, LetterFile]:
    return {
        "en": parse_letter(_oz(desk, ENGLISH), "en.toml"),
        "es": parse_letter(_oz(desk, SPANISH, **changed), "es.toml"),
    }


def _sent(desk: Any, *entries: Any, addresses: str = ADDRESSES, **more: Any) -> tuple[Sent, Path]:
    setting = desk.setting(orders=desk.orders(*(more.pop("ordered", entries))))
    more.setdefault("files", _files(desk))
    found = addresses_of(addresses)
    given: tuple[Sent, Path] = desk.written(lambda folder: letters(entries, setting, found, folder, **more))
    return given


def _text(out: Path, name: str = "letters.pdf") -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO((out / name).read_bytes())).pages)


def test_a_letter_says_what_happened_what_it_means_and_what_it_does_not_do(desk: Any) -> None:
    entry = desk.entry("P1", offense="100 ZZ-HOLDING MOONSHINE", case="../../OZ-7")
    sent, out = _sent(desk, entry)
    assert sent == (1, 1, 0, 0, 0, 2)
    text = " ".join(_text(out).split())
    for words in (
        "Dorothy Gale 12 Poppy Lane Emerald City, OZ 00009",
        "January 31, 2026",
        "A court changed your record",
        "100 ZZ-HOLDING MOONSHINE",
        "June 1, 2010",
        "January 20, 2026",
        "T dismiss_and_seal. M dismiss_and_seal",
        "Office of the District Attorney, County of Oz asked the court for it",
        "Firearms.",
        "Immigration.",
        "Federal law.",
        "ask an immigration lawyer",
        "Call 555-0100 or write to clearance@da.oz.example",
        "Glinda Quadling",
    ):
        assert words in text
    assert "{" not in text


def test_letters_stand_in_mailing_order_and_the_table_says_which_is_whose(desk: Any) -> None:
    entries = [desk.entry("P1"), _tip(desk), desk.entry("P1", relief="redesignate_misdemeanor")]
    sent, out = _sent(desk, *entries)
    assert (sent.letters, sent.entries) == (2, 3)
    rows = desk.table(out / "letters.csv")
    assert [(row["letter"], row["person_id"], row["postal_code"], row["language"]) for row in rows] == [
        ("1", "P2", "00001-1234", "es"),
        ("2", "P1", "00009", "en"),
    ]
    assert rows[1]["reliefs"] == "dismiss_and_seal; redesignate_misdemeanor"
    assert (rows[1]["entries"], rows[1]["case_numbers"]) == ("2", "OZ-0001; OZ-0003")
    text = _text(out)
    assert text.index("Tip Ñúñez") < text.index("Dorothy Gale")
    assert "31 de enero de 2026" in text
    assert "Armas de fuego" in text


def test_each_letter_has_its_own_language_for_readers(desk: Any) -> None:
    _, out = _sent(desk, desk.entry("P1"), _tip(desk))
    data = (out / "letters.pdf").read_bytes()
    assert b"/Lang" in data
    assert "M dismiss_and_seal" in _text(out)


def test_a_grant_waits_for_the_court(desk: Any) -> None:
    ordered, waits = desk.entry("P1"), _tip(desk)
    sent, out = _sent(desk, ordered, waits, desk.entry("P1", outcome="review"), desk.objected(), ordered=[ordered])
    assert (sent.letters, sent.entries, sent.entries_waiting) == (1, 1, 1)
    assert "Tip" not in _text(out)


def test_who_has_no_address_is_listed(desk: Any) -> None:
    dead = desk.entry("P1", person={"deceased": True})
    sent, out = _sent(desk, dead, desk.entry("P3"), desk.entry("P9"), desk.entry("P9"))
    assert (sent.letters, sent.not_sent, sent.entries_not_sent) == (0, 3, 4)
    assert [tuple(row.values()) for row in desk.table(out / UNSENT)] == [
        ("P1", "1", "deceased by the record"),
        ("P3", "1", "no address"),
        ("P9", "2", "no address"),
    ]
    assert not list(out.glob("*.pdf"))


def test_an_address_that_no_font_can_print_is_listed(desk: Any) -> None:
    addresses = "person_id,name,address_1\nP1,\u4e2d\u6587,1 Road\nP2,Łukasz Żoz,1 Road\n"
    lukasz = _tip(desk, names=("ZOZ,LUKASZ",))
    sent, out = _sent(desk, desk.entry("P1"), lukasz, addresses=addresses)
    assert (sent.letters, sent.not_sent) == (1, 1)
    assert desk.table(out / UNSENT)[0]["reason"] == "a character that no font has"
    assert "Łukasz Żoz" in _text(out)


def test_many_letters_make_several_files_in_one_order(desk: Any) -> None:
    people = [f"P{n}" for n in range(1, 6)]
    addresses = "person_id,name,address_1\n" + "".join(f'{one},D. Gale,"Oz, OZ 0000{one[1]}"\n' for one in people)
    sent, out = _sent(desk, *(desk.entry(one) for one in people[::-1]), addresses=addresses, volume=2)
    assert sent.letters == 5
    assert {file.name for file in out.glob("*.pdf")} == {f"letters_00{n}.pdf" for n in (1, 2, 3)}
    rows = desk.table(out / "letters.csv")
    assert [row["person_id"] for row in rows] == people
    assert [row["file"] for row in rows] == ["letters_001.pdf"] * 2 + ["letters_002.pdf"] * 2 + ["letters_003.pdf"]


def test_long_names_and_many_cases_break_nothing(desk: Any) -> None:
    name = "Ozma-Mombi-Jinjur-Langwidere-Polychrome-Tik-Tok-Nick-Chopper-Scraps"
    addresses = f"person_id,name,address_1\nP1,{name},{'Long Road ' * 12}\n"
    cases = [f"CASE/NUMBER/OF/SIXTY/CHARACTERS/THAT/NOBODY/BREAKS/{n:010d}" for n in range(40)]
    _, out = _sent(desk, desk.entry("P1", case=cases, names=("SCRAPS,OZMA",)), addresses=addresses)
    text = "".join(_text(out).split())
    assert name in text
    # The last digits: a number may be broken between two pages.
    assert all(case[-8:] in text for case in cases)
    with io.BytesIO((out / "letters.pdf").read_bytes()) as data:
        for page in PdfReader(data).pages:
            page.extract_text(visitor_text=_inside)


def _inside(text: str, page: Any, line: Any, *_: object) -> None:
    if text.strip():
        across = line[4] * page[0] + line[5] * page[2] + page[4]
        up = line[4] * page[1] + line[5] * page[3] + page[5]
        assert 70 <= across <= 540
        assert 30 <= up <= 760


def test_the_same_bytes_twice(desk: Any) -> None:
    entries = [desk.entry("P1"), _tip(desk)]
    (_, once), (_, again) = _sent(desk, *entries), _sent(desk, *entries, typesetter=Typesetter(desk.made_on))
    assert [file.read_bytes() for file in sorted(once.iterdir())] == [
        file.read_bytes() for file in sorted(again.iterdir())
    ]


def test_no_cell_of_the_merge_is_a_formula(desk: Any) -> None:
    addresses = 'person_id,name,address_1\nP1,"=HYPERLINK(""x"")",@1 Road\n'
    _, out = _sent(desk, desk.entry("P1", names=("HYPERLINK,X",)), addresses=addresses)
    (row,) = desk.table(out / "letters.csv")
    assert (row["name"], row["address_1"]) == ('\'=HYPERLINK("x")', "'@1 Road")


def test_the_default_language_is_for_whoever_names_none(desk: Any) -> None:
    _, out = _sent(desk, desk.entry("P1"), language="es")
    assert "Un tribunal cambió sus antecedentes" in _text(out)


def test_a_language_without_a_letter_is_refused(desk: Any) -> None:
    with pytest.raises(UsageError, match=r"the default language: no letter in \[fr\]; known: en, es"):
        _sent(desk, desk.entry("P1"), language="fr")
    with pytest.raises(UsageError, match=r"column \[language\]: no letter in \[ez\]; known: en, es"):
        _sent(desk, desk.entry("P1"), addresses=ADDRESSES.replace('00009",', '00009",EZ'))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["P1", "P2", "P3", "P9"]), st.booleans()), max_size=8))
def test_what_is_ordered_is_sent_or_listed(desk: Any, drawn: list[tuple[str, bool]]) -> None:
    entries = [_tip(desk) if person == "P2" else desk.entry(person) for person, _ in drawn]
    ordered = [entry for entry, (_, is_ordered) in zip(entries, drawn, strict=True) if is_ordered]
    sent, out = _sent(desk, *entries, ordered=ordered)
    assert sent.entries + sent.entries_not_sent == len(ordered)
    assert sent.entries_waiting == len(entries) - len(ordered)
    rows, unsent = desk.table(out / "letters.csv"), desk.table(out / UNSENT)
    assert sum(int(row["entries"]) for row in rows) == sent.entries
    assert sum(int(row["entries"]) for row in unsent) == sent.entries_not_sent


# To whom a letter goes --------------------------------------------------------------------------------


def test_nobody_gets_a_letter_about_another_person_s_record(desk: Any) -> None:
    entries = [desk.entry("P1"), _tip(desk), desk.entry("P4", names=("DIGGS,OSCAR",))]
    slipped = ("P1,Tip Núñez,1 Road", "P2,Oscar Diggs,2 Road", "P4,Dorothy Gale,3 Road", "P5,Nobody,4 Road")
    shifted = "\n".join(("person_id,name,address_1", *slipped))
    sent, out = _sent(desk, *entries, addresses=shifted)
    assert (sent.letters, sent.not_sent, sent.entries_not_sent) == (0, 3, 3)
    assert {row["reason"] for row in desk.table(out / UNSENT)} == {"the name is another than in the record"}
    assert not list(out.glob("*.pdf"))


def test_a_record_without_a_name_is_no_ground_to_write(desk: Any) -> None:
    _, out = _sent(desk, desk.entry("P1", names=()), desk.entry("P2", names=(" ",)))
    assert {row["reason"] for row in desk.table(out / UNSENT)} == {"the record has no name to compare"}


def test_each_record_of_a_person_names_them(desk: Any) -> None:
    entries = [desk.entry("P1"), desk.entry("P1", names=("DIGGS,OSCAR",))]
    sent, _ = _sent(desk, *entries)
    assert (sent.letters, sent.entries_not_sent) == (0, 2)


def test_no_letter_is_older_than_the_order_it_tells_of(desk: Any) -> None:
    entry = desk.entry("P1")
    late = desk.orders(entry, day=dt.date(2026, 2, 1))
    with pytest.raises(UsageError, match=r"are of \[2026-01-31\] and would tell of an order of \[2026-02-01\]; give"):
        desk.written(
            lambda folder: letters(
                [entry], desk.setting(orders=late), addresses_of(ADDRESSES), folder, files=_files(desk)
            )
        )


@pytest.mark.parametrize("lines", [1, 4, 6])
def test_no_address_is_printed_over_another(desk: Any, lines: int) -> None:
    wide = "Hall of the Emerald City by the Yellow Brick Road, Third Floor, "
    address = [f"{wide * 2 if lines == 6 else ''}Line {n}" for n in range(1, lines + 1)]
    attorney = desk.office.attorney.model_copy(update={"address": address})
    desk.office = desk.office.model_copy(update={"attorney": attorney})
    addresses = (
        'person_id,name,address_1,address_2,address_3,address_4\nP1,Dorothy Gale,A 1,A 2,A 3,"Emerald City, OZ 00009"\n'
    )
    _, out = _sent(desk, desk.entry("P1"), addresses=addresses)
    (first, *_) = PdfReader(io.BytesIO((out / "letters.pdf").read_bytes())).pages
    at = _heights(first)
    person = next(height for text, height in at if text == "Dorothy Gale")
    above = [height for _, height in at[: at.index(("Dorothy Gale", person))]]
    assert len(above) >= lines + 3
    assert min(above) - person >= 11
    rest = [
        height for text, height in at if text in ("A 1", "A 2", "A 3", "Emerald City, OZ 00009", "January 31, 2026")
    ]
    assert all(one - other >= 11 for one, other in itertools.pairwise([person, *rest]))
    if lines < 6:
        # Where a window of an envelope shows it: two inches from the top.
        assert 1.9 <= (792 - person) / 72 <= 2.2


def _heights(page: Any) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []

    def visit(text: str, of: Any, line: Any, *_: object) -> None:
        if text.strip():
            found.append((" ".join(text.split()), line[4] * of[1] + line[5] * of[3] + of[5]))

    page.extract_text(visitor_text=visit)
    return found


# What a relief means ---------------------------------------------------------------------------------


EXPLAINED = [(language, one.reform, one.relief) for language, text in BUNDLED.items() for one in text.effects]


@pytest.mark.parametrize(("language", "reform", "relief"), EXPLAINED)
def test_what_a_letter_says_of_a_relief_is_of_the_reform_s_text_of_today(
    language: str, reform: str, relief: str
) -> None:
    said = effect(BUNDLED[language], reform, _relief(reform, relief))
    assert said.title
    assert said.meaning


def test_each_language_explains_the_same_reliefs() -> None:
    found = {language: {one[1:] for one in EXPLAINED if one[0] == language} for language in BUNDLED}
    assert found["en"] == found["es"]
    california = {(id, relief.id) for id in ("ca_prop47", "ca_prop64") for relief in REFORMS[id].about.reliefs}
    assert california <= found["es"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("relief", ["redesignate_misdemeanor", "resentence"])
def test_a_letter_of_proposition_47_says_that_firearms_stay_prohibited(language: str, relief: str) -> None:
    entry = _relief("ca_prop47", relief)
    title, meaning, asked_by = effect(BUNDLED[language], "ca_prop47", entry)
    # PC 1170.18(a), (f): the person applies.
    assert asked_by == "person"
    words = {"en": "firearms stay prohibited", "es": "armas de fuego siguen prohibidas"}[language]
    assert words in title
    assert words in meaning
    assert "PC 1170.18(k)" in meaning
    if language == "en":
        before, after = "It stays visible", "Ask a lawyer about immigration."
        assert meaning.startswith(" ".join(entry.effect.split()).split(before)[0])
        assert meaning.endswith(after)
    assert ("PC 1170.18(d)" in meaning.replace("(parole, ", "")) is (relief == "resentence")


@pytest.mark.parametrize("text", [ENGLISH, SPANISH], ids=["en", "es"])
def test_no_letter_promises_what_the_law_does_not(text: str) -> None:
    promised = (
        r"restor|restaur|restitu|you may own|puede poseer|nothing .{0,20}you have to do|no tiene que|did not have"
    )
    read = parse_letter(text, "x.toml")
    said = [*read.opening, *read.limits, *read.closing, read.asked_by_office, read.asked_by_person, read.asked_by_both]
    said += [effect(read, one.reform, _relief(one.reform, one.relief)).meaning for one in read.effects]
    assert re.search(promised, " ".join(said), re.IGNORECASE | re.DOTALL) is None
    assert re.search(promised, text, re.IGNORECASE) is None
    # What a court may do is not what it did.
    done = r"may move|may refuse|may petition|may dismiss|until the|puede rechazar|puede pedir|hasta que"
    assert re.search(done, " ".join(said)) is None
    limits = " ".join(parse_letter(text, "x.toml").limits).lower()
    assert all(re.search(words, limits) for words in ("firearm|arma", "immigra|inmigra", "federal", "lawyer|abogado"))


def test_a_translation_of_an_older_text_stops_the_letters(desk: Any) -> None:
    files = _files(desk, english="Something that the reform does not say any more.")
    with pytest.raises(UsageError) as caught:
        _sent(desk, _tip(desk), files=files)
    assert "relief [dismiss_and_seal] of reform [oz_moonshine] means, by an older text" in str(caught.value)
    assert not list(desk.place.glob("out*"))


def test_a_relief_that_a_language_does_not_explain_stops_the_letters(desk: Any) -> None:
    files = {"en": BUNDLED["en"], "es": BUNDLED["es"]}
    for language, entry in (("es", _tip(desk)), ("en", desk.entry("P1"))):
        said = rf"the letter in \[{language}\] does not say what relief \[dismiss_and_seal\]"
        with pytest.raises(UsageError, match=said):
            _sent(desk, entry, files=files)


COURT = {
    "ca_prop64": {
        "redesignate_misdemeanor": "office",
        "redesignate_infraction": "office",
        "dismiss_and_seal": "office",
    },
    "ca_prop47": {"redesignate_misdemeanor": "person", "resentence": "person"},
    "il_cannabis": {"sa_motion": "office", "ind_motion": "person", "pending_dismiss": "person"},
}
"""The reliefs that a court orders and a letter explains, with who asks for them."""


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_relief_of_every_reform_is_explained_or_refused(language: str) -> None:
    for reform, asked in COURT.items():
        for relief in REFORMS[reform].about.reliefs:
            if relief.id in asked:
                assert effect(BUNDLED[language], reform, relief).asked_by == asked[relief.id]
                continue
            with pytest.raises(UsageError) as caught:
                effect(BUNDLED[language], reform, relief)
            # An ordinary petition expunges or seals, and the relief does not say which.
            said = "does not say what" if relief.id == "ordinary" else "no court orders relief"
            assert said in str(caught.value)
            assert "\n" not in str(caught.value)


def test_a_letter_says_who_asked_the_court(desk: Any) -> None:
    files = _files(desk, asked_by="person")
    text = " ".join(_text(_sent(desk, _tip(desk), files=files)[1]).split())
    assert "Usted, o alguien en su nombre, se la pidió al tribunal." in text
    assert "La fiscalía" not in text
    felony = 'asked_by = "{}"\nenglish = "The felony'
    mixed = _oz(desk, ENGLISH).replace(felony.format("office"), felony.format("person"))
    entries = [desk.entry("P1"), desk.entry("P1", relief="redesignate_misdemeanor")]
    _, out = _sent(desk, *entries, files={"en": parse_letter(mixed, "en.toml")})
    assert "asked the court for some of it, and you, or somebody for you, for the rest" in " ".join(_text(out).split())


# Texts of the office's own ---------------------------------------------------------------------------


def test_an_office_puts_its_own_text_in_the_place_of_ours(desk: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(_oz(desk, ENGLISH).replace("A court changed your record", "Good news from {agency}"), "utf-8")
    _, out = _sent(desk, desk.entry("P1"), files=letter_files([own]))
    assert "Good news from Office of the District Attorney, County of Oz" in " ".join(_text(out).split())
    with pytest.raises(UsageError, match=r"\[own.toml\] is a second one for \[en\]"):
        letter_files([own, own])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{telephone}", "{telefone}", "{telefone} is no placeholder; did you mean [telephone]?"),
        ("{telephone}", "{telephone.__class__}", "is no placeholder"),
        ("{telephone}", "{telephone!r}", "is no placeholder"),
        ("{telephone}", "{telephone:>99}", "is no placeholder"),
        ("{telephone}", "{", "a brace stands alone"),
        ('"{month} {day}, {year}"', '"{month} {day}"', "date takes {day}, {month} and {year} once each"),
        ("farewell", "farwell", "unknown key [farwell]; did you mean [farewell]?"),
        ('"November", ', "", "key [months]"),
        ('language = "en"', 'language = "en"\nsubject = "x"', "is not TOML"),
        ('relief = "redesignate_infraction"', 'relief = "dismiss_and_seal"', "stands twice; keep one"),
        ('language = "en"', 'language = "fr"', "needs a text"),
    ],
)
def test_a_letter_file_is_refused_with_file_and_key(old: str, new: str, said: str) -> None:
    assert old in ENGLISH
    with pytest.raises(UsageError) as caught:
        parse_letter(ENGLISH.replace(old, new, 1), "own.toml")
    assert str(caught.value).startswith("letter file [own.toml]")
    assert said in str(caught.value)


def test_every_placeholder_and_key_is_documented() -> None:
    page = (FOLDER.parents[4] / "docs/letters.md").read_text("utf-8")
    assert [name for name, words in PLACEHOLDERS.items() if f"| `{{{name}}}` | {words} |" not in page] == []
    assert [key for key in LetterFile.model_fields if f"`{key}`" not in page] == []


def test_every_placeholder_can_be_used(desk: Any) -> None:
    every = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    text = _oz(desk, ENGLISH).replace("Sincerely,", every)
    _, out = _sent(desk, desk.entry("P1"), files={"en": parse_letter(text, "x.toml")})
    assert "clearance@pd.oz.example" in _text(out)
