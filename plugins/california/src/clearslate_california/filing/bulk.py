"""The bulk packet: one motion for every conviction that a law clears without a petition, with all that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.documents import Typesetter
from clearslate.filing.filing import Packet
from clearslate.filing.meanings import Setting
from clearslate.output.staging import Folder
from clearslate_california.filing import declaration, motion, order, service
from clearslate_california.filing.contents import Contents, Wording, contents_of
from clearslate_california.filing.county import LISTED, OUTSIDE, write_listed, write_outside
from clearslate_california.filing.exhibit import Exhibit
from clearslate_california.filing.lists import granted_exhibit, other_exhibit
from clearslate_california.filing.method import write_method
from clearslate_california.filing.paper import Paper, counted
from clearslate_california.filing.schedule import is_reopened, standings

_CHECKS = (
    Check("All", "The papers are typed from a record, not from the courts' files. Compare some lines with the files."),
    Check("Notice of motion", "Fill in case number, date, time and judge, and the notice that local rules ask for."),
    Check(
        "Notice of motion, order",
        "Sealing by California Rules of Court, rules 2.550 and 2.551: whether this court takes Exhibits A and B "
        "conditionally under seal, which findings its order must state, and whether case numbers of convictions to be "
        "sealed may stay in the public copies.",
    ),
    Check("Declaration", "Whoever signs must know what it says. The day and place of signing are written in by hand."),
    Check("Exhibit B, part 2", "Settle what you can before filing (decisions import); what is left goes to a hearing."),
    Check(
        "Proposed order",
        "It seals no exhibit by itself: rule 2.550(d) asks for findings of the court, and it has room for them. "
        "Rule 2.551 asks for a motion or application to seal, with facts; it is not among these papers.",
    ),
    Check("Order", "The court's duty to report within 30 days is taken from Penal Code section 13151."),
    Check("Proof of service", "Manner, day and server are filled in by hand, by a person who is not a party."),
)


@dataclass(frozen=True, slots=True)
class Bulk:
    """A bulk packet by the wording of a reform."""

    id: str
    title: str
    wording: Wording
    listed: str = LISTED

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write the documents; give how many entries of each standing they count.

        Raises OutputError, InputError and LedgerError.
        """
        contents = contents_of(packet, self.wording)
        typesetter = Typesetter(packet.made_on)
        written: list[tuple[str, Written]] = []

        def paper(name: str, what: str, made: Paper) -> None:
            document = made.typeset(typesetter, packet.office, name)
            file = folder.create(name)
            file.write(document.data)
            file.close()
            written.append((what, Written((name,), document.pages, frozenset(document.replaced))))

        def exhibit(stem: str, what: str, made: Exhibit) -> None:
            written.append((what, made.write(typesetter, folder, stem)))

        paper("01_notice_and_motion.pdf", "notice of motion, motion, memorandum", motion.paper(contents))
        paper("02_declaration.pdf", "declaration on the method", declaration.paper(contents))
        exhibit("03_exhibit_a", "granted, confidential", granted_exhibit(contents, public=False))
        exhibit("04_exhibit_b", "objected to or for a hearing, confidential", other_exhibit(contents, public=False))
        written.append(("policy in words, record of the run", write_method(contents, typesetter, folder)))
        exhibit("06_exhibit_a_public", "granted, public copy", granted_exhibit(contents, public=True))
        exhibit(
            "07_exhibit_b_public", "objected to or for a hearing, public copy", other_exhibit(contents, public=True)
        )
        paper("08_proposed_order.pdf", "proposed order", order.paper(contents))
        paper("09_proof_of_service.pdf", "proof of service on the public defender", service.paper(contents))
        setting = Setting(packet.office, packet.reform, packet.made_on)
        write_listed(folder, setting, (one.entry for one in contents.granted.lines))
        tables = [f"{LISTED}: what is granted, for track mark --list"]
        if contents.outside:
            write_outside(folder, packet, contents.outside)
            tables.append(f"{OUTSIDE}: decided, and in no paper")
        write_checklist(
            folder,
            f"{self.title} ({packet.reform.title})",
            totals={
                **contents.totals,
                **outside_totals(contents),
                **{f"granted, {contents.titles[relief]}": count for relief, count in contents.reliefs.items()},
            },
            written=written,
            tables=tables,
            checks=(*self.wording.checks, *_CHECKS),
            warnings=warnings(contents),
        )
        return contents.totals


def outside_totals(contents: Contents) -> dict[str, int]:
    """How many entries are in no paper; with those of each standing they are what the run decided."""
    counted_out = {f"not of the court's county, {name}": n for name, n in standings(contents.outside).items() if n}
    return {
        "in the motion or counted by it": len(contents.packet.entries),
        **counted_out,
        f"not of the court's county, in {OUTSIDE}": len(contents.outside),
        "decided by the run": len(contents.packet.entries) + len(contents.outside),
    }


def warnings(contents: Contents) -> list[str]:
    """What was noticed on the way and is safe to go on with."""
    found: dict[str, int] = {}
    for part in (contents.granted, contents.objected, contents.open):
        for name, count in part.strangers.items():
            found[name] = found.get(name, 0) + count
    noticed = [
        f"Courthouse [{name}] is not in the office file; convictions under the name as printed: {count}."
        for name, count in sorted(found.items())
    ]
    if contents.outside:
        noticed.append(
            f"{counted(len(contents.outside), 'conviction')} decided by the run "
            f"{'is' if len(contents.outside) == 1 else 'are'} not of [{contents.packet.office.court.county}], or of no "
            f"county that is known; in no paper, and listed in {OUTSIDE}."
        )
    if again := sum(map(is_reopened, contents.packet.entries)):
        noticed.append(
            f"The facts behind an attorney's decision have changed for {counted(again, 'conviction')}; decide again "
            "before filing, else the confidential Exhibit B prints the earlier ground."
        )
    return noticed
