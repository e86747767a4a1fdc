"""Pages kept as pictures, and where their text stood when the picture was looked at.

``python test_filing_pages.py`` in this folder makes pictures and places anew (it needs ``pdftoppm``); look at each
picture before it is kept.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from clearslate_il_cannabis.plugin import IL_CANNABIS

PAGES = Path(__file__).with_name("pages")
KEPT = {
    "motion": ("il_sa_motion", "01_motion.pdf", 1),
    "motion_factors": ("il_sa_motion", "01_motion.pdf", 2),
    "schedule": ("il_sa_motion", "02_schedule.pdf", 1),
    "schedule_public": ("il_sa_motion", "02_schedule_public.pdf", 1),
    "order": ("il_sa_motion", "03_proposed_order.pdf", 1),
    "order_agency": ("il_sa_motion", "04_order_agency_001.pdf", 1),
    "order_state_police": ("il_sa_motion", "05_order_state_police.pdf", 1),
    "order_clerk": ("il_sa_motion", "06_order_clerk.pdf", 1),
    "notice_board": ("il_sa_motion", "07_notice_board.pdf", 1),
    "notice_clerk": ("il_sa_motion", "08_notice_clerk.pdf", 1),
    "person_motion": ("il_individual", "packet_00001.pdf", 1),
    "person_harm": ("il_individual", "packet_00001.pdf", 2),
    "person_additional": ("il_individual", "packet_00001.pdf", 4),
    "person_notice": ("il_individual", "packet_00001.pdf", 5),
    "person_order": ("il_individual", "packet_00001.pdf", 6),
    "pardon": ("il_prb", "01_prb_list.pdf", 1),
    "police": ("il_police", "01_state_police.pdf", 1),
    "police_agency": ("il_police", "02_agency_002.pdf", 1),
}
"""The pages that are kept, by filing, file and number."""


def places(pdf: bytes, number: int) -> list[list[Any]]:
    """Where each run of a page stands: its text, and its left end and baseline from the upper left."""
    page = PdfReader(io.BytesIO(pdf)).pages[number - 1]
    high = float(page.mediabox.height)
    found: list[list[Any]] = []

    def seen(text: str, cm: Any, tm: Any, *_: Any) -> None:
        if text.strip():
            x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.append([" ".join(text.split()), round(float(x)), round(high - float(y))])

    page.extract_text(visitor_text=seen)
    return found


def filed(desk: Any) -> Mapping[str, Mapping[str, bytes]]:
    """The files of every filing for the same entries."""
    long = "VON DER SMARAGDENSTADT UND ZU DEN GELBEN ZIEGELN,ÑUSTA-ZOË BARTHOLOMEA"
    cells = {"st_address": "1 YELLOW BRICK ROAD", "city_state": "EMERALD CITY OZ", "zipcode": "00001", "dcn": "P129393"}
    felony = {"statute": "720 ILCS 550/4(d)", "offense_class": "4", "grade": "felony"}
    agencies = ("EMERALD CITY PD", "POLICE DEPARTMENT OF THE COUNTRY OF THE WINKIES, YELLOW CASTLE", None)
    every = ("sa_motion", "ind_motion", "prb_pardon")
    entries = [
        desk.entry(*every, person_id="P1", names=(long, "GALE,D"), agency=agencies[n % 3], cells=cells)
        for n in range(20)
    ]
    entries += [
        desk.entry("sa_motion", agency=agencies[0], born=None, committed=None, flags=("NOT_REPORTED_TO_ISP",)),
        desk.entry("sa_motion", "prb_pardon", names=(), agency=agencies[0], born=None, committed=None),
        desk.entry("sa_motion", flags=("SENTENCE_NOT_COMPLETE",), disposed="2018-06", **felony),
        desk.entry("sa_motion", "prb_pardon", flags=("PRB_VIOLENCE_READING_DIFFERS",), case="LOLLIPOP 7"),
        desk.entry("prb_pardon", flags=("NOT_REPORTED_TO_ISP",), statute="720 ILCS 550/4(a)", offense_class="C"),
        *(
            desk.entry("auto_le", rule=rule, disposition="not convicted", ended="dismissed", sentence=(), agency=agency)
            for rule in ("auto_le_2021", "auto_le_2023", "auto_le_2025")
            for agency in agencies
        ),
    ]
    ledger = {"charges_decided": len(entries), "rows_rejected": 3, "counts_without_disposition": 1}
    manifest = {
        "versions": {"clearslate": "9.9"},
        "ledger": {**ledger, "facts": {"given": 5, "used": 2, "unused": 3}},
        "facts": {"name": "answers.csv", "sha256": "cd" * 32},
    }
    return {id: desk.file(filing, *entries, manifest=manifest)[1] for id, filing in IL_CANNABIS.filings().items()}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, desks: Any) -> Mapping[str, Mapping[str, bytes]]:
    return filed(desks(tmp_path_factory.mktemp("pages")))


@pytest.mark.parametrize("name", KEPT)
def test_text_stands_where_it_stood_when_the_page_was_looked_at(name: str, found: Any) -> None:
    filing, file, number = KEPT[name]
    now = places(found[filing][file], number)
    kept = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    assert [text for text, *_ in now] == [text for text, *_ in kept]
    for (text, *where), (_, *stood) in zip(now, kept, strict=True):
        assert all(abs(one - other) <= 1 for one, other in zip(where, stood, strict=True)), text


def test_a_picture_is_kept_for_every_page_and_is_small() -> None:
    pictures = {path.stem: path for path in PAGES.glob("*.png")}
    assert set(pictures) == set(KEPT)
    assert all(path.stat().st_size < 90_000 for path in pictures.values())


def _make(conftest: Any) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        files = filed(conftest.Desk(Path(scratch)))
        for name, (filing, file, number) in KEPT.items():
            rows = [json.dumps(place, ensure_ascii=False) for place in places(files[filing][file], number)]
            text = "[\n" + ",\n".join(rows) + "\n]\n"
            (PAGES / f"{name}.json").write_text(text, "utf-8", newline="\n")
            pdf = Path(scratch) / "page.pdf"
            pdf.write_bytes(files[filing][file])
            picture = ["pdftoppm", "-png", "-gray", "-r", "52", "-singlefile", "-f", str(number), "-l", str(number)]
            subprocess.run([*picture, str(pdf), str(PAGES / name)], check=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    import conftest

    _make(conftest)
