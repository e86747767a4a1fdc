from __future__ import annotations

import json

from clearslate_cli import page


def test_a_table_fits_eighty_columns_and_loses_no_word() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    text = page.table(("Rule", "Words"), [("first", words), ("second", "x" * 200)], fixed=(0,))
    assert max(len(line) for line in text.splitlines()) <= page.PIPED_WIDTH
    assert all(f"word{n}" in text for n in range(60))
    assert text.count("x") == 200


def test_a_cell_is_text_and_never_markup() -> None:
    assert "[bold]x[/bold] :smile:" in page.table(("",), [("[bold]x[/bold] :smile:",)])


def test_numbers_are_set_to_the_right() -> None:
    lines = page.table(("What", "Count"), [("a", "5"), ("b", "1,000")], right=(1,)).splitlines()
    assert lines[-1].endswith("1,000")
    assert lines[-2].endswith("    5")


def test_a_paragraph_is_folded_with_its_indent() -> None:
    text = page.wrapped("word " * 40, "- ", "  ")
    assert all(len(line) <= page.PIPED_WIDTH for line in text.splitlines())
    assert all(line.startswith("  word") for line in text.splitlines()[1:])


def test_json_keeps_the_order_of_keys_and_every_character() -> None:
    text = page.as_json({"b": "§ 1", "a": 2})
    assert "§" in text
    assert list(json.loads(text)) == ["b", "a"]


def test_one_is_counted_without_a_plural() -> None:
    assert [page.counted(1, "person", "people"), page.counted(2000, "person", "people"), page.counted(0, "row")] == [
        "1 person",
        "2,000 people",
        "0 rows",
    ]
