"""Law cases as spreadsheets: CSV or a workbook out of case files, and case files out of them, without loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from clearslate.errors import InputError, PolicyError, UsageError
from clearslate.policy.load import base_name
from clearslate.testing.cases import LawCase, load_cases, read_cases
from clearslate.testing.sheets.cells import MOST_BYTES
from clearslate.testing.sheets.names import file_name
from clearslate.testing.sheets.reading import from_sheet
from clearslate.testing.sheets.rows import to_sheet

__all__ = ["SUFFIXES", "by_file", "check_ids", "from_bytes", "load", "read_sheet", "to_bytes"]

SUFFIXES = (".csv", ".xlsx")


def to_bytes(cases: Sequence[LawCase], suffix: str) -> bytes:
    """The cases as a ``.csv`` or ``.xlsx`` file; raise PolicyError for what no sheet can hold."""
    for name in dict.fromkeys(case.file for case in cases):
        try:
            file_name(name)
        except ValueError as error:
            raise PolicyError(f"case file: {error}; rename it") from error
    check_ids(cases)
    sheet = to_sheet(cases)
    if suffix == ".csv":
        from clearslate.testing.sheets.csv_file import as_csv

        return as_csv(sheet)
    from clearslate.testing.sheets.xlsx_file import as_xlsx

    return as_xlsx(sheet)


def from_bytes(name: str, data: bytes) -> list[LawCase]:
    """The cases of a sheet, by the suffix of its name; raise InputError or PolicyError."""
    if name.lower().endswith(".csv"):
        from clearslate.testing.sheets.csv_file import read_csv

        return from_sheet(read_csv(name, data))
    from clearslate.testing.sheets.xlsx_file import read_xlsx

    return from_sheet(read_xlsx(name, data))


def read_sheet(path: Path) -> list[LawCase]:
    """The cases of a ``.csv`` or ``.xlsx`` file."""
    return from_bytes(path.name, _bytes(path))


def load(paths: Sequence[Path]) -> list[LawCase]:
    """The cases of folders, case files and sheets in the order given; raise PolicyError, InputError or UsageError."""
    cases: list[LawCase] = []
    names: set[str] = set()
    for path in paths:
        if path.is_dir():
            found = load_cases(path)
        elif path.suffix.lower() in SUFFIXES:
            found = read_sheet(path)
        elif path.suffix.lower() == ".toml":
            found = read_cases(path.name, _text(path))
        else:
            raise UsageError(f"[{base_name(str(path))}] is no folder, .toml, .csv or .xlsx file; name one")
        for name in by_file(found):
            if name in names:
                raise UsageError(f"two case files are called [{name}]; take them apart")
        names |= set(by_file(found))
        cases += found
    return cases


def by_file(cases: Sequence[LawCase]) -> Mapping[str, list[LawCase]]:
    """The cases by the name of their file, in the order of the cases."""
    files: dict[str, list[LawCase]] = {}
    for case in cases:
        files.setdefault(case.file, []).append(case)
    return files


def check_ids(cases: Sequence[LawCase]) -> None:
    """Raise PolicyError where two cases have one id."""
    numbers = Counter(case.id for case in cases)
    for case in cases:
        if numbers[case.id] > 1:
            raise PolicyError(f"case file [{case.file}]: case id [{case.id}] stands twice; give one another id")


def _bytes(path: Path) -> bytes:
    name = base_name(str(path))
    try:
        # What is no file, such as a device, may have no end.
        if path.is_file() and path.stat().st_size <= MOST_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise InputError(f"file [{name}] cannot be read; check the path") from error
    raise InputError(f"[{name}] is no file of at most {MOST_BYTES >> 20} MB; name a file of law cases")


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"case file [{path.name}] is not UTF-8; save it as UTF-8") from error
