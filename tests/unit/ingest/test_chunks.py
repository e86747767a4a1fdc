"""Whatever a file holds, what is read does not depend on how it was cut into chunks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clearslate.errors import InputError
from clearslate.ingest.delimited import DelimitedReading

CELL = st.one_of(
    st.sampled_from(
        [b"", b"x", b"-", b"P1", b'"a,b"', b'"a""b"', b'"a\nb"', b'"', b'a"b', b"\xc3\x89", b"\xc9", b"\x85"]
    ),
    st.sampled_from([b"\r", b"=1", b"\x00", b" ", b'"c\r\nd"', b"'=1", b'"a"b', b'""', b"\n", b",", b"\xef\xbb\xbf"]),
)
KEY = st.sampled_from([b"P1", b"P2", b"P3", b"", b" P1", b"-"])
IDENTIFIER = st.sampled_from([b"", b"S1", b"S2", b"NULL"])


@st.composite
def rows(draw: Any) -> bytes:
    if draw(st.integers(0, 9)) == 0:
        return b",".join(draw(st.lists(CELL, max_size=12)))
    plain = draw(st.integers(0, 2)) > 0
    cell = st.sampled_from([b"", b"x", b'"a,b"']) if plain else CELL
    cells = [draw(cell) for _ in range(10)]
    cells[1], cells[3] = draw(KEY), draw(IDENTIFIER)
    cells[5] = draw(st.sampled_from([b"0101", b"0102", b"0101", b"1"]))
    cells[6] = draw(st.sampled_from([b"CONVICTED", b""]))
    return b",".join(cells) + draw(st.sampled_from([b"", b"", b"", b","]))


@st.composite
def files(draw: Any) -> bytes:
    lines = draw(st.lists(rows(), max_size=12))
    ending = draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    endings = [draw(st.sampled_from([ending, ending, ending, b"\n", b"\n\n", b"\r\n"])) for _ in lines]
    content = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + draw(
        st.sampled_from([b"", b"REC,SUBJ,NAME,STATE_NO,COUNTY,COUNT_KEY,OUTCOME,OFFENSE,NOTE,END,\n"])
    )
    content += b"".join(line + end for line, end in zip(lines, endings, strict=True))
    return content[:-1] if draw(st.booleans()) else content


def everything(reading: DelimitedReading) -> dict[str, Any]:
    suffixes = {(file, row): b"s%d" % row for file in range(3) for row in range(0, 400, 3)}
    few = {key: suffix for key, suffix in suffixes.items() if key[1] < 6}
    blocks = list(reading.blocks())
    persons = {}
    convictions = 0
    for block in blocks:
        frame = block.frame
        convictions += block.convictions
        for person, label in enumerate(frame.person_ids):
            at = range(frame.starts[person], frame.starts[person + 1])
            persons[label] = (
                [frame.place(row) for row in at],
                [[column.values[column.codes[row]] for column in frame.columns.values()] for row in at],
                frame.missing.get(person),
                person in frame.shared,
            )
    return {
        "inputs": reading.inputs,
        "rejects": reading.rejects,
        "reject persons": [reject.person for reject in reading.rejects],
        "counts": (reading.rows_read, reading.rows_repeated, reading.people, reading.counties, convictions),
        "persons": list(persons.items()),
        "annotated": b"".join(block.annotated(suffixes, b"-") for block in blocks),
        "few": b"".join(block.annotated(few, b"-") for block in blocks),
        "condensed": b"".join(block.condensed(suffixes, b"-") for block in blocks),
        "chosen": b"".join(block.chosen(suffixes) for block in blocks),
        "chosen few": b"".join(block.chosen(few) for block in blocks),
    }


@pytest.fixture(scope="module")
def folder() -> Any:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def outcome(oz: Any, contents: list[bytes], size: int) -> dict[str, Any] | str:
    try:
        return everything(oz.open(*contents, chunk=size))
    except InputError as error:
        return str(error)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(files(), min_size=1, max_size=3))
@example([b'REC,\nR,P1,,,,0101,,,,"open\nR,P1,,,,0101,,,,\n'])
@example([b"R,P1,,,,0101,,,,\n\xef\xbb\xbfR,P1,,,,0101,,,,\n"])
def test_the_chunk_size_changes_nothing_and_every_row_is_accounted_for(oz: Any, contents: list[bytes]) -> None:
    whole = outcome(oz, contents, 1 << 20)
    for size in (64, 150, 1000):
        assert outcome(oz, contents, size) == whole
    if isinstance(whole, str):
        return
    read, repeated, people, _, _ = whole["counts"]
    used = sum(len(places) for _, (places, *_) in whole["persons"])
    assert read == used + repeated + len(whole["rejects"])
    assert people == len(whole["persons"])
    if not any(b'"' in content for content in contents):
        lines = [line for content in contents for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
        plain = [line for line in lines if line.strip(b" \t\r\x1a") and not line.startswith(b"REC,SUBJ,")]
        assert read == len(plain)
