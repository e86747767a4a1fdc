from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pyrage
import pytest
from pypdf import PdfReader

from clearslate.filing.documents import Typesetter
from clearslate.filing.pages import PagedAgeDisk, PagedDisk
from clearslate.output.age import read_recipients
from clearslate.output.staging import Staging

TWO = "= #data.title\n#pagebreak()\nOz"


@pytest.fixture(scope="module")
def document() -> bytes:
    return Typesetter(dt.date(2026, 1, 31)).pdf("a.pdf", TWO, {"title": "Oz"}).data


def write(disk: PagedDisk, out: Path, *files: tuple[str, bytes]) -> None:
    with Staging(out, disk=disk) as staging:
        folder = staging.open()
        for name, data in files:
            file = folder.create(name)
            file.write(data[:100])
            file.write(data[100:])
            file.close()
        staging.release()


def test_the_pages_of_each_document_are_counted_and_its_bytes_are_as_they_were(tmp_path: Path, document: bytes) -> None:
    told: list[int] = []
    disk = PagedDisk(told.append)
    write(disk, tmp_path / "out", ("a.pdf", document), ("a.csv", b"x\n" * 100), ("b.pdf", b"no document" * 30))
    assert disk.pages == {"a.pdf": 2}
    assert (tmp_path / "out" / "a.pdf").read_bytes() == document
    assert told == [1, 2, 3]


def test_they_are_counted_of_what_is_encrypted_too(tmp_path: Path, document: bytes) -> None:
    identity = pyrage.x25519.Identity.generate()
    disk = PagedAgeDisk(read_recipients([str(identity.to_public())]))
    write(disk, tmp_path / "out", ("a.pdf", document))
    assert disk.pages == {"a.pdf": 2}
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "a.pdf.age"
    opened = pyrage.decrypt(file.read_bytes(), [identity])
    assert opened == document
    assert len(PdfReader(io.BytesIO(opened)).pages) == 2


def test_a_document_that_is_given_up_is_forgotten(tmp_path: Path, document: bytes) -> None:
    disk = PagedDisk()
    with Staging(tmp_path / "out", disk=disk) as staging:
        staging.open().create("a.pdf").write(document)
    assert disk.pages == {}
    assert not (tmp_path / "out").exists()
