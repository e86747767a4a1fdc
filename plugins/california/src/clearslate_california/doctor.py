"""A look at DOJ files before a run: what is in them, and what a person should mend or know first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from clearslate.ingest.examine import Check, Examination, Severity, Table, Tally
from clearslate.ingest.frame import Column, Frame
from clearslate.ingest.lines import cells_of
from clearslate.ingest.reader import Reading, Reject
from clearslate.ingest.source import Source
from clearslate.model import Statute
from clearslate.model.grammar import CODE_GUESSED
from clearslate_california.cells import (
    COUNT_DIGITS,
    Ints,
    charged_grade,
    county_name,
    is_fine,
    numbers,
    sentence_length,
    sentence_unit,
    stated_grade,
)
from clearslate_california.columns import COLUMNS, NEEDED
from clearslate_california.dates import BLANK, UNREADABLE, day_number
from clearslate_california.rows import Offenses
from clearslate_california.statutes import COMMENT_OTHER_STATUTE, OFFENSE_FROM_COMMENT
from clearslate_california.wording import Kind, Said, is_filler, kind_of, wording

Bools = npt.NDArray[np.bool_]

_DATES = ("CYC_DATE", "STP_EVENT_DATE", "DISP_DATE", "PRI_DOB")
_NUMBERS = ("SUBJECT_ID", "CII_NUMBER", "CNT_ORDER", "OFN", "SENT_LENGTH", *_DATES)

_DATE_OF_A_SPREADSHEET = re.compile(r"[0-9]{1,4}[/-][0-9]{1,2}[/-][0-9]{1,4}(?: [0-9:.]+(?: ?[AP]M)?)?")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,3}")
_DECIMAL = re.compile(r"[0-9]+\.0+")

_CANNABIS = frozenset({"11357", "11358", "11359", "11360", "11361", "11530", "11531", "11532"})
"""The sections of Proposition 64, their neighbors in number, and their numbers until 1973."""

_INFO, _WARNING, _PROBLEM = Severity.INFO, Severity.WARNING, Severity.PROBLEM

_SAYS: dict[str, tuple[Severity, str]] = {
    "unreadable_statute": (_WARNING, "OFFENSE_DESCR and COMMENT_TEXT give no statute that can be read"),
    "code_guessed": (_INFO, "no code letters are printed behind the section, and HS is supplied"),
    "offense_from_comment": (_INFO, "OFFENSE_DESCR refers to COMMENT_TEXT, and the charge is read from there"),
    "comment_other_statute": (_INFO, "COMMENT_TEXT begins with another statute than OFFENSE_DESCR"),
    "missing_disposition": (_WARNING, "a court row states no disposition, and may be a conviction"),
    "doubtful_disposition": (_WARNING, "DISP_DESCR may mean a conviction but does not begin with CONVICTED"),
    "disposition_not_understood": (_WARNING, "DISP_DESCR is in no table: on these rows it may mean a conviction"),
    "unknown_kind": (_INFO, "STP_TYPE_DESCR is blank or none of the known kinds"),
    "blank_county": (_WARNING, "a conviction row names no county"),
    "blank_grade": (_WARNING, "neither CONV_STAT_DESCR nor OFFENSE_TOC says how grave a conviction is"),
    "unknown_grade": (_WARNING, "CONV_STAT_DESCR of a conviction is none of FELONY, MISDEMEANOR, INFRACTION"),
    "unknown_sentence_unit": (_WARNING, "SENT_LENGTH is stated and SENT_TIME_CODE is none of D, M, Y"),
    "unreadable_sentence_length": (_WARNING, "SENT_LENGTH is no whole number"),
    "no_sentence": (_INFO, "a conviction row states no sentence"),
    "disposed_before_arrest": (_WARNING, "the disposition is dated before CYC_DATE, and so unknown"),
    "arrested_before_birth": (_WARNING, "PRI_DOB is later than CYC_DATE"),
    "no_disposition_date": (_WARNING, "a conviction row has neither STP_EVENT_DATE nor DISP_DATE"),
    "no_arrest_date": (_WARNING, "a conviction row has no CYC_DATE"),
    "no_birth_date": (_WARNING, "a conviction row has no PRI_DOB"),
    "two_birth_dates": (_WARNING, "persons have two birth dates under one SUBJECT_ID, so none; first rows are named"),
    "shared_identifier": (_WARNING, "persons share a CII_NUMBER with another SUBJECT_ID; first rows are named"),
    "several_files": (_INFO, "persons have rows in more than one file; first rows are named"),
    "not_together": (_INFO, "persons have rows that do not follow each other; first rows are named"),
    "short_cii": (_WARNING, "CII_NUMBER is shorter than most and only digits: leading zeros may be lost"),
    "lost_zeros": (_PROBLEM, f"CNT_ORDER has fewer than {COUNT_DIGITS} digits: leading zeros may be lost"),
}


class FramedReading(Reading, Protocol):
    """A reading that also gives its rows as columns, and its rejected rows as they stand."""

    def frames(self, columns: Sequence[str]) -> Iterator[Frame]:
        """All rows that are used, whole persons at a time, with the columns named."""

    def rejected(self) -> Iterator[tuple[Reject, bytes]]:
        """The rejected rows with their bytes."""


class FramedReader(Protocol):
    """A reader whose reading gives frames."""

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> FramedReading:
        """Survey the files. Raises InputError."""


def examine(
    reader: FramedReader, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None
) -> Examination:
    """Look at DOJ files through their reader and change nothing. Raises InputError as ``open`` does.

    Nothing depends on the day: a date counts as odd only beside another date of its row.
    """
    reading = reader.open(files, progress)
    look = _Look(reading.rejects)
    for frame in reading.frames(NEEDED):
        look.at(frame)
    look.at_rejected(reading.rejected())
    checks = list(_of_rejects(reading.rejects))
    if reading.rows_repeated:
        says = "rows repeat a row of an earlier file and are used once"
        checks.append(Check("repeated_rows", _INFO, reading.rows_repeated, (), says))
    return Examination(
        tuple(reading.inputs),
        reading.rows_read,
        reading.people,
        (*checks, *look.checks()),
        (
            Table("counties", "Conviction rows by county", _ranked(reading.counties)),
            Table(
                "cannabis_sections", "Conviction rows by section: Proposition 64 and near it", _ranked(look.cannabis)
            ),
            Table("other_sections", "Conviction rows by section: all others", _ranked(look.others)),
        ),
    )


def _ranked(counts: Counter[str] | object) -> tuple[tuple[str, int], ...]:
    assert isinstance(counts, dict)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _of_rejects(rejects: Sequence[Reject]) -> Iterator[Check]:
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for reject in rejects:
        tallies[reject.problem].add([reject.place])
    for problem, tally in sorted(tallies.items()):
        check = f"rejected_{problem.replace(' ', '_')}"
        yield Check(check, _PROBLEM, tally.count, tally.rows, f"rows are rejected: {problem}")


class _Look:
    """What was seen so far, frame after frame."""

    def __init__(self, rejects: Sequence[Reject]) -> None:
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.says = dict(_SAYS)
        self.cannabis: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self._cii_lengths: defaultdict[int, Tally] = defaultdict(Tally)
        by_file: defaultdict[int, list[int]] = defaultdict(list)
        for reject in rejects:
            by_file[reject.place.file].append(reject.place.row)
        self._rejected = {file: np.asarray(sorted(rows), np.int64) for file, rows in by_file.items()}

    def checks(self) -> Iterator[Check]:
        """A check for everything that was found."""
        self._short_ciis()
        for name, (severity, says) in self.says.items():
            tally = self.tallies.get(name)
            if tally is not None and tally.count:
                yield Check(name, severity, tally.count, tally.rows, says)

    def at(self, frame: Frame) -> None:
        """Look at some whole persons."""
        if not len(frame):
            return
        said = numbers(frame.columns["DISP_DESCR"], lambda text: wording(text).said)
        kind = numbers(frame.columns["STP_TYPE_DESCR"], kind_of)
        convicted = said == Said.CONVICTED
        self._dispositions(frame, said, kind)
        self._offenses(frame, convicted, convicted | ((said == Said.NOTHING) & (kind == Kind.COURT)))
        self._grades(frame, convicted)
        self._sentences(frame, convicted)
        self._dates(frame, convicted)
        self._spreadsheet(frame)
        self._persons(frame)

    def _note(self, name: str, frame: Frame, rows: Bools) -> None:
        self.tallies[name].add_rows(frame, rows)

    def _dispositions(self, frame: Frame, said: Ints, kind: Ints) -> None:
        self._note("missing_disposition", frame, (said == Said.NOTHING) & (kind == Kind.COURT))
        self._note("doubtful_disposition", frame, said == Said.PERHAPS)
        open_kind = (kind == Kind.COURT) | (kind == Kind.UNKNOWN) | (kind == Kind.OTHER)
        graded = ~_where(frame, "CONV_STAT_DESCR", is_filler)
        self._note("disposition_not_understood", frame, (said == Said.UNREAD) & (open_kind | graded))
        self._note("unknown_kind", frame, (kind == Kind.UNKNOWN) | (kind == Kind.OTHER))
        no_county = _where(frame, "STP_ORI_CNTY_NAME", lambda text: county_name(text) is None)
        self._note("blank_county", frame, (said == Said.CONVICTED) & no_county)

    def _offenses(self, frame: Frame, convicted: Bools, matters: Bools) -> None:
        seen = Offenses(frame)
        found, code = seen.offenses, seen.code

        def rows_with(wanted: list[bool]) -> Bools:
            return np.asarray(wanted, np.bool_)[code]

        marks = [() if offense.statute is None else offense.statute.marks for offense in found]
        self._note("unreadable_statute", frame, matters & rows_with([offense.statute is None for offense in found]))
        self._note("code_guessed", frame, matters & rows_with([CODE_GUESSED in its for its in marks]))
        for name, flag in (
            ("offense_from_comment", OFFENSE_FROM_COMMENT),
            ("comment_other_statute", COMMENT_OTHER_STATUTE),
        ):
            self._note(name, frame, matters & rows_with([flag in offense.flags for offense in found]))
        for offense, count in zip(found, np.bincount(code[convicted], minlength=len(found)).tolist(), strict=True):
            if count and offense.statute is not None:
                table = self.cannabis if _is_near_cannabis(offense.statute) else self.others
                table[_short(offense.statute)] += count

    def _grades(self, frame: Frame, convicted: Bools) -> None:
        stated = numbers(frame.columns["CONV_STAT_DESCR"], stated_grade)
        charged = numbers(frame.columns["OFFENSE_TOC"], charged_grade)
        self._note("blank_grade", frame, convicted & (stated == 0) & (charged == 0))
        self._note("unknown_grade", frame, convicted & (stated < 0))

    def _sentences(self, frame: Frame, convicted: Bools) -> None:
        stated = _where(frame, "SENT_LENGTH", lambda text: not is_filler(text))
        readable = _where(frame, "SENT_LENGTH", lambda text: sentence_length(text) is not None)
        takes_time = _where(frame, "SENT_LENGTH", lambda text: bool(sentence_length(text)))
        no_unit = _where(frame, "SENT_TIME_CODE", lambda text: sentence_unit(text) is None)
        fine = _where(frame, "SENT_LOC_DESCR", is_fine)
        self._note("unreadable_sentence_length", frame, stated & ~readable & ~fine)
        self._note("unknown_sentence_unit", frame, takes_time & no_unit & ~fine)
        no_place = _where(frame, "SENT_LOC_DESCR", is_filler)
        self._note("no_sentence", frame, convicted & ~stated & no_place)

    def _dates(self, frame: Frame, convicted: Bools) -> None:
        days = {name: numbers(frame.columns[name], day_number) for name in _DATES}
        for name, day in days.items():
            found = (
                ("unreadable_date", _WARNING, "states something that is no date YYYYMMDD", day == UNREADABLE),
                ("partial_date", _INFO, "states a year or a month only", (day > 0) & (day % 100 == 0)),
            )
            for check, severity, says, rows in found:
                self.says.setdefault(f"{check}_{name}", (severity, f"{name} {says}"))
                self._note(f"{check}_{name}", frame, rows)
        arrested, event, disp, born = (days[name] for name in _DATES)
        disposed = np.where(event > 0, event, disp)
        self._note("no_arrest_date", frame, convicted & (arrested == BLANK))
        self._note("no_disposition_date", frame, convicted & (event == BLANK) & (disp == BLANK))
        self._note("no_birth_date", frame, convicted & (born == BLANK))
        self._note("disposed_before_arrest", frame, _surely_before(disposed, arrested))
        self._note("arrested_before_birth", frame, _surely_before(arrested, born))

    def _spreadsheet(self, frame: Frame) -> None:
        for name in NEEDED:
            self._damage("hashes", name, "is filled with # as of a column too narrow", frame, _is_hashes)
        for name in _NUMBERS:
            self._damage("scientific", name, "is a number such as 1.01002E+11", frame, _SCIENTIFIC.fullmatch)
            self._damage("decimal", name, "ends in .0", frame, _DECIMAL.fullmatch)
        for name in _DATES:
            self._damage("slashed_date", name, "is a date such as 1/1/2015", frame, _DATE_OF_A_SPREADSHEET.fullmatch)
        ciis = frame.columns["CII_NUMBER"]
        lengths = numbers(ciis, lambda text: len(text) if text.isascii() and text.isdigit() else 0)
        for length in np.unique(lengths).tolist():
            if length:
                self._cii_lengths[length].add_rows(frame, lengths == length)

    def _damage(self, check: str, name: str, says: str, frame: Frame, test: Callable[[str], object]) -> None:
        rows = _where(frame, name, lambda text: bool(test(text)))
        if rows.any():
            self._damaged(check, name, says)
            self._note(f"{check}_{name}", frame, rows)

    def _damaged(self, check: str, name: str, says: str) -> None:
        # A key that is damaged the same way everywhere still groups rows, but two may have become one.
        severity = _PROBLEM if name in ("SUBJECT_ID", "CII_NUMBER", "CNT_ORDER") else _WARNING
        self.says.setdefault(f"{check}_{name}", (severity, f"{name} {says}: a spreadsheet has changed it"))

    def _short_ciis(self) -> None:
        if not self._cii_lengths:
            return
        usual = max(self._cii_lengths, key=lambda length: (self._cii_lengths[length].count, length))
        for length, tally in self._cii_lengths.items():
            if length < usual:
                self.tallies["short_cii"].add_tally(tally)
        self._cii_lengths.clear()

    def _persons(self, frame: Frame) -> None:
        people = len(frame.starts) - 1
        person = np.repeat(np.arange(people, dtype=np.int64), np.diff(frame.starts))
        born = numbers(frame.columns["PRI_DOB"], day_number)
        known = born > 0
        dates = np.unique(np.stack((person[known], born[known])), axis=1)[0] if known.any() else person[:0]
        two_dates = np.bincount(dates, minlength=people) > 1
        shared = np.zeros(people, np.bool_)
        shared[sorted(frame.shared)] = True
        inside = person[1:] == person[:-1]
        other_file = inside & (frame.file[1:] != frame.file[:-1])
        apart = inside & ~other_file & (self._step(frame) > 1)
        for name, chosen in (
            ("two_birth_dates", two_dates),
            ("shared_identifier", shared),
            ("several_files", np.bincount(person[1:][other_file], minlength=people) > 0),
            ("not_together", np.bincount(person[1:][apart], minlength=people) > 0),
        ):
            self.tallies[name].add(frame.place(int(frame.starts[index])) for index in np.flatnonzero(chosen))

    def _step(self, frame: Frame) -> Ints:
        """How many rows further each row stands than the one before it, rejected rows not counted."""
        place = frame.row.astype(np.int64)
        for file, rejected in self._rejected.items():
            of_file = frame.file == file
            place[of_file] -= np.searchsorted(rejected, place[of_file])
        return place[1:] - place[:-1]

    def at_rejected(self, rejected: Iterable[tuple[Reject, bytes]]) -> None:
        """Look at the rejected rows for a CNT_ORDER that a spreadsheet spoiled."""
        position = COLUMNS.index("CNT_ORDER")
        for reject, body in rejected:
            cells = cells_of(body.rstrip(b"\r\n"))
            cell = cells[position].strip() if position < len(cells) else ""
            if _SCIENTIFIC.fullmatch(cell) or _DECIMAL.fullmatch(cell):
                name = "scientific" if _SCIENTIFIC.fullmatch(cell) else "decimal"
                self._damaged(name, "CNT_ORDER", "is a number such as 1.01002E+11, or ends in .0")
                self.tallies[f"{name}_CNT_ORDER"].add([reject.place])
            elif cell.isascii() and cell.isdigit() and len(cell) < COUNT_DIGITS:
                self.tallies["lost_zeros"].add([reject.place])


def _where(frame: Frame, name: str, test: Callable[[str], bool]) -> Bools:
    """For each row, whether its cell passes the test."""
    column: Column = frame.columns[name]
    return column.where([test(value) for value in column.values])


def _is_hashes(text: str) -> bool:
    return len(text) > 1 and not text.strip("#")


def _surely_before(first: Ints, second: Ints) -> Bools:
    """For each row, whether one wholly known day is earlier than the other."""
    exact = (first > 0) & (second > 0) & (first % 100 > 0) & (second % 100 > 0)
    return exact & (first < second)


def _is_near_cannabis(statute: Statute) -> bool:
    return any(
        section.number in _CANNABIS or section.number.partition(".")[0] in _CANNABIS for section in statute.sections
    )


def _short(statute: Statute) -> str:
    """The offense's section without what is stacked on it, as the tables of counts name it."""
    kind = "attempt of " * statute.attempt + "conspiracy: " * statute.conspiracy
    return f"{kind}{statute.section}"
