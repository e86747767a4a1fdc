from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clearslate.errors import InputError, UsageError
from clearslate.filing.addresses import addresses_of
from clearslate.filing.entry import Standing
from clearslate.filing.given import OPTIONS, Given
from clearslate.filing.layouts import parse_layout
from clearslate.filing.meanings import key_of
from clearslate.filing.packets import CORE_PACKETS, Before, Work, check_relief, taken
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
    fields.setdefault("without", {key_of(e): "not yet" for e in entries if key_of(e) not in orders})
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


def test_what_the_court_denied_is_in_no_update_and_no_notice(desk: Any) -> None:
    entries = [desk.entry(), desk.entry()]
    given = Given(layout=parse_layout(LAYOUT))
    of = work(desk, *entries, given=given, denied=frozenset({key_of(entries[0])}))
    for packet in ("court_update", "agency_notices"):
        got, _ = made(desk, packet, of)
        assert got.entries["granted"] == 1
        assert "1 granted, denied by the court: not in this packet" in got.notes
    alone = work(desk, entries[0], denied=frozenset({key_of(entries[0])}))
    with pytest.raises(InputError, match="no agency is told"):
        made(desk, "agency_notices", alone)


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
        "1 reported already: not in this packet",
        "1 granted, not yet: not in this packet",
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


def test_letters_are_for_people_on_whom_the_court_has_ordered(desk: Any) -> None:
    entries = [desk.entry("P1"), desk.entry("P2"), desk.entry("P3")]
    given = Given(addresses=addresses_of("person_id,name,address_1\nP1,Dorothy Gale,1 Road\nP3,Oz,2 Road\n"))
    got, out = made(desk, "letters", work(desk, *entries, ordered=entries[:2], given=given))
    assert got.entries["granted"] == 1
    assert got.notes == (
        "1 letter about 1 entry",
        "no letter to 1 person; letters_not_sent.csv says why",
        "1 address of people who get none",
        "1 granted, not yet: not in this packet",
    )
    assert (out / "letters.pdf").is_file()
    with pytest.raises(InputError, match="no letter is due"):
        CORE_PACKETS["letters"].ready(before(desk))


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
