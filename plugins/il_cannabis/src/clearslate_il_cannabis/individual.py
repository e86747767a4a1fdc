"""Individual motions to vacate and expunge: one for each person and county, in the order of the statewide form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from clearslate.errors import InputError
from clearslate.filing.checklist import Check, Written, write_checklist
from clearslate.filing.entry import Entry
from clearslate.filing.filing import Packet
from clearslate.filing.formmap import Sheet
from clearslate.filing.meanings import Setting
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder, OutputFile
from clearslate_il_cannabis import individual_papers
from clearslate_il_cannabis.factors import EXPUNGEMENT, OBJECTION, ordered_on
from clearslate_il_cannabis.form_data import FIELDS_CSV, FIELDS_JSON, FormData
from clearslate_il_cannabis.oddities import warnings
from clearslate_il_cannabis.request import MOST, OF_THE_PERSON, Request, by_county, requests, rows_of
from clearslate_illinois.filing.lists import write_rows
from clearslate_illinois.filing.paper import counted, write_document
from clearslate_illinois.filing.press import Press
from clearslate_illinois.filing.record import agency, county, has_name
from clearslate_illinois.filing.routes import check_whole, granted_on, standings, taken

ROUTE = "ind_motion"
INDEX, NOT_WRITTEN = "index.csv", "not_written.csv"
_INDEX = (
    "packet", "papers", "pages", "county", "person_id", "name", "convictions", "cases", "orders", "to_fill_in",
)  # fmt: skip
_PIECE = 64
"""How many packets are typeset before they are written."""

_LEFT_OUT = ("person_id", "county", "convictions", "why")

NO_NAME = "the record has no name of the person, who has to be named in the motion and has to sign it"
NO_COUNTY = "the record does not say the county, and the motion is made in the county of conviction"
DEAD = "the record says that the person has died, and the motion is the person's own"

_CHECKS = (
    Check("All", "They are the person's own papers. Nobody files one whom the person has not asked to."),
    Check(
        "Motion",
        "What stands behind a bar is for the person: items 3 and 6, the signature, address, telephone and e-mail, "
        "and each item that the record does not settle. A wrong statement over a signature has consequences.",
    ),
    Check(
        "Motion",
        "Item 3 is always left to the person, as no record says whether conditions were met; the packet says only what "
        "the dates give. Unpaid money does not make a sentence incomplete by the statute; the form does not say so.",
    ),
    Check(
        "Motion",
        "The papers are in the order of the statewide form (EXC-M 4702.2, revision 03/22) and are not the form. A "
        f"court may insist on the form: {FIELDS_JSON} has the data by which the office's copy is filled. Look for a "
        "newer revision first.",
    ),
    Check(
        "Motion",
        "No case with a conviction of another offense, and no supervision or qualified probation that was completed: "
        "the Supreme Court's booklet bars its form there.",
    ),
    Check("Notice", "The day, the place and whether the clerk asks a fee, or waives it, come from the clerk."),
    Check(
        "Order", "The judge marks the boxes. The booklet counts the sixty days from the day on which an agency gets it."
    ),
    Check("All", "A person who is not a citizen asks an immigration lawyer first; some federal agencies still see it."),
)


@dataclass(frozen=True, slots=True)
class IndividualMotions:
    """A packet for each person and county."""

    id: str = "il_individual"
    title: str = "A motion of the person's own for each person and county, with notice and order (5.2(i)(3))"
    reliefs: tuple[str, ...] = (ROUTE,)

    def write(self, packet: Packet, folder: Folder) -> Mapping[str, int]:
        """Write the packets, their index, the data of forms, and whom none could be written for.

        Gives how many entries of each standing are in packets. Raises InputError where there is none to write,
        OutputError and LedgerError.
        """
        check_whole(packet)
        granted = granted_on(packet.entries, ROUTE)
        if not granted:
            raise InputError("the run gives no conviction the person's own motion; check the policy")
        kept, left_out = _sorted_out(granted)
        if not kept:
            raise InputError(_none_left(left_out))
        with Press(packet.made_on) as press:
            writer = _Writer(folder, press)
            asked = requests(kept, packet)
            while some := list(islice(asked, _PIECE)):
                writer.add(some)
            written = writer.close()
        if left_out:
            _write_left_out(folder, left_out)
            written.append(("granted, and no motion for", Written((NOT_WRITTEN,))))
        write_checklist(
            folder,
            f"{self.title} ({packet.reform.title})",
            totals={
                **standings(packet.entries, ROUTE),
                "motions": writer.motions,
                "convictions in them": writer.convictions,
                "people in them": len({entry.decided.person.person_id for entry in kept}),
                "convictions without a motion": len(left_out),
            },
            written=written,
            due=[
                f"{OBJECTION.what}: {OBJECTION.said(None)} ({OBJECTION.cite})",
                f"{EXPUNGEMENT.what}: {EXPUNGEMENT.said(ordered_on(packet, kept))} ({EXPUNGEMENT.cite})",
            ],
            checks=_CHECKS,
            warnings=[*_left_out_words(left_out), *warnings(packet, kept), *writer.warnings()],
        )
        return taken(writer.convictions)

    def form_sheets(self, entries: Sequence[Entry], setting: Setting) -> Sequence[Sheet]:
        """What an office's copy of the statewide form (EXC-M) is filled for: a sheet for each person and county.

        ``entries`` are those of the run; a sheet has the first conviction of each row of item 4, so that a case is
        there once, in a setting whose court is of the county of the convictions. Nobody dead or unnamed has one.
        Raises InputError where there is none.
        """
        granted = granted_on(entries, ROUTE)
        if not granted:
            raise InputError("the run gives no conviction the person's own motion; check the policy")
        kept, left_out = _sorted_out(granted)
        if not kept:
            raise InputError(_none_left(left_out))
        return [
            Sheet(tuple(row.first for row in rows_of(some)), _in_county(setting, place))
            for (place, _), some in by_county(kept).items()
        ]


def _in_county(setting: Setting, place: str) -> Setting:
    """The setting with the court of that county; the title of its court is the office's to know for its own alone."""
    court = setting.office.court.model_copy(update={"county": place})
    office = setting.office.model_copy(update={"court": court})
    return replace(setting, office=office, relief=ROUTE, arrested_by=agency)


def _sorted_out(entries: Sequence[Entry]) -> tuple[list[Entry], list[tuple[str, Entry]]]:
    """The entries that a motion can be written for, and the others with the reason."""
    kept, left_out = [], []
    for entry in entries:
        why = _why_not(entry)
        if why is None:
            kept.append(entry)
        else:
            left_out.append((why, entry))
    return kept, left_out


def _none_left(left_out: Sequence[tuple[str, Entry]]) -> str:
    return (
        f"no motion can be written for the [{len(left_out)}] convictions granted: "
        f"{'; '.join(dict.fromkeys(why for why, _ in left_out))}; add it to the source"
    )


def _why_not(entry: Entry) -> str | None:
    if not has_name(entry):
        return NO_NAME
    if county(entry) is None:
        return NO_COUNTY
    return DEAD if entry.decided.person.deceased else None


def _left_out_words(left_out: Sequence[tuple[str, Entry]]) -> Iterator[str]:
    for why in dict.fromkeys(why for why, _ in left_out):
        entries = [entry for one, entry in left_out if one == why]
        people = len({entry.decided.person.person_id for entry in entries})
        yield (
            f"No motion is written for {counted(len(entries), 'conviction')} of {counted(people, 'person', 'people')}: "
            f"{why}. They stand in {NOT_WRITTEN}."
        )


def _write_left_out(folder: Folder, left_out: Sequence[tuple[str, Entry]]) -> None:
    counted_: dict[tuple[str, str, str], int] = {}
    for why, entry in left_out:
        key = (entry.decided.person.person_id, county(entry) or "", why)
        counted_[key] = counted_.get(key, 0) + 1
    write_rows(
        folder, NOT_WRITTEN, _LEFT_OUT, [(person, place, str(n), why) for (person, place, why), n in counted_.items()]
    )


class _Writer:
    """Writes packets one after the other, and sums them up."""

    def __init__(self, folder: Folder, press: Press) -> None:
        self._folder = folder
        self._press = press
        self._data = FormData(folder)
        self._index: OutputFile = folder.create(INDEX)
        self._index.write(header_line(_INDEX))
        self._written: list[Written] = []
        self._open_items = 0
        self.motions = 0
        self.convictions = 0

    def add(self, some: Sequence[Request]) -> None:
        """Write the packets of some requests, which are typeset side by side.

        They are numbered: nothing of a record is ever part of a name.
        """
        first = self.motions + 1
        bundles = [
            (f"packet_{number:05}.pdf", individual_papers.packet(request)) for number, request in enumerate(some, first)
        ]
        made = self._press.documents(bundles)
        for (name, bundle), request, document in zip(bundles, some, made, strict=True):
            self._written.append(write_document(self._folder, name, document, request.convictions))
            self._note(name, len(bundle.papers), document.pages, request)

    def _note(self, name: str, papers: int, pages: int, request: Request) -> None:
        """Write the data of a request, and its line in the index."""
        self.motions += 1
        self.convictions += request.convictions
        self._data.add(name, request)
        to_fill = request.to_fill_in
        self._open_items += to_fill != OF_THE_PERSON
        cells = (
            name, str(papers), str(pages), request.county, request.person_id, request.name, str(request.convictions),
            str(len(request.rows)), str(len(request.sheets)), "; ".join(to_fill),
        )  # fmt: skip
        self._index.write(encoded(line(cells)), 1)

    def close(self) -> list[tuple[str, Written]]:
        """Close what is open; give what was written."""
        self._index.close()
        self._data.close()
        return [
            (
                f"a packet for each person and county, its papers behind bookmarks: the motion, a sheet for cases "
                f"beyond the {MOST}th, the notice of the court date, an order for every {MOST} cases",
                _joined(self._written),
            ),
            ("whose each is, and what is to be filled in", Written((INDEX,))),
            ("data for the statewide form", Written((FIELDS_JSON, FIELDS_CSV))),
        ]

    def warnings(self) -> list[str]:
        """What is left to be filled in beside items 3 and 6 and the signature."""
        if not self._open_items:
            return []
        return [
            f"{counted(self._open_items, 'motion leaves', 'motions leave')} more than item 3 to fill in that the "
            f"record does not settle; {INDEX} says what."
        ]


def _joined(written: Sequence[Written]) -> Written:
    replaced = frozenset[str]().union(*(one.replaced for one in written))
    return Written(tuple(one.files[0] for one in written), sum(one.pages for one in written), replaced)
