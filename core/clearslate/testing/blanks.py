"""A record made to say less, one fact at a time: what unknown-never-grants is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from clearslate.model import Count, Cycle, Disposition, Event, PartialDate, Person, Place


class Blanked(NamedTuple):
    """A record that says less: what was taken away, the person, and the count to decide."""

    words: str
    person: Person
    decided: Count


def is_consistent(person: Person) -> bool:
    """Whether the record does not contradict itself.

    Blanking one side of a contradiction (an arrest after its disposition, an offense after its
    arrest, one identifier under two persons) removes the doubt that it raised, so such records
    are outside the promise.
    """
    return not person.shares_identifier and all(_in_order(count) for count in person.counts)


def _in_order(count: Count) -> bool:
    """Whether the offense can have come before the arrest, and both before the disposition."""
    found: PartialDate | None = None
    for later in (count.committed, count.cycle.arrested, count.disposed):
        if later is None:
            continue
        if found is not None and found.earliest > later.latest:
            return False
        # A vague date does not hide that an earlier one is too late.
        found = later if found is None or later.earliest > found.earliest else found
    return True


def blankings(person: Person, decided: Count, *, charges: bool = False) -> Iterator[Blanked]:
    """Give the record with each fact unknown in turn, and with each row rejected in turn.

    ``decided`` is the count to decide, by identity; keys of counts are unique. Its own disposition
    stays unless ``charges`` are decided, for a count that is not known to be a conviction is not decided.
    """
    index = next(n for n, one in enumerate(person.counts) if one is decided)
    for words, changed in _changes(person, index, charges=charges):
        yield Blanked(words, changed, next(one for one in changed.counts if one.key == decided.key))


def _changes(person: Person, index: int, *, charges: bool) -> Iterator[tuple[str, Person]]:
    for less in _less(person.birth_date):
        yield f"birth date {less or 'blank'}", replace(person, birth_date=less)
    if person.deceased:
        yield "the row of the death rejected", _lost(replace(person, deceased=False))
    for n, registration in enumerate(person.registrations):
        rest = (*person.registrations[:n], *person.registrations[n + 1 :])
        yield f"row of registration {n + 1} rejected", _lost(replace(person, registrations=rest))
        if registration.statute is not None:
            changed = replace(registration, statute=None)
            yield f"statute of registration {n + 1} blank", _with(person, "registrations", n, changed)
        for less in _less(registration.registered):
            changed = replace(registration, registered=less)
            yield f"date of registration {n + 1} {less or 'blank'}", _with(person, "registrations", n, changed)
    for cycle in {count.cycle.key: count.cycle for count in person.counts}.values():
        yield from _cycle_changes(person, cycle)
    for event in {count.event.key: count.event for count in person.counts}.values():
        if event.county is not None:
            yield f"county of event [{event.key}] blank", _with_event(person, replace(event, county=None))
    for n, count in enumerate(person.counts):
        for words, changed_count in _count_changes(count):
            yield f"{words} of count {n + 1}", _with(person, "counts", n, changed_count)
        for words, changed_count in _lost_rows(count, decided=n == index):
            yield f"{words} of count {n + 1} rejected", _lost(_with(person, "counts", n, changed_count))
        if (n != index or charges) and count.disposition is not Disposition.UNKNOWN:
            unknown = replace(count, disposition=Disposition.UNKNOWN, ended=None)
            yield f"disposition of count {n + 1} blank", _with(person, "counts", n, unknown)
        if n != index:
            yield _without(person, n)


def _cycle_changes(person: Person, cycle: Cycle) -> Iterator[tuple[str, Person]]:
    for less in _less(cycle.arrested):
        yield f"arrest of cycle [{cycle.key}] {less or 'blank'}", _with_cycle(person, replace(cycle, arrested=less))
    for n, statute in enumerate(cycle.charged):
        rest = (*cycle.charged[:n], *cycle.charged[n + 1 :])
        where = f"charged row {n + 1} of cycle [{cycle.key}]"
        if statute is not None:
            blank = (*cycle.charged[:n], None, *cycle.charged[n + 1 :])
            yield f"{where} blank", _with_cycle(person, replace(cycle, charged=blank))
        yield f"{where} rejected", _lost(_with_cycle(person, replace(cycle, charged=rest)))


def _count_changes(count: Count) -> Iterator[tuple[str, Count]]:
    if count.statute is not None:
        yield "statute blank", replace(count, statute=None)
    if count.grade is not None:
        yield "grade blank", replace(count, grade=None)
    if count.offense_class is not None:
        yield "class blank", replace(count, offense_class=None)
    if count.ended is not None:
        yield "ending blank", replace(count, ended=None)
    for less in _less(count.committed):
        yield f"offense date {less or 'blank'}", replace(count, committed=less)
    for less in _less(count.disposed):
        yield f"disposition date {less or 'blank'}", replace(count, disposed=less)
    if count.sentence:
        yield "sentence blank", replace(count, sentence=())
    for n, part in enumerate(count.sentence):
        changes: list[tuple[str, dict[str, Any]]] = [("length", {"length": None}), ("unit", {"unit": None})]
        if part.takes_no_time:
            changes = [("kind", {"kind": None, "takes_no_time": False})]
        for what, change in changes:
            parts = (*count.sentence[:n], replace(part, **change), *count.sentence[n + 1 :])
            yield f"{what} of sentence part {n + 1} blank", replace(count, sentence=parts)
    for fact in count.facts:
        rest = {name: value for name, value in count.facts.items() if name != fact}
        yield f"fact [{fact}] blank", replace(count, facts=rest)


def _lost_rows(count: Count, *, decided: bool) -> Iterator[tuple[str, Count]]:
    for n in range(len(count.sentence)):
        yield f"row of sentence part {n + 1}", replace(count, sentence=(*count.sentence[:n], *count.sentence[n + 1 :]))
    if decided:
        for n, relief in enumerate(count.relieved):
            rest = (*count.relieved[:n], *count.relieved[n + 1 :])
            yield f"row of relief [{relief.name.lower()}]", replace(count, relieved=rest)


def _without(person: Person, n: int) -> tuple[str, Person]:
    count = person.counts[n]
    rest = replace(person, counts=(*person.counts[:n], *person.counts[n + 1 :]))
    charged = list(count.cycle.charged)
    if count.statute in charged:
        charged.remove(count.statute)
    rest = _with_cycle(rest, replace(count.cycle, charged=tuple(charged)))
    return f"row of count {n + 1} rejected", _lost(rest)


def _less(when: PartialDate | None) -> Iterator[PartialDate | None]:
    if when is None:
        return
    if when.day is not None:
        yield PartialDate(when.year, when.month)
    if when.month is not None:
        yield PartialDate(when.year)
    yield None


def _lost(person: Person) -> Person:
    row = 5000 + len(person.missing_rows)
    return replace(person, missing_rows=(*person.missing_rows, Place(0, row, row + 1)))


def _with(person: Person, field: str, n: int, item: Any) -> Person:
    items = getattr(person, field)
    return replace(person, **{field: (*items[:n], item, *items[n + 1 :])})


def _with_event(person: Person, event: Event) -> Person:
    return _over_events(person, lambda one: event if one.key == event.key else one)


def _with_cycle(person: Person, cycle: Cycle) -> Person:
    return _over_events(person, lambda one: replace(one, cycle=cycle) if one.cycle.key == cycle.key else one)


def _over_events(person: Person, change: Callable[[Event], Event]) -> Person:
    return replace(person, counts=tuple(replace(count, event=change(count.event)) for count in person.counts))
