"""The files by which a court's system and the state's repository take up what was granted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import PurePath

from clearslate.errors import LedgerError, UsageError, did_you_mean
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.layouts import ColumnEntry, Layout, codes_for
from clearslate.filing.meanings import MEANINGS, Setting, Subject, Value
from clearslate.model import PartialDate
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder, OutputFile
from clearslate.policy.schema import ReformFile

DOJ_FILE = "doj_update.csv"

DOJ_MEANINGS: tuple[tuple[str, str], ...] = (
    ("row", "row"),
    ("source_file", "source_file"),
    ("source_row", "source_row"),
    ("person_id", "person_id"),
    ("cii", "identifier"),
    ("name", "name"),
    ("birth_date", "birth_date"),
    ("arrested_on", "arrested_on"),
    ("arresting_agency", "arresting_agency"),
    ("court", "court_printed"),
    ("docket", "case_number"),
    ("count", "count"),
    ("convicted_on", "convicted_on"),
    ("old_section", "statute"),
    ("old_grade", "grade"),
    ("new_section", "new_section"),
    ("new_grade", "new_grade"),
    ("relief", "relief"),
    ("relief_title", "relief_title"),
    ("order_date", "ordered_on"),
    ("judge", "judge"),
    ("report_by", "report_by"),
    ("reporting_ori", "reporting_ori"),
)
"""The columns that say what was done, each with its meaning; the source's own stand behind them."""

DOJ_CELLS: tuple[str, ...] = (
    "RECORD_ID", "SUBJECT_ID", "REQ_CII_NUMBER", "CII_NUMBER", "CII_TYPE", "CII_TYPE_ALPHA", "FBI_NUMBER", "PRI_NAME",
    "GENDER", "PRI_DOB", "PRI_SSN", "PRI_CDL", "PRI_IDN", "PRI_INN", "CYC_ORDER", "CYC_DATE", "STP_ORDER",
    "STP_EVENT_DATE", "STP_TYPE_CODE", "STP_TYPE_DESCR", "STP_ORI_TYPE", "STP_ORI_TYPE_DESCR", "STP_ORI_CODE",
    "STP_ORI_DESCR", "STP_ORI_CNTY_CODE", "STP_ORI_CNTY_NAME", "CNT_ORDER", "DISP_DATE", "OFN", "OFFENSE_CODE",
    "OFFENSE_DESCR", "OFFENSE_TOC", "OFFENSE_QUAL_LST", "DISP_OFFENSE_CODE", "DISP_OFFENSE_DESCR", "DISP_OFFENSE_TOC",
    "DISP_OFFENSE_QUAL_LST", "CONV_OFFENSE_ORDER", "CONV_OFFENSE_CODE", "CONV_OFFENSE_DESCR", "CONV_OFFENSE_TOC",
    "CONV_OFFENSE_QUAL_LST", "FE_NUM_ORDER", "FE_NUM_ARR_AGY", "FE_NUM_BNCH_WARR", "FE_NUM_CITE", "FE_NUM_DOCKET",
    "FE_NUM_INCIDENT", "FE_NUM_BOOKING", "FE_NUM_NUMBER", "FE_NUM_REMAND", "FE_NUM_OOS_INN", "FE_NUM_CRT_CASE",
    "FE_NUM_WARRANT", "DISP_ORDER", "DISP_CODE", "DISP_DESCR", "CONV_STAT_CODE", "CONV_STAT_DESCR",
)  # fmt: skip
"""The columns of the DOJ's file that say whose row it is, which step and which count."""

_PIECE = 500


def granted(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries that are granted."""
    return (entry for entry in entries if entry.standing is Standing.GRANTED)


def court_update(entries: Iterable[Entry], setting: Setting, layout: Layout, folder: Folder) -> int:
    """Write what was granted as the court's system takes it; give how many records that makes.

    Every piece is read back before it is written. Raises UsageError naming row and column for what does not fit: too
    long, outside the encoding, without a code, or not to be read back. Nothing is cut.
    """
    chosen = tuple(granted(entries))
    _check_codes(chosen, setting, layout)
    subjects = (Subject(entry, row, setting) for row, entry in enumerate(chosen, 1))
    records = (layout.values(subject) for subject in subjects)
    return _write(records, len(chosen), layout, folder.create(layout.file.file))


def court_update_test(reform: ReformFile, layout: Layout, folder: Folder) -> int:
    """Write a test file of invented records for the court to load first, and what must be read from it.

    It has a plain record, one with whatever may be blank left so, one with every cell full, one with the signs that
    need quotes, and one for each code.
    """
    check_layout(reform, layout)
    records = list(_samples(layout))
    name = PurePath(layout.file.file)
    _write(iter(records), len(records), layout, folder.create(f"{name.stem}_test{name.suffix}"))
    columns = [column.name for column in layout.file.columns]
    rows = [
        line((str(number), column, str(value)))
        for number, record in enumerate(records, 1)
        for column, value in zip(columns, record, strict=True)
    ]
    file = folder.create(f"{name.stem}_test_expected.csv")
    file.write(header_line(("record", "column", "value")) + encoded("".join(rows)), len(rows))
    file.close()
    return len(records)


def check_layout(reform: ReformFile, layout: Layout, columns: Sequence[str] | None = None) -> None:
    """Raise UsageError where a layout has no code for a relief of the reform, or asks for none of the ``columns``."""
    for column, lacking in codes_for([relief.id for relief in reform.reliefs], layout).items():
        if lacking:
            raise _no_code(layout, column, lacking)
    for one in layout.file.columns:
        if columns is not None and one.cell is not None and one.cell not in columns:
            raise layout.wrong(one, f"the source has no column [{one.cell}]{did_you_mean(one.cell, columns)}")


def _check_codes(entries: Sequence[Entry], setting: Setting, layout: Layout) -> None:
    found = dict.fromkeys(relief.id for relief in map(setting.relief_of, entries) if relief is not None)
    for column, lacking in codes_for(found, layout).items():
        if lacking:
            raise _no_code(layout, column, lacking)


def _no_code(layout: Layout, column: str, reliefs: Sequence[str]) -> UsageError:
    which = next(one for one in layout.file.columns if one.name == column)
    return layout.wrong(which, f"no code for the relief [{', '.join(reliefs)}]; add it to its values")


def _write(records: Iterator[list[Value]], total: int, layout: Layout, file: OutputFile) -> int:
    """Write records with what stands around them, each piece read back first."""
    file.write(layout.opening)
    row = 0
    while piece := list(islice(records, _PIECE)):
        spelled = [layout.record(values, number) for number, values in enumerate(piece, row + 1)]
        data = layout.between.join(spelled)
        if layout.read_back(layout.opening + data + layout.closing) != piece:
            raise LedgerError(
                f"the records [{row + 1}] to [{row + len(piece)}] of [{file.name}] do not read back as they were "
                "written; report it with the layout file"
            )
        file.write((layout.between if row else b"") + data, len(piece))
        row += len(piece)
    file.write(layout.closing)
    file.close()
    return _tied(file, total)


def _tied(file: OutputFile, total: int) -> int:
    if file.rows != total:
        raise LedgerError(f"[{file.name}] has {file.rows} rows where {total} were granted; report it")
    return total


def _samples(layout: Layout) -> Iterator[list[Value]]:
    columns = layout.file.columns
    plain = [_sample(column) for column in columns]
    yield plain
    # A column that takes its text from the layout has it in every record.
    free = [not column.is_date and not column.values and column.text is None for column in columns]
    yield [
        value if column.required or column.text is not None else ""
        for column, value in zip(columns, plain, strict=True)
    ]
    for text in ("X", 'Y; "Z", ', "É"):
        full = [
            _full(text, column.width or 60) if fill else value
            for column, value, fill in zip(columns, plain, free, strict=True)
        ]
        if text == "É" and layout.file.encoding == "ascii" and layout.file.format != "json":
            continue
        yield full
    for place, column in enumerate(columns):
        for value in column.values:
            yield [*plain[:place], value, *plain[place + 1 :]]


def _full(text: str, width: int) -> str:
    filled = (text * width)[:width]
    # A space at the end of a padded cell is padding.
    return filled if not filled.endswith(" ") else filled[:-1] + "X"


def _sample(column: ColumnEntry) -> Value:
    if column.text is not None:
        return column.text
    if column.values:
        return next(iter(column.values))
    sample = MEANINGS[column.source].sample if column.source is not None else "X"
    return sample if isinstance(sample, PartialDate) else sample[: column.width]


def doj_update(
    entries: Iterable[Entry],
    setting: Setting,
    folder: Folder,
    *,
    kept: Sequence[str] = DOJ_CELLS,
    ordered_only: bool = False,
    name: str = DOJ_FILE,
) -> int:
    """Write what was granted for the repository, the source's own cells kept as they are; give how many rows.

    The day and the judge of an order are blank until the court has answered; ``ordered_only`` leaves out what it has
    not. Raises UsageError where the source has none of the columns ``kept``.
    """
    chosen = [entry for entry in granted(entries) if not ordered_only or setting.order_of(entry) is not None]
    file = folder.create(name)
    file.write(header_line([column for column, _ in DOJ_MEANINGS] + list(kept)))
    rows = (_doj_row(Subject(entry, row, setting), kept) for row, entry in enumerate(chosen, 1))
    while piece := list(islice(rows, _PIECE)):
        file.write(encoded("".join(piece)), len(piece))
    file.close()
    return _tied(file, len(chosen))


def _doj_row(subject: Subject, kept: Sequence[str]) -> str:
    cells = subject.entry.cells
    lacking = next((column for column in kept if column not in cells), None)
    if lacking is not None:
        raise UsageError(
            f"the repository's update needs the column [{lacking}], which [{subject.entry.source_file}] does not "
            f"have{did_you_mean(lacking, cells)}"
        )
    return line(
        [str(MEANINGS[meaning].of(subject)) for _, meaning in DOJ_MEANINGS] + [cells[column] for column in kept]
    )
