"""The totals of every document are those of the entries, whatever was decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearslate.errors import InputError, LedgerError

RELIEFS = {"dismiss_and_seal": "Dismissed and sealed", "redesignate_misdemeanor": "Redesignated a misdemeanor"}
KINDS = ("granted", "objected", "open", "refused", "referred")
ENTRIES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(sorted(RELIEFS)), st.integers(0, 2), st.integers(0, 5)),
    min_size=1,
    max_size=40,
)


def numbers(text: str, *before: str) -> list[int]:
    """The number behind each of some words, where they stand one after the other."""
    match = re.search(r"\s+([0-9,]+)\s+".join([*map(re.escape, before), ""]), f"{text} ")
    assert match, before
    return [int(found.replace(",", "")) for found in match.groups()]


@given(drawn=ENTRIES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_document_has_the_totals_of_the_entries(desks: Callable[[], Any], drawn: Any) -> None:
    desk = desks()
    made = [
        (kind, relief, house, desk.entry(kind, relief, house=desk.houses[house], person_id=f"P{who}"))
        for kind, relief, house, who in drawn
    ]
    kinds = Counter(kind for kind, *_ in made)
    # The run's ledger, which knows an objection as a review.
    outcomes = {
        "eligible": kinds["granted"],
        "ineligible": kinds["refused"],
        "review": kinds["objected"] + kinds["open"],
        "refer": kinds["referred"],
    }
    ledger = {"convictions_decided": len(drawn), "decided_by_outcome": outcomes}
    packet = desk.packet([entry for *_, entry in made], manifest={"ledger": ledger})
    if not kinds["granted"] + kinds["objected"] + kinds["open"]:
        with pytest.raises(InputError, match="nothing to file"):
            desk.file(desk.bulk, packet)
        return
    taken, files = desk.file(desk.bulk, packet)
    texts = {name[:2]: desk.text(data) for name, data in files.items() if name.endswith(".pdf")}
    reliefs = Counter(relief for kind, relief, *_ in made if kind == "granted")
    people = len({entry.decided.person.person_id for kind, *_, entry in made if kind == "granted"})

    assert dict(taken) == {kind: kinds[kind] for kind in KINDS}
    assert sum(taken.values()) == len(drawn)
    for document in ("01", "02", "08"):
        for relief, title in RELIEFS.items():
            if reliefs[relief]:
                assert f"{title} {reliefs[relief]} " in texts[document]
        assert f" Total {kinds['granted']}" in texts[document]
    declared = ("Relief asked (Exhibit A)", "Objected to (Exhibit B, part 1)", "For a hearing (Exhibit B, part 2)")
    found = numbers(texts["02"], *declared, "No relief under the policy", "Another office decides", "Total")
    assert found == [*(kinds[kind] for kind in KINDS), len(drawn)]
    assert re.search(rf"for which relief is asked, of {people} (person|people)", texts["02"])
    check_exhibits(texts, made, kinds, reliefs)
    read_first = files["read_first.txt"].decode()
    assert all(f"\n{kind}: {kinds[kind]}\n" in read_first for kind in KINDS)


def check_exhibits(texts: Mapping[str, str], made: Any, kinds: Counter[str], reliefs: Counter[str]) -> None:
    for document in ("03", "06"):
        columns = [title for relief, title in reversed(RELIEFS.items()) if reliefs[relief]]
        each = [reliefs[relief] for relief in reversed(RELIEFS) if reliefs[relief]]
        total = " ".join(map(str, [*each, kinds["granted"]]))
        assert f"Courthouse {' '.join([*columns, 'Total'])} " in texts[document]
        assert f" Total {total} " in f"{texts[document]} "
        assert {
            f"OZ-{entry.decided.count.place.row:06d}" for *_, entry in made if entry.standing.value == "granted"
        } == (set(re.findall(r"OZ-[0-9]{6}", texts[document])))
    for document in ("04", "07"):
        listed = kinds["objected"] + kinds["open"]
        assert f" Total {kinds['objected']} {kinds['open']} {listed} " in f"{texts[document]} "
        assert len(re.findall(r"OZ-[0-9]{6}", texts[document])) == listed


def test_a_number_above_a_thousand_is_printed_with_a_comma_and_lines_are_numbered_through(desk: Any) -> None:
    entries = desk.some(1100, kinds=["granted"])
    taken, files = desk.file(desk.bulk, desk.packet(entries))
    assert taken["granted"] == 1100
    assert "1,100 convictions of " in desk.text(files["01_notice_and_motion.pdf"])
    assert "(lines 1 to 1,100) is attached to this order" in desk.text(files["08_proposed_order.pdf"])
    listed = desk.text(files["06_exhibit_a_public.pdf"])
    assert [int(n.replace(",", "")) for n in re.findall(r"([0-9,]+) OZ-[0-9]{6}", listed)] == list(range(1, 1101))


def test_a_packet_of_other_entries_than_the_run_decided_is_refused(desk: Any) -> None:
    packet = desk.packet([desk.entry()], manifest={"ledger": {"convictions_decided": 2}})
    with pytest.raises(LedgerError, match=r"decided \[2\] and \[1\]"):
        desk.file(desk.bulk, packet)
    ledger = {"convictions_decided": 1, "decided_by_outcome": {"eligible": 0, "review": 1}}
    packet = desk.packet([desk.entry()], manifest={"ledger": ledger})
    with pytest.raises(LedgerError, match=r"decided \[0\] as eligible and \[1\] were read"):
        desk.file(desk.bulk, packet)
