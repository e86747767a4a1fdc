"""The notice of motion, the motion, and the memorandum of law."""

from __future__ import annotations

from clearslate_california.filing.account import account_of
from clearslate_california.filing.contents import Contents
from clearslate_california.filing.dates import long_date
from clearslate_california.filing.paper import (
    EMPTY_LINE,
    PEOPLE,
    Paper,
    Part,
    counted,
    heading,
    item,
    number,
    signature,
    signed,
    table,
)
from clearslate_california.filing.paper import text as paragraph


def totals_table(contents: Contents) -> Part:
    """What is asked, by relief."""
    return table(
        ("Relief", "Convictions"),
        [(contents.titles[relief], number(count)) for relief, count in contents.reliefs.items()],
        ("Total", number(contents.granted.size)),
    )


def lines(first: int, size: int) -> str:
    """``lines 1 to 3,000``, ``line 7``."""
    return f"line {number(first)}" if size == 1 else f"lines {number(first)} to {number(first + size - 1)}"


def paper(contents: Contents) -> Paper:
    """The notice of motion and motion."""
    wording, packet = contents.wording, contents.packet
    office = packet.office
    size, people = contents.granted.size, contents.granted.people
    parts: list[Part] = [
        heading("NOTICE OF MOTION"),
        paragraph(f"To the Court, and to the {office.public_defender.name}:"),
        paragraph(
            f"Please take notice that on the date and at the time stated above, or as soon after as the matter can be "
            f"heard, in this Court, {office.attorney.attorney_for} will move, and now move, for an order under "
            f"{wording.section} that gives each conviction listed in Exhibit A the relief stated on its line."
        ),
        paragraph(
            f"The motion rests on this notice, the memorandum below, the declaration of {office.attorney.name}, "
            "Exhibits A, B and C, and what the Court may hear. A proposed order is lodged with it."
        ),
        EMPTY_LINE,
        heading("MOTION"),
        paragraph(
            f"The People have reviewed the convictions of {wording.matter_short} in the records named in the "
            "declaration. "
            + (
                f"They do not challenge relief for {counted(size, 'conviction')} of "
                f"{counted(people, 'person', 'people')}, and ask the Court to order it:"
                if size
                else "They ask for relief for none of them, and tell the Court of those in Exhibit B."
            )
        ),
        totals_table(contents),
        EMPTY_LINE,
        heading("MEMORANDUM"),
        *(paragraph(words) for words in (*wording.memorandum, *wording.reach(packet, contents.granted))),
        heading("How the convictions were decided", 2),
        paragraph(
            f"Every conviction was decided under one written policy, {packet.policy.title}, as of "
            f"{long_date(packet.as_of)}. The declaration says how, and Exhibit C prints the policy in words. "
            + _facts(contents)
        ),
        heading("Convictions for which the motion asks nothing", 2),
        *_others(contents),
        heading("The exhibits", 2),
        paragraph(
            "Exhibits A and B hold the names, state identification numbers and birth dates of the people whose "
            "convictions they list. The People lodge them conditionally under seal, until the Court has decided "
            "whether they are to be sealed (Cal. Rules of Court, rules 2.550, 2.551), and file a copy of each "
            "without those three. The line numbers of both copies agree."
        ),
        heading("What the order would not do", 2),
        *(paragraph(words) for words in wording.limits),
        EMPTY_LINE,
        signed([f"Dated: {long_date(packet.made_on)}"], signature(office)),
    ]
    return Paper(
        title=f"Notice of motion and motion ({wording.cite})",
        nature=f"NOTICE OF MOTION AND MOTION TO {wording.aim.upper()} ({wording.cite})",
        footer=f"NOTICE OF MOTION AND MOTION ({wording.cite})",
        parties=(PEOPLE, wording.matter),
        parts=tuple(parts),
        hearing=True,
    )


def _facts(contents: Contents) -> str:
    """What was taken for a fact."""
    answers = account_of(contents.packet).answers
    if answers is None:
        return "A fact that the record does not state was not taken for stated."
    return (
        f"Of facts that the record does not state, {counted(answers.used, 'answer')} of a table given to the office "
        f"{'was' if answers.used == 1 else 'were'} used; the declaration names it. A fact that neither the record nor "
        "an answer states was not taken for stated."
    )


def _others(contents: Contents) -> list[Part]:
    """What stands in Exhibit B, and what is in no exhibit."""
    objected, left_open = contents.objected.size, contents.open.size
    parts: list[Part] = []
    if objected:
        parts.append(
            item(
                "(a)",
                f"Exhibit B, part 1 ({lines(1, objected)}): {counted(objected, 'conviction')} for which the People "
                "object to relief, each with the ground. The Public Defender is told of them by this motion.",
            )
        )
    if left_open:
        parts.append(
            item(
                "(b)" if objected else "(a)",
                f"Exhibit B, part 2 ({lines(objected + 1, left_open)}): {counted(left_open, 'conviction')} on which "
                "the record leaves a question. The People ask the Court to set them for a hearing.",
            )
        )
    refused, referred = contents.totals["refused"], contents.totals["referred"]
    parts.append(
        paragraph(
            f"The policy gives no relief for {counted(refused, 'conviction')}, and another office decides "
            f"{counted(referred, 'conviction')}. They are in no exhibit, and nothing is asked about them."
        )
    )
    if outside := len(contents.outside):
        parts.append(
            paragraph(
                f"The run also decided {counted(outside, 'conviction')} not of the County of "
                f"{contents.packet.office.court.county}, or of no county that the record states. "
                f"{'It is' if outside == 1 else 'They are'} not before this Court by this motion: in no exhibit, and "
                "in none of its totals."
            )
        )
    return parts
