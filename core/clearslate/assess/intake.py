"""Bring source files into a vault: every row into the record of its person, all that is nobody's beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from clearslate.assess.keeping import Owners
from clearslate.assess.plan import plan
from clearslate.assess.progress import Progress, bytes_read
from clearslate.assess.texts import Texts
from clearslate.errors import InputError
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.kept import KeptSource, Records, SourceMap, kept_sources
from clearslate.ingest.lookup import known
from clearslate.ingest.reader import Mapped, Reading, RecordReader
from clearslate.ingest.source import Source, sources, spans
from clearslate.model import Place as Row
from clearslate.output.determinations import COLUMNS
from clearslate.vault import lookup, runs
from clearslate.vault.ledger import Ledger, UnderWay
from clearslate.vault.records import GONE, REMAINDER_OWNER, Record, packed_source
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Step, Store

PERSONS_A_STEP = 5000
_PIECE = 4 << 20
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Conflict:
    """Persons of whom the files say what cannot all be so: how many, and the first rows of some of them."""

    persons: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What an ingest did, in counts and file names.

    ``already`` are files that the vault had; they changed nothing. ``persons_moved`` have rows that were in another
    record before. ``resumed_after`` persons were sealed by an ingest that was cut off. ``conflicts`` are kept as they
    are, and nothing is merged for them: ``two_births``, ``two_identifiers``, ``shared_identifier``; their rows are in
    the files called ``names``.
    """

    added: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    rows: int = 0
    rows_rejected: int = 0
    rows_repeated: int = 0
    persons: int = 0
    persons_new: int = 0
    persons_more: int = 0
    persons_moved: int = 0
    resumed_after: int = 0
    names: tuple[str, ...] = ()
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)


def ingest(
    store: Store,
    reader: RecordReader,
    files: Sequence[Path | Source],
    *,
    at: str,
    program: str,
    progress: Progress | None = None,
) -> Intake:
    """Bring files in; ``at`` is the time in UTC and ``program`` the release, for the record.

    A file that is there already changes nothing. An ingest that was cut off is taken up where it was when the same
    files come again, and dropped when others do. Raises InputError where a file cannot be read or is of another
    format, VaultError and OutputError of the vault.
    """
    records = Records(store)
    every = kept_sources(records)
    new, already = _new_ones(every, files)
    if not new:
        return Intake(already=already, persons=len(store.numbers(Kind.PERSON)))
    new = sources([*every, *new])[len(every) :]
    kept = [source for source in every if source.format == reader.id]
    under_way = _Ingest(store, records, reader, kept, new, at, program)
    return replace(under_way.run(progress), already=already)


def delimited(reading: Reading, reader: RecordReader) -> DelimitedReading:
    """The reading, where a vault can keep its format. Raises InputError."""
    if not isinstance(reading, DelimitedReading):
        raise InputError(f"format [{reader.id}] cannot be kept in a vault; run on its files with --input")
    return reading


class _Ingest:
    """One ingest of files that are new to the vault."""

    def __init__(
        self,
        store: Store,
        records: Records,
        reader: RecordReader,
        kept: Sequence[KeptSource],
        new: Sequence[Source],
        at: str,
        program: str,
    ) -> None:
        self._store = store
        self._records = records
        self._reader = reader
        self._kept = kept
        self._new = new
        self._told = {"format": reader.id, "at": at, "reader": program}
        if isinstance(reader, Mapped):
            self._told |= {"mapping_name": reader.mapping_file.name, "mapping_text": reader.mapping_file.text}

    def run(self, progress: Progress | None) -> Intake:
        """Survey, seal person by person, and finish."""
        store = self._store
        opened = self._reader.open([*self._kept, *self._new], bytes_read([*self._kept, *self._new], progress))
        self._reading = reading = delimited(opened, self._reader)
        self._extents = extents = reading.extents()
        ledger = Ledger.read(store)
        self._plan = made = plan(extents, self._kept, ledger.next_person)
        self._known, conflicts = self._looked_at()
        ledger = self._begun(ledger)
        assert ledger.under_way is not None
        done = resumed = ledger.under_way.done
        first = ledger.under_way.first_source
        self._numbers = [*(source.number for source in self._kept), *range(first, first + len(self._new))]
        with Texts(reading.sources, extents, self._numbers) as texts:
            while done < len(made.simple):
                part = made.simple[done : done + PERSONS_A_STEP]
                with store.step() as step:
                    step.put_many(Kind.PERSON, texts.records(part, self._known))
                    done += len(part)
                    ledger = ledger.sealed(done)
                    ledger.write(step)
                if progress is not None:
                    progress("seal", done, len(made.simple))
            self._records.forget()
            with store.step() as step:
                changed = self._finish(step, texts)
                of_vault = {
                    name: [int(made.numbers[person]) for person in persons] for name, persons in conflicts.items()
                }
                others = self._others()
                for name, numbers in ledger.conflicts.items():
                    of_vault[name] = sorted({*of_vault.get(name, ()), *(others & set(numbers))})
                ended = replace(ledger, next_person=made.next_person, under_way=None, conflicts=of_vault)
                ended.write(step)
                # The office may destroy the files after this, so what was sealed is read back and compared.
                self._records.forget()
                self._read_back(changed)
        return self._intake(resumed, conflicts)

    def _begun(self, ledger: Ledger) -> Ledger:
        """The ledger with this ingest under way; what another one left behind is removed."""
        hash = hashlib.sha256(self._plan.digest.encode())
        for file in self._reading.inputs[len(self._kept) :]:
            hash.update(file.sha256.encode())
        digest = hash.hexdigest()
        if ledger.under_way is not None and ledger.under_way.digest == digest:
            return ledger
        with self._store.step() as step:
            if ledger.under_way is not None:
                self._abandon(step, ledger, ledger.under_way)
            begun = replace(
                ledger,
                next_source=ledger.next_source + len(self._new),
                under_way=UnderWay(digest, ledger.next_source),
            )
            begun.write(step)
        self._records.forget()
        return begun

    def _abandon(self, step: Step, ledger: Ledger, left: UnderWay) -> None:
        store = self._store
        numbers = store.numbers(Kind.PERSON)
        known = {int(self._plan.numbers[person]): told for person, told in self._known.items()}
        step.drop(Kind.PERSON, [number for number in numbers if number >= ledger.next_person])
        for number, data in store.get_many(Kind.PERSON, [n for n in numbers if n < ledger.next_person]):
            record = Record.read(data)
            stays = [extent for extent in record.extents if extent.source < left.first_source]
            if len(stays) < len(record.extents):
                size = sum(extent.length for extent in stays)
                told = known.get(number, record.known)
                step.put(Kind.PERSON, number, Record(stays, record.text[:size], told).packed())

    def _looked_at(self) -> tuple[dict[int, dict[str, Any]], dict[str, list[int]]]:
        """What each person can be looked up by, and the persons with conflicts, by their numbers in the reading."""
        labels = self._reading.survey.people.labels
        found: dict[int, dict[str, Any]] = {}
        conflicts: dict[str, list[int]] = {"two_births": [], "two_identifiers": []}
        for person, one in known(self._reading):
            found[person] = {"subject": labels[person], **{name: list(said) for name, said in one._asdict().items()}}
            if len(one.births) > 1:
                conflicts["two_births"].append(person)
            if len(one.identifiers) > 1:
                conflicts["two_identifiers"].append(person)
        conflicts["shared_identifier"] = self._reading.survey.people.shared.tolist()
        return found, conflicts

    def _finish(self, step: Step, texts: Texts) -> Sequence[int]:
        """Seal what is left, maps and look-ups among it; give the files of which anything but rows was added to."""
        store, made, extents = self._store, self._plan, self._extents
        # Read before anything is written over: these records are cut out of one another.
        moved = list(texts.records(made.moved, self._known))
        maps = [self._map(file) for file in range(len(self._numbers))]
        changed = [
            file
            for file, map in enumerate(maps)
            if file >= len(self._kept) or map.places() != self._kept[file].map.places()
        ]
        self._left = {file: _left(self._kept[file]) for file in changed if file < len(self._kept)}
        remainders = [
            (
                self._numbers[file],
                texts.record(np.flatnonzero((extents.file == file) & (made.owner == REMAINDER_OWNER))),
            )
            for file in changed
        ]
        step.put_many(Kind.PERSON, moved)
        before = sorted({old for one in made.moved for old in one.before})
        runs.redistribute(store, step, before, self._owner_of(Owners(maps)))
        step.drop(Kind.PERSON, made.dropped)
        step.put_many(Kind.REMAINDER, remainders)
        for file in changed:
            step.put(Kind.SOURCE, self._numbers[file], packed_source(self._described(file), maps[file].places()))
        others = self._others()
        kept = [row for n in store.numbers(Kind.BUCKET) for row in lookup.rows(store.get(Kind.BUCKET, n))]
        lookup.write_rows(
            store,
            step,
            {
                *lookup.rows_of(lookup.key(store), self._findable()),
                *(row for row in kept if lookup.person_of(row) in others),
            },
        )
        return changed

    def _owner_of(self, owners: Owners) -> Callable[[Mapping[str, Any]], int]:
        """Whose record a kept decision stands with now."""
        names = [file.name for file in self._reading.inputs]
        file, row = COLUMNS.index("source_file"), COLUMNS.index("source_row")
        return lambda decision: owners.of(names.index(decision["cells"][file]), int(decision["cells"][row]))

    def _others(self) -> set[int]:
        """The persons who are in files of other formats, of which this ingest knows nothing."""
        return set(self._store.numbers(Kind.PERSON)) - set(self._plan.numbers.tolist())

    def _map(self, file: int) -> SourceMap:
        extents = self._extents
        own = np.flatnonzero(extents.file == file)
        columns = [
            column[own]
            for column in (
                extents.offset,
                extents.length,
                extents.rows,
                extents.used,
                extents.lines,
                self._plan.owner,
            )
        ]
        if file < len(self._kept):
            old = self._kept[file].map
            holes = old.owner == GONE
            of_holes = (column[holes] for column in (old.offset, old.length, old.rows, old.used, old.lines, old.owner))
            columns = [np.concatenate(pair) for pair in zip(columns, of_holes, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        return SourceMap(*(column[order] for column in columns))

    def _described(self, file: int) -> dict[str, Any]:
        if file < len(self._kept):
            return self._kept[file].told
        read, made_from = self._reading.inputs[file], self._reading.sources[file].made_from
        told = {**self._told, "name": read.name, "sha256": read.sha256, "size": read.size}
        return told if made_from is None else {**told, "file_sha256": made_from.sha256, "file_size": made_from.size}

    def _findable(self) -> Iterator[tuple[lookup.Told, int]]:
        for person, told in self._known.items():
            yield from ((found, int(self._plan.numbers[person])) for found in lookup.findable(told))

    def _read_back(self, changed: Sequence[int]) -> None:
        """Raise InputError unless the files that were sealed anew give what they gave before, byte for byte."""
        for file in changed:
            source = KeptSource.found(self._records, self._numbers[file])
            wanted = self._reading.inputs[file].sha256 if file >= len(self._kept) else self._left[file]
            if _left(source) != wanted:
                raise source.changed()

    def _intake(self, resumed: int, conflicts: Mapping[str, Sequence[int]]) -> Intake:
        reading, made, kept = self._reading, self._plan, len(self._kept)
        first = {
            name: tuple(self._first_row(person) for person in persons[:_SHOWN]) for name, persons in conflicts.items()
        }
        return Intake(
            added=tuple(file.name for file in reading.inputs[kept:]),
            rows=sum(file.rows for file in reading.inputs[kept:]),
            rows_rejected=sum(reject.place.file >= kept for reject in reading.rejects),
            rows_repeated=reading.rows_repeated,
            persons=reading.people,
            persons_new=sum(not one.before for one in made.simple),
            persons_more=sum(bool(one.before) for one in made.simple),
            persons_moved=len(made.moved),
            resumed_after=resumed,
            names=tuple(file.name for file in reading.inputs),
            conflicts={name: Conflict(len(persons), first[name]) for name, persons in conflicts.items()},
        )

    def _first_row(self, person: int) -> Row:
        runs_ = self._reading.survey.runs
        at = int(np.flatnonzero(runs_.person == person)[0])
        return Row(int(runs_.file[at]), int(runs_.row[at]), int(runs_.line[at]))


def _new_ones(every: Sequence[KeptSource], files: Sequence[Path | Source]) -> tuple[Sequence[Source], tuple[str, ...]]:
    """The files that are new, and the names of those that are not, by their digests."""
    named, names = sources(files), [file.name for file in files]
    # A text that was made from a file is known by the file.
    seen = {(known.size, known.sha256) for source in every for known in (source, source.made_from) if known is not None}
    sizes = [size for size, _ in seen]
    new: list[Source] = []
    already: list[str] = []
    for source, given in zip(named, names, strict=True):
        alike = [other for other in named if other.size == source.size]
        # A digest takes as long as reading the file, so it is taken only where the size is nothing new.
        digest = source.sha256 or (_digest(source) if source.size in sizes or len(alike) > 1 else None)
        if digest is not None and (source.size, digest) in seen:
            already.append(given)
            continue
        seen.add((source.size, digest))
        new.append(source)
    return new, tuple(already)


def _left(source: KeptSource) -> str:
    """The digest of what is left of a source, holes left out."""
    hash = hashlib.sha256()
    for span in spans(source):
        for at in range(span.offset, span.offset + span.length if not span.gone else 0, _PIECE):
            hash.update(source.at(at, min(_PIECE, span.offset + span.length - at)))
    return hash.hexdigest()


def _digest(source: Source) -> str:
    hash = hashlib.sha256()
    with source.open() as handle:
        while piece := handle.read(_PIECE):
            hash.update(piece)
        source.unchanged(handle)
    return hash.hexdigest()
