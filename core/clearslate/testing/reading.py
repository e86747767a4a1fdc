"""The promises that every reader keeps, tried on a file: it adds up, says where its facts stand, and never adds one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clearslate.errors import ConformanceError
from clearslate.ingest.reader import Reading, RecordReader
from clearslate.ingest.source import Source
from clearslate.model import Person, Place
from clearslate.output.lines import rows_in
from clearslate.policy.facts import FACT_WORDS
from clearslate.policy.reform import Reform
from clearslate.testing.blanked import blanking, people_of

_SHORTEST = 4
"""Characters below which a name or number of a person is also a word or a number of anybody."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried on a reader's files; nothing in it is personal.

    ``unstated`` are the core's facts that ``cells`` says nothing of, because the records never state them. ``blanked``
    is how many cells were blanked in turn and decided by ``reforms``; ``not_blanked`` says why none was.
    """

    reader: str
    rows_read: int
    rows_used: int
    rows_repeated: int
    rows_rejected: int
    people: int
    convictions: int
    unstated: tuple[str, ...]
    reforms: tuple[str, ...]
    blanked: int
    not_blanked: str | None


def check_reader(
    reader: RecordReader,
    files: Sequence[Path | Source],
    reforms: Sequence[Reform] = (),
    *,
    as_of: dt.date,
    tries: int = 300,
) -> Tried:
    """Try every promise of a reader on files, blanking ``tries`` cells in turn for the reforms that decide its records.

    Raises ConformanceError that lists, a line each, every promise broken and what to do about it; InputError
    as ``open`` does.
    """
    reading = reader.open(files)
    people = people_of(reading)
    problems = [
        *described(reader),
        *adds_up(reading),
        *placed(reading, people),
        *documented(reader, people),
        *private(reading, people),
        *same_again(reader, files, reading, people),
    ]
    blanked, why = 0, None
    if not reforms:
        why = "no reform was given that decides its records"
    elif not problems:
        found = blanking(reader, files, reading, reforms, as_of)
        if isinstance(found, str):
            why = found
        else:
            problems += found.raised(tries)
            blanked = found.tried
    if problems:
        lines = "\n".join(f"- {problem}" for problem in dict.fromkeys(problems))
        raise ConformanceError(f"reader [{reader.id}] breaks these promises:\n{lines}")
    return Tried(
        reader.id,
        reading.rows_read,
        reading.rows_read - reading.rows_repeated - len(reading.rejects),
        reading.rows_repeated,
        len(reading.rejects),
        reading.people,
        sum(len(person.convictions) for person in people),
        tuple(fact for fact in FACT_WORDS if fact not in reader.cells and fact != "as_of"),
        tuple(reform.about.id for reform in reforms),
        blanked,
        why,
    )


# What the reader says of itself -----------------------------------------------------------------


def described(reader: RecordReader) -> Iterator[str]:
    """Its title is words, its columns are distinct, and what reviewers use is among them."""
    columns = list(reader.columns)
    if len(reader.title.split()) < 2:
        yield f"the title is [{reader.title}]; say in a line what the format is"
    if not columns or len(set(columns)) != len(columns) or not all(columns):
        yield "its columns are none, or one is blank or stands twice; name each once"
    for name in reader.condensed:
        if name not in columns:
            yield f"condensed column [{name}] is no column of it; name one that is"
    for fact, words in reader.cells.items():
        if not words.strip():
            yield f"cells says nothing of fact [{fact}]; name its columns, or leave it out"


# What it read ------------------------------------------------------------------------------------


def adds_up(reading: Reading) -> Iterator[str]:
    """Rows read are used, repeated or rejected; the blocks hold everyone; the files hold every row."""
    written = condensed = people = convictions = 0
    for block in reading.blocks():
        written += rows_in(block.annotated({}, b""))
        condensed += rows_in(block.condensed({}, b""))
        people += block.people
        convictions += block.convictions
        convicted = sum(len(person.convictions) for person in block.persons(lambda _: True))
        if convicted != block.convictions:
            yield f"a block says that it has [{block.convictions}] convictions, and its persons have [{convicted}]"
    for what, total, parts in (
        ("rows read, and rows written and rejected", reading.rows_read, written + len(reading.rejects)),
        ("rows read, and rows of the files", reading.rows_read, sum(file.rows - file.gone for file in reading.inputs)),
        ("rows written, and rows written condensed", written, condensed),
        ("people, and people in blocks", reading.people, people),
    ):
        if total != parts:
            yield f"the counts do not add up: {what}: [{total}] is not [{parts}]"
    if reading.rows_repeated > written:
        yield f"more rows are repeated [{reading.rows_repeated}] than were read [{written}]"
    if sum(reading.counties.values()) and not convictions:
        yield "counties has conviction rows, and no person has a conviction"


def placed(reading: Reading, people: Sequence[Person]) -> Iterator[str]:
    """Everything stands in a row of a file, and the keys of a person's counts are distinct."""
    inputs = reading.inputs

    def misses(place: Place) -> bool:
        return not (0 <= place.file < len(inputs) and 1 <= place.row <= inputs[place.file].rows and place.line >= 1)

    for reject in reading.rejects:
        if misses(reject.place):
            yield "a rejected row stands in no row of a file; count rows from 1, without the header"
    rejected = {reject.place for reject in reading.rejects}
    for person in people:
        if len({count.key for count in person.counts}) != len(person.counts):
            yield "two counts of one person have one key; make the keys distinct"
        places = [place for count in person.counts for place in (count.place, *count.rows)]
        places += [registration.place for registration in person.registrations]
        if any(misses(place) for place in places):
            yield "a count stands in no row of a file; count rows from 1, without the header"
        if any(count.rows and count.place not in count.rows for count in person.counts):
            yield "the place of a count is none of its rows; take the first row that says how it ended"
        if any(place not in rejected for place in person.missing_rows):
            yield "a missing row of a person was not rejected; missing rows are rejected ones"


def documented(reader: RecordReader, people: Sequence[Person]) -> Iterator[str]:
    """A fact that any person states has its columns in ``cells``, so that a decision can name the cell."""
    stated = {fact for person in people for fact in _stated(person)}
    for fact in sorted(stated - set(reader.cells)):
        yield f"a record states fact [{fact}], and cells does not say in which columns; add it"


def _stated(person: Person) -> Iterator[str]:
    facts: dict[str, object] = {
        "birth_date": person.birth_date,
        "deceased": person.deceased,
        "registration": person.registrations,
    }
    yield from (name for name, value in facts.items() if value)
    for count in person.counts:
        facts = {
            "statute": count.statute,
            "arrested": count.cycle.arrested,
            "committed": count.committed,
            "disposed": count.disposed,
            "grade": count.grade,
            "class": count.offense_class,
            "ended": count.ended,
            "county": count.event.county,
            "sentence": count.sentence,
            "relieved": count.relieved,
            **count.facts,
        }
        yield from (name for name, value in facts.items() if value is not None and value != ())


def private(reading: Reading, people: Sequence[Person]) -> Iterator[str]:
    """No name and no number of a person stands in a ``repr`` or in what is said of a rejected row."""
    words = {
        word.strip().upper()
        for person in people
        for word in (person.person_id, *person.names, *person.identifiers)
        if len(word.strip()) >= _SHORTEST
    }
    things: list[object] = [*people, *(count for person in people for count in person.counts), *reading.blocks()]
    shown = {repr(thing).upper() for thing in things}
    if any(word in text for text in shown for word in words):
        yield "the repr of what was read shows a name or a number of a person; leave it out"
    for reject in reading.rejects:
        said = f"{reject.problem} {reject.detail} {reject!r}".upper()
        if any(word in said for word in words):
            yield "what is said of a rejected row shows a name or a number of a person; name columns and counts only"


def same_again(
    reader: RecordReader, files: Sequence[Path | Source], reading: Reading, people: Sequence[Person]
) -> Iterator[str]:
    """The same files give the same persons and the same rejected rows."""
    again = reader.open(files)
    if list(again.rejects) != list(reading.rejects) or people_of(again) != list(people):
        yield "the same files give other persons the second time; keep no state and use no order of a set"
