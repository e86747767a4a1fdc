"""The text of the State's Attorney's motion."""

from __future__ import annotations

from collections.abc import Iterator

from clearslate.filing.filing import Packet
from clearslate.filing.meanings import in_words
from clearslate.model import Answer
from clearslate_il_cannabis.contents import ROUTE, Contents
from clearslate_il_cannabis.oddities import answers_of
from clearslate_il_cannabis.particulars import FLAG_WORDS, OF_ATTORNEY, OF_PARDON, class_words, co_charges, flags
from clearslate_il_cannabis.schedule import by, factor_totals
from clearslate_illinois.filing.paper import (
    Paper,
    Part,
    counted,
    court_lines,
    heading,
    item,
    marked,
    number,
    preparer,
    signed,
    table,
    text,
)
from clearslate_illinois.filing.routes import is_by_hand, on_route

NATURE = "STATE'S ATTORNEY'S MOTION TO VACATE AND EXPUNGE"
TO_STATE = "For the State's Attorney to state:"

_LAW = (
    "Section 5.2(i)(4) of the Criminal Identification Act (20 ILCS 2630/5.2(i)(4)) lets a State's Attorney move to "
    "vacate and expunge convictions of misdemeanor and Class 4 felony violations of Section 4 or Section 5 of the "
    "Cannabis Control Act (720 ILCS 550/4, 550/5). One motion may be about many people.",
    "Section 5.2(i)(5) lets the State's Attorney bring it in the public interest, in the court that has jurisdiction "
    "over the conviction.",
    "The relief is within the Court's discretion. The Court weighs five things: what reasons law enforcement has to "
    "keep the records; the person's age now; the age at the offense; the time since the conviction; and what a refusal "
    "would do to the person.",
)


def parties(contents: Contents) -> tuple[str, ...]:
    """Whom the papers are about: many people, who are named in the schedule alone."""
    people, convictions = contents.people, len(contents.lines)
    return (
        "IN RE:",
        f"the {counted(convictions, 'conviction')} under 720 ILCS 550/4 and 550/5 of "
        f"{counted(people, 'person', 'people')} named in the Schedule",
    )


def lines(count: int) -> str:
    """``lines 1 to 3,000``, ``line 1``."""
    return "line 1" if count == 1 else f"lines 1 to {number(count)}"


def motion(contents: Contents) -> Paper:
    """The motion."""
    packet, size = contents.packet, len(contents.lines)
    office = packet.office
    parts: list[Part] = [
        text(
            f"{office.attorney.attorney_for}, by the {office.attorney.agency}, move under 20 ILCS 2630/5.2(i)(4) and "
            f"(i)(5) that the Court vacate and expunge the {counted(size, 'conviction')} of "
            f"{counted(contents.people, 'person', 'people')} listed in the Schedule ({lines(size)}), which is attached "
            "and made part of this motion."
        ),
        heading("Authority"),
        *(item(f"{place}.", words) for place, words in enumerate(_LAW, 1)),
        heading("The convictions"),
        text(
            "Each line of the Schedule is one conviction of a misdemeanor or a Class 4 felony under Section 4 or 5. It "
            "says whose it is, the case and the arrest, the charge as filed and as it ended, the amount and its "
            "basis, the sentence, the factors that a record can say, the rule by which it is eligible, and what else "
            "was found in the case and the arrest."
        ),
        table(
            ("Class of the conviction", "Convictions"),
            [(name, number(count)) for name, count in by(contents.entries, class_words).items()],
            ("Total", number(size)),
        ),
        *_method(contents),
        *_noted(contents),
        heading("The factors"),
        item("(1)", "What reasons law enforcement has to keep the records. The record does not say."),
        marked(TO_STATE, "whether there are any, and which.", lines=3),
        text("Of the next three each line of the Schedule says what the record gives. In sum:", with_next=True),
        *_computed(contents),
        item("(5)", "What a refusal would do. The record does not say."),
        marked(TO_STATE, "the harm that these convictions do to the people named.", lines=3),
        heading("What is asked"),
        *(item(f"({mark})", words) for mark, words in zip("abcdefg", _asked(contents), strict=False)),
        signed([f"Dated: {in_words(packet.made_on)}", "Respectfully submitted,"], preparer(office)),
    ]
    return Paper(
        title="State's Attorney's motion to vacate and expunge",
        court=court_lines(office),
        parties=parties(contents),
        nature=NATURE,
        parts=tuple(parts),
    )


def _method(contents: Contents) -> Iterator[Part]:
    """By what the convictions were chosen."""
    packet = contents.packet
    version = packet.manifest.get("versions", {}).get("clearslate", "not stated")
    found = [on_route(entry, ROUTE) for entry in contents.entries]
    yield text(
        f"The charges in the records that the office read were decided by the program clearslate, version {version}, "
        f"under one written policy ({packet.policy.title}), as of {in_words(packet.as_of)}. The record of that run has "
        f"the SHA-256 digest {packet.digest}. {_silent(packet)} {_not_decided(packet)}"
    )
    yield text("The rules by which the convictions are eligible:", with_next=True)
    reasons = {one.rule: one.reason for one in reversed(found) if not is_by_hand(one)}
    for rule in sorted(reasons):
        count = sum(one.rule == rule for one in found)
        yield item("–", f"{rule} ({counted(count, 'conviction')}): {reasons[rule]}")
    by_hand = sum(map(is_by_hand, found))
    if by_hand:
        yield item("–", f"an attorney's own decision ({counted(by_hand, 'conviction')}), with its ground on file.")


def _silent(packet: Packet) -> str:
    """What was done where the records say nothing: nothing, or what people answered."""
    answers = answers_of(packet)
    if answers is None:
        return "A fact that a record does not state was not taken for stated."
    return (
        f"Where the records are silent, the office took what people answered: {counted(answers.given, 'answer')} "
        f"given, {number(answers.used)} of them used, in a table whose SHA-256 digest is {answers.sha256}. A fact that "
        "neither a record nor an answer states was not taken for stated."
    )


def _not_decided(packet: Packet) -> str:
    """What of the records nothing was decided of; blank where the run does not count it."""
    ledger = packet.manifest.get("ledger", {})
    rows, open_ = ledger.get("rows_rejected"), ledger.get("counts_without_disposition")
    if rows is None or open_ is None:
        return ""
    return (
        f"Not decided: {counted(rows, 'row')} that could not be used, and {counted(open_, 'charge')} that the Act may "
        "concern and whose disposition the record does not say."
    )


def _noted(contents: Contents) -> Iterator[Part]:
    """What the Court should know of some of them."""
    counts: dict[str, int] = {}
    unclear = 0
    for entry in contents.entries:
        for flag in set(flags(entry)) - OF_PARDON - OF_ATTORNEY:
            counts[flag] = counts.get(flag, 0) + 1
        unclear += any(one.answer is not Answer.NO for one in co_charges(entry, contents.packet.as_of))
    rows = [(FLAG_WORDS.get(flag, flag), number(count)) for flag, count in sorted(counts.items())]
    if unclear:
        rows.append(("something else in the case or arrest, or not known whether", number(unclear)))
    if not rows:
        return
    yield text("Their lines note, and the Court may weigh:", with_next=True)
    yield table(("What is noted", "Convictions"), rows)
    if counts.get("SENTENCE_NOT_COMPLETE"):
        yield text(
            "Subsection (i)(4) names no condition that a sentence be complete; where one is not, its line says so."
        )


def _computed(contents: Contents) -> Iterator[Part]:
    size = len(contents.lines)
    found = factor_totals(contents.entries, contents.packet.made_on)
    for mark, (what, counts) in zip(("(2)", "(3)", "(4)"), found.items(), strict=True):
        yield table(
            (f"{mark} {what}", "Convictions"),
            [(name, number(count)) for name, count in counts.items()],
            ("Total", number(size)),
        )


def _asked(contents: Contents) -> Iterator[str]:
    office = contents.packet.office
    yield (
        "Vacate the finding of guilt, the sentence and the judgment of each conviction of the Schedule "
        f"({lines(len(contents.lines))}), and dismiss further proceedings."
    )
    yield (
        f"Order each arresting agency ({counted(len(contents.agencies), 'order is', 'orders are')} lodged) to expunge "
        "its records of the arrests, the charges and the convictions."
    )
    yield f"Order the {office.repository.name} to expunge its records of them."
    yield "Order the clerk to impound the court files, to send the orders, and to tell each person."
    yield "Direct that this be done within 60 days of the order, as 20 ILCS 2630/5.2(d)(8) and (d)(9)(A) provide."
