"""Pages kept as pictures, and where their text stood when the picture was looked at.

``python test_pages.py`` in this folder makes pictures and places anew (it needs ``pdftoppm``); look at each picture
before it is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).with_name("pages")
KEPT = {
    "notice": ("01_notice_and_motion.pdf", 1),
    "declaration": ("02_declaration.pdf", 2),
    "exhibit_a": ("03_exhibit_a.pdf", 1),
    "exhibit_b": ("04_exhibit_b.pdf", 1),
    "exhibit_c": ("05_exhibit_c.pdf", 1),
    "exhibit_a_public": ("06_exhibit_a_public.pdf", 1),
    "exhibit_b_public": ("07_exhibit_b_public.pdf", 1),
    "order": ("08_proposed_order.pdf", 1),
    "service": ("09_proof_of_service.pdf", 1),
    "single": ("motion_00001.pdf", 1),
}
"""The pages that are kept, by file and number."""


def places(sheet: Any) -> list[list[Any]]:
    """Where each run of a page stands: its text, its left end and its baseline from the upper left, its size."""
    return [[" ".join(run.text.split()), round(run.x), round(run.y), run.size] for run in sheet.runs]


@pytest.mark.parametrize("name", KEPT)
def test_text_stands_where_it_stood_when_the_page_was_looked_at(name: str, filed: Any, read: Any) -> None:
    file, number = KEPT[name]
    found = places(read(filed[file])[number - 1])
    kept = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    assert [text for text, *_ in found] == [text for text, *_ in kept]
    for (text, *where), (_, *stood) in zip(found, kept, strict=True):
        assert all(abs(one - other) <= 1 for one, other in zip(where, stood, strict=True)), text


def test_a_picture_is_kept_for_every_page_and_is_small() -> None:
    pictures = {path.stem: path for path in PAGES.glob("*.png")}
    assert set(pictures) == set(KEPT)
    assert all(path.stat().st_size < 80_000 for path in pictures.values())


def _make(conftest: Any) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        desk = conftest.Desk(Path(scratch))
        files = desk.everything()
        for name, (file, number) in KEPT.items():
            rows = [json.dumps(place, ensure_ascii=False) for place in places(desk.sheets(files[file])[number - 1])]
            text = "[\n" + ",\n".join(rows) + "\n]\n"
            (PAGES / f"{name}.json").write_text(text, "utf-8", newline="\n")
            pdf = Path(scratch) / "page.pdf"
            pdf.write_bytes(files[file])
            picture = ["pdftoppm", "-png", "-gray", "-r", "60", "-singlefile", "-f", str(number), "-l", str(number)]
            subprocess.run([*picture, str(pdf), str(PAGES / name)], check=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    import conftest

    _make(conftest)
