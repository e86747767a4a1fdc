"""A look at tables before a run: what the mapping does not say of them, by column and row numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.examine import Check, Examination, Severity, Table, Tally
from clearslate.ingest.frame import Frame
from clearslate.ingest.reader import Reject
from clearslate.ingest.rows import Bools
from clearslate.ingest.table.charges import Agreed, Charges
from clearslate.ingest.table.fields import Meaning, Said
from clearslate.ingest.table.plan import Plan
from clearslate.ingest.table.schema import Cells
from clearslate.model import Disposition

T = TypeVar("T")

_INFO, _WARNING, _PROBLEM = Severity.INFO, Severity.WARNING, Severity.PROBLEM


def examine(reading: DelimitedReading, plan: Plan) -> Examination:
    """What was found in the tables of a reading. Nothing depends on the day, and no cell is shown."""
    look = _Look(plan)
    for frame in reading.frames(reading.layout.needed):
        if len(frame):
            look.at(frame)
    checks = [*_of_rejects(reading.rejects)]
    if reading.rows_repeated:
        says = "rows repeat a row of an earlier file and are used once"
        checks.append(Check("repeated_rows", _INFO, reading.rows_repeated, (), says))
    return Examination(
        tuple(reading.inputs),
        reading.rows_read,
        reading.people,
        (*checks, *look.checks()),
        tuple(
            Table(id, title, _ranked(counts))
            for id, title, counts in (
                ("dispositions", "Charges by how they ended, as the mapping reads it", look.endings),
                ("counties", "Conviction rows by county", reading.counties),
                ("statutes", "Charges by statute", look.statutes),
            )
            if counts
        ),
    )


def _ranked(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _of_rejects(rejects: Sequence[Reject]) -> Iterator[Check]:
    tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for reject in rejects:
        # A check of ours names the column, and no cell.
        detail = reject.detail if reject.problem == "unusable cell" else ""
        tallies[reject.problem, detail].add([reject.place])
    for number, ((problem, detail), tally) in enumerate(sorted(tallies.items())):
        id = f"rejected_{problem.replace(' ', '_')}" + (f"_{number}" if detail else "")
        says = f"rows are rejected: {problem}" + (f": {detail}" if detail else "")
        yield Check(id, _PROBLEM, tally.count, tally.rows, says)


class _Look:
    """What was seen so far, frame after frame."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tallies: dict[str, tuple[Severity, str, Tally]] = {}
        self.endings: Counter[str] = Counter()
        self.statutes: Counter[str] = Counter()

    def checks(self) -> Iterator[Check]:
        """A check for everything that was found, what matters most first."""
        order = (_PROBLEM, _WARNING, _INFO)
        found = sorted(self._tallies.items(), key=lambda item: order.index(item[1][0]))
        for name, (severity, says, tally) in found:
            yield Check(name, severity, tally.count, tally.rows, says)
        if not self._plan.reads_statutes:
            says = "statutes were not read, because no reform was named; say --reform ID"
            yield Check("no_reform", _INFO, 0, (), says)

    def _note(self, name: str, severity: Severity, says: str, frame: Frame, rows: Bools) -> None:
        if rows.any():
            self._tallies.setdefault(name, (severity, says, Tally()))[2].add_rows(frame, rows)

    def at(self, frame: Frame) -> None:
        """Look at some whole persons."""
        plan, charge, person = self._plan, self._plan.charge, self._plan.person
        charges = Charges(frame, plan)
        self._ending(frame, charges)
        self._statute(frame, charges)
        for name, cells, meaning in (
            ("grade", charge.grade, plan.grade),
            ("class", charge.offense_class, plan.offense_class),
            ("ended", charge.ended, plan.ended),
            ("county", charge.county, plan.county),
            ("relieved", charge.relieved, plan.relieved),
        ):
            self._worded(name, frame, charges, cells, meaning)
        if person.deceased is not None:
            said = charges.read(person.deceased, plan.deceased)
            self._unlisted("deceased", frame, said.odd, person.deceased)
        for key, column in plan.mapping.table.dated().items():
            self._dated(key.partition(".")[2], column, frame, charges)
        for fact, one in plan.mapping.table.facts.items():
            found = charges.read(one.column, plan.fact(one.kind))
            what = "a number" if one.kind == "number" else "a yes or a no of the mapping"
            says = f"{one.column} says something that is not {what}, so [{fact}] is unknown"
            self._note(f"unreadable_fact_{fact}", _WARNING, says, frame, found.odd)
        self._sentences(frame, charges)
        self._grouped(frame, charges)
        self._persons(frame, charges)

    def _worded(
        self, name: str, frame: Frame, charges: Charges, cells: Cells | str | None, meaning: Meaning[T]
    ) -> None:
        if cells is None:
            return
        found = charges.agreed(charges.read(cells, meaning))
        columns = cells if isinstance(cells, str) else " and ".join(cells.columns)
        self._unlisted(name, frame, found.said.odd, columns)
        self._blank(name, columns, frame, charges, found.said)
        self._differ(name, columns, frame, charges, found)

    def _unlisted(self, name: str, frame: Frame, odd: Bools, columns: str) -> None:
        says = f"{columns} holds words that [values.{name}] does not list, and what they say is unknown"
        self._note(f"unlisted_{name}", _WARNING, says, frame, odd)

    def _blank(self, name: str, columns: str, frame: Frame, charges: Charges, said: Said[T]) -> None:
        says = f"{columns} of a conviction is blank"
        self._note(f"blank_{name}", _WARNING, says, frame, self._convicted(charges) & (said.codes == 0) & ~said.odd)

    def _differ(self, name: str, columns: str, frame: Frame, charges: Charges, found: Agreed[T]) -> None:
        says = f"{columns} differs between the rows of one charge, or is blank on some of them, and so is unknown"
        self._note(f"differing_{name}", _WARNING, says, frame, found.differ[charges.row_charge])

    def _convicted(self, charges: Charges) -> Bools:
        said = charges.disposition.said
        convicted = [value is Disposition.CONVICTED for value in said.values]
        found: Bools = np.asarray(convicted, np.bool_)[said.codes]
        return found

    def _ending(self, frame: Frame, charges: Charges) -> None:
        found, cells = charges.disposition, self._plan.charge.disposition
        columns = " and ".join(cells.columns)
        self._unlisted("disposition", frame, found.said.odd, columns)
        says = f"{columns} says nothing; the charge may be a conviction, and is not decided as one"
        self._note("blank_disposition", _WARNING, says, frame, (found.said.codes == 0) & ~found.said.odd)
        self._differ("disposition", columns, frame, charges, found)
        counts = np.bincount(found.codes, minlength=len(found.said.values)).tolist()
        for ending, count in zip(found.said.values, counts, strict=True):
            if count:
                self.endings["not known" if ending is None else ending.value] += count

    def _statute(self, frame: Frame, charges: Charges) -> None:
        cells = self._plan.charge.statute
        columns = " and ".join(cells.columns)
        blank = charges.read(cells, self._plan.printed).codes == 0
        self._note("blank_statute", _WARNING, f"{columns} names no statute", frame, blank)
        if not self._plan.reads_statutes:
            return
        found = charges.agreed(charges.read(cells, self._plan.statute))
        says = f"{columns} prints something that cannot be read as a statute"
        self._note("unreadable_statute", _WARNING, says, frame, found.said.odd)
        self._differ("statute", columns, frame, charges, found)
        counts = np.bincount(found.codes, minlength=len(found.said.values)).tolist()
        for statute, count in zip(found.said.values, counts, strict=True):
            if count and statute is not None:
                self.statutes[str(statute.section)] += count

    def _dated(self, name: str, column: str, frame: Frame, charges: Charges) -> None:
        meaning = self._plan.day(column)
        said = charges.read(column, meaning)
        forms = " or ".join(form.text for form in self._plan.mapping.dates[column].forms)
        says = f"{column} states something that is no date {forms}"
        self._note(f"unreadable_date_{name}", _WARNING, says, frame, said.odd)
        days = np.asarray([value or 0 for value in said.values], np.int64)[said.codes]
        says = f"{column} states a year or a month only"
        self._note(f"partial_date_{name}", _INFO, says, frame, (days > 0) & (days % 100 == 0))
        self._blank(name, column, frame, charges, said)
        if name != "born":
            self._differ(name, column, frame, charges, charges.agreed(said))

    def _sentences(self, frame: Frame, charges: Charges) -> None:
        plan = self._plan

        def readable(text: str) -> tuple[str | None, bool]:
            known = plan.time(text, None)[0] is not None
            return ("known" if known else None), not (known or plan.is_blank(text))

        for part in plan.parts:
            said = charges.read(part.length, readable)
            says = f"{part.length} is no length of time in whole numbers, so the sentence's end is unknown"
            self._note(f"unreadable_sentence_{part.length}", _WARNING, says, frame, said.odd)

    def _grouped(self, frame: Frame, charges: Charges) -> None:
        plan = self._plan
        if plan.charge.key is not None:
            key = charges.read(Cells(columns=plan.charge.key.columns), plan.printed)
            says = (
                f"{' and '.join(plan.charge.key.columns)} is blank, so nobody can tell which charge the row is of: "
                "what the person's rows differ on is unknown"
            )
            self._note("blank_key", _WARNING, says, frame, key.codes == 0)
        several = np.bincount(charges.person, minlength=len(frame.starts) - 1)[charges.row_person] > 1
        case = charges.read(plan.charge.case_number, plan.printed)
        named = plan.charge.case_number
        where = "no column has the case number" if named is None else f"{' and '.join(named.columns)} is blank"
        says = f"{where}, so which charges of the person are of one case is unknown"
        self._note("unknown_case", _WARNING, says, frame, several & (case.codes == 0))

    def _persons(self, frame: Frame, charges: Charges) -> None:
        plan, person = self._plan, self._plan.person
        first = np.zeros(len(frame), np.bool_)

        def firsts(which: Sequence[int]) -> Bools:
            rows = first.copy()
            rows[[int(frame.starts[number]) for number in which if frame.starts[number] < len(frame)]] = True
            return rows

        if person.born is not None:
            said = charges.read(person.born, plan.day(person.born))
            stated = np.where(said.codes == 0, np.iinfo(np.int64).max, said.codes)
            low, _ = charges.people_over(stated)
            _, high = charges.people_over(said.codes)
            says = f"persons have two birth dates in {person.born}, so none; first rows are named"
            self._note("two_birth_dates", _WARNING, says, frame, firsts(np.flatnonzero(low < high).tolist()))
        shared = sorted(frame.shared)
        says = f"persons share {person.identifier or person.id} with another; first rows are named"
        self._note("shared_identifier", _WARNING, says, frame, firsts(shared))
