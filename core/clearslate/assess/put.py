"""Answers put to the charges that they are about, and accounted for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from clearslate.assess.answers import COLUMNS, Answers, Given, plain_case
from clearslate.errors import InputError
from clearslate.ingest.reader import InputFile, Reading
from clearslate.model import Answer, Count, Disposition, Person
from clearslate.output.lines import encoded, header_line, line
from clearslate.output.staging import Folder
from clearslate.policy.determination import Determination
from clearslate.policy.matter import History, Matter
from clearslate.policy.policy import Policy

FILE = "facts.csv"
WRITTEN = ("row", "used", *COLUMNS, "why_not")
"""The columns of ``facts.csv`` in an output."""

FROM_A_PERSON = "FACTS_FROM_A_PERSON"
"""The flag of a charge that an answer was put to."""

CONFLICT = "FACT_CONFLICT"
"""The flag of a charge of which a person and the record say different things: the fact is then unknown."""

_NOWHERE = "no charge that was decided stands at that row"
_ANOTHER_CASE = "the charge at that row is not of that case_number, or its number is not known"
_ANOTHER_PERSON = "the charge at that row is not of that person_id"
_NOT_ASKED = "no rule asked it of this charge"


class Unused(NamedTuple):
    """A row of the table that no decision used, and why not."""

    given: Given
    why: str


@dataclass(slots=True, repr=False)
class Put:
    """Answers put to the charges of a reading, by the row of each; ``used`` are the rows of the table that were."""

    answers: Answers
    by_row: Mapping[tuple[int, int], Sequence[Given]]
    set_aside: dict[int, str]
    used: dict[int, tuple[int, int]]

    def of(self, person: Person) -> Person:
        """The person with the answers to their charges, those that a record contradicts made unknown.

        Raises InputError where two answers of one charge differ.
        """
        if not self.by_row:
            return person
        counts = tuple([self._answered(person, count) for count in person.counts])
        same = all(new is old for new, old in zip(counts, person.counts, strict=True))
        return person if same else replace(person, counts=counts)

    def _answered(self, person: Person, count: Count) -> Count:
        given = [one for one in self.to(count) if self._is_meant(one, person, count)]
        if not given:
            return count
        check_agree(self.answers, given)
        facts, said_by = dict(count.facts), dict(count.said_by)
        flags = dict.fromkeys((*count.flags, FROM_A_PERSON))
        for one in given:
            stated = count.facts.get(one.fact)
            if stated is not None and stated != one.value:
                flags[CONFLICT] = None
                facts[one.fact] = None
            elif stated is None:
                facts[one.fact] = one.value
                said_by[one.fact] = one.who
        return replace(count, facts=facts, said_by=said_by, flags=tuple(flags))

    def _is_meant(self, one: Given, person: Person, count: Count) -> bool:
        """Whether the row's other columns are about this charge too: an old row number must not hit somebody else."""
        if one.person_id not in (None, person.person_id):
            self.set_aside[one.row] = _ANOTHER_PERSON
        elif one.case_number is not None and one.case_number not in map(plain_case, count.event.case_numbers):
            self.set_aside[one.row] = _ANOTHER_CASE
        return one.row not in self.set_aside

    def to(self, count: Count) -> list[Given]:
        """The answers that stand at a charge's rows."""
        places = dict.fromkeys((count.place, *count.rows))
        found = {one.row: one for place in places for one in self.by_row.get((place.file, place.row), ())}
        return list(found.values())

    def decided(self, count: Count, got: Determination) -> None:
        """Note that a charge was decided with its answers; ``got`` has its trace, which tells those that were asked."""
        asked = {
            fact.name
            for _, trace in got.walks
            for rule in trace
            for ground in rule.grounds
            for fact in (*ground.finding.used, *ground.finding.lacked)
        }
        for one in self.to(count):
            if one.fact in asked and one.row not in self.set_aside:
                self.used.setdefault(one.row, (count.place.file, count.place.row))
            else:
                self.set_aside.setdefault(one.row, _NOT_ASKED)

    def unused(self) -> list[Unused]:
        """The rows of the table that no decision used, in order."""
        rest = [one for one in self.answers.given if one.row not in self.used]
        return [Unused(one, self.set_aside.get(one.row, _NOWHERE)) for one in rest]


def put(answers: Answers, reading: Reading, policy: Policy, as_of: dt.date) -> Put:
    """Put answers to the charges that they are about; raise InputError where two contradict one another.

    An answer by case number is used where one charge alone can be meant, because an amount is one charge's. Finding
    that out takes a pass over the records.
    """
    names = [file.name for file in reading.inputs]
    aside: dict[int, str] = {}
    placed: dict[int, tuple[int, int]] = {}
    by_case: dict[str, list[Given]] = {}
    for one in answers.given:
        if one.source_row is None:
            by_case.setdefault(one.case_number or "", []).append(one)
        else:
            placed[one.row] = (_file(answers, one, names), one.source_row)
    if by_case:
        found = _cases(reading, policy, as_of, frozenset(by_case))
        for number, rows in by_case.items():
            for one in rows:
                place, why = _only(found.get(number, []), one, names)
                if place is None:
                    aside[one.row] = why
                else:
                    placed[one.row] = place
    by_row: dict[tuple[int, int], list[Given]] = {}
    for one in answers.given:
        if one.row in placed:
            by_row.setdefault(placed[one.row], []).append(one)
    for rows in by_row.values():
        check_agree(answers, rows)
    return Put(answers, by_row, aside, {})


class _Case(NamedTuple):
    """What one person has under a case number: the charges that may be meant, and whether others may be too."""

    person_id: str
    places: tuple[tuple[int, int], ...]
    is_open: bool


def _only(cases: Sequence[_Case], one: Given, names: Sequence[str]) -> tuple[tuple[int, int] | None, str]:
    """The only charge that an answer by case number can be about, or why there is none."""
    of_person = [case for case in cases if one.person_id in (None, case.person_id)]
    if len(of_person) > 1:
        return None, f"{len(of_person)} persons have that case number; say person_id or source_row"
    places = [place for case in of_person for place in case.places]
    if len(places) > 1:
        return None, f"{len(places)} charges have that case number; say source_row"
    if not places or one.file not in (None, names[places[0][0]]):
        return None, "no charge that this policy may cover has that case number"
    if of_person[0].is_open:
        return None, "the person has a row that was rejected, or a charge of no known case; say source_row"
    return places[0], ""


def _cases(reading: Reading, policy: Policy, as_of: dt.date, asked: frozenset[str]) -> dict[str, list[_Case]]:
    """What each person has under the case numbers asked for.

    Every charge that is or may be one that the policy covers counts, whatever is not known of it: a record that says
    less must not make a number that several charges have the only one.
    """
    found: dict[str, list[_Case]] = {}
    for block in reading.blocks():
        for person in block.persons(policy.may_concern):
            covered = list(_covered(person, policy, as_of))
            numbered = [(count, frozenset(map(plain_case, count.event.case_numbers))) for count in covered]
            is_open = bool(person.missing_rows) or any(not numbers for _, numbers in numbered)
            for number in asked.intersection(*[frozenset().union(*(numbers for _, numbers in numbered))]):
                places = [count.place for count, numbers in numbered if number in numbers]
                case = _Case(person.person_id, tuple((place.file, place.row) for place in places), is_open)
                found.setdefault(number, []).append(case)
    return found


def _covered(person: Person, policy: Policy, as_of: dt.date) -> Iterator[Count]:
    history = History(person)
    for count in person.counts:
        decided = policy.decides_charges or count.disposition in (Disposition.CONVICTED, Disposition.UNKNOWN)
        if decided and policy.covers(Matter(history, count, as_of)) is not Answer.NO:
            yield count


def _file(answers: Answers, one: Given, names: Sequence[str]) -> int:
    where = f"facts file [{answers.name}], row [{one.row}]"
    if one.file is None:
        if len(names) > 1:
            raise InputError(f"{where}: several files are read; say source_file; known: {', '.join(names)}")
        return 0
    if one.file not in names:
        raise InputError(f"{where}: no such source_file; known: {', '.join(names)}")
    return names.index(one.file)


def check_agree(answers: Answers, rows: Sequence[Given]) -> None:
    """Raise InputError where two answers to one question about one charge differ."""
    said: dict[str, Given] = {}
    for one in rows:
        first = said.setdefault(one.fact, one)
        if first.value != one.value:
            raise InputError(
                f"facts file [{answers.name}], rows [{first.row}] and [{one.row}] answer [{one.fact}] of one charge "
                "differently; settle which holds"
            )


def write_facts(folder: Folder, put: Put, inputs: Sequence[InputFile]) -> None:
    """Write ``facts.csv``: each row of the table, whether a decision used it, at which charge, and why not."""
    why = {one.given.row: one.why for one in put.unused()}
    lines = []
    for one in put.answers.given:
        file, row = put.used.get(one.row, (None, None))
        place = ("", "") if file is None else (inputs[file].name, str(row))
        asked = (one.person_id or "", one.case_number or "", one.fact, one.answer, one.said_by, one.said_on, one.note)
        lines.append(line((str(one.row), "no" if one.row in why else "yes", *place, *asked, why.get(one.row, ""))))
    made = folder.create(FILE)
    made.write(header_line(WRITTEN))
    made.write(encoded("".join(lines)), len(lines))
    made.close()
