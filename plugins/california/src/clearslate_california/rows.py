"""The rows of a frame as numbers, sorted by person, cycle, step and count, and grouped into counts.

Everything here works on whole columns: cells are understood once for each distinct value and
compared as numbers. No object is made for a row.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from clearslate.ingest.frame import Frame
from clearslate.model import Section, Statute
from clearslate_california.cells import (
    FELONY,
    Ints,
    charged_grade,
    count_number,
    county_name,
    each,
    numbers,
    spread,
    stated_grade,
)
from clearslate_california.dates import day_number
from clearslate_california.statutes import charges_nothing, offense_of
from clearslate_california.wording import Kind, Said, is_filler, kind_of, wording

Bools = npt.NDArray[np.bool_]

EVENT = 10**6
CYCLE = 10**9
PERSON = 10**12
"""A count's key is person, cycle, step, count and three more digits in one number; these cut it."""

NO_STATUTE = 0


class Offenses:
    """The distinct offenses of a frame, and which of them each row charges.

    ``code`` gives each row's offense, ``statute_code`` the statute of each offense as a number
    that equal statutes share (NO_STATUTE where unreadable), in an order that depends on the
    statutes alone; ``statutes`` gives one statute for each such number, without its text.
    ``blank`` says which offenses no cell names, ``uncharged`` which texts name something that is no charge.
    """

    def __init__(self, frame: Frame) -> None:
        texts, comments = frame.columns["OFFENSE_DESCR"], frame.columns["COMMENT_TEXT"]
        said = np.asarray([bool(value) for value in comments.values] or [False], dtype=np.bool_)
        self.code: Ints
        printed: list[tuple[str, str]]
        blank_texts = [is_filler(value) for value in texts.values]
        if len(comments.codes) and bool(said[comments.codes].any()):
            width = len(comments.values)
            pairs = texts.codes.astype(np.int64) * width + comments.codes
            distinct, inverse = np.unique(pairs, return_inverse=True)
            self.code = inverse.astype(np.int64).reshape(-1)
            cells = [(int(pair) // width, int(pair) % width) for pair in distinct]
            printed = [(texts.values[text], comments.values[comment]) for text, comment in cells]
            self.blank = np.asarray(
                [blank_texts[text] and is_filler(comments.values[comment]) for text, comment in cells],
                np.bool_,
            )
        else:
            self.code = texts.codes.astype(np.int64)
            printed = [(text, "") for text in texts.values]
            self.blank = np.asarray(blank_texts or [False], np.bool_)
        self.offenses = [offense_of(text, comment) for text, comment in printed]
        self.uncharged = np.asarray(
            [
                offense.statute is None and charges_nothing(text, comment)
                for offense, (text, comment) in zip(self.offenses, printed, strict=True)
            ]
            or [False],
            np.bool_,
        )
        known = {offense.statute for offense in self.offenses if offense.statute is not None}
        ordered = sorted(known, key=lambda statute: (str(statute), statute.marks))
        self.statutes: list[Statute | None] = [None]
        self.statutes += [dataclasses.replace(statute, raw=str(statute)) for statute in ordered]
        place = {statute: number for number, statute in enumerate(ordered, start=1)}
        self.statute_code = np.asarray(
            [NO_STATUTE if offense.statute is None else place[offense.statute] for offense in self.offenses] or [0],
            np.int64,
        )

    def registers(self, number: int) -> bool:
        """Whether an offense is PC 290 and the sections after it, or cannot be read."""
        statute = self.offenses[number].statute
        return statute is None or any(_registers(section) for section in statute.sections)


def _registers(section: Section) -> bool:
    return section.code in ("PC", None) and section.number.split(".")[0] == "290"


class Rows:
    """A frame's rows in the order of person, cycle, step and count; file order within a count."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        columns = frame.columns
        people = len(frame.starts) - 1
        person = np.repeat(np.arange(people, dtype=np.int64), np.diff(frame.starts))
        key = person * PERSON + numbers(columns["CNT_ORDER"], count_number)
        self.order: Ints = np.argsort(key, kind="stable")
        o = self.order
        self.key: Ints = key[o]
        self.person: Ints = person[o]
        self.kind: Ints = numbers(columns["STP_TYPE_DESCR"], kind_of)[o]
        words = each(columns["DISP_DESCR"], wording)
        self.said: Ints = spread([word.said for word in words], columns["DISP_DESCR"])[o]
        self.has_effect: Bools = spread([word.effect is not None for word in words], columns["DISP_DESCR"])[o] > 0
        self.offenses = Offenses(frame)
        self.offense: Ints = self.offenses.code[o]
        self.statute: Ints = self.offenses.statute_code[self.offense] if len(o) else self.offense
        self.cycle_starts = _starts(self.key // CYCLE)
        self.cycle: Ints = _numbered(self.cycle_starts, len(o))

    def cell(self, name: str, index: int) -> str:
        """The cell of one row, by its place in this order."""
        column = self.frame.columns[name]
        return column.values[int(column.codes[int(self.order[index])])]

    def blank(self, name: str) -> Bools:
        """For each row, whether its cell means nothing."""
        means_nothing: Bools = numbers(self.frame.columns[name], is_filler)[self.order] > 0
        return means_nothing

    def numbers_of(self, name: str) -> Ints:
        """For each row, the day number of its cell."""
        days: Ints = numbers(self.frame.columns[name], day_number)[self.order]
        return days


def _starts(keys: Ints) -> Ints:
    """Where each run of equal keys begins."""
    if not len(keys):
        return np.zeros(0, np.int64)
    return np.concatenate(([0], np.flatnonzero(keys[1:] != keys[:-1]) + 1))


def _numbered(starts: Ints, length: int) -> Ints:
    """For each row, the number of its run."""
    marks = np.zeros(length, np.int64)
    if length:
        marks[starts[1:]] = 1
    return np.cumsum(marks)


class Counts:
    """The counts that are or may be convictions: each a run of ``members``, indexes into the sorted rows.

    Parallel arrays, a count each: ``start`` and ``stop`` in ``members``; ``place``, the first row
    in the file that says how it ended; ``convicted``; ``key``; ``cycle``; ``statute``, the number
    that all of its rows name, NO_STATUTE where none can be read or they are ``contested``: rows that
    name different ones, or one beside a blank.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        said = rows.said
        convicted = said == Said.CONVICTED
        court = (rows.kind == Kind.COURT) | (rows.kind == Kind.UNKNOWN) | (rows.kind == Kind.OTHER)
        # Only a conviction has a grade, so a row that has one may be a conviction whatever its kind.
        graded = ~rows.blank("CONV_STAT_DESCR")
        open_ended = (said == Said.NOTHING) | (said == Said.UNREAD)
        speaks = convicted | (said == Said.PERHAPS) | (open_ended & (court | graded))
        runs = _numbered(_starts(rows.key), len(rows.key))
        size = int(runs[-1]) + 1 if len(runs) else 0
        counted = np.zeros(size, np.bool_)
        counted[runs[speaks]] = True
        self.is_convicted_run = np.zeros(size, np.bool_)
        self.is_convicted_run[runs[convicted]] = True
        self.runs = runs
        self.members = np.flatnonzero(speaks | ((said == Said.NOTHING) & counted[runs]))
        key = rows.key[self.members]
        self.start = _starts(key)
        self.stop = np.append(self.start[1:], len(key)).astype(np.int64)
        self.key: Ints = key[self.start] if len(key) else key
        self.cycle: Ints = rows.cycle[self.members[self.start]] if len(key) else key
        self.person: Ints = rows.person[self.members[self.start]] if len(key) else key
        # The first row that says convicted, or else the first that may: in the order of the file.
        weight = np.where(convicted[self.members], 0, len(rows.key))
        in_file = rows.order[self.members] + weight
        self.place: Ints = self.least(in_file) % max(1, len(rows.key))
        self.convicted: Bools = self.least(weight) == 0
        low, high = self.over(rows.statute)
        self.contested: Bools = low != high
        self.statute: Ints = np.where(self.contested, NO_STATUTE, low)

    def __len__(self) -> int:
        return len(self.start)

    def least(self, of_members: Ints) -> Ints:
        """The least number over each count's rows."""
        return np.minimum.reduceat(of_members, self.start) if len(self.start) else of_members

    def greatest(self, of_members: Ints) -> Ints:
        """The greatest number over each count's rows."""
        return np.maximum.reduceat(of_members, self.start) if len(self.start) else of_members

    def over(self, of_rows: Ints) -> tuple[Ints, Ints]:
        """The least and the greatest of a number of the rows, over each count."""
        values = of_rows[self.members]
        return self.least(values), self.greatest(values)

    def grades(self) -> tuple[Ints, Bools]:
        """For each member row, the number of its grade, and whether OFFENSE_TOC had to say it."""
        columns = self.rows.frame.columns
        order = self.rows.order[self.members]
        stated = numbers(columns["CONV_STAT_DESCR"], stated_grade)[order]
        charged = numbers(columns["OFFENSE_TOC"], charged_grade)[order]
        # A felony charge that ended in a conviction of no stated grade is taken for a felony. A lesser
        # charge proves nothing: the blank may have said felony, and less is granted to a felony.
        taken = np.where(charged == FELONY, FELONY, 0)
        return np.where(stated == 0, taken, stated), (stated == 0) & (taken > 0)

    def counties(self) -> tuple[list[str | None], Ints]:
        """The counties named, None first, and for each member row the number of its own."""
        column = self.rows.frame.columns["STP_ORI_CNTY_NAME"]
        names = each(column, county_name)
        known = sorted({name for name in names if name is not None})
        place = {name: number for number, name in enumerate(known, start=1)}
        code = spread([0 if name is None else place[name] for name in names], column)
        return [None, *known], code[self.rows.order[self.members]]
