"""What an attorney is told of the entries of a packet: what the record lacks, and what is strange in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate_il_cannabis.particulars import flags
from clearslate_illinois.filing.paper import counted, number
from clearslate_illinois.filing.record import cases, has_name, is_of_another_county


class Answers(NamedTuple):
    """What people answered where the records of a run are silent: how often, how much of it was used, the digest."""

    given: int
    used: int
    sha256: str


def answers_of(packet: Packet) -> Answers | None:
    """The answers that a run was given; None where there were none."""
    about, figures = packet.manifest.get("facts"), packet.manifest.get("ledger", {}).get("facts")
    return None if about is None or figures is None else Answers(figures["given"], figures["used"], about["sha256"])


def _tally(entries: Sequence[Entry], holds: Callable[[Entry], bool]) -> int:
    return sum(map(holds, entries))


def warnings(packet: Packet, entries: Sequence[Entry], noun: str = "conviction") -> list[str]:
    """What was noticed in the convictions of a packet and is safe to go on with."""
    people = {entry.decided.person.person_id for entry in entries if not has_name(entry)}
    nameless = _tally(entries, lambda entry: not has_name(entry))
    said = (
        (
            nameless,
            f"without a name in the record, of {counted(len(people), 'person', 'people')}; find them before filing",
        ),
        (_tally(entries, lambda entry: not cases(entry)), "without the court's case number in the record"),
        (
            _tally(entries, lambda entry: any(case.read is None for case in cases(entry))),
            "with a case number in no form that is known; it is printed as it stands",
        ),
        (_tally(entries, is_of_another_county), "with a case number of a form that only another county uses"),
        (_tally(entries, lambda entry: entry.decided.person.deceased), "of people who have died, by the record"),
        (
            _tally(entries, lambda entry: "SENTENCE_NOT_COMPLETE" in flags(entry)),
            "whose sentence is not complete",
        ),
        (
            _tally(entries, lambda entry: "PRB_VIOLENCE_READING_DIFFERS" in flags(entry)),
            "with a charge of a violent crime beside them that led to no conviction",
        ),
    )
    found = [f"{counted(count, noun)} {words}." for count, words in said if count]
    answers = answers_of(packet)
    if answers is not None:
        found.append(
            f"The run was given {counted(answers.given, 'answer')} where the records are silent, and used "
            f"{number(answers.used)}; its facts.csv says which, and who says so."
        )
    return found
