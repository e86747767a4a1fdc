"""A source is read alike wherever it is kept, and what is left of it after persons are gone keeps its places."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearslate.errors import InputError
from clearslate.ingest.delimited import DelimitedReading
from clearslate.ingest.source import FileSource, Stretch, sources, spans

SIZES = [64, 200, 1 << 20]
BOM = b"\xef\xbb\xbf"
A, B, C, D = "PERSON-1", "PERSON-2", "PERSON-3", "PERSON-4"


def scattered(oz: Any, ending: bytes = b"\n", header: bool = True) -> bytes:
    """A file of four persons with scattered and broken rows."""
    content: bytes = oz.file(
        oz.row(A), oz.row(A, note='"two\nlines"'), oz.row(B), oz.row(C, count_key="1"), oz.row(A), b"", b"x,y",
        oz.row(B, note="caf\u00e9"), oz.row(C), oz.row(C), oz.row(D).rpartition(b",")[0], oz.row(D), oz.row(B),
        ending=ending, header=header,
    )  # fmt: skip
    return content


def everything(reading: DelimitedReading) -> list[Any]:
    blocks = list(reading.blocks())
    return [
        reading.inputs,
        [(*reject, reject.person) for reject in reading.rejects],
        reading.counties,
        reading.survey.people.labels,
        (reading.rows_read, reading.rows_repeated, reading.people),
        b"".join(block.annotated({(0, 2): b"two"}, b"-") for block in blocks),
        b"".join(block.condensed({(0, 2): b"two"}, b"-") for block in blocks),
        list(reading.rejected()),
    ]


def ledger_holds(oz: Any, reading: DelimitedReading) -> bool:
    used = sum(len(rows) for rows in oz.rows(reading).values())
    return reading.rows_read == used + reading.rows_repeated + len(reading.rejects)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", BOM])
@pytest.mark.parametrize("header", [True, False])
def test_a_source_in_memory_is_read_as_the_file_is(
    oz: Any, header: bool, mark: bytes, ending: bytes, size: int
) -> None:
    contents = [mark + scattered(oz, ending, header), oz.file(oz.row(C), oz.row(B))]
    on_disk = oz.open(*contents, chunk=size)
    held = [oz.held(content, name) for content, name in zip(contents, ("a.dat", "b.dat"), strict=True)]
    assert everything(oz.reader(size).open(held)) == everything(on_disk)
    assert everything(on_disk.on(held)) == everything(on_disk)
    cut = oz.shredded(on_disk, contents, ())
    assert len(cut[0].stretches()) > 5
    assert everything(oz.reader(size).open(cut)) == everything(on_disk)


def test_paths_and_sources_may_be_given_together_and_are_told_apart_by_name(oz: Any) -> None:
    (path,) = oz.paths({"a.dat": oz.file(oz.row(A))})
    held = oz.held(oz.file(oz.row(B)))
    found = sources([held, path, replace(held, name="b.dat")])
    assert [source.name for source in found] == ["a.dat", "a (2).dat", "b.dat"]
    assert found[0] is held
    assert isinstance(found[1], FileSource)
    assert [source.name for source in sources([path, held])] == ["a.dat", "a (2).dat"]
    assert [file.name for file in oz.reader().open([path, held]).inputs] == ["a.dat", "a (2).dat"]


def test_a_file_has_one_stretch_and_no_digest_beforehand(oz: Any) -> None:
    (source,) = sources(oz.paths({"a.dat": b"12345"}))
    assert list(source.stretches()) == [Stretch(0, 5)]
    assert source.sha256 is None
    assert source.renamed("z").name == "z"


def test_stretches_that_are_left_are_joined_and_holes_are_not(oz: Any) -> None:
    cuts = (
        Stretch(0, 2),
        Stretch(2, 0, gone=True),
        Stretch(2, 1),
        Stretch(3, 1, 1, 1, True),
        Stretch(4, 1, 2, 2, True),
    )
    assert spans(replace(oz.held(b"12345"), cuts=cuts)) == [Stretch(0, 3), *cuts[3:]]


@pytest.mark.parametrize("cuts", [(Stretch(0, 4),), (Stretch(1, 4),), (Stretch(0, 2), Stretch(3, 2))])
def test_stretches_tile_their_source(oz: Any, cuts: tuple[Stretch, ...]) -> None:
    with pytest.raises(AssertionError, match="tile"):
        spans(replace(oz.held(b"12345"), cuts=cuts))


def test_a_source_whose_digest_is_another_than_was_known_has_changed(oz: Any) -> None:
    content = oz.file(oz.row(A))
    digest = hashlib.sha256(content).hexdigest()
    assert oz.reader().open([oz.held(content, sha256=digest)]).inputs[0].sha256 == digest
    with pytest.raises(InputError, match=r"\[a.dat\] changed"):
        oz.reader().open([oz.held(content, sha256="0" * 64)])


def test_a_source_with_fewer_bytes_than_it_said_has_changed(oz: Any) -> None:
    content = oz.file(oz.row(A))
    (source,) = sources(oz.paths({"a.dat": content}))
    longer = replace(source, size=source.size + 1)
    with pytest.raises(InputError, match=r"\[a.dat\] changed"):
        oz.reader().open([longer])


def test_a_source_that_is_no_longer_what_it_was_is_refused_at_its_end(oz: Any) -> None:
    content = oz.file(oz.row(A))
    with pytest.raises(InputError, match=r"\[a.dat\] changed"):
        oz.reader().open([oz.held(content, closes_as="another")])


def test_a_reading_is_put_on_other_sources_only_where_they_are_as_long(oz: Any) -> None:
    content = oz.file(oz.row(A))
    reading = oz.open(content)
    with pytest.raises(AssertionError, match="the same files"):
        reading.on([oz.held(content + b"\n")])
    other = reading.on([oz.held(content.replace(b"PERSON-1", b"PERSON-2"))])
    with pytest.raises(InputError, match=r"\[a.dat\] changed"):
        list(other.blocks())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("start", [b"", BOM])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("persons", [{A}, {B}, {C}, {D}, {A, B}, {B, C, D}, {A, B, C, D}])
def test_who_is_left_keeps_rows_and_lines_where_others_are_gone(
    oz: Any, persons: set[str], header: bool, start: bytes, ending: bytes, size: int
) -> None:
    content = start + scattered(oz, ending, header)
    whole = oz.open(content, chunk=size)
    left = oz.reader(size).open(oz.shredded(whole, [content], persons))
    kept = {label: rows for label, rows in oz.rows(whole, "SUBJ", "NOTE").items() if label not in persons}
    assert oz.rows(left, "SUBJ", "NOTE") == kept
    assert oz.rejects(left) == [reject for reject in oz.rejects(whole) if reject[-1] not in persons]
    assert oz.missing(left) == {label: rows for label, rows in oz.missing(whole).items() if label not in persons}
    assert ledger_holds(oz, left)
    assert left.inputs[0].rows == whole.inputs[0].rows == 12
    assert left.inputs[0].sha256 == hashlib.sha256(content).hexdigest()
    assert left.inputs[0].has_header == header
    assert left.rows_read == 12 - left.inputs[0].gone
    end = [f"b{row}".encode() for row in range(1, 13)]
    suffixes = {(0, row): suffix for row, suffix in enumerate(end, start=1)}
    written = b"".join(block.annotated(suffixes, b"-") for block in left.blocks())
    before = b"".join(block.annotated(suffixes, b"-") for block in whole.blocks())
    rows = {row for found in kept.values() for _, row, *_ in found}
    assert written == b"".join(text for text in _records(before) if int(text.rpartition(b",b")[2]) in rows)


def _records(written: bytes) -> list[bytes]:
    """The rows of an annotated file whose suffix is b and a number."""
    found, begin = [], 0
    for line in written.splitlines(keepends=True):
        found.append(line)
        if b",b" not in line:
            begin += 1
            continue
        found[-1 - begin :] = [b"".join(found[-1 - begin :])]
        begin = 0
    return found


def test_all_rows_of_a_file_may_be_gone(oz: Any) -> None:
    content = oz.file(oz.row(A), oz.row(B))
    (held,) = oz.shredded(oz.open(content), [content], {A, B})
    reading = oz.reader().open([held])
    assert (reading.rows_read, reading.people, reading.inputs[0].gone, reading.inputs[0].rows) == (0, 0, 2, 2)
    assert list(reading.blocks()) == []
    assert reading.counties == {}
    assert list(reading.extents().person) == [-1]


def test_a_file_without_a_header_may_be_gone_wholly(oz: Any) -> None:
    content = oz.file(oz.row(A), oz.row(B), header=False)
    other = oz.file(oz.row(C))
    held = oz.shredded(oz.open(content, other), [content, other], {A, B})
    reading = oz.reader().open(held)
    assert oz.rows(reading, "SUBJ") == {C: [(1, 1, 2, C)]}
    assert [file.gone for file in reading.inputs] == [2, 0]


def test_a_header_again_behind_a_hole_is_still_a_row(oz: Any) -> None:
    content = oz.file(oz.row(A), oz.header, oz.row(B), header=False)
    left = oz.reader().open(oz.shredded(oz.open(content), [content], {A}))
    assert oz.rejects(left) == [(0, 2, 2, "header again", "SUBJ")]
    assert oz.rows(left, "SUBJ") == {B: [(0, 3, 3, B)]}


def test_rows_that_cannot_be_used_are_no_reason_to_refuse_what_is_left(oz: Any) -> None:
    content = oz.file(b"x,y", oz.row(A), b"z", header=False)
    left = oz.reader().open(oz.shredded(oz.open(content), [content], {A}))
    assert [place[1] for place in oz.rejects(left)] == [1, 3]
    assert left.rows_read == 2


def test_whoever_stands_behind_a_hole_never_stood_beside_a_row(oz: Any) -> None:
    content = oz.file(oz.row(A), b"x,y", oz.row(B), oz.row(C))
    whole = oz.open(content)
    assert oz.missing(whole) == {A: [(0, 2, 3)], B: [(0, 2, 3)]}
    assert oz.missing(oz.reader().open(oz.shredded(whole, [content], {B}))) == {A: [(0, 2, 3)]}
    assert oz.missing(oz.reader().open(oz.shredded(whole, [content], {A}))) == {B: [(0, 2, 3)]}


def test_rejected_rows_that_are_gone_never_parted_a_row_from_its_neighbors(oz: Any) -> None:
    content = oz.file(oz.row(A), oz.row(B), oz.row(A).rpartition(b",")[0], b"x,y")
    whole = oz.open(content)
    assert oz.missing(whole) == {A: [(0, 3, 4)], B: [(0, 4, 5)]}
    assert oz.missing(oz.reader().open(oz.shredded(whole, [content], {A}))) == {B: [(0, 4, 5)]}


@pytest.mark.parametrize("size", SIZES)
def test_an_over_long_line_beside_a_hole_keeps_its_place(oz: Any, size: int) -> None:
    long = oz.row(A, note="n" * 200_000)
    content = oz.file(oz.row(B), long, oz.row(C), oz.row(A))
    whole = oz.open(content, chunk=size)
    left = oz.reader(size).open(oz.shredded(whole, [content], {B, C}))
    assert oz.rejects(left) == oz.rejects(whole) == [(0, 2, 3, "line too long", A)]
    assert oz.rows(left, "SUBJ") == {A: [(0, 4, 5, A)]}
    without = oz.reader(size).open(oz.shredded(whole, [content], {A}))
    assert oz.rejects(without) == []
    assert oz.rows(without, "SUBJ") == {B: [(0, 1, 2, B)], C: [(0, 3, 4, C)]}
    assert without.inputs[0].gone == 2


LINES = st.lists(
    st.sampled_from(
        [*(f"person {number}" for number in range(4)), "cut 0", "cut 1", "count 2", "quoted 3", "open 1", "blank",
         "nobody", "letters"]
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


def made(oz: Any, kind: str) -> bytes:
    """A line of some kind, of the person with the number behind it."""
    person = f"PERSON-{kind[-1]}"
    row: bytes = {
        "cut": oz.row(person).rpartition(b",")[0],
        "count": oz.row(person, count_key="1"),
        "quoted": oz.row(person, note='"one\n\ntwo"'),
        "open": oz.row(person, note='"one'),
        "blank": b" ",
        "nobody": b"x,y",
        "letters": oz.row("PERSON-3", name="\u00c9").decode().encode("latin-1"),
    }.get(kind.split()[0], oz.row(person))
    return row


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(LINES, min_size=1, max_size=2),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.booleans(),
    st.sets(st.integers(0, 3)),
    st.sampled_from(SIZES),
)
def test_places_and_sums_stay_whoever_is_gone(
    oz: Any, files: list[list[str]], ending: bytes, header: bool, closed: bool, numbers: set[int], size: int
) -> None:
    contents = [oz.file(*(made(oz, kind) for kind in lines), ending=ending, header=header) for lines in files]
    contents = [content if closed else content.removesuffix(ending) for content in contents]
    try:
        whole = oz.open(*contents, chunk=size)
    except InputError:
        return
    found = whole.extents()
    assert int(found.used.sum()) == sum(len(rows) for rows in oz.rows(whole).values()) + whole.rows_repeated
    for number, content in enumerate(contents):
        here = found.file == number
        parts = zip(found.offset[here].tolist(), found.length[here].tolist(), strict=True)
        assert b"".join(content[offset : offset + length] for offset, length in parts) == content
        assert int(found.rows[here].sum()) == whole.inputs[number].rows
        assert int(found.lines[here].sum()) == content.count(b"\n") + (not content.endswith(b"\n"))
    persons = {f"PERSON-{number}" for number in numbers}
    left = oz.reader(size).open(oz.shredded(whole, contents, persons))
    assert oz.rows(left, "SUBJ", "NOTE") == {
        label: rows for label, rows in oz.rows(whole, "SUBJ", "NOTE").items() if label not in persons
    }
    known = persons & set(whole.survey.people.labels)
    assert oz.rejects(left) == [reject for reject in oz.rejects(whole) if reject[-1] not in known]
    assert oz.missing(left) == {label: rows for label, rows in oz.missing(whole).items() if label not in persons}
    assert ledger_holds(oz, left)
    assert [file[1:4] for file in left.inputs] == [file[1:4] for file in whole.inputs]
    remaining = left.extents()
    for number, file in enumerate(left.inputs):
        assert int(remaining.rows[remaining.file == number].sum()) == file.rows - file.gone
