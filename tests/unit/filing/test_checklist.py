"""What an attorney reads first: totals, what was noticed, and nothing that steers a terminal."""

from __future__ import annotations

from typing import Any

from clearslate.filing.checklist import FILE, Check, Written, write_checklist


def test_what_a_record_prints_of_a_court_steers_no_terminal(desk: Any) -> None:
    _, out = desk.written(
        lambda folder: write_checklist(
            folder,
            "Packet",
            totals={"\x1b[31mEVIL COURT": 1},
            written=[("motion", Written(("a.pdf",), 2, frozenset()))],
            checks=[Check("Motion", "The day.")],
            warnings=["\x1b]0;x\x07 is not in the table"],
            tables=("schedule.csv",),
        )
    )
    text = (out / FILE).read_bytes().decode("utf-8")
    assert "[U+001B][31mEVIL COURT: 1" in text
    assert "schedule.csv (not to be filed)" in text
    assert all(sign.isprintable() for line in text.split("\n") for sign in line)
