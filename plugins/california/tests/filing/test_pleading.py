"""Pleading paper read back: California Rules of Court 2.100 to 2.119."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from clearslate.errors import OutputError
from clearslate.filing.documents import Typesetter
from clearslate.filing.office import Office, example_office, parse_office
from clearslate_california.filing.paper import EMPTY_LINE, PEOPLE, Paper, plain, signed

INCH = 72.0
PAPERS = (
    "01_notice_and_motion.pdf",
    "02_declaration.pdf",
    "08_proposed_order.pdf",
    "09_proof_of_service.pdf",
)
LONG_HOUSE = "CASC GILLIKIN COUNTRY NORTHERN DIVISION OF PURPLE MOUNTAINS X"


@pytest.fixture(scope="module")
def papers(filed: Any, read: Any) -> dict[str, list[Any]]:
    """The pages of each paper of a packet."""
    return {name: read(filed[name]) for name in PAPERS}


def numbers(sheet: Any) -> list[Any]:
    """The line numbers of a page: what stands left of the text."""
    return [run for run in sheet.runs if run.end <= INCH]


def body(sheet: Any) -> list[Any]:
    """The text between the line numbers and the footer."""
    return [run for run in sheet.runs if run.end > INCH and run.y < 740]


def test_every_page_is_letter_paper_with_lines_numbered_from_1_to_28_at_three_an_inch(papers: Any) -> None:
    for sheet in itertools.chain(*papers.values()):
        assert (sheet.width, sheet.height) == (8.5 * INCH, 11 * INCH)
        found = sorted((run.y, int(run.text)) for run in numbers(sheet))
        assert [number for _, number in found] == list(range(1, 29))
        steps = {round(below - above, 2) for (above, _), (below, _) in itertools.pairwise(found)}
        assert steps == {24.0}


def test_a_line_parts_the_numbers_from_the_text(papers: Any) -> None:
    for sheet in itertools.chain(*papers.values()):
        upright = [line.x for line in sheet.drawn if line.x == line.to_x and abs(line.to_y - line.y) > 700]
        between = [x for x in upright if max(run.end for run in numbers(sheet)) < x < min(r.x for r in body(sheet))]
        assert len(between) == 2


def test_the_left_margin_is_an_inch_and_the_right_one_half_an_inch_at_least(papers: Any) -> None:
    for sheet in itertools.chain(*papers.values()):
        assert min(run.x for run in body(sheet)) >= INCH
        assert max(run.end for run in body(sheet)) <= 8 * INCH


def test_type_is_of_12_points_and_text_stands_on_the_numbered_lines(papers: Any) -> None:
    for place, sheet in ((place, sheet) for pages in papers.values() for place, sheet in enumerate(pages)):
        lines = {run.y for run in numbers(sheet)}
        for run in body(sheet):
            assert run.size == 12
            # The attorney block alone is single spaced: two of its lines go to a number.
            half = place == 0 and run.y < 60 + 24 * 8 and run.y - 12 in lines
            assert run.y in lines or half, run.text


def test_the_footer_is_a_page_number_then_a_line_then_the_title_of_the_paper(papers: Any) -> None:
    titles = ("NOTICE OF MOTION AND MOTION", "DECLARATION IN SUPPORT", "[PROPOSED] ORDER", "PROOF OF SERVICE")
    for title, pages in zip(titles, papers.values(), strict=True):
        for number, sheet in enumerate(pages, 1):
            page, *words = [run for run in sheet.runs if run.y > 740]
            assert page.text == str(number)
            assert "".join(run.text for run in words).startswith(title)
            assert all(run.size >= 10 for run in words)
            across = [line.y for line in sheet.drawn if line.y == line.to_y and line.y > 740]
            assert len(across) == 1
            assert page.y < across[0] < words[0].y < sheet.height - 0.25 * INCH


def test_the_first_page_begins_with_the_attorney_and_leaves_the_clerk_two_inches(papers: Any) -> None:
    for pages in papers.values():
        above = [run for run in body(pages[0]) if run.y <= 60 + 24 * 7]
        assert above[0].text.startswith("Glinda Quadling (State Bar No. 000000)")
        assert above[0].y == 84
        assert any("Attorney for The People of the State of Oz" in run.text for run in above)
        assert max(run.end for run in above) <= 8.5 / 2 * INCH
        # From the center to the margin, and from the top of line 1 to the court's title: 2 inches square and more.
        assert 570 - 8.5 / 2 * INCH >= 2 * INCH
        assert 2 * INCH <= 240 - 72


def test_the_courts_title_stands_on_line_8_from_3_inches_and_a_third(papers: Any) -> None:
    for pages in papers.values():
        title = next(run for run in pages[0].runs if run.text.startswith("SUPERIOR COURT"))
        eighth = next(run for run in numbers(pages[0]) if run.text == "8")
        assert title.y == eighth.y
        # Capitals are less than 8 points high in this type.
        assert title.y - 8 >= 3.3333 * INCH
        assert abs((title.x + title.end) / 2 - (90 + 240)) < 1


def test_the_caption_has_the_parties_on_the_left_and_number_nature_and_hearing_on_the_right(papers: Any) -> None:
    for name, pages in papers.items():
        caption = [run for run in body(pages[0]) if run.y > 60 + 24 * 9]
        parties = next(run for run in caption if run.text.startswith("THE PEOPLE"))
        number = next(run for run in caption if run.text.startswith("Case No."))
        assert parties.x < 8.5 / 2 * INCH < number.x
        assert parties.y == number.y
        right = [run for run in caption if run.x == number.x]
        nature = "".join(run.text for run in right[1:])
        assert nature.startswith(("NOTICE OF MOTION", "DECLARATION OF GLINDA", "[PROPOSED] ORDER", "PROOF OF SERVICE"))
        heard = [run.text for run in right if run.text.startswith(("Date:", "Dept.:"))]
        assert len(heard) == (2 if name in PAPERS[:2] else 0)


@pytest.mark.parametrize("lines", range(9, 23))
def test_a_signature_never_stands_on_a_page_without_text_before_it(desk: Any, lines: int) -> None:
    parts = (
        *[plain(f"Line {number}.") for number in range(lines)],
        EMPTY_LINE,
        signed(["Dated: ____"], ["Judge of Oz"]),
    )
    paper = Paper("Order of Oz", "ORDER", "ORDER", (PEOPLE,), parts)
    last = desk.sheets(paper.typeset(Typesetter(desk.made_on), desk.office, "order.pdf").data)[-1]
    texts = [run.text for run in body(last)]
    assert "Judge of Oz" in texts
    assert f"Line {lines - 1}." in texts
    assert texts.index(f"Line {lines - 1}.") < texts.index("Dated: ____")


def office(attorney: dict[str, str]) -> Office:
    text = example_office()
    for old, new in attorney.items():
        assert old in text
        text = text.replace(old, new)
    return parse_office(text)


def test_long_names_and_accents_do_not_break_the_first_page(desk: Any) -> None:
    desk.office = office(
        {
            'name = "Glinda Quadling"': 'name = "Ozma Łukaszewicz-Großmann de la Peña y Jiménez"',
            'agency = "Office of the District Attorney, County of Oz"': f'agency = "{LONG_HOUSE} ATTORNEY"',
            'title = "SUPERIOR COURT OF THE STATE OF OZ, COUNTY OF OZ"': (
                'title = "SUPERIOR COURT OF THE STATE OF OZ, COUNTY OF THE GREATER AND THE LESSER GILLIKIN MOUNTAINS"'
            ),
            'name = "Emerald City Courthouse"': f'name = "{LONG_HOUSE}"',
        }
    )
    name = "ŐRSÉGI-GÜNTHER,ANNA-MARÍA ÉLISABETH DE LA TRÈS LONGUE ET TRÈS NOBLE MAISON"
    _, files = desk.file(desk.bulk, desk.packet([desk.entry(names=[name, "X" * 70], cases=["9" * 60])]))
    sheet = desk.sheets(files["01_notice_and_motion.pdf"])[0]
    lines = {run.y for run in numbers(sheet)}
    title = [run for run in sheet.runs if run.text.startswith(("SUPERIOR", "GILLIKIN"))]
    assert title[0].y == 60 + 24 * 8
    assert {run.y for run in title} <= lines
    assert max(run.end for run in body(sheet)) <= 8 * INCH
    exhibit = desk.sheets(files["03_exhibit_a.pdf"])
    assert max(run.end for page in exhibit for run in page.runs) <= 11 * INCH - 0.5 * INCH
    shown = desk.text(files["03_exhibit_a.pdf"])
    assert LONG_HOUSE in shown
    assert "9" * 60 in shown.replace(" ", "")
    assert name.replace(" ", "") in shown.replace(" ", "")


def test_columns_of_an_exhibit_do_not_run_into_one_another(desk: Any) -> None:
    entry = desk.entry(names=["W" * 70], cases=["W" * 60], identifiers=["W" * 40], statute=None)
    _, files = desk.file(desk.bulk, desk.packet([entry]))
    (sheet,) = desk.sheets(files["03_exhibit_a.pdf"])
    titles = ("Line", "Case number", "Name", "CII number", "Born")
    columns = sorted({run.x for run in sheet.runs if run.text.strip() in titles})
    assert len(columns) == len(titles)
    wide = [run for run in sheet.runs if set(run.text.strip()) == {"W"}]
    assert len(wide) > 10
    for run in wide:
        assert run.end <= min(x for x in columns if x > run.x + 1)


def test_an_attorney_block_without_room_is_refused_and_says_what_to_shorten(desk: Any) -> None:
    lines = ", ".join(f'"{"A very long line of an address " * 3}{place}"' for place in range(6))
    desk.office = office(
        {'address = ["1 Yellow Brick Road, Suite 4", "Emerald City, OZ 00001"]': f"address = [{lines}]"}
    )
    with pytest.raises(
        OutputError, match=r"^document \[01_notice_and_motion.pdf\] has no room .*; shorten \[attorney\]"
    ):
        desk.file(desk.bulk, desk.packet([desk.entry()]))
