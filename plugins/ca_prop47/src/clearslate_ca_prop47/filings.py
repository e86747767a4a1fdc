"""What Proposition 47 files: an application or a petition for each person and case, and the data of a later form.

There is no bulk motion. HS 11361.9 has the prosecution and the court act by themselves; PC 1170.18 has the person
apply, under a statement of the person's own, case by case, and after the last day with good cause of the case's own. So
each paper is the person's, with room for the People to say that they do not oppose and for the court's order.

Firearms stay prohibited (PC 1170.18(k)): every paper says so, to the person and in the order. Nothing is dismissed or
sealed. What an attorney must check before filing stands in ``CHECKS`` and is written beside the papers.
"""

from __future__ import annotations

import datetime as dt

from clearslate.filing.checklist import Check
from clearslate.filing.filing import Filing, Packet
from clearslate.filing.meanings import Setting
from clearslate_california.filing.case import Case
from clearslate_california.filing.form_data import FormData, FormDataFiling, leaves_misdemeanor
from clearslate_california.filing.paper import Part, heading, item, signed
from clearslate_california.filing.schedule import convicted, is_over, relief_of, section
from clearslate_california.filing.single import Page, Single, bold, listed

LAST_DAY = dt.date(2022, 11, 4)
"""The last day to apply without good cause (PC 1170.18(j))."""

FIREARMS = (
    "FIREARMS: a conviction that is resentenced or designated so is a misdemeanor for all purposes except one. The "
    "person is not permitted by it to own a firearm, or to have one in possession, custody or control (Pen. Code, "
    "§§ 1170.18, subd. (k), 29800)."
)
"""What every paper says."""

CHECKS = (
    Check(
        "All",
        "The person applies, not the office (PC 1170.18(a), (f)): the person, or counsel, must have asked for it, and "
        "signs it.",
    ),
    Check(
        "Good cause",
        "After November 4, 2022 good cause must be shown (j); it is written in by hand. What this court takes for it, "
        "and whether the day was extended again, must be looked up.",
    ),
    Check(
        "Upper left, items 2 and 3",
        "Written in by the person or by counsel, who marks before an item what is so. That a sentence is completed is "
        "preprinted where its stated end, and five years after it, are past; the person says whether that is so.",
    ),
    Check("Item 3", "The record has no convictions of other states. The person says that there are none; ask."),
    Check(
        "Petition",
        "On November 5, 2014 the person must have been serving the sentence, and serve it still (a). The misdemeanor "
        "sentence and parole (d) are written in by hand.",
    ),
    Check("Order", "The court's duty to report within 30 days is taken from Penal Code section 13151."),
    Check("All", "One page without numbered lines, as county forms are: whether this court takes that form."),
)


_MARK = "____ "
"""What stands before a statement that the record does not show."""

FILER = (
    f"Name: {'_' * 27}",
    f"Address: {'_' * 25}",
    "_" * 33,
    f"Telephone: {'_' * 23}",
    f"E-mail: {'_' * 26}",
    "Party without attorney, or attorney for",
    f"{'_' * 20} (Bar No. {'_' * 7})",
)
"""Who files the paper: the person, or the person's counsel, by hand."""


def _page(case: Case, packet: Packet, setting: Setting) -> Page:
    """The paper of one person, case and relief."""
    still_served = relief_of(case.entries[0], setting).id == "resentence"
    kind, who = ("petition", "petitioner") if still_served else ("application", "applicant")
    cite = f"Pen. Code, § 1170.18, subd. ({'a' if still_served else 'f'})"
    aim = "RECALL AND RESENTENCE" if still_served else "DESIGNATE AS A MISDEMEANOR"
    parts = [
        bold(FIREARMS),
        *(item(f"{place}.", words) for place, words in enumerate(_stated(packet, case, kind, who), 1)),
        listed(
            ("Section", "Convicted", "Relief asked"),
            [
                (section(entry), convicted(entry), "Misdemeanor sentence" if still_served else "Misdemeanor")
                for entry in case.entries
            ],
        ),
        signed(
            [
                "I declare under penalty of perjury that this, with what I marked, is true and correct.",
                f"Dated: {'_' * 14}",
            ],
            [f"The {who}, {case.name}"],
        ),
        signed(
            [
                f"The People do not oppose this {kind}"
                + (", and claim no unreasonable risk of danger to public safety." if still_served else "."),
                f"Dated: {'_' * 14}",
            ],
            ["For the People"],
        ),
        heading("ORDER"),
        *(item(f"{place}.", words) for place, words in enumerate(_ordered(still_served), 1)),
        signed([f"Dated: {'_' * 14}"], ["Judge of the Superior Court"]),
    ]
    return Page(
        title=f"{kind.capitalize()} and order ({cite})",
        nature=f"{kind.upper()} TO {aim}, AND ORDER ({cite})",
        footer=f"{kind.upper()} AND ORDER ({cite})",
        parts=tuple[Part, ...](parts),
        filer=FILER,
    )


def _stated(packet: Packet, case: Case, kind: str, who: str) -> list[str]:
    """What the person states under penalty of perjury: what no record shows is marked by hand, and not for the person.

    That a sentence is served still is never certain: credits end it before its stated end.
    """
    over = all(is_over(entry, packet.made_on) for entry in case.entries)
    stated = [
        f"The {who} was convicted in this case of each felony below. It would have been a misdemeanor had Proposition "
        "47 been in force at the time of the offense.",
        ("" if over else _MARK) + "The sentence is completed (subd. (f))."
        if kind == "application"
        else f"{_MARK}The sentence was being served on November 5, 2014, and is served still (subd. (a)).",
        f"{_MARK}The {who} has no conviction, here or in another state, of an offense that Penal Code section 667, "
        "subdivision (e)(2)(C)(iv) lists or that requires registration under section 290, subdivision (c) (subd. (i)).",
    ]
    if packet.made_on > LAST_DAY:
        stated.append(f"Good cause for applying after November 4, 2022 (subd. (j)): {'_' * 24}")
    return stated


def _ordered(still_served: bool) -> list[str]:
    given = (
        "No unreasonable risk of danger to public safety is found (subd. (b)). The sentence for each conviction above "
        f"is recalled. The sentence is now {'_' * 24}, with credit for the time served; parole (subd. (d)): {'_' * 10}"
        if still_served
        else "Each conviction above is designated a misdemeanor (subds. (f), (g))."
    )
    return [
        given,
        "It is a misdemeanor for all purposes, except that firearms stay prohibited (subd. (k)). Nothing is dismissed, "
        "and no record is sealed.",
        "The clerk shall change the records of the Court, and report to the Department of Justice within thirty days "
        "(Pen. Code, § 13151).",
    ]


CA_SINGLE = Single(
    id="ca_single",
    title="An application or a petition with its order on one page for each person and case (PC 1170.18)",
    stem="application",
    compose=_page,
    checks=CHECKS,
    apart=True,
)
"""The person's paper for each case; a case with both reliefs has one for each."""

CA_FORM_DATA = FormDataFiling(
    id="ca_form_data",
    title="What goes into form CR-180 for a later dismissal, as data by the meaning of a field",
    forms=(
        FormData(
            "CR-180",
            "Petition for dismissal (PC 1203.4, 1203.4a and others) of what is a misdemeanor now; a later step",
            leaves_misdemeanor,
            meanings=("birth_date", "convicted_on"),
        ),
    ),
)
"""PC 1170.18 has no form of the Judicial Council; what it leaves may be dismissed later by one."""

FILINGS: tuple[Filing, ...] = (CA_SINGLE, CA_FORM_DATA)
"""What the reform files."""
