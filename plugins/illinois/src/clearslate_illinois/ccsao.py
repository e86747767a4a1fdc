"""Cook County State's Attorney, ``il_ccsao``: the Dispositions and the Sentencing export, joined by charge.

The exports hold felony cases only, no names and no amounts. They are made into the text of one layout; see
``rewriting``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType

from clearslate.ingest.examine import Examination
from clearslate.ingest.layout import Layout
from clearslate.ingest.rewritten import RewritingReader
from clearslate.ingest.source import Source
from clearslate_illinois.cells import CHECKS, is_filler
from clearslate_illinois.columns import COLUMNS, CONDENSED, LOOKUP, NEEDED, ROW_PROBLEM
from clearslate_illinois.doctor import examine
from clearslate_illinois.outcomes import GUILTY, plain
from clearslate_illinois.persons import COUNTY, convictions, persons
from clearslate_illinois.rewriting import rewrite
from clearslate_illinois.synth import Synthesis, write_il_ccsao

LAYOUT = Layout(
    columns=COLUMNS,
    header=ROW_PROBLEM,
    person="CASE_PARTICIPANT_ID",
    # Neither a case nor a charge is one person's: co-defendants share both.
    identifier="CASE_PARTICIPANT_ID",
    disposition="CHARGE_DISPOSITION",
    county="EXPORT",
    count="CHARGE_ID",
    needed=NEEDED,
    condensed=CONDENSED,
    is_conviction=lambda text: plain(text) in GUILTY,
    county_name=lambda _: COUNTY,
    is_filler=is_filler,
    persons=persons,
    checks=CHECKS,
    lookup=LOOKUP,
    convictions=convictions,
)

CELLS = MappingProxyType(
    {
        "statute": "DISPOSITION_CHARGED_CHAPTER, _ACT and _SECTION of the charge's last version, else its title",
        "arrested": "ARREST_DATE of the participant's rows",
        "committed": "INCIDENT_BEGIN_DATE",
        "disposed": "DISPOSITION_DATE",
        "grade": "DISPOSITION_CHARGED_CLASS",
        "class": "DISPOSITION_CHARGED_CLASS",
        "disposition": "CHARGE_DISPOSITION, CHARGE_DISPOSITION_REASON and the charge's sentencing rows",
        "ended": "CHARGE_DISPOSITION, CHARGE_DISPOSITION_REASON and the charge's sentencing rows",
        "county": "every row is of Cook County",
        "case": "the rows with the same CASE_ID and CASE_PARTICIPANT_ID",
        "cycle": "the rows with the same CASE_PARTICIPANT_ID",
        "sentence": "SENTENCE_DATE, COMMITMENT_TERM and COMMITMENT_UNIT of the sentencing rows in force",
        "other_convictions": "the other charges with the same CASE_PARTICIPANT_ID",
        "identity": "CASE_PARTICIPANT_ID",
        "flags": "the charge's rows",
    }
)


class CcsaoReader(RewritingReader):
    """The reader: reads, examines, and writes invented files to try it on."""

    court_columns = ("DISPOSITION_COURT_FACILITY", "SENTENCE_COURT_FACILITY")
    """The columns that name the courthouse; the agency of an event is the one that arrested."""

    def examine(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> Examination:
        """Look at files before a run and change nothing. Raises InputError as ``open`` does."""
        return examine(self, files, progress)

    def synthesize(self, target: Path, *, people: int, seed: int, damage: bool = True) -> Synthesis:
        """Write realistic exports of invented people, the same for the same seed; see ``write_il_ccsao``."""
        return write_il_ccsao(target, people=people, seed=seed, damage=damage)


IL_CCSAO = CcsaoReader(
    id="il_ccsao",
    title="Cook County State's Attorney exports, Dispositions and Sentencing",
    layout=LAYOUT,
    cells=CELLS,
    rewrite=rewrite,
)
"""The reader of ``--format il_ccsao``."""
