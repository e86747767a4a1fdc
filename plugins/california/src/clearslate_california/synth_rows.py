"""An invented person's record laid out as rows of the DOJ file."""

from __future__ import annotations

from collections.abc import Iterator

from clearslate_california import synth_words as words
from clearslate_california.columns import COLUMNS
from clearslate_california.synth_people import Case, Charge, Individual, stamp

INDEX = {name: place for place, name in enumerate(COLUMNS)}
"""Where each column stands in a row."""

Row = tuple[list[str], Charge | None, int]
"""The cells of a row, the charge it is for, and how many fields are printed."""


def quoted(cell: str) -> str:
    """The cell as a comma-separated file holds it."""
    if "," in cell or '"' in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


_PERSON = {
    "SUBJECT_STATUS": "MATCHED   ",
    "REQ_SEG_SEP": "#",
    "PII_SEG_SEP": "#",
    "PDR_SEG_SEP": "#",
    "CYC_SEG_SEP": "#",
    "STP_SEG_SEP": "#",
    "CNT_SEG_SEP": "#",
    "SENT_SEG_SEP": "#",
    "PRI_SSN": "000000000",
    "PRI_CDL": "          ",
    "PRI_IDN": "          ",
    "PRI_INN": "          ",
    "FBI_NUMBER": "  -       ",
    "SINGLE_SOURCE": "Y",
    "MULTI_SOURCE": "N",
    "POB_CODE": "OZ",
    "POB_NAME": "EMERALD CITY        ",
    "POB_TYPE": "S",
    "CITIZENSHIP_LIST": "                    ",
    "FE_NUM_ARR_AGY": "              ",
    "FE_NUM_BNCH_WARR": "              ",
    "FE_NUM_CITE": "              ",
    "FE_NUM_DOCKET": "              ",
    "FE_NUM_INCIDENT": "              ",
    "FE_NUM_BOOKING": "              ",
    "FE_NUM_NUMBER": "x",
    "FE_NUM_REMAND": "              ",
    "FE_NUM_OOS_INN": "              ",
    "FE_NUM_CRT_CASE": "              ",
    "FE_NUM_WARRANT": "              ",
    "OFFENSE_QUAL_LST": "          ",
    "DISP_OFFENSE_DESCR": " " * 30,
    "DISP_OFFENSE_QUAL_LST": "          ",
    "CONV_OFFENSE_DESCR": " " * 30,
    "CONV_OFFENSE_QUAL_LST": "          ",
    "COMMENT_TEXT": " " * 20,
    "OFN": "NULL  ",
    "CII_TYPE": "1",
    "CII_TYPE_ALPHA": "A",
    "END_OF_REC": "#",
}
_BLANK = [_PERSON.get(name, "") for name in COLUMNS]

_GRADE_CODES = {"FELONY": "1", "MISDEMEANOR": "2", "INFRACTION": "3"}
_UNIT_WORDS = {"D": "DAYS", "M": "MONTHS", "Y": "YEARS"}


def _base(person: Individual) -> list[str]:
    row = _BLANK.copy()
    name = quoted(f"{person.name:<30}")
    birth = stamp(person.birth)
    values = {
        "SUBJECT_ID": person.subject,
        "REQ_CII_NUMBER": person.cii,
        "REQ_NAME": name,
        "REQ_GENDER": person.sex,
        "REQ_DOB": birth,
        "CII_NUMBER": person.cii,
        "PRI_NAME": name,
        "GENDER": person.sex,
        "PRI_DOB": birth,
        "RACE_CODE": person.race[0],
        "RACE_DESCR": f"{person.race[1]:<20}",
        "EYE_COLOR_CODE": person.body[0][:3],
        "EYE_COLOR_DESCR": f"{person.body[0]:<10}",
        "HAIR_COLOR_CODE": person.body[1][:3],
        "HAIR_COLOR_DESCR": f"{person.body[1]:<10}",
        "HEIGHT": person.body[2],
        "WEIGHT": person.body[3],
        **{column: quoted(cell) for column, cell in person.cells.items()},
    }
    for column, cell in values.items():
        row[INDEX[column]] = cell
    return row


def _put(base: list[str], values: tuple[tuple[int, str], ...]) -> list[str]:
    row = base.copy()
    for place, cell in values:
        row[place] = cell
    return row


(
    _CYC_ORDER, _CYC_DATE, _CYC_AGE, _STP_ORDER, _EVENT_DATE, _TYPE_CODE, _TYPE, _ORI_TYPE, _ORI_TYPE_WORDS, _ORI_CODE,
    _ORI, _COUNTY_CODE, _COUNTY, _COUNT, _DISP_DATE, _OFN, _OFFENSE_CODE, _OFFENSE, _TOC, _DISP_ORDER, _DISP_CODE,
    _DISP, _GRADE_CODE, _GRADE, _SENT_ORDER, _SENT_CODE, _SENT, _LENGTH, _UNIT, _UNIT_WORD, _COMMENT,
) = (
    INDEX[name] for name in (
        "CYC_ORDER", "CYC_DATE", "CYC_AGE", "STP_ORDER", "STP_EVENT_DATE", "STP_TYPE_CODE", "STP_TYPE_DESCR",
        "STP_ORI_TYPE", "STP_ORI_TYPE_DESCR", "STP_ORI_CODE", "STP_ORI_DESCR", "STP_ORI_CNTY_CODE",
        "STP_ORI_CNTY_NAME", "CNT_ORDER", "DISP_DATE", "OFN", "OFFENSE_CODE", "OFFENSE_DESCR", "OFFENSE_TOC",
        "DISP_ORDER", "DISP_CODE", "DISP_DESCR", "CONV_STAT_CODE", "CONV_STAT_DESCR", "SENT_ORDER", "SENT_LOC_CODE",
        "SENT_LOC_DESCR", "SENT_LENGTH", "SENT_TIME_CODE", "SENT_TIME_DESCR", "COMMENT_TEXT",
    )
)  # fmt: skip


def rows(person: Individual) -> Iterator[Row]:
    """The person's rows in file order: arrest, court and later steps of each case, then what follows."""
    base = _base(person)
    cases = sorted(person.cases, key=lambda case: case.arrested)
    for order, case in enumerate(cases, start=101):
        county_code = f"{words.COUNTIES.index(case.county) + 1:02d}" if case.county in words.COUNTIES else "00"
        opened = _put(
            base,
            (
                (_CYC_ORDER, str(order)),
                (_CYC_DATE, stamp(case.arrested)),
                (_CYC_AGE, str((case.arrested - person.birth) * 400 // 146097)),
                (_COUNTY_CODE, county_code),
                (_COUNTY, case.county),
            ),
        )
        yield from _arrest(opened, order, case)
        if case.disposed is not None:
            yield from _court(opened, order, case, case.disposed)
        for step, later in enumerate(case.later, start=3):
            charge = case.charges[later.charge]
            row = _step(
                opened, f"{order}{step:03d}{later.charge + 1:03d}000", later.day, step, "COURT ACTION", case, charge
            )
            row[_DISP] = f"{later.disposition:<36}"
            row[_DISP_DATE] = row[_EVENT_DATE]
            yield row, None, len(COLUMNS)
    yield from _closing(base, person, 101 + len(cases))


def _step(base: list[str], count: str, day: int, step: int, kind: str, case: Case, charge: Charge) -> list[str]:
    court = kind == "COURT ACTION"
    return _put(
        base,
        (
            (_STP_ORDER, f"{step:03d}"),
            (_EVENT_DATE, stamp(day)),
            (_TYPE_CODE, "C" if court else "A"),
            (_TYPE, kind),
            (_ORI_TYPE, "C" if court else "P"),
            (_ORI_TYPE_WORDS, "COURT     " if court else "POLICE    "),
            (_ORI_CODE, "OZ0000000"),
            (_ORI, f"{('CASC ' if court else 'CAPD ') + case.county:<30}"),
            (_COUNT, count),
            (_OFFENSE_CODE, "00000"),
            (_OFFENSE, quoted(f"{charge.offense:<50}")),
            (_TOC, charge.toc),
        ),
    )


def _arrest(opened: list[str], order: int, case: Case) -> Iterator[Row]:
    for number, charge in enumerate(case.charges, start=1):
        row = _step(opened, f"{order}001{number:03d}000", case.arrested, 1, "ARREST/DETAINED/CITED", case, charge)
        if case.disposed is None:
            row[_DISP] = f"{charge.disposition:<36}"
        yield row, None, len(COLUMNS)


def _court(opened: list[str], order: int, case: Case, day: int) -> Iterator[Row]:
    columns: list[list[Row]] = []
    for number, charge in enumerate(case.charges, start=1):
        first = _step(opened, f"{order}002{number:03d}000", day, 2, "COURT ACTION", case, charge)
        first[_DISP_DATE] = first[_EVENT_DATE]
        if number == 1:
            first[_OFN] = case.number
        first[_DISP_ORDER], first[_DISP_CODE] = "1", "000"
        first[_DISP] = f"{charge.disposition:<36}"
        first[_GRADE_CODE] = _GRADE_CODES.get(charge.grade, "")
        first[_GRADE] = f"{charge.grade:<12}"
        if charge.comment:
            first[_COMMENT] = quoted(charge.comment)
        for column, cell in charge.cells.items():
            first[INDEX[column]] = quoted(cell)
        parts: list[Row] = []
        for part, (place, length, unit) in enumerate(charge.parts or [("", "", "")], start=1):
            row = first.copy()
            if charge.parts:
                row[_SENT_ORDER], row[_SENT_CODE], row[_SENT] = str(part), place[:2], f"{place:<12}"
                row[_LENGTH], row[_UNIT], row[_UNIT_WORD] = length, unit, _UNIT_WORDS.get(unit, "")
            parts.append((row, charge, charge.fields))
        columns.append(parts)
    if case.interleaved:
        longest = max(len(parts) for parts in columns)
        yield from (parts[place] for place in range(longest) for parts in columns if place < len(parts))
    else:
        for parts in columns:
            yield from parts


def _closing(base: list[str], person: Individual, order: int) -> Iterator[Row]:
    for day, offense in person.registered:
        yield _sole(base, order, day, "REGISTRATION", quoted(f"{offense:<50}"), person), None, len(COLUMNS)
        order += 1
    if person.died is not None:
        yield _sole(base, order, person.died, "DECEASED", "", person), None, len(COLUMNS)


def _sole(base: list[str], order: int, day: int, kind: str, offense: str, person: Individual) -> list[str]:
    row = _put(
        base,
        (
            (_CYC_ORDER, str(order)),
            (_CYC_DATE, stamp(day)),
            (_STP_ORDER, "001"),
            (_EVENT_DATE, stamp(day)),
            (_TYPE, kind),
            (_ORI, f"{'CAPD ' + person.marijuana.county:<30}"),
            (_COUNTY, person.marijuana.county),
            (_COUNT, f"{order}001001000"),
            (_OFFENSE, offense),
        ),
    )
    for column, cell in person.last_cells.items():
        row[INDEX[column]] = quoted(cell)
    return row
