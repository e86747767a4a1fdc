"""The reader of ``--format table``: any table, by a mapping file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from clearslate.errors import UsageError
from clearslate.ingest.delimited import CHUNK, DelimitedReading
from clearslate.ingest.examine import Examination
from clearslate.ingest.kept import KeptSource
from clearslate.ingest.layout import Layout
from clearslate.ingest.reader import MappingFile
from clearslate.ingest.rewritten import RewritingReader
from clearslate.ingest.source import Source
from clearslate.ingest.table.charges import Charges
from clearslate.ingest.table.examine import examine
from clearslate.ingest.table.formats import FORMAT
from clearslate.ingest.table.mapping import TableMapping, check_facts
from clearslate.ingest.table.persons import persons
from clearslate.ingest.table.plan import Plan
from clearslate.ingest.table.schema import Cells
from clearslate.ingest.table.text import rewrite_text
from clearslate.model import Disposition
from clearslate.policy.reform import Reform
from clearslate.policy.schema import ReformFile

WORKBOOKS = (bytes.fromhex("d0cf11e0a1b11ae1"), b"PK\x03\x04")
"""Begin workbooks: one that is encrypted or of the format before .xlsx, and one that may be read."""


class TableReader(RewritingReader):
    """Reads tables by a mapping, and their statutes as a reform's records print them."""

    def __init__(self, mapping: TableMapping, reform: Reform | None = None, *, chunk: int = CHUNK) -> None:
        """Without a reform no statute can be read: the tables can be kept and examined, and not be run on."""
        self.mapping = mapping
        self.reform = reform
        self.plan = Plan(mapping, None if reform is None else reform.read_statute)
        super().__init__(
            id=f"{FORMAT}:{mapping.id}",
            title=mapping.table.title,
            layout=_layout(self.plan),
            cells=_cells(mapping),
            rewrite=self._rewritten_text,
            chunk=chunk,
        )

    @property
    def mapping_file(self) -> MappingFile:
        """The file that the mapping was read from."""
        return self.mapping.file

    def bound(self, reform: Reform, others: Mapping[str, ReformFile]) -> TableReader:
        """The same reader for a reform; raise UsageError where the mapping gives it facts that it does not take.

        ``others`` are further reforms, which may take facts that this one does not.
        """
        check_facts(self.mapping, reform.about, others)
        return TableReader(self.mapping, reform, chunk=self._chunk)

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> DelimitedReading:
        """Survey the files. Raises InputError; UsageError where a vault has its tables by other columns."""
        for file in files:
            if isinstance(file, KeptSource):
                self._check_kept(file)
        return super().open(files, progress)

    def _check_kept(self, source: KeptSource) -> None:
        kept = source.told.get("mapping_text")
        if isinstance(kept, str) and kept != self.mapping.file.text:
            columns = tomllib.loads(kept).get("columns")
            if columns != self.mapping.table.columns:
                raise UsageError(
                    f"mapping file [{self.mapping.file.name}] has other columns than [{source.name}] in the vault was "
                    "brought in with; leave them as they were, or give the mapping an id of its own"
                )

    def examine(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> Examination:
        """Look at files before a run and change nothing. Raises InputError as ``open`` does."""
        return examine(self.open(files, progress), self.plan)

    def _rewritten_text(self, name: str, handle: BinaryIO) -> Iterator[bytes] | None:
        start = handle.read(len(WORKBOOKS[0]))
        handle.seek(0)
        if not start.startswith(WORKBOOKS):
            return rewrite_text(name, handle, self.mapping)
        # Takes a while to load, and most tables are text.
        from clearslate.ingest.table.workbook import rewrite_workbook

        return rewrite_workbook(name, handle, self.mapping)


def _layout(plan: Plan) -> Layout:
    mapping = plan.mapping
    table, person, charge = mapping.table, plan.person, plan.charge
    disposition, county = _column(charge.disposition), _column(charge.county)
    named = {column for _, column in table.named()}
    return Layout(
        columns=tuple(table.columns),
        header=table.columns[0],
        person=person.id,
        identifier=person.identifier or person.id,
        # What is the same on every row stands in no column; any column serves.
        disposition=disposition or person.id,
        county=county or person.id,
        count=person.id if charge.key is None else charge.key.columns[0],
        needed=tuple(column for column in table.columns if column in named),
        condensed=tuple(column for column in table.columns if column in named),
        is_conviction=_is_conviction(plan, charge.disposition),
        county_name=_county_name(plan, charge.county),
        is_filler=mapping.is_nobody,
        persons=lambda frame, concerns: persons(frame, concerns, plan),
        checks=_checks(plan) if table.values.unlisted == "reject" else {},
        lookup={
            "name": _looked_up(person.name),
            "born": () if person.born is None else (person.born,),
            "identifier": (person.identifier or person.id,),
            "case": _looked_up(charge.case_number),
        },
        born=(lambda _: None) if person.born is None else mapping.dates[person.born].whole,
        charges=lambda frame: len(Charges(frame, plan)),
        convictions=lambda frame: Charges(frame, plan).convictions,
    )


def _column(cells: Cells | None) -> str | None:
    return None if cells is None or not cells.columns else cells.columns[0]


def _looked_up(cells: Cells | None) -> tuple[str | tuple[str, ...], ...]:
    """A column, or several that say together what somebody is looked up by."""
    if cells is None:
        return ()
    return (cells.columns[0],) if len(cells.columns) == 1 else (tuple(cells.columns),)


def _is_conviction(plan: Plan, cells: Cells) -> Callable[[str], bool]:
    if cells.value is not None:
        always = plan.disposition(cells.value)[0] is Disposition.CONVICTED
        return lambda _: always
    return lambda cell: plan.disposition(cell)[0] is Disposition.CONVICTED


def _county_name(plan: Plan, cells: Cells | None) -> Callable[[str], str | None]:
    if cells is None:
        return lambda _: None
    if cells.value is not None:
        name = plan.county(cells.value)[0]
        return lambda _: name
    return lambda cell: plan.county(cell)[0]


def _checks(plan: Plan) -> dict[str, Callable[[str], str | None]]:
    """For each column whose words have a table, what is wrong with a cell that it does not list."""
    charge = plan.charge
    meanings = {
        _column(charge.grade): plan.grade,
        _column(charge.disposition): plan.disposition,
        _column(charge.county): plan.county,
        _column(charge.ended): plan.ended,
        _column(charge.offense_class): plan.offense_class,
        charge.relieved: plan.relieved,
        plan.person.deceased: plan.deceased,
    }

    def check(meaning: Callable[[str], tuple[object, bool]]) -> Callable[[str], str | None]:
        return lambda cell: "a word that the mapping does not list" if meaning(cell)[1] else None

    return {column: check(meaning) for column, meaning in meanings.items() if column is not None}


def _cells(mapping: TableMapping) -> dict[str, str]:
    """For each fact, the columns that it comes from, in words."""
    table = mapping.table
    person, charge = table.person, table.charge
    key = "one row" if charge.key is None else f"the rows with the same {_words(charge.key)}"
    case = "no column; a person's charges may all be of one case"
    if charge.case_number is not None:
        case = f"the rows with the same {_words(charge.case_number)}"
    dates = {"committed": charge.committed, "arrested": charge.arrested, "disposed": charge.disposed}
    said: dict[str, str | None] = {
        "statute": _words(charge.statute),
        **dates,
        "grade": _words(charge.grade),
        "class": _words(charge.offense_class),
        "disposition": f"{_words(charge.disposition)}, of {key}",
        "ended": _words(charge.ended),
        "county": _words(charge.county),
        "case": case,
        "cycle": case,
        "birth_date": person.born,
        "deceased": person.deceased,
        "sentence": ", ".join(part.length for part in charge.sentence) or None,
        "relieved": charge.relieved,
        "other_convictions": "the person's other rows, and rows that were rejected",
        "identity": person.id if person.identifier is None else f"{person.id} and {person.identifier}",
        "flags": "the charge's rows",
        **{name: one.column for name, one in table.facts.items()},
    }
    return {name: columns for name, columns in said.items() if columns is not None}


def _words(cells: Cells | None) -> str | None:
    if cells is None:
        return None
    return f"[{cells.value}] by the mapping" if cells.value is not None else " and ".join(cells.columns)
