"""A file is told by its header, or by how many columns it has."""

from __future__ import annotations

from clearslate.ingest.recognize import recognized
from clearslate.registry import load

READERS = tuple(load().readers.values())


def header_of(id: str) -> str:
    return ",".join(next(reader for reader in READERS if reader.id == id).columns)


def test_each_format_is_told_by_its_header_whatever_its_letters() -> None:
    for reader in READERS:
        header = header_of(reader.id)
        assert recognized(READERS, f"{header}\r\n1,2\r\n".encode()) == [reader.id]
        assert recognized(READERS, b"\xef\xbb\xbf\r\n" + header.lower().replace("_", " ").encode()) == [reader.id]


def test_a_file_without_a_header_is_told_by_its_columns() -> None:
    assert recognized(READERS, b",".join([b"1"] * 95) + b"\n") == ["ca_doj"]
    assert recognized(READERS, b",".join([b"1"] * 96) + b"\n") == ["ca_doj"]
    assert recognized(READERS, b",".join([b"1"] * 94) + b"\n") == []


def test_a_file_of_no_format_at_all_is_told_by_nothing() -> None:
    for head in (b"", b"\n\n", b"NAME,BORN\n", b"PK\x03\x04", b"%PDF-1.7"):
        assert recognized(READERS, head) == []


def test_the_dispositions_and_the_sentencing_of_cook_county_are_one_format() -> None:
    dispositions = "CASE_ID,CASE_PARTICIPANT_ID,RECEIVED_DATE,OFFENSE_CATEGORY,PRIMARY_CHARGE_FLAG,CHARGE_ID,"
    dispositions += "CHARGE_VERSION_ID,DISPOSITION_CHARGED_OFFENSE_TITLE,CHARGE_COUNT,DISPOSITION_DATE,"
    dispositions += "DISPOSITION_CHARGED_CHAPTER,DISPOSITION_CHARGED_ACT,DISPOSITION_CHARGED_SECTION,"
    dispositions += "DISPOSITION_CHARGED_CLASS,DISPOSITION_CHARGED_AOIC,CHARGE_DISPOSITION,CHARGE_DISPOSITION_REASON,"
    dispositions += "JUDGE,DISPOSITION_COURT_NAME,DISPOSITION_COURT_FACILITY,AGE_AT_INCIDENT,RACE,GENDER,INCIDENT_CITY"
    assert recognized(READERS, dispositions.encode()) == ["il_ccsao"]
