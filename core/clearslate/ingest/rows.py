"""Rows from source text: parsed together where the text is sound, line by line where it is damaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from clearslate.errors import ClearslateError
from clearslate.ingest.frame import Column
from clearslate.ingest.lines import Broken, Shape, bad_byte, fields_of, is_closed, read_lines
from clearslate.ingest.source import BOM, LONGEST_LINE

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_NEWLINE = 10
_ROW_BITS = 40


def row_ids(file: Ints, row: Ints) -> Ints:
    """One number for a file and a row, in source order."""
    return (file << _ROW_BITS) | row


class Cells:
    """One column of some rows as it was parsed: distinct values, and which of them each row has."""

    __slots__ = ("codes", "distinct")

    def __init__(self, codes: npt.NDArray[np.int32], distinct: pa.Array[Any]) -> None:
        self.codes = codes
        self.distinct = distinct

    def column(self, rows: Ints | slice = slice(None)) -> Column:
        """The cells of the rows named, outer spaces stripped and distinct values told apart by that."""
        values: list[Any] = pc.utf8_trim_whitespace(self.distinct).to_pylist()
        codes = self.codes[rows]
        first: dict[str, int] = {}
        same = [first.setdefault(value, len(first)) for value in values]
        if len(first) < len(values):
            codes = np.asarray(same, np.int32)[codes]
            values = list(first)
        return Column(codes, values)


class Columns(Mapping[str, Column]):
    """The columns of some rows, each made when it is first asked for."""

    def __init__(self, cells: Mapping[str, Cells], names: Iterable[str], rows: Ints | slice) -> None:
        self._cells = cells
        self._names = dict.fromkeys(names)
        self._rows = rows
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        made = self._made.get(name)
        if made is None:
            if name not in self._names:
                raise KeyError(name)
            made = self._made[name] = self._cells[name].column(self._rows)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True, repr=False)
class Rows:
    """Good rows of some text, and what was wrong with the others.

    The UTF-8 text of row i is ``data[starts[i]:ends[i]]``, without line ending and without the
    empty field of a trailing comma. Where ``tail`` is not None the rows fill ``data``, none holds
    a line break, and each is followed by ``tail``. ``begins`` and ``stops`` are the bytes of the
    source (line ending included), ``ordinals`` and ``lines`` count rows and physical lines from
    0, broken rows included. ``wide`` says which rows had a trailing comma.
    ``latin`` and ``utf8`` say which encodings beyond ASCII the good rows have.
    """

    data: bytes
    starts: Ints
    ends: Ints
    tail: bytes | None
    begins: Ints
    stops: Ints
    ordinals: Ints
    lines: Ints
    wide: Bools
    cells: Mapping[str, Cells]
    broken: Sequence[Broken]
    count: int
    physical: int
    used: int
    latin: bool
    utf8: bool

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, row: int) -> bytes:
        """The text of a row."""
        return self.data[self.starts[row] : self.ends[row]]


class RowParser:
    """Parses text of one format; ``columns`` are its columns in order."""

    def __init__(self, columns: Sequence[str], person: str, identifier: str) -> None:
        self.columns = tuple(columns)
        self.shape = Shape(len(columns), columns.index(person), columns.index(identifier))
        self._index = {name: index for index, name in enumerate(columns)}

    def read(self, pieces: Sequence[bytes], wanted: Sequence[str], *, final: bool = True) -> Rows:
        """Read pieces of text, each of which begins with a row.

        Unless ``final``, a row that may go on beyond the last piece is left unread: see ``Rows.used``.
        """
        whole = [piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces if piece]
        data = whole[0] if len(whole) == 1 else b"".join(whole)
        length = len(data) if not pieces or pieces[-1].endswith(b"\n") else len(data) - 1
        return self._sound(data, length, wanted) or self._damaged(whole, length, wanted, final=final)

    def sound(self, piece: bytes, wanted: Sequence[str]) -> Rows | None:
        """The rows of one piece that is sound, as ``read`` gives them; None where it is not, or ends in a row."""
        return self._sound(piece, len(piece), wanted) if piece.endswith(b"\n") else None

    def _sound(self, data: bytes, length: int, wanted: Sequence[str]) -> Rows | None:
        """The rows of sound text: a row a line and no line without one; None if the text is not sound."""
        if not data or b"\0" in data:
            return None
        breaks = _breaks(data)
        begins = np.concatenate((np.zeros(1, np.int64), breaks[:-1] + 1))
        if int((breaks - begins).max()) > LONGEST_LINE:
            return None
        stops = np.minimum(breaks + 1, length)
        latin = utf8 = False
        if not data.isascii():
            decoded = _as_utf8(data, begins, breaks)
            if decoded is None:
                return None
            data, latin, utf8 = decoded
        returns = data.count(b"\r") if b"\r" in data else 0
        ending = b"\n"
        if returns:
            if returns != data.count(b"\r\n"):
                return None
            if returns == len(breaks):
                ending = b"\r\n"
            else:
                data = data.replace(b"\r\n", b"\n")
        if latin or (returns and ending == b"\n"):
            breaks = _breaks(data)
        starts = np.concatenate((np.zeros(1, np.int64), breaks[:-1] + 1))
        width = fields_of(data[: breaks[0] + 1 - len(ending)])
        if width == self.shape.width + 1:
            tail = b"," + ending
            before = np.frombuffer(data, np.uint8)[np.maximum(breaks - len(ending), 0)]
            if not bool((before == ord(",")).all()):
                return None
        elif width == self.shape.width:
            tail = ending
        else:
            return None
        cells = self._parse(data, wanted, width, len(breaks))
        if cells is None or not is_closed(data[starts[-1] : breaks[-1] + 1 - len(ending)]):
            return None
        rows = np.arange(len(breaks), dtype=np.int64)
        ends = breaks + 1 - len(tail)
        wide = np.full(len(rows), width > self.shape.width)
        return Rows(
            data, starts, ends, tail, begins, stops, rows, rows, wide, cells, (), len(rows), len(rows), length, latin,
            utf8,
        )  # fmt: skip

    def _parse(self, data: bytes, wanted: Sequence[str], width: int, rows: int) -> dict[str, Cells] | None:
        """The wanted columns of text that should hold so many rows, or None if it does not."""
        names = [f"f{index}" for index in range(width)]
        include = [names[self._index[name]] for name in wanted]
        extra = [names[-1]] if width > self.shape.width else []
        if data.startswith(BOM):
            # The parser drops a mark at the start of what it is given; here it is inside the file.
            data = BOM + data
        try:
            source: Any = pa.BufferReader(data)
            table = pacsv.read_csv(
                source,
                read_options=pacsv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
                convert_options=pacsv.ConvertOptions(
                    include_columns=include + extra,
                    column_types=dict.fromkeys(include + extra, _CELLS),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid:
            # Its message quotes the row, so it goes no further.
            return None
        if table.num_rows != rows:
            return None
        found = {}
        for name, column in zip([*wanted, *extra], table.columns, strict=True):
            chunk: Any = column.chunk(0)
            codes = chunk.indices.to_numpy(zero_copy_only=False)
            found[name] = Cells(codes, chunk.dictionary)
        if extra and found.pop(extra[0]).distinct.to_pylist() != [""]:
            return None
        return found

    def _damaged(self, pieces: Sequence[bytes], length: int, wanted: Sequence[str], *, final: bool) -> Rows:
        """The rows of damaged text, read line by line and then parsed together."""
        texts: list[bytes] = []
        begins: list[int] = []
        stops: list[int] = []
        ordinals: list[int] = []
        lines: list[int] = []
        wide: list[bool] = []
        broken: list[Broken] = []
        rows = physical = used = 0
        latin = utf8 = False
        for number, piece in enumerate(pieces):
            found = read_lines(piece, self.shape, final=final or number + 1 < len(pieces))
            texts += found.texts
            begins += [used + at for at in found.begins]
            stops += [used + at for at in found.ends]
            ordinals += [rows + row for row in found.ordinals]
            lines += [physical + line for line in found.lines]
            wide += found.wide
            broken += [
                b._replace(ordinal=rows + b.ordinal, line=physical + b.line, begin=used + b.begin) for b in found.broken
            ]
            rows += found.rows
            physical += found.physical
            used += found.used
            latin, utf8 = latin or found.latin, utf8 or found.utf8
        if broken:
            # The line end that was put behind the last line is none of the source's bytes.
            last = broken[-1]
            broken[-1] = last._replace(length=min(last.length, length - last.begin))
        data = b"\n".join([*texts, b""])
        cells = self._parse(data, wanted, self.shape.width, len(texts)) if texts else _no_cells(wanted)
        if cells is None:
            raise ClearslateError("the rows of the file cannot be told apart; report this as a defect of clearslate")
        sizes = np.fromiter((len(text) for text in texts), np.int64, len(texts))
        ends = np.cumsum(sizes + 1) - 1
        single = data.count(b"\n") == len(texts)
        return Rows(
            data,
            ends - sizes,
            ends,
            b"\n" if single else None,
            _ints(begins),
            np.minimum(_ints(stops), length),
            _ints(ordinals),
            _ints(lines),
            np.asarray(wide, np.bool_),
            cells,
            broken,
            rows,
            physical,
            min(used, length),
            latin,
            utf8,
        )


_CELLS = pa.dictionary(pa.int32(), pa.string())


def _ints(values: Sequence[int]) -> Ints:
    return np.asarray(values, np.int64)


def _breaks(data: bytes) -> Ints:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE)


def _no_cells(wanted: Sequence[str]) -> dict[str, Cells]:
    return {name: Cells(np.zeros(0, np.int32), pa.array([], pa.string())) for name in wanted}


def _as_utf8(data: bytes, begins: Ints, breaks: Ints) -> tuple[bytes, bool, bool] | None:
    """The text with its Latin-1 lines in UTF-8, whether it had such, and whether it had UTF-8 beyond ASCII.

    None if a line is in neither encoding.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return data, False, True
    high = np.flatnonzero(np.frombuffer(data, np.uint8) >= 0x80)
    parts: list[bytes] = []
    done = 0
    utf8 = False
    for line in np.unique(np.searchsorted(breaks, high)).tolist():
        begin, end = int(begins[line]), int(breaks[line])
        body = data[begin:end]
        try:
            body.decode("utf-8")
            utf8 = True
        except UnicodeDecodeError:
            if bad_byte(body, latin=True) is not None:
                return None
            parts += [data[done:begin], body.decode("latin-1").encode("utf-8")]
            done = end
    return b"".join([*parts, data[done:]]), True, utf8
