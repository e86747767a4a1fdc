"""``clearslate doctor``: what source files look like before they are run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearslate.errors import OutputError, UsageError
from clearslate_cli import catalog, page
from clearslate_cli.exits import DONE, REJECTED
from clearslate_cli.options import AsJson, Format, Identity, Inputs, MappingFile, ReformId
from clearslate_cli.reply import Reply
from clearslate_cli.vaulted import Way, at_work, on_vault

if TYPE_CHECKING:
    from clearslate.ingest.examine import Check, Examination, Examiner, Table
    from clearslate.ingest.reader import InputFile
    from clearslate.ingest.source import Source
    from clearslate.model import Place
    from clearslate_cli.settings import RunTable

TABLE_ROWS = 20
"""How many lines of a table are shown; all are in the JSON."""


@on_vault
def doctor(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="The source files; those of clearslate.toml if not said.")
    ] = None,
    inputs: Inputs = None,
    format: Format = None,
    mapping: MappingFile = None,
    reform: ReformId = None,
    proposed: Annotated[
        str | None,
        typer.Option("--propose", metavar="FILE.toml", help="Write the mapping that is proposed for a table here."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook to propose a mapping for.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a check found a problem.")] = False,
    identity: Identity = None,
    as_json: AsJson = False,
    *,
    way: Way,
) -> Reply:
    """Check source files before a run.

    It says what is in them and what is odd, with counts and row numbers. Nothing is changed. In a project, and
    without a FILE, it is the vault's files that are checked. For a table without a mapping it proposes one.
    """
    from clearslate.ingest.table.formats import FORMAT
    from clearslate.vault.audit import Event
    from clearslate_cli.job import joined
    from clearslate_cli.settings import read_settings
    from clearslate_cli.sources import kept, kept_formats, opened

    settings = read_settings(
        input=joined(inputs, files), format=format, mapping=mapping, reform=reform, identity=identity
    )
    unmapped = settings.format == FORMAT and settings.mapping is None and bool(settings.inputs)
    if unmapped or proposed is not None or sheet is not None:
        with opened(settings.files, settings.identity) as sources:
            return _proposal(sources, sheet, proposed)
    if way.found and not settings.inputs:
        with at_work(way, Event.DOCTOR) as (at, operation):
            id, examiner = _examiner(settings, kept_formats(at.store))
            examination = examiner.examine(kept(at.store, id))
            operation.counts["rows"] = examination.rows_read
    else:
        with opened(settings.files, settings.identity) as sources:
            _, examiner = _examiner(settings, (), sources)
            examination = examiner.examine(sources)
    text = page.as_json(described(examination)) if as_json else report(examination)
    return Reply(text, code=REJECTED if strict and examination.has_problems else DONE)


def _examiner(settings: RunTable, kept: Sequence[str], files: Sequence[Path | Source] = ()) -> tuple[str, Examiner]:
    """The reader that checks, with its id: the one named, the only one ``kept`` in a vault, or that of the files."""
    from clearslate.ingest.examine import Examiner
    from clearslate.ingest.table.formats import is_table

    known = catalog.registry()
    reform = None if settings.reform is None else catalog.find_reform(known, settings.reform)
    tabled = settings.mapping is not None or is_table(settings.format or "")
    if reform is not None and (settings.format is None or tabled):
        reader = catalog.reader_for(known, reform, settings.format, settings.mapping, files)
    else:
        only = kept[0] if len(kept) == 1 and settings.mapping is None else None
        reader = catalog.find_reader(known, settings.format or only, settings.mapping, files)
    if not isinstance(reader, Examiner):
        raise UsageError(f"format [{reader.id}] cannot be examined; its plugin has no checks")
    return reader.id, reader


def _proposal(files: Sequence[Path | Source], sheet: str | None, output: str | None) -> Reply:
    """The mapping that is proposed for one table, printed, or written where ``output`` says."""
    import io

    from clearslate.ingest.source import sources
    from clearslate.ingest.table.propose import propose

    found = sources(files)
    if len(found) > 1:
        raise UsageError("a mapping is proposed for one file at a time; name one that is like the others")
    with found[0].open() as raw:
        handle: Any = raw if isinstance(raw, io.BufferedIOBase) else io.BufferedReader(raw)
        text = propose(found[0].name, handle, sheet)
    if output is None:
        return Reply(text.rstrip("\n"))
    try:
        with Path(output).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise OutputError(f"file [{Path(output).name}] is there already; remove it or name another") from error
    except OSError as error:
        raise OutputError(f"file [{Path(output).name}] cannot be written; check folder and disk") from error
    return Reply(
        page.wrapped(
            f"A mapping is proposed in [{output}]. It is a guess: check every line, then look at it again with "
            f"clearslate doctor --mapping {output} FILE"
        ),
        made=f"the mapping is in [{output}]",
    )


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
                **({"file_sha256": file.file_sha256} if file.file_sha256 else {}),
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
