"""The proof of service on the public defender; who serves, how and when is written in by hand."""

from __future__ import annotations

from clearslate_california.filing.contents import Contents
from clearslate_california.filing.paper import (
    BLANK_DATE,
    BLANK_LONG,
    EMPTY_LINE,
    PEOPLE,
    Paper,
    Part,
    heading,
    item,
    signed,
)
from clearslate_california.filing.paper import text as paragraph

_SERVED = (
    "Notice of motion and motion, with memorandum",
    "Declaration, with Exhibit C",
    "Exhibits A and B, the confidential copies",
    "Exhibits A and B, the public copies",
    "Proposed order",
)


def paper(contents: Contents) -> Paper:
    """The proof of service."""
    wording, office = contents.wording, contents.packet.office
    defender = office.public_defender
    parts: list[Part] = [
        heading("PROOF OF SERVICE"),
        paragraph(
            "I am at least 18 years old and not a party to this matter. My business address is "
            f"{', '.join(office.attorney.address)}."
        ),
        paragraph(f"On {BLANK_DATE} I served these papers:"),
        *(item(f"{place}.", words) for place, words in enumerate(_SERVED, 1)),
        paragraph("on the Public Defender:"),
        *(item("", words) for words in (defender.name, *defender.address, defender.email)),
        paragraph("in this manner (mark one):"),
        item("____", f"by electronic service to {defender.email}"),
        item("____", "by mail, sealed and with postage paid, to the address above"),
        item("____", "by personal delivery to the address above"),
        EMPTY_LINE,
        signed(
            [
                "I declare under penalty of perjury under the laws of the State of California",
                "that the foregoing is true and correct.",
                f"Executed on {BLANK_DATE}, at {BLANK_LONG}.",
            ],
            ["Signature of the person who served", f"Name: {BLANK_LONG}"],
        ),
    ]
    return Paper(
        title=f"Proof of service ({wording.cite})",
        nature=f"PROOF OF SERVICE ON THE PUBLIC DEFENDER ({wording.cite})",
        footer=f"PROOF OF SERVICE ({wording.cite})",
        parties=(PEOPLE, wording.matter),
        parts=tuple(parts),
    )
