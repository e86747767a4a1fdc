"""The California DOJ bulk file, ``ca_doj``: 95 columns, a row for each count and sentence part of each step.

No specification of this format is public; it is known from the files that counties were given.
The reader is therefore tolerant of everything but what would make a wrong fact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from clearslate.ingest.delimited import DelimitedReader
from clearslate.ingest.examine import Examination
from clearslate.ingest.layout import Layout
from clearslate.ingest.source import Source
from clearslate_california.cells import count_problem, county_name
from clearslate_california.columns import ANCHORS, COLUMNS, CONDENSED, LOOKUP, NEEDED, SEPARATOR
from clearslate_california.dates import whole_date
from clearslate_california.doctor import examine
from clearslate_california.persons import persons
from clearslate_california.synth import Synthesis, write_ca_doj
from clearslate_california.wording import is_conviction, is_filler

LAYOUT = Layout(
    columns=COLUMNS,
    header="RECORD_ID",
    person="SUBJECT_ID",
    identifier="CII_NUMBER",
    disposition="DISP_DESCR",
    county="STP_ORI_CNTY_NAME",
    count="CNT_ORDER",
    needed=NEEDED,
    condensed=CONDENSED,
    is_conviction=is_conviction,
    county_name=county_name,
    is_filler=is_filler,
    persons=persons,
    checks=MappingProxyType({"CNT_ORDER": count_problem}),
    anchors=MappingProxyType(dict.fromkeys(ANCHORS, frozenset({SEPARATOR}))),
    # The neighbors of the last two: a row that lost or gained a cell before them shows it here.
    beside=MappingProxyType(
        {"CONV_STAT_DESCR": "SENT_SEG_SEP", "SENT_ORDER": "SENT_SEG_SEP", "COMMENT_TEXT": "END_OF_REC"}
    ),
    lookup=LOOKUP,
    born=whole_date,
)

CELLS = MappingProxyType(
    {
        "statute": "OFFENSE_DESCR, or COMMENT_TEXT where that is blank or says to see it",
        "arrested": "CYC_DATE of the cycle's rows",
        "disposed": "STP_EVENT_DATE, or DISP_DATE where that is blank",
        "grade": "CONV_STAT_DESCR, or OFFENSE_TOC where that is blank",
        "county": "STP_ORI_CNTY_NAME",
        "case": "the rows with the same first six digits of CNT_ORDER",
        "cycle": "the rows with the same first three digits of CNT_ORDER",
        "birth_date": "PRI_DOB",
        "deceased": "rows whose STP_TYPE_DESCR is DECEASED",
        "sentence": "SENT_LOC_DESCR, SENT_LENGTH and SENT_TIME_CODE of the count's rows",
        "relieved": "DISP_DESCR of later steps of the cycle",
        "other_convictions": "the rows whose DISP_DESCR begins with CONVICTED, or is blank on a court's row",
        "identity": "SUBJECT_ID and CII_NUMBER",
        "registration": "rows whose STP_TYPE_DESCR is REGISTRATION",
        "flags": "the person's rows",
    }
)


class DojReader(DelimitedReader):
    """The DOJ reader: reads, examines, and writes invented files to try it on."""

    def examine(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> Examination:
        """Look at files before a run and change nothing. Raises InputError as ``open`` does."""
        return examine(self, files, progress)

    def synthesize(
        self, target: Path | BinaryIO, *, people: int, seed: int, county: str = "SACRAMENTO", damage: bool = True
    ) -> Synthesis:
        """Write a realistic file of invented people, the same for the same seed; see ``write_ca_doj``."""
        return write_ca_doj(target, people=people, seed=seed, county=county, damage=damage)


CA_DOJ = DojReader(id="ca_doj", title="California DOJ bulk criminal history file", layout=LAYOUT, cells=CELLS)
"""The reader of ``--format ca_doj``."""
