"""Lists for other offices: one for each agency that arrested, one for each office that referred charges go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clearslate.errors import LedgerError
from clearslate.filing.documents import Typesetter, template, volumes
from clearslate.filing.entry import Entry, Standing
from clearslate.filing.meanings import MEANINGS, Setting, Subject, in_words, squeezed
from clearslate.filing.office import Agency
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder

AGENCIES, REFERRALS = "agencies.csv", "referrals.csv"
"""The indexes: which file is whose."""

INDEX = ("file", "notice", "name", "in_table", "address", "email", "printed_as", "entries", "people")
NOTICE: tuple[tuple[str, str], ...] = (
    ("row", "row"),
    ("name", "name"),
    ("other_names", "other_names"),
    ("birth_date", "birth_date"),
    ("identifier", "identifier"),
    ("arrested_on", "arrested_on"),
    ("arresting_agency", "arresting_agency"),
    ("court", "court_printed"),
    ("case_number", "case_number"),
    ("count", "count"),
    ("offense", "offense"),
    ("statute", "statute"),
    ("convicted_on", "convicted_on"),
    ("relief", "relief"),
    ("relief_title", "relief_title"),
    ("order_date", "ordered_on"),
    ("judge", "judge"),
)
"""The columns of an agency's list, each with its meaning."""

REFERRED: tuple[tuple[str, str], ...] = (
    ("row", "row"),
    ("source_file", "source_file"),
    ("source_row", "source_row"),
    ("person_id", "person_id"),
    ("name", "name"),
    ("birth_date", "birth_date"),
    ("identifier", "identifier"),
    ("county", "county"),
    ("court", "court_printed"),
    ("case_number", "case_number"),
    ("count", "count"),
    ("arresting_agency", "arresting_agency"),
    ("arrested_on", "arrested_on"),
    ("offense", "offense"),
    ("statute", "statute"),
    ("grade", "grade"),
    ("convicted_on", "convicted_on"),
)
"""The columns of a list of referred charges; behind them stand the office, the rule and the reason."""

_WHY = ("refer_to", "rule", "reason", "citations")
_SHOWN = ("case_number", "name", "birth_date", "arrested_on", "statute", "relief_title", "ordered_on")
_NOT_NAMED = "not named"
_PIECE = 500


class Lists(NamedTuple):
    """What was written: how many lists, how many entries in them, and those of names that the table lacks."""

    lists: int
    entries: int
    not_in_table: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the lists are called, their index, and how an entry stands on one."""

    stem: str
    index: str
    columns: Sequence[str]
    row: Callable[[Subject], list[str]]


@dataclass(slots=True, repr=False)
class _List:
    name: str
    agency: Agency | None
    printed: dict[str, None] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def agency_lists(
    entries: Iterable[Entry],
    setting: Setting,
    folder: Folder,
    *,
    kept: Sequence[str] = (),
    typesetter: Typesetter | None = None,
) -> Lists:
    """Write what was granted for each agency that arrested, and which file is whose; a notice too with ``typesetter``.

    ``kept`` are columns of the source that go with each entry, such as the agency's own number. An agency that the
    office's table lacks has a list under the name that the records print. Raises LedgerError where entries are lost.
    """
    chosen = [entry for entry in entries if entry.standing is Standing.GRANTED]
    lists: dict[str, _List] = {}
    for entry in chosen:
        printed = squeezed(setting.arrested_by(entry))
        agency = setting.office.agency(printed)
        _join(lists, printed or _NOT_NAMED, agency, printed, entry)
    columns = [column for column, _ in NOTICE] + list(kept)

    def row(subject: Subject) -> list[str]:
        cells = subject.entry.cells
        return [_text(subject, meaning) for _, meaning in NOTICE] + [cells.get(column, "") for column in kept]

    kind = _Kind("agency", AGENCIES, columns, row)
    return _write(kind, _ordered(lists, setting), len(chosen), setting, folder, typesetter)


def referral_lists(entries: Iterable[Entry], setting: Setting, folder: Folder) -> Lists:
    """Write what was referred, one list for each office by the table of referrals, and which file is whose.

    What the table has no office for stands on a list under what the policy calls the office.
    """
    chosen = [entry for entry in entries if entry.standing is Standing.REFERRED]
    lists: dict[str, _List] = {}
    for entry in chosen:
        refer_to = _refer_to(entry)
        printed = squeezed(setting.arrested_by(entry))
        agency = setting.office.referred(refer_to, printed) if refer_to else None
        _join(lists, refer_to or _NOT_NAMED, agency, printed, entry)
    columns = [column for column, _ in REFERRED] + list(_WHY)

    def row(subject: Subject) -> list[str]:
        got = subject.entry.decided.determination
        why = [_refer_to(subject.entry), got.rule, got.reason, "; ".join(got.citations)]
        return [_text(subject, meaning) for _, meaning in REFERRED] + why

    return _write(_Kind("referral", REFERRALS, columns, row), _ordered(lists, setting), len(chosen), setting, folder)


def _refer_to(entry: Entry) -> str:
    return squeezed(entry.decided.determination.decision.refer_to)


def _text(subject: Subject, meaning: str) -> str:
    return str(MEANINGS[meaning].of(subject))


def _join(lists: dict[str, _List], name: str, agency: Agency | None, printed: str, entry: Entry) -> None:
    """Put an entry on the list of its agency; names that the table says are one agency share a list."""
    key = f"-{name}" if agency is None else f"+{agency.model_dump_json()}"
    one = lists.setdefault(key, _List(name if agency is None else agency.name, agency))
    one.printed[printed] = None
    one.entries.append(entry)


def _ordered(lists: Mapping[str, _List], setting: Setting) -> list[_List]:
    """The lists in the order of the office's table, those that it lacks by name behind them."""
    table = list(setting.office.agencies.values())

    def place(one: _List) -> tuple[int, str]:
        return (len(table), one.name) if one.agency is None else (table.index(one.agency), "")

    return sorted(lists.values(), key=place)


def _write(
    kind: _Kind,
    lists: Sequence[_List],
    total: int,
    setting: Setting,
    folder: Folder,
    typesetter: Typesetter | None = None,
) -> Lists:
    digits = max(3, len(str(len(lists))))
    rows, written = [], 0
    for number, one in enumerate(lists, 1):
        # Numbered, because a name of the record is no name of a file.
        name = f"{kind.stem}_{number:0{digits}d}"
        file = folder.create(f"{name}.csv")
        subjects = [Subject(entry, place, setting) for place, entry in enumerate(one.entries, 1)]
        file.write(header_line(kind.columns))
        for start in range(0, len(subjects), _PIECE):
            piece = [line(kind.row(subject)) for subject in subjects[start : start + _PIECE]]
            file.write(encoded("".join(piece)), len(piece))
        file.close()
        written += file.rows
        notices = [] if typesetter is None else _notices(name, one, subjects, setting, folder, typesetter)
        rows.append(line(_indexed(one, file.name, notices)))
    if written != total:
        raise LedgerError(f"the lists of [{kind.index}] hold {written} entries where there are {total}; report it")
    file = folder.create(kind.index)
    file.write(header_line(INDEX) + encoded("".join(rows)), len(rows))
    file.close()
    lacking = {one.name: len(one.entries) for one in lists if one.agency is None}
    return Lists(len(lists), written, lacking)


def _indexed(one: _List, file: str, notices: Sequence[str]) -> tuple[str, ...]:
    agency = one.agency
    people = len({entry.decided.person.person_id for entry in one.entries})
    return (
        file,
        "; ".join(notices),
        one.name,
        "no" if agency is None else "yes",
        "" if agency is None else "; ".join(agency.address),
        "" if agency is None else agency.email,
        "; ".join(one.printed),
        str(len(one.entries)),
        str(people),
    )


def _notices(
    name: str, one: _List, subjects: Sequence[Subject], setting: Setting, folder: Folder, typesetter: Typesetter
) -> list[str]:
    """Write the notice that goes with a list, in volumes where it is long; give the names of its files."""
    office = setting.office
    source = template("clearslate.filing", "templates/notice.typ")
    parts = volumes(len(subjects))
    names = []
    for part, rows in enumerate(parts, 1):
        data = {
            "title": "Notice to the arresting agency",
            "from": {
                "agency": office.attorney.agency,
                "address": office.attorney.address,
                "telephone": office.attorney.telephone,
                "email": office.attorney.email,
            },
            "to": [one.name, *(one.agency.address if one.agency is not None else ())],
            "made_on": in_words(setting.made_on),
            "court": office.court.name,
            "law": f"{squeezed(setting.reform.title)} ({squeezed(setting.reform.statute)})",
            "total": len(subjects),
            "ordered": sum(setting.order_of(subject.entry) is not None for subject in subjects),
            "part": part,
            "parts": len(parts),
            "rows": [[_text(subjects[place], meaning) for meaning in _SHOWN] for place in rows],
        }
        file = folder.create(f"{name}.pdf" if len(parts) == 1 else f"{name}_part_{part}.pdf")
        file.write(typesetter.pdf(file.name, source, data).data)
        file.close()
        names.append(file.name)
    return names
