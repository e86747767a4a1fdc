"""Pages kept as pictures, and where their text stood when the picture was looked at.

``python test_kept_pages.py`` in this folder makes pictures and places anew (it needs ``pdftoppm``); look at each
picture before it is kept.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from clearslate.filing.addresses import addresses_of
from clearslate.filing.agencies import agency_lists
from clearslate.filing.documents import Typesetter
from clearslate.filing.letters import letters
from clearslate.registry import load

PAGES = Path(__file__).with_name("pages")
LETTERS = {
    "letter": ("ca_prop64", ("dismiss_and_seal", "redesignate_misdemeanor", "dismiss_and_seal")),
    "letter_47": ("ca_prop47", ("redesignate_misdemeanor", "resentence")),
}
KEPT = (*[f"{stem}_{language}" for stem in LETTERS for language in ("en", "es")], "notice")
"""The pages that are kept: each is the first of its document."""

ADDRESSES = """person_id,name,address_1,address_2,language
P1,Dorothy Gale,12 Poppy Lane,"Emerald City, OZ 00009",{}
"""


def document(desk: Any, name: str) -> bytes:
    """The document of which a page is kept under a name."""
    if name == "notice":
        entries = [desk.entry("P1", case="OZ-1"), desk.entry("P2", case="OZ-2", names=("NÚÑEZ,TIP",))]
        setting = desk.setting(orders=desk.orders(entries[0]))
        typesetter = Typesetter(desk.made_on)
        _, out = desk.written(lambda to: agency_lists(entries, setting, to, typesetter=typesetter))
    else:
        stem, _, language = name.rpartition("_")
        reform, reliefs = LETTERS[stem]
        entries = [
            desk.entry("P1", relief=relief, case=f"OZ-{place}", offense="11359 HS-POSSESS MARIJUANA FOR SALE")
            for place, relief in enumerate(reliefs, 1)
        ]
        setting = desk.setting(reform=load().reforms[reform].about, orders=desk.orders(*entries))
        addresses = addresses_of(ADDRESSES.format(language))
        _, out = desk.written(lambda folder: letters(entries, setting, addresses, folder))
    (made,) = out.glob("*.pdf")
    return bytes(made.read_bytes())


def places(data: bytes) -> list[list[Any]]:
    """Where each run of the first page stands: its text, its left end and baseline from the upper left, its size."""
    page = PdfReader(io.BytesIO(data)).pages[0]
    high, runs = float(page.mediabox.height), []

    def visit(text: str, of: Any, line: Any, _font: object, size: float) -> None:
        if text.strip():
            x = of[0] * line[4] + of[2] * line[5] + of[4]
            y = of[1] * line[4] + of[3] * line[5] + of[5]
            runs.append([" ".join(text.split()), round(x), round(high - y), round(float(size), 1)])

    page.extract_text(visitor_text=visit)
    return runs


@pytest.mark.parametrize("name", KEPT)
def test_text_stands_where_it_stood_when_the_page_was_looked_at(name: str, desk: Any) -> None:
    found = places(document(desk, name))
    kept = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    assert [text for text, *_ in found] == [text for text, *_ in kept]
    for (text, *where), (_, *stood) in zip(found, kept, strict=True):
        assert all(abs(one - other) <= 1 for one, other in zip(where, stood, strict=True)), text


def test_a_picture_is_kept_for_every_page_and_is_small() -> None:
    pictures = {path.stem: path for path in PAGES.glob("*.png")}
    assert set(pictures) == set(KEPT)
    assert all(path.stat().st_size < 100_000 for path in pictures.values())


def _make(conftest: Any) -> None:
    PAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in KEPT:
            place = Path(scratch) / name
            place.mkdir()
            data = document(conftest.Desk(place), name)
            rows = [json.dumps(run, ensure_ascii=False) for run in places(data)]
            (PAGES / f"{name}.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", "utf-8", newline="\n")
            pdf = Path(scratch) / "page.pdf"
            pdf.write_bytes(data)
            picture = ["pdftoppm", "-png", "-gray", "-r", "60", "-singlefile", "-f", "1", "-l", "1"]
            subprocess.run([*picture, str(pdf), str(PAGES / name)], check=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    import conftest

    _make(conftest)
