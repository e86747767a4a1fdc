"""A look at the State's Attorney's exports before a run: what is in them, and what a person should know first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from clearslate.ingest.examine import Check, Examination, Severity, Table, Tally
from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Reading, Reject
from clearslate.ingest.source import Source
from clearslate.model import Statute
from clearslate_illinois.acts import CANNABIS
from clearslate_illinois.cells import UNCLEAR_CLASSES, is_filler, term
from clearslate_illinois.columns import DISPOSITIONS, NEEDED, SENTENCING
from clearslate_illinois.dates import BLANK, IMPLAUSIBLE, UNREADABLE, day_number, too_far_apart
from clearslate_illinois.outcomes import (
    COMMITMENT_VALUES,
    DISPOSITION_VALUES,
    GUILTY,
    PHASE_VALUES,
    TYPE_VALUES,
    plain,
)
from clearslate_illinois.persons import Statutes
from clearslate_illinois.statutes import ACT_UNCLEAR, OFFENSE_MISSING, STATUTE_FROM_TITLE

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_INFO, _WARNING, _PROBLEM = Severity.INFO, Severity.WARNING, Severity.PROBLEM
_CHARGED = "DISPOSITION_CHARGED_"
_DATES = ("ARREST_DATE", "INCIDENT_BEGIN_DATE", "DISPOSITION_DATE", "SENTENCE_DATE")
_WORDS = {
    "CHARGE_DISPOSITION": DISPOSITION_VALUES,
    "SENTENCE_PHASE": PHASE_VALUES,
    "SENTENCE_TYPE": TYPE_VALUES,
    "COMMITMENT_TYPE": COMMITMENT_VALUES,
}

_SAYS: dict[str, tuple[Severity, str]] = {
    "unreadable_statute": (_WARNING, "chapter, act, section and title give no statute that can be read"),
    "statute_from_title": (_INFO, "the statute stands in the title and in no cell of its own"),
    "act_unclear": (_WARNING, "the section is of a number that its act has not, and another act may be meant"),
    "offense_missing": (_WARNING, "an attempt or a conspiracy names no offense"),
    "unclear_class": (
        _WARNING,
        f"the class is one of {', '.join(sorted(UNCLEAR_CLASSES))}, which nobody has explained",
    ),
    "no_class": (_WARNING, "the class is blank"),
    "no_disposition": (_WARNING, "CHARGE_DISPOSITION is blank"),
    "backwards_dates": (_WARNING, "of incident, arrest and disposition one is before what must precede it"),
    "unreliable_term": (_WARNING, "COMMITMENT_TERM and COMMITMENT_UNIT give no length of time that can be relied upon"),
    "sentence_without_disposition": (_WARNING, "sentencing rows of charges that the Dispositions export does not have"),
    "guilty_without_sentence": (_WARNING, "guilty dispositions of charges that the Sentencing export does not have"),
    "sentence_not_guilty": (_WARNING, "sentencing rows of charges whose disposition is not guilty"),
    "several_versions": (_INFO, "rows of charges that stand in more than one version"),
    "shared_charge": (_INFO, "charges stand under several participants, as co-defendants share them; first rows named"),
}


class FramedReading(Reading, Protocol):
    """A reading that also gives its rows as columns."""

    def frames(self, columns: Sequence[str]) -> Iterator[Frame]:
        """All rows that are used, whole persons at a time, with the columns named."""


class FramedReader(Protocol):
    """A reader whose reading gives frames."""

    def open(self, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None) -> FramedReading:
        """Survey the files. Raises InputError."""


def examine(
    reader: FramedReader, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None
) -> Examination:
    """Look at exports through their reader and change nothing. Raises InputError as ``open`` does."""
    reading = reader.open(files, progress)
    look = _Look()
    for frame in reading.frames(NEEDED):
        look.at(frame)
    checks = list(of_rejects(reading.rejects))
    if look.exports[DISPOSITIONS] == 0 or look.exports[SENTENCING] == 0:
        lacking = "Sentencing" if look.exports[SENTENCING] == 0 else "Dispositions"
        says = f"no row is of the {lacking} export; without it nobody knows how a guilty charge ended"
        checks.append(Check("one_export_only", _WARNING, sum(look.exports.values()), (), says))
    if reading.rows_repeated:
        says = "rows repeat a row of an earlier file and are used once"
        checks.append(Check("repeated_rows", _INFO, reading.rows_repeated, (), says))
    return Examination(
        tuple(reading.inputs),
        reading.rows_read,
        reading.people,
        (*checks, *look.checks()),
        (
            Table("exports", "Rows by export", ranked(look.exports)),
            Table("dispositions", "Rows of the Dispositions export by disposition", ranked(look.dispositions)),
            Table(
                "cannabis_sections", "Rows of the Dispositions export of cannabis, by section", ranked(look.cannabis)
            ),
        ),
    )


def ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The counts, the most first."""
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def of_rejects(rejects: Sequence[Reject]) -> Iterator[Check]:
    """A check for each problem for which rows were rejected, and for each column that showed it."""
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for reject in rejects:
        column = reject.detail.partition(":")[0] if reject.problem == "unusable cell" else ""
        tallies[reject.problem, column].add([reject.place])
    for (problem, column), tally in sorted(tallies.items()):
        name = "_".join(filter(None, ("rejected", problem.replace(" ", "_"), column)))
        says = f"rows are rejected: {problem}{f' in {column}' if column else ''}"
        yield Check(name, _PROBLEM, tally.count, tally.rows, says)


class _Look:
    """What was seen so far, frame after frame."""

    def __init__(self) -> None:
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.says = dict(_SAYS)
        self.exports: Counter[str] = Counter({DISPOSITIONS: 0, SENTENCING: 0})
        self.dispositions: Counter[str] = Counter()
        self.cannabis: Counter[str] = Counter()
        self._holders: dict[str, str] = {}

    def checks(self) -> Iterator[Check]:
        """A check for everything that was found."""
        for name, (severity, says) in self.says.items():
            tally = self.tallies.get(name)
            if tally is not None and tally.count:
                yield Check(name, severity, tally.count, tally.rows, says)

    def at(self, frame: Frame) -> None:
        """Look at some whole persons."""
        if not len(frame):
            return
        sentencing = where(frame, "EXPORT", lambda text: text == SENTENCING)
        self.exports[SENTENCING] += int(sentencing.sum())
        self.exports[DISPOSITIONS] += int((~sentencing).sum())
        self._statutes(frame, sentencing)
        self._words(frame)
        self._dates(frame)
        self._charges(frame, sentencing)
        column = frame.columns["CHARGE_DISPOSITION"]
        counts = np.bincount(column.codes[~sentencing], minlength=len(column.values)).tolist()
        self.dispositions.update({plain(text): rows for text, rows in zip(column.values, counts, strict=True) if rows})

    def _note(self, name: str, frame: Frame, rows: Bools) -> None:
        self.tallies[name].add_rows(frame, rows)

    def _statutes(self, frame: Frame, sentencing: Bools) -> None:
        seen = Statutes(frame)

        def rows_with(test: Callable[[Statute | None], bool]) -> Bools:
            return np.asarray([test(statute) for statute in seen.found], np.bool_)[seen.code]

        self._note("unreadable_statute", frame, seen.code == 0)
        for name, mark in (
            ("statute_from_title", STATUTE_FROM_TITLE),
            ("act_unclear", ACT_UNCLEAR),
            ("offense_missing", OFFENSE_MISSING),
        ):
            self._note(name, frame, rows_with(lambda statute, mark=mark: statute is not None and mark in statute.marks))  # type: ignore[misc]
        counts = np.bincount(seen.code[~sentencing], minlength=len(seen.found)).tolist()
        for statute, rows in zip(seen.found, counts, strict=True):
            if rows and statute is not None and any(section.code == CANNABIS for section in statute.sections):
                self.cannabis["attempt of " * statute.attempt + str(statute.section)] += rows

    def _words(self, frame: Frame) -> None:
        for name, known in _WORDS.items():
            check = f"unknown_word_{name}"
            self.says.setdefault(check, (_WARNING, f"{name} is in no table, so what it says is not known"))
            self._note(check, frame, where(frame, name, lambda text, known=known: _is_unknown(text, known)))  # type: ignore[misc]
        classes = f"{_CHARGED}CLASS"
        self._note("unclear_class", frame, where(frame, classes, lambda text: text.strip().upper() in UNCLEAR_CLASSES))
        self._note("no_class", frame, where(frame, classes, is_filler))
        self._note("no_disposition", frame, where(frame, "CHARGE_DISPOSITION", is_filler))
        terms, units = frame.columns["COMMITMENT_TERM"], frame.columns["COMMITMENT_UNIT"]
        pairs, inverse = np.unique(terms.codes.astype(np.int64) * len(units.values) + units.codes, return_inverse=True)
        cells = [(terms.values[int(pair) // len(units.values)], units.values[int(pair) % len(units.values)])
                 for pair in pairs]  # fmt: skip
        unreliable = [not (is_filler(length) and is_filler(unit)) and term(length, unit)[0] is None
                      for length, unit in cells]  # fmt: skip
        self._note("unreliable_term", frame, np.asarray(unreliable, np.bool_)[inverse.reshape(-1)])

    def _dates(self, frame: Frame) -> None:
        days = {name: day_numbers(frame, name) for name in _DATES}
        for name, day in days.items():
            for check, says, rows in (
                ("unreadable_date", "states something that is no date", day == UNREADABLE),
                ("implausible_date", "states a day on which it cannot have been", day == IMPLAUSIBLE),
            ):
                self.says.setdefault(f"{check}_{name}", (_WARNING, f"{name} {says}, and so is unknown"))
                self._note(f"{check}_{name}", frame, rows)
        self.says.setdefault("no_arrest_date", (_WARNING, "ARREST_DATE is blank"))
        self._note("no_arrest_date", frame, days["ARREST_DATE"] == BLANK)
        backwards = np.zeros(len(frame), np.bool_)
        for first, second in (
            ("INCIDENT_BEGIN_DATE", "ARREST_DATE"),
            ("ARREST_DATE", "DISPOSITION_DATE"),
            ("ARREST_DATE", "SENTENCE_DATE"),
        ):
            one, other = days[first], days[second]
            both = (one > 0) & (other > 0)
            far = np.asarray([too_far_apart(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True)], np.bool_)
            backwards |= both & ((one > other) | far)
        self._note("backwards_dates", frame, backwards)

    def _charges(self, frame: Frame, sentencing: Bools) -> None:
        people = len(frame.starts) - 1
        person = np.repeat(np.arange(people, dtype=np.int64), np.diff(frame.starts))
        column = frame.columns["CHARGE_ID"]
        charges, charge = np.unique(person * len(column.values) + column.codes, return_inverse=True)
        charge = charge.reshape(-1)
        guilty = where(frame, "CHARGE_DISPOSITION", lambda text: plain(text) in GUILTY)

        def has(rows: Bools) -> Bools:
            return np.bincount(charge[rows], minlength=len(charges)) > 0

        sentenced, disposed = has(sentencing), has(~sentencing)
        self._note("sentence_without_disposition", frame, sentencing & ~disposed[charge])
        self._note("guilty_without_sentence", frame, ~sentencing & guilty & ~sentenced[charge])
        self._note("sentence_not_guilty", frame, sentencing & ~guilty)
        versions = frame.columns["CHARGE_VERSION_ID"]
        pairs = np.unique(np.stack((charge, versions.codes.astype(np.int64))), axis=1)[0]
        self._note("several_versions", frame, (np.bincount(pairs, minlength=len(charges)) > 1)[charge])
        shared: list[int] = []
        for key in charges.tolist():
            number, code = divmod(key, len(column.values))
            holder = self._holders.setdefault(column.values[code], frame.person_ids[number])
            if holder != frame.person_ids[number]:
                shared.append(int(frame.starts[number]))
        self.tallies["shared_charge"].add(frame.place(index) for index in shared)


def where(frame: Frame, name: str, test: Callable[[str], bool]) -> Bools:
    """For each row, whether its cell passes the test."""
    column = frame.columns[name]
    return column.where([test(value) for value in column.values])


def day_numbers(frame: Frame, name: str, meaning: Callable[[str], int] = day_number) -> Ints:
    """For each row, the day number of its cell."""
    column = frame.columns[name]
    numbers = np.asarray([meaning(value) for value in column.values] or [BLANK], np.int64)
    days: Ints = numbers[column.codes]
    return days


def _is_unknown(text: str, known: frozenset[str]) -> bool:
    return not is_filler(text) and plain(text) not in known
