from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import InputError, UsageError
from clearslate.filing import packets
from clearslate.filing.addresses import addresses_of
from clearslate.filing.entry import Standing
from clearslate.filing.formmap import Sheet
from clearslate.filing.forms import Written
from clearslate.filing.given import OPTIONS, Given
from clearslate.filing.layouts import parse_layout
from clearslate.filing.letters import EffectEntry, letter_files, parse_letter
from clearslate.filing.meanings import NO_ORDER, key_of
from clearslate.filing.packets import CORE_PACKETS, Before, Work, asked_again, check_relief, taken
from clearslate.filing.updates import DOJ_CELLS

LAYOUT = """
title = "Oz"
file = "court_update.csv"
format = "csv"

[[columns]]
name = "CASE"
from = "case_number"

[[columns]]
name = "NEW"
from = "new_section"

[new_sections.redesignate_misdemeanor]
"ZZ 100" = "ZZ 100(b)"
"""
CELLS = dict.fromkeys(DOJ_CELLS, "x")


def work(desk: Any, *entries: Any, ordered: Any = (), given: Given | None = None, **fields: Any) -> Work:
    orders = desk.orders(*ordered)
    fields.setdefault("without", {key_of(e): NO_ORDER for e in entries if key_of(e) not in orders})
    return Work(desk.packet(*entries), desk.setting(orders=orders), given or Given(), **fields)


def before(desk: Any, columns: Any = tuple(CELLS), given: Given | None = None, ordered: Any = ()) -> Before:
    return Before(desk.office, desk.reform, given or Given(), columns, "oz_rolls", desk.orders(*ordered))


def made(desk: Any, packet: str, of: Work) -> tuple[Any, Path]:
    result: tuple[Any, Path] = desk.written(lambda folder: CORE_PACKETS[packet].write(of, folder))
    return result


def test_the_court_s_update_comes_with_its_test_file_and_the_sections_of_its_layout(desk: Any) -> None:
    entries = [desk.entry(relief="redesignate_misdemeanor"), desk.entry(), desk.entry(outcome="review")]
    given = Given(layout=parse_layout(LAYOUT))
    got, out = made(desk, "court_update", work(desk, *entries, given=given))
    assert got.entries == {"granted": 2, "objected": 0, "open": 0, "refused": 0, "referred": 0}
    assert [row["NEW"] for row in desk.table(out / "court_update.csv")] == ["ZZ 100(b)", ""]
    assert sorted(file.name for file in out.iterdir()) == [
        "court_update.csv", "court_update_test.csv", "court_update_test_expected.csv",
    ]  # fmt: skip
    assert "load the test file first, " in got.notes[-1]


BARRED = ("denied by the court", "answers that contradict one another", "a case that the court does not find")


@pytest.mark.parametrize("packet", ["court_update", "agency_notices"])
def test_before_any_order_what_something_is_in_the_way_of_is_in_no_update_and_no_notice(desk: Any, packet: str) -> None:
    entries = [desk.entry() for _ in range(4)]
    given = Given(layout=parse_layout(LAYOUT))
    without = dict(zip(map(key_of, entries), (*BARRED, NO_ORDER), strict=True))
    got, _ = made(desk, packet, work(desk, *entries, given=given, without=without))
    assert got.entries["granted"] == 1
    assert got.left_out == dict.fromkeys(BARRED, 1)
    assert {f"1 granted, {why}: not in this packet" for why in BARRED} < set(got.notes)
    assert [note for note in got.notes if note.startswith("nothing is ordered yet")]
    with pytest.raises(InputError, match="nothing that is granted can be told to others now: 1 with denied by"):
        made(desk, packet, work(desk, entries[0], given=given, without=without))


@pytest.mark.parametrize("packet", ["court_update", "agency_notices"])
def test_once_the_court_has_ordered_only_what_it_ordered_is_told(desk: Any, packet: str) -> None:
    entries = [desk.entry() for _ in range(3)]
    given = Given(layout=parse_layout(LAYOUT))
    without = {key_of(entries[1]): NO_ORDER, key_of(entries[2]): "an order of which no day is known"}
    got, out = made(desk, packet, work(desk, *entries, ordered=entries[:1], given=given, without=without))
    name, column = ("court_update.csv", "CASE") if packet == "court_update" else ("agency_001.csv", "case_number")
    assert [row[column] for row in desk.table(out / name)] == ["OZ-0001"]
    assert got.left_out == {NO_ORDER: 1, "an order of which no day is known": 1}
    assert not [note for note in got.notes if "ordered yet" in note]
    undated = frozenset({key_of(entries[2])})
    with pytest.raises(InputError, match="1 with an order of which no day is known; 1 with no order"):
        made(desk, packet, work(desk, *entries[1:], given=given, without=without, answered=undated))


def test_a_new_section_that_nobody_says_is_blank_and_counted(desk: Any) -> None:
    entries = [
        desk.entry(cells=CELLS, relief="redesignate_misdemeanor", statute=statute) for statute in ("ZZ 100", "ZZ 101")
    ]
    note = "1 row with a blank new section, because no [new_sections] of a layout says which it is"
    given = Given(layout=parse_layout(LAYOUT))
    for packet, name, column in (("doj_update", "doj_update.csv", "new_section"), ("court_update",) * 2 + ("NEW",)):
        got, out = made(desk, packet, work(desk, *entries, ordered=entries, given=given))
        file = out / (name if name.endswith("csv") else "court_update.csv")
        assert [row[column] for row in desk.table(file)] == ["ZZ 100(b)", ""]
        assert note in got.notes
    gone = desk.entry(cells=CELLS)
    assert made(desk, "doj_update", work(desk, gone, ordered=[gone]))[0].notes == ()


def test_the_name_of_an_agency_steers_no_terminal(desk: Any) -> None:
    got, _ = made(desk, "agency_notices", work(desk, desk.entry(arrested_by="OZ\x1b[2J PD")))
    assert "agencies not in the office file, so without an address: [OZ[U+001B][2J PD] 1" in got.notes


def test_a_paper_tells_what_the_court_has_answered_already(desk: Any) -> None:
    entries = [desk.entry() for _ in range(4)]
    keys = [key_of(entry) for entry in entries]
    assert asked_again(entries, frozenset(keys[:1]), frozenset(keys[1:3])) == (
        "2 of what is granted was ordered by the court already, and is not left out; clearslate track export names "
        "them",
        "1 of what is granted was denied by the court already, and is not left out; clearslate track export names them",
    )


def test_with_a_relief_nothing_else_is_taken_up(desk: Any) -> None:
    entries = [desk.entry(relief="redesignate_misdemeanor"), desk.entry()]
    got, out = made(desk, "agency_notices", work(desk, *entries, given=Given(relief="dismiss_and_seal")))
    assert got.entries["granted"] == 1
    assert got.notes[0] == "1 granted without the relief [dismiss_and_seal]: not in this packet"
    (row,) = desk.table(out / "agency_001.csv")
    assert row["relief"] == "dismiss_and_seal"


def test_the_repository_is_told_of_orders_that_it_does_not_know(desk: Any) -> None:
    entries = [desk.entry(cells=CELLS) for _ in range(4)]
    of = work(desk, *entries, ordered=entries[:3], reported=frozenset({key_of(entries[0])}))
    got, out = made(desk, "doj_update", of)
    rows = desk.table(out / "doj_update.csv")
    assert [row["source_row"] for row in rows] == [str(e.decided.count.place.row) for e in entries[1:3]]
    assert got.entries["granted"] == 2
    assert got.notes == (
        "1 granted, no order of the court yet: not in this packet",
        "1 granted, reported already: not in this packet",
    )
    assert CORE_PACKETS["doj_update"].state == "reported"


def test_an_update_of_nothing_says_what_to_do(desk: Any) -> None:
    entry = desk.entry(cells=CELLS)
    with pytest.raises(InputError, match=r"no order to report; take in what the court answered"):
        CORE_PACKETS["doj_update"].ready(before(desk))
    with pytest.raises(InputError, match="every order has been reported"):
        made(desk, "doj_update", work(desk, entry, ordered=[entry], reported=frozenset({key_of(entry)})))


def test_the_repository_s_update_is_for_the_california_file(desk: Any) -> None:
    with pytest.raises(UsageError, match=r"format \[oz_rolls\] does not have \[RECORD_ID\]"):
        CORE_PACKETS["doj_update"].ready(before(desk, ("A",), ordered=[desk.entry()]))


def test_a_package_that_nobody_could_open_is_told_before_the_run_is_decided_once_more(desk: Any) -> None:
    with pytest.raises(UsageError, match=r"no key under \[public_defender\] recipients"):
        CORE_PACKETS["defender"].ready(before(desk))


def test_a_packet_that_nothing_is_in_the_way_of_is_ready(desk: Any) -> None:
    CORE_PACKETS["court_update"].ready(before(desk, given=Given(layout=parse_layout(LAYOUT))))
    for packet in ("agency_notices", "refer_lists"):
        CORE_PACKETS[packet].ready(before(desk))
    for packet in ("doj_update", "letters"):
        CORE_PACKETS[packet].ready(before(desk, ordered=[desk.entry()]))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('name = "X"\ncell = "RECORD_IDD"', r"column \[X\]: the source has no column \[RECORD_IDD\]; did you mean"),
        ('name = "X"\nfrom = "relief"\nvalues = { resentence = "R" }', r"column \[X\]: no code for the relief"),
    ],
)
def test_a_layout_that_cannot_hold_the_update_is_told_before_the_run_is_decided(
    desk: Any, more: str, said: str
) -> None:
    text = LAYOUT.replace("[new_sections", f"[[columns]]\n{more}\n\n[new_sections")
    with pytest.raises(UsageError, match=said):
        CORE_PACKETS["court_update"].ready(before(desk, given=Given(layout=parse_layout(text))))


def test_a_language_that_no_letter_is_in_is_told_before_the_run_is_decided(desk: Any) -> None:
    with pytest.raises(UsageError, match=r"--language: no letter in \[xx\]"):
        CORE_PACKETS["letters"].ready(before(desk, given=Given(language="xx"), ordered=[desk.entry()]))


def test_what_is_referred_is_a_list_for_each_office(desk: Any) -> None:
    entries = [desk.entry(), desk.entry(outcome="refer", refer_to="city attorney"), desk.entry(outcome="refer",
               refer_to="nobody")]  # fmt: skip
    got, out = made(desk, "refer_lists", work(desk, *entries))
    assert got.entries == {"granted": 0, "objected": 0, "open": 0, "refused": 0, "referred": 2}
    assert got.notes == ("offices not in the office file, so without an address: [nobody] 1",)
    assert len(desk.table(out / "referrals.csv")) == 2
    with pytest.raises(InputError, match="refers nothing"):
        made(desk, "refer_lists", work(desk, desk.entry()))


def oz_letter(desk: Any) -> Any:
    """The English letter with what the reliefs of Oz mean."""
    text = resources.files("clearslate.filing").joinpath("data/letters/en.toml").read_text("utf-8")
    for relief in desk.reform.reliefs:
        text += (
            f'\n[[effects]]\nreform = "oz_moonshine"\nrelief = "{relief.id}"\nasked_by = "office"\n'
            f'english = "{relief.effect}"\ntitle = "T"\ntext = "M"\n'
        )
    return parse_letter(text, "en.toml")


def test_letters_are_for_people_on_whom_the_court_has_ordered(desk: Any) -> None:
    entries = [desk.entry("P1"), desk.entry("P2"), desk.entry("P3")]
    said = {"reform": desk.reform.id, "relief": "dismiss_and_seal", "asked_by": "office", "title": "Sealed"}
    effect = EffectEntry(**said, english=desk.reform.reliefs[1].effect)
    texts = {"en": letter_files()["en"].model_copy(update={"effects": [effect]})}
    addresses = addresses_of("person_id,name,address_1\nP1,Dorothy Gale,1 Road\nP3,Oz,2 Road\n")
    given = Given(addresses=addresses, texts=lambda: texts)
    got, out = made(desk, "letters", work(desk, *entries, ordered=entries[:2], given=given))
    assert got.entries["granted"] == 1
    assert got.notes == (
        "1 letter about 1 entry",
        "no letter to 1 person; letters_not_sent.csv says why",
        "1 address of people who get none",
        "1 granted, no order of the court yet: not in this packet",
    )
    assert (out / "letters.pdf").is_file()
    with pytest.raises(InputError, match="no letter is due"):
        CORE_PACKETS["letters"].ready(before(desk))


def test_a_form_is_filled_for_the_sheets_of_the_law_s_own_papers(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [desk.entry("P1"), desk.entry("P1"), desk.entry("P2"), desk.entry(outcome="review")]
    asked: list[Any] = []
    written: list[Any] = []

    def sheets(granted: Any, setting: Any) -> list[Sheet]:
        asked.extend(granted)
        return [Sheet(granted[1:], setting)]

    def write(given: Any, *_: Any) -> Written:
        written.extend(given)
        return Written(len(given), sum(len(sheet.entries) for sheet in given), 0)

    monkeypatch.setattr(packets, "Form", lambda *_: None)
    monkeypatch.setattr(packets, "write_sheets", write)
    blank: Any = object()
    given = Given(form=blank, fields=blank)
    got, _ = made(
        desk, "forms", work(desk, *entries, given=given, sheets=sheets, denied=frozenset({key_of(entries[0])}))
    )
    assert asked == entries[:3]
    assert [list(sheet.entries) for sheet in written] == [entries[1:3]]
    assert got.entries["granted"] == 2
    assert got.notes == (
        "1 form",
        "1 granted without a row of their own, as the law's own papers sort them",
        "1 of what is granted was denied by the court already, and is not left out; clearslate track export names them",
    )


def test_a_charge_with_several_reliefs_asks_for_one() -> None:
    reliefs = ["one", "two"]
    check_relief("letters", ("relief",), "one", reliefs, routes=True)
    check_relief("letters", ("relief",), None, reliefs, routes=False)
    check_relief("defender", (), None, reliefs, routes=True)
    with pytest.raises(UsageError, match=r"say which with --relief ID; known: one, two"):
        check_relief("letters", ("relief",), None, reliefs, routes=True)


def test_every_packet_names_options_that_there_are() -> None:
    assert list(CORE_PACKETS) == [
        "court_update", "doj_update", "agency_notices", "refer_lists", "defender", "letters", "forms",
    ]  # fmt: skip
    for packet in CORE_PACKETS.values():
        assert set(packet.needs) <= set(packet.takes) <= set(OPTIONS)
        assert len(packet.title) < 100
    assert list(taken(0)) == [one.value for one in Standing]


def test_every_packet_and_option_stands_on_the_page_for_whoever_files() -> None:
    page = (Path(__file__).parents[3] / "docs" / "filing.md").read_text("utf-8")
    for id in CORE_PACKETS:
        assert f"--packet {id}" in page or f"`{id}`" in page, id
    for option in OPTIONS:
        assert f"`--{option} " in page, option
