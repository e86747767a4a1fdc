"""The first pass: every file read once, each row judged, and an index of who stands where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from clearslate.errors import InputError
from clearslate.ingest.gaps import Found, Gaps
from clearslate.ingest.index import Chunk, Cut, Runs, Survey
from clearslate.ingest.layout import Layout
from clearslate.ingest.lines import BLANK, LINE_TOO_LONG, TOO_LONG, Broken, fields_of, keys_of
from clearslate.ingest.misfits import SECOND_HEADER, ambiguous, misfits
from clearslate.ingest.opening import is_header, refuse_other_formats, refuse_other_text
from clearslate.ingest.people import NOBODY, Identities, Resolved
from clearslate.ingest.reader import InputFile, Reject
from clearslate.ingest.rows import Bools, Ints, RowParser, Rows, row_ids
from clearslate.ingest.source import BOM, HEAD, Digest, Piece, Progress, Source, Stretch, pieces
from clearslate.model import Place

NO_PERSON = "no person"
BAD_CELL = "unusable cell"

_GIVE_UP_AFTER = 1000
"""Rows after which a file of which none is readable is taken for another format."""

_REMEMBERED = 1 << 16


@dataclass(slots=True, repr=False)
class _Progress:
    """How far one file has been read, and what it looks like."""

    index: int
    source: Source
    digest: Digest
    at: int = 0
    rows: int = 0
    lines: int = 0
    gone: int = 0
    has_holes: bool = False
    started: bool = False
    has_header: bool = False
    mark: bool = False
    width: int = 0
    readable: int | None = None
    usable: int = 0
    widths: Ints = field(default_factory=lambda: np.zeros(4, np.int64))
    refused: frozenset[int] = frozenset()
    utf8: bool = False
    latin: bool = False

    @property
    def encoding(self) -> str:
        """The encodings that were needed."""
        utf8 = "UTF-8 with a byte-order mark" if self.mark else "UTF-8"
        if self.latin:
            return f"{utf8} and Latin-1" if self.utf8 or self.mark else "Latin-1"
        return utf8 if self.utf8 or self.mark else "ASCII"


class Surveyor:
    """Reads the files of one run one after the other."""

    def __init__(self, layout: Layout, parser: RowParser, size: int, progress: Progress | None) -> None:
        self._layout = layout
        self._parser = parser
        self._size = size
        self._progress = progress
        self._identities = Identities(layout.identifier, layout.is_filler)
        self._checks = {name: lru_cache(_REMEMBERED)(check) for name, check in layout.checks.items()}
        self._is_conviction = lru_cache(_REMEMBERED)(layout.is_conviction)
        self._county_name = lru_cache(_REMEMBERED)(layout.county_name)
        self._columns = tuple(
            dict.fromkeys(
                (
                    layout.person,
                    layout.identifier,
                    layout.county,
                    layout.disposition,
                    *layout.checks,
                    *layout.anchors,
                    *layout.beside,
                    layout.columns[-1],
                )
            )
        )
        self._inputs: list[InputFile] = []
        self._sources: list[Source] = []
        self._found: list[Found] = []
        self._chunks: list[Chunk] = []
        self._runs: list[tuple[Ints, ...]] = [(np.zeros(0, np.int64),) * 7]
        self._run_count = 0
        self._counties: Counter[str] = Counter()
        self._holes: list[tuple[int, int]] = []

    def read(self, source: Source) -> None:
        """Survey one file. Raises InputError where it is not in the format, or no row of it can be used."""
        before = (len(self._found), len(self._chunks), len(self._runs), len(self._holes))
        counted = (self._run_count, self._counties.copy())
        state = self._survey(source, frozenset(), None if source.is_counted else self._progress)
        refused = ambiguous(state.widths)
        if refused:
            # Rare enough to read the file again, now that its own width is known.
            rejects, chunks, runs, holes = before
            del self._found[rejects:], self._chunks[chunks:], self._runs[runs:], self._holes[holes:]
            self._run_count, self._counties = counted
            state = self._survey(source, refused, None)
        if not state.usable and not state.gone:
            raise self._unusable(state, self._found[before[0] :])
        self._sources.append(source)
        sha256 = source.sha256
        if sha256 is None or not state.has_holes:
            computed = state.digest.hexdigest()
            if sha256 not in (None, computed):
                raise source.changed()
            sha256 = computed
        made_from = "" if source.made_from is None else source.made_from.sha256
        self._inputs.append(
            InputFile(
                source.name, sha256, source.size, state.rows, state.has_header, state.encoding, state.gone, made_from
            )
        )

    def _unusable(self, state: _Progress, found: Sequence[Found]) -> InputError:
        problems = Counter(reject.problem for reject in found).most_common()
        first = {problem: next(reject for reject in found if reject.problem == problem) for problem, _ in problems}
        what = "; ".join(f"{rows} {problem} ({first[problem].detail})" for problem, rows in problems)
        return InputError(
            f"[{state.source.name}] has {state.rows} rows and none that can be used: {what}; "
            "check the file and --format, or ask for the file again"
        )

    def _survey(self, source: Source, refused: frozenset[int], progress: Progress | None) -> _Progress:
        pending = b""
        with source.open() as handle, Digest() as digest, ThreadPoolExecutor(1) as ahead:
            state = _Progress(len(self._inputs), source, digest, refused=refused)
            for piece, parsed in self._parsed(ahead, pieces(source, handle, self._size, digest, progress)):
                if isinstance(piece, Stretch):
                    self._take(state, pending, final=True)
                    pending = b""
                    self._skip(state, piece)
                elif piece.length > len(piece.data):
                    self._take(state, pending, final=True)
                    pending = b""
                    self._too_long(state, piece)
                else:
                    data = pending + self._start(state, piece.data)
                    # What was parsed ahead serves only where nothing was put before it or taken off.
                    used = self._take(state, data, final=False, parsed=parsed if data is piece.data else None)
                    pending = data[used:]
                self._recognize(state)
            self._take(state, pending, final=True)
            source.unchanged(handle)
        if state.rows == 0:
            what = "holds a header but no row" if state.has_header else "holds no row"
            raise InputError(f"[{source.name}] {what}; ask for the file again")
        self._recognize(state, ended=True)
        return state

    def _parsed(
        self, ahead: ThreadPoolExecutor, found: Iterator[Piece | Stretch]
    ) -> Iterator[tuple[Piece | Stretch, Future[Rows | None] | None]]:
        """Each piece or hole, a piece with its rows, parsed in another thread while the piece before it is judged."""
        waiting: tuple[Piece | Stretch, Future[Rows | None] | None] | None = None
        for piece in found:
            coming: tuple[Piece | Stretch, Future[Rows | None] | None] = (piece, None)
            if isinstance(piece, Piece) and piece.length == len(piece.data):
                coming = (piece, ahead.submit(self._parser.sound, piece.data, self._columns))
            if waiting is not None:
                yield waiting
            waiting = coming
        if waiting is not None:
            yield waiting

    def _skip(self, state: _Progress, hole: Stretch) -> None:
        """Count on over a hole, so that what comes after it keeps its place."""
        state.has_holes = True
        if hole.gone_rows:
            # The rows that are gone were read once; no header is looked for behind them.
            state.started = True
            if state.readable is None:
                state.readable = state.rows
            if not hole.rejected:
                self._holes.append((state.index, state.rows + 1))
        state.at += hole.length
        state.rows += hole.gone_rows
        state.lines += hole.gone_lines
        state.gone += hole.gone_rows

    def _start(self, state: _Progress, data: bytes) -> bytes:
        """Leave out what stands before the first row: the mark, blank lines, the header."""
        if state.started:
            return data
        if state.at == 0:
            refuse_other_formats(state.source.name, data)
            if data.startswith(BOM):
                state.mark, state.at, data = True, len(BOM), data[len(BOM) :]
        while data:
            end = data.find(b"\n") + 1 or len(data)
            line = data[:end].removesuffix(b"\n").removesuffix(b"\r")
            if line.strip(BLANK):
                state.started = True
                layout, name = self._layout, state.source.name
                refuse_other_text(name, line[:HEAD], self._parser.shape.width)
                state.width = fields_of(line[:HEAD])
                state.has_header = is_header(name, line[:HEAD], layout.columns, layout.header)
                if not state.has_header:
                    break
            data = data[end:]
            state.at += end
            state.lines += 1
            if state.started:
                break
        return data

    def _recognize(self, state: _Progress, *, ended: bool = False) -> None:
        """Raise InputError for a file of another format: its first line is not ours, and no row can be read."""
        width = self._parser.shape.width
        seen = state.rows if state.readable is None else state.readable
        if state.width in (width, width + 1) or not (seen >= _GIVE_UP_AFTER or (ended and state.readable is None)):
            return
        raise InputError(
            f"[{state.source.name}] is in another format: {state.width} columns found, {width} expected, "
            "and no row is readable; check the file and --format"
        )

    def _too_long(self, state: _Progress, piece: Piece) -> None:
        self._start_long(state, piece)
        key, identifier = keys_of(piece.data, self._parser.shape, whole=False)
        place = Place(state.index, state.rows + 1, state.lines + 1)
        self._found.append(Found(place, LINE_TOO_LONG, TOO_LONG, key, identifier, state.at, piece.length, intact=False))
        state.rows += 1
        state.lines += 1
        state.at += piece.length

    def _start_long(self, state: _Progress, piece: Piece) -> None:
        if not state.started:
            state.started = True
            if state.at == 0:
                refuse_other_formats(state.source.name, piece.data)
            refuse_other_text(state.source.name, piece.data.removeprefix(BOM), self._parser.shape.width)
            state.width = fields_of(piece.data)

    def _take(self, state: _Progress, data: bytes, *, final: bool, parsed: Future[Rows | None] | None = None) -> int:
        """Judge the rows of some text; give how many of its bytes are done with."""
        if not data:
            return 0
        sound = None if parsed is None else parsed.result()
        rows = sound or self._parser.read([data], self._columns, final=final)
        if state.readable is None and len(rows):
            state.readable = state.rows + int(rows.ordinals[0])
        state.latin = state.latin or rows.latin
        state.utf8 = state.utf8 or rows.utf8
        entities, good = self._judge(state, rows)
        first, count = _runs_of(rows, entities, good)
        last = first + count - 1
        if rows.used:
            checksum = state.digest.checksum(memoryview(data)[: rows.used])
            self._chunks.append(
                Chunk(state.index, state.at, rows.used, state.rows + 1, state.lines + 1, self._run_count, checksum)
            )
        self._runs.append(
            (
                entities[first],
                np.full(len(first), state.index, np.int64),
                rows.begins[first] + state.at,
                rows.stops[last] - rows.begins[first],
                rows.ordinals[first] + (state.rows + 1),
                rows.lines[first] + (state.lines + 1),
                count,
            )
        )
        self._run_count += len(first)
        state.rows += rows.count
        state.lines += rows.physical
        state.at += rows.used
        return rows.used

    def _judge(self, state: _Progress, rows: Rows) -> tuple[Ints, Bools]:
        """The entity of each row that could be read, and which rows can be used."""
        layout = self._layout
        wrong = misfits(layout, rows, state.widths, state.refused)
        sound = np.ones(len(rows), np.bool_)
        sound[list(wrong)] = False
        key = rows.cells[layout.person].column()
        identifier = rows.cells[layout.identifier].column()
        # Where the columns are shifted, whatever stands in place of the keys ties nobody together.
        entities = self._identities.entities(
            np.where(sound, self._identities.keys.numbers(key.values)[key.codes], NOBODY),
            np.where(sound, self._identities.identifiers.numbers(identifier.values)[identifier.codes], NOBODY),
        )
        good = entities != NOBODY
        for row in np.flatnonzero(~good).tolist():
            wrong.setdefault(row, (NO_PERSON, f"neither {layout.person} nor {layout.identifier} says whose it is"))
        for name, check in self._checks.items():
            column = rows.cells[name].column()
            reasons = [check(value) for value in column.values]
            if any(reason is not None for reason in reasons):
                refused = column.where([reason is not None for reason in reasons])
                for row in np.flatnonzero(refused).tolist():
                    wrong.setdefault(row, (BAD_CELL, f"{name}: {reasons[column.codes[row]]}"))
                good &= ~refused
        begins, stops = rows.begins, rows.stops
        found = [
            Broken(int(rows.ordinals[row]), int(rows.lines[row]), problem, detail, key.values[key.codes[row]],
                   identifier.values[identifier.codes[row]], int(begins[row]), int(stops[row] - begins[row]))
            for row, (problem, detail) in wrong.items()
        ]  # fmt: skip
        for broken in sorted([*found, *rows.broken], key=lambda broken: broken.ordinal):
            place = Place(state.index, state.rows + 1 + broken.ordinal, state.lines + 1 + broken.line)
            intact = broken.problem in (BAD_CELL, SECOND_HEADER)
            self._found.append(
                Found(place, broken.problem, broken.detail, broken.key, broken.identifier, state.at + broken.begin,
                      broken.length, intact)
            )  # fmt: skip
        state.usable += int(good.sum())
        self.count(rows, good, 1)
        return entities, good

    def count(self, rows: Rows, used: Bools, times: int) -> None:
        """Add the conviction rows among the rows used to their county, ``times`` each."""
        disposition = rows.cells[self._layout.disposition].column()
        county = rows.cells[self._layout.county].column()
        wanted = used & disposition.where([self._is_conviction(value) for value in disposition.values])
        for value, rows_of_it in zip(
            county.values, np.bincount(county.codes[wanted], minlength=len(county.values)).tolist(), strict=True
        ):
            name = self._county_name(value) if rows_of_it else None
            if name is not None:
                self._counties[name] += times * rows_of_it

    def finish(self) -> Survey:
        """The survey of all files read."""
        parts = [np.concatenate(column) for column in zip(*self._runs, strict=True)]
        self._runs.clear()
        # Files of our own know nothing of it, and asking for every identifier takes time.
        asked = [source for source in self._sources if type(source).is_shared is not Source.is_shared]
        people = self._identities.resolve(
            parts[0], (lambda word: any(source.is_shared(word) for source in asked)) if asked else None
        )
        runs = Runs(people.of_run, *parts[1:])
        rejects: list[Reject] = []
        broken: list[Cut] = []
        missing: dict[int, list[Place]] = {}
        holes = np.array(self._holes, np.int64).reshape(-1, 2)
        gone = row_ids(holes[:, 0], holes[:, 1])
        with Gaps(self._sources, self._identities, people, runs.file, runs.row, runs.person, gone) as gaps:
            for found in self._found:
                persons, named = gaps.persons(found)
                label = self._label(people, found, persons if named else ())
                rejects.append(Reject(found.place, found.problem, found.detail, label))
                only = persons[0] if named and len(persons) == 1 else NOBODY
                broken.append(Cut(found.place.file, found.offset, found.length, only))
                for person in persons:
                    missing.setdefault(person, []).append(found.place)
        return Survey(self._inputs, rejects, broken, self._chunks, runs, people, missing, self._counties)

    def _label(self, people: Resolved, found: Found, persons: Sequence[int]) -> str | None:
        if len(persons) == 1:
            return people.labels[persons[0]]
        if self._identities.keys.means(found.key):
            return found.key
        if self._identities.identifiers.means(found.identifier):
            return f"{self._layout.identifier}:{found.identifier}"
        return None


def _runs_of(rows: Rows, entities: Ints, good: Bools) -> tuple[Ints, Ints]:
    """Where runs begin among the rows, and how many rows each has."""
    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    apart = np.ones(len(rows), np.bool_)
    apart[1:] = (entities[1:] != entities[:-1]) | (rows.begins[1:] != rows.stops[:-1]) | ~good[1:] | ~good[:-1]
    begins = np.flatnonzero(apart)
    counts = np.diff(np.append(begins, len(rows)))
    kept = good[begins]
    return begins[kept], counts[kept]
