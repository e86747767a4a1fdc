"""What Proposition 64 files: the bulk packet of HS 11361.9, single motions, and the data of forms.

The wording is ours and follows the law as the policies cite it. What an attorney must check before filing stands in
``CHECKS`` and is written beside the papers.
"""

from __future__ import annotations

from types import MappingProxyType

from clearslate.filing.checklist import Check
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.formmap import Sheet
from clearslate.filing.meanings import Setting
from clearslate_california.filing.account import account_of
from clearslate_california.filing.bulk import Bulk
from clearslate_california.filing.case import Case
from clearslate_california.filing.contents import Wording
from clearslate_california.filing.dates import long_date
from clearslate_california.filing.form_data import (
    FormData,
    FormDataFiling,
    is_completed,
    is_juvenile,
    is_served,
    leaves_misdemeanor,
    of_section,
    with_relief,
)
from clearslate_california.filing.paper import counted, heading, item, plain, signature, signed
from clearslate_california.filing.schedule import (
    SUPERVISION,
    Line,
    Schedule,
    convicted,
    is_over,
    is_spoken,
    relief_of,
    section,
)
from clearslate_california.filing.single import Page, Single, listed

_NUMBERS = ("11357", "11358", "11359", "11360")
_CITE = "Health & Saf. Code, § 11361.9"
_STATUTE_POLICY = "statute"

_ORDERED = {
    "dismiss_and_seal": (
        "is dismissed as legally invalid, and its record is sealed: nobody is given access to it without an order of "
        "this Court, and the conviction, the arrest and the proceeding are deemed never to have occurred "
        "(Health & Saf. Code, §§ 11361.8, 11361.9)."
    ),
    "redesignate_misdemeanor": (
        "is redesignated as a misdemeanor, and is one for all purposes (Health & Saf. Code, § 11361.8, subds. (f), "
        "(h))."
    ),
    "redesignate_infraction": (
        "is redesignated as an infraction, and is one for all purposes (Health & Saf. Code, § 11361.8, subds. (f), "
        "(h))."
    ),
}

_MEMORANDUM = (
    "Proposition 64, the Adult Use of Marijuana Act, is in force since November 9, 2016. It made some conduct of "
    "Health and Safety Code sections 11357 to 11360 lawful and some of it a lesser offense.",
    "Who has completed a sentence for a conviction under the law before may have it dismissed and sealed because it is "
    "now legally invalid, or redesignated as a misdemeanor or an infraction (Health & Saf. Code, § 11361.8, "
    "subd. (e)). The court presumes that the person meets the criteria unless the party opposing proves by clear and "
    "convincing evidence that they are not met, and then shall grant the relief (id., subd. (f)). No question of "
    "danger is asked where the sentence is completed. No hearing is needed unless the applicant asks for one (id., "
    "subd. (g)).",
    "Section 11361.9 gives that relief without a petition. The Department of Justice searches its records and tells "
    "the prosecution of the convictions that may qualify; the prosecution reviews them and decides which to challenge, "
    "and tells the court and the public defender; the court reduces, or dismisses and seals, those that are not "
    "challenged, and reports to the Department (Stats. 2018, ch. 993; Stats. 2022, ch. 387).",
    "By this motion the People tell the Court which convictions they have reviewed and do not challenge, and which "
    "they do.",
)

_LIMITS = (
    "A redesignated conviction stays visible on the record. The order takes no other remedy from anybody: a person "
    "may still show, by an application of his or her own under section 11361.8, that more relief is due. The motion "
    "asks for no finding about firearms or about immigration.",
)

_CHECK_LAW = (
    Check(
        "Memorandum",
        "The subdivision letters of Health and Safety Code section 11361.8, from (d) on, and the text of section "
        "11361.9 as amended in 2022, against the code of the day.",
    ),
    Check(
        "Memorandum",
        "The days that section 11361.9 set for review and order are past (July 1, 2020 and March 1, 2023). Whether "
        "this court wants a word on why the motion comes now.",
    ),
    Check(
        "Order",
        "Whether the order may say that the arrest and the proceeding are deemed never to have occurred (2022).",
    ),
    Check(
        "Exhibit A",
        "Sentences that may still be served: the memorandum is about completed ones, and of others a court asks about "
        "danger first (11361.8(b)). Some policies do not ask; the declaration then says how many there are.",
    ),
    Check(
        "Exhibit A",
        "Convictions of sections other than 11357 to 11360, and relief beyond the statute by a policy of the office: "
        "on which footing this court grants them.",
    ),
)


def _is_of_the_act(number: str | None, code: str | None) -> bool:
    return code == "HS" and number in _NUMBERS


def _others(granted: Schedule) -> int:
    """How many granted convictions are of another section than the Act names."""
    sections = [line.entry.decided.count.statute for line in granted.lines]
    return sum(one is None or not _is_of_the_act(one.section.number, one.section.code) for one in sections)


def _flags(line: Line) -> tuple[str, ...]:
    return line.entry.decided.determination.flags


def _remarks(packet: Packet, granted: Schedule) -> list[str]:
    """What the declaration adds: amounts that no record states, and records that should be gone."""
    remarks = []
    most = (packet.reform.reliefs[-1].id,)
    if unknown := sum("AMOUNT_UNKNOWN" in _flags(line) for line in granted.lines if line.entry.reliefs != most):
        remarks.append(
            f"For {counted(unknown, 'conviction')} of Exhibit A the record does not state an amount that could raise "
            "the relief. The lesser relief, which is certain without it, is asked."
        )
    # An answer may stand for what the record does not show of a sentence, and the declaration must not hide that.
    answered = account_of(packet).answers is not None
    asked = packet.policy.id == _STATUTE_POLICY and not answered
    running = [
        line for line in granted.lines if (is_spoken(line.entry) or not asked) and not is_over(line.entry, packet.as_of)
    ]
    if running:
        remarks.append(
            f"For {counted(len(running), 'conviction')} of Exhibit A the record does not show that the sentence is "
            f"completed, {SUPERVISION} years of supervision after its stated end included. The policy, or an attorney"
            f"{', or an answer' if answered else ''}, gives relief all the same."
        )
    if due := sum("SHOULD_BE_DESTROYED" in _flags(line) for line in granted.lines):
        remarks.append(
            f"{counted(due, 'line')} of Exhibit A {'is' if due == 1 else 'are'} of a kind whose records are "
            "destroyed two years after the conviction (Health & Saf. Code, § 11361.5). They stood in the files all the "
            "same."
        )
    return remarks


def _reach(packet: Packet, granted: Schedule) -> list[str]:
    """What the memorandum adds where a policy of the office gives more than the statute."""
    reach = []
    if packet.policy.id != _STATUTE_POLICY:
        reach.append(
            "The policy applied here is one of the office. Where it gives more than the statute gives without more, "
            "the People do not challenge that relief, and ask the Court to give it as unchallenged."
        )
    if others := _others(granted):
        reach.append(
            f"{counted(others, 'conviction')} of Exhibit A {'is' if others == 1 else 'are'} of a section other than "
            "11357 to 11360, and granted as the policy in Exhibit C says. The People ask for that relief too."
        )
    return reach


CA_BULK = Bulk(
    id="ca_bulk",
    title="One motion for every conviction, with exhibits, order and proof of service (HS 11361.9)",
    wording=Wording(
        law="Proposition 64",
        section="Health and Safety Code section 11361.9",
        cite=_CITE,
        matter="In the matter of convictions under Health and Safety Code sections 11357, 11358, 11359 and 11360",
        matter_short="Health and Safety Code sections 11357 to 11360",
        aim="dismiss and seal, or redesignate, convictions",
        memorandum=_MEMORANDUM,
        limits=_LIMITS,
        ordered=MappingProxyType(_ORDERED),
        remarks=_remarks,
        reach=_reach,
        checks=_CHECK_LAW,
    ),
)
"""The bulk packet, as Los Angeles and Contra Costa filed theirs."""


def _page(case: Case, packet: Packet, setting: Setting) -> Page:
    """A motion of the People with its order, for one person in one case."""
    office = packet.office
    reliefs = {entry.decided.count.key: relief_of(entry, setting) for entry in case.entries}
    given = {relief.id: relief.title for relief in packet.reform.reliefs if relief in reliefs.values()}
    size = len(case.entries)
    these = "this conviction" if size == 1 else "these convictions"
    parts = [
        heading("MOTION"),
        plain(
            f"The People have reviewed {these} and do not challenge relief. They move under Health and Safety Code "
            f"section 11361.9 that the Court give the relief stated (id., § 11361.8, subds. (e), (f)):"
        ),
        listed(
            ("Section", "Convicted", "Grade on record", "Relief"),
            [
                (
                    section(entry),
                    convicted(entry),
                    "not stated" if entry.decided.count.grade is None else entry.decided.count.grade.value,
                    reliefs[entry.decided.count.key].title,
                )
                for entry in case.entries
            ],
        ),
        signed([f"Dated: {long_date(packet.made_on)}"], signature(office)),
        heading("ORDER"),
        plain("The motion is not challenged. Good cause appearing, it is ordered:"),
        *(
            item(f"{place}.", f"Each conviction on whose line stands “{title}” {_ORDERED[relief]}")
            for place, (relief, title) in enumerate(given.items(), 1)
        ),
        item(
            f"{len(given) + 1}.",
            "The clerk shall change the records of the Court, and report to the Department of Justice within thirty "
            "days (Pen. Code, § 13151).",
        ),
        signed([f"Dated: {'_' * 14}"], ["Judge of the Superior Court"]),
    ]
    return Page(
        title=f"Motion and order ({_CITE})",
        nature=f"MOTION AND ORDER ({_CITE})",
        footer=f"MOTION AND ORDER ({_CITE})",
        parts=parts,
    )


CA_SINGLE = Single(
    id="ca_single",
    title="A motion with its order on one page for each person and case (HS 11361.9)",
    stem="motion",
    compose=_page,
    checks=(
        *_CHECK_LAW,
        Check(
            "Motion and order",
            "One page without numbered lines, as San Francisco filed them: whether this court takes that form.",
        ),
    ),
)
"""Single motions, as San Francisco filed them."""

_ACT = MappingProxyType({number: of_section(number) for number in _NUMBERS})


def _adult(sheet: Sheet) -> bool:
    return not is_juvenile(sheet)


CA_FORM_DATA = FormDataFiling(
    id="ca_form_data",
    title="What goes into forms CR-400, CR-403, JV-744 and CR-180, as data by the meaning of a field",
    forms=(
        FormData(
            "CR-400",
            "Petition/Application (HS 11361.8), adult",
            _adult,
            meanings=("convicted_on", "made_on"),
            # What the record leaves open the applicant ticks: it is stated under penalty of perjury.
            ticked={
                "application_11361_8_f": is_completed,
                "petition_11361_8_b": is_served,
                "sentence_completed": is_completed,
                **_ACT,
            },
        ),
        FormData(
            "CR-403",
            "Order after petition/application (HS 11361.8), adult; for the judge to tick",
            _adult,
            meanings=("convicted_on",),
            ticked={relief: with_relief(relief) for relief in _ORDERED},
        ),
        FormData(
            "JV-744",
            "Request to reduce a juvenile marijuana offense (HS 11361.8(m))",
            is_juvenile,
            meanings=("birth_date", "convicted_on", "made_on"),
            ticked=_ACT,
        ),
        FormData(
            "CR-180",
            "Petition for dismissal (PC 1203.4 and others) of what is a misdemeanor afterwards; a later step",
            lambda sheet: _adult(sheet) and leaves_misdemeanor(sheet),
            meanings=("birth_date", "convicted_on"),
        ),
    ),
)
"""The data of Judicial Council forms, for courts that want each case on its form."""

FILINGS: tuple[Filing, ...] = (CA_BULK, CA_SINGLE, CA_FORM_DATA)
"""What the reform files."""
