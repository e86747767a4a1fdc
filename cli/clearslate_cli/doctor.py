"""``clearslate doctor``: what source files look like before they are run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import UsageError
from clearslate_cli import catalog, page
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson, Format, Identity
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.ingest.examine import Check, Examination, Examiner, Table
    from clearslate.ingest.reader import InputFile
    from clearslate.model import Place

TABLE_ROWS = 20
"""How many lines of a table are shown; all are in the JSON."""


@on_vault
def doctor(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="The source files; those of clearslate.toml if not said.")
    ] = None,
    format: Format = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a check found a problem.")] = False,
    identity: Identity = None,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Check source files before a run.

    It says what is in them and what is odd, with counts and row numbers. Nothing is changed. In a project, and
    without a FILE, it is the vault's files that are checked.
    """
    from clearslate.vault.audit import Event
    from clearslate_cli.settings import read_settings
    from clearslate_cli.sources import kept, opened

    settings = read_settings(input=files or None, format=format, identity=identity)
    id, examiner = _examiner(settings.format, settings.reform)
    if way.found and not settings.inputs:
        with at_work(way, Event.DOCTOR) as (at, operation):
            examination = examiner.examine(kept(at.store, id))
            operation.counts["rows"] = examination.rows_read
    else:
        with opened(settings.files, settings.identity) as sources:
            examination = examiner.examine(sources)
    text = page.as_json(described(examination)) if as_json else report(examination)
    return Reply(text, code=REJECTED if strict and examination.has_problems else DONE)


def _examiner(format: str | None, reform: str | None) -> tuple[str, Examiner]:
    from clearslate.ingest.examine import Examiner

    known = catalog.registry()
    if format is None and reform is not None:
        reader = catalog.reader_for(known, catalog.find_reform(known, reform), None)
    else:
        reader = catalog.find_reader(known, format)
    if not isinstance(reader, Examiner):
        raise UsageError(f"format [{reader.id}] cannot be examined; its plugin has no checks")
    return reader.id, reader


def report(found: Examination) -> str:
    """The findings, folded to the page: what loses rows first."""
    from clearslate.ingest.examine import Severity

    rows = [
        (file.name, f"{file.rows:,}", "yes" if file.has_header else "no", file.encoding, f"{file.size:,}")
        for file in found.inputs
    ]
    parts = [
        page.table(("File", "Rows", "Header", "Encoding", "Bytes"), rows, right=(1, 4)),
        f"{page.counted(found.rows_read, 'row')}, {page.counted(found.people, 'person', 'people')}",
    ]
    headings = {
        Severity.PROBLEM: "PROBLEMS: rows are lost to these",
        Severity.WARNING: "WARNINGS: these may send convictions to review",
        Severity.INFO: "GOOD TO KNOW",
    }
    for severity, heading in headings.items():
        checks = [check for check in found.checks if check.severity is severity]
        if checks:
            parts += [heading, "\n".join(_check(check, found.inputs) for check in checks)]
    if not found.has_problems:
        parts.append("No problem found.")
    parts += [_table(table) for table in found.tables]
    return "\n\n".join(parts)


def _check(check: Check, inputs: Sequence[InputFile]) -> str:
    lines = [page.wrapped(f"{check.id} ({check.count:,}): {check.says}", "  - ", "    ")]
    if check.rows:
        more = ", …" if check.count > len(check.rows) else ""
        lines.append(page.wrapped(f"{_places(check.rows, inputs)}{more}", "    "))
    return "\n".join(lines)


def _places(places: Sequence[Place], inputs: Sequence[InputFile]) -> str:
    from clearslate.output.wording import rows_in_words

    return rows_in_words(places, inputs)


def _table(table: Table) -> str:
    rows = [(f"  {word or '(blank)'}", f"{count:,}") for word, count in table.counts[:TABLE_ROWS]]
    left = len(table.counts) - len(rows)
    if left > 0:
        rows.append((f"  and {left:,} more", f"{sum(count for _, count in table.counts[TABLE_ROWS:]):,}"))
    return f"{table.title.upper()}\n\n{page.table(('', ''), rows, right=(1,))}"


def described(found: Examination) -> dict[str, Any]:
    """The findings as plain values."""
    return {
        "inputs": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "size": file.size,
                "rows": file.rows,
                "has_header": file.has_header,
                "encoding": file.encoding,
            }
            for file in found.inputs
        ],
        "rows_read": found.rows_read,
        "people": found.people,
        "has_problems": found.has_problems,
        "checks": [
            {
                "id": check.id,
                "severity": check.severity.value,
                "count": check.count,
                "says": check.says,
                "rows": [{"file": found.inputs[p.file].name, "row": p.row, "line": p.line} for p in check.rows],
            }
            for check in found.checks
        ],
        "tables": [
            {"id": table.id, "title": table.title, "counts": [list(entry) for entry in table.counts]}
            for table in found.tables
        ],
    }
