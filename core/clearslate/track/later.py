"""A later file of the state against what was granted: what it does not show any more, and what is still visible.

The rule is in docs/tracking.md. What cannot be told never counts as cleared.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from clearslate.errors import CountyError
from clearslate.ingest.plain import plain_name, plain_number
from clearslate.ingest.reader import Reading
from clearslate.model import Answer, Count, Grade
from clearslate.model.dates import span_of
from clearslate.policy.schema import ReliefEntry
from clearslate.track.case import Case, cases
from clearslate.track.history import standing
from clearslate.track.person import Past, People, Present, past
from clearslate.track.state import State
from clearslate.vault.beside import Key
from clearslate.vault.store import Store

COMPARED = frozenset(
    {
        State.GRANTED,
        State.SIGNED,
        State.SEALED,
        State.POSTED,
        State.REPORTED,
        State.SEEN_CLEARED,
        State.VISIBLE_AGAIN,
    }
)
"""The states of a charge that the court has granted: what a later file is compared with."""

ENOUGH = 0.9
"""The share of people whom nothing was granted that a file which holds a county must still have."""

_GRADES: Mapping[str, Grade] = MappingProxyType({"misdemeanor": Grade.MISDEMEANOR, "infraction": Grade.INFRACTION})


class Finding(enum.Enum):
    """What a later file shows of a charge that was granted."""

    GONE = "not in the file any more"
    REDESIGNATED = "shown as what it was made"
    VISIBLE = "still visible as it was"
    CHANGED = "changed otherwise"
    UNKNOWN = "cannot be told"

    @property
    def is_cleared(self) -> bool:
        """Whether it counts as cleared."""
        return self in (Finding.GONE, Finding.REDESIGNATED)


class Seen(NamedTuple):
    """What was found of one charge, and why that is so; nothing in ``why`` is personal."""

    case: Case
    finding: Finding
    why: str


@dataclass(slots=True)
class Held:
    """How well a file holds a county that it is said to hold: of people whom nothing was granted, how many it has."""

    found: int = 0
    people: int = 0

    @property
    def is_believed(self) -> bool:
        """Whether it may be so."""
        return self.found >= ENOUGH * self.people


@dataclass(slots=True, repr=False)
class Comparison:
    """Every charge that was compared, and each county that the file is said to hold."""

    seen: list[Seen] = field(default_factory=list)
    held: dict[str, Held] = field(default_factory=dict)

    def by_finding(self) -> Counter[Finding]:
        """How many charges there are of each finding."""
        return Counter(one.finding for one in self.seen)


def compare(
    store: Store, run: int, old: Reading, new: Reading, reliefs: Sequence[ReliefEntry], holds: Sequence[str] = ()
) -> Comparison:
    """Compare what the court granted of a run with a later file.

    ``old`` is the reading of the vault's files that the run decided. ``holds`` are counties of which the later file is
    known to have every record, so that it proves something that somebody is not in it. Raises CountyError for one that
    the file has no conviction of, InputError and VaultError.
    """
    counties = {_county(name) for name in new.counties} - {""}
    for name in holds:
        if _county(name) not in counties:
            raise CountyError(f"county [{name}] has no conviction in the later file; it cannot hold all of its records")
    granted, others = _chosen(store, run)
    persons = {case.person: past(store, case.person) for case in granted}
    tested = {_county(name) for name in holds}
    controls = {case.person: past(store, case.person) for case in others if _county(case.cells["county"]) in tested}
    people = People(new, [*persons.values(), *controls.values()])
    found = Comparison(held={name: _held(name, others, controls, people) for name in holds})
    believed = {_county(name) for name, held in found.held.items() if held.is_believed}
    before = dict(_before(old, {case.key for case in granted}))
    leaves = {relief.id: relief.leaves for relief in reliefs}
    for case in granted:
        county = _county(case.cells["county"])
        target = _target(case, leaves)
        if case.key not in before:
            seen = Seen(case, Finding.UNKNOWN, "the vault's own file does not give this charge any more")
        else:
            seen = _seen(case, before[case.key], persons[case.person], people, target, county in believed)
        if seen.finding is Finding.GONE and county not in counties:
            seen = Seen(case, Finding.UNKNOWN, "the file has no conviction of this county")
        found.seen.append(seen)
    return found


def _chosen(store: Store, run: int) -> tuple[list[Case], list[Case]]:
    """The charges to compare, and those of people whom the court granted nothing."""
    granted: list[Case] = []
    others: list[Case] = []
    for of_person in cases(store, run):
        chosen = [case for case in of_person if case.is_granted and standing(case.steps).state in COMPARED]
        granted += chosen
        if not any(case.is_granted for case in of_person):
            others += of_person
    return granted, others


def _held(name: str, others: Iterable[Case], controls: Mapping[int, Past], people: People) -> Held:
    here = {case.person for case in others if _county(case.cells["county"]) == _county(name)}
    return Held(sum(bool(people.of(controls[person])) for person in here), len(here))


def _before(old: Reading, wanted: Collection[Key]) -> Iterator[tuple[Key, tuple[Count, Sequence[Count]]]]:
    """Each charge as it was, with all counts of its person."""
    names = [file.name for file in old.inputs]
    for block in old.blocks():
        for person in block.persons(lambda _: True):
            for count in person.counts:
                key = (names[count.place.file], count.place.row)
                if key in wanted:
                    yield key, (count, person.counts)


def _target(case: Case, leaves: Mapping[str, str]) -> Grade | None:
    """The grade that the relief leaves, where it is one relief that leaves one."""
    return _GRADES.get(leaves.get(case.reliefs[0], "")) if len(case.reliefs) == 1 else None


def _seen(
    case: Case,
    before: tuple[Count, Sequence[Count]],
    who: Past,
    people: People,
    target: Grade | None,
    is_held: bool,
) -> Seen:
    def unknown(why: str) -> Seen:
        return Seen(case, Finding.UNKNOWN, why)

    present = people.of(who)
    if not present:
        if people.is_unread(who):
            return unknown("rows of the person could not be read")
        if is_held:
            return Seen(case, Finding.GONE, "the person is not in a file that holds the county")
        return unknown("the person is not in the file")
    if len(present) > 1 or present[0].shared:
        return unknown("several people of the file may be the person")
    (person,) = present
    if who.births and person.births and not who.births & person.births:
        return unknown("the birth date is another")
    return Seen(case, *_compared(before, person, target))


def _compared(before: tuple[Count, Sequence[Count]], person: Present, target: Grade | None) -> tuple[Finding, str]:
    was, all_before = before
    sign = _sign(was)
    if not sign.tells:
        return Finding.UNKNOWN, "the record says too little of the charge"
    alike_before = [count for count in all_before if _sign(count) == sign]
    alike_now = [count for count in person.counts if _sign(count) == sign]
    if not alike_now:
        if person.damaged:
            return Finding.UNKNOWN, "rows of the person could not be read"
        if any(_may_be(count, was) for count in _unmatched(all_before, person.counts)):
            return Finding.CHANGED, "another count may be this charge"
        return Finding.GONE, "the person is in the file, and the charge is not"
    if len(alike_now) != len(alike_before):
        return Finding.UNKNOWN, "charges that are alike cannot be told apart"
    if target is not None and was.grade is not target and all(_is_made(count, target) for count in alike_now):
        return Finding.REDESIGNATED, f"it is shown as a {target.value}"
    if sorted(map(_shape, alike_now)) == sorted(map(_shape, alike_before)):
        return Finding.VISIBLE, "it is shown as before"
    if len(alike_now) > 1:
        return Finding.UNKNOWN, "charges that are alike cannot be told apart"
    return Finding.CHANGED, _difference(was, alike_now[0])


class _Sign(NamedTuple):
    """By what a charge is known again: case numbers, statute and day."""

    numbers: frozenset[str]
    statute: str
    day: str

    @property
    def tells(self) -> bool:
        """Whether it says enough: the statute, and the case or the day."""
        return bool(self.statute and (self.numbers or self.day))


def _sign(count: Count) -> _Sign:
    numbers = frozenset(plain_number(number) for number in count.event.case_numbers)
    return _Sign(numbers - {""}, str(count.statute or ""), str(count.disposed or ""))


def _unmatched(before: Sequence[Count], now: Sequence[Count]) -> list[Count]:
    """The counts that the record did not have before, or not so many of."""
    left = Counter(_sign(count) for count in before)
    found = []
    for count in now:
        sign = _sign(count)
        if left[sign] > 0:
            left[sign] -= 1
        else:
            found.append(count)
    return found


def _may_be(count: Count, was: Count) -> bool:
    """Whether a count may be a charge under another name: not where two of case, statute and day are others."""
    one, other = _sign(count), _sign(was)
    same_case = Answer.UNKNOWN
    if one.numbers and other.numbers:
        same_case = Answer.YES if one.numbers & other.numbers else Answer.NO
    same_statute = Answer.UNKNOWN
    if count.statute is not None and was.statute is not None:
        ways = (count.statute.section, was.statute.section), (was.statute.section, count.statute.section)
        same_statute = Answer.NO if Answer.NO in [a.could_be_within(b) for a, b in ways] else Answer.UNKNOWN
    apart = span_of(count.disposed).within(span_of(was.disposed)) is None
    return [same_case, same_statute, Answer.NO if apart else Answer.UNKNOWN].count(Answer.NO) < 2


def _is_made(count: Count, target: Grade) -> bool:
    return count.is_conviction and count.grade is target


def _shape(count: Count) -> tuple[str, str, tuple[str, ...]]:
    grade = "" if count.grade is None else count.grade.value
    return count.disposition.value, grade, tuple(sorted(relief.value for relief in count.relieved))


def _difference(was: Count, now: Count) -> str:
    sides = [(disposition, grade, ", ".join(reliefs)) for disposition, grade, reliefs in (_shape(was), _shape(now))]
    words = zip(("disposition", "grade", "relief"), *sides, strict=True)
    return "; ".join(f"{name}: {one or 'none'}, now {other or 'none'}" for name, one, other in words if one != other)


def _county(name: str) -> str:
    return plain_name(name).replace(" ", "")
