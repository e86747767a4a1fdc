"""The declaration on the method: what was read, by what it was decided, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from clearslate_california.filing.account import Account, account_of
from clearslate_california.filing.contents import Contents
from clearslate_california.filing.dates import long_date
from clearslate_california.filing.paper import (
    BLANK_DATE,
    BLANK_LONG,
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
from clearslate_california.filing.schedule import is_reopened

_STANDINGS = {
    "granted": "Relief asked (Exhibit A)",
    "objected": "Objected to (Exhibit B, part 1)",
    "open": "For a hearing (Exhibit B, part 2)",
    "refused": "No relief under the policy",
    "referred": "Another office decides",
}
_WORDS = {"settle": "settled", "overrule": "decided otherwise", "object": "objected to"}


def paper(contents: Contents) -> Paper:
    """The declaration."""
    wording, packet = contents.wording, contents.packet
    attorney = packet.office.attorney
    statements = [item(f"{place}.", words) for place, words in enumerate(_statements(contents), 1)]
    last = len(statements)
    parts: list[Part] = [
        paragraph(f"I, {attorney.name}, declare:"),
        *statements,
        item(
            f"{last + 1}.",
            _decided(contents),
        ),
        table(
            ("What became of it", "Convictions"),
            [(words, number(contents.totals[standing])) for standing, words in _STANDINGS.items()],
            ("Total", number(sum(contents.totals.values()))),
        ),
        item(
            f"{last + 2}.",
            f"Exhibit A lists the {counted(contents.granted.size, 'conviction')} for which relief is asked, of "
            f"{counted(contents.granted.people, 'person', 'people')}, by relief:",
        ),
        table(
            ("Relief", "Convictions"),
            [(contents.titles[relief], number(count)) for relief, count in contents.reliefs.items()],
            ("Total", number(contents.granted.size)),
        ),
        item(
            f"{last + 3}.",
            "Exhibits A and B were written by the program from the same run, and list every conviction of the County "
            f"of {packet.office.court.county} that the run decided so. Exhibit C is the policy in words, with the "
            "record of the run.",
        ),
        EMPTY_LINE,
        signed(
            [
                "I declare under penalty of perjury under the laws of the State of California",
                "that the foregoing is true and correct.",
                f"Executed on {BLANK_DATE}, at {BLANK_LONG}.",
            ],
            signature(packet.office)[:2],
        ),
    ]
    return Paper(
        title=f"Declaration in support of motion ({wording.cite})",
        nature=f"DECLARATION OF {attorney.name.upper()} IN SUPPORT OF MOTION ({wording.cite})",
        footer=f"DECLARATION IN SUPPORT OF MOTION ({wording.cite})",
        parties=(PEOPLE, wording.matter),
        parts=(heading("DECLARATION"), *parts),
        hearing=True,
    )


def _statements(contents: Contents) -> Iterator[str]:
    packet, manifest = contents.packet, contents.packet.manifest
    account = account_of(packet)
    attorney = packet.office.attorney
    yield f"I am {_a(attorney.title)}, {attorney.agency}. I know what I state here from the records named below."
    files = manifest.get("inputs", [])
    rows = sum(int(file["rows"]) for file in files)
    yield (
        f"The office read the records of convictions that it was given: {counted(len(files), 'file')} with "
        f"{counted(rows, 'row')}. Exhibit C names each file with its SHA-256 digest, by which anybody who has the file "
        "can see that it is the same."
    )
    yield _left_out(account)
    version = manifest.get("versions", {}).get("clearslate", "not stated")
    yield (
        f"The convictions were decided by the program clearslate, version {version}, under the policy named "
        f"{packet.policy.id}: {packet.policy.title}. The policy is a table of rules that are tried in order, each with "
        "its citation. The program applies the table; it does not weigh, rank or predict."
    )
    yield (
        f"The day as of which was decided is {long_date(packet.as_of)}. The record of the run has the SHA-256 digest "
        f"{packet.digest}. The same {account.rests_on} give the same result again."
    )
    yield from _facts(account)
    said: Counter[str] = Counter(entry.word.kind for entry in packet.entries if entry.word is not None)
    if said:
        each = ", ".join(f"{number(said[kind])} {words}" for kind, words in _WORDS.items() if said[kind])
        yield (
            f"An attorney looked at {counted(said.total(), 'conviction')} and gave a decision with a ground: "
            f"{each}. The totals below are those after it."
        )
    else:
        yield (
            "No decision of the policy was changed by hand."
            if account.answers is None
            else "No attorney gave a decision in the place of the policy's. The answers named above were put in by "
            "hand, and the policy decided with them."
        )
    if again := sum(map(is_reopened, packet.entries)):
        yield (
            f"For {counted(again, 'conviction')} an attorney's earlier decision was not used, because the facts that "
            f"it rested on have changed. {'It is' if again == 1 else 'They are'} among those for a hearing."
        )
    yield from contents.wording.remarks(packet, contents.granted)


def _decided(contents: Contents) -> str:
    """How many convictions were decided, and how many of them this court's county has."""
    own, outside, county = len(contents.packet.entries), len(contents.outside), contents.packet.office.court.county
    if not outside:
        return f"{counted(own, 'conviction was', 'convictions were')} decided. What became of them:"
    return (
        f"{counted(own + outside, 'conviction was', 'convictions were')} decided. {number(outside)} of them "
        f"{'is' if outside == 1 else 'are'} not of the County of {county}, or of no county that the record states; "
        "nothing is asked about them, and they are in no exhibit. What became of the "
        f"{counted(own, 'conviction')} of the County of {county}:"
    )


def _left_out(account: Account) -> str:
    """What of the files was not decided."""
    asked = (
        "The run was asked for convictions of every county."
        if account.county is None
        else f"The run was asked for convictions of the county that the record calls {account.county}; "
        f"{counted(account.other_county, 'conviction')} of other counties, or of none that the record states, "
        f"{'was' if account.other_county == 1 else 'were'} not decided."
    )
    return (
        f"{asked} Also not decided were {counted(account.other_statute, 'conviction')} of sections that the law is not "
        f"about, and {counted(account.undisposed, 'count')} for which the files have no disposition. "
        f"{counted(account.rejected, 'row')} could not be read and {'was' if account.rejected == 1 else 'were'} left "
        f"out; {counted(account.repeated, 'row')} repeated another."
    )


def _facts(account: Account) -> Iterator[str]:
    """What was taken for a fact."""
    answers = account.answers
    if answers is not None:
        yield (
            f"Beside the files the program was given a table of answers, {answers.name} (SHA-256 {answers.sha256}): "
            f"what persons say of facts that the record does not state. It has {counted(answers.given, 'answer')}; "
            f"{number(answers.used)} {'was' if answers.used == 1 else 'were'} used in deciding. Such a fact was taken "
            "as the answer has it. Where an answer and the record say different things the fact was taken for unknown."
        )
    not_stated = "the record does not state" if answers is None else "neither the record nor an answer states"
    yield (
        f"A fact that {not_stated} is not known to the program, and is not taken for stated. Where it "
        "could change what is given, the conviction is in Exhibit B; where some relief is certain however the fact "
        "may be, the least of it is asked."
    )


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
