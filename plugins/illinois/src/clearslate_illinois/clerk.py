"""Clerk of the Circuit Court of Cook County, ``il_clerk``: the extract of sentenced cases, 2005 to 2009, 27 columns.

It is called an extract of convictions and holds supervision too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType

from clearslate.ingest.delimited import DelimitedReader
from clearslate.ingest.examine import Examination
from clearslate.ingest.layout import Layout
from clearslate.ingest.source import Source
from clearslate.model import Disposition
from clearslate_illinois.clerk_cells import CHECKS, COLUMNS, CONDENSED, LOOKUP, NEEDED, is_nobody
from clearslate_illinois.clerk_doctor import examine
from clearslate_illinois.clerk_persons import charge_count, convictions, persons
from clearslate_illinois.dates import clerk_birth, iso
from clearslate_illinois.endings import clerk_ending
from clearslate_illinois.persons import COUNTY
from clearslate_illinois.synth_clerk import ClerkSynthesis, write_il_clerk

LAYOUT = Layout(
    columns=COLUMNS,
    header="case_number",
    person="statepoliceid",
    identifier="case_number",
    disposition="chrgdisp",
    county="chrgdisp",
    count="sequence_number",
    needed=NEEDED,
    condensed=CONDENSED,
    is_conviction=lambda text: clerk_ending([text]).disposition is Disposition.CONVICTED,
    county_name=lambda _: COUNTY,
    is_filler=is_nobody,
    persons=persons,
    checks=CHECKS,
    lookup=LOOKUP,
    born=lambda text: iso(clerk_birth(text)),
    charges=charge_count,
    convictions=convictions,
)

CELLS = MappingProxyType(
    {
        "statute": "ammndchargstatute, or statute where that is blank",
        "arrested": "arrest_date",
        "disposed": "chrgdispdate",
        "disposition": "chrgdisp of all rows of the charge",
        "ended": "chrgdisp of all rows of the charge",
        "grade": "ammndchrgtype and ammndchrgclass, or chrgtype and chrgclass where the charge was not amended",
        "class": "ammndchrgclass, or chrgclass where the charge was not amended",
        "county": "every row is of Cook County",
        "case": "the rows with the same case_number",
        "cycle": "the rows with the same case_number",
        "birth_date": "DOB",
        "sentence": "minsent, maxsent and amtoffine of the charge's rows",
        "other_convictions": "the other charges with the same statepoliceid",
        "identity": "statepoliceid and case_number",
        "flags": "the charge's rows",
    }
)


class ClerkReader(DelimitedReader):
    """The reader: reads, examines, and writes invented files to try it on."""

    def examine(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> Examination:
        """Look at files before a run and change nothing. Raises InputError as ``open`` does."""
        return examine(self, files, progress)

    def synthesize(self, target: Path, *, people: int, seed: int, damage: bool = True) -> ClerkSynthesis:
        """Write a realistic extract of invented people, the same for the same seed; see ``write_il_clerk``."""
        return write_il_clerk(target, people=people, seed=seed, damage=damage)


IL_CLERK = ClerkReader(
    id="il_clerk",
    title="Cook County clerk of court extract, 2005 to 2009",
    layout=LAYOUT,
    cells=CELLS,
)
"""The reader of ``--format il_clerk``."""
