"""A look at the clerk's extract before a run: what is in it, and what a person should know first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clearslate.ingest.examine import Check, Examination, Severity, Table, Tally
from clearslate.ingest.frame import Frame
from clearslate.ingest.source import Source
from clearslate_illinois.case_numbers import read_case_number
from clearslate_illinois.cells import is_filler
from clearslate_illinois.clerk_cells import NEEDED, is_nobody, packed
from clearslate_illinois.dates import BLANK, IMPLAUSIBLE, UNREADABLE, clerk_birth, clerk_day, too_far_apart
from clearslate_illinois.doctor import FramedReader, day_numbers, of_rejects, ranked, where
from clearslate_illinois.outcomes import CLERK_VALUES, plain
from clearslate_illinois.statutes import ACT_UNCLEAR, read_statute

Bools = npt.NDArray[np.bool_]

_INFO, _WARNING = Severity.INFO, Severity.WARNING
_DATES = {"DOB": clerk_birth, "arrest_date": clerk_day, "chrgdispdate": clerk_day}

_SAYS: dict[str, tuple[Severity, str]] = {
    "unreadable_statute": (_WARNING, "the final statute cannot be read"),
    "act_unclear": (_WARNING, "the section is of a number that its act has not, and another act may be meant"),
    "unknown_word_chrgdisp": (_WARNING, "chrgdisp is in no table, so what it says is not known"),
    "no_state_identifier": (_WARNING, "statepoliceid is blank, and the case number stands for the person"),
    "unread_case_number": (_INFO, "case_number is in none of the forms that Cook County uses"),
    "amended": (_INFO, "the charge was amended"),
    "no_sentence_length": (_INFO, "minsent and maxsent give no length of time"),
    "backwards_dates": (_WARNING, "the disposition is before the arrest, or too long after it; both are unknown"),
}


def examine(
    reader: FramedReader, files: Sequence[Path | Source], progress: Callable[[int], None] | None = None
) -> Examination:
    """Look at extracts through their reader and change nothing. Raises InputError as ``open`` does."""
    reading = reader.open(files, progress)
    look = _Look()
    for frame in reading.frames(NEEDED):
        look.at(frame)
    return Examination(
        tuple(reading.inputs),
        reading.rows_read,
        reading.people,
        (*of_rejects(reading.rejects), *look.checks()),
        (Table("dispositions", "Rows by disposition", ranked(look.dispositions)),),
    )


class _Look:
    """What was seen so far, frame after frame."""

    def __init__(self) -> None:
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.says = dict(_SAYS)
        self.dispositions: Counter[str] = Counter()

    def checks(self) -> Iterator[Check]:
        """A check for everything that was found."""
        for name, (severity, says) in self.says.items():
            tally = self.tallies.get(name)
            if tally is not None and tally.count:
                yield Check(name, severity, tally.count, tally.rows, says)

    def _note(self, name: str, frame: Frame, rows: Bools) -> None:
        self.tallies[name].add_rows(frame, rows)

    def at(self, frame: Frame) -> None:
        """Look at some whole persons."""
        if not len(frame):
            return
        amended = ~where(frame, "ammndchargstatute", is_filler)
        for rows, name in ((~amended, "statute"), (amended, "ammndchargstatute")):
            self._note("unreadable_statute", frame, rows & where(frame, name, lambda text: read_statute(text) is None))
            self._note("act_unclear", frame, rows & where(frame, name, _is_unclear))
        self._note("amended", frame, amended)
        self._note(
            "unknown_word_chrgdisp",
            frame,
            where(frame, "chrgdisp", lambda text: not is_filler(text) and plain(text) not in CLERK_VALUES),
        )
        self._note("no_state_identifier", frame, where(frame, "statepoliceid", is_nobody))
        self._note(
            "unread_case_number", frame, where(frame, "case_number", lambda text: read_case_number(text) is None)
        )
        no_length = where(frame, "minsent", _has_no_length) & where(frame, "maxsent", _has_no_length)
        self._note("no_sentence_length", frame, no_length)
        days = {name: day_numbers(frame, name, meaning) for name, meaning in _DATES.items()}
        for name, day in days.items():
            for check, says, found in (
                ("unreadable_date", "states something that is no date", day == UNREADABLE),
                ("implausible_date", "states a day on which it cannot have been", day == IMPLAUSIBLE),
                ("no_date", "is blank", day == BLANK),
            ):
                self.says.setdefault(f"{check}_{name}", (_WARNING, f"{name} {says}, and so is unknown"))
                self._note(f"{check}_{name}", frame, found)
        arrested, disposed = days["arrest_date"], days["chrgdispdate"]
        far = np.asarray([too_far_apart(a, b) for a, b in zip(arrested.tolist(), disposed.tolist(), strict=True)])
        self._note("backwards_dates", frame, (arrested > 0) & (disposed > 0) & ((arrested > disposed) | far))
        column = frame.columns["chrgdisp"]
        counts = np.bincount(column.codes, minlength=len(column.values)).tolist()
        self.dispositions.update({plain(text): rows for text, rows in zip(column.values, counts, strict=True) if rows})


def _is_unclear(text: str) -> bool:
    statute = read_statute(text)
    return statute is not None and ACT_UNCLEAR in statute.marks


def _has_no_length(text: str) -> bool:
    return not packed(text)
