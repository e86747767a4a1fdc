"""The papers of one person's motion, in the order of the statewide form and in words of our own."""

from __future__ import annotations

from collections.abc import Sequence

from clearslate.filing.meanings import in_words
from clearslate_il_cannabis.factors import EXPUNGEMENT, OBJECTION
from clearslate_il_cannabis.request import MOST, Request, Row
from clearslate_illinois.filing.paper import (
    BLANK_DATE,
    Bundle,
    Paper,
    Part,
    box,
    fields,
    heading,
    item,
    listed,
    marked,
    number,
    signed,
    text,
)

MOTION = "MOTION TO VACATE AND EXPUNGE CANNABIS CONVICTIONS"
NOTICE = "NOTICE OF COURT DATE"
ORDER = "ORDER ON MOTION TO VACATE AND EXPUNGE"
MORE = "ADDITIONAL CASES"
PACKET = "Motion to vacate and expunge cannabis convictions, with notice and order"
_NOT_SETTLED = "The record does not settle it."
TO_FILL = "To be filled in by the person:"
_HARM = ("Housing", "Education", "Work", "Other harm")
_ROWS = ("No.", "Case number", "Arresting agency", "Type", "Arrested")


def _paper(request: Request, nature: str, parts: Sequence[Part]) -> Paper:
    return Paper(
        title=nature.title(),
        court=("State of Illinois", "Circuit Court", f"{request.county} County"),
        parties=("PEOPLE OF THE STATE OF ILLINOIS", "v.", request.name),
        nature=nature,
        parts=tuple(parts),
    )


def _rows(request: Request, place: int) -> Part:
    first = (place - 1) * MOST + 1
    return listed(_ROWS, [_cells(n, row) for n, row in enumerate(request.sheets[place - 1], first)], (1, 2))


def _cells(n: int, row: Row) -> tuple[str, ...]:
    times = f" ({row.convictions} convictions)" if row.convictions > 1 else ""
    case, agency, kind, arrested = (cell or "_" * 10 for cell in row.cells)
    return number(n), f"{case}{times}", agency, kind, arrested


def _stated(is_so: bool, mark: str, words: str) -> Part:
    """A box that is set where the record settles it, and otherwise left to the person, marked."""
    if is_so:
        return box(True, f"{mark} {words}")
    return marked(TO_FILL, f"[  ] {mark} {words} ({_NOT_SETTLED})")


def _completed(request: Request) -> Part:
    """Item 3, which is the person's to state: a record has the length of a sentence, not whether it was kept."""
    said = "By the dates in the record every sentence has run out." if request.completed else _NOT_SETTLED
    return marked(TO_FILL, f"[  ] 3. In each case I have completed my sentence and its conditions. ({said})")


def packet(request: Request) -> Bundle:
    """All papers of a request, in the order in which they are filed."""
    sheets = range(1, len(request.sheets) + 1)
    more = [additional(request, place) for place in sheets[1:]]
    orders = [order(request, place) for place in sheets]
    return Bundle(PACKET, (motion(request), *more, notice(request), *orders))


def motion(request: Request) -> Paper:
    """The motion, items 1 to 6."""
    more = len(request.sheets) - 1
    parts: list[Part] = [
        marked(TO_FILL, "what stands behind a bar like this one."),
        fields(request.identity),
        fields([("Case numbers in this county", "; ".join(_cases(request)) or "")]),
        heading("I state:"),
        item("1.", "Every case listed in item 4 is a conviction under 720 ILCS 550/4 or 550/5 of"),
        box("Misdemeanor" in request.kinds, "a. a misdemeanor;"),
        box("Class 4 Felony" in request.kinds, "b. a Class 4 felony."),
    ]
    if None in request.kinds:
        parts.append(marked(TO_FILL, "the record leaves the type of a case open; mark it here and in item 4."))
    parts += [
        _stated(request.convicted_before, "2.", "I was convicted in each case before June 25, 2019."),
        _completed(request),
        item(
            "4.",
            "I ask the Court to vacate the convictions in these cases and to have the records expunged "
            "(20 ILCS 2630/5.2(i)(3)):",
        ),
        _rows(request, 1),
    ]
    if more:
        rest = len(request.rows) - MOST
        parts.append(
            box(True, f"{number(rest)} more cases stand on the additional {'sheet' if more == 1 else 'sheets'}.")
        )
    parts += [
        item("5.", "I ask the Court to weigh:"),
        fields(request.ages),
        item("6.", "What these convictions do to me, and would do if the Court refused:"),
        *(marked(f"{what}:", TO_FILL[:1].lower() + TO_FILL[1:-1] + ".", lines=2) for what in _HARM),
        text("What I state here is true and correct, to the best of my knowledge, information and belief."),
        signed([f"Date: {BLANK_DATE}"], ["Signature of the person, or of an attorney"]),
        fields(
            [
                ("Name", request.name),
                ("Address", ""),
                ("City, state, ZIP", ""),
                ("Telephone", ""),
                ("E-mail", ""),
                ("Attorney number, if any", ""),
            ]
        ),
    ]
    return _paper(request, MOTION, parts)


def _cases(request: Request) -> list[str]:
    return list(dict.fromkeys(row.case for row in request.rows if row.case))


def notice(request: Request) -> Paper:
    """The notice of the court date, which the clerk sends on."""
    prosecutor = request.states_attorney
    return _paper(
        request,
        NOTICE,
        [
            item("1.", "The motion to vacate and expunge will be heard:"),
            fields([("a. Date and time", ""), ("b. Address", ""), ("Courtroom", "")]),
            item("2.", "It goes to the State's Attorney:"),
            fields([("Office and address", ", ".join(prosecutor))]),
            item("3.", f"The cases are of {request.county} County:"),
            fields([("Case numbers", "; ".join(_cases(request)))]),
            item("4.", "The fee of the clerk:"),
            marked(TO_FILL, "[  ] I pay it. [  ] I ask the Court to waive it, by an application filed with this."),
            item("5.", "The clerk sends this notice and the motion to the State's Attorney."),
            text(f"The State's Attorney may object, with evidence. Last day: {OBJECTION.said(None)}."),
            heading("Certificate of the clerk"),
            text("I sent the notice and the motion to the State's Attorney named above."),
            signed([f"Date: {BLANK_DATE}"], ["Clerk of the Circuit Court"]),
        ],
    )


def additional(request: Request, place: int) -> Paper:
    """The cases of an additional sheet, from the second on, of the motion and the notice."""
    return _paper(
        request,
        MORE,
        [
            text(
                f"Sheet {place - 1} of {len(request.sheets) - 1}, to the motion and the notice of court date. Item 4 "
                "goes on; what the motion states is stated of these cases too."
            ),
            _rows(request, place),
        ],
    )


def order(request: Request, place: int) -> Paper:
    """The order on the cases of one sheet; the judge marks the boxes."""
    which = f"Order {place} of {len(request.sheets)}, on these cases:" if len(request.sheets) > 1 else "On these cases:"
    return _paper(
        request,
        f"[PROPOSED] {ORDER}",
        [
            text(which, with_next=True),
            _rows(request, place),
            heading("The motion is"),
            box(False, "GRANTED for all cases listed."),
            box(False, f"GRANTED for the cases numbered {'_' * 24}, and for no other."),
            text("Where it is granted:"),
            item(
                "a.",
                "The finding of guilt, the sentence and the judgment are vacated; further proceedings are dismissed.",
            ),
            item(
                "b.",
                f"Within {EXPUNGEMENT.days} days the arresting agencies expunge their records of them.",
            ),
            item("c.", f"Within {EXPUNGEMENT.days} days the clerk impounds the court's files."),
            item("d.", f"Within {EXPUNGEMENT.days} days the {request.office.repository.name} expunges its records."),
            item(
                "e.", "The State Police and the arresting agencies ask those whom they had told to return the records."
            ),
            item("f.", "20 ILCS 2630/5.2(d)(8) and (d)(9)(A) say how notice is given and how it is carried out."),
            box(False, "DENIED for all cases listed."),
            box(False, f"DENIED for the cases numbered {'_' * 24}."),
            text("Where it is denied, because:"),
            box(False, "the convictions are not eligible;"),
            box(False, "the interest of law enforcement outweighs that of the person;"),
            box(False, f"another reason: {'_' * 40}"),
            signed([f"Entered: {BLANK_DATE}"], ["Judge"]),
            text(f"Prepared {in_words(request.made_on)} for {request.name}."),
        ],
    )
