from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from clearslate.assess.at_rest import laid_to_rest
from clearslate.assess.intake import ingest
from clearslate.errors import InputError
from clearslate.ingest import rewritten
from clearslate.ingest.kept import Records, kept_sources
from clearslate.ingest.rewritten import RewritingReader, broken_text, row_text
from clearslate.vault.sealing import Kind
from clearslate.vault.store import Store

MARK = b"OZ SCROLL\n"


def scroll(oz: Any, *lines: bytes) -> bytes:
    """A file of the format that has to be rewritten: a mark, then rows with slashes between their cells."""
    return MARK + b"".join(line.replace(b'"', b"").replace(b",", b"/") + b"\n" for line in lines)


def unrolled(name: str, handle: BinaryIO) -> Iterator[bytes] | None:
    """The text of a scroll; any other file is text already."""
    start = handle.read(len(MARK))
    handle.seek(0)
    return _lines(name, handle) if start == MARK else None


def _lines(name: str, handle: BinaryIO) -> Iterator[bytes]:
    yield b"REC,SUBJ,NAME,STATE_NO,COUNTY,COUNT_KEY,OUTCOME,OFFENSE,NOTE,END\n"
    for number, line in enumerate(handle):
        if line.startswith(b"TORN"):
            raise InputError(f"[{name}] is torn in line [{number}]; ask for the file again")
        if number:
            cells = line.decode().rstrip("\n").split("/")
            yield broken_text(cells[1:], 10) if cells[0] == "OPEN" else row_text(cells)


@pytest.fixture
def reader(oz: Any) -> RewritingReader:
    return RewritingReader(
        id="zz_scroll", title="Oz: a scroll", layout=oz.layout, cells={}, rewrite=unrolled, chunk=1 << 12
    )


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """The temporary stores made since."""
    made: list[Store] = []
    temporary = Store.temporary

    def remembered() -> Store:
        made.append(temporary())
        return made[-1]

    monkeypatch.setattr(Store, "temporary", remembered)
    return made


def is_closed(store: Store) -> bool:
    try:
        store._connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def people(oz: Any, many: int) -> list[bytes]:
    return [oz.row(f"PERSON{number:04}", note=f"note {number}") for number in range(many)]


def plain(*lines: bytes) -> list[bytes]:
    """The lines without what a scroll cannot say."""
    return [line.replace(b'"', b"").replace(b"ZYXQUELL,ORLA", b"ORLA") for line in lines]


def test_a_file_is_read_as_the_text_that_it_is_made_into(oz: Any, reader: RewritingReader) -> None:
    lines = plain(*people(oz, 500))
    (path,) = oz.paths({"a.scroll": scroll(oz, *lines)})
    reading = reader.open([path])
    text = oz.header + b"\n" + b"\n".join(lines) + b"\n"
    (read,) = reading.inputs
    assert (read.name, read.rows, read.size) == ("a.scroll", 500, len(text))
    assert read.sha256 == hashlib.sha256(text).hexdigest()
    assert read.file_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    rows = oz.rows(reading, "NOTE")
    assert rows["PERSON0123"] == [(0, 124, 125, "note 123")]
    assert oz.annotated(reading).count(b"\n") == 500


def test_a_file_that_is_text_already_is_read_where_it_is(oz: Any, reader: RewritingReader, stores: list[Store]) -> None:
    (path,) = oz.paths({"a.csv": oz.file(*people(oz, 3))})
    reading = reader.open([path])
    assert reading.inputs[0].file_sha256 == ""
    assert not stores
    assert len(oz.rows(reading)) == 3


def test_files_of_both_kinds_are_one_reading_and_rows_are_known_as_repeated(oz: Any, reader: RewritingReader) -> None:
    lines = plain(*people(oz, 40))
    reading = reader.open(oz.paths({"a.csv": oz.file(*lines[:25]), "b.scroll": scroll(oz, *lines)}))
    assert [bool(read.file_sha256) for read in reading.inputs] == [False, True]
    assert (reading.rows_read, reading.rows_repeated, reading.people) == (65, 25, 40)


def test_the_text_lives_as_long_as_somebody_reads_from_it(
    oz: Any, reader: RewritingReader, stores: list[Store]
) -> None:
    reading = reader.open(oz.paths({"a.scroll": scroll(oz, *plain(*people(oz, 50)))}))
    (store,) = stores
    source = reading.sources[0]
    with contextlib.closing(Store.temporary()) as other:
        rested = laid_to_rest(reading, other)
        del reading
        gc.collect()
        assert source.open().read(8) == b"REC,SUBJ"
        del source
        gc.collect()
        assert is_closed(store)
        assert len(oz.rows(rested)) == 50


def test_a_file_that_fails_halfway_leaves_no_store_open(oz: Any, reader: RewritingReader, stores: list[Store]) -> None:
    content = scroll(oz, *people(oz, 400)) + b"TORN\n"
    with pytest.raises(InputError, match=r"\[a.scroll\] is torn in line \[401\]") as caught:
        reader.open(oz.paths({"a.scroll": content}))
    assert is_closed(stores[0])
    assert caught.value.args


def test_a_file_that_another_program_writes_to_meanwhile_is_refused(oz: Any) -> None:
    (path,) = oz.paths({"a.scroll": scroll(oz, *plain(*people(oz, 9)))})

    def meddled(name: str, handle: BinaryIO) -> Iterator[bytes] | None:
        def lines() -> Iterator[bytes]:
            yield from _lines(name, handle)
            os.utime(path, (1, 1))

        return lines()

    reader = RewritingReader(id="zz", title="", layout=oz.layout, cells={}, rewrite=meddled)
    with pytest.raises(InputError, match="changed while it was being read"):
        reader.open([path])


def test_a_file_that_gives_nothing_is_refused(oz: Any) -> None:
    reader = RewritingReader(id="zz", title="", layout=oz.layout, cells={}, rewrite=lambda name, handle: iter(()))
    with pytest.raises(InputError, match=r"\[a.scroll\] holds no row"):
        reader.open(oz.paths({"a.scroll": MARK}))


def test_pieces_of_any_size_are_laid_together(oz: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = oz.file(*people(oz, 300))
    (path,) = oz.paths({"a.scroll": b"x" * 1000})
    for size in (1, 7, 4096, len(text)):
        reader = RewritingReader(
            id="zz",
            title="",
            layout=oz.layout,
            cells={},
            rewrite=lambda name, handle, size=size: (text[at : at + size] for at in range(0, len(text), size)),
        )
        assert reader.open([path]).inputs[0].sha256 == hashlib.sha256(text).hexdigest()
    assert b"".join(rewritten._cut([b"abc", b"", b"defgh", b"i"], 4)) == b"abcdefghi"
    assert [len(piece) for piece in rewritten._cut([b"abc", b"", b"defgh", b"i"], 4)] == [4, 4, 1]


def test_progress_counts_the_files_and_not_the_text(oz: Any, reader: RewritingReader) -> None:
    lines = plain(*people(oz, 3000))
    paths = oz.paths({"a.scroll": scroll(oz, *lines), "b.csv": oz.file(*people(oz, 20))})
    told: list[int] = []
    reader.open(paths, told.append)
    assert sum(told) == sum(path.stat().st_size for path in paths)
    assert min(told) >= 0


def test_a_row_with_other_cells_than_the_header_is_rejected_in_its_place(oz: Any, reader: RewritingReader) -> None:
    lines = plain(*people(oz, 6))
    lines[2] = lines[2] + b",more,and more"
    lines[4] = b",".join(lines[4].split(b",")[:-3])
    reading = reader.open(oz.paths({"a.scroll": scroll(oz, *lines)}))
    assert [(r.place.row, r.place.line, r.problem, r.detail) for r in reading.rejects] == [
        (3, 4, "field count", "12 fields, 10 expected"),
        (5, 6, "field count", "7 fields, 10 expected"),
    ]
    assert oz.missing(reading) == {} or set(oz.missing(reading)) <= {"PERSON0001", "PERSON0003", "PERSON0005"}


@pytest.mark.parametrize("cells", [0, 3, 9, 10, 11, 14])
def test_a_row_with_an_open_quote_is_rejected_and_eats_no_other(oz: Any, reader: RewritingReader, cells: int) -> None:
    lines = plain(*people(oz, 5))
    torn = "/".join(["OPEN", *lines[2].decode().split(",")[:cells], *["x"] * (cells - 10)]).encode()
    reading = reader.open(oz.paths({"a.scroll": scroll(oz, *lines[:2], torn, *lines[3:])}))
    assert [(r.place.row, r.problem) for r in reading.rejects] == [(3, "broken quote")]
    assert (reading.rows_read, reading.people) == (5, 4)


def test_a_row_of_several_lines_after_an_open_quote_is_read(oz: Any) -> None:
    cells = ["R", "P1", 'A, "B"', "", "OZ", "0101", "CONVICTED", "1 ZZ", 'first\nsecond,third,"fourth"\n', "#"]
    for many in (0, 2, 9, 20):
        text = oz.header + b"\n" + broken_text(["x"] * many, 10) + row_text(cells) + row_text(cells)
        reader = RewritingReader(
            id="zz", title="", layout=oz.layout, cells={}, rewrite=lambda name, handle, text=text: iter([text])
        )
        reading = reader.open(oz.paths({"a.scroll": MARK}))
        assert [(r.place.row, r.problem) for r in reading.rejects] == [(1, "broken quote")]
        assert [row[1:] for row in oz.rows(reading, "NOTE")["P1"]] == [
            (2, 3, cells[8].strip()),
            (3, 6, cells[8].strip()),
        ]


def test_a_vault_keeps_the_text_and_knows_the_file_again(oz: Any, reader: RewritingReader) -> None:
    lines = plain(*people(oz, 30))
    paths = oz.paths({"a.scroll": scroll(oz, *lines), "b.scroll": scroll(oz, *lines[:4])})
    with contextlib.closing(Store.temporary()) as store:
        with store.step() as step:
            # The ring that every real vault has.
            step.put(Kind.RING, 1, b'{"look_up":"' + b"00" * 32 + b'"}')
        first = ingest(store, reader, paths[:1], at="2026-01-01T00:00:00Z", program="test")
        assert (first.added, first.rows, first.persons) == (("a.scroll",), 30, 30)
        (kept,) = kept_sources(Records(store))
        assert kept.made_from is not None
        assert kept.made_from.sha256 == hashlib.sha256(paths[0].read_bytes()).hexdigest()
        # Read from the vault it is as it was, and no longer given to be rewritten.
        reading = reader.open([kept])
        assert reading.inputs[0].file_sha256 == kept.made_from.sha256
        assert oz.rows(reading, "NOTE")["PERSON0007"] == [(0, 8, 9, "note 7")]
        again = ingest(store, reader, paths, at="2026-01-01T00:00:00Z", program="test")
        assert (again.already, again.added) == (("a.scroll",), ("b.scroll",))
        (paths[0].parent / "copy").mkdir()
        copy = paths[0].parent / "copy" / "other name.scroll"
        copy.write_bytes(paths[0].read_bytes())
        assert ingest(store, reader, [copy], at="2026-01-01T00:00:00Z", program="test").added == ()


def test_an_encrypted_file_is_rewritten_from_memory(oz: Any, reader: RewritingReader, tmp_path: Path) -> None:
    import pyrage
    from pyrage import x25519

    from clearslate.ingest.spilled import laid_open

    key = x25519.Identity.generate()
    content = scroll(oz, *plain(*people(oz, 60)))
    path = tmp_path / "a.scroll.age"
    path.write_bytes(pyrage.encrypt(content, [key.to_public()]))
    with contextlib.closing(Store.temporary()) as store:
        reading = reader.open(laid_open([path], [key], store))
        assert reading.inputs[0].name == "a.scroll"
        assert reading.inputs[0].file_sha256 == hashlib.sha256(content).hexdigest()
        assert len(oz.rows(reading)) == 60
