"""The proposed order: the list attached by reference, and room for what only the court can find and say."""

from __future__ import annotations

from clearslate_california.filing.contents import Contents
from clearslate_california.filing.motion import lines, totals_table
from clearslate_california.filing.paper import (
    BLANK_DATE,
    EMPTY_LINE,
    PEOPLE,
    Paper,
    Part,
    counted,
    heading,
    item,
    signed,
)
from clearslate_california.filing.paper import text as paragraph


def paper(contents: Contents) -> Paper:
    """The proposed order."""
    wording, granted = contents.wording, contents.granted.size
    titles = contents.titles
    orders = [
        f"The motion is granted. Exhibit A ({lines(1, granted)}) is attached to this order and made part of it by this "
        f"reference. Each of its {counted(granted, 'conviction')} is given the relief stated on its line."
        if granted
        else "No relief is asked for any conviction, and none is ordered."
    ]
    orders += [
        f"Each conviction on whose line stands “{titles[relief]}” ({counted(count, 'conviction')}) "
        f"{wording.ordered[relief]}"
        for relief, count in contents.reliefs.items()
    ]
    orders.append(
        "The clerk shall change the records of the Court accordingly, and within thirty days report the relief of "
        "each conviction to the Department of Justice, with the state identification number and the case number "
        "(Pen. Code, § 13151)."
    )
    if others := contents.objected.size + contents.open.size:
        orders.append(
            f"This order does not decide the {counted(others, 'conviction')} of Exhibit B ({lines(1, others)}). They "
            f"are set for {BLANK_DATE} at {'_' * 8} in Department {'_' * 6}."
        )
    # No exhibit is sealed without findings of the court (rule 2.550(d)), which nobody can print before it makes them.
    orders.append(
        "Exhibits A and B are lodged conditionally under seal. Whether they are sealed, the Court decides upon express "
        "findings (Cal. Rules of Court, rule 2.550(d), (e)). Findings, and what is ordered upon them: "
        f"{' '.join(['_' * 42] * 3)}"
    )
    parts: list[Part] = [
        heading("ORDER"),
        paragraph(
            f"The Court has read the motion of the People under {wording.section}, the declaration and the exhibits. "
            "Relief for the convictions of Exhibit A is not challenged. Good cause appearing, it is ordered:"
        ),
        *(item(f"{place}.", words) for place, words in enumerate(orders, 1)),
        EMPTY_LINE,
        totals_table(contents),
        EMPTY_LINE,
        signed([f"Dated: {BLANK_DATE}"], ["Judge of the Superior Court"]),
    ]
    return Paper(
        title=f"Proposed order ({wording.cite})",
        nature=f"[PROPOSED] ORDER ({wording.cite})",
        footer=f"[PROPOSED] ORDER ({wording.cite})",
        parties=(PEOPLE, wording.matter),
        parts=tuple(parts),
    )
